import { compilePattern } from '../../src/pattern';

const explain = (pattern: object | string, event: object | string) => compilePattern(pattern).explain(event);
const lines = (pattern: object | string, event: object | string) => explain(pattern, event).lines;

/** The sentence about the only field of a pattern. */
function sentence(condition: unknown, event: object | string): string {
  const { lines: all, branches } = explain({ a: [condition] }, event);
  expect(all).toHaveLength(1);
  expect(branches[0].fields[0].text).toBe(all[0]);
  return all[0];
}

describe('a value that no condition accepts', () => {
  test.each<[unknown, string]>([
    ['x', '"x"'],
    [{ exactly: 'x' }, '"x"'],
    [true, 'true'],
    [false, 'false'],
    [null, 'null'],
    [{ prefix: 'x' }, 'a string beginning with "x"'],
    [{ suffix: 'x' }, 'a string ending with "x"'],
    [{ prefix: { 'equals-ignore-case': 'x' } }, 'a string beginning with "x" in any letter case'],
    [{ suffix: { 'equals-ignore-case': 'x' } }, 'a string ending with "x" in any letter case'],
    [{ 'equals-ignore-case': 'x' }, '"x" in any letter case'],
    [{ wildcard: 'x*\\*y' }, 'a string like "x*\\\\*y"'],
    [{ 'anything-but': 'q' }, 'anything but "q"'],
    [{ 'anything-but': ['p', 'q', 'r'] }, 'anything but "p", "q" or "r"'],
    [{ 'anything-but': { prefix: 'q' } }, 'anything but a string beginning with "q"'],
    [{ 'anything-but': { suffix: ['p', 'q'] } }, 'anything but a string ending with "p" or a string ending with "q"'],
    [{ 'anything-but': { 'equals-ignore-case': 'Q' } }, 'anything but "Q" in any letter case'],
    [{ 'anything-but': { wildcard: '*q*' } }, 'anything but a string like "*q*"'],
    [{ cidr: '10.0.0.0/8' }, 'an IP address in 10.0.0.0/8'],
    ['10.0.0.1', 'the IP address 10.0.0.1'],
    [{ exists: false }, 'absent'],
  ])('is not %j', (condition, wanted) => {
    expect(sentence(condition, { a: 'q' })).toBe(`a is "q"; it should be ${wanted}`);
  });

  test.each<[unknown, string]>([
    [5, 'the number 5'],
    [{ numeric: ['=', 5] }, 'a number = 5'],
    [{ numeric: ['<', -1.5] }, 'a number < -1.5'],
    [{ numeric: ['>', 5, '<=', 10] }, 'a number > 5 and <= 10'],
    [{ 'anything-but': 2 }, 'anything but 2'],
    [{ 'anything-but': [1, 2] }, 'anything but 1 or 2'],
  ])('is not %j, which is about numbers', (condition, wanted) => {
    expect(sentence(condition, { a: 2 })).toBe(`a is 2; it should be ${wanted}`);
  });

  test('is not one of several', () => {
    expect(lines({ a: ['x', { prefix: 'y' }, 5] }, { a: null })).toEqual([
      'a is null; it should be "x", a string beginning with "y" or the number 5',
    ]);
    const many = Array.from({ length: 12 }, (_, i) => i);
    expect(lines({ a: many }, { a: true })[0]).toMatch(/the number 5, the number 6 or 5 more$/);
    expect(lines({ a: many.slice(0, 9) }, { a: true })[0]).toMatch(/the number 6 or 2 more$/);
    expect(lines({ a: many.slice(0, 8) }, { a: true })[0]).toMatch(/the number 6 or the number 7$/);
  });

  test('is a string where numbers are asked for, or the other way', () => {
    expect(lines({ a: [5] }, { a: '5' })).toEqual(['a is "5", a string and no number; it should be the number 5']);
    expect(lines({ a: [{ numeric: ['>', 1] }, 0] }, { a: ['5', '6'] })).toEqual([
      'a is "5" at /a/0 and "6" at /a/1, a string and no number; one should be a number > 1 or the number 0',
    ]);
    expect(lines({ a: ['5'] }, { a: 5 })).toEqual(['a is 5, a number and no string; it should be "5"']);
    for (const operator of ['prefix', 'suffix', 'wildcard', 'equals-ignore-case']) {
      expect(lines({ a: [{ [operator]: '5' }] }, { a: 5 })[0]).toContain('a is 5, a number and no string; ');
    }
    for (const [conditions, value] of [
      [[5, null], '5'],
      [[5, 'x'], '5'],
      [['5', null], 5],
      [[5], ['5', 6]],
      [['5'], ['4', 5]],
      [['5'], null],
    ]) {
      expect(lines({ a: conditions }, { a: value })[0]).not.toContain(' and no ');
    }
  });

  test('is one of several', () => {
    expect(lines({ a: ['x'] }, { a: [1, 'y', null] })).toEqual([
      'a is 1 at /a/0, "y" at /a/1 and null at /a/2; one should be "x"',
    ]);
    expect(lines({ a: [1] }, { a: [2, 3, 4, 5, 6, 7, 8] })).toEqual([
      'a is 2 at /a/0, 3 at /a/1, 4 at /a/2, 5 at /a/3, 6 at /a/4 and 2 more; one should be the number 1',
    ]);
    expect(lines({ a: [1] }, { a: [2, 3, 4, 5, 6] })[0]).toContain('5 at /a/3 and 6 at /a/4;');
  });

  test('is long', () => {
    const text = `${'x'.repeat(60)}y`;
    expect(lines({ a: [text] }, { a: `${text}z` })).toEqual([
      `a is "${'x'.repeat(60)}…"; it should be "${'x'.repeat(60)}…"`,
    ]);
    expect(lines({ a: ['x'.repeat(60)] }, {})).toEqual([`a is absent; it should be "${'x'.repeat(60)}"`]);
    expect(lines({ a: ['x'] }, `{"a":0.${'1'.repeat(100)}}`)[0]).toContain(`a is 0.${'1'.repeat(58)}…, a number`);
  });

  test('has escapes, lone surrogates, or a spelling of its own', () => {
    expect(lines({ a: ['x'] }, '{"a":"\\"\\n\\u00e9"}')[0]).toContain('a is "\\"\\né"; ');
    expect(lines({ a: ['x'] }, '{"a":"\\ud800"}')[0]).toContain('a is "\\ud800"; ');
    expect(lines({ a: ['x', true] }, '{"a":1.50E+1}')[0]).toContain('a is 1.50E+1; ');
  });
});

