import { comparable } from './decimals';
import type { Matcher, NumericMatcher } from './model';

/** Numbers that can be compared, from one to another. */
export type NumberRange = Pick<NumericMatcher, 'low' | 'lowOpen' | 'high' | 'highOpen'>;

const ALL: NumberRange = { low: -Number.MAX_VALUE, lowOpen: false, high: Number.MAX_VALUE, highOpen: false };

/** The numbers that a list of alternatives takes: ranges in ascending order, which do not overlap. */
export function rangesOf(anyOf: readonly Matcher[]): NumberRange[] {
  const ranges: NumberRange[] = [];
  for (const range of anyOf.flatMap(rangesOfOne).sort(byLow)) {
    const last = ranges[ranges.length - 1];
    if (last === undefined || last.high < range.low || (last.high === range.low && last.highOpen)) {
      ranges.push(range);
    } else if (endsBefore(last, range)) {
      ranges[ranges.length - 1] = { ...last, high: range.high, highOpen: range.highOpen };
    }
  }
  return ranges;
}

function byLow(a: NumberRange, b: NumberRange): number {
  return a.low - b.low || Number(a.lowOpen) - Number(b.lowOpen);
}

function rangesOfOne(matcher: Matcher): NumberRange[] {
  switch (matcher.operator) {
    case 'number':
      return matcher.value === undefined ? [] : [point(matcher.value)];
    case 'numeric':
      return [matcher];
    case 'exists':
      return matcher.present ? [ALL] : [];
    case 'anything-but':
      return allBut(matcher.but.flatMap((but) => (but.operator === 'number' ? [but.value!] : [])));
    default:
      return [];
  }
}

function point(value: number): NumberRange {
  return { low: value, lowOpen: false, high: value, highOpen: false };
}

function allBut(values: number[]): NumberRange[] {
  const ranges: NumberRange[] = [];
  let rest = ALL;
  for (const value of values.sort((a, b) => a - b)) {
    ranges.push({ ...rest, high: value, highOpen: true });
    rest = { ...ALL, low: value, lowOpen: true };
  }
  return [...ranges, rest].filter((range) => !isEmpty(range));
}

/** A number in a range of each list, as text; short where there is a short one. */
export function commonNumber(a: NumberRange[], b: NumberRange[]): string | undefined {
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [number] = numbersIn(intersection(a[i], b[j]));
    if (number !== undefined) return textOf(number);
    if (endsBefore(a[i], b[j])) i++;
    else j++;
  }
  return undefined;
}

/** Some numbers of each range, as text. */
export function someNumbers(ranges: NumberRange[]): string[] {
  return [...new Set(ranges.flatMap(numbersIn))].map(textOf);
}

/** Some numbers of a range that is not empty. */
function numbersIn(range: NumberRange): number[] {
  if (isEmpty(range)) return [];
  const { low, high } = range;
  const likely = [0, 1, Math.floor(low) + 1, Math.ceil(high) - 1, low, high, low / 2 + high / 2];
  return likely.filter((number) => !isEmpty(intersection(range, point(number))));
}

function intersection(a: NumberRange, b: NumberRange): NumberRange {
  const low = Math.max(a.low, b.low);
  const high = Math.min(a.high, b.high);
  return {
    low,
    lowOpen: (a.low === low && a.lowOpen) || (b.low === low && b.lowOpen),
    high,
    highOpen: (a.high === high && a.highOpen) || (b.high === high && b.highOpen),
  };
}

function isEmpty({ low, lowOpen, high, highOpen }: NumberRange): boolean {
  return low > high || (low === high && (lowOpen || highOpen));
}

/** Whether a range ends before another does. */
function endsBefore(a: NumberRange, b: NumberRange): boolean {
  return a.high < b.high || (a.high === b.high && a.highOpen && !b.highOpen);
}

/** The smallest doubles need two digits to be exact. */
function textOf(number: number): string {
  const text = String(number);
  return comparable(text) === undefined ? number.toPrecision(2) : text;
}
