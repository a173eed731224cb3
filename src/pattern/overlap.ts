import { CommonValues } from './common-value';
import { InvalidEventError } from './errors';
import type { Conjunction, FieldCondition, PatternModel } from './model';
import { RuleSet } from './rule-set';
import { Work } from './work';

/** Whether one event can match two patterns. */
export type Overlap =
  | {
      readonly answer: 'yes';
      /** An event that matches both. */
      readonly event: any;
      /**
       * Whether that takes a list of values in a field where each pattern by itself is content with one; as far as could
       * be shown: no value by itself was found that both take.
       */
      readonly onlyWithLists: boolean;
    }
  | { readonly answer: 'no' }
  | {
      readonly answer: 'unknown';
    };

/** Fields of every event that hold one string, always there. EventBridge sees to it. */
const ALWAYS_ONE_STRING = new Set(['version', 'id', 'detail-type', 'source', 'account', 'time', 'region']);
/** Fields of every event that hold one string, or are absent. */
const ONE_STRING_OR_ABSENT = new Set(['replay-name']);

/** Steps after which a question is given up; and what its parts take, a step being some 50 nanoseconds. */
const MAX_STEPS = 1_400_000;
const STEPS_PER_PAIR = 10;
const STEPS_PER_FIELD = 5;
/** To try an event, and for each field of the rules for it. */
const STEPS_PER_EVENT = 4_000;
const STEPS_PER_RULE_FIELD = 60;

/**
 * Whether one event can match two patterns.
 *
 * @throws nothing: where no proof is found, the answer is `unknown`
 */
export function overlapOf(a: PatternModel, b: PatternModel): Overlap {
  return new Comparison(a, b).answer();
}

/** A value as JSON text, undefined for none. */
type Choice = string | undefined;

/** What there is to say of one field: a value that all take; that there is none; or neither could be shown. */
type Found = { readonly json: Choice; readonly isList?: boolean } | 'none' | 'unknown';

const ABSENT: Found = { json: undefined };

/** Values for the fields of two conjunctions. */
interface Proposal {
  readonly choices: Array<[path: string, choice: Choice]>;
  readonly onlyWithLists: boolean;
}

class Comparison {
  private readonly work = new Work(MAX_STEPS);
  private readonly values = new CommonValues(this.work);
  private readonly known = new Map<FieldCondition, Map<FieldCondition | undefined, Found>>();

  constructor(
    private readonly a: PatternModel,
    private readonly b: PatternModel,
  ) {}

  public answer(): Overlap {
    let best: Overlap = { answer: 'no' };
    for (const one of this.a.conjunctions) {
      for (const other of this.b.conjunctions) {
        const found = this.propose(one, other);
        if (found === 'none') continue;
        if (best.answer === 'no') best = { answer: 'unknown' };
        if (!this.work.spend(0)) return best;
        if (found === 'unknown' || (found.onlyWithLists && best.answer === 'yes')) continue;
        const event = this.eventFor(found, one, other);
        if (event === undefined) continue;
        best = { answer: 'yes', event, onlyWithLists: found.onlyWithLists };
        if (!found.onlyWithLists) return best;
      }
    }
    return best;
  }

  private propose(one: Conjunction, other: Conjunction): Proposal | 'none' | 'unknown' {
    if (!this.work.spend(STEPS_PER_PAIR)) return 'unknown';
    const choices: Proposal['choices'] = [];
    let unknown = false;
    let onlyWithLists = false;
    for (const fields of byPath(one, other)) {
      if (!this.work.spend(STEPS_PER_FIELD)) return 'unknown';
      const [{ path }] = fields;
      const found = this.valueFor(path, ...fields);
      if (found === 'unknown' || (found === 'none' && this.mayDependOnElements(path, [one, other]))) {
        unknown = true;
        continue;
      }
      if (found === 'none') return 'none';
      if (found.isList) onlyWithLists = true;
      choices.push([path, found.json]);
    }
    return unknown ? 'unknown' : { choices, onlyWithLists };
  }

  /** What the conditions for a field take. The same ones meet in many combinations of `$or`. */
  private valueFor(path: string, one: FieldCondition, other?: FieldCondition): Found {
    let known = this.known.get(one);
    if (known === undefined) this.known.set(one, (known = new Map()));
    let found = known.get(other);
    if (found === undefined) known.set(other, (found = this.find(path, other === undefined ? [one] : [one, other])));
    return found;
  }

