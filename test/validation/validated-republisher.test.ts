import { Metrics } from '@aws-lambda-powertools/metrics';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, Aws, Duration, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import {
  assetOf,
  contract,
  decisionsOf,
  event,
  HUB,
  hubStack,
  manifestOf,
  ORDER,
  PUBLISHED,
  republisherIn,
  SAME_BUS,
  type Changes,
} from './synthesized-asset';
import { republisher as handlerOf } from '../../functions/republisher/handler';
import * as stores from '../../functions/republisher/stores';
import {
  GlobalBus,
  PublishedBus,
  RepublisherTransport,
  UnknownEvents,
  ValidatedRepublisher,
  ValidationMode,
} from '../../src';
import { compilePattern } from '../../src/pattern';
import { METRIC_NAMES } from '../../src/validation/handler/metric-names';

const GLOBAL = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global';
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555';
const BUS_POLICY = 'AWS::Events::EventBusPolicy';
const FUNCTION = 'AWS::Lambda::Function';
const MAPPING = 'AWS::Lambda::EventSourceMapping';
const QUEUE = 'AWS::SQS::Queue';
const RULE = 'AWS::Events::Rule';
const WARNING = 'ValidatedRepublisher.eventBusPolicyNotChanged';

function synthesize(changes: Changes = {}, stack = hubStack()) {
  const republisher = republisherIn(stack, changes);
  return { stack, republisher, template: Template.fromStack(stack) };
}

/** The one resource of a type, or the one whose logical id begins so. */
function resource(template: Template, type: string, start = ''): any {
  const found = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith(start));
  if (found.length !== 1) throw new Error(`${type} ${start}: ${found.length} resources`);
  return found[0][1].Properties;
}

const statementsOf = (template: Template, bus: string): any[] =>
  Object.entries(template.findResources(BUS_POLICY))
    .filter(([id]) => id.startsWith(bus))
    .map(([, { Properties }]) => Properties.Statement);

/** What the function may do, one line for each action: `<action> <resource>`. */
function permissions(template: Template): string[] {
  const { PolicyDocument } = resource(template, 'AWS::IAM::Policy');
  const text = (arn: any): string => arn['Fn::GetAtt']?.[0].replace(/[0-9A-F]{8}$/, '') ?? JSON.stringify(arn);
  return PolicyDocument.Statement.flatMap(({ Action, Resource }: any) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((arn) => `${action} ${text(arn)}`)),
  ).sort();
}

const queuePolicy = (template: Template, start: string): any[] =>
  resource(template, 'AWS::SQS::QueuePolicy', start).PolicyDocument.Statement;

const variables = (template: Template) => resource(template, FUNCTION).Environment.Variables;

const GETATT = (start: string, attribute = 'Arn') => ({
  'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${start}[0-9A-F]{8}$`)), attribute],
});

describe('between two buses', () => {
  test('every event of the first is taken, and published on the other with the source it has', () => {
    const { stack, template } = synthesize();

    expect(resource(template, RULE)).toMatchObject({
      EventBusName: 'acme-global',
      EventPattern: { source: [{ prefix: '' }] },
      State: 'ENABLED',
    });
    expect(variables(template).TARGET_BUS).toBe(PUBLISHED);
    expect(manifestOf(stack)).toMatchObject({
      sourcePrefix: '',
      reservedPrefixes: ['invalid.'],
      noticePrefix: 'invalid.',
      mode: 'enforce',
      unknownEvents: 'quarantine',
      owners: {},
    });
  });

  test('the role of the function may publish there, and nobody else', () => {
    const { template } = synthesize();

    expect(statementsOf(template, 'PublishedBus')).toEqual([
      {
        Sid: 'OnlyRepublisher',
        Effect: 'Deny',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: PUBLISHED,
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': GETATT('RepublisherRole') } },
      },
    ]);
    expect(permissions(template)).toContain(`events:PutEvents "${PUBLISHED}"`);
    expect(permissions(template).join()).not.toContain(GLOBAL);
  });

  test('the first bus reserves its prefixes for nobody', () => {
    const { template } = synthesize();

    const [reserved] = statementsOf(template, 'GlobalBus');
    expect(reserved.Condition).toEqual({ 'ForAnyValue:StringLike': { 'events:source': ['valid.*', 'invalid.*'] } });
  });

  test('the source is prefixed where that is asked for', () => {
    const { stack } = synthesize({ validPrefix: 'checked.' });

    expect(manifestOf(stack)).toMatchObject({
      sourcePrefix: 'checked.',
      reservedPrefixes: ['checked.', 'invalid.'],
    });
    expect(decisionsOf(stack)(event()).entries[0].source).toBe('checked.order.service');
  });

  test('they may be in another stack, where the role has a name', () => {
    const app = new App();
    const buses = new Stack(app, 'Buses', { env: HUB });
    const eventBus = new GlobalBus(buses, 'GlobalBus', { eventBusName: 'acme-global' });
    const targetBus = new PublishedBus(buses, 'PublishedBus', { eventBusName: 'acme-published' });

    synthesize({ eventBus, targetBus, roleName: 'acme-republisher', rolePath: '/backbone/' }, hubStack(app));

    const [statement] = statementsOf(Template.fromStack(buses), 'PublishedBus');
    expect(statement.Condition.ArnNotEquals).toEqual({
      'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/backbone/acme-republisher',
    });
    expect(buses.dependencies).toEqual([]);
  });
});

