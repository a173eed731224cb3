import { App, NestedStack, Stack } from 'aws-cdk-lib';
import * as awsIam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { readAssembly, type SynthesizedStack } from '../../../src/testing/cloud-assembly';
import { AppPolicies, type OutsideIdentities } from '../../../src/testing/iam/app-policies';
import { role, service, user, type Principal } from '../../../src/testing/iam/principals';
import { callOf, putEvents, request } from '../../../src/testing/iam/request';

const HERE = '111111111111';
const THERE = '222222222222';
const REGION = 'eu-west-1';
const arn = (type: string, resource: string, account = HERE) => `arn:aws:${type}:${REGION}:${account}:${resource}`;
const iam = (resource: string, account = HERE) => `arn:aws:iam::${account}:${resource}`;

type Resources = Record<string, { Type: string; Properties?: object; Condition?: string }>;

const stackOf = (Resources: Resources, account = HERE, name = 'stack'): SynthesizedStack => ({
  name,
  account,
  region: REGION,
  templateFile: `${name}.template.json`,
  template: { Resources },
});

const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const allow = (Action: string, Resource?: unknown, Principal?: unknown) => ({
  Effect: 'Allow',
  Action,
  Resource,
  Principal,
});
const identity = (Action: string, Resource: unknown = '*') => document({ Effect: 'Allow', Action, Resource });

const ME = role(iam('role/me'), 'none');
const STRANGER = role(iam('role/stranger', THERE), 'none');
const EVENTS = service('events.amazonaws.com');
const TRUST = {
  AssumeRolePolicyDocument: document({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'lambda.amazonaws.com' },
  }),
};

const judge = (
  resources: Resources,
  who: Principal,
  action: string,
  resource: string,
  outside: OutsideIdentities = {},
) => new AppPolicies([stackOf(resources)], outside).judge(request(who, action, resource)).result;

const EVERYTHING: OutsideIdentities = { [STRANGER.arn]: [identity('*')], [ME.arn]: [] };

