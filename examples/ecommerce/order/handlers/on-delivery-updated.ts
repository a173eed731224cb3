import type { EventBridgeEvent } from 'aws-lambda';
import { publish, type Metadata } from './publish';

interface DeliveryUpdated {
  readonly metadata: Metadata;
  readonly data: { readonly orderId: string; readonly status: string };
}

/** Delivery.Updated: the order's state follows its delivery's. */
export async function handler(event: EventBridgeEvent<'Delivery.Updated', DeliveryUpdated>): Promise<void> {
  const { metadata, data } = event.detail;
  await publish({ type: 'Order.Updated', data: { orderId: data.orderId, status: data.status }, cause: metadata });
}
