import { Random } from '../../scripts/random';
import { compilePattern, InvalidEventPatternError, type Overlap, overlaps } from '../../src/pattern';
import { overlapOf } from '../../src/pattern/overlap';
import { parsePartOfPattern } from '../../src/pattern/parse-pattern';

/** The answer, either way round; an example must match both. */
function answer(a: object | string, b: object | string): Overlap['answer'] {
  const [one, other] = [overlaps(a, b), overlaps(b, a)];
  expect(other.answer).toBe(one.answer);
  for (const found of [one, other]) {
    if (found.answer !== 'yes') {
      expect(Object.keys(found)).toEqual(['answer']);
      continue;
    }
    expect(compilePattern(a).matches(found.event)).toBe(true);
    expect(compilePattern(b).matches(found.event)).toBe(true);
  }
  return one.answer;
}

/** The same of two conditions for a field that is one string, and for one that may be a list. */
const ofSource = (a: unknown[], b: unknown[]) => answer({ source: a }, { source: b });
const ofDetail = (a: unknown[], b: unknown[]) => overlaps({ detail: { x: a } }, { detail: { x: b } });

describe('one field', () => {
  const PAIRS: Array<[unknown, unknown, Overlap['answer']]> = [
    ['a', 'a', 'yes'],
    ['a', 'b', 'no'],
    ['a', 'A', 'no'],
    ['a', { exactly: 'a' }, 'yes'],
    ['a', { prefix: 'a' }, 'yes'],
    ['ab', { prefix: 'b' }, 'no'],
    ['a', { prefix: '' }, 'yes'],
    ['ab', { suffix: 'b' }, 'yes'],
    ['ab', { suffix: 'a' }, 'no'],
    ['aB', { 'equals-ignore-case': 'Ab' }, 'yes'],
    ['aB', { 'equals-ignore-case': 'Abc' }, 'no'],
    ['ab', { prefix: { 'equals-ignore-case': 'A' } }, 'yes'],
    ['ab', { suffix: { 'equals-ignore-case': 'A' } }, 'no'],
    ['axb', { wildcard: 'a*b' }, 'yes'],
    ['axbc', { wildcard: 'a*b' }, 'no'],
    ['a', { 'anything-but': 'a' }, 'no'],
    ['a', { 'anything-but': ['b', 'c'] }, 'yes'],
    ['a', { 'anything-but': [1] }, 'yes'],
    ['ab', { 'anything-but': { prefix: 'a' } }, 'no'],
    ['ab', { 'anything-but': { suffix: ['a', 'c'] } }, 'yes'],
    ['ab', { 'anything-but': { 'equals-ignore-case': 'AB' } }, 'no'],
    ['ab', { 'anything-but': { wildcard: 'a*' } }, 'no'],
    ['a', { numeric: ['=', 1] }, 'no'],
    ['a', 1, 'no'],
    ['a', true, 'no'],
    ['a', null, 'no'],
    ['a', { exists: true }, 'yes'],
    ['a', { exists: false }, 'no'],
    [{ prefix: 'ab' }, { prefix: 'a' }, 'yes'],
    [{ prefix: 'ab' }, { prefix: 'b' }, 'no'],
    [{ prefix: 'ab' }, { suffix: 'bc' }, 'yes'],
    [{ prefix: 'x' }, { 'equals-ignore-case': 'Xy' }, 'yes'],
    [{ prefix: 'xy' }, { 'equals-ignore-case': 'X' }, 'no'],
    [{ prefix: 'a' }, { wildcard: '*a' }, 'yes'],
    [{ prefix: 'a' }, { wildcard: 'b*a' }, 'no'],
    [{ prefix: 'a' }, { 'anything-but': { prefix: 'a' } }, 'no'],
    [{ prefix: 'a' }, { 'anything-but': { prefix: 'ab' } }, 'yes'],
    [{ prefix: 'ab' }, { 'anything-but': { prefix: ['b', 'a'] } }, 'no'],
    [{ prefix: 'a' }, { 'anything-but': ['a', 'aa', 'ab'] }, 'yes'],
    [{ prefix: 'A' }, { prefix: { 'equals-ignore-case': 'ab' } }, 'yes'],
    [{ prefix: 'b' }, { prefix: { 'equals-ignore-case': 'ab' } }, 'no'],
    [{ prefix: 'a' }, { exists: true }, 'yes'],
    [{ suffix: 'ab' }, { suffix: 'b' }, 'yes'],
    [{ suffix: 'ab' }, { suffix: 'a' }, 'no'],
    [{ suffix: 'ab' }, { 'anything-but': { suffix: 'b' } }, 'no'],
    [{ suffix: 'b' }, { 'anything-but': { suffix: 'ab' } }, 'yes'],
    [{ suffix: 'B' }, { suffix: { 'equals-ignore-case': 'ab' } }, 'yes'],
    [{ suffix: 'a' }, { wildcard: 'b*c' }, 'no'],
    [{ suffix: 'c' }, { wildcard: 'b*c' }, 'yes'],
    [{ 'equals-ignore-case': 'ab' }, { 'equals-ignore-case': 'AB' }, 'yes'],
    [{ 'equals-ignore-case': 'ab' }, { 'equals-ignore-case': 'AC' }, 'no'],
    [{ 'equals-ignore-case': 'ab' }, { 'anything-but': { 'equals-ignore-case': 'AB' } }, 'no'],
    [{ 'equals-ignore-case': 'ab' }, { 'anything-but': ['ab', 'AB', 'aB'] }, 'yes'],
    [{ 'equals-ignore-case': 'ab' }, { 'anything-but': ['ab', 'AB', 'aB', 'Ab'] }, 'no'],
    [{ 'equals-ignore-case': 'ß' }, 'SS', 'yes'],
    [{ 'equals-ignore-case': 'ß' }, { wildcard: '*S' }, 'yes'],
    [{ 'equals-ignore-case': 'ß' }, 'ss', 'no'],
    [{ wildcard: 'a*c' }, { wildcard: '*b*' }, 'yes'],
    [{ wildcard: 'a*c' }, { wildcard: 'b*c' }, 'no'],
    [{ wildcard: 'a*' }, { 'anything-but': { wildcard: 'a*' } }, 'no'],
    [{ wildcard: 'a*' }, { 'anything-but': { wildcard: ['ab*', 'a*b'] } }, 'yes'],
    [{ wildcard: '*' }, { 'anything-but': { wildcard: '*' } }, 'no'],
    [{ wildcard: '\\*' }, '*', 'yes'],
    [{ 'anything-but': 'a' }, { 'anything-but': 'b' }, 'yes'],
    [{ 'anything-but': { prefix: 'a' } }, { 'anything-but': { suffix: 'b' } }, 'yes'],
    [{ 'anything-but': { wildcard: '*' } }, { exists: true }, 'no'],
    [{ exists: true }, { exists: true }, 'yes'],
    [{ exists: true }, { exists: false }, 'no'],
    [{ exists: false }, { exists: false }, 'no'],
    [{ exists: false }, { 'anything-but': 'a' }, 'no'],
    [{ cidr: '10.0.0.0/8' }, '10.1.2.3', 'yes'],
    [{ cidr: '10.0.0.0/8' }, { cidr: '10.1.0.0/16' }, 'yes'],
    [{ cidr: '2001:db8::/32' }, '2001:db8::1', 'yes'],
    ['2001:db8::1', '2001:0db8:0::1', 'yes'],
    [{ cidr: '10.0.0.0/8' }, { prefix: '10.' }, 'yes'],
    [{ cidr: '10.0.0.0/8' }, { 'anything-but': 'a' }, 'yes'],
    [{ cidr: '10.0.0.0/8' }, { exists: true }, 'yes'],
    [{ cidr: '10.0.0.0/8' }, { exists: false }, 'no'],
    [{ cidr: '10.0.0.0/8' }, 1, 'no'],
    // A quote at the edge can be that of the value.
    [{ prefix: 'a"' }, { wildcard: 'a' }, 'yes'],
    [{ prefix: 'a"' }, { wildcard: 'a*b' }, 'yes'],
    [{ prefix: 'a"' }, { wildcard: 'ab*' }, 'no'],
    [{ suffix: '"a' }, { wildcard: 'a' }, 'yes'],
    [{ suffix: '"a' }, { wildcard: 'ba' }, 'no'],
    [{ suffix: { 'equals-ignore-case': '"a' } }, 'A', 'yes'],
    [{ 'anything-but': { prefix: 'a"' } }, 'a', 'no'],
    [{ 'anything-but': { prefix: 'a"' } }, 'ab', 'yes'],
    // Characters beyond U+FFFF, whose halves are question marks where letter case is ignored.
    [{ prefix: '\u{1f600}' }, { suffix: '\u{1f600}' }, 'yes'],
    [{ prefix: '\u{1f600}' }, { prefix: '\u{1f601}' }, 'no'],
    [{ 'equals-ignore-case': '\u{1f600}' }, { wildcard: '\u{1f600}*' }, 'no'],
    [{ 'equals-ignore-case': '\u{1f600}' }, '??', 'yes'],
    ['\ud83d', '\ud83d', 'yes'],
    // Where an earlier place of a star counts, and where the next one does.
    [{ wildcard: '*ab' }, { wildcard: 'aab*' }, 'yes'],
    [{ wildcard: '*ab*ac' }, { prefix: 'abab' }, 'yes'],
    [{ wildcard: 'a*b*c' }, { wildcard: '*c*b*a*' }, 'yes'],
    [{ wildcard: 'a*b*c' }, { 'anything-but': { wildcard: '*b*c*' } }, 'no'],
    [{ wildcard: '*a*b' }, { 'anything-but': { wildcard: ['*ab', '*cb'] } }, 'yes'],
    [{ suffix: 'aab' }, { 'anything-but': { suffix: 'ab' } }, 'no'],
    // "ß" is "SS" too: of one "S" and half of the next "ß" nothing is left.
    [{ suffix: { 'equals-ignore-case': 'ßs' } }, { wildcard: '*SSS' }, 'yes'],
    [{ 'equals-ignore-case': 'ßß' }, 'SSS', 'no'],
    [{ 'equals-ignore-case': 'ßß' }, { suffix: 'ßSS' }, 'yes'],
    [{ 'equals-ignore-case': 'aß' }, { wildcard: '*SSS' }, 'no'],
  ];

  test.each(PAIRS)('of one string: %j and %j', (a, b, expected) => {
    expect(ofSource([a], [b])).toBe(expected);
  });

  // Of values that are no strings too, and lists of values: but for absence two conditions always go together there.
  test.each(PAIRS.filter(([a, b]) => ![a, b].some(isAbsence)))('of anything: %j and %j', (a, b, expected) => {
    const found = ofDetail([a], [b]);
    expect(answer({ detail: { x: [a] } }, { detail: { x: [b] } })).toBe('yes');
    if (expected === 'yes') expect(found).toMatchObject({ onlyWithLists: false });
  });

  test.each<[unknown, unknown, boolean]>([
    [1, 1, false],
    [1, 2, true],
    [1, { numeric: ['>', 0] }, false],
    [1, { numeric: ['>', 1] }, true],
    [1, { 'anything-but': 1 }, true],
    [1, { 'anything-but': [2, 3] }, false],
    [1, { 'anything-but': 'a' }, false],
    [1, { 'anything-but': { prefix: 'a' } }, false],
    [{ numeric: ['>', 1] }, { numeric: ['<', 2] }, false],
    [{ numeric: ['>', 2] }, { numeric: ['<', 1] }, true],
    [{ numeric: ['>', 1] }, { numeric: ['<=', 1] }, true],
    [{ numeric: ['>=', 1] }, { numeric: ['<=', 1] }, false],
    [{ numeric: ['>', 1, '<', 1.001] }, { numeric: ['>', 1.0005] }, false],
    [{ numeric: ['=', 5] }, { numeric: ['>', 4, '<', 5] }, true],
    [{ numeric: ['>', 5] }, { 'anything-but': [6, 7, 8] }, false],
    [{ numeric: ['>', 0] }, 'a', true],
    [true, { 'anything-but': 'a' }, false],
    [true, false, true],
    [null, { exists: true }, false],
    [{ 'anything-but': { wildcard: '*' } }, { 'anything-but': [1] }, false],
    [{ numeric: ['>', 0, '<', 1] }, { 'anything-but': [0.5] }, false],
    [{ numeric: ['<', -1e308] }, { 'anything-but': [-1.7976931348623157e308] }, false],
    // A block of addresses takes strings; numbers too, if their digits are those of one.
    [{ cidr: '10.0.0.0/8' }, 1, true],
    [{ cidr: '10.0.0.0/8' }, true, true],
    [{ cidr: '10.0.0.0/8' }, 'a', true],
    [{ cidr: '10.0.0.0/8' }, { cidr: '11.0.0.0/8' }, true],
    [{ cidr: '0.0.0.0/0' }, { numeric: ['>=', 0, '<', 2] }, false],
    [{ cidr: '0.0.0.0/0' }, 15, false],
    ['10.1.2.3', '10.1.2.4', true],
  ])('of numbers and words: %j and %j, only in a list: %s', (a, b, onlyWithLists) => {
    expect(answer({ detail: { x: [a] } }, { detail: { x: [b] } })).toBe('yes');
    const found = ofDetail([a], [b]);
    expect(found).toMatchObject({ answer: 'yes', onlyWithLists });
    const { detail } = (found as { event: any }).event;
    expect(Array.isArray(detail.x)).toBe(onlyWithLists);
  });

  test('absence of a field that may be absent', () => {
    const absent = [{ exists: false }];
    expect(ofDetail(absent, absent)).toMatchObject({ answer: 'yes', onlyWithLists: false });
    const others = ['a', 1, null, { exists: true }, { 'anything-but': 'a' }, { prefix: '' }];
    for (const other of [...others, { cidr: '10.0.0.0/8' }, '10.1.2.3', '\ud83d']) {
      expect(answer({ detail: { x: absent } }, { detail: { x: [other] } })).toBe('no');
      expect(ofDetail(absent, [...absent, other])).toMatchObject({ answer: 'yes', onlyWithLists: false });
    }
  });

  test('of the envelope hold one string, and are there', () => {
    for (const field of ['version', 'id', 'detail-type', 'source', 'account', 'time', 'region']) {
      expect(answer({ [field]: ['a'] }, { [field]: ['b'] })).toBe('no');
      expect(answer({ [field]: [1] }, { [field]: [1] })).toBe('no');
      expect(answer({ [field]: [{ exists: false }] }, { source: ['a'] })).toBe('no');
      expect(answer({ [field]: [{ exists: true }] }, { source: ['a'] })).toBe('yes');
    }
    expect(answer({ 'replay-name': ['a'] }, { 'replay-name': ['b'] })).toBe('no');
    expect(answer({ 'replay-name': [1] }, { 'replay-name': [1] })).toBe('no');
    expect(answer({ 'replay-name': [{ exists: false }] }, { source: ['a'] })).toBe('yes');
    expect(answer({ resources: ['a'] }, { resources: ['b'] })).toBe('yes');
    expect(answer({ source: { x: [1] } }, { 'detail-type': ['a'] })).toBe('no');
    expect(answer({ source: ['a'] }, { source: { x: [1] } })).toBe('no');
    expect(answer({ source: ['a'] }, { source: { x: [{ exists: false }] } })).toBe('yes');
  });

  test('lists of alternatives', () => {
    expect(ofSource(['a', 'b'], ['c', 'b'])).toBe('yes');
    expect(ofSource(['a', 'b'], ['c', 'd'])).toBe('no');
    expect(ofSource([{ prefix: 'a' }, { suffix: 'z' }], [{ prefix: 'b' }])).toBe('yes');
    expect(ofSource(['a', 1, { exists: false }], ['b', 1, { exists: false }])).toBe('no');
    expect(ofDetail(['a', 1], ['b', 1])).toMatchObject({ answer: 'yes', onlyWithLists: false });
  });

  test('the same list for a field that is one string, and for another', () => {
    const list = [{ 'anything-but': { wildcard: '*' } }];
    expect(answer({ detail: { x: list } }, { detail: { x: [{ exists: true }] } })).toBe('yes');
    expect(answer({ detail: { x: list }, source: list }, { detail: { x: ['a', 1] }, source: ['a', 1] })).toBe('no');
  });

  test.each<[unknown[], unknown[], unknown]>([
    [[5], [{ numeric: ['>', 4, '<', 5] }, 5], 5],
    [[5], [{ numeric: ['>', 3, '<', 5] }, { numeric: ['>=', 4, '<=', 5] }], 5],
    [[{ numeric: ['>', 4, '<=', 5] }], [{ numeric: ['>=', 5, '<', 6] }], 5],
    [[{ numeric: ['>', 4, '<', 5] }, 7], [{ numeric: ['>=', 5, '<', 6] }, 6, { numeric: ['>', 6] }], 7],
    [[{ numeric: ['>', 4, '<', 6] }], [{ numeric: ['<', 5] }, { numeric: ['>', 5] }], 4.5],
    [[{ numeric: ['>', 4, '<', 6] }], [{ 'anything-but': [4.5, 5] }], 4.25],
    [[{ numeric: ['>', 4, '<', 5] }, { numeric: ['>', 5, '<', 6] }], [5], undefined],
    [[{ numeric: ['>', 0.1, '<', 0.2] }], [{ numeric: ['>', 0.1999, '<', 0.3] }], expect.closeTo(0.19995)],
  ])('ranges of numbers: %j and %j', (a, b, number) => {
    expect(answer({ detail: { x: a } }, { detail: { x: b } })).toBe('yes');
    const { event, onlyWithLists } = ofDetail(a, b) as { event: any; onlyWithLists: boolean };
    expect(onlyWithLists).toBe(number === undefined);
    if (number !== undefined) expect(event).toEqual({ detail: { x: number } });
  });

  test('literals that are many', () => {
    const names = Array.from({ length: 300 }, (_, i) => `n${i}`);
    expect(ofSource(names, ['n299'])).toBe('yes');
    expect(ofSource(names, ['n300'])).toBe('no');
    expect(ofSource(names, [{ 'anything-but': names }])).toBe('no');
    expect(ofSource(names, [{ 'anything-but': names.slice(1) }])).toBe('yes');
  });
});

