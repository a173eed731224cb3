import { type App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { BackboneMember, EventBackbone, ForwardingRule, type LockLevel, Topology } from 'cdk-event-backbone';
import { namesOf } from './names';

export interface LiveCheckProps {
  readonly hubAccount: string;
  readonly memberAccount: string;
  readonly region: string;
  readonly level: LockLevel;
}

/** One backbone with one member at one lock level, as the library makes it, with queues to look into. */
export function liveCheck(app: App, { hubAccount, memberAccount, region, level }: LiveCheckProps): void {
  const names = namesOf(level);
  const hub = { account: hubAccount, region };
  const member = { name: 'member', account: memberAccount, lockLevel: level };

  const topology = new Topology({ name: names.backbone, hub, members: [member] });
  const backbone = new EventBackbone(app, 'Backbone', {
    topology,
    removalPolicy: RemovalPolicy.DESTROY,
    archiveRetention: Duration.days(1),
    captureLogs: true,
  });

  // Does a replay come through the policy of the bus?
  backbone.localBus('member').archive('Archive', { retention: Duration.days(1), removalPolicy: RemovalPolicy.DESTROY });

  // Which account does an event carry that another account put here?
  const arrivals = new sqs.Queue(backbone.hubStack, 'Arrivals', { queueName: names.hubQueue });
  const atHub = events.EventBus.fromEventBusArn(backbone.hubStack, 'Same', topology.globalBusArn);
  const toArrivals = new events.Rule(backbone.hubStack, 'ToArrivals', {
    eventBus: atHub,
    eventPattern: { source: events.Match.prefix('live.') },
    targets: [new targets.SqsQueue(arrivals)],
  });
  toArrivals.node.addDependency(backbone.globalBus);

  // Does a condition on the rule reach the policy of a log group? The catch-all log has the same events without it.
  const bound = new logs.LogGroup(backbone.hubStack, 'Bound', {
    logGroupName: names.boundLogGroup,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  (bound.node.defaultChild as logs.CfnLogGroup).resourcePolicyDocument = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: `arn:aws:logs:${region}:${hubAccount}:log-group:${names.boundLogGroup}:*`,
        Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:events:${region}:${hubAccount}:rule/${names.globalBus}/*` } },
      },
    ],
  };
  const toBound = new events.CfnRule(backbone.hubStack, 'ToBound', {
    eventBusName: names.globalBus,
    eventPattern: { source: [{ prefix: 'live.' }] },
    targets: [{ id: 'Bound', arn: `arn:aws:logs:${region}:${hubAccount}:log-group:${names.boundLogGroup}` }],
  });
  toBound.node.addDependency(backbone.globalBus, bound);

  const service = new Stack(app, 'Service', { stackName: names.serviceStack, env: { account: memberAccount, region } });
  service.node.addDependency(backbone.memberStacks.member);
  const end = new BackboneMember(service, 'Backbone', { topology, member: 'member' });
  end.subscribe('All', {
    source: events.Match.prefix('live.'),
    target: new targets.SqsQueue(new sqs.Queue(service, 'Received', { queueName: names.memberQueue })),
  });

  // What a member forwards comes to the hub by its first hop. Its own fan-out rule leaves it out, and with two accounts
  // there is no other member: a rule of its own takes it on, by a second hop.
  const own = new events.EventBus(service, 'Own', { eventBusName: names.ownBus });
  new ForwardingRule(service, 'Forward', {
    eventBus: own,
    globalBus: events.EventBus.fromEventBusArn(service, 'Hub', topology.globalBusArn),
    source: ['live.forwarded'],
  });
  new events.CfnRule(backbone.routesStack, 'SecondHop', {
    eventBusName: names.globalBus,
    eventPattern: { source: ['live.forwarded'] },
    targets: [
      {
        id: 'LocalBus',
        arn: topology.localBusArn('member'),
        roleArn: topology.forwardingRoleArn,
        deadLetterConfig: { arn: topology.fanOutDeadLetterQueueArn },
      },
    ],
  });
}
