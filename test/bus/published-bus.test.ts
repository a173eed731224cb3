import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { FanOutRule, GlobalBus, LocalBus, PublishedBus } from '../../src';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const ROLE = 'arn:aws:iam::111111111111:role/acme-republisher';
const POLICY = 'AWS::Events::EventBusPolicy';

const hubStack = () => new Stack(new App(), 'Hub', { env: HUB });
const published = (stack: Stack, republisherRoleArn?: string) =>
  new PublishedBus(stack, 'Published', { eventBusName: 'acme-published', republisherRoleArn });

test('everybody but the republisher is denied', () => {
  const stack = hubStack();

  published(stack, ROLE);

  Template.fromStack(stack).hasResourceProperties(POLICY, {
    StatementId: 'OnlyRepublisher',
    Statement: {
      Sid: 'OnlyRepublisher',
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-published',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': ROLE } },
    },
  });
  Template.fromStack(stack).resourceCountIs(POLICY, 1);
});

test('a role that becomes known later is let in, too, and once', () => {
  const stack = hubStack();
  const bus = published(stack, ROLE);
  const { roleArn } = new iam.Role(stack, 'Republisher', { assumedBy: new iam.AccountRootPrincipal() });

  bus._admitRepublisher(roleArn);
  bus._admitRepublisher(roleArn);

  Template.fromStack(stack).hasResourceProperties(POLICY, {
    Statement: {
      Condition: {
        ArnNotEquals: { 'aws:PrincipalArn': [ROLE, { 'Fn::GetAtt': [Match.stringLikeRegexp('Republisher'), 'Arn'] }] },
      },
    },
  });
});

test('a bus on which nobody may put events is refused', () => {
  const stack = hubStack();

  published(stack);

  expect(() => Template.fromStack(stack)).toThrow(
    /\[Hub\/Published\].*targetBus of a ValidatedRepublisher.*\(RepublisherMissing\)/s,
  );
});

test.each([
  'acme-republisher',
  'arn:aws:iam::1:role/x',
  'arn:aws:iam::111111111111:user/x',
  'arn:aws:iam::111111111111:role/*',
])('a republisher that is not one role is refused: %s', (arn) => {
  expect(() => published(hubStack(), arn)).toThrow(
    /republisherRoleArn ".*" is not the ARN of one role.*RepublisherRoleInvalid/,
  );
  expect(() => new GlobalBus(hubStack(), 'Bus', { eventBusName: 'a', republisherRoleArn: arn })).toThrow(
    /RepublisherRoleInvalid/,
  );
});

test.each<[string, (stack: Stack, bus: PublishedBus, localBus: events.IEventBusRef) => void]>([
  ['its own', (_, bus, localBus) => bus.fanOutTo('ToDelivery', localBus)],
  ['a rule', (stack, eventBus, localBus) => new FanOutRule(stack, 'ToDelivery', { eventBus, localBus })],
  [
    'that of a reference to it',
    (stack, { eventBusArn }, localBus) =>
      GlobalBus.fromEventBusArn(stack, 'Reference', eventBusArn).fanOutTo('ToDelivery', localBus),
  ],
])('a fan-out delivers validated events, and no others: %s', (_, fanOut) => {
  const stack = hubStack();
  const localBus = LocalBus.fromEventBusArn(
    stack,
    'Delivery',
    'arn:aws:events:eu-west-1:333333333333:event-bus/acme-delivery',
  );

  fanOut(stack, published(stack, ROLE), localBus);

  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventBusName: 'acme-published',
    EventPattern: {
      account: ['111111111111'],
      $or: [
        {
          source: [{ 'anything-but': { prefix: ['invalid.'] } }],
          detail: { metadata: { origin: { account: [{ 'anything-but': ['333333333333'] }] } } },
        },
        { source: [{ prefix: 'invalid.' }], detail: { metadata: { origin: { account: ['333333333333'] } } } },
      ],
    },
  });
});

describe('the global bus', () => {
  const reserved = (stack: Stack) =>
    Object.values(Template.fromStack(stack).findResources(POLICY))
      .map(({ Properties }) => Properties.Statement)
      .find(({ Sid }) => Sid === 'ReservedSources').Condition;
  const SOURCES = { 'ForAnyValue:StringLike': { 'events:source': ['valid.*', 'invalid.*'] } };

  test('reserves its prefixes for nobody', () => {
    const stack = hubStack();
    new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global' });
    expect(reserved(stack)).toEqual(SOURCES);
  });

  test('reserves them for the republisher', () => {
    const stack = hubStack();
    new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global', republisherRoleArn: ROLE });
    expect(reserved(stack)).toEqual({ ...SOURCES, ArnNotEquals: { 'aws:PrincipalArn': ROLE } });
  });

  test('lets the republisher send what the pins of its own account do not', () => {
    const stack = hubStack();
    const pin = (account: string) => ({ account, sources: [`of.${account}`] });

    new GlobalBus(stack, 'Bus', {
      eventBusName: 'acme-global',
      accounts: [HUB.account, '222222222222'],
      sourcePins: [pin(HUB.account), pin('222222222222')],
      republisherRoleArn: ROLE,
    });

    const exempts = (account: string) =>
      Object.values(Template.fromStack(stack).findResources(POLICY))
        .map(({ Properties }) => Properties.Statement)
        .find(({ Sid }) => Sid === `OnlyOwnSources-${account}`).Condition.ArnNotEquals;
    expect(exempts(HUB.account)).toEqual({ 'aws:PrincipalArn': ROLE });
    expect(exempts('222222222222')).toBeUndefined();
  });
});