describe('on one bus', () => {
  test('what was published or is a notice is not taken again', () => {
    const { stack, template } = synthesize(SAME_BUS);

    const { EventBusName, EventPattern } = resource(template, RULE);
    expect(EventBusName).toBe('acme-global');
    expect(EventPattern).toEqual({ source: [{ 'anything-but': { prefix: ['valid.', 'invalid.'] } }] });
    const taken = (source: string) => compilePattern(EventPattern).matches(event({ source }));
    expect(['order.service', 'valid.order.service', 'invalid.order.service', 'validated'].filter(taken)).toEqual([
      'order.service',
      'validated',
    ]);
    expect(variables(template).TARGET_BUS).toBe(GLOBAL);
    expect(manifestOf(stack)).toMatchObject({
      sourcePrefix: 'valid.',
      reservedPrefixes: ['valid.', 'invalid.'],
      noticePrefix: 'invalid.',
    });
  });

  test('what the function publishes is outside of what its rule takes', () => {
    const { stack, template } = synthesize(SAME_BUS);

    const input = compilePattern(resource(template, RULE).EventPattern);
    const decide = decisionsOf(stack);
    for (const detail of [{ orderId: '1' }, { orderId: 1 }]) {
      const [entry] = decide(event({ detail })).entries;
      expect(input.matches(event({ source: entry.source, account: HUB.account }))).toBe(false);
    }
  });

  test('reserved sources are denied to all but the role of the function', () => {
    const { stack, template } = synthesize(SAME_BUS);

    expect(statementsOf(template, 'GlobalBus')).toEqual([
      {
        Sid: 'ReservedSources',
        Effect: 'Deny',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: GLOBAL,
        Condition: {
          'ForAnyValue:StringLike': { 'events:source': ['valid.*', 'invalid.*'] },
          ArnNotEquals: { 'aws:PrincipalArn': GETATT('RepublisherRole') },
        },
      },
    ]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp(WARNING));
  });

  test('the role is exempted where the bus pins sources, too', () => {
    const stack = hubStack();
    const pin = { account: HUB.account, sources: ['hub.service'] };
    const accounts = [HUB.account, ORDER];
    const eventBus = new GlobalBus(stack, 'GlobalBus', { eventBusName: 'acme-global', accounts, sourcePins: [pin] });

    const { template } = synthesize({ ...SAME_BUS, eventBus }, stack);

    const exempted = statementsOf(template, 'GlobalBus').filter(({ Condition }) => Condition?.ArnNotEquals);
    expect(exempted.map(({ Sid }) => Sid)).toEqual(['ReservedSources', `OnlyOwnSources-${HUB.account}`]);
  });

  test('the same bus, passed as target, is one bus', () => {
    const stack = hubStack();
    const eventBus = new GlobalBus(stack, 'GlobalBus', { eventBusName: 'acme-global' });
    const targetBus = GlobalBus.fromEventBusName(stack, 'Again', 'acme-global');

    const { template } = synthesize({ eventBus, targetBus }, stack);

    expect(resource(template, RULE).EventPattern).toEqual({
      source: [{ 'anything-but': { prefix: ['valid.', 'invalid.'] } }],
    });
  });

  test('prefixes of its own are taken to the rule and to the function', () => {
    const stack = hubStack();
    const reservedSourcePrefixes = ['good.', 'bad.'];
    const eventBus = new GlobalBus(stack, 'GlobalBus', { eventBusName: 'acme-global', reservedSourcePrefixes });

    const { template } = synthesize({ ...SAME_BUS, eventBus, validPrefix: 'good.', invalidPrefix: 'bad.' }, stack);

    expect(resource(template, RULE).EventPattern).toEqual({
      source: [{ 'anything-but': { prefix: ['good.', 'bad.'] } }],
    });
    expect(manifestOf(stack)).toMatchObject({
      sourcePrefix: 'good.',
      noticePrefix: 'bad.',
      reservedPrefixes: ['good.', 'bad.'],
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp(WARNING));
  });

  test('a prefix that the bus does not reserve is warned of', () => {
    const { stack } = synthesize({ ...SAME_BUS, validPrefix: 'good.' });

    Annotations.fromStack(stack).hasWarning(
      '/Hub/Republisher',
      Match.stringLikeRegexp(
        `reserves other sources: list good\\., invalid\\. in its .*"events:source":\\["good\\.\\*","invalid\\.\\*"\\].*${WARNING}`,
      ),
    );
  });
});

test('only listed sources are taken, where they are listed', () => {
  const sources = ['order.service', 'delivery.service'];

  expect(resource(synthesize({ sources }).template, RULE).EventPattern).toEqual({ source: sources });
});

describe('a reference to a bus of the app', () => {
  const policies = (stack: Stack, sid: string) =>
    Object.values(Template.fromStack(stack).findResources(BUS_POLICY))
      .map(({ Properties }) => Properties.Statement)
      .find(({ Sid }) => Sid === sid).Condition.ArnNotEquals;
  const noWarning = (stack: Stack) => Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp(WARNING));

  test('lets the republisher send what the bus reserves', () => {
    const stack = hubStack();
    new GlobalBus(stack, 'Made', { eventBusName: 'acme-global' });

    synthesize({ ...SAME_BUS, eventBus: GlobalBus.fromEventBusArn(stack, 'Reference', GLOBAL) }, stack);

    expect(policies(stack, 'ReservedSources')).toEqual({
      'aws:PrincipalArn': { 'Fn::GetAtt': [expect.stringMatching(/^RepublisherRole/), 'Arn'] },
    });
    noWarning(stack);
  });

  test('lets it publish on a published bus', () => {
    const stack = hubStack();
    new PublishedBus(stack, 'Made', { eventBusName: 'acme-published' });

    synthesize({ targetBus: GlobalBus.fromEventBusArn(stack, 'Reference', PUBLISHED) }, stack);

    expect(policies(stack, 'OnlyRepublisher')).toBeDefined();
    noWarning(stack);
  });

  test.each<[string, Changes, boolean]>([
    ['without a name of its role is told what to add, since each stack would wait for the other', {}, true],
    ['with one is let in', { roleName: 'acme-republisher' }, false],
  ])('of another stack: a republisher %s', (_, changes, isTold) => {
    const app = new App();
    const hub = hubStack(app);
    new GlobalBus(hub, 'Made', { eventBusName: 'acme-global' });
    const stack = new Stack(app, 'Validation', { env: HUB });

    synthesize({ ...SAME_BUS, ...changes, eventBus: GlobalBus.fromEventBusArn(stack, 'Reference', GLOBAL) }, stack);

    const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(WARNING));
    expect(found.map(({ entry }) => entry.data)).toEqual(
      isTold
        ? [expect.stringMatching(/is not ours to change.*A Deny of these sources .* must leave out this role/)]
        : [],
    );
    expect(policies(hub, 'ReservedSources')?.['aws:PrincipalArn']).toEqual(
      isTold ? undefined : 'arn:aws:iam::111111111111:role/acme-republisher',
    );
  });
});

test('a global bus as target admits producers, which is warned of', () => {
  const stack = hubStack();
  const targetBus = new GlobalBus(stack, 'Target', { eventBusName: 'acme-other', accounts: [ORDER] });

  synthesize({ targetBus }, stack);

  Annotations.fromStack(stack).hasWarning(
    '/Hub/Republisher',
    Match.stringLikeRegexp(
      'The policy of acme-other admits producers: make the target a PublishedBus.*OnlyRepublisher',
    ),
  );
});

describe('a bus whose policy is not ours', () => {
  const statementIn = (stack: Stack) => {
    const [entry] = Annotations.fromStack(stack).findWarning('/Hub/Republisher', Match.stringLikeRegexp(WARNING));
    return JSON.parse(/\{.*\}/.exec(String(entry.entry.data))![0]);
  };

  test('the statement that keeps others from it is printed', () => {
    const stack = hubStack();
    const targetBus = GlobalBus.fromEventBusName(stack, 'Legacy', 'legacy');

    synthesize({ targetBus, roleName: 'acme-republisher' }, stack);

    expect(statementIn(stack)).toEqual({
      Sid: 'OnlyRepublisher',
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/legacy',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/acme-republisher' } },
    });
  });

  test('where raw events are on it as well, the statement is about reserved sources alone', () => {
    const stack = hubStack();
    const eventBus = GlobalBus.fromEventBusName(stack, 'Legacy', 'legacy');

    synthesize({ ...SAME_BUS, eventBus }, stack);

    expect(statementIn(stack)).toMatchObject({
      Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/legacy',
      Condition: {
        ArnNotEquals: { 'aws:PrincipalArn': GETATT('RepublisherRole') },
        'ForAnyValue:StringLike': { 'events:source': ['valid.*', 'invalid.*'] },
      },
    });
  });

  test('nothing is said of one that is ours, or where nothing is published', () => {
    const legacy = (stack: Stack) => GlobalBus.fromEventBusName(stack, 'Legacy', 'legacy');
    const observing = hubStack();
    synthesize({ targetBus: legacy(observing), mode: ValidationMode.OBSERVE }, observing);
    for (const stack of [synthesize().stack, observing]) {
      Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp(WARNING));
    }
  });
});

