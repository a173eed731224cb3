import { Random } from '../../scripts/random';
import { compilePattern, compilePatterns } from '../../src/pattern';

const matches = (pattern: object | string, event: object | string) => compilePattern(pattern).matches(event);

describe('fields of objects in an array', () => {
  const both = { a: { x: ['1'], y: ['2'] } };

  test('must be in the same element', () => {
    expect(matches(both, { a: [{ x: '1', y: '2' }] })).toBe(true);
    expect(matches(both, { a: [{ x: '1' }, { y: '2' }] })).toBe(false);
    expect(
      matches(both, {
        a: [
          { x: '1', y: '3' },
          { x: '3', y: '2' },
        ],
      }),
    ).toBe(false);
  });

  test('are looked for in every element', () => {
    const others = Array.from({ length: 50 }, (_, i) => (i % 2 ? { x: '1' } : { y: '2' }));
    expect(matches(both, { a: [...others, { y: '2', x: '1' }] })).toBe(true);
    expect(matches(both, { a: [{ y: '2', x: '1' }, ...others] })).toBe(true);
    expect(matches(both, { a: others })).toBe(false);
  });

  test('agree with a field outside of the array', () => {
    const pattern = { a: { x: ['1'], y: ['2'] }, b: ['3'] };
    expect(matches(pattern, { a: [{ x: '1', y: '2' }], b: '3' })).toBe(true);
    expect(matches(pattern, { a: [{ x: '1' }, { y: '2' }], b: '3' })).toBe(false);
    expect(matches({ a: { x: ['1'] }, b: ['3'] }, { a: [{ x: '0' }, { x: '1' }], b: ['3', '4'] })).toBe(true);
  });

  test('of different arrays have nothing to do with each other', () => {
    const pattern = { a: { x: ['1'], y: ['2'] }, b: { x: ['1'], y: ['2'] } };
    const [one, two, none] = [{ x: '1', y: '2' }, { x: '1' }, { y: '2' }];
    expect(matches(pattern, { a: [one, two], b: [none, two, one] })).toBe(true);
    expect(matches(pattern, { a: [one, two], b: [none, two] })).toBe(false);
    expect(matches(pattern, { a: [none, two], b: [one] })).toBe(false);
  });

  test('may be in an array of values each: an array of values has no elements', () => {
    expect(matches({ a: ['1'], b: ['4'] }, { a: ['0', '1'], b: ['4', '5'] })).toBe(true);
    expect(matches(both, { a: [{ x: ['0', '1'], y: ['2', '3'] }] })).toBe(true);
    expect(matches(both, { a: [{ x: ['1'] }, { y: ['2'] }] })).toBe(false);
  });

  test('must be in the same element of each array around them', () => {
    const pattern = { a: { b: { x: ['1'], y: ['2'] }, z: ['3'] } };
    const x = { x: '1' };
    const y = { y: '2' };
    expect(matches(pattern, { a: [{ b: [{ ...x, ...y }], z: '3' }] })).toBe(true);
    expect(matches(pattern, { a: [{ b: [x, y], z: '3' }] })).toBe(false);
    expect(matches(pattern, { a: [{ b: [{ ...x, ...y }] }, { z: '3' }] })).toBe(false);
    expect(matches(pattern, { a: [{ b: [{ ...x, ...y }] }, { b: [{ ...y, ...x }], z: '3' }] })).toBe(true);
    expect(matches(pattern, { a: { b: [x, y, { ...x, ...y }], z: '3' } })).toBe(true);
  });

  test('are as much together under dotted keys', () => {
    expect(matches(both, '{"a":[{"x":"1"}],"a.y":"2"}')).toBe(true);
    expect(matches({ 'a.x': ['1'], 'a.y': ['2'] }, { a: [{ x: '1' }, { y: '2' }] })).toBe(false);
    expect(matches({ a: { 'b.x': ['1'], 'b.y': ['2'] } }, { 'a.b': [{ x: '1' }, { y: '2' }] })).toBe(false);
    expect(matches({ a: { 'b.x': ['1'], 'b.y': ['2'] } }, { 'a.b': [{ x: '1', y: '2' }] })).toBe(true);
  });
});

