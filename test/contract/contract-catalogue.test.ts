import { App, Aws, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Files } from './files';
import { DIALECTS, RandomSchemas, ROUNDS } from './random-schemas';
import { Random } from '../../scripts/random';
import { ContractCatalogue, EventContract, EventSchema, type ContractCatalogueProps } from '../../src';
import { compileSchema } from '../../src/contract/compile-schema';
import type { SchemaDialect } from '../../src/contract/event-schema';
import { openApiOf } from '../../src/contract/open-api';

const files = new Files();
const REGISTRY = 'AWS::EventSchemas::Registry';
const SCHEMA = 'AWS::EventSchemas::Schema';
const ORDER = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };

const contract = (detailType: string, schema: any = ORDER, source = 'order.service') =>
  new EventContract({ source, detailType, schema: EventSchema._in(schema, 'order.json') });

function publish(props: Partial<ContractCatalogueProps> = {}) {
  const stack = new Stack(new App(), 'Hub');
  const catalogue = new ContractCatalogue(stack, 'Catalogue', {
    registryName: 'acme-contracts',
    contracts: [contract('Order.Created')],
    ...props,
  });
  return { stack, catalogue, template: Template.fromStack(stack) };
}

const properties = (template: Template, type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);
const names = (template: Template) => properties(template, SCHEMA).map(({ SchemaName }) => SchemaName);
const documentOf = (published: EventContract) => JSON.parse(openApiOf(published).content).components.schemas;

test('a contract is published as the whole event, as the registry has its own', () => {
  // WHEN
  const { template, catalogue } = publish();

  // THEN
  expect(catalogue.registryNames).toEqual(['acme-contracts']);
  expect(properties(template, REGISTRY)).toEqual([{ RegistryName: 'acme-contracts' }]);
  const [{ Content, ...rest }] = properties(template, SCHEMA);
  expect(rest).toEqual({
    RegistryName: { 'Fn::GetAtt': [expect.stringMatching(/^Catalogue/), 'RegistryName'] },
    SchemaName: 'order.service@Order.Created',
    Type: 'OpenApi3',
  });
  const text = { type: 'string' };
  expect(JSON.parse(Content)).toEqual({
    openapi: '3.0.0',
    info: { title: 'OrderCreated', version: '1.0.0' },
    paths: {},
    components: {
      schemas: {
        AWSEvent: {
          type: 'object',
          required: ['detail', 'account', 'detail-type', 'id', 'region', 'resources', 'source', 'time', 'version'],
          'x-amazon-events-source': 'order.service',
          'x-amazon-events-detail-type': 'Order.Created',
          properties: {
            detail: { $ref: '#/components/schemas/OrderCreated' },
            account: text,
            'detail-type': text,
            id: text,
            region: text,
            resources: { type: 'array', items: text },
            source: text,
            time: { type: 'string', format: 'date-time' },
            version: text,
          },
        },
        OrderCreated: ORDER,
      },
    },
  });
});

test('has descriptions, cut where the registry takes no more', () => {
  const described = new EventContract({
    source: 's',
    detailType: 'd',
    description: 'x'.repeat(300),
    schema: EventSchema.fromInline(ORDER),
  });
  const { template } = publish({ contracts: [described], description: 'All events.' });
  template.hasResourceProperties(REGISTRY, { Description: 'All events.' });
  template.hasResourceProperties(SCHEMA, { Description: 'x'.repeat(256) });
  expect(JSON.parse(openApiOf(described).content).info.description).toHaveLength(300);
});

test('what is published is read back as the contract that it was', () => {
  const owned = new EventContract({
    source: 'order.service',
    detailType: 'Order Created',
    owner: 'order',
    description: 'An order was taken.',
    schema: EventSchema.fromInline(ORDER),
  });
  files.write('back/order.json', openApiOf(owned).content);
  const [read] = EventContract.fromDirectory(files.path('back'));
  const { schema, _advice, ...fields } = owned;
  expect(read).toMatchObject(fields);
  expect(
    compileSchema(read.schema)
      .validate({})
      .map(({ keyword }) => keyword),
  ).toEqual(['required']);
});

test('the same schema is the same text, however it was written', () => {
  const [one, other] = [
    { type: 'object', minProperties: 1 },
    { minProperties: 1, type: ['object'] },
  ].map((schema) => openApiOf(contract('A', schema)));
  expect(one).toEqual(other);
});

