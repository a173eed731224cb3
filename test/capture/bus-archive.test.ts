import { App, CfnParameter, Duration, RemovalPolicy, Stack, type Environment } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import { BusArchive, GlobalBus, type BusArchiveProps } from '../../src';

/** The warnings of this library; newer versions of the CDK have some of their own. */
const OURS = Match.stringLikeRegexp('cdk-event-backbone:');
const HUB = { account: '111111111111', region: 'eu-west-1' };
const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global';
const KEY_ARN = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555';
const ARCHIVE = 'AWS::Events::Archive';
const ONLY_OWN = Match.stringLikeRegexp("keeps only events of the bus's own account.*Archive.onlyOwnAccount");
const WITHOUT_KEY = Match.stringLikeRegexp('its archive is not: pass kmsKey here too.*Archive.withoutKey');

const hubStack = (env: Environment | undefined = HUB) => new Stack(new App(), 'Hub', { env });

function makeArchive(props: Partial<BusArchiveProps> = {}, stack = hubStack(), eventBusName = 'acme-global') {
  const eventBus = props.eventBus ?? GlobalBus.fromEventBusName(stack, 'Bus', eventBusName);
  const archive = new BusArchive(stack, 'Archive', { ...props, eventBus });
  return { stack, archive };
}

const properties = (stack: Stack) => Object.values(Template.fromStack(stack).findResources(ARCHIVE))[0].Properties;

test('keeps the events of every account, for ever, by default', () => {
  // WHEN
  const { stack } = makeArchive();

  // THEN: no pattern, no retention and above all no empty key, which the CDK's own archive has.
  expect(properties(stack)).toEqual({ ArchiveName: 'acme-global', SourceArn: BUS_ARN });
  Annotations.fromStack(stack).hasNoWarning('*', OURS);
});

test('has what was given', () => {
  // WHEN
  const { stack } = makeArchive({
    archiveName: 'everything',
    description: 'For replays.',
    retention: Duration.days(30),
    eventPattern: { source: ['order'], 'detail-type': [{ prefix: 'Order.' }] },
  });

  // THEN
  expect(properties(stack)).toEqual({
    ArchiveName: 'everything',
    Description: 'For replays.',
    EventPattern: { source: ['order'], 'detail-type': [{ prefix: 'Order.' }] },
    RetentionDays: 30,
    SourceArn: BUS_ARN,
  });
});

test('is known by its ARN and name', () => {
  const { stack, archive } = makeArchive();

  expect(stack.resolve(archive.archiveArn)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Archive/), 'Arn'] });
  expect(stack.resolve(archive.archiveName)).toEqual({ Ref: expect.stringMatching(/^Archive/) });
});

test('is deleted with its stack by default, retained where removalPolicy says so', () => {
  Template.fromStack(makeArchive().stack).hasResource(ARCHIVE, { DeletionPolicy: Match.absent() });
  Template.fromStack(makeArchive({ removalPolicy: RemovalPolicy.RETAIN }).stack).hasResource(ARCHIVE, {
    DeletionPolicy: 'Retain',
  });
});

test('waits for a bus of ours, and not for its policy', () => {
  // GIVEN
  const stack = hubStack();
  const bus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global', accounts: ['222222222222'] });

  // WHEN
  bus.archive('Archive');

  // THEN
  Template.fromStack(stack).hasResource(ARCHIVE, {
    DependsOn: [Match.stringLikeRegexp('^Bus[0-9A-F]{8}$')],
  });
});

describe('the name', () => {
  test('of the bus is taken as it is up to 48 characters', () => {
    expect(properties(makeArchive({}, hubStack(), 'x'.repeat(48)).stack).ArchiveName).toBe('x'.repeat(48));
  });

  test('of the bus is shortened where it is longer, and stays distinct', () => {
    // GIVEN
    const name = (eventBusName: string) => properties(makeArchive({}, hubStack(), eventBusName).stack).ArchiveName;
    const long = 'x'.repeat(48);

    // THEN
    expect(name(`${long}-a`)).toMatch(/^x{39}-[0-9a-f]{8}$/);
    expect(name(`${long}-a`)).toHaveLength(48);
    expect(name(`${long}-a`)).not.toBe(name(`${long}-b`));
    expect(name(`${long}-a`)).toBe(name(`${long}-a`));
  });

  test('is made by CloudFormation where only the deployment knows the name of the bus', () => {
    const stack = hubStack();

    makeArchive({ eventBus: new events.EventBus(stack, 'Bus') }, stack);

    expect(properties(stack).ArchiveName).toBeUndefined();
  });

  test('may be one that only the deployment knows', () => {
    const stack = hubStack();

    makeArchive({ archiveName: new CfnParameter(stack, 'Name').valueAsString }, stack);

    expect(properties(stack).ArchiveName).toEqual({ Ref: 'Name' });
  });

  test.each(['', 'x'.repeat(49), 'with space', 'with/slash'])('fails for %p', (archiveName) => {
    expect(() => makeArchive({ archiveName })).toThrow(/is not 1 to 48 letters.*\(ArchiveNameInvalid\)$/);
  });
});

