import { App, CfnParameter, RemovalPolicy, Stack, Validations, type Environment } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { LocalBus, LockLevel, Topology, type LocalBusProps } from '../../src';

/** The warnings of this library; newer versions of the CDK have some of their own. */
const OURS = Match.stringLikeRegexp('cdk-event-backbone:');
const MEMBER = { account: '222222222222', region: 'eu-west-1' };
const BUS_ARN = 'arn:aws:events:eu-west-1:222222222222:event-bus/acme-order';
const ROLE_ARN = 'arn:aws:iam::111111111111:role/acme-forwarding-eu-west-1';
const BUS = 'AWS::Events::EventBus';
const POLICY = 'AWS::Events::EventBusPolicy';
const UNCONFIRMED = Match.stringLikeRegexp('not confirmed against real accounts');

const memberStack = (env: Environment | undefined = MEMBER) => new Stack(new App(), 'Order', { env });

function makeBus(props: Partial<LocalBusProps> = {}, stack = memberStack()) {
  const bus = new LocalBus(stack, 'Bus', { eventBusName: 'acme-order', hubAccount: '111111111111', ...props });
  return { stack, bus };
}

const statements = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources(POLICY)).map(({ Properties }) => Properties.Statement);

describe('the bus', () => {
  test('has its name, and nothing that was not asked for', () => {
    const ofStack = Template.fromStack(makeBus().stack);

    expect(Object.values(ofStack.findResources(BUS))[0].Properties).toEqual({ Name: 'acme-order' });
    ofStack.resourceCountIs('AWS::SQS::Queue', 0);
    ofStack.resourceCountIs('AWS::Events::Rule', 0);
  });

  test('has the description that was given', () => {
    Template.fromStack(makeBus({ description: 'What others tell us.' }).stack).hasResourceProperties(BUS, {
      Description: 'What others tell us.',
    });
  });

  test('has an ARN by its name, known before it exists', () => {
    expect(makeBus().bus.eventBusRef).toEqual({ eventBusName: 'acme-order', eventBusArn: BUS_ARN });
  });

  test('is retained where removalPolicy says so', () => {
    Template.fromStack(makeBus({ removalPolicy: RemovalPolicy.RETAIN }).stack).hasResource(BUS, {
      DeletionPolicy: 'Retain',
    });
    Template.fromStack(makeBus().stack).hasResource(BUS, { DeletionPolicy: Match.absent() });
  });

  test('has a key of AWS by default, and the one that was given with its statements', () => {
    // GIVEN
    const stack = memberStack();

    // WHEN
    const { bus } = makeBus({ kmsKey: new kms.Key(stack, 'Key') }, stack);

    // THEN
    Template.fromStack(makeBus().stack).hasResourceProperties(BUS, { KmsKeyIdentifier: Match.absent() });
    const ofStack = Template.fromStack(stack);
    ofStack.hasResourceProperties(BUS, { KmsKeyIdentifier: Match.anyValue(), DeadLetterConfig: Match.anyValue() });
    ofStack.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Condition: {
              StringEquals: Match.objectLike({ 'kms:EncryptionContext:aws:events:event-bus:arn': BUS_ARN }),
            },
          }),
        ]),
      },
    });
    expect(bus.encryptionDeadLetterQueue).toBeDefined();
  });

  test('fails for an encryptionDeadLetterQueue without a key', () => {
    const stack = memberStack();

    expect(() => makeBus({ encryptionDeadLetterQueue: new sqs.Queue(stack, 'Queue') }, stack)).toThrow(
      /there is no kmsKey.*\(EncryptionDeadLetterQueueWithoutKey\)$/,
    );
  });

  test('fails for the name of the default bus', () => {
    expect(() => makeBus({ eventBusName: 'default' })).toThrow(/event bus name "default".*\(EventBusNameInvalid\)$/);
  });

  test.each(['11111111111', 'hub', 111111111111 as unknown as string])('fails for the hub account %p', (hubAccount) => {
    expect(() => makeBus({ hubAccount })).toThrow(/hubAccount .* is not a 12-digit account id.*\(AccountInvalid\)$/);
  });

  test('takes a hub account that only the deployment knows', () => {
    const stack = memberStack();
    const hubAccount = new CfnParameter(stack, 'HubAccount').valueAsString;

    makeBus({ hubAccount }, stack);

    expect(statements(stack)[0].Principal.AWS).toEqual({
      'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'HubAccount' }, ':root']],
    });
  });
});

