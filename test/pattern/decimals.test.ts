import { Random } from '../../scripts/random';
import { comparable } from '../../src/pattern/decimals';

describe('numbers that can be compared', () => {
  test.each([
    ['0', 0],
    // Minus zero is zero.
    ['-0', 0],
    ['-0.0', 0],
    ['0.000', 0],
    ['-0e5', 0],
    ['0e99999', 0],
    ['0e-99999', 0],
    ['300', 300],
    ['300.0', 300],
    ['3e2', 300],
    ['3.00E+2', 300],
    ['30000e-2', 300],
    ['-1.5', -1.5],
    ['0.1', 0.1],
    ['0.10000000000000000000000000000', 0.1],
    ['1.00000000000000000000000', 1],
    ['9007199254740992', 9007199254740992],
    ['9007199254740994', 9007199254740994],
    ['123456789012345678', undefined],
    ['1e23', 1e23],
    ['100000000000000000000000', 1e23],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['-1.7976931348623157E308', -Number.MAX_VALUE],
    ['2.2250738585072014e-308', 2.2250738585072014e-308],
    // Of the smallest numbers the digits are two at least.
    ['4.9e-324', 5e-324],
    ['0.49e-323', 5e-324],
    ['5e-324', undefined],
    ['9.9e-324', 1e-323],
    ['1e-323', undefined],
    ['4.9406564584124654e-324', undefined],
    ['1.0e1', 10],
    ['5e-10', 5e-10],
    ['5', 5],
  ])('%s', (text, value) => {
    expect(comparable(text)).toBe(value);
  });

  test.each([
    '9007199254740993',
    '-9007199254740993',
    '0.1000000000000000055',
    '0.30000000000000001',
    '1e400',
    '-1e400',
    '1e309',
    '1e-400',
    '0e9999999999',
    '0e2147483648',
    '0e-2147483648',
    '1.79769313486231571e308',
    '100000000000000000000001',
  ])('%s is none', (text) => {
    expect(comparable(text)).toBeUndefined();
  });

  test('an exponent of 32 bits is read', () => {
    expect(comparable('0e2147483647')).toBe(0);
    expect(comparable('0e-2147483647')).toBe(0);
  });
});

describe('the shortest text of a double', () => {
  const random = new Random(7);
  const doubles = Array.from({ length: 3000 }, () => {
    const digits = `${1 + random.below(9)}${random.text('0123456789', 16, 16)}`;
    return Number(`${random.pick(['', '-'])}${digits}e${random.below(560) - 310}`);
  });

  const valuesOf = (texts: string[]) => texts.map((text) => [text, comparable(text)]);

  test('is equal to it, in other spellings too', () => {
    const texts = doubles.map(String);
    expect(valuesOf(texts)).toEqual(doubles.map((value) => [String(value), value]));
    const spellings = texts.map((text) => {
      const [digits, exponent = '0'] = text.split('e');
      return `${digits}${digits.includes('.') ? '000' : '.000'}E${exponent}`;
    });
    expect(valuesOf(spellings)).toEqual(spellings.map((text, i) => [text, doubles[i]]));
  });

  test('with a digit more is not equal to it', () => {
    const long = doubles.map((value) => String(value).split('e')).filter(([digits]) => /\..{14}/.test(digits));
    expect(long.length).toBeGreaterThan(1000);
    const longer = long.map(([digits, exponent = '0']) => `${digits}000000000000001e${exponent}`);
    expect(valuesOf(longer)).toEqual(longer.map((text) => [text, undefined]));
  });

  test('is any decimal number of up to 15 digits', () => {
    const texts = random.many(2000, 2000, () => {
      const digits = `${random.pick(['', '-'])}${random.below(10)}.${random.text('0123456789', 13)}`;
      return `${digits}1e${random.below(500) - 250}`;
    });
    expect(valuesOf(texts)).toEqual(texts.map((text) => [text, Number(text)]));
  });
});