describe('by a queue', () => {
  test('batches of ten are taken without waiting, and each event fails for itself', () => {
    const { template } = synthesize();

    template.resourceCountIs(MAPPING, 1);
    expect(resource(template, MAPPING)).toEqual({
      EventSourceArn: GETATT('RepublisherQueue'),
      FunctionName: { Ref: expect.stringMatching(/^RepublisherFunction/) },
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test.each([
    [undefined, 30, 180],
    [Duration.minutes(2), 120, 720],
  ])('an event is hidden for six times the timeout: %s', (timeout, seconds, visibility) => {
    const { template } = synthesize({ timeout });

    expect(resource(template, FUNCTION).Timeout).toBe(seconds);
    expect(resource(template, QUEUE, 'RepublisherQueue').VisibilityTimeout).toBe(visibility);
  });

  test('after five attempts an event waits elsewhere, for two weeks, and can be moved back', () => {
    const { template } = synthesize();

    template.resourcePropertiesCountIs(QUEUE, { MessageRetentionPeriod: 14 * 24 * 60 * 60 }, 4);
    expect(resource(template, QUEUE, 'RepublisherQueue').RedrivePolicy).toEqual({
      deadLetterTargetArn: GETATT('RepublisherDeadLetterQueue'),
      maxReceiveCount: 5,
    });
    // SQS moves messages back only from what is the dead-letter queue of another.
    expect(resource(template, QUEUE, 'RepublisherDeadLetterQueue').RedrivePolicy).toMatchObject({
      deadLetterTargetArn: GETATT('RepublisherQuarantine'),
    });
    expect(resource(template, QUEUE, 'RepublisherQuarantine').RedrivePolicy).toBeUndefined();
  });

  test('the rule sends there, and to its dead-letter queue what it cannot', () => {
    const { template } = synthesize();

    expect(resource(template, RULE).Targets).toEqual([
      {
        Id: 'Queue',
        Arn: GETATT('RepublisherQueue'),
        DeadLetterConfig: { Arn: GETATT('GlobalBusDeadLetterQueue') },
      },
    ]);
    template.resourceCountIs('AWS::Lambda::Permission', 0);
    template.resourceCountIs('AWS::Lambda::EventInvokeConfig', 0);
  });

  test('the queue admits this rule, the dead-letter queue all rules of the bus', () => {
    const { template } = synthesize();

    const allow = (queue: string, sourceArn: unknown) => ({
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Principal: { Service: 'events.amazonaws.com' },
      Resource: GETATT(queue),
      Condition: {
        StringEquals: { 'aws:SourceAccount': HUB.account },
        ArnLike: { 'aws:SourceArn': sourceArn },
      },
    });
    expect(queuePolicy(template, 'RepublisherQueue')[1]).toEqual(
      allow('RepublisherQueue', GETATT('RepublisherInputRule')),
    );
    expect(queuePolicy(template, 'GlobalBusDeadLetterQueue')[1]).toEqual(
      allow('GlobalBusDeadLetterQueue', 'arn:aws:events:eu-west-1:111111111111:rule/acme-global/*'),
    );
  });

  test('every queue wants TLS', () => {
    const policies = Object.values(synthesize().template.findResources('AWS::SQS::QueuePolicy'));
    expect(policies).toHaveLength(4);
    for (const { Properties } of policies) {
      expect(Properties.PolicyDocument.Statement[0]).toMatchObject({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    }
  });

  test('a queue that was given takes what the rule could not send', () => {
    const stack = hubStack();
    const deadLetterQueue = new sqs.Queue(stack, 'Own');

    const { template } = synthesize({ deadLetterQueue }, stack);

    expect(resource(template, RULE).Targets[0].DeadLetterConfig).toEqual({ Arn: GETATT('Own') });
    expect(Object.keys(template.findResources(QUEUE)).join()).not.toContain('GlobalBusDeadLetterQueue');
  });

  test('the function runs as often at a time as it is told', () => {
    expect(resource(synthesize().template, MAPPING).ScalingConfig).toBeUndefined();
    expect(resource(synthesize({ maxConcurrency: 7 }).template, MAPPING).ScalingConfig).toEqual({
      MaximumConcurrency: 7,
    });
  });
});

describe('by direct invocation', () => {
  const direct = (changes: Changes = {}) => synthesize({ transport: RepublisherTransport.DIRECT, ...changes });

  test('the rule invokes the function, and to its dead-letter queue goes what it cannot hand over', () => {
    const { template } = direct();

    expect(resource(template, RULE).Targets).toEqual([
      {
        Id: 'Function',
        Arn: GETATT('RepublisherFunction'),
        DeadLetterConfig: { Arn: GETATT('GlobalBusDeadLetterQueue') },
      },
    ]);
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Condition: {
              StringEquals: { 'aws:SourceAccount': HUB.account },
              ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/acme-global/*' },
            },
          }),
        ]),
      },
    });
  });

  test('only this rule may', () => {
    const { template } = direct();

    template.resourceCountIs('AWS::Lambda::Permission', 1);
    expect(resource(template, 'AWS::Lambda::Permission')).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: GETATT('RepublisherFunction'),
      Principal: 'events.amazonaws.com',
      SourceAccount: HUB.account,
      SourceArn: GETATT('RepublisherInputRule'),
    });
    // Nobody but those who redrive sends to the queue.
    expect(queuePolicy(template, 'RepublisherQueue').map(({ Effect }) => Effect)).toEqual(['Deny']);
  });

  test('what Lambda gave up waits in the dead-letter queue of the function', () => {
    const { template } = direct();

    expect(resource(template, 'AWS::Lambda::EventInvokeConfig').DestinationConfig).toEqual({
      OnFailure: { Destination: GETATT('RepublisherDeadLetterQueue') },
    });
    expect(permissions(template)).toContain('sqs:SendMessage RepublisherDeadLetterQueue');
  });

  test('quarantined events can be redriven all the same', () => {
    const { template } = direct();

    expect(resource(template, MAPPING)).toMatchObject({
      EventSourceArn: GETATT('RepublisherQueue'),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('events that wait, wait in Lambda, and so says the alarm', () => {
    expect(resource(direct().template, 'AWS::CloudWatch::Alarm', 'RepublisherWaiting')).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'AsyncEventAge',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: expect.stringMatching(/^RepublisherFunction/) } }],
      Threshold: 60_000,
    });
  });
});

describe('the function', () => {
  test('is of Node.js 24 on arm64, with 512 MiB and 30 seconds', () => {
    expect(resource(synthesize().template, FUNCTION)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 30,
    });
    expect(resource(synthesize({ memorySize: 1024 }).template, FUNCTION).MemorySize).toBe(1024);
  });

  test('counts under the name of the bus', () => {
    expect(variables(synthesize().template)).toMatchObject({
      POWERTOOLS_SERVICE_NAME: 'acme-global',
      POWERTOOLS_METRICS_NAMESPACE: 'EventBackbone',
    });
  });

  test('keeps its logs for a month, or as long as it is told', () => {
    const { template } = synthesize();

    expect(resource(template, 'AWS::Logs::LogGroup')).toEqual({ RetentionInDays: 30 });
    expect(resource(template, FUNCTION).LoggingConfig).toEqual({
      LogGroup: { Ref: expect.stringMatching(/^RepublisherLogs/) },
    });
    const logRetention = RetentionDays.ONE_YEAR;
    expect(resource(synthesize({ logRetention }).template, 'AWS::Logs::LogGroup').RetentionInDays).toBe(365);
  });

  test('may do this, and nothing else', () => {
    expect(permissions(synthesize().template)).toEqual([
      `events:PutEvents "${PUBLISHED}"`,
      'logs:CreateLogStream RepublisherLogs',
      'logs:PutLogEvents RepublisherLogs',
      'sqs:ChangeMessageVisibility RepublisherQueue',
      'sqs:DeleteMessage RepublisherQueue',
      'sqs:GetQueueAttributes RepublisherQueue',
      'sqs:GetQueueUrl RepublisherQueue',
      'sqs:ReceiveMessage RepublisherQueue',
      'sqs:SendMessage RepublisherQuarantine',
    ]);
  });

  test('is made after its role may act', () => {
    synthesize().template.hasResource(FUNCTION, {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^RepublisherRoleDefaultPolicy')]),
    });
  });

  test('has a role of the given name and path, for Lambda alone', () => {
    const { template } = synthesize({ roleName: 'acme-republisher', rolePath: '/backbone/' });

    expect(resource(template, 'AWS::IAM::Role')).toMatchObject({
      RoleName: 'acme-republisher',
      Path: '/backbone/',
      AssumeRolePolicyDocument: {
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
    });
    const unnamed = resource(synthesize().template, 'AWS::IAM::Role');
    expect([unnamed.RoleName, unnamed.Path]).toEqual([undefined, undefined]);
  });
});

describe('modes', () => {
  test.each([
    [undefined, 'enforce'],
    [ValidationMode.ENFORCE, 'enforce'],
    [ValidationMode.AUDIT, 'audit'],
    [ValidationMode.OBSERVE, 'observe'],
  ])('%s: the function is told %s', (mode, expected) => {
    expect(manifestOf(synthesize({ mode }).stack).mode).toBe(expected);
  });

  test.each([
    ['enforce', ['invalid.order.service'], 'SCHEMA_INVALID'],
    ['audit', ['order.service'], undefined],
    ['observe', [], undefined],
  ])('%s: of an event that breaks its contract comes %j', (mode, published, quarantined) => {
    const verdict = decisionsOf(synthesize({ mode: mode as ValidationMode }).stack)(event({ detail: {} }));

    expect(verdict.entries.map(({ source }) => source)).toEqual(published);
    expect(verdict.quarantined).toBe(quarantined);
    expect(verdict.reason).toBe('SCHEMA_INVALID');
  });

  test.each<[string, Changes]>([
    ['on one bus', SAME_BUS],
    ['between two', {}],
  ])('observing %s, the function may not publish', (_, changes) => {
    const { template } = synthesize({ ...changes, mode: ValidationMode.OBSERVE });

    expect(permissions(template).join()).not.toContain('events:');
  });

  test.each([
    [undefined, 'quarantine', 'UNKNOWN_EVENT', 1],
    [UnknownEvents.QUARANTINE, 'quarantine', 'UNKNOWN_EVENT', 1],
    [UnknownEvents.PASS, 'pass', undefined, 1],
    [UnknownEvents.IGNORE, 'ignore', undefined, 0],
  ])('unknown events, %s: the function is told %s, and does it', (unknownEvents, told, quarantined, entries) => {
    const { stack } = synthesize({ unknownEvents });

    const verdict = decisionsOf(stack)(event({ 'detail-type': 'Nobody.Knows' }));

    expect(manifestOf(stack).unknownEvents).toBe(told);
    expect(verdict.quarantined).toBe(quarantined);
    expect(verdict.entries).toHaveLength(entries);
  });

  test('notices are left out where they are not wanted, and their prefix stays reserved', () => {
    const { stack } = synthesize({ ...SAME_BUS, notices: false });

    expect(manifestOf(stack).noticePrefix).toBeUndefined();
    expect(manifestOf(stack).reservedPrefixes).toEqual(['valid.', 'invalid.']);
    expect(decisionsOf(stack)(event({ detail: {} })).entries).toEqual([]);
  });
});

describe('a bucket for quarantine', () => {
  test('takes records instead of the queue', () => {
    const stack = hubStack();
    const quarantineBucket = new s3.Bucket(stack, 'Bucket');

    const { template } = synthesize({ quarantineBucket }, stack);

    expect(variables(template).QUARANTINE_BUCKET).toEqual({ Ref: expect.stringMatching(/^Bucket/) });
    expect(variables(template)).not.toHaveProperty('QUARANTINE_QUEUE_URL');
    expect(permissions(template).filter((line) => line.includes('Quarantine'))).toEqual([]);
    const { PolicyDocument } = resource(template, 'AWS::IAM::Policy');
    const ofBucket = PolicyDocument.Statement.filter(({ Action }: any) => String(Action).includes('s3:'));
    expect(ofBucket).toEqual([
      {
        Effect: 'Allow',
        Action: ['s3:PutObject', 's3:GetObject'],
        Resource: { 'Fn::Join': ['', [GETATT('Bucket'), '/*']] },
      },
    ]);
    expect(JSON.stringify(PolicyDocument)).not.toContain('kms:');
  });

  test('takes what is too long for the queue, beside it', () => {
    const stack = hubStack();
    const overflowBucket = new s3.Bucket(stack, 'Bucket');

    const { template } = synthesize({ overflowBucket }, stack);

    expect(variables(template)).toMatchObject({
      QUARANTINE_BUCKET: { Ref: expect.stringMatching(/^Bucket/) },
      QUARANTINE_QUEUE_URL: { Ref: expect.stringMatching(/^RepublisherQuarantine/) },
    });
    expect(permissions(template)).toEqual(expect.arrayContaining(['sqs:SendMessage RepublisherQuarantine']));
    const { PolicyDocument } = resource(template, 'AWS::IAM::Policy');
    expect(JSON.stringify(PolicyDocument)).toContain('"s3:PutObject","s3:GetObject"');
  });

  test('of another account must let the function in by itself', () => {
    const stack = hubStack();
    const elsewhere = { bucketArn: 'arn:aws:s3:::theirs', account: '222222222222' };
    synthesize({ quarantineBucket: s3.Bucket.fromBucketAttributes(stack, 'Theirs', elsewhere) }, stack);

    Annotations.fromStack(stack).hasWarning(
      '/Hub/Republisher',
      Match.stringLikeRegexp(
        'theirs is in another account, 222222222222: .*"arn:aws:s3:::theirs/\\*".*ValidatedRepublisher.bucketPolicyNotChanged',
      ),
    );
  });

  test('without one, the queue is told to the function', () => {
    expect(variables(synthesize().template)).toMatchObject({
      QUARANTINE_QUEUE_URL: { Ref: expect.stringMatching(/^RepublisherQuarantine/) },
    });
    expect(variables(synthesize().template)).not.toHaveProperty('QUARANTINE_BUCKET');
  });

  test('with a key of its own, the function may use that', () => {
    const stack = hubStack();
    const quarantineBucket = new s3.Bucket(stack, 'Bucket', { encryptionKey: new kms.Key(stack, 'BucketKey') });

    const { template } = synthesize({ quarantineBucket }, stack);

    expect(permissions(template)).toEqual(
      expect.arrayContaining(['kms:Decrypt BucketKey', 'kms:GenerateDataKey BucketKey']),
    );
  });
});

describe('a key of its own', () => {
  const keyed = (changes: Changes = {}) => {
    const stack = hubStack();
    return synthesize({ kmsKey: new kms.Key(stack, 'Key'), ...changes }, stack);
  };

  test('encrypts every queue of the republisher, and the logs', () => {
    const { template } = keyed();

    const queues = Object.entries(template.findResources(QUEUE)).filter(([id]) => id.startsWith('Republisher'));
    expect(queues).toHaveLength(3);
    for (const [, { Properties }] of queues) {
      expect(Properties.KmsMasterKeyId).toEqual(GETATT('Key'));
      expect(Properties.SqsManagedSseEnabled).toBeUndefined();
    }
    expect(resource(template, 'AWS::Logs::LogGroup').KmsKeyId).toEqual(GETATT('Key'));
  });

  test('without one, keys of AWS do', () => {
    const { template } = synthesize();

    template.resourcePropertiesCountIs(QUEUE, { SqsManagedSseEnabled: true, KmsMasterKeyId: Match.absent() }, 4);
    expect(resource(template, 'AWS::Logs::LogGroup').KmsKeyId).toBeUndefined();
  });

  test('admits EventBridge for rules of the bus, and CloudWatch Logs for this log group', () => {
    const { template } = keyed();

    const [, ...ours] = resource(template, 'AWS::KMS::Key').KeyPolicy.Statement;
    const [logGroup] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    expect(ours).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        Resource: '*',
        Condition: {
          ArnEquals: {
            // As CloudFormation names what has no name: <stack>-<logical id>-<random>.
            'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:eu-west-1:111111111111:log-group:Hub-${logGroup}-*`,
          },
        },
      },
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: {
          StringEquals: { 'aws:SourceAccount': HUB.account },
          ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/acme-global/*' },
        },
      },
    ]);
  });

  test('does not admit EventBridge to a queue that it sends nothing to', () => {
    const { template } = keyed({ transport: RepublisherTransport.DIRECT });

    expect(JSON.stringify(resource(template, 'AWS::KMS::Key'))).not.toContain('events.amazonaws.com');
    expect(permissions(template)).toContain('kms:GenerateDataKey Key');
  });

  test.each(Object.values(RepublisherTransport))(
    'may be used by the function, to read its queue and to write to others: %s',
    (transport) => {
      const ofKey = permissions(keyed({ transport }).template).filter((line) => line.endsWith(' Key'));
      expect([...new Set(ofKey)]).toEqual(['kms:Decrypt Key', 'kms:GenerateDataKey Key']);
    },
  );

  test('may be of another stack', () => {
    const app = new App();
    const kmsKey = new kms.Key(new Stack(app, 'Keys', { env: HUB }), 'Key');

    synthesize({ kmsKey }, hubStack(app));

    // One waits for the other, which a cycle would refuse.
    const { stacks } = app.synth();
    expect(stacks.map(({ stackName }) => stackName)).toEqual(['Keys', 'Hub']);
  });

  test('that is imported has to be told what to admit', () => {
    const stack = hubStack();
    const kmsKey = kms.Key.fromKeyArn(stack, 'Key', KEY);

    synthesize({ kmsKey }, stack);

    const said = Annotations.fromStack(stack).findWarning(
      '/Hub/Republisher',
      Match.stringLikeRegexp('policyNotChanged'),
    );
    expect(said).toHaveLength(2);
  });
});

describe('alarms', () => {
  const ALARM = 'AWS::CloudWatch::Alarm';
  /** The queue of the rule has an alarm of its own. */
  const ours = (template: Template) =>
    Object.entries(template.findResources(ALARM))
      .filter(([id]) => id.startsWith('Republisher'))
      .map(([id, { Properties }]) => ({ id: id.replace(/^Republisher|Alarm[0-9A-F]{8}$/g, ''), ...Properties }));

  test('there is one for each way in which validation goes wrong', () => {
    const { republisher, template } = synthesize();

    expect(ours(template).map(({ id }) => id)).toEqual(['DeadLetters', 'Quarantined', 'Waiting', 'LoopPrevented']);
    expect(republisher.alarms).toHaveLength(4);
    for (const alarm of ours(template)) {
      expect(alarm).toMatchObject({
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
        AlarmDescription: expect.stringMatching(/^Validation of acme-global: .+\.$/),
      });
    }
  });

  test('those of queues look at the right queue', () => {
    const [deadLetters, , waiting] = ours(synthesize().template);

    expect(deadLetters).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: GETATT('RepublisherDeadLetterQueue', 'QueueName') }],
      Statistic: 'Maximum',
      Threshold: 0,
    });
    expect(waiting).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value: GETATT('RepublisherQueue', 'QueueName') }],
      Statistic: 'Maximum',
      Threshold: 60,
    });
  });

  test('each metric that they look at is one that the function writes, by the same dimensions', async () => {
    const { stack, template } = synthesize(SAME_BUS);
    const alarms = ours(template);
    const looked = alarms
      .flatMap(
        ({ Metrics: metrics, ...alarm }) =>
          metrics?.flatMap(({ MetricStat }: any) => MetricStat?.Metric ?? []) ?? [alarm],
      )
      .filter(({ Namespace }) => Namespace === 'EventBackbone')
      .map(({ Namespace, MetricName, Dimensions }) => ({ Namespace, MetricName, Dimensions }));

    const written = await metricsOf(stack, template, [
      event(),
      event({ id: 'e2', detail: {} }),
      event({ id: 'e3', 'detail-type': 'Nobody.Knows' }),
      event({ id: 'e4', source: 'valid.order.service' }),
    ]);

    expect(looked).toHaveLength(2);
    for (const metric of looked) expect(written).toContainEqual(metric);
    expect(new Set(written.map(({ MetricName }) => MetricName))).toEqual(
      new Set(Object.values(METRIC_NAMES).filter((name) => name !== METRIC_NAMES.publishFailures)),
    );
  });

  test('they act as they are told', () => {
    const action = { bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-west-1:111111111111:pager' }) };

    // With that of the queue that is made for the rule.
    synthesize({ alarmActions: [action] }).template.resourcePropertiesCountIs(
      ALARM,
      { AlarmActions: ['arn:aws:sns:eu-west-1:111111111111:pager'] },
      5,
    );
    synthesize().template.resourcePropertiesCountIs(ALARM, { AlarmActions: Match.absent() }, 5);
  });
});

/** What the function of a stack writes of a batch, as CloudWatch reads it. */
async function metricsOf(stack: Stack, template: Template, batch: object[]) {
  const { POWERTOOLS_SERVICE_NAME: serviceName, POWERTOOLS_METRICS_NAMESPACE: namespace, ...env } = variables(template);
  const metrics = new Metrics({ namespace, serviceName });
  const lines: any[] = [];
  const { console: out } = metrics as unknown as { console: Console };
  jest.spyOn(out, 'log').mockImplementation((line) => void lines.push(JSON.parse(line)));
  mockClient(EventBridgeClient)
    .on(PutEventsCommand)
    .callsFake(({ Entries }) => ({ Entries: Entries.map(() => ({ EventId: 'x' })) }));
  mockClient(SQSClient)
    .on(SendMessageBatchCommand)
    .callsFake(({ Entries }) => ({ Successful: Entries.map(({ Id }: { Id: string }) => ({ Id })) }));
  const ignore = () => {};
  const handler = handlerOf({
    directory: assetOf(stack),
    env: { ...env, QUARANTINE_QUEUE_URL: 'https://queue' },
    eventBridge: new EventBridgeClient(),
    stores: () => stores,
    logger: { addContext: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore } as never,
    metrics,
  });
  const Records = batch.map((one, i) => ({ eventSource: 'aws:sqs', messageId: `${i}`, body: JSON.stringify(one) }));
  await handler({ Records }, {
    invokedFunctionArn: `arn:aws:lambda:eu-west-1:${HUB.account}:function:f`,
    getRemainingTimeInMillis: () => 30_000,
  } as Context);
  return lines.flatMap((line) =>
    line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics: names }: any) =>
      names.flatMap(({ Name: MetricName }: any) =>
        Dimensions.map((dimensions: string[]) => ({
          Namespace,
          MetricName,
          Dimensions: dimensions.map((Name) => ({ Name, Value: line[Name] })),
        })),
      ),
    ),
  );
}

