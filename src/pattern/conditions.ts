import type { EventReader } from './event-reader';
import type { FieldCondition } from './model';
import { testsOf, type ValueTest } from './value-test';

/** The alternatives for one field, made ready. Equal ones of several rules are one. */
export class Condition {
  /** What accepts a leaf; empty where only absence will do. */
  public readonly tests: ValueTest[];
  /** Whether `exists: false` is among the alternatives. */
  public readonly mayBeAbsent: boolean;

  constructor(
    /** The number of the path. */
    public readonly path: number,
    public readonly source: FieldCondition,
  ) {
    this.tests = source.anyOf.flatMap(testsOf);
    this.mayBeAbsent = source.anyOf.some((matcher) => matcher.operator === 'exists' && !matcher.present);
  }

  public accepts(reader: EventReader, leaf: number): boolean {
    const tests = this.tests;
    for (let i = 0; i < tests.length; i++) if (tests[i].accepts(reader, leaf)) return true;
    return false;
  }

  /** Whether it holds in an event by itself. */
  public holds(reader: EventReader): boolean {
    let leaf = reader.first[this.path];
    if (leaf < 0) return this.mayBeAbsent;
    for (; leaf >= 0; leaf = reader.next[leaf]) if (this.accepts(reader, leaf)) return true;
    return false;
  }
}
