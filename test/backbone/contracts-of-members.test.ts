import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  BackboneMember,
  DeliveryMode,
  EventBackbone,
  EventContract,
  EventSchema,
  GlobalBus,
  PublishedBus,
  Subscription,
  Topology,
  type PublishGrantOptions,
  type SubscriptionOptions,
} from '../../src';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const DELIVERY = { account: '333333333333', region: 'eu-west-1' };
const RULE = 'AWS::Events::Rule';

const contract = (source: string, detailType: string, owner?: string) =>
  new EventContract({ source, detailType, owner, schema: EventSchema.fromInline({ type: 'object' }) });
const SOURCES = { delivery: ['delivery.service', 'delivery.batch'] };
const CREATED = contract('order.service', 'Order.Created', 'order');

function memberOf(mode: DeliveryMode, validPrefix?: string, sources: Partial<Record<string, string[]>> = SOURCES) {
  const topology = new Topology({
    name: 'acme',
    hub: HUB,
    delivery: { mode, validPrefix },
    members: [
      { name: 'order', account: '222222222222', sources: sources.order },
      { name: 'delivery', account: DELIVERY.account, sources: sources.delivery },
    ],
  });
  const stack = new Stack(new App(), 'Delivery', { env: DELIVERY });
  const backbone = new BackboneMember(stack, 'Backbone', { topology, member: 'delivery' });
  const target = new targets.SqsQueue(new sqs.Queue(stack, 'Queue'));
  const fn = new lambda.Function(stack, 'Function', {
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_22_X,
  });
  return { topology, stack, backbone, target, fn };
}

const patterns = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources(RULE)).map(({ Properties }) => Properties.EventPattern);

describe('a subscription by contract', () => {
  test.each<[DeliveryMode, string[]]>([
    [DeliveryMode.PLAIN, ['order.service']],
    [DeliveryMode.VALIDATED, ['order.service']],
    [DeliveryMode.VALIDATED_SAME_BUS, ['order.service', 'valid.order.service']],
  ])('takes the event of the contract, under the names it has where delivery is %s', (mode, source) => {
    const { stack, backbone, target } = memberOf(mode);

    backbone.subscribe('OrderCreated', { contract: CREATED, target });

    expect(patterns(stack)).toEqual([{ source, 'detail-type': ['Order.Created'] }]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('nothingArrives'));
  });

  test('knows the prefix of the topology', () => {
    const { stack, backbone, target } = memberOf(DeliveryMode.VALIDATED_SAME_BUS, 'good.');

    backbone.localBus.subscribe('OrderCreated', { contract: CREATED, target });

    expect(patterns(stack)).toEqual([
      { source: ['order.service', 'good.order.service'], 'detail-type': ['Order.Created'] },
    ]);
  });

  test('on the global bus takes the valid event alone, which is there beside the raw one', () => {
    const { topology } = memberOf(DeliveryMode.VALIDATED_SAME_BUS);
    const stack = new Stack(new App(), 'Hub', { env: HUB });
    const target = new targets.SqsQueue(new sqs.Queue(stack, 'Queue'));
    const eventBus = GlobalBus.fromTopology(stack, 'GlobalBus', topology);

    new Subscription(stack, 'OrderCreated', { eventBus, contract: CREATED, target });

    expect(patterns(stack)).toEqual([{ source: ['valid.order.service'], 'detail-type': ['Order.Created'] }]);
  });

  test('on the global bus of a backbone, too', () => {
    const { topology } = memberOf(DeliveryMode.VALIDATED_SAME_BUS);
    const backbone = new EventBackbone(new App(), 'Backbone', { topology, contracts: [CREATED] });
    const target = new targets.SqsQueue(new sqs.Queue(backbone.hubStack, 'Queue'));

    new Subscription(backbone.hubStack, 'OrderCreated', { eventBus: backbone.globalBus, contract: CREATED, target });

    expect(patterns(backbone.hubStack)).toContainEqual({
      source: ['valid.order.service'],
      'detail-type': ['Order.Created'],
    });
  });

  test('on a published bus takes the event as its producer named it', () => {
    const stack = new Stack(new App(), 'Hub', { env: HUB });
    const eventBus = new PublishedBus(stack, 'Bus', {
      eventBusName: 'acme-published',
      republisherRoleArn: 'arn:aws:iam::111111111111:role/x',
    });
    const target = new targets.SqsQueue(new sqs.Queue(stack, 'Queue'));

    new Subscription(stack, 'OrderCreated', { eventBus, contract: CREATED, target });

    expect(patterns(stack)).toEqual([{ source: ['order.service'], 'detail-type': ['Order.Created'] }]);
  });

  test('narrows by what the contract does not say', () => {
    const { stack, backbone, target } = memberOf(DeliveryMode.PLAIN);

    backbone.subscribe('Urgent', { contract: CREATED, detail: { urgent: [true] }, excludeReplays: true, target });

    expect(patterns(stack)).toEqual([
      {
        source: ['order.service'],
        'detail-type': ['Order.Created'],
        detail: { urgent: [true] },
        'replay-name': [{ exists: false }],
      },
    ]);
  });

  test.each<[string, Partial<SubscriptionOptions>]>([
    ['source', { source: ['x'] }],
    ['detailType', { detailType: ['X'] }],
  ])('beside a %s is refused', (field, conditions) => {
    const { backbone, target } = memberOf(DeliveryMode.PLAIN);
    expect(() => backbone.subscribe('S', { contract: CREATED, target, ...conditions })).toThrow(
      `the pattern of S says "${field}" beside a contract`,
    );
  });
});

