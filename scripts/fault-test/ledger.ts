import type { Reason } from '../../src/validation/handler/verdict';

/** What may be there twice. */
export type Output = 'published' | 'notice' | 'record';

/** What happened to one event. */
export interface Account {
  /** How often each output arrived. */
  readonly copies: Record<Output, number>;
  /** How often its arrival was not answered, so that it had to be sent again. */
  readonly unanswered: Record<Output, number>;
  /** Deliveries that are no fault of the function: of a copy, or because the function was killed. */
  forced: number;
  deliveries: number;
  /** Batches that hold it now. */
  underWay: number;
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
      unanswered: { published: 0, notice: 0, record: 0 },
      forced: 0,
      deliveries: 0,
      underWay: 0,
      isDone: false,
      reasons: new Set(),
      deadLetters: 0,
    }));
  }

  public of(index: number): Account {
    return this.accounts[index];
  }

  /** A batch takes the event. */
  public deliver(index: number): void {
    const account = this.of(index);
    account.deliveries++;
    // Copies in one batch the function must find; those in others it cannot.
    if (account.isDone || account.underWay > 0) account.forced++;
    account.underWay++;
  }

  public settle(index: number): void {
    this.of(index).underWay--;
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
