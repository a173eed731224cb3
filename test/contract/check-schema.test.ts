import { EventContract, EventSchema } from '../../src';
import { compileSchema } from '../../src/contract/compile-schema';
import * as objectSchema from '../../src/contract/object-schema';

const contract = (schema: any, origin = 'order.json', pointer = '') =>
  new EventContract({
    source: 'order.service',
    detailType: 'Order.Created',
    schema: EventSchema._in(schema, origin, pointer),
  });

/** The ids and places of what is told of a schema. */
const advised = (schema: any, pointer?: string) =>
  contract(schema, 'order.json', pointer)._advice.map(
    ({ id, message }) => `${id.replace('Contract.', '')} ${message.split(': ')[0]}`,
  );

const isTold = (pattern: string) => advised({ pattern }).length > 0;

describe('a pattern that can take seconds is told', () => {
  test.each([
    '^(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '^(a*)*$',
    '^(a|b|ab)*c$',
    '^(\\w+\\s?)*$',
    '^(\\s*a?)*$',
    '^(?:[a-z]+[0-9]*)*$',
    '^(\\p{L}|\\p{Lu})*$',
    '^(\\d|[0-9])+x',
    '^([a-c]|[\\x61-\\x7a])*$',
    '^(é|[à-ü])*$',
    '^(?=(a+)+$)a',
    '^(a(|)(|))*$',
    '(x+x+)+y',
    '^([a-z]{1,30}){1,30}$',
    '^((a|a){3})*$',
    '^([a-z0-9]+-?)*$',
    // Cubic: three that take the same letters, one after another.
    '^a*a*a*a*b$',
    '^a*a*a*b$',
    '\\d+\\d+x',
    '^.*\\d.*\\d.*\\d.*$',
    '^\\S+@\\S+\\.\\S+$',
    '^[ab]*a[ab]*a[ab]*c$',
    '^.{0,2000}x.{0,2000}y.{0,2000}$',
  ])('%s', (pattern) => {
    expect(isTold(pattern)).toBe(true);
  });
});

describe('an ordinary pattern is not told', () => {
  test.each([
    '^o-[0-9]+$',
    '^[^@]+@[^@]+\\.[^@]+$',
    '^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$',
    '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
    '^\\p{L}+$',
    '^(?:[a-z]+\\.)*[a-z]+$',
    '^[a-z0-9]+(-[a-z0-9]+)*$',
    '^(\\d{5}-|\\d{6}-)*$',
    '^(a|b|c)*$',
    '^(EUR|USD|GBP)(,(EUR|USD|GBP))*$',
    '^[A-Z]{3}$',
    '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$',
    '^(?<year>\\d{4})-(?<month>\\d\\d)\\k<year>?$',
    '^\\s+|\\s+$',
    '^a*a*b$',
    '.*foo.*',
    '\\.json$',
    '^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\\d{12}:.+$',
    '^[\\]\\-\\\\]*[a]$',
    '^(?!.*\\.\\.)[a-z.]{1,64}$',
    '^\\u{1F600}*[\\u{1F601}-\\u{1F610}]*\\uD83D\\uDE00*$',
    '^(https?:\\/\\/)?([a-z0-9-]+\\.)+[a-z]{2,}(\\/[^\\s?]*)?$',
    '^.{0,50}x.{0,50}y.{0,50}$',
    '^(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}$',
    '^[^\\n]{0,10}a{2,}?b{3}?$',
    '',
  ])('%s', (pattern) => {
    expect(isTold(pattern)).toBe(false);
  });

  test('and is judged in no time', () => {
    const words = Array.from({ length: 200 }, (_, i) => `word${i}`).join('|');
    const began = process.hrtime.bigint();
    advised({ pattern: `^(?:${words})(,(?:${words}))*$` });
    advised({ pattern: `^(${'[a-z]?'.repeat(300)})*$` });
    expect(Number(process.hrtime.bigint() - began) / 1e6).toBeLessThan(2000);
  });
});

