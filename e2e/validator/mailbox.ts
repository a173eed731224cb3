import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
  type QueueAttributeName,
} from '@aws-sdk/client-sqs';
import { clientsOf, type Endpoint } from '../accounts';
import { Failure } from '../failure';

/** A queue, as texts: a parser would change numbers in them. */
export class Mailbox {
  /** All that was taken out so far, in order. */
  public readonly letters: string[] = [];

  /** @param account that owns the queue */
  constructor(
    private readonly account: string,
    private readonly url: string,
    private readonly endpoint: Endpoint,
  ) {}

  /** Takes out what is there. */
  public async empty(): Promise<string[]> {
    const taken: string[] = [];
    await this.each(async (text) => taken.push(text));
    this.letters.push(...taken);
    return taken;
  }

  /** What is there, up to ten; it stays, and can be received by others at once. */
  public async peek(): Promise<string[]> {
    return (await this.receive(0)).map(({ Body = '' }) => Body);
  }

  /** Has SQS move what is there into another queue. Gives the error where SQS has no such tasks. */
  public async redriveTo(other: Mailbox): Promise<string | undefined> {
    const [SourceArn, DestinationArn] = await Promise.all([this.arn(), other.arn()]);
    try {
      await this.sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
      return undefined;
    } catch (error) {
      if (/InvalidAction/.test((error as Error).name)) return (error as Error).name;
      throw error;
    }
  }

  /** Moves what is there into another queue; nothing is lost on the way. Says how much that was. */
  public async moveTo(other: Mailbox): Promise<number> {
    let moved = 0;
    await this.each(async (text) => {
      await other.put(text);
      moved++;
    });
    return moved;
  }

  public async put(text: string): Promise<void> {
    await this.sqs.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody: text }));
  }

  /** How many messages it holds, in delivery too. */
  public async count(): Promise<number> {
    const visible = await this.attribute('ApproximateNumberOfMessages');
    return Number(visible) + Number(await this.attribute('ApproximateNumberOfMessagesNotVisible'));
  }

  /** How long a message that is in delivery is hidden. Gives how long it was before. */
  public async hide(seconds: string): Promise<string> {
    const before = await this.attribute('VisibilityTimeout');
    const Attributes = { VisibilityTimeout: seconds };
    await this.sqs.send(new SetQueueAttributesCommand({ QueueUrl: this.url, Attributes }));
    return before;
  }

  public async arn(): Promise<string> {
    return this.attribute('QueueArn');
  }

  private async attribute(name: QueueAttributeName): Promise<string> {
    const { Attributes } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: [name] }),
    );
    const value = Attributes?.[name];
    if (value === undefined) throw new Failure(`${this.url} to have a ${name}`, 'none', 'see the queue');
    return value;
  }

  /** Does something with each message, and then deletes it. */
  private async each(work: (text: string) => Promise<unknown>): Promise<void> {
    for (;;) {
      const messages = await this.receive();
      if (messages.length === 0) return;
      for (const { Body = '' } of messages) await work(Body);
      const Entries = messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
      await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }));
    }
  }

  private get sqs() {
    return clientsOf(this.account, this.endpoint).sqs;
  }

  private async receive(VisibilityTimeout?: number) {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        VisibilityTimeout,
      }),
    );
    return Messages;
  }
}