describe('arrays of arrays', () => {
  const both = { a: { x: ['1'], y: ['2'] } };

  test('keep apart what is in different inner arrays', () => {
    expect(matches(both, { a: [[{ x: '1', y: '2' }]] })).toBe(true);
    expect(matches(both, { a: [[{ x: '1' }], [{ y: '2' }]] })).toBe(false);
    expect(matches(both, { a: [[{ x: '1' }, { y: '2' }]] })).toBe(false);
    expect(matches(both, { a: [[], [[]], [[{ y: '2', x: '1' }]]] })).toBe(true);
  });

  test('values of them count as values of the field', () => {
    expect(matches({ a: ['1'] }, { a: [['0'], [['1']]] })).toBe(true);
    expect(matches({ a: ['1'] }, { a: [['0'], [['2']]] })).toBe(false);
  });

  test('a value in an inner array and a field of another inner array are apart', () => {
    const pattern = '{"a":["1"],"a":{"x":["2"]}}';
    expect(matches(pattern, { a: [['1', { x: '2' }]] })).toBe(true);
    expect(matches(pattern, { a: [['1'], [{ x: '2' }]] })).toBe(false);
    expect(matches(pattern, { a: ['1', { x: '2' }] })).toBe(true);
  });
});

describe('a key that is there twice', () => {
  test('has the values of both', () => {
    const event = '{"a":"1","a":"2"}';
    expect(matches({ a: ['1'] }, event)).toBe(true);
    expect(matches({ a: ['2'] }, event)).toBe(true);
    expect(matches({ a: ['3'] }, event)).toBe(false);
  });

  test('with two arrays: what is in one agrees with what is in the other', () => {
    const both = { a: { x: ['1'], y: ['2'] } };
    expect(matches(both, '{"a":[{"x":"1"}],"a":[{"y":"2"}]}')).toBe(true);
    expect(matches(both, '{"a":[{"x":"1"},{"y":"2"}],"a":[{"y":"3"}]}')).toBe(false);
    expect(matches(both, '{"a":[{"x":"0"},{"y":"2"}],"a":[{"y":"0"},{"x":"1"}]}')).toBe(true);
  });

  test('with an array and an object', () => {
    const three = { a: { x: ['1'], y: ['2'], z: ['3'] } };
    expect(matches(three, '{"a":[{"x":"1"},{"y":"2"}],"a":{"z":"3"}}')).toBe(false);
    expect(matches(three, '{"a":[{"x":"1"},{"y":"2"}],"a":{"z":"3","x":"1"}}')).toBe(true);
    expect(matches(three, '{"a":{"z":"3","x":"1"},"a":[{"x":"1"},{"y":"2"}]}')).toBe(true);
    expect(matches(three, '{"a":[{"x":"1"},{"y":"2"}],"a":[{"z":"3"},{"x":"1","z":"3"}]}')).toBe(true);
  });

  test('many times: each field chooses among them', () => {
    const fields = ['u', 'v', 'w', 'x', 'y', 'z'];
    const pattern = { a: Object.fromEntries(fields.map((field) => [field, ['1']])) };
    const arrays = (elements: string[]) => `{${elements.map((element) => `"a":[${element}]`).join(',')}}`;
    const lone = fields.map((field) => `{"${field}":"1"}`);
    expect(matches(pattern, arrays(lone))).toBe(true);
    expect(matches(pattern, arrays(lone.slice(1)))).toBe(false);
    expect(matches(pattern, arrays([lone.slice(0, 2).join(','), ...lone.slice(2)]))).toBe(false);
    expect(matches(pattern, arrays([lone.slice(0, 2).join(','), ...lone.slice(1)]))).toBe(true);
  });
});

