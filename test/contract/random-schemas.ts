import type { Random } from '../../scripts/random';
import type { SchemaDialect } from '../../src/contract/event-schema';

/** So many schemas of each dialect are tried; more of them by `ROUNDS=1000 npx jest …`. */
export const ROUNDS = Number(process.env.ROUNDS ?? 25);

/** The dialects, and what stands for each in a schema. */
export const DIALECTS: Record<SchemaDialect, object> = {
  'draft-04': { $schema: 'http://json-schema.org/draft-04/schema#' },
  'draft-07': { $schema: 'http://json-schema.org/draft-07/schema#' },
  '2019-09': { $schema: 'https://json-schema.org/draft/2019-09/schema' },
  '2020-12': { $schema: 'https://json-schema.org/draft/2020-12/schema' },
  'openapi-3.0': { openapi: '3.0.0' },
};

const NAMES = ['a', 'b', 'c', 'ab', 'x'];
const PATTERNS = ['^a', 'b$', '^[ab]+$'];
const TEXTS = ['', 'a', 'b', 'ab', 'abc', '2026-01-01'];
const VALUES = [null, true, false, 0, 1, 2.5, -1, ...TEXTS, [], ['a'], {}, { a: 1 }];

/** Makes small random schemas of a dialect, which say much about few values. */
export class RandomSchemas {
  /** What may be referred to: in circles only by way of a field. */
  private parts: string[] = [];
  private readonly isOld: boolean;
  private readonly isNewest: boolean;
  private readonly knowsDependent: boolean;

  constructor(
    private readonly random: Random,
    private readonly dialect: SchemaDialect,
  ) {
    this.isOld = dialect === 'draft-04' || dialect === 'openapi-3.0';
    this.isNewest = dialect === '2020-12';
    this.knowsDependent = dialect === '2019-09' || this.isNewest;
  }

  /** A whole document. */
  public document(): any {
    const two = this.schema(1);
    this.parts = ['#/definitions/two'];
    const one = this.schema(2);
    if (one.properties && this.random.chance(0.5)) one.properties.c = { $ref: '#/definitions/one' };
    this.parts.push('#/definitions/one');
    const schema = this.random.chance(0.1) ? this.open() : this.schema(3);
    this.parts = [];
    if (typeof schema === 'boolean') return schema;
    const document = { ...schema, ...DIALECTS[this.dialect], definitions: { one, two } };
    // Ajv takes schemas under "dependencies" and "dependentSchemas" apart where what is left over is described.
    const text = JSON.stringify(document);
    return text.includes('unevaluated') && /depend/.test(text) ? this.document() : document;
  }

  public schema(depth: number): any {
    const { random } = this;
    if (!this.isOld && random.chance(0.05)) return random.chance(0.7);
    if (depth === 0) return random.pick([() => this.texts(), () => this.numbers(), () => this.values(), () => ({})])();
    const make = random.weighted<() => any>([
      [5, () => this.object(depth)],
      [2, () => this.array(depth)],
      [2, () => this.texts()],
      [2, () => this.numbers()],
      [1, () => this.values()],
      [1, () => this.types()],
      [2, () => this.combined(depth)],
      [this.parts.length > 0 ? 1 : 0, () => ({ $ref: random.pick(this.parts) })],
      [0.3, () => ({ ...this.object(depth), ...this.combined(depth) })],
      [0.5, () => this.open()],
      [this.parts.length > 0 ? 0.3 : 0, () => ({ ...this.object(depth), $ref: random.pick(this.parts) })],
      [0.5, () => ({ ...this.texts(), ...this.numbers(), ...this.types() })],
    ]);
    return make();
  }

  /** The same with one or two changes somewhere. */
  public mutated(document: any): any {
    const copy = JSON.parse(JSON.stringify(document));
    for (let i = 0; i <= this.random.below(2); i++) {
      const text = JSON.stringify(copy);
      for (let tries = 0; tries < 5 && JSON.stringify(copy) === text; tries++) this.mutate(copy);
    }
    return copy;
  }

