import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import Ajv from 'ajv';
import { BusOwner, DeliveryMode, LockLevel, MemberState, Topology } from '../../src';
import { BackboneError } from '../../src/internal/errors';

const ROOT = join(__dirname, '..', '..');
const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));

interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Record<string, Schema>;
  readonly additionalProperties?: boolean;
  readonly required?: string[];
  readonly items?: Schema;
  readonly default?: unknown;
  readonly definitions?: Record<string, Schema>;
}

const SCHEMA: Schema = read('topology.schema.json');
const accepts = new Ajv().compile(SCHEMA);

/** A document with every field that there is, and nothing that two fields could disagree about. */
const FULL = {
  $schema: './node_modules/cdk-event-backbone/topology.schema.json',
  name: 'acme',
  organizationId: 'o-abc1234567',
  organizationPaths: ['o-abc1234567/r-ab12/*'],
  lockLevel: 'role',
  rolePath: '/backbone/',
  delivery: { mode: 'plain', validPrefix: 'good.', invalidPrefix: 'bad.' },
  hub: {
    account: '111111111111',
    region: 'eu-west-1',
    eventBusName: 'central',
    existingEventBus: true,
    publishedEventBusName: 'checked',
    forwardingRoleName: 'put-events',
    republisherRoleName: 'republish',
  },
  members: [
    {
      name: 'order',
      account: '222222222222',
      region: 'eu-central-1',
      state: 'joining',
      sources: ['order.service'],
      filter: {
        sources: ['delivery.service'],
        detailTypes: ['Delivery.Updated'],
        pattern: { detail: { urgent: [true] } },
      },
      busOwner: 'member',
      eventBusName: 'orders',
      lockLevel: 'strict',
    },
  ],
};
const MINIMAL = {
  name: 'acme',
  hub: { account: '111111111111', region: 'eu-west-1' },
  members: [{ name: 'order', account: '222222222222' }],
};

type Path = (string | number)[];
type Document = Record<string, any>;

const pointer = (path: Path) => path.map((step) => `/${step}`).join('');
const at = (document: Document, path: Path) => path.reduce<any>((value, step) => value?.[step], document);

/** A copy with another value at a place; `undefined` takes the field away. */
function changed(document: Document, path: Path, value: unknown): Document {
  const copy = structuredClone(document);
  const [last] = path.slice(-1);
  const parent = at(copy, path.slice(0, -1));
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

const resolved = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : SCHEMA.definitions![schema.$ref.replace('#/definitions/', '')];

/** Every place that the schema describes, with the first entry standing for all of a list. */
function places(unresolved: Schema = SCHEMA, path: Path = []): { path: Path; schema: Schema }[] {
  const schema = resolved(unresolved);
  return [
    { path, schema },
    ...Object.entries(schema.properties ?? {}).flatMap(([field, inner]) => places(inner, [...path, field])),
    ...(schema.items ? places(schema.items, [...path, 0]) : []),
  ];
}

const fields = places().filter(({ path }) => typeof path[path.length - 1] === 'string' && path[0] !== '$schema');
const structs = places().filter(({ schema }) => schema.properties !== undefined);

let directory: string;
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'topology-'))));
afterAll(() => rmSync(directory, { recursive: true }));

/** Reads the document as users do. */
function load(document: unknown): Topology {
  const file = join(directory, 'topology.json');
  writeFileSync(file, JSON.stringify(document));
  return Topology.fromFile(file);
}

function refusal(document: unknown): string | undefined {
  try {
    load(document);
    return undefined;
  } catch (error) {
    if (error instanceof BackboneError) return error.message;
    throw error;
  }
}

const verdicts = (document: unknown) => ({
  schema: accepts(document) ? 'accepted' : 'refused',
  library: refusal(document) === undefined ? 'accepted' : 'refused',
});

