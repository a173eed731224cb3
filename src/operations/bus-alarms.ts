import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { requireEventBus, requireOwnBus } from '../internal/bus-rule';

/**
 * Properties of `BusAlarms`.
 */
export interface BusAlarmsProps {
  /**
   * The bus whose rules are watched, in the account and Region of the stack.
   */
  readonly eventBus: events.IEventBusRef;

  /**
   * What the alarms do.
   *
   * @default - they change their state only
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * Watch how many events go to dead-letter queues. Where the rules share a `DeadLetterQueue`, its own alarm says the
   * same, and says it until the queue is empty.
   *
   * @default true
   */
  readonly watchDeadLetters?: boolean;
}

const DEAD_LETTERS = 'InvocationsSentToDlq';

/** What goes wrong with a rule, and what it means for whoever is woken. */
const SYMPTOMS: Record<string, string> = {
  FailedInvocations:
    'events could not be delivered: permission or target is missing, or it was their second hop from bus to bus',
  [DEAD_LETTERS]: 'events went to a dead-letter queue: look at ERROR_CODE in the attributes of its messages',
  InvocationsFailedToBeSentToDlq:
    'events are lost, the dead-letter queue refused them as well: look at its policy and its key',
  ThrottledRules: 'events are late: the account is at its quota of invocations',
};

/**
 * One alarm for each way in which the rules of a bus fail: for all rules together, so that a new member needs none.
 *
 * The alarms are Metrics Insights queries over the rules of the bus (a quota of 200 such alarms for an account and
 * Region).
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
export class BusAlarms extends Construct {
  /**
   * The alarms, one for each metric.
   */
  public readonly alarms: cloudwatch.IAlarm[];

  constructor(scope: Construct, id: string, props: BusAlarmsProps) {
    super(scope, id);
    requireEventBus(this, props.eventBus);
    requireOwnBus(this, props.eventBus, 'an alarm');
    const { eventBusName } = props.eventBus.eventBusRef;
    const symptoms = Object.entries(SYMPTOMS).filter(
      ([metric]) => metric !== DEAD_LETTERS || (props.watchDeadLetters ?? true),
    );
    this.alarms = symptoms.map(([metric, meaning]) => {
      const alarm = new cloudwatch.Alarm(this, metric, {
        alarmDescription: `${eventBusName}: ${meaning}`,
        metric: new cloudwatch.MathExpression({
          // Rules of custom buses publish under both dimensions; the CDK's own metrics name RuleName alone and stay empty.
          expression: `SELECT SUM(${metric}) FROM SCHEMA("AWS/Events", EventBusName, RuleName) WHERE EventBusName = '${eventBusName}'`,
          usingMetrics: {},
          period: Duration.minutes(1),
        }),
        threshold: 0,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(...(props.alarmActions ?? []));
      return alarm;
    });
  }
}
