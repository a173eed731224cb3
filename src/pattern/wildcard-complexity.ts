import type { Conjunction, FieldCondition, Matcher, PatternModel } from './model';
import { withoutHalves } from './surrogates';

/**
 * How many beginnings of wildcards could fit one value of an event at once, in the worst case. EventBridge keeps track
 * of each, and answers "Rule is too complex" to a rule with too many.
 *
 * What counts depends on how EventBridge's own engine puts a rule together: fields in the order of their paths, the
 * conjunctions that `$or` make one after another, each going on where an earlier one had the same value.
 *
 * @param counting how often equal wildcards of a field count that several conjunctions have: `once`, which is certain;
 *   or `each` time but for what stands before their first star, which is about what that engine does
 */
export function wildcardComplexity(conjunctions: Conjunction[], counting: 'once' | 'each'): number {
  if (!hasWildcard({ conjunctions })) return 0;
  const builder = new Builder(counting === 'each');
  for (const fields of conjunctions) builder.add(fields);
  return builder.complexity();
}

/** Whether a rule with this pattern is one of the few with wildcards that a bus may hold. */
export function hasWildcard(model: PatternModel): boolean {
  return model.conjunctions.some((fields) =>
    fields.some(({ anyOf }) => anyOf.some((matcher) => wildcardsOf(matcher).length > 0)),
  );
}

/** The parts of each wildcard in a matcher. */
function wildcardsOf(matcher: Matcher): string[][] {
  if (matcher.operator === 'wildcard') return [matcher.parts];
  if (matcher.operator !== 'anything-but') return [];
  const wildcards = matcher.but.filter((but) => but.operator === 'wildcard');
  return [...new Map(wildcards.map((but) => [but.value, but.parts])).values()];
}

/** Where the engine is after some fields. */
class Step {
  public readonly fields = new Map<string, FieldValues>();
}

/** What the values of a field are compared with at one step. */
class FieldValues {
  /** The step after each matcher. */
  public readonly next = new Map<Alternative, Step>();
  /** Matchers with wildcards, and how many times each was added. */
  public readonly times = new Map<Alternative, number>();
}

/** A matcher of a list. Equal ones are one, whatever list they stand in. */
interface Alternative {
  readonly id: number;
  readonly wildcards: Wildcard[];
}

/** Stops the work on patterns that no machine could hold; their other limits are reached long before. */
const MAX_ADDITIONS = 200_000;

class Builder {
  private readonly values: FieldValues[] = [];
  private readonly start = new Step();
  private additions = 0;
  private readonly alternatives = new Map<Matcher, Alternative>();
  private readonly alternativesByText = new Map<string, Alternative>();

  constructor(private readonly again: boolean) {}

  public add(fields: FieldCondition[]): void {
    this.addTo(this.start, fields, 0);
  }

  /** The greatest complexity of a field. Many have the same wildcards: those are looked at once. */
  public complexity(): number {
    const seen = new Set<string>();
    let most = 0;
    for (const { times } of this.values) {
      const matchers = [...times];
      const key = matchers.map(([{ id }, count]) => `${id}x${count}`).join();
      if (seen.has(key)) continue;
      seen.add(key);
      most = Math.max(most, complexityOf(matchers.map(([{ wildcards }, count]) => ({ wildcards, times: count }))));
    }
    return most;
  }

  private addTo(step: Step, fields: FieldCondition[], at: number): void {
    if (at === fields.length) return;
    const { path, anyOf } = fields[at];
    let values = step.fields.get(path);
    if (!values) {
      step.fields.set(path, (values = new FieldValues()));
      this.values.push(values);
    }
    const reached = new Set<Step>();
    let last: Step | undefined;
    for (const matcher of anyOf) {
      if (++this.additions > MAX_ADDITIONS) return;
      const alternative = this.alternativeOf(matcher);
      last = values.next.get(alternative) ?? last ?? new Step();
      values.next.set(alternative, last);
      reached.add(last);
      if (alternative.wildcards.length === 0) continue;
      const before = values.times.get(alternative) ?? 0;
      if (before === 0 || this.again) values.times.set(alternative, before + 1);
    }
    for (const next of reached) this.addTo(next, fields, at + 1);
  }

  private alternativeOf(matcher: Matcher): Alternative {
    const known = this.alternatives.get(matcher);
    if (known !== undefined) return known;
    const text = JSON.stringify(matcher);
    let alternative = this.alternativesByText.get(text);
    if (alternative === undefined) {
      const wildcards: Wildcard[] = [];
      for (const parts of wildcardsOf(matcher)) wildcards.push(new Wildcard(parts, wildcards));
      this.alternativesByText.set(text, (alternative = { id: this.alternativesByText.size, wildcards }));
    }
    this.alternatives.set(matcher, alternative);
    return alternative;
  }
}

