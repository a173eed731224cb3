import { App, Aws, CfnParameter, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  BackboneMember,
  CatchAllStreamRule,
  GlobalBus,
  LocalBus,
  Topology,
  type CatchAllStreamOptions,
} from '../../src';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const RULES = 'arn:aws:events:eu-west-1:111111111111:rule/acme-global/*';
const HOUR = 'dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/';

const newStack = () => new Stack(new App(), 'Hub', { env: ENV });

function capture(options: CatchAllStreamOptions | ((stack: Stack) => CatchAllStreamOptions) = {}, withKey = false) {
  const stack = newStack();
  const bus = new GlobalBus(stack, 'Bus', {
    eventBusName: 'acme-global',
    kmsKey: withKey ? new kms.Key(stack, 'OfBus') : undefined,
  });
  const rule = bus.captureStream('Stream', typeof options === 'function' ? options(stack) : options);
  return { stack, rule, template: Template.fromStack(stack) };
}

const of = (template: Template, type: string): any[] =>
  Object.entries(template.findResources(type)).map(([id, resource]) => ({ id, ...resource }));
const only = (template: Template, type: string): any => {
  const found = of(template, type);
  expect(found).toHaveLength(1);
  return found[0];
};
const s3Of = (template: Template) =>
  only(template, 'AWS::KinesisFirehose::DeliveryStream').Properties.ExtendedS3DestinationConfiguration;
const roleWith = (template: Template, service: string): any =>
  of(template, 'AWS::IAM::Role').find(({ Properties }) => JSON.stringify(Properties).includes(`"${service}"`));

