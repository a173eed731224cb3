import type { AddressBlock } from './addresses';
import { BROKEN_STRING, type EventReader, FALSE, NULL, NUMBER, STRING, TRUE } from './event-reader';
import { caseForms, folded } from './letter-case';
import type { AnythingButMatcher, Matcher, StringMatcher } from './model';
import { unitsOf } from './path-tree';
import { withoutHalves } from './surrogates';

/** What a test does. */
export const EXACT = 1;
export const PREFIX = 2;
export const SUFFIX = 3;
export const FOLDED = 4;
export const WILDCARD = 5;
export const KIND = 6;
export const NUMBER_TEXT = 7;
export const RANGE = 8;
export const ADDRESS = 9;
export const PRESENT = 10;
export const ANYTHING_BUT = 11;

/** Where a folded text stands in the value. */
const WHOLE = 0;
const AT_START = 1;
const AT_END = 2;

const NO_UNITS: Uint16Array = new Uint16Array(0);

/**
 * A matcher made ready to try values, on the code units of an event. All tests have one shape, whatever they do: the
 * engine runs that faster.
 */
export class ValueTest {
  public units = NO_UNITS;
  /** Of an exact text with half a pair of surrogates: the text. */
  public broken = '';
  /** Of a wildcard: the texts between stars. */
  public parts: Uint16Array[] = [];
  /** Of a folded text whose code units all have forms of one unit: the second form; the first is in `units`. */
  public others = NO_UNITS;
  /** Of other folded texts: the forms of each code unit. */
  public forms: Uint16Array[][] = [];
  public place = WHOLE;
  public leafKind = 0;
  public low = 0;
  public high = 0;
  public lowOpen = false;
  public highOpen = false;
  public block: AddressBlock | undefined = undefined;
  public but: ValueTest[] = [];

  constructor(
    public readonly does: number,
    public readonly matcher: Matcher,
  ) {}

  /** Whether the test accepts a leaf. */
  public accepts(reader: EventReader, leaf: number): boolean {
    const kind = reader.kind[leaf];
    const start = reader.start[leaf];
    const end = reader.end[leaf];
    const units = reader.units;
    switch (this.does) {
      case EXACT:
        if (kind === STRING) return end - start === this.units.length && stands(this.units, units, start);
        return kind === BROKEN_STRING && this.broken !== '' && reader.textOfLeaf(leaf) === this.broken;
      case PREFIX:
        return isString(kind) && end - start >= this.units.length && stands(this.units, units, start);
      case SUFFIX:
        return isString(kind) && end - start >= this.units.length && stands(this.units, units, end - this.units.length);
      case FOLDED:
        return isString(kind) && this.folds(units, start, end);
      case WILDCARD:
        return isString(kind) && fitsWildcard(this.parts, units, start, end);
      case KIND:
        return kind === this.leafKind;
      case NUMBER_TEXT:
        return kind === NUMBER && end - start === this.units.length && stands(this.units, units, start);
      case RANGE:
        return kind === NUMBER && this.holds(reader.numberOf(leaf));
      case ADDRESS:
        return reader.isInBlock(leaf, this.block!);
      case PRESENT:
        return true;
      default:
        for (const test of this.but) {
          // Inside of anything-but, literals too see half a pair of surrogates as a question mark.
          if (test.does === EXACT && kind === BROKEN_STRING) {
            if (end - start === test.units.length && stands(test.units, units, start)) return false;
          } else if (test.accepts(reader, leaf)) {
            return false;
          }
        }
        return true;
    }
  }

  /** What every value that a folded text accepts is, each unit folded; where there is such a text. */
  public foldedUnits(): Uint16Array | undefined {
    if (this.place !== WHOLE || this.forms.length > 0) return undefined;
    const key = this.units.map(folded);
    return this.others.every((unit, i) => folded(unit) === key[i]) ? key : undefined;
  }

  /** Whether another folded text has the same forms. */
  public isSameText(other: ValueTest): boolean {
    const { units, others } = this;
    return units.every((unit, i) => unit === other.units[i]) && others.every((unit, i) => unit === other.others[i]);
  }

  /** A guess at the share of events with such a field that it accepts. */
  public share(): number {
    switch (this.does) {
      case EXACT:
      case NUMBER_TEXT:
        return 0.02;
      case RANGE:
        return this.low === this.high ? 0.02 : 0.4;
      case PREFIX:
      case SUFFIX:
        return 0.5 / (2 + this.units.length);
      case FOLDED:
        return this.place === WHOLE ? 0.03 : 0.5 / (2 + this.units.length + this.forms.length);
      case WILDCARD:
        return 0.5 / (2 + this.parts.reduce((sum, part) => sum + part.length, 0));
      case ADDRESS:
      case KIND:
        return 0.3;
      case PRESENT:
        return 0.9;
      default:
        return 0.95;
    }
  }

