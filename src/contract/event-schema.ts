import { Token } from 'aws-cdk-lib';
import { escape, isObject, valueAt } from './json';
import { readJson } from './read-json';
import { BackboneError, shown } from '../internal/errors';

/**
 * The language that a schema is written in.
 */
export type SchemaDialect = 'draft-04' | 'draft-07' | '2019-09' | '2020-12' | 'openapi-3.0';

const DIALECTS: Array<[uri: RegExp, dialect: SchemaDialect]> = [
  [/json-schema\.org\/draft-04\//, 'draft-04'],
  [/json-schema\.org\/draft-0[67]\//, 'draft-07'],
  [/json-schema\.org\/draft\/2019-09\//, '2019-09'],
  [/json-schema\.org\/draft\/2020-12\//, '2020-12'],
];

/**
 * The schema of the `detail` of an event, wherever it is written down.
 *
 * JSON Schema of the drafts 04, 07, 2019-09 and 2020-12 (the default, where `$schema` does not say), OpenAPI 3.0 and 3.1.
 *
 * @example
 *
 * EventSchema.fromFile('contracts/order-created.schema.json');
 * EventSchema.fromInline({ type: 'object', required: ['orderId'], properties: { orderId: { type: 'string' } } });
 */
export class EventSchema {
  /**
   * A JSON Schema in a file.
   *
   * @param path the file, relative to the directory in which the process was started
   * @param pointer where in the file the schema is, as a JSON pointer; by default it is the whole file
   */
  public static fromFile(path: string, pointer: string = ''): EventSchema {
    return new EventSchema(readJson(path), path, pointer);
  }

  /**
   * A JSON Schema in the code.
   *
   * @param schema the schema
   */
  public static fromInline(schema: { [key: string]: any }): EventSchema {
    return new EventSchema(schema, 'the schema', '');
  }

  /**
   * A schema in an OpenAPI document, such as the schema registry of EventBridge exports. Of a schema of the whole event
   * (`AWSEvent`) its `detail` is taken.
   *
   * @param path the file, relative to the directory in which the process was started
   * @param name the name of the schema under `components.schemas`; by default `AWSEvent`, or the only one
   */
  public static fromOpenApi(path: string, name?: string): EventSchema {
    return EventSchema._inOpenApi(readJson(path), path, name);
  }

  /**
   * Of a document that is read already.
   * @internal
   */
  public static _in(document: any, origin: string, pointer: string = ''): EventSchema {
    return new EventSchema(document, origin, pointer);
  }

  /** @internal */
  public static _inOpenApi(document: any, origin: string, name?: string): EventSchema {
    return new EventSchema(document, origin, detailPointer(document, origin, name));
  }

  /**
   * A schema of a library that speaks Standard JSON Schema, such as Zod 4.
   *
   * Only what JSON Schema can express is checked: refinements and transformations in code are left out.
   *
   * @see https://standardschema.dev/json-schema
   * @param schema the schema
   */
  public static fromStandardSchema(schema: any): EventSchema {
    const converter = schema?.['~standard']?.jsonSchema;
    if (typeof converter?.input !== 'function') {
      throw new BackboneError(
        'SchemaInvalid',
        'the schema does not speak Standard JSON Schema ("~standard".jsonSchema is missing): convert it, and pass the result to EventSchema.fromInline',
      );
    }
    return new EventSchema(converted(schema['~standard']), 'the schema', '');
  }

  /** @internal */
  public readonly _dialect: SchemaDialect;
  /** The whole document, in which references point. @internal */
  public readonly _document: any;
  /** What messages call it. @internal */
  public readonly _origin: string;
  /** Where the schema is in the document. @internal */
  public readonly _pointer: string;

  private constructor(document: any, origin: string, pointer: string) {
    requireJson(document, origin, '');
    this._document = document;
    this._origin = origin;
    this._pointer = pointer;
    const schema = valueAt(document, pointer);
    this._dialect = dialectOf(isObject(schema) && '$schema' in schema ? schema : document, origin);
    const holder = pointer === '' && isObject(document) && HOLDERS.find((key) => isObject(document[key]));
    if (holder) {
      throw new BackboneError(
        'SchemaInvalid',
        `${origin}/${holder}: the document holds schemas, and as a schema it would take every event: use fromOpenApi, or say which schema, such as "/components/schemas/Order"`,
      );
    }
    if (!isObject(schema) && typeof schema !== 'boolean') {
      throw new BackboneError(
        'SchemaInvalid',
        `${origin}${pointer}: ${shown(schema)} is not a schema: point to an object`,
      );
    }
    if (isObject(schema) && isOfWholeEvent(schema)) {
      throw new BackboneError(
        'SchemaInvalid',
        `${origin}${pointer}: has "source", "detail-type" and a required "detail", as the schema of a whole event, and that of the detail alone is asked for: take what stands at ${pointer}/properties/detail, in fromFile as its second argument`,
      );
    }
  }
}

function isOfWholeEvent({ properties, required }: Record<string, any>): boolean {
  const fields = Object.keys(Object(properties));
  const hasAll = ['source', 'detail-type', 'detail'].every((name) => fields.includes(name));
  return hasAll && Array.isArray(required) && required.includes('detail');
}

/** What OpenAPI and AsyncAPI documents have, and schemas have not. */
const HOLDERS = ['components', 'paths', 'channels'];

function converted({ vendor, jsonSchema }: any): unknown {
  try {
    return jsonSchema.input({ target: 'draft-2020-12' });
  } catch (error) {
    throw new BackboneError(
      'SchemaInvalid',
      `the schema: ${shown(vendor)} cannot say it in JSON Schema: ${(error as Error).message}: use types that JSON has, or write the JSON Schema yourself and pass it to EventSchema.fromInline`,
    );
  }
}

function dialectOf(document: any, origin: string): SchemaDialect {
  if (typeof document?.openapi === 'string') return document.openapi.startsWith('3.0') ? 'openapi-3.0' : '2020-12';
  const uri = document?.$schema;
  if (uri === undefined) return '2020-12';
  const known = DIALECTS.find(([pattern]) => pattern.test(String(uri)));
  if (known) return known[1];
  throw new BackboneError(
    'SchemaInvalid',
    `${origin}/$schema: ${shown(uri)} is not a draft that is known: use draft-04, draft-07, 2019-09 or 2020-12`,
  );
}

function detailPointer(document: any, path: string, name?: string): string {
  const schemas = document?.components?.schemas;
  const names = isObject(schemas) ? Object.keys(schemas) : [];
  const chosen = name ?? (names.includes('AWSEvent') ? 'AWSEvent' : names.length === 1 ? names[0] : undefined);
  if (chosen === undefined || !names.includes(chosen)) {
    throw new BackboneError(
      'SchemaInvalid',
      `${path}/components/schemas: ${chosen === undefined ? 'several schemas' : `no ${shown(chosen)}`}: name one of ${names.join(', ') || '(there is none)'}`,
    );
  }
  const pointer = `/components/schemas/${escape(chosen)}`;
  return `${pointer}${detailIn(schemas[chosen], chosen)}`;
}

/** Where the detail stands in the schema of a whole event, as the schema registry exports it; empty for other schemas. */
export function detailIn(schema: any, name?: string): string {
  // The annotation tells nothing: it stands beside the schemas of details, too.
  const { properties } = Object(schema);
  const isOfEvent = name === 'AWSEvent' || isObject(properties?.['detail-type']);
  return isOfEvent && isObject(properties?.detail) ? '/properties/detail' : '';
}

/** @param around the objects that the value stands in */
function requireJson(value: unknown, origin: string, pointer: string, around: object[] = []): void {
  const fault = (place: string, what: string) => new BackboneError('SchemaInvalid', `${origin}${place}: ${what}`);
  const token = 'a deploy-time value cannot stand in a schema, which is compiled at synthesis: write the value out';
  if (Token.isUnresolved(value)) throw fault(pointer, token);
  if (typeof value !== 'object' || value === null) return;
  if (around.includes(value)) {
    throw fault(pointer, 'leads back to an object around it, which JSON has no way to write: refer to it with "$ref"');
  }
  for (const [key, inner] of Object.entries(value)) {
    const place = `${pointer}/${escape(key)}`;
    if (Token.isUnresolved(key)) throw fault(place, token);
    requireJson(inner, origin, place, [...around, value]);
  }
}
