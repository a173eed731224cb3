import { App, CfnParameter, Duration, Stack, Validations } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  BackboneMember,
  BusOwner,
  CatchAllStreamRule,
  DeliveryMode,
  EventBackbone,
  EventContract,
  EventSchema,
  ForwardingRole,
  GlobalBus,
  LocalBus,
  LockLevel,
  MemberState,
  RepublisherTransport,
  Topology,
} from '../../../src';
import { readAssembly, type SynthesizedStack } from '../../../src/testing/cloud-assembly';

export const REGION = 'eu-west-1';
export const HUB = '111111111111';
export const ORDER = '222222222222';
export const DELIVERY = '333333333333';
/** Has two members. */
export const BILLING = '444444444444';
export const LOYALTY = '555555555555';
export const NEWCOMER = '666666666666';
export const RETIRED = '888888888888';
/** Of the organisation, and not on the backbone. */
export const SANDBOX = '777777777777';
/** Of another organisation. */
export const OUTSIDER = '999999999999';

export const ORGANIZATION = 'o-abc1234567';
export const UNIT = `${ORGANIZATION}/r-ab12/ou-ab12-11111111/`;

/** A backbone at every lock level, with every key, queue and log that it can have, and the stacks of two teams. */
export function backboneStacks(): SynthesizedStack[] {
  const app = new App();
  // The levels are compared here, not deployed.
  Validations.of(app).acknowledge({ id: UNCONFIRMED, reason: 'judged here, not deployed' });
  const topology = topologyOfShop();
  new EventBackbone(app, 'Backbone', {
    topology,
    pinSources: true,
    captureMemberLogs: true,
    kmsKey: new kms.Key(new Stack(app, 'Keys', { env: env(HUB) }), 'BackboneKey'),
  });
  new EventBackbone(app, 'Plain', { topology: plainTopology(), archive: false, captureLogs: false });
  validated(app);
  orderTeam(app, topology);
  deliveryTeam(app, topology);
  billingTeam(app, topology);
  busesAlone(app);
  streams(app);
  neighbours(app);
  busesAnywhere(app);
  return readAssembly(app.synth().directory).map((stack) => (stack.name === 'Anywhere' ? deployed(stack) : stack));
}

/** A stack without an environment, as it is in the hub's account with these parameters. */
function deployed(stack: SynthesizedStack): SynthesizedStack {
  const text = JSON.stringify(stack.template).replaceAll('{"Ref":"Accounts"}', JSON.stringify([HUB, ORDER]));
  return { ...stack, ...env(HUB), template: JSON.parse(text) };
}

const UNCONFIRMED = 'annotation::cdk-event-backbone:LocalBus.lockLevelUnconfirmed';

const env = (account: string) => ({ account, region: REGION });

function topologyOfShop(): Topology {
  return new Topology({
    name: 'acme',
    hub: env(HUB),
    organizationId: ORGANIZATION,
    members: [
      { name: 'order', account: ORDER, sources: ['order.service'] },
      { name: 'delivery', account: DELIVERY, busOwner: BusOwner.MEMBER },
      { name: 'billing', account: BILLING, sources: ['billing.service'], lockLevel: LockLevel.ROLE },
      { name: 'refunds', account: BILLING, sources: ['refunds.service'], lockLevel: LockLevel.STRICT },
      { name: 'loyalty', account: LOYALTY, lockLevel: LockLevel.STRICT },
      { name: 'audit', account: HUB, lockLevel: LockLevel.STRICT },
      { name: 'newcomer', account: NEWCOMER, state: MemberState.JOINING },
      { name: 'retired', account: RETIRED, state: MemberState.LEAVING },
      // With a filter, so that other events can be forwarded to the hub.
    ].map((member) => ({ ...member, filter: { detailTypes: ['Order.Created', 'Delivery.Updated'] } })),
  });
}

/** Nobody is in the hub's account here, and no source is pinned. */
const plainTopology = () =>
  new Topology({
    name: 'plain',
    hub: env(HUB),
    organizationId: ORGANIZATION,
    members: [{ name: 'order', account: ORDER }],
  });

/**
 * Two backbones that validate: by a queue, on two buses, under a key; and by direct invocation, on one bus, with a bucket,
 * where the hub's account is pinned to sources of its own.
 */
