import { Random } from '../../scripts/random';
import { compilePattern, compilePatterns, InvalidEventPatternError } from '../../src/pattern';
import { parsePattern } from '../../src/pattern/parse-pattern';
import { RuleSet } from '../../src/pattern/rule-set';
import { ValueTest } from '../../src/pattern/value-test';

type Rules = Record<string, string | object>;

/** The rules that match, asked one by one. */
function oneByOne(rules: Rules): (event: string) => string[] {
  const compiled = Object.keys(rules).map((name) => [name, compilePattern(rules[name])] as const);
  return (event) => compiled.flatMap(([name, pattern]) => (pattern.matches(event) ? [name] : [])).sort();
}

/** Fails where the rules as one set give other names than one by one; the names matched for each event. */
function sameAsOneByOne(rules: Rules, events: string[]): string[][] {
  const set = compilePatterns(rules);
  const each = oneByOne(rules);
  const all = events.map((event) => {
    const found = set.matches(event).sort();
    return { event, found, expected: each(event) };
  });
  const differing = all.filter(({ found, expected }) => found.join('\n') !== expected.join('\n'));
  expect(differing.slice(0, 3)).toEqual([]);
  return all.map(({ found }) => found);
}

describe('names', () => {
  test('may be those that every object has in JavaScript', () => {
    const rules = JSON.parse(
      '{"__proto__":{"a":[1]},"constructor":{"a":[1]},"toString":{"a":[2]},"":{"a":[1]},"1":{"a":[{"exists":true}]}}',
    );
    const set = compilePatterns(rules);
    expect(set.matches({ a: 1 }).sort()).toEqual(['', '1', '__proto__', 'constructor']);
    expect(set.matches({ a: 2 }).sort()).toEqual(['1', 'toString']);
    expect(set.matches({ b: 1 })).toEqual([]);
  });

  test('come once each, however many ways through $or match', () => {
    const set = compilePatterns({
      rule: { $or: [{ a: [1] }, { b: [1] }, { a: [{ exists: true }] }, { c: [{ exists: false }] }] },
      other: { a: [1, 2] },
    });
    expect(set.matches({ a: 1, b: 1 }).sort()).toEqual(['other', 'rule']);
    expect(set.matches({ a: [1, 2, 1, 2] }).sort()).toEqual(['other', 'rule']);
  });

  test('come in a list of their own for each event', () => {
    const set = compilePatterns({ rule: { a: [1] } });
    const first = set.matches({ a: 1 });
    expect(set.matches({ a: 2 })).toEqual([]);
    first.push('mine');
    expect(set.matches({ a: 1 })).toEqual(['rule']);
    expect(first).toEqual(['rule', 'mine']);
  });

  test('of an invalid pattern are refused with it', () => {
    const refusal = (rules: Rules): InvalidEventPatternError => {
      try {
        compilePatterns(rules);
      } catch (error) {
        return error as InvalidEventPatternError;
      }
      throw new Error('the rules were accepted');
    };
    const error = refusal({ good: { a: [1] }, 'b"ad': { a: [1, { prefix: 5 }] }, worse: {} });
    expect(error).toBeInstanceOf(InvalidEventPatternError);
    expect(error).toMatchObject({ rule: 'b"ad', code: 'WrongOperand', path: '/a/1/prefix' });
    expect(error.message).toContain('b"ad'.replace('"', '\\"'));
    expect(refusal({ bad: '{"a":1}' })).toMatchObject({ rule: 'bad', code: 'NotAList', position: { offset: 5 } });
  });
});

