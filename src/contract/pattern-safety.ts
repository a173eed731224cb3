/* eslint-disable no-bitwise -- sets of letters are bits */

/** Part of a regular expression; `letters` are those of the alphabet that it takes, as bits. */
type Part =
  | { readonly kind: 'letters'; readonly letters: bigint }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: Part[] }
  | { readonly kind: 'repeat'; readonly part: Part; readonly least: number; readonly most: number }
  /** What is looked for ahead or back. */
  | { readonly kind: 'aside'; readonly part: Part }
  /** `^`, and what else has to be so at a place: `$`, `\b`. */
  | { readonly kind: 'start' | 'check' };

const NOTHING: Part = { kind: 'sequence', parts: [] };

/** How a bounded repetition is looked at: as an endless one from `endless` on, else as so many copies at most. */
interface Reading {
  readonly endless: number;
  readonly copies: number;
  /** What is larger is not judged. */
  readonly states: number;
}

/** So many letters a text has on which steps are counted. */
const MOST_LETTERS = 200;

/** 2 to the power of 20 ways are seconds, and so are 1,000 to the power of 3. */
const FOR_EXPONENTIAL: Reading = { endless: 20, copies: 20, states: 400 };
const FOR_POLYNOMIAL: Reading = { endless: 1000, copies: 3, states: 400 };
const FOR_STEPS: Reading = { endless: MOST_LETTERS, copies: MOST_LETTERS, states: 1000 };
/** With fewer it is not judged. */
const LEAST_COPIES = 3;

/** Quadratic time is no harm on texts of some thousand letters, and harmless patterns often take it. */
const MOST_DEGREE = 2;

/** That is half a second. */
const MOST_STEPS = 10_000_000;

/** So many texts are carried on with, letter by letter. */
const MOST_TEXTS = 4;

/** What takes more work is not judged. */
const MOST_WORK = 300_000;

const judged = new Map<string, boolean>();

/**
 * Whether a regular expression, one that is valid with the flag `u`, fails in acceptable time on every text: not where a text
 * can be read in exponentially many ways, or in a number of ways that grows with the square of its length or faster.
 *
 * That is told by the automaton of the expression: two ways around one loop are exponential, and each loop that can hand
 * over what it reads to another adds a degree (Weber and Seidl, "On the degree of ambiguity of finite automata"). Where
 * repetitions are bounded, the ways are too, and are counted.
 */
export function isSafePattern(pattern: string): boolean {
  const known = judged.get(pattern) ?? judge(pattern);
  judged.set(pattern, known);
  return known;
}

