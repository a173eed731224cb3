import { caseForms } from './letter-case';
import type { Matcher, StringMatcher } from './model';
import { withoutHalves } from './surrogates';
import type { Work } from './work';

/** A string that is read on two boards at once. */
interface Reading {
  readonly one: State;
  readonly other: State;
  /** The last character of the string, and the reading of what stands before it. */
  readonly character: string;
  readonly before?: Reading;
}

/**
 * A shortest string that two lists take; null if there is none, undefined if the search was given up.
 *
 * Strings are tried in the order of their length; of those that lead to the same states, one.
 */
export function commonText(a: TextBoard, b: TextBoard, work: Work): string | null | undefined {
  if (!work.spend(0)) return undefined;
  if (a.start === undefined || b.start === undefined) return null;
  const queue: Reading[] = [{ one: a.start, other: b.start, character: '' }];
  const seen = new Map<State, Set<State>>();
  for (const before of queue) {
    const { one, other } = before;
    if (one.accepts && other.accepts) return textOf(before);
    for (const character of charactersAfter(a, one, b, other)) {
      if (!work.spend(STEPS_PER_READING)) return undefined;
      const nextOne = a.after(one, character);
      const nextOther = b.after(other, character);
      if (nextOne === undefined || nextOther === undefined) continue;
      let seenWith = seen.get(nextOne);
      if (seenWith === undefined) seen.set(nextOne, (seenWith = new Set()));
      if (seenWith.has(nextOther)) continue;
      seenWith.add(nextOther);
      queue.push({ one: nextOne, other: nextOther, character, before });
    }
  }
  return null;
}

function textOf(reading: Reading): string {
  const characters: string[] = [];
  for (let at: Reading | undefined = reading; at !== undefined; at = at.before) characters.push(at.character);
  return characters.reverse().join('');
}

const STEPS_PER_READING = 7;

/** Characters worth reading: those that are named in either state, and one for all others. */
function charactersAfter(a: TextBoard, one: State, b: TextBoard, other: State): Iterable<string> {
  if (a.after(one, OTHER) === undefined) return one.named;
  if (b.after(other, OTHER) === undefined) return other.named;
  let code = 'a'.charCodeAt(0);
  while (one.named.has(String.fromCharCode(code)) || other.named.has(String.fromCharCode(code))) code++;
  return new Set([...one.named, ...other.named, String.fromCharCode(code)]);
}

/** Texts of which one must follow. */
type Unit = readonly string[];

/** Any run of characters may follow. */
const STAR: Unit = [];

/** Where a string has led on a board. */
interface State {
  readonly places: bigint;
  /** Whether the list takes the string. */
  readonly accepts: boolean;
  /** The characters that may lead elsewhere than all others do. */
  readonly named: Set<string>;
  /** The states after this one, as far as they are known, by character. */
  readonly next: Map<string, State | undefined>;
}

/** Stands for any character that a state does not name. */
const OTHER = '';

/** Whatever follows, the list takes it. */
const ANYTHING: State = { places: 0n, accepts: true, named: new Set(), next: new Map() };
ANYTHING.next.set(OTHER, ANYTHING);

/** Places of some texts: all; where they begin; where they end; where they end with a star. */
interface Places {
  readonly all: bigint;
  readonly starts: bigint;
  readonly ends: bigint;
  readonly endless: bigint;
}

/**
 * The strings that a list of alternatives takes, as an automaton.
 *
 * The units of all texts stand side by side, with a place before each and one at the end of each text. A state is the
 * set of places that a string leads to, as bits of a number: one shift moves them all.
 */
export class TextBoard {
  /** Where reading begins; undefined if the list takes no strings. */
  public readonly start: State | undefined;

  /** For each character: the places that it leads on from, by how far. */
  private readonly moves = new Map<string, Map<bigint, bigint>>();
  /** The places of stars, where any character may be read. */
  private stars = 0n;
  /** For stars inside of texts: the places before them in the text. */
  private readonly innerStars: Array<{ star: bigint; before: bigint }> = [];
  /** For each place: the characters that lead on from it; and all places with the same characters. */
  private readonly leaving: string[] = [];
  private readonly alike = new Map<string, bigint>();
  /** The texts of which a string is to be one. */
  private readonly wanted: Places;
  /** For each `anything-but`: the texts of which it is to be none; `exists: true` is one without texts. */
  private readonly unwanted: Places[];
  /** The states that are known, by their places. */
  private readonly states = new Map<string, State>();
  /** How much more work it is to move many places. */
  private readonly size: number;

  constructor(
    anyOf: readonly Matcher[],
    private readonly work: Work,
  ) {
    this.wanted = this.add(anyOf.flatMap(textsOf));
    this.unwanted = anyOf.flatMap((matcher) => {
      if (matcher.operator === 'anything-but') return [this.add(matcher.but.flatMap(textsOf))];
      return matcher.operator === 'exists' && matcher.present ? [this.add([])] : [];
    });
    this.leaving.forEach((characters, place) => {
      this.alike.set(characters, (this.alike.get(characters) ?? 0n) | bit(place));
    });
    this.size = 1 + this.leaving.length / 1000;
    this.start = this.stateAt(this.unwanted.reduce((all, { starts }) => all | starts, this.wanted.starts));
  }

  /** The state after one more character; undefined if the list takes no string that begins so. */
  public after(state: State, character: string): State | undefined {
    const known = state.named.has(character) ? character : OTHER;
    if (!state.next.has(known)) state.next.set(known, this.stateAt(this.moved(state.places, known)));
    return state.next.get(known);
  }

