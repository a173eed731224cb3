import { App, Aws, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  BackboneMember,
  BusOwner,
  EventBackbone,
  GrantSide,
  MemberState,
  Topology,
  type BackboneMemberProps,
  type SubscriptionOptions,
  type TopologyMember,
} from '../../src';

const ENV = { account: '333333333333', region: 'eu-west-1' };

function setUp(member: Partial<TopologyMember> = {}, props: Partial<BackboneMemberProps> = {}) {
  const topology = new Topology({
    name: 'acme',
    hub: { account: '111111111111', region: 'eu-west-1' },
    members: [
      { name: 'order', account: '222222222222' },
      { name: 'delivery', account: ENV.account, ...member },
    ],
  });
  const stack = new Stack(new App(), 'Service', { env: ENV });
  const backbone = new BackboneMember(stack, 'Backbone', { topology, member: 'delivery', ...props });
  const queue = new sqs.Queue(stack, 'Queue');
  const fn = new lambda.Function(stack, 'Function', {
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_22_X,
  });
  return { topology, stack, backbone, queue, fn, template: () => Template.fromStack(stack) };
}

test('makes no bus, no policy of a bus and no role for forwarding', () => {
  const { backbone, queue, template } = setUp();
  backbone.subscribe('OrderCreated', { detailType: ['Order.Created'], target: new targets.SqsQueue(queue) });
  template().resourceCountIs('AWS::Events::EventBus', 0);
  template().resourceCountIs('AWS::Events::EventBusPolicy', 0);
  expect(backbone.localBus.eventBusArn).toBe('arn:aws:events:eu-west-1:333333333333:event-bus/acme-delivery');
  expect(backbone.globalBus.eventBusArn).toBe('arn:aws:events:eu-west-1:111111111111:event-bus/acme-global');
});

test('makes its bus where the topology says that the member owns it', () => {
  const { template } = setUp({ busOwner: BusOwner.MEMBER });
  template().hasResourceProperties('AWS::Events::EventBus', { Name: 'acme-delivery' });
  template().hasResourceProperties('AWS::Events::EventBusPolicy', {
    Statement: { Sid: 'Forwarder', Principal: { AWS: 'arn:aws:iam::111111111111:root' } },
  });
});

test('subscribes on the local bus, with retry and one queue for all subscriptions', () => {
  const { backbone, queue, fn, template } = setUp();
  backbone.subscribe('OrderCreated', { detailType: ['Order.Created'], target: new targets.SqsQueue(queue) });
  backbone.subscribe('OrderUpdated', { detailType: ['Order.Updated'], target: new targets.LambdaFunction(fn) });
  template().allResourcesProperties('AWS::Events::Rule', {
    EventBusName: 'acme-delivery',
    Targets: [
      Match.objectLike({
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 },
        DeadLetterConfig: {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DeadLetterQueue'), 'Arn'] },
        },
      }),
    ],
  });
  template().resourceCountIs('AWS::SQS::Queue', 2);
  template().resourceCountIs('AWS::CloudWatch::Alarm', 1);
});

test('in an app with its backbone a subscription waits for the bus, whichever is made first', () => {
  const topology = new Topology({ name: 'acme', hub: ENV, members: [{ name: 'order', account: ENV.account }] });
  for (const memberFirst of [true, false]) {
    const app = new App();
    const makeHub = () => new EventBackbone(app, 'Backbone', { topology });
    const makeMember = () => {
      const stack = new Stack(app, 'Service', { env: ENV });
      const member = new BackboneMember(stack, 'Backbone', { topology, member: 'order' });
      const target = new targets.SqsQueue(new sqs.Queue(stack, 'Queue'));
      member.subscribe('Orders', { detailType: ['Order.Created'], target });
      return stack;
    };
    const [service, hub] = memberFirst ? [makeMember(), makeHub()] : [makeHub(), makeMember()].reverse();
    app.synth();
    const names = (service as Stack).dependencies.map(({ stackName }) => stackName);
    expect(names).toContain((hub as EventBackbone).memberStacks.order.stackName);
  }
});

