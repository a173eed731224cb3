import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface ReferenceHubProps extends StackProps {
  readonly members: ReadonlyArray<{ readonly name: string; readonly account: string }>;
  /** The metrics of each rule that an alarm watches. */
  readonly alarms: string[];
}

/**
 * The hub of a backbone as people build it today, with plain constructs of the CDK: for each member a rule with a role and
 * its policy, and alarms; one queue, one archive, and a catch-all log by the CDK's own target.
 */
export class ReferenceHub extends Stack {
  constructor(scope: Construct, id: string, props: ReferenceHubProps) {
    super(scope, id, props);
    const { members, alarms } = props;
    const bus = new events.EventBus(this, 'GlobalBus', { eventBusName: 'shop-global' });
    new events.CfnEventBusPolicy(this, 'Policy', {
      eventBusName: bus.eventBusName,
      statementId: 'Accounts',
      statement: {
        Effect: 'Allow',
        Principal: { AWS: members.map(({ account }) => `arn:aws:iam::${account}:root`) },
        Action: 'events:PutEvents',
        Resource: bus.eventBusArn,
      },
    });
    bus.archive('Archive', { eventPattern: { source: events.Match.prefix('') }, retention: Duration.days(365) });
    const logGroup = new logs.LogGroup(this, 'CatchAllLog', { logGroupName: '/aws/events/shop-global' });
    new events.Rule(this, 'CatchAll', {
      eventBus: bus,
      eventPattern: { source: events.Match.prefix('') },
      targets: [new targets.CloudWatchLogGroup(logGroup)],
    });
    const deadLetterQueue = new sqs.Queue(this, 'DeadLetterQueue', {
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
    });
    this.alarm('DeadLetters', deadLetterQueue.metricApproximateNumberOfMessagesVisible());
    for (const { name, account } of members) {
      const arn = `arn:aws:events:${this.region}:${account}:event-bus/shop-${name}`;
      const localBus = events.EventBus.fromEventBusArn(this, `LocalBus-${name}`, arn);
      const ruleName = `to-${name}`;
      new events.Rule(this, `To-${name}`, {
        eventBus: bus,
        ruleName,
        eventPattern: { account: events.Match.anythingBut(account) },
        targets: [new targets.EventBus(localBus, { deadLetterQueue })],
      });
      const dimensionsMap = { EventBusName: 'shop-global', RuleName: ruleName };
      for (const metricName of alarms) {
        const metric = { namespace: 'AWS/Events', metricName, dimensionsMap, statistic: 'Sum' };
        this.alarm(`${metricName}-${name}`, new cloudwatch.Metric(metric));
      }
    }
  }

  private alarm(id: string, metric: cloudwatch.Metric): void {
    new cloudwatch.Alarm(this, `${id}Alarm`, {
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}
