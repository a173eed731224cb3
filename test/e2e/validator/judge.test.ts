import { gzipSync } from 'zlib';
import { inWords, isComplete, isFine, judge, strangers, table, type Arrived } from '../../../e2e/validator/judge';
import type { Sent } from '../../../e2e/validator/senders';
import { NOTHING, SECRET, type Outcome, type Sending } from '../../../e2e/validator/sendings';

const HUB = '111111111111';
const ORIGINAL = {
  version: '0',
  id: 'one',
  source: 'cwi.servicea',
  account: '222222222222',
  time: '2026-11-01T10:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:a'],
  'detail-type': 'NEW_WIDGET',
};
const STAMP =
  '{"id": "one", "account": "222222222222", "region": "eu-west-1", "source": "cwi.servicea", "time": "2026-11-01T10:00:00Z"}';
const event = (changes: object, detail: string) =>
  `${JSON.stringify({ ...ORIGINAL, ...changes }).slice(0, -1)}, "detail": ${detail}}`;

/** A valid event, and what arrives of it. */
const valid: Sending = {
  name: 'valid',
  by: 'servicea',
  expected: { ...NOTHING, published: [{ source: 'valid.cwi.servicea', to: ['serviceb', 'servicec'] }] },
  stamped: (stamp) => `{"metadata": {"origin": ${stamp}}, "weight": 1.0}`,
};
const validSent: Sent = { sending: valid, id: 'one', text: event({}, '{"weight": 1.0}') };
const copy = (changes: object = {}, detail = `{"metadata": {"origin": ${STAMP}}, "weight": 1.0}`) =>
  event({ id: 'two', account: HUB, source: 'valid.cwi.servicea', ...changes }, detail);

/** An invalid one. */
const refused: Sending = {
  name: 'invalid',
  by: 'servicea',
  expected: { ...NOTHING, quarantined: [{ reason: 'SCHEMA_INVALID', errors: ['required'] }], told: [['servicea']] },
};
const refusedSent: Sent = { sending: refused, id: 'one', text: event({}, `{"weight": "${SECRET}"}`) };
const error = { path: '', keyword: 'required', message: 'must have' };
const record = (changes: object = {}) =>
  JSON.stringify({
    reason: 'SCHEMA_INVALID',
    schema: { name: 'cwi.servicea@NEW_WIDGET', hash: '0123456789abcdef' },
    errors: [error],
    event: refusedSent.text,
    receivedAt: '2026-11-01T10:00:00.123Z',
    ...changes,
  });
const notice = (changes: object = {}, data: object = {}, others = '') =>
  event(
    { id: 'three', account: HUB, source: 'invalid.cwi.servicea', resources: [], ...changes },
    `{"metadata": {"origin": ${STAMP}}, "data": ${JSON.stringify({ reason: 'SCHEMA_INVALID', contract: 'cwi.servicea@NEW_WIDGET', errors: [error], ...data })}${others}}`,
  );

const arrived = (changes: Partial<Arrived> = {}): Arrived => ({
  bus: [],
  members: new Map(),
  quarantine: [],
  deadLetters: [],
  ...changes,
});
const delivered = (text: string, ...names: string[]): Arrived =>
  arrived({ bus: [validSent.text, text], members: new Map(names.map((name) => [name, [text]])) });
const kept = (text: string, told = notice()): Arrived =>
  arrived({ bus: [told], members: new Map([['servicea', [told]]]), quarantine: [text] });
const rowOf = (sent: Sent, all: Arrived) => judge([sent], ({ sending }) => sending.expected, all, HUB)[0];

test('a published event is as expected: stamped, to the others, and else letter by letter', () => {
  const row = rowOf(validSent, delivered(copy(), 'serviceb', 'servicec'));
  expect(row.differences).toEqual([]);
  expect([isFine(row), isComplete(row)]).toEqual([true, true]);
});

test('its later time is a fault of the emulator', () => {
  const row = rowOf(validSent, delivered(copy({ time: '2026-11-01T10:00:02Z' }), 'serviceb', 'servicec'));
  expect(isFine(row)).toBe(true);
  expect(table([row])).toContain('fault: time-of-entries');
});

test.each([
  ['it is missing', arrived()],
  ['a member more gets it', delivered(copy(), 'servicea', 'serviceb', 'servicec')],
  ['a member less gets it', delivered(copy(), 'serviceb')],
  ['its source is another', delivered(copy({ source: 'valid.cwi.other' }), 'serviceb', 'servicec')],
  ['it comes twice', arrived({ bus: [copy(), copy({ id: 'four' })] })],
  [
    'it is in quarantine, too',
    { ...delivered(copy(), 'serviceb', 'servicec'), quarantine: [record({ event: validSent.text })] },
  ],
  ['it is a dead letter, too', { ...delivered(copy(), 'serviceb', 'servicec'), deadLetters: [validSent.text] }],
])('it is not complete where %s', (_, all) => {
  const row = rowOf(validSent, all);
  expect([isComplete(row), isFine(row)]).toEqual([false, false]);
  expect(table([row])).toContain('DIFFERENT');
});