test("the alarm on the member's queue acts", () => {
  const action = { bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-west-1:333333333333:pager' }) };
  const { backbone, template } = setUp({}, { alarmActions: [action] });
  expect(backbone.deadLetterQueue.queueArn).toBeDefined();
  template().hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ApproximateNumberOfMessagesVisible',
    AlarmActions: ['arn:aws:sns:eu-west-1:333333333333:pager'],
    TreatMissingData: 'notBreaching',
  });
});

describe('grantPublish', () => {
  test('lets a function publish its sources, and tells it where', () => {
    const { backbone, fn, template } = setUp();
    const grant = backbone.grantPublish(fn, { sources: ['delivery.service'], detailTypes: ['Delivery.Updated'] });
    expect([grant.identityPolicy, grant.eventBusPolicy, grant.complete]).toEqual([
      GrantSide.ADDED,
      GrantSide.NOT_NEEDED,
      true,
    ]);
    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { EVENT_BUS_ARN: 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global' } },
    });
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'events:PutEvents',
            Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global',
            Condition: {
              'ForAllValues:StringEquals': {
                'events:source': ['delivery.service'],
                'events:detail-type': ['Delivery.Updated'],
              },
              Null: { 'events:source': 'false', 'events:detail-type': 'false' },
            },
          },
        ],
      },
    });
  });

  test("allows the member's own sources where none are given", () => {
    const { backbone, fn, template } = setUp({ sources: ['delivery.service', 'delivery.batch'] });
    backbone.grantPublish(fn);
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Condition: { 'ForAllValues:StringEquals': { 'events:source': ['delivery.service', 'delivery.batch'] } },
          }),
        ],
      },
    });
  });

  test('fails for a source that belongs to somebody else', () => {
    const { backbone, fn } = setUp({ sources: ['delivery.service'] });
    expect(() => backbone.grantPublish(fn, { sources: ['order.service'] })).toThrow(
      /^\[Service\/Backbone\] source "order.service" does not belong to delivery, whose sources are delivery.service: .*\(SourceNotOwned\)$/,
    );
  });

  test('fails for a reserved source', () => {
    const { backbone, fn } = setUp();
    expect(() => backbone.grantPublish(fn, { sources: ['valid.delivery'] })).toThrow(
      /begins with "valid\.".*\(SourceReserved\)/,
    );
  });

  test('says that it cannot change a role of another account', () => {
    const { backbone, stack } = setUp();
    const role = iam.Role.fromRoleArn(stack, 'Foreign', 'arn:aws:iam::222222222222:role/publisher');
    expect(backbone.grantPublish(role).complete).toBe(false);
    Annotations.fromStack(stack).hasWarning(
      '/Service/Foreign',
      Match.stringLikeRegexp('grantPublish.identityPolicyNotChanged'),
    );
  });
});

test('captures logs and archives on the local bus', () => {
  const { backbone, template } = setUp();
  backbone.captureLogs('Log');
  backbone.archive('Archive');
  template().hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/aws/events/acme-delivery' });
  template().hasResourceProperties('AWS::Events::Archive', {
    SourceArn: 'arn:aws:events:eu-west-1:333333333333:event-bus/acme-delivery',
  });
});

test('warns of a subscription of a member that is leaving', () => {
  const { backbone, stack, queue } = setUp({ state: MemberState.LEAVING });
  backbone.subscribe('OrderCreated', { detailType: ['Order.Created'], target: new targets.SqsQueue(queue) });
  Annotations.fromStack(stack).hasWarning(
    '*',
    Match.stringLikeRegexp('delivery is leaving: no event arrives any more.*BackboneMember.leaving'),
  );
});

