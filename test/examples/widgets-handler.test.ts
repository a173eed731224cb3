import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../examples/widgets/handlers/store-widget';

const dynamo = mockClient(DynamoDBClient);

beforeEach(() => {
  dynamo.reset();
  dynamo.on(UpdateItemCommand).resolves({});
  process.env.TABLE_NAME = 'widgets';
});
afterEach(() => delete process.env.TABLE_NAME);

/** What the handler asks of the table for widgets. */
async function updates(...details: Array<{ widget_id: string; warehouse?: string }>) {
  for (const detail of details) await handler({ detail, time: '2026-11-21T10:00:00Z' } as any);
  return dynamo.commandCalls(UpdateItemCommand).map(({ args }) => args[0].input);
}

test('a widget is the item of its id, with its warehouse and the time of its event', async () => {
  expect(await updates({ widget_id: 'abc123', warehouse: 'Dublin' })).toEqual([
    {
      TableName: 'widgets',
      Key: { widget_id: { S: 'abc123' } },
      UpdateExpression: 'SET warehouse = :warehouse, seen_at = :time',
      ExpressionAttributeValues: { ':warehouse': { S: 'Dublin' }, ':time': { S: '2026-11-21T10:00:00Z' } },
    },
  ]);
});

test('a widget without a warehouse is stored, too', async () => {
  const [update] = await updates({ widget_id: 'abc123' });
  expect(update.ExpressionAttributeValues).toMatchObject({ ':warehouse': { S: 'unknown' } });
});

test('an event that comes twice makes the same item', async () => {
  const [first, second] = await updates({ widget_id: 'abc123' }, { widget_id: 'abc123' });
  expect(second).toEqual(first);
});

test('fails where the table refuses, so that it is tried again', async () => {
  dynamo.on(UpdateItemCommand).rejects(new Error('Throughput exceeded'));
  await expect(updates({ widget_id: 'abc123' })).rejects.toThrow('Throughput exceeded');
});
