import { compilePattern, type EventPatternErrorCode, InvalidEventPatternError } from '../../src/pattern';
import type { Conjunction, Matcher } from '../../src/pattern/model';
import { wildcardComplexity } from '../../src/pattern/wildcard-complexity';
import { wildcardParts } from '../../src/pattern/wildcards';

const wildcard = (value: string): Matcher => ({ operator: 'wildcard', value, parts: wildcardParts(value) as string[] });

const field = (path: string, ...anyOf: Matcher[]): Conjunction => [{ path, pointer: `/${path}`, anyOf }];

/** The complexity of wildcards in one list. */
const complexity = (...values: string[]) => wildcardComplexity([field('a', ...values.map(wildcard))]);

describe('the complexity that event-ruler measures', () => {
  test.each<[number, ...string[]]>([
    [7, '/Users/*/dir/dir/dir/dir/dir/doc.txt'],
    [9, '*:stack/NAME1/*', '*:stack/NAME2/*', '*:stack/NAME3/*'],
    [11, '*:*:*:*:*:event-bus/*'],
    [12, '*:stack/NAME1/*', '*:stack/NAME2/*', '*:stack/NAME3/*', '*:stack/NAME4/*'],
  ])('is %d for %s and so on', (expected, ...values) => {
    expect(complexity(...values)).toBe(expected);
  });

  test('is that of the fields of greatest complexity', () => {
    const [low, high] = [field('a', wildcard('x*y')), field('b', wildcard('*:*:*:*:*:event-bus/*'))];
    expect(wildcardComplexity([[...low, ...high]])).toBe(11);
    expect(wildcardComplexity([low])).toBeLessThan(11);
    expect(wildcardComplexity([low, high])).toBe(11);
  });

  test('is none without wildcards', () => {
    expect(
      wildcardComplexity([field('a', { operator: 'prefix', value: '*' }, { operator: 'exactly', value: '*' })]),
    ).toBe(0);
    expect(wildcardComplexity([])).toBe(0);
  });

  test('counts wildcards inside of anything-but', () => {
    const but: Matcher = { operator: 'anything-but', but: [wildcard('*:*:*:*:*:event-bus/*') as any] };
    expect(wildcardComplexity([field('a', but)])).toBe(11);
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
    expect(code({ a: [{ 'anything-but': { wildcard: stacks(4).map((one) => one.wildcard) } }] })).toBe(
      'WildcardTooComplex',
    );
  });

  test('is for each field', () => {
    expect(code({ a: stacks(3), b: stacks(3), c: stacks(3) })).toBe('valid');
    expect(code({ a: ['x', ...stacks(3), { prefix: 'y' }] })).toBe('valid');
  });

  test('does not count characters that cannot be read at once', () => {
    expect(code({ a: 'abcdefghijklmnopqrstuvwxyz'.split('').map((char) => ({ wildcard: `${char}*` })) })).toBe('valid');
    expect(code({ a: [{ wildcard: `${'x'.repeat(500)}*` }] })).toBe('valid');
    expect(code({ a: [{ wildcard: `*${'x'.repeat(500)}` }] })).toBe('WildcardTooComplex');
    expect(code({ a: [{ wildcard: '*abcdefghijklmnopqrstuvwxyz' }] })).toBe('valid');
  });

  test('is said for the pattern as a whole, however many combinations it has', () => {
    const branches = Array.from({ length: 8 }, (_, i) => ({ b: [i], a: stacks(3) }));
    expect(['valid', 'WildcardTooComplex']).toContain(code({ $or: branches }));
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
