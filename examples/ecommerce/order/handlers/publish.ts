import { randomUUID } from 'crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

const SOURCE = 'order.service';
const client = new EventBridgeClient({});

/** What every event of the shop says about itself, beside its data. */
export interface Metadata {
  /** Of this event: consumers recognise a repeated delivery by it. */
  readonly id: string;
  /** Of the whole story that began with an order. */
  readonly correlationId: string;
}

export interface OrderEvent {
  readonly type: 'Order.Created' | 'Order.Updated';
  readonly data: object;
  /** The event that this one follows from. */
  readonly cause?: Metadata;
}

/** Puts an event on the global bus, and fails where EventBridge did not take it. */
export async function publish({ type, data, cause }: OrderEvent): Promise<Metadata> {
  const id = randomUUID();
  const metadata: Metadata = { id, correlationId: cause?.correlationId ?? id };
  const answer = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: process.env.EVENT_BUS_ARN,
          Source: SOURCE,
          DetailType: type,
          Detail: JSON.stringify({ metadata, data }),
        },
      ],
    }),
  );
  // The call itself succeeds where an entry failed.
  if (answer.FailedEntryCount !== 0) {
    const [entry] = answer.Entries ?? [];
    throw new Error(`${type} was not published: ${entry?.ErrorCode ?? 'unknown error'} ${entry?.ErrorMessage ?? ''}`);
  }
  return metadata;
}
