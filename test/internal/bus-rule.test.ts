import { App, CfnParameter, Resource, Stack, type Environment } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import { GlobalBus } from '../../src';
import { BusRule, busNameOrArn, type BusRuleProps } from '../../src/internal/bus-rule';

class TestRule extends BusRule {}

const HUB = { account: '111111111111', region: 'eu-west-1' };
const ARN = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme';

function given(env: Environment | undefined = HUB, arn = ARN) {
  const stack = new Stack(new App(), 'Stack', { env });
  return { stack, eventBus: events.EventBus.fromEventBusArn(stack, 'Bus', arn) };
}

function rule(props: Partial<BusRuleProps> = {}) {
  const { stack, eventBus } = given();
  const made = new TestRule(stack, 'Rule', { eventBus, pattern: { source: ['a'] }, ...props });
  return { stack, rule: made };
}

test('is a rule on the bus, with the pattern', () => {
  const { stack } = rule();
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventBusName: 'acme',
    EventPattern: { source: ['a'] },
    State: 'ENABLED',
    Name: Match.absent(),
    Description: Match.absent(),
  });
});

test('has name, description and state as given', () => {
  const { stack } = rule({ ruleName: 'acme.Order-Created_1', description: 'd'.repeat(512), enabled: false });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    Name: 'acme.Order-Created_1',
    Description: 'd'.repeat(512),
    State: 'DISABLED',
  });
});

test('null in a list, as other languages deliver it, arrives in the template', () => {
  const { stack } = rule({ pattern: { detail: { reason: [undefined, null, 'x'] } } });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  expect(Properties.EventPattern).toEqual({ detail: { reason: [null, null, 'x'] } });
});

describe('names', () => {
  test('the name is the one given', () => {
    expect(rule({ ruleName: 'order-created' }).rule.ruleName).toBe('order-created');
  });

  test('a name made by CloudFormation is the last part of the ARN, since Ref gives bus and name', () => {
    // GIVEN
    const { stack, rule: made } = rule();

    // WHEN
    new cloudwatch.Alarm(stack, 'Alarm', {
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Events',
        metricName: 'FailedInvocations',
        dimensionsMap: { RuleName: made.ruleName },
      }),
      threshold: 1,
      evaluationPeriods: 1,
    });

    // THEN
    const template = Template.fromStack(stack);
    const [id] = Object.keys(template.findResources('AWS::Events::Rule'));
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Dimensions: [
        { Name: 'RuleName', Value: { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': [id, 'Arn'] }] }] } },
      ],
    });
  });

  test('on the bus of a partner, whose name has slashes, too', () => {
    // GIVEN
    const { stack, eventBus } = given(HUB, 'arn:aws:events:eu-west-1:111111111111:event-bus/aws.partner/shop.com/1');
    const made = new TestRule(stack, 'Rule', { eventBus, pattern: { source: ['a'] } });

    // WHEN
    const [index] = stack.resolve(made.ruleName)['Fn::Select'];

    // THEN
    const arn = 'arn:aws:events:eu-west-1:111111111111:rule/aws.partner/shop.com/1/Stack-Rule-1ABC';
    expect(arn.split('/')[index]).toBe('Stack-Rule-1ABC');
  });

  test('the ARN is that of the resource', () => {
    const { stack, rule: made } = rule({ ruleName: 'order-created' });
    const [id] = Object.keys(Template.fromStack(stack).findResources('AWS::Events::Rule'));
    expect(stack.resolve(made.ruleArn)).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
    expect(stack.resolve(made.ruleRef.ruleArn)).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
  });

  test('a name may be known at deployment only', () => {
    const { stack, eventBus } = given();
    const ruleName = new CfnParameter(stack, 'Name').valueAsString;
    new TestRule(stack, 'Rule', { eventBus, pattern: { source: ['a'] }, ruleName });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { Name: { Ref: 'Name' } });
  });

  test('64 characters are not too many', () => {
    expect(rule({ ruleName: 'n'.repeat(64) }).rule.ruleName).toHaveLength(64);
  });

  test.each([
    ['of 65 characters', 'n'.repeat(65)],
    ['that is empty', ''],
    ['with a space', 'order created'],
    ['with a slash', 'order/created'],
  ])('fails for a name %s', (_, ruleName) => {
    expect(() => rule({ ruleName })).toThrow(/rule name .* is not 1 to 64 letters.*\(RuleNameInvalid\)$/);
  });

  test('fails for a description of 513 characters', () => {
    expect(() => rule({ description: 'd'.repeat(513) })).toThrow(
      /of 513 characters, 512 at most.*\(DescriptionTooLong\)$/,
    );
  });
});

