import { App, Aws, CfnParameter, Duration, Fn, Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LocalBus, Subscription, type SubscriptionOptions } from '../../src';

const CONSUMER = { account: '333333333333', region: 'eu-west-1' };
const OTHER = { account: '444444444444', region: 'eu-west-1' };
const BUS_ARN = 'arn:aws:events:eu-west-1:333333333333:event-bus/acme-delivery';
const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:333333333333:orders';

function given() {
  const app = new App();
  const stack = new Stack(app, 'Consumer', { env: CONSUMER });
  const eventBus = LocalBus.fromEventBusArn(stack, 'Bus', BUS_ARN);
  return { app, stack, eventBus };
}

/** A target with an ARN and nothing else. */
const toArn = (arn: string, config: Partial<events.RuleTargetConfig> = {}): events.IRuleTarget => ({
  bind: () => ({ arn, ...config }),
});

function subscribe(options: Partial<SubscriptionOptions> = {}) {
  const { app, stack, eventBus } = given();
  const subscription = new Subscription(stack, 'Orders', {
    eventBus,
    target: toArn(QUEUE_ARN),
    detailType: ['Order.Created'],
    ...options,
  });
  return { app, stack, subscription };
}

/** The only rule of a stack. */
function ruleOf(stack: Stack): any {
  const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  expect(rules).toHaveLength(1);
  return rules[0].Properties;
}

function targetOf(stack: Stack): any {
  const { Targets } = ruleOf(stack);
  expect(Targets).toHaveLength(1);
  return Targets[0];
}

/** The id of the only resource of a type. */
function idOf(stack: Stack, type: string): string {
  const ids = Object.keys(Template.fromStack(stack).findResources(type));
  expect(ids).toHaveLength(1);
  return ids[0];
}

const functionIn = (stack: Stack) =>
  new lambda.Function(stack, 'OnOrder', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });

test('is a rule on the local bus with its target', () => {
  const { stack } = subscribe();
  expect(ruleOf(stack)).toMatchObject({
    EventBusName: 'acme-delivery',
    EventPattern: { 'detail-type': ['Order.Created'] },
    State: 'ENABLED',
    Targets: [{ Id: 'Target', Arn: QUEUE_ARN }],
  });
});