describe('many rules on one field', () => {
  const COUNT = 45;
  const numbers = Array.from({ length: COUNT }, (_, i) => i);
  const word = (i: number) => `w${i}${'ab'.repeat(i % 5)}`;
  const OPERATORS: Record<string, (i: number) => unknown> = {
    literal: word,
    exactly: (i) => ({ exactly: word(i) }),
    prefix: (i) => ({ prefix: word(i).slice(0, 1 + (i % 4)) }),
    suffix: (i) => ({ suffix: word(i).slice(-1 - (i % 4)) }),
    'prefix in any case': (i) => ({ prefix: { 'equals-ignore-case': word(i).slice(0, 2).toUpperCase() } }),
    'suffix in any case': (i) => ({ suffix: { 'equals-ignore-case': word(i).slice(-2) } }),
    'equals-ignore-case': (i) => ({ 'equals-ignore-case': i % 2 ? word(i).toUpperCase() : word(i) }),
    'equals-ignore-case beyond ASCII': (i) => ({ 'equals-ignore-case': `${word(i)}${'ßéΣςıK'[i % 6]}` }),
    wildcard: (i) => ({ wildcard: [`*${i}*`, `w*${i % 10}`, `w${i}*b`, '*', `*a${i}`, `w*a*b`, ''][i % 7] }),
    number: (i) => i / 2,
    'number that cannot be compared': (i) => ({ raw: `9007199254740993.${i}` }),
    'numeric range': (i) => ({ numeric: [i % 2 ? '>' : '>=', i - 20, i % 3 ? '<' : '<=', i - 10 + (i % 7)] }),
    'numeric comparison': (i) => ({ numeric: [['=', '<', '<=', '>', '>='][i % 5], i - 10] }),
    cidr: (i) => ({ cidr: `10.${i % 20}.0.0/${8 + i / 2 - ((i / 2) % 1)}` }),
    'cidr of IPv6': (i) => ({ cidr: `2001:db8:${i}::/${32 + i}` }),
    address: (i) => (i % 2 ? `10.0.0.${i}` : `2001:db8::${i}`),
    'exists and literal': (i) => ({ both: [{ exists: i % 2 === 0 }, word(i)] }),
    'word or number': (i) => ({ both: [word(i), i, [true, false, null][i % 3]] }),
    'anything-but': (i) => ({ 'anything-but': i % 2 ? word(i) : [word(i), word(i + 1), word(0)] }),
    'anything-but numbers': (i) => ({ 'anything-but': [i, i / 2] }),
    'anything-but prefix': (i) => ({ 'anything-but': { prefix: [word(i).slice(0, 3), 'x'] } }),
    'anything-but suffix': (i) => ({ 'anything-but': { suffix: word(i).slice(-3) } }),
    'anything-but in any case': (i) => ({ 'anything-but': { 'equals-ignore-case': [word(i).toUpperCase(), 'ß'] } }),
    'anything-but wildcard': (i) => ({ 'anything-but': { wildcard: [`*${i}*`, 'w*b*'].slice(0, 1 + (i % 2)) } }),
  };

  function pattern(condition: any): string {
    const list = condition?.both ?? [condition];
    return condition?.raw ? `{"a":[${condition.raw}]}` : JSON.stringify({ a: list });
  }

  const VALUES = [
    ...numbers
      .flatMap((i) => [word(i), word(i).toUpperCase(), `${word(i)}x`, `x${word(i)}`, `${word(i)}SS`, `${word(i)}É`])
      .map((text) => JSON.stringify(text)),
    ...numbers.flatMap((i) => [`${i}`, `${i / 2}`, `-${i}.0`, `${i}.25`, `9007199254740993.${i}`]),
    ...numbers.flatMap((i) => [`"10.${i}.0.1"`, `"10.0.0.${i}"`, `"2001:db8:${i}::1"`, `"2001:0db8:0::${i}"`]),
    ...[
      'true',
      'false',
      'null',
      '""',
      '"\\ud800"',
      '"w1\\ud800"',
      '"ß"',
      '"SS"',
      '"ss"',
      '{}',
      '[]',
      '"\\u212a"',
      '"w0ς"',
    ],
    ...['["w1","w2ababx",3]', '[1,"10.0.0.1",null]', '["w3ababab","W3ABABAB"]', '[-5,5]', '["\\ud800","w4"]'],
  ];
  const EVENTS = [...VALUES.map((value) => `{"a":${value}}`), '{"b":1}', '{}'];

  test.each(Object.keys(OPERATORS))('%s: found as one by one', (operator) => {
    const rules = Object.fromEntries(numbers.map((i) => [`rule ${i}`, pattern(OPERATORS[operator](i))]));
    const found = sameAsOneByOne(rules, EVENTS);
    expect(found.some((names) => names.length > 0)).toBe(true);
    expect(found.some((names) => names.length < COUNT)).toBe(true);
  });

  test.each([
    ['literals', (text: string) => text],
    ['texts in any letter case', (text: string) => ({ 'equals-ignore-case': text.toUpperCase() })],
    ['wildcards', (text: string) => ({ wildcard: text })],
  ])('%s of every length: each is found', (_, condition) => {
    const texts = Array.from({ length: 300 }, (__, length) => 'xy'.repeat(length / 2) + 'z'.repeat(length % 2));
    const set = compilePatterns(Object.fromEntries(texts.map((text) => [text, { a: [condition(text)] }])));
    // The shortest first, as memory that has grown for a longer one stays.
    for (const order of [texts, [...texts].reverse()]) {
      expect(order.map((text) => set.matches({ a: text }))).toEqual(order.map((text) => [text]));
    }
  });

  test('all operators together: found as one by one', () => {
    const rules = Object.fromEntries(
      Object.entries(OPERATORS).flatMap(([operator, make]) =>
        numbers.slice(0, 12).map((i) => [`${operator} ${i}`, pattern(make(i))]),
      ),
    );
    sameAsOneByOne(rules, EVENTS);
  });

  test('with other conditions beside them: found as one by one', () => {
    const operators = Object.entries(OPERATORS);
    const rules = Object.fromEntries(
      numbers.flatMap((i) =>
        operators.map(([operator, make], j) => [
          `${operator} ${i}`,
          pattern(make(i)).replace(
            /\}$/,
            `,"b":[${['1', '{"exists":false}', '"x",{"numeric":["<",9]}', '{"anything-but":1}'][(i + j) % 4]}]}`,
          ),
        ]),
      ),
    );
    const random = new Random(8);
    const events = random.many(
      150,
      150,
      () => `{"a":${random.pick(VALUES)},"b":${random.pick(['1', '"x"', '5', '[]', '[1,"y"]', 'null'])}}`,
    );
    sameAsOneByOne(rules, events);
  });
});

