import { Duration, type RemovalPolicy, RemovalPolicy as Removal, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import { accountRootArn, placeOf } from '../internal/arns';
import { BackboneError, shown } from '../internal/errors';
import * as limits from '../internal/limits';
import { certainlyDiffer } from '../internal/tokens';
import { accept, acceptWildcard, warn } from '../internal/warnings';

export interface DeliveryStreamToS3Props {
  readonly eventBusName: string;
  readonly bucket?: s3.IBucket;
  readonly prefix?: string;
  readonly partitionBySource?: boolean;
  readonly bufferingInterval?: Duration;
  readonly retention?: Duration;
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy?: RemovalPolicy;
  readonly alarmActions?: cloudwatch.IAlarmAction[];
}

/** The size at which an object is written though the time is not over; with partitions by content the least there is. */
const BUFFERING_MEBIBYTES = 64;

/**
 * A delivery stream that writes events to S3 as Athena reads them: one on each line, compressed, under a prefix for each
 * hour.
 */
export class DeliveryStreamToS3 extends Construct {
  public readonly bucket: s3.IBucket;
  public readonly deliveryStreamArn: string;

  constructor(scope: Construct, id: string, props: DeliveryStreamToS3Props) {
    super(scope, id);
    const { prefix = 'events/', partitionBySource = false, bufferingInterval = Duration.minutes(5) } = props;
    this.checkInterval(bufferingInterval, partitionBySource);
    this.checkPrefix(prefix);
    this.checkRetention(props.retention);
    this.checkPlaces(props);
    this.bucket = props.bucket ?? this.newBucket(props, prefix);
    const key = props.encryptionKey ?? props.bucket?.encryptionKey;
    const logGroup = new logs.LogGroup(this, 'Errors', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: Removal.DESTROY,
    });
    const logStream = new logs.LogStream(this, 'ErrorStream', { logGroup, removalPolicy: Removal.DESTROY });
    const role = this.newRole(prefix, logGroup, key);

    // The default prefix would have no names of partitions, which Athena finds them by.
    const hour = 'dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/';
    const source = partitionBySource ? 'source=!{partitionKeyFromQuery:source}/' : '';
    // Partitions by content can be given to a new stream only, so there must be one.
    const stream = new firehose.CfnDeliveryStream(this, partitionBySource ? 'BySource' : 'Resource', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: props.encryptionKey
        ? { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: props.encryptionKey.keyArn }
        : { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration: {
        bucketArn: this.bucket.bucketArn,
        roleArn: role.roleArn,
        prefix: `${prefix}${source}${hour}`,
        errorOutputPrefix: `${ERRORS}${prefix}!{firehose:error-output-type}/${hour}`,
        compressionFormat: 'GZIP',
        bufferingHints: { intervalInSeconds: bufferingInterval.toSeconds(), sizeInMBs: BUFFERING_MEBIBYTES },
        encryptionConfiguration: key && { kmsEncryptionConfig: { awskmsKeyArn: key.keyArn } },
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: logGroup.logGroupName,
          logStreamName: logStream.logStreamName,
        },
        processingConfiguration: {
          enabled: true,
          processors: [
            ...(partitionBySource ? [SOURCE_OF_EVENT] : []),
            // Without it the events of an object would stand on one line, of which Athena reads the first alone.
            { type: 'AppendDelimiterToRecord' },
          ],
        },
        dynamicPartitioningConfiguration: partitionBySource
          ? { enabled: true, retryOptions: { durationInSeconds: 300 } }
          : undefined,
      },
    });
    if (props.removalPolicy !== undefined) stream.applyRemovalPolicy(props.removalPolicy);
    this.deliveryStreamArn = stream.attrArn;
    this.watch(stream.ref, bufferingInterval, props);
  }

  private checkInterval(interval: Duration, partitioned: boolean): void {
    if (interval.isUnresolved()) return;
    const least = partitioned ? limits.FIREHOSE_BUFFERING_SECONDS_PARTITIONED : 0;
    const most = limits.FIREHOSE_BUFFERING_SECONDS;
    const seconds = interval.toSeconds({ integral: false });
    if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return;
    throw new BackboneError(
      'StreamOptionInvalid',
      `bufferingInterval of ${seconds} seconds is not a whole number between ${least} and ${most}${partitioned ? ' with partitionBySource' : ''}: choose one of these`,
      this,
    );
  }

  private checkPrefix(prefix: string): void {
    if (prefix === '' || Token.isUnresolved(prefix)) return;
    const isPath = /^[\w.=-]+(\/[\w.=-]+)*\/$/.test(prefix) && !/(^|\/)\.\.?\//.test(prefix);
    if (isPath && !prefix.startsWith(ERRORS) && prefix.length <= limits.FIREHOSE_PREFIX_LENGTH) return;
    throw new BackboneError(
      'StreamOptionInvalid',
      `prefix ${shown(prefix)} is not a path of ${limits.FIREHOSE_PREFIX_LENGTH} characters at most that ends in "/", such as "events/" (and "${ERRORS}" is taken by what could not be written)`,
      this,
    );
  }

  private checkRetention(retention?: Duration): void {
    if (retention === undefined || retention.isUnresolved()) return;
    const days = retention.toDays({ integral: false });
    if (days >= 1 && Number.isInteger(days)) return;
    throw new BackboneError(
      'StreamOptionInvalid',
      `retention of ${retention.toHumanString()} is not a number of whole days, one at least: S3 deletes by the day`,
      this,
    );
  }

  private checkPlaces({ bucket, encryptionKey }: DeliveryStreamToS3Props): void {
    const { account, region } = placeOf(this);
    if (bucket && certainlyDiffer(bucket.env.account, account)) {
      throw new BackboneError(
        'TargetElsewhere',
        `the bucket ${bucket.node.path} is in account ${bucket.env.account}, the delivery stream in ${account}: put a rule on the local bus of the account that owns the bucket, which receives the same events`,
        this,
      );
    }
    if (encryptionKey && certainlyDiffer(encryptionKey.env.region, region)) {
      throw new BackboneError(
        'KeyElsewhere',
        `the key ${nameOf(encryptionKey, encryptionKey.keyArn)} is in ${encryptionKey.env.region}, the delivery stream in ${region}: pass a key of that Region`,
        this,
      );
    }
  }

  private newBucket(props: DeliveryStreamToS3Props, prefix: string): s3.IBucket {
    const { encryptionKey, retention, removalPolicy = Removal.RETAIN } = props;
    const bucket = new s3.Bucket(this, 'Bucket', {
      encryption: encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
      encryptionKey,
      bucketKeyEnabled: encryptionKey ? true : undefined,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: retention && [
        { id: 'Events', prefix, expiration: retention },
        // Events stand there too.
        { id: 'Errors', prefix: ERRORS, expiration: retention },
      ],
      removalPolicy,
    });
    accept(
      bucket,
      'AwsSolutions-S1',
      'Who reads the events is seen in CloudTrail, for whoever wants it and pays for it.',
    );
    return bucket;
  }

  /** @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3 */
  private newRole(prefix: string, logGroup: logs.ILogGroup, key?: kms.IKey): iam.Role {
    const { partition, region, account } = placeOf(this);
    // In the order in which the CDK puts them where it makes policies small.
    const objects = [prefix, ERRORS].sort().map((part) => this.bucket.arnForObjects(`${part}*`));
    const role = new iam.Role(this, 'Role', {
      description: 'Data Firehose writes events to S3 with it.',
      assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:firehose:${region}:${account}:deliverystream/*` },
        },
      }),
      inlinePolicies: {
        Write: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
              resources: [this.bucket.bucketArn],
            }),
            new iam.PolicyStatement({
              actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
              resources: objects,
            }),
            new iam.PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
            ...(key
              ? [new iam.PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] })]
              : []),
          ],
        }),
      },
    });
    for (const arn of objects) acceptWildcard(role, arn, 'The names of the objects end in times.');
    if (key && certainlyDiffer(key.env.account, account)) this.warnOfKey(key);
    return role;
  }

  /** In its own account a key leaves it to the policies of roles; in another its owner must admit the account. */
  private warnOfKey(key: kms.IKey): void {
    const { partition, account } = placeOf(this);
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: accountRootArn(partition, account) },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
    };
    const json = JSON.stringify(Stack.of(this).resolve(statement));
    warn(
      this,
      'Key.policyNotChanged',
      `The policy of the key ${nameOf(key, key.keyArn)} is not ours to change. For the delivery stream its owner must add this statement: ${json}`,
    );
  }

  /** What cannot be written grows old in the stream, and is lost after a day. */
  private watch(deliveryStreamName: string, interval: Duration, props: DeliveryStreamToS3Props): void {
    const seconds = interval.isUnresolved() ? limits.FIREHOSE_BUFFERING_SECONDS : interval.toSeconds();
    const alarm = (id: string, alarmDescription: string, metricName: string, threshold: number) =>
      new cloudwatch.Alarm(this, id, {
        alarmDescription,
        metric: new cloudwatch.Metric({
          namespace: 'AWS/Firehose',
          metricName,
          dimensionsMap: { DeliveryStreamName: deliveryStreamName },
          statistic: 'Maximum',
          period: Duration.minutes(5),
        }),
        threshold,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      }).addAlarmAction(...(props.alarmActions ?? []));
    const { eventBusName } = props;
    const late = `Events of ${eventBusName} do not get to S3: see the log group of the delivery stream.`;
    alarm('Alarm', late, 'DeliveryToS3.DataFreshness', 2 * seconds + 300);
    if (props.partitionBySource !== true) return;
    const tooMany = `Events of ${eventBusName} go to ${ERRORS}: they have more sources at a time than a delivery stream has partitions.`;
    alarm('PartitionAlarm', tooMany, 'PartitionCountExceeded', 0);
  }
}

/** How a message names something with an ARN. */
function nameOf(construct: IConstruct, arn: string): string {
  return Token.isUnresolved(arn) ? construct.node.path : arn;
}

const ERRORS = 'errors/';

const SOURCE_OF_EVENT: firehose.CfnDeliveryStream.ProcessorProperty = {
  type: 'MetadataExtraction',
  parameters: [
    { parameterName: 'MetadataExtractionQuery', parameterValue: '{source: .source}' },
    { parameterName: 'JsonParsingEngine', parameterValue: 'JQ-1.6' },
  ],
};
