import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * What a republisher does with what it finds out.
 */
export enum ValidationMode {
  /**
   * Valid events are published; what breaks its contract waits in quarantine.
   */
  ENFORCE = 'enforce',

  /**
   * Events that break their contract, or have none, are published as well, marked `detail.metadata.origin.valid = false`, and
   * counted; nobody is sent notices. What is malformed, of another's source, or pretends to be something else waits in
   * quarantine.
   */
  AUDIT = 'audit',

  /**
   * Nothing is published or kept, only counted.
   */
  OBSERVE = 'observe',
}

/**
 * What becomes of events that no contract describes.
 */
export enum UnknownEvents {
  /**
   * They wait in quarantine.
   */
  QUARANTINE = 'quarantine',

  /**
   * They are published.
   */
  PASS = 'pass',

  /**
   * They are dropped, and counted; while `ValidationMode.AUDIT` publishes all, they are published.
   */
  IGNORE = 'ignore',
}

/**
 * How events get from the bus to the function.
 */
export enum RepublisherTransport {
  /**
   * By a queue: in batches, with redelivery for as long as it takes, numbers digit by digit. The way to choose.
   */
  QUEUE = 'queue',

  /**
   * By direct invocation: some ten milliseconds sooner and cheaper while few events flow. Lambda tries three times, within
   * three minutes; numbers of over 15 digits lose some. The queue is there for redriving only.
   */
  DIRECT = 'direct',
}

/**
 * A source and the accounts that may send it.
 */
export interface SourceOwner {
  /**
   * The source, literally.
   */
  readonly source: string;

  /**
   * The accounts: 12 digits each, as strings.
   */
  readonly accounts: string[];
}

/**
 * How a republisher works.
 */
export interface ValidationOptions {
  /**
   * What is done with what is found out.
   *
   * @default ValidationMode.ENFORCE
   */
  readonly mode?: ValidationMode;

  /**
   * What becomes of events that no contract describes.
   *
   * @default UnknownEvents.QUARANTINE
   */
  readonly unknownEvents?: UnknownEvents;

  /**
   * Tell the sender of an invalid event why, by an event without its payload, of the source `invalid.<source>`.
   *
   * @default true
   */
  readonly notices?: boolean;

  /**
   * How events get from the bus to the function.
   *
   * @default RepublisherTransport.QUEUE
   */
  readonly transport?: RepublisherTransport;

  /**
   * Keep what is in quarantine in this bucket, as `source=<source>/detail-type=<detail-type>/dt=<date>/<id>.json`, not in a
   * queue.
   *
   * @default - a queue, from which events can be redriven
   */
  readonly quarantineBucket?: s3.IBucket;

  /**
   * Keep the text of an event here that is too long for a message of the quarantine queue, even compressed: of over 750 KB,
   * say, that are not compressible. Its record in the queue says where it is, and can be redriven as any other.
   *
   * @default - such an event ends in the dead-letter queue
   */
  readonly overflowBucket?: s3.IBucket;

  /**
   * How many copies of the function run at the same time for the queue: 2 to 1000.
   *
   * @default - as many as Lambda starts
   */
  readonly maxConcurrency?: number;

  /**
   * How long the function may take for a batch.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;

  /**
   * The memory of the function, in MiB.
   *
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * How long the logs of the function are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The customer managed key that encrypts the queues and the logs of the function.
   *
   * @default - keys of AWS
   */
  readonly kmsKey?: kms.IKey;

  /**
   * What the alarms do.
   *
   * @default - they change their state only
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * What happens to queues and logs when they leave the stack.
   *
   * @default - logs are retained, queues are deleted
   */
  readonly removalPolicy?: RemovalPolicy;
}
