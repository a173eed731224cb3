import { App, CfnParameter, Duration, Fn, Lazy, RemovalPolicy, Stack, type Environment } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as cw_actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FanOutRule, GlobalBus, LocalBus, Topology, type GlobalBusProps } from '../../src';

/** The warnings of this library; newer versions of the CDK have some of their own. */
const OURS = Match.stringLikeRegexp('cdk-event-backbone:');
const HUB = { account: '111111111111', region: 'eu-west-1' };
const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global';
const BUS = 'AWS::Events::EventBus';
const POLICY = 'AWS::Events::EventBusPolicy';
const KEY_ARN = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555';

const hubStack = (env: Environment | undefined = HUB) => new Stack(new App(), 'Hub', { env });

function makeBus(props: Partial<GlobalBusProps> = {}, stack = hubStack()) {
  const bus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global', reservedSourcePrefixes: [], ...props });
  return { stack, bus };
}

const template = (props: Partial<GlobalBusProps>) => Template.fromStack(makeBus(props).stack);

/** 12 digits each. */
const accounts = (count: number) => Array.from({ length: count }, (_, i) => String(200_000_000_000 + i));

describe('the bus', () => {
  test('has its name, and nothing that was not asked for', () => {
    // WHEN
    const buses = template({}).findResources(BUS);

    // THEN
    expect(Object.values(buses).map(({ Properties }) => Properties)).toEqual([{ Name: 'acme-global' }]);
    template({}).resourceCountIs('AWS::SQS::Queue', 0);
  });

  test('has the description that was given', () => {
    template({ description: 'Everybody publishes here.' }).hasResourceProperties(BUS, {
      Description: 'Everybody publishes here.',
    });
  });

  test('has an ARN by its name, known before it exists', () => {
    expect(makeBus().bus.eventBusArn).toBe(BUS_ARN);
    expect(makeBus().bus.eventBusRef).toEqual({ eventBusName: 'acme-global', eventBusArn: BUS_ARN });
  });

  test('has the partition of its Region in its ARN', () => {
    const { bus } = makeBus({}, hubStack({ account: '111111111111', region: 'cn-north-1' }));

    expect(bus.eventBusArn).toBe('arn:aws-cn:events:cn-north-1:111111111111:event-bus/acme-global');
  });

  test('is deleted with its stack by default', () => {
    template({}).hasResource(BUS, { DeletionPolicy: Match.absent() });
  });

  test('is retained where removalPolicy says so, its queues and logs with it', () => {
    // GIVEN
    const { bus, stack } = makeBus({ removalPolicy: RemovalPolicy.RETAIN });

    // WHEN
    bus.archive('Archive');
    bus.captureLogs('Log');

    // THEN
    for (const type of [BUS, 'AWS::Events::Archive', 'AWS::Logs::LogGroup', 'AWS::SQS::Queue']) {
      Template.fromStack(stack).allResources(type, { DeletionPolicy: 'Retain' });
    }
  });

  test('deletes its log group too where removalPolicy says so', () => {
    const { bus, stack } = makeBus({ removalPolicy: RemovalPolicy.DESTROY });

    bus.captureLogs('Log');

    Template.fromStack(stack).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });

  test('makes the alarm of its dead-letter queue do what alarmActions say', () => {
    // GIVEN
    const stack = hubStack();
    const topic = new sns.Topic(stack, 'Topic');
    const { bus } = makeBus({ alarmActions: [new cw_actions.SnsAction(topic)] }, stack);

    // WHEN
    bus.captureLogs('Log');

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }],
    });
  });

  test('leaves its alarms without actions by default', () => {
    const { bus, stack } = makeBus();

    bus.captureLogs('Log');

    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent() });
  });

  test('has one queue for the rules of its stack', () => {
    const { bus } = makeBus();

    expect(bus.deadLetterQueue).toBe(bus.deadLetterQueue);
  });

  test.each(['', 'default', 'aws.partner', 'with space', 'with/slash', 'x'.repeat(257)])(
    'fails for the name %p',
    (eventBusName) => {
      expect(() => makeBus({ eventBusName })).toThrow(/^\[Hub\/Bus\] event bus name .*\(EventBusNameInvalid\)$/);
    },
  );

  test('takes the longest name, and one that only the deployment knows', () => {
    // GIVEN
    const stack = hubStack();
    const name = new CfnParameter(stack, 'Name').valueAsString;

    // WHEN
    makeBus({ eventBusName: name }, stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties(BUS, { Name: { Ref: 'Name' } });
    expect(makeBus({ eventBusName: 'x'.repeat(256) }).bus.eventBusName).toHaveLength(256);
  });

  test('fails for a description that is too long', () => {
    expect(() => makeBus({ description: 'x'.repeat(513) })).toThrow(
      /513 characters, 512 at most.*\(DescriptionTooLong\)$/,
    );
    const longest = 'x'.repeat(512);
    Template.fromStack(makeBus({ description: longest }).stack).hasResourceProperties(BUS, { Description: longest });
  });
});

