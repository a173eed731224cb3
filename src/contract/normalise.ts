import { type EventSchema, type SchemaDialect } from './event-schema';
import { canonical, decoded, escape, isObject, ordered, unescape, valueAt } from './json';
import { COMBINING, NAMED_SCHEMAS, NOTES } from './schema-keywords';

/** A JSON Schema of 2020-12 without synonyms; what allows everything is `{}`. */
export type NormalSchema = false | { [keyword: string]: any };

export interface Normalised {
  /** The schema with all that it refers to in its own `$defs`. */
  readonly schema: NormalSchema;
  /** Where a part of it stands in the document that it was made from, as a JSON pointer. */
  readonly placeOf: (part: unknown) => string | undefined;
}

export type SchemaSource = Pick<EventSchema, '_document' | '_pointer' | '_dialect'>;

export const isNote = (keyword: string): boolean => NOTES.some((note) => note === keyword) || keyword.startsWith('x-');

/** Which keywords concern values of one type only. */
const BY_TYPE: Record<string, string[]> = {
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  string: ['minLength', 'maxLength', 'pattern'],
  array: [
    'prefixItems',
    'items',
    'contains',
    'minContains',
    'maxContains',
    'minItems',
    'maxItems',
    'uniqueItems',
    'unevaluatedItems',
  ],
  object: [
    'properties',
    'patternProperties',
    'additionalProperties',
    'required',
    'minProperties',
    'maxProperties',
    'propertyNames',
    'dependentRequired',
    'dependentSchemas',
    'unevaluatedProperties',
  ],
};

/** Keywords whose meaning hangs on where a validator came from. */
export const DYNAMIC = ['$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor'];

/** All keywords that allow or refuse values, references excepted. */
const RULES = new Set([
  ...Object.values(BY_TYPE).flat(),
  ...DYNAMIC,
  ...['type', 'nullable', 'enum', 'const', 'format', 'additionalItems', 'dependencies'],
  ...COMBINING,
]);

/** The dialects in the order of their years. */
const YEARS: SchemaDialect[] = ['draft-04', 'openapi-3.0', 'draft-07', '2019-09', '2020-12'];

/**
 * A schema of any dialect in one spelling, so that two can be compared: it accepts what the validator of the original
 * accepts, which reads drafts as Ajv does.
 *
 * @param notes whether titles, descriptions, examples and extensions (`x-…`) stay
 */
export function normalised(source: SchemaSource, notes: boolean = false): Normalised {
  return new Normaliser(source, notes).normalised();
}

const settledSchemas = new Map<string, NormalSchema>();

/**
 * The same as it is written to files: in order, and such that it would not change if it were normalised again. Made once in
 * a process for equal schemas.
 */
export function settled(source: SchemaSource): NormalSchema {
  const key = JSON.stringify([source._dialect, source._pointer, source._document]);
  const schema = settledSchemas.get(key) ?? settle(source);
  settledSchemas.set(key, schema);
  return schema;
}

function settle(source: SchemaSource): NormalSchema {
  const schema = ordered(normalised(source).schema);
  const again = ordered(normalised({ _document: schema, _pointer: '', _dialect: '2020-12' }).schema);
  return JSON.stringify(schema) === JSON.stringify(again)
    ? schema
    : settle({ _document: again, _pointer: '', _dialect: '2020-12' });
}

class Normaliser {
  private readonly places = new WeakMap<object, string>();
  /** The names under `$defs`, by where the schemas stand in the document. */
  private readonly names = new Map<string, string>();
  private readonly pending: string[] = [];
  /** Where the nearest schema with an id stands, in which references hold, by where a schema stands. */
  private readonly bases: string[] = [''];
  private readonly anchors = new Map<string, string>();
  /** Where the schema itself stands. */
  private readonly root: string;
  private readonly document: any;
  private readonly year: number;
  /** Keywords that look at what others have looked at: then nothing may be left out. */
  private readonly unevaluated: boolean;

  constructor(
    source: SchemaSource,
    private readonly notes: boolean,
  ) {
    this.document = source._document;
    this.year = YEARS.indexOf(source._dialect);
    this.unevaluated = this.year >= YEARS.indexOf('2019-09') && JSON.stringify(this.document).includes('"unevaluated');
    this.root = source._pointer;
    this.findIds(this.document, '');
    this.root = this.throughReferences(source._pointer);
  }