describe('rules with conditions in common', () => {
  test('a hundred that share them: found as one by one', () => {
    const random = new Random(21);
    const fields: Record<string, unknown[][]> = {
      source: [['a'], ['b'], [{ prefix: 'a' }], [{ 'anything-but': 'a' }], [{ 'anything-but': ['b', 'c'] }]],
      'detail-type': [['t'], ['u', 't'], [{ suffix: 't' }], [{ exists: true }]],
      account: [['1'], [{ 'anything-but': ['1', '2'] }], [{ wildcard: '*2' }]],
      'detail.x': [[1], [{ numeric: ['>', 0] }], [{ exists: false }], [{ exists: false }, 1], [{ exists: true }]],
      'detail.items.sku': [['p'], [{ prefix: 'p' }], [{ 'anything-but': 'p' }], [{ exists: false }]],
      'detail.items.count': [[1], [{ numeric: ['>=', 1, '<', 5] }], [{ 'anything-but': [1] }]],
      'detail.items.tags.name': [['n'], [{ 'equals-ignore-case': 'N' }], [{ exists: false }, 'm']],
    };
    const rules: Rules = {};
    for (let i = 0; i < 100; i++) {
      const some = (names: string[]) =>
        Object.fromEntries(names.filter(() => random.chance(0.4)).map((name) => [name, random.pick(fields[name])]));
      const names = Object.keys(fields);
      const pattern = some(names);
      if (random.chance(0.3)) pattern.$or = [1, 2, 3].map(() => ({ source: ['z'], ...some(names) })) as any;
      rules[`rule ${i}`] = Object.keys(pattern).length > 0 ? pattern : { source: ['a'] };
    }
    const text = (...choices: string[]) => JSON.stringify(random.pick(choices));
    const tag = () => `{"name":${text('n', 'N', 'm')}}`;
    const item = () => {
      const members = [
        `"sku":${text('p', 'pq', 'q')}`,
        `"count":${random.below(6)}`,
        `"tags":[${random.many(0, 2, tag).join(',')}]`,
      ];
      return `{${members.filter(() => random.chance(0.7)).join(',')}}`;
    };
    const events = random.many(600, 600, () => {
      const detail = [
        `"x":${random.pick(['1', '0', '[]', '[0,1]', 'null'])}`,
        `"items":[${random.many(0, 3, item).join(',')}]`,
      ];
      const members = [
        `"source":${text('a', 'ab', 'b', 'c')}`,
        `"detail-type":${text('t', 'ut', 'u')}`,
        `"account":${text('1', '2', '12', '3')}`,
      ];
      return `{${members.join(',')},"detail":{${detail.filter(() => random.chance(0.7)).join(',')}}}`;
    });
    const found = sameAsOneByOne(rules, events);
    expect(new Set(found.flat()).size).toBeGreaterThan(60);
  });

  test('equal patterns under many names all match', () => {
    const rules = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`rule ${i}`, { a: ['x'], b: [{ prefix: 'y' }] }]),
    );
    const set = compilePatterns(rules);
    expect(set.matches({ a: 'x', b: 'yz' })).toHaveLength(60);
    expect(set.matches({ a: 'x', b: 'z' })).toHaveLength(0);
  });

  test('of absence alone', () => {
    const rules = {
      none: { a: [{ exists: false }] },
      both: { a: [{ exists: false }], b: [{ exists: false }] },
      nested: { a: { x: [{ exists: false }], y: [{ exists: false }] } },
      either: { a: [{ exists: false }, 'x'], b: [{ exists: false }, 'x'] },
    };
    sameAsOneByOne(rules, [
      ...[
        '{}',
        '{"a":"x"}',
        '{"b":"x"}',
        '{"a":"x","b":"x"}',
        '{"a":"y"}',
        '{"a":[{"x":1},{"y":1}]}',
        '{"a":[{"x":1}]}',
      ],
      ...['{"a":[{"y":1},"x"]}', '{"a":[[],{}]}', '{"a":["x","y"],"b":["y","x"]}'],
    ]);
    expect(compilePatterns(rules).matches({}).sort()).toEqual(['both', 'either', 'nested', 'none']);
    expect(compilePatterns(rules).matches({ a: 'x' }).sort()).toEqual(['either', 'nested']);
  });
});