describe('to S3', () => {
  test('every event goes to a delivery stream, with role and dead-letter queue', () => {
    const { rule, template } = capture();
    const stream = only(template, 'AWS::KinesisFirehose::DeliveryStream');
    expect(only(template, 'AWS::Events::Rule').Properties).toEqual({
      Description: 'Takes every event of this bus to S3.',
      EventBusName: 'acme-global',
      EventPattern: { source: [{ prefix: '' }] },
      State: 'ENABLED',
      Targets: [
        {
          Id: 'DeliveryStream',
          Arn: { 'Fn::GetAtt': [stream.id, 'Arn'] },
          RoleArn: { 'Fn::GetAtt': [roleWith(template, 'events.amazonaws.com').id, 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/DeadLetterQueue/), 'Arn'] } },
        },
      ],
    });
    expect(rule.bucket).toBeDefined();
    expect(rule.stack.resolve(rule.deliveryStreamArn)).toEqual({ 'Fn::GetAtt': [stream.id, 'Arn'] });
  });

  test('one event on a line, compressed, under the hour', () => {
    const { template } = capture();
    expect(s3Of(template)).toMatchObject({
      Prefix: `events/${HOUR}`,
      ErrorOutputPrefix: `errors/events/!{firehose:error-output-type}/${HOUR}`,
      CompressionFormat: 'GZIP',
      BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 64 },
      ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
      CloudWatchLoggingOptions: { Enabled: true },
    });
    expect(s3Of(template)).not.toHaveProperty('DynamicPartitioningConfiguration');
  });

  test('under the source too, if asked for', () => {
    const { template } = capture({ partitionBySource: true, prefix: 'lake/raw/' });
    expect(s3Of(template)).toMatchObject({
      Prefix: `lake/raw/source=!{partitionKeyFromQuery:source}/${HOUR}`,
      DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 300 } },
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [
          {
            Type: 'MetadataExtraction',
            Parameters: [
              { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{source: .source}' },
              { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
            ],
          },
          { Type: 'AppendDelimiterToRecord' },
        ],
      },
    });
  });

  test('replays can be left out', () => {
    const { template } = capture({ excludeReplays: true });
    expect(only(template, 'AWS::Events::Rule').Properties.EventPattern).toEqual({
      'replay-name': [{ exists: false }],
      source: [{ prefix: '' }],
    });
  });

  test('the new bucket is closed, and stays', () => {
    const { template } = capture({ retention: Duration.days(30) });
    expect(only(template, 'AWS::S3::Bucket')).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        LifecycleConfiguration: {
          Rules: [
            { Id: 'Events', Prefix: 'events/', ExpirationInDays: 30, Status: 'Enabled' },
            { Id: 'Errors', Prefix: 'errors/', ExpirationInDays: 30, Status: 'Enabled' },
          ],
        },
      },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
    expect(only(capture({ removalPolicy: RemovalPolicy.DESTROY }).template, 'AWS::S3::Bucket').DeletionPolicy).toBe(
      'Delete',
    );
  });

  test('roles do what they must, for this bus and this account alone', () => {
    const { template } = capture();
    const { Properties: firehose } = roleWith(template, 'firehose.amazonaws.com');
    expect(firehose.AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': ENV.account },
      ArnLike: { 'aws:SourceArn': 'arn:aws:firehose:eu-west-1:111111111111:deliverystream/*' },
    });
    const bucket = only(template, 'AWS::S3::Bucket').id;
    const objects = (prefix: string) => ({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket, 'Arn'] }, `/${prefix}*`]] });
    expect(firehose.Policies[0].PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        Resource: { 'Fn::GetAtt': [bucket, 'Arn'] },
      },
      {
        Effect: 'Allow',
        Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
        Resource: [objects('errors/'), objects('events/')],
      },
      {
        Effect: 'Allow',
        Action: 'logs:PutLogEvents',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/Errors/), 'Arn'] },
      },
    ]);
    const events = roleWith(template, 'events.amazonaws.com');
    expect(events.Properties.AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': ENV.account },
      ArnLike: { 'aws:SourceArn': RULES },
    });
    expect(events.Properties.Policies[0].PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
        Resource: { 'Fn::GetAtt': [only(template, 'AWS::KinesisFirehose::DeliveryStream').id, 'Arn'] },
      },
    ]);
    // Inline: a stream or rule whose role may not act yet would fail.
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('an alarm tells when events do not get to S3', () => {
    const actions = [{ bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-west-1:111111111111:pager' }) }];
    const { template } = capture({ bufferingInterval: Duration.minutes(15), alarmActions: actions });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Firehose',
      MetricName: 'DeliveryToS3.DataFreshness',
      Dimensions: [
        { Name: 'DeliveryStreamName', Value: { Ref: only(template, 'AWS::KinesisFirehose::DeliveryStream').id } },
      ],
      Threshold: 2100,
      TreatMissingData: 'notBreaching',
      AlarmActions: ['arn:aws:sns:eu-west-1:111111111111:pager'],
    });
    const stack = newStack();
    const bus = new GlobalBus(stack, 'Bus', { eventBusName: 'x', alarmActions: actions });
    bus.captureStream('Stream');
    for (const { Properties } of of(Template.fromStack(stack), 'AWS::CloudWatch::Alarm')) {
      expect(Properties.AlarmActions).toHaveLength(1);
    }
  });

  test('with a key of its own', () => {
    const { stack, template } = capture((scope) => ({ encryptionKey: new kms.Key(scope, 'Key') }), true);
    const key = {
      'Fn::GetAtt': [stack.getLogicalId(stack.node.findChild('Key').node.defaultChild as kms.CfnKey), 'Arn'],
    };
    expect(only(template, 'AWS::KinesisFirehose::DeliveryStream').Properties).toMatchObject({
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: key },
      ExtendedS3DestinationConfiguration: {
        EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: key } },
      },
    });
    expect(only(template, 'AWS::S3::Bucket').Properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
      { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } },
    ]);
    expect(roleWith(template, 'firehose.amazonaws.com').Properties.Policies[0].PolicyDocument.Statement).toContainEqual(
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: key,
      },
    );
  });

  test('into a bucket that exists', () => {
    const { rule, template } = capture((stack) => ({ bucket: s3.Bucket.fromBucketName(stack, 'Lake', 'lake') }));
    template.resourceCountIs('AWS::S3::Bucket', 0);
    expect(rule.bucket!.bucketName).toBe('lake');
    expect(JSON.stringify(s3Of(template).BucketARN)).toContain(':s3:::lake');
    expect(s3Of(template)).not.toHaveProperty('EncryptionConfiguration');
    const own = capture((stack) => ({
      bucket: new s3.Bucket(stack, 'Lake', { encryptionKey: new kms.Key(stack, 'OfLake') }),
    }));
    expect(s3Of(own.template).EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN).toBeDefined();
    expect(
      only(own.template, 'AWS::KinesisFirehose::DeliveryStream').Properties.DeliveryStreamEncryptionConfigurationInput,
    ).toEqual({ KeyType: 'AWS_OWNED_CMK' });
  });
});

