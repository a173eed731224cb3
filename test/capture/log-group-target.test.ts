import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as logs from 'aws-cdk-lib/aws-logs';
import { LocalBus, LogGroupTarget, type LogGroupTargetProps } from '../../src';

const ENV = { account: '333333333333', region: 'eu-west-1' };

function subscribe(make: (stack: Stack) => logs.ILogGroup, props?: LogGroupTargetProps) {
  const stack = new Stack(new App(), 'Rules', { env: ENV });
  const bus = LocalBus.fromEventBusName(stack, 'Bus', 'acme-delivery');
  const logGroup = make(stack);
  for (const id of ['One', 'Two']) bus.subscribe(id, { source: ['a'], target: new LogGroupTarget(logGroup, props) });
  return stack;
}

const named = (stack: Stack) => new logs.LogGroup(stack, 'Logs', { logGroupName: '/aws/events/orders' });

test('the log group admits EventBridge itself, for any number of rules', () => {
  const template = Template.fromStack(subscribe(named));
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    ResourcePolicyDocument: {
      Statement: [
        {
          Sid: 'EventBridgeRules',
          Effect: 'Allow',
          Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: 'arn:aws:logs:eu-west-1:333333333333:log-group:/aws/events/orders:*',
        },
      ],
    },
  });
  const types = Object.values(template.toJSON().Resources).map(({ Type }: any) => Type);
  expect(types.filter((type) => /Custom|Lambda|ResourcePolicy/.test(type))).toEqual([]);
});

test('the target is the group without a star, and takes no role', () => {
  Template.fromStack(subscribe(named)).allResourcesProperties('AWS::Events::Rule', {
    Targets: [
      Match.objectLike({
        Arn: {
          'Fn::Join': [
            '',
            ['arn:aws:logs:eu-west-1:333333333333:log-group:', { Ref: Match.stringLikeRegexp('^Logs') }],
          ],
        },
        RoleArn: Match.absent(),
        DeadLetterConfig: Match.anyValue(),
        InputTransformer: Match.absent(),
      }),
    ],
  });
});

test('writes chosen fields as one line', () => {
  Template.fromStack(subscribe(named, { fields: ['$.source', '$.detail.data.orderId'] })).allResourcesProperties(
    'AWS::Events::Rule',
    {
      Targets: [
        Match.objectLike({
          InputTransformer: {
            InputPathsMap: { timestamp: '$.time', f0: '$.source', f1: '$.detail.data.orderId' },
            InputTemplate: '{"timestamp": <timestamp>, "message": "source=<f0> orderId=<f1>"}',
          },
        }),
      ],
    },
  );
});

test('an imported group: its owner is told the policy', () => {
  const stack = subscribe((scope) => logs.LogGroup.fromLogGroupName(scope, 'Logs', '/aws/events/theirs'));
  Annotations.fromStack(stack).hasWarning(
    '/Rules/Bus/One',
    Match.stringLikeRegexp(
      '/aws/events/theirs is not ours to change.*log-group:/aws/events/theirs:\\*.*LogGroup.policyNotChanged',
    ),
  );
});

test('fails for a group without a name, which its own policy needs', () => {
  expect(() => subscribe((stack) => new logs.LogGroup(stack, 'Logs'))).toThrow(
    /log group Rules\/Logs has no name.*\(LogGroupNameInvalid\)$/,
  );
});

test('fails for a group of another account', () => {
  const elsewhere = (stack: Stack) =>
    new logs.LogGroup(new Stack(stack.node.root as App, 'Else', { env: { ...ENV, account: '222222222222' } }), 'Logs', {
      logGroupName: 'x',
    });
  expect(() => subscribe(elsewhere)).toThrow(/\(TargetElsewhere\)$/);
});
