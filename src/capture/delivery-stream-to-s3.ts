import { Duration, type RemovalPolicy, RemovalPolicy as Removal } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { placeOf } from '../internal/arns';
import { BackboneError, shown } from '../internal/errors';
import * as limits from '../internal/limits';
import { accept, acceptWildcard } from '../internal/warnings';

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
    const seconds = this.checkInterval(bufferingInterval);
    this.checkPrefix(prefix);
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
    const stream = new firehose.CfnDeliveryStream(this, 'Resource', {
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
        bufferingHints: { intervalInSeconds: seconds, sizeInMBs: BUFFERING_MEBIBYTES },
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
    this.watch(stream.ref, seconds, props);
  }

  private checkInterval(interval: Duration): number {
    const seconds = interval.toSeconds();
    const [least, most] = limits.FIREHOSE_BUFFERING_SECONDS;
    if (seconds >= least && seconds <= most) return seconds;
    throw new BackboneError(
      'StreamOptionInvalid',
      `bufferingInterval of ${seconds} seconds is not between ${least} and ${most}`,
      this,
    );
  }

  private checkPrefix(prefix: string): void {
    if (prefix === '' || (/^[\w.=-]+(\/[\w.=-]+)*\/$/.test(prefix) && !prefix.startsWith(ERRORS))) return;
    throw new BackboneError(
      'StreamOptionInvalid',
      `prefix ${shown(prefix)} is not a path that ends in "/", such as "events/" (and "${ERRORS}" is taken by what could not be written)`,
      this,
    );
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
      lifecycleRules: retention && [{ id: 'Events', prefix, expiration: retention }],
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
    return role;
  }

  /** What cannot be written grows old in the stream, and is lost after a day. */
  private watch(deliveryStreamName: string, bufferingSeconds: number, props: DeliveryStreamToS3Props): void {
    const alarm = new cloudwatch.Alarm(this, 'Alarm', {
      alarmDescription: `Events of ${props.eventBusName} do not get to S3: see the log group of the delivery stream.`,
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Firehose',
        metricName: 'DeliveryToS3.DataFreshness',
        dimensionsMap: { DeliveryStreamName: deliveryStreamName },
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: 2 * bufferingSeconds + 300,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(...(props.alarmActions ?? []));
  }
}

const ERRORS = 'errors/';

const SOURCE_OF_EVENT: firehose.CfnDeliveryStream.ProcessorProperty = {
  type: 'MetadataExtraction',
  parameters: [
    { parameterName: 'MetadataExtractionQuery', parameterValue: '{source: .source}' },
    { parameterName: 'JsonParsingEngine', parameterValue: 'JQ-1.6' },
  ],
};
