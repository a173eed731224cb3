import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  DeliveryMode,
  EventBackbone,
  EventContract,
  EventSchema,
  GlobalBus,
  MemberState,
  RepublisherTransport,
  Topology,
  UnknownEvents,
  ValidationMode,
  type EventBackboneProps,
  type TopologyDelivery,
  type TopologyMember,
  type TopologyProps,
  type ValidationOptions,
} from '../../src';
import { assetOf, filesIn } from '../validation/synthesized-asset';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const ORDER: TopologyMember = { name: 'order', account: '222222222222' };
const DELIVERY: TopologyMember = { name: 'delivery', account: '333333333333' };
const LOYALTY: TopologyMember = { name: 'loyalty', account: '444444444444' };
const MEMBERS = [ORDER, DELIVERY, LOYALTY];
const GLOBAL_RULES = 'arn:aws:events:eu-west-1:111111111111:rule/acme-global/*';
const PUBLISHED_RULES = 'arn:aws:events:eu-west-1:111111111111:rule/acme-published/*';

const PLAIN: TopologyDelivery = { mode: DeliveryMode.PLAIN };
const VALIDATED: TopologyDelivery = { mode: DeliveryMode.VALIDATED };
const SAME_BUS: TopologyDelivery = { mode: DeliveryMode.VALIDATED_SAME_BUS };
const AUDIT = { mode: ValidationMode.AUDIT };
const OBSERVE = { mode: ValidationMode.OBSERVE };

function contract(source: string, detailType: string, owner?: string) {
  const schema = EventSchema.fromInline({ required: ['id'], properties: { id: { type: 'string' } } });
  return new EventContract({ source, detailType, schema, owner });
}

const CONTRACTS = [contract('order.service', 'Order.Created'), contract('delivery.service', 'Delivery.Updated')];

const topologyOf = (delivery: TopologyDelivery, members = MEMBERS, more: Partial<TopologyProps> = {}) =>
  new Topology({ name: 'acme', hub: HUB, organizationId: 'o-abc1234567', members, delivery, ...more });

interface Setting {
  readonly delivery?: TopologyDelivery;
  readonly members?: TopologyMember[];
  readonly topology?: Partial<TopologyProps>;
  readonly props?: Partial<EventBackboneProps>;
}

function synthesize({ delivery = VALIDATED, members, topology: more, props }: Setting = {}) {
  const app = new App();
  const topology = topologyOf(delivery, members, more);
  const backbone = new EventBackbone(app, 'Backbone', { topology, contracts: CONTRACTS, ...props });
  const hub = () => Template.fromStack(backbone.hubStack);
  const routes = () => Template.fromStack(backbone.routesStack);
  return { app, topology, backbone, hub, routes };
}

const propertiesOf = (template: Template, type: string): any[] =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);

const fanOutRules = (template: Template) =>
  propertiesOf(template, 'AWS::Events::Rule').filter(({ Name }) => /^(valid-)?to-/.test(Name));

const manifestOf = (backbone: EventBackbone) => JSON.parse(filesIn(assetOf(backbone.hubStack))['manifest.json']);

