import { compilePattern, type EventPatternErrorCode, InvalidEventPatternError } from '../../src/pattern';
import type { Conjunction, Matcher } from '../../src/pattern/model';
import { parsePattern } from '../../src/pattern/parse-pattern';
import { wildcardComplexity } from '../../src/pattern/wildcard-complexity';
import { wildcardParts } from '../../src/pattern/wildcards';

const wildcard = (value: string): Matcher => ({ operator: 'wildcard', value, parts: wildcardParts(value) as string[] });

const field = (path: string, ...anyOf: Matcher[]): Conjunction => [{ path, pointer: `/${path}`, anyOf }];

/** The complexity where both ways of counting agree: each wildcard stands in one combination of `$or`. */
function ofEither(conjunctions: Conjunction[]): number {
  const once = wildcardComplexity(conjunctions, 'once');
  expect(wildcardComplexity(conjunctions, 'each')).toBe(once);
  return once;
}

/** The complexity of wildcards in one list. */
const complexity = (...values: string[]) => ofEither([field('a', ...values.map(wildcard))]);

describe('the complexity that event-ruler measures', () => {
  test.each<[number, ...string[]]>([
    [7, '/Users/*/dir/dir/dir/dir/dir/doc.txt'],
    [9, '*:stack/NAME1/*', '*:stack/NAME2/*', '*:stack/NAME3/*'],
    [11, '*:*:*:*:*:event-bus/*'],
    [12, '*:stack/NAME1/*', '*:stack/NAME2/*', '*:stack/NAME3/*', '*:stack/NAME4/*'],
  ])('is %d for %s and so on', (expected, ...values) => {
    expect(complexity(...values)).toBe(expected);
  });

  test.each<[number, unknown]>([
    [1, ['abc']],
    [2, ['*']],
    [2, ['a*']],
    [2, ['*a']],
    [3, ['*a*']],
    [2, ['x*y']],
    [2, ['*abcdefghijklmnopqrstuvwxyz']],
    [10, ['*xxxxxxxxx']],
    [4, ['abc*bc*c']],
    [4, ['*babbab']],
    [5, ['*b*abab']],
    [4, ['*abaaba']],
    [6, ['*a*b*c*d*e']],
    [10, ['*a*a*a*a*a']],
    [5, ['*\\*\\**\\*']],
    [3, ['*"x']],
    [2, ['*x"']],
    [4, ['a*', 'a*b']],
    [6, ['*a', '*b', '*c']],
    [6, ['ab*', 'a*', '*']],
    [9, ['*aaa', '*aa', '*a']],
    [7, [['*aaa', '*aa', '*a']]],
    [4, ['a*b', ['a*b']]],
    [9, [['*:stack/NAME1/*', '*:stack/NAME2/*', '*:stack/NAME3/*', '*:stack/NAME4/*']]],
    // Of a list inside of anything-but, one that ends with its only star is shared too.
    [3, [['*', '*ba*']]],
    [2, [['*', '*', 'abcd']]],
    // A list with the same wildcard twice.
    [4, ['*', '*c', '*c']],
    // Characters count by their bytes in UTF-8.
    [2, ['*é']],
    [4, ['*é', '*ê']],
    [4, ['*éêéê']],
    [3, ['*日本']],
    [6, ['*日*月*木']],
    [16, ['*é*ê*ë*è*ì*í*î*ï']],
    [3, ['*\u{1f600}\u{1f601}']],
  ])('is %d for %j, inner lists being of anything-but', (expected, values) => {
    const matchers = (values as Array<string | string[]>).map((value): Matcher =>
      typeof value === 'string' ? wildcard(value) : { operator: 'anything-but', but: value.map(wildcard) as any },
    );
    expect(ofEither([field('a', ...matchers)])).toBe(expected);
  });

  test.each<[number, object]>([
    [
      3,
      {
        $or: [
          { b: [1], a: [{ wildcard: '*x' }] },
          { b: [2], a: [{ wildcard: '*x' }] },
        ],
      },
    ],
    [
      4,
      {
        $or: [
          { b: [1], a: [{ wildcard: '*x' }] },
          { b: [1], a: [{ wildcard: '*xy' }] },
        ],
      },
    ],
    [4, { $or: [1, 2, 3].map((b) => ({ a: [{ wildcard: '*x' }], b: [b] })) }],
    [2, { b: [{ wildcard: '*x' }], $or: [{ a: [1] }, { c: [1] }, { a: [2] }] }],
  ])('is %d with the $or of %j', (expected, pattern) => {
    const { conjunctions } = parsePattern(pattern);
    expect(wildcardComplexity(conjunctions, 'each')).toBe(expected);
    expect(wildcardComplexity(conjunctions, 'once')).toBeLessThanOrEqual(expected);
  });

  test('is that of the fields of greatest complexity', () => {
    const [low, high] = [field('a', wildcard('x*y')), field('b', wildcard('*:*:*:*:*:event-bus/*'))];
    expect(ofEither([[...low, ...high]])).toBe(11);
    expect(ofEither([low])).toBeLessThan(11);
    expect(ofEither([low, high])).toBe(11);
  });

  test('is none without wildcards', () => {
    expect(ofEither([field('a', { operator: 'prefix', value: '*' }, { operator: 'exactly', value: '*' })])).toBe(0);
    expect(ofEither([])).toBe(0);
  });

  test('counts wildcards inside of anything-but', () => {
    const but: Matcher = { operator: 'anything-but', but: [wildcard('*:*:*:*:*:event-bus/*') as any] };
    expect(ofEither([field('a', but)])).toBe(11);
  });
});