test.each<[string, string]>([
  ['id', copy({ id: 'one' })],
  ['account', copy({ account: '222222222222' })],
  ['region', copy({ region: 'eu-west-2' })],
  ['detail-type', copy({ 'detail-type': 'OTHER' })],
  ['resources', copy({ resources: [] })],
  ['time', copy({ time: '2026-11-01T09:00:00Z' })],
  ['detail', copy({}, `{"metadata": {"origin": ${STAMP}}, "weight": 1}`)],
  ['detail', copy({}, `{"metadata": {"origin": ${STAMP.replace('222222222222', HUB)}}, "weight": 1.0}`)],
  ['detail', copy({}, `{"metadata": {"origin": ${STAMP}, "id": "added"}, "weight": 1.0}`)],
])('another %s of a published event is a failure', (what, text) => {
  const row = rowOf(validSent, delivered(text, 'serviceb', 'servicec'));
  expect(isFine(row)).toBe(false);
  expect(row.differences.map((difference) => difference.what)).toContain(what);
});

test('a refused event is as expected: kept with its reason, and its sender is told', () => {
  expect(rowOf(refusedSent, kept(record())).differences).toEqual([]);
});

test.each<[string, string]>([
  ['schema of the record', record({ schema: undefined })],
  ['schema of the record', record({ schema: { name: 'other', hash: '0123456789abcdef' } })],
  ['hash of the schema', record({ schema: { name: 'cwi.servicea@NEW_WIDGET', hash: '' } })],
  ['errors of the record', record({ errors: [{ ...error, params: { x: 1 } }] })],
  ['what the errors show', record({ errors: [{ ...error, message: SECRET }] })],
  ['form of the record', record({ event: undefined, eventGzip: gzipSync(refusedSent.text).toString('base64') })],
  ['receivedAt', record({ receivedAt: 'now' })],
  ['other fields of the record', record({ more: 1 })],
  ['outcome', record({ reason: 'UNKNOWN_EVENT' })],
  ['outcome', record({ errors: [] })],
  ['outcome', record({ event: `${refusedSent.text} ` })],
])('another %s is a failure', (what, text) => {
  const row = rowOf(refusedSent, kept(text));
  expect(isFine(row)).toBe(false);
  expect(row.differences.map((difference) => difference.what)).toContain(what);
});

test.each<[string, string]>([
  ['id', notice({ id: 'one' })],
  ['account', notice({ account: '222222222222' })],
  ['source of the notice', notice({ source: 'invalid.other' })],
  ['reason in the notice', notice({}, { reason: 'OTHER' })],
  ['contract in the notice', notice({}, { contract: undefined })],
  ['number of errors in the notice', notice({}, { errors: [] })],
  ['payload in the notice', notice({}, { errors: [{ ...error, message: SECRET }] })],
  ['other fields in the notice', notice({}, {}, ', "weight": 1')],
])('another %s of a notice is a failure', (what, text) => {
  const row = rowOf(refusedSent, kept(record(), text));
  expect(isFine(row)).toBe(false);
  expect(row.differences.map((difference) => difference.what)).toContain(what);
});

test('a record of a large event is packed', () => {
  const text = event({}, `{"note": "${'x'.repeat(600_000)}"}`);
  const sending = { ...refused, expected: { ...NOTHING, quarantined: [{ reason: 'TOO_LARGE', errors: [] }] } };
  const eventGzip = gzipSync(text).toString('base64');
  const packed = record({ reason: 'TOO_LARGE', errors: [], event: undefined, eventGzip });
  expect(rowOf({ sending, id: 'one', text }, arrived({ quarantine: [packed] })).differences).toEqual([]);
  const plain = record({ reason: 'TOO_LARGE', errors: [], event: text });
  expect(isFine(rowOf({ sending, id: 'one', text }, arrived({ quarantine: [plain] })))).toBe(false);
});

test('what is no event at all is found by its text', () => {
  const sending = { ...refused, expected: { ...NOTHING, quarantined: [{ reason: 'MALFORMED', errors: [] }] } };
  const all = arrived({
    quarantine: [record({ reason: 'MALFORMED', schema: undefined, errors: [], event: 'no JSON' })],
  });
  const sent = { sending, text: 'no JSON' };
  expect(rowOf(sent, all).differences).toEqual([]);
  expect(strangers([sent], all)).toEqual([]);
});

test('nothing is a stranger that was sent, or follows from it', () => {
  const all = {
    ...delivered(copy(), 'serviceb'),
    deadLetters: [validSent.text],
    quarantine: [record({ event: validSent.text })],
  };
  expect(strangers([validSent], all)).toEqual([]);
});

test.each<[string, Arrived]>([
  ['on the bus', arrived({ bus: [event({ id: 'other' }, '{}')] })],
  ['at a member', arrived({ members: new Map([['serviceb', [event({ id: 'other' }, '{"metadata": "text"}')]]]) })],
  ['in quarantine', arrived({ quarantine: [record()] })],
  ['among the dead letters', arrived({ deadLetters: ['other'] })],
])('what nobody sent is a stranger: %s', (_, all) => {
  expect(strangers([validSent], all)).toHaveLength(1);
});

test.each<[string, Partial<Outcome>]>([
  ['nothing', {}],
  ['published as valid.a to b and c', { published: [{ source: 'valid.a', to: ['c', 'b'] }] }],
  ['published as valid.a to nobody', { published: [{ source: 'valid.a', to: [] }] }],
  [
    'quarantined MALFORMED (json), a notice to nobody',
    { quarantined: [{ reason: 'MALFORMED', errors: ['json'] }], told: [[]] },
  ],
  ['quarantined UNKNOWN_EVENT', { quarantined: [{ reason: 'UNKNOWN_EVENT', errors: [] }] }],
  ['in the dead-letter queue, in the dead-letter queue', { deadLetters: 2 }],
])('in words: %s', (words, outcome) => {
  expect(inWords({ ...NOTHING, ...outcome })).toBe(words);
});