const pager = { bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-west-1:111111111111:pager' }) };

describe('which bus the fan-out rules read', () => {
  test.each([
    ['plain', PLAIN, 'acme-global'],
    ['validated', VALIDATED, 'acme-published'],
    ['validated, on one bus', SAME_BUS, 'acme-global'],
  ])('%s: there is one rule for each member', (_, delivery, bus) => {
    const { backbone, hub, routes } = synthesize({ delivery });

    const prefix = delivery === VALIDATED ? 'valid-' : '';
    expect(fanOutRules(routes()).map(({ Name, EventBusName }) => [Name, EventBusName])).toEqual([
      [`${prefix}to-order`, bus],
      [`${prefix}to-delivery`, bus],
      [`${prefix}to-loyalty`, bus],
    ]);
    routes().resourceCountIs('AWS::Events::Rule', 3);
    // The catch-all log, and what takes events to the republisher.
    hub().resourceCountIs('AWS::Events::Rule', delivery === PLAIN ? 1 : 2);
    expect(Object.keys(backbone.fanOutRules)).toEqual(['order', 'delivery', 'loyalty']);
  });

  test('the rules of the published bus wait for valid events, and for notices about their member', () => {
    const { routes } = synthesize();

    expect(fanOutRules(routes())[0]).toEqual({
      Name: 'valid-to-order',
      EventBusName: 'acme-published',
      EventPattern: {
        account: ['111111111111'],
        $or: [
          {
            detail: { metadata: { origin: { account: [{ 'anything-but': ['222222222222'] }] } } },
            source: [{ 'anything-but': { prefix: ['invalid.'] } }],
          },
          {
            source: [{ prefix: 'invalid.' }],
            detail: { metadata: { origin: { account: ['222222222222'] } } },
          },
        ],
      },
      State: 'ENABLED',
      Targets: [
        {
          Id: 'LocalBus',
          Arn: 'arn:aws:events:eu-west-1:222222222222:event-bus/acme-order',
          RoleArn: 'arn:aws:iam::111111111111:role/acme-forwarder-eu-west-1',
          DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-1:111111111111:acme-fan-out-dlq' },
        },
      ],
    });
  });

  test('leave out replays where that is asked for, of valid and of raw events', () => {
    const { routes } = synthesize({ props: { excludeReplays: true } });

    const [valid] = fanOutRules(routes())[0].EventPattern.$or;
    expect(valid).toMatchObject({
      'replay-name': [{ exists: false }],
      detail: { metadata: { origin: { replayName: [{ exists: false }] } } },
    });
  });

  test.each([['valid-to-delivery'], ['valid-to-loyalty']])('a member that is not active has no rule: %s', (name) => {
    const members = [ORDER, { ...DELIVERY, state: MemberState.JOINING }, { ...LOYALTY, state: MemberState.LEAVING }];

    expect(fanOutRules(synthesize({ members }).routes()).map(({ Name }) => Name)).not.toContain(name);
  });
});

describe('both buses', () => {
  test.each<[string, Setting, string[]]>([
    ['plain', { delivery: PLAIN }, [GLOBAL_RULES]],
    ['plain, observed', { delivery: PLAIN, props: { validation: OBSERVE } }, [GLOBAL_RULES]],
    ['plain, audited', { delivery: PLAIN, props: { validation: AUDIT } }, [GLOBAL_RULES, PUBLISHED_RULES]],
    ['validated', {}, [GLOBAL_RULES, PUBLISHED_RULES]],
    ['validated, on one bus', { delivery: SAME_BUS }, [GLOBAL_RULES]],
  ])(
    '%s: the forwarding role and the dead-letter queue admit the rules of the buses that there are',
    (_, setting, rules) => {
      const { hub } = synthesize(setting);

      const [role] = propertiesOf(hub(), 'AWS::IAM::Role').filter(
        ({ RoleName }) => RoleName === 'acme-forwarder-eu-west-1',
      );
      const { Condition } = role.AssumeRolePolicyDocument.Statement[0];
      expect([Condition.ArnLike['aws:SourceArn']].flat()).toEqual(rules);
      const [queue] = Object.entries(hub().findResources('AWS::SQS::QueuePolicy')).filter(([id]) => /FanOut/.test(id));
      const [, allow] = queue[1].Properties.PolicyDocument.Statement;
      expect([allow.Condition.ArnLike['aws:SourceArn']].flat()).toEqual(rules);
      expect(queue[1].Properties.PolicyDocument.Statement).toHaveLength(2);
    },
  );

  test('need no further statement of any policy, in no stack', () => {
    const { app } = synthesize();

    for (const stack of app.synth().stacksRecursively) expect(stack.messages).toEqual([]);
  });

  test('share what the rules of the backbone use, also for rules that somebody adds', () => {
    const { backbone, hub } = synthesize();
    const other = GlobalBus.fromEventBusArn(
      backbone.hubStack,
      'Other',
      'arn:aws:events:eu-west-1:999999999999:event-bus/other',
    );

    backbone.publishedBus!.fanOutTo('ToOther', other);

    hub().resourcePropertiesCountIs('AWS::IAM::Role', { RoleName: 'acme-forwarder-eu-west-1' }, 1);
    hub().resourceCountIs('AWS::IAM::Role', 2);
    expect(
      propertiesOf(hub(), 'AWS::Events::Rule').find(({ EventBusName }) => EventBusName === 'acme-published'),
    ).toMatchObject({
      Targets: [{ Arn: 'arn:aws:events:eu-west-1:999999999999:event-bus/other' }],
    });
    expect(JSON.stringify(propertiesOf(hub(), 'AWS::IAM::ManagedPolicy'))).toContain('event-bus/other');
  });

  test('are watched', () => {
    const { backbone, hub } = synthesize({ props: { alarmActions: [pager] } });

    const acting = propertiesOf(hub(), 'AWS::CloudWatch::Alarm').filter(
      ({ AlarmActions }) => AlarmActions?.length === 1,
    );
    expect(acting).toHaveLength(backbone.alarms.length);
    const watched = acting.flatMap(({ Metrics }) => Metrics ?? []).map(({ Expression }) => Expression ?? '');
    for (const bus of ['acme-global', 'acme-published']) {
      expect(watched.join()).toContain(`'${bus}'`);
    }
    expect(backbone.alarms).toEqual(expect.arrayContaining(backbone.republisher!.alarms));
  });
});

describe('the published bus', () => {
  test('admits the republisher by the name of its role, and nobody else', () => {
    const { hub } = synthesize({ topology: { rolePath: '/backbone/' } });

    hub().hasResourceProperties('AWS::Events::EventBusPolicy', {
      EventBusName: { Ref: Match.stringLikeRegexp('PublishedBus') },
      Statement: {
        Sid: 'OnlyRepublisher',
        Effect: 'Deny',
        Condition: {
          ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/backbone/acme-republisher-eu-west-1' },
        },
      },
    });
    hub().hasResourceProperties('AWS::IAM::Role', { RoleName: 'acme-republisher-eu-west-1', Path: '/backbone/' });
  });

  test('and the role have the names that the topology gives', () => {
    const hubNames = { ...HUB, publishedEventBusName: 'acme-valid', republisherRoleName: 'validator' };
    const { backbone, hub, routes } = synthesize({ topology: { hub: hubNames } });

    expect(backbone.publishedBus!.eventBusName).toBe('acme-valid');
    expect(fanOutRules(routes())[0].EventBusName).toBe('acme-valid');
    hub().hasResourceProperties('AWS::IAM::Role', { RoleName: 'validator' });
    expect(JSON.stringify(hub().findResources('AWS::Events::EventBusPolicy'))).toContain(':role/validator');
  });

  test('is there only where somebody reads or fills it', () => {
    const made = (setting: Setting) => synthesize(setting).backbone.publishedBus !== undefined;

    expect(made({})).toBe(true);
    expect(made({ delivery: PLAIN, props: { validation: AUDIT } })).toBe(true);
    expect(made({ delivery: PLAIN, props: { validation: {} } })).toBe(true);
    expect(made({ delivery: PLAIN, props: { validation: OBSERVE } })).toBe(false);
    expect(made({ delivery: PLAIN })).toBe(false);
    expect(made({ delivery: SAME_BUS })).toBe(false);
  });

  test('has the key and the log of the backbone, and goes and stays with it', () => {
    const app = new App();
    const kmsKey = new kms.Key(new Stack(app, 'Keys', { env: HUB }), 'Key');
    const backbone = new EventBackbone(app, 'Backbone', {
      topology: topologyOf(VALIDATED),
      contracts: CONTRACTS,
      kmsKey,
      logging: { level: events.Level.ERROR },
      logRetention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    const hub = Template.fromStack(backbone.hubStack);
    hub.hasResource('AWS::Events::EventBus', {
      Properties: { Name: 'acme-published', KmsKeyIdentifier: Match.anyValue(), LogConfig: { Level: 'ERROR' } },
      DeletionPolicy: 'Retain',
    });
    for (const { KmsKeyId, RetentionInDays } of propertiesOf(hub, 'AWS::Logs::LogGroup')) {
      expect([RetentionInDays, KmsKeyId !== undefined]).toEqual([7, true]);
    }
    for (const [id, { Properties, DeletionPolicy }] of Object.entries(hub.findResources('AWS::SQS::Queue'))) {
      expect(DeletionPolicy).toBe('Retain');
      expect(Properties.KmsMasterKeyId !== undefined).toBe(id.startsWith('Republisher'));
    }
  });
});

describe('reserved prefixes', () => {
  const reserved = (setting: Setting) =>
    propertiesOf(synthesize(setting).hub(), 'AWS::Events::EventBusPolicy')
      .map(({ Statement }) => Statement)
      .find(({ Sid }) => Sid === 'ReservedSources').Condition;
  const republisher = { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/acme-republisher-eu-west-1' };

  test.each<[string, Setting, object]>([
    ['plain: nobody', { delivery: PLAIN }, {}],
    ['validated: the republisher publishes elsewhere, so nobody', {}, {}],
    ['on one bus: the republisher', { delivery: SAME_BUS }, { ArnNotEquals: republisher }],
  ])('may be sent by whom, %s', (_, setting, exempt) => {
    expect(reserved(setting)).toEqual({
      'ForAnyValue:StringLike': { 'events:source': ['valid.*', 'invalid.*'] },
      ...exempt,
    });
  });

  test('are those of the topology, everywhere', () => {
    const delivery = { ...SAME_BUS, validPrefix: 'good.', invalidPrefix: 'bad.' };
    const { backbone, hub, routes } = synthesize({ delivery });

    expect(reserved({ delivery })['ForAnyValue:StringLike']['events:source']).toEqual(['good.*', 'bad.*']);
    expect(manifestOf(backbone)).toMatchObject({
      sourcePrefix: 'good.',
      noticePrefix: 'bad.',
      reservedPrefixes: ['good.', 'bad.'],
    });
    const [input] = propertiesOf(hub(), 'AWS::Events::Rule').filter(({ Targets }) => Targets[0].Id === 'Queue');
    expect(input.EventPattern).toEqual({ source: [{ 'anything-but': { prefix: ['good.', 'bad.'] } }] });
    expect(fanOutRules(routes())[0].EventPattern.$or.map(({ source }: any) => source)).toEqual([
      [{ prefix: 'good.' }],
      [{ prefix: 'bad.' }],
    ]);
    hub().hasResourceProperties('AWS::Events::Archive', { EventPattern: { source: [{ prefix: 'good.' }] } });
  });

  test('of notices are those of the topology on two buses, too', () => {
    const { backbone, hub, routes } = synthesize({ delivery: { ...VALIDATED, invalidPrefix: 'bad.' } });

    expect(manifestOf(backbone)).toMatchObject({ sourcePrefix: '', noticePrefix: 'bad.' });
    expect(JSON.stringify(fanOutRules(routes()))).not.toContain('invalid.');
    hub().hasResourceProperties('AWS::Events::Archive', {
      EventPattern: { source: [{ 'anything-but': { prefix: ['bad.'] } }] },
    });
  });
});

describe('the archive', () => {
  const WITHOUT_NOTICES = { source: [{ 'anything-but': { prefix: ['invalid.'] } }] };

  test.each<[string, Setting, string, object | undefined]>([
    ['plain: raw events', { delivery: PLAIN }, 'acme-global', undefined],
    ['plain, audited: raw events', { delivery: PLAIN, props: { validation: AUDIT } }, 'acme-global', undefined],
    ['validated: valid events', {}, 'acme-published', WITHOUT_NOTICES],
    ['validated, on request: raw events', { props: { archiveRawEvents: true } }, 'acme-global', undefined],
    ['on one bus: valid events', { delivery: SAME_BUS }, 'acme-global', { source: [{ prefix: 'valid.' }] }],
    [
      'on one bus, on request: raw events',
      { delivery: SAME_BUS, props: { archiveRawEvents: true } },
      'acme-global',
      { source: [{ 'anything-but': { prefix: ['valid.', 'invalid.'] } }] },
    ],
  ])('keeps one of the two, %s', (_, setting, bus, pattern) => {
    const { backbone, hub } = synthesize({
      ...setting,
      props: { archiveRetention: Duration.days(7), ...setting.props },
    });

    const archives = propertiesOf(hub(), 'AWS::Events::Archive');
    expect(archives).toHaveLength(1);
    expect(archives[0]).toMatchObject({
      SourceArn: `arn:aws:events:eu-west-1:111111111111:event-bus/${bus}`,
      RetentionDays: 7,
    });
    expect(archives[0].EventPattern).toEqual(pattern);
    expect(backbone.archive).toBeDefined();
  });

  test('is left out on request', () => {
    synthesize({ props: { archive: false } })
      .hub()
      .resourceCountIs('AWS::Events::Archive', 0);
  });
});

describe('owners of sources', () => {
  const ownersIn = (members: TopologyMember[], contracts: EventContract[]) =>
    manifestOf(synthesize({ members, props: { contracts } }).backbone).owners;

  test('are the members that list them, and the owners of contracts', () => {
    const members = [{ ...ORDER, sources: ['order.service', 'order.batch'] }, DELIVERY, LOYALTY];

    expect(
      ownersIn(members, [contract('order.service', 'A', 'order'), contract('delivery.service', 'B', 'delivery')]),
    ).toEqual({
      'order.service': [ORDER.account],
      'order.batch': [ORDER.account],
      'delivery.service': [DELIVERY.account],
    });
  });

  test('of a source in several accounts are all of them', () => {
    const members = [
      { ...ORDER, sources: ['shared.service'] },
      { ...DELIVERY, sources: ['shared.service'] },
    ];

    expect(ownersIn(members, CONTRACTS)).toEqual({ 'shared.service': [ORDER.account, DELIVERY.account] });
  });

  test('are nobody in particular where neither says anything', () => {
    expect(ownersIn(MEMBERS, CONTRACTS)).toEqual({});
  });

  test('that are not members are refused', () => {
    expect(() => ownersIn(MEMBERS, [contract('a', 'A', 'nobody')])).toThrow(
      /^\[Backbone\] contract a@A is owned by "nobody", who is not a member of acme: on it are order, delivery, loyalty \(MemberUnknown\)$/,
    );
  });

  test('cannot take the source of another member', () => {
    const members = [{ ...ORDER, sources: ['order.service'] }, DELIVERY];

    expect(() => ownersIn(members, [contract('order.service', 'A', 'delivery')])).toThrow(
      /^\[Backbone\] contract order\.service@A is owned by delivery, and its source is of order: add "order\.service" to the sources of delivery .*\(SourceNotOwned\)$/,
    );
  });

  test('of one source are one, unless the topology lists it for each', () => {
    const contracts = [contract('shared.service', 'A', 'order'), contract('shared.service', 'B', 'delivery')];
    const listed = [ORDER, DELIVERY].map((member) => ({ ...member, sources: ['shared.service'] }));

    expect(() => ownersIn(MEMBERS, contracts)).toThrow(
      /^\[Backbone\] source "shared\.service" has two owners, order \(shared\.service@A\) and delivery \(shared\.service@B\), .*\(ContractOwnerConflict\)$/,
    );
    expect(ownersIn(listed, contracts)).toEqual({ 'shared.service': [ORDER.account, DELIVERY.account] });
  });

  test('whose own sources are others are refused', () => {
    const members = [{ ...ORDER, sources: ['order.service'] }, DELIVERY];

    expect(() => ownersIn(members, [contract('other.service', 'A', 'order')])).toThrow(
      /^\[Backbone\] contract other\.service@A is owned by order, whose sources are order\.service: .*\(SourceNotOwned\)$/,
    );
  });
});

describe('validation', () => {
  test('of plain delivery needs a role, whose name must fit', () => {
    const name = 'n'.repeat(43);
    const make = (validation?: ValidationOptions) => () =>
      synthesize({ delivery: PLAIN, topology: { name }, props: { validation } });

    expect(make()().topology.republisherRoleName).toHaveLength(65);
    expect(make(OBSERVE)).toThrow(/^\[Backbone\] .*"n{43}-republisher-.*" of 6\d characters.*\(TopologyNameTooLong\)$/);
  });

  test.each([VALIDATED, SAME_BUS])('that only observes would leave members without events: %j', (delivery) => {
    expect(() => synthesize({ delivery, props: { validation: OBSERVE } })).toThrow(
      /^\[Backbone\] the topology delivers validated events, and mode "observe" publishes none.*\(ObservedDelivery\)$/,
    );
  });

  test.each([VALIDATED, SAME_BUS])('needs contracts: %j', (delivery) => {
    expect(() => synthesize({ delivery, props: { contracts: undefined } })).toThrow(/\(ContractsMissing\)$/);
  });

  test('of plain delivery is nothing unless it is asked for', () => {
    const { backbone, hub } = synthesize({ delivery: PLAIN });

    expect([backbone.republisher, backbone.publishedBus]).toEqual([undefined, undefined]);
    hub().resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('that observes plain delivery counts, and changes nothing else', () => {
    const plain = synthesize({ delivery: PLAIN });
    const observed = synthesize({ delivery: PLAIN, props: { validation: OBSERVE } });

    expect(manifestOf(observed.backbone).mode).toBe('observe');
    expect(observed.routes().toJSON()).toEqual(plain.routes().toJSON());
    observed.hub().resourceCountIs('AWS::Events::EventBus', 1);
    const { Statement } = propertiesOf(observed.hub(), 'AWS::IAM::Policy')[0].PolicyDocument;
    expect(JSON.stringify(Statement)).not.toContain('events:PutEvents');
  });

  test('that audits plain delivery fills the published bus, and members receive raw events', () => {
    const plain = synthesize({ delivery: PLAIN });
    const audited = synthesize({ delivery: PLAIN, props: { validation: AUDIT } });

    expect(manifestOf(audited.backbone)).toMatchObject({ mode: 'audit', sourcePrefix: '' });
    expect(audited.routes().toJSON()).toEqual(plain.routes().toJSON());
    audited.hub().hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { TARGET_BUS: 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-published' } },
    });
  });

  test('is as it is wanted, and as the backbone where nothing is said', () => {
    const other = { bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-west-1:111111111111:other' }) };
    const validation = {
      unknownEvents: UnknownEvents.PASS,
      notices: false,
      transport: RepublisherTransport.DIRECT,
      timeout: Duration.seconds(10),
      logRetention: RetentionDays.ONE_DAY,
      alarmActions: [other],
    };
    const { backbone, hub } = synthesize({
      props: { validation, logRetention: RetentionDays.ONE_WEEK, alarmActions: [pager] },
    });

    expect(manifestOf(backbone)).toMatchObject({ unknownEvents: 'pass' });
    expect(manifestOf(backbone).noticePrefix).toBeUndefined();
    hub().hasResourceProperties('AWS::Lambda::Function', { Timeout: 10 });
    hub().resourceCountIs('AWS::Lambda::Permission', 1);
    hub().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 1 });
    hub().resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: [Match.stringLikeRegexp('other')] }, 4);
    const asBackbone = synthesize({ props: { logRetention: RetentionDays.ONE_WEEK, alarmActions: [pager] } });
    asBackbone.hub().resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: 7 }, 2);
  });

  test('sends what its rule cannot hand over to the queue of the backbone', () => {
    const { hub } = synthesize();

    const [input] = propertiesOf(hub(), 'AWS::Events::Rule').filter(({ Targets }) => Targets[0].Id === 'Queue');
    expect(input.Targets[0].DeadLetterConfig.Arn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^FanOut/), 'Arn'] });
    hub().resourceCountIs('AWS::SQS::Queue', 4);
  });
});

