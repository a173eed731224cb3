import { App, CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  BackboneMember,
  CatchAllLogRule,
  EventBackbone,
  FanOutRule,
  ForwardingRole,
  ForwardingRule,
  GlobalBus,
  LocalBus,
  Subscription,
  Topology,
  type ForwardingOptions,
  type TopologyMember,
} from '../../src';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const MEMBER = { account: '222222222222', region: 'eu-west-1' };
const HUB_BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global';
const OWN_BUS = 'arn:aws:events:eu-west-1:222222222222:event-bus/orders';

const delivery: TopologyMember = {
  name: 'delivery',
  account: '333333333333',
  filter: { sources: ['order.service', 'shop.service'] },
};
const topologyOf = (...others: TopologyMember[]) =>
  new Topology({ name: 'acme', hub: HUB, members: [{ name: 'order', account: MEMBER.account }, ...others] });

function given(env: { account: string; region: string } | undefined = MEMBER) {
  const app = new App();
  const stack = new Stack(app, 'Order', { env });
  return { app, stack };
}

/** A rule from the member's own bus to the hub of a topology in which delivery takes some sources. */
function forward(
  options: Partial<ForwardingOptions> = { source: ['audit.service'] },
  topology = topologyOf(delivery),
  { app, stack } = given(),
) {
  const rule = new ForwardingRule(stack, 'Forward', {
    eventBus: events.EventBus.fromEventBusArn(stack, 'Own', OWN_BUS),
    globalBus: GlobalBus.fromTopology(stack, 'GlobalBus', topology),
    ...options,
  });
  return { app, stack, rule };
}

const onDefaultBus = (stack: Stack) => events.EventBus.fromEventBusName(stack, 'Default', 'default');

const propertiesOf = (stack: Stack, type: string) =>
  Object.values(Template.fromStack(stack).findResources(type)).map(({ Properties }) => Properties);

const warningsIn = (stack: Stack) =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data));

test('is a rule on the own bus that puts events on the global bus, with role and dead-letter queue', () => {
  const { stack } = forward({ source: ['audit.service'], detailType: ['Login'], ruleName: 'ToHub' });
  expect(propertiesOf(stack, 'AWS::Events::Rule')).toEqual([
    {
      Name: 'ToHub',
      Description: 'Forwards events to acme-global.',
      EventBusName: 'orders',
      EventPattern: { source: ['audit.service'], 'detail-type': ['Login'] },
      State: 'ENABLED',
      Targets: [
        {
          Id: 'GlobalBus',
          Arn: HUB_BUS,
          RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^ForwardingRole/), 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/DeadLetterQueue/), 'Arn'] } },
        },
      ],
    },
  ]);
  expect(warningsIn(stack)).toEqual([]);
});

test('its role is trusted for the rules of the bus, and may put events on the global bus alone', () => {
  const { stack } = forward();
  const [role] = propertiesOf(stack, 'AWS::IAM::Role');
  expect(role.AssumeRolePolicyDocument.Statement).toEqual([
    {
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': MEMBER.account },
        ArnLike: { 'aws:SourceArn': ['arn:aws:events:eu-west-1:222222222222:rule/orders/*'] },
      },
    },
  ]);
  const [policy] = propertiesOf(stack, 'AWS::IAM::ManagedPolicy');
  expect(policy.PolicyDocument.Statement).toEqual([{ Action: 'events:PutEvents', Effect: 'Allow', Resource: HUB_BUS }]);
});

test('rules of one bus share role and queue, whatever stands for the bus', () => {
  const { stack } = forward();
  new ForwardingRule(stack, 'Second', {
    eventBus: events.EventBus.fromEventBusName(stack, 'Again', 'orders'),
    globalBus: GlobalBus.fromTopology(stack, 'GlobalAgain', topologyOf()),
    source: ['x'],
  });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Events::Rule', 2);
  template.resourceCountIs('AWS::IAM::Role', 1);
  template.resourceCountIs('AWS::SQS::Queue', 1);
});

