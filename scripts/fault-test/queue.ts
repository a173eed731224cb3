import { type Random } from '../random';

/** A message in the queue; two may be of one event. */
export interface Message {
  readonly id: string;
  readonly index: number;
  receives: number;
}

export interface QueueOptions {
  /** In seconds, as all times here. */
  readonly visibilityTimeout: number;
  readonly maxReceiveCount: number;
  readonly random: Random;
  /** How often a message is delivered although another copy of it is being worked on, as SQS does now and then. */
  readonly repeats: number;
  /** How often EventBridge puts an event twice. */
  readonly twins: number;
}

/**
 * A standard queue, as a mapping of Lambda uses it: what is not deleted comes again when its visibility timeout is over, and
 * after so many times goes to the dead-letter queue.
 *
 * Its clock is its own: it goes on with each batch, and jumps when there is nothing else to do. For a message that is being
 * worked on it stands still, since the timeout is longer than the function may take.
 */
export class Queue {
  public readonly deadLetters: Message[] = [];
  private readonly visible: Message[] = [];
  private readonly hidden: Array<{ message: Message; until: number }> = [];
  private readonly deleted = new Set<string>();
  private now = 0;
  private next = 0;

  constructor(
    private readonly events: number,
    private readonly options: QueueOptions,
  ) {}

  /**
   * Some messages, which nobody else gets until they are deleted or released.
   *
   * @param most messages
   * @param fits whether one more goes into the batch
   */
  public receive(most: number, fits: (batch: Message[], next: Message) => boolean = () => true): Message[] {
    const { random, repeats, twins } = this.options;
    this.now++;
    this.show();
    const batch: Message[] = [];
    while (batch.length < most) {
      const message = this.take();
      if (message === undefined) break;
      if (batch.length > 0 && !fits(batch, message)) {
        this.visible.unshift(message);
        break;
      }
      message.receives++;
      batch.push(message);
      if (random.chance(repeats)) this.hide(message, random.below(5));
      if (message.receives === 1 && !message.id.endsWith('twin') && random.chance(twins)) {
        this.visible.unshift({ id: `${message.id}-twin`, index: message.index, receives: 0 });
      }
    }
    return batch;
  }

  public delete(message: Message): void {
    this.deleted.add(message.id);
  }

  /** Gives a message back, which comes again later. */
  public release(message: Message): void {
    this.hide(message, this.options.visibilityTimeout);
  }

  /** Lets the time pass in which nothing happens; false if there is nothing to come. */
  public skip(): boolean {
    const times = this.hidden.map(({ until }) => until);
    if (times.length === 0) return false;
    this.now = Math.max(this.now, Math.min(...times));
    return true;
  }

  private hide(message: Message, seconds: number): void {
    this.hidden.push({ message, until: this.now + seconds });
  }

  private show(): void {
    for (const waiting of this.hidden.splice(0)) {
      if (waiting.until > this.now) this.hidden.push(waiting);
      else this.visible.push(waiting.message);
    }
  }

  /** The next message that is not deleted, nor to be given up. */
  private take(): Message | undefined {
    for (;;) {
      const message = this.visible.shift() ?? this.fresh();
      if (message === undefined) return undefined;
      if (this.deleted.has(message.id)) continue;
      if (message.receives < this.options.maxReceiveCount) return message;
      this.deleted.add(message.id);
      this.deadLetters.push(message);
    }
  }

  private fresh(): Message | undefined {
    if (this.next === this.events) return undefined;
    const index = this.next++;
    return { id: String(index), index, receives: 0 };
  }
}
