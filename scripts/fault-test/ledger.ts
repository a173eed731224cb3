import type { Reason } from '../../src/validation/handler/verdict';

/** What may be there twice. */
export type Output = 'published' | 'notice' | 'record';

/** One time that a copy of the function had the event. */
export interface Delivery {
  /** Which copy of the function. */
  readonly copy: string;
  /** Whether it was told to be quick. */
  readonly isHurried: boolean;
  /** Whether the function still works on it. */
  isUnderWay: boolean;
  /** Whether it is no fault of the function: a copy of the event, or the function was stopped. */
  isForced: boolean;
  /** How often the function heard that an output has arrived. */
  readonly heard: Record<Output, number>;
  /** Whether a notice was sent; and whether the function heard that it will never be taken. */
  isNoticeSent: boolean;
  isNoticeRefused: boolean;
}

/** What happened to one event. */
export interface Account {
  /** How often each output arrived. */
  readonly copies: Record<Output, number>;
  readonly deliveries: Delivery[];
  /** Whether the function once said that nothing is left to do. */
  isDone: boolean;
  readonly reasons: Set<Reason>;
  deadLetters: number;
}

/** What the world saw, for each event; and what was wrong in itself. */
export class Ledger {
  public readonly faults = new Map<string, number>();
  public readonly violations: string[] = [];
  public readonly accounts: Account[];

  constructor(events: number) {
    this.accounts = Array.from({ length: events }, () => ({
      copies: { published: 0, notice: 0, record: 0 },
      deliveries: [],
      isDone: false,
      reasons: new Set(),
      deadLetters: 0,
    }));
  }

  public of(index: number): Account {
    return this.accounts[index];
  }

  /** A batch takes the event. */
  public deliver(index: number, copy: string, isHurried: boolean): Delivery {
    const { deliveries, isDone } = this.of(index);
    const delivery: Delivery = {
      copy,
      isHurried,
      isUnderWay: true,
      // Copies in one batch the function must find; those in others it cannot.
      isForced: isDone || deliveries.some(({ isUnderWay }) => isUnderWay),
      heard: { published: 0, notice: 0, record: 0 },
      isNoticeSent: false,
      isNoticeRefused: false,
    };
    deliveries.push(delivery);
    return delivery;
  }

  /** The delivery that a copy of the function sends something for. */
  public deliveryOf(index: number, copy: string): Delivery {
    const delivery = this.of(index)
      .deliveries.filter((one) => one.copy === copy)
      .at(-1);
    if (delivery === undefined) throw new Error(`${copy} was not given event ${index}`);
    return delivery;
  }

  public fault(name: string): void {
    this.faults.set(name, (this.faults.get(name) ?? 0) + 1);
  }

  /** Whether a fault was injected, at whatever service. */
  public hasFault(name: string): boolean {
    return [...this.faults.keys()].some((known) => known.endsWith(name));
  }

  public violation(what: string): void {
    this.violations.push(what);
  }
}
