import { holdTogether } from './array-consistency';
import { Condition } from './conditions';
import { EventReader } from './event-reader';
import type { Conjunction, FieldCondition, PatternModel } from './model';
import { PathTree } from './path-tree';
import { ValueIndex } from './value-index';

/** A conjunction of a rule, made ready. */
class Clause {
  constructor(
    public readonly rule: number,
    /** In the order of the paths. */
    public readonly conditions: Condition[],
    /** The numbers of the conditions other than the one it is filed under. */
    public readonly others: Int32Array,
    public readonly mayBeAbsent: boolean,
  ) {}
}

/** One event at a time is read, and no code of others runs meanwhile: all rule sets share the memory for it. */
export const reader = new EventReader();

/**
 * Rules made ready to be tried on events, all at once.
 *
 * Each conjunction is filed under one of its conditions, the one that the fewest events should meet. An event's values
 * find the conditions that hold; only the conjunctions filed under those are looked at whole.
 */
export class RuleSet {
  public readonly tree: PathTree;

  private readonly conditions: Condition[] = [];
  /** For each condition: the clauses that are filed under it. */
  private readonly clauses: Clause[][] = [];
  /** The indexes of the paths that clauses are filed under. */
  private readonly indexes: ValueIndex[] = [];
  /** For each condition: the event for which it was found to hold, or -1 - that event if not to. */
  private readonly known: Int32Array;
  private readonly hit: Int32Array;
  /** For each rule: the last event it matched. */
  private readonly matched: Int32Array;
  /** The event that is being looked at. */
  private event = 0;
  private found: string[] = [];

  constructor(
    private readonly names: string[],
    models: PatternModel[],
  ) {
    const paths = new Map<string, number>();
    const numbers = new Map<string, number>();
    const numberOf = (field: FieldCondition): number => {
      const key = JSON.stringify([field.path, field.anyOf]);
      let number = numbers.get(key);
      if (number === undefined) {
        let path = paths.get(field.path);
        if (path === undefined) paths.set(field.path, (path = paths.size));
        numbers.set(key, (number = this.conditions.length));
        this.conditions.push(new Condition(path, field));
        this.clauses.push([]);
      }
      return number;
    };
    const all = models.flatMap(({ conjunctions }, rule) =>
      conjunctions.map((fields) => ({ rule, fields: fields.map(numberOf) })),
    );
    const uses = new Int32Array(this.conditions.length);
    for (const { fields } of all) for (const number of fields) uses[number]++;
    for (const { rule, fields } of all) {
      const filed = this.best(fields, uses);
      const conditions = fields.map((number) => this.conditions[number]);
      const others = Int32Array.from(fields.filter((number) => number !== filed));
      this.clauses[filed].push(
        new Clause(
          rule,
          conditions,
          others,
          conditions.some((condition) => condition.mayBeAbsent),
        ),
      );
    }
    this.tree = new PathTree([...paths.keys()]);
    const filedByPath = new Map<number, number[]>();
    this.conditions.forEach(({ path }, number) => {
      if (this.clauses[number].length === 0) return;
      const filed = filedByPath.get(path);
      if (filed) filed.push(number);
      else filedByPath.set(path, [number]);
    });
    for (const [path, filed] of filedByPath) {
      this.indexes.push(
        new ValueIndex(
          path,
          filed,
          filed.map((number) => this.conditions[number]),
        ),
      );
    }
    this.known = new Int32Array(this.conditions.length);
    this.hit = new Int32Array(this.conditions.length);
    this.matched = new Int32Array(names.length);
  }

  /**
   * The names of the rules that match an event, in no particular order.
   *
   * @throws InvalidEventError
   */
  public matches(event: unknown): string[] {
    reader.read(event, this.tree);
    this.found = [];
    if (++this.event === 0x7fffffff) this.startOver();
    for (const index of this.indexes) index.find(reader, this);
    return this.found;
  }

  /** Takes notice that a condition holds, and looks at the clauses filed under it. */
  public holds(number: number): void {
    if (this.hit[number] === this.event) return;
    this.hit[number] = this.event;
    const clauses = this.clauses[number];
    for (let i = 0; i < clauses.length; i++) {
      const clause = clauses[i];
      if (this.matched[clause.rule] !== this.event && this.matchesClause(clause)) {
        this.matched[clause.rule] = this.event;
        this.found.push(this.names[clause.rule]);
      }
    }
  }

  /** Whether a clause matches, whose own condition holds. */
  private matchesClause(clause: Clause): boolean {
    const others = clause.others;
    if (others.length === 0) return true;
    if (reader.anyElement && inArrays(clause.conditions) > 1) {
      // An absence depends on the elements chosen for other fields.
      if (clause.mayBeAbsent) return holdTogether(clause.conditions, reader);
      for (let i = 0; i < others.length; i++) if (!this.isTrue(others[i])) return false;
      return holdTogether(clause.conditions, reader);
    }
    for (let i = 0; i < others.length; i++) if (!this.isTrue(others[i])) return false;
    return true;
  }

  /** Whether a condition holds by itself; found out once for each event. */
  private isTrue(number: number): boolean {
    const known = this.known[number];
    if (known === this.event) return true;
    if (known === -this.event) return false;
    const holds = this.conditions[number].holds(reader);
    this.known[number] = holds ? this.event : -this.event;
    return holds;
  }

  /** The condition that the fewest events should meet. Absence by itself will not do: it depends on other fields. */
  private best(fields: number[], uses: Int32Array): number {
    let best = fields[0];
    let least = Infinity;
    for (const number of fields) {
      const condition = this.conditions[number];
      if (condition.mayBeAbsent) continue;
      const share = Math.min(
        1,
        condition.tests.reduce((sum, test) => sum + test.share(), 0),
      );
      const cost = share * (1 + uses[number]);
      if (cost < least) [best, least] = [number, cost];
    }
    return best;
  }

  private startOver(): void {
    this.event = 1;
    this.known.fill(0);
    this.hit.fill(0);
    this.matched.fill(0);
  }
}

/** How many of the conditions have leaves in elements of arrays. */
function inArrays(conditions: Condition[]): number {
  let count = 0;
  for (const { path } of conditions) {
    for (let leaf = reader.first[path]; leaf >= 0; leaf = reader.next[leaf]) {
      if (reader.element[leaf] !== 0) {
        count++;
        break;
      }
    }
  }
  return count;
}

export type { Conjunction };