/** Stands for a star among bytes. */
const STAR = '\u0100';

/** A wildcard as EventBridge reads it: in bytes, with the quotes of the value. */
class Wildcard {
  public readonly hasStar: boolean;
  /** What stands before the first star. */
  public readonly beginning: string;
  /** What stands after each star. */
  public readonly texts: SoughtText[];
  /** How many stars after the first are those of another wildcard. */
  public readonly sharedStars: number;
  /** What stands after the first star, and how much of it comes before the first letter that has cases. */
  private readonly rest: string;
  private readonly caseless: number;

  /** @param others of the same matcher */
  constructor([first, ...rest]: string[], others: Wildcard[]) {
    this.hasStar = rest.length > 0;
    this.beginning = bytes(this.hasStar ? `"${first}` : `"${first}"`);
    const texts = rest.map((part, i) => (i === rest.length - 1 ? `${part}"` : part));
    this.rest = texts.map(bytes).join(STAR);
    const letters = [...texts.join(STAR)];
    const cased = letters.findIndex(hasCases);
    this.caseless =
      cased < 0 ? this.rest.length : letters.slice(0, cased).reduce((sum, letter) => sum + size(letter), 0);
    let shared = this.sharedWith(others);
    let sharedStars = 0;
    this.texts = texts.map((text, i) => {
      const own = new SoughtText(bytes(text), shared);
      if (i > 0 && shared >= 0) sharedStars++;
      shared -= own.text.length + 1;
      return own;
    });
    this.sharedStars = sharedStars;
  }

  /**
   * How much of what stands after the first star another wildcard of the same "anything-but" has, too: up to the first
   * letter that has cases the engine goes through both as one.
   */
  private sharedWith(others: Wildcard[]): number {
    const alike = others.filter(({ hasStar, beginning }) => hasStar && beginning === this.beginning);
    const lengths = alike.map(({ rest }) => Math.min(sharedLength(rest, this.rest), this.caseless));
    return Math.max(0, ...lengths);
  }
}

/** Of letters beyond the first 65,536 characters the engine knows no cases. */
const hasCases = (letter: string) =>
  letter !== STAR && letter.length === 1 && letter.toLowerCase() !== letter.toUpperCase();

const size = (letter: string) => (letter === STAR ? 1 : bytes(letter).length);

/** A text with a character for each of its bytes, which is what EventBridge goes by. */
function bytes(text: string): string {
  return Buffer.from(withoutHalves(text)).toString('latin1');
}

/** A text that is looked for in another, character by character (Knuth, Morris and Pratt). */
class SoughtText {
  /** How many of its beginnings that are its own fit where the longest that fits has some length. */
  public readonly counts: Int32Array;
  /** For each beginning, by its length: how long the longest other one is that it ends with. */
  private readonly fallbacks: Int32Array;

  /** @param shared the length of beginnings that count elsewhere */
  constructor(
    public readonly text: string,
    public readonly shared: number,
  ) {
    this.counts = new Int32Array(text.length + 1);
    this.fallbacks = new Int32Array(text.length + 1);
    for (let length = 1; length <= text.length; length++) {
      if (length > 1) this.fallbacks[length] = this.after(this.fallbacks[length - 1], text[length - 1]);
      this.counts[length] = this.counts[this.fallbacks[length]] + (length > shared ? 1 : 0);
    }
  }

  /** How long the longest beginning is that fits after one more character. */
  public after(length: number, character: string): number {
    let fitting = length;
    while (fitting > 0 && this.text[fitting] !== character) fitting = this.fallbacks[fitting];
    return this.text[fitting] === character ? fitting + 1 : 0;
  }
}

/** The wildcards of a matcher, and how many times they count. */
interface Added {
  readonly wildcards: Wildcard[];
  readonly times: number;
}

function complexityOf(matchers: Added[]): number {
  const wildcards = matchers.flatMap((matcher) => matcher.wildcards);
  const starred = wildcards.filter(({ hasStar }) => hasStar);
  let most = 0;
  for (const beginning of beginningsOf(wildcards)) most = Math.max(most, whileReading(beginning, matchers));
  for (const beginning of beginningsOf(starred)) most = Math.max(most, onceAllStarsAreReached(beginning, matchers));
  return most;
}

