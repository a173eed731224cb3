import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { EventFlow, type BusEvent, type Outcome } from './event-flow';
import {
  BackboneMember,
  DeliveryMode,
  EventBackbone,
  EventContract,
  EventSchema,
  ForwardingRule,
  GlobalBus,
  Topology,
  UnknownEvents,
  ValidationMode,
  type EventBackboneProps,
  type SubscriptionOptions,
  type TopologyDelivery,
  type TopologyMember,
  type ValidationOptions,
} from '../../src';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const GLOBAL = `${HUB.account}/acme-global`;
const PUBLISHED = `${HUB.account}/acme-published`;
const ORDER: TopologyMember = { name: 'order', account: '222222222222', sources: ['order.service'] };
const DELIVERY: TopologyMember = { name: 'delivery', account: '333333333333' };
const LOYALTY: TopologyMember = { name: 'loyalty', account: '444444444444' };

const PLAIN: TopologyDelivery = { mode: DeliveryMode.PLAIN };
const VALIDATED: TopologyDelivery = { mode: DeliveryMode.VALIDATED };
const SAME_BUS: TopologyDelivery = { mode: DeliveryMode.VALIDATED_SAME_BUS };
const AUDIT: ValidationOptions = { mode: ValidationMode.AUDIT };
const ENFORCE: ValidationOptions = { mode: ValidationMode.ENFORCE };

const schema = EventSchema.fromInline({ required: ['id'], properties: { id: { type: 'string' } } });
const contract = (source: string, detailType: string) => new EventContract({ source, detailType, schema });
const ORDER_CREATED = contract('order.service', 'Order.Created');
const CONTRACTS = [ORDER_CREATED, contract('delivery.service', 'Delivery.Updated')];

const topologyOf = (delivery: TopologyDelivery, members = [ORDER, DELIVERY, LOYALTY]) =>
  new Topology({ name: 'acme', hub: HUB, members, delivery });

/** What a team subscribes to, by the name of the rule. */
type Subscriptions = Record<string, Omit<SubscriptionOptions, 'target'> | 'notices'>;

const EVERYTHING = { source: events.Match.prefix('') };

/** The stack of a team, which knows the topology as it was when the team deployed last. */
function teamOf(app: App, topology: Topology, member: string, subscriptions: Subscriptions) {
  const { account } = topology.member(member);
  const stack = new Stack(app, `Team-${member}`, { env: { account, region: topology.regionOf(member) } });
  const backbone = new BackboneMember(stack, 'Backbone', { topology, member });
  const target = new targets.SqsQueue(new sqs.Queue(stack, 'Queue'));
  for (const [ruleName, options] of Object.entries(subscriptions)) {
    if (options === 'notices') backbone.subscribeToNotices(ruleName, { target, ruleName });
    else backbone.subscribe(ruleName, { ...options, target, ruleName });
  }
  return backbone;
}

interface Shop {
  readonly delivery: TopologyDelivery;
  readonly validation?: ValidationOptions;
  readonly members?: TopologyMember[];
  /** How delivery was when the teams deployed last. */
  readonly teamsDelivery?: TopologyDelivery;
  readonly teams?: Record<string, Subscriptions>;
  readonly props?: Partial<EventBackboneProps>;
}

function shop({ delivery, validation, members, teamsDelivery = delivery, teams = {}, props }: Shop) {
  const app = new App();
  const topology = topologyOf(delivery, members);
  const backbone = new EventBackbone(app, 'Backbone', {
    topology,
    contracts: CONTRACTS,
    validation,
    captureLogs: false,
    ...props,
  });
  const known = topologyOf(teamsDelivery, members);
  for (const [member, subscriptions] of Object.entries(teams)) teamOf(app, known, member, subscriptions);
  return { app, backbone, flow: new EventFlow(app) };
}

const event = (changes: Partial<BusEvent> = {}): BusEvent => ({
  version: '0',
  id: 'e1',
  account: ORDER.account,
  region: 'eu-west-1',
  source: 'order.service',
  'detail-type': 'Order.Created',
  time: '2026-11-21T10:00:00Z',
  resources: [],
  detail: { id: '1' },
  ...changes,
});