describe('many fields in several arrays of one key', () => {
  const fields = Array.from({ length: 60 }, (_, i) => `k${i}`);
  const pattern = { a: Object.fromEntries(fields.map((field) => [field, ['1']])) };
  const array = (...elements: string[][]) => {
    const objects = elements.map((some) => JSON.stringify(Object.fromEntries(some.map((field) => [field, '1']))));
    return `"a":[${objects.join(',')}]`;
  };
  const without = (step: number, rest: number) => fields.filter((_, i) => i % step !== rest);

  test('are chosen where they fit', () => {
    const first = array(without(3, 0), without(5, 1));
    expect(matches(pattern, `{${first},${array(without(3, 1), without(7, 0))}}`)).toBe(true);
    expect(matches(pattern, `{${first},${array(without(6, 0), without(15, 6))}}`)).toBe(false);
    expect(matches(pattern, `{${first},${array(without(6, 0), without(15, 6))},${array(['k0', 'k1'])}}`)).toBe(false);
    expect(matches(pattern, `{${first},${array(without(6, 0), without(15, 6))},${array(without(2, 1))}}`)).toBe(true);
  });

  test('one choice of two in each of many arrays', () => {
    const arrays = fields.slice(2).map((field, i) => array([field], [fields[(i * 7) % 60]]));
    expect(matches(pattern, `{${arrays.join(',')},${array(['k0', 'k1'], ['k0', 'k2'])}}`)).toBe(true);
    expect(matches(pattern, `{${arrays.join(',')},${array(['k0', 'k3'], ['k2'])}}`)).toBe(false);
  });

  test('with more ways to choose than can be tried: an error, and no guess', () => {
    const random = new Random(8);
    const some = () => fields.filter(() => random.chance(0.12));
    const arrays = Array.from({ length: 12 }, () => array(...Array.from({ length: 30 }, some)));
    expect(() => matches(pattern, `{${arrays.join(',')}}`)).toThrow(
      'event: a key is there so often, each time with an array of objects, that the ways to choose among them are too many',
    );
  });
});

