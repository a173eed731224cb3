import { App, CfnParameter, Stack, type Environment } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { GlobalBus, type GlobalBusProps, type SourcePin } from '../../src';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const BUS_ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global';
const POLICY = 'AWS::Events::EventBusPolicy';

const hubStack = (env: Environment | undefined = HUB) => new Stack(new App(), 'Hub', { env });

function makeBus(sourcePins: SourcePin[] | undefined, props: Partial<GlobalBusProps> = {}, stack = hubStack()) {
  new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global', sourcePins, ...props });
  return stack;
}

const accounts = (count: number) => Array.from({ length: count }, (_, i) => String(200_000_000_000 + i));
const pins = (count: number) => accounts(count).map((account, i) => ({ account, sources: [`order.service.${i}`] }));

/** What one statement of the policy denies, by its sid. */
function denied(stack: Stack): Record<string, any> {
  const policies = Object.values(Template.fromStack(stack).findResources(POLICY));
  return Object.fromEntries(policies.map(({ Properties: { Statement } }) => [Statement.Sid, Statement.Condition]));
}

test('sources are nobody’s by default', () => {
  expect(Object.keys(denied(makeBus(undefined)))).toEqual(['ReservedSources']);
});

test('an account sends no other sources than its own, and nobody else sends these', () => {
  // WHEN
  const stack = makeBus([{ account: '222222222222', sources: ['order', 'payment'] }]);

  // THEN
  const ofStack = Template.fromStack(stack);
  ofStack.hasResourceProperties(POLICY, {
    StatementId: 'OnlyOwnSources-222222222222',
    Statement: {
      Sid: 'OnlyOwnSources-222222222222',
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: BUS_ARN,
      Condition: {
        StringEquals: { 'aws:PrincipalAccount': '222222222222' },
        'ForAnyValue:StringNotLike': { 'events:source': ['order', 'payment', 'aws.*'] },
      },
    },
  });
  ofStack.hasResourceProperties(POLICY, {
    StatementId: 'NobodyElse-222222222222',
    Statement: {
      Sid: 'NobodyElse-222222222222',
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: BUS_ARN,
      Condition: {
        StringNotEquals: { 'aws:PrincipalAccount': '222222222222' },
        'ForAnyValue:StringEquals': { 'events:source': ['order', 'payment'] },
      },
    },
  });
});

test('a source may have several owners: none of them is denied it', () => {
  // WHEN
  const conditions = denied(
    makeBus([
      { account: '222222222222', sources: ['order', 'shared'] },
      { account: '333333333333', sources: ['shared'] },
      { account: '444444444444', sources: ['delivery'] },
    ]),
  );

  // THEN
  const owners = (account: string) => conditions[`NobodyElse-${account}`].StringNotEquals['aws:PrincipalAccount'];
  expect(owners('222222222222')).toEqual(['222222222222', '333333333333']);
  expect(owners('333333333333')).toEqual(['222222222222', '333333333333']);
  expect(owners('444444444444')).toBe('444444444444');
  // What 222… owns alone, 333… is denied by its own statement.
  expect(conditions['OnlyOwnSources-333333333333']['ForAnyValue:StringNotLike']['events:source']).toEqual([
    'shared',
    'aws.*',
  ]);
});

test('an account that only the deployment knows has the same statement ids in every run', () => {
  // GIVEN
  const ids = (tokensBefore: number) => {
    const stack = new Stack(new App(), 'Hub');
    for (let i = 0; i < tokensBefore; i++) new CfnParameter(stack, `P${i}`).valueAsString.toString();
    const account = new CfnParameter(stack, 'Account').valueAsString;
    return Object.keys(denied(makeBus([{ account, sources: ['order'] }], {}, stack)));
  };

  // THEN
  expect(ids(3)).toEqual(ids(0));
  expect(ids(0)).toHaveLength(3);
});

