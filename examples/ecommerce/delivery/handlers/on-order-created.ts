import { randomUUID } from 'crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBridgeEvent } from 'aws-lambda';

const client = new EventBridgeClient({});

interface OrderCreated {
  readonly metadata: { readonly id: string; readonly correlationId: string };
  readonly data: { readonly orderId: string; readonly items: object[] };
}

/** Order.Created: the order goes out at once, and Delivery.Updated says so. */
export async function handler(event: EventBridgeEvent<'Order.Created', OrderCreated>): Promise<void> {
  const { metadata, data } = event.detail;
  const delivery = { orderId: data.orderId, deliveryId: randomUUID(), status: 'DELIVERED', deliveredAt: event.time };
  const { FailedEntryCount, Entries } = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: process.env.EVENT_BUS_ARN,
          Source: 'delivery.service',
          DetailType: 'Delivery.Updated',
          Detail: JSON.stringify({
            metadata: { id: randomUUID(), correlationId: metadata.correlationId },
            data: delivery,
          }),
        },
      ],
    }),
  );
  // The call itself succeeds where an entry failed; throwing makes Lambda try again.
  if (FailedEntryCount !== 0) {
    throw new Error(`Delivery.Updated was not published: ${Entries?.[0]?.ErrorCode} ${Entries?.[0]?.ErrorMessage}`);
  }
}
