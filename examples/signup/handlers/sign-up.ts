import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

const client = new EventBridgeClient({});

export interface Signup {
  readonly plan: string;
  readonly customerId: number;
}

/** A customer signed up: tells the bus, and does not ask who listens. */
export async function handler({ plan, customerId }: Signup): Promise<void> {
  const answer = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: process.env.EVENT_BUS_ARN,
          Source: 'com.example-corp.customerapp',
          DetailType: 'New Signup',
          Detail: JSON.stringify({ plan, customer_id: customerId }),
        },
      ],
    }),
  );
  // The call itself succeeds where an entry failed.
  if (answer.FailedEntryCount !== 0) {
    const [entry] = answer.Entries ?? [];
    throw new Error(
      `the signup was not published: ${entry?.ErrorCode ?? 'unknown error'} ${entry?.ErrorMessage ?? ''}`,
    );
  }
}