describe('absence', () => {
  const absentThen = { a: { x: [{ exists: false }], y: ['2'] } };
  const thenAbsent = { a: { y: ['2'], z: [{ exists: false }] } };

  test('of a field that comes first is absence from all elements', () => {
    expect(matches(absentThen, { a: [{ y: '2' }, { w: '1' }] })).toBe(true);
    expect(matches(absentThen, { a: [{ x: '1' }, { y: '2' }] })).toBe(false);
    expect(matches(absentThen, { a: [{ y: '2' }, { x: null }] })).toBe(false);
  });

  test('of a field that comes later is absence from the element of the earlier', () => {
    expect(matches(thenAbsent, { a: [{ z: '1' }, { y: '2' }] })).toBe(true);
    expect(matches(thenAbsent, { a: [{ y: '2' }, { z: '1' }] })).toBe(true);
    expect(matches(thenAbsent, { a: [{ z: '1', y: '2' }] })).toBe(false);
    expect(
      matches(thenAbsent, {
        a: [
          { z: '1', y: '2' },
          { y: '2', z: [] },
        ],
      }),
    ).toBe(true);
  });

  test('does not depend on the order of the keys in the pattern', () => {
    const event = { a: [{ x: '1' }, { y: '2' }] };
    for (const field of ['x', 'z']) {
      const asked = { [field]: [{ exists: false }] };
      const [one, other] = [{ a: { ...asked, y: ['2'] } }, { a: { y: ['2'], ...asked } }];
      for (const pattern of [one, other]) expect(matches(pattern, event)).toBe(field === 'z');
    }
    const later = { a: [{ z: '1' }, { y: '2' }] };
    for (const pattern of [thenAbsent, { a: { z: [{ exists: false }], y: ['2'] } }]) {
      expect(matches(pattern, later)).toBe(true);
    }
  });

  test('goes by the whole path, code unit by code unit', () => {
    const event = '{"a":[{"b!":"1"},{"b.c":"2"}]}';
    // "a.b!" comes before "a.b.c", though "a" with "b" inside would not.
    expect(matches('{"a":{"b!":[{"exists":false}],"b":{"c":["2"]}}}', event)).toBe(false);
    expect(matches('{"a":{"b!":["1"],"b":{"c":[{"exists":false}]}}}', event)).toBe(true);
    expect(matches('{"a":{"Z":["1"],"a":[{"exists":false}]}}', { a: [{ a: 1 }, { Z: '1' }] })).toBe(true);
    expect(matches('{"a":{"Z":[{"exists":false}],"a":["1"]}}', { a: [{ a: '1' }, { Z: '1' }] })).toBe(false);
  });

  test('of a field that an earlier one in another array does not bear on', () => {
    const pattern = { a: { x: ['1'] }, b: { x: [{ exists: false }] } };
    expect(matches(pattern, { a: [{ x: '1' }], b: [{ y: '1' }] })).toBe(true);
    expect(matches(pattern, { a: [{ x: '1' }], b: [{ y: '1' }, { x: '1' }] })).toBe(false);
  });

  test('of a field directly in the object, where the other is in an array below', () => {
    const pattern = { a: { b: { x: ['1'] }, c: [{ exists: false }] } };
    expect(matches(pattern, { a: [{ b: [{ x: '1' }] }, { c: 1 }] })).toBe(true);
    expect(matches(pattern, { a: [{ b: [{ x: '1' }], c: 1 }] })).toBe(false);
    expect(matches(pattern, { a: { b: [{ x: '1' }], c: 1 } })).toBe(false);
  });

  test('or a value: either will do', () => {
    const pattern = { a: { y: ['2'], z: [{ exists: false }, 'ok'] } };
    expect(matches(pattern, { a: [{ y: '2', z: 'ok' }] })).toBe(true);
    expect(matches(pattern, { a: [{ y: '2' }, { z: 'no' }] })).toBe(true);
    expect(matches(pattern, { a: [{ y: '2', z: 'no' }, { z: 'ok' }] })).toBe(false);
    const first = { a: { x: [{ exists: false }, 'ok'], y: ['2'] } };
    expect(matches(first, { a: [{ y: '2' }] })).toBe(true);
    expect(matches(first, { a: [{ y: '2' }, { x: 'ok' }] })).toBe(false);
    expect(matches(first, { a: [{ y: '2', x: 'ok' }, { x: 'no' }] })).toBe(true);
  });

  test('chosen and absent by turns', () => {
    const pattern = { a: { v: ['1'], w: [{ exists: false }], x: ['1'], y: [{ exists: false }] } };
    expect(
      matches(pattern, {
        a: [
          { v: '1', x: '1' },
          { w: 1, y: 1 },
        ],
      }),
    ).toBe(true);
    expect(matches(pattern, { a: [{ v: '1', x: '1', y: 1 }, { w: 1 }] })).toBe(false);
    expect(
      matches(pattern, {
        a: [
          { v: '1', x: '1', y: 1 },
          { v: '1', x: '1', q: 1 },
        ],
      }),
    ).toBe(true);
  });

  test('in an array that is there twice must hold in the other one too', () => {
    expect(matches(thenAbsent, '{"a":[{"y":"2"},{"z":1}],"a":[{"q":1}]}')).toBe(true);
    expect(matches(thenAbsent, '{"a":[{"y":"2"},{"z":1}],"a":[{"z":1}]}')).toBe(false);
    // The value of the one array is chosen there, that of the other keeps its element from counting.
    expect(matches(thenAbsent, '{"a":[{"y":"2"}],"a":[{"y":"2"},{"z":1}]}')).toBe(true);
  });
});

describe('a key twice, with arrays and absence', () => {
  test('a value can choose the element of one array, for one absence', () => {
    const pattern = { a: { c: ['1'], d: [{ exists: false }], e: { h: ['1'], x: [{ exists: false }] } } };
    const outer = (inner: string) => `"a":[{"c":"1","e":[{"h":"1"},${inner}]},{"d":1}]`;
    const other = (inner: string) => `"a":{"c":"1","e":[{"h":"1"},${inner}]}`;
    expect(matches(pattern, `{${outer('{"x":1}')},${other('{"x":1}')}}`)).toBe(false);
    expect(matches(pattern, `{${outer('{"y":1}')},${other('{"x":1}')}}`)).toBe(true);
    expect(matches(pattern, `{${outer('{"x":1}')},${other('{"y":1}')}}`)).toBe(true);
  });

  test('of elements that meet the same, one without the other field is taken', () => {
    const pattern = { a: { q: ['1'], y: ['1'], z: [{ exists: false }, 'ok'] } };
    const second = '"a":[{"z":"ok"},{"q":"1"}]';
    expect(matches(pattern, `{"a":[{"y":"1","z":"no"},{"y":"1"}],${second}}`)).toBe(true);
    expect(matches(pattern, `{"a":[{"y":"1","z":"no"}],${second}}`)).toBe(false);
  });

  test('many fields that may have a value or be absent, in long arrays', () => {
    const random = new Random(9);
    const fields = Array.from({ length: 30 }, (_, i) => `k${i}`);
    const either = Object.fromEntries(fields.map((field) => [field, [{ exists: false }, '1']]));
    const element = () => {
      const members = fields.filter(() => random.chance(0.5)).map((field) => `"${field}":"1"`);
      return `{${['"a":"1"', ...members].join(',')}}`;
    };
    const inner = `"b":[${Array.from({ length: 3000 }, element).join(',')}]`;
    const pattern = { a: { b: { ...either, a: ['1'] }, y: ['1'] } };
    expect(matches(pattern, `{"a":[{"y":"1"},{${inner}}]}`)).toBe(false);
    expect(matches(pattern, `{"a":[{"x":"1"},{"y":"1",${inner}}]}`)).toBe(true);
  });
});