  private find(path: string, fields: FieldCondition[]): Found {
    // What is not known yet may be anything.
    const known = fields.filter(isKnown);
    const found = known.length === 0 ? 'unknown' : this.findForKnown(path, known);
    return found === 'none' || known.length === fields.length ? found : 'unknown';
  }

  private findForKnown(path: string, fields: FieldCondition[]): Found {
    const top = path.split('.', 1)[0];
    const isString = ALWAYS_ONE_STRING.has(top) || ONE_STRING_OR_ABSENT.has(top);
    const absentInAll = fields.every(mayBeAbsent);
    if (isString && top !== path) return absentInAll ? ABSENT : 'none';
    if (absentInAll && !ALWAYS_ONE_STRING.has(path)) return ABSENT;
    const common = this.values.find(isString, fields[0], fields[1]);
    if (fields.length === 1 || typeof common === 'object') return common;
    const [one, other] = fields.map((field) => this.values.find(isString, field));
    if (one === 'none' || other === 'none') return 'none';
    if (isString) return common;
    if (one === 'unknown' || other === 'unknown') return 'unknown';
    // A list of values has one for each.
    return { json: `[${one.json},${other.json}]`, isList: true };
  }

  /**
   * Whether a field could be absent from one element of an array and present in another: where its absence is asked for
   * together with another field of the same object.
   */
  private mayDependOnElements(path: string, conjunctions: Conjunction[]): boolean {
    const [top, inner, ...rest] = path.split('.');
    if (rest.length === 0) return false;
    this.work.spend(conjunctions[0].length + conjunctions[1].length);
    return conjunctions.some(
      (fields) =>
        fields.some((field) => field.path === path && mayBeAbsent(field)) &&
        fields.some((field) => field.path !== path && field.path.startsWith(`${top}.${inner}`)),
    );
  }

  /** The event with some values, if it does match. */
  private eventFor({ choices }: Proposal, one: Conjunction, other: Conjunction): any {
    // Whether empty keys are looked into depends on the pattern as a whole.
    const isWhole = choices.some(([path]) => path.split('.').includes(''));
    const patterns = isWhole ? [this.a, this.b] : [{ conjunctions: [one] }, { conjunctions: [other] }];
    const fields = patterns.flatMap(({ conjunctions }) => conjunctions).reduce((sum, { length }) => sum + length, 0);
    if (!this.work.spend(STEPS_PER_EVENT + fields * STEPS_PER_RULE_FIELD)) return undefined;
    const event = eventOf(choices);
    try {
      return patterns.every((pattern) => new RuleSet([''], [pattern]).matches(event).length > 0) ? event : undefined;
    } catch (error) {
      // Two patterns together may ask for more than an event can have.
      if (error instanceof InvalidEventError) return undefined;
      throw error;
    }
  }
}

/** The conditions for each path that one of two conjunctions names. */
function* byPath(one: Conjunction, other: Conjunction): Generator<[FieldCondition, FieldCondition?]> {
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    const [a, b] = [one[i], other[j]];
    if (b === undefined || a?.path < b.path) {
      yield [a];
      i++;
    } else if (a === undefined || b.path < a.path) {
      yield [b];
      j++;
    } else {
      yield [a, b];
      i++;
      j++;
    }
  }
}

function isKnown(field: FieldCondition): boolean {
  return !field.anyOf.some((matcher) => matcher.operator === 'unknown');
}

function mayBeAbsent(field: FieldCondition): boolean {
  return field.anyOf.some((matcher) => matcher.operator === 'exists' && !matcher.present);
}

/** An event with the values; a path that is both a value and an object becomes a list of both. */
function eventOf(choices: Proposal['choices']): any {
  const event: Record<string, any> = {};
  for (const [path, choice] of choices) {
    if (choice === undefined) continue;
    // Text that JSON.parse would change, as long numbers are, makes no example: the event is tried.
    put(event, path.split('.'), JSON.parse(choice));
  }
  return event;
}

function put(event: Record<string, any>, keys: string[], value: any): void {
  let object = event;
  keys.forEach((key, i) => {
    const known = Object.hasOwn(object, key) ? object[key] : undefined;
    if (i === keys.length - 1) {
      define(object, key, known === undefined ? value : [value, known].flat());
      return;
    }
    let inner = isObject(known) ? known : Array.isArray(known) ? known.find(isObject) : undefined;
    if (!inner) {
      inner = {};
      define(object, key, known === undefined ? inner : [known, inner].flat());
    }
    object = inner;
  });
}

/** Sets a field, whatever its name. */
function define(object: Record<string, any>, key: string, value: any): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function isObject(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
