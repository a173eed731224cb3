import { App, CfnParameter, RemovalPolicy, Stack, type Environment } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { CatchAllLogRule, GlobalBus, type CatchAllLogRuleProps } from '../../src';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const GROUP_ARN = 'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/acme-global';
const KEY_ARN = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555';
const GROUP = 'AWS::Logs::LogGroup';
const RULE = 'AWS::Events::Rule';

const hubStack = (env: Environment | undefined = HUB) => new Stack(new App(), 'Hub', { env });

function makeRule(props: Partial<CatchAllLogRuleProps> = {}, stack = hubStack()) {
  const eventBus = props.eventBus ?? GlobalBus.fromEventBusName(stack, 'Bus', 'acme-global');
  const rule = new CatchAllLogRule(stack, 'Log', { ...props, eventBus });
  return { stack, rule };
}

const template = (props: Partial<CatchAllLogRuleProps> = {}) => Template.fromStack(makeRule(props).stack);

const target = (ofStack: Template) => Object.values(ofStack.findResources(RULE))[0].Properties.Targets[0];

describe('the rule', () => {
  test('takes every event of the bus and sends it whole to the log group', () => {
    // WHEN
    const ofStack = template();

    // THEN
    ofStack.hasResourceProperties(RULE, {
      EventBusName: 'acme-global',
      EventPattern: { source: [{ prefix: '' }] },
      State: 'ENABLED',
      Name: Match.absent(),
      Targets: [Match.anyValue()],
    });
    expect(target(ofStack)).toEqual({
      Id: 'LogGroup',
      Arn: {
        'Fn::Join': [
          '',
          ['arn:aws:logs:eu-west-1:111111111111:log-group:', { Ref: expect.stringMatching(/^LogLogGroup/) }],
        ],
      },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/DeadLetterQueue/), 'Arn'] } },
    });
  });

  test('leaves replays out where it is told to, and keeps them by default', () => {
    expect(Object.values(template().findResources(RULE))[0].Properties.EventPattern).not.toHaveProperty('replay-name');
    template({ excludeReplays: true }).hasResourceProperties(RULE, {
      EventPattern: { source: [{ prefix: '' }], 'replay-name': [{ exists: false }] },
    });
  });

  test('has the name that was given', () => {
    const { stack, rule } = makeRule({ ruleName: 'catch-all' });

    Template.fromStack(stack).hasResourceProperties(RULE, { Name: 'catch-all' });
    expect(rule.ruleName).toBe('catch-all');
  });

  test('needs no custom resource and no policy of the account', () => {
    const types = Object.values(template().toJSON().Resources).map(({ Type }: any) => Type);

    expect(types.sort()).toEqual(['AWS::CloudWatch::Alarm', RULE, GROUP, 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy']);
  });

  test('waits for a bus of ours', () => {
    const stack = hubStack();

    new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global' }).captureLogs('Log');

    Template.fromStack(stack).hasResource(RULE, {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^Bus[0-9A-F]{8}$')]),
    });
  });

  test('has the queue of its bus, or the one that was given', () => {
    // GIVEN
    const stack = hubStack();
    const queue = new sqs.Queue(stack, 'Mine');

    // WHEN
    makeRule({ deadLetterQueue: queue }, stack);

    // THEN
    const ofStack = Template.fromStack(stack);
    ofStack.resourceCountIs('AWS::SQS::Queue', 1);
    expect(target(ofStack).DeadLetterConfig.Arn['Fn::GetAtt'][0]).toMatch(/^Mine/);
    ofStack.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Condition: Match.objectLike({
              ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/acme-global/*' },
            }),
          }),
        ],
      },
    });
  });

  test('fails for an undefined bus', () => {
    const eventBus = undefined as unknown as GlobalBus;

    expect(() => new CatchAllLogRule(hubStack(), 'Log', { eventBus })).toThrow(
      /eventBus is undefined.*\(EventBusMissing\)$/,
    );
  });

  test('fails for a bus of another account, whose twin would log every event of the default bus', () => {
    const stack = hubStack({ account: '222222222222', region: 'eu-west-1' });
    const eventBus = GlobalBus.fromEventBusArn(
      stack,
      'Bus',
      'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global',
    );

    expect(() => makeRule({ eventBus }, stack)).toThrow(/a rule cannot be put on acme-global.*\(EventBusElsewhere\)$/);
  });
});

describe('the log group', () => {
  test('is where the console looks, for a month, and outlives its stack, by default', () => {
    template().hasResource(GROUP, {
      Properties: { LogGroupName: '/aws/events/acme-global', RetentionInDays: 30, KmsKeyId: Match.absent() },
      DeletionPolicy: 'Retain',
    });
  });

  test('is as it was asked for', () => {
    template({
      logGroupName: '/mine',
      retention: logs.RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    }).hasResource(GROUP, {
      Properties: { LogGroupName: '/mine', RetentionInDays: 7 },
      DeletionPolicy: 'Delete',
    });
  });

  test('is kept for ever where that is asked for', () => {
    template({ retention: logs.RetentionDays.INFINITE }).hasResourceProperties(GROUP, {
      RetentionInDays: Match.absent(),
    });
  });

  test('admits EventBridge by a policy of its own', () => {
    const [group] = Object.values(template().findResources(GROUP));

    expect(group.Properties.ResourcePolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'EventBridgeRules',
          Effect: 'Allow',
          Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: `${GROUP_ARN}:*`,
        },
      ],
    });
  });

  test('has the partition of its Region', () => {
    const ofStack = Template.fromStack(makeRule({}, hubStack({ account: '111111111111', region: 'cn-north-1' })).stack);

    expect(JSON.stringify(ofStack.toJSON())).not.toMatch(/arn:aws:/);
    expect(JSON.stringify(target(ofStack).Arn)).toContain('arn:aws-cn:logs:cn-north-1:');
  });

  test('is named by CloudFormation’s name of a bus that has none', () => {
    const stack = hubStack();

    makeRule({ eventBus: new events.EventBus(stack, 'Bus') }, stack);

    Template.fromStack(stack).hasResourceProperties(GROUP, {
      LogGroupName: { 'Fn::Join': ['', ['/aws/events/', { Ref: Match.stringLikeRegexp('^Bus') }]] },
    });
  });

  test.each(['', 'with space', 'x'.repeat(513), '/aws/events/*'])('fails for the name %p', (logGroupName) => {
    expect(() => makeRule({ logGroupName })).toThrow(/is not 1 to 512 letters.*\(LogGroupNameInvalid\)$/);
  });
});

describe('the key', () => {
  test('encrypts the group, and its policy lets CloudWatch Logs use it for this group', () => {
    // GIVEN
    const stack = hubStack();

    // WHEN
    makeRule({ encryptionKey: new kms.Key(stack, 'Key') }, stack);

    // THEN
    const ofStack = Template.fromStack(stack);
    ofStack.hasResourceProperties(GROUP, { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } });
    ofStack.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
            Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
            Resource: '*',
            Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': GROUP_ARN } },
          },
        ]),
      },
    });
  });

  test('that is imported: its owner is told the statement', () => {
    const stack = hubStack();

    makeRule({ encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) }, stack);

    Annotations.fromStack(stack).hasWarning(
      '/Hub/Log',
      Match.stringLikeRegexp(
        `${KEY_ARN} is not ours.*the log group /aws/events/acme-global.*logs.eu-west-1.*Key.policyNotChanged`,
      ),
    );
  });
});

describe('the fields', () => {
  test('are one line of text, with the time of the event', () => {
    const ofStack = template({ fields: ['$.account', '$.detail-type', '$.detail.data.orderId'] });

    expect(target(ofStack).InputTransformer).toEqual({
      InputPathsMap: { timestamp: '$.time', f0: '$.account', f1: '$.detail-type', f2: '$.detail.data.orderId' },
      InputTemplate: '{"timestamp": <timestamp>, "message": "account=<f0> detail-type=<f1> orderId=<f2>"}',
    });
  });

  test('are 99 at most, beside the time', () => {
    const fields = (count: number) => Array.from({ length: count }, (_, i) => `$.detail.f${i}`);

    expect(Object.keys(target(template({ fields: fields(99) })).InputTransformer.InputPathsMap)).toHaveLength(100);
    expect(() => makeRule({ fields: fields(100) })).toThrow(
      /100 fields were given, 1 to 99 are possible.*\(LogFieldInvalid\)$/,
    );
  });

  test('fails for an empty list', () => {
    expect(() => makeRule({ fields: [] })).toThrow(/0 fields were given.*leave fields out.*\(LogFieldInvalid\)$/);
  });

  test.each(['detail.orderId', '$', '$.', '$.detail[0]', '$.detail.*', '$.detail.a b', "$['detail']", '$.a"b'])(
    'fails for %p',
    (field) => {
      expect(() => makeRule({ fields: [field] })).toThrow(/is not a path to a single value.*\(LogFieldInvalid\)$/);
    },
  );
});

test('two buses of one stack have a group each', () => {
  // GIVEN
  const stack = hubStack();

  // WHEN
  for (const name of ['first', 'second']) new GlobalBus(stack, name, { eventBusName: name }).captureLogs('Log');

  // THEN
  const names = Object.values(Template.fromStack(stack).findResources(GROUP)).map(
    ({ Properties }) => Properties.LogGroupName,
  );
  expect(names).toEqual(['/aws/events/first', '/aws/events/second']);
});

test('a name that only the deployment knows is not checked', () => {
  const stack = hubStack();

  makeRule({ logGroupName: new CfnParameter(stack, 'Name').valueAsString }, stack);

  Template.fromStack(stack).hasResourceProperties(GROUP, { LogGroupName: { Ref: 'Name' } });
});

test('fails for a second rule with one log group', () => {
  const stack = new Stack(new App(), 'Twice', { env: { account: '111111111111', region: 'eu-west-1' } });
  const bus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global' });
  bus.captureLogs('One');
  expect(() => bus.captureLogs('Two')).toThrow(
    /"\/aws\/events\/acme-global" is taken by another rule.*\(LogGroupNameInvalid\)/,
  );
  expect(bus.captureLogs('Three', { logGroupName: '/aws/events/other' }).logGroup).toBeDefined();
});