describe('a metric', () => {
  test.each(Object.values(METRIC_NAMES))('%s is counted under the name of the bus', (name) => {
    const { stack, republisher } = synthesize();

    const metric = republisher.metric(name);

    expect(stack.resolve(metric.dimensions)).toEqual({ service: 'acme-global' });
    expect([metric.namespace, metric.metricName]).toEqual(['EventBackbone', name]);
    expect(metric.statistic).toBe(name === 'Age' ? 'p99' : 'Sum');
    expect(metric.period).toEqual(Duration.minutes(1));
  });

  test('is as it is wanted', () => {
    const metric = synthesize().republisher.metric('Valid', { period: Duration.hours(1), statistic: 'Average' });

    expect([metric.period, metric.statistic]).toEqual([Duration.hours(1), 'Average']);
  });

  test('that the function does not count is refused', () => {
    expect(() => synthesize().republisher.metric('Valids')).toThrow(
      /^\[Hub\/Republisher\] metric "Valids" is not one of Valid, Invalid, .*\(MetricUnknown\)$/,
    );
  });
});

test.each([
  [undefined, 'Delete', 'Retain'],
  [RemovalPolicy.DESTROY, 'Delete', 'Delete'],
  [RemovalPolicy.RETAIN, 'Retain', 'Retain'],
])('removal policy %s: queues %s, logs %s', (removalPolicy, queues, logs) => {
  const { template } = synthesize({ removalPolicy });

  const policies = (type: string) =>
    Object.values(template.findResources(type)).map(({ DeletionPolicy }) => DeletionPolicy);
  expect(policies(QUEUE)).toEqual([queues, queues, queues, queues]);
  expect(policies('AWS::Logs::LogGroup')).toEqual([logs]);
});

