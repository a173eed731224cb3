import { App, CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import {
  BackboneMember,
  BusOwner,
  EventBackbone,
  GlobalBus,
  LocalBus,
  LogGroupTarget,
  Topology,
  type EventBusLogging,
} from '../../src';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme.global';
const LOGS_OF_ACCOUNT = 'arn:aws:logs:eu-west-1:111111111111:*';
const GROUP = '/aws/vendedlogs/events/event-bus/acme.global';

const newStack = () => new Stack(new App(), 'Hub', { env: ENV });

function busWith(logging?: EventBusLogging, kmsKey?: kms.IKey, stack = newStack()) {
  const bus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme.global', accounts: ['222222222222'], logging, kmsKey });
  return { bus, stack, template: Template.fromStack(stack) };
}

const of = (template: Template, type: string): any[] =>
  Object.entries(template.findResources(type)).map(([id, resource]) => ({ id, ...resource }));

test('a bus writes no log unless asked for', () => {
  for (const { bus, template } of [busWith(), busWith({ level: events.Level.OFF })]) {
    expect(bus.logGroup).toBeUndefined();
    expect(of(template, 'AWS::Events::EventBus')[0].Properties).not.toHaveProperty('LogConfig');
    template.resourceCountIs('AWS::Logs::DeliverySource', 0);
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
  }
});

test.each([
  [events.Level.ERROR, ['ERROR_LOGS']],
  [undefined, ['ERROR_LOGS', 'INFO_LOGS']],
  [events.Level.INFO, ['ERROR_LOGS', 'INFO_LOGS']],
  [events.Level.TRACE, ['ERROR_LOGS', 'INFO_LOGS', 'TRACE_LOGS']],
])('level %s has a source and a delivery for each type of records', (level, types) => {
  const { template } = busWith({ level });
  expect(of(template, 'AWS::Events::EventBus')[0].Properties.LogConfig).toEqual({
    Level: level ?? 'INFO',
    IncludeDetail: 'NONE',
  });
  const sources = of(template, 'AWS::Logs::DeliverySource');
  expect(sources.map(({ Properties }) => Properties)).toEqual(
    types.map((type) => ({
      Name: `acme-global-465ab261-${type.toLowerCase().replace('_', '-')}`,
      ResourceArn: BUS_ARN,
      LogType: type,
    })),
  );
  const [destination, ...others] = of(template, 'AWS::Logs::DeliveryDestination');
  expect(others).toEqual([]);
  const deliveries = of(template, 'AWS::Logs::Delivery');
  expect(deliveries.map(({ Properties }) => Properties)).toEqual(
    sources.map(({ Properties }) => ({
      DeliverySourceName: Properties.Name,
      DeliveryDestinationArn: { 'Fn::GetAtt': [destination.id, 'Arn'] },
    })),
  );
  // By name nothing would be ordered.
  const bus = of(template, 'AWS::Events::EventBus')[0].id;
  deliveries.forEach(({ DependsOn }, i) => {
    expect(DependsOn).toEqual(expect.arrayContaining([sources[i].id, i === 0 ? bus : deliveries[i - 1].id]));
    expect(sources[i].DependsOn).toContain(bus);
  });
});

test('the log group admits the delivery of logs, and nothing of other accounts', () => {
  const { bus, stack, template } = busWith({});
  const [group] = of(template, 'AWS::Logs::LogGroup');
  expect(group.Properties).toEqual({
    LogGroupName: GROUP,
    RetentionInDays: 30,
    ResourcePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'EventBusLogs',
          Effect: 'Allow',
          Principal: { Service: 'delivery.logs.amazonaws.com' },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: `arn:aws:logs:eu-west-1:111111111111:log-group:${GROUP}:*`,
          Condition: {
            StringEquals: { 'aws:SourceAccount': ENV.account },
            ArnLike: { 'aws:SourceArn': LOGS_OF_ACCOUNT },
          },
        },
      ],
    },
  });
  expect(group.DeletionPolicy).toBe('Retain');
  expect(of(template, 'AWS::Logs::DeliveryDestination')[0]).toMatchObject({
    Properties: { Name: 'acme-global-465ab261-logs', OutputFormat: 'json' },
    DependsOn: [group.id],
  });
  expect(stack.resolve(of(template, 'AWS::Logs::DeliveryDestination')[0].Properties.DestinationResourceArn)).toEqual({
    'Fn::Join': ['', ['arn:aws:logs:eu-west-1:111111111111:log-group:', { Ref: group.id }]],
  });
  expect(stack.resolve(bus.logGroup!.logGroupName)).toEqual({ Ref: group.id });
  template.resourceCountIs('AWS::Logs::ResourcePolicy', 0);
});