describe('who may publish', () => {
  test('nobody of another account by default', () => {
    template({}).resourceCountIs(POLICY, 0);
  });

  test('accounts alone: by name, in the form that AWS documents', () => {
    template({ accounts: ['222222222222', '333333333333'] }).hasResourceProperties(POLICY, {
      EventBusName: { Ref: Match.stringLikeRegexp('^Bus') },
      StatementId: 'Accounts',
      Statement: {
        Sid: 'Accounts',
        Effect: 'Allow',
        Principal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::333333333333:root'] },
        Action: 'events:PutEvents',
        Resource: BUS_ARN,
        Condition: Match.absent(),
      },
    });
  });

  test('an organisation and accounts: who is both', () => {
    template({ organizationId: 'o-abc1234567', accounts: ['222222222222'] }).hasResourceProperties(POLICY, {
      Statement: {
        Sid: 'Organization',
        Effect: 'Allow',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: BUS_ARN,
        Condition: {
          StringEquals: { 'aws:PrincipalOrgID': 'o-abc1234567', 'aws:PrincipalAccount': ['222222222222'] },
        },
      },
    });
  });

  test('organisational units: by their paths, which a principal may have several of', () => {
    const path = 'o-abc1234567/r-ab12/ou-ab12-11111111/*';

    template({ organizationPaths: [path] }).hasResourceProperties(POLICY, {
      Statement: {
        Principal: '*',
        Condition: { StringEquals: Match.absent(), 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [path] } },
      },
    });
  });

  test('organisational units and accounts: who is both', () => {
    const path = 'o-abc1234567/r-ab12/*';

    template({ organizationPaths: [path], accounts: ['222222222222'] }).hasResourceProperties(POLICY, {
      Statement: {
        Condition: {
          StringEquals: { 'aws:PrincipalAccount': ['222222222222'] },
          'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [path] },
        },
      },
    });
  });

  test('an organisation and an empty list of accounts: nobody', () => {
    template({ organizationId: 'o-abc1234567', accounts: [] }).resourceCountIs(POLICY, 0);
  });

  test('a whole organisation: with a warning about its sandboxes', () => {
    const { stack } = makeBus({ organizationId: 'o-abc1234567' });

    Template.fromStack(stack).hasResourceProperties(POLICY, {
      Statement: { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abc1234567' } } },
    });
    Annotations.fromStack(stack).hasWarning(
      '/Hub/Bus',
      Match.stringLikeRegexp('sandboxes.*GlobalBus.wholeOrganization'),
    );
  });

  test.each<Partial<GlobalBusProps>>([
    { organizationId: 'o-abc1234567', accounts: ['222222222222'] },
    { organizationId: 'o-abc1234567', organizationPaths: ['o-abc1234567/r-ab12/*'] },
    { accounts: ['222222222222'] },
  ])('no warning for %j', (props) => {
    Annotations.fromStack(makeBus(props).stack).hasNoWarning('*', OURS);
  });

  describe('an Allow for everybody leaves out the own account, whose principals would need no policy of their own', () => {
    const conditionOf = (props: Partial<GlobalBusProps>, stack?: Stack) => {
      const [statement] = Object.values(Template.fromStack(makeBus(props, stack).stack).findResources(POLICY));
      return statement.Properties.Statement.Condition;
    };
    const organizationId = 'o-abc1234567';
    const others = { StringNotEquals: { 'aws:PrincipalAccount': HUB.account } };

    test.each<[string, Partial<GlobalBusProps>]>([
      ['a whole organisation', { organizationId }],
      ['organisational units', { organizationPaths: [`${organizationId}/r-ab12/*`] }],
      [
        'accounts of which one is a deploy-time value',
        { organizationId, accounts: [Lazy.string({ produce: () => 'x' })] },
      ],
      ['accounts that only the deployment knows', { accounts: Fn.split(',', Fn.importValue('Accounts')) }],
      ['the same of an organisation', { organizationId, accounts: Fn.split(',', Fn.importValue('Accounts')) }],
    ])('%s', (_, props) => {
      expect(conditionOf(props)).toMatchObject(others);
    });

    test('by a condition where the own account is not known, else by its absence from the list', () => {
      const props = { organizationId, accounts: [HUB.account, '222222222222'] };
      expect(conditionOf(props)).toEqual({
        StringEquals: { 'aws:PrincipalOrgID': organizationId, 'aws:PrincipalAccount': ['222222222222'] },
      });
      expect(conditionOf(props, new Stack())).toEqual({
        StringEquals: { 'aws:PrincipalOrgID': organizationId, 'aws:PrincipalAccount': props.accounts },
        StringNotEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } },
      });
    });
  });

  test('the statements are created one after another, the Allow last', () => {
    const policies = template({
      accounts: ['222222222222'],
      reservedSourcePrefixes: ['valid.'],
      sourcePins: [{ account: '222222222222', sources: ['order'] }],
    }).findResources(POLICY);

    const after = Object.values(policies).map(({ DependsOn }) => DependsOn);
    const [first, second, third] = Object.keys(policies);
    expect(after).toEqual([undefined, [first], [second], [third]]);
    expect(Object.values(policies).map(({ Properties }) => Properties.Statement.Effect)).toEqual([
      'Deny',
      'Deny',
      'Deny',
      'Allow',
    ]);
  });

  test('who depends on the bus waits for its policy, not for its rules', () => {
    // GIVEN
    const { bus, stack } = makeBus({ accounts: ['222222222222'] });
    bus.captureLogs('Log');

    // WHEN
    new sqs.Queue(stack, 'After').node.addDependency(bus);

    // THEN
    Template.fromStack(stack).hasResource('AWS::SQS::Queue', {
      DependsOn: [Match.stringLikeRegexp('^BusPolicyAccounts'), Match.stringLikeRegexp('^Bus[0-9A-F]{8}$')],
    });
  });

  test.each([
    ['12345678901'],
    ['2222222222222'],
    ['arn:aws:iam::222222222222:root'],
    [222222222222 as unknown as string],
  ])('fails for the account %p', (account) => {
    expect(() => makeBus({ accounts: [account] })).toThrow(
      /not a 12-digit account id: pass it as a string.*\(AccountInvalid\)$/,
    );
  });

  test('fails for an account that is listed twice', () => {
    expect(() => makeBus({ accounts: ['222222222222', '222222222222'] })).toThrow(
      /"222222222222" is listed twice.*\(AccountInvalid\)$/,
    );
  });

  test.each(['', 'abc1234567', 'o-short', 'o-ABC1234567'])('fails for the organisation %p', (organizationId) => {
    expect(() => makeBus({ organizationId })).toThrow(/is not an organisation id.*\(OrganizationInvalid\)$/);
  });

  test.each(['o-abc1234567', 'o-abc1234567/r-ab12', 'r-ab12/ou-ab12-11111111/*', '*', 'o-*/r-ab12/*'])(
    'fails for the organisation path %p',
    (path) => {
      expect(() => makeBus({ organizationPaths: [path] })).toThrow(
        /is not an organisation path.*\(OrganizationInvalid\)$/,
      );
    },
  );

  test('fails for an empty list of organisation paths, which would admit nobody', () => {
    expect(() => makeBus({ organizationPaths: [] })).toThrow(
      /organizationPaths is an empty list.*\(OrganizationInvalid\)$/,
    );
  });

  test('takes an account and an organisation that only the deployment knows', () => {
    // GIVEN
    const stack = hubStack();
    const account = new CfnParameter(stack, 'Account').valueAsString;
    const organizationId = new CfnParameter(stack, 'Organization').valueAsString;

    // WHEN
    makeBus({ accounts: [account], organizationId }, stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties(POLICY, {
      Statement: {
        Condition: {
          StringEquals: { 'aws:PrincipalOrgID': { Ref: 'Organization' }, 'aws:PrincipalAccount': [{ Ref: 'Account' }] },
        },
      },
    });
  });
});