function beginningsOf(wildcards: Wildcard[]): Set<string> {
  return new Set(wildcards.map(({ beginning }) => beginning));
}

/** The most that fits at once while a value begins like a wildcard. */
function whileReading(beginning: string, matchers: Added[]): number {
  const counts = new Int32Array(beginning.length + 1);
  for (const { wildcards, times } of matchers) {
    const ends = new Set<number>();
    const stars = new Set<number>();
    let going = 0;
    for (const wildcard of wildcards) {
      const length = sharedLength(beginning, wildcard.beginning);
      const isWhole = length === wildcard.beginning.length;
      going = Math.max(going, isWhole && !wildcard.hasStar ? length - 1 : length);
      if (!isWhole) continue;
      (wildcard.hasStar ? stars : ends).add(length);
      if (wildcard.hasStar) countAfterStars(wildcard, times, beginning, counts, ends);
    }
    // The ends of wildcards of one matcher are one; so are their beginnings, and their first stars at one place.
    for (const length of ends) counts[length]++;
    for (let length = 1; length <= going; length++) counts[length]++;
    for (const star of stars) for (let length = star; length < counts.length; length++) counts[length]++;
  }
  return counts.reduce((most, count) => Math.max(most, count));
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/**
 * Counts what fits at each place of a text after the first star of a wildcard: beginnings of the texts after stars, and
 * the other stars. Each text is looked for from where the one before it was found first, and goes on being so.
 *
 * @param ends takes the places at which the wildcard as a whole fits
 */
function countAfterStars(
  { beginning, texts, sharedStars }: Wildcard,
  times: number,
  read: string,
  counts: Int32Array,
  ends: Set<number>,
): void {
  const fitting = [0];
  for (let length = beginning.length + 1; length <= read.length; length++) {
    let fits = Math.max(0, fitting.length - 1 - sharedStars);
    for (let i = 0; i < fitting.length; i++) {
      fitting[i] = texts[i].after(fitting[i], read[length - 1]);
      fits += texts[i].counts[fitting[i]];
    }
    const last = fitting.length - 1;
    if (fitting[last] === texts[last].text.length) {
      if (last === texts.length - 1) {
        ends.add(length);
        fits--;
      } else {
        fitting.push(0);
        if (fitting.length - 1 > sharedStars) fits++;
      }
    }
    counts[length] += times * fits;
  }
}

/** The most that fits at once a value that begins like a wildcard and then has gone through every star there is. */
function onceAllStarsAreReached(beginning: string, matchers: Added[]): number {
  let stars = 0;
  const root: Node = { next: new Map(), going: 0, ended: new Set() };
  matchers.forEach(({ wildcards, times }, matcher) => {
    const starred = wildcards.filter((wildcard) => wildcard.hasStar && beginning.startsWith(wildcard.beginning));
    stars += beginningsOf(starred).size;
    for (const { texts, sharedStars } of starred) {
      const last = texts.length - 1;
      stars += (last - sharedStars) * times;
      texts.forEach((text, i) => addText(root, text, i === last ? matcher : -1, times));
    }
  });
  return stars + mostBeginnings(root);
}

/** A beginning of a text that follows a star. */
interface Node {
  readonly next: Map<string, Node>;
  /** The longest other beginning that this one ends with. */
  fallback?: Node;
  /** How many texts have it as a beginning, those included that are beginnings of what it ends with. */
  going: number;
  /** The matchers of which it ends a wildcard: those ends are one. */
  readonly ended: Set<number>;
}

function addText(root: Node, { text, shared }: SoughtText, matcher: number, times: number): void {
  let node = root;
  for (let at = 0; at < text.length; at++) {
    let next = node.next.get(text[at]);
    if (!next) node.next.set(text[at], (next = { next: new Map(), going: 0, ended: new Set() }));
    node = next;
    if (matcher >= 0 && at === text.length - 1) node.ended.add(matcher);
    else if (at >= shared) node.going += times;
  }
}

/** The most beginnings that one text can end with. */
function mostBeginnings(root: Node): number {
  let most = 0;
  const queue: Node[] = [root];
  for (const node of queue) {
    for (const [char, child] of node.next) {
      let fallback = node.fallback;
      while (fallback && !fallback.next.has(char)) fallback = fallback.fallback;
      child.fallback = fallback?.next.get(char) ?? root;
      child.going += child.fallback.going;
      for (const matcher of child.fallback.ended) child.ended.add(matcher);
      most = Math.max(most, child.going + child.ended.size);
      queue.push(child);
    }
  }
  return most;
}