function isAbsence(condition: unknown): boolean {
  return JSON.stringify(condition) === '{"exists":false}';
}

describe('several fields', () => {
  test('must each go together', () => {
    const a = { source: ['a'], detail: { kind: ['k'] } };
    expect(answer(a, { source: ['a'], 'detail-type': ['t'] })).toBe('yes');
    expect(answer(a, { source: ['b'], detail: { kind: ['k'] } })).toBe('no');
    expect(overlaps(a, { detail: { kind: ['l'] } })).toMatchObject({ answer: 'yes', onlyWithLists: true });
    expect(overlaps(a, { detail: { kind: ['k'], other: [{ exists: false }] } })).toMatchObject({
      onlyWithLists: false,
    });
  });

  test('an example has all fields of both, dotted ones and strange ones', () => {
    const [a, b] = ['{"a":{"b.c":["x"]},"__proto__":{"p":[1]}}', '{"a.b":{"d":[2]},"constructor":["y"]}'];
    expect(answer(a, b)).toBe('yes');
    expect(answer('{"a":["x"],"a":{"b":["y"]}}', { a: { c: ['z'] } })).toBe('yes');
    expect(answer({ a: { b: ['y'] } }, '{"a":["x"]}')).toBe('yes');
  });

  test('one way through $or is enough', () => {
    const either = { $or: [{ source: ['a'] }, { 'detail-type': ['t'] }] };
    expect(answer(either, { source: ['b'] })).toBe('yes');
    expect(answer(either, { source: ['b'], 'detail-type': ['u'] })).toBe('no');
    expect(answer(either, { $or: [{ source: ['b'] }, { 'detail-type': ['u'] }] })).toBe('yes');
    const found = overlaps({ $or: [{ detail: { x: [1] } }, { detail: { y: [1] } }] }, { detail: { x: [2] } });
    expect(found).toMatchObject({ answer: 'yes', onlyWithLists: false });
  });

  test('a field may be absent from an element of an array and present in another', () => {
    const [x, noX] = [{ detail: { a: { x: ['1'] } } }, { detail: { a: { w: ['1'], x: [{ exists: false }] } } }];
    const event = { detail: { a: [{ w: '1' }, { x: '1' }] } };
    for (const pattern of [x, noX]) expect(compilePattern(pattern).matches(event)).toBe(true);
    expect(answer(x, noX)).not.toBe('no');
    // Where no other field of the same object is asked for, it is absent from all of them.
    expect(answer(x, { detail: { a: { x: [{ exists: false }] }, b: { w: ['1'] } } })).toBe('no');
    expect(answer(x, { detail: { a: { x: [{ exists: false }] } }, source: ['1'] })).toBe('no');
    // Outside of detail there are no arrays of objects.
    expect(answer({ source: ['1'] }, { account: ['1'], source: [{ exists: false }] })).toBe('no');
  });
});