test('a field that is absent', () => {
  for (const event of [{}, { a: {} }, { a: [] }, { a: { b: {} } }, { a: { b: [[], {}] } }, { 'a.c': 1 }]) {
    expect(lines({ a: { b: ['x', { exists: true }] } }, event)).toEqual(['a.b is absent; it should be "x" or present']);
  }
});

test('of several fields those are named that fail', () => {
  const pattern = {
    source: ['acme.order'],
    'detail-type': ['placed', 'paid'],
    detail: { total: [{ numeric: ['>', 100] }] },
  };
  const explanation = explain(pattern, { source: 'acme.order', 'detail-type': 'sent', detail: { total: 99 } });
  expect(explanation.matches).toBe(false);
  expect(explanation.lines).toEqual([
    'detail-type is "sent"; it should be "placed" or "paid"',
    'detail.total is 99; it should be a number > 100',
  ]);
  expect(`${explanation}`).toBe(
    'does not match\n  detail-type is "sent"; it should be "placed" or "paid"\n  detail.total is 99; it should be a number > 100',
  );
  expect(explanation.branches).toHaveLength(1);
  expect(explanation.branches[0]).toEqual({
    matches: false,
    fields: [
      expect.objectContaining({ field: 'detail-type', holds: false, conditions: ['"placed"', '"paid"'] }),
      {
        field: 'detail.total',
        pointer: '/detail/total',
        holds: false,
        found: [{ pointer: '/detail/total', value: '99', accepted: false }],
        conditions: ['a number > 100'],
        text: 'detail.total is 99; it should be a number > 100',
      },
      expect.objectContaining({
        field: 'source',
        pointer: '/source',
        holds: true,
        found: [{ pointer: '/source', value: '"acme.order"', accepted: true }],
        matchedAt: '/source',
        text: 'source is "acme.order"',
      }),
    ],
  });
});

