import { Aws } from 'aws-cdk-lib';
import { BusOwner, DeliveryMode, LockLevel, MemberState, Topology, type TopologyProps } from '../../src';
import { BackboneError } from '../../src/internal/errors';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const ORDER = { name: 'order', account: '222222222222' };
const DELIVERY = { name: 'delivery', account: '333333333333' };

type Json = Record<string, unknown>;

// Whatever the types forbid reaches us from JSON files and other languages all the same.
const withTop = (fields: Json): unknown => ({ name: 'acme', hub: HUB, members: [ORDER, DELIVERY], ...fields });
const withHub = (fields: Json) => withTop({ hub: { ...HUB, ...fields } });
const withMember = (fields: Json) => withTop({ members: [{ ...ORDER, ...fields }, DELIVERY] });
const withFilter = (filter: unknown) => withMember({ filter });
const withDelivery = (delivery: unknown) => withTop({ delivery });
const withMembers = (...members: Json[]) => withTop({ members });
const inRegions = (hub: string, member: string) =>
  withTop({ hub: { ...HUB, region: hub }, members: [{ ...ORDER, region: member }] });

const accept = (topology: unknown) => new Topology(topology as TopologyProps);

function refusal(topology: unknown): BackboneError {
  try {
    accept(topology);
  } catch (error) {
    if (error instanceof BackboneError) return error;
    throw error;
  }
  throw new Error('the topology was accepted');
}

/** What is wrong, the topology, where, the code, and what the message says. */
type Refusal = [string, unknown, string, string, string];

/** Each topology has this one fault: with several the message would not begin with the place. */
function refuses(table: Refusal[]) {
  test.each(table)('fails for %s', (_, topology, pointer, code, text) => {
    const error = refusal(topology);

    expect(error.message.slice(0, `topology#${pointer}: `.length)).toBe(`topology#${pointer}: `);
    expect(error.message).toContain(text);
    expect(error.message.endsWith(` (${code})`)).toBe(true);
    expect(error.code).toBe(code);
  });
}

test('what the refused topologies are made from is accepted itself', () => {
  expect(accept(withTop({})).members).toHaveLength(2);
});

describe('fields that are missing', () => {
  refuses([
    [
      'no name',
      withTop({ name: undefined }),
      '/name',
      'TopologyFieldMissing',
      'is missing: give a letter, then letters, digits and hyphens',
    ],
    [
      'no hub',
      withTop({ hub: undefined }),
      '/hub',
      'TopologyFieldMissing',
      'is missing: give the account and Region of the global bus, as { "account": "111111111111", "region": "eu-west-1" }',
    ],
    [
      'no account of the hub',
      withHub({ account: undefined }),
      '/hub/account',
      'TopologyFieldMissing',
      'is missing: give the 12 digits of the account as a string',
    ],
    [
      'no Region of the hub',
      withHub({ region: undefined }),
      '/hub/region',
      'TopologyFieldMissing',
      'is missing: name the Region of the global bus, such as "eu-west-1"',
    ],
    [
      'no members',
      withTop({ members: undefined }),
      '/members',
      'TopologyFieldMissing',
      'is missing: give a list of members, which may be empty',
    ],
    [
      'a member without a name',
      withMember({ name: undefined }),
      '/members/0/name',
      'TopologyFieldMissing',
      'is missing: give a letter',
    ],
    [
      'a member without an account',
      withMember({ account: undefined }),
      '/members/0/account',
      'TopologyFieldMissing',
      'is missing: give the 12 digits of the account as a string',
    ],
    [
      'an existing global bus without its name',
      withHub({ existingEventBus: true }),
      '/hub/eventBusName',
      'TopologyFieldMissing',
      'with "existingEventBus" the name of that bus must stand here',
    ],
  ]);

  test('an empty list of members is a topology to begin with', () => {
    expect(accept(withTop({ members: [] })).memberAccounts).toEqual([]);
  });

  test('an existing global bus with its name is accepted', () => {
    const topology = accept(withHub({ existingEventBus: true, eventBusName: 'central' }));

    expect(topology.globalBusName).toBe('central');
  });
});

describe('fields that nobody knows', () => {
  refuses([
    [
      'the topology',
      withTop({ organisationId: 'o-abc1234567' }),
      '/organisationId',
      'TopologyFieldUnknown',
      'is not a field here: allowed are name, hub, members, organizationId,',
    ],
    [
      'the hub',
      withHub({ accountId: '111111111111' }),
      '/hub/accountId',
      'TopologyFieldUnknown',
      'allowed are account, region, eventBusName,',
    ],
    [
      'a member',
      withMember({ source: ['order.service'] }),
      '/members/0/source',
      'TopologyFieldUnknown',
      'allowed are name, account, region, state, sources,',
    ],
    [
      'a filter',
      withFilter({ 'detail-type': ['Order.Created'] }),
      '/members/0/filter/detail-type',
      'TopologyFieldUnknown',
      'allowed are sources, detailTypes, pattern',
    ],
    [
      'the delivery',
      withDelivery({ prefix: 'valid.' }),
      '/delivery/prefix',
      'TopologyFieldUnknown',
      'allowed are mode, validPrefix, invalidPrefix',
    ],
    [
      'a name that needs escaping in a JSON pointer',
      withTop({ 'a/b~c': 1 }),
      '/a~1b~0c',
      'TopologyFieldUnknown',
      'is not a field here',
    ],
  ]);
});

