import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../examples/signup/handlers/sign-up';

const eventBridge = mockClient(EventBridgeClient);
const BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/example-corp';

beforeEach(() => {
  eventBridge.reset();
  process.env.EVENT_BUS_ARN = BUS;
});
afterEach(() => delete process.env.EVENT_BUS_ARN);

test('a signup is published: what happened as detail-type, the data as detail', async () => {
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  await handler({ plan: 'Enterprise500', customerId: 123456 });
  const [{ args }] = eventBridge.commandCalls(PutEventsCommand);
  expect(args[0].input.Entries).toEqual([
    {
      EventBusName: BUS,
      Source: 'com.example-corp.customerapp',
      DetailType: 'New Signup',
      Detail: '{"plan":"Enterprise500","customer_id":123456}',
    },
  ]);
});

test('fails where EventBridge took the request and refused the event', async () => {
  const Entries = [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }];
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries });
  await expect(handler({ plan: 'x', customerId: 1 })).rejects.toThrow(
    'the signup was not published: ThrottlingException Rate exceeded',
  );
});