const whoReceived = ({ received }: Outcome) => Object.keys(received).sort();

describe('a move from plain to validated delivery', () => {
  const TEAMS: Record<string, Subscriptions> = {
    delivery: {
      'by-contract': { contract: ORDER_CREATED },
      'by-detail-type': { detailType: ['Order.Created'] },
      'by-prefix': { source: events.Match.prefix('order.') },
      'by-source': { source: ['order.service'] },
      everything: EVERYTHING,
    },
    order: { 'everything-of-others': EVERYTHING, 'notices-to-order': 'notices' },
    loyalty: { 'notices-to-loyalty': 'notices' },
  };
  const EVENTS: Record<string, BusEvent> = {
    valid: event(),
    invalid: event({ detail: { id: 1 } }),
    unknown: event({ 'detail-type': 'Order.Lost' }),
    forged: event({ account: LOYALTY.account }),
  };
  const OF_SOURCE = ['by-prefix', 'by-source', 'everything'];
  const ALL = ['by-contract', 'by-detail-type', ...OF_SOURCE];

  /** What each event comes to, in one step. */
  const outcomes = ({ flow }: ReturnType<typeof shop>) =>
    Object.fromEntries(Object.entries(EVENTS).map(([name, one]) => [name, flow.put(GLOBAL, one)]));
  const receivers = (step: ReturnType<typeof shop>) =>
    Object.fromEntries(Object.entries(outcomes(step)).map(([name, outcome]) => [name, whoReceived(outcome)]));

  const RAW = { valid: ALL, invalid: ALL, unknown: OF_SOURCE, forged: [...ALL, 'everything-of-others'] };
  const STEPS: Array<[string, Omit<Shop, 'teams'>, Record<string, string[]>]> = [
    ['plain', { delivery: PLAIN }, RAW],
    ['plain, and audited beside', { delivery: PLAIN, validation: AUDIT }, RAW],
    [
      'validated, and audited: nothing is missing but what is of somebody else’s source',
      { delivery: VALIDATED, validation: AUDIT },
      { ...RAW, forged: [] },
    ],
    [
      'validated: what is invalid comes back to its sender alone',
      { delivery: VALIDATED, validation: ENFORCE },
      {
        valid: ALL,
        invalid: ['everything-of-others', 'notices-to-order'],
        unknown: ['everything-of-others', 'notices-to-order'],
        forged: ['notices-to-loyalty'],
      },
    ],
    [
      'validated, what no contract describes let through',
      { delivery: VALIDATED, validation: { unknownEvents: UnknownEvents.PASS } },
      {
        valid: ALL,
        invalid: ['everything-of-others', 'notices-to-order'],
        unknown: OF_SOURCE,
        forged: ['notices-to-loyalty'],
      },
    ],
  ];

  describe.each([
    ['that deployed before', PLAIN],
    ['that deployed afterwards', VALIDATED],
  ])('on two buses, for teams %s', (_, teamsDelivery) => {
    let steps: Array<[ReturnType<typeof shop>, Record<string, string[]>]>;
    beforeAll(() => {
      steps = STEPS.map(([, step, expected]) => [shop({ ...step, teamsDelivery, teams: TEAMS }), expected]);
    });

    test.each(STEPS.map(([name], i) => [name, i] as const))('%s', (_name, i) => {
      const [step, expected] = steps[i];
      expect(receivers(step)).toEqual(
        Object.fromEntries(Object.entries(expected).map(([name, list]) => [name, [...list].sort()])),
      );
    });

    test('no subscription falls silent, and none gets an event twice', () => {
      for (const [{ flow }] of steps) {
        const { received } = flow.put(GLOBAL, EVENTS.valid);
        expect(Object.entries(received).map(([name, got]) => [name, got.length])).toEqual(
          Object.keys(TEAMS.delivery).map((name) => [name, 1]),
        );
      }
    });
  });

  test('an event keeps its source, time, resources and body; who sent it is told by the stamp', () => {
    const sent = event({ resources: ['arn:a'], detail: { id: '1', metadata: { id: 'm', origin: 'forged' } } });

    const { received } = shop({ delivery: VALIDATED, teams: TEAMS }).flow.put(GLOBAL, sent);

    expect(received['by-contract']).toEqual([
      {
        id: 'e1-again',
        account: HUB.account,
        region: HUB.region,
        source: 'order.service',
        'detail-type': 'Order.Created',
        time: sent.time,
        resources: ['arn:a'],
        detail: {
          id: '1',
          metadata: {
            id: 'm',
            origin: {
              id: 'e1',
              account: ORDER.account,
              region: 'eu-west-1',
              source: 'order.service',
              time: sent.time,
            },
          },
        },
      },
    ]);
  });

  test('audited, what breaks its contract says so', () => {
    const validOf = (one: BusEvent) =>
      shop({ delivery: VALIDATED, validation: AUDIT, teams: TEAMS }).flow.put(GLOBAL, one).received.everything[0].detail
        .metadata.origin.valid;

    expect([EVENTS.valid, EVENTS.invalid, EVENTS.unknown].map(validOf)).toEqual([undefined, false, false]);
  });

  test('a notice says what was wrong, and holds nothing of the event', () => {
    const secret = event({ detail: { id: 42, card: '4111' } });

    const { received } = shop({ delivery: VALIDATED, teams: TEAMS }).flow.put(GLOBAL, secret);

    const [{ source, detail }] = received['notices-to-order'];
    expect(source).toBe('invalid.order.service');
    expect(detail.data).toEqual({
      reason: 'SCHEMA_INVALID',
      contract: 'order.service@Order.Created',
      errors: [{ path: '/id', keyword: 'type', message: 'must be string' }],
    });
    expect(JSON.stringify(detail)).not.toMatch(/4111|card/);
  });

  describe('on one bus', () => {
    const validated = (teamsDelivery: TopologyDelivery) => shop({ delivery: SAME_BUS, teamsDelivery, teams: TEAMS });

    test('subscriptions by contract go on where the teams deploy first, those by literal sources do not', () => {
      expect(receivers(shop({ delivery: PLAIN, teamsDelivery: SAME_BUS, teams: TEAMS })).valid).toEqual(ALL.sort());
      expect(receivers(validated(SAME_BUS)).valid).toEqual(['by-contract', 'by-detail-type', 'everything']);
    });

    test('where the hub deploys first, those by contract fall silent until the team deploys', () => {
      expect(receivers(validated(PLAIN)).valid).toEqual(['by-detail-type', 'everything']);
    });

    test('a subscription by a literal source is warned of', () => {
      const app = new App();
      const { localBus } = teamOf(app, topologyOf(SAME_BUS), 'delivery', TEAMS.delivery);

      const warned = Annotations.fromStack(Stack.of(localBus)).findWarning(
        '*',
        Match.stringLikeRegexp('nothingArrives'),
      );
      expect(warned.map(({ id }) => id.split('/').at(-1))).toEqual(['by-prefix', 'by-source']);
    });

    test('prefixes may be others', () => {
      const delivery = { ...SAME_BUS, validPrefix: 'good.', invalidPrefix: 'bad.' };
      const { received } = shop({ delivery, teams: TEAMS }).flow.put(GLOBAL, EVENTS.valid);

      expect(received['by-contract'][0].source).toBe('good.order.service');
      expect(receivers(shop({ delivery, teams: TEAMS })).invalid).toEqual(['everything-of-others', 'notices-to-order']);
    });
  });
});

