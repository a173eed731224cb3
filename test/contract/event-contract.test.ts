import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { Aws, Lazy } from 'aws-cdk-lib';
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

/** As schemas of libraries can be. */
const CIRCULAR: any = { type: 'object', def: {} };
CIRCULAR.def.of = CIRCULAR;

/** What the schema registry holds. */
const ENVELOPE = {
  type: 'object',
  required: ['source', 'detail-type', 'detail'],
  properties: { source: { type: 'string' }, 'detail-type': { type: 'string' }, detail: ORDER },
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

  test('of a library that cannot say it in JSON Schema is refused, with the name of the library', () => {
    const input = () => {
      throw new Error('Date cannot be represented in JSON Schema');
    };
    const schema = { '~standard': { version: 1, vendor: 'zod', jsonSchema: { input } } };
    expect(() => EventSchema.fromStandardSchema(schema)).toThrow(
      'the schema: "zod" cannot say it in JSON Schema: Date cannot be represented in JSON Schema: use types that JSON has, or write the JSON Schema yourself and pass it to EventSchema.fromInline (SchemaInvalid)',
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
    const Problem = { required: ['title'], properties: { title: {}, detail: { type: 'object' } } };
    const problem = EventSchema.fromOpenApi(
      file('problem.json', { openapi: '3.1.0', components: { schemas: { Problem } } }),
    );
    expect(faults(problem, { detail: {} })).toEqual([' required']);
    const any = file('any.json', { openapi: '3.1.0', components: { schemas: { A: true, B: null } } });
    expect(faults(EventSchema.fromOpenApi(any, 'A'), {})).toEqual([]);
    expect(() => EventSchema.fromOpenApi(any, 'B')).toThrow(
      `${any}/components/schemas/B: null is not a schema: point to an object (SchemaInvalid)`,
    );
    const two = file('two.json', { openapi: '3.0.0', components: { schemas: { A: {}, B: {} } } });
    expect(() => EventSchema.fromOpenApi(two)).toThrow('several schemas: name one of A, B');
  });
});

test.each(['components', 'paths', 'channels'])('a document of schemas is no schema: it has %s', (holder) => {
  const path = file('document.json', { openapi: '3.1.0', [holder]: { schemas: { A: {} } } });
  expect(() => EventSchema.fromFile(path)).toThrow(
    `${path}/${holder}: the document holds schemas, and as a schema it would take every event: use fromOpenApi, or say which`,
  );
});

describe('a verdict', () => {
  const inline = (schema: object) => EventSchema.fromInline(schema as any);
  /** A part of a document, which refers to others. */
  const part = (Order: object, others: object) =>
    EventSchema.fromOpenApi(
      file('part.json', { openapi: '3.1.0', paths: { '/': {} }, components: { schemas: { Order, ...others } } }),
      'Order',
    );

  test('about multiples is that of decimals', () => {
    const cents = inline({ multipleOf: 0.01 });
    for (const price of [19.99, 0.07, 4.35, 1e6 + 0.01]) expect(faults(cents, price)).toEqual([]);
    for (const price of [19.995, 0.001]) expect(faults(cents, price)).toEqual([' multipleOf']);
    expect(faults(inline({ multipleOf: 1 }), 1e21)).toEqual([]);
  });

  test('about fields is not that about what every object has', () => {
    const schema = inline({ properties: { constructor: { type: 'string' } }, required: ['toString'] });
    expect(faults(schema, {})).toEqual([' required']);
    expect(faults(schema, { toString: 1 })).toEqual([]);
    expect(faults(schema, { toString: 1, constructor: 1 })).toEqual(['/constructor type']);
  });

  test('about a constant that looks like a reference is that of the constant', () => {
    const constant = { $ref: '#/components/schemas/Other' };
    const schema = part({ properties: { a: { const: constant }, b: { enum: [constant] } } }, { Other: {} });
    expect(faults(schema, { a: constant, b: constant })).toEqual([]);
  });

  test('needs what a schema refers to, and nothing else of its document', () => {
    const used = { Used: { properties: { more: { $ref: '#/components/schemas/More' } } }, More: { type: 'string' } };
    const Order = {
      properties: { used: { $ref: '#/components/schemas/Used' }, order: { $ref: '#/components/schemas/Order' } },
    };
    const schema = part(Order, { ...used, Unrelated: { title: 'nobody asks for this' } });

    expect(faults(schema, { order: { used: { more: 1 } } })).toEqual(['/order/used/more type']);
    expect(compileSchema(schema).code).not.toContain('nobody asks');
    const other = part(Order, { ...used, Unrelated: { title: 'changed' } });
    expect(compileSchema(other).hash).toBe(compileSchema(schema).hash);
  });

  test.each([
    ['to the whole document', '#'],
    ['to a name', '#name'],
  ])('of a schema with a reference %s takes the document along', (_, $ref) => {
    const Order = { properties: { a: { $ref }, b: { $ref: '#/components/schemas/More' } } };
    const schema = part(Order, { More: { type: 'string' }, Named: { $anchor: 'name', type: 'number' } });
    expect(faults(schema, { b: 1 })).toEqual(['/b type']);
    if ($ref === '#name') expect(faults(schema, { a: 'x' })).toEqual(['/a type']);
  });
});