test('given role and queue are used', () => {
  const { stack } = forward();
  new ForwardingRule(stack, 'Second', {
    eventBus: events.EventBus.fromEventBusArn(stack, 'Again', OWN_BUS),
    globalBus: GlobalBus.fromTopology(stack, 'GlobalAgain', topologyOf()),
    forwardingRole: ForwardingRole.fromRoleArn('arn:aws:iam::222222222222:role/to-hub'),
    deadLetterQueue: new sqs.Queue(stack, 'Mine'),
    source: ['x'],
    enabled: false,
    description: 'mine',
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    Description: 'mine',
    State: 'DISABLED',
    Targets: [
      {
        RoleArn: 'arn:aws:iam::222222222222:role/to-hub',
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Mine'), 'Arn'] } },
      },
    ],
  });
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 1);
});

describe('from the default bus', () => {
  const forwardFindings = (stack: Stack, id: string, ruleName?: string) =>
    new ForwardingRule(stack, id, {
      eventBus: (stack.node.tryFindChild('Default') as events.IEventBus | undefined) ?? onDefaultBus(stack),
      globalBus: GlobalBus.fromTopology(stack, `${id}GlobalBus`, topologyOf(delivery)),
      source: ['aws.guardduty'],
      ruleName,
    });

  test('the bus is named, and the rule has a name, by which role and queue know it alone', () => {
    const { stack } = given();
    forwardFindings(stack, 'Findings');
    const [rule] = propertiesOf(stack, 'AWS::Events::Rule');
    expect(rule.EventBusName).toBe('default');
    expect(rule.Name).toMatch(/^Order-Findings-[0-9A-F]+$/);
    const ruleArn = `arn:aws:events:eu-west-1:222222222222:rule/${rule.Name}`;
    const [role] = propertiesOf(stack, 'AWS::IAM::Role');
    expect(role.AssumeRolePolicyDocument.Statement[0].Condition.ArnLike).toEqual({ 'aws:SourceArn': [ruleArn] });
    Template.fromStack(stack).hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sqs:SendMessage',
            Condition: Match.objectLike({ ArnLike: { 'aws:SourceArn': ruleArn } }),
          }),
        ]),
      },
    });
  });

  test('several rules share the role, which trusts each of them', () => {
    const { stack } = given();
    forwardFindings(stack, 'Findings', 'findings');
    forwardFindings(stack, 'Others', 'others');
    const roles = propertiesOf(stack, 'AWS::IAM::Role');
    expect(roles).toHaveLength(1);
    expect(roles[0].AssumeRolePolicyDocument.Statement[0].Condition.ArnLike).toEqual({
      'aws:SourceArn': ['findings', 'others'].map((name) => `arn:aws:events:eu-west-1:222222222222:rule/${name}`),
    });
  });

  test('a name at its limit is shortened, and stays unique', () => {
    const { stack } = given();
    const [a, b] = ['A', 'B'].map((last) => forwardFindings(stack, `${'VeryLong'.repeat(12)}${last}`));
    expect(a.ruleName).toHaveLength(64);
    expect(b.ruleName).toHaveLength(64);
    expect(a.ruleName).not.toBe(b.ruleName);
  });

  test('so many rules that a trust policy would not hold them are warned of, once', () => {
    const { stack } = given();
    for (let i = 0; i < 25; i++) {
      forwardFindings(stack, `SecurityFindings${i}`, `security-findings-of-the-account-${i}`);
    }
    expect(warningsIn(stack)).toEqual([
      expect.stringMatching(/one by one.*quota is 2048.*ForwardingRole.trustOverQuota/),
    ]);
    Template.fromStack(stack).hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: { Statement: [Match.anyValue(), Match.anyValue()] },
    });
  });

  test('a role that no rule uses would trust nobody, which IAM refuses', () => {
    const { app, stack } = given();
    new ForwardingRole(stack, 'Role', { eventBuses: [onDefaultBus(stack)] });
    expect(() => app.synth()).toThrow(/no ForwardingRule uses it: pass it to one.*\(ForwardingRoleInvalid\)/);
  });

  test('other rules are refused there still', () => {
    const { stack } = given();
    const eventBus = onDefaultBus(stack);
    const target = { bind: () => ({ arn: 'arn:aws:sqs:eu-west-1:222222222222:q' }) };
    expect(() => new Subscription(stack, 'S', { eventBus, target, source: ['x'] })).toThrow('(EventBusNameInvalid)');
    expect(() => new CatchAllLogRule(stack, 'L', { eventBus })).toThrow('(EventBusNameInvalid)');
    const localBus = LocalBus.fromEventBusArn(stack, 'Local', 'arn:aws:events:eu-west-1:222222222222:event-bus/local');
    expect(() => new FanOutRule(stack, 'F', { eventBus, localBus })).toThrow('(EventBusNameInvalid)');
  });
});