test.each<[string, any]>([
  ['null', null],
  ['"order.service"', 'order.service'],
  ['{"source":"order.service"}', { source: 'order.service' }],
])('a subscription by what is no contract is refused: %s', (text, given) => {
  const { backbone, target } = memberOf(DeliveryMode.PLAIN);
  const subscribe = () => backbone.subscribe('OrderCreated', { contract: given, target });

  expect(subscribe).toThrow(`[Delivery/Backbone/LocalBus] contract of OrderCreated is ${text}, not an EventContract`);
  expect(subscribe).toThrow(/\(ContractInvalid\)$/);
});

describe('notices', () => {
  test('about own invalid events go to a target', () => {
    const { stack, backbone, target } = memberOf(DeliveryMode.VALIDATED);

    backbone.subscribeToNotices('Invalid', { target });

    expect(patterns(stack)).toEqual([{ source: [{ prefix: 'invalid.' }] }]);
    Template.fromStack(stack).hasResourceProperties(RULE, { EventBusName: 'acme-delivery' });
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('nothingArrives'));
  });
});

test('notices are warned of where delivery is plain, which sends none', () => {
  const { stack, backbone, target } = memberOf(DeliveryMode.PLAIN);

  backbone.subscribeToNotices('Invalid', { target });

  Annotations.fromStack(stack).hasWarning(
    '/Delivery/Backbone/LocalBus/Invalid',
    Match.stringLikeRegexp('delivers plainly.*Subscription.nothingArrives'),
  );
});

