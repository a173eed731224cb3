import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  type ResourceStatus,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { deployedStacks, leftIn } from '../../e2e/deployed';

const cloudFormation = mockClient(CloudFormationClient);
const endpoint = { url: 'http://127.0.0.1:1', region: 'eu-west-1' };
let assembly: string;

const RESOURCES = {
  Orders: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } },
  ToOrders: { Type: 'AWS::Events::Rule', Properties: { EventBusName: 'shop-order', Targets: [] } },
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/shop' } },
  CDKMetadata: { Type: 'AWS::CDK::Metadata' },
};
const THERE = {
  Orders: 'http://sqs.eu-west-1.localhost:4566/222222222222/shop-order-Orders-1A2B',
  ToOrders: 'shop-order|shop-order-ToOrders-3C4D',
  Logs: '/shop',
};

beforeEach(() => {
  cloudFormation.reset();
  assembly = mkdtempSync(join(tmpdir(), 'deployed-'));
  const stack = {
    type: 'aws:cloudformation:stack',
    environment: 'aws://222222222222/eu-west-1',
    properties: { stackName: 'shop-order', templateFile: 'order.template.json' },
  };
  writeFileSync(join(assembly, 'manifest.json'), JSON.stringify({ artifacts: { Order: stack } }));
  writeFileSync(join(assembly, 'order.template.json'), JSON.stringify({ Resources: RESOURCES }));
});

afterEach(() => rmSync(assembly, { recursive: true, force: true }));

/** What CloudFormation says of the stack and its resources. */
function says(status: StackStatus, there: Record<string, string>, statuses: Record<string, ResourceStatus> = {}) {
  cloudFormation
    .on(DescribeStacksCommand, { StackName: 'shop-order' })
    .resolves({ Stacks: [{ StackName: 'shop-order', CreationTime: new Date(), StackStatus: status }] });
  cloudFormation.on(ListStackResourcesCommand, { StackName: 'shop-order' }).resolves(pageOf(there, statuses));
}

const pageOf = (there: Record<string, string>, statuses: Record<string, ResourceStatus> = {}) => ({
  StackResourceSummaries: Object.entries(there).map(([LogicalResourceId, PhysicalResourceId]) => ({
    LogicalResourceId,
    PhysicalResourceId,
    ResourceType: 'any',
    LastUpdatedTimestamp: new Date(),
    ResourceStatus: statuses[LogicalResourceId] ?? 'CREATE_COMPLETE',
  })),
});

test.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE'] as const)(
  'a stack in %s has the names that it was given',
  async (status) => {
    says(status, THERE);
    const [{ name, account, template }] = await deployedStacks(assembly, endpoint);
    expect([name, account]).toEqual(['shop-order', '222222222222']);
    expect(template.Resources).toEqual({
      Orders: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60, QueueName: 'shop-order-Orders-1A2B' } },
      ToOrders: {
        Type: 'AWS::Events::Rule',
        Properties: { EventBusName: 'shop-order', Targets: [], Name: 'shop-order-ToOrders-3C4D' },
      },
      Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/shop' } },
      CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: {} },
    });
  },
);

// Nothing half-deployed counts.
test.each([
  'CREATE_IN_PROGRESS',
  'CREATE_FAILED',
  'ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'DELETE_COMPLETE',
  'REVIEW_IN_PROGRESS',
] as const)('fails for a stack in %s', async (status) => {
  says(status, THERE);
  await expect(deployedStacks(assembly, endpoint)).rejects.toThrow(
    `expected: shop-order to be deployed\n  seen:     ${status}`,
  );
});

test('fails for a stack that is not there', async () => {
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [] });
  await expect(deployedStacks(assembly, endpoint)).rejects.toThrow('no such stack');
});

test.each(['CREATE_FAILED', 'CREATE_IN_PROGRESS', 'DELETE_FAILED', 'UPDATE_FAILED'] as const)(
  'fails for a resource in %s',
  async (status) => {
    says('CREATE_COMPLETE', THERE, { ToOrders: status });
    await expect(deployedStacks(assembly, endpoint)).rejects.toThrow(
      `expected: shop-order/ToOrders to be deployed\n  seen:     ${status}`,
    );
  },
);

