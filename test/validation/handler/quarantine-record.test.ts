import {
  packed,
  placeOfEvent,
  textOf,
  unwrapped,
  type QuarantineRecord,
} from '../../../src/validation/handler/quarantine-record';

const RECORD: QuarantineRecord = {
  reason: 'SCHEMA_INVALID',
  schema: { name: 'order.service@Order.Created', hash: 'abc' },
  errors: [{ path: '/total', keyword: 'minimum', message: 'must be >= 2' }],
  event: '{"detail":{"text":"é"}}',
  receivedAt: '2026-11-21T10:00:00.000Z',
};

test('what is written down is read again, packed or not', () => {
  expect(unwrapped(textOf(RECORD)).text).toBe(RECORD.event);
  expect(unwrapped(textOf(packed(RECORD))).text).toBe(RECORD.event);
  expect(packed(RECORD)).not.toHaveProperty('event');
});

test('what Lambda sent away after its last try is read, too', () => {
  const failure = { version: '1.0', requestContext: { condition: 'RetriesExhausted' }, requestPayload: { id: 'e-1' } };
  expect(unwrapped(JSON.stringify(failure))).toEqual({ text: '{"id":"e-1"}', parsed: { id: 'e-1' } });
});

test('a record is text for SQS, whatever is in the event', () => {
  const event = '\u0000\ufffe\uffff\ud800';
  const text = textOf({ ...RECORD, event });

  // What SQS takes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
  expect(text).toMatch(/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u);
  expect(JSON.parse(text).event).toBe(event);
});

test('only a record says where its event is', () => {
  const eventAt = { bucket: 'b', key: 'k' };
  const { event, ...rest } = RECORD;
  expect(placeOfEvent(textOf({ ...rest, eventAt }))).toEqual(eventAt);

  expect(placeOfEvent(JSON.stringify({ eventAt }))).toBeUndefined();
  expect(placeOfEvent(JSON.stringify({ reason: 'x', eventAt: { bucket: 1, key: 'k' } }))).toBeUndefined();
  expect(placeOfEvent(JSON.stringify({ reason: 'x', detail: { eventAt } }))).toBeUndefined();
  expect(placeOfEvent('{"eventAt"')).toBeUndefined();
  expect(placeOfEvent('null "eventAt"')).toBeUndefined();
});
