import { RemovalPolicy, Token } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { LogGroupTarget } from './log-group-target';
import { logGroupArn, placeOf, rulesArn } from '../internal/arns';
import { BusRule, requireEventBus, takeName } from '../internal/bus-rule';
import { BackboneError, shown } from '../internal/errors';
import { MATCH_ALL, NOT_REPLAYED } from '../internal/event-pattern';
import { addToKeyPolicy, logGroupKeyStatements } from '../internal/key-policy';
import * as limits from '../internal/limits';
import { warnIfWithoutKey } from '../internal/log-group-policy';
import { admitToDeadLetterQueue, BusDeadLetterQueue } from '../operations/dead-letter-queue';

/**
 * How events are kept in CloudWatch Logs.
 */
export interface CatchAllLogOptions {
  /**
   * The name of the log group.
   *
   * EventBridge's console finds groups under `/aws/events/` only.
   *
   * @default - `/aws/events/<name of the bus>`
   */
  readonly logGroupName?: string;

  /**
   * How long events are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly retention?: logs.RetentionDays;

  /**
   * The key that encrypts the log group.
   *
   * Its policy is extended for CloudWatch Logs; where the key is imported, the statement to add is printed.
   *
   * @default - encrypted with a key of CloudWatch Logs
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to the log group when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Keep only these fields of each event, as one line of text, to save cost or to leave personal data out.
   *
   * JSON paths to single values, such as `$.detail.data.orderId`; lists and objects cannot be kept so, and a value
   * with a quote in it may be lost. Up to 100.
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
   * @default - the whole event
   */
  readonly fields?: string[];

  /**
   * Leave out events that a replay brings.
   *
   * @default false
   */
  readonly excludeReplays?: boolean;

  /**
   * Where events wait that could not be logged.
   *
   * @default - the queue that all rules of this bus in this stack share
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

/**
 * Properties of a `CatchAllLogRule`.
 */
export interface CatchAllLogRuleProps extends CatchAllLogOptions {
  /**
   * The bus whose events are kept, in the account and Region of the stack.
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
 * Keeps every event of a bus in CloudWatch Logs, as rules see it.
 *
 * The log group admits EventBridge by a policy of its own. So it does not count towards the ten resource policies of
 * an account and Region, and no custom resource is involved.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
 */
export class CatchAllLogRule extends BusRule {
  /**
   * Where the events are kept.
   */
  public readonly logGroup: logs.ILogGroup;

  constructor(scope: Construct, id: string, props: CatchAllLogRuleProps) {
    const { eventBus, excludeReplays = false } = props;
    requireEventBus(scope, eventBus);
    super(scope, id, {
      eventBus,
      ruleName: props.ruleName,
      pattern: excludeReplays ? { ...MATCH_ALL, ...NOT_REPLAYED } : MATCH_ALL,
    });
    const place = placeOf(this);
    const logGroupName = props.logGroupName ?? `/aws/events/${eventBus.eventBusRef.eventBusName}`;
    if (
      !Token.isUnresolved(logGroupName) &&
      (logGroupName.length > limits.LOG_GROUP_NAME_LENGTH || !/^[\w./#-]+$/.test(logGroupName))
    ) {
      throw new BackboneError(
        'LogGroupNameInvalid',
        `log group name ${shown(logGroupName)} is not 1 to ${limits.LOG_GROUP_NAME_LENGTH} letters, digits and _./#-`,
        this,
      );
    }
    if (!takeName(eventBus, `log group ${logGroupName}`)) {
      throw new BackboneError(
        'LogGroupNameInvalid',
        `log group name ${shown(logGroupName)} is taken by another rule of this bus: give this one a logGroupName of its own`,
        this,
      );
    }
    const arn = logGroupArn(place, logGroupName);
    const logGroup = new logs.LogGroup(this, 'LogGroup', {
      logGroupName,
      retention: props.retention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      encryptionKey: props.encryptionKey,
    });
    if (props.encryptionKey !== undefined) {
      addToKeyPolicy(
        this,
        props.encryptionKey,
        logGroupKeyStatements(arn, place.region),
        `the log group ${logGroupName}`,
      );
    }
    this.logGroup = logGroup;
    if ((eventBus as { kmsKey?: kms.IKey }).kmsKey !== undefined) {
      warnIfWithoutKey(this, logGroup, `the events of ${eventBus.eventBusRef.eventBusName}`);
    }

    const deadLetterQueue = props.deadLetterQueue ?? BusDeadLetterQueue.queueOf(this, eventBus);
    admitToDeadLetterQueue(this, deadLetterQueue, rulesArn(place, eventBus.eventBusRef.eventBusName));
    const { arn: targetArn, input } = new LogGroupTarget(logGroup, { fields: props.fields }).bind(this);
    const line = input?.bind(this);
    this._addTarget({
      id: 'LogGroup',
      arn: targetArn,
      deadLetterConfig: { arn: deadLetterQueue.queueArn },
      inputTransformer: line && { inputTemplate: line.inputTemplate!, inputPathsMap: line.inputPathsMap },
    });
  }
}