describe('to a Kinesis stream', () => {
  test('every event goes to the stream, by a role that may write there', () => {
    const { rule, template } = capture((stack) => ({
      stream: new kinesis.Stream(stack, 'Events', { encryptionKey: new kms.Key(stack, 'Key') }),
      partitionKeyPath: '$.detail.orderId',
      excludeReplays: true,
      deadLetterQueue: new sqs.Queue(stack, 'Mine'),
    }));
    const stream = only(template, 'AWS::Kinesis::Stream').id;
    const role = roleWith(template, 'events.amazonaws.com').id;
    expect(only(template, 'AWS::Events::Rule').Properties).toMatchObject({
      Description: 'Takes every event of this bus to a Kinesis stream.',
      EventPattern: { 'replay-name': [{ exists: false }] },
      Targets: [
        {
          Id: 'Stream',
          Arn: { 'Fn::GetAtt': [stream, 'Arn'] },
          RoleArn: { 'Fn::GetAtt': [role, 'Arn'] },
          KinesisParameters: { PartitionKeyPath: '$.detail.orderId' },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^Mine/), 'Arn'] } },
        },
      ],
    });
    const { Policies } = roleWith(template, 'events.amazonaws.com').Properties;
    expect(Policies[0].PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['kinesis:PutRecord', 'kinesis:PutRecords'],
        Resource: { 'Fn::GetAtt': [stream, 'Arn'] },
      },
      {
        Effect: 'Allow',
        Action: 'kms:GenerateDataKey',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
      },
    ]);
    expect(rule.bucket).toBeUndefined();
    expect(rule.deliveryStreamArn).toBeUndefined();
    template.resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 0);
  });

  test('spread by the id of the event unless told otherwise', () => {
    const { template } = capture((stack) => ({ stream: new kinesis.Stream(stack, 'Events') }));
    expect(only(template, 'AWS::Events::Rule').Properties.Targets[0]).not.toHaveProperty('KinesisParameters');
  });
});

describe('refuses', () => {
  const streamIn = (stack: Stack) => new kinesis.Stream(stack, 'Events');
  const bucketIn = (stack: Stack) => s3.Bucket.fromBucketName(stack, 'Lake', 'lake');

  test.each<[string, (stack: Stack) => CatchAllStreamOptions, string]>([
    ['S3 beside a stream', (stack) => ({ stream: streamIn(stack), prefix: 'x/' }), 'StreamOptionInvalid'],
    [
      'a bucket beside a stream',
      (stack) => ({ stream: streamIn(stack), bucket: bucketIn(stack) }),
      'StreamOptionInvalid',
    ],
    ['a partition key for S3', () => ({ partitionKeyPath: '$.id' }), 'StreamOptionInvalid'],
    [
      'a partition key that is a list',
      (s) => ({ stream: streamIn(s), partitionKeyPath: '$.a[0]' }),
      'StreamOptionInvalid',
    ],
    [
      'a retention for a given bucket',
      (s) => ({ bucket: bucketIn(s), retention: Duration.days(1) }),
      'StreamOptionInvalid',
    ],
    [
      'an interval too short for partitions',
      () => ({ bufferingInterval: Duration.seconds(59), partitionBySource: true }),
      'StreamOptionInvalid',
    ],
    ['a retention of no day', () => ({ retention: Duration.days(0) }), 'StreamOptionInvalid'],
    ['a retention of hours', () => ({ retention: Duration.hours(30) }), 'StreamOptionInvalid'],
    [
      'a bucket of another account',
      (stack) => ({
        bucket: s3.Bucket.fromBucketAttributes(stack, 'Theirs', { bucketName: 'their-lake', account: '222222222222' }),
      }),
      'TargetElsewhere',
    ],
    [
      'a key of another Region',
      (stack) => ({ encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/x') }),
      'KeyElsewhere',
    ],
    ['an interval too long', () => ({ bufferingInterval: Duration.seconds(901) }), 'StreamOptionInvalid'],
    ['a prefix without an end', () => ({ prefix: 'events' }), 'StreamOptionInvalid'],
    ['a prefix with expressions', () => ({ prefix: '!{timestamp:yyyy}/' }), 'StreamOptionInvalid'],
    ['a prefix for errors', () => ({ prefix: 'errors/' }), 'StreamOptionInvalid'],
    [
      'a stream of another account',
      (stack) => ({
        stream: kinesis.Stream.fromStreamArn(stack, 'Theirs', 'arn:aws:kinesis:eu-west-1:222222222222:stream/x'),
      }),
      'TargetElsewhere',
    ],
  ])('%s', (_, options, code) => {
    expect(() => capture(options)).toThrow(`(${code})`);
  });

  test('a stream without a key behind a bus with one', () => {
    expect(() => capture((stack) => ({ stream: streamIn(stack) }), true)).toThrow(
      'acme-global is encrypted with a customer managed key, and the stream has none: give the stream an encryptionKey (one that is imported says it by Stream.fromStreamAttributes) (StreamWithoutKey)',
    );
    expect(() => capture({}, true)).toThrow('and the delivery stream has none: pass encryptionKey (StreamWithoutKey)');
  });

  test('but not a stream with a key', () => {
    const withKey = (stack: Stack) => ({
      stream: new kinesis.Stream(stack, 'S', { encryptionKey: new kms.Key(stack, 'K') }),
    });
    const { stack } = capture(withKey, true);
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { Targets: [{ Arn: Match.anyValue() }] });
  });

  test('no bus', () => {
    expect(() => new CatchAllStreamRule(newStack(), 'Stream', { eventBus: undefined as any })).toThrow(
      '(EventBusMissing)',
    );
  });
});

test('values that only the deployment knows are taken', () => {
  const { template } = capture((stack) => {
    const seconds = new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber;
    return { prefix: `${Aws.STACK_NAME}/`, bufferingInterval: Duration.seconds(seconds) };
  });
  expect(s3Of(template).BufferingHints.IntervalInSeconds).toEqual({ Ref: 'Seconds' });
  expect(JSON.stringify(s3Of(template).Prefix)).toContain('AWS::StackName');
  // As late as it can be in the longest interval.
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 2100 });
  const { template: kinesisRule } = capture((stack) => ({
    stream: new kinesis.Stream(stack, 'Events'),
    partitionKeyPath: Fn.importValue('Path'),
  }));
  const [target] = only(kinesisRule, 'AWS::Events::Rule').Properties.Targets;
  expect(target.KinesisParameters).toEqual({ PartitionKeyPath: { 'Fn::ImportValue': 'Path' } });
});