describe('what is checked', () => {
  test.each(['default', 'example', 'examples', 'const', 'enum', 'properties', '$ref', 'pattern', 'format'])(
    'is the schema of a property named %s, too',
    (name) => {
      const bad = { format: 'dateTime' };
      const { $defs, ...maps } = {
        properties: { [name]: bad },
        $defs: { [name]: bad },
        definitions: { [name]: bad },
        dependentSchemas: { [name]: bad },
      };
      expect(advised({ ...maps, $defs })).toEqual(
        ['properties', 'definitions', 'dependentSchemas', '$defs'].map(
          (map) => `formatUnknown order.json/${map}/${name}/format`,
        ),
      );
      expect(advised({ patternProperties: { [`^${name.replace('$', '')}`]: bad } })).toHaveLength(1);
    },
  );

  test('are the names in patternProperties', () => {
    expect(advised({ patternProperties: { '^(a|a)*$': {}, '^b/c$': { pattern: '^(a+)+$' } } })).toEqual([
      'patternExplosive order.json/patternProperties/^(a|a)*$',
      'patternExplosive order.json/patternProperties/^b~1c$/pattern',
    ]);
  });

  test('is no data', () => {
    const data = { format: 'dateTime', pattern: '^(a+)+$', $ref: 'elsewhere.json', properties: { a: { format: 'x' } } };
    const keywords = { const: data, enum: [data], default: data };
    expect(advised({ anyOf: [{}, keywords], examples: [data], 'x-note': data })).toEqual([]);
  });

  test('is every part that a schema can have, once, and what is referred to, in a circle too', () => {
    const bad = { format: 'dateTime' };
    const schema = {
      allOf: [{ if: bad, then: { not: bad } }],
      items: { contains: bad, additionalProperties: { propertyNames: bad } },
      prefixItems: [bad],
      properties: { a: { $ref: '#/x-parts/a' }, b: { $ref: '#/x-parts/a' } },
      'x-parts': { a: { ...bad, items: { $ref: '#' } }, unused: { $ref: 'elsewhere.json' } },
    };
    expect(advised(schema).map((text) => text.split(' ')[1].replace('/format', ''))).toEqual([
      'order.json/allOf/0/if',
      'order.json/allOf/0/then/not',
      'order.json/items/contains',
      'order.json/items/additionalProperties/propertyNames',
      'order.json/prefixItems/0',
      'order.json/x-parts/a',
    ]);
  });

  test('is the whole document, where a part refers to it', () => {
    const document = { format: 'dateTime', $defs: { a: { items: { $ref: '#' } } } };
    expect(advised(document, '/$defs/a')).toEqual(['formatUnknown order.json/format']);
  });

  test('is told of each file that says the same', () => {
    const [first, second] = ['a.json', 'b.json'].map((origin) => contract({ format: 'again' }, origin)._advice[0]);
    expect([first.message.slice(0, 6), second.message.slice(0, 6)]).toEqual(['a.json', 'b.json']);
  });
});