test('retention, removal and detail are as asked for; the removal policy of the bus holds for its log', () => {
  const { template } = busWith({
    retention: logs.RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
    includeDetail: events.IncludeDetail.FULL,
  });
  template.hasResource('AWS::Logs::LogGroup', {
    Properties: { RetentionInDays: 365 },
    DeletionPolicy: 'Delete',
  });
  expect(of(template, 'AWS::Events::EventBus')[0].Properties.LogConfig.IncludeDetail).toBe('FULL');
  const stack = newStack();
  new LocalBus(stack, 'Local', {
    eventBusName: 'local',
    hubAccount: '222222222222',
    removalPolicy: RemovalPolicy.DESTROY,
    logging: {},
  });
  Template.fromStack(stack).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
});

test('records are encrypted on their way with the key of the bus, and at rest with that of the log group', () => {
  const stack = newStack();
  const [ofBus, ofLog] = ['OfBus', 'OfLog'].map((id) => new kms.Key(stack, id));
  const { template } = busWith({ encryptionKey: ofLog }, ofBus, stack);
  const statements = (key: kms.Key) =>
    of(template, 'AWS::KMS::Key').find(({ id }) => id === stack.getLogicalId(key.node.defaultChild as kms.CfnKey))
      .Properties.KeyPolicy.Statement;
  const onTheWay = (service: string, actions: string | string[]) => ({
    Effect: 'Allow',
    Principal: { Service: service },
    Action: actions,
    Resource: '*',
    Condition: { StringLike: { 'kms:EncryptionContext:SourceArn': LOGS_OF_ACCOUNT } },
  });
  expect(statements(ofBus)).toEqual(
    expect.arrayContaining([
      onTheWay('events.amazonaws.com', 'kms:GenerateDataKey'),
      onTheWay('delivery.logs.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']),
    ]),
  );
  expect(JSON.stringify(statements(ofLog))).toContain(`log-group:${GROUP}`);
  expect(JSON.stringify(statements(ofLog))).not.toContain('events.amazonaws.com');
});

test('events that a key of the owner encrypts should not lie open in a log', () => {
  const warnings = (logging: (stack: Stack) => EventBusLogging) => {
    const stack = newStack();
    busWith(logging(stack), new kms.Key(stack, 'OfBus'), stack);
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('LogGroup.withoutKey'));
  };
  const full = { includeDetail: events.IncludeDetail.FULL };
  const key = (stack: Stack) => new kms.Key(stack, 'OfLog');
  const group = (stack: Stack, encryptionKey?: kms.Key) =>
    new logs.LogGroup(stack, 'Mine', { logGroupName: 'mine', encryptionKey });
  expect(warnings(() => full)).toHaveLength(1);
  expect(warnings((stack) => ({ ...full, logGroup: group(stack) }))).toHaveLength(1);
  expect(warnings((stack) => ({ ...full, encryptionKey: key(stack) }))).toEqual([]);
  expect(warnings((stack) => ({ ...full, logGroup: group(stack, key(stack)) }))).toEqual([]);
  // Without the events there is nothing to hide.
  expect(warnings(() => ({}))).toEqual([]);
});