describe('every kind of target', () => {
  const DEFAULTS = {
    Id: 'Target',
    DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringContaining('DeadLetterQueue'), 'Arn'] } },
    RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 },
  };
  const att = (id: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [expect.stringMatching(`^${id}`), attribute] });
  const kinds: [string, (stack: Stack) => events.IRuleTarget, object][] = [
    ['LambdaFunction', (stack) => new targets.LambdaFunction(functionIn(stack)), { Arn: att('OnOrder') }],
    ['SqsQueue', (stack) => new targets.SqsQueue(new sqs.Queue(stack, 'Queue')), { Arn: att('Queue') }],
    [
      'SqsQueue, FIFO',
      (stack) => new targets.SqsQueue(new sqs.Queue(stack, 'Queue', { fifo: true }), { messageGroupId: 'orders' }),
      { Arn: att('Queue'), SqsParameters: { MessageGroupId: 'orders' } },
    ],
    [
      'SnsTopic',
      (stack) => new targets.SnsTopic(new sns.Topic(stack, 'Topic')),
      { Arn: { Ref: expect.stringMatching('^Topic') } },
    ],
    [
      'KinesisStream',
      (stack) =>
        new targets.KinesisStream(new kinesis.Stream(stack, 'Stream'), { partitionKeyPath: '$.detail.orderId' }),
      {
        Arn: att('Stream'),
        RoleArn: att('StreamEventsRole'),
        KinesisParameters: { PartitionKeyPath: '$.detail.orderId' },
      },
    ],
    [
      'FirehoseDeliveryStream',
      (stack) =>
        new targets.FirehoseDeliveryStream(
          firehose.DeliveryStream.fromDeliveryStreamName(stack, 'DeliveryStream', 'orders'),
        ),
      {
        Arn: {
          'Fn::Join': [
            '',
            ['arn:', { Ref: 'AWS::Partition' }, ':firehose:eu-west-1:333333333333:deliverystream/orders'],
          ],
        },
        RoleArn: att('DeliveryStreamEventsRole'),
      },
    ],
    [
      'SfnStateMachine',
      (stack) =>
        new targets.SfnStateMachine(
          new sfn.StateMachine(stack, 'Machine', {
            definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Pass')),
          }),
        ),
      { Arn: { Ref: expect.stringMatching('^Machine') }, RoleArn: att('MachineEventsRole') },
    ],
    [
      'ApiDestination',
      (stack) =>
        new targets.ApiDestination(
          new events.ApiDestination(stack, 'Destination', {
            endpoint: 'https://example.com',
            connection: new events.Connection(stack, 'Connection', {
              authorization: events.Authorization.apiKey('x', SecretValue.unsafePlainText('y')),
            }),
          }),
          { headerParameters: { 'x-tenant': 'acme' }, pathParameterValues: ['$.detail.id'] },
        ),
      {
        Arn: att('Destination'),
        RoleArn: att('DestinationEventsRole'),
        HttpParameters: { HeaderParameters: { 'x-tenant': 'acme' }, PathParameterValues: ['$.detail.id'] },
      },
    ],
  ];

  test.each(kinds)('%s is rendered in full, with retry and dead-letter queue', (_, make, expected) => {
    // GIVEN
    const { stack, eventBus } = given();

    // WHEN
    new Subscription(stack, 'Orders', { eventBus, source: ['order'], target: make(stack) });

    // THEN
    expect(targetOf(stack)).toEqual({ ...DEFAULTS, ...expected });
  });

  test.each(kinds)('%s is rendered as the CDK’s own rule renders it', (_, make) => {
    // GIVEN
    const { stack, eventBus } = given();
    const plain = new Stack(new App(), 'Consumer', { env: CONSUMER });
    const plainBus = events.EventBus.fromEventBusArn(plain, 'Bus', BUS_ARN);

    // WHEN
    new Subscription(stack, 'Orders', { eventBus, source: ['order'], target: make(stack) });
    new events.Rule(plain, 'Orders', {
      eventBus: plainBus,
      eventPattern: { source: ['order'] },
      targets: [make(plain)],
    });

    // THEN
    expect(targetOf(stack)).toEqual({ ...DEFAULTS, ...targetOf(plain), Id: 'Target' });
  });

  test('LambdaFunction admits this rule alone', () => {
    // GIVEN
    const { stack, eventBus } = given();

    // WHEN
    new Subscription(stack, 'Orders', {
      eventBus,
      source: ['order'],
      target: new targets.LambdaFunction(functionIn(stack)),
    });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [idOf(stack, 'AWS::Events::Rule'), 'Arn'] },
    });
  });

  test('a target whose ARN is put together is taken', () => {
    const { stack } = subscribe({ target: toArn(`arn:${Aws.PARTITION}:execute-api:eu-west-1:333333333333:api/*`) });
    expect(targetOf(stack).Arn).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':execute-api:eu-west-1:333333333333:api/*']],
    });
  });

  test('a target known at deployment only is taken', () => {
    const { stack, eventBus } = given();
    const target = toArn(new CfnParameter(stack, 'Arn').valueAsString);
    new Subscription(stack, 'Orders', { eventBus, source: ['order'], target });
    expect(targetOf(stack).Arn).toEqual({ Ref: 'Arn' });
  });

  describe('with an input', () => {
    const input = (event: events.RuleTargetInput) =>
      targetOf(
        (() => {
          const { stack, eventBus } = given();
          const target = new targets.SqsQueue(new sqs.Queue(stack, 'Queue'), { message: event });
          new Subscription(stack, 'Orders', { eventBus, source: ['order'], target });
          return stack;
        })(),
      );

    test('that is transformed', () => {
      const target = input(
        events.RuleTargetInput.fromObject({ id: events.EventField.fromPath('$.detail.orderId'), kind: 'order' }),
      );
      expect(target.InputTransformer).toEqual({
        InputPathsMap: { 'detail-orderId': '$.detail.orderId' },
        InputTemplate: '{"id":<detail-orderId>,"kind":"order"}',
      });
      expect(target).not.toHaveProperty('Input');
    });

    test('that is constant', () => {
      const target = input(events.RuleTargetInput.fromObject({ kind: 'order' }));
      expect(target.Input).toBe('{"kind":"order"}');
      expect(target).not.toHaveProperty('InputTransformer');
    });

    test('that is a part of the event', () => {
      expect(input(events.RuleTargetInput.fromEventPath('$.detail')).InputPath).toBe('$.detail');
    });
  });

  test('fails without one', () => {
    expect(() => subscribe({ target: undefined })).toThrow(/target is undefined.*\(TargetMissing\)$/);
  });
});

