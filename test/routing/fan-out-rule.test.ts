import { App, Aws, CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { type FanOutOptions, FanOutRule, type FanOutRuleProps, ForwardingRole, GlobalBus, LocalBus } from '../../src';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const MEMBER = { account: '333333333333', region: 'eu-west-1' };
const GLOBAL_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global';
const LOCAL_ARN = 'arn:aws:events:eu-west-1:333333333333:event-bus/acme-delivery';

function given() {
  const app = new App();
  const stack = new Stack(app, 'Hub', { env: HUB });
  const eventBus = GlobalBus.fromEventBusArn(stack, 'Bus', GLOBAL_ARN);
  const localBus = LocalBus.fromEventBusArn(stack, 'Delivery', LOCAL_ARN);
  return { app, stack, eventBus, localBus };
}

/** The only rule of a stack. */
function ruleOf(stack: Stack): { Properties: any; DependsOn?: string[] } {
  const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  expect(rules).toHaveLength(1);
  return rules[0] as any;
}

function idsOf(stack: Stack, type: string): string[] {
  const ids = Object.keys(Template.fromStack(stack).findResources(type));
  expect(ids.length).toBeGreaterThan(0);
  return ids;
}

function withOptions(options: FanOutOptions) {
  const { stack, eventBus, localBus } = given();
  new FanOutRule(stack, 'ToDelivery', { eventBus, localBus, ...options });
  return stack;
}

test('delivers everybody’s events but the member’s own to its bus', () => {
  // GIVEN
  const { stack, eventBus, localBus } = given();

  // WHEN
  new FanOutRule(stack, 'ToDelivery', { eventBus, localBus });

  // THEN
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventBusName: 'acme-global',
    EventPattern: { account: [{ 'anything-but': ['333333333333'] }] },
    Targets: [Match.objectLike({ Arn: LOCAL_ARN })],
  });
});

test('sets nothing on the target that EventBridge refuses for a bus', () => {
  const { Targets } = ruleOf(withOptions({})).Properties;
  expect(Targets.map((target: object) => Object.keys(target).sort())).toEqual([
    ['Arn', 'DeadLetterConfig', 'Id', 'RoleArn'],
  ]);
});