function validated(app: App): void {
  const schema = EventSchema.fromInline({ type: 'object' });
  const common = {
    contracts: [new EventContract({ source: 'order.service', detailType: 'Order.Created', schema })],
    archive: false,
    captureLogs: false,
  };
  const stack = new Stack(app, 'Validation', { env: env(HUB) });
  const encryptionKey = new kms.Key(stack, 'BucketKey');
  for (const name of ['checked', 'prefixed']) {
    // Of somebody else in the account.
    new events.CfnRule(stack, `OtherRuleOf-${name}`, {
      eventBusName: `${name}-global`,
      eventPattern: { source: ['x'] },
    });
  }
  const checked = { name: 'checked', hub: env(HUB), organizationId: ORGANIZATION };
  new EventBackbone(app, 'Checked', {
    ...common,
    topology: new Topology({
      ...checked,
      members: [{ name: 'order', account: ORDER }],
      delivery: { mode: DeliveryMode.VALIDATED },
    }),
    validation: { kmsKey: new kms.Key(stack, 'Key') },
  });
  new EventBackbone(app, 'Prefixed', {
    ...common,
    topology: new Topology({
      ...checked,
      name: 'prefixed',
      members: [
        { name: 'order', account: ORDER, sources: ['order.service'] },
        { name: 'platform', account: HUB, sources: ['platform.service'], busOwner: BusOwner.MEMBER },
        { name: 'delivery', account: DELIVERY, busOwner: BusOwner.MEMBER },
      ],
      delivery: { mode: DeliveryMode.VALIDATED_SAME_BUS },
    }),
    pinSources: true,
    validation: {
      transport: RepublisherTransport.DIRECT,
      quarantineBucket: new s3.Bucket(stack, 'Bucket', { encryptionKey }),
    },
  });
}