describe('a subscription to which nothing arrives', () => {
  const warned = (member: Partial<TopologyMember>, options: Partial<SubscriptionOptions>) => {
    const { backbone, stack, queue } = setUp(member);
    backbone.subscribe('Events', { ...options, target: new targets.SqsQueue(queue) });
    const warning = Match.stringLikeRegexp(
      'takes no event that the hub delivers to acme-delivery.*Subscription.nothingArrives',
    );
    return Annotations.fromStack(stack).findWarning('*', warning).length;
  };

  test.each<[string, Partial<TopologyMember>, Partial<SubscriptionOptions>]>([
    ['its own account', {}, { account: ['333333333333'] }],
    ['its own source', { sources: ['delivery.service'] }, { source: ['delivery.service'] }],
    [
      'a detail-type that its filter keeps out',
      { filter: { detailTypes: ['Order.Created'] } },
      { detailType: ['Order.Paid'] },
    ],
    [
      'a source that its filter keeps out',
      { filter: { pattern: { source: [{ prefix: 'order.' }] } } },
      { source: ['loyalty.service'] },
    ],
  ])('warns of %s', (_, member, options) => {
    expect(warned(member, options)).toBe(1);
  });

  test.each<[string, Partial<TopologyMember>, Partial<SubscriptionOptions>]>([
    ['another account', {}, { account: ['222222222222'] }],
    [
      'another source beside its own',
      { sources: ['delivery.service'] },
      { source: ['delivery.service', 'order.service'] },
    ],
    [
      'a prefix of what its filter lets through',
      { filter: { detailTypes: ['Order.Created'] } },
      { detailType: events.Match.prefix('Order.') },
    ],
    ['a deploy-time value', { sources: ['delivery.service'] }, { source: [Aws.STACK_NAME] }],
    ['a body', { filter: { detailTypes: ['Order.Created'] } }, { detail: { total: [{ numeric: ['>', 5] }] } }],
  ])('does not warn of %s', (_, member, options) => {
    expect(warned(member, options)).toBe(0);
  });
});

test.each([[{ account: '222222222222', region: 'eu-west-1' }], [{ account: '333333333333', region: 'us-east-1' }]])(
  'fails in a stack for %j, which is not the place of the member',
  (env) => {
    const { topology } = setUp();
    const stack = new Stack(new App(), 'Elsewhere', { env });
    expect(() => new BackboneMember(stack, 'Backbone', { topology, member: 'delivery' })).toThrow(
      new RegExp(
        `member delivery is in 333333333333/eu-west-1, stack Elsewhere is for ${env.account}/${env.region}: .*\\(MemberElsewhere\\)`,
      ),
    );
  },
);

test('does without the account of the stack, and then names the bus by its ARN', () => {
  const { topology } = setUp();
  const stack = new Stack(new App(), 'Anywhere');
  const backbone = new BackboneMember(stack, 'Backbone', { topology, member: 'delivery' });
  backbone.subscribe('OrderCreated', {
    detailType: ['Order.Created'],
    target: new targets.SqsQueue(new sqs.Queue(stack, 'Queue')),
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventBusName: 'arn:aws:events:eu-west-1:333333333333:event-bus/acme-delivery',
  });
});

test('fails for a member that is not in the topology, and without a topology', () => {
  const { topology, stack } = setUp();
  expect(() => new BackboneMember(stack, 'Other', { topology, member: 'dlivery' })).toThrow(
    /"dlivery" is not a member of acme: on it are order, delivery \(MemberUnknown\)/,
  );
  expect(() => new BackboneMember(stack, 'None', { member: 'delivery' } as any)).toThrow(/\(TopologyMissing\)/);
});

test('a role of its own may publish where the stack does not know its account', () => {
  const { topology } = setUp();
  const stack = new Stack(new App(), 'Anywhere');
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  expect(new BackboneMember(stack, 'Backbone', { topology, member: 'delivery' }).grantPublish(role).complete).toBe(
    true,
  );
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test("undefined sources mean the member's own", () => {
  const { backbone, fn, template } = setUp({ sources: ['delivery.service'] });
  backbone.grantPublish(fn, { sources: undefined, detailTypes: ['Delivery.Updated'] });
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({
          Condition: Match.objectLike({
            'ForAllValues:StringEquals': Match.objectLike({ 'events:source': ['delivery.service'] }),
          }),
        }),
      ],
    },
  });
});
