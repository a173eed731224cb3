import { App, Duration, RemovalPolicy, Stack, Validations, type AppProps } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  BackboneMember,
  BusOwner,
  DeliveryMode,
  EventBackbone,
  EventContract,
  EventSchema,
  FanOutRule,
  GlobalBus,
  LocalBus,
  LockLevel,
  RepublisherTransport,
  Topology,
  ValidatedRepublisher,
} from '../../src';

export const HUB = { account: '111111111111', region: 'eu-west-1' };
export const ORDER = { account: '222222222222', region: 'eu-west-1' };
export const DELIVERY = { account: '333333333333', region: 'eu-west-1' };

/** An app with every construct of the library, most of its options used. */
export function everyConstruct(props: AppProps = {}): { app: App; stacks: Stack[] } {
  const app = new App(props);
  const topology = new Topology({
    name: 'acme',
    hub: HUB,
    organizationId: 'o-abc1234567',
    members: [
      {
        name: 'order',
        account: ORDER.account,
        sources: ['order.service'],
        filter: { detailTypes: ['Delivery.Updated'] },
      },
      { name: 'delivery', account: DELIVERY.account, busOwner: BusOwner.MEMBER },
    ],
  });
  const backbone = new EventBackbone(app, 'Backbone', {
    topology,
    pinSources: true,
    captureMemberLogs: true,
    logging: { level: events.Level.TRACE },
    removalPolicy: RemovalPolicy.DESTROY,
    excludeReplays: true,
    alarmActions: [{ bind: () => ({ alarmActionArn: `arn:aws:sns:eu-west-1:${HUB.account}:pager` }) }],
  });

  const service = new Stack(app, 'Service', { env: DELIVERY });
  const member = new BackboneMember(service, 'Backbone', { topology, member: 'delivery' });
  const queue = new sqs.Queue(service, 'Orders', { enforceSSL: true });
  Validations.of(queue).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'a test consumes nothing' });
  member.subscribe('OrderCreated', { detailType: events.Match.prefix('Order.'), target: new targets.SqsQueue(queue) });
  const role = new iam.Role(service, 'Publisher', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  member.grantPublish(role, { sources: ['delivery.service'], detailTypes: ['Delivery.Updated'] });

  member.forward('Findings', {
    eventBus: events.EventBus.fromEventBusName(service, 'Default', 'default'),
    source: ['aws.guardduty'],
    detailType: ['GuardDuty Finding'],
  });

  const alone = new Stack(app, 'Alone', { env: HUB });
  const bus = new GlobalBus(alone, 'Bus', {
    eventBusName: 'alone',
    accounts: [ORDER.account],
    logging: {},
    kmsKey: new kms.Key(alone, 'Key', { enableKeyRotation: true }),
  });
  bus.archive('Archive', {
    retention: Duration.days(7),
    kmsKey: bus.kmsKey,
    eventPattern: { source: ['order.service'] },
  });
  bus.captureStream('Stream', { encryptionKey: bus.kmsKey, partitionBySource: true, retention: Duration.days(90) });
  const live = new kinesis.Stream(alone, 'Live', { encryptionKey: bus.kmsKey });
  Validations.of(live).acknowledge({ id: 'AwsSolutions-KDS3', reason: 'the bus has a key of its own as well' });
  bus.captureStream('Live', { stream: live });
  bus.captureLogs('Log', {
    encryptionKey: bus.kmsKey,
    fields: ['$.source', '$.detail.data.orderId'],
    excludeReplays: true,
  });
  bus.fanOutTo(
    'ToOrder',
    LocalBus.fromEventBusArn(alone, 'Order', `arn:aws:events:eu-west-1:${ORDER.account}:event-bus/order`),
  );
  bus.grantPublish(iam.Role.fromRoleArn(alone, 'Other', `arn:aws:iam::${HUB.account}:role/publisher`));
  new FanOutRule(alone, 'FromPlainBus', {
    eventBus: new events.EventBus(alone, 'Plain', { eventBusName: 'plain' }),
    localBus: new LocalBus(alone, 'Strict', {
      eventBusName: 'strict',
      hubAccount: HUB.account,
      lockLevel: LockLevel.STRICT,
      forwardingRoleArn: `arn:aws:iam::${HUB.account}:role/forwarder`,
    }),
    account: DELIVERY.account,
  });
  Validations.of(alone).acknowledge({
    id: 'annotation::cdk-event-backbone:LocalBus.lockLevelUnconfirmed',
    reason: 'the levels are compared here, not deployed',
  });
  const backbones = [backbone, validatedBackbone(app)];
  return {
    app,
    stacks: [
      ...backbones.flatMap(({ hubStack, memberStacks, routesStack }) => [
        hubStack,
        ...Object.values(memberStacks),
        routesStack,
      ]),
      service,
      alone,
      republisherAlone(app),
    ],
  };
}

const CONTRACTS = [
  new EventContract({
    source: 'order.service',
    detailType: 'Order.Created',
    schema: EventSchema.fromInline({ required: ['orderId'], properties: { orderId: { type: 'string' } } }),
  }),
];

/** Validates by a queue, on two buses; one member is in another Region. */
function validatedBackbone(app: App): EventBackbone {
  const hubStack = new Stack(app, 'CheckedHub', { env: HUB });
  return new EventBackbone(app, 'Validated', {
    topology: new Topology({
      name: 'checked',
      hub: HUB,
      members: [
        { name: 'delivery', account: DELIVERY.account, region: 'eu-central-1' },
        { name: 'order', account: ORDER.account, sources: ['order.service'] },
      ],
      delivery: { mode: DeliveryMode.VALIDATED },
    }),
    contracts: CONTRACTS,
    hubStack,
    kmsKey: new kms.Key(hubStack, 'Key', { enableKeyRotation: true }),
    validation: { maxConcurrency: 5 },
  });
}

/** Validates by direct invocation, on one bus, with a bucket. */
function republisherAlone(app: App): Stack {
  const stack = new Stack(app, 'Republisher', { env: HUB });
  const quarantineBucket = new s3.Bucket(stack, 'Quarantine', {
    encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }),
    enforceSSL: true,
  });
  Validations.of(quarantineBucket).acknowledge({ id: 'AwsSolutions-S1', reason: 'a test reads nothing' });
  new ValidatedRepublisher(stack, 'Republisher', {
    eventBus: new GlobalBus(stack, 'Bus', { eventBusName: 'prefixed', accounts: [ORDER.account] }),
    contracts: CONTRACTS,
    transport: RepublisherTransport.DIRECT,
    kmsKey: quarantineBucket.encryptionKey,
    quarantineBucket,
    sourceOwners: [{ source: 'order.service', accounts: [ORDER.account] }],
  });
  return stack;
}
