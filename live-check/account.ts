import { randomBytes, randomUUID } from 'crypto';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  PutEventsCommand,
  StartReplayCommand,
  TestEventPatternCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import {
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { goOn, pause } from './stop';
import type { Put } from './verdicts';

/** An event that was put; the mark is in its detail. */
export interface Marked extends Put {
  readonly mark: string;
}

const said = (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`;

/** One of the two accounts. */
export class Account {
  public static async of(profile: string, region: string, option: string): Promise<Account> {
    try {
      const { Account: id } = await new STSClient({ region, profile }).send(new GetCallerIdentityCommand({}));
      return new Account(profile, id!, region);
    } catch (error) {
      throw new Error(`--${option} ${profile} cannot be used in ${region}: ${said(error)}`);
    }
  }

  private readonly events: EventBridgeClient;
  private readonly queues: SQSClient;
  private readonly logs: CloudWatchLogsClient;
  /** What was received from each queue so far. */
  private readonly received = new Map<string, Message[]>();

  constructor(
    public readonly profile: string,
    public readonly id: string,
    private readonly region: string,
  ) {
    this.events = new EventBridgeClient({ region, profile });
    this.queues = new SQSClient({ region, profile });
    this.logs = new CloudWatchLogsClient({ region, profile });
  }

  public busArn(name: string): string {
    return `arn:aws:events:${this.region}:${this.id}:event-bus/${name}`;
  }

  public async put(bus: string, source: string, traceHeader?: string): Promise<Marked> {
    const [put] = await this.putAll(bus, [source], traceHeader);
    return put;
  }

  /** Puts events by one call; says of each with which mark, and why it was refused. */
  public async putAll(bus: string, sources: string[], TraceHeader?: string): Promise<Marked[]> {
    const marks = sources.map(() => randomUUID());
    const Entries = sources.map((Source, i): PutEventsRequestEntry => ({
      EventBusName: bus,
      Source,
      DetailType: 'Check',
      Detail: JSON.stringify({ mark: marks[i] }),
      TraceHeader,
    }));
    try {
      const answer = await this.events.send(new PutEventsCommand({ Entries }));
      return marks.map((mark, i) => {
        const { ErrorCode, ErrorMessage } = answer.Entries?.[i] ?? { ErrorCode: 'NoAnswer' };
        return ErrorCode === undefined ? { mark } : { mark, refused: `${ErrorCode}: ${ErrorMessage ?? ''}` };
      });
    } catch (error) {
      return marks.map((mark) => ({ mark, refused: said(error) }));
    }
  }

  /** The messages with a mark that came to a queue: waits until one fits, or the time is over. */
  public async messages(
    queue: string,
    mark: string,
    seconds: number,
    fits: (message: Message) => boolean = () => true,
  ): Promise<Message[]> {
    const found = () => (this.received.get(queue) ?? []).filter(({ Body }) => Body?.includes(mark));
    for (const end = Date.now() + seconds * 1000; Date.now() < end && !found().some(fits);) {
      goOn();
      await this.receive(queue);
    }
    return found();
  }

  /** The first message with a mark. */
  public async message(queue: string, mark: string, seconds: number): Promise<Message | undefined> {
    const [first] = await this.messages(queue, mark, seconds);
    return first;
  }

  /** Takes messages out of the queue: left there they would come again in the place of others. */
  private async receive(queue: string): Promise<void> {
    const { QueueUrl } = await this.queues.send(new GetQueueUrlCommand({ QueueName: queue }));
    const { Messages = [] } = await this.queues.send(
      new ReceiveMessageCommand({
        QueueUrl,
        WaitTimeSeconds: 5,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['AWSTraceHeader'],
      }),
    );
    if (Messages.length === 0) return;
    this.received.set(queue, [...(this.received.get(queue) ?? []), ...Messages]);
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await this.queues.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }

  /** Whether a log group gets an event with a mark in time. */
  public async logged(logGroupName: string, mark: string, seconds: number): Promise<boolean> {
    for (const end = Date.now() + seconds * 1000; ;) {
      const { events = [] } = await this.logs.send(
        new FilterLogEventsCommand({ logGroupName, filterPattern: `"${mark}"` }),
      );
      if (events.length > 0) return true;
      if (Date.now() > end) return false;
      await pause(5000);
    }
  }

  /** Replays an archive of today onto its bus; gives the name of the replay. */
  public async replay(archive: string): Promise<string> {
    const { ArchiveArn, EventSourceArn } = await this.events.send(new DescribeArchiveCommand({ ArchiveName: archive }));
    const ReplayName = `live-check-${randomBytes(4).toString('hex')}`;
    await this.events.send(
      new StartReplayCommand({
        ReplayName,
        EventSourceArn: ArchiveArn,
        EventStartTime: new Date(Date.now() - 3_600_000),
        EventEndTime: new Date(),
        Destination: { Arn: EventSourceArn! },
      }),
    );
    return ReplayName;
  }

  /** Why a replay failed. */
  public async replayFailure(ReplayName: string): Promise<string | undefined> {
    const { State, StateReason } = await this.events.send(new DescribeReplayCommand({ ReplayName }));
    return State === 'FAILED' ? `the replay failed: ${StateReason}` : undefined;
  }

  /** Why a pattern is refused. */
  public async patternRefused(pattern: object): Promise<string | undefined> {
    const event = {
      id: randomUUID(),
      account: this.id,
      source: 'live.pattern',
      time: new Date().toISOString(),
      region: this.region,
      resources: [],
      'detail-type': 'Check',
      detail: {},
    };
    try {
      await this.events.send(
        new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event: JSON.stringify(event) }),
      );
      return undefined;
    } catch (error) {
      return said(error);
    }
  }

  /**
   * The names of the dimensions of each metric that CloudWatch has of a bus. There is no client for it here: the request
   * is signed by the client of EventBridge.
   */
  public async metricSeries(bus: string): Promise<string[][]> {
    const hostname = `monitoring.${this.region}.amazonaws.com`;
    const query = {
      Action: 'ListMetrics',
      Version: '2010-08-01',
      Namespace: 'AWS/Events',
      'Dimensions.member.1.Name': 'EventBusName',
      'Dimensions.member.1.Value': bus,
    };
    const signer = await this.events.config.signer!({
      name: 'sigv4',
      signingName: 'monitoring',
      signingRegion: this.region,
      properties: {},
    });
    const { headers } = await signer.sign({
      method: 'GET',
      protocol: 'https:',
      hostname,
      path: '/',
      query,
      headers: { host: hostname },
    });
    const answer = await fetch(`https://${hostname}/?${new URLSearchParams(query)}`, { headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`ListMetrics answered ${answer.status}: ${text.slice(0, 200)}`);
    return dimensionsIn(text);
  }
}

/** The names of the dimensions of each metric in an answer of ListMetrics. */
export function dimensionsIn(xml: string): string[][] {
  return [...xml.matchAll(/<Dimensions>(.*?)<\/Dimensions>/gs)].map(([, dimensions]) =>
    [...dimensions.matchAll(/<Name>(.*?)<\/Name>/g)].map(([, name]) => name),
  );
}
