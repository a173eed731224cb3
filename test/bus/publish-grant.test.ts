import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { GlobalBus, LocalBus, GrantSide, Topology, type GlobalBusProps, type IGlobalBus } from '../../src';

/** The warnings of this library; newer versions of the CDK have some of their own. */
const OURS = Match.stringLikeRegexp('cdk-event-backbone:');
const HUB = { account: '111111111111', region: 'eu-west-1' };
const ORDER = { account: '222222222222', region: 'eu-west-1' };
const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global';
const EC2 = new iam.ServicePrincipal('ec2.amazonaws.com');
const BUS_POLICY = 'AWS::Events::EventBusPolicy';
const NO_IDENTITY = 'cdk-event-backbone:grantPublish.identityPolicyNotChanged';
const NO_BUS_POLICY = 'cdk-event-backbone:grantPublish.eventBusPolicyNotChanged';

/** A hub with its bus, and the account of a member, in one app. */
function twoAccounts(props: Partial<GlobalBusProps> = {}) {
  const app = new App();
  const hub = new Stack(app, 'Hub', { env: HUB });
  const order = new Stack(app, 'Order', { env: ORDER });
  const bus = new GlobalBus(hub, 'Bus', { eventBusName: 'acme-global', reservedSourcePrefixes: [], ...props });
  return { app, hub, order, bus };
}

/** What the policy of the bus allows beyond what it was made with. */
const granted = (hub: Stack): any[] =>
  Object.values(Template.fromStack(hub).findResources(BUS_POLICY))
    .map(({ Properties }) => Properties.Statement)
    .filter(({ Sid }) => Sid.startsWith('Publish-'));

const identityPolicies = (stack: Stack): any[] =>
  Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );

/** The statement that a warning tells an owner to add. */
function printed(stack: Stack, id: string): any {
  const warnings = Annotations.fromStack(stack)
    .findWarning('*', OURS)
    .map(({ entry }) => entry.data as string)
    .filter((text) => text.endsWith(`::${id}]`));
  expect(warnings).toHaveLength(1);
  return JSON.parse(/needs this statement: (\{.*\}) \[ack/.exec(warnings[0])![1]);
}

describe('in the account of the bus, the grantee’s own policy is enough', () => {
  const PUT = { Action: 'events:PutEvents', Effect: 'Allow', Resource: BUS_ARN };

  test.each<[string, (stack: Stack) => iam.IGrantable]>([
    ['a role', (stack) => new iam.Role(stack, 'Grantee', { assumedBy: EC2 })],
    ['a role imported', (stack) => iam.Role.fromRoleArn(stack, 'Grantee', 'arn:aws:iam::111111111111:role/theirs')],
    ['a user', (stack) => new iam.User(stack, 'Grantee')],
    ['a group', (stack) => new iam.Group(stack, 'Grantee')],
  ])('%s', (_, grantee) => {
    // GIVEN
    const { hub, bus } = twoAccounts();

    // WHEN
    const grant = bus.grantPublish(grantee(hub));

    // THEN
    expect(grant).toEqual({ identityPolicy: GrantSide.ADDED, eventBusPolicy: GrantSide.NOT_NEEDED });
    expect(grant.complete).toBe(true);
    expect(identityPolicies(hub)).toEqual([PUT]);
    Template.fromStack(hub).resourceCountIs(BUS_POLICY, 0);
    Annotations.fromStack(hub).hasNoWarning('*', OURS);
  });

  test('a role imported to stay as it is: its owner is told the statement', () => {
    // GIVEN
    const { hub, bus } = twoAccounts();
    const arn = 'arn:aws:iam::111111111111:role/theirs';

    // WHEN
    const grant = bus.grantPublish(iam.Role.fromRoleArn(hub, 'Role', arn, { mutable: false }));

    // THEN
    expect(grant).toEqual({ identityPolicy: GrantSide.MISSING, eventBusPolicy: GrantSide.NOT_NEEDED });
    expect(grant.complete).toBe(false);
    expect(printed(hub, NO_IDENTITY)).toEqual(PUT);
    Template.fromStack(hub).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('a role of ours that is to stay as it is', () => {
    const { hub, bus } = twoAccounts();
    const role = new iam.Role(hub, 'Role', { assumedBy: EC2 });

    const grant = bus.grantPublish(role.withoutPolicyUpdates());

    expect(grant.identityPolicy).toBe(GrantSide.MISSING);
    Template.fromStack(hub).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('a function imported without its role: named by its path', () => {
    // GIVEN
    const { hub, bus } = twoAccounts();
    const fn = lambda.Function.fromFunctionArn(hub, 'Fn', 'arn:aws:lambda:eu-west-1:111111111111:function:fn');

    // WHEN
    const grant = bus.grantPublish(fn);

    // THEN
    expect(grant).toEqual({ identityPolicy: GrantSide.MISSING, eventBusPolicy: GrantSide.NOT_NEEDED });
    Annotations.fromStack(hub).hasWarning(
      '/Hub/Fn',
      Match.stringLikeRegexp('^The policy of Hub/Fn is not ours to change'),
    );
    expect(printed(hub, NO_IDENTITY)).toEqual(PUT);
  });
});

describe('a Lambda function', () => {
  const makeFunction = (stack: Stack, id = 'Fn') =>
    new lambda.Function(stack, id, {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => {};'),
    });
  const environment = (Variables: Record<string, string>) => ({ Environment: { Variables } });

  test('finds the bus in EVENT_BUS_ARN by default', () => {
    // GIVEN
    const { hub, bus } = twoAccounts();

    // WHEN
    const grant = bus.grantPublish(makeFunction(hub));

    // THEN
    expect(grant.complete).toBe(true);
    Template.fromStack(hub).hasResourceProperties('AWS::Lambda::Function', environment({ EVENT_BUS_ARN: BUS_ARN }));
    expect(identityPolicies(hub)).toEqual([{ Action: 'events:PutEvents', Effect: 'Allow', Resource: BUS_ARN }]);
  });

  test('finds the bus in the variable that was given', () => {
    const { hub, bus } = twoAccounts();

    bus.grantPublish(makeFunction(hub), { environmentVariable: 'GLOBAL_BUS' });

    const [fn] = Object.values(Template.fromStack(hub).findResources('AWS::Lambda::Function'));
    expect(fn.Properties.Environment).toEqual(environment({ GLOBAL_BUS: BUS_ARN }).Environment);
  });

  test('of a member that the bus admits needs nothing of the bus', () => {
    // GIVEN
    const { hub, order, bus } = twoAccounts({ accounts: ['222222222222'] });

    // WHEN
    const grant = bus.grantPublish(makeFunction(order));

    // THEN
    expect(grant).toEqual({ identityPolicy: GrantSide.ADDED, eventBusPolicy: GrantSide.NOT_NEEDED });
    expect(granted(hub)).toEqual([]);
    Template.fromStack(order).hasResourceProperties('AWS::Lambda::Function', environment({ EVENT_BUS_ARN: BUS_ARN }));
  });

  test('fails where the bus must name its role and the role has no name', () => {
    const { order, bus } = twoAccounts();

    expect(() => bus.grantPublish(makeFunction(order))).toThrow(/physical name/);
  });
});

describe('from another account, both policies must allow', () => {
  const named = (stack: Stack) => new iam.Role(stack, 'Role', { roleName: 'publisher', assumedBy: EC2 });

  test('the bus is given a statement for an account that it does not list', () => {
    // GIVEN
    const { hub, order, bus } = twoAccounts({ accounts: ['333333333333'] });

    // WHEN
    const grant = bus.grantPublish(named(order));

    // THEN
    expect(grant).toEqual({ identityPolicy: GrantSide.ADDED, eventBusPolicy: GrantSide.ADDED });
    expect(granted(hub)).toEqual([
      {
        Sid: expect.stringMatching(/^Publish-[0-9a-f]{8}$/),
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::222222222222:root' },
        Action: 'events:PutEvents',
        Resource: BUS_ARN,
        // The role as a condition: as principal it would have to exist before the bus.
        Condition: {
          ArnEquals: {
            'aws:PrincipalArn': {
              'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::222222222222:role/publisher']],
            },
          },
        },
      },
    ]);
    expect(identityPolicies(order)).toEqual([{ Action: 'events:PutEvents', Effect: 'Allow', Resource: BUS_ARN }]);
    Annotations.fromStack(order).hasNoWarning('*', OURS);
    expect(order.dependencies).toEqual([]);
  });

  test.each<[string, Partial<GlobalBusProps>]>([
    ['lists the account', { accounts: ['222222222222'] }],
    ['admits an organisation', { organizationId: 'o-abc1234567' }],
    ['lists the account of an organisation', { organizationId: 'o-abc1234567', accounts: ['222222222222'] }],
  ])('the bus needs no statement where it %s', (_, props) => {
    const { hub, order, bus } = twoAccounts(props);

    const grant = bus.grantPublish(named(order));

    expect(grant).toEqual({ identityPolicy: GrantSide.ADDED, eventBusPolicy: GrantSide.NOT_NEEDED });
    expect(granted(hub)).toEqual([]);
  });

  test('the bus is given one where it admits organisational units: who is in them is not known here', () => {
    const { hub, order, bus } = twoAccounts({ organizationPaths: ['o-abc1234567/r-ab12/*'] });

    const grant = bus.grantPublish(named(order));

    expect(grant).toEqual({ identityPolicy: GrantSide.ADDED, eventBusPolicy: GrantSide.ADDED });
    expect(granted(hub)).toEqual([
      expect.objectContaining({ Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Condition: expect.anything() }),
    ]);
  });

  test('a session is named itself, since the key of principals holds its role', () => {
    const { hub, bus } = twoAccounts();
    const session = 'arn:aws:sts::222222222222:assumed-role/ci/deploy';

    bus.grantPublish(new iam.ArnPrincipal(session), { sources: ['order'] });

    const [{ Principal, Condition }] = granted(hub);
    expect(Principal).toEqual({ AWS: session });
    expect(Condition).toEqual({
      'ForAllValues:StringEquals': { 'events:source': ['order'] },
      Null: { 'events:source': 'false' },
    });
  });

  test('the bus is given one for an account of the organisation that it does not list', () => {
    const { hub, order, bus } = twoAccounts({ organizationId: 'o-abc1234567', accounts: ['333333333333'] });

    expect(bus.grantPublish(named(order)).eventBusPolicy).toBe(GrantSide.ADDED);
    expect(granted(hub)).toHaveLength(1);
  });

  test('a user is named too', () => {
    // GIVEN
    const { hub, order, bus } = twoAccounts();

    // WHEN
    bus.grantPublish(new iam.User(order, 'User', { userName: 'joe' }));

    // THEN
    expect(JSON.stringify(granted(hub)[0].Condition.ArnEquals)).toContain(':iam::222222222222:user/joe');
  });

  test('who depends on the bus waits for the statement', () => {
    const { hub, order, bus } = twoAccounts();
    bus.grantPublish(named(order));
    bus.grantPublish(new iam.AccountPrincipal('444444444444'));

    const policies = Object.entries(Template.fromStack(hub).findResources(BUS_POLICY));
    expect(policies.map(([, { DependsOn }]) => DependsOn)).toEqual([undefined, [policies[0][0]]]);
  });

  test('the same grant twice is one statement', () => {
    // GIVEN
    const { hub, order, bus } = twoAccounts();
    const role = named(order);

    // WHEN
    bus.grantPublish(role);
    const again = bus.grantPublish(role);

    // THEN
    expect(again.complete).toBe(true);
    expect(granted(hub)).toHaveLength(1);
  });

  test('roles of one id in two stacks are two grantees', () => {
    // GIVEN
    const { app, hub, order, bus } = twoAccounts();
    const twin = new Stack(app, 'Twin', { env: ORDER });

    // WHEN
    bus.grantPublish(named(order));
    bus.grantPublish(new iam.Role(twin, 'Role', { roleName: 'another', assumedBy: EC2 }));

    // THEN
    expect(JSON.stringify(granted(hub))).toMatch(/role\/publisher.*role\/another/);
  });

  test('a role imported from there: its own policy is MISSING, which the CDK would not say', () => {
    // GIVEN
    const { hub, bus } = twoAccounts();
    const arn = 'arn:aws:iam::222222222222:role/theirs';

    // WHEN
    const grant = bus.grantPublish(iam.Role.fromRoleArn(hub, 'Role', arn), { sources: ['order'] });

    // THEN
    expect(grant).toEqual({ identityPolicy: GrantSide.MISSING, eventBusPolicy: GrantSide.ADDED });
    expect(grant.complete).toBe(false);
    expect(printed(hub, NO_IDENTITY)).toEqual({
      Action: 'events:PutEvents',
      Effect: 'Allow',
      Resource: BUS_ARN,
      Condition: { 'ForAllValues:StringEquals': { 'events:source': ['order'] }, Null: { 'events:source': 'false' } },
    });
    expect(granted(hub)[0].Condition.ArnEquals).toEqual({ 'aws:PrincipalArn': arn });
  });

  test.each<[string, (stack: Stack) => iam.IGrantable, GrantSide]>([
    ['a user', (stack) => iam.User.fromUserArn(stack, 'Theirs', 'arn:aws:iam::222222222222:user/joe'), GrantSide.ADDED],
    // The policy of a bus cannot name a group, and its whole account was not asked for.
    [
      'a group',
      (stack) => iam.Group.fromGroupArn(stack, 'Theirs', 'arn:aws:iam::222222222222:group/joes'),
      GrantSide.MISSING,
    ],
  ])('%s imported from there: no policy goes to who has the same name here', (_, theirs, eventBusPolicy) => {
    // GIVEN
    const { hub, bus } = twoAccounts();

    // WHEN
    const grant = bus.grantPublish(theirs(hub));

    // THEN
    expect(grant).toEqual({ identityPolicy: GrantSide.MISSING, eventBusPolicy });
    expect(granted(hub)).toHaveLength(eventBusPolicy === GrantSide.ADDED ? 1 : 0);
    expect(printed(hub, NO_IDENTITY)).toMatchObject({ Action: 'events:PutEvents', Resource: BUS_ARN });
    expect(identityPolicies(hub)).toEqual([]);
  });
});

describe('a bus that is not ours', () => {
  const role = (stack: Stack) => new iam.Role(stack, 'Role', { assumedBy: EC2 });
  const orderStack = () => new Stack(new App(), 'Order', { env: ORDER });

  test('of another account: its owner is told the statement', () => {
    // GIVEN
    const order = orderStack();
    const bus = GlobalBus.fromEventBusArn(order, 'Bus', BUS_ARN);

    // WHEN
    const grant = bus.grantPublish(iam.Role.fromRoleArn(order, 'Role', 'arn:aws:iam::222222222222:role/ours'));

    // THEN
    expect(grant).toEqual({ identityPolicy: GrantSide.ADDED, eventBusPolicy: GrantSide.MISSING });
    expect(grant.complete).toBe(false);
    expect(printed(order, NO_BUS_POLICY)).toEqual({
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: 'events:PutEvents',
      Resource: BUS_ARN,
      Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/ours' } },
    });
    Template.fromStack(order).resourceCountIs(BUS_POLICY, 0);
  });

  test('of the same account needs nothing', () => {
    const hub = new Stack(new App(), 'Hub', { env: HUB });

    const grant = GlobalBus.fromEventBusName(hub, 'Bus', 'acme-global').grantPublish(role(hub));

    expect(grant).toEqual({ identityPolicy: GrantSide.ADDED, eventBusPolicy: GrantSide.NOT_NEEDED });
  });

  describe('but of a topology', () => {
    const fromTopology = (scope: Stack, existingEventBus?: boolean): IGlobalBus =>
      GlobalBus.fromTopology(
        scope,
        'Bus',
        new Topology({
          name: 'acme',
          hub: { ...HUB, existingEventBus, eventBusName: 'acme-global' },
          members: [{ name: 'order', account: '222222222222' }],
        }),
      );

    test('admits its members', () => {
      const order = orderStack();

      expect(fromTopology(order).grantPublish(role(order))).toEqual({
        identityPolicy: GrantSide.ADDED,
        eventBusPolicy: GrantSide.NOT_NEEDED,
      });
      Annotations.fromStack(order).hasNoWarning('*', OURS);
    });

    test('admits nobody else', () => {
      const stranger = new Stack(new App(), 'Stranger', { env: { account: '999999999999', region: 'eu-west-1' } });

      expect(fromTopology(stranger).grantPublish(role(stranger)).eventBusPolicy).toBe(GrantSide.MISSING);
    });

    test('may have a policy that somebody else writes', () => {
      const order = orderStack();

      expect(fromTopology(order, true).grantPublish(role(order)).eventBusPolicy).toBe(GrantSide.MISSING);
    });

    test('fails for the sources that it reserves', () => {
      const order = orderStack();

      expect(() => fromTopology(order).grantPublish(role(order), { sources: ['valid.order'] })).toThrow(
        /\(SourceReserved\)$/,
      );
    });
  });

  test('is named by its path where only the deployment knows its ARN', () => {
    const stack = new Stack(new App(), 'Anywhere');
    const bus = GlobalBus.fromEventBusName(stack, 'Bus', 'acme-global');

    bus.grantPublish(new iam.AccountPrincipal('222222222222'));

    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('^The policy of Anywhere/Bus is not ours'));
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('Token\\['));
  });
});

describe('principals without a policy of their own', () => {
  test('an account: the bus admits it, its administrators are told the rest', () => {
    // GIVEN
    const { hub, bus } = twoAccounts();

    // WHEN
    const grant = bus.grantPublish(new iam.AccountPrincipal('222222222222'));

    // THEN
    expect(grant).toEqual({ identityPolicy: GrantSide.MISSING, eventBusPolicy: GrantSide.ADDED });
    expect(granted(hub)).toEqual([
      expect.objectContaining({ Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Resource: BUS_ARN }),
    ]);
    expect(granted(hub)[0].Condition).toBeUndefined();
    expect(printed(hub, NO_IDENTITY)).toMatchObject({ Action: 'events:PutEvents', Resource: BUS_ARN });
  });

  test('an account with conditions keeps them', () => {
    // GIVEN
    const { hub, bus } = twoAccounts();
    const account = new iam.AccountPrincipal('222222222222');

    // WHEN
    bus.grantPublish(account.withConditions({ Null: { 'aws:PrincipalTag/team': 'false' } }), { sources: ['order'] });
    bus.grantPublish(account, { sources: ['order'] });

    // THEN
    expect(granted(hub).map(({ Condition }) => Condition)).toEqual([
      {
        'ForAllValues:StringEquals': { 'events:source': ['order'] },
        Null: { 'events:source': 'false', 'aws:PrincipalTag/team': 'false' },
      },
      { 'ForAllValues:StringEquals': { 'events:source': ['order'] }, Null: { 'events:source': 'false' } },
    ]);
  });

  test('an organisation: the bus admits it, and not everybody', () => {
    // GIVEN
    const { hub, bus } = twoAccounts();

    // WHEN
    const grant = bus.grantPublish(new iam.OrganizationPrincipal('o-abc1234567'), { detailTypes: ['Order.Created'] });

    // THEN
    expect(grant).toEqual({ identityPolicy: GrantSide.MISSING, eventBusPolicy: GrantSide.ADDED });
    expect(granted(hub)).toEqual([
      expect.objectContaining({
        Principal: '*',
        Condition: {
          StringEquals: { 'aws:PrincipalOrgID': 'o-abc1234567' },
          // Principals of the bus's own account need no policy of their own where everybody is allowed.
          StringNotEquals: { 'aws:PrincipalAccount': '111111111111' },
          'ForAllValues:StringEquals': { 'events:detail-type': ['Order.Created'] },
          Null: { 'events:detail-type': 'false' },
        },
      }),
    ]);
  });

  test.each<[string, iam.IPrincipal]>([
    ['a service', new iam.ServicePrincipal('scheduler.amazonaws.com')],
    ['anybody', new iam.AnyPrincipal()],
    [
      'several',
      new iam.CompositePrincipal(new iam.AccountPrincipal('222222222222'), new iam.AccountPrincipal('333333333333')),
    ],
  ])('%s: of no known account, so nothing is allowed', (_, principal) => {
    // GIVEN
    const { hub, bus } = twoAccounts();

    // WHEN
    const grant = bus.grantPublish(principal);

    // THEN
    expect(grant).toEqual({ identityPolicy: GrantSide.MISSING, eventBusPolicy: GrantSide.MISSING });
    expect(granted(hub)).toEqual([]);
    Annotations.fromStack(hub).hasWarning(
      '/Hub/Bus',
      Match.stringLikeRegexp('is unknown.*list the account where the bus is defined'),
    );
  });
});

describe('where only the deployment knows the account of the bus', () => {
  const anywhere = () => {
    const stack = new Stack(new App(), 'Anywhere');
    return { stack, bus: new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global', reservedSourcePrefixes: [] }) };
  };

  test('a role beside it needs no statement of the bus', () => {
    const { stack, bus } = anywhere();

    expect(bus.grantPublish(new iam.Role(stack, 'Role', { assumedBy: EC2 })).eventBusPolicy).toBe(GrantSide.NOT_NEEDED);
  });

  test('an account with an id gets one: it may be another', () => {
    const { stack, bus } = anywhere();

    expect(bus.grantPublish(new iam.AccountPrincipal('222222222222')).eventBusPolicy).toBe(GrantSide.ADDED);
    expect(granted(stack)).toHaveLength(1);
  });

  test('and of a role, the statement is printed for a bus with an id', () => {
    const stack = new Stack(new App(), 'Anywhere');
    const bus = GlobalBus.fromEventBusArn(stack, 'Bus', BUS_ARN);

    expect(bus.grantPublish(new iam.Role(stack, 'Role', { assumedBy: EC2 }))).toEqual({
      identityPolicy: GrantSide.ADDED,
      eventBusPolicy: GrantSide.MISSING,
    });
    expect(printed(stack, NO_BUS_POLICY).Principal.AWS).toEqual({
      'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'AWS::AccountId' }, ':root']],
    });
  });
});

describe('what may be published', () => {
  const statement = (options: Parameters<IGlobalBus['grantPublish']>[1]) => {
    const { hub, bus } = twoAccounts();
    bus.grantPublish(new iam.Role(hub, 'Role', { assumedBy: EC2 }), options);
    return identityPolicies(hub)[0];
  };

  test('everything by default', () => {
    expect(statement(undefined).Condition).toBeUndefined();
  });

  test('these sources: every entry of a request has one of them', () => {
    expect(statement({ sources: ['order', 'payment'] }).Condition).toEqual({
      'ForAllValues:StringEquals': { 'events:source': ['order', 'payment'] },
      Null: { 'events:source': 'false' },
    });
  });

  test('these detail-types', () => {
    expect(statement({ detailTypes: ['Order.Created'] }).Condition).toEqual({
      'ForAllValues:StringEquals': { 'events:detail-type': ['Order.Created'] },
      Null: { 'events:detail-type': 'false' },
    });
  });

  test('both, and the bus says the same', () => {
    // GIVEN
    const { hub, order, bus } = twoAccounts();
    const role = new iam.Role(order, 'Role', { roleName: 'publisher', assumedBy: EC2 });

    // WHEN
    bus.grantPublish(role, { sources: ['order'], detailTypes: ['Order.Created'] });

    // THEN
    const condition = {
      'ForAllValues:StringEquals': { 'events:source': ['order'], 'events:detail-type': ['Order.Created'] },
      Null: { 'events:source': 'false', 'events:detail-type': 'false' },
    };
    expect(identityPolicies(order)[0].Condition).toEqual(condition);
    expect(granted(hub)[0].Condition).toEqual({ ...condition, ArnEquals: expect.anything() });
  });

  test.each(['', 'aws.s3', 'aws.'])('fails for the source %p', (source) => {
    expect(() => statement({ sources: ['order', source] })).toThrow(/cannot be published.*\(SourceInvalid\)$/);
  });

  test('fails for no source at all', () => {
    expect(() => statement({ sources: [] })).toThrow(
      /sources is an empty list, which would allow nothing.*\(SourceInvalid\)$/,
    );
  });

  test.each([
    ['valid.order', undefined],
    ['invalid.order', undefined],
    ['internal.audit', ['internal.']],
  ])('fails for the source %p that the bus reserves', (source, reservedSourcePrefixes) => {
    const { hub, bus } = twoAccounts({ reservedSourcePrefixes });

    expect(() => bus.grantPublish(new iam.Role(hub, 'Role', { assumedBy: EC2 }), { sources: [source] })).toThrow(
      /which the policy of the bus denies to every producer.*\(SourceReserved\)$/,
    );
  });

  test('a source that the bus does not reserve', () => {
    const { hub, bus } = twoAccounts({ reservedSourcePrefixes: ['internal.'] });

    bus.grantPublish(new iam.Role(hub, 'Role', { assumedBy: EC2 }), { sources: ['valid.order'] });

    expect(identityPolicies(hub)).toEqual([
      expect.objectContaining({
        Condition: expect.objectContaining({ 'ForAllValues:StringEquals': { 'events:source': ['valid.order'] } }),
      }),
    ]);
  });
});

describe('on a bus with pinned sources', () => {
  const pinned = () => {
    const app = new App();
    const bus = new GlobalBus(
      new Stack(app, 'PinnedHub', { env: { account: '111111111111', region: 'eu-west-1' } }),
      'Bus',
      {
        eventBusName: 'pinned',
        accounts: ['222222222222', '333333333333'],
        sourcePins: [{ account: '222222222222', sources: ['order.service'] }],
      },
    );
    const role = (account: string) =>
      new iam.Role(new Stack(app, `Stack${account}`, { env: { account, region: 'eu-west-1' } }), 'Role', {
        roleName: 'publisher',
        assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      });
    return { bus, role };
  };

  test('the owner may publish its sources, and others what nobody owns', () => {
    const { bus, role } = pinned();
    expect(bus.grantPublish(role('222222222222'), { sources: ['order.service'] }).complete).toBe(true);
    expect(bus.grantPublish(role('333333333333'), { sources: ['delivery.service'] }).complete).toBe(true);
  });

  test.each([
    ['333333333333', 'order.service', 'is pinned to account 222222222222'],
    ['222222222222', 'delivery.service', 'is none of order.service, to which its account is pinned'],
  ])('fails for account %s and source %s', (account, source, why) => {
    const { bus, role } = pinned();
    expect(() => bus.grantPublish(role(account), { sources: [source] })).toThrow(
      new RegExp(`${why}.*\\(SourceNotOwned\\)$`),
    );
  });
});

test('the ARN of a role: the bus admits that role alone, its owner is told the rest', () => {
  const stack = new Stack(new App(), 'ArnHub', { env: { account: '111111111111', region: 'eu-west-1' } });
  const bus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global' });
  const grant = bus.grantPublish(new iam.ArnPrincipal('arn:aws:iam::222222222222:role/theirs'));
  expect([grant.identityPolicy, grant.eventBusPolicy]).toEqual([GrantSide.MISSING, GrantSide.ADDED]);
  Template.fromStack(stack).hasResourceProperties('AWS::Events::EventBusPolicy', {
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Condition: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/theirs' } },
    },
  });
});

test('fails for one function on two buses with one variable', () => {
  const stack = new Stack(new App(), 'TwoBuses', { env: { account: '111111111111', region: 'eu-west-1' } });
  const fn = new lambda.Function(stack, 'F', {
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_22_X,
  });
  const [a, b] = ['a', 'b'].map((name) => new GlobalBus(stack, name, { eventBusName: name }));
  a.grantPublish(fn);
  a.grantPublish(fn, { detailTypes: ['X'] });
  expect(() => b.grantPublish(fn)).toThrow(
    /EVENT_BUS_ARN of TwoBuses\/F\/ServiceRole holds the ARN of another bus: .*\(EnvironmentVariableTaken\)$/,
  );
  expect(b.grantPublish(fn, { environmentVariable: 'B_ARN' }).complete).toBe(true);
});

test.each([
  [{ detailTypes: [] }, 'detailTypes is an empty list'],
  [{ sources: ['order.*'] }, 'sources: "order.*" has a star'],
  [{ detailTypes: ['Order.*'] }, 'detailTypes: "Order.*" has a star'],
])('fails for %j, which would allow nothing', (options, why) => {
  const stack = new Stack(new App(), 'Nothing', { env: { account: '111111111111', region: 'eu-west-1' } });
  const bus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global' });
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  expect(() => bus.grantPublish(role, options)).toThrow(why);
  expect(() => bus.grantPublish(role, options)).toThrow('(SourceInvalid)');
});

describe('an account that means another one in the stack of the bus', () => {
  const stacks = () => {
    const app = new App();
    return {
      hub: new Stack(app, 'Hub', { env: { account: '111111111111', region: 'eu-west-1' } }),
      anywhere: new Stack(app, 'Anywhere'),
    };
  };

  test('of a grantee is unknown', () => {
    const { hub, anywhere } = stacks();
    const bus = new GlobalBus(hub, 'Bus', { eventBusName: 'acme-global' });
    const role = new iam.Role(anywhere, 'Role', {
      roleName: 'publisher',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    const grant = bus.grantPublish(role);
    expect([grant.identityPolicy, grant.eventBusPolicy]).toEqual([GrantSide.ADDED, GrantSide.MISSING]);
    Annotations.fromStack(anywhere).hasWarning(
      '*',
      Match.stringLikeRegexp('is unknown.*list the account where the bus is defined'),
    );
  });

  test('fails in a list of accounts', () => {
    const { hub, anywhere } = stacks();
    expect(() => new GlobalBus(hub, 'Bus', { eventBusName: 'b', accounts: [anywhere.account] })).toThrow(
      /an account is AWS::AccountId, .*\(AccountInvalid\)$/,
    );
  });

  test('fails of a local bus', () => {
    const { hub, anywhere } = stacks();
    const localBus = new LocalBus(anywhere, 'Bus', { eventBusName: 'local', hubAccount: '111111111111' });
    expect(() => new GlobalBus(hub, 'Bus', { eventBusName: 'b' }).fanOutTo('X', localBus)).toThrow(
      /the account of the local bus of X is AWS::AccountId, .*\(AccountInvalid\)$/,
    );
  });
});

test.each<[string, object, RegExp]>([
  ['no source', { sources: ['order.service', undefined] }, /sources\[1\] is undefined/],
  ['a text for sources', { sources: 'order.service' }, /sources is "order.service", not a list/],
  ['no detail-type', { detailTypes: [undefined] }, /detailTypes\[0\] is undefined/],
])('names that are none are refused: %s', (_, options, message) => {
  const { hub, bus } = twoAccounts();
  const grant = () => bus.grantPublish(new iam.Role(hub, 'Grantee', { assumedBy: EC2 }), options);

  expect(grant).toThrow(message);
});
