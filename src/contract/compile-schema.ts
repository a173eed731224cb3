import { createHash } from 'crypto';
import { adviceOnSchema, type SchemaAdvice } from './check-schema';
import { type EventSchema, type SchemaDialect } from './event-schema';
import { isObject, valueAt } from './json';
import { BackboneError } from '../internal/errors';

/** What assets/schema-compiler.js holds, which is made when the library is built. */
interface Libraries {
  readonly dialects: Record<SchemaDialect, new (options: object) => Ajv>;
  readonly addFormats: (ajv: Ajv) => void;
  readonly standalone: (ajv: Ajv, validate: unknown) => string;
  readonly isSafe: (pattern: string) => boolean;
}

interface Ajv {
  readonly formats: Record<string, unknown>;
  addSchema(document: unknown, key: string): void;
  addKeyword(keyword: string): void;
  /** Throws if it is none, and that is asked for. */
  validateSchema(schema: unknown, throws: boolean): void;
  compile(schema: unknown): ((value: unknown) => boolean) & { errors?: SchemaViolation[] };
}

/** One way in which a value breaks a schema. */
export interface SchemaViolation {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
}

/** A schema as it is checked with at run time. */
export interface CompiledSchema {
  /** The text of a CommonJS module that is the validator; it needs `./rt.js` beside it. */
  readonly code: string;
  /** Of what the validator does, so that equal ones are one file. */
  readonly hash: string;
  readonly validate: (value: unknown) => SchemaViolation[];
  readonly advice: SchemaAdvice[];
}

const compiled = new Map<string, CompiledSchema>();

/** Makes a validator, or says why there is none. Equal schemas are compiled once in a process. */
export function compileSchema(schema: EventSchema): CompiledSchema {
  const key = createHash('sha256')
    .update(JSON.stringify([schema._dialect, schema._pointer, schema._document]))
    .digest('hex');
  const known = compiled.get(key);
  if (known) return known;
  const made = compile(schema);
  compiled.set(key, made);
  return made;
}

/** Loaded when the first schema is compiled: it takes longer than the rest of this library. */
const libraries = (): Libraries => require('../../assets/schema-compiler');

function compile(schema: EventSchema): CompiledSchema {
  const { _dialect, _document, _origin, _pointer } = schema;
  const { dialects, addFormats, standalone, isSafe } = libraries();
  // A new instance for each: a shared one numbers names by the order of schemas, and the code would change with it. Whether
  // the schema is one, a shared instance says: to compile the schema of schemas takes longer than most schemas.
  const ajv = new dialects[_dialect]({ ...OPTIONS, validateSchema: false, meta: false });
  addFormats(ajv);
  const advice = adviceOnSchema(schema, { formats: new Set(Object.keys(ajv.formats)), isSafe });
  try {
    const root = rooted(_document, _pointer);
    judgeOf(_dialect, dialects).validateSchema(root, true);
    const validate = ajv.compile(root);
    const code = withRuntime(standalone(ajv, validate));
    const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
    return { code, hash, advice, validate: (value) => (validate(value) ? [] : (validate.errors ?? [])) };
  } catch (error) {
    throw new BackboneError(
      'SchemaInvalid',
      `${_origin}${_pointer}: is not a schema that can be compiled: ${(error as Error).message}`,
    );
  }
}

const OPTIONS = {
  strict: false,
  allErrors: true,
  logger: false,
  validateFormats: true,
  code: { source: true, lines: false, optimize: true },
};

const judges = new Map<SchemaDialect, Ajv>();

function judgeOf(dialect: SchemaDialect, dialects: Libraries['dialects']): Ajv {
  const judge = judges.get(dialect) ?? new dialects[dialect](OPTIONS);
  judges.set(dialect, judge);
  return judge;
}

/** The part of a document as a schema of its own, in which references into the document hold. */
function rooted(document: any, pointer: string): unknown {
  if (pointer === '') return withoutIds(document);
  const own = valueAt(document, pointer);
  if (!isObject(document) || !isObject(own)) return own;
  // The document stands under a key that no schema reads, and references are sent there.
  return withoutIds(redirected({ ...own, 'x-document': withoutIds(document) }, '#/x-document'));
}

/** Ids would make references absolute, and two schemas of one id collide. */
function withoutIds(schema: any): any {
  if (!isObject(schema)) return schema;
  const { $id, id, $schema, ...rest } = schema;
  return rest;
}

function redirected(value: any, to: string): any {
  if (Array.isArray(value)) return value.map((item) => redirected(item, to));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' && /^#(\/|$)/.test(inner)
        ? `${to}${inner.slice(1)}`
        : redirected(inner, to),
    ]),
  );
}

const RUNTIME: Record<string, string> = {
  'ajv-formats/dist/formats': 'formats',
  'ajv/dist/runtime/ucs2length': 'ucs2length',
  'ajv/dist/runtime/equal': 'equal',
  'ajv/dist/runtime/uri': 'uri',
  'ajv/dist/runtime/validation_error': 'validationError',
};

/** The modules that the code asks for are one file beside it. */
function withRuntime(code: string): string {
  return code.replace(/require\("([^"]+)"\)/g, (_, name: string) => {
    if (!(name in RUNTIME)) throw new Error(`its code would need ${name}`);
    return `require("./rt.js").${RUNTIME[name]}`;
  });
}
