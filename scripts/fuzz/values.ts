import { type Address, edges, neighbour, readAddress, spellAddress } from './addresses';
import { type Json, Num, Obj, num } from './json';
import { nudge, plainNumber, respell } from './numbers';
import { otherCases, randomWord, type Theme } from './theme';
import type { Random } from '../random';

/** No leaf at all. */
export const ABSENT: unique symbol = Symbol('absent');
export type Value = Json | typeof ABSENT;

/** A value that the matcher most likely accepts. */
export function hit(matcher: Json, random: Random, theme: Theme): Value {
  if (typeof matcher === 'string') {
    const address = readAddress(matcher);
    return address && random.chance(0.6) ? spellAddress(address, random) : matcher;
  }
  if (matcher instanceof Num) return num(random.chance(0.5) ? matcher.text : respell(matcher.text, random));
  if (!(matcher instanceof Obj)) return matcher;
  const [name, operand] = matcher.only() ?? ['', null];
  const nested = operand instanceof Obj ? operand.only()?.[1] : undefined;
  switch (name) {
    case 'prefix':
      return (typeof nested === 'string' ? recase(nested, random) : String(operand)) + randomWord(random, theme);
    case 'suffix':
      return randomWord(random, theme) + (typeof nested === 'string' ? recase(nested, random) : String(operand));
    case 'equals-ignore-case':
      return recase(String(operand), random);
    case 'wildcard':
      return fill(String(operand), random, theme);
    case 'anything-but':
      return random.chance(0.7) ? spoil(listed(operand, random, theme), random, theme) : scalar(random, theme);
    case 'numeric':
      return inRange(operand, random);
    case 'cidr':
      return inBlock(String(operand), random);
    case 'exists':
      return operand === false ? ABSENT : scalar(random, theme);
    default:
      return typeof operand === 'string' ? operand : scalar(random, theme);
  }
}

/** A value that the matcher most likely refuses, but only just. */
export function miss(matcher: Json, random: Random, theme: Theme): Value {
  if (random.chance(0.12)) return random.chance(0.3) ? ABSENT : scalar(random, theme);
  const name = matcher instanceof Obj ? matcher.only()?.[0] : undefined;
  const operand = matcher instanceof Obj ? matcher.only()?.[1] : undefined;
  if (name === 'exists') return operand === true ? ABSENT : scalar(random, theme);
  if (name === 'anything-but' && operand !== undefined) return listed(operand, random, theme);
  const good = hit(matcher, random, theme);
  return good === ABSENT ? scalar(random, theme) : spoil(good, random, theme);
}

/** A scalar of any kind. */
export function scalar(random: Random, theme: Theme): Json {
  return random.weighted<() => Json>([
    [5, () => randomWord(random, theme)],
    [4, () => num(random.chance(0.6) ? random.pick(theme.numbers) : nudge(random.pick(theme.numbers), random))],
    [1, () => true],
    [1, () => false],
    [1, () => null],
    [1, () => ''],
    [1, () => spellAddress(random.pick(theme.addresses), random)],
    [1, () => random.pick(theme.numbers)],
  ])();
}

/** One of the values that an anything-but refuses. */
function listed(operand: Json, random: Random, theme: Theme): Json {
  const [name, inner] = operand instanceof Obj ? (operand.only() ?? ['', null]) : ['', operand];
  const one = Array.isArray(inner) ? (inner.length ? random.pick(inner) : '') : inner;
  if (one instanceof Num) return num(random.chance(0.5) ? one.text : respell(one.text, random));
  if (typeof one !== 'string') return one;
  if (name === '') return one;
  const value = hit(new Obj([[name, one]]), random, theme);
  return value === ABSENT ? one : value;
}

function recase(text: string, random: Random): string {
  return [...text].map((c) => (random.chance(0.6) ? random.pick(otherCases(c)) : c)).join('');
}

function fill(wildcard: string, random: Random, theme: Theme): string {
  return wildcard.replace(
    /\\([*\\])|\*/g,
    (_, escaped?: string) =>
      escaped ??
      (random.chance(0.3) ? '' : random.chance(0.2) ? random.pick(['*', '\\', '"']) : randomWord(random, theme)),
  );
}

function inRange(operand: Json, random: Random): Json {
  if (!Array.isArray(operand)) return num(0);
  const bounds = operand.filter((part): part is Num => part instanceof Num);
  if (bounds.length === 0) return num(0);
  const bound = random.pick(bounds);
  const inside = random.below(4);
  if (bounds.length === 1) {
    const step = Math.max(1, Math.abs(Number(bound.text)));
    const [operator] = operand;
    const away = operator === '=' ? 0 : String(operator).startsWith('>') ? step : -step;
    return num(inside === 0 ? plainNumber(Number(bound.text) + away) : respell(bound.text, random));
  }
  const middle = (Number(bounds[0].text) + Number(bounds[1].text)) / 2;
  return num(inside < 3 ? plainNumber(middle) : respell(bound.text, random));
}

function inBlock(cidr: string, random: Random): Json {
  const [text, mask] = cidr.split('/');
  const address = readAddress(text);
  const bits = Number(mask);
  if (!address || !Number.isInteger(bits) || bits < 0 || bits > address.bits) return text;
  const [first, last] = edges(address, bits);
  return spellAddress(random.pick<Address>([first, last, address, neighbour(first, 1n)]), random, random.chance(0.5));
}

/** Something very like the value. */
export function spoil(value: Json, random: Random, theme: Theme): Json {
  if (value instanceof Num) return random.chance(0.9) ? num(nudge(value.text, random)) : value.text;
  if (typeof value !== 'string') {
    return value === null ? random.pick(['', 'null', false]) : random.pick([!value, String(value)]);
  }
  const address = readAddress(value);
  if (address && random.chance(0.7)) {
    return spellAddress(
      neighbour(address, random.pick([1n, -1n, 256n, -65536n, 2n ** 24n])),
      random,
      random.chance(0.7),
    );
  }
  const characters = [...value];
  const at = random.below(characters.length + 1);
  const c = characters[at] ?? '';
  const replaced = (by: string) => [...characters.slice(0, at), by, ...characters.slice(at + 1)].join('');
  switch (random.below(9)) {
    case 0:
      return replaced('');
    case 1:
      return replaced(random.pick(theme.letters) + c);
    case 2:
      return replaced(random.pick(theme.letters));
    case 3:
      return replaced(random.pick(otherCases(c)));
    case 4:
      return random.chance(0.5) ? value.toUpperCase() : value.toLowerCase();
    case 5:
      return random.chance(0.5) ? value.normalize('NFD') : value.normalize('NFC');
    case 6:
      return value + random.pick(theme.letters);
    case 7:
      return random.pick(theme.letters) + value;
    default:
      return randomWord(random, theme);
  }
}