const publisher = (stack: Stack, roleName: string) =>
  new iam.Role(stack, 'Publisher', { roleName, assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

/** Publishes its own sources; its dead-letter queue has a key of its own. */
function orderTeam(app: App, topology: Topology): void {
  const stack = new Stack(app, 'OrderTeam', { env: env(ORDER) });
  const member = new BackboneMember(stack, 'Backbone', { topology, member: 'order' });
  member.grantPublish(publisher(stack, 'order-publisher'));
  const deadLetterQueue = new sqs.Queue(stack, 'OwnQueue', {
    queueName: 'order-dlq',
    encryption: sqs.QueueEncryption.KMS,
    encryptionMasterKey: new kms.Key(stack, 'QueueKey'),
    enforceSSL: true,
  });
  member.subscribe('Delivered', {
    detailType: ['Delivery.Updated'],
    target: new targets.SqsQueue(new sqs.Queue(stack, 'Deliveries', { queueName: 'deliveries' })),
    deadLetterQueue,
    ruleName: 'delivered',
  });
  const eventBus = events.EventBus.fromEventBusName(stack, 'Default', 'default');
  const forwardingRole = new ForwardingRole(stack, 'Forwarding', {
    eventBuses: [eventBus],
    roleName: 'order-forwarder',
  });
  member.forward('Findings', {
    eventBus,
    source: ['aws.guardduty'],
    detailType: ['GuardDuty Finding'],
    ruleName: 'findings',
    forwardingRole,
  });
  member.forward('Alarms', {
    eventBus,
    source: ['aws.cloudwatch'],
    detailType: ['CloudWatch Alarm State Change'],
    ruleName: 'alarms',
    forwardingRole,
  });
  // Shares the queue with a subscription, and so with a rule of another bus.
  member.forward('Health', {
    eventBus,
    source: ['aws.health'],
    detailType: ['AWS Health Event'],
    ruleName: 'health',
    forwardingRole,
    deadLetterQueue,
  });
}

/** Makes its bus itself, and publishes one kind of event. */
function deliveryTeam(app: App, topology: Topology): void {
  const stack = new Stack(app, 'DeliveryTeam', { env: env(DELIVERY) });
  const member = new BackboneMember(stack, 'Backbone', { topology, member: 'delivery' });
  member.grantPublish(publisher(stack, 'delivery-publisher'), {
    sources: ['delivery.service'],
    detailTypes: ['Delivery.Updated'],
  });
  const role = new iam.Role(stack, 'FunctionRole', {
    roleName: 'on-order-created',
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  });
  const onOrderCreated = new lambda.Function(stack, 'OnOrderCreated', {
    functionName: 'on-order-created',
    role,
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
  });
  member.subscribe('OrderCreated', {
    detailType: ['Order.Created'],
    target: new targets.LambdaFunction(onOrderCreated),
    ruleName: 'order-created',
  });
  const eventBus = new events.EventBus(stack, 'Legacy', { eventBusName: 'legacy' });
  member.forward('OfLegacy', {
    eventBus,
    source: ['legacy.service'],
    detailType: ['Legacy.Done'],
    forwardingRole: new ForwardingRole(stack, 'Forwarding', { eventBuses: [eventBus], roleName: 'delivery-forwarder' }),
  });
}

/** Shares its account with another member. */
function billingTeam(app: App, topology: Topology): void {
  const stack = new Stack(app, 'BillingTeam', { env: env(BILLING) });
  new BackboneMember(stack, 'Backbone', { topology, member: 'billing' }).grantPublish(
    publisher(stack, 'billing-publisher'),
  );
}

/** Buses without a topology: accounts alone, units of an organisation, and keys for each purpose. */
function busesAlone(app: App): void {
  const stack = new Stack(app, 'Alone', { env: env(HUB) });
  const accounts = new GlobalBus(stack, 'Accounts', {
    eventBusName: 'accounts',
    accounts: [ORDER, DELIVERY, BILLING],
    sourcePins: [
      { account: ORDER, sources: ['order.service', 'shared.service'] },
      { account: DELIVERY, sources: ['shared.service'] },
    ],
    reservedSourcePrefixes: ['checked.'],
    kmsKey: new kms.Key(stack, 'BusKey'),
    logging: {},
  });
  accounts.archive('Archive', { retention: Duration.days(7), kmsKey: new kms.Key(stack, 'ArchiveKey') });
  accounts.captureLogs('Log', { encryptionKey: new kms.Key(stack, 'LogKey') });
  const guest = iam.Role.fromRoleArn(stack, 'Guest', `arn:aws:iam::${SANDBOX}:role/guest`);
  accounts.grantPublish(guest, { sources: ['guest.service'] });
  new GlobalBus(stack, 'Units', {
    eventBusName: 'units',
    organizationId: ORGANIZATION,
    organizationPaths: [`${UNIT}*`],
    reservedSourcePrefixes: [],
  });
  new LocalBus(stack, 'Ledger', {
    eventBusName: 'ledger',
    hubAccount: HUB,
    lockLevel: LockLevel.ROLE,
    forwardingRoleArn: `arn:aws:iam::${HUB}:role/acme-forwarder-${REGION}`,
  });

  const member = new Stack(app, 'KeyedMember', { env: env(LOYALTY) });
  new LocalBus(member, 'Keyed', { eventBusName: 'keyed', hubAccount: HUB, kmsKey: new kms.Key(member, 'Key') });
}

/** Buses whose Allow is for everybody. */
function busesAnywhere(app: App): void {
  const stack = new Stack(app, 'Anywhere');
  new GlobalBus(stack, 'Listed', {
    eventBusName: 'listed',
    organizationId: ORGANIZATION,
    accounts: [HUB, ORDER],
    reservedSourcePrefixes: [],
  });
  new GlobalBus(stack, 'ByParameter', {
    eventBusName: 'by-parameter',
    accounts: new CfnParameter(stack, 'Accounts', { type: 'CommaDelimitedList' }).valueAsList,
    reservedSourcePrefixes: [],
  });
  const granted = new GlobalBus(new Stack(app, 'Granted', { env: env(HUB) }), 'Granted', {
    eventBusName: 'granted',
    accounts: [ORDER],
    reservedSourcePrefixes: [],
  });
  granted.grantPublish(new iam.OrganizationPrincipal(ORGANIZATION), { sources: ['granted.service'] });
}

const BACKBONES = ['acme', 'plain', 'checked', 'prefixed'];
const NAMES_OUTSIDE = [
  ...BACKBONES.map((name) => `${name}-order`),
  ...['acme-global', 'checked-published', 'prefixed-global', 'prefixed-platform', 'prefixed-delivery'],
];

/** What policies could reach that say a little more than they do: they admit whoever asks. */
function neighbours(app: App): void {
  const open = (stack: Stack, ...names: string[]) =>
    names.forEach((name) => {
      const eventBusArn = stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: name });
      const Principal = { AWS: [HUB, ORDER, DELIVERY, BILLING] };
      const Statement = { Effect: 'Allow', Principal, Action: 'events:PutEvents', Resource: eventBusArn };
      new events.CfnEventBus(stack, name, { name, policy: { Version: '2012-10-17', Statement } });
    });
  const hub = new Stack(app, 'BesideHub', { env: env(HUB) });
  open(hub, 'acme-global-2', 'checked-published-2', 'prefixed-global-2', 'prefixed-platform-2');
  // Of teams, by hand.
  open(hub, 'prefixed-platform');
  open(new Stack(app, 'BesideDelivery', { env: env(DELIVERY) }), 'prefixed-delivery', 'prefixed-delivery-2');
  new kinesis.Stream(hub, 'Stream', { streamName: 'live-2' });
  open(new Stack(app, 'BesideOrder', { env: env(ORDER) }), ...BACKBONES.map((name) => `${name}-order-2`));
  open(new Stack(app, 'Outside', { env: env(OUTSIDER) }), ...NAMES_OUTSIDE);
}

/** Every event of a bus in Kinesis, and in S3. */
function streams(app: App): void {
  const stack = new Stack(app, 'Streams', { env: env(HUB) });
  const eventBus = new events.EventBus(stack, 'Bus', { eventBusName: 'streamed' });
  const live = new kinesis.Stream(stack, 'Live', {
    streamName: 'live',
    encryptionKey: new kms.Key(stack, 'LiveKey'),
  });
  new CatchAllStreamRule(stack, 'ToLive', { eventBus, stream: live });
  new CatchAllStreamRule(stack, 'ToS3', { eventBus, encryptionKey: new kms.Key(stack, 'LakeKey') });
  // Of somebody else in the account.
  new kinesis.Stream(stack, 'OtherStream', { streamName: 'other' });
  new s3.Bucket(stack, 'OtherBucket');
  new logs.LogGroup(stack, 'OtherGroup');
}
