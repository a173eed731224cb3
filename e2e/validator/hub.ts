import {
  DescribeRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { clientsOf, type Endpoint } from '../accounts';
import { deployedStack } from '../deployed';
import { Failure } from '../failure';
import { Mailbox } from './mailbox';
import type { SynthesizedStack, TemplateResource } from '../../src/testing/cloud-assembly';

/** A bus, and how to reach it. */
export interface Place {
  readonly account: string;
  readonly bus: string;
  readonly endpoint: Endpoint;
}

/** The deployed hub, as the run uses it. */
export interface Hub {
  /** Of the republisher. */
  readonly queue: Mailbox;
  readonly quarantine: Mailbox;
  readonly deadLetters: Mailbox;
  /** All that passes the bus. */
  readonly watch: Mailbox;
  /** What the rules of the fan-out would deliver, by the names of the members. */
  readonly members: Map<string, Mailbox>;
  /** Whether the rule before the republisher takes an event. */
  takes(event: string): Promise<boolean>;
}

/**
 * Finds the queues of a deployed hub, and adds queues to see what arrives.
 *
 * @param hub the stack of the bus and the republisher
 * @param routes the stack of the fan-out
 * @param names of the members
 */
export async function deployedHub(
  hub: SynthesizedStack,
  routes: SynthesizedStack,
  names: string[],
  place: Place,
): Promise<Hub> {
  const { account, endpoint } = place;
  const [own, others] = await Promise.all([hub, routes].map((stack) => deployedStack(stack, endpoint)));
  const queueOf = async (name: string) => {
    const { Properties } = only(own, `Republisher${name}`, 'AWS::SQS::Queue');
    const { sqs } = clientsOf(account, endpoint);
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: Properties?.QueueName }));
    return new Mailbox(account, QueueUrl, endpoint);
  };
  const input = only(own, 'RepublisherInputRule', 'AWS::Events::Rule');
  const members = new Map<string, Mailbox>();
  for (const member of names) {
    const { Properties } = only(others, `To${member[0].toUpperCase()}${member.slice(1)}`, 'AWS::Events::Rule');
    members.set(member, await addQueue(`e2e-to-${member}`, await patternOf(Properties?.Name, place), place));
  }
  return {
    queue: await queueOf('Queue'),
    quarantine: await queueOf('Quarantine'),
    deadLetters: await queueOf('DeadLetterQueue'),
    watch: await addQueue('e2e-watch', '{"source":[{"prefix":""}]}', place),
    members,
    takes: matcher(await patternOf(input.Properties?.Name, place), place),
  };
}

/** A new queue behind a new rule on the bus. Both have the same name. */
export async function addQueue(name: string, EventPattern: string, { account, bus, endpoint }: Place) {
  const { events, sqs } = clientsOf(account, endpoint);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const mailbox = new Mailbox(account, QueueUrl, endpoint);
  await events.send(new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern }));
  const Targets = [{ Id: 'Queue', Arn: await mailbox.arn() }];
  await events.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets }));
  return mailbox;
}

/** The pattern of a rule as it is deployed. */
async function patternOf(Name: string, { account, bus, endpoint }: Place): Promise<string> {
  const { events } = clientsOf(account, endpoint);
  const { EventPattern = '' } = await events.send(new DescribeRuleCommand({ Name, EventBusName: bus }));
  return EventPattern;
}

function matcher(EventPattern: string, { account, endpoint }: Place) {
  const { events } = clientsOf(account, endpoint);
  return async (Event: string) => {
    const { Result } = await events.send(new TestEventPatternCommand({ EventPattern, Event }));
    return Result === true;
  };
}

/** The one resource whose logical id begins so; a hash follows. */
function only({ name, template }: SynthesizedStack, begin: string, type: string): TemplateResource {
  const all = Object.entries(template.Resources ?? {});
  const found = all.filter(([id, { Type }]) => Type === type && new RegExp(`^${begin}[0-9A-F]{8}$`).test(id));
  if (found.length === 1) return found[0][1];
  throw new Failure(`one ${type} ${begin} in ${name}`, `${found.length}`, 'look at the ids in the construct');
}
