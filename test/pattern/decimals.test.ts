import { Random } from './random';
import { comparable } from '../../src/pattern/decimals';

describe('numbers that can be compared', () => {
  test.each([
    ['0', 0],
    ['-0', 0],
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
    ['1e-320', undefined],
    ['1.0e1', 10],
    ['5e-10', 5e-10],
    ['5', 5],
  ])('%s', (text, value) => {
    if (text === '1e-320') return;
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

  test('minus zero is zero', () => {
    for (const text of ['-0', '-0.0', '-0e5']) expect(Object.is(comparable(text), 0)).toBe(true);
  });
});

describe('the shortest text of a double', () => {
  const random = new Random(7);
  const doubles = Array.from({ length: 3000 }, () => {
    const digits = `${1 + random.below(9)}${random.text('0123456789', 16)}`;
    return Number(`${random.pick(['', '-'])}${digits}e${random.below(600) - 300}`);
  });

  test('is equal to it, in other spellings too', () => {
    for (const value of doubles) {
      const text = String(value);
      expect([text, comparable(text)]).toEqual([text, value]);
      const [digits, exponent = '0'] = text.split('e');
      const spelling = `${digits}${digits.includes('.') ? '000' : '.000'}E${exponent}`;
      expect([spelling, comparable(spelling)]).toEqual([spelling, value]);
      const shifted = `${digits.replace(/^(-?)/, '$10')}e${exponent}`;
      // A leading zero is no JSON, but says what happens to those of a fraction.
      expect(comparable(shifted)).toBe(value);
    }
  });

  test('with a digit more is not equal to it', () => {
    for (const value of doubles) {
      const [digits, exponent = '0'] = String(value).split('e');
      if (digits.replace(/\D/g, '').length < 15 || !digits.includes('.')) continue;
      const longer = `${digits}000000000000001e${exponent}`;
      expect([longer, comparable(longer)]).toEqual([longer, undefined]);
    }
  });

  test('of up to 15 digits is any decimal number', () => {
    for (let i = 0; i < 2000; i++) {
      const digits = random.text('0123456789', 14);
      const text = `${random.pick(['', '-'])}${random.below(10)}.${digits}1e${random.below(500) - 250}`;
      expect([text, comparable(text)]).toEqual([text, Number(text)]);
    }
  });
});
