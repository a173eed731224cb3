/**
 * A backbone over two accounts: an event that the member publishes arrives in the hub's account, and not at the member.
 *
 * The snapshot needs no account. To deploy, set INTEG_HUB_ACCOUNT and INTEG_MEMBER_ACCOUNT; both must be bootstrapped, the
 * hub with trust for the member's account, whose credentials deploy.
 */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { BackboneMember, EventBackbone, Topology } from '../../src';

const hub = { account: process.env.INTEG_HUB_ACCOUNT ?? '111111111111', region: 'eu-west-1' };
const member = { account: process.env.INTEG_MEMBER_ACCOUNT ?? '222222222222', region: 'eu-west-1' };

const app = new App();
const topology = new Topology({
  name: 'integ-backbone',
  hub,
  members: [
    { name: 'platform', account: hub.account },
    { name: 'order', account: member.account, sources: ['order.service'] },
  ],
});
const backbone = new EventBackbone(app, 'Backbone', {
  topology,
  pinSources: true,
  removalPolicy: RemovalPolicy.DESTROY,
});

function queueOf(name: string, env: { account: string; region: string }): sqs.Queue {
  const stack = new Stack(app, `integ-backbone-${name}`, { env });
  stack.node.addDependency(backbone.memberStacks[name]);
  const queue = new sqs.Queue(stack, 'Arrived', {
    queueName: `integ-backbone-${name}`,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  new BackboneMember(stack, 'Backbone', { topology, member: name, removalPolicy: RemovalPolicy.DESTROY }).subscribe(
    'Everything',
    {
      source: ['order.service'],
      target: new targets.SqsQueue(queue),
    },
  );
  return queue;
}

const arrived = queueOf('platform', hub);
arrived.grantConsumeMessages(new iam.AccountPrincipal(member.account));
const own = queueOf('order', member);

const assertions = new Stack(app, 'integ-backbone-assertions', { env: member });
const integ = new IntegTest(app, 'TwoAccounts', {
  testCases: [own.stack, arrived.stack, backbone.routesStack],
  assertionStack: assertions,
  regions: ['eu-west-1'],
});
const url = (queue: string, { account, region }: typeof hub) =>
  `https://sqs.${region}.amazonaws.com/${account}/${queue}`;

const publish = integ.assertions.awsApiCall('EventBridge', 'putEvents', {
  Entries: [
    {
      EventBusName: topology.globalBusArn,
      Source: 'order.service',
      DetailType: 'Order.Created',
      Detail: '{"metadata":{},"data":{}}',
    },
  ],
});
publish.provider.addToRolePolicy({ Effect: 'Allow', Action: ['events:PutEvents'], Resource: [topology.globalBusArn] });
publish.expect(ExpectedResult.objectLike({ FailedEntryCount: 0 }));
publish
  .next(
    integ.assertions
      .awsApiCall('SQS', 'receiveMessage', { QueueUrl: url('integ-backbone-platform', hub), WaitTimeSeconds: 20 })
      .expect(ExpectedResult.stringLikeRegexp('Order.Created'))
      .waitForAssertions({ totalTimeout: Duration.minutes(2) }),
  )
  .next(
    integ.assertions
      .awsApiCall('SQS', 'getQueueAttributes', {
        QueueUrl: url('integ-backbone-order', member),
        AttributeNames: ['ApproximateNumberOfMessages'],
      })
      .expect(ExpectedResult.objectLike({ Attributes: { ApproximateNumberOfMessages: '0' } })),
  );
