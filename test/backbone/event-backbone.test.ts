import { App, Aspects, CfnResource, Duration, RemovalPolicy, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  BackboneMember,
  BusOwner,
  EventBackbone,
  FanOutRule,
  LocalBus,
  LockLevel,
  MemberState,
  Topology,
  type EventBackboneProps,
  type TopologyMember,
  type TopologyProps,
} from '../../src';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const ORDER: TopologyMember = { name: 'order', account: '222222222222' };
const DELIVERY: TopologyMember = { name: 'delivery', account: '333333333333' };
const LOYALTY: TopologyMember = { name: 'loyalty', account: '444444444444' };

function topologyOf(members: TopologyMember[], more: Partial<TopologyProps> = {}) {
  return new Topology({ name: 'acme', hub: HUB, organizationId: 'o-abc1234567', members, ...more });
}

function synthesize(
  members: TopologyMember[],
  props: Partial<EventBackboneProps> = {},
  more: Partial<TopologyProps> = {},
) {
  const app = new App();
  const backbone = new EventBackbone(app, 'Backbone', { topology: topologyOf(members, more), ...props });
  const template = (stack: Stack) => Template.fromStack(stack);
  return { app, backbone, template };
}

/** Every template of an app by stack name, as it will be deployed. */
function templates(app: App): Record<string, any> {
  return Object.fromEntries(app.synth().stacksRecursively.map((stack) => [stack.stackName, stack.template]));
}

/** Paths of the values in which two sets of templates differ. */
function differences(a: any, b: any, at = ''): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return [at];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key], b[key], `${at}/${key}`),
  );
}

