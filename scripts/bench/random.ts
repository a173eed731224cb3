/** Minimal standard generator: the same numbers on every machine. */
export class Random {
  private state: number;

  public constructor(seed: number) {
    this.state = seed;
    // Neighbouring seeds begin alike.
    for (let i = 0; i < 8; i++) this.below(1);
  }

  /** An integer from 0 to n - 1. */
  public below(n: number): number {
    this.state = (this.state * 48271) % 2147483647;
    return Math.floor((this.state / 2147483647) * n);
  }

  public chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  public pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Different items, in a random order. */
  public some<T>(count: number, items: readonly T[]): T[] {
    const left = [...items];
    return Array.from({ length: Math.min(count, left.length) }, () => left.splice(this.below(left.length), 1)[0]);
  }

  public hex(digits: number): string {
    return Array.from({ length: digits }, () => '0123456789abcdef'[this.below(16)]).join('');
  }
}
