import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { handler as onOrderCreated } from '../../examples/ecommerce/delivery/handlers/on-order-created';
import { handler as createOrder } from '../../examples/ecommerce/order/handlers/create-order';
import { handler as onDeliveryUpdated } from '../../examples/ecommerce/order/handlers/on-delivery-updated';

const eventBridge = mockClient(EventBridgeClient);
const BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/shop-global';

beforeEach(() => {
  eventBridge.reset();
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  process.env.EVENT_BUS_ARN = BUS;
});

afterEach(() => delete process.env.EVENT_BUS_ARN);

/** What was published, its detail parsed. */
function published() {
  return eventBridge.commandCalls(PutEventsCommand).flatMap(({ args }) =>
    args[0].input.Entries!.map(({ Detail, ...entry }) => ({
      ...entry,
      ...(JSON.parse(Detail!) as { metadata: any; data: any }),
    })),
  );
}

const refused = { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }] };
const post = (body?: string) => createOrder({ body } as any) as Promise<{ statusCode: number; body: string }>;
const deliveryUpdated = {
  detail: { metadata: { id: 'm2', correlationId: 'story' }, data: { orderId: 'o1', status: 'DELIVERED' } },
} as any;
const orderCreated = {
  time: '2026-11-01T00:00:00Z',
  detail: {
    metadata: { id: 'm1', correlationId: 'story' },
    data: { orderId: 'o1', items: [{ sku: 'A1', quantity: 1 }] },
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

  test('fails where EventBridge took the request and refused the event', async () => {
    eventBridge.on(PutEventsCommand).resolves(refused);
    await expect(post('{"items":[{}]}')).rejects.toThrow(
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
        metadata: { id: expect.any(String), correlationId: 'story' },
        data: { orderId: 'o1', status: 'DELIVERED' },
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
        metadata: { id: expect.any(String), correlationId: 'story' },
        data: {
          orderId: 'o1',
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