describe('from step to step of a move', () => {
  const STEPS: Array<[string, Setting]> = [
    ['plain', { delivery: PLAIN }],
    ['plain, audited', { delivery: PLAIN, props: { validation: AUDIT } }],
    ['validated, audited', { props: { validation: AUDIT } }],
    ['validated', {}],
  ];
  /** Every template of each step, by the name of its stack. */
  let templates: Array<Record<string, any>>;
  beforeAll(() => {
    templates = STEPS.map(([, { props, ...setting }]) => {
      // What is kept of raw events stays where it is.
      const { app } = synthesize({ ...setting, props: { archiveRawEvents: true, ...props } });
      return Object.fromEntries(app.synth().stacksRecursively.map(({ stackName, template }) => [stackName, template]));
    });
  });

  test('local buses and their policies do not change at all', () => {
    for (const name of ['acme-member-order', 'acme-member-delivery', 'acme-member-loyalty']) {
      for (const step of templates) expect(step[name]).toEqual(templates[0][name]);
    }
  });

  test('a fan-out rule keeps its logical id and its target; with its bus it changes its name, which it could not keep', () => {
    const routes = templates.map((step) => step['acme-routes'].Resources);
    const others = ({ EventBusName, EventPattern, Name, ...rest }: any) => rest;

    expect(routes[1]).toEqual(routes[0]);
    expect(routes[3]).toEqual(routes[2]);
    expect(Object.keys(routes[2])).toEqual(Object.keys(routes[0]));
    for (const [id, { Properties }] of Object.entries<any>(routes[0])) {
      expect(others(routes[2][id].Properties)).toEqual(others(Properties));
      const after = routes[2][id].Properties;
      expect([Properties.EventBusName, after.EventBusName]).toEqual(['acme-global', 'acme-published']);
      expect(after.Name).toBe(`valid-${Properties.Name}`);
    }
  });

  test('whatever the hub has, it keeps: only what is shared changes', () => {
    const hubs = templates.map((step) => step['acme-hub'].Resources);
    const changes = hubs.slice(1).map((after, i) => {
      const before = hubs[i];
      expect(Object.keys(after)).toEqual(expect.arrayContaining(Object.keys(before)));
      return Object.keys(before)
        .filter((id) => JSON.stringify(before[id]) !== JSON.stringify(after[id]))
        .map((id) => id.replace(/[0-9A-F]{8}$/, ''));
    });

    expect(changes).toEqual([
      // Both admit the rules of the second bus.
      ['FanOutDeadLetterQueuePolicy', 'ForwardingRole'],
      [],
      ['RepublisherFunction'],
    ]);
  });

  test('by default the archive goes over to valid events, and the one of raw events is deleted', () => {
    const archives = STEPS.map(([, setting]) =>
      Object.keys(synthesize(setting).hub().findResources('AWS::Events::Archive')).map((id) => id.slice(0, -8)),
    );

    expect(archives).toEqual([
      ['GlobalBusArchive'],
      ['GlobalBusArchive'],
      ['PublishedBusArchive'],
      ['PublishedBusArchive'],
    ]);
  });

  test('on one bus nothing is replaced: rules and archive get another pattern', () => {
    const [before, after] = [PLAIN, SAME_BUS].map((delivery) => synthesize({ delivery }));

    expect(Object.keys(after.routes().toJSON().Resources)).toEqual(Object.keys(before.routes().toJSON().Resources));
    for (const [a, b] of fanOutRules(before.routes()).map((rule, i) => [rule, fanOutRules(after.routes())[i]])) {
      expect({ ...b, EventPattern: a.EventPattern }).toEqual(a);
    }
    const archive = (template: Template) => Object.keys(template.findResources('AWS::Events::Archive'));
    expect(archive(after.hub())).toEqual(archive(before.hub()));
  });
});