  /** Whether it accepts a large part of all values. */
  public isBroad(): boolean {
    return this.does === ANYTHING_BUT || this.does === PRESENT || (this.does === RANGE && this.low !== this.high);
  }

  private folds(units: Uint16Array, start: number, end: number): boolean {
    if (this.forms.length > 0) return folds(this.forms, this.place, units, start, end);
    const length = this.units.length;
    if (this.place === WHOLE ? end - start !== length : end - start < length) return false;
    const from = this.place === AT_END ? end - length : start;
    for (let i = 0; i < length; i++) {
      const unit = units[from + i];
      if (unit !== this.units[i] && unit !== this.others[i]) return false;
    }
    return true;
  }

  /** Whether a range holds a number; never NaN. */
  public holds(value: number): boolean {
    return (
      (this.lowOpen ? value > this.low : value >= this.low) && (this.highOpen ? value < this.high : value <= this.high)
    );
  }
}

function isString(kind: number): boolean {
  return kind === STRING || kind === BROKEN_STRING;
}

/** Whether a text stands at a place. */
function stands(text: Uint16Array, units: Uint16Array, at: number): boolean {
  for (let i = 0; i < text.length; i++) if (units[at + i] !== text[i]) return false;
  return true;
}

/** The tests of a matcher: it accepts what one of them accepts. `exists: false` has none. */
export function testsOf(matcher: Matcher): ValueTest[] {
  switch (matcher.operator) {
    case 'exactly':
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case':
      return stringTests(matcher, true);
    case 'wildcard': {
      const test = new ValueTest(WILDCARD, matcher);
      test.parts = matcher.parts.map((part) => unitsOf(withoutHalves(part)));
      return [test];
    }
    case 'true':
    case 'false':
    case 'null': {
      const test = new ValueTest(KIND, matcher);
      test.leafKind = { true: TRUE, false: FALSE, null: NULL }[matcher.operator];
      return [test];
    }
    case 'number': {
      if (matcher.value !== undefined) return [rangeTest(matcher, matcher.value, false, matcher.value, false)];
      const test = new ValueTest(NUMBER_TEXT, matcher);
      test.units = unitsOf(matcher.text);
      return [test];
    }
    case 'numeric':
      return [rangeTest(matcher, matcher.low, matcher.lowOpen, matcher.high, matcher.highOpen)];
    case 'cidr':
    case 'address': {
      const test = new ValueTest(ADDRESS, matcher);
      test.block = matcher.block;
      return [test];
    }
    case 'exists':
      return matcher.present ? [new ValueTest(PRESENT, matcher)] : [];
    case 'anything-but':
      return [anythingButTest(matcher)];
    default:
      throw new Error('a pattern with values that are not known yet cannot be tried on events');
  }
}

function anythingButTest(matcher: AnythingButMatcher): ValueTest {
  const test = new ValueTest(ANYTHING_BUT, matcher);
  test.but = matcher.but.flatMap((but) =>
    but.operator === 'wildcard' || but.operator === 'number' ? testsOf(but) : stringTests(but, false),
  );
  return test;
}

function rangeTest(matcher: Matcher, low: number, lowOpen: boolean, high: number, highOpen: boolean): ValueTest {
  const test = new ValueTest(RANGE, matcher);
  Object.assign(test, { low, lowOpen, high, highOpen });
  return test;
}

/** @param alone whether an exact text is compared as it is, with half pairs of surrogates */
function stringTests(matcher: StringMatcher, alone: boolean): ValueTest[] {
  const { operator, value } = matcher;
  if (operator === 'exactly') return [exactTest(matcher, value, alone)];
  if (operator === 'equals-ignore-case') return [foldedTest(matcher, value, WHOLE)];
  const place = operator === 'prefix' ? AT_START : AT_END;
  const tests = matcher.ignoreCase ? [foldedTest(matcher, value, place)] : [edgeTest(matcher, value)];
  // EventBridge compares with the quotes of the value: a quote at the edge of the operand can be that of the value.
  const inner = place === AT_START ? /^([^]*)"$/.exec(value) : /^"([^]*)$/.exec(value);
  if (inner) {
    tests.push(matcher.ignoreCase ? foldedTest(matcher, inner[1], WHOLE) : exactTest(matcher, inner[1], false));
  }
  return tests;
}