  private mutate(copy: any): void {
    const { random } = this;
    const places: any[] = [];
    const visit = (value: any, isSchema: boolean): void => {
      if (typeof value !== 'object' || value === null) return;
      if (isSchema && !Array.isArray(value)) places.push(value);
      for (const [key, inner] of Object.entries(value)) {
        if (!['enum', 'const'].includes(key)) visit(inner, !['properties', 'definitions'].includes(key));
      }
    };
    visit(copy, true);
    const place = random.pick(places);
    if (place === undefined) return;
    const keys = Object.keys(place).filter((key) => !['definitions', '$schema', 'openapi', '$ref'].includes(key));
    const drop = (key: string) => {
      delete place[key];
      // Booleans for exclusive bounds need the bound.
      if (key === 'minimum' && place.exclusiveMinimum === true) delete place.exclusiveMinimum;
    };
    random.weighted<() => void>([
      [2, () => keys.length > 0 && drop(random.pick(keys))],
      [2, () => Object.assign(place, this.safely(place))],
      [4, () => this.addField(place)],
      [
        1,
        () =>
          typeof place.properties === 'object' && delete place.properties[random.pick(Object.keys(place.properties))],
      ],
      [1, () => Array.isArray(place.required) && Object.assign(place, { required: random.some(1, NAMES) })],
      [1, () => Array.isArray(place.anyOf) && place.anyOf.push(this.schema(1))],
      [1, () => Array.isArray(place.oneOf) && place.oneOf.length > 1 && place.oneOf.pop()],
      [1, () => keys.forEach((key) => typeof place[key] === 'number' && (place[key] += random.pick([-1, 1])))],
      [0.5, () => Object.assign(place, { description: 'other', title: 'other' })],
    ])();
    for (const [key, value] of Object.entries(place)) {
      if (typeof value === 'number' && value < 0 && /L|I|P/.test(key)) place[key] = 0;
    }
  }

  /** Keywords that do not contradict what stands there in form. */
  private safely(place: any): any {
    const added = this.schema(1);
    if (typeof added === 'boolean') return {};
    delete added.$ref;
    if (place.items !== undefined || added.items !== undefined) delete added.additionalItems;
    return added;
  }

  private addField(place: any): void {
    const isObject = place.type === 'object' || place.properties !== undefined;
    if (isObject) place.properties = { ...place.properties, [this.random.pick(NAMES)]: this.schema(1) };
  }

  private object(depth: number): any {
    const { random } = this;
    const properties = Object.fromEntries(
      random.some(1 + random.below(3), NAMES).map((name) => [name, this.schema(depth - 1)]),
    );
    return {
      ...(random.chance(0.8) && { type: 'object' }),
      properties,
      ...this.maybe(0.5, () => ({ required: random.some(1 + random.below(2), NAMES) })),
      ...this.maybe(0.25, () => ({ additionalProperties: random.chance(0.6) ? false : this.schema(depth - 1) })),
      ...this.maybe(0.15, () => ({ patternProperties: { [random.pick(PATTERNS)]: this.schema(depth - 1) } })),
      ...this.maybe(0.1, () => ({ minProperties: random.below(3) })),
      ...this.maybe(0.1, () => ({ maxProperties: random.below(4) })),
      ...this.maybe(0.1, () => ({ propertyNames: { maxLength: 1 } })),
      ...this.maybe(0.1, () => ({
        dependencies: { [random.pick(NAMES)]: random.chance(0.5) ? [random.pick(NAMES)] : this.schema(depth - 1) },
      })),
      ...(this.knowsDependent && {
        ...this.maybe(0.1, () => ({ dependentRequired: { [random.pick(NAMES)]: [random.pick(NAMES)] } })),
        ...this.maybe(0.1, () => ({ dependentSchemas: { [random.pick(NAMES)]: this.schema(depth - 1) } })),
        ...this.maybe(0.1, () => ({ unevaluatedProperties: random.chance(0.7) ? false : this.schema(0) })),
      }),
    };
  }