describe('another bus as target', () => {
  const MESSAGE = /the target is an event bus.*publish on the global bus instead.*\(SecondHop\)$/;
  const HUB_BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global';

  test.each<[string, (stack: Stack, app: App) => events.IRuleTarget]>([
    ['a bus of the stack', (stack) => new targets.EventBus(new events.EventBus(stack, 'Second'))],
    [
      'a bus of the stack with a name',
      (stack) => new targets.EventBus(new events.EventBus(stack, 'Second', { eventBusName: 'second' })),
    ],
    ['an import by ARN', (stack) => new targets.EventBus(events.EventBus.fromEventBusArn(stack, 'Second', HUB_BUS))],
    ['an import by name', (stack) => new targets.EventBus(events.EventBus.fromEventBusName(stack, 'Second', 'second'))],
    [
      'a bus of another stack',
      (_, app) => new targets.EventBus(new events.EventBus(new Stack(app, 'Second', { env: CONSUMER }), 'Bus')),
    ],
    [
      'a bus of a stack for another account',
      (_, app) =>
        new targets.EventBus(
          new events.EventBus(new Stack(app, 'Second', { env: OTHER }), 'Bus', { eventBusName: 'second' }),
        ),
    ],
    ['an L1', (stack) => toArn(new events.CfnEventBus(stack, 'Second', { name: 'second' }).attrArn)],
    ['a local bus', (stack) => toArn(LocalBus.fromEventBusName(stack, 'Second', 'second').eventBusArn)],
    ['text', () => toArn(HUB_BUS)],
    ['text with a deploy-time account', () => toArn(`arn:aws:events:eu-west-1:${Aws.ACCOUNT_ID}:event-bus/second`)],
    ['text with a deploy-time name', (stack) => toArn(`${BUS_ARN}${new CfnParameter(stack, 'Name').valueAsString}`)],
  ])('fails for %s', (_, make) => {
    const { app, stack, eventBus } = given();
    const target = make(stack, app);
    expect(() => new Subscription(stack, 'Orders', { eventBus, source: ['order'], target })).toThrow(MESSAGE);
  });

  test.each<[string, (stack: Stack) => string]>([
    ['text', () => HUB_BUS],
    ['a reference', (stack) => new events.EventBus(stack, 'Second').eventBusArn],
    ['a function', () => Fn.sub('arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/second')],
    ['a function of a reference', (stack) => Fn.join('', [new events.EventBus(stack, 'Second').eventBusArn])],
  ])('fails at synthesis where its ARN, %s, comes late', (_, make) => {
    // GIVEN
    const { app, stack, eventBus } = given();
    let arn = QUEUE_ARN;
    const target = toArn(Lazy.string({ produce: () => arn }));
    new Subscription(stack, 'Orders', { eventBus, source: ['order'], target });

    // WHEN
    arn = make(stack);

    // THEN
    expect(() => app.synth()).toThrow(/\[Consumer\/Orders\] the target is an event bus.*\(SecondHop\)/);
  });

  test('is told from what comes late only when the tree is complete', () => {
    // GIVEN
    const { stack, eventBus } = given();
    let arn = 'not yet';
    const target = toArn(Lazy.string({ produce: () => arn }));

    // WHEN
    new Subscription(stack, 'Orders', { eventBus, source: ['order'], target });
    arn = QUEUE_ARN;

    // THEN
    expect(targetOf(stack).Arn).toBe(QUEUE_ARN);
  });

  test('is not meant where a target only bears the name of a bus', () => {
    // GIVEN
    const { stack, eventBus } = given();
    const second = new events.EventBus(stack, 'Second');

    // WHEN
    const target = toArn(`arn:aws:sqs:eu-west-1:333333333333:${second.eventBusName}-orders`);
    new Subscription(stack, 'Orders', { eventBus, source: ['order'], target });

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 1);
  });
});

