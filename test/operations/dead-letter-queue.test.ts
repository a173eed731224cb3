import { App, CfnParameter, RemovalPolicy, Stack, type Environment } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { GlobalBus, LocalBus, type IGlobalBus } from '../../src';
import { BusDeadLetterQueue } from '../../src/operations/dead-letter-queue';

/** The warnings of this library; newer versions of the CDK have some of their own. */
const OURS = Match.stringLikeRegexp('cdk-event-backbone:');
const HUB = { account: '111111111111', region: 'eu-west-1' };
const RULES = 'arn:aws:events:eu-west-1:111111111111:rule/acme-global/*';
const QUEUE = 'AWS::SQS::Queue';
const QUEUE_POLICY = 'AWS::SQS::QueuePolicy';

const hubStack = (env: Environment | undefined = HUB) => new Stack(new App(), 'Hub', { env });
const makeBus = (stack: Stack, eventBusName = 'acme-global') =>
  new GlobalBus(stack, `Bus-${eventBusName}`, { eventBusName, reservedSourcePrefixes: [] });
const localBus = (stack: Stack, member: string) =>
  LocalBus.fromEventBusArn(stack, member, `arn:aws:events:eu-west-1:222222222222:event-bus/acme-${member}`);

/** The statements of all queue policies in a stack. */
const statements = (stack: Stack): any[] =>
  Object.values(Template.fromStack(stack).findResources(QUEUE_POLICY)).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );

/** The statement by which EventBridge is let in. */
const ALLOW = (sourceArn: unknown, account: unknown = '111111111111') => ({
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: { 'Fn::GetAtt': [expect.any(String), 'Arn'] },
  Condition: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': sourceArn } },
});
const NO_PLAIN_TEXT = expect.objectContaining({
  Effect: 'Deny',
  Action: 'sqs:*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

describe('the queue that the rules of a bus share', () => {
  test('admits all of them by one statement', () => {
    // GIVEN
    const stack = hubStack();
    const bus = makeBus(stack);

    // WHEN
    for (const member of ['order', 'delivery', 'loyalty']) bus.fanOutTo(`To-${member}`, localBus(stack, member));
    bus.captureLogs('Log');

    // THEN
    Template.fromStack(stack).resourceCountIs(QUEUE, 1);
    expect(statements(stack)).toEqual([NO_PLAIN_TEXT, ALLOW(RULES)]);
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
    const queues = rules.map(({ Properties }) => JSON.stringify(Properties.Targets[0].DeadLetterConfig));
    expect(new Set(queues).size).toBe(1);
    expect(queues).toHaveLength(4);
    expect(queues[0]).toMatch(/DeadLetterQueue/);
  });

  test('admits them where only the deployment knows account and Region', () => {
    // GIVEN
    const stack = new Stack(new App(), 'Anywhere');

    // WHEN
    makeBus(stack).captureLogs('Log');

    // THEN
    const [, allow] = statements(stack);
    expect(allow.Condition.StringEquals).toEqual({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } });
    expect(allow.Condition.ArnLike['aws:SourceArn']['Fn::Join'][1].at(-1)).toBe(':rule/acme-global/*');
  });

  test('keeps messages for as long as possible, and needs no key policy', () => {
    const stack = hubStack();

    makeBus(stack).captureLogs('Log');

    Template.fromStack(stack).hasResourceProperties(QUEUE, {
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
  });

  test('rings at the first message', () => {
    const stack = hubStack();

    makeBus(stack).captureLogs('Log');

    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: Match.anyValue() }],
      Statistic: 'Maximum',
      Period: 60,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  test('is one for each bus', () => {
    const stack = hubStack();

    for (const name of ['first', 'second']) makeBus(stack, name).captureLogs('Log');

    Template.fromStack(stack).resourceCountIs(QUEUE, 2);
  });

  test('is one for each stack, so that no stack holds another', () => {
    // GIVEN
    const app = new App();
    const hub = new Stack(app, 'Hub', { env: HUB });
    const routes = new Stack(app, 'Routes', { env: HUB });
    const bus = makeBus(hub);

    // WHEN
    bus.captureLogs('Log');
    const there = BusDeadLetterQueue.of(routes, bus);

    // THEN
    expect(there.queue).not.toBe(bus.deadLetterQueue);
    expect(BusDeadLetterQueue.of(routes, bus)).toBe(there);
    Template.fromStack(routes).resourceCountIs(QUEUE, 1);
  });

  test('has a name, a key and a fate where they are given', () => {
    // GIVEN
    const stack = hubStack();

    // WHEN
    new BusDeadLetterQueue(stack, 'Queue', {
      eventBusName: 'acme-global',
      queueName: 'acme-fan-out-dlq',
      encryptionKey: new kms.Key(stack, 'Key'),
      removalPolicy: RemovalPolicy.RETAIN,
    }).admit(RULES);

    // THEN
    const ofStack = Template.fromStack(stack);
    ofStack.hasResource(QUEUE, {
      Properties: { QueueName: 'acme-fan-out-dlq', KmsMasterKeyId: Match.anyValue() },
      DeletionPolicy: 'Retain',
    });
    expect(statements(stack)).toEqual([NO_PLAIN_TEXT, ALLOW(RULES)]);
    ofStack.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Resource: '*',
            Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' }, ArnLike: { 'aws:SourceArn': RULES } },
          },
        ]),
      },
    });
  });
});

