import type { Random } from '../random';

/** The same number in other words. */
export function respell(text: string, random: Random): string {
  const [, sign, whole, fraction = '', power] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
  const exponent = Number(power ?? 0);
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  if (Math.abs(exponent) > 400) {
    return `${sign}${whole}${fraction && `.${fraction}`}${random.pick(['e', 'E'])}${exponent}`;
  }
  const zeros = '0'.repeat(random.pick([1, 1, 2, 20]));
  switch (random.below(7)) {
    case 0:
      return `${sign}${digits}${random.pick(['e', 'E'])}${exponent - fraction.length}`;
    case 1:
      return `${sign}${digits}${zeros}e${exponent - fraction.length - zeros.length}`;
    case 2:
      return `${sign}${whole}.${fraction}${zeros}${power === undefined ? '' : `e${exponent}`}`;
    case 3:
      return `${sign}0.${digits}e${random.pick(['', '+0', '0']).slice(0, exponent - fraction.length + digits.length >= 0 ? 3 : 0)}${exponent - fraction.length + digits.length}`;
    case 4:
      return `${sign}0.${zeros}${digits}E${exponent - fraction.length + digits.length + zeros.length}`;
    case 5:
      return Number.isFinite(Number(text)) ? plainNumber(Number(text)) : text;
    default:
      return Number(text) === 0 ? random.pick(['0', '-0', '0.0', '0e5', '-0.00', '0E-3']) : text;
  }
}

/** A number that is not quite the same. */
export function nudge(text: string, random: Random): string {
  const value = Number(text);
  if (!Number.isFinite(value)) return random.pick(['1e308', '-1e308', '0', '1e399', `${text}0`]);
  switch (random.below(8)) {
    case 0:
      return plainNumber(nextUp(value));
    case 1:
      return plainNumber(-nextUp(-value));
    case 2:
      return plainNumber(value + 1);
    case 3:
      return plainNumber(value - 1);
    case 4:
      return plainNumber(-value);
    case 5:
      // Too many digits for a double.
      return /[.eE]/.test(text)
        ? text.replace(/(?=[eE]|$)/, text.includes('.') ? '00000000000000000001' : '.00000000000000000001')
        : `${text}.00000000000000000001`;
    case 6:
      return plainNumber(value * 10);
    default:
      return plainNumber(value / 2);
  }
}

export function plainNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : '1e309';
}

function nextUp(value: number): number {
  if (!Number.isFinite(value)) return value;
  if (value === 0) return 5e-324;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