describe('a fault in a schema is told where it is', () => {
  test.each<[string, any, string]>([
    [
      'a type that there is not',
      { properties: { a: { type: 'strng' } } },
      'order.json/properties/a/type: "strng" is not one of "array", "boolean", "integer", "null", "number", "object", "string" (SchemaInvalid)',
    ],
    [
      'a value of the wrong kind',
      { properties: { a: { minLength: '1' } } },
      'order.json/properties/a/minLength: "1" must be integer (SchemaInvalid)',
    ],
    [
      'a keyword that takes a list',
      { items: { required: 'id' } },
      'order.json/items/required: "id" must be array (SchemaInvalid)',
    ],
    [
      'what is no schema',
      { properties: { a: 'string' } },
      'order.json/properties/a: "string" must be object or boolean (SchemaInvalid)',
    ],
    [
      'a name twice',
      { required: ['a', 'a'] },
      'order.json/required: ["a","a"] must NOT have duplicate items (items ## 1 and 0 are identical) (SchemaInvalid)',
    ],
    [
      'a reference to nothing',
      { items: { $ref: '#/$defs/lost' }, $defs: { a: {} } },
      'order.json/items/$ref: "#/$defs/lost" points to nothing in the document: write down what it refers to, or refer to something that is there (SchemaInvalid)',
    ],
    [
      'a dynamic reference to nothing',
      { properties: { a: { $dynamicRef: '#lost' } } },
      'order.json/properties/a/$dynamicRef: "#lost" leads to no anchor of the schema itself, and dynamic references are followed nowhere else: write "$ref" (SchemaInvalid)',
    ],
    [
      'a dynamic reference to a part',
      { properties: { a: { $dynamicRef: '#part' } }, $defs: { part: { $dynamicAnchor: 'part' } } },
      'order.json/properties/a/$dynamicRef: "#part" leads to no anchor of the schema itself',
    ],
    [
      'a recursive reference to what is no anchor',
      { $schema: 'https://json-schema.org/draft/2019-09/schema', properties: { a: { $recursiveRef: '#' } } },
      'order.json/properties/a/$recursiveRef: "#" leads to no anchor of the schema itself',
    ],
    [
      'a recursive reference from a schema with an id, to what is no anchor',
      {
        $schema: 'https://json-schema.org/draft/2019-09/schema',
        $recursiveAnchor: true,
        properties: { a: { $id: 'https://acme.example/a', items: { $recursiveRef: '#' } } },
      },
      'order.json/properties/a/items/$recursiveRef: "#" leads to no anchor of the schema itself',
    ],
    ...['', 'https://acme.example/order#/$defs/a', 'https://acme.example/a'].map(($ref): [string, any, string] => [
      `a reference that is ${$ref || 'empty'}`,
      { $id: 'https://acme.example/order', items: { $ref }, $defs: { a: { $id: 'https://acme.example/a' } } },
      `order.json/items/$ref: "${$ref}" does not begin with "#", and neither other files nor ids are followed: write where in this document it leads`,
    ]),
    [
      'a reference to no anchor',
      { items: { $ref: '#lost' }, $defs: { a: { $anchor: 'found' } } },
      'order.json/items/$ref: "#lost" points to nothing in the document',
    ],
    [
      'a pattern that is none',
      { properties: { 'a/b': { pattern: '[a' } } },
      'order.json/properties/a~1b/pattern: "[a" is not a regular expression: Unterminated character class: write one of JavaScript, which are read with the flag "u" (SchemaInvalid)',
    ],
    [
      '"nullable" alone, as OpenAPI documents have it',
      { properties: { a: { nullable: true, allOf: [{}] } } },
      'order.json/properties/a/nullable: true stands without "type", which it needs: write "type" beside it, or "anyOf" with an alternative for null (SchemaInvalid)',
    ],
    [
      '"nullable" alone that says nothing',
      { properties: { a: { nullable: false } } },
      'order.json/properties/a/nullable: false stands without "type", which it needs: leave it out (SchemaInvalid)',
    ],
    [
      'what only the compiler finds',
      { type: 'null', nullable: false },
      'order.json: is not a schema that can be compiled: type: null contradicts nullable: false (SchemaInvalid)',
    ],
    [
      'a percent sign that is not written as such',
      { items: { $ref: '#/$defs/50%' }, $defs: { '50%': {} } },
      'order.json: is not a schema that can be compiled: URI contains malformed percent-encoding. (SchemaInvalid)',
    ],
    [
      'a pattern of names that is none',
      { patternProperties: { 'a{2': {} } },
      'order.json/patternProperties/a{2: "a{2" is not a regular expression: Incomplete quantifier',
    ],
  ])('%s', (_, schema, message) => {
    expect(() => contract(schema)).toThrow(message);
  });

  test.each<[string, any, string]>([
    ['to itself', { $ref: '#' }, '/$ref: "#"'],
    [
      'in a circle, which nothing refers to',
      { $defs: { x: { $ref: '#/$defs/y' }, y: { $ref: '#/$defs/x' } } },
      '/$defs/y/$ref: "#/$defs/x"',
    ],
    ['by name', { $defs: { a: { $anchor: 'a', allOf: [{ $ref: '#a' }] } } }, '/$defs/a/allOf/0/$ref: "#a"'],
    ['by a dynamic name', { $dynamicAnchor: 'n', $dynamicRef: '#n' }, '/$dynamicRef: "#n"'],
    [
      'by a dynamic name, in parts',
      { $dynamicAnchor: 'n', type: 'object', allOf: [{ $dynamicRef: '#n' }] },
      '/allOf/0/$dynamicRef: "#n"',
    ],
    [
      'that is recursive',
      {
        $schema: 'https://json-schema.org/draft/2019-09/schema',
        $recursiveAnchor: true,
        allOf: [{ $ref: '#/$defs/a' }],
        $defs: { a: { $recursiveRef: '#' } },
      },
      '/$defs/a/$recursiveRef: "#"',
    ],
    ['through alternatives', { anyOf: [{ $ref: '#' }, { required: ['a'] }] }, '/anyOf/0/$ref: "#"'],
    [
      'through a condition',
      { properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { if: { not: { $ref: '#/$defs/a' } } } } },
      '/$defs/a/if/not/$ref: "#/$defs/a"',
    ],
  ])('a reference %s', (_, schema, place) => {
    expect(() => contract(schema)).toThrow(
      `order.json${place} leads back to where it stands, so that a check would never end: refer to another schema, or from below "properties" or "items" (SchemaInvalid)`,
    );
  });

  test.each<[string, any]>([
    ['dynamic', { $dynamicAnchor: 'n', properties: { next: { $dynamicRef: '#n' }, id: { type: 'string' } } }],
    [
      'dynamic, in what has an id',
      {
        $dynamicAnchor: 'n',
        $ref: '#/$defs/node',
        $defs: {
          node: {
            $id: 'https://acme.example/node',
            $dynamicAnchor: 'n',
            properties: { next: { $dynamicRef: '#n' }, id: { type: 'string' } },
          },
        },
      },
    ],
    [
      'recursive',
      {
        $schema: 'https://json-schema.org/draft/2019-09/schema',
        $recursiveAnchor: true,
        properties: { next: { $ref: '#/$defs/next' }, id: { type: 'string' } },
        $defs: { next: { allOf: [{ properties: { next: { $recursiveRef: '#' } } }] } },
      },
    ],
  ])('a %s reference that leads back from a field is none', (_, schema) => {
    const { validate } = compileSchema(EventSchema.fromInline(schema));
    expect(validate({ next: { next: { id: 'a' } } })).toEqual([]);
    expect(validate({ next: { next: { id: 1 } } })).toMatchObject([{ instancePath: '/next/next/id' }]);
  });

  test('a dynamic reference that leads back to a part of a document is none', () => {
    const part = { $dynamicAnchor: 'n', properties: { next: { $dynamicRef: '#n' }, id: { type: 'string' } } };
    const { validate } = compileSchema(
      EventSchema._in({ type: 'array', $defs: { part } }, 'order.json', '/$defs/part'),
    );
    expect(validate({ next: { id: 'a' } })).toEqual([]);
    expect(validate({ next: { id: 1 } })).toMatchObject([{ instancePath: '/next/id' }]);
  });

  test('a reference that leads back from a field or an element is none', () => {
    const node = { allOf: [{ properties: { next: { $ref: '#' } }, items: { anyOf: [{ $ref: '#' }] } }] };
    expect(contract(node)._advice).toEqual([]);
  });

  test.each<[string, any, string]>([
    ['a text', { type: 'string' }, ''],
    ['nothing', false, ''],
    ['one of some texts', { enum: ['a', 'b'] }, ''],
    ['a list behind a reference', { $ref: '#/$defs/a', $defs: { a: { type: 'array' } } }, '/$defs/a'],
    ['a text or a number', { anyOf: [{ type: 'string' }, { type: 'number' }] }, '/anyOf/0'],
    ['no object', { not: { type: 'object' } }, ''],
    [
      'no object, by reference',
      { allOf: [{ not: { $ref: '#/$defs/a' } }], $defs: { a: { type: ['object', 'null'] } } },
      '/allOf/0',
    ],
    ['not at all', { not: {} }, ''],
  ])('a detail that would be %s', (_, schema, place) => {
    expect(() => contract(schema)).toThrow(
      `order.json${place}: takes no object, and the detail of an event is one: describe it with "type": "object" and "properties" (SchemaInvalid)`,
    );
  });

  test('in a part that is referred to, from a part', () => {
    const document = {
      openapi: '3.0.0',
      components: {
        schemas: {
          Order: { properties: { item: { $ref: '#/components/schemas/Item' } } },
          Item: { properties: { count: { type: 'int' } } },
          Other: { type: 'neither' },
        },
      },
    };
    expect(() => contract(document, 'api.json', '/components/schemas/Order')).toThrow(
      /^api\.json\/components\/schemas\/Item\/properties\/count\/type: "int" is not one of "array"/,
    );
    expect(() => contract(document, 'api.json', '/components/schemas/Item')).toThrow(
      /^api\.json\/components\/schemas\/Item\/properties\/count\/type: "int" is not one of "array"/,
    );
  });

  test('references to anchors, below ids, and with escapes hold', () => {
    const $defs = {
      a: { $anchor: 'here', type: 'string' },
      'b/c d': { type: 'number' },
      e: { $id: 'https://acme.example/e', items: { $ref: '#/$defs/f' }, $defs: { f: {} } },
    };
    const properties = {
      a: { $ref: '#here' },
      also: { $ref: '#h%65re' },
      b: { $ref: '#/$defs/b~1c%20d' },
      e: { $ref: '#/$defs/e' },
    };
    expect(contract({ properties, $defs })._advice).toEqual([]);
  });
});

