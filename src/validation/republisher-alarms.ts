import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** What is over its threshold when somebody should look, and what that means. */
export interface Watched {
  readonly id: string;
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  readonly meaning: string;
}

/** How metrics of AWS are looked at: each minute, at their worst. */
export const WORST = { period: Duration.minutes(1), statistic: 'Maximum' };

export function republisherAlarms(
  republisher: Construct,
  busName: string,
  watched: Watched[],
  actions: cloudwatch.IAlarmAction[] = [],
): cloudwatch.Alarm[] {
  return watched.map(({ id, metric, threshold, meaning }) => {
    const alarm = new cloudwatch.Alarm(republisher, `${id}Alarm`, {
      alarmDescription: `Validation of ${busName}: ${meaning}.`,
      metric,
      threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(...actions);
    return alarm;
  });
}