describe('how many fit', () => {
  /** Each account has a statement of its own in the policy, which the whole synthesis finds short enough. */
  const pinnedAccounts = (stack: Stack) =>
    Object.keys(denied(stack)).filter((sid) => sid.startsWith('OnlyOwnSources-')).length;

  test('15 beside an organisation', () => {
    expect(pinnedAccounts(makeBus(pins(15), { organizationId: 'o-abc1234567' }))).toBe(15);
    expect(() => makeBus(pins(16), { organizationId: 'o-abc1234567' })).toThrow(
      /16 accounts are pinned.* the policy of the bus holds 15 \(10240 characters\): pin the 15 that matter most.*\(SourcePinsTooMany\)$/,
    );
  });

  test('fewer beside a long list of accounts', () => {
    const props = { organizationId: 'o-abc1234567', accounts: accounts(290) };

    expect(() => makeBus(pins(15), props)).toThrow(/holds 8 .*\(SourcePinsTooMany\)$/);
    expect(pinnedAccounts(makeBus(pins(8), props))).toBe(8);
  });

  test('none beside a list that fills the policy', () => {
    expect(() => makeBus(pins(1), { accounts: accounts(290) })).toThrow(
      /holds 0 \(10240 characters\): admit an organisation.*\(SourcePinsTooMany\)$/,
    );
  });

  test('more where the quota was raised', () => {
    const props = { organizationId: 'o-abc1234567', eventBusPolicyQuota: 20_480 };
    expect(pinnedAccounts(makeBus(pins(30), props))).toBe(30);
    expect(() => makeBus(pins(40), { organizationId: 'o-abc1234567', eventBusPolicyQuota: 20_480 })).toThrow(
      /20480 characters.*\(SourcePinsTooMany\)$/,
    );
  });

  test('as many in a stack for any account', () => {
    const anywhere = () => new Stack(new App(), 'Hub');

    expect(pinnedAccounts(makeBus(pins(15), { organizationId: 'o-abc1234567' }, anywhere()))).toBe(15);
    expect(() => makeBus(pins(16), { organizationId: 'o-abc1234567' }, anywhere())).toThrow(
      /holds 15 .*\(SourcePinsTooMany\)$/,
    );
  });

  test('is not the question where the accounts alone are too many', () => {
    const stack = makeBus(pins(1), { accounts: accounts(310) });

    expect(() => Template.fromStack(stack)).toThrow(/\(EventBusPolicyTooLong\)/);
  });
});

test.each(['22222222222', 'order', 222222222222 as unknown as string])('fails for the account %p', (account) => {
  expect(() => makeBus([{ account, sources: ['order'] }])).toThrow(
    /of a source pin is not a 12-digit account id.*\(AccountInvalid\)$/,
  );
});

test('fails for an account with two pins', () => {
  const pin = { account: '222222222222', sources: ['order'] };

  expect(() => makeBus([pin, pin])).toThrow(/account 222222222222 has two source pins.*\(SourcePinInvalid\)$/);
});

test('fails for a pin without sources, which would forbid everything', () => {
  expect(() => makeBus([{ account: '222222222222', sources: [] }])).toThrow(/lists no source.*\(SourcePinInvalid\)$/);
});

test('fails for a wildcard, which would be taken literally', () => {
  expect(() => makeBus([{ account: '222222222222', sources: ['order', 'order.*'] }])).toThrow(
    /source "order\.\*" of account 222222222222 has a wildcard.*\(SourcePinInvalid\)$/,
  );
});

test('nobody is admitted before the pins are there', () => {
  const stack = makeBus([{ account: '222222222222', sources: ['order'] }], { accounts: ['222222222222'] });

  Template.fromStack(stack).hasResource(POLICY, {
    Properties: { StatementId: 'OnlyOwnSources-222222222222' },
    DependsOn: [Match.stringLikeRegexp('^BusPolicyReservedSources')],
  });
  Template.fromStack(stack).hasResource(POLICY, {
    Properties: { StatementId: 'Accounts' },
    DependsOn: [Match.stringLikeRegexp('^BusPolicyNobodyElse')],
  });
});

test.each([
  [[{ account: '333333333333', sources: ['a'] }], 'account 333333333333 has a source pin and may not publish'],
  [[{ account: '222222222222', sources: ['valid.a'] }], 'begins with "valid.", which no producer may send'],
])('fails for pins that lock somebody out: %j', (sourcePins, why) => {
  const stack = new Stack(new App(), 'Pins', { env: { account: '111111111111', region: 'eu-west-1' } });
  const make = () => new GlobalBus(stack, 'Bus', { eventBusName: 'b', accounts: ['222222222222'], sourcePins });
  expect(make).toThrow(why);
  // The bus's own account needs no statement to publish.
  const pinned = [{ account: '111111111111', sources: ['hub'] }];
  expect(
    new GlobalBus(stack, 'Own', { eventBusName: 'c', accounts: ['222222222222'], sourcePins: pinned }).eventBusName,
  ).toBe('c');
});

test('accounts that only the deployment knows become a condition', () => {
  const stack = new Stack(new App(), 'Unknown');
  const list = new CfnParameter(stack, 'Accounts', { type: 'CommaDelimitedList' }).valueAsList;
  new GlobalBus(stack, 'Bus', { eventBusName: 'b', accounts: list });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::EventBusPolicy', {
    Statement: {
      Sid: 'Accounts',
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'Accounts' } } },
    },
  });
});
