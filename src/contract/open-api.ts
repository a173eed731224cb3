import { type EventContract } from './event-contract';
import { decoded, ordered, unescape } from './json';
import { DYNAMIC, isNote, type Normalised, normalised, type NormalSchema, typeOf } from './normalise';

/** An event as the schema registry takes it. */
export interface OpenApiEvent {
  /** An OpenAPI 3.0 document with the whole event as `AWSEvent`, as the registry's own have it. */
  readonly content: string;
  /** Keywords that OpenAPI 3.0 has no words for, and where they stand. Without them the schema accepts more. */
  readonly lost: Array<{ readonly keyword: string; readonly place: string }>;
}

/** The fields of an event around its detail. */
const ENVELOPE = {
  account: { type: 'string' },
  'detail-type': { type: 'string' },
  id: { type: 'string' },
  region: { type: 'string' },
  resources: { type: 'array', items: { type: 'string' } },
  source: { type: 'string' },
  time: { type: 'string', format: 'date-time' },
  version: { type: 'string' },
};

export function openApiOf({ source, detailType, owner, description, schema }: EventContract): OpenApiEvent {
  const whole = normalised(schema, true);
  const names = new Names();
  const title = names.add('#', camelCased(detailType));
  const { $defs = {}, ...detail } = whole.schema === false ? {} : whole.schema;
  const parts: Array<[string, NormalSchema]> = [
    [title, whole.schema === false ? false : detail],
    ...Object.keys($defs).map((name): [string, NormalSchema] => [names.add(name, name), $defs[name]]),
  ];
  const { schemas, lost } = convert(parts, names, whole);
  const event = {
    type: 'object',
    required: ['detail', ...Object.keys(ENVELOPE)],
    'x-amazon-events-source': source,
    'x-amazon-events-detail-type': detailType,
    ...(owner !== undefined && { 'x-event-backbone-owner': owner }),
    properties: { detail: { $ref: reference(title) }, ...ENVELOPE },
  };
  const document = {
    openapi: '3.0.0',
    info: { title, version: '1.0.0', ...(description !== undefined && { description }) },
    paths: {},
    components: { schemas: { AWSEvent: event, ...schemas } },
  };
  return { content: JSON.stringify(ordered(document)), lost };
}

function convert(parts: Array<[string, NormalSchema]>, names: Names, whole: Normalised) {
  // What refers to a part that lost something has lost it too, which is known when all were converted.
  for (let inexact = new Set<string>(); ;) {
    const converter = new Converter(names, inexact, whole.placeOf);
    const schemas = Object.fromEntries(parts.map(([name, schema]) => [name, converter.part(name, schema)]));
    if (converter.inexactParts.size === inexact.size) return { schemas, lost: converter.lost };
    inexact = converter.inexactParts;
  }
}

/** `Order.Created` and `Order created` are `OrderCreated`, as the registry names what it discovers. */
function camelCased(text: string): string {
  const words = text.split(/[^A-Za-z0-9_-]+/).filter((word) => word !== '');
  return words.map((word) => word[0].toUpperCase() + word.slice(1)).join('') || 'Detail';
}

const reference = (name: string): string => `#/components/schemas/${name}`;

/** The names of schemas, of characters that OpenAPI allows, each once. */
class Names {
  private readonly names = new Map<string, string>();

  public add(key: string, wanted: string): string {
    const taken = new Set(['AWSEvent', ...this.names.values()]);
    const plain = wanted.replace(/[^A-Za-z0-9._-]/g, '-') || 'Part';
    let name = plain;
    for (let i = 2; taken.has(name); i++) name = `${plain}-${i}`;
    this.names.set(key, name);
    return name;
  }