  public normalised(): Normalised {
    let schema = this.schemaAt(this.root);
    const definitions: Array<[string, NormalSchema]> = [];
    for (let pointer = this.pending.shift(); pointer !== undefined; pointer = this.pending.shift()) {
      definitions.push([this.names.get(pointer)!, this.schemaAt(pointer)]);
    }
    if (schema !== false && definitions.length > 0) {
      const place = this.places.get(schema)!;
      schema = this.placed({ ...schema, $defs: Object.fromEntries(definitions) }, place);
    }
    return { schema, placeOf: (part) => (isObject(part) ? this.places.get(part) : undefined) };
  }

  private schemaAt(pointer: string): NormalSchema {
    return this.schema(valueAt(this.document, pointer), pointer);
  }

  private schema(source: any, at: string): NormalSchema {
    if (source === false) return false;
    if (!isObject(source)) return this.placed({}, at);
    const allowed = this.values(source);
    if (allowed === false) return false;
    const all = {
      ...(this.notes && notesOf(source)),
      ...this.reference(source, at),
      ...allowed,
      ...this.numbers(source),
      ...this.texts(source),
      ...this.objects(source, at),
      ...this.arrays(source, at),
    };
    const schema = this.placed(this.withoutIdle(all), at);
    return this.combined(schema, source, at);
  }

  private placed<T extends object>(schema: T, at: string): T {
    this.places.set(schema, at);
    return schema;
  }

  /** Keywords for types that the value cannot have say nothing. */
  private withoutIdle(schema: any): any {
    const types = typesOf(schema);
    if (types === undefined) return schema;
    const kept = { ...schema };
    for (const [type, keywords] of Object.entries(BY_TYPE)) {
      if (types.has(type) || (type === 'number' && types.has('integer'))) continue;
      for (const keyword of keywords) delete kept[keyword];
    }
    if (!['string', 'number', 'integer'].some((type) => types.has(type))) delete kept.format;
    return kept;
  }

  /** `type`, `nullable`, `enum` and `const`. */
  private values(source: any): { type?: string | string[]; enum?: unknown[] } | false {
    let types = typesOf(source);
    if (types && source.nullable === true) types.add('null');
    if (types?.has('number')) types.delete('integer');
    if (types?.size === 6 && types.has('number')) types = undefined;
    const lists = [source.enum, 'const' in source ? [source.const] : undefined].filter(Array.isArray);
    if (lists.length === 0) {
      if (types === undefined) return {};
      const [only, ...others] = [...types].sort();
      return { type: others.length === 0 ? only : [only, ...others] };
    }
    const texts = lists.map((list) => list.filter((value) => !types || hasType(value, types)).map(canonical));
    const common = texts[0].filter((text) => texts.every((list) => list.includes(text)));
    const values = [...new Set(common)].sort().map((text) => JSON.parse(text));
    return values.length > 0 && valuesOrTypes(values);
  }

  private numbers(source: any): object {
    const { multipleOf } = source;
    return {
      ...this.bound(source, 'minimum', 'exclusiveMinimum', Math.max),
      ...this.bound(source, 'maximum', 'exclusiveMaximum', Math.min),
      ...(multipleOf !== undefined && { multipleOf }),
    };
  }

  /** The one of two bounds that counts; drafts before 06 write a boolean for the exclusive one. */
  private bound(source: any, inclusive: string, exclusive: string, tighter: (a: number, b: number) => number): object {
    const value: number | undefined = source[inclusive];
    const given: unknown = source[exclusive];
    const other = given === true ? value : typeof given === 'number' ? given : undefined;
    if (other !== undefined && (value === undefined || tighter(value, other) === other)) return { [exclusive]: other };
    return value === undefined ? {} : { [inclusive]: value };
  }

  private texts(source: any): object {
    const { maxLength, pattern, format } = source;
    return {
      ...(source.minLength > 0 && { minLength: source.minLength }),
      ...(maxLength !== undefined && { maxLength }),
      ...(pattern !== undefined && { pattern }),
      ...(format !== undefined && { format }),
    };
  }

