import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { Aws } from 'aws-cdk-lib';
import { EventContract, EventSchema, type EventContractProps } from '../../src';
import { compileSchema } from '../../src/contract/compile-schema';

const directory = mkdtempSync(join(tmpdir(), 'contracts-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Writes a file and gives its path. */
function file(name: string, content: unknown): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const ORDER = {
  type: 'object',
  required: ['orderId'],
  properties: { orderId: { type: 'string', pattern: '^o-[0-9]+$' }, total: { type: 'number', minimum: 0 } },
};

const contract = (props: Partial<EventContractProps> = {}) =>
  new EventContract({
    source: 'order.service',
    detailType: 'Order.Created',
    schema: EventSchema.fromInline(ORDER),
    ...props,
  });

/** The paths of what breaks a schema. */
const faults = (schema: EventSchema, value: unknown) =>
  compileSchema(schema)
    .validate(value)
    .map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);

test('says what an event is, and who answers for it', () => {
  expect(contract({ owner: 'order', description: 'An order was taken.' })).toMatchObject({
    source: 'order.service',
    detailType: 'Order.Created',
    owner: 'order',
    description: 'An order was taken.',
    schemaName: 'order.service@Order.Created',
  });
});

describe('a schema', () => {
  test('is checked in full: every violation is told', () => {
    const schema = EventSchema.fromInline(ORDER);
    expect(faults(schema, { orderId: 'o-1' })).toEqual([]);
    expect(faults(schema, { orderId: 'x', total: -1 })).toEqual(['/orderId pattern', '/total minimum']);
    expect(faults(schema, {})).toEqual([' required']);
  });

  test.each([
    ['draft-04', 'http://json-schema.org/draft-04/schema#', { minimum: 0, exclusiveMinimum: true }],
    ['draft-07', 'http://json-schema.org/draft-07/schema#', { exclusiveMinimum: 0 }],
    ['2019-09', 'https://json-schema.org/draft/2019-09/schema', { exclusiveMinimum: 0 }],
    ['2020-12', 'https://json-schema.org/draft/2020-12/schema', { exclusiveMinimum: 0 }],
    ['2020-12', undefined, { exclusiveMinimum: 0 }],
  ])('of %s, by %s, is read as such', (dialect, $schema, keywords) => {
    const schema = EventSchema.fromInline({
      ...($schema && { $schema }),
      properties: { total: { type: 'number', ...keywords } },
    });
    expect(schema._dialect).toBe(dialect);
    expect(faults(schema, { total: 0 })).toHaveLength(1);
    expect(faults(schema, { total: 1 })).toEqual([]);
  });

  test('may refer to other parts of its document, and be a part itself', () => {
    const path = file('parts.json', {
      $defs: { id: { type: 'string' }, order: { required: ['id'], properties: { id: { $ref: '#/$defs/id' } } } },
    });
    const schema = EventSchema.fromFile(path, '/$defs/order');
    expect(faults(schema, { id: 7 })).toEqual(['/id type']);
    expect(faults(schema, {})).toEqual([' required']);
  });

  test('that is a part may refer to the document, and below an id', () => {
    const $defs = {
      id: { type: 'string' },
      key: { $ref: '#/$defs/id' },
      order: { required: ['key'], properties: { key: { $ref: '#/$defs/key' }, all: { $ref: '#' } } },
    };
    const path = file('whole.json', { $id: 'https://acme.example/parts', maxProperties: 1, $defs });
    const schema = EventSchema.fromFile(path, '/$defs/order');
    expect(faults(schema, { key: 7, all: { a: 1, b: 2 } })).toEqual(['/key type', '/all maxProperties']);
  });

  test('may refer to itself', () => {
    const tree = { properties: { children: { type: 'array', items: { $ref: '#' } }, name: { type: 'string' } } };
    expect(faults(EventSchema.fromInline(tree), { children: [{ name: 1 }] })).toEqual(['/children/0/name type']);
  });

  test('compiles to the same code every time, whatever was compiled before', () => {
    const schemas = [
      { ...ORDER, $id: 'first' },
      { ...ORDER, title: 'other' },
      { ...ORDER, $id: 'again' },
    ];
    const [first, other, again] = schemas.map((schema) => compileSchema(EventSchema.fromInline(schema)));
    expect(again).not.toBe(first);
    expect(again.code).toBe(first.code);
    expect(again.hash).toBe(first.hash);
    expect(other.hash).not.toBe(first.hash);
    expect(first.code).not.toMatch(/require\("(?!\.\/rt\.js")/);
  });

  test('of a library that speaks Standard JSON Schema is taken without that library', () => {
    const schema = { '~standard': { version: 1, jsonSchema: { input: () => ORDER } } };
    expect(faults(EventSchema.fromStandardSchema(schema), {})).toEqual([' required']);
    expect(() => EventSchema.fromStandardSchema({ parse: () => {} })).toThrow(
      'convert it, and pass the result to EventSchema.fromInline (SchemaInvalid)',
    );
  });

  test('in OpenAPI is that of the detail, with nullable and boolean bounds', () => {
    const AWSEvent = {
      'x-amazon-events-source': 'order.service',
      properties: { detail: { $ref: '#/components/schemas/Order' }, resources: { items: { type: 'object' } } },
    };
    const Order = {
      required: ['id'],
      properties: {
        id: { type: 'string', nullable: true },
        total: { type: 'number', minimum: 0, exclusiveMinimum: true },
      },
    };
    const path = file('openapi.json', { openapi: '3.0.0', components: { schemas: { AWSEvent, Order } } });
    for (const schema of [EventSchema.fromOpenApi(path), EventSchema.fromOpenApi(path, 'Order')]) {
      expect(faults(schema, { id: null, total: 1 })).toEqual([]);
      expect(faults(schema, { id: null, total: 0 })).toHaveLength(1);
      expect(faults(schema, {})).toEqual([' required']);
    }
    expect(() => EventSchema.fromOpenApi(path, 'Ordre')).toThrow('no "Ordre": name one of AWSEvent, Order');
    const two = file('two.json', { openapi: '3.0.0', components: { schemas: { A: {}, B: {} } } });
    expect(() => EventSchema.fromOpenApi(two)).toThrow('several schemas: name one of A, B');
  });
});

describe('what is surely not meant is told', () => {
  const advice = (schema: object) => contract({ schema: EventSchema.fromInline(schema as any) })._advice;

  test.each<[string, object, string, RegExp]>([
    [
      'a format that nobody checks',
      { properties: { a: { format: 'dateTime' } } },
      'formatUnknown',
      /^the schema\/properties\/a\/format: the format "dateTime" is not known.*date-time/,
    ],
    [
      'a pattern that can explode',
      { properties: { a: { pattern: '^(a+)+$' } } },
      'patternExplosive',
      /^the schema\/properties\/a\/pattern: "\^\(a\+\)\+\$" can take seconds/,
    ],
    [
      'metadata that takes no more',
      { properties: { metadata: { additionalProperties: false } } },
      'metadataClosed',
      /^the schema\/properties\/metadata\/additionalProperties: false would refuse "origin"/,
    ],
  ])('%s', (_, schema, id, message) => {
    expect(advice(schema)).toEqual([{ id, message: expect.stringMatching(message) }]);
  });

  test('and nothing else, in data neither', () => {
    const data = { format: 'x', pattern: '(a+)+', $ref: 'elsewhere.json' };
    expect(advice({ ...ORDER, properties: { at: { format: 'date-time' }, d: { const: data, enum: [data] } } })).toEqual(
      [],
    );
  });
});

describe('is refused', () => {
  test.each<[string, () => unknown, string]>([
    ['a source of AWS', () => contract({ source: 'aws.s3' }), 'the schema: source "aws.s3" is of AWS'],
    [
      'no source',
      () => contract({ source: '' }),
      'source "" is not a text of 1 to 256 characters without a star (ContractInvalid)',
    ],
    ['a star', () => contract({ detailType: 'Order.*' }), 'detailType "Order.*" is not a text of 1 to 128 characters'],
    ['a long detail-type', () => contract({ detailType: 'x'.repeat(129) }), '(ContractInvalid)'],
    [
      'an owner that no member can be',
      () => contract({ owner: 'the order team' }),
      'the schema: owner "the order team" is not the name of a member: a letter, then letters, digits and hyphens (ContractInvalid)',
    ],
    ['an owner that is no text', () => contract({ owner: 7 as any }), 'owner 7 is not the name of a member'],
    ['no owner at all', () => contract({ owner: '' }), 'owner "" is not the name of a member'],
    [
      'a description that is no text',
      () => contract({ description: 7 as any }),
      'description 7 is not a text (ContractInvalid)',
    ],
    [
      'a reference that leads out',
      () => contract({ schema: EventSchema.fromInline({ items: { $ref: 'other.json#/x' } }) }),
      'the schema/items/$ref: "other.json#/x" leads out of the document: copy what it points to into "$defs"',
    ],
    [
      'a reference to nothing',
      () => contract({ schema: EventSchema.fromInline({ items: { $ref: '#/$defs/x' } }) }),
      "the schema: is not a schema that can be compiled: can't resolve reference #/$defs/x",
    ],
    [
      'a keyword with a wrong value',
      () => contract({ schema: EventSchema.fromInline({ type: 'strng' }) }),
      'the schema: is not a schema that can be compiled: schema is invalid: data/type',
    ],
    [
      'an unknown draft',
      () => EventSchema.fromInline({ $schema: 'http://json-schema.org/draft-03/schema#' }),
      'the schema/$schema: "http://json-schema.org/draft-03/schema#" is not a draft that is known',
    ],
    [
      'a deploy-time value',
      () => EventSchema.fromInline({ properties: { region: { const: Aws.REGION } } }),
      'the schema/properties/region/const: a deploy-time value cannot stand in a schema',
    ],
    [
      'an example that breaks the schema',
      () => contract({ schema: EventSchema.fromInline({ ...ORDER, examples: [{ orderId: 'o-1' }, { orderId: 1 }] }) }),
      'the schema/examples/1/orderId: must be string: mend the example, or the schema (SchemaExampleInvalid)',
    ],
    ['a file that is not there', () => EventSchema.fromFile('no-such.json'), 'no-such.json: cannot be read: ENOENT'],
    ['a file that is not JSON', () => EventSchema.fromFile(file('bad.json', '{')), 'bad.json: is not JSON'],
    [
      'a pointer to nothing',
      () => EventSchema.fromFile(file('empty.json', {}), '/$defs/x'),
      'empty.json/$defs/x: undefined is not a schema: point to an object',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('a directory', () => {
  test('holds contracts, annotated schemas and documents of the schema registry, and schemas that these take', () => {
    file('team/order-created.json', {
      source: 'order.service',
      detailType: 'Order.Created',
      owner: 'order',
      schema: 'schemas/order.json',
    });
    file('team/schemas/order.json', ORDER);
    file('team/b/inline.json', { source: 'order.service', detailType: 'Order.Shipped', schema: ORDER });
    file('team/c.schema.json', {
      ...ORDER,
      'x-amazon-events-source': 'delivery.service',
      'x-amazon-events-detail-type': 'Delivery.Updated',
    });
    const AWSEvent = {
      'x-amazon-events-source': 'loyalty.service',
      'x-amazon-events-detail-type': 'Points.Earned',
      properties: { detail: ORDER },
    };
    file('team/d.json', { openapi: '3.0.0', components: { schemas: { AWSEvent } } });
    file('team/README.md', 'not JSON');

    const contracts = EventContract.fromDirectory(join(directory, 'team'));

    expect(contracts.map(({ schemaName }) => schemaName)).toEqual([
      'order.service@Order.Shipped',
      'delivery.service@Delivery.Updated',
      'loyalty.service@Points.Earned',
      'order.service@Order.Created',
    ]);
    expect(contracts.map(({ owner }) => owner)).toEqual([undefined, undefined, undefined, 'order']);
    for (const { schema } of contracts) expect(faults(schema, {})).toEqual([' required']);
  });

  test('may hold schemas that are documents of their own, in whichever draft', () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-04/schema#',
      properties: { total: { $ref: '#/definitions/money' } },
      definitions: { money: { type: 'number', minimum: 0, exclusiveMinimum: true } },
    };
    file('own/a.json', { source: 's', detailType: 'a', schema });
    // Or share parts that stand beside them.
    const { definitions, ...part } = schema;
    file('own/b.json', { source: 's', detailType: 'b', schema: part, definitions });
    file('own/c.json', {
      source: 's',
      detailType: 'c',
      schema: { items: { $ref: '#/schema/$defs/x' }, $defs: { x: false } },
    });

    const [a, b, c] = EventContract.fromDirectory(join(directory, 'own')).map((found) => found.schema);

    expect(a._dialect).toBe('draft-04');
    expect(a._origin).toBe(join(directory, 'own/a.json/schema'));
    expect(faults(a, { total: 0 })).toEqual(['/total minimum']);
    expect(faults(b, { total: 0 })).toEqual(['/total minimum']);
    expect(faults(c, [1])).toEqual(['/0 false schema']);
  });

  test('may hold schemas of whole events, of which the detail is taken', () => {
    file('whole/a.json', {
      $schema: 'http://json-schema.org/draft-04/schema#',
      'x-amazon-events-source': 's',
      'x-amazon-events-detail-type': 'a',
      properties: { detail: { $ref: '#/definitions/Order' }, 'detail-type': { type: 'string' } },
      definitions: { Order: ORDER },
    });
    const [{ schema }] = EventContract.fromDirectory(join(directory, 'whole'));
    expect(faults(schema, {})).toEqual([' required']);
    expect(faults(schema, { orderId: 'o-1' })).toEqual([]);
  });

  test('that is none is refused', () => {
    expect(() => EventContract.fromDirectory('no-such-directory')).toThrow(
      /^no-such-directory: is not a directory; paths are relative to .* \(SchemaFileUnreadable\)$/,
    );
  });
});