describe('a target elsewhere', () => {
  test.each<[string, (theirs: Stack) => events.IRuleTarget]>([
    ['function', (theirs) => new targets.LambdaFunction(functionIn(theirs))],
    ['queue', (theirs) => new targets.SqsQueue(new sqs.Queue(theirs, 'Queue', { queueName: 'orders' }))],
    ['topic', (theirs) => new targets.SnsTopic(new sns.Topic(theirs, 'Topic', { topicName: 'orders' }))],
  ])('fails for a %s of a stack for another account, without leaving hidden stacks', (_, make) => {
    // GIVEN
    const { app, stack, eventBus } = given();
    const theirs = new Stack(app, 'Theirs', { env: OTHER });
    const target = make(theirs);

    // THEN
    expect(() => new Subscription(stack, 'Orders', { eventBus, source: ['order'], target })).toThrow(
      /the target Theirs\/\w+ is in 444444444444\/eu-west-1, the rule in 333333333333\/eu-west-1: subscribe on the local bus.*\(TargetElsewhere\)$/,
    );
    const stacks = app.node.findAll().filter(Stack.isStack);
    expect(stacks.map(({ node }) => node.path)).toEqual(['Consumer', 'Theirs']);
    expect(theirs.node.findAll().filter((construct) => construct instanceof events.CfnRule)).toEqual([]);
  });

  test('is what the CDK would have built hidden stacks for', () => {
    jest.spyOn(console, 'warn').mockReturnValue();
    const { app, stack } = given();
    const theirs = new Stack(app, 'Theirs', { env: OTHER });
    new events.Rule(stack, 'Plain', {
      eventBus: events.EventBus.fromEventBusArn(stack, 'PlainBus', BUS_ARN),
      eventPattern: { source: ['order'] },
      targets: [new targets.SqsQueue(new sqs.Queue(theirs, 'Queue', { queueName: 'orders' }))],
    });
    expect(app.node.findAll().filter(Stack.isStack).length).toBeGreaterThan(2);
    jest.restoreAllMocks();
  });

  test.each([
    ['account', 'arn:aws:sqs:eu-west-1:444444444444:orders', '444444444444/eu-west-1'],
    ['Region', 'arn:aws:sqs:us-east-1:333333333333:orders', '333333333333/us-east-1'],
  ])('fails for an import from another %s', (_, arn, place) => {
    const { stack, eventBus } = given();
    const target = new targets.SqsQueue(sqs.Queue.fromQueueArn(stack, 'Theirs', arn));
    expect(() => new Subscription(stack, 'Orders', { eventBus, source: ['order'], target })).toThrow(
      new RegExp(`is in ${place}, .*\\(TargetElsewhere\\)$`),
    );
  });

  test('is none where another stack is for the same account', () => {
    const { app, stack, eventBus } = given();
    const second = new Stack(app, 'Second', { env: CONSUMER });
    const target = new targets.SqsQueue(new sqs.Queue(second, 'Queue'));
    new Subscription(stack, 'Orders', { eventBus, source: ['order'], target });
    expect(app.node.findAll().filter(Stack.isStack)).toHaveLength(2);
  });

  test('fails for a bus of another account to subscribe to', () => {
    const { stack } = given();
    const eventBus = LocalBus.fromEventBusArn(stack, 'Theirs', BUS_ARN.replace('333333333333', '444444444444'));
    expect(() => new Subscription(stack, 'Orders', { eventBus, source: ['order'], target: toArn(QUEUE_ARN) })).toThrow(
      /\(EventBusElsewhere\)$/,
    );
  });

  test('fails without a bus to subscribe to', () => {
    const { stack } = given();
    const props = { eventBus: undefined as any, source: ['order'], target: toArn(QUEUE_ARN) };
    expect(() => new Subscription(stack, 'Orders', props)).toThrow(/\(EventBusMissing\)$/);
  });
});