describe('reserved sources', () => {
  const RESERVED = (patterns: string[]) => ({
    Statement: {
      Sid: 'ReservedSources',
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: BUS_ARN,
      Condition: { 'ForAnyValue:StringLike': { 'events:source': patterns } },
    },
  });

  test('are those of validated events by default', () => {
    template({ reservedSourcePrefixes: undefined }).hasResourceProperties(POLICY, RESERVED(['valid.*', 'invalid.*']));
  });

  test('are those that were given', () => {
    template({ reservedSourcePrefixes: ['internal.'] }).hasResourceProperties(POLICY, RESERVED(['internal.*']));
  });

  test('are none for an empty list', () => {
    template({ reservedSourcePrefixes: [] }).resourceCountIs(POLICY, 0);
  });

  test.each(['', '*', 'valid.*', 'v?lid.'])('fails for the prefix %p', (prefix) => {
    expect(() => makeBus({ reservedSourcePrefixes: [prefix] })).toThrow(
      /would forbid more than a prefix.*\(ReservedPrefixInvalid\)$/,
    );
  });
});

describe('the size of the policy', () => {
  const synth = (props: Partial<GlobalBusProps>, env?: Environment) => () => {
    const app = new App();
    makeBus(props, new Stack(app, 'Hub', { env }));
    // How many accounts the policy names.
    return JSON.stringify(app.synth().getStackByName('Hub').template).split(':root').length - 1;
  };

  test('holds 304 accounts', () => {
    expect(synth({ accounts: accounts(304) }, HUB)()).toBe(304);
  });

  test('fails at synthesis for one account more', () => {
    expect(synth({ accounts: accounts(305) }, HUB)).toThrow(
      /the policy of the bus has \d{5} characters, 10240 at most: admit an organisation.*\(EventBusPolicyTooLong\)/,
    );
  });

  test('takes the quota of the account where it was raised', () => {
    expect(synth({ accounts: accounts(500), eventBusPolicyQuota: 20_480 }, HUB)()).toBe(500);
    expect(synth({ accounts: accounts(10), eventBusPolicyQuota: 300 }, HUB)).toThrow(
      /300 at most.*\(EventBusPolicyTooLong\)/,
    );
  });

  test('is about the same where only the deployment knows account, Region and partition', () => {
    expect(synth({ accounts: accounts(304) })()).toBe(304);
    expect(synth({ accounts: accounts(320) })).toThrow(/\(EventBusPolicyTooLong\)/);
  });

  test('counts other deploy-time values as they stand in the template', () => {
    // GIVEN
    const stack = hubStack();
    const organizationId = new CfnParameter(stack, 'OrganizationIdOfTheWholeCompany').valueAsString;

    // WHEN
    makeBus({ organizationId, accounts: ['222222222222'], eventBusPolicyQuota: 300 }, stack);

    // THEN
    expect(() => Template.fromStack(stack)).toThrow(/\(EventBusPolicyTooLong\)/);
  });
});