test('in another partition every ARN is of that partition', () => {
  for (const delivery of [VALIDATED, SAME_BUS]) {
    const place = { account: '111111111111', region: 'cn-north-1' };
    const { app } = synthesize({ delivery, topology: { hub: place, organizationId: undefined } });

    for (const { template } of app.synth().stacksRecursively) {
      const arns = JSON.stringify(template).match(/arn:[\w-]+:(events|iam|sqs|logs):/g) ?? [];
      expect(arns.filter((arn) => !arn.startsWith('arn:aws-cn:'))).toEqual([]);
    }
  }
});

describe('a global bus that exists already', () => {
  const hub = { ...HUB, eventBusName: 'legacy', existingEventBus: true };

  test('is read, its valid events are on a new bus, and its policy stays untouched', () => {
    const { app, backbone, hub: template, routes } = synthesize({ topology: { hub } });

    expect(propertiesOf(template(), 'AWS::Events::EventBus').map(({ Name }) => Name)).toEqual(['acme-published']);
    template().resourceCountIs('AWS::Events::EventBusPolicy', 1);
    template().hasResourceProperties('AWS::Events::Rule', {
      EventBusName: 'legacy',
      EventPattern: { source: [{ prefix: '' }] },
    });
    expect(fanOutRules(routes())[0].EventBusName).toBe('acme-published');
    expect(backbone.publishedBus).toBeDefined();
    for (const stack of app.synth().stacksRecursively) expect(stack.messages).toEqual([]);
  });

  test('needs a statement of its owner where valid events are put on it again', () => {
    const { backbone, hub: template } = synthesize({ delivery: SAME_BUS, topology: { hub } });

    template().resourceCountIs('AWS::Events::EventBusPolicy', 0);
    Annotations.fromStack(backbone.hubStack).hasWarning(
      '/Backbone/Hub/Republisher',
      Match.stringLikeRegexp(
        'The policy of legacy is not ours to change.*role/acme-republisher-eu-west-1.*"events:source":\\["valid\\.\\*","invalid\\.\\*"\\]',
      ),
    );
  });

  test('may be audited beside plain delivery', () => {
    const { hub: template, routes } = synthesize({ delivery: PLAIN, topology: { hub }, props: { validation: AUDIT } });

    expect(propertiesOf(template(), 'AWS::Events::EventBus').map(({ Name }) => Name)).toEqual(['acme-published']);
    expect(fanOutRules(routes())[0].EventBusName).toBe('legacy');
  });
});