describe('events that a fan-out rule would take', () => {
  test('are refused, with one of them and the way out', () => {
    expect(() => forward({ source: ['order.service'] })).toThrow(
      '[Order/Forward] an event such as {"account":"222222222222","region":"eu-west-1","source":"order.service"} would be forwarded and then taken by the fan-out to acme-delivery, and EventBridge drops it there, at its second bus-to-bus hop: let its producer put it on the global bus (grantPublish), forward only what no member receives, narrow the filter of these members in the topology, or deliver validated events ("delivery" in the topology), which are published again (ForwardingMeetsFanOut)',
    );
    expect(() => forward({ detailType: ['Login'] })).toThrow('(ForwardingMeetsFanOut)');
    // Nobody but AWS may publish these under their own source.
    expect(() => forward({ source: ['aws.s3'] }, topologyOf({ name: 'stock', account: '444444444444' }))).toThrow(
      'or deliver validated events ("delivery": { "mode": "validated-same-bus" } in the topology, with UnknownEvents.PASS), which',
    );
    expect(() => forward({ source: ['x'] }, topologyOf({ name: 'stock', account: '444444444444' }))).toThrow(
      'the fan-out to acme-stock',
    );
  });

  test('are not those of the member itself, which its own fan-out leaves out', () => {
    expect(() => forward({ source: ['order.service'] }, topologyOf())).not.toThrow();
    expect(() => forward({ source: ['order.service'], account: ['999999999999'] }, topologyOf())).toThrow(
      'the fan-out to acme-order',
    );
  });

  test('cannot be told where the account is not known, unless a member forwards', () => {
    const anywhere = new Stack(new App(), 'Anywhere');
    const eventBus = events.EventBus.fromEventBusName(anywhere, 'Own', 'orders');
    const globalBus = GlobalBus.fromTopology(anywhere, 'GlobalBus', topologyOf());
    new ForwardingRule(anywhere, 'Forward', { eventBus, globalBus, source: ['x'] });
    expect(warningsIn(anywhere)).toEqual([
      expect.stringContaining('may forward events that the fan-out to acme-order'),
    ]);

    const nowhere = new Stack(new App(), 'Nowhere');
    const member = new BackboneMember(nowhere, 'Backbone', { topology: topologyOf(delivery), member: 'order' });
    const own = events.EventBus.fromEventBusName(nowhere, 'Own', 'orders');
    member.forward('Forward', { eventBus: own, source: ['audit.service'] });
    expect(warningsIn(nowhere)).toEqual([]);
    expect(() => member.forward('Orders', { eventBus: own, source: ['order.service'] })).toThrow(
      'the fan-out to acme-delivery',
    );
  });

  test('are not those of another Region: a forwarded event keeps its own', () => {
    const filter = { pattern: { region: ['us-east-1'] } };
    const elsewhere = topologyOf({ name: 'far', account: '444444444444', filter });
    expect(() => forward({ source: ['x'] }, elsewhere)).not.toThrow();
    expect(() => forward({ source: ['x'], region: ['us-east-1'] }, elsewhere)).toThrow('the fan-out to acme-far');
  });

  test('are no matter for a rule that is disabled', () => {
    const { stack } = forward({ source: ['order.service'], enabled: false });
    expect(warningsIn(stack)).toEqual([]);
  });

  test('are found on another construct for the same bus', () => {
    const app = new App();
    const hub = new Stack(app, 'Hub', { env: HUB });
    const globalBus = new GlobalBus(hub, 'GlobalBus', { eventBusName: 'acme-global', accounts: [MEMBER.account] });
    const routes = new Stack(app, 'Routes', { env: HUB });
    const imported = GlobalBus.fromEventBusArn(routes, 'GlobalBus', HUB_BUS);
    const stock = 'arn:aws:events:eu-west-1:444444444444:event-bus/acme-stock';
    imported.fanOutTo('ToStock', LocalBus.fromEventBusArn(routes, 'Stock', stock));
    const member = new Stack(app, 'Member', { env: MEMBER });
    const eventBus = events.EventBus.fromEventBusArn(member, 'Own', OWN_BUS);
    expect(() => new ForwardingRule(member, 'Forward', { eventBus, globalBus, source: ['x'] })).toThrow(
      'the fan-out to acme-stock',
    );
  });

  test('of fan-out rules made later are warned of where they cannot be told', () => {
    const app = new App();
    const hub = new Stack(app, 'Hub', { env: HUB });
    const globalBus = new GlobalBus(hub, 'GlobalBus', { eventBusName: 'acme-global', accounts: [MEMBER.account] });
    const member = new Stack(app, 'Member', { env: MEMBER });
    const eventBus = events.EventBus.fromEventBusArn(member, 'Own', OWN_BUS);
    new ForwardingRule(member, 'Forward', {
      eventBus,
      globalBus,
      source: [new CfnParameter(member, 'P').valueAsString],
    });
    const stock = 'arn:aws:events:eu-west-1:444444444444:event-bus/acme-stock';
    globalBus.fanOutTo('ToStock', LocalBus.fromEventBusArn(hub, 'Stock', stock));
    app.synth();
    expect(warningsIn(member)).toEqual([expect.stringContaining('the fan-out to acme-stock would take')]);
  });

  test('are not those of members that receive nothing yet, or no more', () => {
    for (const state of ['joining', 'leaving'] as TopologyMember['state'][]) {
      expect(() => forward({ source: ['x'] }, topologyOf({ name: 'a', account: '444444444444', state }))).not.toThrow();
    }
  });

  test('are told from others by any condition', () => {
    const byType = topologyOf({ name: 'big', account: '444444444444', filter: { detailTypes: ['Big'] } });
    expect(() => forward({ detailType: events.Match.anythingBut('Big') }, byType)).not.toThrow();
    expect(() => forward({ detailType: events.Match.prefix('B') }, byType)).toThrow('(ForwardingMeetsFanOut)');
  });

  test('of a bus in the same app are found when the app is complete, whichever came first', () => {
    for (const fanOutFirst of [true, false]) {
      const app = new App();
      const hub = new Stack(app, 'Hub', { env: HUB });
      const globalBus = new GlobalBus(hub, 'GlobalBus', { eventBusName: 'acme-global', accounts: [MEMBER.account] });
      const member = new Stack(app, 'Member', { env: MEMBER });
      const fanOut = () =>
        globalBus.fanOutTo(
          'ToStock',
          LocalBus.fromEventBusArn(hub, 'Stock', 'arn:aws:events:eu-west-1:444444444444:event-bus/acme-stock'),
        );
      const forwarding = () =>
        new ForwardingRule(member, 'Forward', {
          eventBus: events.EventBus.fromEventBusArn(member, 'Own', OWN_BUS),
          globalBus,
          source: ['x'],
        });
      if (fanOutFirst) {
        fanOut();
        expect(forwarding).toThrow('taken by the fan-out to acme-stock');
      } else {
        forwarding();
        fanOut();
        expect(() => app.synth()).toThrow(/taken by the fan-out to acme-stock.*\(ForwardingMeetsFanOut\)/);
      }
    }
  });

  test('of a backbone in the same app are found at once', () => {
    const app = new App();
    const { globalBus } = new EventBackbone(app, 'Backbone', { topology: topologyOf(delivery) });
    const member = new Stack(app, 'Member', { env: MEMBER });
    const eventBus = events.EventBus.fromEventBusArn(member, 'Own', OWN_BUS);
    expect(() => new ForwardingRule(member, 'A', { eventBus, globalBus, source: ['order.service'] })).toThrow(
      'the fan-out to acme-delivery',
    );
    new ForwardingRule(member, 'B', { eventBus, globalBus, source: ['audit.service'] });
    app.synth();
    expect(warningsIn(member)).toEqual([]);
  });

  test('a disabled fan-out takes nothing', () => {
    const app = new App();
    const hub = new Stack(app, 'Hub', { env: HUB });
    const globalBus = new GlobalBus(hub, 'GlobalBus', { eventBusName: 'acme-global', accounts: [MEMBER.account] });
    const stock = LocalBus.fromEventBusArn(hub, 'Stock', 'arn:aws:events:eu-west-1:444444444444:event-bus/acme-stock');
    globalBus.fanOutTo('ToStock', stock, { enabled: false });
    const member = new Stack(app, 'Member', { env: MEMBER });
    const eventBus = events.EventBus.fromEventBusArn(member, 'Own', OWN_BUS);
    new ForwardingRule(member, 'Forward', { eventBus, globalBus, source: ['x'] });
    expect(() => app.synth()).not.toThrow();
  });

  test('where that cannot be told, a warning says so', () => {
    const { stack } = given();
    new ForwardingRule(stack, 'Forward', {
      eventBus: events.EventBus.fromEventBusArn(stack, 'Own', OWN_BUS),
      globalBus: events.EventBus.fromEventBusArn(stack, 'Hub', HUB_BUS),
      source: ['x'],
    });
    expect(warningsIn(stack)).toEqual([
      expect.stringMatching(
        /^forwards to acme-global, whose fan-out rules are not all known here: .*ForwardingRule.fanOutUnknown/,
      ),
      expect.stringContaining('ForwardingRule.eventBusPolicyNotChanged'),
    ]);
    const filter = { pattern: { detail: { total: [{ numeric: ['>', 100] }] } } };
    const topology = topologyOf({ name: 'big', account: '444444444444', filter });
    // Totals in a list may lie on both sides.
    const { stack: lists } = forward({ detail: { total: [{ numeric: ['<', 100] }] } }, topology);
    expect(warningsIn(lists)).toEqual([expect.stringContaining('the fan-out to acme-big would take')]);
    const { stack: other } = forward({ source: [new Stack(new App(), 'Token').account] });
    expect(warningsIn(other)).toEqual([
      expect.stringMatching(
        /^may forward events that the fan-out to acme-delivery would take: .*ForwardingRule.fanOutUnknown/,
      ),
    ]);
  });
});