  /** What a reference of a normalised schema leads to. */
  public of(ref: string): string {
    const key = unescape(decoded(ref).replace(/^#\/\$defs\//, ''));
    return this.names.get(key)!;
  }
}

/** Says a normalised schema in OpenAPI 3.0: exactly where it can, else such that it accepts more, never less. */
class Converter {
  public readonly lost: Array<{ keyword: string; place: string }> = [];
  public readonly inexactParts: Set<string>;
  private isExact = true;

  constructor(
    private readonly names: Names,
    private readonly inexact: ReadonlySet<string>,
    private readonly placeOf: Normalised['placeOf'],
  ) {
    this.inexactParts = new Set(inexact);
  }

  public part(name: string, schema: NormalSchema): object {
    const { made, isExact } = this.exactly(schema);
    if (!isExact) this.inexactParts.add(name);
    return made;
  }

  private exactly(schema: NormalSchema): { made: any; isExact: boolean } {
    const outside = this.isExact;
    this.isExact = true;
    const made = this.schema(schema);
    const { isExact } = this;
    this.isExact = outside && isExact;
    return { made, isExact };
  }

  private lose(keyword: string, schema: NormalSchema): void {
    this.isExact = false;
    this.lost.push({ keyword, place: this.placeOf(schema) ?? '' });
  }

  private schema(schema: NormalSchema): any {
    if (schema === false) return { not: {} };
    const made: any = notes(schema);
    /** What must hold as well. */
    const also: any[] = [];
    this.values(schema, made, also);
    copy(schema, made, ['format', 'pattern', 'minLength', 'maxLength', 'multipleOf']);
    bounds(schema, made);
    this.arrays(schema, made, also);
    this.objects(schema, made, also);
    this.combinations(schema, made, also);
    for (const keyword of DYNAMIC) if (keyword in schema) this.lose(keyword, schema);
    // Beside a reference OpenAPI reads nothing.
    if (schema.$ref !== undefined) {
      const name = this.names.of(schema.$ref);
      if (this.inexact.has(name)) this.isExact = false;
      if (Object.keys(made).length + also.length === 0) return { $ref: reference(name) };
      also.unshift({ $ref: reference(name) });
    }
    return also.length === 0 ? made : { ...made, allOf: also };
  }

  private values({ type, enum: values }: any, made: any, also: any[]): void {
    if (values !== undefined) {
      const types = new Set<string>(values.map(typeOf));
      const isNullable = types.delete('null');
      if (types.size === 2 && types.has('integer') && types.has('number')) types.delete('integer');
      // Code is generated by the type.
      if (types.size === 1 && !types.has('array')) {
        Object.assign(made, { type: [...types][0], ...(isNullable && { nullable: true }) });
      }
      made.enum = values;
      return;
    }
    if (type === undefined) return;
    const types: string[] = [type].flat().filter((name) => name !== 'null');
    const isNullable = [type].flat().includes('null');
    if (types.length === 0) made.enum = [null];
    else if (types.length === 1) Object.assign(made, typed(types[0]), isNullable && { nullable: true });
    else also.push({ anyOf: [...types.map(typed), ...(isNullable ? [{ enum: [null] }] : [])] });
  }

  private arrays(schema: any, made: any, also: any[]): void {
    copy(schema, made, ['minItems', 'maxItems', 'uniqueItems']);
    const { items, prefixItems, contains, minContains = 1, maxContains } = schema;
    if (items !== undefined) made.items = this.schema(items);
    if (prefixItems !== undefined) {
      this.lose('prefixItems', schema);
      const positions = prefixItems.map((item: NormalSchema) => this.schema(item));
      if (items === undefined) {
        made.items = {};
      } else if (items !== false) {
        made.items = { anyOf: [...positions, made.items] };
      } else {
        made.items = { anyOf: positions };
        made.maxItems = Math.min(prefixItems.length, schema.maxItems ?? Infinity);
      }
    }
    if (contains !== undefined) {
      const element = this.schema(contains);
      if (minContains > 0) also.push({ not: { type: 'array', items: { not: element } } });
      if (minContains !== 1 || maxContains !== undefined) this.lose('minContains', schema);
    }
    if (schema.unevaluatedItems !== undefined) this.lose('unevaluatedItems', schema);
  }

  private objects(schema: any, made: any, also: any[]): void {
    copy(schema, made, ['required', 'minProperties', 'maxProperties']);
    const { properties, patternProperties, additionalProperties } = schema;
    if (properties !== undefined) made.properties = this.map(properties);
    if (additionalProperties !== undefined) {
      made.additionalProperties = additionalProperties === false ? false : this.schema(additionalProperties);
    }
    if (patternProperties !== undefined) {
      this.lose('patternProperties', schema);
      const described = Object.values(this.map(patternProperties));
      // Names that match are no additional ones.
      if (made.additionalProperties === false) {
        made.additionalProperties = { anyOf: described };
      } else if (made.additionalProperties) {
        made.additionalProperties = { anyOf: [made.additionalProperties, ...described] };
      }
    }
    for (const [name, needed] of Object.entries(schema.dependentRequired ?? {})) {
      also.push({ anyOf: [{ not: { type: 'object', required: [name] } }, { required: needed }] });
    }
    for (const [name, implied] of Object.entries<NormalSchema>(schema.dependentSchemas ?? {})) {
      also.push({ anyOf: [{ not: { type: 'object', required: [name] } }, this.schema(implied)] });
    }
    for (const keyword of ['propertyNames', 'unevaluatedProperties']) {
      if (schema[keyword] !== undefined) this.lose(keyword, schema);
    }
  }

  private combinations(schema: any, made: any, also: any[]): void {
    if (schema.not !== undefined) {
      const { made: refused, isExact } = this.exactly(schema.not);
      if (isExact) made.not = refused;
    }
    if (schema.anyOf !== undefined) made.anyOf = schema.anyOf.map((branch: NormalSchema) => this.schema(branch));
    if (schema.oneOf !== undefined) {
      const branches: Array<{ made: any; isExact: boolean }> = schema.oneOf.map((branch: NormalSchema) =>
        this.exactly(branch),
      );
      // Branches that accept more could accept an event twice.
      const areExact = branches.every(({ isExact }) => isExact);
      const alternatives = branches.map((branch) => branch.made);
      if (areExact) made.oneOf = alternatives;
      else also.push({ anyOf: alternatives });
    }
    for (const part of schema.allOf ?? []) also.push(this.schema(part));
    if (schema.if !== undefined) {
      const { made: condition, isExact } = this.exactly(schema.if);
      const then = schema.then === undefined ? {} : this.schema(schema.then);
      const otherwise = schema.else === undefined ? {} : this.schema(schema.else);
      if (!isExact) {
        also.push({ anyOf: [then, otherwise] });
      } else {
        if (schema.then !== undefined) also.push({ anyOf: [{ not: condition }, then] });
        if (schema.else !== undefined) also.push({ anyOf: [condition, otherwise] });
      }
    }
  }

  private map(schemas: Record<string, NormalSchema>): Record<string, any> {
    return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, this.schema(schema)]));
  }
}

/** An array must say what its elements are. */
const typed = (type: string): object => (type === 'array' ? { type, items: {} } : { type });

function notes(schema: any): any {
  const { examples, ...kept } = Object.fromEntries(Object.entries(schema).filter(([keyword]) => isNote(keyword)));
  return { ...kept, ...(Array.isArray(examples) && examples.length > 0 && { example: examples[0] }) };
}

function copy(from: any, to: any, keywords: string[]): void {
  for (const keyword of keywords) if (from[keyword] !== undefined) to[keyword] = from[keyword];
}

function bounds(from: any, to: any): void {
  copy(from, to, ['minimum', 'maximum']);
  for (const [keyword, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ]) {
    if (from[exclusive] !== undefined) Object.assign(to, { [keyword]: from[exclusive], [exclusive]: true });
  }
}