describe('stacks', () => {
  test.each([VALIDATED, SAME_BUS])('export nothing and import nothing: %j', (delivery) => {
    const { app } = synthesize({ delivery });

    const all = app.synth().stacksRecursively.map(({ template }) => JSON.stringify(template));
    expect(all.join()).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|"Export"/);
  });

  test.each([VALIDATED, SAME_BUS])('without an account of their own are told nothing more to do: %j', (delivery) => {
    const app = new App();
    const [hubStack, routesStack] = [new Stack(app, 'MyHub'), new Stack(app, 'MyRoutes')];
    const topology = topologyOf(delivery);

    new EventBackbone(app, 'Backbone', { topology, contracts: CONTRACTS, hubStack, routesStack });

    const assembly = app.synth();
    for (const name of ['MyHub', 'MyRoutes']) expect(assembly.getStackByName(name).messages).toEqual([]);
    const routes = Template.fromStack(routesStack);
    expect(fanOutRules(routes)[0]).toMatchObject({
      // By its ARN: by name the rule would land on a bus of that name wherever it is deployed.
      EventBusName: `arn:aws:events:eu-west-1:111111111111:event-bus/acme-${delivery === VALIDATED ? 'published' : 'global'}`,
      Targets: [{ RoleArn: 'arn:aws:iam::111111111111:role/acme-forwarder-eu-west-1' }],
    });
    expect(fanOutRules(routes)[0].EventPattern.account).toEqual(['111111111111']);
  });

  test.each([VALIDATED, SAME_BUS])('of the user may be one for all: %j', (delivery) => {
    const stack = new Stack(new App(), 'Dev', { env: HUB });
    const members = ['order', 'delivery'].map((name) => ({ name, account: HUB.account, sources: [`${name}.service`] }));

    new EventBackbone(stack, 'Backbone', { topology: topologyOf(delivery, members), contracts: CONTRACTS });

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Events::EventBus', delivery === VALIDATED ? 4 : 3);
    const Name = delivery === VALIDATED ? 'valid-to-order' : 'to-order';
    const [rule] = Object.values(template.findResources('AWS::Events::Rule', { Properties: { Name } }));
    const bus = delivery === VALIDATED ? 'PublishedBus' : 'GlobalBus';
    expect(rule.Properties.EventBusName).toBe(delivery === VALIDATED ? 'acme-published' : 'acme-global');
    expect(rule.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(`^BackboneHub${bus}[0-9A-F]{8}$`)]));
    template.resourceCountIs('AWS::IAM::Role', 2);
  });

  test.each([VALIDATED, SAME_BUS])('hold 290 members, each with one rule: %j', (delivery) => {
    const members = Array.from({ length: 290 }, (_, i) => ({
      name: `service-${i}`,
      account: String(200000000000 + i),
    }));
    const { app } = synthesize({ delivery, members });

    const all = Object.fromEntries(
      app.synth().stacksRecursively.map(({ stackName, template }) => [stackName, template]),
    );
    for (const name of ['acme-hub', 'acme-routes']) {
      expect(Object.keys(all[name].Resources).length).toBeLessThanOrEqual(500);
      expect(JSON.stringify(all[name]).length).toBeLessThan(1_000_000);
    }
    const rules = Object.values<any>(all['acme-routes'].Resources).filter(({ Type }) => Type === 'AWS::Events::Rule');
    expect(rules).toHaveLength(290);
    const longest = Math.max(...rules.map(({ Properties }) => JSON.stringify(Properties.EventPattern).length));
    expect(longest).toBeLessThanOrEqual(2048);
    for (const { messages } of app.synth().stacksRecursively) expect(messages).toEqual([]);
  });
});