test('the key of another account must admit the role: the statement is told', () => {
  const { stack } = capture((scope) => ({
    encryptionKey: kms.Key.fromKeyArn(scope, 'Key', 'arn:aws:kms:eu-west-1:222222222222:key/x'),
  }));
  Annotations.fromStack(stack).hasWarning(
    '/Hub/Bus/Stream/Delivery',
    Match.stringLikeRegexp(
      '222222222222:key/x is not ours to change.*"kms:Decrypt","kms:GenerateDataKey".*Key.policyNotChanged',
    ),
  );
});

test('partitions by source make another delivery stream, and an alarm tells when there are too many', () => {
  const [plain, bySource] = [false, true].map((partitionBySource) => capture({ partitionBySource }).template);
  const idOf = (template: Template) => only(template, 'AWS::KinesisFirehose::DeliveryStream').id;
  expect(idOf(plain)).not.toBe(idOf(bySource));
  const metrics = (template: Template) =>
    of(template, 'AWS::CloudWatch::Alarm')
      .map(({ Properties }) => Properties.MetricName)
      .sort();
  expect(metrics(plain)).toEqual(['ApproximateNumberOfMessagesVisible', 'DeliveryToS3.DataFreshness']);
  expect(metrics(bySource)).toEqual([...metrics(plain), 'PartitionCountExceeded'].sort());
});

test('local buses and members have it too; limits of the interval are taken', () => {
  const stack = newStack();
  const bus = LocalBus.fromEventBusArn(stack, 'Local', 'arn:aws:events:eu-west-1:111111111111:event-bus/local');
  bus.captureStream('Stream', { prefix: '', bufferingInterval: Duration.seconds(0) });
  const topology = new Topology({
    name: 'acme',
    hub: { ...ENV, account: '999999999999' },
    members: [{ name: 'order', account: ENV.account }],
  });
  const member = new BackboneMember(stack, 'Backbone', { topology, member: 'order' });
  member.captureStream('Stream', { bufferingInterval: Duration.seconds(900) });
  const streams = of(Template.fromStack(stack), 'AWS::KinesisFirehose::DeliveryStream');
  expect(streams.map(({ Properties }) => Properties.ExtendedS3DestinationConfiguration.Prefix)).toEqual([
    HOUR,
    `events/${HOUR}`,
  ]);
});
