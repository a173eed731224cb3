/**
 * Where event-ruler contradicts itself. A list of matchers means "one of them", so [A, B] accepts what [A] or [B]
 * accepts; in these families event-ruler loses or gains values, because the matchers of one field share the states of
 * one machine. Some verdicts change from one run to the next. That is an accident and not the language, so such
 * patterns are left out of the comparison, and counted.
 *
 * The rules look at the matchers of one path together: those of a pattern, in whatever branch of an $or, or those of
 * all patterns of a set of rules.
 */
import { readAddress } from './addresses';
import { conjunctionsOf, fieldsOf, pathOf } from './conjunctions';
import { type Json, Num, Obj, write } from './json';

export type Family =
  | 'address beside number'
  | 'wildcard beside letter case'
  | 'string, range over zero, string'
  | 'lone surrogate'
  | 'empty list in anything-but'
  | 'replaced range without numbers'
  | 'branches that share a matcher';

type Matchers = readonly Json[];

const FAMILIES: ReadonlyArray<readonly [Family, (matchers: Matchers, lists: readonly Matchers[]) => boolean]> = [
  // Where a machine knows numbers, it no longer tries a number as the beginning of an address; and an address written
  // in digits may be taken for a number, 18.52.86.120 (hexadecimal 12345678) for 12345678.
  ['address beside number', (matchers) => matchers.some(isAddress) && matchers.some(isNumber)],
  // The loop that a leading star makes is joined with the two branches of a letter, or with a letter of several bytes
  // that a suffix reads backwards.
  [
    'wildcard beside letter case',
    (matchers) => matchers.some(beginsWithStar) && matchers.some((one) => ignoresCase(one) || isWideSuffix(one)),
  ],
  // The shortcut to the first string is lost in one run out of two: ["b", {"numeric": ["<", 5]}, "c"] on "b".
  // In that order; what several branches or rules hold comes in any order, and more than once.
  [
    'string, range over zero, string',
    (matchers, lists) =>
      lists.some(stringRangeString) ||
      (lists.length > 1 && matchers.some((one) => literal(one) !== undefined) && matchers.some(rangesOverZero)),
  ],
  // In bytes a lone surrogate is a question mark. A literal is compared as text or as bytes, depending on its
  // neighbours; and a suffix is reversed twice, which makes a pair of a low and a high surrogate.
  [
    'lone surrogate',
    (matchers) => (matchers.length > 1 && matchers.some(isLoneLiteral)) || matchers.some(hasReversedPair),
  ],
  // Invalid as the first matcher of a list (a NullPointerException), without effect as a later one.
  ['empty list in anything-but', (matchers) => matchers.some(hasEmptyList)],
  // {"numeric": ["<", -1.7976931348623157e308]} cannot be added to a machine; replaced by a later list, it need not be.
  ['replaced range without numbers', (matchers, lists) => lists.length > 1 && matchers.some(holdsNoNumber)],
];

export function familyOf(patterns: readonly Json[]): Family | undefined {
  const paths = new Map<string, Matchers[]>();
  for (const pattern of patterns) {
    for (const { keys, list } of fieldsOf(pattern)) {
      const path = pathOf(keys);
      paths.set(path, [...(paths.get(path) ?? []), list]);
    }
  }
  const family = FAMILIES.find(([, holds]) => [...paths.values()].some((lists) => holds(lists.flat(), lists)))?.[0];
  return family ?? (patterns.some(hasHalfRepeatedBranch) ? 'branches that share a matcher' : undefined);
}

/**
 * event-ruler drops a branch that it takes for one it has: with the same fields and, in each, one matcher that is the
 * same, even if others are not. {"$or": [{"a": ["x"]}, {"a": ["x", "y"]}]} does not match "y".
 */
function hasHalfRepeatedBranch(pattern: Json): boolean {
  const branches = conjunctionsOf(pattern, 200).map((fields) => {
    const lists = [...fields]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, { list }]) => ({ path, keys: new Set(list.map(identity)) }));
    return {
      lists,
      paths: JSON.stringify(lists.map(({ path }) => path)),
      whole: JSON.stringify(lists.map(({ keys }) => [...keys].sort())),
    };
  });
  return branches.some((later, i) =>
    branches
      .slice(0, i)
      .some(
        (earlier) =>
          earlier.paths === later.paths &&
          earlier.whole !== later.whole &&
          later.lists.every(({ keys }, j) => [...keys].some((key) => earlier.lists[j].keys.has(key))),
      ),
  );
}

/** Text that is the same for matchers that event-ruler takes for the same. */
function identity(matcher: Json): string {
  if (matcher instanceof Num) return `number ${Number(matcher.text)}`;
  const text = literal(matcher);
  if (text !== undefined) {
    const address = readAddress(text);
    return address && isText(matcher) ? `address ${address.bits} ${address.value}` : `string ${text}`;
  }
  const equal = operands(matcher, 'numeric');
  if (equal[0] === '=' && equal[1] instanceof Num) return identity(equal[1]);
  const values = (part: Json): Json => (part instanceof Num ? String(Number(part.text)) : part);
  const nested = operand(matcher, 'anything-but');
  if (nested !== undefined) {
    const [name, list] = nested instanceof Obj ? (nested.only() ?? ['', null]) : ['', nested];
    return `anything-but ${name} ${JSON.stringify(
      [
        ...new Set(
          [list]
            .flat()
            .map(values)
            .map((one) => JSON.stringify(one)),
        ),
      ].sort(),
    )}`;
  }
  if (equal.length > 0) return `numeric ${JSON.stringify(equal.map(values))}`;
  return write(matcher);
}

