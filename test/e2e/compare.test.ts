import type { Arrivals } from '../../e2e/arrivals';
import { compare, endInShort, isFine, table, type Row } from '../../e2e/compare';
import type { Published } from '../../e2e/events';
import type { Envelope, Way } from '../../e2e/expected';

const HUB = '111111111111';
const ORDER = '222222222222';
const LOG = 'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/shop-global';
const QUEUE = 'arn:aws:sqs:eu-west-1:333333333333:delivery-OnOrderCreated-1a2b3c4d';

const event: Envelope = {
  id: '1',
  account: ORDER,
  region: 'eu-west-1',
  source: 'order.service',
  'detail-type': 'Order.Created',
  resources: [],
  detail: { orderId: 'o1', items: [1, 2] },
};
const published: Published = { by: 'order', event };

const ruleOn = (name: string, pattern: object) => ({ name, arn: name, bus: 'bus', pattern, targets: [] });
const EVERYTHING = { source: [{ prefix: '' }] };
const toLog: Way = { rules: [ruleOn('catch-all', EVERYTHING)], end: LOG };
const toQueue: Way = { rules: [ruleOn('to-delivery', EVERYTHING), ruleOn('orders', EVERYTHING)], end: QUEUE };
const toNobody: Way = { rules: [ruleOn('to-order', { account: [{ 'anything-but': [ORDER] }] })], end: QUEUE };

/** What one event on one way comes to, by what is found at the end of the way. */
function rowOf(way: Way, ...seen: object[]): Row {
  const arrivals = {
    at: (end: string) => (end === way.end ? seen.map((one) => ({ event: one, attributes: {} })) : []),
  };
  return compare([published], [way], arrivals as unknown as Arrivals)[0];
}

test('what arrives once, unchanged, where it should is no difference', () => {
  const row = rowOf(toQueue, event);
  expect(row).toEqual({
    published,
    way: toQueue,
    verdict: { arrives: true, reason: '' },
    count: 1,
    differences: [],
  });
  expect(isFine(row, HUB)).toBe(true);
});

test('what does not arrive where it should not is no difference', () => {
  expect(rowOf(toNobody)).toMatchObject({ verdict: { arrives: false }, count: 0, differences: [] });
});

// Both ways: the missing, and what nobody expected.
test.each([
  ['missing', toQueue, [], 'once', '0 times'],
  ['twice', toQueue, [event, event], 'once', '2 times'],
  ['where it should not', toNobody, [event], '0 times', 'once'],
])('an event that is there %s is a difference, which no fault explains', (_, way, seen, expected, found) => {
  const row = rowOf(way, ...seen);
  expect(row.differences).toEqual([{ what: 'arrival', expected, seen: found, buses: way.rules.length }]);
  expect(isFine(row, HUB)).toBe(false);
});

test('another event does not stand for one that is missing', () => {
  expect(rowOf(toQueue, { ...event, id: '2' })).toMatchObject({ count: 0, differences: [{ what: 'arrival' }] });
});

test('every event is compared on every way', () => {
  const events = [published, { by: 'the hub', event: { ...event, id: '2' } }];
  const arrivals = { at: () => [] } as unknown as Arrivals;
  const rows = compare(events, [toLog, toQueue, toNobody], arrivals);
  expect(rows.map((row) => [row.published.event.id, row.way])).toEqual(
    ['1', '2'].flatMap((id) => [toLog, toQueue, toNobody].map((way) => [id, way])),
  );
});

test.each([
  ['account', '999999999999', '"222222222222"'],
  ['region', 'us-east-1', '"eu-west-1"'],
  ['source', 'delivery.service', '"order.service"'],
  ['detail-type', 'Order.Updated', '"Order.Created"'],
  ['resources', ['arn'], '[]'],
  ['detail', { orderId: 'o2', items: [1, 2] }, '{"items":[1,2],"orderId":"o1"}'],
  ['detail', { orderId: 'o1', items: [2, 1] }, '{"items":[1,2],"orderId":"o1"}'],
  ['detail', { orderId: 'o1' }, '{"items":[1,2],"orderId":"o1"}'],
  ['detail', undefined, '{"items":[1,2],"orderId":"o1"}'],
])('%s that came as %j is a difference', (what, value, expected) => {
  const row = rowOf(toLog, { ...event, [what]: value });
  expect(row.differences).toEqual([expect.objectContaining({ what, buses: 1 })]);
  expect([expected, JSON.parse(expected)]).toContainEqual(row.differences[0].expected);
  expect(isFine(row, HUB)).toBe(false);
});

test.each([
  [
    'a detail that came as text',
    'detail',
    JSON.stringify(event.detail),
    JSON.stringify('{"orderId":"o1","items":[1,2]}'),
  ],
  ['a list that came as text', 'resources', '[]', '"[]"'],
  ['an account that came as a number', 'account', 222222222222, '222222222222'],
  ['a field that is gone', 'region', undefined, 'absent'],
])('%s is a difference, and shows', (_, what, value, seen) => {
  const row = rowOf(toLog, { ...event, [what]: value });
  expect(row.differences).toEqual([expect.objectContaining({ what, seen })]);
  expect(isFine(row, HUB)).toBe(false);
});

