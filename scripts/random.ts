import { createHash } from 'crypto';

/** Random choices that a seed repeats, on every machine (Lehmer's generator). */
export class Random {
  /** The sequence of the benchmark, whose seeds were chosen for what they make. */
  public static fromState(state: number): Random {
    const random = new Random();
    random.state = state;
    // Neighbouring states begin alike.
    for (let i = 0; i < 8; i++) random.next();
    return random;
  }

  private state: number;

  /** Other parts, even if they are neighbours, give choices that have nothing to do with each other. */
  constructor(...seed: Array<string | number>) {
    this.state = (createHash('sha256').update(seed.join('/')).digest().readUInt32LE() % 2147483646) + 1;
  }

  /** From 0 up to, not including, 1. */
  public next(): number {
    this.state = (this.state * 48271) % 2147483647;
    return this.state / 2147483647;
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

  /** One of the values, each as often as its weight says. */
  public weighted<T>(choices: ReadonlyArray<readonly [weight: number, value: T]>): T {
    let rest = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of choices) {
      rest -= weight;
      if (rest < 0) return value;
    }
    return choices[choices.length - 1][1];
  }

  public many<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make);
  }

  /** Different items, in a random order. */
  public some<T>(count: number, items: readonly T[]): T[] {
    const left = [...items];
    return Array.from({ length: Math.min(count, left.length) }, () => left.splice(this.below(left.length), 1)[0]);
  }

  public shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j], result[i]];
    }
    return result;
  }

  /** Some letters of an alphabet. */
  public text(alphabet: string, most: number, least = 0): string {
    return this.many(least, most, () => this.pick([...alphabet])).join('');
  }

  public hex(digits: number): string {
    return Array.from({ length: digits }, () => '0123456789abcdef'[this.below(16)]).join('');
  }
}
