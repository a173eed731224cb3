import { DescribeStacksCommand, ListStackResourcesCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { clientsOf, type Endpoint } from './accounts';
import { Failure } from './failure';
import { allPages } from './pages';
import { readAssembly, type SynthesizedStack } from '../src/testing/cloud-assembly';

const COMPLETE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE'];

/** The stacks of an assembly as they are deployed. */
export async function deployedStacks(assembly: string, endpoint: Endpoint): Promise<SynthesizedStack[]> {
  return Promise.all(readAssembly(assembly).map((stack) => deployedStack(stack, endpoint)));
}

/** A stack as it is deployed: complete, every resource there, queues and rules with the names that CloudFormation gave them. */
export async function deployedStack(stack: SynthesizedStack, endpoint: Endpoint): Promise<SynthesizedStack> {
  const { cloudFormation } = clientsOf(stack.account, endpoint);
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack.name }));
  const status = Stacks?.[0]?.StackStatus ?? 'no such stack';
  requireComplete(stack.name, status);
  const names = new Map<string, string>();
  const summaries = await allPages(async (NextToken) => {
    const page = await cloudFormation.send(new ListStackResourcesCommand({ StackName: stack.name, NextToken }));
    return { items: page.StackResourceSummaries, next: page.NextToken };
  });
  for (const { LogicalResourceId, PhysicalResourceId, ResourceStatus } of summaries) {
    requireComplete(`${stack.name}/${LogicalResourceId}`, ResourceStatus ?? 'no status');
    names.set(LogicalResourceId ?? '', PhysicalResourceId ?? '');
  }
  const resources = Object.entries(stack.template.Resources ?? {}).map(([id, resource]) => {
    if (!names.has(id) && resource.Type !== 'AWS::CDK::Metadata') requireComplete(`${stack.name}/${id}`, 'not there');
    return [id, { ...resource, Properties: { ...resource.Properties, ...nameOf(resource.Type, names.get(id)) } }];
  });
  return { ...stack, template: { ...stack.template, Resources: Object.fromEntries(resources) } };
}

/** The name of a resource by which others know it, from its physical id. */
function nameOf(type: string, physicalId = ''): object {
  // A queue's is its URL, a rule's `<bus>|<name>`.
  if (type === 'AWS::SQS::Queue') return { QueueName: physicalId.split('/').at(-1) };
  if (type === 'AWS::Events::Rule') return { Name: physicalId.split('|').at(-1) };
  return {};
}

function requireComplete(what: string, status: string): void {
  if (COMPLETE.includes(status)) return;
  throw new Failure(`${what} to be deployed`, status, 'see what the emulator says of it; nothing half-deployed counts');
}

/** What an account still has of a backbone, by name. The bootstrap's stack may stay. */
export async function leftIn(account: string, endpoint: Endpoint): Promise<string[]> {
  const { cloudFormation, events, logs, sqs } = clientsOf(account, endpoint);
  const [stacks, buses, groups, queues] = await Promise.all([
    allPages(async (NextToken) => {
      const page = await cloudFormation.send(new ListStacksCommand({ NextToken }));
      return { items: page.StackSummaries, next: page.NextToken };
    }),
    allPages(async (NextToken) => {
      const page = await events.send(new ListEventBusesCommand({ NextToken }));
      return { items: page.EventBuses, next: page.NextToken };
    }),
    allPages(async (nextToken) => {
      const page = await logs.send(new DescribeLogGroupsCommand({ nextToken }));
      return { items: page.logGroups, next: page.nextToken };
    }),
    allPages(async (NextToken) => {
      // Without a number it gives the first thousand, and does not say that there are more.
      const page = await sqs.send(new ListQueuesCommand({ MaxResults: 1000, NextToken }));
      return { items: page.QueueUrls, next: page.NextToken };
    }),
  ]);
  return [
    ...stacks
      .filter(({ StackName, StackStatus }) => StackName !== 'CDKToolkit' && StackStatus !== 'DELETE_COMPLETE')
      .map(({ StackName, StackStatus }) => `stack ${StackName} (${StackStatus})`),
    ...buses.filter(({ Name }) => Name !== 'default').map(({ Name }) => `event bus ${Name}`),
    ...groups.map(({ logGroupName }) => `log group ${logGroupName}`),
    ...queues.map((url) => `queue ${url.split('/').at(-1)}`),
  ];
}
