import { comparable } from './decimals';
import { caseForms } from './letter-case';
import type { Conjunction, FieldCondition, Matcher, PatternModel, StringMatcher, WildcardMatcher } from './model';
import { RuleSet } from './rule-set';

/** Whether one event can match two patterns. */
export type Overlap =
  | {
      readonly answer: 'yes';
      /** An event that matches both. */
      readonly event: any;
      /** Whether that takes a list of values in a field where each pattern by itself is content with one. */
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

/** A value as JSON text, or that there is none. */
type Choice = string | undefined;

/** What there is to say of one field: a value that both take; that there is none; or neither could be shown. */
type Found = { readonly choice: Choice; readonly isList?: boolean } | 'none' | 'unknown';

/**
 * Whether one event can match two patterns.
 *
 * @throws nothing: where no proof is found, the answer is `unknown`
 */
export function overlapOf(a: PatternModel, b: PatternModel): Overlap {
  const isWhole = [...a.conjunctions, ...b.conjunctions].every((fields) => fields.every(isKnown));
  const both = isWhole ? new RuleSet(['a', 'b'], [a, b]) : undefined;
  let best: Overlap = { answer: 'no' };
  let tried = 0;
  for (const one of a.conjunctions) {
    for (const other of b.conjunctions) {
      if (++tried > MAX_PAIRS) return { answer: 'unknown' };
      // What is not known yet may be anything.
      const found = together(one.filter(isKnown), other.filter(isKnown));
      if (found === 'none') continue;
      const matches = found !== 'unknown' && both?.matches(found.event).length === 2;
      if (found === 'unknown' || !matches) {
        if (best.answer === 'no') best = { answer: 'unknown' };
      } else if (!found.onlyWithLists) {
        return { answer: 'yes', ...found };
      } else {
        best = { answer: 'yes', ...found };
      }
    }
  }
  return best;
}

function isKnown(field: FieldCondition): boolean {
  return !field.anyOf.some((matcher) => matcher.operator === 'unknown');
}

/** Pairs of combinations of `$or` that are looked at. */
const MAX_PAIRS = 2_000;

function together(a: Conjunction, b: Conjunction): { event: any; onlyWithLists: boolean } | 'none' | 'unknown' {
  const choices: Array<[string, Choice]> = [];
  let unknown = false;
  let onlyWithLists = false;
  for (const path of new Set([...a, ...b].map((field) => field.path))) {
    const fields = [a, b].flatMap((fieldsOf) => fieldsOf.filter((field) => field.path === path));
    const found = valueFor(path, fields);
    if (found === 'unknown' || (found === 'none' && mayDependOnElements(path, [a, b]))) {
      unknown = true;
      continue;
    }
    if (found === 'none') return 'none';
    if (found.isList) onlyWithLists = true;
    choices.push([path, found.choice]);
  }
  return unknown ? 'unknown' : { event: eventOf(choices), onlyWithLists };
}

/**
 * Whether a field could be absent from one element of an array and present in another: where its absence is asked for
 * together with another field of the same object.
 */
function mayDependOnElements(path: string, conjunctions: Conjunction[]): boolean {
  const [top, inner, ...rest] = path.split('.');
  if (rest.length === 0) return false;
  return conjunctions.some(
    (fields) =>
      fields.some((field) => field.path === path && mayBeAbsent(field)) &&
      fields.some((field) => field.path !== path && field.path.startsWith(`${top}.${inner}`)),
  );
}

/** A value, or absence, that all conditions for a field take. */
function valueFor(path: string, fields: FieldCondition[]): Found {
  const top = path.split('.')[0];
  if (top !== path && (ALWAYS_ONE_STRING.has(top) || ONE_STRING_OR_ABSENT.has(top))) {
    return fields.every(mayBeAbsent) ? { choice: undefined } : 'none';
  }
  const isString = ALWAYS_ONE_STRING.has(path) || ONE_STRING_OR_ABSENT.has(path);
  if (!ALWAYS_ONE_STRING.has(path) && fields.every(mayBeAbsent)) return { choice: undefined };
  const alone = fields.map((field) => oneValue([field], isString));
  const common = fields.length === 1 ? alone[0] : oneValue(fields, isString);
  if (common !== 'none' || isString || fields.length === 1) return common;
  // A list of values has one for each.
  if (alone.includes('none')) return 'none';
  if (alone.includes('unknown')) return 'unknown';
  const values = alone.map((found) => (found as { choice: Choice }).choice);
  return { choice: `[${values.join(',')}]`, isList: true };
}

function mayBeAbsent(field: FieldCondition): boolean {
  return field.anyOf.some((matcher) => matcher.operator === 'exists' && !matcher.present);
}

/** One value that all conditions take. */
function oneValue(fields: FieldCondition[], onlyStrings: boolean): Found {
  const all = new RuleSet(
    fields.map((_, i) => String(i)),
    fields.map((field) => ({ conjunctions: [[{ ...field, path: 'value' }]] })),
  );
  const accepts = (text: string): boolean => all.matches(`{"value":${text}}`).length === fields.length;
  const { found, complete } = textsFor(fields);
  for (const text of found) if (accepts(JSON.stringify(text))) return { choice: JSON.stringify(text) };
  if (!onlyStrings) {
    for (const word of ['true', 'false', 'null', ...numbersNear(fields)]) if (accepts(word)) return { choice: word };
  }
  // A block of addresses takes numbers too, by their text.
  const certain = complete && (onlyStrings || !fields.some((field) => field.anyOf.some(isAddress)));
  return certain ? 'none' : 'unknown';
}

function isAddress(matcher: Matcher): boolean {
  return matcher.operator === 'cidr' || matcher.operator === 'address';
}

/**
 * Numbers of which one is taken by all conditions, if any number is: the bounds of all intervals, a number between any
 * two, and numbers that cannot be compared.
 */
function numbersNear(fields: FieldCondition[]): string[] {
  const bounds = new Set<number>([0, 1, -Number.MAX_VALUE, Number.MAX_VALUE]);
  const texts = new Set<string>(['9007199254740993']);
  const visit = (matcher: Matcher): void => {
    if (matcher.operator === 'number') {
      texts.add(matcher.text);
      if (matcher.value !== undefined) bounds.add(matcher.value);
    } else if (matcher.operator === 'numeric') {
      bounds.add(matcher.low).add(matcher.high);
    } else if (matcher.operator === 'anything-but') {
      matcher.but.forEach(visit);
    }
  };
  for (const field of fields) field.anyOf.forEach(visit);
  const sorted = [...bounds].sort((x, y) => x - y);
  const between = sorted.slice(1).map((high, i) => nice(sorted[i], high));
  return [...texts, ...[...sorted, ...between].map(String)].filter(
    (text) => texts.has(text) || comparable(text) !== undefined,
  );
}

/** A number between two, short where there is a short one. */
function nice(low: number, high: number): number {
  const whole = Math.floor(low) + 1;
  return whole < high ? whole : low / 2 + high / 2;
}

/**
 * Strings of which one is taken by all conditions, if any string is; `complete` tells whether that is certain.
 */
function textsFor(fields: FieldCondition[]): { found: string[]; complete: boolean } {
  const found: string[] = [];
  const choices = fields.map((field) => field.anyOf.flatMap(languagesOf));
  let complete = choices.every((languages) => languages.every((language) => language.isExact));
  const literals = choices.find((languages) => languages.every((language) => language.literal !== undefined));
  if (literals) return { found: literals.map((language) => language.literal!), complete };
  let tried = 0;
  for (const combination of product(choices)) {
    if (++tried > MAX_COMBINATIONS) return { found, complete: false };
    if (combination.some((language) => language.samples.length > 0)) {
      for (const { samples } of combination) found.push(...samples);
      continue;
    }
    const text = shortest(combination.flatMap((language) => language.texts));
    if (text === undefined) complete = false;
    else if (text !== null) found.push(text);
  }
  return { found, complete };
}

/** Combinations of the alternatives of lists that are looked at. */
const MAX_COMBINATIONS = 2_000;

/** The strings that a matcher takes: those that each of some texts with stars allows, or none of them. */
interface Language {
  readonly texts: TextWithStars[];
  /** Whether these are all strings that it takes. */
  readonly isExact: boolean;
  /** Where it takes one string alone. */
  readonly literal?: string;
  /** Addresses have many spellings: some are tried. */
  readonly samples: string[];
}

const ANY: TextWithStars = { units: [{ star: true, forms: [] }], negated: false };

function languagesOf(matcher: Matcher): Language[] {
  switch (matcher.operator) {
    case 'exactly':
      return [{ texts: textsOf(matcher), isExact: isPlain(matcher), literal: matcher.value, samples: [] }];
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case':
    case 'wildcard':
      return [{ texts: textsOf(matcher), isExact: isPlain(matcher), samples: [] }];
    case 'anything-but': {
      const strings = matcher.but.flatMap((but) => (but.operator === 'number' ? [] : [but]));
      const texts = strings.flatMap(textsOf).map((text) => ({ ...text, negated: true }));
      return [{ texts: [ANY, ...texts], isExact: strings.every(isPlain), samples: [] }];
    }
    case 'cidr':
    case 'address':
      return [
        {
          texts: [],
          isExact: false,
          samples: [spelled(matcher.block.bottom), spelled(matcher.block.top), matcher.text],
        },
      ];
    case 'exists':
      return matcher.present ? [{ texts: [ANY], isExact: true, samples: [] }] : [];
    default:
      return [];
  }
}

/** Whether an operand is free of what EventBridge reads in its own way: quotes at the edge, surrogates. */
function isPlain({ value }: StringMatcher | WildcardMatcher): boolean {
  return !/^"|"$|[\ud800-\udfff]/.test(value);
}

/** An address as text. */
function spelled(digits: string): string {
  return digits.length === 8
    ? digits
        .match(/../g)!
        .map((byte) => parseInt(byte, 16))
        .join('.')
    : digits
        .match(/..../g)!
        .map((group) => parseInt(group, 16).toString(16))
        .join(':');
}

interface Unit {
  readonly star: boolean;
  /** Texts of which one must follow. */
  readonly forms: string[];
}

interface TextWithStars {
  readonly units: Unit[];
  readonly negated: boolean;
}

function textsOf(matcher: StringMatcher | WildcardMatcher): TextWithStars[] {
  const plain = (text: string): Unit[] => [...text].map((char) => ({ star: false, forms: [char] }));
  const star: Unit = { star: true, forms: [] };
  if (matcher.operator === 'wildcard') {
    return [{ units: matcher.parts.flatMap((part, i) => [...(i > 0 ? [star] : []), ...plain(part)]), negated: false }];
  }
  const folded = matcher.operator === 'equals-ignore-case' || matcher.ignoreCase;
  const units = folded ? caseForms(matcher.value).map((forms) => ({ star: false, forms })) : plain(matcher.value);
  if (matcher.operator === 'prefix') return [{ units: [...units, star], negated: false }];
  if (matcher.operator === 'suffix') return [{ units: [star, ...units], negated: false }];
  return [{ units, negated: false }];
}

/** States of the search for a string; more, and the search is given up. */
const MAX_STATES = 5_000;

/**
 * A shortest string that all texts allow; null if there is none, undefined if the search was given up.
 *
 * Each text is at several of its units at once; together they are one state. From each state one goes on with each
 * character that some text names, and with one that none does.
 */
function shortest(texts: TextWithStars[]): string | null | undefined {
  const alphabet = new Set(
    texts.flatMap((text) => text.units.flatMap((unit) => unit.forms.flatMap((form) => [...form]))),
  );
  for (let code = 'a'.charCodeAt(0); ; code++) {
    if (alphabet.has(String.fromCharCode(code))) continue;
    alphabet.add(String.fromCharCode(code));
    break;
  }
  const start = texts.map((text) => closed(text, ['0:']));
  const seen = new Set([JSON.stringify(start)]);
  const queue: Array<{ state: string[][]; read: string }> = [{ state: start, read: '' }];
  for (const { state, read } of queue) {
    if (texts.every((text, i) => state[i].includes(`${text.units.length}:`) !== text.negated)) return read;
    for (const char of alphabet) {
      const next = texts.map((text, i) => step(text, state[i], char));
      if (texts.some((text, i) => !text.negated && next[i].length === 0)) continue;
      const key = JSON.stringify(next);
      if (seen.has(key)) continue;
      if (seen.size >= MAX_STATES) return undefined;
      seen.add(key);
      queue.push({ state: next, read: read + char });
    }
  }
  return null;
}

/** Where a text can be after one more character. A place is a unit, and what has been read of one of its forms. */
function step(text: TextWithStars, places: string[], char: string): string[] {
  const next: string[] = [];
  for (const place of places) {
    const colon = place.indexOf(':');
    const at = Number(place.slice(0, colon));
    const begun = place.slice(colon + 1);
    const unit = text.units[at];
    if (!unit) continue;
    if (unit.star) {
      next.push(place);
      continue;
    }
    for (const form of unit.forms) {
      const read = begun + char;
      if (form === read) next.push(`${at + 1}:`);
      else if (form.startsWith(read)) next.push(`${at}:${read}`);
    }
  }
  return closed(text, next);
}

/** Adds the places that are reached without reading: a star may stand for nothing. */
function closed(text: TextWithStars, places: string[]): string[] {
  const all = new Set(places);
  for (const place of all) {
    const at = Number(place.slice(0, -1));
    if (place.endsWith(':') && text.units[at]?.star) all.add(`${at + 1}:`);
  }
  return [...all].sort();
}

function* product<T>(lists: T[][]): Generator<T[]> {
  if (lists.length === 0) {
    yield [];
    return;
  }
  const [first, ...rest] = lists;
  for (const item of first) for (const others of product(rest)) yield [item, ...others];
}

/** An event with the values; a path that is both a value and an object becomes a list of both. */
function eventOf(choices: Array<[string, Choice]>): any {
  const event: Record<string, any> = {};
  for (const [path, choice] of choices) {
    if (choice === undefined) continue;
    // Text that JSON.parse would change, as long numbers are, makes no example; the caller tries the event.
    put(event, path.split('.'), JSON.parse(choice));
  }
  return event;
}

function put(object: Record<string, any>, [key, ...rest]: string[], value: any): void {
  const known = Object.hasOwn(object, key) ? object[key] : undefined;
  const define = (next: any): void => {
    Object.defineProperty(object, key, { value: next, enumerable: true, configurable: true, writable: true });
  };
  if (rest.length === 0) {
    define(known === undefined ? value : [value, known].flat());
    return;
  }
  let inner = isObject(known) ? known : Array.isArray(known) ? known.find(isObject) : undefined;
  if (!inner) {
    inner = {};
    define(known === undefined ? inner : [known, inner].flat());
  }
  put(inner, rest, value);
}

function isObject(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
