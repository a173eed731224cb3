import { Random } from './random';
import { compilePattern, InvalidEventPatternError, type Overlap, overlaps } from '../../src/pattern';

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
  ];

  test.each(PAIRS)('of one string: %j and %j', (a, b, expected) => {
    expect(ofSource([a], [b])).toBe(expected);
  });

  // Of values that are no strings too, and lists of values: but for absence two conditions always go together there.
  test.each(PAIRS.filter(([a, b]) => ![a, b].some((condition) => isAbsence(condition) || neverAString(condition))))(
    'of anything: %j and %j',
    (a, b, expected) => {
      const found = ofDetail([a], [b]);
      expect(answer({ detail: { x: [a] } }, { detail: { x: [b] } })).toBe('yes');
      if (expected === 'yes') expect(found).toMatchObject({ onlyWithLists: false });
    },
  );

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
    for (const other of ['a', 1, null, { exists: true }, { 'anything-but': 'a' }, { prefix: '' }]) {
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

function neverAString(condition: unknown): boolean {
  return JSON.stringify(condition) === '{"cidr":"10.0.0.0/8"}' || JSON.stringify(condition).includes('10.1.2.3');
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

describe('what cannot be shown', () => {
  test('is unknown', () => {
    expect(ofSource([{ cidr: '10.0.0.0/8' }], [{ wildcard: '10.*.7.*' }])).toBe('unknown');
    expect(ofSource([{ cidr: '10.0.0.0/8' }], [{ cidr: '11.0.0.0/8' }])).toBe('unknown');
    expect(ofSource([{ cidr: '10.0.0.0/8' }], [{ exists: false }])).not.toBe('yes');
    expect(ofSource([{ prefix: 'a"' }], [{ suffix: '"b' }])).not.toBe('no');
  });

  test('is unknown where patterns have many combinations', () => {
    const many = (value: string) => ({
      detail: { a: ['1'] },
      $or: Array.from({ length: 50 }, (_, i) => ({ account: [`${i}`], source: [`${value}${i}`] })),
    });
    expect(overlaps(many('a'), many('b')).answer).toBe('unknown');
    expect(overlaps(many('a'), many('a')).answer).toBe('yes');
    const texts = (prefix: string) => Array.from({ length: 50 }, (_, i) => ({ prefix: `${prefix}${i}` }));
    expect(ofSource(texts('a'), texts('b'))).toBe('unknown');
    expect(ofSource(texts('a'), texts('a'))).toBe('yes');
  });

  test('is unknown where a string would have to be searched for too long', () => {
    const suffix = new Random(1).text('xy', 900, 900);
    const but = { 'anything-but': { wildcard: ['*a*', '*b*', '*c*'] } };
    expect(ofSource([{ suffix }], [but])).not.toBe('no');
    expect(ofSource([{ suffix: suffix.slice(0, 90) }], [but])).toBe('yes');
    expect(ofSource([{ suffix: `${suffix.slice(0, 90)}c` }], [but])).toBe('no');
  });

  test('is unknown where a number has more digits than an example can', () => {
    const found = overlaps('{"detail":{"x":[9007199254740993]}}', '{"detail":{"x":[{"anything-but":1}]}}');
    expect(found.answer).not.toBe('no');
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
