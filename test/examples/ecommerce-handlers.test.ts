import { join } from 'path';
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { handler as onOrderCreated } from '../../examples/ecommerce/delivery/handlers/on-order-created';
import { handler as createOrder } from '../../examples/ecommerce/order/handlers/create-order';
import { handler as onDeliveryUpdated } from '../../examples/ecommerce/order/handlers/on-delivery-updated';
import { EventContract } from '../../src';
import { compileSchema } from '../../src/contract/compile-schema';

const eventBridge = mockClient(EventBridgeClient);
const BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/shop-global';
const CONTRACTS = EventContract.fromDirectory(join(__dirname, '../../examples/ecommerce/contracts'));
const STORY = '8e2f5f0e-8a2c-4a55-9d0a-3c1b6f0e7a01';
const CAUSE = '5d9c2b1a-7e6f-4c3d-9b8a-1f2e3d4c5b6a';
const ORDER = '0b7c6d5e-4f3a-4b2c-8d1e-9f0a1b2c3d4e';

beforeEach(() => {
  eventBridge.reset();
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  process.env.EVENT_BUS_ARN = BUS;
});

// Whatever a handler put keeps to its contract, in every test.
afterEach(() => {
  delete process.env.EVENT_BUS_ARN;
  expect(entries().flatMap(violationsOf)).toEqual([]);
});

const entries = () => eventBridge.commandCalls(PutEventsCommand).flatMap(({ args }) => args[0].input.Entries!);

/** What was published, its detail parsed. */
const published = () =>
  entries().map(({ Detail, ...entry }) => ({
    ...entry,
    ...(JSON.parse(Detail!) as { metadata: any; data: any }),
  }));

/** In which ways an entry breaks its contract; to have none is one. */
function violationsOf({ Source, DetailType, Detail }: PutEventsRequestEntry): string[] {
  const contract = CONTRACTS.find(({ source, detailType }) => source === Source && detailType === DetailType);
  if (contract === undefined) return [`${Source}@${DetailType} has no contract`];
  const violations = compileSchema(contract.schema).validate(JSON.parse(Detail!));
  return violations.map(({ instancePath, message }) => `${contract.schemaName}${instancePath} ${message}`);
}

const refused = { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }] };
const post = (body?: string) => createOrder({ body } as any) as Promise<{ statusCode: number; body: string }>;
const deliveryUpdated = {
  detail: { metadata: { id: CAUSE, correlationId: STORY }, data: { orderId: ORDER, status: 'DELIVERED' } },
} as any;
const orderCreated = {
  time: '2026-11-01T00:00:00Z',
  detail: {
    metadata: { id: CAUSE, correlationId: STORY },
    data: { orderId: ORDER, items: [{ sku: 'A1', quantity: 1 }] },
  },
} as any;

describe('POST /orders', () => {
  test('publishes Order.Created with metadata and data, and answers with the order', async () => {
    const answer = await post('{"items":[{"sku":"A1","quantity":2}]}');
    const { orderId } = JSON.parse(answer.body);
    expect(answer.statusCode).toBe(201);
    const [event] = published();
    expect(event).toMatchObject({
      EventBusName: BUS,
      Source: 'order.service',
      DetailType: 'Order.Created',
      data: { orderId, items: [{ sku: 'A1', quantity: 2 }] },
    });
    expect(event.metadata.correlationId).toBe(event.metadata.id);
  });

  test.each([undefined, '', 'not json', '{}', '{"items":[]}', 'null'])(
    'answers 400 to %j and publishes nothing',
    async (body) => {
      expect((await post(body)).statusCode).toBe(400);
      expect(published()).toEqual([]);
    },
  );

  const GOOD = '{"sku":"A1","quantity":1}';
  test.each([
    ['{}', 0],
    ['null', 0],
    ['"A1"', 0],
    ['{"quantity":1}', 0],
    ['{"sku":"A1"}', 0],
    ['{"sku":"","quantity":1}', 0],
    ['{"sku":1,"quantity":1}', 0],
    ['{"sku":"A1","quantity":0}', 0],
    ['{"sku":"A1","quantity":1.5}', 0],
    ['{"sku":"A1","quantity":"1"}', 0],
    [`${GOOD},{"sku":"A2"}`, 1],
  ])('answers 400 to the items %s, says which one is wrong, and publishes nothing', async (items, wrong) => {
    const { statusCode, body } = await post(`{"items":[${items}]}`);
    expect(statusCode).toBe(400);
    expect(JSON.parse(body).message).toBe(
      `items[${wrong}] must have a sku, a text that is not empty, and a quantity, a whole number of 1 or more`,
    );
    expect(published()).toEqual([]);
  });

  test('fails where EventBridge took the request and refused the event', async () => {
    eventBridge.on(PutEventsCommand).resolves(refused);
    await expect(post(`{"items":[${GOOD}]}`)).rejects.toThrow(
      'Order.Created was not published: ThrottlingException Rate exceeded',
    );
  });
});

describe('Delivery.Updated', () => {
  test('is followed by Order.Updated in the same story', async () => {
    await onDeliveryUpdated(deliveryUpdated);
    expect(published()).toEqual([
      {
        EventBusName: BUS,
        Source: 'order.service',
        DetailType: 'Order.Updated',
        metadata: { id: expect.any(String), correlationId: STORY },
        data: { orderId: ORDER, status: 'DELIVERED' },
      },
    ]);
  });

  test('fails where the event was refused, so that it is tried again', async () => {
    eventBridge.on(PutEventsCommand).resolves(refused);
    await expect(onDeliveryUpdated(deliveryUpdated)).rejects.toThrow('Order.Updated was not published');
  });
});

describe('Order.Created', () => {
  test('is followed by Delivery.Updated in the same story', async () => {
    await onOrderCreated(orderCreated);
    expect(published()).toEqual([
      {
        EventBusName: BUS,
        Source: 'delivery.service',
        DetailType: 'Delivery.Updated',
        metadata: { id: expect.any(String), correlationId: STORY },
        data: {
          orderId: ORDER,
          deliveryId: expect.any(String),
          status: 'DELIVERED',
          deliveredAt: '2026-11-01T00:00:00Z',
        },
      },
    ]);
  });

  test('fails where the event was refused, so that it is tried again', async () => {
    eventBridge.on(PutEventsCommand).resolves(refused);
    await expect(onOrderCreated(orderCreated)).rejects.toThrow(
      'Delivery.Updated was not published: ThrottlingException Rate exceeded',
    );
  });
});