test('resources are looked for on all pages', async () => {
  const { Orders, ...others } = THERE;
  says('CREATE_COMPLETE', others);
  cloudFormation
    .on(ListStackResourcesCommand, { StackName: 'shop-order' })
    .resolves({ ...pageOf(others), NextToken: 'next' });
  cloudFormation
    .on(ListStackResourcesCommand, { StackName: 'shop-order', NextToken: 'next' })
    .resolves(pageOf({ Orders }));
  const [{ template }] = await deployedStacks(assembly, endpoint);
  expect(template.Resources!.Orders.Properties).toMatchObject({ QueueName: 'shop-order-Orders-1A2B' });
});

test('fails for a resource of the template that is not there', async () => {
  const { Orders: _, ...others } = THERE;
  says('CREATE_COMPLETE', others);
  await expect(deployedStacks(assembly, endpoint)).rejects.toThrow(
    'expected: shop-order/Orders to be deployed\n  seen:     not there',
  );
});

describe('what is left in an account', () => {
  const events = mockClient(EventBridgeClient);
  const logs = mockClient(CloudWatchLogsClient);
  const sqs = mockClient(SQSClient);
  const stack = (StackName: string, StackStatus: StackStatus) => ({ StackName, StackStatus, CreationTime: new Date() });

  function has(stacks: ReturnType<typeof stack>[], buses: string[], groups: string[], queues: string[]) {
    cloudFormation.on(ListStacksCommand).resolves({ StackSummaries: stacks });
    events.on(ListEventBusesCommand).resolves({ EventBuses: buses.map((Name) => ({ Name })) });
    logs.on(DescribeLogGroupsCommand).resolves({ logGroups: groups.map((logGroupName) => ({ logGroupName })) });
    sqs.on(ListQueuesCommand).resolves({ QueueUrls: queues.length > 0 ? queues : undefined });
    return leftIn('222222222222', endpoint);
  }

  test('is nothing where only the bootstrap, the default bus and deleted stacks are there', async () => {
    const stacks = [stack('CDKToolkit', 'CREATE_COMPLETE'), stack('shop-order', 'DELETE_COMPLETE')];
    expect(await has(stacks, ['default'], [], [])).toEqual([]);
  });

  test('is looked for on all pages', async () => {
    await has([], [], [], []);
    cloudFormation.on(ListStacksCommand).resolves({ NextToken: 'a' });
    cloudFormation
      .on(ListStacksCommand, { NextToken: 'a' })
      .resolves({ StackSummaries: [stack('shop', 'CREATE_COMPLETE')] });
    events.on(ListEventBusesCommand).resolves({ NextToken: 'b' });
    events.on(ListEventBusesCommand, { NextToken: 'b' }).resolves({ EventBuses: [{ Name: 'shop' }] });
    logs.on(DescribeLogGroupsCommand).resolves({ nextToken: 'c' });
    logs.on(DescribeLogGroupsCommand, { nextToken: 'c' }).resolves({ logGroups: [{ logGroupName: '/shop' }] });
    sqs.on(ListQueuesCommand).resolves({ NextToken: 'd' });
    sqs.on(ListQueuesCommand, { NextToken: 'd', MaxResults: 1000 }).resolves({ QueueUrls: ['http://sqs/orders'] });
    expect(await leftIn('222222222222', endpoint)).toEqual([
      'stack shop (CREATE_COMPLETE)',
      'event bus shop',
      'log group /shop',
      'queue orders',
    ]);
  });

  test('is named, whatever it is', async () => {
    const stacks = [stack('shop-order', 'DELETE_FAILED'), stack('shop-hub', 'CREATE_COMPLETE')];
    expect(await has(stacks, ['default', 'shop-order'], ['/shop'], ['http://sqs/222222222222/orders'])).toEqual([
      'stack shop-order (DELETE_FAILED)',
      'stack shop-hub (CREATE_COMPLETE)',
      'event bus shop-order',
      'log group /shop',
      'queue orders',
    ]);
  });
});
