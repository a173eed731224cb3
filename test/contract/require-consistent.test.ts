import { App, Stack } from 'aws-cdk-lib';
import { EventContract, EventSchema } from '../../src';
import { requireConsistent } from '../../src/contract/require-consistent';

const contract = (
  source: string,
  detailType: string,
  owner?: string,
  schema: object = { type: 'object' },
  origin = 'a.json',
) => new EventContract({ source, detailType, owner, schema: EventSchema._in(schema, origin) });

const scope = () => new Stack(new App(), 'Hub');

test('contracts that do not contradict each other are taken', () => {
  const contracts = [
    contract('order.service', 'Order.Created', 'order'),
    contract('order.service', 'Order.Shipped', 'order'),
    contract('shop.service', 'Order.Created', 'order'),
    contract('test.service', 'Order.Created'),
    contract('validator', 'Order.Checked', 'delivery'),
    // The same event, written down twice in the same way.
    contract('order.service', 'Order.Created', 'order', { title: 'Order', type: 'object' }, 'b.json'),
  ];
  requireConsistent(scope(), contracts, ['valid.', 'invalid.']);

  // Each beside a contract that contradicts it is refused: so each was looked at.
  for (const { source, detailType } of contracts) {
    const twin = contract(source, detailType, 'somebody', { type: 'object', required: ['a'] }, 'twin.json');
    expect(() => requireConsistent(scope(), [...contracts, twin])).toThrow(/Contract(Duplicate|OwnerConflict)/);
  }
});

test.each<[string, EventContract[], string]>([
  [
    'one event with two schemas',
    [
      contract('order.service', 'Order.Created'),
      contract('order.service', 'Order.Created', undefined, { type: 'object', required: ['a'] }, 'b.json'),
    ],
    '[Hub] order.service@Order.Created is written down twice, with another schema: in a.json and in b.json; keep one (ContractDuplicate)',
  ],
  [
    'one event with two owners',
    [contract('order.service', 'Order.Created', 'order'), contract('order.service', 'Order.Created', 'shop')],
    'is written down twice, with another owner: in a.json and in a.json; keep one (ContractDuplicate)',
  ],
  [
    'two events of one name',
    [contract('a@b', 'c'), contract('a', 'b@c')],
    'a@b@c is written down twice, with another source',
  ],
  [
    'one detail-type with two owners',
    [
      contract('order.service', 'Order.Created', 'order'),
      contract('test.service', 'Order.Created'),
      contract('shop.service', 'Order.Created', 'shop', {}, 'b.json'),
    ],
    '[Hub] detail-type "Order.Created" has two owners, "order" (a.json) and "shop" (b.json): a rule by detail-type would take the events of both. Give one owner, or each a detail-type of its own (ContractOwnerConflict)',
  ],
  [
    'a source of the republisher',
    [contract('valid.order.service', 'Order.Created')],
    '[Hub] a.json: source "valid.order.service" begins with "valid.", which only the republisher may use: write the source as producers send it, or take another (SourceReserved)',
  ],
])('fails for %s', (_, contracts, message) => {
  expect(() => requireConsistent(scope(), contracts, ['valid.', 'invalid.'])).toThrow(message);
});
