import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { Mailbox } from '../../../e2e/validator/mailbox';

const sqs = mockClient(SQSClient);
const endpoint = { url: 'http://127.0.0.1:1', region: 'eu-west-1' };
const mailbox = (name = 'queue') => new Mailbox('111111111111', `http://127.0.0.1:1/111111111111/${name}`, endpoint);
const messages = (...bodies: string[]) => ({
  Messages: bodies.map((Body, i) => ({ Body, ReceiptHandle: `${Body}-${i}` })),
});

beforeEach(() => {
  sqs.reset();
  sqs.on(ReceiveMessageCommand).resolvesOnce(messages('one', '1.0')).resolvesOnce(messages('two')).resolves({});
  sqs.on(GetQueueAttributesCommand).resolves({
    Attributes: {
      ApproximateNumberOfMessages: '2',
      ApproximateNumberOfMessagesNotVisible: '3',
      VisibilityTimeout: '180',
      QueueArn: 'arn',
    },
  });
});

const deleted = () =>
  sqs.commandCalls(DeleteMessageBatchCommand).flatMap(({ args }) => args[0].input.Entries!.map((e) => e.ReceiptHandle));

test('is emptied as texts, and remembers them', async () => {
  const box = mailbox();
  expect(await box.empty()).toEqual(['one', '1.0', 'two']);
  expect(await box.empty()).toEqual([]);
  expect(box.letters).toEqual(['one', '1.0', 'two']);
  expect(deleted()).toEqual(['one-0', '1.0-1', 'two-0']);
});

test('a look takes nothing away, and hides nothing', async () => {
  const box = mailbox();
  expect(await box.peek()).toEqual(['one', '1.0']);
  expect(sqs.commandCalls(ReceiveMessageCommand)[0].args[0].input).toMatchObject({ VisibilityTimeout: 0 });
  expect([box.letters, deleted()]).toEqual([[], []]);
});

test('what is moved is put before it is deleted, and not remembered', async () => {
  const box = mailbox();
  expect(await box.moveTo(mailbox('other'))).toBe(3);
  const order = sqs.calls().map(({ args }) => args[0].constructor.name);
  expect(order.indexOf('SendMessageCommand')).toBeLessThan(order.indexOf('DeleteMessageBatchCommand'));
  expect(sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)).toEqual(
    ['one', '1.0', 'two'].map((MessageBody) => ({ QueueUrl: expect.stringMatching(/other$/), MessageBody })),
  );
  expect(box.letters).toEqual([]);
});

test('what cannot be put is not deleted', async () => {
  sqs.on(SendMessageCommand).rejects(new Error('full'));
  await expect(mailbox().moveTo(mailbox('other'))).rejects.toThrow('full');
  expect(deleted()).toEqual([]);
});

describe('a redrive', () => {
  test('is a task of SQS', async () => {
    sqs.on(StartMessageMoveTaskCommand).resolves({});
    expect(await mailbox().redriveTo(mailbox('other'))).toBeUndefined();
    const [{ args }] = sqs.commandCalls(StartMessageMoveTaskCommand);
    expect(args[0].input).toEqual({ SourceArn: 'arn', DestinationArn: 'arn' });
  });

  test('says where there are no such tasks', async () => {
    sqs.on(StartMessageMoveTaskCommand).rejects(Object.assign(new Error('no'), { name: 'InvalidAction' }));
    expect(await mailbox().redriveTo(mailbox('other'))).toBe('InvalidAction');
  });

  test('fails for another error', async () => {
    sqs.on(StartMessageMoveTaskCommand).rejects(new Error('not the queue of dead letters of another'));
    await expect(mailbox().redriveTo(mailbox('other'))).rejects.toThrow('not the queue');
  });
});

test('counts what is in delivery, too', async () => {
  expect(await mailbox().count()).toBe(5);
});

test('hides messages for as long as it is told, and says how long it was', async () => {
  expect(await mailbox().hide('2')).toBe('180');
  const [{ args }] = sqs.commandCalls(SetQueueAttributesCommand);
  expect(args[0].input.Attributes).toEqual({ VisibilityTimeout: '2' });
});

test('fails where the queue says nothing', async () => {
  sqs.on(GetQueueAttributesCommand).resolves({});
  await expect(mailbox().count()).rejects.toThrow('to have a ApproximateNumberOfMessages');
});