test('a fault of our own is not told as one of the schema', () => {
  jest.spyOn(objectSchema, 'adviceOnStamp').mockImplementationOnce(() => {
    throw new TypeError('ours');
  });
  expect(() => contract({ title: 'is compiled here only' })).toThrow(new TypeError('ours'));
});

describe('a sample', () => {
  const ID = { type: 'string', pattern: '^o-', examples: ['o-1', 'x-1'] };

  test.each<[string, any, string]>([
    ['of a field', { properties: { id: ID } }, 'order.json/properties/id/examples/1: must match pattern "^o-"'],
    [
      'of a field of a field',
      {
        properties: { items: { items: { $ref: '#/$defs/item' } } },
        $defs: { item: { examples: [{ id: 1 }], properties: { id: ID } } },
      },
      'order.json/$defs/item/examples/0/id: must be string',
    ],
    [
      'of the whole',
      { properties: { id: { type: 'string' } }, examples: [{ id: 1 }] },
      'order.json/examples/0/id: must be string',
    ],
  ])('%s must keep to its schema', (_, schema, message) => {
    expect(() => contract(schema)).toThrow(`${message}: mend the example, or the schema (SchemaExampleInvalid)`);
  });

  test('is what OpenAPI calls an example', () => {
    const id = { type: 'string', nullable: true, example: 7 };
    const document = { openapi: '3.0.3', components: { schemas: { Order: { properties: { id } } } } };
    expect(() => contract(document, 'api.json', '/components/schemas/Order')).toThrow(
      'api.json/components/schemas/Order/properties/id/example: must be string: mend the example, or the schema',
    );
    // Nowhere else is it a keyword.
    expect(contract({ properties: { id: { type: 'string', example: 7 } } })._advice).toEqual([]);
    id.example = null as any;
    expect(contract(document, 'api.json', '/components/schemas/Order')._advice).toEqual([]);
  });

  test('is each of several', () => {
    const id = { type: 'string', example: 7, examples: ['o-1'] };
    const document = { openapi: '3.1.0', components: { schemas: { Order: { properties: { id } } } } };
    expect(() => contract(document, 'api.json', '/components/schemas/Order')).toThrow(
      '/properties/id/example: must be',
    );
  });

  test('is left alone where ids inside the document keep its part from standing alone', () => {
    const e = { $id: 'https://acme.example/e', items: { $ref: '#/$defs/f' }, $defs: { f: {} }, examples: [[1]] };
    expect(contract({ properties: { e: { $ref: '#/$defs/e' } }, $defs: { e } })._advice).toEqual([]);
  });

  test('is no property named examples', () => {
    expect(contract({ properties: { examples: { type: 'array', items: { type: 'string' } } } })._advice).toEqual([]);
  });
});