describe('what is surely not meant is told', () => {
  const advice = (schema: object) => contract({ schema: EventSchema.fromInline(schema as any) })._advice;

  test.each<[string, object, string, RegExp]>([
    [
      'a format that nobody checks',
      { properties: { a: { format: 'dateTime' } } },
      'Contract.formatUnknown',
      /^the schema\/properties\/a\/format: the format "dateTime" is not known.*date-time/,
    ],
    [
      'a pattern that can explode',
      { properties: { a: { pattern: '^(a+)+$' } } },
      'Contract.patternExplosive',
      /^the schema\/properties\/a\/pattern: "\^\(a\+\)\+\$" can take seconds/,
    ],
    [
      'metadata that takes no more',
      { properties: { metadata: { additionalProperties: false } } },
      'Contract.metadataClosed',
      /^the schema\/properties\/metadata: would refuse "origin"/,
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
    [
      'a source of AWS',
      () => contract({ source: 'aws.s3' }),
      'contract aws.s3@Order.Created: source "aws.s3" is of AWS',
    ],
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
      'contract order.service@Order.Created: owner "the order team" is not the name of a member: a letter, then letters, digits and hyphens (ContractInvalid)',
    ],
    ['an owner that is no text', () => contract({ owner: 7 as any }), 'owner 7 is not the name of a member'],
    ['no owner at all', () => contract({ owner: '' }), 'owner "" is not the name of a member'],
    [
      'a description that is no text',
      () => contract({ description: 7 as any }),
      'description 7 is not a text (ContractInvalid)',
    ],
    ...['source', 'detailType', 'owner', 'description'].map((field): [string, () => unknown, string] => [
      `a deploy-time value as ${field}`,
      () => contract({ [field]: `a${Aws.REGION}` }),
      `: ${field} "aa deploy-time value" is known at deployment only, and a contract is written into files at synthesis: write it out (ContractInvalid)`,
    ]),
    ...[
      [undefined, 'undefined'],
      [{ source: 's', detailType: 'd', schema: CIRCULAR }, 'with ["type","def"]'],
      [{ source: 's', detailType: 'd' }, 'undefined'],
      [{ source: 's', detailType: 'd', schema: { type: 'object' } }, 'with ["type"]'],
      [{ source: 's', detailType: 'd', schema: { '~standard': {} } }, 'with ["~standard"]'],
    ].map(([props, value]): [string, () => unknown, string] => [
      `a schema that is no EventSchema, ${value}`,
      () => new EventContract(props as any),
      `: schema ${value} is not an EventSchema: make one with EventSchema.fromInline or EventSchema.fromFile, of a library such as Zod with EventSchema.fromStandardSchema (ContractInvalid)`,
    ]),
    [
      'the schema of a whole event, in code',
      () => EventSchema.fromInline(ENVELOPE),
      'the schema: has "source", "detail-type" and a required "detail", as the schema of a whole event, and that of the detail alone is asked for: take what stands at /properties/detail, in fromFile as its second argument (SchemaInvalid)',
    ],
    [
      'the schema of a whole event, in a file',
      () => EventSchema.fromFile(file('envelope.json', { $defs: { a: ENVELOPE } }), '/$defs/a'),
      'take what stands at /$defs/a/properties/detail, in fromFile as its second argument (SchemaInvalid)',
    ],
    [
      'a reference that leads out',
      () => contract({ schema: EventSchema.fromInline({ items: { $ref: 'other.json#/x' } }) }),
      'the schema/items/$ref: "other.json#/x" does not begin with "#", and neither other files nor ids are followed: write where in this document it leads, such as "#/$defs/money", and copy it there if it stands elsewhere (SchemaInvalid)',
    ],
    [
      'a reference to nothing',
      () => contract({ schema: EventSchema.fromInline({ items: { $ref: '#/$defs/x' } }) }),
      'the schema/items/$ref: "#/$defs/x" points to nothing in the document',
    ],
    [
      'a keyword with a wrong value',
      () => contract({ schema: EventSchema.fromInline({ type: 'strng' }) }),
      'the schema/type: "strng" is not one of "array", "boolean"',
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
      'a deploy-time value as the name of a field',
      () => EventSchema.fromInline({ properties: { [Lazy.string({ produce: () => 'x' })]: {} } }),
      'the schema/properties/a deploy-time value: a deploy-time value cannot stand in a schema',
    ],
    [
      'an object that holds itself',
      () => EventSchema.fromInline(CIRCULAR),
      'the schema/def/of: leads back to an object around it, which JSON has no way to write: refer to it with "$ref" (SchemaInvalid)',
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

  const LOCAL = { $defs: { m: { type: 'string' } }, properties: { x: { $ref: '#/$defs/m' } } };
  const REF = { properties: { x: { $ref: '#/$defs/m' } } };
  const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';

  test.each<[string, object, string]>([
    ['itself', { schema: LOCAL }, '2020-12'],
    ['itself, beside other parts', { schema: LOCAL, definitions: {}, $defs: { n: {} } }, '2020-12'],
    [
      'itself, with a text like a pointer',
      { schema: { ...LOCAL, title: '#/schema', not: { const: '#/schema' } } },
      '2020-12',
    ],
    ['what stands beside it', { schema: REF, $defs: LOCAL.$defs }, '2020-12'],
    [
      'what has a name beside it',
      { schema: { properties: { x: { $ref: '#named' } } }, $defs: { m: { $anchor: 'named', type: 'string' } } },
      '2020-12',
    ],
    [
      'itself, through the contract',
      { schema: { ...LOCAL, properties: { x: { $ref: '#/schema/$defs/m' } } } },
      '2020-12',
    ],
    ['itself, in a draft', { schema: { $schema: DRAFT_07, ...LOCAL } }, 'draft-07'],
    ['what stands beside it, in a draft', { schema: { $schema: DRAFT_07, ...REF }, $defs: LOCAL.$defs }, 'draft-07'],
    // What stands beside the contract is for editors.
    ['itself, with a draft beside', { $schema: DRAFT_07, schema: LOCAL }, '2020-12'],
    ['what stands beside it, with a draft beside', { $schema: DRAFT_07, schema: REF, $defs: LOCAL.$defs }, '2020-12'],
    [
      'what stands beside it, with a schema of contracts',
      { $schema: './c.json', schema: REF, $defs: LOCAL.$defs },
      '2020-12',
    ],
  ])('may hold schemas that refer to %s', (name, given, dialect) => {
    const path = file(`refers-${name}/a.json`, { source: 's', detailType: 'd', ...given });
    const [{ schema }] = EventContract.fromDirectory(dirname(path));
    expect(schema._dialect).toBe(dialect);
    expect(faults(schema, { x: 'm' })).toEqual([]);
    expect(faults(schema, { x: 1 })).toEqual(['/x type']);
  });

  test('may not hold a schema that takes the contract around it for a schema', () => {
    const schema = { properties: { x: { $ref: '#/$defs/m' }, next: { $ref: '#' } } };
    const path = file('around/a.json', { source: 's', detailType: 'd', schema, $defs: LOCAL.$defs });
    expect(() => EventContract.fromDirectory(dirname(path))).toThrow(
      `${path}: "#" leads to the contract, which is no schema, where a schema refers to what stands beside it: write "#/schema" (SchemaInvalid)`,
    );
  });

  test('may hold annotated schemas with a field that is called detail', () => {
    const schema = { ...ORDER, properties: { ...ORDER.properties, detail: { type: 'object' } } };
    const path = file('detail/a.json', {
      'x-amazon-events-source': 's',
      'x-amazon-events-detail-type': 'a',
      ...schema,
    });
    const [contractOfDetail] = EventContract.fromDirectory(dirname(path));
    expect(faults(contractOfDetail.schema, { detail: {} })).toEqual([' required']);
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

  const CONTRACT = { source: 'order.service', detailType: 'Order.Created', owner: 'order', schema: ORDER };
  const FIELDS = 'a contract has source, detailType, schema, and if you like owner, description, $defs, definitions';

  const misspelt = (from: string, to: string) =>
    Object.fromEntries(Object.entries(CONTRACT).map(([name, value]) => [name === from ? to : name, value]));

  test.each<[string, string, string]>([
    ['source', 'sorce', '"order.service"'],
    ['detailType', 'detail-type', '"Order.Created"'],
    ['owner', 'ownr', '"order"'],
    ['schema', 'scema', JSON.stringify(ORDER)],
  ])('may not hold a contract with %s written as %s', (field, typo, value) => {
    const path = file(`typo-${typo}/a.json`, misspelt(field, typo));
    expect(() => EventContract.fromDirectory(dirname(path))).toThrow(
      `${path}/${typo}: ${value.length > 80 ? `${value.slice(0, 77)}...` : value} stands in a field that a contract has not: ${FIELDS} (ContractInvalid)`,
    );
  });

  test.each<[string, object, string]>([
    ['source', { detailType: 'a', schema: {} }, '{"detailType":"a","schema":{}} has no source: '],
    ['detailType', { source: 'a', schema: {} }, '{"source":"a","schema":{}} has no detailType: '],
    ['schema', { owner: 'a' }, '{"owner":"a"} has no source, detailType, schema: '],
    ['source and detailType', { schema: {} }, '{"schema":{}} has no source, detailType: '],
  ])('may not hold a contract without %s', (name, content, message) => {
    const path = file(`without-${name}/a.json`, content);
    expect(() => EventContract.fromDirectory(dirname(path))).toThrow(
      `${path}: ${message}${FIELDS}. What is no contract goes into another directory (ContractInvalid)`,
    );
  });

  test('is refused with the file whose names are wrong', () => {
    const path = file('names/a.json', { ...CONTRACT, detailType: 7 });
    expect(() => EventContract.fromDirectory(dirname(path))).toThrow(
      `${path}: detailType 7 is not a text of 1 to 128 characters without a star (ContractInvalid)`,
    );
  });

  test('may hold schemas and OpenAPI documents that contracts refer to, and other JSON', () => {
    file('mixed/a.json', { ...CONTRACT, $schema: '../contract.schema.json', 'x-team': 'blue', schema: 'b.json' });
    file('mixed/b.json', { $schema: 'https://json-schema.org/draft/2020-12/schema', ...ORDER });
    file('mixed/c.json', { properties: { source: { type: 'string' }, owner: {} } });
    file('mixed/d.json', { openapi: '3.0.0', info: {}, paths: {}, components: { schemas: { A: {}, B: {} } } });
    file('mixed/e.json', [1]);
    file('mixed/f.json', {});
    expect(EventContract.fromDirectory(join(directory, 'mixed')).map(({ schemaName }) => schemaName)).toEqual([
      'order.service@Order.Created',
    ]);
  });

  test('with a contract that names a file that is not there is refused with both', () => {
    const path = file('missing/a.json', { ...CONTRACT, schema: './b.json' });
    expect(() => EventContract.fromDirectory(dirname(path))).toThrow(
      new RegExp(`^${path}/schema: ${dirname(path)}/b.json: cannot be read: ENOENT.*\\(SchemaFileUnreadable\\)$`),
    );
  });

  test('without any contract is refused, with the files that were passed over', () => {
    const path = dirname(file('without-any/order.yaml', 'source: a'));
    file('without-any/schemas/order.json', ORDER);
    expect(() => EventContract.fromDirectory(path)).toThrow(
      `${path}: holds no contracts; passed over: "order.yaml", "schemas/order.json": a contract is a file *.json with source, detailType, schema (ContractsMissing)`,
    );
    for (let i = 0; i < 12; i++) file(`many/${10 + i}.yaml`, '');
    expect(() => EventContract.fromDirectory(join(directory, 'many'))).toThrow('"19.yaml" and 2 more: a contract is');
    mkdirSync(join(directory, 'empty'));
    expect(() => EventContract.fromDirectory(join(directory, 'empty'))).toThrow(
      `${join(directory, 'empty')}: holds no contracts: a contract is`,
    );
  });

  test('that is none is refused', () => {
    expect(() => EventContract.fromDirectory('no-such-directory')).toThrow(
      /^no-such-directory: is not a directory; paths are relative to .* \(SchemaFileUnreadable\)$/,
    );
  });
});

describe('an OpenAPI document', () => {
  const annotated = (detailType?: string, more: object = {}) => ({
    'x-amazon-events-source': 'order.service',
    ...(detailType && { 'x-amazon-events-detail-type': detailType }),
    ...ORDER,
    ...more,
  });
  const openApi = (schemas: object) => ({ openapi: '3.0.0', info: {}, paths: {}, components: { schemas } });

  test('holds a contract for each component that is annotated, whatever its name', () => {
    const whole = {
      ...annotated('Order.Shipped'),
      properties: { detail: ORDER, 'detail-type': { type: 'string' } },
      required: ['detail'],
    };
    const path = file(
      'api/events.json',
      openApi({
        'Order/Created': annotated('Order.Created', { 'x-event-backbone-owner': 'order' }),
        Shipped: whole,
        Money: { type: 'number' },
      }),
    );

    for (const contracts of [EventContract.fromOpenApi(path), EventContract.fromDirectory(dirname(path))]) {
      expect(contracts.map(({ schemaName, owner }) => [schemaName, owner])).toEqual([
        ['order.service@Order.Created', 'order'],
        ['order.service@Order.Shipped', undefined],
      ]);
      for (const { schema } of contracts) expect(faults(schema, { orderId: 1 })).toEqual(['/orderId type']);
    }
    expect(EventContract.fromOpenApi(path, { owner: 'sales' }).map(({ owner }) => owner)).toEqual(['order', 'sales']);
  });

  test('of one event has its description', () => {
    const AWSEvent = annotated('Order.Created', { properties: { detail: ORDER } });
    const document = { ...openApi({ AWSEvent }), info: { description: 'An order was taken.' } };
    const [described] = EventContract.fromOpenApi(file('described.json', document));
    expect(described.description).toBe('An order was taken.');
    const several = { ...document, components: { schemas: { A: annotated('A') } } };
    expect(EventContract.fromOpenApi(file('several.json', several))[0].description).toBeUndefined();
  });

  test.each<[string, unknown, string]>([
    [
      'without annotations',
      openApi({ A: {}, B: {} }),
      '/components/schemas: none of "A", "B" has x-amazon-events-source and x-amazon-events-detail-type: annotate the schemas of events, or pass EventSchema.fromOpenApi to an EventContract (ContractInvalid)',
    ],
    [
      'without components',
      { openapi: '3.0.0' },
      '/components/schemas: undefined is no object of schemas: pass an OpenAPI document (SchemaInvalid)',
    ],
    [
      'with half an annotation',
      openApi({ A: annotated() }),
      '/components/schemas/A: has x-amazon-events-source and no x-amazon-events-detail-type: write both, or none (ContractInvalid)',
    ],
  ])('%s is refused', (name, content, message) => {
    const path = file(`api-${name}.json`, content);
    expect(() => EventContract.fromOpenApi(path)).toThrow(`${path}${message}`);
  });

  test('with half an annotation is refused in a directory, too', () => {
    const path = file('half/a.json', openApi({ A: annotated() }));
    expect(() => EventContract.fromDirectory(dirname(path))).toThrow(
      `${path}/components/schemas/A: has x-amazon-events-source and no x-amazon-events-detail-type`,
    );
  });
});