  /** An object whose parts speak of fields without naming them. */
  private open(): any {
    const { random } = this;
    const part = () => {
      const properties = { [random.pick(NAMES)]: this.schema(0) };
      const patternProperties = { [random.pick(PATTERNS)]: this.schema(0) };
      return { properties, ...random.pick([{ additionalProperties: this.schema(0) }, { patternProperties }]) };
    };
    const { properties } = part();
    return { type: 'object', properties, [random.pick(['anyOf', 'oneOf', 'allOf'])]: random.many(1, 2, part) };
  }

  private array(depth: number): any {
    const { random } = this;
    const tuple = () => random.many(1, 2, () => this.schema(depth - 1));
    const isTuple = random.chance(0.3);
    const rest = () => (random.chance(0.5) && !this.isOld ? false : this.schema(depth - 1));
    return {
      type: 'array',
      ...(isTuple && (this.isNewest ? { prefixItems: tuple() } : { items: tuple() })),
      ...(isTuple
        ? this.maybe(0.5, () => (this.isNewest ? { items: rest() } : { additionalItems: rest() }))
        : { items: this.schema(depth - 1) }),
      ...this.maybe(0.15, () => ({ minItems: random.below(3) })),
      ...this.maybe(0.15, () => ({ maxItems: random.below(3) })),
      ...this.maybe(0.15, () => ({ uniqueItems: random.chance(0.8) })),
      ...this.maybe(0.15, () => ({ contains: random.chance(0.5) ? this.texts() : this.numbers() })),
      ...(this.knowsDependent && {
        ...this.maybe(0.1, () => ({ contains: this.texts(), minContains: random.below(3), maxContains: 2 })),
        ...this.maybe(0.1, () => ({ unevaluatedItems: false })),
      }),
    };
  }

  private texts(): any {
    const { random } = this;
    return {
      type: random.chance(0.8) ? 'string' : ['string', 'null'],
      ...this.maybe(0.3, () => ({ minLength: random.below(3) })),
      ...this.maybe(0.3, () => ({ maxLength: random.below(4) })),
      ...this.maybe(0.2, () => ({ pattern: random.pick(PATTERNS) })),
      ...this.maybe(0.1, () => ({ format: 'date' })),
      ...this.maybe(0.1, () => ({ nullable: true })),
    };
  }

  private numbers(): any {
    const { random } = this;
    const bound = () => random.pick([-1, 0, 0.5, 1, 2]);
    const exclusive = this.isOld ? { minimum: bound(), exclusiveMinimum: true } : { exclusiveMinimum: bound() };
    return {
      type: random.pick(['number', 'integer', ['integer', 'string']]),
      ...this.maybe(0.3, () => ({ minimum: bound() })),
      ...this.maybe(0.3, () => ({ maximum: bound() + 1 })),
      ...this.maybe(0.2, () => exclusive),
      ...this.maybe(0.1, () => ({ multipleOf: random.pick([1, 0.5, 2]) })),
    };
  }

  private values(): any {
    const { random } = this;
    const some = () => random.some(1 + random.below(3), VALUES);
    return random.chance(0.4)
      ? { const: random.pick(VALUES) }
      : { enum: some(), ...this.maybe(0.2, () => this.types()) };
  }

  private types(): any {
    return {
      type: this.random.some(1 + this.random.below(3), [
        'null',
        'boolean',
        'object',
        'array',
        'number',
        'string',
        'integer',
      ]),
    };
  }

  private combined(depth: number): any {
    const { random } = this;
    const some = () => random.many(1, 3, () => this.schema(depth - 1));
    const tagged = () =>
      random.some(2, NAMES).map((tag) => ({
        ...this.object(depth),
        required: ['kind'],
        properties: { kind: { enum: [tag] }, [random.pick(NAMES)]: this.schema(depth - 1) },
      }));
    return random.pick<() => any>([
      () => ({ allOf: some() }),
      () => ({ anyOf: some() }),
      () => ({ oneOf: some() }),
      () => ({ oneOf: tagged() }),
      () => ({ anyOf: [this.texts(), { type: 'null' }] }),
      () => ({ not: this.schema(depth - 1) }),
      () => ({
        if: this.schema(depth - 1),
        ...this.maybe(0.8, () => ({ then: this.schema(depth - 1) })),
        ...this.maybe(0.5, () => ({ else: this.schema(depth - 1) })),
      }),
    ])();
  }

