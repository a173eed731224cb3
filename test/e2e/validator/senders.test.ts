import { CreateEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import type { Hub } from '../../../e2e/validator/hub';
import { Mailbox } from '../../../e2e/validator/mailbox';
import { Senders } from '../../../e2e/validator/senders';
import { NOTHING } from '../../../e2e/validator/sendings';

const sqs = mockClient(SQSClient);
const events = mockClient(EventBridgeClient);
const endpoint = { url: 'http://127.0.0.1:1', region: 'eu-west-1' };
const place = { account: '111111111111', bus: 'widgets-global', endpoint };
const box = (name: string) => new Mailbox('111111111111', name, endpoint);
const hub = (takes: boolean) =>
  ({ queue: box('queue'), watch: box('watch'), takes: async () => takes }) as Partial<Hub> as Hub;
const EVENT = '{"id":"one","weight": 1.0}';
const sending = { name: 'valid', source: 'a', detailType: 'b', detail: '{"weight": 1.0}', expected: NOTHING };

beforeEach(() => {
  sqs.reset();
  events.reset();
  sqs.on(CreateQueueCommand).resolves({ QueueUrl: 'relay' });
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { QueueArn: 'arn' } });
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: [{ Body: EVENT, ReceiptHandle: '1' }] })
    .resolves({});
  events.on(PutEventsCommand).resolves({ Entries: [{ EventId: 'one' }] });
});

const make = (takes = true) => Senders.make(hub(takes), place, new Map([['servicea', '222222222222']]));
const put = () => sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input);

test('a member has a bus of the same name, and what it puts there is carried, letter by letter', async () => {
  const senders = await make();
  expect(events.commandCalls(CreateEventBusCommand)[0].args[0].input).toEqual({ Name: 'widgets-global' });
  const [sent] = await senders.send([{ ...sending, by: 'servicea' }]);
  expect(sent).toMatchObject({ id: 'one', text: EVENT });
  expect(put()).toEqual([{ QueueUrl: 'queue', MessageBody: EVENT }]);
  expect(sqs.commandCalls(ReceiveMessageCommand)[0].args[0].input.QueueUrl).toBe('relay');
});

test('but not where the rule before the republisher does not take it', async () => {
  const [sent] = await (await make(false)).send([{ ...sending, by: 'servicea' }]);
  expect([sent.text, put()]).toEqual([EVENT, []]);
});

test("the hub's own events take their way by themselves", async () => {
  const [sent] = await (await make()).send([{ ...sending, by: 'hub' }]);
  expect([sent.text, put()]).toEqual([EVENT, []]);
  expect(sqs.commandCalls(ReceiveMessageCommand)[0].args[0].input.QueueUrl).toBe('watch');
});

test('a text is put into the queue, as often as it says', async () => {
  const [sent] = await (await make()).send([{ name: 'text', text: 'no JSON', times: 2, expected: NOTHING }]);
  expect(sent).toMatchObject({ id: undefined, text: 'no JSON' });
  expect(put()).toHaveLength(2);
});

test('fails where the bus does not take the event', async () => {
  events.on(PutEventsCommand).resolves({ Entries: [{ ErrorCode: 'ResourceNotFoundException' }] });
  await expect((await make()).send([{ ...sending, by: 'hub' }])).rejects.toThrow('ResourceNotFoundException');
});
