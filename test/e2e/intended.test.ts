import { readFileSync } from 'fs';
import { join } from 'path';
import { consumers, deviations, intended, logOf, receivers, seenAt, type Member } from '../../e2e/intended';

const HUB = '111111111111';
const ORDER = '222222222222';
const DELIVERY = '333333333333';
const LOYALTY = '444444444444';
const SUPPORT = '555555555555';
const { members: shop }: { members: Member[] } = JSON.parse(
  readFileSync(join(__dirname, '../../examples/ecommerce/topology.json'), 'utf8'),
);
const later: Member[] = [
  ...shop.map((member) => (member.name === 'loyalty' ? { ...member, state: 'leaving' } : member)),
  { name: 'support', account: SUPPORT },
];
const put = (account: string, type: string) => ({ account, 'detail-type': type });

test.each([
  ['order', put(ORDER, 'Order.Created'), ['delivery', 'loyalty'], ['delivery', 'loyalty']],
  ['order', put(ORDER, 'Order.Updated'), ['delivery', 'loyalty'], ['loyalty']],
  ['delivery', put(DELIVERY, 'Delivery.Updated'), ['order'], ['order']],
  ['loyalty', put(LOYALTY, 'New Signup'), ['order', 'delivery'], []],
  ['the hub', put(HUB, 'New Signup'), ['order', 'delivery'], []],
])('of the shop, what %s puts (%j) comes to buses of %j and queues of %j', (_, event, buses, queues) => {
  expect(intended(shop, event)).toEqual({ global: true, buses, queues, elsewhere: [] });
});

test.each([
  ['order', put(ORDER, 'Order.Created'), ['delivery', 'support'], ['delivery']],
  ['delivery', put(DELIVERY, 'Delivery.Updated'), ['order', 'support'], ['order', 'support']],
  ['who leaves', put(LOYALTY, 'New Signup'), ['order', 'delivery', 'support'], ['support']],
  ['the newcomer', put(SUPPORT, 'New Signup'), ['order', 'delivery'], []],
])('once loyalty is leaving and support is there, what %s puts (%j) comes to %j and %j', (_, event, buses, queues) => {
  expect(intended(later, event)).toEqual({ global: true, buses, queues, elsewhere: [] });
});

test('a member that is not active gets nothing', () => {
  const member = (state?: string) => [{ name: 'order', account: ORDER, state }];
  const created = put(HUB, 'Order.Created');
  expect([undefined, 'active', 'joining', 'leaving'].map((state) => receivers(member(state), created))).toEqual([
    ['order'],
    ['order'],
    [],
    [],
  ]);
});

test('a filter without detail-types takes all, and an empty one none', () => {
  const member = (filter: Member['filter']) => [{ name: 'order', account: ORDER, filter }];
  expect(receivers(member({}), put(HUB, 'A'))).toEqual(['order']);
  expect(receivers(member({ detailTypes: [] }), put(HUB, 'A'))).toEqual([]);
});

test('a team without a queue has its bus alone', () => {
  const members = [{ name: 'audit', account: ORDER }];
  expect([receivers(members, put(HUB, 'A')), consumers(members, put(HUB, 'A'))]).toEqual([['audit'], []]);
});

describe('deviations', () => {
  const should = { global: true, buses: ['delivery', 'loyalty'], queues: ['delivery'], elsewhere: [] };

  test('are none where all is as intended, in whatever order', () => {
    expect(deviations(should, { ...should, buses: ['loyalty', 'delivery'] })).toEqual([]);
  });

  test.each([
    ['the global bus', { ...should, global: false }, ['not in the log of the global bus']],
    ['a bus that was missed', { ...should, buses: ['delivery'] }, ['not in the bus log of loyalty']],
    ['a bus too much', { ...should, buses: [...should.buses, 'order'] }, ['in the bus log of order']],
    ['a queue that was missed', { ...should, queues: [] }, ['not in the queue of delivery']],
    ['a queue too much', { ...should, queues: ['delivery', 'order'] }, ['in the queue of order']],
    ['an end of nobody', { ...should, elsewhere: ['arn'] }, ['at arn']],
    [
      'another one instead',
      { ...should, queues: ['order'] },
      ['not in the queue of delivery', 'in the queue of order'],
    ],
  ])('name %s', (_, seen, expected) => {
    expect(deviations(should, seen)).toEqual(expected);
  });
});

describe('the ends at which an event was found', () => {
  const places = { name: 'shop', hub: HUB, region: 'eu-west-1', members: shop };
  const nowhere = { global: false, buses: [], queues: [], elsewhere: [] };
  const queue = (account: string) => `arn:aws:sqs:eu-west-1:${account}:orders`;

  test('have the names of the shop', () => {
    expect(logOf(places)).toBe('arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/shop-global');
    expect(logOf(places, shop[0])).toBe('arn:aws:logs:eu-west-1:222222222222:log-group:/aws/events/shop-order');
  });

  test.each([
    ['nowhere', [], nowhere],
    ['the global bus', [logOf(places)], { ...nowhere, global: true }],
    ['a local bus', [logOf(places, shop[0])], { ...nowhere, buses: ['order'] }],
    ['a local bus, as rules name its log', [`${logOf(places, shop[0])}:*`], { ...nowhere, buses: ['order'] }],
    ['two queues', [queue(LOYALTY), queue(ORDER)], { ...nowhere, queues: ['order', 'loyalty'] }],
    ['a queue of the hub', [queue(HUB)], { ...nowhere, elsewhere: [queue(HUB)] }],
    ['a queue of nobody', [queue(SUPPORT)], { ...nowhere, elsewhere: [queue(SUPPORT)] }],
    [
      'the log of one bus in the account of another',
      [logOf(places, { ...shop[0], account: DELIVERY })],
      { ...nowhere, elsewhere: [logOf(places, { ...shop[0], account: DELIVERY })] },
    ],
  ])('are told apart: %s', (_, ends, expected) => {
    expect(seenAt(places, ends)).toEqual(expected);
  });
});

test('nothing of the library is asked', () => {
  expect(readFileSync(join(__dirname, '../../e2e/intended.ts'), 'utf8')).not.toMatch(/import|require/);
});