/** A pattern whose `$or` multiply to 1,000 combinations, each with three of 30 fields in detail. */
function combined(value: string, rest: object = {}): object {
  const either = (field: string) =>
    Array.from({ length: 10 }, (_, i) => ({ detail: { [`${field}${i}`]: [`${value}${i}`] } }));
  return { ...rest, $or: either('x'), '': { $or: either('y'), '': { $or: either('z') } } };
}

describe('extremes', () => {
  const A = 'a'.repeat(1500);
  const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  /** The shortest string that two lists take. */
  const stringOf = (a: unknown[], b: unknown[]) => {
    expect(ofSource(a, b)).toBe('yes');
    return (overlaps({ source: a }, { source: b }) as { event: any }).event.source;
  };

  test('of long texts that repeat', () => {
    expect(stringOf([{ prefix: A }], [{ suffix: A }])).toBe(A);
    expect(stringOf([{ prefix: A }], [{ suffix: `b${A}` }])).toBe(`${A}b${A}`);
    expect(stringOf([{ suffix: A.repeat(2) }], [{ prefix: 'b' }])).toBe(`b${A}${A}`);
    const ignoringCase = { 'equals-ignore-case': A };
    expect(stringOf([{ prefix: ignoringCase }], [{ suffix: ignoringCase }])).toBe(A);
    expect(stringOf([ignoringCase], [{ prefix: A.toUpperCase() }])).toBe(A.toUpperCase());
    expect(stringOf([{ prefix: A }], [{ 'anything-but': { suffix: A } }])).toHaveLength(1501);
    expect(stringOf([{ suffix: A }], [{ 'anything-but': { prefix: 'a' } }])).toBe(`b${A}`);
    expect(ofSource([{ suffix: A }], [{ 'anything-but': { suffix: 'aa' } }])).toBe('no');
    expect(ofSource([{ 'equals-ignore-case': A }], [{ wildcard: 'a*b*a' }])).toBe('no');
    const list = [{ prefix: A }, { wildcard: 'x*y*z' }];
    expect(stringOf(list, [{ suffix: `${A}c` }, { wildcard: 'q*a*b*a*q' }])).toBe(`${A}c`);
    expect(stringOf(list, [{ suffix: `${A}c` }, { wildcard: '*y*' }])).toBe('xyz');
    expect(ofSource(list, [{ 'anything-but': { prefix: ['a', 'x'] } }])).toBe('no');
  });

  test('of many different characters', () => {
    const characters = (from: number) => String.fromCharCode(...many(1000, (i) => from + i));
    const [one, other] = [characters(0x4e00), characters(0x5500)];
    expect(stringOf([{ prefix: one }], [{ suffix: other }])).toBe(one + other);
    expect(ofSource([{ suffix: one }], [{ suffix: other }])).toBe('no');
    expect(stringOf([{ 'anything-but': { prefix: [...one] } }], [{ wildcard: '?*' }])).toBe('?');
  });

  test('of long lists', () => {
    const ignoringCase = (from: number) => many(90, (i) => ({ 'equals-ignore-case': `OrderService${from + i}` }));
    expect(ofSource(ignoringCase(100), ignoringCase(190))).toBe('no');
    expect(stringOf(ignoringCase(100), ignoringCase(189))).toBe('orderservice189');
    for (const operator of ['prefix', 'suffix']) {
      const texts = (letter: string) => many(150, (i) => ({ [operator]: `${letter}${i + 100}${letter}` }));
      expect(ofSource(texts('a'), texts('b'))).toBe('no');
      expect(stringOf(texts('a'), [...texts('b'), { exactly: 'a249a' }])).toBe('a249a');
    }
    const isOdd = (number: number) => Math.floor(number) % 2 === 1;
    const variants = many(200, (i) =>
      [...'abcdefghij'].map((char, at) => (isOdd(i / 2 ** at) ? char.toUpperCase() : char)),
    );
    const but = { 'anything-but': variants.map((letters) => letters.join('')) };
    expect(stringOf([{ 'equals-ignore-case': 'abcdefghij' }], [but])).toMatch(/^abcdefghij$/i);
    const odd = many(300, (i) => 2 * i + 1);
    expect(ofDetail(odd, [{ 'anything-but': odd }, ...odd.map((value) => value + 1)])).toMatchObject({
      onlyWithLists: true,
    });
    expect(ofDetail(odd, [{ 'anything-but': odd.slice(0, -1) }])).toEqual({
      answer: 'yes',
      event: { detail: { x: 599 } },
      onlyWithLists: false,
    });
  });

  test('of many stars', () => {
    let first = 'A'.charCodeAt(0);
    const text = () => `${String.fromCharCode(first++)}${'-0123456789'.repeat(2)}`.slice(0, 20);
    const stars = (count: number) => ({ wildcard: many(count, () => `*${text()}`).join('') });
    const [a, b] = [
      [stars(3), stars(2), stars(2)],
      [stars(4), stars(3)],
    ];
    expect(ofSource(a, b)).toBe('no');
    expect(stringOf([...a, { exactly: 'yZ' }], [...b, { wildcard: 'y*Z' }])).toBe('yZ');
  });

  test('of many branches', () => {
    const or = (make: (i: number) => object) => ({ $or: many(40, make) });
    const literals = (letter: string) => or((i) => ({ source: [`${letter}${i}`], account: [`${i}`] }));
    expect(answer(literals('a'), literals('b'))).toBe('no');
    expect(
      answer(
        literals('a'),
        or((i) => ({ source: [{ suffix: `a${39 - i}` }], account: ['39'] })),
      ),
    ).toBe('yes');
    const prefixes = (text: string) => or((i) => ({ source: [{ prefix: `${text}-service-${i}.` }] }));
    expect(answer(prefixes('order'), prefixes('payment'))).toBe('no');
    const blocks = (first: number) => or((i) => ({ detail: { ip: [{ cidr: `${first}.${i}.0.0/16` }] } }));
    expect(overlaps(blocks(10), blocks(11))).toMatchObject({ answer: 'yes', onlyWithLists: true });
    const numbers = (sign: number) => or((i) => ({ detail: { x: many(10, (j) => sign * (i * 10 + j + 1)) } }));
    const found = { answer: 'yes', event: { detail: { x: [1, -10] } }, onlyWithLists: true };
    expect(overlaps(numbers(1), numbers(-1))).toEqual(found);
  });

  test('of 1,000 combinations', () => {
    expect(answer(combined('a', { source: ['s'] }), { source: ['t'] })).toBe('no');
    expect(answer(combined('a', { source: ['s'] }), { detail: { z9: ['a9'] } })).toBe('yes');
    expect(overlaps(combined('a'), { detail: { x0: ['b'], y0: ['b'], z9: ['b'] } })).toMatchObject({
      answer: 'yes',
      onlyWithLists: false,
    });
  });
});

