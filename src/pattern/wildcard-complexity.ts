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
  return Math.max(...builder.values.map(complexityOf));
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
  /** The step after each matcher, by the matcher's text. */
  public readonly next = new Map<string, Step>();
  /** The wildcards of each matcher, each time that it was added. */
  public readonly wildcards = new Map<string, string[][]>();
}

/** Stops the work on patterns that no machine could hold; their other limits are reached long before. */
const MAX_ADDITIONS = 200_000;

class Builder {
  public readonly values: FieldValues[] = [];
  private readonly start = new Step();
  private additions = 0;

  constructor(private readonly again: boolean) {}

  public add(fields: FieldCondition[]): void {
    this.addTo(this.start, fields, 0);
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
      const key = JSON.stringify(matcher);
      last = values.next.get(key) ?? last ?? new Step();
      values.next.set(key, last);
      reached.add(last);
      const wildcards = wildcardsOf(matcher);
      if (wildcards.length === 0) continue;
      const before = values.wildcards.get(key) ?? [];
      if (before.length > 0 && !this.again) continue;
      // A wildcard that ends with its only star is shared as a whole.
      values.wildcards.set(key, [
        ...before,
        ...wildcards.filter((parts) => !(endsWithOnlyStar(parts) && before.length > 0)),
      ]);
    }
    for (const next of reached) this.addTo(next, fields, at + 1);
  }
}

function complexityOf(values: FieldValues): number {
  const matchers = [...values.wildcards.values()];
  let most = 0;
  for (const beginning of new Set(matchers.flat().map(beginningOf))) {
    most = Math.max(most, whileReading(beginning, matchers), onceAllStarsAreReached(beginning, matchers));
  }
  return most;
}

function endsWithOnlyStar(parts: string[]): boolean {
  return parts.length === 2 && parts[1] === '';
}

/** What stands before the first star. EventBridge compares values with their quotes, so the quotes count. */
function beginningOf(parts: string[]): string {
  return bytes(parts.length === 1 ? `"${parts[0]}"` : `"${parts[0]}`);
}

/** A text with a character for each of its bytes, which is what EventBridge goes by. */
function bytes(text: string): string {
  return Buffer.from(withoutHalves(text)).toString('latin1');
}

/** The texts after each star. */
function afterStars(parts: string[]): string[] {
  return parts.slice(1).map((part, i) => bytes(i === parts.length - 2 ? `${part}"` : part));
}

/** The most that fits at once while a value begins like a wildcard. */
function whileReading(beginning: string, matchers: string[][][]): number {
  let most = 0;
  for (let length = 1; length <= beginning.length; length++) {
    const read = beginning.slice(0, length);
    let count = 0;
    for (const wildcards of matchers) {
      const begun = wildcards.filter((parts) => beginningOf(parts).startsWith(read));
      const starred = wildcards.filter((parts) => parts.length > 1 && read.startsWith(beginningOf(parts)));
      const after = starred.map((parts) => beginningsIn(read.slice(beginningOf(parts).length), afterStars(parts)));
      // The ends of wildcards of one matcher are one.
      const ended =
        begun.some((parts) => parts.length === 1 && beginningOf(parts) === read) || after.some(({ ended: is }) => is);
      const going = begun.some((parts) => parts.length > 1 || beginningOf(parts) !== read);
      count += Number(ended) + Number(going) + new Set(starred.map(beginningOf)).size;
      for (const { going: more } of after) count += more;
    }
    most = Math.max(most, count);
  }
  return most;
}

/**
 * How many beginnings of the texts after stars fit the end of a text, with the stars after the first; and whether the
 * last of the texts fits whole.
 */
function beginningsIn(text: string, texts: string[]): { going: number; ended: boolean } {
  let going = 0;
  let from = 0;
  for (let i = 0; i < texts.length; i++) {
    if (i > 0) going++;
    const isLast = i === texts.length - 1;
    const rest = text.slice(from);
    const whole = rest.endsWith(texts[i]);
    for (let length = 1; length < texts[i].length; length++) if (rest.endsWith(texts[i].slice(0, length))) going++;
    if (isLast) return { going, ended: whole };
    if (whole) going++;
    const found = rest.indexOf(texts[i]);
    if (found < 0) break;
    from += found + texts[i].length;
  }
  return { going, ended: false };
}

/** The most that fits at once a value that begins like a wildcard and then has gone through every star there is. */
function onceAllStarsAreReached(beginning: string, matchers: string[][][]): number {
  let stars = 0;
  const root: Node = { next: new Map(), going: 0, ended: new Set() };
  matchers.forEach((wildcards, matcher) => {
    const starred = wildcards.filter((parts) => parts.length > 1 && beginning.startsWith(beginningOf(parts)));
    stars += new Set(starred.map(beginningOf)).size;
    for (const parts of starred) {
      stars += parts.length - 2;
      afterStars(parts).forEach((text, i) => addText(root, text, i === parts.length - 2 ? matcher : -1));
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

function addText(root: Node, text: string, matcher: number): void {
  let node = root;
  for (let at = 0; at < text.length; at++) {
    let next = node.next.get(text[at]);
    if (!next) node.next.set(text[at], (next = { next: new Map(), going: 0, ended: new Set() }));
    node = next;
    if (matcher >= 0 && at === text.length - 1) node.ended.add(matcher);
    else node.going++;
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