describe('the policy of the global bus', () => {
  const forwardTo = (globalBusOf: (stack: Stack) => events.IEventBusRef, env = MEMBER) => {
    const stack = new Stack(new App(), 'Order', { env });
    new ForwardingRule(stack, 'Forward', {
      eventBus: events.EventBus.fromEventBusName(stack, 'Own', 'orders'),
      globalBus: globalBusOf(stack),
      source: ['x'],
    });
    return warningsIn(stack).filter((warning) => warning.includes('eventBusPolicyNotChanged'));
  };
  const inHub = (accounts: string[]) => (stack: Stack) =>
    new GlobalBus(new Stack(stack.node.root as App, 'Hub', { env: HUB }), 'Bus', {
      eventBusName: 'acme-global',
      accounts,
    });

  test('must admit the account, or the rule cannot be made: the statement is told', () => {
    const statement =
      '{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"events:PutEvents","Resource":"arn:aws:events:eu-west-1:111111111111:event-bus/acme-global"}';
    expect(forwardTo(inHub(['333333333333']))).toEqual([
      expect.stringContaining(`admits account 222222222222 already, EventBridge refuses this rule`),
    ]);
    expect(forwardTo(inHub(['333333333333']))[0]).toContain(statement);
    const legacy = { ...HUB, eventBusName: 'acme-global', existingEventBus: true };
    const adopted = new Topology({ name: 'acme', hub: legacy, members: [{ name: 'order', account: MEMBER.account }] });
    expect(forwardTo((stack) => GlobalBus.fromTopology(stack, 'Bus', adopted))[0]).toContain(statement);
  });

  test('admits the members of a topology, accounts that are listed, and its own account', () => {
    expect(forwardTo((stack) => GlobalBus.fromTopology(stack, 'Bus', topologyOf()))).toEqual([]);
    expect(forwardTo(inHub([MEMBER.account]))).toEqual([]);
    expect(forwardTo(inHub([]), HUB)).toEqual([]);
  });
});