describe('owners of sources', () => {
  test('are told to the function, which refuses what others send', () => {
    const { stack } = synthesize({ sourceOwners: [{ source: 'order.service', accounts: [ORDER] }] });

    expect(manifestOf(stack).owners).toEqual({ 'order.service': [ORDER] });
    const decide = decisionsOf(stack);
    expect(decide(event()).reason).toBeUndefined();
    expect(decide(event({ account: '333333333333' })).quarantined).toBe('SOURCE_NOT_OWNED');
  });

  test('that are named twice are all owners', () => {
    const sourceOwners = [
      { source: 'order.service', accounts: [ORDER] },
      { source: 'order.service', accounts: ['333333333333', ORDER] },
    ];

    expect(manifestOf(synthesize({ sourceOwners }).stack).owners).toEqual({ 'order.service': [ORDER, '333333333333'] });
  });

  test('that are named by a source such as __proto__ are owners of it', () => {
    const { stack } = synthesize({ sourceOwners: [{ source: '__proto__', accounts: [ORDER] }] });

    expect(decisionsOf(stack)(event({ source: '__proto__', account: HUB.account })).quarantined).toBe(
      'SOURCE_NOT_OWNED',
    );
  });

  test.each<[string, string[]]>([
    ['account "2222" may send "order.service"', [ORDER, '2222']],
    ['no account may send "order.service"', []],
    ['account 222222222222 may send', [222222222222 as unknown as string]],
  ])('are refused: %s', (message, accounts) => {
    expect(() => synthesize({ sourceOwners: [{ source: 'order.service', accounts }] })).toThrow(
      new RegExp(`^\\[Hub/Republisher\\] sourceOwners: ${message}.*\\(AccountInvalid\\)$`),
    );
  });

  test('are refused where only the deployment knows them', () => {
    const account = new Stack(new App(), 'Anywhere').account;

    expect(() => synthesize({ sourceOwners: [{ source: 'order.service', accounts: [account] }] })).toThrow(
      /list accounts of 12 digits, as strings and written out.*\(AccountInvalid\)$/,
    );
  });
});