describe.each([
  ['two buses', VALIDATED, '', PUBLISHED],
  ['one bus', SAME_BUS, 'valid.', GLOBAL],
])('on %s', (_, delivery, prefix, readBus) => {
  const ofEverybody = (members: TopologyMember[]) =>
    Object.fromEntries(members.map(({ name }) => [name, { [name]: EVERYTHING }]));
  const put = (members: TopologyMember[], one: BusEvent, props: Partial<EventBackboneProps> = {}) =>
    shop({ delivery, members, teams: ofEverybody(members), props }).flow.put(GLOBAL, one);

  test('a member in the hub’s account gets the events of the others, and not its own', () => {
    const members = [ORDER, DELIVERY, { name: 'platform', account: HUB.account }];

    expect(whoReceived(put(members, event()))).toEqual(['delivery', 'platform']);
    const own = event({ account: HUB.account, source: 'delivery.service', 'detail-type': 'Delivery.Updated' });
    expect(whoReceived(put(members, own))).toEqual(['delivery', 'order']);
    const invalid = { ...own, detail: {} };
    expect(whoReceived(put(members, invalid))).toEqual(['platform']);
  });

  test('what somebody in the hub’s account stamps is not published', () => {
    const stamped = event({ account: HUB.account, detail: { id: '1', metadata: { origin: { account: '9' } } } });

    const { received, verdicts } = put([DELIVERY], stamped);

    expect(received).toEqual({});
    expect(verdicts.map(({ quarantined }) => quarantined)).toEqual(['LOOP_PREVENTED']);
  });

  test('members that share an account get each other’s events, and notices about their own', () => {
    const members = [
      { ...ORDER, sources: ['order.service'] },
      { name: 'stock', account: ORDER.account, sources: ['stock.service'] },
      DELIVERY,
    ];

    expect(whoReceived(put(members, event()))).toEqual(['delivery', 'stock']);
    expect(whoReceived(put(members, event({ detail: {} })))).toEqual(['order']);
    const stock = event({ source: 'stock.service', 'detail-type': 'Nobody.Knows' });
    expect(whoReceived(put(members, stock))).toEqual(['stock']);
  });

  test('a member in another Region gets events, and its own are taken', () => {
    const members = [ORDER, { ...DELIVERY, region: 'us-east-1' }];

    expect(whoReceived(put(members, event()))).toEqual(['delivery']);
    const own = event({ account: DELIVERY.account, region: 'us-east-1', source: 'delivery.service' });
    const ofContract = { ...own, 'detail-type': 'Delivery.Updated' };
    expect(whoReceived(put(members, ofContract))).toEqual(['order']);
  });

  test('a filter narrows what a member receives, and not the notices about its own events', () => {
    const members = [{ ...ORDER, filter: { sources: ['delivery.service'] } }, DELIVERY, LOYALTY];
    const ofDelivery = event({
      account: DELIVERY.account,
      source: 'delivery.service',
      'detail-type': 'Delivery.Updated',
    });
    const ofLoyalty = event({ account: LOYALTY.account, source: 'loyalty.service' });
    const props = { validation: { unknownEvents: UnknownEvents.PASS } };

    expect(whoReceived(put(members, ofDelivery, props))).toEqual(['loyalty', 'order']);
    expect(whoReceived(put(members, ofLoyalty, props))).toEqual(['delivery']);
    expect(whoReceived(put(members, event({ detail: {} }), props))).toEqual(['order']);
  });

  test('what others put on a bus as valid, or without a stamp, reaches nobody', () => {
    const { flow } = shop({ delivery, teams: ofEverybody([ORDER, DELIVERY, LOYALTY]) });
    const origin = { account: ORDER.account, source: 'order.service' };
    const valid = event({ source: `${prefix}order.service`, account: HUB.account });
    const stamped = { ...valid, detail: { id: '1', metadata: { origin } } };

    expect(whoReceived(flow.put(readBus, { ...stamped, account: LOYALTY.account }))).toEqual([]);
    expect(whoReceived(flow.put(readBus, valid))).toEqual([]);
    // As the republisher puts it there.
    expect(whoReceived(flow.put(readBus, stamped))).toEqual(['delivery', 'loyalty']);
  });

  test('a replay comes to everybody, or to nobody where replays are left out', () => {
    const members = [ORDER, DELIVERY];
    const replayed = event({ 'replay-name': 'again' });
    const origin = { account: ORDER.account, source: 'order.service' };
    const valid = {
      ...replayed,
      account: HUB.account,
      source: `${prefix}order.service`,
      detail: { metadata: { origin } },
    };
    const flows = [false, true].map(
      (excludeReplays) => shop({ delivery, members, teams: ofEverybody(members), props: { excludeReplays } }).flow,
    );

    expect(flows.map((flow) => whoReceived(flow.put(GLOBAL, replayed)))).toEqual([['delivery'], []]);
    expect(flows.map((flow) => whoReceived(flow.put(readBus, valid)))).toEqual([['delivery'], []]);
  });

  test('events go in no circle, whatever a member forwards or sends back', () => {
    const { flow } = shop({ delivery, teams: ofEverybody([ORDER, DELIVERY]) });

    const [got] = flow.put(GLOBAL, event()).received.delivery;
    const again = flow.put(GLOBAL, { ...got, account: DELIVERY.account });

    const sources = Object.values(again.received).flatMap((each) => each.map(({ source }) => source));
    // On one bus the source is the republisher's, and is not taken again; on two it is somebody else's.
    expect(sources).toEqual(delivery === SAME_BUS ? [] : ['invalid.order.service']);
    expect(whoReceived(again)).toEqual(delivery === SAME_BUS ? [] : ['delivery']);
  });
});