describe('a queue that was given', () => {
  const log = (bus: Pick<IGlobalBus, 'captureLogs'>, deadLetterQueue: sqs.IQueue, id = 'Log') =>
    bus.captureLogs(id, { deadLetterQueue, logGroupName: id });

  test('is used, and admits the rules of the bus', () => {
    // GIVEN
    const stack = hubStack();
    const bus = makeBus(stack);
    const queue = new sqs.Queue(stack, 'Mine');

    // WHEN
    log(bus, queue);
    bus.fanOutTo('ToOrder', localBus(stack, 'order'), { deadLetterQueue: queue });

    // THEN
    Template.fromStack(stack).resourceCountIs(QUEUE, 1);
    Template.fromStack(stack).allResourcesProperties('AWS::Events::Rule', {
      Targets: [
        Match.objectLike({ DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Mine'), 'Arn'] } } }),
      ],
    });
    expect(statements(stack)).toEqual([ALLOW(RULES)]);
  });

  test('serves many buses, by one statement, since a policy holds 20', () => {
    const stack = hubStack();
    const queue = new sqs.Queue(stack, 'Mine');

    const names = Array.from({ length: 25 }, (_, i) => `bus${i}`);
    for (const name of names) log(makeBus(stack, name), queue, name);

    const sources = names.map((name) => `arn:aws:events:eu-west-1:111111111111:rule/${name}/*`);
    expect(statements(stack)).toEqual([ALLOW(sources)]);
  });

  test('serves subscriptions too', () => {
    // GIVEN
    const stack = hubStack();
    const local = LocalBus.fromEventBusName(stack, 'Local', 'acme-hub');
    const queue = new sqs.Queue(stack, 'Mine');

    // WHEN
    local.subscribe('Sub', {
      detailType: ['Order.Created'],
      target: new targets.SqsQueue(new sqs.Queue(stack, 'Target')),
      deadLetterQueue: queue,
    });

    // THEN
    expect(statements(stack)).toContainEqual(ALLOW('arn:aws:events:eu-west-1:111111111111:rule/acme-hub/*'));
  });

  test('may be of another stack of this account', () => {
    // GIVEN
    const app = new App();
    const queues = new Stack(app, 'Queues', { env: HUB });
    const hub = new Stack(app, 'Hub', { env: HUB });

    // WHEN
    log(makeBus(hub), new sqs.Queue(queues, 'Mine'));

    // THEN
    expect(
      app
        .synth()
        .stacks.map(({ stackName }) => stackName)
        .sort(),
    ).toEqual(['Hub', 'Queues']);
    expect(statements(queues)).toEqual([ALLOW(RULES)]);
  });

  test('whose key is ours may be used by EventBridge', () => {
    const stack = hubStack();
    const encryptionMasterKey = new kms.Key(stack, 'Key');

    log(makeBus(stack), new sqs.Queue(stack, 'Mine', { encryptionMasterKey }));

    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'events.amazonaws.com' } })]) },
    });
  });

  test('imported: its owner is told the statement, once', () => {
    // GIVEN
    const stack = hubStack();
    const bus = makeBus(stack);
    const arn = 'arn:aws:sqs:eu-west-1:111111111111:theirs';
    const queue = sqs.Queue.fromQueueArn(stack, 'Theirs', arn);

    // WHEN
    log(bus, queue, 'First');
    log(bus, queue, 'Second');

    // THEN
    const warnings = Annotations.fromStack(stack).findWarning('*', OURS);
    expect(warnings.map(({ id }) => id)).toEqual(['/Hub/Bus-acme-global/First']);
    const text = warnings[0].entry.data as string;
    expect(text).toMatch(/^The policy of the queue arn:aws:sqs:eu-west-1:111111111111:theirs is not ours to change/);
    expect(text).toContain('cdk-event-backbone:DeadLetterQueue.policyNotChanged');
    expect(JSON.parse(/(\{.*\}) \[ack/.exec(text)![1])).toEqual({ ...ALLOW(RULES), Resource: arn });
  });

  test('imported by a value that only the deployment knows: named by its path', () => {
    const stack = hubStack();
    const arn = new CfnParameter(stack, 'Arn').valueAsString;

    log(makeBus(stack), sqs.Queue.fromQueueArn(stack, 'Theirs', arn));

    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('^The policy of the queue Hub/Theirs is not'));
  });

  test.each(['arn:aws:sqs:eu-west-1:222222222222:theirs', 'arn:aws:sqs:us-east-1:111111111111:theirs'])(
    'fails for %s, which is not beside the rule',
    (arn) => {
      const stack = hubStack();

      expect(() => log(makeBus(stack), sqs.Queue.fromQueueArn(stack, 'Theirs', arn))).toThrow(
        /the dead-letter queue arn:aws:sqs:.* the rule in 111111111111\/eu-west-1.*\(DeadLetterQueueElsewhere\)$/,
      );
    },
  );

  test('fails for a queue that another stack makes in another account, named by its path', () => {
    // GIVEN
    const app = new App();
    const order = new Stack(app, 'Order', { env: { account: '222222222222', region: 'eu-west-1' } });
    const queue = new sqs.Queue(order, 'Queue', { queueName: 'theirs' });

    // THEN
    expect(() => log(makeBus(new Stack(app, 'Hub', { env: HUB })), queue)).toThrow(
      /the dead-letter queue Order\/Queue is in 222222222222\/eu-west-1.*\(DeadLetterQueueElsewhere\)$/,
    );
  });

  test.each<[string, (stack: Stack) => sqs.IQueue]>([
    ['ours', (stack) => new sqs.Queue(stack, 'Fifo', { fifo: true })],
    ['imported', (stack) => sqs.Queue.fromQueueArn(stack, 'Fifo', 'arn:aws:sqs:eu-west-1:111111111111:theirs.fifo')],
  ])('fails for a FIFO queue: %s', (_, queue) => {
    const stack = hubStack();

    expect(() => log(makeBus(stack), queue(stack))).toThrow(/standard queues only \(DeadLetterQueueFifo\)$/);
  });

  test('fails for the managed key of AWS, whose policy cannot admit EventBridge', () => {
    const stack = hubStack();
    const queue = new sqs.Queue(stack, 'Mine', { encryption: sqs.QueueEncryption.KMS_MANAGED });

    expect(() => log(makeBus(stack), queue)).toThrow(
      /the dead-letter queue Hub\/Mine .*\(DeadLetterQueueManagedKey\)$/,
    );
  });
});
