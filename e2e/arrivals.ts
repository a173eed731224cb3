import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { clientsOf, type Endpoint } from './accounts';
import type { Envelope } from './expected';
import { sleep } from './processes';

/** An event at an end of the backbone. */
export interface Arrival {
  readonly event: Envelope;
  /** Of a message in a dead-letter queue: why it is there. */
  readonly attributes: Record<string, string>;
}

/** What has arrived at queues and log groups so far, by their ARNs. */
export class Arrivals {
  private readonly seen = new Map<string, Arrival[]>();

  constructor(
    public readonly ends: string[],
    private readonly endpoint: Endpoint,
  ) {}

  public at(end: string): Arrival[] {
    return this.seen.get(end) ?? [];
  }

  /** How often an event arrived at an end. */
  public count(end: string, id: string): number {
    return this.at(end).filter(({ event }) => event.id === id).length;
  }

  /** Where an event arrived, however often. */
  public endsOf(id: string): string[] {
    return this.ends.filter((end) => this.count(end, id) > 0);
  }

  /** What arrived under ids that are not among these, and where. */
  public strangers(ids: ReadonlySet<string>): { end: string; event: Envelope }[] {
    return this.ends.flatMap((end) =>
      this.at(end)
        .filter(({ event }) => !ids.has(event.id))
        .map(({ event }) => ({ end, event })),
    );
  }

  /** Looks at every end until something holds; says whether it did in time. */
  public async until(holds: () => boolean, seconds: number): Promise<boolean> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      await this.look();
      if (holds()) return true;
      if (Date.now() > deadline) return false;
      await sleep(250);
    }
  }

  /** Looks at every end once. */
  public async look(): Promise<void> {
    for (const end of this.ends) {
      const isQueue = end.split(':')[2] === 'sqs';
      if (isQueue) this.seen.set(end, [...this.at(end), ...(await this.receive(end))]);
      else this.seen.set(end, await this.read(end));
    }
  }

  /** Empties a queue. One that is not there has nothing. */
  private async receive(arn: string): Promise<Arrival[]> {
    const [, , , , account, name] = arn.split(':');
    const { sqs } = clientsOf(account, this.endpoint);
    const found = await sqs.send(new GetQueueUrlCommand({ QueueName: name })).catch(ignoreMissing);
    const arrivals: Arrival[] = [];
    while (found?.QueueUrl) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: found.QueueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          WaitTimeSeconds: 0,
        }),
      );
      if (Messages.length === 0) break;
      const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: found.QueueUrl, Entries }));
      arrivals.push(...Messages.map(arrivalOf));
    }
    return arrivals;
  }

  /** All that a log group holds. */
  private async read(arn: string): Promise<Arrival[]> {
    const [, , , , account, , logGroupName] = arn.split(':');
    const { logs } = clientsOf(account, this.endpoint);
    const arrivals: Arrival[] = [];
    let nextToken: string | undefined;
    do {
      const page = await logs.send(new FilterLogEventsCommand({ logGroupName, nextToken })).catch(ignoreMissing);
      arrivals.push(
        ...(page?.events ?? []).map(({ message }) => ({ event: JSON.parse(message ?? ''), attributes: {} })),
      );
      nextToken = page?.nextToken;
    } while (nextToken);
    return arrivals;
  }
}

function arrivalOf({ Body, MessageAttributes = {} }: Message): Arrival {
  const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue ?? '']);
  return { event: JSON.parse(Body ?? ''), attributes: Object.fromEntries(attributes) };
}

function ignoreMissing(error: Error): undefined {
  if (/NonExistentQueue|QueueDoesNotExist|ResourceNotFound/.test(error.name)) return undefined;
  throw error;
}