describe('the bus that is read', () => {
  test('of the CDK, in the stack, is named by reference', () => {
    // GIVEN
    const { stack, localBus } = given();
    const eventBus = new events.EventBus(stack, 'CdkBus', { eventBusName: 'orders' });

    // WHEN
    new FanOutRule(stack, 'ToDelivery', { eventBus, localBus });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: idsOf(stack, 'AWS::Events::EventBus')[0] },
    });
  });

  test('of the CDK, imported, is named', () => {
    const { stack, localBus } = given();
    const eventBus = events.EventBus.fromEventBusArn(stack, 'CdkBus', GLOBAL_ARN);
    new FanOutRule(stack, 'ToDelivery', { eventBus, localBus });
    expect(ruleOf(stack).Properties.EventBusName).toBe('acme-global');
  });

  test('as an L1 is named by reference', () => {
    // GIVEN
    const { stack, localBus } = given();
    const eventBus = new events.CfnEventBus(stack, 'CfnBus', { name: 'orders' });

    // WHEN
    new FanOutRule(stack, 'ToDelivery', { eventBus, localBus });

    // THEN
    expect(ruleOf(stack).Properties.EventBusName).toEqual({ Ref: 'CfnBus' });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Condition: Match.objectLike({
              ArnLike: {
                'aws:SourceArn': [
                  { 'Fn::Join': ['', ['arn:aws:events:eu-west-1:111111111111:rule/', { Ref: 'CfnBus' }, '/*']] },
                ],
              },
            }),
          }),
        ],
      },
    });
  });

  test('is named by its ARN where the stack does not know its account', () => {
    // GIVEN
    const stack = new Stack(new App(), 'Anywhere');
    const eventBus = GlobalBus.fromEventBusArn(stack, 'Bus', GLOBAL_ARN);
    const localBus = LocalBus.fromEventBusArn(stack, 'Delivery', LOCAL_ARN);

    // WHEN
    new FanOutRule(stack, 'ToDelivery', { eventBus, localBus });

    // THEN
    expect(ruleOf(stack).Properties.EventBusName).toBe(GLOBAL_ARN);
  });

  test('fails where it is undefined', () => {
    const { stack, localBus } = given();
    expect(() => new FanOutRule(stack, 'ToDelivery', { eventBus: undefined as any, localBus })).toThrow(
      /eventBus is undefined.*default bus.*\(EventBusMissing\)$/,
    );
  });

  test.each([
    ['account', 'arn:aws:events:eu-west-1:999999999999:event-bus/acme-global', '999999999999/eu-west-1'],
    ['Region', 'arn:aws:events:us-east-1:111111111111:event-bus/acme-global', '111111111111/us-east-1'],
  ])('fails where it is in another %s', (_, arn, place) => {
    const { stack, localBus } = given();
    for (const eventBus of [
      events.EventBus.fromEventBusArn(stack, 'CdkForeign', arn),
      GlobalBus.fromEventBusArn(stack, 'Foreign', arn),
    ]) {
      expect(() => new FanOutRule(stack, `ToDelivery${eventBus.node.id}`, { eventBus, localBus })).toThrow(
        new RegExp(`acme-global in ${place} from a stack for 111111111111/eu-west-1.*\\(EventBusElsewhere\\)$`),
      );
    }
  });

  test('fails where it is the bus of a stack for another account', () => {
    // GIVEN
    const { app, stack, localBus } = given();
    const elsewhere = new Stack(app, 'Elsewhere', { env: MEMBER });
    const eventBus = new events.EventBus(elsewhere, 'Bus', { eventBusName: 'acme-global' });

    // THEN
    expect(() => new FanOutRule(stack, 'ToDelivery', { eventBus, localBus })).toThrow(/\(EventBusElsewhere\)$/);
  });

  test('fails where it is a local bus, made or imported', () => {
    // GIVEN
    const { stack, localBus } = given();
    const made = new LocalBus(stack, 'Made', { eventBusName: 'acme-order', hubAccount: HUB.account });
    const imported = LocalBus.fromEventBusName(stack, 'Imported', 'acme-order');

    // THEN
    for (const eventBus of [made, imported]) {
      expect(() => new FanOutRule(stack, `From${eventBus.node.id}`, { eventBus, localBus })).toThrow(
        /second bus-to-bus hop.*\(SecondHop\)$/,
      );
    }
  });
});

describe('the bus that receives', () => {
  test('fails where it is undefined', () => {
    const { stack, eventBus } = given();
    expect(() => new FanOutRule(stack, 'ToDelivery', { eventBus, localBus: undefined as any })).toThrow(
      /localBus of ToDelivery is undefined.*\(LocalBusMissing\)$/,
    );
  });

  test('fails where it is the bus that is read', () => {
    const { stack, eventBus } = given();
    expect(() => new FanOutRule(stack, 'ToItself', { eventBus, localBus: eventBus })).toThrow(
      /both acme-global.*\(FanOutToItself\)$/,
    );
    const same = LocalBus.fromEventBusArn(stack, 'Same', GLOBAL_ARN);
    expect(() => new FanOutRule(stack, 'ToTheSame', { eventBus, localBus: same })).toThrow(/\(FanOutToItself\)$/);
    const cdkBus = new events.EventBus(stack, 'CdkBus');
    expect(() => new FanOutRule(stack, 'ToCdkBus', { eventBus: cdkBus, localBus: cdkBus })).toThrow(
      /\(FanOutToItself\)$/,
    );
  });

  test.each<[string, (stack: Stack) => events.IEventBusRef]>([
    ['of the CDK', (stack) => new events.EventBus(stack, 'Local', { eventBusName: 'local' })],
    ['as an L1', (stack) => new events.CfnEventBus(stack, 'Local', { name: 'local' })],
  ])('%s is named by reference, and its account is left out', (_, make) => {
    // GIVEN
    const { stack, eventBus } = given();
    const localBus = make(stack);

    // WHEN
    new FanOutRule(stack, 'ToLocal', { eventBus, localBus });

    // THEN
    const [bus] = idsOf(stack, 'AWS::Events::EventBus');
    const { Properties, DependsOn } = ruleOf(stack);
    expect(Properties.Targets[0].Arn).toEqual({ 'Fn::GetAtt': [bus, 'Arn'] });
    expect(Properties.EventPattern).toEqual({ account: [{ 'anything-but': ['111111111111'] }] });
    expect(DependsOn).toContain(bus);
  });

  test('may be in another Region', () => {
    const { stack, eventBus } = given();
    const arn = 'arn:aws:events:us-east-1:333333333333:event-bus/acme-delivery';
    new FanOutRule(stack, 'ToFar', { eventBus, localBus: LocalBus.fromEventBusArn(stack, 'Far', arn) });
    expect(ruleOf(stack).Properties.Targets[0].Arn).toBe(arn);
  });

  test('known at deployment only is left out by its deploy-time account', () => {
    // GIVEN
    const { stack, eventBus } = given();
    const arn = new CfnParameter(stack, 'Arn').valueAsString;

    // WHEN
    new FanOutRule(stack, 'ToLater', { eventBus, localBus: events.EventBus.fromEventBusArn(stack, 'Later', arn) });

    // THEN
    const { Properties } = ruleOf(stack);
    expect(Properties.Targets[0].Arn).toEqual({ Ref: 'Arn' });
    expect(Properties.EventPattern).toEqual({
      account: [{ 'anything-but': [{ 'Fn::Select': [4, { 'Fn::Split': [':', { Ref: 'Arn' }] }] }] }],
    });
  });
});