describe('an event that matches', () => {
  test.each<[unknown, unknown, string]>([
    ['x', 'x', 'a is "x"'],
    [5, 5, 'a is 5'],
    [null, null, 'a is null'],
    [{ prefix: 'x' }, 'xy', 'a is "xy": a string beginning with "x"'],
    [{ 'equals-ignore-case': 'x' }, 'X', 'a is "X": "x" in any letter case'],
    [{ numeric: ['>', 0, '<', 2] }, 1, 'a is 1: a number > 0 and < 2'],
    [{ 'anything-but': ['x'] }, 1, 'a is 1: anything but "x"'],
    [{ cidr: '10.0.0.0/8' }, '10.1.1.1', 'a is "10.1.1.1": an IP address in 10.0.0.0/8'],
    [{ exists: true }, false, 'a is false: present'],
  ])('%j takes %j', (condition, value, text) => {
    expect(sentence(condition, { a: value })).toBe(text);
  });

  test('a number in another spelling, an absent field', () => {
    expect(lines({ a: [300], b: [{ exists: false }] }, '{"a":3e2,"b":[]}')).toEqual([
      'a is 3e2: the number 300',
      'b is absent',
    ]);
  });

  test('says where among several values, and which of several conditions', () => {
    expect(lines({ a: [{ prefix: 'q' }, { suffix: 'y' }, 'xy'] }, { a: ['z', 'xy'] })).toEqual([
      'a is "xy" at /a/1: a string ending with "y"',
    ]);
    const explanation = explain({ a: ['x'], b: ['y'] }, { a: ['z', 'x'], b: 'y' });
    expect(String(explanation)).toBe('matches\n  a is "x" at /a/1\n  b is "y"');
    expect(explanation.branches[0].fields[0].found).toEqual([
      { pointer: '/a/0', value: '"z"', accepted: false },
      { pointer: '/a/1', value: '"x"', accepted: true },
    ]);
  });

  test('a field that is absent from the element of another', () => {
    const explanation = explain({ a: { y: ['2'], z: [{ exists: false }] } }, { a: [{ z: 1 }, { y: '2' }] });
    expect(explanation.matches).toBe(true);
    expect(explanation.lines).toEqual(['a.y is "2"', 'a.z is absent where the other fields are']);
    expect(explanation.branches[0].fields.map(({ matchedAt }) => matchedAt)).toEqual(['/a/1/y', undefined]);
  });

  test('names the values of the element that matched, not others that would do by themselves', () => {
    const both = { a: { x: ['1'], y: ['2', { exists: false }] } };
    expect(
      lines(both, {
        a: [
          { x: '1', y: '3' },
          { x: '1', y: '2' },
        ],
      }),
    ).toEqual(['a.x is "1" at /a/1/x', 'a.y is "2" at /a/1/y']);
    expect(lines(both, { a: [{ x: '1', y: '3' }, { y: '2' }, { x: '1' }] })).toEqual([
      'a.x is "1" at /a/2/x',
      'a.y is absent where the other fields are',
    ]);
  });

  test('through one of the branches of $or: that is first', () => {
    const explanation = explain({ $or: [{ a: [1] }, { b: [2] }, { c: [3] }] }, { b: 2 });
    expect(explanation.matches).toBe(true);
    expect(explanation.lines).toEqual(['b is 2']);
    expect(explanation.branches.map(({ matches }) => matches)).toEqual([true, false, false]);
  });
});

describe('$or', () => {
  const pattern = {
    $or: [{ a: [1], b: [2], c: [3] }, { d: [4], e: [5] }, { f: [6] }, { g: [7], h: [8], i: [9], j: [0] }],
  };

  test('names the nearest way first, and no more than three', () => {
    const explanation = explain(pattern, { d: 4, a: 1 });
    expect(explanation.lines).toEqual([
      'nearest way through "$or":',
      '  e is absent; it should be the number 5',
      'another way through "$or":',
      '  f is absent; it should be the number 6',
      'another way through "$or":',
      '  b is absent; it should be the number 2',
      '  c is absent; it should be the number 3',
    ]);
    expect(explanation.branches).toHaveLength(4);
    expect(explain(pattern, { a: 1, b: 2 }).lines[1]).toBe('  c is absent; it should be the number 3');
  });

  test('fields outside of it are in each way', () => {
    const explanation = explain({ s: ['x'], $or: [{ a: [1] }, { b: [2] }] }, { s: 'x', a: 0, b: 0 });
    expect(explanation.lines).toEqual([
      'nearest way through "$or":',
      '  a is 0; it should be the number 1',
      'another way through "$or":',
      '  b is 0; it should be the number 2',
    ]);
    expect(explanation.branches.map(({ fields }) => fields.map(({ field }) => field))).toEqual([
      ['a', 's'],
      ['b', 's'],
    ]);
  });

  test('fields that hold in different elements are nearer than a field that fails', () => {
    const ways = { $or: [{ z: [1] }, { a: { x: ['1'], y: ['2'] } }] };
    expect(lines(ways, { a: [{ x: '1' }, { y: '2' }] })[1]).toMatch(/^ {2}each field holds, but not in one element/);
  });
});