describe('fields of the wrong type', () => {
  refuses([
    ['a topology that is a list', [], '', 'TopologyFieldInvalid', '[] is not an object'],
    ['a topology that is null', null, '', 'TopologyFieldInvalid', 'null is not an object'],
    ['a hub that is null', withTop({ hub: null }), '/hub', 'TopologyFieldInvalid', 'null is not an object'],
    [
      'a hub that is text',
      withTop({ hub: '111111111111' }),
      '/hub',
      'TopologyFieldInvalid',
      '"111111111111" is not an object',
    ],
    [
      'members that are an object',
      withTop({ members: { order: {} } }),
      '/members',
      'TopologyFieldInvalid',
      '{"order":{}} is not a list: give a list of members',
    ],
    [
      'a member that is text',
      withTop({ members: ['order'] }),
      '/members/0',
      'TopologyFieldInvalid',
      '"order" is not an object',
    ],
    ['a delivery that is text', withDelivery('plain'), '/delivery', 'TopologyFieldInvalid', '"plain" is not an object'],
    ['a filter that is a list', withFilter([]), '/members/0/filter', 'TopologyFieldInvalid', '[] is not an object'],
    [
      'existingEventBus that is text',
      withHub({ existingEventBus: 'false' }),
      '/hub/existingEventBus',
      'TopologyFieldInvalid',
      '"false" is not true or false',
    ],
    [
      'a pattern that is text',
      withFilter({ pattern: '{}' }),
      '/members/0/filter/pattern',
      'TopologyFieldInvalid',
      '"{}" is not an event pattern: write an object such as { "detail": { "urgent": [true] } }',
    ],
    [
      'a pattern that is a list',
      withFilter({ pattern: [] }),
      '/members/0/filter/pattern',
      'TopologyFieldInvalid',
      '[] is not an event pattern',
    ],
    [
      'an operator that is none in a pattern',
      withFilter({ pattern: { detail: { 'a/b': [{ startsWith: 'x' }] } } }),
      '/members/0/filter/pattern/detail/a~1b/0/startsWith',
      'TopologyFieldInvalid',
      '"startsWith" is no operator. Did you mean "prefix"?',
    ],
    [
      'an empty list in a pattern',
      withFilter({ pattern: { source: [] } }),
      '/members/0/filter/pattern/source',
      'TopologyFieldInvalid',
      'an empty list, which EventBridge refuses',
    ],
    ['a name that is null', withTop({ name: null }), '/name', 'TopologyNameInvalid', 'null is not a letter'],
  ]);
});

describe('names', () => {
  refuses([
    [
      'a topology that begins with a digit',
      withTop({ name: '1acme' }),
      '/name',
      'TopologyNameInvalid',
      '"1acme" is not a letter, then letters, digits and hyphens',
    ],
    ['a topology without letters', withTop({ name: '' }), '/name', 'TopologyNameInvalid', '"" is not a letter'],
    ['a topology with a dot', withTop({ name: 'acme.dev' }), '/name', 'TopologyNameInvalid', '"acme.dev" is not'],
    [
      'a member with an underscore',
      withMember({ name: 'order_service' }),
      '/members/0/name',
      'TopologyMemberNameInvalid',
      '"order_service" is not a letter, then letters, digits and hyphens',
    ],
    [
      'a member with a space',
      withMember({ name: 'order service' }),
      '/members/0/name',
      'TopologyMemberNameInvalid',
      '"order service" is not',
    ],
    ...['global', 'published', 'Global', 'PUBLISHED'].map((name): Refusal => [
      `a member that is called ${name}`,
      withMember({ name }),
      '/members/0/name',
      'TopologyMemberNameInvalid',
      `"${name}" is taken by the bus of the hub with that name: choose another`,
    ]),
    [
      'two members of one name',
      withMembers(ORDER, DELIVERY, { ...ORDER, account: '444444444444' }),
      '/members/2/name',
      'TopologyMemberDuplicate',
      '"order" is the name of /members/0 too',
    ],
    [
      'two members whose names differ in case only',
      withMembers(ORDER, { ...DELIVERY, name: 'Order' }),
      '/members/1/name',
      'TopologyMemberDuplicate',
      '"Order" is the name of /members/0 too: names differ in more than case',
    ],
  ]);

  test('a member may begin with a reserved name', () => {
    expect(accept(withMember({ name: 'global-trade' })).localBusName('global-trade')).toBe('acme-global-trade');
  });
});