describe('where the stamp of the republisher does not fit, it is told', () => {
  const metadata = { properties: { id: { type: 'string' } } };
  const CLOSED = { ...metadata, additionalProperties: false };
  const ORIGIN = {
    type: 'object',
    required: ['id'],
    properties: { source: { const: 'x' }, time: { format: 'date-time' } },
  };
  const TEXT = { type: 'string' };
  const TIMED = { properties: { time: { type: 'number' } } };
  const ORIGIN_AT = '/properties/metadata/properties/origin';

  test.each<[string, any, string]>([
    ['a closed metadata', { properties: { metadata: CLOSED } }, '/properties/metadata'],
    [
      'one without unevaluated fields',
      { properties: { metadata: { ...metadata, unevaluatedProperties: false } } },
      '/properties/metadata',
    ],
    ['one that is referred to', { properties: { metadata: { $ref: '#/$defs/m' } }, $defs: { m: CLOSED } }, '/$defs/m'],
    ['one in an allOf', { allOf: [{ properties: { metadata: CLOSED } }] }, '/allOf/0/properties/metadata'],
    ['a closed detail without metadata', { properties: { id: {} }, additionalProperties: false }, ''],
    ['a detail without unevaluated fields', { properties: { id: {} }, unevaluatedProperties: false }, ''],
    ['metadata that may not be', { properties: { metadata: false } }, ''],
    ['metadata that is a text', { properties: { metadata: { type: 'string' } } }, '/properties/metadata'],
    [
      'metadata by pattern that is a text',
      { patternProperties: { '^m': { type: 'string' } } },
      '/patternProperties/^m',
    ],
    ['other fields that are texts', { additionalProperties: { type: 'string' } }, '/additionalProperties'],
    [
      'an origin that is a text',
      { properties: { metadata: { properties: { origin: { type: 'string' } } } } },
      '/properties/metadata/properties/origin',
    ],
    [
      'an origin that is another object',
      {
        properties: { metadata: { properties: { origin: { $ref: '#/$defs/o' } } } },
        $defs: { o: { required: ['x'] } },
      },
      '/$defs/o',
    ],
    [
      'an origin whose time is a number',
      { properties: { metadata: { properties: { origin: TIMED } } } },
      `${ORIGIN_AT}`,
    ],
    ['a full metadata', { properties: { metadata: { maxProperties: 1 } } }, '/properties/metadata'],
    ['a full detail', { properties: { id: {}, name: {} }, maxProperties: 2 }, ''],
    ['names that do not fit', { propertyNames: { pattern: '^x' } }, ''],
    [
      'names of metadata that do not fit',
      { properties: { metadata: { propertyNames: { pattern: '^x' } } } },
      '/properties/metadata',
    ],
    [
      'alternatives that are all closed',
      {
        oneOf: ['a', 'b'].map((name) => ({
          properties: { [name]: {} },
          required: [name],
          additionalProperties: false,
        })),
      },
      '/oneOf/0',
    ],
    [
      'metadata that is an object in no alternative',
      { anyOf: ['string', 'number'].map((type) => ({ properties: { metadata: { type } } })) },
      '/anyOf/0/properties/metadata',
    ],
    [
      'metadata that must not be an object',
      { properties: { metadata: { not: { type: 'object' } } } },
      '/properties/metadata',
    ],
    [
      'metadata that is closed in all alternatives',
      { oneOf: ['a', 'b'].map((a) => ({ required: [a], properties: { metadata: CLOSED } })) },
      '/oneOf/0/properties/metadata',
    ],
    [
      'an origin that is a text in all alternatives',
      { anyOf: [{}, {}].map(() => ({ required: ['a'], properties: { metadata: { properties: { origin: TEXT } } } })) },
      '/anyOf/0/properties/metadata/properties/origin',
    ],
  ])('%s', (_, schema, place) => {
    expect(advised(schema)).toEqual([`metadataClosed order.json${place}`]);
  });

  const ALTERNATIVES = ['string', 'number'].map((type) => ({ properties: { metadata: { type } } }));
  const REQUIRED = { required: ['metadata'] };

  test.each<[string, any, boolean | undefined]>([
    ['required', { ...REQUIRED, anyOf: ALTERNATIVES }, true],
    ['required in all alternatives', { anyOf: ALTERNATIVES.map((branch) => ({ ...branch, ...REQUIRED })) }, true],
    ['required in some alternatives', { anyOf: [{ ...ALTERNATIVES[0], ...REQUIRED }, ALTERNATIVES[1]] }, undefined],
  ])('and no event would pass, where it is %s', (_, schema, isFatal) => {
    expect(contract(schema)._advice.map((told) => told.isFatal)).toEqual([isFatal]);
  });

  test.each<[string, any]>([
    ['open objects', { properties: { metadata } }],
    ['a closed detail with metadata', { properties: { metadata }, additionalProperties: false }],
    ['a closed detail with metadata by pattern', { patternProperties: { '^meta': {} }, additionalProperties: false }],
    ['a detail whose other fields are described', { additionalProperties: { type: 'object' } }],
    [
      'a closed metadata that knows the origin',
      { properties: { metadata: { properties: { origin: { type: 'object' } }, additionalProperties: false } } },
    ],
    ['metadata in an alternative', { anyOf: [{ properties: { metadata } }, {}], unevaluatedProperties: false }],
    ['an open alternative', { anyOf: [{ properties: { a: {} }, additionalProperties: false }, { required: ['b'] }] }],
    ['alternatives that lead back', { anyOf: [{ $ref: '#/$defs/open' }, { not: {} }], $defs: { open: {} } }],
    [
      'metadata that is a text in one alternative',
      { anyOf: [{ properties: { metadata: TEXT } }, { required: ['a'] }] },
    ],
    ['metadata that is no empty object', { properties: { metadata: { not: { type: 'object', maxProperties: 0 } } } }],
    ['metadata that is an object or null', { properties: { metadata: { type: ['object', 'null'] } } }],
    ['an origin that takes the stamp', { properties: { metadata: { properties: { origin: ORIGIN } } } }],
    ['room for one more', { properties: { id: {} }, maxProperties: 5 }],
    ['a full detail that has metadata', { required: ['metadata'], maxProperties: 1 }],
    ['names that fit', { propertyNames: { pattern: '^[a-z]+$' } }],
  ])('not for %s', (_, schema) => {
    expect(advised(schema)).toEqual([]);
  });
});