describe('order of creation', () => {
  test('in one stack: the local bus, its policy and the permission of the role come first', () => {
    // GIVEN
    const { stack, eventBus } = given();
    const localBus = new LocalBus(stack, 'Local', { eventBusName: 'acme-local', hubAccount: HUB.account });

    // WHEN
    new FanOutRule(stack, 'ToLocal', { eventBus, localBus });

    // THEN
    expect(ruleOf(stack).DependsOn).toEqual(
      expect.arrayContaining([
        ...idsOf(stack, 'AWS::Events::EventBus'),
        ...idsOf(stack, 'AWS::Events::EventBusPolicy'),
        ...idsOf(stack, 'AWS::IAM::Role'),
        ...idsOf(stack, 'AWS::IAM::ManagedPolicy'),
      ]),
    );
  });

  test('in one stack: the global bus comes first, though it is named by a literal', () => {
    // GIVEN
    const { stack, localBus } = given();
    const eventBus = new GlobalBus(stack, 'Global', { eventBusName: 'acme', organizationId: 'o-abc1234567' });

    // WHEN
    new FanOutRule(stack, 'ToDelivery', { eventBus, localBus });

    // THEN
    expect(ruleOf(stack).Properties.EventBusName).toBe('acme');
    expect(ruleOf(stack).DependsOn).toEqual(expect.arrayContaining(idsOf(stack, 'AWS::Events::EventBus')));
  });

  test('across stacks: theirs come first', () => {
    // GIVEN
    const app = new App();
    const hub = new Stack(app, 'Hub', { env: HUB });
    const member = new Stack(app, 'Member', { env: MEMBER });
    const routes = new Stack(app, 'Routes', { env: HUB });
    const eventBus = new GlobalBus(hub, 'Bus', { eventBusName: 'acme-global', organizationId: 'o-abc1234567' });
    const localBus = new LocalBus(member, 'Bus', { eventBusName: 'acme-delivery', hubAccount: HUB.account });

    // WHEN
    new FanOutRule(routes, 'ToDelivery', { eventBus, localBus });

    // THEN
    app.synth();
    expect(routes.dependencies.map((stack) => stack.stackName).sort()).toEqual(['Hub', 'Member']);
    expect(member.dependencies).toEqual([]);
    expect(ruleOf(routes).Properties).toMatchObject({
      EventBusName: 'acme-global',
      EventPattern: { account: [{ 'anything-but': ['333333333333'] }] },
      Targets: [{ Arn: LOCAL_ARN }],
    });
    expect(app.node.children.filter(Stack.isStack).map(({ node }) => node.id)).toEqual(['Hub', 'Member', 'Routes']);
  });
});