describe('what cannot be shown', () => {
  test('is unknown', () => {
    expect(ofSource([{ cidr: '10.0.0.0/8' }], [{ wildcard: '10.*.7.*' }])).toBe('unknown');
    expect(ofSource([{ cidr: '10.0.0.0/8' }], [{ cidr: '11.0.0.0/8' }])).toBe('unknown');
    expect(ofSource([{ suffix: '\ude00' }], [{ prefix: 'a' }, '\ud83d'])).not.toBe('no');
  });

  test('is unknown where patterns have too many combinations', () => {
    const [a, b] = [combined('a', { source: ['a'] }), combined('b', { source: ['b'] })];
    expect(overlaps(a, b).answer).toBe('unknown');
    expect(answer(a, combined('b', { account: ['b'] }))).toBe('yes');
    // What was found before is kept.
    const lists = (value: string) => combined(value, { resources: [value] });
    expect(overlaps(lists('a'), lists('b'))).toMatchObject({ answer: 'yes', onlyWithLists: true });
  });

  test('is unknown where a string would have to be searched for too long', () => {
    const ofEdges = (suffix: string, prefix: string) =>
      ofSource([{ suffix: { 'equals-ignore-case': suffix } }], [{ prefix: { 'equals-ignore-case': prefix } }]);
    expect(ofEdges('ß'.repeat(1300), 'sS'.repeat(700))).toBe('unknown');
    expect(ofEdges('ß'.repeat(130), 'sS'.repeat(70))).toBe('yes');
  });

  test('is unknown where a number has more digits than an example can', () => {
    const found = overlaps('{"detail":{"x":[9007199254740993]}}', '{"detail":{"x":[{"anything-but":1}]}}');
    expect(found.answer).toBe('unknown');
    // 5e-324 cannot be compared: the double has two digits, 4.9e-324.
    expect(answer('{"detail":{"x":[5e-324]}}', '{"detail":{"x":[{"anything-but":1}]}}')).toBe('yes');
    const least = '{"detail":{"x":[{"numeric":[">",0,"<",9.9e-324]}]}}';
    expect(answer(least, '{"detail":{"x":[{"exists":true}]}}')).toBe('unknown');
  });

  test('is unknown where an event would be too deep', () => {
    const path = `a${'.a'.repeat(1500)}`;
    expect(answer({ [path]: ['x'] }, { [path]: ['x'] })).toBe('unknown');
    expect(answer({ [path]: ['x'] }, { [path]: ['x'], source: [1] })).toBe('no');
  });

  test('is unknown where one pattern alone does not look into empty keys', () => {
    expect(answer({ 'a.': ['x'] }, { 'a..b': ['y'] })).toBe('unknown');
    expect(answer({ 'a.': ['x'], 'a..b': ['y'] }, { 'a..b': ['y'] })).toBe('yes');
    expect(answer({ $or: [{ 'a.': ['x'] }, { 'a..b': [1], source: [1] }] }, { 'a..b': ['y'] })).toBe('yes');
  });
});