describe('a list of values and arrays', () => {
  test('a value beside arrays is chosen without choosing an element', () => {
    const pattern = { a: [3], 'a.x': [{ exists: false }] };
    expect(matches(pattern, { a: [3, { y: 1 }] })).toBe(true);
    expect(matches(pattern, { a: [3, { x: 1 }] })).toBe(false);
    // The inner array is an element, in which there is no x.
    expect(matches(pattern, { a: [[3], { x: 1 }] })).toBe(true);
    expect(matches(pattern, { a: [[2], { x: 1 }, 3] })).toBe(false);
  });

  test('a value is not taken for one of the array before it', () => {
    const pattern = { a: [{ 'anything-but': '1' }], 'a.x': [{ exists: false }] };
    const either = { a: [{ 'anything-but': '1' }, { exists: false }], 'a.x': [{ exists: false }] };
    for (const one of [pattern, either]) expect(matches(one, { a: [[['1'], { x: 3 }, null], 3] })).toBe(false);
    const twice = { a: { x: ['1'], 'x.y': [{ exists: false }] } };
    expect(matches(twice, '{"a":{"x":[{"y":2},["2"]],"x":"1","x":[["1"]]}}')).toBe(false);
  });

  test('a value does not end the array that it stands in', () => {
    const pattern = { a: [{ exists: true }], 'a.x': [{ exists: false }] };
    expect(matches(pattern, { a: [[{ x: '2' }, 3], '1', ['2']] })).toBe(true);
    expect(matches(pattern, { a: [[{ x: '2' }, 3], ['2'], '1'] })).toBe(true);
    expect(matches(pattern, { a: ['1', [{ x: '2' }, 3], ['2']] })).toBe(true);
    expect(matches(pattern, { a: [[{ x: '2' }, 3], '1'] })).toBe(false);
  });
});

/** A leaf of an event, with the element that it is in of each array around it. */
interface Leaf {
  readonly path: string;
  readonly value: string;
  readonly elements: ReadonlyMap<number, number>;
}

type Alternative = { readonly text: string; readonly accepts?: (leaf: Leaf) => boolean };

const ABSENT: Alternative = { text: '{"exists":false}' };
const ALTERNATIVES: Alternative[] = [
  ABSENT,
  { text: '"1"', accepts: ({ value }) => value === '"1"' },
  { text: '"2"', accepts: ({ value }) => value === '"2"' },
  { text: '3', accepts: ({ value }) => value === '3' },
  { text: '{"exists":true}', accepts: () => true },
  { text: '{"anything-but":"1"}', accepts: ({ value }) => value !== '"1"' },
];

/** The rules, tried as they are written: every choice of leaves, one field after another. */
function reference(fields: ReadonlyMap<string, Alternative[]>, leaves: Leaf[]): boolean {
  const paths = [...fields.keys()].sort();
  const holds = (at: number, chosen: ReadonlyMap<number, number>): boolean => {
    if (at === paths.length) return true;
    const agreeing = leaves.filter(
      ({ path, elements }) =>
        path === paths[at] && [...elements].every(([array, element]) => (chosen.get(array) ?? element) === element),
    );
    return fields.get(paths[at])!.some(({ accepts }) => {
      if (accepts === undefined) return agreeing.length === 0 && holds(at + 1, chosen);
      return agreeing.some((leaf) => accepts(leaf) && holds(at + 1, new Map([...chosen, ...leaf.elements])));
    });
  };
  return holds(0, new Map());
}