describe('accounts', () => {
  refuses([
    [
      'a hub with eleven digits',
      withHub({ account: '11111111111' }),
      '/hub/account',
      'TopologyAccountInvalid',
      '"11111111111" is not a 12-digit account id as a string, such as "123456789012"',
    ],
    [
      'a member with thirteen digits',
      withMember({ account: '2222222222222' }),
      '/members/0/account',
      'TopologyAccountInvalid',
      '"2222222222222" is not a 12-digit account id as a string',
    ],
    [
      'an account with hyphens, as the console shows it',
      withMember({ account: '2222-2222-2222' }),
      '/members/0/account',
      'TopologyAccountInvalid',
      '"2222-2222-2222" is not a 12-digit account id',
    ],
    [
      'an account with a line break',
      withMember({ account: '222222222222\n' }),
      '/members/0/account',
      'TopologyAccountInvalid',
      'is not a 12-digit account id',
    ],
    [
      'a hub as a number',
      withHub({ account: 111111111111 }),
      '/hub/account',
      'TopologyAccountInvalid',
      '111111111111 is a number, which loses leading zeros and never matches an event: write "111111111111"',
    ],
    [
      'a member as a number that has lost its zeros',
      withMember({ account: 12345678 }),
      '/members/0/account',
      'TopologyAccountInvalid',
      'write "000012345678"',
    ],
    ...[1234567890123, -1, 1.5].map((account): Refusal => [
      `the number ${account}, from which no account can be guessed`,
      withMember({ account }),
      '/members/0/account',
      'TopologyAccountInvalid',
      `${account} is a number, which loses leading zeros and never matches an event: write the 12 digits as a string`,
    ]),
    [
      'an account that is null',
      withMember({ account: null }),
      '/members/0/account',
      'TopologyAccountInvalid',
      'null is not a 12-digit account id',
    ],
  ]);

  test('leading zeros are kept', () => {
    const topology = accept(withMember({ account: '000012345678' }));

    expect(topology.localBusArn('order')).toBe('arn:aws:events:eu-west-1:000012345678:event-bus/acme-order');
  });
});

describe('members in one account', () => {
  const shared = (first: Json, second: Json) =>
    withMembers({ ...ORDER, ...first }, { name: 'invoice', account: ORDER.account, ...second });

  refuses([
    [
      'a second member without sources',
      shared({ sources: ['order.service'] }, {}),
      '/members/1/sources',
      'TopologySharedAccountWithoutSources',
      'is missing: order, invoice share account 222222222222, where only the source tells whose event it is; list the sources of invoice',
    ],
    [
      'a first member without sources',
      shared({}, { sources: ['invoice.service'] }),
      '/members/0/sources',
      'TopologySharedAccountWithoutSources',
      'list the sources of order',
    ],
    [
      'a source of both',
      shared({ sources: ['order.service', 'money'] }, { sources: ['invoice.service', 'money'] }),
      '/members/1/sources/1',
      'TopologySourceInvalid',
      `"money" belongs to order in the same account too: give each its own, or neither receives the other's events`,
    ],
    [
      'a deploy-time account shared without sources',
      withMembers(
        { ...ORDER, account: Aws.ACCOUNT_ID, sources: ['order.service'] },
        {
          ...DELIVERY,
          account: Aws.ACCOUNT_ID,
        },
      ),
      '/members/1/sources',
      'TopologySharedAccountWithoutSources',
      'order, delivery share account',
    ],
  ]);

  test('each with sources of its own is accepted', () => {
    const topology = accept(shared({ sources: ['order.service'] }, { sources: ['invoice.service'] }));

    expect(topology.sharesAccount('invoice')).toBe(true);
  });

  test('in accounts of their own two members may have one source', () => {
    const topology = accept(withMembers({ ...ORDER, sources: ['money'] }, { ...DELIVERY, sources: ['money'] }));

    expect(topology.members.map(({ sources }) => sources)).toEqual([['money'], ['money']]);
  });
});