test('a second hop is refused on any reference to a local bus', () => {
  const { stack } = given();
  LocalBus.fromEventBusArn(stack, 'Local', 'arn:aws:events:eu-west-1:222222222222:event-bus/acme-order');
  const eventBus = events.EventBus.fromEventBusName(stack, 'Again', 'acme-order');
  const globalBus = GlobalBus.fromTopology(stack, 'GlobalBus', topologyOf());
  expect(() => new ForwardingRule(stack, 'Forward', { eventBus, globalBus, source: ['x'] })).toThrow('(SecondHop)');
  const anywhere = new Stack(new App(), 'Anywhere');
  const member = new BackboneMember(anywhere, 'Backbone', { topology: topologyOf(), member: 'order' });
  const own = events.EventBus.fromEventBusName(anywhere, 'Own', 'acme-order');
  expect(() => member.forward('Forward', { eventBus: own, source: ['x'] })).toThrow('(SecondHop)');
});

test('on the default bus of the hub, beside what the backbone has made', () => {
  const app = new App();
  const { hubStack, globalBus } = new EventBackbone(app, 'Backbone', { topology: topologyOf() });
  new ForwardingRule(hubStack, 'Findings', {
    eventBus: onDefaultBus(hubStack),
    globalBus,
    source: ['aws.guardduty'],
    account: [HUB.account],
    enabled: false,
  });
  expect(() => app.synth()).not.toThrow();
});

