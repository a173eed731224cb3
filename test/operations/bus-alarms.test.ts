import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cw_actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as sns from 'aws-cdk-lib/aws-sns';
import { BusAlarms, GlobalBus, LocalBus } from '../../src';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const ALARM = 'AWS::CloudWatch::Alarm';

const hubStack = () => new Stack(new App(), 'Hub', { env: HUB });
const busIn = (stack: Stack) => GlobalBus.fromEventBusName(stack, 'Bus', 'acme-global');

test('there is one alarm for each way to fail, over all rules of the bus', () => {
  // GIVEN
  const stack = hubStack();

  // WHEN
  const { alarms } = new BusAlarms(stack, 'Alarms', { eventBus: busIn(stack) });

  // THEN
  const metrics = Object.values(Template.fromStack(stack).findResources(ALARM)).map(
    ({ Properties }) => Properties.Metrics,
  );
  expect(metrics.flat().map(({ Expression }) => Expression)).toEqual(
    ['FailedInvocations', 'InvocationsSentToDlq', 'InvocationsFailedToBeSentToDlq', 'ThrottledRules'].map(
      (metric) =>
        `SELECT SUM(${metric}) FROM SCHEMA("AWS/Events", EventBusName, RuleName) WHERE EventBusName = 'acme-global'`,
    ),
  );
  expect(alarms).toHaveLength(4);
});

test('an alarm rings at the first failure, and not where nothing happens', () => {
  // GIVEN
  const stack = hubStack();

  // WHEN
  new BusAlarms(stack, 'Alarms', { eventBus: busIn(stack) });

  // THEN
  Template.fromStack(stack).allResourcesProperties(ALARM, {
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
    Metrics: [Match.objectLike({ Period: 60, ReturnData: true })],
  });
});

test('an alarm tells which bus, and what to look at', () => {
  const stack = hubStack();

  new BusAlarms(stack, 'Alarms', { eventBus: busIn(stack) });

  Template.fromStack(stack).hasResourceProperties(ALARM, {
    AlarmDescription: Match.stringLikeRegexp('^acme-global: events are lost.*its policy'),
  });
});

test('alarms change their state only by default', () => {
  const stack = hubStack();

  new BusAlarms(stack, 'Alarms', { eventBus: busIn(stack) });

  Template.fromStack(stack).allResourcesProperties(ALARM, { AlarmActions: Match.absent() });
});

test('all of them do what alarmActions say', () => {
  // GIVEN
  const stack = hubStack();
  const topic = new sns.Topic(stack, 'Topic');

  // WHEN
  new BusAlarms(stack, 'Alarms', { eventBus: busIn(stack), alarmActions: [new cw_actions.SnsAction(topic)] });

  // THEN
  Template.fromStack(stack).allResourcesProperties(ALARM, {
    AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }],
  });
});

test('the bus may be one of the CDK', () => {
  // GIVEN
  const stack = hubStack();
  const eventBus = new events.EventBus(stack, 'Bus', { eventBusName: 'mine' });

  // WHEN
  new BusAlarms(stack, 'Alarms', { eventBus });

  // THEN
  Template.fromStack(stack).allResourcesProperties(ALARM, {
    Metrics: [
      Match.objectLike({
        Expression: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^Bus') }, "'"])] },
      }),
    ],
  });
});

test('fails for an undefined bus', () => {
  expect(() => new BusAlarms(hubStack(), 'Alarms', { eventBus: undefined as unknown as LocalBus })).toThrow(
    /eventBus is undefined.*\(EventBusMissing\)$/,
  );
});

test.each([
  'arn:aws:events:eu-west-1:222222222222:event-bus/acme-order',
  'arn:aws:events:us-east-1:111111111111:event-bus/x',
])('fails for the bus %s, whose metrics are elsewhere', (arn) => {
  const stack = hubStack();

  expect(() => new BusAlarms(stack, 'Alarms', { eventBus: LocalBus.fromEventBusArn(stack, 'Bus', arn) })).toThrow(
    /an alarm cannot be put on .*\(EventBusElsewhere\)$/,
  );
});

test('dead letters are not watched twice where their queue has an alarm', () => {
  // GIVEN
  const stack = hubStack();

  // WHEN
  const { alarms } = new BusAlarms(stack, 'Alarms', { eventBus: busIn(stack), watchDeadLetters: false });

  // THEN
  expect(alarms).toHaveLength(3);
  expect(JSON.stringify(Template.fromStack(stack))).not.toContain('InvocationsSentToDlq');
});
