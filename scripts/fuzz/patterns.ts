import { edges, spellAddress } from './addresses';
import { type Json, Num, Obj, num, obj } from './json';
import { familyOf } from './known-families';
import { nudge, plainNumber, respell } from './numbers';
import { randomWord, type Theme } from './theme';
import type { Random } from '../random';

/** A pattern that is mostly valid: some operands are only so for one of the two engines' rules of thumb. */
export function makePattern(random: Random, theme: Theme): Obj {
  return makeObject(random, theme, 2, { leaves: 1 + random.below(4), inOr: false });
}

interface Scope {
  leaves: number;
  readonly inOr: boolean;
}

function makeObject(random: Random, theme: Theme, depth: number, scope: Scope): Obj {
  const entries: Array<[string, Json]> = [];
  const count = random.weighted([
    [5, 1],
    [4, 2],
    [2, 3],
  ]);
  for (let i = 0; i < count && (scope.leaves > 0 || entries.length === 0); i++) {
    if (depth > 0 && random.chance(0.13)) {
      const branches = random.many(2, 3, () => makeObject(random, theme, depth - 1, { leaves: 2, inOr: true }));
      scope.leaves -= 2;
      entries.push(['$or', branches]);
      continue;
    }
    const key = random.pick(theme.keys);
    if (depth > 0 && random.chance(0.3)) {
      entries.push([key, makeObject(random, theme, depth - 1, scope)]);
    } else {
      scope.leaves--;
      entries.push([key, makeList(random, theme)]);
    }
  }
  return new Obj(entries);
}

export function makeList(random: Random, theme: Theme): Json[] {
  const count = random.weighted([
    [60, 1],
    [25, 2],
    [10, 3],
    [5, 5],
  ]);
  const make = () => random.many(count, count, () => makeMatcher(random, theme));
  // Lists that are left out of the comparison are wasted, and where they begin is worth a few.
  let list = make();
  while (familyOf([obj(['a', list])]) && random.chance(0.85)) list = make();
  return list;
}

type Make = (random: Random, theme: Theme) => Json;

const word = randomWord;
const words = (random: Random, theme: Theme) => random.many(1, 3, () => word(random, theme));
const oneOrMore: Make = (random, theme) => (random.chance(0.5) ? word(random, theme) : words(random, theme));

/** The empty prefix is invalid there. */
const someLetters: Make = (random, theme) => {
  const letters = () => word(random, theme) || (random.chance(0.97) ? random.pick(theme.letters) : '');
  return random.chance(0.5) ? letters() : random.many(1, 3, letters);
};

function number(random: Random, theme: Theme): Num {
  const text = random.pick(theme.numbers);
  return num(random.chance(0.7) ? text : random.chance(0.5) ? respell(text, random) : nudge(text, random));
}

/** Where only such numbers are valid. */
function comparableNumber(random: Random, theme: Theme): Num {
  const made = number(random, theme);
  const short = made.text.length < 15 && Math.abs(Number(made.text)) < 1e21 && !/e-[34]/.test(made.text);
  return short || random.chance(0.3) ? made : num(random.pick(['0', '1', '10', '-7', '0.5', '12345678', '99.99']));
}

function wildcard(random: Random, theme: Theme): string {
  const parts = random.many(1, 4, () =>
    random.weighted([
      [3, '*'],
      [5, escapeWildcard(random.chance(0.6) ? word(random, theme) : random.pick(theme.letters))],
    ]),
  );
  return parts.join('').replace(/\*+/g, (stars) => (random.chance(0.02) ? stars : '*'));
}

/** Stars of a word may become wild, backslashes may not stay alone. */
function escapeWildcard(text: string): string {
  return text.replace(/[*\\]/g, (c) => `\\${c}`);
}

const block: Make = (random, theme) => {
  const address = random.pick(theme.addresses);
  const mask = random.weighted([
    [4, 8 * random.below(address.bits / 8)],
    [4, random.below(address.bits)],
    [1, 0],
    [1, address.bits - 1],
  ]);
  const base = random.chance(0.5) ? edges(address, mask)[0] : address;
  return obj(['cidr', `${spellAddress(base, random, random.chance(0.8))}/${mask}`]);
};

