import { App, CfnParameter, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { BackboneChecks } from '../../src';
import { everyConstruct } from '../app/every-construct';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const arn = (bus: string, account = ENV.account) => `arn:aws:events:eu-west-1:${account}:event-bus/${bus}`;

/** The names of the checks that find something. */
function findings(app: App, checks = new BackboneChecks()): string[] {
  const assembly = app.synth();
  const report = checks.validate({
    templatePaths: assembly.stacksRecursively.map(({ templateFullPath }) => templateFullPath),
  } as any);
  expect(report.success).toBe(report.violations.length === 0);
  for (const violation of report.violations) {
    expect(violation.description.length).toBeGreaterThan(20);
    expect(violation.fix).toBeTruthy();
    expect(violation.violatingResources[0].locations).toEqual([
      `/Resources/${violation.violatingResources[0].resourceLogicalId}`,
    ]);
  }
  return report.violations.map(({ ruleName }) => ruleName);
}

function appWith(define: (stack: Stack) => void): App {
  const app = new App();
  define(new Stack(app, 'Stack', { env: ENV }));
  return app;
}

function rule(stack: Stack, id: string, props: Partial<events.CfnRuleProps>) {
  return new events.CfnRule(stack, id, {
    eventBusName: 'global',
    eventPattern: { source: ['order.service'] },
    ...props,
  });
}

const DLQ = { deadLetterConfig: { arn: 'arn:aws:sqs:eu-west-1:111111111111:dlq' } };

test('finds nothing in an app with every construct of the library', () => {
  expect(findings(everyConstruct().app)).toEqual([]);
});

const cases: [check: string, define: (stack: Stack) => void][] = [
  ['RuleOnDefaultBus', (stack) => rule(stack, 'Rule', { eventBusName: undefined })],
  [
    'SecondHop',
    (stack) => {
      rule(stack, 'First', { targets: [{ id: 'T', arn: arn('local'), roleArn: 'r', ...DLQ }] });
      rule(stack, 'Second', { eventBusName: 'local', targets: [{ id: 'T', arn: arn('third'), roleArn: 'r', ...DLQ }] });
    },
  ],
  [
    'RuleTargetsItsOwnBus',
    (stack) => rule(stack, 'Rule', { targets: [{ id: 'T', arn: arn('global'), roleArn: 'r', ...DLQ }] }),
  ],
  ['BusTargetWithoutRole', (stack) => rule(stack, 'Rule', { targets: [{ id: 'T', arn: arn('local'), ...DLQ }] })],
  [
    'TargetWithoutDeadLetterQueue',
    (stack) => rule(stack, 'Rule', { targets: [{ id: 'T', arn: new sqs.Queue(stack, 'Queue').queueArn }] }),
  ],
  [
    'TooManyTargets',
    (stack) =>
      rule(stack, 'Rule', {
        targets: [1, 2, 3, 4, 5, 6].map((i) => ({
          id: `T${i}`,
          arn: `arn:aws:sqs:eu-west-1:111111111111:q${i}`,
          ...DLQ,
        })),
      }),
  ],
  [
    'EventPatternTooLong',
    (stack) =>
      rule(stack, 'Rule', { eventPattern: { source: Array.from({ length: 300 }, (_, i) => `some.long.source.${i}`) } }),
  ],
  [
    'AccountNumber',
    (stack) => rule(stack, 'Rule', { eventPattern: { account: [{ 'anything-but': [222222222222] }] } }),
  ],
  ['RulesOverQuota', (stack) => Array.from({ length: 301 }, (_, i) => rule(stack, `Rule${i}`, {}))],
  [
    'DuplicateName',
    (stack) => {
      new logs.CfnLogGroup(stack, 'One', { logGroupName: '/aws/events/acme' });
      new logs.CfnLogGroup(new Stack(stack.node.root as App, 'Other', { env: ENV }), 'Two', {
        logGroupName: '/aws/events/acme',
      });
    },
  ],
  [
    'DuplicateName',
    (stack) => {
      for (const id of ['One', 'Two']) {
        new logs.CfnDeliverySource(stack, id, { name: 'acme-error-logs', logType: 'ERROR_LOGS', resourceArn: arn(id) });
      }
    },
  ],
  [
    'EventBusPolicyTooLong',
    (stack) =>
      new events.CfnEventBusPolicy(stack, 'Policy', {
        eventBusName: 'global',
        statementId: 'Accounts',
        statement: {
          Effect: 'Allow',
          Principal: { AWS: Array.from({ length: 400 }, (_, i) => `arn:aws:iam::${100000000000 + i}:root`) },
          Action: 'events:PutEvents',
          Resource: arn('global'),
        },
      }),
  ],
  [
    'EventBusOpenToAll',
    (stack) =>
      new events.CfnEventBusPolicy(stack, 'Policy', {
        eventBusName: 'global',
        statementId: 'All',
        statement: { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: arn('global') },
      }),
  ],
  [
    'EventBusLogWithoutDelivery',
    (stack) =>
      new events.EventBus(stack, 'Bus', {
        eventBusName: 'global',
        logConfig: { level: events.Level.ERROR },
      }),
  ],
  [
    'LogResourcePoliciesOverQuota',
    (stack) =>
      Array.from(
        { length: 11 },
        (_, i) => new logs.CfnResourcePolicy(stack, `Policy${i}`, { policyName: `p${i}`, policyDocument: '{}' }),
      ),
  ],
];

test.each(cases)('%s is found, and alone', (check, define) => {
  expect(findings(appWith(define))).toEqual([check]);
});

test.each(cases)('%s can be left out', (check, define) => {
  expect(findings(appWith(define), new BackboneChecks({ except: [check] }))).toEqual([]);
});

test('under a CLI that does not find the report of an old CDK, findings are printed and fail the app', () => {
  const app = appWith((stack) => rule(stack, 'Rule', { eventBusName: undefined }));
  const templatePaths = app.synth().stacksRecursively.map(({ templateFullPath }) => templateFullPath);
  const given = { env: process.env.CDK_CLI_VERSION, exitCode: process.exitCode };
  const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const failsWith = (context: object, cli?: string) => {
    if (cli === undefined) delete process.env.CDK_CLI_VERSION;
    else process.env.CDK_CLI_VERSION = cli;
    process.exitCode = 0;
    new BackboneChecks().validate({ templatePaths, ...context } as any);
    return process.exitCode;
  };
  try {
    expect(failsWith({}, '2.1148.1')).toBe(1);
    expect(written).toHaveBeenCalledWith(expect.stringMatching(/Stack.template.json Rule: .*\(RuleOnDefaultBus\)\n$/));
    expect(failsWith({})).toBe(0);
    expect(failsWith({ appConstruct: app }, '2.1148.1')).toBe(0);
    expect(written).toHaveBeenCalledTimes(1);
  } finally {
    written.mockRestore();
    process.exitCode = given.exitCode;
    if (given.env !== undefined) process.env.CDK_CLI_VERSION = given.env;
    else delete process.env.CDK_CLI_VERSION;
  }
});

test.each<[string, (app: App, stack: Stack) => void]>([
  [
    'a second hop that a deploy-time value may prevent',
    (_, stack) => {
      const account = new CfnParameter(stack, 'P').valueAsString;
      const targets = (bus: string) => [{ id: 'T', arn: arn(bus), roleArn: 'r', ...DLQ }];
      rule(stack, 'First', { targets: targets('local') });
      const eventPattern = { source: [account] };
      rule(stack, 'Second', { eventBusName: 'local', targets: targets('third'), eventPattern });
    },
  ],
  [
    'a second hop that the account of the deployment may prevent',
    (app) => {
      const stack = new Stack(app, 'Anywhere');
      const hub = {
        id: 'T',
        arn: `arn:aws:events:${stack.region}:${stack.account}:event-bus/global`,
        roleArn: 'r',
        ...DLQ,
      };
      rule(stack, 'First', { eventBusName: 'own', targets: [hub] });
      const eventPattern = { account: [{ 'anything-but': [stack.account] }] };
      rule(stack, 'Second', { targets: [{ id: 'T', arn: arn('third'), roleArn: 'r', ...DLQ }], eventPattern });
    },
  ],
  [
    'names that only the deployment knows',
    (app) => {
      for (const id of ['A', 'B']) {
        const stack = new Stack(app, id, { env: ENV });
        new logs.CfnLogGroup(stack, 'Group', { logGroupName: new CfnParameter(stack, 'P').valueAsString });
      }
    },
  ],
  [
    'one name in two stacks that say not where they go',
    (app) => {
      for (const id of ['A', 'B']) new logs.CfnLogGroup(new Stack(app, id), 'Group', { logGroupName: 'x' });
    },
  ],
  [
    'rules for events of AWS services',
    (_, stack) => {
      const sources = [{ prefix: 'aws.' }, { wildcard: 'aws.*' }, 'aws.ec2'];
      rule(stack, 'Rule', { eventBusName: undefined, eventPattern: { source: sources } });
    },
  ],
])('does not find %s', (_, define) => {
  const app = new App();
  define(app, new Stack(app, 'Stack', { env: ENV }));
  expect(findings(app)).toEqual([]);
});

test('finds the same in nested stacks', () => {
  const app = appWith((stack) => rule(new NestedStack(stack, 'Nested'), 'Rule', { eventBusName: undefined }));
  expect(findings(app)).toEqual(['RuleOnDefaultBus']);
});

test('every check has a case', () => {
  expect([...new Set(cases.map(([check]) => check))].sort()).toEqual([...new BackboneChecks().ruleIds!].sort());
});

test('each type of logs of a bus needs a delivery', () => {
  const bus = (...logTypes: string[]) =>
    appWith((stack) => {
      const { attrArn } = new events.CfnEventBus(stack, 'Bus', { name: 'global', logConfig: { level: 'INFO' } });
      for (const logType of logTypes) {
        new logs.CfnDeliverySource(stack, logType, { name: logType, resourceArn: attrArn, logType });
      }
    });
  expect(findings(bus('INFO_LOGS'))).toEqual(['EventBusLogWithoutDelivery']);
  expect(findings(bus('INFO_LOGS', 'ERROR_LOGS'))).toEqual([]);
});

test('rules for events of AWS services may be on the default bus', () => {
  expect(
    findings(
      appWith((stack) => rule(stack, 'Rule', { eventBusName: undefined, eventPattern: { source: ['aws.ec2'] } })),
    ),
  ).toEqual([]);
  expect(
    findings(
      appWith((stack) =>
        rule(stack, 'Rule', { eventBusName: undefined, eventPattern: undefined, scheduleExpression: 'rate(1 day)' }),
      ),
    ),
  ).toEqual([]);
});

test('events of the default bus may be forwarded to a bus', () => {
  const forwarding = (...targets: events.CfnRule.TargetProperty[]) =>
    appWith((stack) => rule(stack, 'Rule', { eventBusName: 'default', targets }));
  const toBus = { id: 'T', arn: arn('global', '222222222222'), roleArn: 'r' };
  expect(findings(forwarding(toBus))).toEqual([]);
  expect(findings(forwarding(toBus, { id: 'Q', arn: 'arn:aws:sqs:eu-west-1:111111111111:q' }))).toEqual([
    'RuleOnDefaultBus',
  ]);
});

describe('two rules in a row are a second hop where they share events', () => {
  const hops = (first: object, second: object) =>
    findings(
      appWith((stack) => {
        const target = (bus: string) => ({ id: 'T', arn: arn(bus), roleArn: 'r', ...DLQ });
        rule(stack, 'First', { eventPattern: first, targets: [target('local')] });
        rule(stack, 'Second', { eventBusName: 'local', eventPattern: second, targets: [target('third')] });
      }),
    );

  test.each<[object, object, string[]]>([
    [{ source: ['a'] }, { source: ['b'] }, []],
    [{ source: ['a'] }, { source: [{ prefix: 'a' }] }, ['SecondHop']],
    // An event keeps the account of its sender, here that of the stack.
    [{ source: ['a'] }, { account: [{ 'anything-but': [ENV.account] }] }, []],
    [{ source: ['a'], account: ['222222222222'] }, { account: [{ 'anything-but': [ENV.account] }] }, ['SecondHop']],
    [{ $or: [{ account: ['222222222222'] }, { source: ['a'] }] }, { account: ['222222222222'] }, ['SecondHop']],
    // What cannot be told is found.
    [{ source: ['a'] }, { source: [] }, ['SecondHop']],
  ])('%j, then %j', (first, second, expected) => {
    expect(hops(first, second)).toEqual(expected);
  });
});

test('a second hop is found across stacks and by reference', () => {
  const app = new App();
  const hub = new Stack(app, 'Hub', { env: ENV });
  const member = new Stack(app, 'Member', { env: { ...ENV, account: '222222222222' } });
  rule(hub, 'First', { targets: [{ id: 'T', arn: arn('local', '222222222222'), roleArn: 'r', ...DLQ }] });
  const local = new events.CfnEventBus(member, 'Local', { name: 'local' });
  const third = new events.CfnEventBus(member, 'Third', { name: 'third' });
  rule(member, 'Second', { eventBusName: local.ref, targets: [{ id: 'T', arn: third.attrArn, roleArn: 'r', ...DLQ }] });
  expect(findings(app)).toEqual(['SecondHop']);
});

test('a finding ends the synthesis', () => {
  const app = appWith((stack) => rule(stack, 'Rule', { eventBusName: undefined }));
  Validations.of(app).addPlugins(new BackboneChecks());
  const print = jest.spyOn(console, 'error').mockImplementation(() => {});
  const before = process.exitCode;
  let thrown = '';
  try {
    app.synth();
  } catch (error) {
    thrown = String(error);
  }
  // Older versions of aws-cdk-lib set the exit code, newer ones throw.
  const exitCode = process.exitCode;
  process.exitCode = before;
  const printed = print.mock.calls.join('\n') + thrown;
  print.mockRestore();
  expect(exitCode === 1 || thrown !== '').toBe(true);
  expect(printed).toContain('RuleOnDefaultBus');
});

test('fails for a check that does not exist', () => {
  expect(() => new BackboneChecks({ except: ['SecondHopp'] })).toThrow(
    /"SecondHopp" is not a check: there are RuleOnDefaultBus, .*\(CheckUnknown\)/,
  );
});

test('second hops are found in other partitions too', () => {
  const app = new App();
  const stack = new Stack(app, 'China', { env: { account: ENV.account, region: 'cn-north-1' } });
  const chinese = (bus: string) => `arn:aws-cn:events:cn-north-1:${ENV.account}:event-bus/${bus}`;
  rule(stack, 'First', { targets: [{ id: 'T', arn: chinese('local'), roleArn: 'r', ...DLQ }] });
  rule(stack, 'Second', { eventBusName: 'local', targets: [{ id: 'T', arn: chinese('third'), roleArn: 'r', ...DLQ }] });
  expect(findings(app)).toEqual(['SecondHop']);
});