describe('encryption', () => {
  const statements = (stack: Stack): any[] =>
    Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'))[0].Properties.KeyPolicy.Statement;

  test('is by a key of AWS by default', () => {
    template({}).hasResourceProperties(BUS, { KmsKeyIdentifier: Match.absent(), DeadLetterConfig: Match.absent() });
  });

  test('is by the key that was given', () => {
    // GIVEN
    const stack = hubStack();
    const kmsKey = new kms.Key(stack, 'Key');

    // WHEN
    const { bus } = makeBus({ kmsKey }, stack);

    // THEN
    expect(bus.kmsKey).toBe(kmsKey);
    Template.fromStack(stack).hasResourceProperties(BUS, {
      KmsKeyIdentifier: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
    });
  });

  test('lets EventBridge describe the key without an encryption context, and use it with one', () => {
    // GIVEN
    const stack = hubStack();

    // WHEN
    makeBus({ kmsKey: new kms.Key(stack, 'Key') }, stack);

    // THEN
    const ours = statements(stack).filter(({ Principal }) => Principal.Service === 'events.amazonaws.com');
    expect(ours).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'kms:DescribeKey',
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: {
          StringEquals: {
            'aws:SourceAccount': '111111111111',
            'aws:SourceArn': BUS_ARN,
            'kms:EncryptionContext:aws:events:event-bus:arn': BUS_ARN,
          },
        },
      },
    ]);
  });

  test('two buses share a key', () => {
    // GIVEN
    const stack = hubStack();
    const kmsKey = new kms.Key(stack, 'Key');

    // WHEN
    for (const eventBusName of ['first', 'second']) new GlobalBus(stack, eventBusName, { eventBusName, kmsKey });

    // THEN
    const sids = statements(stack).map(({ Sid }) => Sid);
    expect(sids.filter(Boolean)).toEqual([]);
    expect(JSON.stringify(statements(stack))).toMatch(/event-bus\/first.*event-bus\/second/);
  });

  test('a key of another stack gets the statements there, and no circle comes of it', () => {
    // GIVEN
    const app = new App();
    const keys = new Stack(app, 'Keys', { env: HUB });
    const stack = new Stack(app, 'Hub', { env: HUB });

    // WHEN
    makeBus({ kmsKey: new kms.Key(keys, 'Key') }, stack);

    // THEN
    app.synth();
    expect(stack.dependencies).toEqual([keys]);
    expect(JSON.stringify(statements(keys))).toContain(BUS_ARN);
    Template.fromStack(stack).hasResourceProperties(BUS, {
      KmsKeyIdentifier: { 'Fn::ImportValue': Match.stringLikeRegexp('^Keys:') },
    });
    Annotations.fromStack(stack).hasNoWarning('*', OURS);
  });

  test('the statements for an imported key are printed', () => {
    // GIVEN
    const stack = hubStack();

    // WHEN
    makeBus({ kmsKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) }, stack);

    // THEN
    const [warning, ...more] = Annotations.fromStack(stack).findWarning('/Hub/Bus', OURS);
    expect(more).toEqual([]);
    expect(warning.entry.data).toContain(KEY_ARN);
    const printed = JSON.parse(/\[\{.*\}\]/.exec(warning.entry.data as string)![0]);
    expect(printed.map(({ Action }: any) => Action)).toEqual([
      'kms:DescribeKey',
      ['kms:Decrypt', 'kms:GenerateDataKey'],
    ]);
    expect(printed[1].Condition.StringEquals['aws:SourceArn']).toBe(BUS_ARN);
    expect(warning.entry.data).toContain('cdk-event-backbone:Key.policyNotChanged');
  });

  test('an imported key is named by its path where only the deployment knows its ARN', () => {
    const stack = hubStack();
    const arn = new CfnParameter(stack, 'KeyArn').valueAsString;

    makeBus({ kmsKey: kms.Key.fromKeyArn(stack, 'Key', arn) }, stack);

    Annotations.fromStack(stack).hasWarning(
      '/Hub/Bus',
      Match.stringLikeRegexp('^The policy of the key Hub/Key is not ours'),
    );
  });

  test('what cannot be encrypted goes to a queue of its own, which admits the bus and not its rules', () => {
    // GIVEN
    const stack = hubStack();

    // WHEN
    makeBus({ kmsKey: new kms.Key(stack, 'Key') }, stack);

    // THEN
    const ofStack = Template.fromStack(stack);
    ofStack.hasResourceProperties(BUS, {
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BusEncryptionDeadLetterQueue'), 'Arn'] } },
    });
    ofStack.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Condition: {
              StringEquals: { 'aws:SourceAccount': '111111111111' },
              ArnLike: { 'aws:SourceArn': BUS_ARN },
            },
          }),
        ]),
      },
    });
  });

  test('what cannot be encrypted goes to the queue that was given', () => {
    // GIVEN
    const stack = hubStack();
    const queue = new sqs.Queue(stack, 'Mine');

    // WHEN
    const { bus } = makeBus({ kmsKey: new kms.Key(stack, 'Key'), encryptionDeadLetterQueue: queue }, stack);

    // THEN
    expect(bus.encryptionDeadLetterQueue).toBe(queue);
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 1);
    Template.fromStack(stack).hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Condition: Match.objectLike({ ArnLike: { 'aws:SourceArn': BUS_ARN } }) })],
      },
    });
  });

  test('fails for an encryptionDeadLetterQueue without a key', () => {
    const stack = hubStack();

    expect(() => makeBus({ encryptionDeadLetterQueue: new sqs.Queue(stack, 'Mine') }, stack)).toThrow(
      /there is no kmsKey: leave it out.*\(EncryptionDeadLetterQueueWithoutKey\)$/,
    );
  });
});