function exactTest(matcher: Matcher, value: string, alone: boolean): ValueTest {
  const test = new ValueTest(EXACT, matcher);
  const whole = withoutHalves(value);
  test.units = unitsOf(alone ? value : whole);
  if (alone && whole !== value) test.broken = value;
  return test;
}

function edgeTest(matcher: StringMatcher, value: string): ValueTest {
  const { operator } = matcher;
  const test = new ValueTest(operator === 'prefix' ? PREFIX : SUFFIX, matcher);
  test.units = unitsOf(withoutHalves(operator === 'prefix' ? value : twiceReversed(value)));
  return test;
}

/**
 * EventBridge keeps suffixes reversed, character by character, and reverses them back: so the halves of a surrogate
 * pair that stand in the wrong order become a pair.
 */
function twiceReversed(text: string): string {
  return [...[...text].reverse().join('')].reverse().join('');
}

function foldedTest(matcher: Matcher, value: string, place: number): ValueTest {
  const test = new ValueTest(FOLDED, matcher);
  const forms = caseForms(value);
  if (forms.every((some) => some.every((form) => form.length === 1))) {
    test.units = unitsOf(forms.map((some) => some[0]).join(''));
    test.others = unitsOf(forms.map((some) => some[some.length - 1]).join(''));
  } else {
    test.forms = forms.map((some) => some.map(unitsOf));
  }
  test.place = place;
  return test;
}

/** Whether a value, its start or its end is made of one form of each code unit. */
function folds(forms: Uint16Array[][], place: number, units: Uint16Array, start: number, end: number): boolean {
  if (place === WHOLE && end - start < forms.length) return false;
  // Where forms differ in length, several places may be reached.
  let reached = [place === AT_END ? end : start];
  for (let i = 0; i < forms.length; i++) {
    const next: number[] = [];
    for (const at of reached) {
      for (const form of forms[place === AT_END ? forms.length - 1 - i : i]) {
        const from = place === AT_END ? at - form.length : at;
        if (from < start || from + form.length > end || !stands(form, units, from)) continue;
        const to = place === AT_END ? from : from + form.length;
        if (!next.includes(to)) next.push(to);
      }
    }
    if (next.length === 0) return false;
    reached = next;
  }
  return place !== WHOLE || reached.includes(end);
}

/** Whether a value is the parts in their order with anything between them. */
export function fitsWildcard(parts: Uint16Array[], units: Uint16Array, start: number, end: number): boolean {
  const first = parts[0];
  if (parts.length === 1) return end - start === first.length && stands(first, units, start);
  const last = parts[parts.length - 1];
  if (end - start < first.length + last.length) return false;
  if (!stands(first, units, start)) return false;
  if (!stands(last, units, end - last.length)) return false;
  let at = start + first.length;
  const limit = end - last.length;
  for (let i = 1; i < parts.length - 1; i++) {
    at = find(parts[i], units, at, limit);
    if (at < 0) return false;
    at += parts[i].length;
  }
  return true;
}

/** Longer texts are searched with a table, so that the time stays linear whatever the value is. */
const PLAIN_SEARCH = 8;
const tables = new WeakMap<Uint16Array, Int32Array>();

/** The first place of a text between two places, or -1. */
function find(text: Uint16Array, units: Uint16Array, from: number, limit: number): number {
  const first = text[0];
  if (text.length <= PLAIN_SEARCH) {
    for (let at = from; at <= limit - text.length; at++) if (units[at] === first && stands(text, units, at)) return at;
    return -1;
  }
  const table = tables.get(text) ?? fallbacks(text);
  let matched = 0;
  for (let at = from; at < limit; at++) {
    while (matched > 0 && units[at] !== text[matched]) matched = table[matched - 1];
    if (units[at] === text[matched]) matched++;
    if (matched === text.length) return at + 1 - matched;
  }
  return -1;
}

/** For each beginning of a text, how long its longest end is that is a beginning too. */
function fallbacks(text: Uint16Array): Int32Array {
  const table = new Int32Array(text.length);
  for (let i = 1, matched = 0; i < text.length; i++) {
    while (matched > 0 && text[i] !== text[matched]) matched = table[matched - 1];
    if (text[i] === text[matched]) matched++;
    table[i] = matched;
  }
  tables.set(text, table);
  return table;
}