function judge(pattern: string): boolean {
  if (!/[*+?{]/.test(pattern)) return true;
  const whole = new Parser(pattern).parse();
  if (automaton(whole, FOR_EXPONENTIAL)?.isExponential()) return false;
  // Without `^` it is tried from each letter on.
  const anything: Part = { kind: 'repeat', part: { kind: 'letters', letters: -1n }, least: 0, most: Infinity };
  const searching: Part = isAnchored(whole) ? whole : { kind: 'sequence', parts: [anything, whole] };
  if ((automaton(searching, FOR_POLYNOMIAL, { mayMatch: true })?.degree() ?? 0) > MOST_DEGREE) return false;
  return stepsOf(searching, FOR_STEPS) < MOST_STEPS;
}

/** With fewer copies where all would be too large. */
function stepsOf(part: Part, reading: Reading): number {
  const steps = automaton(part, reading, { mayMatch: true })?.steps();
  if (steps !== undefined || reading.copies <= LEAST_COPIES) return steps ?? 0;
  return stepsOf(part, { ...reading, copies: Math.floor(reading.copies / 4) });
}

/** Whether it can match at the start of a text only. */
function isAnchored(part: Part): boolean {
  switch (part.kind) {
    case 'start':
      return true;
    case 'choice':
      return part.parts.every(isAnchored);
    case 'sequence':
      return part.parts
        .filter(({ kind }) => kind !== 'aside' && kind !== 'check')
        .slice(0, 1)
        .some(isAnchored);
    case 'repeat':
      return part.least > 0 && isAnchored(part.part);
    default:
      return false;
  }
}

/** Letters that tell most classes apart. */
const LETTERS_OF_ALL = [
  ...Array.from({ length: 128 }, (_, i) => String.fromCharCode(i)),
  ...'\u00a0\u2028²ªßéÉǅΩяא中あا\u0301Ⅷ٣_€\ue000😀',
];

class Alphabet {
  private readonly bits: Map<string, bigint>;
  private readonly text: string;
  private readonly known = new Map<string, bigint>();

  constructor(letters: string[]) {
    this.bits = new Map(letters.map((letter, i) => [letter, 1n << BigInt(i)]));
    this.text = letters.join('');
  }

  public has(letter: string): boolean {
    return this.bits.has(letter);
  }

  /** What a letter, an escape or a class takes. */
  public lettersOf(source: string): bigint {
    const known = this.known.get(source) ?? (source === '.' ? undefined : this.bits.get(source));
    if (known !== undefined) return known;
    const found = this.text.match(new RegExp(source, 'gu')) ?? [];
    const letters = found.reduce((sum, letter) => sum | this.bits.get(letter)!, 0n);
    this.known.set(source, letters);
    return letters;
  }
}

const COMMON = new Alphabet(LETTERS_OF_ALL);

const BLOCK = 0x800;

/** A letter of a class that takes none of the common ones: of a script, say. */
function rareLetterOf(source: string): string[] {
  if (COMMON.lettersOf(source) !== 0n) return [];
  const one = new RegExp(source, 'u');
  for (let from = 0; from < 0x110000; from += BLOCK) {
    const found = one.exec(String.fromCodePoint(...Array.from({ length: BLOCK }, (_, i) => from + i)));
    if (found) return found;
  }
  return [];
}

const ASIDE = /\(\?<?[=!]/y;
const GROUP = /\((?:\?(?:<[^>]+>|[a-z-]*:))?/y;
const START = /\^/y;
const CHECK = /\$|\\[bB]/y;
/** They take little. */
const REFERENCE = /\\k<[^>]*>|\\[1-9]\d*/y;
const LETTERS =
  /\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\c[A-Za-z]|\\[^]|\[(?:\\[^]|[^\]\\])*\]|[^]/uy;
const REPEATED = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
const CLASS_BY_NAME = /\\[pP]\{[^}]*\}/g;
const ESCAPED = /\\u\{([\da-fA-F]+)\}|\\u([\da-fA-F]{4})|\\x([\da-fA-F]{2})/g;

class Parser {
  private at = 0;
  private readonly alphabet: Alphabet;

  constructor(private readonly pattern: string) {
    const escaped = [...pattern.matchAll(ESCAPED)].map(([, ...codes]) => parseInt(codes.find(Boolean)!, 16));
    const rare = [...pattern.matchAll(CLASS_BY_NAME)].flatMap(([source]) => rareLetterOf(source));
    const letters = [...pattern, ...escaped.map((code) => String.fromCodePoint(code)), ...rare];
    const more = letters.filter((letter) => !COMMON.has(letter));
    this.alphabet = more.length === 0 ? COMMON : new Alphabet([...LETTERS_OF_ALL, ...new Set(more)]);
  }

  public parse(): Part {
    return this.choice();
  }

  private choice(): Part {
    const parts = [this.sequence()];
    while (this.pattern[this.at] === '|') {
      this.at++;
      parts.push(this.sequence());
    }
    return parts.length === 1 ? parts[0] : { kind: 'choice', parts };
  }

  private sequence(): Part {
    const parts: Part[] = [];
    while (this.at < this.pattern.length && !'|)'.includes(this.pattern[this.at])) {
      parts.push(this.repeated(this.one()));
    }
    return parts.length === 1 ? parts[0] : { kind: 'sequence', parts };
  }

  private one(): Part {
    if (this.take(ASIDE)) return { kind: 'aside', part: this.group() };
    if (this.take(GROUP)) return this.group();
    if (this.take(START)) return { kind: 'start' };
    if (this.take(CHECK)) return { kind: 'check' };
    if (this.take(REFERENCE)) return NOTHING;
    return { kind: 'letters', letters: this.alphabet.lettersOf(this.take(LETTERS)![0]) };
  }

  private group(): Part {
    const inside = this.choice();
    this.at++;
    return inside;
  }

  private repeated(part: Part): Part {
    const found = this.take(REPEATED);
    if (!found) return part;
    const [, sign, least, comma, most] = found;
    if (sign !== undefined) {
      return { kind: 'repeat', part, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity };
    }
    return { kind: 'repeat', part, least: Number(least), most: most ? Number(most) : comma ? Infinity : Number(least) };
  }

  private take(what: RegExp): RegExpExecArray | null {
    what.lastIndex = this.at;
    const found = what.exec(this.pattern);
    if (found) this.at = what.lastIndex;
    return found;
  }
}

/** Undefined if it would be too large. */
function automaton(part: Part, reading: Reading, options = { mayMatch: false }): Automaton | undefined {
  try {
    return new Automaton(part, reading, options);
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

class TooLarge extends Error {}

/** In how many ways: none, one, or several. */
type Ways = Map<number, number>;

interface Fragment {
  /** In how many ways it takes nothing. */
  readonly empty: number;
  readonly first: Ways;
  readonly last: Ways;
  /** Those after which it has matched, with nothing to check. */
  readonly done: ReadonlySet<number>;
  /** Whether it can take nothing, and check nothing. */
  readonly passes: boolean;
}

/** The automaton whose states are the places in an expression where it takes a letter (Glushkov's). */
class Automaton {
  private readonly letters: bigint[] = [];
  private readonly next: Ways[] = [];
  /** The states of each loop, later loops first. */
  private readonly loops: number[][];
  private readonly loopOf = new Map<number, number>();
  private readonly first: Ways;
  private work = MOST_WORK;

  constructor(
    whole: Part,
    private readonly reading: Reading,
    { mayMatch }: { mayMatch: boolean },
  ) {
    const all = this.fragment(whole);
    this.first = all.first;
    if (mayMatch) this.endAtMatch(all);
    this.loops = loopsOf(this.next);
    this.loops.forEach((states, i) => states.forEach((state) => this.loopOf.set(state, i)));
  }

  /** Whether there are two ways from a state to itself with the same letters. */
  public isExponential(): boolean {
    const size = this.letters.length;
    return this.loops.some((states, loop) => {
      const seen = new Set(states.map((state) => state * size + state));
      for (const pair of seen) {
        const [p, q] = [Math.floor(pair / size), pair % size];
        for (const [a, ways] of this.next[p]) {
          if (this.loopOf.get(a) !== loop) continue;
          for (const b of this.next[q].keys()) {
            if (this.work-- < 0) return false;
            if (this.loopOf.get(b) !== loop || (this.letters[a] & this.letters[b]) === 0n) continue;
            if (a === b && (p !== q || ways > 1)) return true;
            seen.add(a * size + b);
          }
        }
      }
      return false;
    });
  }

  /** By which power of the length of a text its time can grow. */
  public degree(): number {
    const degrees: number[] = [];
    for (let to = this.loops.length - 1; to >= 0; to--) {
      const before = degrees.map((degree, from) =>
        degree > 0 && this.leadsTo(from, to) ? degree + (this.handsOver(from, to) ? 1 : 0) : 0,
      );
      degrees[to] = Math.max(1, ...before.filter((degree) => degree > 0));
    }
    return Math.max(0, ...degrees);
  }

  /**
   * How many steps it takes to fail on the worst text that is found, as far as that matters. Each letter is the one, or one
   * of the few, that can be read in the most ways.
   */
  public steps(): number {
    const kinds = this.kindsOfLetters();
    let work = MOST_WORK;
    let worst = 0;
    let texts = [{ next: this.first, steps: 0, ways: 1 }];
    for (let length = 0; length < MOST_LETTERS && texts.length > 0 && worst < MOST_STEPS; length++) {
      const longer = new Map<string, (typeof texts)[number]>();
      for (const { next, steps } of texts) {
        for (const kind of kinds) {
          if ((work -= next.size) < 0) return worst;
          const taken = [...next].filter(([state]) => (this.letters[state] & kind) !== 0n);
          const key = taken.map(([state]) => state).join();
          const ways = taken.reduce((sum, [, count]) => sum + count, 0);
          if (ways <= (longer.get(key)?.ways ?? 0)) continue;
          const following: Ways = new Map();
          for (const [state, count] of taken) {
            work -= this.next[state].size;
            for (const [to, more] of this.next[state]) following.set(to, (following.get(to) ?? 0) + count * more);
          }
          longer.set(key, { next: following, steps: steps + ways, ways });
        }
      }
      texts = [...longer.values()].sort((a, b) => b.ways - a.ways).slice(0, MOST_TEXTS);
      worst = Math.max(worst, ...texts.map(({ steps }) => steps));
    }
    return worst;
  }

  /** Letters that no state tells apart, together. */
  private kindsOfLetters(): bigint[] {
    let kinds = [-1n];
    for (const letters of new Set(this.letters)) {
      kinds = kinds.flatMap((kind) => [kind & letters, kind & ~letters]).filter((kind) => kind !== 0n);
    }
    return kinds;
  }

  /** What has taken its last letter has matched, and is never tried again. */
  private endAtMatch({ done }: Fragment): void {
    for (const state of done) this.letters[state] = 0n;
  }

  private leadsTo(from: number, to: number): boolean {
    const seen = new Set(this.loops[from]);
    for (const state of seen) {
      if (this.loopOf.get(state) === to) return true;
      for (const next of this.next[state].keys()) if (this.letters[next] !== 0n) seen.add(next);
    }
    return false;
  }

  /** Whether there are letters that lead around the one loop, around the other, and from the one to the other. */
  private handsOver(from: number, to: number): boolean {
    return this.loops[from].some((a) => this.loops[to].some((b) => this.handsOverAt(a, b)));
  }

  private handsOverAt(a: number, b: number): boolean {
    const size = this.letters.length;
    const key = (p: number, q: number, r: number) => (p * size + q) * size + r;
    const inside = (state: number, loop: number) =>
      [...this.next[state].keys()].filter((next) => this.loopOf.get(next) === this.loopOf.get(loop));
    const seen = new Set([key(a, a, b)]);
    for (const triple of seen) {
      const [p, q, r] = [Math.floor(triple / size / size), Math.floor(triple / size) % size, triple % size];
      for (const p2 of inside(p, a)) {
        for (const r2 of inside(r, b)) {
          const letters = this.letters[p2] & this.letters[r2];
          if (letters === 0n) continue;
          for (const q2 of this.next[q].keys()) {
            if (this.work-- < 0) return false;
            if ((letters & this.letters[q2]) === 0n) continue;
            if (p2 === a && q2 === b && r2 === b) return true;
            seen.add(key(p2, q2, r2));
          }
        }
      }
    }
    return false;
  }

  private fragment(part: Part): Fragment {
    switch (part.kind) {
      case 'letters':
        return this.state(part.letters);
      case 'sequence':
        return part.parts
          .map((inner) => () => this.fragment(inner))
          .reduce((all, make) => this.joined(all, make()), EMPTY);
      case 'choice':
        return part.parts.map((inner) => this.fragment(inner)).reduce(either);
      case 'repeat':
        return this.repeat(part);
      case 'aside':
        return this.aside(part.part);
      default:
        return { ...EMPTY, passes: false };
    }
  }

  private aside(part: Part): Fragment {
    const inner = this.fragment(part);
    this.endAtMatch(inner);
    return { ...EMPTY, first: inner.first, passes: false };
  }

  private state(letters: bigint): Fragment {
    const state = this.letters.length;
    if (state === this.reading.states) throw new TooLarge();
    this.letters.push(letters);
    this.next.push(new Map());
    const only = new Map([[state, 1]]);
    return { empty: 0, first: only, last: only, done: new Set([state]), passes: false };
  }

  private joined(a: Fragment, b: Fragment): Fragment {
    this.connect(a.last, b.first);
    return {
      empty: some(a.empty * b.empty),
      first: added(a.first, times(b.first, a.empty)),
      last: added(b.last, times(a.last, b.empty)),
      done: b.passes ? new Set([...a.done, ...b.done]) : b.done,
      passes: a.passes && b.passes,
    };
  }

  private repeat({ part, least, most }: Part & { kind: 'repeat' }): Fragment {
    if (most === 0) return EMPTY;
    const { endless, copies } = this.reading;
    const isEndless = most >= endless;
    let all = EMPTY;
    const needed = Math.min(isEndless ? least - 1 : least, copies);
    for (let i = 0; i < needed; i++) all = this.joined(all, this.fragment(part));
    if (isEndless) {
      const loop = this.fragment(part);
      this.connect(loop.last, loop.first);
      return this.joined(all, least === 0 ? { ...loop, empty: 1, passes: true } : loop);
    }
    let rest = EMPTY;
    for (let i = 0; i < Math.min(most - least, copies); i++) {
      rest = { ...this.joined(this.fragment(part), rest), empty: 1, passes: true };
    }
    return this.joined(all, rest);
  }

  private connect(from: Ways, to: Ways): void {
    for (const [a, out] of from) {
      for (const [b, into] of to) this.next[a].set(b, some((this.next[a].get(b) ?? 0) + out * into));
    }
  }
}

const EMPTY: Fragment = { empty: 1, first: new Map(), last: new Map(), done: new Set(), passes: true };

const some = (ways: number): number => Math.min(ways, 2);

const times = (ways: Ways, factor: number): Ways =>
  factor === 0 ? new Map() : new Map([...ways].map(([state, count]) => [state, some(count * factor)]));

function added(a: Ways, b: Ways): Ways {
  const sum = new Map(a);
  for (const [state, count] of b) sum.set(state, some((sum.get(state) ?? 0) + count));
  return sum;
}

const either = (a: Fragment, b: Fragment): Fragment => ({
  empty: some(a.empty + b.empty),
  first: added(a.first, b.first),
  last: added(a.last, b.last),
  done: new Set([...a.done, ...b.done]),
  passes: a.passes || b.passes,
});

/** The states that lead to each other, what comes later first (Tarjan's). */
function loopsOf(next: Ways[]): number[][] {
  const loops: number[][] = [];
  const order = new Map<number, number>();
  const open: number[] = [];
  const visit = (state: number): number => {
    const own = order.size;
    order.set(state, own);
    open.push(state);
    let lowest = own;
    for (const following of next[state].keys()) {
      if (!order.has(following)) lowest = Math.min(lowest, visit(following));
      else if (open.includes(following)) lowest = Math.min(lowest, order.get(following)!);
    }
    if (lowest === own) {
      const states = open.splice(open.indexOf(state));
      if (states.length > 1 || next[state].has(state)) loops.push(states);
    }
    return lowest;
  };
  next.forEach((_, state) => order.has(state) || visit(state));
  return loops;
}
