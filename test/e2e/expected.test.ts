import { judge, rulesOf, waysFrom, type Envelope, type Rule, type Way } from '../../e2e/expected';
import type { SynthesizedStack } from '../../src/testing/cloud-assembly';

const HUB = '111111111111';
const ORDER = '222222222222';

/** A stack as it is deployed: its rules have the names that CloudFormation gave them. */
const stackOf = (name: string, account: string, Resources: Record<string, any>): SynthesizedStack => ({
  name,
  account,
  region: 'eu-west-1',
  templateFile: `${name}.template.json`,
  template: { Resources },
});

const busArn = (account: string, name: string) => `arn:aws:events:eu-west-1:${account}:event-bus/${name}`;
const GLOBAL = busArn(HUB, 'shop-global');
const LOCAL = busArn(ORDER, 'shop-order');
const QUEUE = 'arn:aws:sqs:eu-west-1:222222222222:orders';
const DEAD_LETTERS = 'arn:aws:sqs:eu-west-1:222222222222:dlq';
const LOG = 'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/shop-global';

describe('the rules of deployed stacks', () => {
  const ruleWith = (Properties: object, id = 'ToOrder1A2B3C4D') =>
    rulesOf([
      stackOf('shop-routes', HUB, {
        Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop-global' } },
        Dlq: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dlq' } },
        [id]: {
          Type: 'AWS::Events::Rule',
          Properties: { Name: 'to-order', EventBusName: 'shop-global', Targets: [], ...Properties },
        },
      }),
    ])[0];

  test('are those of every stack, and nothing else', () => {
    const rule = (Name: string) => ({
      Type: 'AWS::Events::Rule',
      Properties: { Name, EventBusName: 'b', Targets: [] },
    });
    const stacks = [
      stackOf('one', HUB, { A: rule('a'), Queue: { Type: 'AWS::SQS::Queue' } }),
      stackOf('two', ORDER, { B: rule('b'), C: rule('c') }),
      { ...stackOf('none', HUB, {}), template: {} },
    ];
    expect(rulesOf(stacks).map(({ arn }) => arn)).toEqual([
      'arn:aws:events:eu-west-1:111111111111:rule/b/a',
      'arn:aws:events:eu-west-1:222222222222:rule/b/b',
      'arn:aws:events:eu-west-1:222222222222:rule/b/c',
    ]);
  });

  test.each([
    ['its name', 'shop-global'],
    ['its ARN', GLOBAL],
    ['a reference', { Ref: 'Bus' }],
    ['a reference to its ARN', { 'Fn::GetAtt': ['Bus', 'Arn'] }],
  ])('have a bus by %s', (_, EventBusName) => {
    const { bus, arn } = ruleWith({ EventBusName });
    expect(bus).toBe(GLOBAL);
    expect(arn).toBe('arn:aws:events:eu-west-1:111111111111:rule/shop-global/to-order');
  });

  test('are of the default bus where none is named', () => {
    expect(ruleWith({ EventBusName: undefined }).bus).toBe(busArn(HUB, 'default'));
  });

  // By its last part alone it would pass for a bus of that name here.
  test.each([
    ['account', busArn(ORDER, 'shop-global')],
    ['Region', GLOBAL.replace('eu-west-1', 'us-east-1')],
  ])('fail where the bus is of another %s', (_, EventBusName) => {
    expect(() => ruleWith({ EventBusName })).toThrow(
      `expected: shop-routes/ToOrder1A2B3C4D to read a bus of its own account and Region\n  seen:     ${EventBusName}`,
    );
  });

  test('fail where one is not enabled: the emulator fires it all the same', () => {
    expect(ruleWith({ State: 'ENABLED' }).name).toBe('to-order');
    for (const State of ['DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']) {
      expect(() => ruleWith({ State })).toThrow(`ToOrder1A2B3C4D to be enabled\n  seen:     ${State}`);
    }
  });

  test.each([
    ['Retain', true],
    ['RetainExceptOnCreate', true],
    ['Delete', undefined],
    [undefined, undefined],
  ])('are retained or not: %s', (DeletionPolicy, retained) => {
    const Properties = { Name: 'a', EventBusName: 'b', Targets: [] };
    const rule = { Type: 'AWS::Events::Rule', Properties, DeletionPolicy };
    expect(rulesOf([stackOf('one', HUB, { A: rule })])[0].retained).toBe(retained);
  });

  test('have the targets and dead-letter queues that the deployment gives them', () => {
    const Targets = [
      { Id: 'a', Arn: LOCAL, DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Dlq', 'Arn'] } } },
      {
        Id: 'b',
        Arn: { 'Fn::Join': ['', ['arn:aws:sqs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':q']] },
      },
    ];
    expect(ruleWith({ Targets }).targets).toEqual([
      { arn: LOCAL, deadLetters: 'arn:aws:sqs:eu-west-1:111111111111:dlq' },
      { arn: 'arn:aws:sqs:eu-west-1:111111111111:q', deadLetters: undefined },
    ]);
  });

  test('have the pattern that the deployment gives them', () => {
    const EventPattern = { account: [{ 'anything-but': [{ Ref: 'AWS::AccountId' }] }] };
    expect(ruleWith({ EventPattern }).pattern).toEqual({ account: [{ 'anything-but': [HUB] }] });
  });

  test('are named for people: a given name, or the id where CloudFormation made it', () => {
    expect(ruleWith({}).name).toBe('to-order');
    const made = ruleWith({ Name: 'shop-routes-ToOrder1A2B3C4D-5E6F7G8H9I' });
    expect(made.name).toBe('ToOrder');
    expect(made.arn).toBe(
      'arn:aws:events:eu-west-1:111111111111:rule/shop-global/shop-routes-ToOrder1A2B3C4D-5E6F7G8H9I',
    );
  });
});

const rule = (name: string, bus: string, targets: Rule['targets'], pattern: object = { source: [{ prefix: '' }] }) => ({
  name,
  arn: `${bus}/${name}`.replace(':event-bus/', ':rule/'),
  bus,
  pattern,
  targets,
});

describe('the ways from the global bus', () => {
  const inShort = (ways: Way[]) => ways.map(({ rules, end }) => [...rules.map(({ name }) => name), end]);
  const catchAll = rule('catch-all', GLOBAL, [{ arn: LOG }]);
  const toOrder = rule('to-order', GLOBAL, [{ arn: LOCAL, deadLetters: 'arn:aws:sqs:eu-west-1:111111111111:fan-out' }]);
  const orders = rule('orders', LOCAL, [{ arn: QUEUE, deadLetters: DEAD_LETTERS }, { arn: LOG }]);

  test('end at queues and log groups, of its own rules and of those of local buses', () => {
    expect(inShort(waysFrom(GLOBAL, [orders, catchAll, toOrder]))).toEqual([
      ['catch-all', LOG],
      ['to-order', 'orders', QUEUE],
      ['to-order', 'orders', LOG],
    ]);
  });

  test('have the dead letters of their last rule', () => {
    const ways = waysFrom(GLOBAL, [catchAll, toOrder, orders]);
    expect(ways.map(({ deadLetters }) => deadLetters)).toEqual([undefined, DEAD_LETTERS, undefined]);
  });

  test('do not lead to a bus to which no rule leads', () => {
    expect(inShort(waysFrom(GLOBAL, [catchAll, orders]))).toEqual([['catch-all', LOG]]);
    expect(waysFrom(GLOBAL, [])).toEqual([]);
  });

  test('do not lead over a second hop', () => {
    const third = busArn('333333333333', 'shop-delivery');
    const onward = rule('onward', LOCAL, [{ arn: third }]);
    const back = rule('back', LOCAL, [{ arn: GLOBAL }]);
    const there = rule('there', third, [{ arn: 'arn:aws:sqs:eu-west-1:333333333333:deliveries' }]);
    expect(inShort(waysFrom(GLOBAL, [toOrder, orders, onward, back, there]))).toEqual([
      ['to-order', 'orders', QUEUE],
      ['to-order', 'orders', LOG],
    ]);
  });
});

describe('the verdict on an event', () => {
  const event: Envelope = {
    id: '1',
    account: '333333333333',
    region: 'eu-west-1',
    source: 'delivery.service',
    'detail-type': 'Delivery.Updated',
    resources: [],
    detail: { status: 'DELIVERED' },
  };
  const toOthers = rule('to-order', GLOBAL, [{ arn: LOCAL }], { account: [{ 'anything-but': [ORDER] }] });
  const updates = rule('updates', LOCAL, [{ arn: QUEUE }], { detail: { status: ['DELIVERED'] } });
  const way: Way = { rules: [toOthers, updates], end: QUEUE };

  test('arrives where every rule takes it', () => {
    expect(judge(way, event)).toEqual({ arrives: true, reason: '' });
  });

  test('is of an event with a time, whether its own is known or not', () => {
    const timed: Way = { ...way, rules: [rule('timed', GLOBAL, [], { time: [{ prefix: '202' }] })] };
    expect(judge(timed, { ...event, time: undefined }).arrives).toBe(true);
    expect(judge(timed, { ...event, time: '1999-01-01T00:00:00Z' }).arrives).toBe(false);
  });

  test.each([
    ['the first rule', { ...event, account: ORDER }, /^to-order: account is "222222222222"/],
    ['the second rule', { ...event, detail: { status: 'LOST' } }, /^updates: detail.status is "LOST"/],
  ])('names %s where that does not', (_, other, reason) => {
    const verdict = judge(way, other);
    expect(verdict.arrives).toBe(false);
    expect(verdict.reason).toMatch(reason);
  });
});