test('a condition is tried once for a value, however often its text stands in there', () => {
  const conditions = ['wildcard', 'anything-but'].flatMap((operator) =>
    Array.from({ length: 10 }, (_, i) => ({ wildcard: `*ab*b${i}*` })).map((condition) =>
      operator === 'wildcard' ? condition : { 'anything-but': condition },
    ),
  );
  const set = compilePatterns(Object.fromEntries(conditions.map((condition, i) => [`rule ${i}`, { a: [condition] }])));
  const accepts = jest.spyOn(ValueTest.prototype, 'accepts');
  try {
    expect(set.matches({ a: 'ab'.repeat(400) })).toHaveLength(10);
    expect(accepts).toHaveBeenCalled();
    expect(accepts.mock.calls.length).toBeLessThanOrEqual(conditions.length);
  } finally {
    accepts.mockRestore();
  }
});

describe('more events than a counter of 32 bits can tell apart', () => {
  const pattern = parsePattern({ a: ['x'], b: { c: [{ 'anything-but': 'y' }], d: [{ exists: false }] } });
  const match = '{"a":"x","b":[{"c":"z"},{"c":"y","d":1}]}';

  test.each([
    [[match], [match, '{}']],
    [
      ['{}', match],
      ['{}', match],
    ],
    [
      [match, match, '{}'],
      ['{}', '{"a":"x"}', match, match],
    ],
    [
      [match, '{}', match],
      [match, match, match, match],
    ],
    [
      ['{"a":"x"}', '{}', match],
      ['{}', match, '{"a":"x"}', '{"b":{"c":"z"}}'],
    ],
    [
      ['{"b":{"c":"z"}}', match, match],
      ['{"a":"x"}', '{"a":"x"}', match, '{}'],
    ],
  ])('after %j', (before, after) => {
    const rules = new RuleSet(['rule'], [pattern]);
    const asked = (events: string[]) => events.map((event) => rules.matches(event).length);
    const expected = (events: string[]) => events.map((event) => (event === match ? 1 : 0));
    expect(asked(before)).toEqual(expected(before));
    // The last number that there is, so that the next event has the first.
    for (const counter of [rules, (rules as any).findings]) {
      expect(counter.event).toBe(before.length);
      counter.event = 0x7ffffffe;
    }
    expect(asked(after)).toEqual(expected(after));
  });
});

test('of thousands of rules those that match are found', () => {
  const rules = Object.fromEntries(
    Array.from({ length: 3000 }, (_, i) => [
      `rule ${i}`,
      { account: [`${i}`], detail: { n: [{ numeric: ['>', i] }], type: [`t${i % 7}`] } },
    ]),
  );
  const set = compilePatterns(rules);
  expect(set.matches({ account: '2999', detail: { n: 3000, type: 't3' } })).toEqual(['rule 2999']);
  expect(set.matches({ account: '2999', detail: { n: 2999, type: 't3' } })).toEqual([]);
  expect(
    set.matches({ account: Array.from({ length: 50 }, (_, i) => `${i}`), detail: { n: 25, type: ['t1', 't2'] } }),
  ).toHaveLength(8);
});

test('rules that look into empty keys do not make others do so', () => {
  const rules = { ends: { a: { '': [1] } }, begins: { '': [1] } };
  const event = { a: { '': 1 }, '': 1 };
  expect(compilePatterns(rules).matches(event)).toEqual(['begins']);
  for (const [name, pattern] of Object.entries(rules)) {
    expect(compilePattern(pattern).matches(event)).toBe(name === 'begins');
  }
});

test('no rules match nothing, and read the event all the same', () => {
  expect(compilePatterns({}).matches({ a: 1 })).toEqual([]);
  expect(() => compilePatterns({}).matches('{')).toThrow('the text ends');
});
