import { Random } from '../../scripts/random';
import { compilePattern } from '../../src/pattern';
import { caseForms, folded } from '../../src/pattern/letter-case';

describe('what a character stands for, whatever its letter case', () => {
  test.each<[string, string[]]>([
    ['a', ['a', 'A']],
    ['A', ['a', 'A']],
    ['1', ['1']],
    ['é', ['é', 'É']],
    ['ß', ['ß', 'SS']],
    ['ẞ', ['ß', 'ẞ']],
    ['İ', ['i̇', 'İ']],
    ['ı', ['ı', 'I']],
    ['ŉ', ['ŉ', 'ʼN']],
    ['ﬁ', ['ﬁ', 'FI']],
    ['ς', ['ς', 'Σ']],
    ['σ', ['σ', 'Σ']],
    ['Σ', ['σ', 'Σ']],
    ['ſ', ['ſ', 'S']],
    ['ǅ', ['ǆ', 'Ǆ']],
    ['µ', ['µ', 'Μ']],
    ['\u212a', ['k', '\u212a']],
    ['\u212b', ['å', '\u212b']],
    ['\u2126', ['ω', '\u2126']],
    ['ᾳ', ['ᾳ', 'ΑΙ']],
    ['ᾼ', ['ᾳ', 'ΑΙ']],
    ['\ud800', ['?']],
    ['\udfff', ['?']],
  ])('%s', (text, forms) => {
    expect(caseForms(text)).toEqual([forms]);
  });

  test('is taken of each code unit by itself', () => {
    expect(caseForms('aΣ\u{1f600}')).toEqual([['a', 'A'], ['σ', 'Σ'], ['?'], ['?']]);
    expect(caseForms('')).toEqual([]);
  });
});

/** The values that a text is equal to, by its forms; all of them. */
function values(text: string): string[] {
  return caseForms(text).reduce<string[]>(
    (all, forms) => all.flatMap((start) => forms.map((form) => start + form)),
    [''],
  );
}

describe('equality in any letter case', () => {
  const matches = (operator: string, operand: string, value: string) =>
    compilePattern({
      a: [{ [operator]: operator === 'equals-ignore-case' ? operand : { 'equals-ignore-case': operand } }],
    }).matches({ a: value });

  test.each([
    ['straße', ['straße', 'STRASSE', 'straSSe', 'STRAßE'], ['strasse', 'straSse', 'STRASE', 'straß', 'straßee']],
    ['ss', ['ss', 'SS', 'sS'], ['ß', 'ẞ', 's', 'sss']],
    ['kelvin', ['KELVIN', 'kelvin'], ['\u212aelvin']],
    ['ΟΔΟΣ', ['οδοσ', 'ΟΔΟΣ'], ['οδος']],
    ['οδος', ['οδος', 'ΟΔΟΣ'], ['οδοσ']],
    ['ﬁﬁ', ['FIFI', 'ﬁFI', 'FIﬁ', 'ﬁﬁ'], ['fifi', 'FI', 'FIF', 'FIFIF']],
    ['\u{1f600}', ['??'], ['\u{1f600}', '?', '???']],
    ['', [''], ['a']],
  ])('%s', (operand, equal, different) => {
    for (const value of equal) {
      expect([operand, value, matches('equals-ignore-case', operand, value)]).toEqual([operand, value, true]);
    }
    for (const value of different) {
      expect([operand, value, matches('equals-ignore-case', operand, value)]).toEqual([operand, value, false]);
    }
  });

  test('of beginnings and ends', () => {
    const LETTERS = 'aAsSßẞkK\u212aiIİıσςΣﬁf1?';
    const random = new Random(5);
    const wrong: unknown[] = [];
    for (let i = 0; i < 1000; i++) {
      const operand = random.text(LETTERS, 3);
      const all = values(operand);
      const value = random.chance(0.6)
        ? random.text(LETTERS, 2) + random.pick(all) + random.text(LETTERS, 2)
        : random.text(LETTERS, 5);
      const expected = {
        'equals-ignore-case': all.includes(value),
        prefix: all.some((one) => value.startsWith(one)),
        suffix: all.some((one) => value.endsWith(one)),
      };
      for (const [operator, accepted] of Object.entries(expected)) {
        if (matches(operator, operand, value) !== accepted) wrong.push([operator, operand, value, accepted]);
      }
    }
    expect(wrong).toEqual([]);
  });
});

test('the forms of a character are folded to one, where both are one code unit', () => {
  const differing: string[] = [];
  for (let unit = 0; unit < 0x10000; unit++) {
    const [forms] = caseForms(String.fromCharCode(unit));
    if (forms.some((form) => form.length > 1)) continue;
    const [one, other = one] = forms.map((form) => folded(form.charCodeAt(0)));
    // Where they are not, a text is tried by itself.
    if (one !== other) differing.push(String.fromCharCode(unit));
  }
  expect(differing.length).toBeLessThan(100);
  expect([...'aAéÉσΣςкКñÑ019-_ '].map((char) => String.fromCharCode(folded(char.charCodeAt(0)))).join('')).toBe(
    [...'aaééσσσккññ019-_ '].join(''),
  );
});
