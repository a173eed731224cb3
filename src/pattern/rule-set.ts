import { Condition } from './conditions';
import { EventReader } from './event-reader';
import { Findings } from './findings';
import type { FieldCondition, PatternModel } from './model';
import { PathTree } from './path-tree';
import { ValueIndex } from './value-index';

/** A conjunction of a rule, made ready. Conditions are numbers. */
interface Clause {
  readonly rule: number;
  /** All of its conditions, in the order of their paths. */
  readonly conditions: Int32Array;
  /** Those but the one that it is filed under, the least likely to hold first. */
  readonly others: Int32Array;
  readonly mayBeAbsent: boolean;
}

/** One event at a time is read, and no code of others runs meanwhile: all rule sets share the memory for it. */
export const reader = new EventReader();

/** Loaded when it is needed: most events are settled without. */
let arrayConsistency: typeof import('./array-consistency') | undefined;

/** Choices of leaves that are simply tried, before elements are searched in order. */
const TRIES = 64;

/**
 * Rules made ready to be tried on events, all at once.
 *
 * Each conjunction is filed under one of its conditions, the one that the fewest events should meet. An event's values
 * find the conditions that hold; only the clauses filed under those are looked at whole.
 */
export class RuleSet {
  public readonly tree: PathTree;

  private readonly conditions: Condition[] = [];
  /** For each condition: the clauses that are filed under it. */
  private readonly clauses: Clause[][] = [];
  private readonly findings: Findings;
  /** For each path: finds which of its conditions hold; and the last event in which it did. */
  private readonly indexes: ValueIndex[];
  private readonly lookedUp: Int32Array;
  /**
   * For each condition: whether it is tried by itself when asked for, and the last event in which it was. That is cheaper
   * for those that many values meet: looking up finds them all.
   */
  private readonly isTriedAlone: Uint8Array;
  private readonly tried: Int32Array;
  /** For each path: whether clauses are filed under a condition of it: 1 or 0. */
  private readonly isFiled: Uint8Array;
  /** The paths of conditions that clauses are filed under and that absence meets. */
  private readonly filedAbsences: Int32Array;
  /** For each rule: the last event that it matched. */
  private readonly matched: Int32Array;
  /** The number of the event. */
  private event = 0;
  private triesLeft = 0;
  private readonly chosen: Int32Array;

  constructor(
    private readonly names: string[],
    models: PatternModel[],
  ) {
    const paths = new Map<string, number>();
    const clauses = this.number(models, paths);
    const uses = new Int32Array(this.conditions.length);
    for (const { numbers } of clauses) for (const number of numbers) uses[number]++;
    const costs = this.conditions.map((condition, number) => condition.share() * (1 + uses[number]));
    for (const { rule, numbers } of clauses) this.file(rule, numbers, costs);

    this.tree = new PathTree([...paths.keys()]);
    const filed = this.clauses.map((some) => some.length > 0);
    this.isTriedAlone = Uint8Array.from(this.conditions, (condition, number) =>
      !filed[number] && condition.isBroad ? 1 : 0,
    );
    const byPath: number[][] = this.tree.paths.map(() => []);
    this.conditions.forEach(({ path }, number) => {
      if (this.isTriedAlone[number] === 0) byPath[path].push(number);
    });
    this.indexes = byPath.map(
      (numbers, path) =>
        new ValueIndex(
          path,
          numbers,
          numbers.map((number) => this.conditions[number]),
        ),
    );
    this.isFiled = new Uint8Array(this.indexes.length);
    const absences = new Set<number>();
    this.conditions.forEach(({ path, mayBeAbsent }, number) => {
      if (!filed[number]) return;
      this.isFiled[path] = 1;
      if (mayBeAbsent) absences.add(path);
    });
    this.filedAbsences = Int32Array.from(absences);
    this.findings = new Findings(reader, Uint8Array.from(filed, Number));
    this.lookedUp = new Int32Array(this.indexes.length);
    this.tried = new Int32Array(this.conditions.length);
    this.matched = new Int32Array(names.length);
    this.chosen = new Int32Array(Math.max(1, ...clauses.map(({ numbers }) => numbers.length)));
  }

  /**
   * The names of the rules that match an event, in no particular order.
   *
   * @throws InvalidEventError
   */
  public matches(event: unknown): string[] {
    reader.read(event, this.tree);
    if (++this.event === 0x7fffffff) this.startOver();
    const { findings, matched } = this;
    findings.startEvent();
    for (let i = 0; i < reader.foundCount; i++) {
      const path = reader.found[i];
      if (this.isFiled[path] === 1) this.lookUp(path);
    }
    for (let i = 0; i < this.filedAbsences.length; i++) this.lookUp(this.filedAbsences[i]);
    const found: string[] = [];
    for (let i = 0; i < findings.pendingCount; i++) {
      const clauses = this.clauses[findings.pending[i]];
      for (let j = 0; j < clauses.length; j++) {
        const clause = clauses[j];
        if (matched[clause.rule] === this.event || !this.matchesClause(clause)) continue;
        matched[clause.rule] = this.event;
        found.push(this.names[clause.rule]);
      }
    }
    return found;
  }

