import { Random } from '../../../scripts/random';
import { membersOf } from '../../../src/validation/handler/json-members';
import { readDetail, stamped, type Origin } from '../../../src/validation/handler/stamp';

const ORIGIN: Origin = {
  id: 'i-1',
  account: '222222222222',
  region: 'eu-west-1',
  source: 'order.service',
  time: '2026-11-21T10:00:00Z',
};
const STAMP = `"origin":${JSON.stringify(ORIGIN)}`;
/** Stamps a detail where it stands in an event. */
const stamp = (text: string) => stamped(readDetail(` {"id":"{", "detail" : ${text} }`), ORIGIN);

test.each([
  ['nothing', '{}', `{"metadata":{${STAMP}}}`],
  ['white space', '{ }', `{"metadata":{${STAMP}} }`],
  ['other fields', '{"a":1.0}', `{"metadata":{${STAMP}},"a":1.0}`],
  ['empty metadata', '{"a":1,"metadata":{}}', `{"a":1,"metadata":{${STAMP}}}`],
  [
    'metadata',
    '{"metadata" : { "id" : "x" , "n":1e400 } ,"b":[]}',
    `{"metadata" : {${STAMP},"id" : "x","n":1e400} ,"b":[]}`,
  ],
  ['a forged origin', '{"metadata":{"origin":{"account":"1"},"id":"x"}}', `{"metadata":{${STAMP},"id":"x"}}`],
  ['one in other letters', '{"metadat\\u0061":{"orig\\u0069n":1}}', `{"metadat\\u0061":{${STAMP}}}`],
  [
    'huge numbers and repeated values',
    '{"n":9007199254740993,"m":{"n":9007199254740993}}',
    `{"metadata":{${STAMP}},"n":9007199254740993,"m":{"n":9007199254740993}}`,
  ],
])('a detail with %s is stamped, and else left as it is', (_, text, expected) => {
  expect(stamp(text)).toBe(expected);
});

test.each([
  ['a key twice', '{"a":1,"a":2}', 'key "a" stands twice in one object'],
  ['a key twice in other letters', '{"a":1,"\\u0061":2}', 'key "a" stands twice in one object'],
  ['a key twice far inside', '{"x":[{"y":{"a":1,"b":2,"a":3}}]}', 'key "a" stands twice'],
  ['metadata twice', '{"metadata":{},"metadata":{}}', 'key "metadata" stands twice'],
  ['origin twice', '{"metadata":{"origin":{},"origin":{}}}', 'key "origin" stands twice'],
  ['a dotted stamp', '{"metadata.origin.account":"1"}', 'key "metadata.origin.account" stands for a field of metadata'],
  [
    'a dotted stamp in metadata',
    '{"metadata":{"origin.account":"1"}}',
    'key "origin.account" stands for a field of origin',
  ],
  ['metadata that is null', '{"metadata":null}', 'metadata is no object'],
  ['metadata that is a list', '{"metadata":[{"origin":1}]}', 'metadata is no object'],
  ['a list', '[{}]', 'the detail is no object'],
  ['too many levels', `${'{"a":'.repeat(1001)}1${'}'.repeat(1001)}`, 'more than 1000 levels'],
])('a detail with %s is refused', (_, text, message) => {
  expect(() => stamp(text)).toThrow(message);
});

test('1,000 levels are taken', () => {
  expect(() => stamp(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`)).not.toThrow();
});

test('random details come out as a parser would have stamped them', () => {
  const random = new Random('stamp');
  const space = () => random.pick(['', '', '', ' ', '\n\t ']);
  const key = () => random.pick(['a', 'b', 'metadata', 'origin', 'x.y', '', 'a"b', 'é', '\\']);
  const value = (depth: number): string => {
    const kind = depth > 3 ? random.below(5) : random.below(8);
    if (kind < 5) return ['1', '-0.5e+3', 'true', 'null', JSON.stringify(key())][kind];
    const items = Array.from({ length: random.below(4) }, () => value(depth + 1));
    return kind === 5 ? `[${space()}${items.join(`${space()},${space()}`)}${space()}]` : object(items);
  };
  const object = (values: string[]): string => {
    const keys = [...new Set(values.map(key))];
    const members = keys.map((name, i) => `${JSON.stringify(name)}${space()}:${space()}${values[i]}`);
    return `{${space()}${members.join(`${space()},${space()}`)}${space()}}`;
  };
  let compared = 0;
  for (let i = 0; i < 4000; i++) {
    const text = object(Array.from({ length: random.below(5) }, () => value(1)));
    const parsed = JSON.parse(text);
    expect(
      membersOf(text, 0).map(({ key: name, valueStart, end }) => [name, JSON.parse(text.slice(valueStart, end))]),
    ).toEqual(Object.entries(parsed));
    const { metadata = {} } = parsed;
    if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) continue;
    expect(JSON.parse(stamp(text))).toEqual({ ...parsed, metadata: { ...metadata, origin: ORIGIN } });
    compared++;
  }
  expect(compared).toBeGreaterThan(2000);
});
