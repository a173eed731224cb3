/**
 * The time of an invocation. It is given out in shares, so that what must be done last still finds some, however long
 * the function may run.
 */
export class Countdown {
  private readonly total: number;

  /** @param remaining the milliseconds until the function is stopped */
  constructor(private readonly remaining: () => number) {
    this.total = remaining();
  }

  /** The milliseconds until no more than a share of the whole time is left. */
  public until(share: number): number {
    return this.remaining() - this.total * share;
  }
}