  private objects(source: any, at: string): object {
    const { required, maxProperties } = source;
    const needs = new Map<string, string[]>();
    const implied = new Map<string, NormalSchema>();
    if (this.isSince('2019-09')) {
      for (const [key, names] of Object.entries<string[]>(source.dependentRequired ?? {})) needs.set(key, names);
      for (const [key, part] of Object.entries(this.map(source, 'dependentSchemas', at))) implied.set(key, part);
    }
    for (const [key, value] of Object.entries<any>(source.dependencies ?? {})) {
      const part = Array.isArray(value) ? undefined : this.schema(value, `${at}/dependencies/${escape(key)}`);
      const known = implied.get(key);
      if (part === undefined) needs.set(key, [...(needs.get(key) ?? []), ...value]);
      else implied.set(key, known === undefined ? part : { allOf: [known, part] });
    }
    const needed = [...needs]
      .filter(([, names]) => names.length > 0)
      .map(([key, names]) => [key, [...new Set(names)].sort()] as const);
    return {
      ...(required?.length > 0 && { required: [...required].sort() }),
      ...(source.minProperties > 0 && { minProperties: source.minProperties }),
      ...(maxProperties !== undefined && { maxProperties }),
      ...filled('properties', this.map(source, 'properties', at)),
      ...filled('patternProperties', this.map(source, 'patternProperties', at)),
      ...filled('dependentRequired', Object.fromEntries(needed)),
      ...filled('dependentSchemas', Object.fromEntries(implied)),
      ...this.one(source, 'additionalProperties', at),
      ...this.one(source, 'propertyNames', at),
      ...(this.isSince('2019-09') && this.one(source, 'unevaluatedProperties', at)),
    };
  }

  private arrays(source: any, at: string): object {
    const { maxItems, uniqueItems } = source;
    const isNew = this.isSince('2020-12');
    const tuple = isNew ? 'prefixItems' : 'items';
    const positions = Array.isArray(source[tuple]) ? this.list(source[tuple], `${at}/${tuple}`) : [];
    const rest = !isNew && Array.isArray(source.items) ? 'additionalItems' : 'items';
    return {
      ...(positions.length > 0 && { prefixItems: positions }),
      ...this.one(source, rest, at, 'items'),
      ...(source.minItems > 0 && { minItems: source.minItems }),
      ...(maxItems !== undefined && { maxItems }),
      ...(uniqueItems === true && { uniqueItems }),
      ...this.contained(source, at),
      ...(this.isSince('2019-09') && this.one(source, 'unevaluatedItems', at)),
    };
  }

  private contained(source: any, at: string): object {
    if (source.contains === undefined) return {};
    const { minContains = 1, maxContains } = this.isSince('2019-09') ? source : {};
    if (minContains === 0 && maxContains === undefined && !this.unevaluated) return {};
    return {
      contains: this.schema(source.contains, `${at}/contains`),
      ...(minContains !== 1 && { minContains }),
      ...(maxContains !== undefined && { maxContains }),
    };
  }