  /** Gives equal conditions one number. */
  private number(models: PatternModel[], paths: Map<string, number>): Array<{ rule: number; numbers: number[] }> {
    const known = new Map<string, number>();
    const numberOf = (field: FieldCondition): number => {
      const key = JSON.stringify([field.path, field.anyOf]);
      let number = known.get(key);
      if (number === undefined) {
        let path = paths.get(field.path);
        if (path === undefined) paths.set(field.path, (path = paths.size));
        known.set(key, (number = this.conditions.length));
        this.conditions.push(new Condition(path, field));
        this.clauses.push([]);
      }
      return number;
    };
    return models.flatMap(({ conjunctions }, rule) =>
      conjunctions.map((fields) => ({ rule, numbers: fields.map(numberOf) })),
    );
  }

  /**
   * Files a clause under the condition that the fewest events should meet. Absence will not do, as in arrays it depends
   * on other fields; where there is nothing else, that of the first field does not.
   */
  private file(rule: number, numbers: number[], costs: number[]): void {
    const certain = numbers.filter((number) => !this.conditions[number].mayBeAbsent);
    const best = certain.reduce(
      (least, number) => (costs[number] < costs[least] ? number : least),
      certain[0] ?? numbers[0],
    );
    this.clauses[best].push({
      rule,
      conditions: Int32Array.from(numbers),
      others: Int32Array.from(
        numbers.filter((number) => number !== best).sort((a, b) => this.shareOf(a) - this.shareOf(b)),
      ),
      mayBeAbsent: certain.length < numbers.length,
    });
  }

  private shareOf(number: number): number {
    return this.conditions[number].share();
  }

  private lookUp(path: number): void {
    if (this.lookedUp[path] === this.event) return;
    this.lookedUp[path] = this.event;
    this.indexes[path].find(reader, this.findings);
  }

  /** Whether a clause matches, whose own condition holds. */
  private matchesClause(clause: Clause): boolean {
    const { others } = clause;
    // In arrays, an absence depends on the elements chosen for other fields.
    if (clause.mayBeAbsent && this.isInArrays(clause)) return this.holdsInElements(clause);
    for (let i = 0; i < others.length; i++) if (!this.isTrue(others[i])) return false;
    if (others.length === 0 || !this.isInArrays(clause)) return true;
    this.triesLeft = TRIES;
    const answer = this.choose(clause.conditions, 0);
    return this.triesLeft < 0 ? this.holdsInElements(clause) : answer;
  }

  /** Whether a condition holds by itself. */
  private isTrue(number: number): boolean {
    if (this.isTriedAlone[number] === 1) return this.tryAlone(number);
    const { path } = this.conditions[number];
    this.lookUp(path);
    return this.findings.has(number);
  }

  private tryAlone(number: number): boolean {
    if (this.tried[number] === this.event) return this.findings.has(number);
    this.tried[number] = this.event;
    const condition = this.conditions[number];
    const inArrays = reader.inElement[condition.path] === 1;
    let leaf = reader.first[condition.path];
    if (leaf < 0 && condition.mayBeAbsent) this.findings.note(number, -1);
    for (; leaf >= 0; leaf = reader.next[leaf]) {
      if (!condition.accepts(reader, leaf)) continue;
      this.findings.note(number, leaf);
      if (!inArrays) break;
    }
    return this.findings.has(number);
  }

  /** Whether several of the conditions have leaves in elements of arrays. */
  private isInArrays({ conditions }: Clause): boolean {
    if (!reader.anyElement) return false;
    let count = 0;
    for (let i = 0; i < conditions.length; i++) count += reader.inElement[this.conditions[conditions[i]].path];
    return count > 1;
  }

  /** Tries leaves for the conditions from one on, beside those that are chosen. */
  private choose(conditions: Int32Array, from: number): boolean {
    if (from === conditions.length) return true;
    for (let at = this.findings.firstOf(conditions[from]); at >= 0; at = this.findings.nextOf(at)) {
      if (--this.triesLeft < 0) return false;
      const element = reader.element[this.findings.leafAt(at)];
      if (!this.agreesWithChosen(element, from)) continue;
      this.chosen[from] = element;
      if (this.choose(conditions, from + 1)) return true;
    }
    return false;
  }

  private agreesWithChosen(element: number, count: number): boolean {
    if (element === 0) return true;
    for (let i = 0; i < count; i++) if (!reader.agree(this.chosen[i], element)) return false;
    return true;
  }

  private holdsInElements({ conditions }: Clause): boolean {
    const choices = Array.from(conditions, (number) => {
      const { path, mayBeAbsent } = this.conditions[number];
      return { path, mayBeAbsent, accepted: this.isTrue(number) ? this.findings.acceptedBy(number) : [] };
    });
    arrayConsistency ??= require('./array-consistency') as typeof import('./array-consistency');
    return arrayConsistency.holdTogether(choices, reader);
  }

  private startOver(): void {
    this.event = 1;
    this.lookedUp.fill(0);
    this.tried.fill(0);
    this.matched.fill(0);
  }
}