describe('elements of arrays', () => {
  const pattern = { a: { x: ['1'], y: ['2'] }, b: ['3'] };

  test('fields that hold in different ones', () => {
    const explanation = explain(pattern, { a: [{ x: '1' }, { x: '0', y: '2' }, { y: '2' }], b: '3' });
    expect(explanation.matches).toBe(false);
    const said = 'each field holds, but not in one element of an array: a.x at /a/0/x; a.y at /a/1/y and /a/2/y';
    expect(explanation.branches[0].elements).toBe(said);
    expect(explanation.branches[0].fields.map(({ holds }) => holds)).toEqual([true, true, true]);
    expect(explanation.lines).toEqual([said]);
  });

  test('is not why where a field fails', () => {
    const explanation = explain(pattern, { a: [{ x: '1' }, { y: '2' }], b: '4' });
    expect(explanation.branches[0].elements).toBeUndefined();
    expect(explanation.lines).toEqual(['b is "4"; it should be "3"']);
  });

  test('absence is judged in the elements that the other fields choose', () => {
    const three = { a: { w: ['1'], x: [{ exists: false }], y: ['2'] } };
    expect(lines(three, { a: [{ w: '1' }, { y: '2' }, { x: 0 }] })).toEqual([
      'each field holds, but not in one element of an array: a.w at /a/0/w; a.x absent; a.y at /a/1/y',
    ]);
    expect(lines(three, { a: [{ w: '1', x: 0 }, { y: '2' }] })[0]).toMatch(/^a.x is 0; it should be absent$/);
    expect(lines(three, { a: [{ w: '1', x: 0, y: '2' }, { w: '1' }] })).toEqual(['a.x is 0; it should be absent']);
    expect(lines(three, { a: [{ w: '1' }, { x: 0 }] })).toEqual(['a.y is absent; it should be "2"']);
  });

  test('a field that is present in an element that comes first', () => {
    expect(lines({ a: { x: [{ exists: false }], y: ['2'] } }, { a: [{ x: 1 }, { y: '2' }] })).toEqual([
      'a.x is 1; it should be absent',
    ]);
  });
});

describe('pointers', () => {
  test('into the event are those of its own keys', () => {
    const { branches } = explain(
      '{"a":{"b":{"c/d":{"e~f":["x"]}}}}',
      '{"a.b":[{"c/d":[{"e~f":"y"},{"e~f":["z"]}]}],"a":{"b.c/d":{"e~f":0}}}',
    );
    expect(branches[0].fields[0].pointer).toBe('/a/b/c~1d/e~0f');
    expect(branches[0].fields[0].field).toBe('a.b.c/d.e~f');
    expect(branches[0].fields[0].found.map(({ pointer }) => pointer)).toEqual([
      '/a.b/0/c~1d/0/e~0f',
      '/a.b/0/c~1d/1/e~0f/0',
      '/a/b.c~1d/e~0f',
    ]);
  });

  test('into the pattern are those of the list that counts', () => {
    const [field] = explain('{"a":{"b":["x"]},"a.b":["y"],"$or":[{"c":[1]},{"c":[2]}]}', {}).branches[1].fields;
    expect(field.pointer).toBe('/a.b');
    expect(explain({ $or: [{ c: [1] }, { c: [2] }] }, {}).branches.map(({ fields }) => fields[0].pointer)).toEqual([
      '/$or/0/c',
      '/$or/1/c',
    ]);
  });

  test('find their values among keys that are there twice, nested arrays and text', () => {
    const { found } = explain({ a: ['x'] }, '{"q":[{"a":1}],"a":[[1,"x"],{"z":2},[[true]]],"a":null} rest').branches[0]
      .fields[0];
    expect(found).toEqual([
      { pointer: '/a/0/0', value: '1', accepted: false },
      { pointer: '/a/0/1', value: '"x"', accepted: true },
      { pointer: '/a/2/0/0', value: 'true', accepted: false },
      { pointer: '/a', value: 'null', accepted: false },
    ]);
  });

  test('pass over empty keys that no rule names', () => {
    expect(explain({ a: [1] }, '{"":{"a":2},"a":1}').branches[0].fields[0].found).toHaveLength(1);
    const atTheEnd = explain({ a: { '': [1] } }, '{"a":{"":2},"a.":1}').branches[0].fields[0];
    expect(atTheEnd.found).toEqual([{ pointer: '/a.', value: '1', accepted: true }]);
    const { found } = explain({ a: { '': { b: [1] } } }, '{"a":{"":{"b":1}},"a..b":2}').branches[0].fields[0];
    expect(found.map(({ pointer }) => pointer)).toEqual(['/a//b', '/a..b']);
  });
});

test('a pattern explains one event after another', () => {
  const pattern = compilePattern({ a: ['x'] });
  expect(pattern.explain({ a: 'y' }).matches).toBe(false);
  expect(pattern.explain({ a: 'x' }).matches).toBe(true);
  expect(pattern.matches({ a: 'y' })).toBe(false);
  expect(pattern.explain({}).lines).toEqual(['a is absent; it should be "x"']);
});