describe('what is refused', () => {
  test.each<[string, Changes]>([
    ['an empty list', { contracts: [] }],
    ['nothing at all', { contracts: undefined }],
  ])('no contracts: %s', (_, changes) => {
    expect(() => synthesize(changes)).toThrow(/^\[Hub\/Republisher\] contracts is empty.*\(ContractsMissing\)$/);
  });

  test.each<[string, Changes, number]>([
    ['with the longer prefix, on one bus', { ...SAME_BUS }, 256 - 'invalid.'.length],
    ['in a notice, on two', {}, 256 - 'invalid.'.length],
    ['with a prefix of its own', { validPrefix: 'validated-by-us.' }, 256 - 'validated-by-us.'.length],
    ['on one bus, without notices', { ...SAME_BUS, notices: false }, 256 - 'valid.'.length],
  ])('a source that is too long %s', (_, changes, room) => {
    const of = (length: number) => ({ ...changes, contracts: [contract('s'.repeat(length))] });

    synthesize(of(room)).template.resourceCountIs('AWS::Lambda::Function', 1);
    expect(() => synthesize(of(room + 1))).toThrow(
      new RegExp(`has ${room + 1} characters, and with a prefix before it ${room} fit.*\\(ContractInvalid\\)$`),
    );
  });

  test.each<[string, Changes, RegExp]>([
    ['one bus without a prefix', { ...SAME_BUS, validPrefix: '' }, /targetBus is the bus itself/],
    ['no prefix for notices', { invalidPrefix: '' }, /invalidPrefix "" does not tell notices from other events/],
    ['one prefix for both', { ...SAME_BUS, invalidPrefix: 'valid.' }, /invalidPrefix "valid\." does not tell/],
    [
      'a source that it publishes',
      { ...SAME_BUS, sources: ['order.service', 'valid.order.service'] },
      /sources match "valid\.order\.service", which is one that this republisher publishes/,
    ],
    [
      'notices as a source',
      { sources: ['invalid.x'] },
      /source "invalid\.x" begins with "invalid\.", which no producer/,
    ],
    ['no source at all', { sources: [] }, /sources is an empty list/],
    ['a prefix for all', { ...SAME_BUS, sources: events.Match.prefix('') }, /sources match "valid\./],
    ['its own prefix', { ...SAME_BUS, sources: events.Match.prefix('valid.') }, /sources match "valid\./],
    ['all but one', { ...SAME_BUS, sources: events.Match.anythingBut('x') }, /sources match "valid\./],
    ['a wildcard', { ...SAME_BUS, sources: events.Match.wildcard('*order*') }, /sources match "(in)?valid\..*order/],
    ['an unknown prefix', { validPrefix: Aws.REGION }, /validPrefix ".*" is known at deployment only/],
    ['an unknown prefix of notices', { invalidPrefix: Aws.REGION }, /invalidPrefix ".*" is known at deployment only/],
  ])('a loop: %s', (_, changes, message) => {
    expect(() => synthesize(changes)).toThrow(message);
    expect(() => synthesize(changes)).toThrow(/^\[Hub\/Republisher\] .*\(RepublisherLoop\)$/);
  });

  test.each<[string, Changes]>([
    ['of AWS', { validPrefix: 'aws.' }],
    ['with a wildcard', { validPrefix: 'va*' }],
    ['without a dot', { ...SAME_BUS, validPrefix: 'v' }],
    ['with two dots', { validPrefix: 'invalid.not.' }],
    ['that is no text', { validPrefix: 5 as unknown as string }],
  ])('a prefix %s', (_, changes) => {
    expect(() => synthesize(changes)).toThrow(
      /^\[Hub\/Republisher\] validPrefix .* letters, digits, hyphens and underscores.*\(ReservedPrefixInvalid\)$/,
    );
    expect(() => synthesize({ targetBus: undefined, invalidPrefix: changes.validPrefix })).toThrow(
      /invalidPrefix .*\(ReservedPrefixInvalid\)$/,
    );
  });

  test.each<[string, object, RegExp]>([
    ['mode', { mode: 'AUDIT' }, /mode "AUDIT" is not one of "enforce", "audit", "observe"/],
    ['unknownEvents', { unknownEvents: 'Pass' }, /unknownEvents "Pass" is not one of "quarantine", "pass", "ignore"/],
    ['transport', { transport: 'Direct' }, /transport "Direct" is not one of "queue", "direct"/],
  ])('an unknown choice: %s', (_, changes, message) => {
    expect(() => synthesize(changes)).toThrow(message);
    expect(() => synthesize(changes)).toThrow(/^\[Hub\/Republisher\] .*\(ValidationOptionInvalid\)$/);
  });

  test('a bus of what was validated already', () => {
    const stack = hubStack();
    const eventBus = new PublishedBus(stack, 'Validated', { eventBusName: 'acme-validated' });
    const reference = GlobalBus.fromEventBusName(stack, 'Reference', 'acme-validated');

    expect(() => synthesize({ eventBus }, stack)).toThrow(/acme-validated is a PublishedBus.*\(RepublisherLoop\)$/);
    const targetBus = GlobalBus.fromEventBusName(stack, 'Other', 'other');
    const again = { contracts: [contract()], eventBus: reference, targetBus };
    expect(() => new ValidatedRepublisher(stack, 'Again', again)).toThrow(/is a PublishedBus.*\(RepublisherLoop\)$/);
  });

  test.each<[string, object, RegExp]>([
    ['no contract', { contracts: [contract(), undefined] }, /contracts\[1\] is undefined.*\(ContractInvalid\)$/],
    ['a path', { contracts: 'contracts' }, /contracts is "contracts", not a list.*\(ContractInvalid\)$/],
    [
      'half a contract',
      { contracts: [{ source: 'x', detailType: 'X' }] },
      /contracts\[0\] is \{.*\(ContractInvalid\)$/,
    ],
    ['no list of contracts', { contracts: null }, /contracts is null, not a list.*\(ContractInvalid\)$/],
    ['no source', { sources: ['a', undefined] }, /sources\[1\] is undefined.*\(SourceInvalid\)$/],
    ['a pattern as a source', { sources: [{ prefix: 'x' }] }, /sources\[0\] is \{.*\(SourceInvalid\)$/],
    ['a source for sources', { sources: 'a' }, /sources is "a", not a list.*\(SourceInvalid\)$/],
    ['no owner', { sourceOwners: [undefined] }, /sourceOwners\[0\] is undefined.*\(AccountInvalid\)$/],
    ['no accounts', { sourceOwners: [{ source: 'a' }] }, /sourceOwners\[0\] is \{"source":"a"\}.*\(AccountInvalid\)$/],
    ['no list of owners', { sourceOwners: { a: ORDER } }, /sourceOwners is \{.*not a list.*\(AccountInvalid\)$/],
    [
      'no source of owners',
      { sourceOwners: [{ accounts: [ORDER] }] },
      /sourceOwners: source undefined.*\(SourceInvalid\)$/,
    ],
  ])('what is no list of what it should be: %s', (_, changes, message) => {
    expect(() => synthesize(changes)).toThrow(message);
    expect(() => synthesize(changes)).toThrow(/^\[Hub\/Republisher\]/);
  });

  test('a bus that is not there, or the default bus', () => {
    const stack = hubStack();
    const eventBus = events.EventBus.fromEventBusName(stack, 'Default', 'default');

    const missing = { contracts: [contract()], eventBus: undefined as unknown as events.IEventBusRef };
    expect(() => new ValidatedRepublisher(hubStack(), 'Republisher', missing)).toThrow(
      /eventBus is undefined.*\(EventBusMissing\)$/,
    );
    expect(() => synthesize({ eventBus }, stack)).toThrow(/\(EventBusNameInvalid\)$/);
  });

  test.each([
    ['account', 'arn:aws:events:eu-west-1:999999999999:event-bus/other'],
    ['Region', 'arn:aws:events:us-east-1:111111111111:event-bus/other'],
  ])('a bus of another %s, as source and as target', (_, arn) => {
    const elsewhere = (stack: Stack) => GlobalBus.fromEventBusArn(stack, 'Elsewhere', arn);
    const [a, b] = [hubStack(), hubStack()];

    expect(() => synthesize({ eventBus: elsewhere(a) }, a)).toThrow(/\(EventBusElsewhere\)$/);
    expect(() => synthesize({ targetBus: elsewhere(b) }, b)).toThrow(
      /what a republisher publishes cannot be put on other in .*\(EventBusElsewhere\)$/,
    );
  });

  test.each([
    ['empty', '', 'source "" is empty'],
    ['known at deployment only', Aws.REGION, 'or known at deployment only'],
  ])('an owned source that is %s', (_, source, message) => {
    const sourceOwners = [{ source, accounts: ['222222222222'] }];
    expect(() => synthesize({ sourceOwners })).toThrow(message);
    expect(() => synthesize({ sourceOwners })).toThrow(/\(SourceInvalid\)$/);
  });

  test('two buckets', () => {
    const stack = hubStack();
    const [quarantineBucket, overflowBucket] = ['One', 'Other'].map((id) => new s3.Bucket(stack, id));
    expect(() => synthesize({ quarantineBucket, overflowBucket }, stack)).toThrow(
      /pass one of them \(QuarantineInvalid\)$/,
    );
  });

  test('more copies of the function than Lambda knows', () => {
    expect(() => synthesize({ maxConcurrency: 1 })).toThrow(/maxConcurrency/);
  });
});

test('a second republisher on a bus, for other sources, is let in as well', () => {
  const app = new App();
  const [first, second] = [hubStack(app), new Stack(app, 'Second', { env: HUB })];
  const eventBus = new GlobalBus(first, 'GlobalBus', { eventBusName: 'acme-global' });
  const targetBus = new PublishedBus(first, 'PublishedBus', { eventBusName: 'acme-published' });

  republisherIn(first, { eventBus, targetBus, roleName: 'first', sources: ['order.service'] });
  republisherIn(second, { eventBus, targetBus, roleName: 'second', sources: ['delivery.service'] });

  const [statement] = statementsOf(Template.fromStack(first), 'PublishedBus');
  expect(statement.Condition.ArnNotEquals['aws:PrincipalArn']).toEqual([
    'arn:aws:iam::111111111111:role/first',
    'arn:aws:iam::111111111111:role/second',
  ]);
});

test.each<[string, Changes, Changes]>([
  ['all and all', {}, {}],
  ['all and one', {}, { sources: ['order.service'] }],
  ['a prefix and one', { sources: events.Match.prefix('order.') }, { sources: ['order.service'] }],
  ['all and all on one bus', { ...SAME_BUS }, { ...SAME_BUS, validPrefix: 'good.' }],
])('a second republisher on a bus, for events of the first, is refused: %s', (_, one, other) => {
  const stack = hubStack();
  const { republisher } = synthesize(one, stack);
  const eventBus = GlobalBus.fromEventBusName(stack, 'Again', 'acme-global');
  const targetBus = 'targetBus' in other ? undefined : GlobalBus.fromEventBusName(stack, 'Other', 'other');
  const second = () =>
    new ValidatedRepublisher(stack, 'Second', { contracts: [contract()], ...other, eventBus, targetBus });

  expect(republisher.node.path).toBe('Hub/Republisher');
  expect(second).toThrow(
    /^\[Hub\/Second\] takes events of source ".*" from acme-global, as Hub\/Republisher does.*\(RepublisherLoop\)$/,
  );
});

test.each<[string, Changes, Changes, RegExp]>([
  [
    'takes what the first publishes',
    { sources: ['order.service'] },
    { sources: ['valid.order.service'], validPrefix: 'ok.' },
    /takes events of source "valid\.order\.service" on acme-global, which Hub\/Republisher publishes/,
  ],
  [
    'publishes what the first takes',
    { sources: ['ok.order.service'] },
    { sources: ['delivery.service'], validPrefix: 'ok.' },
    /publishes events of source "ok\.order\.service" on acme-global, which Hub\/Republisher takes/,
  ],
])('on one bus a second republisher is refused that %s', (_, one, other, message) => {
  const stack = hubStack();
  const contracts = ['order', 'valid.order', 'ok.order', 'delivery'].map((name) => contract(`${name}.service`));
  const eventBus = new GlobalBus(stack, 'GlobalBus', { eventBusName: 'acme-global', reservedSourcePrefixes: [] });
  const create = (id: string, changes: Changes) => {
    const taken = contracts.filter(({ source }) => changes.sources?.includes(source));
    return new ValidatedRepublisher(stack, id, {
      ...changes,
      eventBus,
      contracts: taken,
      validPrefix: changes.validPrefix,
    });
  };
  create('Republisher', { validPrefix: 'valid.', ...one });
  expect(() => create('Second', other)).toThrow(message);
  expect(() => create('Third', other)).toThrow(/^\[Hub\/Third\] .*\(RepublisherLoop\)$/);
});

test('a republisher of the same bus in another stage is left alone, since stages are deployed apart', () => {
  const app = new App();
  const inStage = (name: string) =>
    republisherIn(new Stack(new Stage(app, name), 'Hub', { env: HUB }), { eventBus: undefined });

  inStage('Blue');

  expect(() => inStage('Green')).not.toThrow();
});

test('a second republisher whose sources only the deployment knows is left alone', () => {
  const stack = hubStack();
  synthesize({ sources: ['order.service'] }, stack);
  const eventBus = GlobalBus.fromEventBusName(stack, 'Again', 'acme-global');
  const sources = [Aws.STACK_NAME];

  expect(() => new ValidatedRepublisher(stack, 'Second', { contracts: [contract()], eventBus, sources })).not.toThrow();
});

test('contracts of sources that are not taken are warned of', () => {
  const contracts = [contract('order.service'), contract('delivery.service', 'Delivery.Updated')];
  const warned = (changes: Changes) =>
    Annotations.fromStack(synthesize({ contracts, ...changes }).stack).findWarning(
      '/Hub/Republisher',
      Match.stringLikeRegexp('delivery.service@Delivery.Updated.*ValidatedRepublisher.contractNotTaken'),
    );

  expect(warned({ sources: ['order.service'] })).toHaveLength(1);
  expect(warned({ sources: events.Match.prefix('delivery.') })).toHaveLength(0);
  expect(warned({ sources: ['order.service', Aws.STACK_NAME] })).toHaveLength(0);
  expect(warned({})).toHaveLength(0);
});

test('in a stack that does not know where it goes, everything is named by the deployment', () => {
  const stack = new Stack(new App(), 'Anywhere');

  const { template } = synthesize({ kmsKey: new kms.Key(stack, 'Key'), roleName: 'acme-republisher' }, stack);

  const [statement] = statementsOf(template, 'PublishedBus');
  expect(statement.Condition.ArnNotEquals['aws:PrincipalArn']).toEqual({
    'Fn::Join': [
      '',
      ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':role/acme-republisher'],
    ],
  });
  expect(resource(template, RULE).EventBusName).toBe('acme-global');
  expect(JSON.stringify(template.toJSON())).not.toContain('undefined');
});