describe("a log group of one's own", () => {
  test('gets the statement beside those that it has', () => {
    const stack = newStack();
    const logGroup = new logs.LogGroup(stack, 'Mine', { logGroupName: 'mine' });
    new events.Rule(stack, 'Rule', {
      eventBus: events.EventBus.fromEventBusArn(stack, 'Same', BUS_ARN),
      eventPattern: { source: ['x'] },
      targets: [new LogGroupTarget(logGroup)],
    });
    const { template } = busWith({ logGroup }, undefined, stack);
    const [{ Properties }] = of(template, 'AWS::Logs::LogGroup');
    expect(Properties.ResourcePolicyDocument.Statement.map(({ Sid }: any) => Sid)).toEqual([
      'EventBridgeRules',
      'EventBusLogs',
    ]);
  });

  test('may be that of several buses', () => {
    const stack = newStack();
    const logGroup = new logs.LogGroup(stack, 'Mine', { logGroupName: 'mine' });
    for (const eventBusName of ['one', 'two']) {
      new GlobalBus(stack, eventBusName, { eventBusName, logging: { logGroup } });
    }
    const template = Template.fromStack(stack);
    expect(of(template, 'AWS::Logs::LogGroup')[0].Properties.ResourcePolicyDocument.Statement).toHaveLength(1);
    template.resourceCountIs('AWS::Logs::DeliveryDestination', 2);
  });

  test('has a policy that is not ours to change: a warning says what it needs', () => {
    const stack = newStack();
    const logGroup = logs.LogGroup.fromLogGroupName(stack, 'Theirs', 'theirs');
    busWith({ logGroup }, undefined, stack);
    Annotations.fromStack(stack).hasWarning(
      '/Hub/Bus/EventBusLogs',
      Match.stringLikeRegexp(
        'log group theirs is not ours to change. Unless it admits delivery.logs.amazonaws.com.*LogGroup.policyNotChanged',
      ),
    );
  });

  test('must be beside the bus', () => {
    for (const place of ['us-east-1:111111111111', 'eu-west-1:999999999999']) {
      const stack = newStack();
      const logGroup = logs.LogGroup.fromLogGroupArn(stack, 'Far', `arn:aws:logs:${place}:log-group:theirs`);
      expect(() => busWith({ logGroup }, undefined, stack)).toThrow(
        `the log group Hub/Far is in ${place.split(':').reverse().join('/')}, the bus in 111111111111/eu-west-1: pass a log group beside the bus, or none for a new one (TargetElsewhere)`,
      );
    }
  });

  test('takes no options for a new one', () => {
    const options: EventBusLogging[] = [
      { retention: logs.RetentionDays.ONE_DAY },
      { encryptionKey: new kms.Key(newStack(), 'Key') },
      { removalPolicy: RemovalPolicy.DESTROY },
    ];
    for (const option of options) {
      const stack = newStack();
      const logGroup = new logs.LogGroup(stack, 'Mine', { logGroupName: 'mine' });
      expect(() => busWith({ logGroup, ...option }, undefined, stack)).toThrow(
        `${Object.keys(option)[0]} is for a new log group, and a logGroup was given: set it there, or leave one of the two out (LoggingOptionInvalid)`,
      );
    }
  });

  test('needs a name', () => {
    const stack = newStack();
    expect(() => busWith({ logGroup: new logs.LogGroup(stack, 'Unnamed') }, undefined, stack)).toThrow(
      'log group Hub/Unnamed has no name, which its own policy needs: give it a logGroupName (LogGroupNameInvalid)',
    );
  });
});

test.each([
  ['long', ['a', 'b'].map((last) => `${'x'.repeat(255)}${last}`)],
  ['with dots', ['acme.order', 'acme-order']],
])('names of buses %s are made to fit, and stay apart', (_, [first, second]) => {
  const stack = newStack();
  new GlobalBus(stack, 'First', { eventBusName: first, logging: { level: events.Level.TRACE } });
  new GlobalBus(stack, 'Second', { eventBusName: second, logging: { level: events.Level.TRACE } });
  const names = ['AWS::Logs::DeliverySource', 'AWS::Logs::DeliveryDestination'].flatMap((type) =>
    of(Template.fromStack(stack), type).map(({ Properties }) => Properties.Name),
  );
  expect(new Set(names).size).toBe(8);
  for (const name of names) expect(name).toMatch(/^[\w-]{1,60}$/);
});

