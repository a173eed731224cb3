/* eslint-disable no-bitwise -- sets of letters are bits */

/** Part of a regular expression; `letters` are those of the alphabet that it takes, as bits. */
type Part =
  | { readonly kind: 'letters'; readonly letters: bigint }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: Part[] }
  | { readonly kind: 'repeat'; readonly part: Part; readonly least: number; readonly most: number };

const NOTHING: Part = { kind: 'sequence', parts: [] };

/** How a bounded repetition is looked at: as an endless one from `endless` on, else as so many copies at most. */
interface Reading {
  readonly endless: number;
  readonly copies: number;
}

/** 2 to the power of 20 ways are seconds, and so are 1,000 to the power of 3. */
const FOR_EXPONENTIAL: Reading = { endless: 20, copies: 20 };
const FOR_POLYNOMIAL: Reading = { endless: 1000, copies: 3 };

/** Quadratic time is no harm on texts of some thousand letters, and harmless patterns often take it. */
const MOST_DEGREE = 2;

/** What is larger, or takes more work, is not judged. */
const MOST_STATES = 400;
const MOST_WORK = 300_000;

const judged = new Map<string, boolean>();

/**
 * Whether a regular expression, one that is valid with the flag `u`, fails in acceptable time on every text: not where a text
 * can be read in exponentially many ways, or in a number of ways that grows with the square of its length or faster.
 *
 * That is told by the automaton of the expression: two ways around one loop are exponential, and each loop that can hand
 * over what it reads to another adds a degree (Weber and Seidl, "On the degree of ambiguity of finite automata").
 */
export function isSafePattern(pattern: string): boolean {
  const known = judged.get(pattern) ?? judge(pattern);
  judged.set(pattern, known);
  return known;
}

function judge(pattern: string): boolean {
  if (!/[*+{]/.test(pattern)) return true;
  const { whole, asides } = new Parser(pattern).parse();
  const isExponential = [whole, ...asides].some((part) =>
    automaton(part, FOR_EXPONENTIAL, { hasEnd: true })?.isExponential(),
  );
  if (isExponential) return false;
  // Without `^` it is tried from each letter on; without `$` it fails in no way that reaches its end.
  const [hasStart, hasEnd] = ['^', '$'].map((anchor) => pattern.includes(anchor));
  const searching: Part = hasStart
    ? whole
    : {
        kind: 'sequence',
        parts: [{ kind: 'repeat', part: { kind: 'letters', letters: -1n }, least: 0, most: Infinity }, whole],
      };
  return (automaton(searching, FOR_POLYNOMIAL, { hasEnd })?.degree() ?? 0) <= MOST_DEGREE;
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

const ASIDE = /\(\?<?[=!]/y;
const GROUP = /\((?:\?(?:<[^>]+>|[a-z-]*:))?/y;
/** Anchors, and references to groups, which take little. */
const WITHOUT_LETTERS = /[$^]|\\[bB]|\\k<[^>]*>|\\[1-9]\d*/y;
const LETTERS =
  /\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\c[A-Za-z]|\\[^]|\[(?:\\[^]|[^\]\\])*\]|[^]/uy;
const REPEATED = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
const ESCAPED = /\\u\{([\da-fA-F]+)\}|\\u([\da-fA-F]{4})|\\x([\da-fA-F]{2})/g;

class Parser {
  private at = 0;
  private readonly asides: Part[] = [];
  private readonly alphabet: Alphabet;

  constructor(private readonly pattern: string) {
    const escaped = [...pattern.matchAll(ESCAPED)].map(([, ...codes]) => parseInt(codes.find(Boolean)!, 16));
    const letters = [...pattern, ...escaped.map((code) => String.fromCodePoint(code))];
    const more = letters.filter((letter) => !COMMON.has(letter));
    this.alphabet = more.length === 0 ? COMMON : new Alphabet([...LETTERS_OF_ALL, ...new Set(more)]);
  }

  /** The expression, and what it looks ahead or back for. */
  public parse(): { whole: Part; asides: Part[] } {
    return { whole: this.choice(), asides: this.asides };
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
    if (this.take(ASIDE)) {
      this.asides.push(this.group());
      return NOTHING;
    }
    if (this.take(GROUP)) return this.group();
    if (this.take(WITHOUT_LETTERS)) return NOTHING;
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
function automaton(part: Part, reading: Reading, options: { hasEnd: boolean }): Automaton | undefined {
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
}

/** The automaton whose states are the places in an expression where it takes a letter (Glushkov's). */
class Automaton {
  private readonly letters: bigint[] = [];
  private readonly next: Ways[] = [];
  /** The states of each loop, later loops first. */
  private readonly loops: number[][];
  private readonly loopOf = new Map<number, number>();
  private work = MOST_WORK;

  constructor(
    whole: Part,
    private readonly reading: Reading,
    { hasEnd }: { hasEnd: boolean },
  ) {
    const { last } = this.fragment(whole);
    // What has taken its last letter has matched, and is never tried again.
    if (!hasEnd) for (const state of last.keys()) this.letters[state] = 0n;
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
    }
  }

  private state(letters: bigint): Fragment {
    const state = this.letters.length;
    if (state === MOST_STATES) throw new TooLarge();
    this.letters.push(letters);
    this.next.push(new Map());
    return { empty: 0, first: new Map([[state, 1]]), last: new Map([[state, 1]]) };
  }

  private joined(a: Fragment, b: Fragment): Fragment {
    this.connect(a.last, b.first);
    return {
      empty: some(a.empty * b.empty),
      first: added(a.first, times(b.first, a.empty)),
      last: added(b.last, times(a.last, b.empty)),
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
      return this.joined(all, least === 0 ? { ...loop, empty: 1 } : loop);
    }
    let rest = EMPTY;
    for (let i = 0; i < Math.min(most - least, copies); i++) {
      rest = { ...this.joined(this.fragment(part), rest), empty: 1 };
    }
    return this.joined(all, rest);
  }

  private connect(from: Ways, to: Ways): void {
    for (const [a, out] of from) {
      for (const [b, into] of to) this.next[a].set(b, some((this.next[a].get(b) ?? 0) + out * into));
    }
  }
}

const EMPTY: Fragment = { empty: 1, first: new Map(), last: new Map() };

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
