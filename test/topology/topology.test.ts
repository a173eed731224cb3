import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, relative } from 'path';
import { Aws } from 'aws-cdk-lib';
import { BusOwner, DeliveryMode, LockLevel, MemberState, Topology, type TopologyProps } from '../../src';
import { BackboneError } from '../../src/internal/errors';

const ACME: TopologyProps = {
  name: 'acme',
  hub: { account: '111111111111', region: 'eu-west-1' },
  members: [
    { name: 'order', account: '222222222222' },
    { name: 'delivery', account: '333333333333', region: 'eu-central-1' },
  ],
};

/** What went wrong, or a failure of the test if nothing did. */
function refusal(action: () => unknown): BackboneError {
  try {
    action();
  } catch (error) {
    if (error instanceof BackboneError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('names and ARNs', () => {
  test('those of the hub follow from the name, its account and Region', () => {
    const topology = new Topology(ACME);

    expect(topology.globalBusName).toBe('acme-global');
    expect(topology.globalBusArn).toBe('arn:aws:events:eu-west-1:111111111111:event-bus/acme-global');
    expect(topology.publishedBusName).toBe('acme-published');
    expect(topology.publishedBusArn).toBe('arn:aws:events:eu-west-1:111111111111:event-bus/acme-published');
    expect(topology.fanOutDeadLetterQueueName).toBe('acme-fan-out-dlq');
    expect(topology.fanOutDeadLetterQueueArn).toBe('arn:aws:sqs:eu-west-1:111111111111:acme-fan-out-dlq');
    expect(topology.hubStackName).toBe('acme-hub');
    expect(topology.routesStackName).toBe('acme-routes');
  });

  test('the forwarding role carries the Region in its name, since IAM knows none', () => {
    const topology = new Topology(ACME);

    expect(topology.forwardingRoleName).toBe('acme-forwarder-eu-west-1');
    expect(topology.forwardingRoleArn).toBe('arn:aws:iam::111111111111:role/acme-forwarder-eu-west-1');
    expect(topology.republisherRoleName).toBe('acme-republisher-eu-west-1');
    expect(topology.republisherRoleArn).toBe('arn:aws:iam::111111111111:role/acme-republisher-eu-west-1');
    expect(topology.contractsStackName).toBe('acme-contracts');
    expect(topology.rolePath).toBe('/');
  });

  test('those of a member follow from its own name, account and Region', () => {
    const topology = new Topology(ACME);

    expect(topology.localBusName('delivery')).toBe('acme-delivery');
    expect(topology.localBusArn('delivery')).toBe('arn:aws:events:eu-central-1:333333333333:event-bus/acme-delivery');
    expect(topology.fanOutRuleName('delivery')).toBe('to-delivery');
    expect(topology.memberStackName('delivery')).toBe('acme-member-delivery');
    expect(topology.regionOf('delivery')).toBe('eu-central-1');
  });

  test("a member without a Region is in the hub's", () => {
    const topology = new Topology(ACME);

    expect(topology.regionOf('order')).toBe('eu-west-1');
    expect(topology.localBusArn('order')).toBe('arn:aws:events:eu-west-1:222222222222:event-bus/acme-order');
  });

  test('names that were given replace the derived ones, in ARNs too', () => {
    const topology = new Topology({
      ...ACME,
      hub: {
        ...ACME.hub,
        eventBusName: 'central',
        publishedEventBusName: 'checked',
        forwardingRoleName: 'put-events',
        republisherRoleName: 'republish',
      },
      members: [{ name: 'order', account: '222222222222', eventBusName: 'orders.bus' }],
    });

    expect(topology.globalBusName).toBe('central');
    expect(topology.globalBusArn).toBe('arn:aws:events:eu-west-1:111111111111:event-bus/central');
    expect(topology.publishedBusName).toBe('checked');
    expect(topology.publishedBusArn).toBe('arn:aws:events:eu-west-1:111111111111:event-bus/checked');
    expect(topology.forwardingRoleName).toBe('put-events');
    expect(topology.forwardingRoleArn).toBe('arn:aws:iam::111111111111:role/put-events');
    expect(topology.republisherRoleArn).toBe('arn:aws:iam::111111111111:role/republish');
    expect(topology.localBusName('order')).toBe('orders.bus');
    expect(topology.localBusArn('order')).toBe('arn:aws:events:eu-west-1:222222222222:event-bus/orders.bus');
  });

  test("the role's path stands in its ARN, not in its name", () => {
    const topology = new Topology({ ...ACME, rolePath: '/platform/events/' });

    expect(topology.rolePath).toBe('/platform/events/');
    expect(topology.forwardingRoleName).toBe('acme-forwarder-eu-west-1');
    expect(topology.forwardingRoleArn).toBe('arn:aws:iam::111111111111:role/platform/events/acme-forwarder-eu-west-1');
  });

  test.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
  ])('in %s every ARN is of partition %s', (region, partition) => {
    const topology = new Topology({
      ...ACME,
      hub: { account: '111111111111', region },
      members: [{ name: 'order', account: '222222222222' }],
    });

    expect(topology.globalBusArn).toBe(`arn:${partition}:events:${region}:111111111111:event-bus/acme-global`);
    expect(topology.publishedBusArn).toBe(`arn:${partition}:events:${region}:111111111111:event-bus/acme-published`);
    expect(topology.localBusArn('order')).toBe(`arn:${partition}:events:${region}:222222222222:event-bus/acme-order`);
    expect(topology.forwardingRoleArn).toBe(`arn:${partition}:iam::111111111111:role/acme-forwarder-${region}`);
    expect(topology.fanOutDeadLetterQueueArn).toBe(`arn:${partition}:sqs:${region}:111111111111:acme-fan-out-dlq`);
  });

  test('in a Region that the CDK does not know yet the partition is left to deployment', () => {
    const topology = new Topology({
      ...ACME,
      members: [{ name: 'order', account: '222222222222', region: 'eu-southwest-7' }],
    });

    expect(topology.localBusArn('order')).toBe(
      `arn:${Aws.PARTITION}:events:eu-southwest-7:222222222222:event-bus/acme-order`,
    );
  });
});

describe('deploy-time values', () => {
  test('account and Region of the hub may be those of the stack', () => {
    const topology = new Topology({
      name: 'acme',
      hub: { account: Aws.ACCOUNT_ID, region: Aws.REGION },
      members: [{ name: 'order', account: Aws.ACCOUNT_ID }],
    });

    const place = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
    expect(topology.globalBusArn).toBe(`arn:${Aws.PARTITION}:events:${place}:event-bus/acme-global`);
    expect(topology.localBusArn('order')).toBe(`arn:${Aws.PARTITION}:events:${place}:event-bus/acme-order`);
    expect(topology.forwardingRoleName).toBe(`acme-forwarder-${Aws.REGION}`);
  });

  test('members with the same deploy-time account share it', () => {
    const topology = new Topology({
      ...ACME,
      members: [
        { name: 'order', account: Aws.ACCOUNT_ID, sources: ['order.service'] },
        { name: 'delivery', account: Aws.ACCOUNT_ID, sources: ['delivery.service'] },
      ],
    });

    expect(topology.sharesAccount('order')).toBe(true);
    expect(topology.memberAccounts).toEqual([Aws.ACCOUNT_ID]);
  });

  test('a deploy-time account is not taken for any literal one', () => {
    const topology = new Topology({
      ...ACME,
      members: [
        { name: 'order', account: Aws.ACCOUNT_ID },
        { name: 'delivery', account: '333333333333' },
      ],
    });

    expect(topology.sharesAccount('order')).toBe(false);
    expect(topology.memberAccounts).toEqual([Aws.ACCOUNT_ID, '333333333333']);
  });
});

describe('members', () => {
  test('what a member leaves out has its default', () => {
    const topology = new Topology(ACME);

    expect(topology.stateOf('order')).toBe(MemberState.ACTIVE);
    expect(topology.busOwnerOf('order')).toBe(BusOwner.BACKBONE);
    expect(topology.lockLevelOf('order')).toBe(LockLevel.ACCOUNT);
  });

  test.each(Object.values(MemberState))('a member that is %s says so', (state) => {
    const topology = new Topology({ ...ACME, members: [{ name: 'order', account: '222222222222', state }] });

    expect(topology.stateOf('order')).toBe(state);
  });

  test('a member that makes its own bus says so', () => {
    const topology = new Topology({
      ...ACME,
      members: [{ name: 'order', account: '222222222222', busOwner: BusOwner.MEMBER }],
    });

    expect(topology.busOwnerOf('order')).toBe(BusOwner.MEMBER);
  });

  test("a member's lock level goes before the topology's, and that before the default", () => {
    const topology = new Topology({
      ...ACME,
      lockLevel: LockLevel.STRICT,
      members: [
        { name: 'order', account: '222222222222', lockLevel: LockLevel.ROLE },
        { name: 'delivery', account: '333333333333' },
      ],
    });

    expect(topology.lockLevelOf('order')).toBe(LockLevel.ROLE);
    expect(topology.lockLevelOf('delivery')).toBe(LockLevel.STRICT);
  });

  test('a member is found by its name, with all that was given', () => {
    expect(new Topology(ACME).member('delivery')).toEqual({
      name: 'delivery',
      account: '333333333333',
      region: 'eu-central-1',
    });
  });

  test('members keep the order of the topology, whatever their state', () => {
    const topology = new Topology({
      ...ACME,
      members: [
        { name: 'zoo', account: '333333333333', state: MemberState.LEAVING },
        { name: 'order', account: '222222222222' },
        { name: 'bank', account: '444444444444', state: MemberState.JOINING },
      ],
    });

    expect(topology.members.map(({ name }) => name)).toEqual(['zoo', 'order', 'bank']);
    expect(topology.memberAccounts).toEqual(['333333333333', '222222222222', '444444444444']);
  });

  test('accounts are listed once, also where members share one', () => {
    const topology = new Topology({
      ...ACME,
      members: [
        { name: 'order', account: '222222222222', sources: ['order.service'] },
        { name: 'bank', account: '444444444444' },
        { name: 'invoice', account: '222222222222', sources: ['invoice.service'] },
      ],
    });

    expect(topology.memberAccounts).toEqual(['222222222222', '444444444444']);
    expect(topology.sharesAccount('order')).toBe(true);
    expect(topology.sharesAccount('invoice')).toBe(true);
    expect(topology.sharesAccount('bank')).toBe(false);
  });

  test("a member in the hub's account shares it with no other member", () => {
    const topology = new Topology({ ...ACME, members: [{ name: 'order', account: '111111111111' }] });

    expect(topology.sharesAccount('order')).toBe(false);
  });

  test.each<[string, (topology: Topology) => unknown]>([
    ['member', (t) => t.member('orders')],
    ['localBusName', (t) => t.localBusName('orders')],
    ['localBusArn', (t) => t.localBusArn('orders')],
    ['regionOf', (t) => t.regionOf('orders')],
    ['stateOf', (t) => t.stateOf('orders')],
    ['busOwnerOf', (t) => t.busOwnerOf('orders')],
    ['lockLevelOf', (t) => t.lockLevelOf('orders')],
    ['sharesAccount', (t) => t.sharesAccount('orders')],
    ['fanOutRuleName', (t) => t.fanOutRuleName('orders')],
    ['memberStackName', (t) => t.memberStackName('orders')],
  ])('fails in %s for a member that is unknown, and names those who are known', (_, ask) => {
    const error = refusal(() => ask(new Topology(ACME)));

    expect(error.code).toBe('MemberUnknown');
    expect(error.message).toContain('"orders" is not a member of acme: on it are order, delivery');
  });

  test('fails for any member of an empty backbone', () => {
    const error = refusal(() => new Topology({ ...ACME, members: [] }).member('order'));

    expect(error.code).toBe('MemberUnknown');
    expect(error.message).toContain('on it are nobody');
  });
});

describe('the backbone as a whole', () => {
  test('events are delivered plainly by default, and the prefixes are reserved all the same', () => {
    const topology = new Topology(ACME);

    expect(topology.deliveryMode).toBe(DeliveryMode.PLAIN);
    expect(topology.validPrefix).toBe('valid.');
    expect(topology.invalidPrefix).toBe('invalid.');
  });

  test('prefixes that were given replace the default ones', () => {
    const topology = new Topology({ ...ACME, delivery: { validPrefix: 'good.', invalidPrefix: 'bad.' } });

    expect(topology.validPrefix).toBe('good.');
    expect(topology.invalidPrefix).toBe('bad.');
  });

  test('the organisation is as it was given', () => {
    const topology = new Topology({
      ...ACME,
      organizationId: 'o-abc1234567',
      organizationPaths: ['o-abc1234567/r-ab12/*'],
    });

    expect(topology.organizationId).toBe('o-abc1234567');
    expect(topology.organizationPaths).toEqual(['o-abc1234567/r-ab12/*']);
  });

  test('without an organisation none is made up', () => {
    const topology = new Topology(ACME);

    expect(topology.organizationId).toBeUndefined();
    expect(topology.organizationPaths).toBeUndefined();
  });
});

describe('from a file', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'topology-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const file = (text: string) => {
    const path = join(directory, 'topology.json');
    writeFileSync(path, text);
    return path;
  };

  test('or from a text that is kept elsewhere', () => {
    expect(Topology.fromJson(JSON.stringify(ACME)).globalBusArn).toBe(new Topology(ACME).globalBusArn);
    expect(refusal(() => Topology.fromJson('{')).message).toMatch(
      /^the text: is not JSON: .*\(TopologyFileUnreadable\)$/,
    );
    const unknown = JSON.stringify({ ...ACME, organizationID: 'o-abc1234567' });
    expect(refusal(() => Topology.fromJson(unknown, 'parameter /acme/topology')).message).toMatch(
      /^parameter \/acme\/topology.*\(TopologyFieldUnknown\)$/s,
    );
  });

  test('the topology is the one that code would make', () => {
    const topology = Topology.fromFile(file(JSON.stringify(ACME)));

    expect(topology).toEqual(new Topology(ACME));
  });

  test('a relative path begins at the working directory', () => {
    const path = relative(process.cwd(), file(JSON.stringify(ACME)));

    expect(Topology.fromFile(path).name).toBe('acme');
  });

  test('"$schema" is for editors and changes nothing', () => {
    const path = file(JSON.stringify({ $schema: './topology.schema.json', ...ACME }));

    const { name, hub, members, globalBusArn } = new Topology(ACME);
    expect(Topology.fromFile(path)).toMatchObject({ name, hub, members, globalBusArn });
  });

  test('fails for a file that does not exist, and says where it looked', () => {
    const error = refusal(() => Topology.fromFile('no-such/topology.json'));

    expect(error.code).toBe('TopologyFileUnreadable');
    expect(error.message).toMatch(/^no-such\/topology\.json: cannot be read: ENOENT/);
    expect(error.message).toContain(`relative to the working directory ${process.cwd()}`);
  });

  test('fails for a directory', () => {
    const error = refusal(() => Topology.fromFile(directory));

    expect(error.code).toBe('TopologyFileUnreadable');
    expect(error.message).toContain('cannot be read: EISDIR');
  });

  test.each([
    ['empty', ''],
    ['with a comment', '{ // the shop\n "name": "acme" }'],
    ['with a leading zero', '{ "hub": { "account": 012345678901 } }'],
  ])('fails for a file that is not JSON: %s', (_, text) => {
    const path = file(text);
    const error = refusal(() => Topology.fromFile(path));

    expect(error.code).toBe('TopologyFileUnreadable');
    expect(error.message.startsWith(`${path}: is not JSON: `)).toBe(true);
  });

  test.each([
    ['null', 'null'],
    ['[]', '[]'],
    ['a string', '"acme"'],
  ])('fails for a file with %s instead of a topology', (_, text) => {
    const path = file(text);
    const error = refusal(() => Topology.fromFile(path));

    expect(error.code).toBe('TopologyFieldInvalid');
    expect(error.message).toContain(`${path}#: ${text} is not an object`);
  });

  test('fails with the file and the JSON pointer of what is wrong', () => {
    const path = file(JSON.stringify({ ...ACME, members: [{ name: 'order', account: 222222222222 }] }));
    const error = refusal(() => Topology.fromFile(path));

    expect(error.code).toBe('TopologyAccountInvalid');
    expect(error.message).toContain(`${path}#/members/0/account: 222222222222 is a number`);
  });
});

test('a file may begin with a byte order mark', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'topology-')), 'topology.json');
  writeFileSync(file, '\uFEFF{"name":"acme","hub":{"account":"111111111111","region":"eu-west-1"},"members":[]}');
  expect(Topology.fromFile(file).name).toBe('acme');
});

test('a topology in code may come from a JSON file with its $schema', () => {
  const json = {
    $schema: './topology.schema.json',
    name: 'acme',
    hub: { account: '111111111111', region: 'eu-west-1' },
    members: [],
  };
  expect(new Topology(json).globalBusName).toBe('acme-global');
});
