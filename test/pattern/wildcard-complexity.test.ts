import { Random } from '../../scripts/random';
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
    // And so is what several of them begin with after a star, up to the first letter that has cases.
    [2, [['*.json', '*.xml', '*.csv', '*.txt']]],
    [7, [['*/a/*', '*/b/*', '*/c/*', '*/d/*']]],
    [3, [['*ab', '*ac']]],
    [3, [['*:ab', '*:ac']]],
    [3, [['*::ab', '*::ac']]],
    [4, [['*:a:::', '*:a::;']]],
    [5, [['*:::a:::', '*:::a::;']]],
    [4, [['*:*:a', '*:*:b']]],
    [6, [['*::*::', '*::*:;']]],
    [5, [['*:::*1', '*:::*2']]],
    [4, [['x*:::', 'y*:::']]],
    [8, [['::*:::1', ':*:::2']]],
    [7, [['*\u0000\u0000\u0000\u0000\u0000\u0000', '*\u0000\u0000\u0000\u0000']]],
    [2, [['*日', '*本']]],
    [2, [['*🐀', '*😀']]],
    [3, [['*éa', '*éb']]],
    [7, [['*𐐀𐐀𐐀🐀*𐐨', '*𐐀𐐀𐐀😀']]],
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

/** The complexity of lists by its definition, each wildcard as its parts; without a thought of the time it takes. */
function byDefinition(matchers: string[][][]): number {
  const beginningOf = ([first, ...rest]: string[]) => (rest.length > 0 ? `"${first}` : `"${first}"`);
  const textsOf = ([, ...rest]: string[]) => rest.map((part, i) => (i === rest.length - 1 ? `${part}"` : part));
  const hasStar = (parts: string[]) => parts.length > 1;
  const beginnings = (text: string) => [...text].map((_, i) => text.slice(0, i + 1));
  const afterFirstStar = (read: string, texts: string[]) => {
    let [rest, fits] = [read, 0];
    for (const [i, text] of texts.entries()) {
      const fitting = beginnings(text).filter((beginning) => rest.endsWith(beginning));
      fits += fitting.length + (i > 0 ? 1 : 0);
      if (i === texts.length - 1 && fitting.includes(text)) return { fits: fits - 1, ended: true };
      if (!rest.includes(text)) break;
      rest = rest.slice(rest.indexOf(text) + text.length);
    }
    return { fits, ended: false };
  };
  const whileReading = (read: string) =>
    matchers.reduce((sum, wildcards) => {
      const starred = wildcards.filter((parts) => hasStar(parts) && read.startsWith(beginningOf(parts)));
      const begun = wildcards.filter((parts) => beginningOf(parts).startsWith(read));
      const whole = begun.filter((parts) => !hasStar(parts) && beginningOf(parts) === read);
      const after = starred.map((parts) => afterFirstStar(read.slice(beginningOf(parts).length), textsOf(parts)));
      const ended = whole.length > 0 || after.some((one) => one.ended);
      const stars = new Set(starred.map(beginningOf)).size;
      const fits = after.reduce((all, one) => all + one.fits, 0);
      return sum + stars + fits + Number(ended) + Number(begun.length > whole.length);
    }, 0);
  const afterAllStars = (read: string) => {
    const starred = matchers.map((wildcards) =>
      wildcards.filter((parts) => hasStar(parts) && read.startsWith(beginningOf(parts))),
    );
    const stars = starred.map(
      (some) => new Set(some.map(beginningOf)).size + some.reduce((sum, parts) => sum + parts.length - 2, 0),
    );
    const fitting = (end: string) =>
      starred.map((some) => {
        const lasts = some.map((parts) => textsOf(parts).at(-1)!);
        const inner = some.flatMap((parts) => textsOf(parts).slice(0, -1).flatMap(beginnings));
        const fits = [...inner, ...lasts.flatMap((text) => beginnings(text).slice(0, -1))];
        return fits.filter((beginning) => end.endsWith(beginning)).length + Number(lasts.some((t) => end.endsWith(t)));
      });
    const sum = (numbers: number[]) => numbers.reduce((all, number) => all + number, 0);
    const ends = starred.flat().flatMap(textsOf).flatMap(beginnings);
    return sum(stars) + Math.max(0, ...ends.map((end) => sum(fitting(end))));
  };
  const reads = matchers.flat().map(beginningOf);
  return Math.max(...reads.flatMap((read) => [...beginnings(read).map(whileReading), afterAllStars(read)]));
}