  /** What combines schemas about the same value. */
  private combined(schema: any, source: any, at: string): NormalSchema {
    const conditional = this.conditional(source, at);
    if (source.not !== undefined) schema.not = this.schema(source.not, `${at}/not`);
    Object.assign(schema, conditional);
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      if (!Array.isArray(source[keyword])) continue;
      const possible = this.list(source[keyword], `${at}/${keyword}`).filter((branch) => branch !== false);
      const branches = keyword === 'anyOf' && !this.unevaluated ? withoutCovered(possible) : possible;
      if (branches.length === 0) return false;
      if (keyword === 'anyOf' && branches.some(isEmpty) && !this.unevaluated) continue;
      const single = branches.length === 1 ? branches[0] : this.unevaluated ? undefined : merged(branches, keyword);
      if (single === undefined) schema[keyword] = branches;
      else (schema.allOf ??= []).push(this.placed(single, this.places.get(branches[0])!));
    }
    const parts: NormalSchema[] = [...this.list(source.allOf ?? [], `${at}/allOf`), ...(schema.allOf ?? [])];
    delete schema.allOf;
    const needed = parts.flatMap((part) => (onlyAllOf(part) ? part.allOf : [part])).filter((part) => !isEmpty(part));
    if (needed.includes(false)) return false;
    // With nothing but notes around it, one part is the whole.
    if (needed.length === 1 && !Object.keys(schema).some(isRule)) {
      const place = this.places.get(needed[0])!;
      return this.placed({ ...needed[0], ...schema }, place);
    }
    if (needed.length > 0) schema.allOf = needed;
    return schema;
  }

  private conditional(source: any, at: string): object {
    if (source.if === undefined) return {};
    const branches = { ...this.one(source, 'then', at), ...this.one(source, 'else', at) };
    if (Object.keys(branches).length === 0 && !this.unevaluated) return {};
    return { if: this.schema(source.if, `${at}/if`), ...branches };
  }

  private isSince(dialect: SchemaDialect): boolean {
    return this.year >= YEARS.indexOf(dialect);
  }

  /** A keyword with one schema, left out where that allows everything. */
  private one(source: any, keyword: string, at: string, name: string = keyword): object {
    if (source[keyword] === undefined) return {};
    const schema = this.schema(source[keyword], `${at}/${keyword}`);
    return isEmpty(schema) && !this.unevaluated ? {} : { [name]: schema };
  }

  private list(sources: unknown[], at: string): NormalSchema[] {
    return sources.map((source, i) => this.schema(source, `${at}/${i}`));
  }

  private map(source: any, keyword: string, at: string): Record<string, NormalSchema> {
    return Object.fromEntries(
      Object.keys(source[keyword] ?? {})
        .sort()
        .map((key) => [key, this.schema(source[keyword][key], `${at}/${keyword}/${escape(key)}`)]),
    );
  }

  // References

  private reference(source: any, at: string): object {
    const dynamic = DYNAMIC.filter((keyword) => this.isSince('2019-09') && keyword in source);
    const kept = Object.fromEntries(dynamic.map((keyword) => [keyword, source[keyword]]));
    if (typeof source.$ref !== 'string') return kept;
    const target = this.throughReferences(this.target(source.$ref, at));
    return { ...kept, $ref: target === this.root ? '#' : `#/$defs/${encodeURIComponent(escape(this.nameOf(target)))}` };
  }

  /** Where a reference leads, as a pointer into the document. */
  private target(ref: string, at: string): string {
    const fragment = decoded(ref.slice(1));
    if (fragment !== '' && !fragment.startsWith('/')) return this.anchors.get(fragment) ?? '';
    const base = this.bases.filter((candidate) => at === candidate || at.startsWith(`${candidate}/`)).pop()!;
    return `${base}${fragment}`;
  }

  /** A schema that is nothing but a reference is what it refers to. */
  private throughReferences(pointer: string): string {
    const seen = new Set<string>();
    for (let at = pointer; ;) {
      const schema = valueAt(this.document, at);
      if (!isObject(schema) || typeof schema.$ref !== 'string') return at;
      if (seen.has(at) || Object.keys(schema).some((key) => RULES.has(key))) return at;
      seen.add(at);
      at = this.target(schema.$ref, at);
    }
  }

  private nameOf(pointer: string): string {
    const known = this.names.get(pointer);
    if (known !== undefined) return known;
    const last = unescape(pointer.split('/').pop()!);
    const taken = new Set(this.names.values());
    let name = last;
    for (let i = 2; taken.has(name); i++) name = `${last}-${i}`;
    this.names.set(pointer, name);
    this.pending.push(pointer);
    return name;
  }

  /** @param isNamed whether these are schemas by their names, which could be those of keywords */
  private findIds(source: any, at: string, isNamed = false): void {
    if (typeof source !== 'object' || source === null) return;
    for (const key of isNamed ? [] : ['$anchor', '$dynamicAnchor', '$id', 'id']) {
      const id: unknown = source[key];
      if (typeof id !== 'string' || (key === 'id' && this.year > YEARS.indexOf('openapi-3.0'))) continue;
      if (key.endsWith('nchor')) this.anchors.set(id, at);
      else if (id.startsWith('#')) this.anchors.set(id.slice(1), at);
      // Those of the document and of the schema itself are not used when it is compiled either.
      else if (at !== '' && at !== this.root) this.bases.push(at);
    }
    for (const [key, value] of Object.entries(source)) {
      if (!isNamed && ['const', 'enum', 'default', 'example', 'examples'].includes(key)) continue;
      const areNamed = !isNamed && NAMED_SCHEMAS.has(key);
      this.findIds(value, `${at}/${escape(key)}`, areNamed);
    }
  }
}