describe('of patterns with parts that are not known yet', () => {
  const part = (pattern: object) => parsePartOfPattern(pattern, (value) => value === '?');
  const ofParts = (a: object, b: object) => {
    const found = overlapOf(part(a), part(b));
    expect(overlapOf(part(b), part(a)).answer).toBe(found.answer);
    return found.answer;
  };

  test('they may be anything', () => {
    expect(ofParts({ source: ['?'] }, { source: ['a'] })).toBe('unknown');
    expect(ofParts({ source: ['?', 'a'] }, { source: ['a'] })).toBe('unknown');
    expect(ofParts({ source: ['?'] }, { source: ['?'] })).toBe('unknown');
    expect(ofParts({ source: ['?'] }, { account: ['a'] })).toBe('unknown');
    expect(ofParts({ source: ['?'], account: ['a'] }, { account: ['b'] })).toBe('no');
    expect(ofParts({ source: ['?'], account: ['a'] }, { source: [1] })).toBe('no');
    expect(ofParts({ $or: [{ source: ['?'] }, { source: ['a'] }] }, { source: ['a'] })).toBe('yes');
  });

  test('they too can be fields that choose an element of an array', () => {
    const [x, noX] = [{ detail: { a: { x: ['1'] } } }, { detail: { a: { w: ['?'], x: [{ exists: false }] } } }];
    expect(ofParts(x, noX)).toBe('unknown');
    expect(ofParts(x, { detail: { a: { x: [{ exists: false }] }, b: { w: ['?'] } } })).toBe('no');
  });
});