describe('a grant of a member that lists no sources', () => {
  const granting = (options: PublishGrantOptions) => {
    const { backbone, fn } = memberOf(DeliveryMode.VALIDATED, undefined, { order: ['order.service'] });
    return () => backbone.grantPublish(fn, options);
  };

  test.each<[string, PublishGrantOptions]>([
    ['by contract', { contracts: [contract('order.service', 'Order.Created')] }],
    ['by its own contract', { contracts: [contract('order.service', 'Order.Created', 'delivery')] }],
    ['literally', { sources: ['delivery.service', 'order.service'] }],
  ])('is refused for a source of another: %s', (_, options) => {
    expect(granting(options)).toThrow(
      /^\[Delivery\/Backbone\] source "order.service" belongs to order, not to delivery.*\(SourceNotOwned\)$/,
    );
  });

  test.each<[string, PublishGrantOptions]>([
    ['literally', { sources: ['delivery.service'] }],
    ['by contract', { contracts: [contract('delivery.service', 'Delivery.Updated')] }],
  ])('may be for a source of nobody: %s', (_, options) => {
    const { stack, backbone, fn } = memberOf(DeliveryMode.VALIDATED, undefined, { order: ['order.service'] });

    backbone.grantPublish(fn, options);

    const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
    expect(JSON.stringify(policies)).toMatch(/"events:source":\[?"delivery\.service"/);
  });
});

describe('a grant by contract', () => {
  const OWN = [contract('delivery.service', 'Delivery.Updated', 'delivery'), contract('delivery.batch', 'Batch.Done')];

  test('allows the sources and detail-types of the contracts', () => {
    const { stack, backbone, fn } = memberOf(DeliveryMode.PLAIN);

    backbone.grantPublish(fn, { contracts: OWN });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Action: 'events:PutEvents',
            Condition: {
              'ForAllValues:StringEquals': {
                'events:source': ['delivery.service', 'delivery.batch'],
                'events:detail-type': ['Delivery.Updated', 'Batch.Done'],
              },
              Null: { 'events:source': 'false', 'events:detail-type': 'false' },
            },
          },
        ],
      },
    });
  });

  test('names each source once', () => {
    const { stack, backbone, fn } = memberOf(DeliveryMode.PLAIN);

    backbone.globalBus.grantPublish(fn, { contracts: [OWN[0], contract('delivery.service', 'Delivery.Lost')] });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [{ Condition: { 'ForAllValues:StringEquals': { 'events:source': ['delivery.service'] } } }].map(
          (statement) => Match.objectLike(statement),
        ),
      },
    });
  });

  test('is refused for the contract of another member', () => {
    const { backbone, fn } = memberOf(DeliveryMode.PLAIN);
    expect(() => backbone.grantPublish(fn, { contracts: [OWN[0], CREATED] })).toThrow(
      /contract order.service@Order.Created is owned by order, not by delivery.*SourceNotOwned/,
    );
  });

  test('is refused for a source that the topology does not list for the member', () => {
    const { backbone, fn } = memberOf(DeliveryMode.PLAIN);
    expect(() => backbone.grantPublish(fn, { contracts: [contract('other', 'X')] })).toThrow(
      /source "other" does not belong to delivery.*SourceNotOwned/,
    );
  });

  test.each<[string, object]>([
    ['sources', { sources: ['delivery.service'] }],
    ['detailTypes', { detailTypes: ['X'] }],
  ])('is refused beside %s', (field, names) => {
    const { backbone, fn } = memberOf(DeliveryMode.PLAIN);
    expect(() => backbone.grantPublish(fn, { contracts: OWN, ...names })).toThrow(
      `${field} stands beside contracts, which say it already`,
    );
  });

  test.each<[string, any, RegExp]>([
    ['undefined', [OWN[0], undefined], /contracts\[1\] is undefined.*\(ContractInvalid\)$/],
    ['a path', 'contracts', /contracts is "contracts", not a list.*\(ContractInvalid\)$/],
    ['half a contract', [{ source: 'delivery.service' }], /contracts\[0\] is \{.*\(ContractInvalid\)$/],
  ])('of what is no contract is refused: %s', (_, contracts, message) => {
    const { backbone, fn } = memberOf(DeliveryMode.PLAIN);
    expect(() => backbone.grantPublish(fn, { contracts })).toThrow(message);
    expect(() => backbone.globalBus.grantPublish(fn, { contracts })).toThrow(message);
  });

  test('of sources that are a text is refused', () => {
    const { backbone, fn } = memberOf(DeliveryMode.PLAIN);
    expect(() => backbone.grantPublish(fn, { sources: 'delivery.service' as any })).toThrow(
      /sources is "delivery.service", not a list.*\(SourceInvalid\)$/,
    );
  });

  test('of no contract is refused', () => {
    const { backbone, fn } = memberOf(DeliveryMode.PLAIN);
    expect(() => backbone.grantPublish(fn, { contracts: [] })).toThrow(/contracts is an empty list/);
  });
});