describe('fields', () => {
  test('a document can have all of them', () => {
    const missing = places()
      .map(({ path }) => path)
      .filter((path) => at(FULL, path) === undefined);

    expect(missing.map(pointer)).toEqual([]);
    expect(verdicts(FULL)).toEqual({ schema: 'accepted', library: 'accepted' });
  });

  test.each(structs.map(({ path, schema }) => [pointer(path) || '/', path, schema] as const))(
    'those of %s are the ones that the library knows',
    (_, path, schema) => {
      const message = refusal(changed(FULL, [...path, 'nonsense'], 1));
      const [, known] = /nonsense: is not a field here: allowed are (.*) \(TopologyFieldUnknown\)$/.exec(message!)!;

      const described = Object.keys(schema.properties!).filter((field) => field !== '$schema');
      expect(described.sort()).toEqual(known.split(', ').sort());
    },
  );

  test.each(structs.map(({ path }) => [pointer(path) || '/', path] as const))('others are refused in %s', (_, path) => {
    expect(verdicts(changed(FULL, [...path, 'nonsense'], 1))).toEqual({ schema: 'refused', library: 'refused' });
  });

  test('only a pattern may have any', () => {
    const open = places().filter(({ schema }) => schema.type === 'object' && schema.additionalProperties !== false);

    expect(open.map(({ path }) => pointer(path))).toEqual(['/members/0/filter/pattern']);
    expect(verdicts(changed(FULL, ['members', 0, 'filter', 'pattern', 'nonsense'], ['a']))).toEqual({
      schema: 'accepted',
      library: 'accepted',
    });
  });

  test.each([...fields.map(({ path, schema }) => [pointer(path), schema] as const)])(
    '%s is explained to who writes it',
    (_, schema) => {
      expect(schema.description).toMatch(/^[A-Z].{15,}/);
    },
  );
});

