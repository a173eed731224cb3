import { type Duration, type RemovalPolicy, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { DeliveryStreamToS3 } from './delivery-stream-to-s3';
import { placeOf, rulesArn } from '../internal/arns';
import { BusRule, requireEventBus } from '../internal/bus-rule';
import { BackboneError, shown } from '../internal/errors';
import { MATCH_ALL, NOT_REPLAYED } from '../internal/event-pattern';
import { certainlyDiffer } from '../internal/tokens';
import { admitToDeadLetterQueue, BusDeadLetterQueue } from '../operations/dead-letter-queue';

/**
 * Where a stream of events goes: to a Kinesis stream, or by Data Firehose to S3.
 */
export interface CatchAllStreamOptions {
  /**
   * The Kinesis stream that takes the events, in the account and Region of the bus. An encrypted one that is imported
   * names its key: `Stream.fromStreamAttributes(this, 'Stream', { streamArn, encryptionKey })`.
   *
   * With it, what is said of S3 here does not apply.
   *
   * @default - none: a new delivery stream of Data Firehose writes the events to S3
   */
  readonly stream?: kinesis.IStream;

  /**
   * What the events of the Kinesis stream are spread and kept in order by, as a JSON path such as `$.detail.orderId`.
   *
   * @default - the id of the event
   */
  readonly partitionKeyPath?: string;

  /**
   * The bucket that the events are written to, in the account of the bus. What could not be written goes to `errors/` in it.
   *
   * @default - a new bucket: encrypted, not public, over TLS only, kept when it leaves the stack
   */
  readonly bucket?: s3.IBucket;

  /**
   * What the names of the objects begin with; `dt=2026-11-21/hour=17/` follows, by the time at which the delivery stream got
   * the event.
   *
   * @default 'events/'
   */
  readonly prefix?: string;

  /**
   * Write the events of each source under a prefix of their own, `source=order.service/`, before the time.
   *
   * Costs more, and a change makes a new delivery stream. Of more than 500 sources at a time (a quota) events go to
   * `errors/`, which an alarm tells.
   *
   * @see https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html
   * @default false
   */
  readonly partitionBySource?: boolean;

  /**
   * How long events are gathered before an object is written, if there are not 64 MiB earlier: up to 900 seconds, and
   * with `partitionBySource` 60 at least.
   *
   * @default Duration.minutes(5)
   */
  readonly bufferingInterval?: Duration;

  /**
   * After which time the objects of a new bucket are deleted, those under `errors/` too, in whole days.
   *
   * @default - they are kept
   */
  readonly retention?: Duration;

  /**
   * The customer managed key, in the Region of the bus, that encrypts the events in the delivery stream and in the bucket.
   *
   * Required for a bus that has one: elsewhere the events would lie open to whoever may read the bucket.
   *
   * @default - keys of AWS
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to a new bucket, and to the delivery stream, when they leave the stack. A bucket is not deleted as long as
   * there are objects in it: empty it first.
   *
   * @default - the bucket is retained, the delivery stream is deleted
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * What the alarm on the delivery stream does.
   *
   * @default - what alarms of the bus do
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * Leave out events that a replay brings.
   *
   * @default false
   */
  readonly excludeReplays?: boolean;

  /**
   * Where events wait that the stream did not accept.
   *
   * @default - the queue that all rules of this bus in this stack share
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

/**
 * Properties of a `CatchAllStreamRule`.
 */
export interface CatchAllStreamRuleProps extends CatchAllStreamOptions {
  /**
   * The bus whose events are streamed, in the account and Region of the stack.
   */
  readonly eventBus: events.IEventBusRef;

  /**
   * The name of the rule.
   *
   * @default - made by CloudFormation
   */
  readonly ruleName?: string;
}

/**
 * Takes every event of a bus to a Kinesis stream, or by Data Firehose to S3, for teams that work with all of them.
 *
 * In S3 there is one event on each line, compressed, under a prefix for each hour: ready for Athena.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
 *
 * @example
 *
 * declare const bus: events.IEventBus;
 * declare const stream: kinesis.IStream;
 *
 * new CatchAllStreamRule(this, 'DataLake', { eventBus: bus });
 * new CatchAllStreamRule(this, 'Live', { eventBus: bus, stream, partitionKeyPath: '$.source' });
 */
export class CatchAllStreamRule extends BusRule {
  /**
   * The bucket that the events are written to, if they are.
   */
  public readonly bucket?: s3.IBucket;

  /**
   * The ARN of the delivery stream of Data Firehose, if there is one.
   */
  public readonly deliveryStreamArn?: string;

  constructor(scope: Construct, id: string, props: CatchAllStreamRuleProps) {
    const { eventBus, stream, excludeReplays = false } = props;
    requireEventBus(scope, eventBus);
    super(scope, id, {
      eventBus,
      ruleName: props.ruleName,
      description: `Takes every event of this bus to ${stream ? 'a Kinesis stream' : 'S3'}.`,
      pattern: excludeReplays ? { ...MATCH_ALL, ...NOT_REPLAYED } : MATCH_ALL,
    });
    const sourceArn = rulesArn(placeOf(this), eventBus.eventBusRef.eventBusName);
    const queue = props.deadLetterQueue ?? BusDeadLetterQueue.queueOf(this, eventBus);
    admitToDeadLetterQueue(this, queue, sourceArn);
    const { arn, actions, delivery, ...target } = stream ? this.toStream(stream, props) : this.toS3(props);
    const role = new iam.Role(this, 'Role', {
      description: 'Rules of a bus put events on a stream with it.',
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': placeOf(this).account },
          ArnLike: { 'aws:SourceArn': sourceArn },
        },
      }),
      // Inline, so that the rule does not come before it.
      inlinePolicies: {
        Put: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({ actions, resources: [arn] }),
            ...(stream?.encryptionKey
              ? [
                  new iam.PolicyStatement({
                    actions: ['kms:GenerateDataKey'],
                    resources: [stream.encryptionKey.keyArn],
                  }),
                ]
              : []),
          ],
        }),
      },
    });
    this._addTarget({ ...target, arn, roleArn: role.roleArn, deadLetterConfig: { arn: queue.queueArn } });
    this.bucket = delivery?.bucket;
    this.deliveryStreamArn = delivery?.deliveryStreamArn;
  }

  private toStream(stream: kinesis.IStream, props: CatchAllStreamRuleProps): StreamTarget {
    this.checkStream(stream, props);
    const { partitionKeyPath } = props;
    return {
      id: 'Stream',
      arn: stream.streamArn,
      actions: ['kinesis:PutRecord', 'kinesis:PutRecords'],
      kinesisParameters: partitionKeyPath === undefined ? undefined : { partitionKeyPath },
    };
  }

  private toS3(props: CatchAllStreamRuleProps): StreamTarget {
    this.checkDelivery(props);
    const { eventBus } = props;
    const alarmActions = props.alarmActions ?? (eventBus as { alarmActions?: cloudwatch.IAlarmAction[] }).alarmActions;
    const { eventBusName } = eventBus.eventBusRef;
    const delivery = new DeliveryStreamToS3(this, 'Delivery', { ...props, eventBusName, alarmActions });
    return {
      id: 'DeliveryStream',
      arn: delivery.deliveryStreamArn,
      actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
      delivery,
    };
  }

  private checkStream(stream: kinesis.IStream, props: CatchAllStreamRuleProps): void {
    const forS3 = (
      [
        'bucket',
        'prefix',
        'partitionBySource',
        'bufferingInterval',
        'retention',
        'encryptionKey',
        'alarmActions',
      ] as const
    ).find((option) => asksForSomething(props[option]));
    if (forS3 !== undefined) {
      throw new BackboneError(
        'StreamOptionInvalid',
        `${forS3} is about S3, and the events go to a Kinesis stream: leave one of the two out`,
        this,
      );
    }
    const { account, region } = stream.env;
    const place = placeOf(this);
    if (certainlyDiffer(account, place.account) || certainlyDiffer(region, place.region)) {
      throw new BackboneError(
        'TargetElsewhere',
        `the stream ${stream.node.path} is in ${account}/${region}, the rule in ${place.account}/${place.region}: put a rule on the local bus of the account that owns the stream, which receives the same events`,
        this,
      );
    }
    const path = props.partitionKeyPath;
    if (path !== undefined && !Token.isUnresolved(path) && !/^\$(\.[\w-]+)+$/.test(path)) {
      throw new BackboneError(
        'StreamOptionInvalid',
        `partitionKeyPath ${shown(path)} is not a path to a single value: write it such as "$.detail.orderId"`,
        this,
      );
    }
    const key = stream.encryptionKey;
    if (key && certainlyDiffer(key.env.region, place.region)) {
      throw new BackboneError(
        'KeyElsewhere',
        `the key ${key.node.path} of the stream is in ${key.env.region}, the rule in ${place.region}: pass a stream with a key of that Region`,
        this,
      );
    }
    this.requireKey(
      props,
      key,
      'the stream',
      'give the stream an encryptionKey (one that is imported says it by Stream.fromStreamAttributes)',
    );
  }

  private checkDelivery(props: CatchAllStreamRuleProps): void {
    const { bucket, encryptionKey, partitionKeyPath, retention } = props;
    const problem =
      partitionKeyPath !== undefined
        ? 'partitionKeyPath is about a Kinesis stream, and the events go to S3: use partitionBySource, or pass a stream'
        : bucket !== undefined && retention !== undefined
          ? 'retention is for a new bucket, and a bucket was given: set a lifecycle rule on that'
          : undefined;
    if (problem !== undefined) throw new BackboneError('StreamOptionInvalid', problem, this);
    this.requireKey(props, encryptionKey, 'the delivery stream', 'pass encryptionKey');
  }

  /** What a bus keeps under a key of its owner must not lie open behind it. */
  private requireKey(props: CatchAllStreamRuleProps, key: kms.IKey | undefined, what: string, remedy: string): void {
    if (key !== undefined || (props.eventBus as { kmsKey?: kms.IKey }).kmsKey === undefined) return;
    throw new BackboneError(
      'StreamWithoutKey',
      `${props.eventBus.eventBusRef.eventBusName} is encrypted with a customer managed key, and ${what} has none: ${remedy}`,
      this,
    );
  }
}

/** Not so the default, which a wrapper may pass on. */
function asksForSomething(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

/** A target of the rule, and what its role must be allowed to do there. */
interface StreamTarget {
  readonly id: string;
  readonly arn: string;
  readonly actions: string[];
  readonly kinesisParameters?: events.CfnRule.KinesisParametersProperty;
  readonly delivery?: DeliveryStreamToS3;
}