describe('retry', () => {
  const retry = (options: Partial<SubscriptionOptions>) => targetOf(subscribe(options).stack).RetryPolicy;

  test('is as long as the service goes, by default', () => {
    expect(retry({})).toEqual({ MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86400 });
  });

  test.each([
    [0, Duration.minutes(1), 60],
    [185, Duration.hours(24), 86400],
    [3, Duration.hours(1), 3600],
  ])('is %i attempts and %s as given', (retryAttempts, maxEventAge, seconds) => {
    expect(retry({ retryAttempts, maxEventAge })).toEqual({
      MaximumRetryAttempts: retryAttempts,
      MaximumEventAgeInSeconds: seconds,
    });
  });

  test('of the target goes first, each value by itself', () => {
    const target = (retryPolicy: events.CfnRule.RetryPolicyProperty) => toArn(QUEUE_ARN, { retryPolicy });
    const own = { retryAttempts: 5, maxEventAge: Duration.hours(2) };
    expect(retry({ ...own, target: target({ maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 }) })).toEqual({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
    expect(retry({ ...own, target: target({ maximumRetryAttempts: 0 }) })).toEqual({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 7200,
    });
    expect(retry({ ...own, target: target({ maximumEventAgeInSeconds: 60 }) })).toEqual({
      MaximumRetryAttempts: 5,
      MaximumEventAgeInSeconds: 60,
    });
  });

  test.each([-1, 186, 1.5, NaN])('fails for %s attempts', (retryAttempts) => {
    expect(() => subscribe({ retryAttempts })).toThrow(
      /retryAttempts .* is not a whole number from 0 to 185 \(RetryInvalid\)$/,
    );
  });

  test.each([59, 86401])('fails for %i seconds', (seconds) => {
    expect(() => subscribe({ maxEventAge: Duration.seconds(seconds) })).toThrow(
      new RegExp(`maxEventAge of ${seconds} seconds is not between 1 minute and 24 hours \\(RetryInvalid\\)$`),
    );
  });
});

describe('dead-letter queue', () => {
  const allows = (stack: Stack) =>
    Object.values(Template.fromStack(stack).findResources('AWS::SQS::QueuePolicy'))
      .flatMap((policy) => policy.Properties.PolicyDocument.Statement)
      .filter((statement) => statement.Effect === 'Allow');

  test('is shared by the subscriptions to the bus, and admits its rules', () => {
    // GIVEN
    const { stack, eventBus } = given();

    // WHEN
    for (const source of ['a', 'b']) {
      new Subscription(stack, source, { eventBus, source: [source], target: toArn(QUEUE_ARN) });
    }

    // THEN
    const queue = { 'Fn::GetAtt': [idOf(stack, 'AWS::SQS::Queue'), 'Arn'] };
    Template.fromStack(stack).allResourcesProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ DeadLetterConfig: { Arn: queue } })],
    });
    expect(allows(stack)).toEqual([
      expect.objectContaining({
        Action: 'sqs:SendMessage',
        Principal: { Service: 'events.amazonaws.com' },
        Resource: queue,
        Condition: {
          StringEquals: { 'aws:SourceAccount': '333333333333' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:333333333333:rule/acme-delivery/*' },
        },
      }),
    ]);
  });

  test('may be given, and admits the rules', () => {
    // GIVEN
    const { stack, eventBus } = given();
    const deadLetterQueue = new sqs.Queue(stack, 'Mine');

    // WHEN
    new Subscription(stack, 'Orders', { eventBus, source: ['a'], target: toArn(QUEUE_ARN), deadLetterQueue });

    // THEN
    expect(targetOf(stack).DeadLetterConfig).toEqual({
      Arn: { 'Fn::GetAtt': [idOf(stack, 'AWS::SQS::Queue'), 'Arn'] },
    });
    expect(allows(stack)).toHaveLength(1);
  });

  test('of the target goes first, and no other is made', () => {
    // GIVEN
    const { stack, eventBus } = given();
    const theirs = new sqs.Queue(stack, 'TargetDlq');
    const target = new targets.LambdaFunction(functionIn(stack), { deadLetterQueue: theirs });

    // WHEN
    new Subscription(stack, 'Orders', { eventBus, source: ['a'], target });

    // THEN
    expect(targetOf(stack).DeadLetterConfig).toEqual({
      Arn: { 'Fn::GetAtt': [expect.stringMatching('^TargetDlq'), 'Arn'] },
    });
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 1);
  });

  test.each([
    ['account', 'arn:aws:sqs:eu-west-1:444444444444:dlq'],
    ['Region', 'arn:aws:sqs:us-east-1:333333333333:dlq'],
  ])('fails where it is in another %s', (_, arn) => {
    const { stack, eventBus } = given();
    const deadLetterQueue = sqs.Queue.fromQueueArn(stack, 'Theirs', arn);
    expect(
      () => new Subscription(stack, 'Orders', { eventBus, source: ['a'], target: toArn(QUEUE_ARN), deadLetterQueue }),
    ).toThrow(/\(DeadLetterQueueElsewhere\)$/);
  });
});

describe('pattern', () => {
  const pattern = (options: Partial<SubscriptionOptions>) =>
    ruleOf(subscribe({ detailType: undefined, ...options }).stack).EventPattern;

  test.each<[string, Partial<SubscriptionOptions>, object]>([
    ['source', { source: ['order'] }, { source: ['order'] }],
    ['detailType', { detailType: ['A', 'B'] }, { 'detail-type': ['A', 'B'] }],
    ['detail', { detail: { total: [1, 2.5] } }, { detail: { total: [1, 2.5] } }],
    ['account', { account: ['222222222222'] }, { account: ['222222222222'] }],
    ['region', { region: ['eu-west-1'] }, { region: ['eu-west-1'] }],
    ['resources', { resources: ['arn:x'] }, { resources: ['arn:x'] }],
    ['eventPattern', { eventPattern: { id: ['1'] } }, { id: ['1'] }],
    ['excludeReplays', { source: ['a'], excludeReplays: true }, { source: ['a'], 'replay-name': [{ exists: false }] }],
    ['excludeReplays: false', { source: ['a'], excludeReplays: false }, { source: ['a'] }],
    ['fields beside eventPattern', { source: ['a'], eventPattern: { id: ['1'] } }, { source: ['a'], id: ['1'] }],
  ])('of %s, and nothing else', (_, options, expected) => {
    expect(pattern(options)).toEqual(expected);
  });

  test('takes Match objects in fields, in the body and in eventPattern', () => {
    expect(
      pattern({
        source: events.Match.prefix('order.'),
        account: events.Match.anythingBut('222222222222'),
        detail: { total: events.Match.greaterThan(10), note: events.Match.exists() },
        eventPattern: { $or: [{ region: events.Match.suffix('-1') }, { id: ['x'] }] },
      }),
    ).toEqual({
      source: [{ prefix: 'order.' }],
      account: [{ 'anything-but': ['222222222222'] }],
      detail: { total: [{ numeric: ['>', 10] }], note: [{ exists: true }] },
      $or: [{ region: [{ suffix: '-1' }] }, { id: ['x'] }],
    });
  });

  test('keeps null in lists, also as other languages deliver it', () => {
    expect(pattern({ detail: { a: [null], b: [undefined, 'x'] } })).toEqual({ detail: { a: [null], b: [null, 'x'] } });
  });

  test('keeps deploy-time values', () => {
    expect(pattern({ account: [Aws.ACCOUNT_ID], detail: { region: [Aws.REGION] } })).toEqual({
      account: [{ Ref: 'AWS::AccountId' }],
      detail: { region: [{ Ref: 'AWS::Region' }] },
    });
  });

  test('is the same template for two orders of the keys', () => {
    const detail = { a: [1], b: { c: [2], d: [3] } };
    const other = { b: { d: [3], c: [2] }, a: [1] };
    const template = (options: Partial<SubscriptionOptions>) => JSON.stringify(pattern(options));
    expect(template({ source: ['x'], eventPattern: { $or: [{ id: ['1'] }, { time: ['t'] }], detail: other } })).toBe(
      template({ eventPattern: { detail, $or: [{ id: ['1'] }, { time: ['t'] }] }, source: ['x'] }),
    );
  });

  test('keeps the order in which a condition overrides its $or', () => {
    const eventPattern = { $or: [{ source: ['a'] }, { id: ['x'] }], source: ['b'] };
    expect(JSON.stringify(pattern({ eventPattern }))).toBe(JSON.stringify(eventPattern));
  });

  test('may say more about the body in $or', () => {
    const $or = [{ detail: { kind: ['x'] } }, { detail: { kind: ['y'] } }];
    expect(pattern({ detail: { total: [1] }, eventPattern: { $or } })).toEqual({ detail: { total: [1] }, $or });
  });

  test.each<[string, Partial<SubscriptionOptions>]>([
    ['none', {}],
    ['an empty eventPattern', { eventPattern: {} }],
  ])('fails where there is %s', (_, options) => {
    expect(() => pattern(options)).toThrow(
      /Orders has no condition.*events\.Match\.prefix\(''\) \(EventPatternMissing\)$/,
    );
  });

  test.each<[string, Partial<SubscriptionOptions>]>([
    ['list', { source: [] }],
    ['object', { detail: {} }],
  ])('fails for an empty %s', (kind, options) => {
    expect(() => pattern(options)).toThrow(new RegExp(`: an empty ${kind}, .*\\(EventPatternInvalid\\)$`));
  });

  test.each<[string, Partial<SubscriptionOptions>, string]>([
    ['a field', { source: ['a'], eventPattern: { source: ['b'] } }, 'source'],
    ['the detail-type', { detailType: ['A'], eventPattern: { 'detail-type': ['B'] } }, 'detail-type'],
    ['replay-name', { excludeReplays: true, eventPattern: { 'replay-name': ['r'] } }, 'replay-name'],
  ])('fails where %s is given twice', (_, options, field) => {
    expect(() => pattern(options)).toThrow(
      new RegExp(`the pattern of Orders says "${field}" twice.*\\(EventPatternInvalid\\)$`),
    );
  });

  test.each<[string, Partial<SubscriptionOptions>, string]>([
    ['a field', { source: ['a'], eventPattern: { $or: [{ source: ['b'] }, { id: ['x'] }] } }, 'source'],
    [
      'a field of the body',
      { detail: { kind: ['a'] }, eventPattern: { $or: [{ id: ['x'] }, { 'detail.kind': ['b'] }] } },
      'detail.kind',
    ],
    [
      'replay-name',
      { excludeReplays: true, eventPattern: { $or: [{ id: ['x'] }, { 'replay-name': [{ exists: true }] }] } },
      'replay-name',
    ],
  ])('fails where a branch of $or would override %s', (_, options, field) => {
    expect(() => pattern(options)).toThrow(
      new RegExp(`says "${field}" in a branch of \\$or too.*\\(EventPatternInvalid\\)$`),
    );
  });

  test('over the default quota raises a warning', () => {
    const { stack } = subscribe({ source: ['x'.repeat(2048)] });
    Annotations.fromStack(stack).hasWarning(
      '/Consumer/Orders',
      Match.stringLikeRegexp('cdk-event-backbone:EventPattern.overQuota'),
    );
  });

  test('within the default quota raises none', () => {
    const { stack } = subscribe({ source: ['x'.repeat(1900)] });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('fails over what EventBridge takes', () => {
    expect(() => subscribe({ source: ['x'.repeat(4096)] })).toThrow(/\(EventPatternTooLong\)$/);
  });
});

describe('options', () => {
  test('ruleName: made by CloudFormation by default, or given', () => {
    expect(ruleOf(subscribe().stack)).not.toHaveProperty('Name');
    expect(ruleOf(subscribe({ ruleName: 'orders' }).stack).Name).toBe('orders');
  });

  test('description: none by default, or given', () => {
    expect(ruleOf(subscribe().stack)).not.toHaveProperty('Description');
    expect(ruleOf(subscribe({ description: 'Orders to pack' }).stack).Description).toBe('Orders to pack');
  });

  test('enabled: on by default, or off', () => {
    expect(ruleOf(subscribe().stack).State).toBe('ENABLED');
    expect(ruleOf(subscribe({ enabled: false }).stack).State).toBe('DISABLED');
  });
});

test('is closed: nothing merges a pattern or a target into it later', () => {
  const { subscription } = subscribe();
  expect((subscription as any).addEventPattern).toBeUndefined();
  expect((subscription as any).addTarget).toBeUndefined();
});

test('waits for a local bus of the same stack, and not for its policy', () => {
  // GIVEN
  const { stack } = given();
  const eventBus = new LocalBus(stack, 'Own', { eventBusName: 'own', hubAccount: '111111111111' });

  // WHEN
  new Subscription(stack, 'Orders', { eventBus, source: ['order'], target: toArn(QUEUE_ARN) });

  // THEN
  Template.fromStack(stack).hasResource('AWS::Events::Rule', {
    DependsOn: [idOf(stack, 'AWS::Events::EventBus')],
  });
});

test('on the bus of the CDK, made or imported, and on an L1', () => {
  // GIVEN
  const { stack } = given();
  const buses = [
    new events.EventBus(stack, 'L2'),
    events.EventBus.fromEventBusName(stack, 'Imported', 'imported'),
    new events.CfnEventBus(stack, 'L1', { name: 'l1' }),
  ];

  // WHEN
  buses.forEach((eventBus, i) => {
    new Subscription(stack, `Orders${i}`, { eventBus, source: ['order'], target: toArn(QUEUE_ARN) });
  });

  // THEN
  const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  expect(rules.map(({ Properties }) => Properties.EventBusName)).toEqual([
    { Ref: expect.stringMatching('^L2') },
    'imported',
    { Ref: 'L1' },
  ]);
});

describe('a dead-letter queue that the target was given', () => {
  const here = { account: '333333333333', region: 'eu-west-1' };

  test.each([
    ['another account', { ...here, account: '222222222222' }],
    ['another Region', { ...here, region: 'us-east-1' }],
  ])('fails in %s, imported or of another stack', (_, elsewhere) => {
    const app = new App();
    const stack = new Stack(app, 'Rules', { env: here });
    const bus = LocalBus.fromEventBusName(stack, 'Bus', 'acme-delivery');
    const imported = sqs.Queue.fromQueueArn(
      stack,
      'Imported',
      `arn:aws:sqs:${elsewhere.region}:${elsewhere.account}:dlq`,
    );
    const foreign = new sqs.Queue(new Stack(app, 'Foreign', { env: elsewhere }), 'Queue', { queueName: 'dlq' });
    for (const [i, arn] of [imported.queueArn, foreign.queueArn].entries()) {
      const target = {
        bind: () => ({ arn: 'arn:aws:lambda:eu-west-1:333333333333:function:f', deadLetterConfig: { arn } }),
      };
      expect(() => bus.subscribe(`S${i}`, { source: ['a'], target })).toThrow(
        /failed events would vanish.*\(DeadLetterQueueElsewhere\)$/,
      );
    }
  });

  test('is taken beside the rule', () => {
    const stack = new Stack(new App(), 'Rules', { env: here });
    const bus = LocalBus.fromEventBusName(stack, 'Bus', 'acme-delivery');
    const { queueArn } = new sqs.Queue(stack, 'Queue');
    const target = {
      bind: () => ({ arn: 'arn:aws:lambda:eu-west-1:333333333333:function:f', deadLetterConfig: { arn: queueArn } }),
    };
    bus.subscribe('S', { source: ['a'], target });
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 1);
  });
});

test('a reference to another stack in a pattern stays a reference', () => {
  const app = new App();
  const env = { account: '333333333333', region: 'eu-west-1' };
  const topic = new sns.Topic(new Stack(app, 'Other', { env }), 'Topic');
  const stack = new Stack(app, 'Rules', { env });
  const bus = LocalBus.fromEventBusName(stack, 'Bus', 'acme-delivery');
  bus.subscribe('S', {
    resources: [topic.topicArn],
    detail: { a: [undefined] },
    target: new targets.SqsQueue(new sqs.Queue(stack, 'Queue')),
  });
  const { Resources } = app.synth().getStackByName('Rules').template;
  const [rule] = Object.values<any>(Resources).filter(({ Type }) => Type === 'AWS::Events::Rule');
  expect(rule.Properties.EventPattern).toEqual({
    detail: { a: [null] },
    resources: [{ 'Fn::ImportValue': expect.any(String) }],
  });
});

test('a dead-letter queue given to the target may have an ARN put together from tokens', () => {
  const stack = new Stack(new App(), 'Rules');
  const bus = LocalBus.fromEventBusName(stack, 'Bus', 'acme-delivery');
  const deadLetterQueue = sqs.Queue.fromQueueArn(stack, 'D', stack.formatArn({ service: 'sqs', resource: 'd' }));
  const target = new targets.SqsQueue(new sqs.Queue(stack, 'Queue'), { deadLetterQueue });
  expect(bus.subscribe('S', { source: ['a'], target }).ruleArn).toBeDefined();
});

test('retries that only the deployment knows are taken', () => {
  const stack = new Stack(new App(), 'Rules');
  const bus = LocalBus.fromEventBusName(stack, 'Bus', 'acme-delivery');
  const retryAttempts = new CfnParameter(stack, 'Retries', { type: 'Number' }).valueAsNumber;
  bus.subscribe('S', { source: ['a'], retryAttempts, target: new targets.SqsQueue(new sqs.Queue(stack, 'Queue')) });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    Targets: [Match.objectLike({ RetryPolicy: Match.objectLike({ MaximumRetryAttempts: { Ref: 'Retries' } }) })],
  });
});

describe('a dead-letter queue that a target of the CDK was given gets what ours get', () => {
  const env = { account: '333333333333', region: 'eu-west-1' };
  const withQueue = (make: (stack: Stack) => sqs.IQueue) => {
    const stack = new Stack(new App(), 'Rules', { env });
    const target = {
      bind: () => ({
        arn: 'arn:aws:logs:eu-west-1:333333333333:log-group:x',
        deadLetterConfig: { arn: make(stack).queueArn },
      }),
    };
    LocalBus.fromEventBusName(stack, 'Bus', 'acme-delivery').subscribe('S', { source: ['a'], target });
    return stack;
  };

  test('a policy', () => {
    Template.fromStack(withQueue((stack) => new sqs.Queue(stack, 'Q'))).hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Action: 'sqs:SendMessage',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': '333333333333' },
              ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:333333333333:rule/acme-delivery/*' },
            },
          }),
        ],
      },
    });
  });

  test('a warning where it is imported', () => {
    const stack = withQueue((scope) => sqs.Queue.fromQueueArn(scope, 'Q', 'arn:aws:sqs:eu-west-1:333333333333:dlq'));
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp(
        'arn:aws:sqs:eu-west-1:333333333333:dlq is not ours to change.*DeadLetterQueue.policyNotChanged',
      ),
    );
  });

  test.each<[string, sqs.QueueProps, string]>([
    ['FIFO', { fifo: true }, 'DeadLetterQueueFifo'],
    ['with the AWS managed key', { encryption: sqs.QueueEncryption.KMS_MANAGED }, 'DeadLetterQueueManagedKey'],
  ])('fails for one %s', (_, props, code) => {
    expect(() => withQueue((stack) => new sqs.Queue(stack, 'Q', props))).toThrow(`(${code})`);
  });
});