/**
 * Alternatives that only list values, or of which all but one only name a type, are one schema: "or null" is said in
 * many ways.
 */
function merged(branches: any[], keyword: 'anyOf' | 'oneOf'): object | undefined {
  const notes = Object.assign({}, ...branches.map(notesOf));
  const lists = branches.map(enumOf);
  if (lists.every((list) => list !== undefined)) {
    const texts = lists.flat().map(canonical);
    const unique = [...new Set(texts)].sort();
    if (keyword === 'oneOf' && unique.length < texts.length) return undefined;
    return { ...notes, ...valuesOrTypes(unique.map((text) => JSON.parse(text))) };
  }
  // The keywords of the one concern its own types only.
  const [rich, ...others] = branches.filter((branch) => !onlyNamesType(branch));
  const types = branches.flatMap((branch) => branch.type ?? []).sort();
  const kinds = types.map((type) => (type === 'integer' ? 'number' : type));
  if (others.length > 0 || branches.some((branch) => branch.type === undefined)) return undefined;
  if (new Set(kinds).size < kinds.length) return undefined;
  const own = [
    'type',
    ...[rich?.type ?? []].flat().flatMap((type) => BY_TYPE[type === 'integer' ? 'number' : type] ?? []),
  ];
  if (Object.keys(rich ?? {}).some((key) => isRule(key) && !own.includes(key) && key !== 'format')) return undefined;
  const isText = (kind: string) => kind === 'string' || kind === 'number';
  if (rich?.format !== undefined && kinds.filter(isText).length > 1) return undefined;
  return { ...rich, ...notes, type: types };
}

/** Types that have few values. */
const FINITE = [
  { type: 'null', values: [null] },
  { type: 'boolean', values: [false, true] },
  { type: ['boolean', 'null'], values: [false, null, true] },
];

/** Alternatives without integers where all numbers are one. */
function withoutCovered(branches: any[]): any[] {
  const takesNumbers = branches.some((branch) => branch.type === 'number' && onlyNamesType(branch));
  return takesNumbers ? branches.filter((branch) => branch.type !== 'integer') : branches;
}

/** The values that a schema lists, if it does nothing else. */
function enumOf(schema: any): unknown[] | undefined {
  const rules = Object.keys(schema).filter(isRule);
  if (rules.length !== 1) return undefined;
  return schema.enum ?? FINITE.find(({ type }) => String(type) === String(schema.type))?.values;
}

/** What lists values in order, by a type if these are all that it has. */
function valuesOrTypes(values: unknown[]): { type: string | string[] } | { enum: unknown[] } {
  const whole = FINITE.find((finite) => canonical(finite.values) === canonical(values));
  return whole ? { type: whole.type } : { enum: values };
}

const onlyNamesType = (schema: any): boolean => Object.keys(schema).filter(isRule).join() === 'type';

const isRule = (keyword: string): boolean => keyword === '$ref' || RULES.has(keyword);

export const isEmpty = (schema: NormalSchema): boolean => schema !== false && Object.keys(schema).length === 0;

const onlyAllOf = (schema: NormalSchema): schema is { allOf: any[] } =>
  schema !== false && Array.isArray(schema.allOf) && Object.keys(schema).length === 1;

function notesOf(source: any): object {
  const kept = Object.keys(source).filter(isNote);
  const { example, ...notes } = Object.fromEntries(kept.map((key) => [key, source[key]]));
  return ordered(example === undefined ? notes : { examples: [example], ...notes });
}

const filled = (keyword: string, map: object): object => (Object.keys(map).length > 0 ? { [keyword]: map } : {});

/** The types that a schema names, by `type` or by its values; undefined for all. */
function typesOf(schema: any): Set<string> | undefined {
  if (schema.type !== undefined) return new Set([schema.type].flat());
  return Array.isArray(schema.enum) ? new Set(schema.enum.map(typeOf)) : undefined;
}

const hasType = (value: unknown, types: Set<string>): boolean =>
  types.has(typeOf(value)) || (types.has('number') && typeof value === 'number');

/** The narrowest type of a value. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