describe('the limit of EventBridge', () => {
  const code = (pattern: object): EventPatternErrorCode | 'valid' => {
    try {
      compilePattern(pattern);
      return 'valid';
    } catch (error) {
      return (error as InvalidEventPatternError).code;
    }
  };
  const stacks = (count: number) => Array.from({ length: count }, (_, i) => ({ wildcard: `*:stack/NAME${i}/*` }));

  test('is ten', () => {
    expect(code({ a: [{ wildcard: '*:*:*:*:*:event-bus/*' }] })).toBe('WildcardTooComplex');
    expect(code({ a: [{ wildcard: '*:*:*:*:event-bus/*' }] })).toBe('valid');
    expect(code({ a: [{ wildcard: '/Users/*/dir/dir/dir/dir/dir/doc.txt' }] })).toBe('valid');
    expect(code({ a: stacks(3) })).toBe('valid');
    expect(code({ a: stacks(4) })).toBe('WildcardTooComplex');
    const but = (count: number) => ({
      a: [{ 'anything-but': { wildcard: stacks(count).map((one) => one.wildcard) } }],
    });
    expect(code(but(4))).toBe('valid');
    expect(code(but(5))).toBe('WildcardTooComplex');
  });

  test('is for each field', () => {
    expect(code({ a: stacks(3), b: stacks(3), c: stacks(3) })).toBe('valid');
    expect(code({ a: ['x', ...stacks(3), { prefix: 'y' }] })).toBe('valid');
  });

  test('counts each wildcard, wherever it begins', () => {
    const beginnings = (count: number) =>
      [...'abcdefghijklmn'].slice(0, count).map((char) => ({ wildcard: `${char}*` }));
    expect(code({ a: beginnings(10) })).toBe('valid');
    expect(code({ a: beginnings(11) })).toBe('WildcardTooComplex');
  });

  test('does not count characters that cannot be read at once', () => {
    expect(code({ a: [{ wildcard: `${'x'.repeat(500)}*` }] })).toBe('valid');
    expect(code({ a: [{ wildcard: `*${'x'.repeat(500)}` }] })).toBe('WildcardTooComplex');
    expect(code({ a: [{ wildcard: '*abcdefghijklmnopqrstuvwxyz' }] })).toBe('valid');
  });

  test('does not grow with the combinations of $or that have equal wildcards', () => {
    const branches = Array.from({ length: 8 }, (_, i) => ({ b: [i], a: stacks(3) }));
    expect(code({ $or: branches })).toBe('valid');
    expect(code({ $or: [...branches, { c: [1], a: stacks(4) }] })).toBe('WildcardTooComplex');
    const many = Array.from({ length: 9 }, (_, i) => ({ a: [{ wildcard: `${i}*` }] }));
    expect(code({ $or: many, b: { $or: many, c: { $or: many } } })).toBe('valid');
  });
});

describe('the texts between stars', () => {
  test.each<[string, string[]]>([
    ['', ['']],
    ['abc', ['abc']],
    ['*', ['', '']],
    ['a*', ['a', '']],
    ['*a', ['', 'a']],
    ['a*b*c', ['a', 'b', 'c']],
    ['\\*', ['*']],
    ['\\\\', ['\\']],
    ['\\\\*\\*', ['\\', '*']],
    ['*\\**', ['', '*', '']],
    ['a?.b', ['a?.b']],
  ])('of %j', (text, parts) => {
    expect(wildcardParts(text)).toEqual(parts);
  });

  test.each<[string, number]>([
    ['**', 0],
    ['a**b', 1],
    ['*a**', 2],
    ['\\***', 2],
    ['\\', 0],
    ['a\\b', 1],
    ['*\\\\\\', 3],
  ])('of %j: a fault', (text, at) => {
    expect(wildcardParts(text)).toMatchObject({ at });
  });
});