describe('sources and filters', () => {
  const notAList = 'is not a list with at least one entry: leave the field out instead';
  refuses([
    [
      'a source with a wildcard',
      withMember({ sources: ['order.service', 'order.*'] }),
      '/members/0/sources/1',
      'TopologySourceInvalid',
      '"order.*" has a wildcard: list each source literally',
    ],
    [
      'a source of AWS',
      withMember({ sources: ['aws.s3'] }),
      '/members/0/sources/0',
      'TopologySourceInvalid',
      '"aws.s3" begins with "aws.", which EventBridge refuses from anybody but AWS services: choose another source',
    ],
    [
      'a source that is empty',
      withMember({ sources: [''] }),
      '/members/0/sources/0',
      'TopologyFieldInvalid',
      '"" is not a string with at least one character',
    ],
    [
      'a source that is a number',
      withMember({ sources: [5] }),
      '/members/0/sources/0',
      'TopologyFieldInvalid',
      '5 is not a string with at least one character',
    ],
    [
      'a source that stands there twice',
      withMember({ sources: ['order.service', 'b', 'order.service'] }),
      '/members/0/sources/2',
      'TopologyFieldInvalid',
      '"order.service" stands in the list twice',
    ],
    ['no source', withMember({ sources: [] }), '/members/0/sources', 'TopologyFieldInvalid', `[] ${notAList}`],
    [
      'sources that are text',
      withMember({ sources: 'order.service' }),
      '/members/0/sources',
      'TopologyFieldInvalid',
      `"order.service" ${notAList}`,
    ],
    [
      'a filter for no source',
      withFilter({ sources: [] }),
      '/members/0/filter/sources',
      'TopologyFieldInvalid',
      `[] ${notAList}`,
    ],
    [
      'a filter for an empty source',
      withFilter({ sources: [''] }),
      '/members/0/filter/sources/0',
      'TopologyFieldInvalid',
      '"" is not a string with at least one character',
    ],
    [
      'a filter for detail-types that are text',
      withFilter({ detailTypes: 'Order.Created' }),
      '/members/0/filter/detailTypes',
      'TopologyFieldInvalid',
      `"Order.Created" ${notAList}`,
    ],
    [
      'a filter for a detail-type that is null',
      withFilter({ detailTypes: ['Order.Created', null] }),
      '/members/0/filter/detailTypes/1',
      'TopologyFieldInvalid',
      'null is not a string with at least one character',
    ],
  ]);

  test('a filter may ask for the sources of AWS services', () => {
    const topology = accept(withFilter({ sources: ['aws.s3'], detailTypes: ['Object Created'] }));

    expect(topology.member('order').filter?.sources).toEqual(['aws.s3']);
  });

  test('what stands in a pattern is not looked at here', () => {
    const pattern = { detail: { accountId: [5], members: [{ prefix: 'a' }] } };

    expect(accept(withFilter({ pattern })).member('order').filter?.pattern).toEqual(pattern);
  });
});

describe('Regions', () => {
  refuses([
    [
      'a hub in an availability zone',
      withHub({ region: 'eu-west-1a' }),
      '/hub/region',
      'TopologyRegionInvalid',
      '"eu-west-1a" is not a Region such as "eu-west-1"',
    ],
    [
      'a member in a country',
      withMember({ region: 'Ireland' }),
      '/members/0/region',
      'TopologyRegionInvalid',
      '"Ireland" is not a Region such as "eu-west-1"',
    ],
    [
      'a member in China with a hub that is not',
      inRegions('eu-west-1', 'cn-north-1'),
      '/members/0/region',
      'TopologyRegionInvalid',
      `"cn-north-1" is in partition aws-cn, the hub's eu-west-1 in aws: events cannot cross; run a backbone in each partition`,
    ],
    [
      'a hub in GovCloud with a member that is not',
      inRegions('us-gov-west-1', 'us-west-2'),
      '/members/0/region',
      'TopologyRegionInvalid',
      `"us-west-2" is in partition aws, the hub's us-gov-west-1 in aws-us-gov`,
    ],
    [
      'two Regions of China',
      inRegions('cn-north-1', 'cn-northwest-1'),
      '/members/0/region',
      'TopologyRegionInvalid',
      `"cn-northwest-1" is not the hub's cn-north-1: in partition aws-cn events cannot go to another Region; run a backbone in each Region`,
    ],
    [
      'two Regions of GovCloud',
      inRegions('us-gov-west-1', 'us-gov-east-1'),
      '/members/0/region',
      'TopologyRegionInvalid',
      'in partition aws-us-gov events cannot go to another Region',
    ],
  ]);

  test.each([
    ['another commercial Region', 'eu-west-1', 'ap-southeast-2'],
    ['the same Region of China', 'cn-north-1', 'cn-north-1'],
    ['a Region that only deployment knows', 'cn-north-1', Aws.REGION],
    ['a Region under a hub that only deployment knows', Aws.REGION, 'cn-north-1'],
    ['a Region newer than the CDK', 'eu-west-1', 'eu-southwest-7'],
    ['a Region under a hub newer than the CDK', 'eu-southwest-7', 'eu-west-1'],
  ])('a member may be in %s', (_, hub, member) => {
    expect(accept(inRegions(hub, member)).regionOf('order')).toBe(member);
  });
});

