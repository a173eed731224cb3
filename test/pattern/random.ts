/** Random choices that are the same on every run (Lehmer's generator). */
export class Random {
  constructor(private state = 1) {}

  /** From 0 up to, not including, 1. */
  public next(): number {
    this.state = (this.state * 48271) % 2147483647;
    return (this.state - 1) / 2147483646;
  }

  /** A whole number from 0 up to, not including, the bound. */
  public below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  public chance(probability: number): boolean {
    return this.next() < probability;
  }

  public pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  public many<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make);
  }

  /** Some letters of an alphabet. */
  public text(alphabet: string, most: number, least = 0): string {
    return this.many(least, most, () => this.pick([...alphabet])).join('');
  }
}