test('names are those of the registry: no spaces, hyphens for what it does not take, each once', () => {
  const types = ['Order created', 'Order.Created', 'Größe/x', 'Order_v2', 'OrderCreated'];
  const contracts = types.map((type) => contract(type));
  const expected = [
    expect.stringMatching(/^order\.service@OrderCreated-[0-9a-f]{8}$/),
    'order.service@Order.Created',
    'order.service@Gr--e-x',
    'order.service@Order_v2',
    'order.service@OrderCreated',
  ];
  expect(names(publish({ contracts }).template).sort()).toEqual(expect.arrayContaining(expected));
  expect(names(publish({ contracts: contracts.reverse() }).template).sort()).toEqual(expect.arrayContaining(expected));
});

describe('over 100 contracts', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => contract(`Type${i}`));

  test.each([
    [100, ['acme-contracts']],
    [101, ['acme-contracts', 'acme-contracts-2']],
  ])('%d go into %j', (count, registries) => {
    const { template, catalogue } = publish({ contracts: many(count) });
    expect(catalogue.registryNames).toEqual(registries);
    expect(properties(template, REGISTRY).map(({ RegistryName }) => RegistryName)).toEqual(registries);
    const inFirst = properties(template, SCHEMA).filter(
      ({ RegistryName }) => !RegistryName['Fn::GetAtt'][0].includes('Registry2'),
    );
    expect(inFirst).toHaveLength(100);
  });

  test('fails over 1,000', () => {
    expect(() => publish({ contracts: many(1001) })).toThrow(
      '[Hub/Catalogue] 1001 contracts are more than 10 registries with 100 schemas each hold, which is what an account has in a Region: make several catalogues, in several accounts or once the quotas are raised (CatalogueTooLarge)',
    );
  });
});

describe('fails for', () => {
  test.each<[string, Partial<ContractCatalogueProps>, string]>([
    [
      'other characters in the name',
      { registryName: 'acme contracts' },
      'registryName "acme contracts" is not 1 to 64 letters, digits, dots, hyphens and underscores',
    ],
    ['a name of AWS', { registryName: 'aws.events' }, '(CatalogueNameInvalid)'],
    ['a long name', { registryName: 'x'.repeat(65) }, '(CatalogueNameInvalid)'],
    [
      'a long description',
      { description: 'x'.repeat(257) },
      'description of 257 characters, 256 at most: shorten it (DescriptionTooLong)',
    ],
    [
      'a long schema',
      { contracts: [contract('A', { description: 'x'.repeat(100_000) })] },
      'the schema registry 100000 at most: shorten its descriptions and examples, or leave it out: EventBackbone takes "catalogue: false", and a ContractCatalogue of your own the other contracts (CatalogueSchemaTooLong)',
    ],
    [
      'contracts that contradict each other',
      { contracts: [contract('A'), contract('A', { required: ['a'] })] },
      '(ContractDuplicate)',
    ],
    ['contracts that are none', { contracts: [undefined as any] }, 'contracts[0] is undefined, not an EventContract'],
  ])('%s', (_, props, message) => {
    expect(() => publish(props)).toThrow(message);
  });
});

test('a name that is known at deployment only is taken', () => {
  const { template } = publish({ registryName: `contracts-${Aws.REGION}` });
  template.hasResourceProperties(REGISTRY, {
    RegistryName: { 'Fn::Join': ['', ['contracts-', { Ref: 'AWS::Region' }]] },
  });
});