describe('policies of identities', () => {
  const QUEUE = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } };
  const may = (resources: Resources, who: Principal = ME) =>
    judge({ Queue: QUEUE, ...resources }, who, 'sqs:SendMessage', arn('sqs', 'q'));
  const roleOf = (more: object = {}) => ({ Type: 'AWS::IAM::Role', Properties: { RoleName: 'me', ...TRUST, ...more } });
  const send = identity('sqs:SendMessage', { 'Fn::GetAtt': ['Queue', 'Arn'] });
  const policy = (more: object) => ({
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyName: 'p', PolicyDocument: send, ...more },
  });
  const managed = (more: object) => ({
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { PolicyDocument: send, ...more },
  });

  const PARAMETER = { Ref: 'Parameter' };
  const OPEN = { 'Fn::If': ['C', ['me'], ['other']] };
  const DENYING = { PolicyDocument: document({ Effect: 'Deny', Action: '*', Resource: '*' }) };
  const allowedInline = { Policies: [{ PolicyName: 'p', PolicyDocument: send }] };
  const deniedInline = { Policies: [{ PolicyName: 'p', ...DENYING }] };

  test.each<[what: string, resources: Resources, expected: string]>([
    ['none', { Role: roleOf() }, 'denied'],
    ['of the role itself', { Role: roleOf({ Policies: [{ PolicyName: 'p', PolicyDocument: send }] }) }, 'allowed'],
    ['attached by reference', { Role: roleOf(), Policy: policy({ Roles: [{ Ref: 'Role' }] }) }, 'allowed'],
    ['attached by name', { Role: roleOf(), Policy: policy({ Roles: ['me'] }) }, 'allowed'],
    ['attached to another', { Role: roleOf(), Policy: policy({ Roles: ['other'] }) }, 'denied'],
    ['managed, attached there', { Role: roleOf(), Managed: managed({ Roles: ['me'] }) }, 'allowed'],
    [
      'managed, attached here',
      { Role: roleOf({ ManagedPolicyArns: [{ Ref: 'Managed' }] }), Managed: managed({}) },
      'allowed',
    ],
    ['managed, attached nowhere', { Role: roleOf(), Managed: managed({}) }, 'denied'],
    [
      'a role policy',
      { Role: roleOf(), Policy: { ...policy({ RoleName: 'me' }), Type: 'AWS::IAM::RolePolicy' } },
      'allowed',
    ],
    // What the templates do not tell.
    ['managed elsewhere', { Role: roleOf({ ManagedPolicyArns: [iam('policy/ours')] }) }, 'unknown'],
    [
      'managed elsewhere, and allowed',
      { Role: roleOf({ ManagedPolicyArns: [iam('policy/ours')] }), Policy: policy({ Roles: ['me'] }) },
      'unknown',
    ],
    [
      'managed by AWS',
      { Role: roleOf({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSQSFullAccess'] }) },
      'unknown',
    ],
    [
      'managed by AWS, and allowed',
      {
        Role: roleOf({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/Some', 'arn:aws:iam::aws:policy/Other'] }),
        Policy: policy({ Roles: ['me'] }),
      },
      // Some of them deny.
      'unknown',
    ],
    [
      'managed by AWS, known, and allowed',
      {
        Role: roleOf({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'] }),
        Policy: policy({ Roles: ['me'] }),
      },
      'allowed',
    ],
    [
      'managed by AWS, and known',
      { Role: roleOf({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'] }) },
      'denied',
    ],
    [
      'under a boundary',
      { Role: roleOf({ PermissionsBoundary: iam('policy/b') }), Policy: policy({ Roles: ['me'] }) },
      'unknown',
    ],
    ['under a condition', { Role: roleOf(), Policy: { ...policy({ Roles: ['me'] }), Condition: 'C' } }, 'unknown'],
    ['of a role under a condition', { Role: { ...roleOf(allowedInline), Condition: 'C' } }, 'unknown'],
    [
      'of two roles of one name, one of which there is',
      { A: { ...roleOf(allowedInline), Condition: 'C' }, B: { ...roleOf(deniedInline), Condition: 'NotC' } },
      'unknown',
    ],
    [
      'the same in another order',
      { A: { ...roleOf(deniedInline), Condition: 'C' }, B: { ...roleOf(allowedInline), Condition: 'NotC' } },
      'unknown',
    ],
    ['of two roles of one name', { A: roleOf(allowedInline), B: roleOf(allowedInline) }, 'unknown'],
    [
      'attached to a parameter',
      { Role: roleOf(allowedInline), P: policy({ Roles: [PARAMETER], ...DENYING }) },
      'unknown',
    ],
    ['attached under a condition', { Role: roleOf(allowedInline), P: policy({ Roles: OPEN, ...DENYING }) }, 'unknown'],
    [
      'attached to a parameter elsewhere',
      { Role: roleOf(allowedInline), P: policy({ Users: [PARAMETER], ...DENYING }) },
      'allowed',
    ],
    [
      'two of one name',
      { Role: roleOf(), P: policy({ Roles: ['me'] }), Q: policy({ Roles: ['me'], ...DENYING }) },
      'unknown',
    ],
    ['one of the name of another inside', { Role: roleOf(deniedInline), P: policy({ Roles: ['me'] }) }, 'unknown'],
    [
      'one that may replace another',
      { Role: roleOf(), P: policy({ Roles: ['me'] }), Q: { ...policy({ Roles: ['me'], ...DENYING }), Condition: 'C' } },
      'unknown',
    ],
    ['a list that is not told', { Role: roleOf({ Policies: OPEN }) }, 'unknown'],
    ['one of a list that is not told', { Role: roleOf({ Policies: [...allowedInline.Policies, OPEN] }) }, 'unknown'],
    ['managed ones that are not told', { Role: roleOf({ ...allowedInline, ManagedPolicyArns: OPEN }) }, 'unknown'],
    [
      'a boundary that is no value',
      { Role: roleOf({ ...allowedInline, PermissionsBoundary: { Ref: 'AWS::NoValue' } }) },
      'allowed',
    ],
    [
      'two managed ones of one name',
      {
        Role: roleOf({ ManagedPolicyArns: [iam('policy/m')] }),
        A: managed({ ManagedPolicyName: 'm' }),
        B: managed({ ManagedPolicyName: 'm', ...DENYING }),
      },
      'unknown',
    ],
    ['of a kind that is not read', { Role: roleOf(allowedInline), P: { Type: 'AWS::IAM::SomePolicy' } }, 'unknown'],
    ['of an organisation', { Role: roleOf(allowedInline), P: { Type: 'AWS::Organizations::Policy' } }, 'unknown'],
    ['of what a macro makes', { Role: roleOf(allowedInline), P: [] as never }, 'unknown'],
    ['of a group', { Role: roleOf(allowedInline), P: { Type: 'AWS::IAM::GroupPolicy' } }, 'allowed'],
    [
      'in a nested stack that is not there',
      { Role: roleOf(allowedInline), P: { Type: 'AWS::CloudFormation::Stack' } },
      'unknown',
    ],
    ['of a role that is made elsewhere', { Policy: policy({ Roles: ['me'] }) }, 'unknown'],
    ['of nobody known', {}, 'unknown'],
    [
      'with a statement that is not told',
      { Role: roleOf({ Policies: [{ PolicyName: 'p', PolicyDocument: document({ 'Fn::If': ['C', {}, {}] }) }] }) },
      'unknown',
    ],
  ])('%s', (_, resources, expected) => {
    expect(may(resources)).toBe(expected);
  });

  test('of a role with a path, attached by its name alone', () => {
    const resources = { Role: roleOf({ Path: '/team/' }), Policy: policy({ Roles: ['me'] }) };
    expect(may(resources, role(iam('role/team/me'), 'none'))).toBe('allowed');
  });

  test('of AWS after one that is not known', () => {
    const arns = [iam('policy/ours'), 'arn:aws:iam::aws:policy/Some'];
    expect(may({ Role: roleOf({ ManagedPolicyArns: arns }), Policy: policy({ Roles: ['me'] }) })).toBe('unknown');
  });

  test('of users', () => {
    const carlos = user(iam('user/carlos'), 'none');
    const userOf = (more: object = {}) => ({ Type: 'AWS::IAM::User', Properties: { UserName: 'carlos', ...more } });
    expect(may({ User: userOf() }, carlos)).toBe('denied');
    expect(may({ User: userOf({ Policies: [{ PolicyName: 'p', PolicyDocument: send }] }) }, carlos)).toBe('allowed');
    expect(may({ User: userOf(), Policy: policy({ Users: ['carlos'] }) }, carlos)).toBe('allowed');
    expect(
      may({ User: userOf(), Policy: { ...policy({ UserName: 'carlos' }), Type: 'AWS::IAM::UserPolicy' } }, carlos),
    ).toBe('allowed');
    // Policies of groups are not read.
    expect(may({ User: userOf({ Groups: ['admins'] }) }, carlos)).toBe('unknown');
    const addTo = (Users: unknown) => ({
      User: userOf({ Policies: [{ PolicyName: 'p', PolicyDocument: send }] }),
      Addition: { Type: 'AWS::IAM::UserToGroupAddition', Properties: { GroupName: 'admins', Users } },
    });
    expect(may(addTo(['carlos']), carlos)).toBe('unknown');
    expect(may(addTo([{ Ref: 'User' }]), carlos)).toBe('unknown');
    expect(may(addTo(PARAMETER), carlos)).toBe('unknown');
    expect(may(addTo(['somebody']), carlos)).toBe('allowed');
  });

  test('of a role without a name, told apart from others without one', () => {
    const unnamed = { Type: 'AWS::IAM::Role', Properties: TRUST };
    const policies = new AppPolicies([
      stackOf({ Queue: QUEUE, A: unnamed, B: unnamed, Policy: policy({ Roles: [{ Ref: 'A' }] }) }),
    ]);
    const { 'stack/A': a, 'stack/B': b } = policies.arnsOf('AWS::IAM::Role');
    const of = (roleArn: string) =>
      policies.judge(request(role(roleArn, 'none'), 'sqs:SendMessage', arn('sqs', 'q'))).result;
    expect([of(a), of(b)]).toEqual(['allowed', 'denied']);
  });

  test('of somebody who is given, and made by a template, too', () => {
    const outside = { [ME.arn]: [identity('*')] };
    expect(judge({ Queue: QUEUE, Role: roleOf() }, ME, 'sqs:SendMessage', arn('sqs', 'q'), outside)).toBe('unknown');
  });

  test('that are attached to a name may be of a role whose name CloudFormation makes', () => {
    const unnamed = { Type: 'AWS::IAM::Role', Properties: { ...TRUST, ...allowedInline } };
    const of = (more: Resources, account = HERE) => {
      const policies = new AppPolicies([stackOf({ Queue: QUEUE, A: unnamed }), stackOf(more, account, 'more')]);
      const who = role(policies.arnsOf('AWS::IAM::Role')['stack/A'], 'none');
      return policies.judge(request(who, 'sqs:SendMessage', arn('sqs', 'q'))).result;
    };
    const denying = policy({ Roles: ['stack-A-1ABC'], ...DENYING });
    expect(of({ P: denying })).toBe('unknown');
    expect(of({ P: denying }, THERE)).toBe('allowed');
    // That is another role.
    expect(of({ P: denying, B: { ...unnamed, Properties: { ...TRUST, RoleName: 'stack-A-1ABC' } } })).toBe('allowed');
  });

  test('of a stack without an account may be of anybody', () => {
    const denying = stackOf({ P: policy({ Roles: ['me'], ...DENYING }) }, 'unknown-account', 'agnostic');
    const stacks = [stackOf({ Queue: QUEUE, Role: roleOf(allowedInline) }), denying];
    const judged = (who: Principal) => new AppPolicies(stacks).judge(request(who, 'sqs:SendMessage', arn('sqs', 'q')));
    expect(judged(ME).result).toBe('unknown');
  });

  test('that are in no template are given', () => {
    const outside = { [ME.arn]: [identity('sqs:*')] };
    expect(judge({ Queue: QUEUE }, ME, 'sqs:SendMessage', arn('sqs', 'q'), outside)).toBe('allowed');
    expect(judge({ Queue: QUEUE }, ME, 'sqs:SendMessage', arn('sqs', 'q'), { [ME.arn]: [] })).toBe('denied');
  });

  test('of the stack’s own account alone', () => {
    const stacks = [
      stackOf({ Queue: QUEUE }),
      stackOf({ Role: roleOf() }, HERE, 'roles'),
      stackOf({ Policy: policy({ Roles: ['me'], PolicyDocument: identity('*') }) }, THERE, 'there'),
    ];
    expect(new AppPolicies(stacks).judge(request(ME, 'sqs:SendMessage', arn('sqs', 'q'))).result).toBe('denied');
  });
});

describe('policies of resources', () => {
  const BUS = { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } };
  const busArn = arn('events', 'event-bus/bus');
  const statement = allow('events:PutEvents', busArn, { AWS: THERE });
  const BUS_POLICY = {
    Type: 'AWS::Events::EventBusPolicy',
    Properties: { EventBusName: 'bus', StatementId: 's', Statement: statement },
  };
  const put = (resources: Resources, bus = busArn) =>
    new AppPolicies([stackOf(resources)], EVERYTHING).judge(
      putEvents(STRANGER, bus, [{ source: 'a', detailType: 'A' }]),
    ).result;

  test.each<[what: string, resources: Resources, expected: string]>([
    ['a bus without a policy', { Bus: BUS }, 'denied'],
    [
      'a policy by reference',
      {
        Bus: BUS,
        P: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: { EventBusName: { Ref: 'Bus' }, StatementId: 's', Statement: statement },
        },
      },
      'allowed',
    ],
    [
      'a policy by ARN',
      {
        Bus: BUS,
        P: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: { EventBusName: busArn, StatementId: 's', Statement: statement },
        },
      },
      'allowed',
    ],
    [
      'two policies of one name',
      {
        Bus: BUS,
        P: BUS_POLICY,
        Q: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: { EventBusName: 'bus', StatementId: 's', Statement: { ...statement, Effect: 'Deny' } },
        },
      },
      'unknown',
    ],
    [
      'two policies of which nobody knows the names',
      {
        Bus: BUS,
        P: BUS_POLICY,
        Q: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: { EventBusName: 'bus', StatementId: { Ref: 'P' }, Statement: { ...statement, Effect: 'Deny' } },
        },
      },
      'unknown',
    ],
    [
      'a policy of a bus that is a parameter',
      {
        Bus: BUS,
        P: BUS_POLICY,
        Q: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: { EventBusName: { Ref: 'P' }, StatementId: 't', Statement: { ...statement, Effect: 'Deny' } },
        },
      },
      'unknown',
    ],
    [
      'a policy of a queue that is a parameter',
      {
        Bus: BUS,
        P: BUS_POLICY,
        Q: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'P' }], PolicyDocument: document() } },
      },
      'allowed',
    ],
    [
      'a kind of policy that is not read',
      {
        Bus: BUS,
        P: BUS_POLICY,
        Q: { Type: 'AWS::Events::SomePolicy' },
      },
      'unknown',
    ],
    [
      'a kind of policy that is not read, of a custom resource',
      {
        Bus: BUS,
        P: BUS_POLICY,
        Q: { Type: 'Custom::BusPolicy' },
      },
      'unknown',
    ],
    [
      'a kind of policy that is not read, of something else',
      {
        Bus: BUS,
        P: BUS_POLICY,
        Q: { Type: 'AWS::AutoScaling::ScalingPolicy' },
        R: { Type: 'AWS::SNS::SomePolicy' },
      },
      'allowed',
    ],
    [
      'a bus that is made twice, as conditions say',
      {
        Bus: {
          ...BUS,
          Condition: 'C',
          Properties: { Name: 'bus', Policy: document({ ...statement, Effect: 'Deny' }) },
        },
        Other: { ...BUS, Condition: 'D', Properties: { Name: 'bus', Policy: document(statement) } },
      },
      'unknown',
    ],
    [
      'several policies of one bus',
      {
        Bus: BUS,
        P: BUS_POLICY,
        Q: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: { EventBusName: 'bus', StatementId: 't', Statement: { ...statement, Effect: 'Deny' } },
        },
      },
      'denied',
    ],
    [
      'a policy of another bus',
      {
        Bus: BUS,
        P: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: { EventBusName: 'other', StatementId: 's', Statement: statement },
        },
      },
      'denied',
    ],
    [
      'the older form',
      {
        Bus: BUS,
        P: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: { EventBusName: 'bus', StatementId: 's', Action: 'events:PutEvents', Principal: THERE },
        },
      },
      'allowed',
    ],
    [
      'the older form with a condition',
      {
        Bus: BUS,
        P: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: {
            EventBusName: 'bus',
            StatementId: 's',
            Action: 'events:PutEvents',
            Principal: '*',
            Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-a' },
          },
        },
      },
      'denied',
    ],
    [
      'the policy inside the bus',
      { Bus: { ...BUS, Properties: { Name: 'bus', Policy: document(statement) } } },
      'allowed',
    ],
    [
      'a policy of a bus that is made elsewhere',
      {
        P: BUS_POLICY,
      },
      'unknown',
    ],
    ['a bus that nobody knows', {}, 'unknown'],
    ['a bus under a condition', { Bus: { ...BUS, Condition: 'C' } }, 'unknown'],
    [
      'a policy under a condition',
      {
        Bus: BUS,
        P: {
          Type: 'AWS::Events::EventBusPolicy',
          Condition: 'C',
          Properties: { EventBusName: 'bus', StatementId: 's', Statement: statement },
        },
      },
      'unknown',
    ],
  ])('%s', (_, resources, expected) => {
    expect(put(resources)).toBe(expected);
  });

  test('of the default bus', () => {
    const P = {
      Type: 'AWS::Events::EventBusPolicy',
      Properties: { StatementId: 's', Statement: allow('events:PutEvents', arn('events', 'event-bus/default'), '*') },
    };
    // Nobody makes it, so nobody knows all of its policy.
    expect(put({ P }, arn('events', 'event-bus/default'))).toBe('unknown');
  });

  test('rules have the policy of their bus', () => {
    const more = {
      Bus: BUS,
      P: {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: { EventBusName: 'bus', StatementId: 's', Statement: allow('events:*', '*', { AWS: THERE }) },
      },
    };
    expect(judge(more, STRANGER, 'events:PutRule', arn('events', 'rule/bus/r'), EVERYTHING)).toBe('allowed');
    expect(judge({ Bus: BUS }, STRANGER, 'events:PutRule', arn('events', 'rule/bus/r'), EVERYTHING)).toBe('denied');
    expect(judge({ Bus: BUS }, STRANGER, 'events:PutRule', arn('events', 'rule/r'), EVERYTHING)).toBe('unknown');
  });

  test('queues', () => {
    const policy = (Queues: unknown[]) => ({
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues,
        PolicyDocument: document(allow('sqs:SendMessage', arn('sqs', 'q'), { Service: 'events.amazonaws.com' })),
      },
    });
    const Queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } };
    const send = (resources: Resources) => judge(resources, EVENTS, 'sqs:SendMessage', arn('sqs', 'q'));
    expect(send({ Queue })).toBe('denied');
    expect(send({ Queue, P: policy([{ Ref: 'Queue' }]) })).toBe('allowed');
    expect(send({ Queue, P: policy([`https://sqs.${REGION}.amazonaws.com/${HERE}/other`]) })).toBe('denied');
    // One replaces the other.
    expect(send({ Queue, P: policy([{ Ref: 'Queue' }]), Q: policy([{ Ref: 'Queue' }]) })).toBe('unknown');
    // A parameter may be this queue.
    expect(send({ Queue, P: policy([{ Ref: 'Url' }]) })).toBe('unknown');
    expect(send({ Queue, P: policy([`https://sqs.${REGION}.amazonaws.com/${HERE}/<Name>`]) })).toBe('unknown');
    const open = { ...policy([]), Properties: { ...policy([]).Properties, Queues: { 'Fn::If': ['C', [], []] } } };
    expect(send({ Queue, P: open })).toBe('unknown');
    expect(send({ Queue, P: policy([{ Ref: 'Queue' }]), Q: open })).toBe('unknown');
    const { PolicyDocument } = policy([]).Properties;
    const inline = { Type: 'AWS::SQS::QueueInlinePolicy', Properties: { Queue: { Ref: 'Queue' }, PolicyDocument } };
    expect(send({ Queue, P: inline })).toBe('allowed');
    expect(send({ Queue, P: inline, Q: policy([{ Ref: 'Queue' }]) })).toBe('unknown');
  });

  test('topics, buckets and functions', () => {
    const Topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't' } };
    const TopicPolicy = {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [{ Ref: 'Topic' }],
        PolicyDocument: document(allow('sns:Publish', '*', { Service: 'events.amazonaws.com' })),
      },
    };
    const publish = (resources: Resources, who: Principal = EVENTS) =>
      judge(resources, who, 'sns:Publish', arn('sns', 't'), EVERYTHING);
    expect(publish({ Topic, TopicPolicy })).toBe('allowed');
    const { Topics: _, ...properties } = TopicPolicy.Properties;
    const inline = { Type: 'AWS::SNS::TopicInlinePolicy', Properties: { ...properties, TopicArn: { Ref: 'Topic' } } };
    expect(publish({ Topic, inline })).toBe('allowed');
    expect(publish({ Topic, inline, TopicPolicy })).toBe('unknown');
    expect(publish({ Topic, P: { ...TopicPolicy, Properties: { ...properties, Topics: { Ref: 'Arns' } } } })).toBe(
      'unknown',
    );
    // https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    // Without a policy a topic admits its account. What services say of theirs there is not documented.
    expect(publish({ Topic })).toBe('unknown');
    expect(publish({ Topic }, ME)).toBe('allowed');
    expect(publish({ Topic }, STRANGER)).toBe('denied');
    expect(publish({ Topic, TopicPolicy }, ME)).toBe('denied');
    expect(judge({ Topic }, ME, 'sns:TagResource', arn('sns', 't'), EVERYTHING)).toBe('denied');

    const Bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'b' } };
    const BucketPolicy = {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Bucket' },
        PolicyDocument: document(allow('s3:GetObject', 'arn:aws:s3:::b/*', { AWS: THERE })),
      },
    };
    expect(judge({ Bucket }, STRANGER, 's3:GetObject', 'arn:aws:s3:::b/k', EVERYTHING)).toBe('denied');
    expect(judge({ Bucket, BucketPolicy }, STRANGER, 's3:GetObject', 'arn:aws:s3:::b/k', EVERYTHING)).toBe('allowed');
    // The ARN of a bucket has no account: its stack has.
    expect(
      judge({ Bucket }, role(iam('role/admin'), 'none'), 's3:GetObject', 'arn:aws:s3:::b/k', {
        [iam('role/admin')]: [identity('*')],
      }),
    ).toBe('allowed');
    expect(judge({}, STRANGER, 's3:GetObject', 'arn:aws:s3:::b/k', EVERYTHING)).toBe('unknown');
    const open = { ...BucketPolicy.Properties, Bucket: { 'Fn::If': ['C', { Ref: 'Bucket' }, 'x'] } };
    const P = { ...BucketPolicy, Properties: open };
    expect(judge({ Bucket, P }, STRANGER, 's3:GetObject', 'arn:aws:s3:::b/k', EVERYTHING)).toBe('unknown');
    const unread = { Type: 'AWS::S3::SomePolicy' };
    const resources = { Bucket, BucketPolicy, unread };
    expect(judge(resources, STRANGER, 's3:GetObject', 'arn:aws:s3:::b/k', EVERYTHING)).toBe('unknown');
  });

  test('permissions of functions', () => {
    const Function = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } };
    const rule = arn('events', 'rule/bus/r');
    const permission = (more: object) => ({
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: arn('lambda', 'function:f:live'),
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        ...more,
      },
    });
    const invoke = (more: object, who: Principal = EVENTS, source = rule) =>
      new AppPolicies([stackOf({ Function, Permission: permission(more) })], EVERYTHING).judge(
        callOf(
          who,
          'lambda:InvokeFunction',
          arn('lambda', 'function:f:live'),
          who.kind === 'service' ? { arn: source } : {},
        ),
      ).result;
    // A permission is for the function or for one of its versions: which, is not told apart here.
    expect(invoke({})).toBe('allowed');
    expect(invoke({ SourceArn: rule })).toBe('allowed');
    expect(invoke({ SourceArn: `${rule}-2` })).toBe('denied');
    expect(invoke({ SourceAccount: THERE })).toBe('denied');
    expect(invoke({ Principal: 'sns.amazonaws.com' })).toBe('denied');
    expect(invoke({ Principal: THERE }, STRANGER)).toBe('allowed');
    expect(invoke({ Principal: '*', PrincipalOrgID: 'o-a' }, STRANGER)).toBe('denied');
    expect(invoke({ FunctionName: 'f' })).toBe('denied');
    expect(invoke({ FunctionName: 'f:live' })).toBe('allowed');
    expect(invoke({ FunctionName: `${HERE}:function:f:live` })).toBe('allowed');
    expect(invoke({ FunctionName: `${THERE}:function:f:live` })).toBe('denied');
    expect(invoke({ FunctionName: { Ref: 'Parameter' } })).toBe('unknown');
    const elsewhere = ['arn:aws:lambda', REGION, { 'Fn::ImportValue': 'Account' }, 'function:f:live'];
    expect(invoke({ FunctionName: { 'Fn::Join': [':', elsewhere] } })).toBe('unknown');
    // Services are domains, not all of them of AWS.
    expect(invoke({ Principal: 'alexa-appkit.amazon.com' }, service('alexa-appkit.amazon.com'))).toBe('allowed');
    expect(invoke({ Principal: 'alexa-appkit.amazon.com' })).toBe('denied');
    expect(invoke({ Principal: { Ref: 'Parameter' } })).toBe('unknown');
    expect(invoke({ Principal: { Ref: 'Parameter' } }, STRANGER)).toBe('unknown');
    expect(invoke({ Principal: { 'Fn::GetAtt': ['Custom', 'Account'] } }, STRANGER)).toBe('unknown');
    expect(invoke({ Principal: STRANGER.arn }, STRANGER)).toBe('allowed');
    expect(() => invoke({ SourceVpc: 'vpc-1' })).toThrow(
      'stack/Permission: property SourceVpc of a permission is not read',
    );
  });

  // https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
  test('permissions of functions that ask for more than a source', () => {
    const Function = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } };
    const FUNCTION = arn('lambda', 'function:f');
    const judged = (more: object, keys: object, who: Principal = STRANGER) => {
      const Properties = { FunctionName: 'f', Action: 'lambda:InvokeFunction', Principal: '*', ...more };
      const Permission = { Type: 'AWS::Lambda::Permission', Properties };
      return new AppPolicies([stackOf({ Function, Permission })], EVERYTHING).judge(
        request(who, Properties.Action, FUNCTION, { ...keys }),
      ).result;
    };
    const viaUrl = { InvokedViaFunctionUrl: true };
    expect(judged(viaUrl, { 'lambda:InvokedViaFunctionUrl': 'true' })).toBe('allowed');
    // By the API there is no such key.
    expect(judged(viaUrl, {})).toBe('denied');
    expect(judged(viaUrl, {}, EVENTS)).toBe('denied');
    const url = { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' };
    expect(judged(url, { 'lambda:FunctionUrlAuthType': 'NONE' })).toBe('allowed');
    expect(judged(url, { 'lambda:FunctionUrlAuthType': 'AWS_IAM' })).toBe('denied');
    expect(judged(url, {})).toBe('unknown');
    const token = { EventSourceToken: 'secret', Principal: 'alexa-connectedhome.amazon.com' };
    const alexa = service('alexa-connectedhome.amazon.com');
    expect(judged(token, { 'lambda:EventSourceToken': 'secret' }, alexa)).toBe('allowed');
    expect(judged(token, { 'lambda:EventSourceToken': 'other' }, alexa)).toBe('denied');
    expect(judged(token, {}, alexa)).toBe('unknown');
  });

  test('permissions of aliases by reference', () => {
    const resources = {
      Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } },
      Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Function' }, Name: 'live' } },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: { Ref: 'Alias' },
          Action: 'lambda:InvokeFunction',
          Principal: 'events.amazonaws.com',
        },
      },
    };
    const invoke = (name: string) =>
      judge(resources, EVENTS, 'lambda:InvokeFunction', arn('lambda', `function:${name}`));
    expect([invoke('f:live'), invoke('f'), invoke('f:other')]).toEqual(['allowed', 'denied', 'denied']);
  });

  test('streams', () => {
    const Stream = { Type: 'AWS::Kinesis::Stream', Properties: { Name: 's' } };
    const streamArn = arn('kinesis', 'stream/s');
    const ResourcePolicy = document(allow('kinesis:PutRecord', streamArn, { AWS: THERE }));
    const Policy = {
      Type: 'AWS::Kinesis::ResourcePolicy',
      Properties: { ResourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] }, ResourcePolicy },
    };
    expect(judge({ Stream }, STRANGER, 'kinesis:PutRecord', streamArn, EVERYTHING)).toBe('denied');
    expect(judge({ Stream, Policy }, STRANGER, 'kinesis:PutRecord', streamArn, EVERYTHING)).toBe('allowed');
    const Delivery = { Type: 'AWS::KinesisFirehose::DeliveryStream', Properties: { DeliveryStreamName: 'd' } };
    expect(judge({ Delivery }, STRANGER, 'firehose:PutRecord', arn('firehose', 'deliverystream/d'), EVERYTHING)).toBe(
      'denied',
    );
  });

  // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
  test('keys', () => {
    const keyOf = (KeyPolicy?: object) => {
      const policies = new AppPolicies([stackOf({ Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy } } })], {
        [ME.arn]: [identity('kms:*')],
        [STRANGER.arn]: [identity('*')],
      });
      const key = policies.arnsOf('AWS::KMS::Key')['stack/Key'];
      return (who: Principal) => policies.judge(request(who, 'kms:Decrypt', key)).result;
    };
    expect(keyOf()(ME)).toBe('allowed');
    expect(keyOf()(STRANGER)).toBe('denied');
    expect(keyOf()(EVENTS)).toBe('denied');
    expect(keyOf(document(allow('kms:*', '*', { AWS: iam('role/other') })))(ME)).toBe('denied');
    expect(keyOf(document(allow('kms:*', '*', { Service: 'events.amazonaws.com' })))(EVENTS)).toBe('allowed');
  });

  test('log groups have a policy of their own, and those of the account', () => {
    const write = (Resource: string) =>
      document(allow('logs:PutLogEvents', Resource, { Service: 'events.amazonaws.com' }));
    const Group = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'g' } };
    const stream = arn('logs', 'log-group:g:log-stream:s');
    const own = {
      ...Group,
      Properties: { LogGroupName: 'g', ResourcePolicyDocument: write(arn('logs', 'log-group:g:*')) },
    };
    const ofAccount = (policy: unknown, more = {}) => ({
      Type: 'AWS::Logs::ResourcePolicy',
      Properties: { PolicyName: 'p', PolicyDocument: policy },
      ...more,
    });
    const keep = (resources: Resources) => judge(resources, EVENTS, 'logs:PutLogEvents', stream);
    expect(keep({ Group })).toBe('denied');
    expect(keep({ Group: own })).toBe('allowed');
    expect(keep({ Group, P: ofAccount(JSON.stringify(write(arn('logs', 'log-group:*')))) })).toBe('allowed');
    expect(keep({ Group, P: ofAccount(JSON.stringify(write(arn('logs', 'log-group:other:*')))) })).toBe('denied');
    expect(keep({ Group, P: ofAccount({ Ref: 'Parameter' }) })).toBe('unknown');
    const all = write(arn('logs', 'log-group:*'));
    expect(keep({ Group, P: ofAccount(all), Q: ofAccount(all) })).toBe('unknown');
    // A stack without an account may go there.
    const agnostic = stackOf({ P: ofAccount(all) }, 'unknown-account', 'agnostic');
    const stacks = [stackOf({ Group }), agnostic];
    expect(new AppPolicies(stacks).judge(request(EVENTS, 'logs:PutLogEvents', stream)).result).toBe('unknown');
    // That of the CDK for targets, which writes such a policy by the API.
    expect(keep({ Group, P: { Type: 'Custom::CloudwatchLogResourcePolicy' } })).toBe('unknown');
    expect(keep({ Group, P: ofAccount(write('*'), { Condition: 'C' }) })).toBe('unknown');
    const text = {
      'Fn::Join': [
        '',
        [
          '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"logs:*","Resource":"',
          { 'Fn::GetAtt': ['Group', 'Arn'] },
          '"}}',
        ],
      ],
    };
    expect(keep({ Group, P: ofAccount(text) })).toBe('allowed');
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_compare-resource-policies.html
  test('roles are assumed by their trust policy, and passed on without it', () => {
    const Role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'target', ...TRUST } };
    const target = iam('role/target');
    const admin = { [ME.arn]: [identity('*')], [STRANGER.arn]: [identity('*')] };
    expect(judge({ Role }, service('lambda.amazonaws.com'), 'sts:AssumeRole', target)).toBe('allowed');
    expect(judge({ Role }, EVENTS, 'sts:AssumeRole', target)).toBe('denied');
    expect(judge({ Role }, ME, 'sts:AssumeRole', target, admin)).toBe('denied');
    expect(judge({ Role }, ME, 'iam:PassRole', target, admin)).toBe('allowed');
    expect(judge({ Role }, STRANGER, 'iam:PassRole', target, admin)).toBe('denied');
    expect(judge({}, ME, 'iam:PassRole', target, admin)).toBe('allowed');
    expect(judge({}, ME, 'sts:AssumeRole', target, admin)).toBe('unknown');
  });
});