  private maybe(probability: number, make: () => object): object {
    return this.random.chance(probability) ? make() : {};
  }

  /**
   * A value that a schema may well accept.
   *
   * @param onlyKnown whether it has no fields but those of which the schema says something
   */
  public value(schema: any, document: any, onlyKnown: boolean = false, depth: number = 4): any {
    const { random } = this;
    const any = () => random.pick(onlyKnown ? VALUES.slice(0, -1) : VALUES);
    if (typeof schema !== 'object' || depth === 0 || random.chance(0.06)) return any();
    const parts = [schema];
    if (schema.$ref) parts.push(document.definitions[schema.$ref.split('/').pop()]);
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) if (schema[keyword]) parts.push(random.pick(schema[keyword]));
    for (const keyword of ['then', 'else']) if (schema[keyword] && random.chance(0.3)) parts.push(schema[keyword]);
    const all = (keyword: string) => parts.filter((part) => part?.[keyword] !== undefined).map((part) => part[keyword]);
    if (schema.$ref && parts.length === 2 && Object.keys(schema).length === 1) {
      return this.value(parts[1], document, onlyKnown, depth - 1);
    }
    const [listed] = [...all('enum'), ...all('const').map((value) => [value])];
    if (listed) return random.pick(listed);
    const maps = all('properties');
    const types = all('type').flat();
    const type = types.length > 0 ? random.pick(types) : maps.length > 0 ? 'object' : undefined;
    if (type === 'object') {
      const names = new Set([...maps.flatMap(Object.keys).filter(() => random.chance(0.7)), ...all('required').flat()]);
      if (!onlyKnown && random.chance(0.3)) names.add(random.pick(NAMES));
      const others = NAMES.filter((name) => parts.some((part) => describesOthers(part, name)));
      if (others.length > 0 && random.chance(0.7)) names.add(random.pick(others));
      return Object.fromEntries(
        [...names].map((name) => {
          const own = parts.flatMap((part) => schemasFor(part, name));
          return [name, own.length > 0 ? this.value(random.pick(own), document, onlyKnown, depth - 1) : any()];
        }),
      );
    }
    if (type === 'array') {
      const tuple = [...all('prefixItems'), ...all('items').filter(Array.isArray)][0] ?? [];
      const [rest] = [...all('items').filter((items) => !Array.isArray(items)), ...all('additionalItems')];
      return Array.from({ length: random.below(4) }, (_, i) =>
        this.value(tuple[i] ?? rest ?? true, document, onlyKnown, depth - 1),
      );
    }
    if (type === 'string') return random.pick(TEXTS);
    if (type === 'number' || type === 'integer') return random.pick([-1, 0, 0.5, 1, 1.5, 2, 3]);
    if (type === 'boolean') return random.chance(0.5);
    return any();
  }
}

const isSchema = (schema: unknown): boolean => typeof schema === 'object' && Object.keys(schema!).length > 0;

const matching = (schema: any, name: string): any[] =>
  Object.entries(schema?.patternProperties ?? {})
    .filter(([pattern]) => new RegExp(pattern, 'u').test(name))
    .map(([, inner]) => inner);

/** Whether something is said of a field without naming it. */
const describesOthers = (schema: any, name: string): boolean =>
  matching(schema, name).length > 0 || isSchema(schema?.additionalProperties ?? {});

function schemasFor(schema: any, name: string): any[] {
  const own = [...(name in (schema?.properties ?? {}) ? [schema.properties[name]] : []), ...matching(schema, name)];
  return own.length === 0 && isSchema(schema?.additionalProperties ?? {}) ? [schema.additionalProperties] : own;
}