const numeric: Make = (random, theme) => {
  const a = comparableNumber(random, theme).text;
  const lower = random.pick(['>', '>=']);
  const upper = random.pick(['<', '<=']);
  const operand = (text: string) => num(random.chance(0.7) ? text : respell(text, random));
  if (random.chance(0.6)) return obj(['numeric', [random.pick(['=', lower, upper]), operand(a)]]);
  let b = random.chance(0.5) ? nudge(a, random) : comparableNumber(random, theme).text;
  if (Number(a) === Number(b) && random.chance(0.9)) b = plainNumber(Number(a) + 1);
  const [low, high] = Number(a) <= Number(b) ? [a, b] : [b, a];
  return obj(['numeric', [lower, operand(low), upper, operand(high)]]);
};

const MATCHERS: ReadonlyArray<readonly [number, Make]> = [
  [9, word],
  [7, number],
  [2, (random) => random.pick([true, false, null])],
  [2, (random, theme) => obj(['exactly', word(random, theme)])],
  [5, (random, theme) => obj(['prefix', word(random, theme)])],
  [5, (random, theme) => obj(['suffix', word(random, theme)])],
  [4, (random, theme) => obj(['prefix', obj(['equals-ignore-case', word(random, theme)])])],
  [4, (random, theme) => obj(['suffix', obj(['equals-ignore-case', word(random, theme)])])],
  [5, (random, theme) => obj(['equals-ignore-case', word(random, theme)])],
  [9, (random, theme) => obj(['wildcard', wildcard(random, theme)])],
  [4, (random, theme) => obj(['anything-but', oneOrMore(random, theme)])],
  [
    4,
    (random, theme) =>
      obj([
        'anything-but',
        random.chance(0.5) ? comparableNumber(random, theme) : random.many(1, 3, () => comparableNumber(random, theme)),
      ]),
  ],
  [3, (random, theme) => obj(['anything-but', obj(['prefix', someLetters(random, theme)])])],
  [3, (random, theme) => obj(['anything-but', obj(['suffix', someLetters(random, theme)])])],
  [3, (random, theme) => obj(['anything-but', obj(['equals-ignore-case', oneOrMore(random, theme)])])],
  [
    3,
    (random, theme) =>
      obj([
        'anything-but',
        obj([
          'wildcard',
          random.chance(0.5) ? wildcard(random, theme) : random.many(1, 3, () => wildcard(random, theme)),
        ]),
      ]),
  ],
  [10, numeric],
  [6, block],
  [3, (random, theme) => spellAddress(random.pick(theme.addresses), random)],
  [4, (random) => obj(['exists', random.chance(0.5)])],
  [
    0.3,
    (random) => obj(['anything-but', obj([random.pick(['prefix', 'suffix', 'equals-ignore-case', 'wildcard']), []])]),
  ],
];

export function makeMatcher(random: Random, theme: Theme): Json {
  return random.weighted(MATCHERS)(random, theme);
}

/** The kind of a matcher, for counting. */
export function operatorOf(matcher: Json): string {
  if (typeof matcher === 'string') {
    return /^[0-9a-fA-F:.]*[:.][0-9a-fA-F:.]*$/.test(matcher) ? 'literal address' : 'literal string';
  }
  if (matcher instanceof Num) return 'literal number';
  if (!(matcher instanceof Obj)) return Array.isArray(matcher) ? '?' : 'literal word';
  const [name, operand] = matcher.only() ?? ['?', null];
  const nested = operand instanceof Obj ? operand.only() : undefined;
  if (nested) return `${name} ${nested[0]}${Array.isArray(nested[1]) ? ' list' : ''}`;
  if (name === 'anything-but') {
    const first = Array.isArray(operand) ? operand[0] : operand;
    return `anything-but ${first instanceof Num ? 'number' : 'string'}${Array.isArray(operand) ? ' list' : ''}`;
  }
  if (name === 'numeric' && Array.isArray(operand)) {
    return operand.length > 2 ? 'numeric range' : `numeric ${String(operand[0])}`;
  }
  if (name === 'cidr') return String(operand).includes(':') ? 'cidr v6' : 'cidr v4';
  if (name === 'exists') return `exists ${String(operand)}`;
  return name;
}
