import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { EventBridgeEvent } from 'aws-lambda';

interface NewWidget {
  readonly widget_id: string;
  readonly warehouse?: string;
}

const client = new DynamoDBClient({});

/** The same event twice makes the same item: no more is needed against repeated deliveries. */
export async function handler({ detail, time }: EventBridgeEvent<'NEW_WIDGET', NewWidget>): Promise<void> {
  await client.send(
    new UpdateItemCommand({
      TableName: process.env.TABLE_NAME,
      Key: { widget_id: { S: detail.widget_id } },
      UpdateExpression: 'SET warehouse = :warehouse, seen_at = :time',
      ExpressionAttributeValues: { ':warehouse': { S: detail.warehouse ?? 'unknown' }, ':time': { S: time } },
    }),
  );
}
