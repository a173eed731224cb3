/** Keywords that combine schemas about the same value. */
export const COMBINING = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'] as const;

/** Keywords that say something about a value and allow or refuse none. */
export const NOTES = [
  ...['title', 'description', 'default', 'deprecated'],
  ...['readOnly', 'writeOnly', 'example', 'examples'],
] as const;

/** Keywords whose values are schemas, or lists of schemas. */
export const SCHEMAS: ReadonlySet<string> = new Set([
  ...COMBINING,
  ...['items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'contains'],
  ...['additionalProperties', 'unevaluatedProperties', 'propertyNames', 'contentSchema'],
]);

/** Keywords whose values are schemas by name, whatever the names. */
export const NAMED_SCHEMAS: ReadonlySet<string> = new Set([
  ...['properties', 'patternProperties', 'dependentSchemas', 'dependencies'],
  ...['$defs', 'definitions'],
]);

/** Keywords whose schemas are about the same value. */
export const IN_PLACE: ReadonlySet<string> = new Set([...COMBINING, 'dependentSchemas', 'dependencies']);

/** All other keywords that a draft, OpenAPI or an editor knows. */
export const OTHERS: ReadonlySet<string> = new Set([
  ...['$schema', '$vocabulary', '$id', '$anchor', '$ref', '$comment'],
  ...['$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef'],
  ...['id', 'type', 'enum', 'const', 'format', 'nullable'],
  ...['multipleOf', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  ...['minLength', 'maxLength', 'pattern', 'contentEncoding', 'contentMediaType'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minContains', 'maxContains'],
  ...['minProperties', 'maxProperties', 'required', 'dependentRequired'],
  ...NOTES,
  ...['discriminator', 'xml', 'externalDocs', 'summary', 'links', 'base', 'media'],
  ...['markdownDescription', 'enumDescriptions', 'markdownEnumDescriptions', 'defaultSnippets', 'errorMessage'],
  ...['patternErrorMessage', 'deprecationMessage', 'doNotSuggest', 'javaType', 'tsType', 'tsEnumNames', 'enumNames'],
]);