describe('forwarding role', () => {
  test('is shared by the rules of a bus, and names each local bus', () => {
    // GIVEN
    const { stack, eventBus, localBus } = given();
    const order = LocalBus.fromEventBusArn(stack, 'Order', LOCAL_ARN.replace('delivery', 'order'));

    // WHEN
    new FanOutRule(stack, 'ToDelivery', { eventBus, localBus });
    new FanOutRule(stack, 'ToOrder', { eventBus, localBus: order });

    // THEN
    const [roleId, ...others] = idsOf(stack, 'AWS::IAM::Role');
    expect(others).toEqual([]);
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ RoleArn: { 'Fn::GetAtt': [roleId, 'Arn'] } })],
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: [
          {
            Action: 'events:PutEvents',
            Effect: 'Allow',
            Resource: [LOCAL_ARN, LOCAL_ARN.replace('delivery', 'order')],
          },
        ],
      }),
    });
  });

  test('is trusted for the rules of the bus alone', () => {
    Template.fromStack(withOptions({})).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({
            Principal: { Service: 'events.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': '111111111111' },
              ArnLike: { 'aws:SourceArn': ['arn:aws:events:eu-west-1:111111111111:rule/acme-global/*'] },
            },
          }),
        ],
      }),
    });
  });

  test('is one for each bus', () => {
    // GIVEN
    const { stack, eventBus, localBus } = given();
    const second = GlobalBus.fromEventBusName(stack, 'Second', 'acme-published');

    // WHEN
    new FanOutRule(stack, 'ToDelivery', { eventBus, localBus });
    new FanOutRule(stack, 'PublishedToDelivery', { eventBus: second, localBus });

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 2);
  });

  test('may be given, and then learns the bus', () => {
    // GIVEN
    const { stack, eventBus, localBus } = given();
    const forwardingRole = new ForwardingRole(stack, 'Mine', { eventBuses: [eventBus], roleName: 'mine' });

    // WHEN
    new FanOutRule(stack, 'ToDelivery', { eventBus, localBus, forwardingRole });

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 1);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: Match.objectLike({ Statement: [Match.objectLike({ Resource: LOCAL_ARN })] }),
    });
    expect(ruleOf(stack).DependsOn).toEqual(expect.arrayContaining(idsOf(stack, 'AWS::IAM::ManagedPolicy')));
  });

  test('may be an existing one', () => {
    const roleArn = 'arn:aws:iam::111111111111:role/forwarder';
    const stack = withOptions({ forwardingRole: ForwardingRole.fromRoleArn(roleArn) });
    expect(ruleOf(stack).Properties.Targets[0].RoleArn).toBe(roleArn);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 0);
  });

  test('for 290 local buses keeps every policy within what IAM takes', () => {
    // GIVEN
    const { stack, eventBus } = given();
    const arns = Array.from({ length: 290 }, (_, i) => `${LOCAL_ARN}-member-${i}`);

    // WHEN
    arns.forEach((arn, i) => {
      new FanOutRule(stack, `Rule${i}`, { eventBus, localBus: LocalBus.fromEventBusArn(stack, `Local${i}`, arn) });
    });

    // THEN
    const template = Template.fromStack(stack);
    const policies = template.findResources('AWS::IAM::ManagedPolicy');
    const documents = Object.entries(policies).map(([id, { Properties }]) => ({ id, ...Properties.PolicyDocument }));
    const holders = new Map<string, string>();
    for (const { id, Statement } of documents) {
      for (const arn of [Statement[0].Resource].flat()) holders.set(arn, id);
    }
    expect([...holders.keys()].sort()).toEqual([...arns].sort());
    for (const { id: _, ...document } of documents) expect(JSON.stringify(document).length).toBeLessThanOrEqual(6144);
    expect(documents.length).toBeLessThanOrEqual(10);
    const rules = Object.values(template.findResources('AWS::Events::Rule'));
    expect(rules).toHaveLength(290);
    for (const { Properties, DependsOn } of rules) {
      expect(DependsOn).toContain(holders.get(Properties.Targets[0].Arn));
    }
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.resourceCountIs('AWS::SQS::Queue', 1);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

describe('dead-letter queue', () => {
  const allows = (stack: Stack) =>
    Object.values(Template.fromStack(stack).findResources('AWS::SQS::QueuePolicy'))
      .flatMap((policy) => policy.Properties.PolicyDocument.Statement)
      .filter((statement) => statement.Effect === 'Allow');

  test('is one for all rules, with one Allow', () => {
    // GIVEN
    const { stack, eventBus } = given();

    // WHEN
    for (const name of ['a', 'b', 'c']) {
      const localBus = LocalBus.fromEventBusArn(stack, `Local-${name}`, `${LOCAL_ARN}-${name}`);
      new FanOutRule(stack, `To-${name}`, { eventBus, localBus });
    }

    // THEN
    const [queue, ...others] = idsOf(stack, 'AWS::SQS::Queue');
    expect(others).toEqual([]);
    Template.fromStack(stack).allResourcesProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queue, 'Arn'] } } })],
    });
    expect(allows(stack)).toEqual([
      expect.objectContaining({
        Action: 'sqs:SendMessage',
        Principal: { Service: 'events.amazonaws.com' },
        Resource: { 'Fn::GetAtt': [queue, 'Arn'] },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111111111111' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/acme-global/*' },
        },
      }),
    ]);
  });

  test('may be given, and admits the rules', () => {
    // GIVEN
    const { stack, eventBus, localBus } = given();
    const deadLetterQueue = new sqs.Queue(stack, 'Mine');

    // WHEN
    new FanOutRule(stack, 'ToDelivery', { eventBus, localBus, deadLetterQueue });

    // THEN
    const [queue, ...others] = idsOf(stack, 'AWS::SQS::Queue');
    expect(others).toEqual([]);
    expect(ruleOf(stack).Properties.Targets[0].DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': [queue, 'Arn'] } });
    expect(allows(stack)).toHaveLength(1);
  });

  test('fails where it is in another account', () => {
    const { stack, eventBus, localBus } = given();
    const deadLetterQueue = sqs.Queue.fromQueueArn(stack, 'Theirs', 'arn:aws:sqs:eu-west-1:333333333333:dlq');
    expect(() => new FanOutRule(stack, 'ToDelivery', { eventBus, localBus, deadLetterQueue })).toThrow(
      /in 333333333333\/eu-west-1, the rule in 111111111111\/eu-west-1.*\(DeadLetterQueueElsewhere\)$/,
    );
  });
});