describe('verdicts', () => {
  const a = (length: number) => 'a'.repeat(length);
  const TEXTS = [
    ...[
      '',
      ' ',
      'a',
      'A-1',
      '1a',
      'a_b',
      'a.b',
      'a/b',
      'a b',
      'a\n',
      'ä',
      'a+=,.@-_b',
      '*',
      'order.*',
      'aws.s3',
      'aws',
    ],
    ...['default', 'Default', 'default-bus', 'global', 'GLOBAL', 'Published', 'global-trade'],
    ...['valid.', 'aws.', 'aws_.', 'a.b.', '.', 'ä.'],
    ...['/', '//', '/a/', '/a/b/', '/a b/', '/a', 'a/', '/ä/', `/${a(510)}/`, `/${a(511)}/`],
    ...['999999999999', '99999999999', '9999999999999', '9999-9999-9999', '٣٣٣٣٣٣٣٣٣٣٣٣'],
    // One partition and one organisation, as in the document: others are a matter of two fields.
    ...['eu-west-1', 'eu-west-1a', 'eu-west', 'EU-WEST-1', 'eu-southwest-7', 'eu-west-123'],
    ...['o-abc1234567', 'o-abc123456', `o-${a(33)}`, 'O-abc1234567', 'o-abc1234567\n'],
    ...['o-abc1234567/', 'o-abc1234567/*', 'o-abc1234567/r-ab12/', 'o-abc1234567/r-ab12', 'o-abc1234567/r-ab12/**'],
    ...[60, 61, 62, 64, 65, 68, 69, 256, 257].map(a),
    ...[DeliveryMode, LockLevel, MemberState, BusOwner].flatMap((choices) => Object.values<string>(choices)),
  ];
  const VALUES = [
    ...[null, true, false, 0, 5, 999999999999, {}, [], [5], [null], [{}], [[]]],
    ...TEXTS,
    ...TEXTS.map((text) => [text]),
    ...TEXTS.map((text) => [text, text]),
    ['b', 'c'],
    { account: '999999999999', region: 'eu-west-1' },
    { name: 'bank', account: '999999999999' },
    [{ name: 'bank', account: '999999999999' }],
  ];

  test.each(fields.map(({ path }) => [pointer(path), path] as const))(
    'on %s are the same, whatever stands there',
    (_, path) => {
      const documents = VALUES.map((value) => changed(FULL, path, value));
      const found = documents.map((document) => ({ value: at(document, path), ...verdicts(document) }));

      // What the pattern language refuses is beyond a schema: there it may accept more, never less.
      const isPattern = path[path.length - 1] === 'pattern';
      const differ = found.filter(({ schema, library }) => schema !== library && !(isPattern && schema === 'accepted'));
      expect(differ).toEqual([]);
      // Values of which none fits, or all, would prove nothing.
      expect(new Set(found.map(({ schema }) => schema))).toEqual(new Set(['accepted', 'refused']));
    },
  );

  test.each(fields.map(({ path }) => [pointer(path), path] as const))(
    'are the same on a document without %s',
    (_, path) => {
      const { schema, library } = verdicts(changed(FULL, path, undefined));

      expect(schema).toBe(library);
    },
  );

  test.each([
    [['name']],
    [['hub']],
    [['hub', 'account']],
    [['hub', 'region']],
    [['members']],
    [['members', 0, 'name']],
    [['members', 0, 'account']],
  ])('%j is required', (path) => {
    expect(verdicts(changed(MINIMAL, path, undefined))).toEqual({ schema: 'refused', library: 'refused' });
  });

  test.each<[string, unknown]>([
    ['a document with what is required alone', MINIMAL],
    ['an empty list of members', { ...MINIMAL, members: [] }],
    ['an empty filter', changed(MINIMAL, ['members', 0, 'filter'], {})],
    ['an empty delivery', { ...MINIMAL, delivery: {} }],
    ['a global bus that does not exist yet', changed(MINIMAL, ['hub', 'existingEventBus'], false)],
    ['the topology of the example', read('examples/ecommerce/topology.json')],
  ])('accepted by both: %s', (_, document) => {
    expect(verdicts(document)).toEqual({ schema: 'accepted', library: 'accepted' });
  });

  test.each<[string, unknown]>([
    ['a list', []],
    ['null', null],
    ['text', 'acme'],
    ['an existing global bus without its name', changed(MINIMAL, ['hub', 'existingEventBus'], true)],
    ['a member twice', { ...MINIMAL, members: [MINIMAL.members[0], MINIMAL.members[0]] }],
  ])('refused by both: %s', (_, document) => {
    expect(verdicts(document)).toEqual({ schema: 'refused', library: 'refused' });
  });

  test.each<[string, unknown, string]>([
    [
      'members with one name',
      { ...MINIMAL, members: [...MINIMAL.members, { name: 'order', account: '333333333333' }] },
      'TopologyMemberDuplicate',
    ],
    [
      'members in one account without sources',
      { ...MINIMAL, members: [...MINIMAL.members, { name: 'delivery', account: '222222222222' }] },
      'TopologySharedAccountWithoutSources',
    ],
    [
      'names that are too long together',
      { ...MINIMAL, name: 'a'.repeat(64 - '-forwarder-eu-west-1'.length + 1) },
      'TopologyNameTooLong',
    ],
    ['Regions of two partitions', changed(MINIMAL, ['members', 0, 'region'], 'cn-north-1'), 'TopologyRegionInvalid'],
    [
      'paths of another organisation',
      { ...MINIMAL, organizationId: 'o-abc1234567', organizationPaths: ['o-xyz1234567/*'] },
      'TopologyOrganizationInvalid',
    ],
    ['one prefix for both', { ...MINIMAL, delivery: { validPrefix: 'invalid.' } }, 'TopologyPrefixInvalid'],
    [
      'one bus for two purposes',
      changed(MINIMAL, ['hub', 'publishedEventBusName'], 'acme-global'),
      'TopologyEventBusDuplicate',
    ],
  ])('left to the library, since no schema can say it: %s', (_, document, code) => {
    expect(accepts(document)).toBe(true);
    expect(refusal(document)).toContain(`(${code})`);
  });
});

describe('defaults', () => {
  const defaults = fields.filter(({ schema }) => schema.default !== undefined);

  test('there are as many as fields that fall back on a fixed value', () => {
    expect(defaults.map(({ path }) => pointer(path)).sort()).toEqual([
      '/delivery/invalidPrefix',
      '/delivery/mode',
      '/delivery/validPrefix',
      '/hub/existingEventBus',
      '/lockLevel',
      '/members/0/busOwner',
      '/members/0/state',
      '/rolePath',
    ]);
  });

  test('written out they change nothing', () => {
    const derived = (document: unknown) => {
      const topology = load(document);
      return [
        topology.deliveryMode,
        topology.validPrefix,
        topology.invalidPrefix,
        topology.hub.existingEventBus ?? false,
        topology.lockLevelOf('order'),
        topology.busOwnerOf('order'),
        topology.stateOf('order'),
        topology.forwardingRoleArn,
      ];
    };

    const written = defaults.reduce<Document>((document, { path, schema }) => changed(document, path, schema.default), {
      ...MINIMAL,
      delivery: {},
    });
    expect(derived(written)).toEqual(derived(MINIMAL));
  });
});