/**
 * Jackson takes letters beyond ASCII for hexadecimal digits where their lower byte is one: "\u008" and then U+0436,
 * whose lower byte is that of 6. Nobody else reads that as JSON.
 */
export function hasOddEscape(text: string): boolean {
  return /\\u[0-9a-fA-F]{0,3}[^\u0000-\u007f]/.test(text);
}

function operand(matcher: Json, ...names: string[]): Json | undefined {
  return names.reduce<Json | undefined>((part, name) => {
    const only = part instanceof Obj ? part.only() : undefined;
    return only?.[0] === name ? only[1] : undefined;
  }, matcher);
}

function operands(matcher: Json, ...names: string[]): Json[] {
  const found = operand(matcher, ...names);
  return found === undefined ? [] : [found].flat();
}

const isText = (value: Json | undefined): value is string => typeof value === 'string';

/** A literal or a block whose hexadecimal digits could begin as a number does; C0A80000 of 192.168.0.0/16 could not. */
function isAddress(matcher: Json): boolean {
  const cidr = operand(matcher, 'cidr');
  const [text, mask] = isText(cidr) ? cidr.split('/') : [matcher, undefined];
  if (!isText(text) || !/[.:]/.test(text)) return false;
  const address = readAddress(text);
  if (!address) return cidr !== undefined;
  const first = address.value / 2n ** BigInt(address.bits - 4);
  const mapped = address.bits === 128 && address.value / 2n ** 32n === 0xffffn;
  return first <= 9n || mapped || (mask !== undefined && Number(mask) < 4);
}

function isNumber(matcher: Json): boolean {
  return (
    matcher instanceof Num ||
    operand(matcher, 'numeric') !== undefined ||
    operands(matcher, 'anything-but').some((one) => one instanceof Num)
  );
}

function beginsWithStar(matcher: Json): boolean {
  return [...operands(matcher, 'wildcard'), ...operands(matcher, 'anything-but', 'wildcard')].some(
    (wildcard) => isText(wildcard) && wildcard.startsWith('*'),
  );
}

function ignoresCase(matcher: Json): boolean {
  return [[], ['prefix'], ['suffix'], ['anything-but']].some(
    (above) => operand(matcher, ...above, 'equals-ignore-case') !== undefined,
  );
}

function isWideSuffix(matcher: Json): boolean {
  return suffixes(matcher).some((suffix) => /[^\u0000-\u007f]$/.test(suffix));
}

function suffixes(matcher: Json): string[] {
  return [...operands(matcher, 'suffix'), ...operands(matcher, 'anything-but', 'suffix')].filter(isText);
}

function literal(matcher: Json): string | undefined {
  const text = isText(matcher) ? matcher : operand(matcher, 'exactly');
  return isText(text) ? text : undefined;
}

function stringRangeString(matchers: Matchers): boolean {
  const first = matchers.findIndex((matcher) => literal(matcher) !== undefined);
  const range = matchers.findIndex((matcher, i) => i > first && rangesOverZero(matcher));
  return first >= 0 && range > first && matchers.slice(range + 1).some(isOfStrings);
}

/** From a number below zero to zero or above. */
function rangesOverZero(matcher: Json): boolean {
  const [low, high] = bounds(matcher);
  return low < 0 && high >= 0;
}

function holdsNoNumber(matcher: Json): boolean {
  const [low, high] = bounds(matcher);
  return low === Number.MAX_VALUE || high === -Number.MAX_VALUE;
}

/** Of a numeric that is a range; not a number if it is none. */
function bounds(matcher: Json): [number, number] {
  const range = operands(matcher, 'numeric');
  const bound = (operators: string[], otherwise: number): number => {
    const value = range[range.findIndex((part) => isText(part) && operators.includes(part)) + 1];
    return value instanceof Num ? Number(value.text) : otherwise;
  };
  if (range.length < 2 || range[0] === '=') return [NaN, NaN];
  return [bound(['>', '>='], -Number.MAX_VALUE), bound(['<', '<='], Number.MAX_VALUE)];
}

function isOfStrings(matcher: Json): boolean {
  const only = matcher instanceof Obj ? matcher.only()?.[0] : undefined;
  return isText(matcher) || (only !== undefined && !isNumber(matcher) && !['cidr', 'exists'].includes(only));
}

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function isLoneLiteral(matcher: Json): boolean {
  const text = literal(matcher);
  return text !== undefined && (text.includes('?') || LONE.test(text));
}

function hasReversedPair(matcher: Json): boolean {
  return suffixes(matcher).some((suffix) => /[\udc00-\udfff][\ud800-\udbff]/.test(suffix));
}

function hasEmptyList(matcher: Json): boolean {
  const nested = operand(matcher, 'anything-but');
  const list = nested instanceof Obj ? nested.only()?.[1] : undefined;
  return Array.isArray(list) && list.length === 0;
}