test.each<[string, any, RegExp]>([
  ['a text', 'contracts', /contracts is "contracts", not a list of contracts/],
  ['null', null, /contracts is null, not a list of contracts/],
  ['a list with a gap', [undefined], /contracts\[0\] is undefined, not an EventContract/],
])('contracts that are none are refused, whatever the delivery: %s', (_, contracts, message) => {
  for (const delivery of [{ mode: 'plain' }, { mode: 'validated' }] as any[]) {
    const topology = new Topology({ name: 'acme', hub: HUB, members: MEMBERS, delivery });
    expect(() => new EventBackbone(new App(), 'Backbone', { topology, contracts })).toThrow(message);
    expect(() => new EventBackbone(new App(), 'Backbone', { topology, contracts })).toThrow(/\(ContractInvalid\)$/);
  }
});

test.each<[string, any, RegExp]>([
  ['a text', 'audit', /validation is "audit", not an object/],
  ['a list', [], /validation is \[\], not an object/],
  ['true', true, /validation is true, not an object/],
  ['null', null, /validation is null, not an object/],
  ['another mode', { mode: 'AUDIT' }, /mode "AUDIT" is not one of "enforce", "audit", "observe"/],
])('validation that is no choice is refused: %s', (_, validation, message) => {
  expect(() => synthesize({ props: { validation } })).toThrow(message);
  expect(() => synthesize({ props: { validation } })).toThrow(/\(ValidationOptionInvalid\)$/);
  expect(() => synthesize({ delivery: PLAIN, props: { validation } })).toThrow(message);
});