describe('who may put events on it', () => {
  const FORWARDER = {
    Sid: 'Forwarder',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111111111111:root' },
    Action: 'events:PutEvents',
    Resource: BUS_ARN,
  };
  const BY_ROLE = {
    ...FORWARDER,
    Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE_ARN }, Bool: { 'events:eventBusInvocation': 'true' } },
  };

  test.each([undefined, LockLevel.ACCOUNT])(
    'level %p: the hub’s account, in the form that AWS documents',
    (lockLevel) => {
      const { stack } = makeBus({ lockLevel, forwardingRoleArn: ROLE_ARN });

      expect(statements(stack)).toEqual([FORWARDER]);
      Annotations.fromStack(stack).hasNoWarning('*', OURS);
    },
  );

  test('level role: the hub’s forwarding role, by its rules', () => {
    const { stack } = makeBus({ lockLevel: LockLevel.ROLE, forwardingRoleArn: ROLE_ARN });

    expect(statements(stack)).toEqual([BY_ROLE]);
  });

  test('level strict: nobody else, not even this account', () => {
    const { stack } = makeBus({ lockLevel: LockLevel.STRICT, forwardingRoleArn: ROLE_ARN });

    const deny = { Effect: 'Deny', Principal: '*', Action: 'events:PutEvents', Resource: BUS_ARN };
    expect(statements(stack)).toEqual([
      // The Denies first, since the statements are made one after another.
      { Sid: 'NoDirectPut', ...deny, Condition: { Bool: { 'events:eventBusInvocation': 'false' } } },
      { Sid: 'NoOtherForwarder', ...deny, Condition: { ArnNotEquals: { 'aws:PrincipalArn': ROLE_ARN } } },
      BY_ROLE,
    ]);
  });

  test('the partition is that of the Region', () => {
    const { stack } = makeBus({}, memberStack({ account: '222222222222', region: 'us-gov-west-1' }));

    expect(statements(stack)[0].Principal.AWS).toBe('arn:aws-us-gov:iam::111111111111:root');
  });

  test.each([LockLevel.ROLE, LockLevel.STRICT])('fails for level %p without the role', (lockLevel) => {
    expect(() => makeBus({ lockLevel })).toThrow(/forwardingRoleArn is missing: pass it.*\(ForwardingRoleMissing\)$/);
  });

  test.each([LockLevel.ROLE, LockLevel.STRICT])('level %p warns until somebody has tried it', (lockLevel) => {
    // GIVEN
    const props = { lockLevel, forwardingRoleArn: ROLE_ARN };
    const { stack } = makeBus(props);
    const { stack: tried, bus } = makeBus(props);

    // WHEN
    Validations.of(bus).acknowledge({
      id: 'annotation::cdk-event-backbone:LocalBus.lockLevelUnconfirmed',
      reason: 'Tried with one member.',
    });

    // THEN
    Annotations.fromStack(stack).hasWarning('/Order/Bus', UNCONFIRMED);
    Annotations.fromStack(tried).hasNoWarning('*', UNCONFIRMED);
  });
});