describe('a keyword that no dialect knows is told', () => {
  test.each<[any, string]>([
    [{ propertys: { a: {} } }, '/propertys'],
    [{ properties: { a: { requierd: ['b'] } } }, '/properties/a/requierd'],
    [{ items: { $ref: '#/$defs/a' }, $defs: { a: { minLenght: 1 } } }, '/$defs/a/minLenght'],
    [{ type: 'object', orderId: { type: 'string' } }, '/orderId'],
    [{ properties: { a: { $Ref: '#/$defs/nothing' } } }, '/properties/a/$Ref'],
    [{ $def: { a: {} } }, '/$def'],
  ])('%j', (schema, place) => {
    expect(advised(schema)).toEqual([`keywordUnknown order.json${place}`]);
  });

  test('with what to do', () => {
    expect(contract({ propertys: {} })._advice[0].message).toBe(
      'order.json/propertys: "propertys" is a keyword of no draft and not of OpenAPI, so nothing checks it: mend its spelling, move a field below "properties", or let a note begin with "x-"',
    );
  });

  test('and no other: those of all drafts and OpenAPI, notes, data, and fields', () => {
    const words = { title: 'a', description: 'b', default: { c: 1 }, deprecated: true, readOnly: true, $comment: 'd' };
    const openApi = { type: 'string', nullable: true, discriminator: { propertyName: 'a' }, xml: {}, externalDocs: {} };
    const schema = {
      ...words,
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://acme.example/order',
      $anchor: 'order',
      $vocabulary: {},
      'x-note': { propertys: {} },
      properties: {
        propertys: { const: { propertys: {} } },
        a: { ...openApi, example: 'a', contentEncoding: 'base64' },
      },
      dependencies: { propertys: ['a'] },
      markdownDescription: 'for editors',
    };
    expect(advised(schema)).toEqual([]);
    const document = { openapi: '3.1.0', info: {}, 'x-a': { properties: { a: { $ref: '#' } } } };
    expect(advised(document, '/x-a')).toEqual([]);
  });
});