test('patterns are taken as text, as objects, as compiled ones', () => {
  const pattern = { source: ['a'] };
  const all = [pattern, JSON.stringify(pattern), compilePattern(pattern)];
  for (const a of all) {
    for (const b of all) {
      expect(overlaps(a, b)).toEqual({ answer: 'yes', event: { source: 'a' }, onlyWithLists: false });
    }
  }
});

test('an invalid pattern is refused, whichever it is', () => {
  expect(() => overlaps({}, { a: [1] })).toThrow(InvalidEventPatternError);
  expect(() => overlaps({ a: [1] }, '{"a":1}')).toThrow(InvalidEventPatternError);
});

describe('for random pairs', () => {
  const STRINGS = ['a', 'b', 'ab', 'ba', 'A', 'aB', 'abc', 'ß', 'SS', ''];
  const NUMBERS = [0, 1, 2, 1.5, -1, 10];
  const WILDCARDS = ['*', 'a*', '*b', 'a*b', '*a*', 'ab', 'a*b*', '*B'];
  const VALUES = [
    ...STRINGS.map((text) => JSON.stringify(text)),
    ...['"c"', '"aXb"', '"abX"', '"Xab"', '"AB"', '"bb"', '"aab"', '"aabb"', '"ss"', '"abab"', '"abca"', '"10.0.0.1"'],
    ...['"10.1.2.3"', '"10.2.0.0"', '"::1"', '"0:0::1"', '"9.9.9.9"', '0', '1', '2', '1.5', '-1', '10', '0.5', '1.2'],
    ...['1.9', '3', '12', '-5', '100', '9007199254740993', 'true', 'false', 'null'],
  ];

  function condition(random: Random): unknown {
    const text = () => random.pick(STRINGS);
    const someText = () => random.pick(STRINGS.slice(0, -1));
    const number = () => random.pick(NUMBERS);
    const makers: Array<() => unknown> = [
      text,
      text,
      number,
      () => random.pick([true, false, null]),
      () => ({ prefix: text() }),
      () => ({ suffix: text() }),
      () => ({ prefix: { 'equals-ignore-case': text() } }),
      () => ({ suffix: { 'equals-ignore-case': text() } }),
      () => ({ 'equals-ignore-case': text() }),
      () => ({ wildcard: random.pick(WILDCARDS) }),
      () => ({ 'anything-but': random.many(1, 2, text) }),
      () => ({ 'anything-but': random.many(1, 2, number) }),
      () => ({ 'anything-but': { prefix: random.many(1, 2, someText) } }),
      () => ({ 'anything-but': { suffix: someText() } }),
      () => ({ 'anything-but': { 'equals-ignore-case': text() } }),
      () => ({ 'anything-but': { wildcard: random.many(1, 2, () => random.pick(WILDCARDS)) } }),
      () => ({ numeric: [random.pick(['=', '<', '>', '<=', '>=']), number()] }),
      () => ({ numeric: [random.pick(['>', '>=']), 0, random.pick(['<', '<=']), random.pick([0.5, 1, 2])] }),
      () => ({ cidr: random.pick(['10.0.0.0/8', '10.1.0.0/16', '::/0']) }),
      () => random.pick(['10.0.0.1', '10.1.2.3', '::1']),
      () => ({ exists: random.chance(0.5) }),
    ];
    return random.pick(makers)();
  }

  test('no means that no event of many matches both, yes comes with one that does, of one value where that will do', () => {
    const random = new Random(11);
    const tally = { yes: 0, no: 0, unknown: 0 };
    for (let i = 0; i < 1200; i++) {
      const inDetail = random.chance(0.6);
      const pattern = () => {
        const conditions = random.many(1, 2, () => condition(random));
        return inDetail ? { detail: { x: conditions } } : { source: conditions };
      };
      const [a, b] = [pattern(), pattern()];
      const found = overlaps(a, b);
      tally[found.answer]++;
      const [one, other] = [a, b].map((each) => compilePattern(each));
      const both = (event: string) => one.matches(event) && other.matches(event);
      if (found.answer === 'yes') {
        expect([a, b, both(found.event)]).toEqual([a, b, true]);
        if (!inDetail) expect([a, b, found.onlyWithLists]).toEqual([a, b, false]);
        if (!found.onlyWithLists) continue;
      } else if (found.answer === 'unknown') {
        continue;
      }
      const single = inDetail ? VALUES : VALUES.filter((value) => value.startsWith('"'));
      const lists = random.many(100, 100, () => `[${random.pick(VALUES)},${random.pick(VALUES)}]`);
      const values = found.answer === 'no' && inDetail ? [...single, ...lists] : single;
      const events = values.map((value) => (inDetail ? `{"detail":{"x":${value}}}` : `{"source":${value}}`));
      if (inDetail) events.push('{"detail":{}}', '{"detail":{"x":[]}}');
      const counterexample = events.find(both);
      expect([a, b, counterexample]).toEqual([a, b, undefined]);
    }
    expect(tally.yes).toBeGreaterThan(300);
    expect(tally.no).toBeGreaterThan(100);
  });

  test('of strings: an example is as short as any, no means that there is none', () => {
    const random = new Random(13);
    const text = (least = 0) => random.text('abA', 3, least);
    const wildcard = () => `${text()}*${random.text('abA', 2, 1)}${random.pick(['', '*', '*a', '*Ab'])}`;
    const makers: Array<() => unknown> = [
      text,
      () => ({ prefix: text() }),
      () => ({ suffix: text() }),
      () => ({ prefix: { 'equals-ignore-case': text() } }),
      () => ({ suffix: { 'equals-ignore-case': text() } }),
      () => ({ wildcard: wildcard() }),
      () => ({ 'anything-but': random.many(1, 3, text) }),
      () => ({ 'anything-but': { prefix: random.many(1, 2, () => text(1)) } }),
      () => ({ 'anything-but': { suffix: random.many(1, 2, () => text(1)) } }),
      () => ({ 'anything-but': { wildcard: wildcard() } }),
    ];
    const strings = [''];
    for (const string of strings) if (string.length < 5) strings.push(...[...'abABc'].map((char) => string + char));
    const wrong: unknown[] = [];
    const tally = { yes: 0, no: 0, unknown: 0 };
    for (let i = 0; i < 600; i++) {
      const [a, b] = random.many(2, 2, () => ({ source: random.many(1, 2, () => random.pick(makers)()) }));
      const found = overlaps(a, b);
      tally[found.answer]++;
      const [one, other] = [a, b].map((each) => compilePattern(each));
      const shortest = strings.find((source) => one.matches({ source }) && other.matches({ source }));
      const isRight =
        found.answer === 'yes'
          ? found.event.source.length === (shortest?.length ?? found.event.source.length)
          : found.answer === 'no' && shortest === undefined;
      if (!isRight) wrong.push([a, b, found, shortest]);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(tally.no).toBeGreaterThan(20);
    expect(tally.yes).toBeGreaterThan(400);
  });

  test('of several fields in arrays of objects', () => {
    const random = new Random(12);
    const wrong: unknown[] = [];
    let no = 0;
    for (let i = 0; i < 400; i++) {
      const pattern = () => {
        const fields = random.many(1, 3, () => [
          random.pick(['w', 'x', 'y']),
          random.chance(0.35)
            ? [{ exists: false }]
            : random.many(1, 2, () => random.pick<unknown>(['1', '2', 3, { 'anything-but': '1' }])),
        ]);
        return { detail: { a: Object.fromEntries(fields) } };
      };
      const [a, b] = [pattern(), pattern()];
      if (overlaps(a, b).answer !== 'no') continue;
      no++;
      const [one, other] = [a, b].map((each) => compilePattern(each));
      for (let j = 0; j < 200; j++) {
        const element = () =>
          Object.fromEntries(random.many(0, 3, () => [random.pick(['w', 'x', 'y']), random.pick(['1', '2', 3])]));
        const event = { detail: { a: random.many(1, 3, element) } };
        if (!one.matches(event) || !other.matches(event)) continue;
        wrong.push([a, b, event]);
        break;
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(no).toBeGreaterThan(30);
  });
});