  private add(texts: Unit[][]): Places {
    const places = { all: 0n, starts: 0n, ends: 0n, endless: 0n };
    for (const text of texts) {
      if (!this.work.spend(text.length * (4 + (this.leaving.length + text.length) / 300))) break;
      const start = bit(this.leaving.length);
      text.forEach((unit, i) => {
        if (unit !== STAR) this.addUnit(unit);
        else this.addStar(start, i > 0 && i < text.length - 1);
      });
      const end = bit(this.leaving.length);
      this.leaving.push('');
      places.all |= end * 2n - start;
      places.starts |= start;
      places.ends |= end;
      places.endless |= end & this.stars;
    }
    return places;
  }

  private addStar(start: bigint, isInner: boolean): void {
    const star = bit(this.leaving.length);
    this.stars |= star;
    if (isInner) this.innerStars.push({ star, before: star - start });
  }

  /** Adds the place before a unit, and the places inside of its longer forms. */
  private addUnit(forms: Unit): void {
    const here = this.leaving.length;
    const spelled = forms.map((form) => [...form]);
    const after = spelled.reduce((place, { length }) => place + length - 1, here + 1);
    let inside = here + 1;
    for (const form of spelled) {
      form.forEach((character, i) => {
        const from = i === 0 ? here : inside++;
        this.link(from, i === form.length - 1 ? after : inside, character);
      });
    }
  }

  private link(from: number, to: number, character: string): void {
    this.leaving[from] = (this.leaving[from] ?? '') + character;
    let moves = this.moves.get(character);
    if (moves === undefined) this.moves.set(character, (moves = new Map()));
    const distance = BigInt(to - from);
    moves.set(distance, (moves.get(distance) ?? 0n) | bit(from));
  }

  /** The places that are reached by one more character. */
  private moved(places: bigint, character: string): bigint {
    let moved = places & this.stars;
    for (const [distance, from] of this.moves.get(character) ?? []) moved |= (places & from) << distance;
    return moved;
  }

  private stateAt(reached: bigint): State | undefined {
    this.work.spend(this.size * (20 + 2 * this.unwanted.length));
    const places = this.settled(reached);
    if (typeof places !== 'bigint') return places;
    const key = places.toString(16);
    let state = this.states.get(key);
    if (state === undefined) {
      const accepts = (places & this.wanted.ends) !== 0n || this.unwanted.some(({ ends }) => (places & ends) === 0n);
      this.states.set(key, (state = { places, accepts, named: this.namedAt(places, key), next: new Map() }));
    }
    return state;
  }

  /**
   * The fewest places from which the same strings are taken, so that states are few. All that leads on from a place
   * before a star passes the star: once that is reached, the places before it add nothing.
   */
  private settled(reached: bigint): bigint | State | undefined {
    if ((reached & this.wanted.endless) !== 0n) return ANYTHING;
    let places = reached;
    for (const { star, before } of this.innerStars) if ((places & star) !== 0n) places &= ~before;
    let isLost = (places & this.wanted.all) === 0n;
    for (const { all, endless } of this.unwanted) {
      if ((places & all) === 0n) return ANYTHING;
      if ((places & endless) === 0n) isLost = false;
      else places = (places & ~all) | endless;
    }
    return isLost ? undefined : places;
  }

  /** The characters that lead on from some places, which are given as hexadecimal digits too. */
  private namedAt(places: bigint, digits: string): Set<string> {
    const named = new Set<string>();
    for (let rest = places, left = digits; rest !== 0n; left = rest.toString(16)) {
      this.work.spend(10 * this.size);
      const characters = this.leaving[highest(left)];
      for (const character of characters) named.add(character);
      rest &= ~this.alike.get(characters)!;
    }
    return named;
  }
}

function bit(place: number): bigint {
  return 1n << BigInt(place);
}

/** The place of the highest bit of a hexadecimal number. */
function highest(digits: string): number {
  return digits.length * 4 - 1 - (Math.clz32(parseInt(digits[0], 16)) - 28);
}

/** Texts of which a string must be one, if it is a matcher of strings. */
function textsOf(matcher: Matcher): Unit[][] {
  switch (matcher.operator) {
    case 'exactly':
      return [plain(matcher.value)];
    case 'equals-ignore-case':
      return [caseForms(matcher.value)];
    case 'wildcard':
      return [matcher.parts.flatMap((part, i) => [...(i > 0 ? [STAR] : []), ...plain(part)])];
    case 'prefix':
      return [[...units(matcher, matcher.value), STAR], ...quoted(matcher, /^([^]*)"$/)];
    case 'suffix':
      return [[STAR, ...units(matcher, matcher.value)], ...quoted(matcher, /^"([^]*)$/)];
    default:
      return [];
  }
}

function plain(text: string): Unit[] {
  return [...withoutHalves(text)].map((character) => [character]);
}

function units({ ignoreCase }: StringMatcher, text: string): Unit[] {
  return ignoreCase ? caseForms(text) : plain(text);
}

/** EventBridge compares with the quotes of the value: a quote at the edge of the operand can be that of the value. */
function quoted(matcher: StringMatcher, edge: RegExp): Unit[][] {
  const inner = edge.exec(matcher.value)?.[1];
  return inner === undefined ? [] : [units(matcher, inner)];
}