describe('the pattern', () => {
  test.each<[string, object]>([
    ['an id', { account: ['111111111111'] }],
    ['an id beside other fields', { account: ['111111111111'], source: ['order'] }],
  ])('for the bus’s own account alone, by %s, warns: it would keep nothing of the producers', (_, eventPattern) => {
    Annotations.fromStack(makeArchive({ eventPattern }).stack).hasWarning('/Hub/Archive', ONLY_OWN);
  });

  test('for the account of the stack warns where only the deployment knows it', () => {
    const stack = new Stack(new App(), 'Anywhere');

    makeArchive({ eventPattern: { account: [stack.account] } }, stack);

    Annotations.fromStack(stack).hasWarning('/Anywhere/Archive', ONLY_OWN);
  });

  test.each<object>([
    { account: ['222222222222'] },
    { account: ['111111111111', '222222222222'] },
    { account: [{ 'anything-but': ['111111111111'] }] },
    { source: ['order'] },
  ])('%j does not warn', (eventPattern) => {
    Annotations.fromStack(makeArchive({ eventPattern }).stack).hasNoWarning('*', ONLY_OWN);
  });

  test('fails where EventBridge would refuse it', () => {
    expect(() => makeArchive({ eventPattern: {} })).toThrow(/event pattern: an empty object.*\(EventPatternInvalid\)$/);
    expect(() => makeArchive({ eventPattern: { source: [{ prefix: 5 }] } })).toThrow(/\(EventPatternInvalid\)$/);
  });
});

describe('the key', () => {
  test('is named, and its policy lets EventBridge use it for this bus', () => {
    // GIVEN
    const stack = hubStack();

    // WHEN
    makeArchive({ kmsKey: new kms.Key(stack, 'Key') }, stack);

    // THEN
    expect(properties(stack).KmsKeyIdentifier).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] });
    const key = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'))[0].Properties.KeyPolicy;
    const service = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Resource: '*' };
    expect(key.Statement.slice(1)).toEqual([
      { ...service, Action: 'kms:DescribeKey' },
      {
        ...service,
        Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncrypt*'],
        // Neither aws:SourceArn nor aws:SourceAccount, which an archive is not said to send.
        Condition: { StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': BUS_ARN } },
      },
    ]);
  });

  test('of the bus serves the archive too', () => {
    // GIVEN
    const stack = hubStack();
    const kmsKey = new kms.Key(stack, 'Key');

    // WHEN
    new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global', kmsKey }).archive('Archive', { kmsKey });

    // THEN
    const key = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'))[0].Properties.KeyPolicy;
    const ours = key.Statement.filter(({ Principal }: any) => Principal.Service === 'events.amazonaws.com');
    expect(ours.map(({ Action }: any) => Action)).toEqual([
      'kms:DescribeKey',
      ['kms:Decrypt', 'kms:GenerateDataKey'],
      ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncrypt*'],
    ]);
    Annotations.fromStack(stack).hasNoWarning('*', WITHOUT_KEY);
  });

  test('that is imported: its owner is told the statements', () => {
    // GIVEN
    const stack = hubStack();

    // WHEN
    makeArchive({ kmsKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) }, stack);

    // THEN
    expect(properties(stack).KmsKeyIdentifier).toBe(KEY_ARN);
    Annotations.fromStack(stack).hasWarning(
      '/Hub/Archive',
      Match.stringLikeRegexp(`${KEY_ARN} is not ours.*the archive of acme-global.*kms:ReEncrypt.*Key.policyNotChanged`),
    );
  });

  test('is missed where the bus has one', () => {
    // GIVEN
    const stack = hubStack();
    const bus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global', kmsKey: new kms.Key(stack, 'Key') });

    // WHEN
    bus.archive('Archive');

    // THEN
    Annotations.fromStack(stack).hasWarning('/Hub/Bus/Archive', WITHOUT_KEY);
    expect(properties(stack)).not.toHaveProperty('KmsKeyIdentifier');
  });
});

describe('what is refused', () => {
  test('fails for a retention of 0 days, which would be for ever', () => {
    expect(() => makeArchive({ retention: Duration.days(0) })).toThrow(
      /leave it out for that.*\(ArchiveRetentionInvalid\)$/,
    );
  });

  test('fails for a retention that is not whole days', () => {
    expect(() => makeArchive({ retention: Duration.hours(36) })).toThrow(
      /retention of 1 day 12 hours is not a number of whole days: round it up \(ArchiveRetentionInvalid\)$/,
    );
    expect(properties(makeArchive({ retention: Duration.hours(48) }).stack).RetentionDays).toBe(2);
  });

  test('fails for a description that is too long', () => {
    expect(() => makeArchive({ description: 'x'.repeat(513) })).toThrow(/\(DescriptionTooLong\)$/);
  });

  test('fails for an undefined bus', () => {
    const eventBus = undefined as unknown as GlobalBus;

    expect(() => new BusArchive(hubStack(), 'Archive', { eventBus })).toThrow(
      /eventBus is undefined.*\(EventBusMissing\)$/,
    );
  });

  test('fails for a bus of another account', () => {
    const stack = hubStack({ account: '222222222222', region: 'eu-west-1' });

    expect(() => makeArchive({ eventBus: GlobalBus.fromEventBusArn(stack, 'Foreign', BUS_ARN) }, stack)).toThrow(
      /an archive cannot be put on acme-global in 111111111111\/eu-west-1 from a stack for 222222222222.*\(EventBusElsewhere\)$/,
    );
  });
});

test('fails for a second archive of one name', () => {
  const stack = new Stack(new App(), 'Twice', { env: { account: '111111111111', region: 'eu-west-1' } });
  const bus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global' });
  bus.archive('One');
  expect(() => bus.archive('Two')).toThrow(/"acme-global" is taken by another archive.*\(ArchiveNameInvalid\)/);
  expect(bus.archive('Three', { archiveName: 'other' }).archiveName).toBeDefined();
});