describe('the layers', () => {
  test('are stacks of their own in an app, named, in the right accounts', () => {
    const { app } = synthesize([ORDER, DELIVERY]);
    const stacks = app.synth().stacksRecursively.map((s) => [s.stackName, s.environment.account, s.environment.region]);
    expect(stacks.sort()).toEqual([
      ['acme-hub', '111111111111', 'eu-west-1'],
      ['acme-member-delivery', '333333333333', 'eu-west-1'],
      ['acme-member-order', '222222222222', 'eu-west-1'],
      ['acme-routes', '111111111111', 'eu-west-1'],
    ]);
  });

  test('deploy hub before members before routes', () => {
    const { app } = synthesize([ORDER, DELIVERY]);
    const order = Object.fromEntries(
      app.synth().stacksRecursively.map((s) => [
        s.stackName,
        s.dependencies
          .map(({ manifest }) => (manifest.properties as any)?.stackName)
          .filter(Boolean)
          .sort(),
      ]),
    );
    expect(order).toEqual({
      'acme-hub': [],
      'acme-member-order': ['acme-hub'],
      'acme-member-delivery': ['acme-hub'],
      'acme-routes': ['acme-hub', 'acme-member-delivery', 'acme-member-order'],
    });
  });

  test('do not hold the stack of a member that left', () => {
    const { app, backbone } = synthesize([ORDER, { ...DELIVERY, state: MemberState.LEAVING }]);
    app.synth();
    expect(backbone.routesStack.dependencies).not.toContain(backbone.memberStacks.delivery);
    expect(backbone.routesStack.dependencies).toContain(backbone.memberStacks.order);
  });

  test('export nothing and import nothing, so that no stack holds another fast', () => {
    const all = JSON.stringify(
      templates(
        synthesize([{ ...ORDER, sources: ['order.service'] }, DELIVERY], { captureMemberLogs: true, pinSources: true })
          .app,
      ),
    );
    expect(all).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|"Export"/);
  });

  test('make no stack that nobody named', () => {
    const { app } = synthesize([ORDER]);
    expect(
      app.node
        .findAll()
        .filter((c) => Stack.isStack(c))
        .map((c) => c.node.path)
        .sort(),
    ).toEqual(['Backbone/Hub', 'Backbone/Member-order', 'Backbone/Routes']);
  });

  test('work in a stage', () => {
    const stage = new Stage(new App(), 'Prod');
    const backbone = new EventBackbone(stage, 'Backbone', { topology: topologyOf([ORDER]) });
    expect(stage.synth().stacks).toHaveLength(3);
    expect(backbone.hubStack.stackName).toBe('acme-hub');
  });

  test("go into the user's own stacks", () => {
    const app = new App();
    const hubStack = new Stack(app, 'MyHub', { env: HUB });
    const order = new Stack(app, 'MyOrder', { env: { account: ORDER.account, region: HUB.region } });
    const backbone = new EventBackbone(app, 'Backbone', {
      topology: topologyOf([ORDER]),
      hubStack,
      routesStack: hubStack,
      memberStacks: { order },
    });
    Template.fromStack(hubStack).resourceCountIs('AWS::Events::EventBus', 1);
    Template.fromStack(order).resourceCountIs('AWS::Events::EventBus', 1);
    expect(backbone.routesStack).toBe(hubStack);
    // Routes wait for the member's bus, although they share the hub's stack.
    expect(hubStack.dependencies).toEqual([order]);
    expect(() => app.synth()).not.toThrow(/cyclic/i);
    Template.fromStack(hubStack).hasResource('AWS::Events::Rule', {
      Properties: { Name: 'to-order', RoleArn: Match.absent() },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('ForwardingRoleDestinations')]),
    });
  });

  test("fails for a user's stack in another account", () => {
    const app = new App();
    const hubStack = new Stack(app, 'MyHub', { env: { account: '999999999999', region: HUB.region } });
    expect(() => new EventBackbone(app, 'Backbone', { topology: topologyOf([ORDER]), hubStack })).toThrow(
      /^\[Backbone\] layer Hub belongs in 111111111111\/eu-west-1, stack MyHub is for 999999999999\/eu-west-1: .*\(StackElsewhere\)$/,
    );
  });

  test('fails inside a stack where a member lives elsewhere', () => {
    const stack = new Stack(new App(), 'Stack', { env: HUB });
    expect(() => new EventBackbone(stack, 'Backbone', { topology: topologyOf([ORDER]) })).toThrow(
      /create EventBackbone in an App or Stage.*\(StackElsewhere\)$/,
    );
  });

  test('fails for a stack of somebody who is not a member', () => {
    const app = new App();
    const stray = new Stack(app, 'Stray', { env: HUB });
    expect(
      () => new EventBackbone(app, 'Backbone', { topology: topologyOf([ORDER]), memberStacks: { stray } }),
    ).toThrow(/"stray" is not a member of acme: on it are order \(MemberUnknown\)/);
  });
});

describe('one account and one stack', () => {
  const members: TopologyMember[] = [
    { name: 'order', account: HUB.account, sources: ['order.service'] },
    { name: 'delivery', account: HUB.account, sources: ['delivery.service'] },
  ];

  test('holds everything, the rules after the buses and policies they need', () => {
    const stack = new Stack(new App(), 'Dev', { env: HUB });
    new EventBackbone(stack, 'Backbone', { topology: topologyOf(members) });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Events::EventBus', 3);
    const [rule] = Object.values(template.findResources('AWS::Events::Rule', { Properties: { Name: 'to-order' } }));
    expect(rule.DependsOn).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^BackboneHubGlobalBus[0-9A-F]{8}$/),
        expect.stringMatching(/^BackboneMemberorderLocalBus[0-9A-F]{8}$/),
        expect.stringMatching(/^BackboneMemberorderLocalBusPolicyForwarder/),
        expect.stringMatching(/^BackboneHubForwardingRoleDestinations1/),
      ]),
    );
  });

  test('tells events apart by source', () => {
    const stack = new Stack(new App(), 'Dev', { env: HUB });
    new EventBackbone(stack, 'Backbone', { topology: topologyOf(members) });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      Name: 'to-order',
      EventPattern: {
        $or: [{ account: [{ 'anything-but': [HUB.account] }] }, { source: [{ 'anything-but': ['order.service'] }] }],
      },
    });
  });
});