describe('delivery', () => {
  test('fails where the derived name of the role of the republisher is too long, once there is one', () => {
    const long = { ...HUB, forwardingRoleName: 'forwarder' };
    const topology = (mode: DeliveryMode) => withTop({ name: 'a'.repeat(44), hub: long, delivery: { mode } });

    expect(accept(topology(DeliveryMode.PLAIN)).name).toBe('a'.repeat(44));
    expect(refusal(topology(DeliveryMode.VALIDATED)).message).toContain("makes the republisher's role");
  });

  test('fails for a filter on a source that bears a prefix already', () => {
    const error = refusal(withMember({ filter: { sources: ['valid.order'] } }));

    expect(error.code).toBe('TopologySourceInvalid');
    expect(error.message).toContain(
      '#/members/0/filter/sources/0: "valid.order" begins with "valid.", which is put before sources where they are validated',
    );
  });

  test.each<[DeliveryMode, string]>([
    [DeliveryMode.PLAIN, 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global'],
    [DeliveryMode.VALIDATED, 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-published'],
    [DeliveryMode.VALIDATED_SAME_BUS, 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global'],
  ])('%s: the fan-out rules read the right bus', (mode, arn) => {
    expect(accept(withDelivery({ mode })).fanOutBusArn).toBe(arn);
  });

  const form = (suchAs: string) => `is not letters and digits ending in one dot, such as "${suchAs}"`;
  refuses([
    [
      'a mode that nobody knows',
      withDelivery({ mode: 'fast' }),
      '/delivery/mode',
      'TopologyFieldInvalid',
      '"fast" is not one of "plain", "validated", "validated-same-bus"',
    ],
    [
      'a prefix without its dot',
      withDelivery({ validPrefix: 'valid' }),
      '/delivery/validPrefix',
      'TopologyPrefixInvalid',
      `"valid" ${form('valid.')}`,
    ],
    [
      'a prefix of dots alone',
      withDelivery({ invalidPrefix: '.' }),
      '/delivery/invalidPrefix',
      'TopologyPrefixInvalid',
      `"." ${form('invalid.')}`,
    ],
    [
      'a prefix of two parts',
      withDelivery({ validPrefix: 'acme.valid.' }),
      '/delivery/validPrefix',
      'TopologyPrefixInvalid',
      `"acme.valid." ${form('valid.')}`,
    ],
    ...['validPrefix', 'invalidPrefix'].map((field): Refusal => [
      `${field} that belongs to AWS`,
      withDelivery({ [field]: 'aws.' }),
      `/delivery/${field}`,
      'TopologyPrefixInvalid',
      '"aws." belongs to AWS services: choose another prefix',
    ]),
    [
      'one prefix for both',
      withDelivery({ validPrefix: 'x.', invalidPrefix: 'x.' }),
      '/delivery/invalidPrefix',
      'TopologyPrefixInvalid',
      '"x." is the prefix of valid events too: choose two different ones',
    ],
    [
      'a prefix of valid events that is the default of the others',
      withDelivery({ validPrefix: 'invalid.' }),
      '/delivery/invalidPrefix',
      'TopologyPrefixInvalid',
      '"invalid." is the prefix of valid events too',
    ],
    [
      'a prefix of invalid events that is the default of the others',
      withDelivery({ invalidPrefix: 'valid.' }),
      '/delivery/invalidPrefix',
      'TopologyPrefixInvalid',
      '"valid." is the prefix of valid events too',
    ],
  ]);

  test('the default prefixes may be swapped', () => {
    const topology = accept(withDelivery({ validPrefix: 'invalid.', invalidPrefix: 'valid.' }));

    expect([topology.validPrefix, topology.invalidPrefix]).toEqual(['invalid.', 'valid.']);
  });
});

describe('choices', () => {
  const oneOf = (choices: object) =>
    `is not one of ${Object.values(choices)
      .map((choice) => `"${choice}"`)
      .join(', ')}`;
  refuses([
    [
      'a lock level of the topology',
      withTop({ lockLevel: 'ROLE' }),
      '/lockLevel',
      'TopologyFieldInvalid',
      `"ROLE" ${oneOf(LockLevel)}`,
    ],
    [
      'a lock level of a member',
      withMember({ lockLevel: 'open' }),
      '/members/0/lockLevel',
      'TopologyFieldInvalid',
      `"open" ${oneOf(LockLevel)}`,
    ],
    [
      'a state',
      withMember({ state: 'left' }),
      '/members/0/state',
      'TopologyFieldInvalid',
      `"left" ${oneOf(MemberState)}`,
    ],
    [
      'an owner of the bus',
      withMember({ busOwner: 'order' }),
      '/members/0/busOwner',
      'TopologyFieldInvalid',
      `"order" ${oneOf(BusOwner)}`,
    ],
  ]);
});

describe('organisation', () => {
  const path = 'is not an organisation path ending in "/" or "/*", such as "o-abc1234567/r-ab12/ou-ab12-11111111/*"';
  const withPaths = (...organizationPaths: unknown[]) => withTop({ organizationId: 'o-abc1234567', organizationPaths });
  refuses([
    [
      'an id without "o-"',
      withTop({ organizationId: 'abc1234567' }),
      '/organizationId',
      'TopologyOrganizationInvalid',
      '"abc1234567" is not an organisation id such as "o-abc1234567"',
    ],
    [
      'the id of a unit',
      withTop({ organizationId: 'ou-ab12-11111111' }),
      '/organizationId',
      'TopologyOrganizationInvalid',
      '"ou-ab12-11111111" is not an organisation id',
    ],
    [
      'an id that is too short',
      withTop({ organizationId: 'o-abc123456' }),
      '/organizationId',
      'TopologyOrganizationInvalid',
      '"o-abc123456" is not an organisation id',
    ],
    [
      'a path without its end',
      withPaths('o-abc1234567/*', 'o-abc1234567/r-ab12'),
      '/organizationPaths/1',
      'TopologyOrganizationInvalid',
      `"o-abc1234567/r-ab12" ${path}`,
    ],
    ['a path that is a number', withPaths(5), '/organizationPaths/0', 'TopologyOrganizationInvalid', `5 ${path}`],
    [
      'a path of another organisation',
      withPaths('o-xyz1234567/r-ab12/*'),
      '/organizationPaths/0',
      'TopologyOrganizationInvalid',
      '"o-xyz1234567/r-ab12/*" is not in the organisation o-abc1234567: both must hold, so nobody could publish; give paths of one organisation',
    ],
    [
      'a path of an organisation whose id merely begins alike',
      withPaths('o-abc12345678/*'),
      '/organizationPaths/0',
      'TopologyOrganizationInvalid',
      '"o-abc12345678/*" is not in the organisation o-abc1234567',
    ],
    [
      'no path',
      withPaths(),
      '/organizationPaths',
      'TopologyFieldInvalid',
      '[] is not a list with at least one entry: leave the field out instead',
    ],
    [
      'a path that stands there twice',
      withPaths('o-abc1234567/*', 'o-abc1234567/*'),
      '/organizationPaths/1',
      'TopologyFieldInvalid',
      '"o-abc1234567/*" stands in the list twice',
    ],
  ]);

  test.each(['o-abc1234567/', 'o-abc1234567/*', 'o-abc1234567/r-ab12/', 'o-abc1234567/r-ab12/ou-ab12-11111111/*'])(
    'the path %s is accepted',
    (accepted) => {
      expect(accept(withPaths(accepted)).organizationPaths).toEqual([accepted]);
    },
  );
});

describe('names of buses and roles', () => {
  const busName = 'is not a bus name of letters, digits, dots, hyphens and underscores';
  refuses([
    ...(
      [
        ['/hub/eventBusName', (eventBusName) => withHub({ eventBusName })],
        ['/hub/publishedEventBusName', (publishedEventBusName) => withHub({ publishedEventBusName })],
        ['/members/0/eventBusName', (eventBusName) => withMember({ eventBusName })],
      ] as [string, (name: string) => unknown][]
    ).flatMap(([pointer, named]): Refusal[] => [
      [
        `the default bus at ${pointer}`,
        named('default'),
        pointer,
        'TopologyEventBusNameInvalid',
        '"default" is the bus of the AWS services: name a custom bus',
      ],
      [
        `an ARN at ${pointer}`,
        named('arn:aws:events:eu-west-1:111111111111:event-bus/central'),
        pointer,
        'TopologyEventBusNameInvalid',
        busName,
      ],
      [`an empty name at ${pointer}`, named(''), pointer, 'TopologyEventBusNameInvalid', `"" ${busName}`],
    ]),
    [
      'a role with a space',
      withHub({ forwardingRoleName: 'put events' }),
      '/hub/forwardingRoleName',
      'TopologyRoleNameInvalid',
      '"put events" is not a role name of letters, digits and +=,.@_-',
    ],
    [
      "a republisher's role with a space",
      withHub({ republisherRoleName: 'publish again' }),
      '/hub/republisherRoleName',
      'TopologyRoleNameInvalid',
      '"publish again" is not a role name of letters, digits and +=,.@_-',
    ],
    [
      'one role for both',
      withHub({ forwardingRoleName: 'events', republisherRoleName: 'events' }),
      '/hub/republisherRoleName',
      'TopologyRoleNameInvalid',
      '"events" is the name of the forwarding role: give the republisher its own',
    ],
    ...['platform', '/platform', 'platform/', '/plat form/', ''].map((rolePath): Refusal => [
      `the role path "${rolePath}"`,
      withTop({ rolePath }),
      '/rolePath',
      'TopologyRolePathInvalid',
      `"${rolePath}" is not a path that begins and ends with "/", such as "/backbone/"`,
    ]),
    [
      'a published bus with the name of the global bus',
      withHub({ eventBusName: 'central', publishedEventBusName: 'central' }),
      '/hub/publishedEventBusName',
      'TopologyEventBusDuplicate',
      '"central" is the name of the global bus: give the second bus its own',
    ],
    [
      "a local bus that is the global bus of its member's account",
      withMember({ account: HUB.account, eventBusName: 'acme-global' }),
      '/members/0/eventBusName',
      'TopologyEventBusDuplicate',
      '"acme-global" is the bus of /hub/eventBusName in the same account and Region: a member needs a bus of its own',
    ],
    [
      "a local bus that is the published bus of its member's account",
      withMember({ account: HUB.account, region: HUB.region, eventBusName: 'acme-published' }),
      '/members/0/eventBusName',
      'TopologyEventBusDuplicate',
      '"acme-published" is the bus of /hub/publishedEventBusName in the same account and Region',
    ],
    [
      'a local bus for two members',
      withMembers(
        { ...ORDER, sources: ['order.service'] },
        {
          ...DELIVERY,
          account: ORDER.account,
          sources: ['delivery.service'],
          eventBusName: 'acme-order',
        },
      ),
      '/members/1/eventBusName',
      'TopologyEventBusDuplicate',
      '"acme-order" is the bus of /members/0 in the same account and Region',
    ],
  ]);

  test.each([
    ['in another account', { eventBusName: 'acme-global' }],
    ['in another Region', { account: HUB.account, region: 'eu-central-1', eventBusName: 'acme-global' }],
  ])('a local bus %s may be called like the global one', (_, member) => {
    expect(accept(withMember(member)).localBusName('order')).toBe('acme-global');
  });
});

describe('lengths', () => {
  const text = (length: number) => 'a'.repeat(length);
  // With a role name of its own, a topology is limited by other names than that of the role.
  const role = { ...HUB, forwardingRoleName: 'forwarder' };

  /** The resource, the topology for a length, the longest that fits, where, and the length that the resource has then. */
  const table: [string, (length: number) => unknown, number, string, number][] = [
    [
      "the fan-out rules' dead-letter queue",
      (length) => withTop({ name: text(length), hub: role }),
      80 - '-fan-out-dlq'.length,
      '/name',
      80,
    ],
    [
      'the forwarding role',
      (length) => withTop({ name: text(length) }),
      64 - '-forwarder-eu-west-1'.length,
      '/name',
      64,
    ],
    [
      'the forwarding role',
      (length) => withHub({ forwardingRoleName: text(length) }),
      64,
      '/hub/forwardingRoleName',
      64,
    ],
    [
      "the republisher's role",
      (length) => withHub({ republisherRoleName: text(length) }),
      64,
      '/hub/republisherRoleName',
      64,
    ],
    ['the global bus', (length) => withHub({ eventBusName: text(length) }), 256, '/hub/eventBusName', 256],
    [
      'the published bus',
      (length) => withHub({ publishedEventBusName: text(length) }),
      256,
      '/hub/publishedEventBusName',
      256,
    ],
    ['the local bus', (length) => withMember({ eventBusName: text(length) }), 256, '/members/0/eventBusName', 256],
    ['the fan-out rule', (length) => withMember({ name: text(length) }), 64 - 'to-'.length, '/members/0/name', 64],
    [
      'the stack',
      (length) => withTop({ name: text(60), hub: role, members: [{ ...ORDER, name: text(length) }] }),
      128 - 60 - '-member-'.length,
      '/members/0/name',
      128,
    ],
    ['the role path', (length) => withTop({ rolePath: `/${text(length - 2)}/` }), 512, '/rolePath', 512],
  ];

  test.each(table)('%s may be as long as the service allows', (_, topology, longest) => {
    expect(() => accept(topology(longest))).not.toThrow();
  });

  test.each(table)('fails for %s of one character more', (resource, topology, longest, pointer, limit) => {
    const error = refusal(topology(longest + 1));

    expect(error.code).toBe('TopologyNameTooLong');
    expect(error.message.startsWith(`topology#${pointer}: makes ${resource} "`)).toBe(true);
    expect(error.message).toContain(`of ${limit + 1} characters, ${limit} at most: shorten it by 1 `);
  });

  test("the hub's Region counts, since it stands in the name of the role", () => {
    const name = text(64 - '-forwarder-eu-west-1'.length);
    const inRegion = (region: string) => withTop({ name, hub: { ...HUB, region } });

    expect(accept(inRegion('eu-west-1')).forwardingRoleName).toHaveLength(64);
    expect(refusal(inRegion('ap-southeast-1')).message).toContain('of 69 characters, 64 at most: shorten it by 5');
  });

  test('a name that only deployment knows is not measured', () => {
    const name = text(64 - '-forwarder-'.length);

    expect(accept(withTop({ name, hub: { ...HUB, region: Aws.REGION } })).forwardingRoleName).toBe(
      `${name}-forwarder-${Aws.REGION}`,
    );
  });
});

describe('deploy-time values', () => {
  test.each<[string, unknown]>([
    ['the account of the hub', withHub({ account: Aws.ACCOUNT_ID })],
    ['the Region of the hub', withHub({ region: Aws.REGION })],
    ['the account of a member', withMember({ account: Aws.ACCOUNT_ID })],
    ['the name of a local bus', withMember({ eventBusName: `orders/${Aws.STACK_NAME}` })],
    ['a source', withMember({ sources: [`aws.${Aws.REGION}*`] })],
    ['the organisation', withTop({ organizationId: Aws.STACK_NAME, organizationPaths: ['o-abc1234567/*'] })],
    ['the path of a unit', withTop({ organizationId: 'o-abc1234567', organizationPaths: [`${Aws.STACK_NAME}/*`] })],
    ['the role path', withTop({ rolePath: Aws.STACK_NAME })],
  ])('%s is unknown then, never invalid', (_, topology) => {
    expect(() => accept(topology)).not.toThrow();
  });
});

describe('several faults', () => {
  test('fails with all of them at once, and the code of the first', () => {
    const error = refusal(
      withTop({
        hub: { account: 42, region: 'eu-west-1', bus: 'central' },
        lockLevel: 'open',
        members: [ORDER, { name: 'delivery', account: '333' }],
      }),
    );

    expect(error.code).toBe('TopologyFieldUnknown');
    expect(error.message.split('\n')).toEqual([
      '4 faults:',
      expect.stringMatching(/^- topology#\/hub\/bus: is not a field here: /),
      expect.stringMatching(/^- topology#\/hub\/account: 42 is a number.*"000000000042"$/),
      expect.stringMatching(/^- topology#\/lockLevel: "open" is not one of /),
      expect.stringMatching(/^- topology#\/members\/1\/account: "333" is not a 12-digit account id/),
      ' (TopologyFieldUnknown)',
    ]);
  });

  test('fails with every name that is too long', () => {
    const error = refusal(withTop({ name: 'a'.repeat(69) }));

    expect(error.code).toBe('TopologyNameTooLong');
    expect(error.message).toContain('makes the forwarding role');
    expect(error.message).toContain("makes the fan-out rules' dead-letter queue");
  });

  test('fails for fields by themselves first: what they say together is not known yet', () => {
    const twice = [ORDER, { ...ORDER, account: '333333333333' }];

    expect(refusal(withTop({ members: twice })).code).toBe('TopologyMemberDuplicate');
    const error = refusal(withTop({ members: twice, lockLevel: 'open' }));
    expect(error.code).toBe('TopologyFieldInvalid');
    expect(error.message).not.toContain('/members');
  });

  test('fails with a value that is shortened, where it is long', () => {
    const error = refusal(withMember({ region: 'x'.repeat(1000) }));

    expect(error.message).toContain(`"${'x'.repeat(76)}... is not a Region`);
  });
});

test.each(['valid.order', 'invalid.order'])('fails for the reserved source %s of a member', (source) => {
  expect(
    () =>
      new Topology({
        name: 'acme',
        hub: { account: '111111111111', region: 'eu-west-1' },
        members: [{ name: 'order', account: '222222222222', sources: ['order.service', source] }],
      }),
  ).toThrow(/^topology#\/members\/0\/sources\/1: .*which no producer may send: .*\(TopologySourceInvalid\)$/);
});

test.each(['o-abc1234567/r-ab12/ou-ab12-11111111/ou-*', 'o-abc1234567/r-ab12/ou-ab12-11111111/', 'o-abc1234567/*'])(
  'takes the organisation path %s',
  (path) => {
    expect(
      new Topology({
        name: 'acme',
        hub: { account: '111111111111', region: 'eu-west-1' },
        members: [],
        organizationPaths: [path],
      }).organizationPaths,
    ).toEqual([path]);
  },
);

test.each([
  ['/name', withTop({ name: `acme-${Aws.STACK_NAME}` })],
  ['/members/0/name', withMember({ name: Aws.STACK_NAME })],
])('fails for a deploy-time value at %s, since names of stacks are made of it', (pointer, topology) => {
  expect(() => new Topology(topology as TopologyProps)).toThrow(`topology#${pointer}: is a deploy-time value`);
});