describe('what the rules of a bus share', () => {
  const busOf = (stack: Stack, id: string) => events.EventBus.fromEventBusName(stack, id, 'orders');
  const rule = (stack: Stack, id: string, options: Partial<ForwardingOptions> = {}) =>
    new ForwardingRule(stack, id, {
      eventBus: busOf(stack, `Own${id}`),
      globalBus: GlobalBus.fromTopology(stack, `GlobalBus${id}`, topologyOf()),
      source: ['x'],
      ...options,
    });
  const queueOf = (stack: Stack) => Object.entries(Template.fromStack(stack).findResources('AWS::SQS::Queue'));

  test('is the same whoever asks first', () => {
    const ids = [
      ['A', 'B'],
      ['B', 'A'],
    ].map((names) => {
      const { stack } = given();
      for (const name of names) rule(stack, name);
      return queueOf(stack).map(([id]) => id);
    });
    expect(ids[0]).toHaveLength(1);
    expect(ids[0]).toEqual(ids[1]);
  });

  test('is kept if one of them wants that', () => {
    for (const policies of [
      [RemovalPolicy.RETAIN, RemovalPolicy.DESTROY],
      [RemovalPolicy.DESTROY, RemovalPolicy.RETAIN],
      [undefined, RemovalPolicy.RETAIN],
    ]) {
      const { stack } = given();
      policies.forEach((removalPolicy, i) => rule(stack, `Rule${i}`, { removalPolicy }));
      expect(queueOf(stack).map(([, { DeletionPolicy }]) => DeletionPolicy)).toEqual(['Retain']);
    }
  });
});

test('two rules of one name on one bus are refused, whatever stands for the bus', () => {
  const { stack } = forward({ source: ['x'], ruleName: 'ToHub' });
  const eventBus = events.EventBus.fromEventBusName(stack, 'Again', 'orders');
  const globalBus = GlobalBus.fromTopology(stack, 'GlobalAgain', topologyOf());
  const options = { eventBus, globalBus, source: ['y'], ruleName: 'ToHub' };
  expect(() => new ForwardingRule(stack, 'Second', options)).toThrow(
    'rule name "ToHub" is taken by another rule of orders: the one deployed later would replace the other; give this one another name (RuleNameInvalid)',
  );
});