describe('a bus that exists already', () => {
  const FOREIGN = 'arn:aws-cn:events:cn-north-1:999999999999:event-bus/their-order';

  test('keeps account, Region and partition of its ARN', () => {
    const bus = LocalBus.fromEventBusArn(memberStack(), 'Import', FOREIGN);

    expect(bus.eventBusRef).toEqual({ eventBusArn: FOREIGN, eventBusName: 'their-order' });
    expect(bus.env).toMatchObject({ account: '999999999999', region: 'cn-north-1' });
  });

  test('by name is in the account and Region of the stack', () => {
    const bus = LocalBus.fromEventBusName(memberStack(), 'Import', 'acme-order');

    expect(bus.eventBusArn).toBe(BUS_ARN);
  });

  test('by name keeps this name in a stack for any account', () => {
    const bus = LocalBus.fromEventBusName(new Stack(new App(), 'Anywhere'), 'Import', 'acme-order');

    expect(bus.eventBusName).toBe('acme-order');
  });

  test('of a topology is the bus of the member', () => {
    // GIVEN
    const topology = new Topology({
      name: 'acme',
      hub: { account: '111111111111', region: 'eu-west-1' },
      members: [{ name: 'order', account: '222222222222' }],
    });

    // WHEN
    const bus = LocalBus.fromTopology(memberStack(), 'Import', topology, 'order');

    // THEN
    expect(bus.eventBusArn).toBe(topology.localBusArn('order'));
    expect(bus.env).toMatchObject(MEMBER);
  });

  test('makes nothing, no policy above all', () => {
    const stack = memberStack();

    LocalBus.fromEventBusArn(stack, 'ByArn', FOREIGN);
    LocalBus.fromEventBusName(stack, 'ByName', 'acme-order');

    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('fails for what is not the ARN of a bus', () => {
    expect(() => LocalBus.fromEventBusArn(memberStack(), 'Import', 'acme-order')).toThrow(/\(EventBusArnInvalid\)$/);
  });
});

test.each<[string, (stack: Stack) => Pick<LocalBus, 'subscribe' | 'captureLogs' | 'archive'>]>([
  ['ours', (stack) => makeBus({}, stack).bus],
  ['imported', (stack) => LocalBus.fromEventBusArn(stack, 'Bus', BUS_ARN)],
])('subscriptions, logs and archives are made under the bus: %s', (_, bus) => {
  // GIVEN
  const stack = memberStack();
  const local = bus(stack);

  // WHEN
  const subscription = local.subscribe('OrderCreated', {
    detailType: ['Order.Created'],
    target: new targets.SqsQueue(new sqs.Queue(stack, 'Target')),
  });
  const log = local.captureLogs('Log');
  const archive = local.archive('Archive');

  // THEN
  expect([subscription, log, archive].map(({ node }) => node.path)).toEqual([
    'Order/Bus/OrderCreated',
    'Order/Bus/Log',
    'Order/Bus/Archive',
  ]);
  Template.fromStack(stack).allResourcesProperties('AWS::Events::Rule', { EventBusName: 'acme-order' });
});

test.each(['acme-forwarder', 'arn:aws:iam::222222222222:role/acme-forwarder', 'arn:aws:iam::111111111111:user/x'])(
  'fails for the forwarding role %s, which would lock everybody out',
  (forwardingRoleArn) => {
    const stack = new Stack(new App(), 'Locked', { env: { account: '222222222222', region: 'eu-west-1' } });
    expect(
      () =>
        new LocalBus(stack, 'Bus', {
          eventBusName: 'b',
          hubAccount: '111111111111',
          lockLevel: LockLevel.STRICT,
          forwardingRoleArn,
        }),
    ).toThrow(/is not the ARN of a role in the hub's account 111111111111, .*\(ForwardingRoleInvalid\)$/);
  },
);

test('fails for an account that means another one here', () => {
  const app = new App();
  const anywhere = new Stack(app, 'Anywhere');
  const here = new Stack(app, 'Here', { env: { account: '222222222222', region: 'eu-west-1' } });
  expect(() => new LocalBus(here, 'Bus', { eventBusName: 'b', hubAccount: anywhere.account })).toThrow(
    /^\[Here\/Bus\] hubAccount is AWS::AccountId, which means the account of this stack here: .*\(AccountInvalid\)$/,
  );
  expect(new LocalBus(anywhere, 'Bus', { eventBusName: 'b', hubAccount: anywhere.account }).eventBusName).toBe('b');
});