test('a bus whose name only the deployment knows gives its logs names all the same', () => {
  const stack = new Stack(new App(), 'Anywhere');
  const eventBusName = new CfnParameter(stack, 'Name').valueAsString;
  new GlobalBus(stack, 'Bus', { eventBusName, logging: {} });
  const sources = of(Template.fromStack(stack), 'AWS::Logs::DeliverySource');
  const names = sources.map(({ Properties }) => Properties.Name);
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^Anywhere-Bus-EventBusLogs-[\w-]{1,34}$/);
});

describe('a backbone', () => {
  const topology = (hub: object = {}) =>
    new Topology({ name: 'acme', hub: { ...ENV, ...hub }, members: [{ name: 'order', account: '222222222222' }] });

  test('logs its global bus', () => {
    const { hubStack } = new EventBackbone(new App(), 'Backbone', { topology: topology(), logging: {} });
    Template.fromStack(hubStack).resourceCountIs('AWS::Logs::Delivery', 2);
  });

  test('logs the local buses that it makes, kept as long as its other logs', () => {
    const app = new App();
    const { memberStacks } = new EventBackbone(app, 'Backbone', {
      topology: topology(),
      memberLogging: { level: events.Level.ERROR },
      logRetention: logs.RetentionDays.ONE_YEAR,
    });
    const template = Template.fromStack(memberStacks.order);
    template.resourceCountIs('AWS::Logs::Delivery', 1);
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });

  test('encrypts logs with its key unless they have their own', () => {
    const given = (logging: (stack: Stack) => EventBusLogging) => {
      const app = new App();
      const hubStack = new Stack(app, 'Hub', { env: ENV });
      const kmsKey = new kms.Key(hubStack, 'Key');
      new EventBackbone(app, 'Backbone', { topology: topology(), hubStack, kmsKey, logging: logging(hubStack) });
      expect(Annotations.fromStack(hubStack).findWarning('*', Match.stringLikeRegexp('withoutKey'))).toEqual([]);
      return of(Template.fromStack(hubStack), 'AWS::Logs::LogGroup')
        .map(({ Properties }) => Properties.KmsKeyId['Fn::GetAtt'][0].slice(0, 3))
        .sort();
    };
    expect(given(() => ({}))).toEqual(['Key', 'Key']);
    expect(given((stack) => ({ encryptionKey: new kms.Key(stack, 'Own') }))).toEqual(['Key', 'Own']);
  });

  test('has members that log buses of their own, and no others', () => {
    const logging = { level: events.Level.ERROR };
    const make = (busOwner?: BusOwner) => {
      const stack = new Stack(new App(), 'Order', { env: { account: '222222222222', region: 'eu-west-1' } });
      const members = [{ name: 'order', account: '222222222222', busOwner }];
      new BackboneMember(stack, 'Backbone', {
        topology: new Topology({ name: 'acme', hub: ENV, members }),
        member: 'order',
        logging,
      });
      return Template.fromStack(stack);
    };
    make(BusOwner.MEMBER).resourceCountIs('AWS::Logs::Delivery', 1);
    expect(() => make()).toThrow(
      "the local bus of order is made by the hub's app, so its log is a matter of that (memberLogging of EventBackbone): leave logging out, or let the member own its bus in the topology (LoggingOptionInvalid)",
    );
  });

  test('does not touch a bus that exists already', () => {
    const existing = topology({ eventBusName: 'legacy', existingEventBus: true });
    expect(() => new EventBackbone(new App(), 'Backbone', { topology: existing, logging: {} })).toThrow(
      'leave logging out (ExistingEventBus)',
    );
  });
});
