import { Random } from '../../scripts/random';
import { compilePattern } from '../../src/pattern';
import { unitsOf } from '../../src/pattern/path-tree';
import { fitsWildcard } from '../../src/pattern/value-test';

const accepts = (condition: unknown, value: unknown) =>
  compilePattern({ a: [condition] }).matches(value === undefined ? {} : { a: value });

describe('which kinds of values a condition accepts', () => {
  const KINDS = {
    string: 'x',
    number: 5,
    true: true,
    false: false,
    null: null,
    absent: undefined,
    object: {},
    list: [],
  };
  const PRESENT = ['string', 'number', 'true', 'false', 'null'];
  const ABSENT = ['absent', 'object', 'list'];

  test.each<[unknown, string[]]>([
    ['x', ['string']],
    [{ exactly: 'x' }, ['string']],
    [{ prefix: '' }, ['string']],
    [{ suffix: '' }, ['string']],
    [{ prefix: { 'equals-ignore-case': '' } }, ['string']],
    [{ suffix: { 'equals-ignore-case': '' } }, ['string']],
    [{ 'equals-ignore-case': 'X' }, ['string']],
    [{ wildcard: '*' }, ['string']],
    [5, ['number']],
    [{ numeric: ['>', 0] }, ['number']],
    [{ cidr: '0.0.0.0/0' }, ['number']],
    [true, ['true']],
    [false, ['false']],
    [null, ['null']],
    [{ 'anything-but': 'y' }, PRESENT],
    [{ 'anything-but': 'x' }, PRESENT.slice(1)],
    [{ 'anything-but': [6] }, PRESENT],
    [{ 'anything-but': [5] }, PRESENT.filter((kind) => kind !== 'number')],
    [{ 'anything-but': { prefix: 'x' } }, PRESENT.slice(1)],
    [{ 'anything-but': { wildcard: '*' } }, PRESENT.slice(1)],
    [{ exists: true }, PRESENT],
    [{ exists: false }, ABSENT],
  ])('%j', (condition, kinds) => {
    const accepted = Object.entries(KINDS).filter(([, value]) => accepts(condition, value));
    expect(accepted.map(([kind]) => kind)).toEqual(kinds);
  });
});

describe('strings', () => {
  const VALUES = [
    '',
    'a',
    'b',
    'ab',
    'ba',
    'abc',
    'cab',
    'A',
    'Ab',
    'AB',
    'aab',
    'a*b',
    'axb',
    'a\\b',
    '"a"',
    'ab"',
    '"ab',
    'xaby',
  ];

  test.each<[unknown, string[]]>([
    ['ab', ['ab']],
    ['', ['']],
    [{ exactly: 'a*b' }, ['a*b']],
    [{ prefix: 'a' }, ['a', 'ab', 'abc', 'aab', 'a*b', 'axb', 'a\\b', 'ab"']],
    [{ prefix: 'ab' }, ['ab', 'abc', 'ab"']],
    [{ suffix: 'b' }, ['b', 'ab', 'cab', 'Ab', 'aab', 'a*b', 'axb', 'a\\b', '"ab']],
    [{ suffix: 'ab' }, ['ab', 'cab', 'aab', '"ab']],
    [{ 'equals-ignore-case': 'aB' }, ['ab', 'Ab', 'AB']],
    [{ prefix: { 'equals-ignore-case': 'AB' } }, ['ab', 'abc', 'Ab', 'AB', 'ab"']],
    [{ suffix: { 'equals-ignore-case': 'AB' } }, ['ab', 'cab', 'Ab', 'AB', 'aab', '"ab']],
    [{ wildcard: 'a*b' }, ['ab', 'aab', 'a*b', 'axb', 'a\\b']],
    [{ wildcard: '*ab*' }, ['ab', 'abc', 'cab', 'aab', 'ab"', '"ab', 'xaby']],
    [{ wildcard: 'a\\*b' }, ['a*b']],
    [{ wildcard: 'a\\\\b' }, ['a\\b']],
    [{ wildcard: 'ab' }, ['ab']],
    [{ wildcard: 'a*a*b' }, ['aab']],
    [{ wildcard: '' }, ['']],
    // A quote at the edge of an operand can be that of the value.
    [{ prefix: 'ab"' }, ['ab', 'ab"']],
    [{ prefix: '"a' }, ['"a"', '"ab']],
    [{ suffix: '"ab' }, ['ab', '"ab']],
    [{ prefix: { 'equals-ignore-case': 'AB"' } }, ['ab', 'Ab', 'AB', 'ab"']],
    [{ suffix: { 'equals-ignore-case': '"AB' } }, ['ab', 'Ab', 'AB', '"ab']],
  ])('%j', (condition, values) => {
    expect(VALUES.filter((value) => accepts(condition, value))).toEqual(values);
  });

  test.each<[unknown, string[]]>([
    ['ab', ['ab']],
    [
      ['a', 'ab', ''],
      ['', 'a', 'ab'],
    ],
    [{ prefix: 'ab' }, ['ab', 'abc', 'ab"']],
    [{ prefix: ['ab', 'A'] }, ['ab', 'abc', 'A', 'Ab', 'AB', 'ab"']],
    [{ suffix: ['ab', 'y'] }, ['ab', 'cab', 'aab', '"ab', 'xaby']],
    [{ 'equals-ignore-case': ['AB', 'b'] }, ['b', 'ab', 'Ab', 'AB']],
    [{ wildcard: ['a*b', '*c'] }, ['ab', 'abc', 'aab', 'a*b', 'axb', 'a\\b']],
  ])('anything but %j', (but, values) => {
    expect(VALUES.filter((value) => !accepts({ 'anything-but': but }, value))).toEqual(values);
  });

  test('wildcards with parts that repeat themselves match as regular expressions do', () => {
    // Such wildcards are too complex for a rule, so the comparison is asked by itself.
    const random = new Random(2);
    const wrong: string[][] = [];
    for (let i = 0; i < 4000; i++) {
      const middle = random.many(0, 2, () => random.text('ab', random.pick([2, 12]), 1));
      const parts = [random.text('ab', 2), ...middle, random.text('ab', 2)];
      const filler = () => random.text('ab', 3);
      const near = parts
        .map((part) => (random.chance(0.9) ? part : part.slice(1)))
        .reduce((text, part) => text + filler() + part);
      const value = random.chance(0.5) ? near : filler() + near + filler();
      const expected = new RegExp(`^${parts.join('.*')}$`).test(value);
      const units = unitsOf(`"${value}"`);
      if (fitsWildcard(parts.map(unitsOf), units, 1, units.length - 1) !== expected) {
        wrong.push([parts.join('*'), value]);
      }
    }
    expect(wrong).toEqual([]);
  });
});