test('a field that nobody put there is a difference', () => {
  const row = rowOf(toLog, { ...event, 'replay-name': 'again' });
  expect(row.differences).toEqual([{ what: 'replay-name', expected: 'absent', seen: '"again"', buses: 1 }]);
  expect(isFine(row, HUB)).toBe(false);
});

test('the version is compared where it is known, and a bus may give one', () => {
  expect(rowOf(toLog, { ...event, version: '0' }).differences).toEqual([]);
  const arrivals = { at: () => [{ event: { ...event, version: '1' }, attributes: {} }] } as unknown as Arrivals;
  const [row] = compare([{ by: 'order', event: { ...event, version: '0' } }], [toLog], arrivals);
  expect(row.differences).toEqual([{ what: 'version', expected: '0', seen: '1', buses: 1 }]);
});

test('keys of objects have no order', () => {
  expect(rowOf(toLog, { ...event, detail: { items: [1, 2], orderId: 'o1' } }).differences).toEqual([]);
});

test('each arrival of an event is looked at', () => {
  const row = rowOf(toLog, event, { ...event, source: 'forged' });
  expect(row.differences.map(({ what }) => what)).toEqual(['source', 'arrival']);
});

test('the time is compared where it is known', () => {
  const at = (time?: string) => ({ ...event, time });
  const row = (known?: string) => {
    const arrivals = { at: () => [{ event: at('2026-11-01T00:00:01Z'), attributes: {} }] } as unknown as Arrivals;
    return compare([{ by: 'order', event: at(known) }], [toLog], arrivals)[0].differences.map(({ what }) => what);
  };
  expect(row('2026-11-01T00:00:01Z')).toEqual([]);
  expect(row('2026-11-01T00:00:00Z')).toEqual(['time']);
  expect(row(undefined)).toEqual([]);
});

describe('with the faults of the emulator', () => {
  test('a known one is fine, behind the hub alone', () => {
    expect(isFine(rowOf(toQueue, { ...event, account: HUB }), HUB)).toBe(true);
    expect(isFine(rowOf(toLog, { ...event, account: HUB }), HUB)).toBe(false);
  });

  test('a known one does not excuse another difference beside it', () => {
    expect(isFine(rowOf(toQueue, { ...event, account: HUB, source: 'forged' }), HUB)).toBe(false);
    expect(isFine(rowOf(toQueue, { ...event, account: HUB }, { ...event, account: HUB }), HUB)).toBe(false);
  });
});

test('the table has a block for each event and a line for each way, and marks what is different', () => {
  const arrivals = {
    at: (end: string) => (end === QUEUE ? [{ event: { ...event, account: HUB }, attributes: {} }] : []),
  } as unknown as Arrivals;
  const other = { by: 'the hub', event: { ...event, id: '2', account: HUB, 'detail-type': 'New Signup' } };
  const rows = compare([published, other], [toLog, toQueue, toNobody], arrivals);
  expect(table(rows, HUB)).toBe(
    [
      'Order.Created (order.service), put by order (222222222222)',
      '  rules                 end                            engine   seen     remark',
      '  catch-all             log /aws/events/shop-global    arrives  -        DIFFERENT: arrival is 0 times, not once',
      '  to-delivery → orders  queue delivery-OnOrderCreated  arrives  arrived  fault: account-of-the-hub',
      '  to-order              queue delivery-OnOrderCreated  no       arrived  DIFFERENT: account is 111111111111, not 222222222222, DIFFERENT: arrival is once, not 0 times',
      '',
      'New Signup (order.service), put by the hub (111111111111)',
      '  rules                 end                            engine   seen  remark',
      '  catch-all             log /aws/events/shop-global    arrives  -     DIFFERENT: arrival is 0 times, not once',
      '  to-delivery → orders  queue delivery-OnOrderCreated  arrives  -     DIFFERENT: arrival is 0 times, not once',
      '  to-order              queue delivery-OnOrderCreated  arrives  -     DIFFERENT: arrival is 0 times, not once',
    ].join('\n'),
  );
});

test('the table says why an event does not arrive, and how often one does', () => {
  const arrivals = {
    at: (end: string) => (end === LOG ? [event, event].map((one) => ({ event: one, attributes: {} })) : []),
  } as unknown as Arrivals;
  const text = table(compare([published], [toLog, toNobody], arrivals), HUB);
  expect(text).toMatch(/catch-all .* arrives +2 times +DIFFERENT: arrival is 2 times, not once/);
  expect(text).toMatch(/to-order .* no +- +to-order: account is "222222222222"; it should be anything but/);
});

test.each([
  [QUEUE, 'queue delivery-OnOrderCreated'],
  ['arn:aws:sqs:eu-west-1:111111111111:shop-fan-out-dlq', 'queue shop-fan-out-dlq'],
  [LOG, 'log /aws/events/shop-global'],
])('%s is %s in short', (arn, expected) => {
  expect(endInShort(arn)).toBe(expected);
});
