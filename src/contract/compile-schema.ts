import { type CheckedSchema, checkSchema, type SchemaAdvice } from './check-schema';
import { type EventSchema, type SchemaDialect } from './event-schema';
import { digest, valueAt } from './json';
import { type NormalSchema } from './normalise';
import { adviceOnStamp } from './object-schema';
import { rooted, withoutIds } from './rooted-schema';
import { BackboneError, shown } from '../internal/errors';

/** What assets/schema-compiler.js holds, which is made when the library is built. */
interface Libraries {
  readonly dialects: Record<SchemaDialect, new (options: object) => Ajv>;
  readonly addFormats: (ajv: Ajv) => void;
  readonly standalone: (ajv: Ajv, validate: unknown) => string;
  /** What is compiled in there tells of a violation what `SchemaViolation` holds, and no more. */
  readonly lean: <T>(make: () => T) => T;
}

interface Ajv {
  readonly formats: Record<string, unknown>;
  readonly errors?: SchemaFault[];
  validateSchema(schema: unknown): boolean;
  compile(schema: unknown): ((value: unknown) => boolean) & { errors?: SchemaViolation[] };
}

/** One way in which a value breaks a schema. */
export interface SchemaViolation {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
}

interface SchemaFault extends SchemaViolation {
  readonly params: { readonly allowedValues?: unknown[]; readonly type?: string | string[] };
}

/** A sample that breaks its schema: where it stands in the document, and how. */
export interface FaultySample {
  readonly place: string;
  readonly message: string;
}

/** A schema as it is checked with at run time. */
export interface CompiledSchema {
  /** The text of a CommonJS module that is the validator; it needs `./rt.js` beside it. */
  readonly code: string;
  /** Of what the validator does, so that equal ones are one file. */
  readonly hash: string;
  readonly validate: (value: unknown) => SchemaViolation[];
  readonly advice: SchemaAdvice[];
  readonly faultySample?: FaultySample;
}

const compiled = new Map<string, CompiledSchema>();

/** Makes a validator, or says why there is none. Equal schemas are compiled once in a process. */
export function compileSchema(schema: EventSchema): CompiledSchema {
  const key = digest(JSON.stringify([schema._dialect, schema._pointer, schema._document]));
  const known = compiled.get(key);
  if (known) return known;
  const made = compile(schema);
  compiled.set(key, made);
  return made;
}

/** Loaded when the first schema is compiled: it takes longer than the rest of this library. */
const libraries = (): Libraries => require('../../assets/schema-compiler');

function compile(schema: EventSchema): CompiledSchema {
  const { _dialect, _document, _pointer } = schema;
  const { dialects, addFormats, standalone, lean } = libraries();
  // A new instance for each: a shared one numbers names by the order of schemas, and the code would change with it. Whether
  // the schema is one, a shared instance says: to compile the schema of schemas takes longer than most schemas.
  const ajv = new dialects[_dialect]({
    ...OPTIONS,
    validateSchema: false,
    meta: false,
    ownProperties: namesInherited(_document),
  });
  addFormats(ajv);
  const checked = checkSchema(schema, new Set(Object.keys(ajv.formats)));
  requireSchema(schema, checked, judgeOf(_dialect, dialects));
  const { validate, code } = orRefused(schema, () => {
    const made = lean(() => ajv.compile(rooted(_document, _pointer, checked.targets)));
    return { validate: made, code: withRuntime(standalone(ajv, made)) };
  });
  return {
    code,
    hash: digest(code),
    advice: [...checked.advice, ...adviceOnStamp(schema, violationsIn)],
    faultySample: faultySampleIn(schema, checked, ajv),
    validate: (value) => (validate(value) ? [] : (validate.errors ?? [])),
  };
}

function orRefused<T>({ _origin, _pointer }: EventSchema, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new BackboneError(
      'SchemaInvalid',
      `${_origin}${_pointer}: is not a schema that can be compiled: ${(error as Error).message}`,
    );
  }
}

/** Refuses the first keyword whose value is none that it may have, by the schema of schemas. */
function requireSchema({ _document, _origin }: EventSchema, { roots }: CheckedSchema, judge: Ajv): void {
  for (const root of roots) {
    if (judge.validateSchema(withoutIds(valueAt(_document, root)))) continue;
    const { instancePath, keyword, message, params } = mostTelling(judge.errors ?? []);
    const place = `${root}${instancePath}`;
    const value = shown(valueAt(_document, place));
    const isListed = keyword === 'enum' && params.allowedValues !== undefined;
    const fault = isListed
      ? `${value} is not one of ${params.allowedValues!.map(shown).join(', ')}`
      : `${value} ${keyword === 'type' ? `must be ${[params.type].flat().join(' or ')}` : message}`;
    throw new BackboneError('SchemaInvalid', `${_origin}${place}: ${fault}`);
  }
}

/** The one that is deepest, and says more than that one of several schemas should hold. */
function mostTelling(faults: SchemaFault[]): SchemaFault {
  const rank = ({ keyword, instancePath }: SchemaFault) =>
    instancePath.split('/').length * 3 +
    (keyword === 'enum' ? 2 : /^(anyOf|oneOf|allOf|if|\$ref)$/.test(keyword) ? 0 : 1);
  return faults.reduce((most, fault) => (rank(fault) > rank(most) ? fault : most));
}

/** Samples are held against the part where they stand, compiled for this alone. */
function faultySampleIn(
  { _document }: EventSchema,
  { samples, targets }: CheckedSchema,
  ajv: Ajv,
): FaultySample | undefined {
  for (const [pointer, places] of samples) {
    const validate = partAt(rooted(_document, pointer, targets), ajv);
    for (const place of places) {
      if (validate === undefined || validate(valueAt(_document, place))) continue;
      const [{ instancePath, message }] = validate.errors!;
      return { place: `${place}${instancePath}`, message: message ?? 'is invalid' };
    }
  }
  return undefined;
}

/** Of parts that refer to the whole nothing is said: there it is another. */
function violationsIn(root: NormalSchema, part: NormalSchema, value: unknown): SchemaViolation[] {
  const alone = part === false || root === false ? part : { ...part, $defs: root.$defs ?? {} };
  if (JSON.stringify(alone).includes('"$ref":"#"')) return [];
  const { dialects, addFormats } = libraries();
  const ajv = new dialects['2020-12']({ ...OPTIONS, validateSchema: false, meta: false });
  addFormats(ajv);
  const validate = partAt(alone, ajv);
  return validate === undefined || validate(value) ? [] : (validate.errors ?? []);
}

/** Undefined if a part cannot stand alone: below an id, references are of that. */
function partAt(part: unknown, ajv: Ajv): ReturnType<Ajv['compile']> | undefined {
  try {
    return ajv.compile(part);
  } catch {
    return undefined;
  }
}

/** What every object has, and a field could be named: asked for only where it is, since that is slower. */
function namesInherited(document: unknown): boolean {
  const text = JSON.stringify(document);
  return Object.getOwnPropertyNames(Object.prototype).some((name) => text.includes(`"${name}"`));
}

const OPTIONS = {
  strict: false,
  // 19.99 / 0.01 is 1998.9999999999998.
  multipleOfPrecision: 6,
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