describe('a bus that exists already', () => {
  const FOREIGN = 'arn:aws-cn:events:cn-north-1:999999999999:event-bus/their-global';

  test('keeps account, Region and partition of its ARN', () => {
    const bus = GlobalBus.fromEventBusArn(hubStack(), 'Import', FOREIGN);

    expect(bus.eventBusArn).toBe(FOREIGN);
    expect(bus.eventBusName).toBe('their-global');
    expect(bus.env).toMatchObject({ account: '999999999999', region: 'cn-north-1' });
  });

  test('by name is in the account and Region of the stack', () => {
    const bus = GlobalBus.fromEventBusName(hubStack(), 'Import', 'acme-global');

    expect(bus.eventBusArn).toBe(BUS_ARN);
    expect(bus.env).toMatchObject(HUB);
  });

  test('by name keeps this name in a stack for any account', () => {
    // GIVEN
    const stack = new Stack(new App(), 'Anywhere');

    // WHEN
    const bus = GlobalBus.fromEventBusName(stack, 'Import', 'acme-global');
    bus.captureLogs('Log');

    // THEN
    expect(bus.eventBusName).toBe('acme-global');
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { EventBusName: 'acme-global' });
  });

  test('makes nothing, no policy above all', () => {
    // GIVEN
    const stack = hubStack();

    // WHEN
    GlobalBus.fromEventBusArn(stack, 'ByArn', FOREIGN);
    GlobalBus.fromEventBusName(stack, 'ByName', 'acme-global');

    // THEN
    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('of a topology is the bus of its hub', () => {
    const topology = new Topology({ name: 'acme', hub: HUB, members: [{ name: 'order', account: '222222222222' }] });

    const bus = GlobalBus.fromTopology(hubStack({ account: '222222222222', region: 'eu-west-1' }), 'Import', topology);

    expect(bus.eventBusArn).toBe(topology.globalBusArn);
    expect(bus.env).toMatchObject(HUB);
  });

  test('has no grip on rules of another account', () => {
    const bus = GlobalBus.fromEventBusArn(hubStack(), 'Import', FOREIGN);

    expect(() => bus.captureLogs('Log')).toThrow(
      /a rule cannot be put on their-global in 999999999999\/cn-north-1 from a stack for 111111111111\/eu-west-1.*\(EventBusElsewhere\)$/,
    );
  });

  test.each(['acme-global', 'arn:aws:sqs:eu-west-1:111111111111:queue', 'arn:aws:events:eu-west-1:111:event-bus/x'])(
    'fails for the ARN %p',
    (arn) => {
      expect(() => GlobalBus.fromEventBusArn(hubStack(), 'Import', arn)).toThrow(
        /is not the ARN of an event bus.*\(EventBusArnInvalid\)$/,
      );
    },
  );

  test('fails for the name of the default bus', () => {
    expect(() => GlobalBus.fromEventBusName(hubStack(), 'Import', 'default')).toThrow(/\(EventBusNameInvalid\)$/);
  });
});

describe('the methods', () => {
  test('make the rules and archives under the bus', () => {
    // GIVEN
    const { bus, stack } = makeBus();
    const local = LocalBus.fromEventBusArn(
      stack,
      'Local',
      'arn:aws:events:eu-west-1:222222222222:event-bus/acme-order',
    );

    // WHEN
    const log = bus.captureLogs('Log', { logGroupName: '/aws/events/mine' });
    const archive = bus.archive('Archive', { retention: Duration.days(7) });
    const fanOut = bus.fanOutTo('ToOrder', local);

    // THEN
    expect([log, archive, fanOut].map(({ node }) => node.path)).toEqual([
      'Hub/Bus/Log',
      'Hub/Bus/Archive',
      'Hub/Bus/ToOrder',
    ]);
    expect(fanOut).toBeInstanceOf(FanOutRule);
    const ofStack = Template.fromStack(stack);
    ofStack.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/aws/events/mine' });
    ofStack.hasResourceProperties('AWS::Events::Archive', { RetentionDays: 7, SourceArn: BUS_ARN });
    ofStack.hasResourceProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ Arn: local.eventBusArn })] });
  });

  test('expose what alarms do to the constructs made for the bus', () => {
    const action: cloudwatch.IAlarmAction = {
      bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-west-1:111111111111:topic' }),
    };

    expect(makeBus({ alarmActions: [action] }).bus.alarmActions).toEqual([action]);
  });
});

test('fails to import a default bus', () => {
  const stack = new Stack(new App(), 'Default', { env: { account: '111111111111', region: 'eu-west-1' } });
  expect(() =>
    GlobalBus.fromEventBusArn(stack, 'Bus', 'arn:aws:events:eu-west-1:111111111111:event-bus/default'),
  ).toThrow(/is the default bus, which takes the events of AWS services: .*\(EventBusArnInvalid\)$/);
});