describe('events that a member forwards from a bus of its own', () => {
  const LEGACY: SubscriptionOptions['source'] = ['legacy.service'];
  const contracts = [...CONTRACTS, contract('legacy.service', 'Legacy.Done')];

  function forwarding(delivery: TopologyDelivery, account = ORDER.account) {
    const app = new App();
    const members = [{ name: 'order', account }, DELIVERY];
    const topology = topologyOf(delivery, members);
    new EventBackbone(app, 'Backbone', { topology, contracts, captureLogs: false });
    teamOf(app, topology, 'delivery', { delivery: EVERYTHING });
    const order = teamOf(app, topology, 'order', {});
    const stack = Stack.of(order);
    const eventBus = new events.EventBus(stack, 'Legacy', { eventBusName: 'legacy' });
    return { app, stack, order, eventBus };
  }

  test('are refused in plain delivery, where EventBridge would drop them', () => {
    const { order, eventBus, stack } = forwarding(PLAIN);

    expect(() => order.forward('Legacy', { eventBus, source: LEGACY })).toThrow(/\(ForwardingMeetsFanOut\)$/);
    const globalBus = GlobalBus.fromTopology(stack, 'Global', topologyOf(PLAIN));
    expect(() => new ForwardingRule(stack, 'Rule', { eventBus, globalBus, source: LEGACY })).toThrow(
      /\(ForwardingMeetsFanOut\)$/,
    );
  });

  test.each<[string, TopologyDelivery, string]>([
    ['two buses', VALIDATED, ORDER.account],
    ['one bus', SAME_BUS, ORDER.account],
    ['two buses, of a member in the hub’s account', VALIDATED, HUB.account],
    ['one bus, of a member in the hub’s account', SAME_BUS, HUB.account],
  ])('are published again, and so reach the others: %s', (_, delivery, account) => {
    const { app, order, eventBus } = forwarding(delivery, account);

    order.forward('Legacy', { eventBus, source: LEGACY });
    order.forward('All', { eventBus, detailType: ['Other.Done'] });

    const sent = event({ account, source: 'legacy.service', 'detail-type': 'Legacy.Done' });
    const { received, dropped } = new EventFlow(app).put(`${account}/legacy`, sent);
    expect(received.delivery).toHaveLength(1);
    expect(received.delivery[0].detail.metadata.origin.account).toBe(account);
    expect(dropped).toEqual([]);
    Annotations.fromStack(Stack.of(order)).hasNoWarning('*', Match.stringLikeRegexp('fanOutUnknown'));
  });
});

test('a backbone in one stack delivers as others do', () => {
  for (const delivery of [VALIDATED, SAME_BUS]) {
    const app = new App();
    const stack = new Stack(app, 'Dev', { env: HUB });
    const members = ['order', 'delivery'].map((name) => ({ name, account: HUB.account, sources: [`${name}.service`] }));
    const topology = topologyOf(delivery, members);
    const backbone = new EventBackbone(stack, 'Backbone', { topology, contracts: CONTRACTS, captureLogs: false });
    for (const { name } of members) {
      const target = new targets.SqsQueue(new sqs.Queue(stack, `Queue-${name}`));
      backbone.localBus(name).subscribe('All', { ...EVERYTHING, target, ruleName: name });
    }
    const flow = new EventFlow(app);

    const ofHub = event({ account: HUB.account });
    expect(whoReceived(flow.put(GLOBAL, ofHub))).toEqual(['delivery']);
    expect(whoReceived(flow.put(GLOBAL, { ...ofHub, detail: {} }))).toEqual(['order']);
  }
});