/** Makes small events that are all arrays, and patterns for them. */
class Maker {
  private leaves: Leaf[] = [];
  private arrays = 0;

  constructor(
    private readonly random: Random,
    private readonly keys: string[],
  ) {}

  public event(): { text: string; leaves: Leaf[] } {
    this.leaves = [];
    return { text: this.object([], new Map(), 4), leaves: this.leaves };
  }

  public pattern(event: Leaf[]): { text: string; fields: Map<string, Alternative[]> } {
    const { random } = this;
    const known = event.map(({ path }) => path);
    const fields = new Map<string, Alternative[]>();
    const entries = random.many(2, 5, () => {
      const path =
        known.length > 0 && random.chance(0.85)
          ? random.pick(known)
          : random.many(1, 3, () => random.pick(this.keys)).join('.');
      const leaves = event.filter((leaf) => leaf.path === path);
      const alternatives = random.many(1, random.chance(0.3) ? 3 : 1, () => {
        if (random.chance(0.3)) return ABSENT;
        const one = random.pick(ALTERNATIVES);
        return leaves.length > 0 && random.chance(0.6) ? this.acceptingOneOf(leaves) : one;
      });
      fields.set(path, alternatives);
      const list = `[${alternatives.map(({ text }) => text).join(',')}]`;
      return this.nested(path.split('.'), list);
    });
    return { text: `{${entries.join(',')}}`, fields };
  }

  private acceptingOneOf(leaves: Leaf[]): Alternative {
    const leaf = this.random.pick(leaves);
    return ALTERNATIVES.find(({ accepts }) => accepts?.(leaf)) ?? ABSENT;
  }

  /** A field under its keys, some of them joined with dots. */
  private nested(keys: string[], value: string): string {
    const here = 1 + this.random.below(this.random.chance(0.3) ? keys.length : 1);
    const rest = keys.slice(here);
    return `"${keys.slice(0, here).join('.')}":${rest.length === 0 ? value : `{${this.nested(rest, value)}}`}`;
  }

  private object(path: string[], elements: ReadonlyMap<number, number>, levels: number): string {
    const members = this.random.many(path.length === 0 ? 1 : 0, 3, () => {
      const keys = this.random.many(1, this.random.chance(0.1) ? 2 : 1, () => this.random.pick(this.keys));
      return `"${keys.join('.')}":${this.value([...path, ...keys], elements, levels)}`;
    });
    return `{${members.join(',')}}`;
  }

  private value(path: string[], elements: ReadonlyMap<number, number>, levels: number): string {
    const kind = this.random.next();
    if (levels > 0 && kind < 0.3) return this.object(path, elements, levels - 1);
    if (levels > 0 && kind < 0.75) return this.array(path, elements, levels);
    return this.leaf(path, elements);
  }

  private array(path: string[], elements: ReadonlyMap<number, number>, levels: number): string {
    const array = this.arrays++;
    const items = Array.from({ length: this.random.below(4) }, (_, element) => {
      const inside = new Map([...elements, [array, element]]);
      const kind = this.random.next();
      if (levels > 1 && kind < 0.65) return this.object(path, inside, levels - 1);
      if (levels > 1 && kind < 0.75) return this.array(path, inside, levels - 1);
      return this.leaf(path, elements);
    });
    return `[${items.join(',')}]`;
  }

  private leaf(path: string[], elements: ReadonlyMap<number, number>): string {
    const value = this.random.pick(['"1"', '"1"', '"2"', '3', 'null']);
    this.leaves.push({ path: path.join('.'), value, elements });
    return value;
  }
}