describe('options', () => {
  const pattern = (options: FanOutOptions) => ruleOf(withOptions(options)).Properties.EventPattern;

  test('account: that of the local bus by default, or another one', () => {
    expect(pattern({})).toEqual({ account: [{ 'anything-but': ['333333333333'] }] });
    expect(pattern({ account: '444444444444' })).toEqual({ account: [{ 'anything-but': ['444444444444'] }] });
  });

  test('account: a deploy-time value survives', () => {
    expect(pattern({ account: Aws.ACCOUNT_ID })).toEqual({
      account: [{ 'anything-but': [{ Ref: 'AWS::AccountId' }] }],
    });
  });

  test('fails where account is a number, which would exclude nobody', () => {
    for (const ownSources of [undefined, ['own.a']]) {
      expect(() => withOptions({ account: 222222222222 as any, ownSources })).toThrow(
        /account 222222222222 of ToDelivery is not a 12-digit account id: pass it as a string.*\(AccountInvalid\)$/,
      );
    }
  });

  test('ownSources: the whole account by default, or its sources', () => {
    expect(pattern({ ownSources: ['own.a'] })).toEqual({
      $or: [{ account: [{ 'anything-but': ['333333333333'] }] }, { source: [{ 'anything-but': ['own.a'] }] }],
    });
  });

  test('fails where ownSources is empty', () => {
    expect(() => withOptions({ ownSources: [] })).toThrow(
      /ownSources of ToDelivery is an empty list.*\(EventPatternInvalid\)$/,
    );
  });

  test('filter: narrows, with Match objects resolved', () => {
    expect(
      pattern({ filter: { detailTypes: ['Order.Created'], pattern: { source: events.Match.prefix('order.') } } }),
    ).toEqual({
      account: [{ 'anything-but': ['333333333333'] }],
      'detail-type': ['Order.Created'],
      source: [{ prefix: 'order.' }],
    });
  });

  test.each<[string, FanOutOptions]>([
    ['Match objects', { filter: { sources: events.Match.prefix('own') } }],
    ['Match objects in the pattern', { filter: { pattern: { source: events.Match.anythingBut('x') } } }],
    ['a deploy-time list', { filter: { sources: Fn.split(',', Fn.importValue('Sources')) } }],
    ['a deploy-time source', { filter: { sources: [Fn.importValue('Source')] } }],
  ])('fails in a shared account where the filter names sources by %s', (_, options) => {
    expect(() => withOptions({ ownSources: ['own.a'], ...options })).toThrow(
      /the filter of ToDelivery names sources by more than literal strings.*\(FilterConflict\)$/,
    );
  });

  test.each<[string, { [key: string]: any }]>([
    ['by a Match object', { account: events.Match.anythingBut('x') }],
    ['in a list that comes late', { $or: Lazy.any({ produce: () => [{ account: ['x'] }, { source: ['a'] }] }) }],
  ])('fails where the filter names the account %s', (_, filterPattern) => {
    expect(() => withOptions({ filter: { pattern: filterPattern } })).toThrow(
      /the filter of ToDelivery names the field "account".*\(FilterConflict\)$/,
    );
  });

  test('fails where branches of $or are known at deployment only', () => {
    const $or = Fn.conditionIf('Condition', 'a', 'b');
    expect(() => withOptions({ filter: { pattern: { $or } } })).toThrow(
      /\$or: a value that only the deployment knows is not a list.*\(EventPatternInvalid\)$/,
    );
  });

  test('fails where the filter is empty', () => {
    for (const ownSources of [undefined, ['own.a']]) {
      expect(() => withOptions({ ownSources, filter: { sources: [] } })).toThrow(
        /source: an empty list.*\(EventPatternInvalid\)$/,
      );
    }
  });

  test('warns where the filter says detailType, which is no field of an event', () => {
    const stack = withOptions({ filter: { pattern: { detailType: ['A'] } } });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('EventPattern.detailType'));
  });

  test('excludeReplays: off by default, or on', () => {
    expect(pattern({})).not.toHaveProperty('replay-name');
    expect(pattern({ excludeReplays: false })).not.toHaveProperty('replay-name');
    expect(pattern({ excludeReplays: true })).toHaveProperty('replay-name', [{ exists: false }]);
  });

  test('ruleName: made by CloudFormation by default, or given', () => {
    expect(ruleOf(withOptions({})).Properties).not.toHaveProperty('Name');
    expect(ruleOf(withOptions({ ruleName: 'acme-delivery' })).Properties.Name).toBe('acme-delivery');
  });

  test('enabled: on by default, or off', () => {
    expect(ruleOf(withOptions({})).Properties.State).toBe('ENABLED');
    expect(ruleOf(withOptions({ enabled: true })).Properties.State).toBe('ENABLED');
    expect(ruleOf(withOptions({ enabled: false })).Properties.State).toBe('DISABLED');
  });
});