describe('the hub', () => {
  test('admits the organisation and the listed accounts together', () => {
    const { backbone, template } = synthesize([ORDER, DELIVERY]);
    template(backbone.hubStack).hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: {
        Sid: 'Organization',
        Effect: 'Allow',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global',
        Condition: {
          StringEquals: {
            'aws:PrincipalOrgID': 'o-abc1234567',
            'aws:PrincipalAccount': [ORDER.account, DELIVERY.account],
          },
        },
      },
    });
  });

  test('denies the reserved prefixes of the topology to everybody', () => {
    const { backbone, template } = synthesize([ORDER], {}, { delivery: { validPrefix: 'ok.', invalidPrefix: 'bad.' } });
    template(backbone.hubStack).hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: {
        Sid: 'ReservedSources',
        Effect: 'Deny',
        Principal: '*',
        Condition: { 'ForAnyValue:StringLike': { 'events:source': ['ok.*', 'bad.*'] } },
      },
    });
  });

  test('pins sources over all members of an account', () => {
    const { backbone, template } = synthesize(
      [
        { ...ORDER, sources: ['order.service'] },
        { name: 'stock', account: ORDER.account, sources: ['stock.service'] },
        DELIVERY,
      ],
      { pinSources: true },
    );
    template(backbone.hubStack).hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: {
        Sid: 'OnlyOwnSources-222222222222',
        Condition: { 'ForAnyValue:StringNotLike': { 'events:source': ['order.service', 'stock.service', 'aws.*'] } },
      },
    });
    template(backbone.hubStack).resourcePropertiesCountIs(
      'AWS::Events::EventBusPolicy',
      { StatementId: Match.stringLikeRegexp('^OnlyOwnSources') },
      1,
    );
  });

  test('has one role for all rules, trusted for the rules of the global bus alone', () => {
    const { backbone, template } = synthesize([ORDER, DELIVERY], {}, { rolePath: '/backbone/' });
    template(backbone.hubStack).hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'acme-forwarder-eu-west-1',
      Path: '/backbone/',
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': HUB.account },
              ArnLike: { 'aws:SourceArn': Match.anyValue() },
            },
          },
        ],
      },
    });
    expect(JSON.stringify(template(backbone.hubStack).findResources('AWS::IAM::Role'))).toContain(
      'arn:aws:events:eu-west-1:111111111111:rule/acme-global/*',
    );
  });

  test('has one queue, whose policy has one Allow beside the TLS Deny', () => {
    const { backbone, template } = synthesize([ORDER, DELIVERY, LOYALTY]);
    const [policy] = Object.values(template(backbone.hubStack).findResources('AWS::SQS::QueuePolicy'));
    const statements = policy.Properties.PolicyDocument.Statement;
    expect(statements.map((s: any) => [s.Effect, s.Action])).toEqual([
      ['Deny', 'sqs:*'],
      ['Allow', 'sqs:SendMessage'],
    ]);
    expect(statements[1].Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': HUB.account },
      ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/acme-global/*' },
    });
  });

  test('keeps events for a year and logs them, by default', () => {
    const { backbone, template } = synthesize([ORDER]);
    const hub = template(backbone.hubStack);
    hub.hasResourceProperties('AWS::Events::Archive', {
      ArchiveName: 'acme-global',
      RetentionDays: 365,
      EventPattern: Match.absent(),
      KmsKeyIdentifier: Match.absent(),
    });
    hub.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/aws/events/acme-global', RetentionInDays: 30 });
    template(backbone.memberStacks.order).resourceCountIs('AWS::Logs::LogGroup', 0);
    hub.resourceCountIs('AWS::Lambda::Function', 0);
    expect(Object.values(hub.toJSON().Resources).filter((r: any) => r.Type.startsWith('Custom::'))).toEqual([]);
  });

  test('keeps less when asked to', () => {
    const { backbone, template } = synthesize([ORDER], {
      archive: false,
      captureLogs: false,
      captureMemberLogs: true,
      logRetention: RetentionDays.ONE_WEEK,
    });
    template(backbone.hubStack).resourceCountIs('AWS::Events::Archive', 0);
    template(backbone.hubStack).resourceCountIs('AWS::Logs::LogGroup', 0);
    template(backbone.memberStacks.order).hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/events/acme-order',
      RetentionInDays: 7,
    });
    expect(backbone.archive).toBeUndefined();
    expect(backbone.catchAllLog).toBeUndefined();
  });

  test('keeps events as long as asked to', () => {
    const { backbone, template } = synthesize([ORDER], { archiveRetention: Duration.days(30) });
    template(backbone.hubStack).hasResourceProperties('AWS::Events::Archive', { RetentionDays: 30 });
  });

  test('encrypts bus and archive with a key', () => {
    const app = new App();
    const key = kms.Key.fromKeyArn(
      new Stack(app, 'Keys', { env: HUB }),
      'Key',
      'arn:aws:kms:eu-west-1:111111111111:key/abc',
    );
    const backbone = new EventBackbone(app, 'Backbone', { topology: topologyOf([ORDER]), kmsKey: key });
    const hub = Template.fromStack(backbone.hubStack);
    hub.hasResourceProperties('AWS::Events::EventBus', {
      KmsKeyIdentifier: key.keyArn,
      DeadLetterConfig: Match.anyValue(),
    });
    hub.hasResourceProperties('AWS::Events::Archive', { KmsKeyIdentifier: key.keyArn });
  });

  test('has one alarm for each metric, however many members, and they act', () => {
    const action = { bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-west-1:111111111111:pager' }) };
    const count = (members: TopologyMember[]) => {
      const { backbone, template } = synthesize(members, { alarmActions: [action] });
      expect(backbone.alarms).toHaveLength(4);
      template(backbone.hubStack).resourcePropertiesCountIs(
        'AWS::CloudWatch::Alarm',
        { AlarmActions: ['arn:aws:sns:eu-west-1:111111111111:pager'] },
        4,
      );
    };
    count([ORDER]);
    count([ORDER, DELIVERY, LOYALTY]);
  });

  test('leaves a bus that exists already as it is', () => {
    const { backbone, template } = synthesize(
      [ORDER],
      {},
      { hub: { ...HUB, eventBusName: 'legacy', existingEventBus: true } },
    );
    const hub = template(backbone.hubStack);
    hub.resourceCountIs('AWS::Events::EventBus', 0);
    hub.resourceCountIs('AWS::Events::EventBusPolicy', 0);
    hub.hasResourceProperties('AWS::Events::Archive', {
      SourceArn: 'arn:aws:events:eu-west-1:111111111111:event-bus/legacy',
    });
    template(backbone.routesStack).hasResourceProperties('AWS::Events::Rule', { EventBusName: 'legacy' });
  });

  test('fails to pin sources on a bus that exists already', () => {
    expect(() =>
      synthesize([ORDER], { pinSources: true }, { hub: { ...HUB, eventBusName: 'legacy', existingEventBus: true } }),
    ).toThrow(
      /legacy exists already, so its key, policy and logs stay untouched: leave pinSources out \(ExistingEventBus\)/,
    );
  });

  test('fails without a topology', () => {
    expect(() => new EventBackbone(new App(), 'Backbone', {} as any)).toThrow(
      /^\[Backbone\] topology is undefined: .*\(TopologyMissing\)$/,
    );
  });
});

describe('the routes', () => {
  test('lead to every other member, by one rule each on the global bus', () => {
    const { backbone, template } = synthesize([ORDER, DELIVERY]);
    const routes = template(backbone.routesStack);
    routes.resourceCountIs('AWS::Events::Rule', 2);
    routes.hasResourceProperties('AWS::Events::Rule', {
      Name: 'to-order',
      EventBusName: 'acme-global',
      EventPattern: { account: [{ 'anything-but': ['222222222222'] }] },
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

  test('are narrowed by the filter of a member', () => {
    const { backbone, template } = synthesize([{ ...ORDER, filter: { detailTypes: ['Delivery.Updated'] } }]);
    template(backbone.routesStack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { account: [{ 'anything-but': ['222222222222'] }], 'detail-type': ['Delivery.Updated'] },
    });
  });

  test('fail for a filter that would defeat the exclusion', () => {
    expect(() => synthesize([{ ...ORDER, filter: { pattern: { account: ['222222222222'] } } }])).toThrow(
      /the filter of ToOrder names the field "account".*\(FilterConflict\)/,
    );
  });

  test('leave replays out on request', () => {
    const { backbone, template } = synthesize([ORDER], { excludeReplays: true });
    template(backbone.routesStack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'replay-name': [{ exists: false }] },
    });
  });

  test("lead to the hub's own account too, and to another Region", () => {
    const { backbone, template } = synthesize([
      { name: 'platform', account: HUB.account },
      { ...ORDER, region: 'eu-central-1' },
    ]);
    template(backbone.routesStack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { account: [{ 'anything-but': [HUB.account] }] },
      Targets: [Match.objectLike({ Arn: 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-platform' })],
    });
    template(backbone.routesStack).hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ Arn: 'arn:aws:events:eu-central-1:222222222222:event-bus/acme-order' })],
    });
    expect(backbone.memberStacks.order.region).toBe('eu-central-1');
  });
});

describe('a member', () => {
  test('that is joining has its bus and its place in the lists, and no route', () => {
    const { backbone, template } = synthesize([ORDER, { ...DELIVERY, state: MemberState.JOINING }]);
    expect(Object.keys(backbone.fanOutRules)).toEqual(['order']);
    template(backbone.memberStacks.delivery).resourceCountIs('AWS::Events::EventBus', 1);
    expect(JSON.stringify(template(backbone.hubStack).findResources('AWS::IAM::ManagedPolicy'))).toContain(
      ':event-bus/acme-delivery',
    );
  });

  test('that is leaving keeps its bus and its place in the lists, and has no route', () => {
    const active = templates(synthesize([ORDER, DELIVERY]).app);
    const leaving = templates(synthesize([ORDER, { ...DELIVERY, state: MemberState.LEAVING }]).app);
    expect(differences(active, leaving)).toEqual([
      expect.stringMatching(/^\/acme-routes\/Resources\/ToDelivery[0-9A-F]{8}$/),
    ]);
  });

  test('that owns its bus gets no stack here, and a route', () => {
    const { backbone, template } = synthesize([{ ...ORDER, busOwner: BusOwner.MEMBER }]);
    expect(backbone.memberStacks).toEqual({});
    template(backbone.routesStack).resourceCountIs('AWS::Events::Rule', 1);
    expect(backbone.localBus('order').eventBusArn).toBe('arn:aws:events:eu-west-1:222222222222:event-bus/acme-order');
  });

  test('has the lock level of the topology, or its own', () => {
    const { backbone, template } = synthesize(
      [ORDER, { ...DELIVERY, lockLevel: LockLevel.ACCOUNT }],
      {},
      { lockLevel: LockLevel.STRICT },
    );
    template(backbone.memberStacks.order).resourceCountIs('AWS::Events::EventBusPolicy', 3);
    template(backbone.memberStacks.delivery).resourceCountIs('AWS::Events::EventBusPolicy', 1);
    template(backbone.memberStacks.order).hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: {
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/acme-forwarder-eu-west-1' } },
      },
    });
  });

  test('is found by its name', () => {
    const { backbone } = synthesize([ORDER]);
    expect(backbone.localBus('order').eventBusName).toBe('acme-order');
    expect(() => backbone.localBus('nobody')).toThrow(/"nobody" is not a member.*\(MemberUnknown\)/);
  });
});

describe('a change of one line', () => {
  const LISTS = [
    /^\/acme-hub\/Resources\/GlobalBusPolicyOrganization[0-9A-F]{8}\/Properties\/Statement\/Condition\/StringEquals\/aws:PrincipalAccount/,
    /^\/acme-hub\/Resources\/ForwardingRoleDestinations1[0-9A-F]{8}\/Properties\/PolicyDocument\/Statement\/0\/Resource/,
  ];
  const outsideLists = (paths: string[]) => paths.filter((path) => !LISTS.some((list) => list.test(path)));

  test.each([
    ['at the end', [ORDER, DELIVERY, LOYALTY]],
    ['in the middle', [ORDER, LOYALTY, DELIVERY]],
    ['in front', [LOYALTY, ORDER, DELIVERY]],
  ])('that adds a member %s touches its own resources and the shared lists alone', (_, after) => {
    const changed = differences(templates(synthesize([ORDER, DELIVERY]).app), templates(synthesize(after).app));
    expect(changed.length).toBeGreaterThan(outsideLists(changed).length);
    expect(outsideLists(changed).sort()).toEqual([
      '/acme-member-loyalty',
      expect.stringMatching(/^\/acme-routes\/Resources\/ToLoyalty[0-9A-F]{8}$/),
    ]);
  });

  test('that narrows a member touches its rule alone', () => {
    const changed = differences(
      templates(synthesize([ORDER, DELIVERY]).app),
      templates(synthesize([ORDER, { ...DELIVERY, filter: { sources: ['order.service'] } }]).app),
    );
    expect(changed).toEqual([
      expect.stringMatching(/^\/acme-routes\/Resources\/ToDelivery[0-9A-F]{8}\/Properties\/EventPattern\/source$/),
    ]);
  });

  test('that removes a member that was leaving touches its stack and the shared lists alone', () => {
    const leaving = { ...LOYALTY, state: MemberState.LEAVING };
    const changed = differences(
      templates(synthesize([ORDER, leaving, DELIVERY]).app),
      templates(synthesize([ORDER, DELIVERY]).app),
    );
    expect(outsideLists(changed)).toEqual(['/acme-member-loyalty']);
  });
});

describe('what CDK users expect', () => {
  test('tags reach every layer', () => {
    const { app, backbone, template } = synthesize([ORDER]);
    Tags.of(app).add('team', 'platform');
    for (const stack of [backbone.hubStack, backbone.memberStacks.order]) {
      template(stack).hasResourceProperties('AWS::Events::EventBus', { Tags: [{ Key: 'team', Value: 'platform' }] });
    }
    template(backbone.routesStack).hasResourceProperties('AWS::Events::Rule', {
      Tags: [{ Key: 'team', Value: 'platform' }],
    });
  });

  test('a permissions boundary reaches the role', () => {
    const { app, backbone, template } = synthesize([ORDER]);
    iam.PermissionsBoundary.of(app).apply(
      iam.ManagedPolicy.fromManagedPolicyArn(
        backbone.hubStack,
        'Boundary',
        'arn:aws:iam::111111111111:policy/boundary',
      ),
    );
    template(backbone.hubStack).hasResourceProperties('AWS::IAM::Role', {
      PermissionsBoundary: 'arn:aws:iam::111111111111:policy/boundary',
    });
  });

  test.each([
    [RemovalPolicy.DESTROY, 'Delete'],
    [RemovalPolicy.RETAIN, 'Retain'],
  ])('removal policy %s reaches everything that holds something', (removalPolicy, expected) => {
    const { app } = synthesize([ORDER], { removalPolicy, captureMemberLogs: true });
    const policies: Record<string, string | undefined> = {};
    Aspects.of(app).add({
      visit: (c) => {
        if (CfnResource.isCfnResource(c) && /EventBus$|Archive$|LogGroup$|SQS::Queue$/.test(c.cfnResourceType)) {
          policies[c.node.path] = c.cfnOptions.deletionPolicy;
        }
      },
    });
    app.synth();
    expect(Object.keys(policies)).toHaveLength(7);
    expect([...new Set(Object.values(policies))]).toEqual([expected]);
  });

  test('by default log groups stay and everything else goes', () => {
    const { backbone, template } = synthesize([ORDER]);
    template(backbone.hubStack).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
    for (const [type, policy] of [
      ['AWS::Events::Archive', undefined],
      ['AWS::Events::EventBus', undefined],
      ['AWS::SQS::Queue', 'Delete'],
    ] as const) {
      for (const resource of Object.values(template(backbone.hubStack).findResources(type))) {
        expect(resource.DeletionPolicy).toBe(policy);
      }
    }
  });
});

describe('290 members', () => {
  const many = (count: number): TopologyMember[] =>
    Array.from({ length: count }, (_, i) => ({ name: `service-${i}`, account: String(200000000000 + i) }));

  test('have their routes in one stack, within the limits of CloudFormation', () => {
    const { app } = synthesize(many(290));
    const all = templates(app);
    for (const name of ['acme-hub', 'acme-routes']) {
      expect(Object.keys(all[name].Resources).length).toBeLessThanOrEqual(500);
      expect(JSON.stringify(all[name]).length).toBeLessThan(1_000_000);
    }
    const rules = Object.values<any>(all['acme-routes'].Resources).filter(({ Type }) => Type === 'AWS::Events::Rule');
    expect(rules).toHaveLength(290);
    const policies = Object.values<any>(all['acme-hub'].Resources).filter(
      ({ Type }) => Type === 'AWS::IAM::ManagedPolicy',
    );
    expect(policies.length).toBeLessThanOrEqual(10);
    for (const { Properties } of policies) {
      expect(JSON.stringify(Properties.PolicyDocument).length).toBeLessThanOrEqual(6144);
    }
    expect(policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement[0].Resource)).toHaveLength(290);
    const statements = Object.values<any>(all['acme-hub'].Resources)
      .filter(({ Type }) => Type === 'AWS::Events::EventBusPolicy')
      .map(({ Properties }) => Properties.Statement);
    expect(JSON.stringify({ Version: '2012-10-17', Statement: statements }).length).toBeLessThanOrEqual(10_240);
  });

  test('cost at most 1.1 resources of the hub each', () => {
    const resources = (count: number) => {
      const all = templates(synthesize(many(count)).app);
      return Object.keys(all['acme-hub'].Resources).length + Object.keys(all['acme-routes'].Resources).length;
    };
    expect((resources(290) - resources(10)) / 280).toBeLessThanOrEqual(1.1);
  });
});

describe('what cannot be one backbone', () => {
  test('fails for a stack that would have to be in two accounts, even where it does not know its own', () => {
    const around = new Stack(new App(), 'Around');
    expect(() => new EventBackbone(around, 'Backbone', { topology: topologyOf([ORDER]) })).toThrow(
      /layer Member-order belongs in 222222222222\/eu-west-1, stack Around is for 111111111111\/eu-west-1 already: .*\(StackElsewhere\)$/,
    );
    const app = new App();
    const shared = new Stack(app, 'Shared');
    expect(
      () =>
        new EventBackbone(app, 'Backbone', {
          topology: topologyOf([ORDER, DELIVERY]),
          memberStacks: { order: shared, delivery: shared },
        }),
    ).toThrow(/\(StackElsewhere\)$/);
  });

  test('fails for a second backbone of one name and hub', () => {
    const app = new App();
    new EventBackbone(new Stage(app, 'Dev'), 'Backbone', { topology: topologyOf([ORDER]) });
    expect(() => new EventBackbone(new Stage(app, 'Prod'), 'Backbone', { topology: topologyOf([DELIVERY]) })).toThrow(
      /acme in 111111111111\/eu-west-1 is made by Dev\/Backbone already.*\(BackboneDuplicate\)$/,
    );
    expect(
      new EventBackbone(new Stage(app, 'Test'), 'Backbone', { topology: topologyOf([ORDER], { name: 'acme-test' }) })
        .hubStack,
    ).toBeDefined();
  });

  test('fails for pins where no member lists sources', () => {
    expect(() => synthesize([ORDER], { pinSources: true })).toThrow(
      /no member of the topology lists sources.*\(SourcePinInvalid\)$/,
    );
  });

  test('fails for a key of another Region', () => {
    const app = new App();
    const key = kms.Key.fromKeyArn(
      new Stack(app, 'Keys', { env: HUB }),
      'Key',
      'arn:aws:kms:us-east-1:111111111111:key/abc',
    );
    expect(() => new EventBackbone(app, 'Backbone', { topology: topologyOf([ORDER]), kmsKey: key })).toThrow(
      /the key arn:aws:kms:us-east-1:111111111111:key\/abc is in us-east-1, the bus acme-global in eu-west-1: .*\(KeyElsewhere\)$/,
    );
  });
});

test('a route waits for the stack in which a member makes its bus itself', () => {
  const app = new App();
  const team = new Stack(app, 'Team', { env: { account: ORDER.account, region: HUB.region } });
  const topology = topologyOf([{ ...ORDER, busOwner: BusOwner.MEMBER }]);
  new BackboneMember(team, 'Backbone', { topology, member: 'order' });
  const backbone = new EventBackbone(app, 'Backbone', { topology, memberStacks: { order: team } });
  app.synth();
  expect(backbone.routesStack.dependencies.map(({ stackName }) => stackName)).toContain('Team');
  Template.fromStack(team).resourceCountIs('AWS::Events::EventBus', 1);
});

test('a member may have the name of a property of every object', () => {
  const { backbone } = synthesize([{ ...ORDER, name: 'constructor', busOwner: BusOwner.MEMBER }]);
  expect(backbone.localBus('constructor').eventBusName).toBe('acme-constructor');
});

test('routes in a stack without an account of its own need no second look at the queue', () => {
  const app = new App();
  const routesStack = new Stack(app, 'Routes');
  new EventBackbone(app, 'Backbone', { topology: topologyOf([ORDER]), routesStack });
  expect(app.synth().getStackByName('Routes').messages).toEqual([]);
});

describe('a rule that somebody adds to the global bus', () => {
  test('uses the role and the queue of the backbone, in the stack of the routes', () => {
    const { backbone, template } = synthesize([ORDER, DELIVERY]);
    new FanOutRule(backbone.routesStack, 'Again', {
      eventBus: backbone.globalBus,
      localBus: backbone.localBus('order'),
    });
    template(backbone.routesStack).resourceCountIs('AWS::IAM::Role', 0);
    template(backbone.routesStack).resourceCountIs('AWS::SQS::Queue', 0);
    template(backbone.routesStack).resourcePropertiesCountIs(
      'AWS::Events::Rule',
      {
        Targets: [
          Match.objectLike({
            RoleArn: 'arn:aws:iam::111111111111:role/acme-forwarder-eu-west-1',
            DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-1:111111111111:acme-fan-out-dlq' },
          }),
        ],
      },
      3,
    );
  });

  test('uses them in the stack of the hub, and its target is added to the role', () => {
    const { backbone, template } = synthesize([ORDER]);
    const other = LocalBus.fromEventBusArn(
      backbone.hubStack,
      'Other',
      'arn:aws:events:eu-west-1:999999999999:event-bus/other',
    );
    backbone.globalBus.fanOutTo('ToOther', other);
    const hub = template(backbone.hubStack);
    hub.resourceCountIs('AWS::IAM::Role', 1);
    hub.resourceCountIs('AWS::SQS::Queue', 1);
    expect(JSON.stringify(hub.findResources('AWS::IAM::ManagedPolicy'))).toContain('event-bus/other');
  });
});
