import { Names, type RemovalPolicy, RemovalPolicy as Removal, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logGroupArn, placeOf } from '../internal/arns';
import { BackboneError } from '../internal/errors';
import { addToKeyPolicy, busLogKeyStatements, logGroupKeyStatements } from '../internal/key-policy';
import * as limits from '../internal/limits';
import { admitToLogGroup, warnIfWithoutKey } from '../internal/log-group-policy';
import { LOG_TYPES } from '../internal/log-types';
import { plainName } from '../internal/short-names';
import { certainlyDiffer } from '../internal/tokens';

/**
 * What a bus writes about the events that it handles, and where.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-logs.html
 */
export interface EventBusLogging {
  /**
   * How much is written: errors alone, the steps of each event too, or all that there is.
   *
   * @default Level.INFO
   */
  readonly level?: events.Level;

  /**
   * Whether records hold the events themselves, and what was sent to targets.
   *
   * @default IncludeDetail.NONE
   */
  readonly includeDetail?: events.IncludeDetail;

  /**
   * Where the records go: a log group in the account and Region of the bus, with a name.
   *
   * @default - a new log group
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * How long a new log group keeps records.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly retention?: logs.RetentionDays;

  /**
   * The key that encrypts a new log group.
   *
   * Its policy is extended for CloudWatch Logs; where the key is imported, the statement to add is printed.
   *
   * @default - encrypted with a key of CloudWatch Logs
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to a new log group when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

export interface EventBusLogsProps {
  readonly logging: EventBusLogging;
  readonly eventBus: events.CfnEventBus;
  readonly eventBusName: string;
  readonly eventBusArn: string;
  /** The key of the bus. */
  readonly kmsKey?: kms.IKey;
  /** What happens to the bus when it leaves the stack. */
  readonly removalPolicy?: RemovalPolicy;
}

/** Whether a bus writes logs at all. */
export function isLogging(logging: EventBusLogging | undefined): logging is EventBusLogging {
  return logging !== undefined && logging.level !== events.Level.OFF;
}

/**
 * The log of a bus, delivered to a log group. The level of a bus alone delivers nothing: each type of records needs a
 * source and a delivery.
 */
export class EventBusLogs extends Construct {
  public readonly logGroup: logs.ILogGroup;

  constructor(scope: Construct, id: string, props: EventBusLogsProps) {
    super(scope, id);
    const { logging, eventBus, eventBusName, eventBusArn, kmsKey } = props;
    const { level = events.Level.INFO, includeDetail = events.IncludeDetail.NONE } = logging;
    eventBus.logConfig = { level, includeDetail };
    const { partition, region, account } = placeOf(this);
    const allOfAccount = `arn:${partition}:logs:${region}:${account}:*`;
    if (kmsKey !== undefined) {
      addToKeyPolicy(this, kmsKey, busLogKeyStatements(allOfAccount), `the logs of ${eventBusName}`);
    }
    if (logging.logGroup) this.checkLogGroup(logging.logGroup, logging);
    this.logGroup = logging.logGroup ?? this.newLogGroup(props);
    if (kmsKey !== undefined && includeDetail === events.IncludeDetail.FULL) {
      warnIfWithoutKey(this, this.logGroup, `the events of ${eventBusName}`);
    }
    admitToLogGroup(this, this.logGroup, {
      Sid: 'EventBusLogs',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': allOfAccount },
      },
    });

    const own = Token.isUnresolved(eventBusName)
      ? Names.uniqueResourceName(this, { maxLength: limits.DELIVERY_NAME_LENGTH, separator: '-' })
      : eventBusName;
    const name = (suffix: string) => `${plainName(own, limits.DELIVERY_NAME_LENGTH - suffix.length)}${suffix}`;
    const destination = new logs.CfnDeliveryDestination(this, 'Destination', {
      name: name('-logs'),
      destinationResourceArn: logGroupArn(placeOf(this), this.logGroup.logGroupName),
      outputFormat: 'json',
    });
    destination.node.addDependency(this.logGroup);
    let before: Construct = eventBus;
    for (const logType of LOG_TYPES[level]) {
      const source = new logs.CfnDeliverySource(this, `Source-${logType}`, {
        name: name(`-${logType.toLowerCase().replace('_', '-')}`),
        resourceArn: eventBusArn,
        logType,
      });
      source.node.addDependency(eventBus);
      const delivery = new logs.CfnDelivery(this, `Delivery-${logType}`, {
        deliverySourceName: source.name,
        deliveryDestinationArn: destination.attrArn,
      });
      // The source is known by its name, which orders nothing; and deliveries to one group are made one after another.
      delivery.node.addDependency(source, before);
      before = delivery;
    }
  }

  private checkLogGroup(logGroup: logs.ILogGroup, logging: EventBusLogging): void {
    const forNew = (['retention', 'encryptionKey', 'removalPolicy'] as const).find((o) => logging[o] !== undefined);
    if (forNew !== undefined) {
      throw new BackboneError(
        'LoggingOptionInvalid',
        `${forNew} is for a new log group, and a logGroup was given: set it there, or leave one of the two out`,
        this,
      );
    }
    const { account, region } = logGroup.env;
    const place = placeOf(this);
    if (!certainlyDiffer(account, place.account) && !certainlyDiffer(region, place.region)) return;
    throw new BackboneError(
      'TargetElsewhere',
      `the log group ${logGroup.node.path} is in ${account}/${region}, the bus in ${place.account}/${place.region}: pass a log group beside the bus, or none for a new one`,
      this,
    );
  }

  private newLogGroup({ eventBusName, logging, removalPolicy }: EventBusLogsProps): logs.ILogGroup {
    const { retention, encryptionKey } = logging;
    const place = placeOf(this);
    const logGroupName = `/aws/vendedlogs/events/event-bus/${eventBusName}`;
    if (encryptionKey !== undefined) {
      const statements = logGroupKeyStatements(logGroupArn(place, logGroupName), place.region);
      addToKeyPolicy(this, encryptionKey, statements, `the log group ${logGroupName}`);
    }
    return new logs.LogGroup(this, 'LogGroup', {
      logGroupName,
      retention: retention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: logging.removalPolicy ?? removalPolicy ?? Removal.RETAIN,
      encryptionKey,
    });
  }
}