describe('the complexity of long and of random lists', () => {
  const A = 'a'.repeat(1500);

  test.each<[number, ...string[]]>([
    [1503, `*${A}`, `${A}*`],
    [1902, `${A}*${A.slice(0, 1000)}`, `${A.slice(0, 1001)}*${A.slice(0, 900)}`],
    [1503, `*${A}`, `b${A}*`],
    [1, A.repeat(3)],
    [2, A, `${A}b`],
    [3, A, `${A}"*`],
    [4, '"', '*"'],
    [1802, `*${'a*'.repeat(900)}`, A],
    [3, `${A}*b`, A],
    [751, `*${'ab'.repeat(750)}`, 'x'],
    [954, `*${'ab'.repeat(750)}`, `${'ab'.repeat(750)}*`, `${'ab'.repeat(300)}*${'ba'.repeat(200)}`],
    [603, `*${'日'.repeat(600)}`, `${'日'.repeat(600)}*`],
  ])('is %d', (expected, ...values) => {
    expect(complexity(...values)).toBe(expected);
  });

  test.each<[number, number, ...string[]]>([
    [6, 2003, '*aa', 'b*', `${'b'.repeat(200)}*`],
    [6, 3003, '*bbb', 'b*', 'b'.repeat(200)],
    [7, 5002, '*bb*bb', `${'b'.repeat(200)}c`],
    [6, 3002, '*b*c*d', 'x*'],
  ])('is %d where 1,000 combinations count once, %d where each counts: %s', (once, each, ...values) => {
    const conjunctions = Array.from({ length: 1000 }, (_, i): Conjunction => [
      ...field('a', ...values.map(wildcard)),
      ...field('b', { operator: 'exactly', value: `${i}` }),
    ]);
    expect(wildcardComplexity(conjunctions, 'once')).toBe(once);
    expect(wildcardComplexity(conjunctions, 'each')).toBe(each);
  });

  test('of many fields, in each of many combinations, is that of one', () => {
    const others = Array.from({ length: 198 }, (_, i) => field(`f${i}`, { operator: 'exactly', value: 'x' }));
    const conjunctions = Array.from({ length: 700 }, (_, i): Conjunction => [
      ...field('a', { operator: 'exactly', value: `${i}` }),
      ...others.flat(),
      ...field('z', wildcard('x*y')),
    ]);
    expect(ofEither(conjunctions)).toBe(2);
  });

  test('is what its definition says', () => {
    const random = new Random(21);
    const wrong: unknown[] = [];
    const seen = new Set<number>();
    for (let i = 0; i < 700; i++) {
      const alphabet = random.pick(['a', 'ab', 'ab', 'abc', 'a"']);
      const value = () => {
        const texts = random.many(1, 4, () => random.text(alphabet, random.chance(0.2) ? 8 : 3, 1));
        const edges = [random.pick(['', '*']), random.pick(['', '*'])];
        return `${edges[0]}${texts.join('*')}${edges[1]}`;
      };
      // Of several in one "anything-but" that have characters without cases the engine shares some.
      const longest = alphabet === 'a"' ? 1 : 3;
      const lists = random.many(1, 4, () => random.many(1, random.pick([1, 1, longest]), value));
      const matchers = lists.map((list): Matcher =>
        list.length === 1 ? wildcard(list[0]) : { operator: 'anything-but', but: list.map(wildcard) as any },
      );
      const different = new Map(matchers.map((matcher, at) => [JSON.stringify(matcher), [...new Set(lists[at])]]));
      const expected = byDefinition(
        [...different.values()].map((list) => list.map((text) => wildcardParts(text) as string[])),
      );
      seen.add(expected);
      const found = wildcardComplexity([field('a', ...matchers)], 'once');
      if (found !== expected) wrong.push([lists, found, expected]);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(seen.size).toBeGreaterThan(20);
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

  test('is far for endings of file names', () => {
    const endings = [...'abcdefghijklm'].map((end) => `*.${end}`);
    expect(code({ a: [{ 'anything-but': { wildcard: endings } }] })).toBe('valid');
    expect(code({ a: endings.map((ending) => ({ wildcard: ending })) })).toBe('WildcardTooComplex');
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
