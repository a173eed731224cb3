import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { Arrivals } from '../../e2e/arrivals';

const sqs = mockClient(SQSClient);
const logs = mockClient(CloudWatchLogsClient);
const endpoint = { url: 'http://127.0.0.1:1', region: 'eu-west-1' };
const QUEUE = 'arn:aws:sqs:eu-west-1:222222222222:orders';
const LOG = 'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/shop-global';

beforeEach(() => {
  sqs.reset();
  logs.reset();
  sqs.on(GetQueueUrlCommand, { QueueName: 'orders' }).resolves({ QueueUrl: 'url' });
  sqs.on(ReceiveMessageCommand).resolves({});
  sqs.on(DeleteMessageBatchCommand).resolves({});
});

const message = (id: string, MessageAttributes = {}) => ({
  Body: JSON.stringify({ id }),
  ReceiptHandle: `r${id}`,
  MessageAttributes,
});
const missing = () => new QueueDoesNotExist({ message: 'no such queue', $metadata: {} });

test('a queue is emptied: what was received is deleted, and remembered', async () => {
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: [message('1'), message('2')] })
    .resolvesOnce({ Messages: [message('1')] })
    .resolvesOnce({})
    .resolvesOnce({ Messages: [message('3')] })
    .resolves({});
  const arrivals = new Arrivals([QUEUE], endpoint);
  await arrivals.look();
  expect([arrivals.count(QUEUE, '1'), arrivals.count(QUEUE, '2'), arrivals.count(QUEUE, '3')]).toEqual([2, 1, 0]);
  await arrivals.look();
  expect([arrivals.count(QUEUE, '1'), arrivals.count(QUEUE, '3')]).toEqual([2, 1]);
  const deleted = sqs.commandCalls(DeleteMessageBatchCommand).map(({ args }) => args[0].input.Entries);
  expect(deleted).toEqual([
    [
      { Id: '0', ReceiptHandle: 'r1' },
      { Id: '1', ReceiptHandle: 'r2' },
    ],
    [{ Id: '0', ReceiptHandle: 'r1' }],
    [{ Id: '0', ReceiptHandle: 'r3' }],
  ]);
});

test('what arrived is known by its id, and so is what nobody put', async () => {
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: [message('1'), message('9')] })
    .resolves({});
  logs.on(FilterLogEventsCommand).resolves({ events: [{ message: '{"id":"1"}' }, { message: '{"no":"id"}' }] });
  const arrivals = new Arrivals([QUEUE, LOG], endpoint);
  await arrivals.look();
  expect([arrivals.endsOf('1'), arrivals.endsOf('9'), arrivals.endsOf('2')]).toEqual([[QUEUE, LOG], [QUEUE], []]);
  expect(arrivals.strangers(new Set(['1', '9']))).toEqual([{ end: LOG, event: { no: 'id' } }]);
  expect(arrivals.strangers(new Set(['1']))).toEqual([
    { end: QUEUE, event: { id: '9' } },
    { end: LOG, event: { no: 'id' } },
  ]);
});

test('a dead letter has its attributes', async () => {
  const attributes = { ERROR_CODE: { DataType: 'String', StringValue: 'NO_RESOURCE' } };
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: [message('1', attributes)] })
    .resolves({});
  const arrivals = new Arrivals([QUEUE], endpoint);
  await arrivals.look();
  expect(arrivals.at(QUEUE)).toEqual([{ event: { id: '1' }, attributes: { ERROR_CODE: 'NO_RESOURCE' } }]);
});

test('a log group is read over all its pages, anew each time', async () => {
  const page = (...ids: string[]) => ids.map((id) => ({ message: JSON.stringify({ id }) }));
  logs.on(FilterLogEventsCommand).resolves({ events: page('1', '2'), nextToken: 'next' });
  logs
    .on(FilterLogEventsCommand, { logGroupName: '/aws/events/shop-global', nextToken: 'next' })
    .resolves({ events: page('3') });
  const arrivals = new Arrivals([LOG], endpoint);
  await arrivals.look();
  await arrivals.look();
  expect(arrivals.at(LOG).map(({ event }) => event.id)).toEqual(['1', '2', '3']);
});

test('what is not there holds nothing, then or ever', async () => {
  sqs.on(GetQueueUrlCommand).rejects(missing());
  logs.on(FilterLogEventsCommand).rejects(Object.assign(new Error(), { name: 'ResourceNotFoundException' }));
  const arrivals = new Arrivals([QUEUE, LOG], endpoint);
  await arrivals.look();
  expect([arrivals.at(QUEUE), arrivals.at(LOG), arrivals.at('another')]).toEqual([[], [], []]);
});

// An emulator that is gone must not look like one where nothing arrived.
test.each([
  ['a queue', QUEUE],
  ['a log group', LOG],
])('fails where %s cannot be asked', async (_, end) => {
  sqs.on(GetQueueUrlCommand).rejects(new Error('ECONNREFUSED'));
  logs.on(FilterLogEventsCommand).rejects(new Error('ECONNREFUSED'));
  await expect(new Arrivals([end], endpoint).look()).rejects.toThrow('ECONNREFUSED');
});

test('waits until something holds, and says whether it did', async () => {
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({})
    .resolvesOnce({ Messages: [message('1')] })
    .resolves({});
  const arrivals = new Arrivals([QUEUE], endpoint);
  expect(await arrivals.until(() => arrivals.count(QUEUE, '1') === 1, 10)).toBe(true);
  expect(await arrivals.until(() => arrivals.count(QUEUE, '2') === 1, 0)).toBe(false);
});