describe('a search through all choices of values gives the same verdict', () => {
  test.each([
    [1, ['x', 'y']],
    [2, ['x', 'y', 'z']],
    [3, ['a', 'b', 'c', 'd']],
    [4, ['x']],
  ])('on small events full of arrays (%d)', (seed, keys) => {
    const maker = new Maker(new Random(seed), keys);
    const differences: string[] = [];
    const tally = { true: 0, false: 0 };
    for (let i = 0; i < 8000; i++) {
      const event = maker.event();
      const pattern = maker.pattern(event.leaves);
      const expected = reference(pattern.fields, event.leaves);
      tally[`${expected}`]++;
      if (matches(pattern.text, event.text) !== expected) {
        differences.push(`${pattern.text} ${event.text}: ${expected}`);
      }
    }
    expect(differences.sort((a, b) => a.length - b.length).slice(0, 10)).toEqual([]);
    expect(Math.min(tally.true, tally.false)).toBeGreaterThan(1000);
  });

  test('on long arrays, where no few tries will do', () => {
    const random = new Random(6);
    const keys = ['u', 'v', 'w', 'x'];
    const differences: string[] = [];
    const tally = { true: 0, false: 0 };
    for (let i = 0; i < 400; i++) {
      const leaves: Leaf[] = [];
      const texts = [0, 1].slice(random.below(2)).map((array) => {
        const elements = Array.from({ length: 10 + random.below(30) }, (_, element) => {
          const members = keys
            .filter(() => random.chance(0.45))
            .map((key) => {
              const value = random.pick(['"1"', '"2"', '3', 'null']);
              leaves.push({ path: `a.${key}`, value, elements: new Map([[array, element]]) });
              return `"${key}":${value}`;
            });
          return `{${members.join(',')}}`;
        });
        return `"a":[${elements.join(',')}]`;
      });
      const alternatives = () => (random.chance(0.2) ? ABSENT : random.pick(ALTERNATIVES.slice(1, 4)));
      const fields = new Map(keys.map((key) => [`a.${key}`, random.many(1, 2, alternatives)]));
      const pattern = [...fields].map(([path, list]) => `"${path}":[${list.map(({ text }) => text).join(',')}]`);
      const event = `{${texts.join(',')}}`;
      const expected = reference(fields, leaves);
      tally[`${expected}`]++;
      if (matches(`{${pattern.join(',')}}`, event) !== expected) {
        differences.push(`{${pattern.join(',')}} ${event}: ${expected}`);
      }
    }
    expect(differences.sort((a, b) => a.length - b.length).slice(0, 3)).toEqual([]);
    expect(Math.min(tally.true, tally.false)).toBeGreaterThan(50);
  });

  test('and finds the values that the explanation names', () => {
    const maker = new Maker(new Random(7), ['x', 'y', 'z']);
    const differences: string[] = [];
    let tried = 0;
    for (let i = 0; i < 3000; i++) {
      const event = maker.event();
      const pattern = maker.pattern(event.leaves);
      const { matches: matched, branches } = compilePattern(pattern.text).explain(event.text);
      if (!matched) continue;
      tried++;
      const named = new Map(
        branches[0].fields.map(({ field, found, matchedAt }): [string, Alternative[]] => {
          if (matchedAt === undefined) return [field, [ABSENT]];
          const leaves = event.leaves.filter(({ path }) => path === field);
          const accepts = (leaf: Leaf) => found[leaves.indexOf(leaf)].pointer === matchedAt;
          return [field, [{ text: matchedAt, accepts }]];
        }),
      );
      if (!reference(named, event.leaves)) differences.push(`${pattern.text} ${event.text}`);
    }
    expect(differences.sort((a, b) => a.length - b.length).slice(0, 10)).toEqual([]);
    expect(tried).toBeGreaterThan(500);
  });

  test('for many rules at once', () => {
    const maker = new Maker(new Random(5), ['x', 'y', 'z']);
    const differences: string[] = [];
    for (let i = 0; i < 40; i++) {
      const events = Array.from({ length: 20 }, () => maker.event());
      const patterns = events.flatMap(({ leaves }) => [maker.pattern(leaves), maker.pattern(leaves)]);
      const set = compilePatterns(Object.fromEntries(patterns.map(({ text }, rule) => [`rule ${rule}`, text])));
      for (const { text, leaves } of events) {
        const found = set.matches(text);
        expect(new Set(found).size).toBe(found.length);
        patterns.forEach((pattern, rule) => {
          const expected = reference(pattern.fields, leaves);
          if (found.includes(`rule ${rule}`) !== expected) differences.push(`${pattern.text} ${text}: ${expected}`);
        });
      }
    }
    expect(differences.sort((a, b) => a.length - b.length).slice(0, 10)).toEqual([]);
  });
});
