import type { EventReader } from './event-reader';
import type { FieldCondition } from './model';
import { testsOf, type ValueTest } from './value-test';

/** The alternatives for one field, made ready. Equal ones of several rules are one. */
export class Condition {
  /** What accepts a leaf; empty where only absence will do. */
  public readonly tests: ValueTest[];
  /** Whether `exists: false` is among the alternatives. */
  public readonly mayBeAbsent: boolean;
  /** Whether most values are likely to meet it. */
  public readonly isBroad: boolean;

  constructor(
    /** The number of the path. */
    public readonly path: number,
    public readonly source: FieldCondition,
  ) {
    this.tests = source.anyOf.flatMap(testsOf);
    this.isBroad = this.tests.some((test) => test.isBroad());
    this.mayBeAbsent = source.anyOf.some((matcher) => matcher.operator === 'exists' && !matcher.present);
  }

  public accepts(reader: EventReader, leaf: number): boolean {
    const tests = this.tests;
    for (let i = 0; i < tests.length; i++) if (tests[i].accepts(reader, leaf)) return true;
    return false;
  }

  /** A guess at the share of events that meet it. */
  public share(): number {
    if (this.mayBeAbsent) return 0.9;
    return Math.min(
      1,
      this.tests.reduce((sum, test) => sum + test.share(), 0),
    );
  }

  /** The leaves that it accepts, in the order of the event. */
  public acceptedLeaves(reader: EventReader): number[] {
    const accepted: number[] = [];
    for (let leaf = reader.first[this.path]; leaf >= 0; leaf = reader.next[leaf]) {
      if (this.accepts(reader, leaf)) accepted.push(leaf);
    }
    return accepted;
  }
}