test('is closed: nothing merges a pattern or a target into it later', () => {
  const { stack, eventBus, localBus } = given();
  const rule = new FanOutRule(stack, 'ToDelivery', { eventBus, localBus });
  expect((rule as any).addEventPattern).toBeUndefined();
  expect((rule as any).addTarget).toBeUndefined();
});

test('makes no resource but what it says', () => {
  const { Resources } = Template.fromStack(withOptions({})).toJSON();
  expect(
    Object.values(Resources)
      .map((resource: any) => resource.Type)
      .sort(),
  ).toEqual([
    'AWS::CloudWatch::Alarm',
    'AWS::Events::Rule',
    'AWS::IAM::ManagedPolicy',
    'AWS::IAM::Role',
    'AWS::SQS::Queue',
    'AWS::SQS::QueuePolicy',
  ]);
});

test('a rule of one’s own can be granted on, by its ARN', () => {
  const { stack, eventBus, localBus } = given();
  const rule = new FanOutRule(stack, 'ToDelivery', { eventBus, localBus });
  const role = new iam.Role(stack, 'Operator', { assumedBy: new iam.AccountRootPrincipal() });
  role.addToPolicy(new iam.PolicyStatement({ actions: ['events:DisableRule'], resources: [rule.ruleArn] }));
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: Match.objectLike({
      Statement: [Match.objectLike({ Resource: { 'Fn::GetAtt': [idsOf(stack, 'AWS::Events::Rule')[0], 'Arn'] } })],
    }),
  });
});