describe('the bus', () => {
  test.each([undefined, null])('fails where it is %s', (eventBus) => {
    const { stack } = given();
    expect(() => new TestRule(stack, 'Rule', { eventBus: eventBus as any, pattern: { source: ['a'] } })).toThrow(
      /eventBus is undefined.*default bus.*\(EventBusMissing\)$/,
    );
  });

  test.each([
    ['account', { account: '999999999999', region: 'eu-west-1' }],
    ['Region', { account: '111111111111', region: 'us-east-1' }],
  ])('fails where it is in another %s', (_, env) => {
    const { stack, eventBus } = given(env);
    expect(() => new TestRule(stack, 'Rule', { eventBus, pattern: { source: ['a'] } })).toThrow(
      new RegExp(
        `acme in 111111111111/eu-west-1 from a stack for ${env.account}/${env.region}: define it in a stack.*\\(EventBusElsewhere\\)$`,
      ),
    );
  });

  test.each<[string, Environment | undefined, string]>([
    ['by name where it is surely in the account and Region of the stack', HUB, 'acme'],
    ['by ARN where the stack does not know its account', { region: 'eu-west-1' }, ARN],
    ['by ARN where the stack does not know its Region', { account: '111111111111' }, ARN],
    ['by ARN where the stack knows neither', {}, ARN],
  ])('is named %s', (_, env, expected) => {
    const { stack, eventBus } = given(env);
    expect(busNameOrArn(stack, eventBus)).toBe(expected);
  });

  test('is named by name where neither it nor the stack knows an account', () => {
    const stack = new Stack(new App(), 'Stack');
    const eventBus = events.EventBus.fromEventBusName(stack, 'Bus', 'acme');
    expect(busNameOrArn(stack, eventBus)).toBe('acme');
  });

  test('of ours is waited for', () => {
    // GIVEN
    const { stack } = given();
    const eventBus = new GlobalBus(stack, 'Global', { eventBusName: 'acme', organizationId: 'o-abc1234567' });

    // WHEN
    new TestRule(stack, 'Rule', { eventBus, pattern: { source: ['a'] } });

    // THEN
    const template = Template.fromStack(stack);
    const [busId] = Object.keys(template.findResources('AWS::Events::EventBus'));
    template.hasResource('AWS::Events::Rule', { DependsOn: Match.arrayWith([busId]) });
  });

  test('of the CDK orders the rule by its reference, and its other rules do not', () => {
    const { stack } = given();
    const eventBus = new events.EventBus(stack, 'Own');
    new TestRule(stack, 'Rule', { eventBus, pattern: { source: ['a'] } });
    Template.fromStack(stack).hasResource('AWS::Events::Rule', {
      Properties: { EventBusName: { Ref: Match.stringLikeRegexp('^Own') } },
      DependsOn: Match.absent(),
    });
  });
});

test('fails for a pattern that EventBridge would refuse', () => {
  expect(() => rule({ pattern: {} })).toThrow(/event pattern: an empty object.*\(EventPatternInvalid\)$/);
});

describe('the quota of rules with wildcards', () => {
  const warned = (patterns: object[]) => {
    const { stack, eventBus } = given(HUB, ARN);
    patterns.forEach((pattern, i) => new TestRule(stack, `Rule${i}`, { eventBus, pattern }));
    return Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('cdk-event-backbone:Rule.wildcardsOverQuota'))
      .map(({ id }) => id);
  };
  const wildcard = { source: [{ wildcard: 'a*' }] };
  const thirty = Array.from({ length: 30 }, () => wildcard);

  test('of 30 raises no warning at rule 30, nor at others without a wildcard', () => {
    expect(warned([...thirty, { source: ['a*'] }, { source: [{ prefix: 'a*' }] }])).toEqual([]);
  });

  test('raises one warning, at the first rule that is one too many', () => {
    const inAnythingBut = { source: [{ 'anything-but': { wildcard: ['a*'] } }] };
    expect(warned([...thirty, { source: ['a'] }, inAnythingBut, wildcard])).toEqual(['/Stack/Rule31']);
  });
});

describe('the quota of rules', () => {
  const warning = Match.stringLikeRegexp('cdk-event-backbone:Rule.overQuota');

  function rules(count: number, env: Environment = HUB) {
    const { stack, eventBus } = given(env, ARN.replace('eu-west-1', env.region!));
    for (let i = 0; i < count; i++) new TestRule(stack, `Rule${i}`, { eventBus, pattern: { source: ['a'] } });
    return stack;
  }
  const paths = (stack: Stack) =>
    Annotations.fromStack(stack)
      .findWarning('*', warning)
      .map(({ id }) => id);

  test('of 300 raises no warning at rule 300', () => {
    expect(paths(rules(300))).toEqual([]);
  });

  test('of 300 raises one warning, at rule 301', () => {
    const stack = rules(303);
    expect(paths(stack)).toEqual(['/Stack/Rule300']);
    Annotations.fromStack(stack).hasWarning('/Stack/Rule300', Match.stringLikeRegexp('is rule 301 on acme.*300 rules'));
  });

  test('of 100 in some Regions raises it at rule 101', () => {
    expect(paths(rules(101, { account: '111111111111', region: 'af-south-1' }))).toEqual(['/Stack/Rule100']);
    expect(paths(rules(101))).toEqual([]);
  });

  test('is counted over all references to a bus', () => {
    const { stack, eventBus } = given();
    const other = new Stack(stack.node.root as App, 'Other', { env: HUB });
    const reference = events.EventBus.fromEventBusArn(other, 'Reference', ARN);

    for (let i = 0; i < 151; i++) {
      new TestRule(stack, `Rule${i}`, { eventBus, pattern: { source: ['a'] } });
      new TestRule(other, `Rule${i}`, { eventBus: reference, pattern: { source: ['a'] } });
    }

    expect([...paths(stack), ...paths(other)]).toEqual(['/Stack/Rule150']);
  });

  test('is counted for each bus', () => {
    const { stack, eventBus } = given();
    const second = events.EventBus.fromEventBusName(stack, 'Second', 'second');
    for (let i = 0; i < 302; i++) {
      new TestRule(stack, `Rule${i}`, { eventBus: i % 2 ? eventBus : second, pattern: { source: ['a'] } });
    }
    expect(paths(stack)).toEqual([]);
  });
});

test('is a resource, and closed', () => {
  const { rule: made } = rule();
  expect(Resource.isResource(made)).toBe(true);
  expect((made as any).addEventPattern).toBeUndefined();
  expect((made as any).addTarget).toBeUndefined();
});