test('a principal that is not judged matters where it may decide, and nowhere else', () => {
  const GitHub = {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'github',
      AssumeRolePolicyDocument: document({
        Effect: 'Allow',
        Principal: { Federated: iam('oidc-provider/token.actions.githubusercontent.com') },
        Action: 'sts:AssumeRoleWithWebIdentity',
      }),
    },
  };
  const Queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } };
  const outside = { [ME.arn]: [identity('*')] };
  expect(judge({ GitHub, Queue }, ME, 'sqs:SendMessage', arn('sqs', 'q'), outside)).toBe('allowed');
  expect(judge({ GitHub }, ME, 'sts:AssumeRole', iam('role/github'), outside)).toBe('denied');
  expect(judge({ GitHub }, ME, 'sts:AssumeRoleWithWebIdentity', iam('role/github'), outside)).toBe('unknown');
});

test('policies of nested stacks', () => {
  const app = new App();
  const stack = new Stack(app, 'S', { env: { account: HERE, region: REGION } });
  const queue = new sqs.Queue(stack, 'Queue', { queueName: 'q' });
  const assumedBy = new awsIam.ServicePrincipal('lambda.amazonaws.com');
  const me = new awsIam.Role(stack, 'Me', { roleName: 'me', assumedBy });
  const nested = new NestedStack(stack, 'Nested');
  const statements = [new awsIam.PolicyStatement({ actions: ['sqs:*'], resources: [queue.queueArn] })];
  new awsIam.Policy(nested, 'Policy', { roles: [me], statements });
  new sqs.CfnQueuePolicy(nested, 'Denying', {
    queues: [queue.queueUrl],
    policyDocument: document({ Effect: 'Deny', Principal: '*', Action: 'sqs:ReceiveMessage', Resource: '*' }),
  });
  const policies = new AppPolicies(readAssembly(app.synth().directory));
  const result = (action: string) => policies.judge(request(ME, action, arn('sqs', 'q'))).result;
  expect([result('sqs:SendMessage'), result('sqs:ReceiveMessage')]).toEqual(['allowed', 'denied']);
});

test('a policy that makes no sense names its resource', () => {
  const Queue = {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: ['q'], PolicyDocument: document({ Effect: 'Alow' }) },
  };
  expect(() => new AppPolicies([stackOf({ Queue })])).toThrow('stack/Queue: Effect of a statement is "Alow"');
});

test('a stack without an account is nobody’s own', () => {
  const Queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } };
  const stack = { ...stackOf({ Queue }), account: 'unknown-account', region: 'unknown-region' };
  const policies = new AppPolicies([stack], { [ME.arn]: [identity('*')] });
  const queue = policies.arnsOf('AWS::SQS::Queue')['stack/Queue'];
  expect(policies.judge(request(ME, 'sqs:SendMessage', queue)).result).toBe('unknown');
});