describe('what OpenAPI 3.0 has no word for', () => {
  test('is said in other words where it can be', () => {
    const schema = {
      properties: {
        const: { const: 'x' },
        nullable: { type: ['string', 'null'] },
        several: { type: ['string', 'number', 'null'] },
        bound: { type: 'number', exclusiveMinimum: 0 },
        list: { type: 'array', contains: { const: 'x' } },
        part: { $ref: '#/$defs/Money', description: 'In euros.' },
        never: false,
        null: { type: 'null' },
      },
      dependentRequired: { list: ['bound'] },
      if: { required: ['const'] },
      then: { required: ['bound'] },
      $defs: { Money: { type: 'number' } },
    };
    const published = contract('A', schema);
    expect(openApiOf(published).lost).toEqual([]);
    expect(documentOf(published)).toMatchObject({
      A: {
        properties: {
          const: { type: 'string', enum: ['x'] },
          nullable: { type: 'string', nullable: true },
          several: { allOf: [{ anyOf: [{ type: 'number' }, { type: 'string' }, { enum: [null] }] }] },
          bound: { type: 'number', minimum: 0, exclusiveMinimum: true },
          list: {
            type: 'array',
            items: {},
            allOf: [{ not: { type: 'array', items: { not: { type: 'string', enum: ['x'] } } } }],
          },
          part: { description: 'In euros.', allOf: [{ $ref: '#/components/schemas/Money' }] },
          never: { not: {} },
          null: { enum: [null] },
        },
        allOf: [
          { anyOf: [{ not: { type: 'object', required: ['list'] } }, { required: ['bound'] }] },
          { anyOf: [{ not: { required: ['const'] } }, { required: ['bound'] }] },
        ],
      },
      Money: { type: 'number' },
    });
  });

  test('is left out elsewhere, with a warning that names the contract, the keyword and the place', () => {
    const schema = {
      type: 'object',
      patternProperties: { '^x-': { type: 'string' } },
      propertyNames: { maxLength: 9 },
      additionalProperties: false,
    };
    const { stack } = publish({ contracts: [contract('A', { properties: { a: schema } }), contract('B')] });
    Annotations.fromStack(stack).hasWarning(
      '/Hub/Catalogue',
      Match.stringLikeRegexp(
        'contract order.service@A: the schema registry takes OpenAPI 3.0, which has no "patternProperties" \\(order.json/properties/a\\), "propertyNames" \\(order.json/properties/a\\): the published schema accepts more than the contract.*ContractCatalogue.lossy',
      ),
    );
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toHaveLength(1);
    expect(documentOf(contract('A', schema)).A).toEqual({
      type: 'object',
      additionalProperties: { anyOf: [{ type: 'string' }] },
    });
  });

  test.each<[string, object, unknown]>([
    // Each accepts the value only as long as it is not said in part.
    ['in one of two alternatives', { oneOf: [{ $ref: '#/$defs/loose' }, { required: ['b'] }] }, { a: 1, b: 1 }],
    ['in what must not hold', { not: { patternProperties: { '^a': { type: 'string' } } } }, { a: 1 }],
    ['in a part that must not hold', { not: { $ref: '#/$defs/loose' } }, { a: 1 }],
    ['in a condition', { if: { $ref: '#/$defs/loose' }, then: { required: ['c'] } }, { a: 1 }],
    ['in what a list contains', { contains: { $ref: '#/$defs/loose' }, minContains: 2 }, [{ a: 'x' }, {}]],
    ['in a tuple', { prefixItems: [{ type: 'string' }, { type: 'number' }], items: false }, ['x', 1]],
  ])('does not refuse more where it is left out %s', (_, schema, value) => {
    const published = contract('A', {
      ...schema,
      $defs: { loose: { type: 'object', patternProperties: { '^a': { type: 'string' } } } },
    });
    expect(compileSchema(published.schema).validate(value)).toEqual([]);
    const { content, lost } = openApiOf(published);
    expect(compileSchema(EventSchema._inOpenApi(JSON.parse(content), 'published')).validate(value)).toEqual([]);
    expect(lost).not.toEqual([]);
  });

  test('advice on a schema is printed too, except what concerns republished events alone', () => {
    const { stack } = publish({ contracts: [contract('A', { format: 'dateTime', additionalProperties: false })] });
    Annotations.fromStack(stack).hasWarning('/Hub/Catalogue', Match.stringLikeRegexp('Contract.formatUnknown'));
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('Contract.metadataClosed'));
  });
});

describe('what is published accepts what the contract accepts, and no more unless it says so, on random schemas and values', () => {
  test.each(Object.keys(DIALECTS) as SchemaDialect[])('%s', (dialect) => {
    const seen = { exact: 0, lossy: 0, accepted: 0, refused: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const random = new Random('catalogue', dialect, round);
      const schemas = new RandomSchemas(random, dialect);
      const document = schemas.document();
      const schema = EventSchema._in(document, 'the schema');
      Object.defineProperty(schema, '_dialect', { value: dialect });
      // Not by its constructor, which refuses what takes no object.
      const { content, lost } = openApiOf({ source: 's', detailType: 'Some.Thing', schema } as EventContract);
      const published = compileSchema(EventSchema._inOpenApi(JSON.parse(content), 'published'));
      const { validate } = compileSchema(schema);
      seen[lost.length === 0 ? 'exact' : 'lossy'] += 1;
      for (let i = 0; i < 30; i++) {
        const value = schemas.value(document, document);
        const isValid = validate(value).length === 0;
        const isPublished = published.validate(value).length === 0;
        seen[isValid ? 'accepted' : 'refused'] += 1;
        const about = { round, document, content, lost, value };
        expect({ ...about, isPublished }).toEqual({
          ...about,
          isPublished: isValid || (lost.length > 0 && isPublished),
        });
      }
    }
    expect(Math.min(seen.exact, seen.lossy)).toBeGreaterThan(ROUNDS / 10);
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(ROUNDS * 3);
  });
});