describe('refuses', () => {
  const { stack } = given();
  const own = events.EventBus.fromEventBusArn(stack, 'Own', OWN_BUS);
  const hub = GlobalBus.fromTopology(stack, 'GlobalBus', topologyOf());
  const local = LocalBus.fromEventBusArn(stack, 'Local', 'arn:aws:events:eu-west-1:222222222222:event-bus/local');
  const foreign = events.EventBus.fromEventBusArn(stack, 'Foreign', HUB_BUS);
  const missing = undefined as any;

  test.each([
    ['no bus', { eventBus: missing }, 'EventBusMissing'],
    ['no global bus', { globalBus: missing }, 'GlobalBusMissing'],
    ['a bus that forwards to itself', { globalBus: own }, 'ForwardingToItself'],
    [
      'the same by its name',
      { globalBus: events.EventBus.fromEventBusName(stack, 'Named', 'orders') },
      'ForwardingToItself',
    ],
    ['a local bus', { eventBus: local }, 'SecondHop'],
    ['a bus of another account', { eventBus: foreign }, 'EventBusElsewhere'],
    ['no condition', { source: undefined }, 'EventPatternMissing'],
    ['a wrong pattern', { source: [] }, 'EventPatternInvalid'],
    ['a reserved source', { source: ['valid.order'] }, 'SourceReserved'],
    ['a reserved prefix', { source: events.Match.prefix('invalid.') }, 'SourceReserved'],
    [
      'a role of another account',
      { forwardingRole: ForwardingRole.fromRoleArn('arn:aws:iam::111111111111:role/x') },
      'ForwardingRoleInvalid',
    ],
    ['a long name', { ruleName: 'x'.repeat(65) }, 'RuleNameInvalid'],
    ['a long description', { description: 'x'.repeat(513) }, 'DescriptionTooLong'],
  ])('%s', (what, options, code) => {
    expect(() => {
      new ForwardingRule(stack, `For ${what}`, { eventBus: own, globalBus: hub, source: ['x'], ...options });
    }).toThrow(`(${code})`);
  });

  test('a queue of another account, and a role for another bus', () => {
    const queue = sqs.Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:eu-west-1:111111111111:q');
    const forwardingRole = new ForwardingRole(stack, 'Role', { eventBuses: [local] });
    for (const [options, code] of [
      [{ deadLetterQueue: queue }, 'DeadLetterQueueElsewhere'],
      [{ forwardingRole }, 'ForwardingRoleInvalid'],
    ] as const) {
      expect(() => {
        new ForwardingRule(stack, code, { eventBus: own, globalBus: hub, source: ['x'], ...options });
      }).toThrow(`(${code})`);
    }
  });
});

describe('a member forwards', () => {
  const topology = topologyOf(delivery);
  const memberOf = (other: Topology) => {
    const { stack } = given();
    return { stack, member: new BackboneMember(stack, 'Backbone', { topology: other, member: 'order' }) };
  };

  test('to the hub of its topology', () => {
    const { stack, member } = memberOf(topology);
    member.forward('Findings', { eventBus: onDefaultBus(stack), source: ['aws.guardduty'] });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { Targets: [{ Arn: HUB_BUS }] });
  });

  test('its own sources and those of services of AWS, no others', () => {
    const { stack, member } = memberOf(
      new Topology({
        name: 'acme',
        hub: HUB,
        members: [{ name: 'order', account: MEMBER.account, sources: ['order.service'] }],
      }),
    );
    const eventBus = onDefaultBus(stack);
    member.forward('Own', { eventBus, source: ['order.service', 'aws.guardduty'] });
    member.forward('Aws', { eventBus, source: events.Match.prefix('aws.') });
    const deployed = new CfnParameter(stack, 'Source').valueAsString;
    member.forward('Deployed', { eventBus, source: [deployed] });
    const others: Array<[string, Partial<ForwardingOptions>, string]> = [
      [
        'Others',
        { source: ['shop.service'] },
        'forwards source "shop.service", and the sources of order are order.service',
      ],
      ['OnWire', { eventPattern: { source: ['shop.service'] } }, 'forwards source "shop.service"'],
      ['Any', { detailType: ['Order.Created'] }, 'forwards events of every source'],
      ['Prefix', { source: events.Match.prefix('order.') }, 'forwards sources that are not listed, by "prefix"'],
      ['Either', { eventPattern: { $or: [{ source: ['order.service'] }, { region: ['x'] }] } }, 'of every source'],
    ];
    for (const [id, options, message] of others) {
      expect(() => member.forward(id, { eventBus, ...options })).toThrow(message);
      expect(() => member.forward(`${id}2`, { eventBus, ...options })).toThrow('(SourceNotOwned)');
    }
  });

  test('and its alarms and what happens to queues hold for the queue of that bus too', () => {
    const { stack } = given();
    const [own, other] = ['arn:own', 'arn:other'].map((alarmActionArn) => ({ bind: () => ({ alarmActionArn }) }));
    const member = new BackboneMember(stack, 'Backbone', {
      topology,
      member: 'order',
      alarmActions: [own],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const eventBus = onDefaultBus(stack);
    member.forward('Findings', { eventBus, source: ['aws.guardduty'] });
    member.forward('Health', { eventBus, source: ['aws.health'], alarmActions: [own, other] });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: ['arn:own', 'arn:other'] });
    template.hasResource('AWS::SQS::Queue', { DeletionPolicy: 'Retain' });
  });
});