describe('what would exclude or deliver nothing', () => {
  const HERE = { account: '111111111111', region: 'eu-west-1' };
  const make = (props: Partial<FanOutRuleProps>) => {
    const stack = new Stack(new App(), 'Hub', { env: HERE });
    const eventBus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global' });
    const localBus = LocalBus.fromEventBusArn(
      stack,
      'Local',
      'arn:aws:events:eu-west-1:222222222222:event-bus/acme-order',
    );
    return () => new FanOutRule(stack, 'ToOrder', { eventBus, localBus, ...props });
  };

  test.each<[Partial<FanOutRuleProps>, RegExp]>([
    [{ account: '33333' }, /account "33333" of ToOrder is not a 12-digit account id.*\(AccountInvalid\)$/],
    [{ ownSources: ['order.*'] }, /ownSources of ToOrder: "order\.\*" is not a literal source.*\(SourceInvalid\)$/],
    [{ ownSources: events.Match.prefix('order.') }, /is not a literal source.*\(SourceInvalid\)$/],
    [
      { forwardingRole: ForwardingRole.fromRoleArn('arn:aws:iam::999999999999:role/f') },
      /is not in the account of the rule, 111111111111.*\(ForwardingRoleInvalid\)$/,
    ],
  ])('fails for %j', (props, message) => {
    expect(make(props)).toThrow(message);
  });

  test('fails for a role that trusts the rules of another bus', () => {
    const stack = new Stack(new App(), 'Hub', { env: HERE });
    const [a, b] = ['a', 'b'].map((name) => new GlobalBus(stack, name, { eventBusName: name }));
    const forwardingRole = new ForwardingRole(stack, 'Role', { eventBuses: [a] });
    const localBus = LocalBus.fromEventBusArn(
      stack,
      'Local',
      'arn:aws:events:eu-west-1:222222222222:event-bus/acme-order',
    );
    expect(a.fanOutTo('X', localBus, { forwardingRole }).ruleArn).toBeDefined();
    expect(() => b.fanOutTo('X', localBus, { forwardingRole })).toThrow(
      /trusted for the rules of a, not of b: .*\(ForwardingRoleInvalid\)$/,
    );
  });

  test('fails for a role of no bus, or of a bus elsewhere', () => {
    const stack = new Stack(new App(), 'Hub', { env: HERE });
    const far = GlobalBus.fromEventBusArn(stack, 'Far', 'arn:aws:events:us-east-1:111111111111:event-bus/far');
    expect(() => new ForwardingRole(stack, 'A', { eventBuses: [] })).toThrow(/\(EventBusMissing\)$/);
    expect(() => new ForwardingRole(stack, 'B', { eventBuses: [far] })).toThrow(/\(EventBusElsewhere\)$/);
  });

  test('fails for the default bus, imported by name', () => {
    const stack = new Stack(new App(), 'Hub', { env: HERE });
    expect(make({ eventBus: events.EventBus.fromEventBusName(stack, 'Default', 'default') })).toThrow(
      /eventBus is the default bus.*\(EventBusNameInvalid\)$/,
    );
  });

  test('fails for an id that the shared role or queue needs', () => {
    const stack = new Stack(new App(), 'Hub', { env: HERE });
    const bus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global' });
    const localBus = LocalBus.fromEventBusArn(
      stack,
      'Local',
      'arn:aws:events:eu-west-1:222222222222:event-bus/acme-order',
    );
    expect(() => bus.fanOutTo('ForwardingRole', localBus)).toThrow(
      /give Hub\/Bus\/ForwardingRole another id \(ConstructIdTaken\)$/,
    );
  });
});

test('a reference to another stack in a filter stays a reference', () => {
  const app = new App();
  const env = { account: '111111111111', region: 'eu-west-1' };
  const other = new Stack(app, 'Other', { env });
  const topic = new sns.Topic(other, 'Topic');
  const stack = new Stack(app, 'Hub', { env });
  const bus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global' });
  bus.fanOutTo(
    'X',
    LocalBus.fromEventBusArn(stack, 'Local', 'arn:aws:events:eu-west-1:222222222222:event-bus/acme-order'),
    {
      filter: { detailTypes: ['A'], pattern: { resources: [topic.topicArn] } },
    },
  );
  app.synth();
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      account: [{ 'anything-but': ['222222222222'] }],
      'detail-type': ['A'],
      resources: [{ 'Fn::ImportValue': Match.anyValue() }],
    },
  });
});
