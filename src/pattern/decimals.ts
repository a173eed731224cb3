/**
 * Numbers as EventBridge compares them: as doubles, but only those whose decimal text is the shortest text of their
 * double. 9007199254740993 is not: the nearest double is another number.
 */

const PARTS = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

/** EventBridge's parser keeps an exponent in 32 bits. */
const MAX_EXPONENT = 0x7fffffff;

/**
 * The double with exactly this decimal value.
 *
 * @param text a JSON number
 * @returns undefined where there is none: such a number cannot be compared
 */
export function comparable(text: string): number | undefined {
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  const given = digitsOf(text);
  if (given === undefined) return undefined;
  return sameDigits(given, digitsOf(shortest(value))!) ? value + 0 : undefined;
}

/** The shortest text of a double, of two digits at least: with one alone the smallest doubles would be inexact. */
function shortest(value: number): string {
  const text = String(value);
  return /^-?[0-9](?:e|$)/.test(text) ? value.toPrecision(2) : text;
}

interface Digits {
  readonly negative: boolean;
  /** Without zeros at either end; empty for zero. */
  readonly digits: string;
  /** The power of ten of the last digit. */
  readonly exponent: number;
}

function digitsOf(text: string): Digits | undefined {
  const [, sign, whole, fraction = '', power = '0'] = PARTS.exec(text)!;
  const exponent = Number(power);
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  return digits === ''
    ? { negative: false, digits, exponent: 0 }
    : { negative: sign === '-', digits, exponent: exponent - fraction.length + (all.length - digits.length) };
}

function sameDigits(a: Digits, b: Digits): boolean {
  return a.digits === b.digits && a.exponent === b.exponent && a.negative === b.negative;
}
