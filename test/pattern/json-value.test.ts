import { compilePattern, compilePatterns, InvalidEventPatternError } from '../../src/pattern';
import { type JsonNode, parseJsonText } from '../../src/pattern/json-text';
import { nodeOf } from '../../src/pattern/json-value';

const withToJson = (toJSON: (key: string) => unknown) => ({ member: 'not seen', toJSON });

class Fields {
  public own = 'x';
  readonly #hidden = 1;
  public get inherited() {
    return this.#hidden;
  }
}

/** Values that JSON does not have, or not as they are. */
const VALUES: Array<[what: string, value: unknown]> = [
  ['a string object', new String('x')],
  ['an empty string object', new String('')],
  ['an object of a class of strings', new (class extends String {})('x')],
  ['a string object with a text of its own', Object.assign(new String('x'), { toString: () => 'y' })],
  ['a number object', new Number(5)],
  ['a number object with a value of its own', Object.assign(new Number(5), { valueOf: () => 1 })],
  ['a boolean object', new Boolean(false)],
  ['a symbol object', Object(Symbol('x'))],
  ['undefined', undefined],
  ['minus zero', -0],
  ['a number that is written with an exponent', 1e21],
  ['half a surrogate pair', '\ud800'],
  ['a date', new Date(0)],
  ['no valid date', new Date(NaN)],
  ['a map', new Map([['a', 1]])],
  ['a set', new Set([1])],
  ['a regular expression', /x/],
  ['an error', new Error('x')],
  ['bytes', Buffer.from('x')],
  ['numbers of 8 bits', Uint8Array.of(1, 2)],
  ['an address on the web', new URL('https://example.com/')],
  ['an object of a class', new Fields()],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
  ['an object with symbols as keys', { [Symbol('x')]: 1, a: 1 }],
  ['an object with a field that is not enumerable', Object.defineProperty({ a: 1 }, 'b', { value: 1 })],
  ['a list with a gap', [1, , 2]], // eslint-disable-line no-sparse-arrays
  ['a list with a field', Object.assign([1], { a: 1 })],
  ['a list behind a proxy', new Proxy([1], {})],
  ['a toJSON that is no function', { toJSON: 'x' }],
  ['what toJSON gives', withToJson(() => ({ a: ['x'] }))],
  ['an inherited toJSON', Object.create(withToJson(() => 'x'))],
  ['the toJSON of a function', Object.assign(() => 1, { toJSON: () => 'x' })],
  ['the toJSON of a big integer', Object.assign(Object(1n), { toJSON: () => '1' })],
  ['the toJSON of a string object', Object.assign(new String('x'), { toJSON: () => 'y' })],
  ['toJSON giving undefined', withToJson(() => undefined)],
  ['toJSON giving null', withToJson(() => null)],
  ['toJSON giving a string object', withToJson(() => new String('x'))],
  ['toJSON giving its key', withToJson((key) => key)],
  ['toJSON giving the type of its key', withToJson((key) => typeof key)],
  // It is asked once.
  ['toJSON giving an object with another', withToJson(() => new Date(0))],
  ['toJSON giving the object itself', new (class extends Fields { public toJSON() { return this; } })()], // prettier-ignore
];

/** The value wherever it may stand. */
const everywhere = (value: unknown) => ({ member: value, 'a/b': { '': value }, list: [value, [1, value]] });

describe('a value is read as JSON.stringify writes it', () => {
  /** A tree without the places in the text. */
  const bare = (node: JsonNode) => JSON.parse(JSON.stringify(node, (key, part) => (key === 'at' ? undefined : part)));

  const read = (value: unknown, isUnknown: (part: unknown) => boolean = () => false) => {
    const fail = (...fault: unknown[]): never => {
      throw new Error(fault.join(' '));
    };
    return bare(nodeOf(value, fail, isUnknown));
  };

  test.each(VALUES)('in a pattern: %s', (_, value) => {
    const given = everywhere(value);
    expect(read(given)).toEqual(bare(parseJsonText(JSON.stringify(given))));
    expect(read(value)).toEqual(bare(parseJsonText(JSON.stringify(value) ?? 'null')));
  });

  test('what is not known yet is not asked for its toJSON, and may be what another gives', () => {
    const token = withToJson(() => 'x');
    expect(read([token, withToJson(() => token)], (part) => part === token).items).toEqual([
      { type: 'unknown' },
      { type: 'unknown' },
    ]);
  });

  test.each(VALUES)('in an event: %s', (_, value) => {
    const values = ['x', 'y', '', '1', 'string', 'member', 5, 1, 0, 1e21, false, null, '1970-01-01T00:00:00.000Z'];
    const rules = compilePatterns(
      Object.fromEntries(
        ['member', 'a/b.', 'list', 'list.a', 'member.0', 'member.toJSON'].flatMap((path) => [
          [`${path} is absent`, { [path]: [{ exists: false }] }],
          ...values.map((known) => [`${path} is ${JSON.stringify(known)}`, { [path]: [known] }]),
        ]),
      ),
    );
    const given = everywhere(value);
    expect(rules.matches(given).sort()).toEqual(rules.matches(JSON.stringify(given)).sort());
  });
});

describe('in a pattern', () => {
  const refusal = (pattern: object): InvalidEventPatternError => {
    try {
      compilePattern(pattern);
    } catch (error) {
      return error as InvalidEventPatternError;
    }
    throw new Error('the pattern was accepted');
  };

  test.each([
    ['NaN in an object', new Number(NaN), 'WrongOperand', 'NaN'],
    ['a big integer in an object', Object(10n), 'WrongCondition', 'bigint'],
    ['infinity that toJSON gives', withToJson(() => Infinity), 'WrongOperand', 'Infinity'],
    ['a big integer that toJSON gives', withToJson(() => 10n), 'WrongCondition', 'bigint'],
    ['a function that toJSON gives', withToJson(() => () => 1), 'WrongCondition', 'function'],
    ['a symbol that toJSON gives', withToJson(() => Symbol('x')), 'WrongCondition', 'symbol'],
  ])('%s is refused', (_, value, code, said) => {
    const error = refusal({ a: ['x', value] });
    expect(error).toMatchObject({ name: 'InvalidEventPatternError', code, path: '/a/1' });
    expect(error.problem).toContain(said);
  });

  test('objects that toJSON makes without end are refused', () => {
    const endless = { toJSON: (): unknown => ({ a: endless }) };
    expect(refusal(endless).code).toBe('TooDeep');
  });

  test('big integers have a toJSON where somebody has given them one', () => {
    const prototype = BigInt.prototype as { toJSON?: () => string };
    prototype.toJSON = function () {
      return String(this);
    };
    try {
      const pattern = compilePattern({ a: [10n] });
      expect(pattern.matches({ a: '10' })).toBe(true);
      expect(pattern.matches({ a: 10n })).toBe(true);
      expect(pattern.matches({ a: 10 })).toBe(false);
    } finally {
      delete prototype.toJSON;
    }
  });

  test('objects that stand for strings and numbers are conditions and operands as these are', () => {
    const pattern = compilePattern({ a: [new String('x'), { prefix: new String('y') }], b: [new Number(5)] });
    expect(pattern.matches({ a: 'x', b: 5 })).toBe(true);
    expect(pattern.matches({ a: new String('yes'), b: new Number(5) })).toBe(true);
    expect(pattern.matches({ a: 'z', b: 5 })).toBe(false);
  });
});
