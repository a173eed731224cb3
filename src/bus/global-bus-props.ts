import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { SourcePin } from './source-pins';
import type { EventBusLogging } from '../capture';

/**
 * Properties of a `GlobalBus`.
 */
export interface GlobalBusProps {
  /**
   * The name of the bus, 256 characters at most.
   *
   * Required, since everybody else refers to the bus by it before it exists.
   */
  readonly eventBusName: string;

  /**
   * What the bus is for, 512 characters at most.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * The accounts that may publish: 12 digits each, as strings.
   *
   * With an organisation, both must hold: to be listed and to belong to it.
   *
   * @default - every account of the organisation, with a warning; without an organisation, the bus's own account alone
   */
  readonly accounts?: string[];

  /**
   * The organisation that publishers must belong to, such as `o-abc1234567`.
   *
   * @default - any or none
   */
  readonly organizationId?: string;

  /**
   * The organisational units that publishers must belong to, as paths such as `o-abc1234567/r-ab12/ou-ab12-11111111/*`.
   *
   * @default - any
   */
  readonly organizationPaths?: string[];

  /**
   * Sources that belong to accounts: these accounts send no other sources, and nobody else sends these.
   *
   * The policy of a bus holds about 15 of them, fewer beside a long list of accounts.
   *
   * @default - who may publish may send any source that is not reserved
   */
  readonly sourcePins?: SourcePin[];

  /**
   * Prefixes of sources that no producer may send.
   *
   * @default ['valid.', 'invalid.']
   */
  readonly reservedSourcePrefixes?: string[];

  /**
   * The role that may send reserved sources all the same: that of a `ValidatedRepublisher` which puts valid events on
   * this bus again.
   *
   * @default - nobody may
   */
  readonly republisherRoleArn?: string;

  /**
   * The customer managed key that encrypts the bus.
   *
   * Its policy is extended; where the key is imported, the statements to add are printed.
   *
   * @default - a key of AWS
   */
  readonly kmsKey?: kms.IKey;

  /**
   * Where events wait that could not be encrypted. Takes nothing else: failed deliveries go to the queues of the rules.
   *
   * @default - with `kmsKey` a new queue, else none
   */
  readonly encryptionDeadLetterQueue?: sqs.IQueue;

  /**
   * The bus's own log of what it does with each event: whether it was taken, which rules matched, how delivery went.
   *
   * Unlike a catch-all rule it tells of events that no rule took and of failures; it is delivered to a log group.
   *
   * @default - the bus writes no log
   */
  readonly logging?: EventBusLogging;

  /**
   * What alarms that are made for this bus do.
   *
   * @default - alarms change their state only
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * What happens to the bus, its archives, logs and queues when they leave the stack.
   *
   * @default - log groups and buckets are retained, everything else is deleted
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The quota of the account for the size of a bus policy, in characters, where it was raised.
   *
   * @default 10240
   */
  readonly eventBusPolicyQuota?: number;
}