test('numbers that a condition accepts', () => {
  const VALUES = [-1, 0, 0.5, 1, 1.5, 2, 1e300];
  const accepted = (condition: unknown) => VALUES.filter((value) => accepts(condition, value));
  expect(accepted(1)).toEqual([1]);
  expect(accepted({ numeric: ['=', 0] })).toEqual([0]);
  expect(accepted({ numeric: ['<', 1] })).toEqual([-1, 0, 0.5]);
  expect(accepted({ numeric: ['<=', 1] })).toEqual([-1, 0, 0.5, 1]);
  expect(accepted({ numeric: ['>', 1] })).toEqual([1.5, 2, 1e300]);
  expect(accepted({ numeric: ['>=', 1] })).toEqual([1, 1.5, 2, 1e300]);
  expect(accepted({ numeric: ['>', 0, '<', 1.5] })).toEqual([0.5, 1]);
  expect(accepted({ numeric: ['>=', 0, '<=', 1.5] })).toEqual([0, 0.5, 1, 1.5]);
  expect(accepted({ 'anything-but': [0, 1e300] })).toEqual([-1, 0.5, 1, 1.5, 2]);
  expect(accepted('1')).toEqual([]);
  expect(accepts({ numeric: ['>', 0] }, Number.MAX_VALUE)).toBe(true);
  expect(accepts({ numeric: ['<', 0] }, -Number.MAX_VALUE)).toBe(true);
  expect(accepts({ numeric: ['>', 0] }, '1')).toBe(false);
});

test('a list of values matches where one does, with anything-but too', () => {
  expect(accepts({ 'anything-but': 'x' }, ['x', 'y'])).toBe(true);
  expect(accepts({ 'anything-but': 'x' }, ['x', 'x'])).toBe(false);
  expect(accepts('x', ['y', 'x'])).toBe(true);
  expect(accepts({ exists: false }, [[], {}])).toBe(true);
  expect(accepts({ exists: false }, [[null]])).toBe(false);
});

test('the fields of an object count beside a value of the same field', () => {
  const pattern = compilePattern({ a: { b: ['x'] } });
  expect(pattern.matches({ a: 'x' })).toBe(false);
  expect(pattern.matches({ a: ['x', { b: 'x' }] })).toBe(true);
  expect(compilePattern({ a: ['x'] }).matches({ a: { b: 'x' } })).toBe(false);
});
