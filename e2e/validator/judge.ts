import { gunzipSync } from 'zlib';
import { aligned } from '../compare';
import { faultOf, type Difference } from './faults';
import type { Sent } from './senders';
import { SECRET, type Outcome } from './sendings';

/** All that arrived, as texts. */
export interface Arrived {
  /** What passed the bus. */
  readonly bus: string[];
  /** What the fan-out would deliver, by member. */
  readonly members: Map<string, string[]>;
  readonly quarantine: string[];
  readonly deadLetters: string[];
}

/** What became of one sending. */
export interface Row {
  readonly sent: Sent;
  readonly expected: string;
  readonly seen: string;
  readonly differences: Difference[];
}

/** Reasons for which the contract of an event was found. */
const WITH_CONTRACT = ['SCHEMA_INVALID', 'VALIDATION_TIMEOUT', 'TOO_LARGE'];
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What became of each, beside what should have. */
export function judge(sent: Sent[], expected: (sent: Sent) => Outcome, arrived: Arrived, hub: string): Row[] {
  return sent.map((one) => {
    const copies = copiesOf(one, arrived.bus);
    const records = recordsOf(one, arrived.quarantine);
    const seen = outcomeOf(one, copies, records, arrived);
    const details = [
      ...copies.flatMap((copy) => (isNotice(copy) ? noticeDetails(one, copy, hub) : copyDetails(one, copy, hub))),
      ...records.flatMap((record) => recordDetails(one, record)),
    ];
    const [words, seenWords] = [inWords(expected(one)), inWords(seen)];
    const outcome = { what: 'outcome', expected: words, seen: seenWords };
    const differences = [outcome, ...details].filter((difference) => difference.expected !== difference.seen);
    return { sent: one, expected: words, seen: seenWords, differences };
  });
}

/** Whether all is as expected, but for known faults. */
export const isFine = ({ differences }: Row): boolean => differences.every((difference) => faultOf(difference));

/** Whether all is there that was expected; it may be otherwise than expected. */
export const isComplete = ({ expected, seen }: Row): boolean => expected === seen;

/** What arrived that is of none of these. */
export function strangers(sent: Sent[], arrived: Arrived): string[] {
  const ids = new Set(sent.flatMap(({ id }) => id ?? []));
  const texts = new Set(sent.map(({ text }) => text));
  const isStranger = (text: string) => {
    const { id, origin } = read(text);
    return !ids.has(id) && !ids.has(origin?.id);
  };
  return [
    ...[arrived.bus, ...arrived.members.values()].flat().filter(isStranger),
    ...arrived.quarantine.filter((text) => !texts.has(eventIn(JSON.parse(text)))),
    ...arrived.deadLetters.filter((text) => !texts.has(text)),
  ];
}

export function table(rows: Row[]): string {
  return aligned([
    ['event', 'sent by', 'expected', 'seen', 'remark'],
    ...rows.map((row) => {
      const { sending } = row.sent;
      const seen = isComplete(row) ? 'as expected' : row.seen;
      return [sending.name, sending.by ?? '(put into the queue)', row.expected, seen, remark(row)];
    }),
  ]);
}

function remark({ differences }: Row): string {
  const notes = differences.map((difference) => {
    const { what, expected, seen } = difference;
    const fault = faultOf(difference);
    if (fault) return `fault: ${fault.name}`;
    return what === 'outcome' ? 'DIFFERENT' : `DIFFERENT: ${what} is ${short(seen)}, not ${short(expected)}`;
  });
  return [...new Set(notes)].join(', ');
}

const short = (text: string) => (text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text);

/** An outcome for people; two are equal if their words are. */
export function inWords({ published, quarantined, told, deadLetters }: Outcome): string {
  const words = [
    ...published.map(({ source, to }) => `published as ${source} to ${namesOf(to)}`),
    ...quarantined.map(({ reason, errors }) => `quarantined ${[reason, ...list(errors)].join(' ')}`),
    ...told.map((to) => `a notice to ${namesOf(to)}`),
    ...Array.from({ length: deadLetters }, () => 'in the dead-letter queue'),
  ];
  return words.length > 0 ? words.join(', ') : 'nothing';
}

const namesOf = (members: string[]) => (members.length > 0 ? [...members].sort().join(' and ') : 'nobody');
const list = (errors: string[]) => (errors.length > 0 ? [`(${[...errors].sort().join(', ')})`] : []);

/** An event that the republisher has put on the bus. */
interface Copy {
  readonly text: string;
  readonly event: any;
}

/** The record of an event in quarantine. */
type Record = any;

const isNotice = ({ event }: Copy) => event.source.startsWith('invalid.');

function copiesOf({ id }: Sent, bus: string[]): Copy[] {
  return bus.flatMap((text) => {
    const { event, origin } = read(text);
    return origin !== undefined && origin.id === id && /^(in)?valid\./.test(event.source) ? [{ text, event }] : [];
  });
}

const recordsOf = (sent: Sent, quarantine: string[]): Record[] =>
  quarantine.map((text) => JSON.parse(text)).filter((record) => eventIn(record) === sent.text);

/** The event of a record, however it is packed. */
function eventIn({ event, eventGzip }: Record): string {
  return event ?? gunzipSync(Buffer.from(eventGzip ?? '', 'base64')).toString();
}

function outcomeOf({ text }: Sent, copies: Copy[], records: Record[], { members, deadLetters }: Arrived): Outcome {
  const receivers = ({ event }: Copy) =>
    [...members].flatMap(([member, letters]) => letters.filter((one) => read(one).id === event.id).map(() => member));
  return {
    published: copies
      .filter((copy) => !isNotice(copy))
      .map((copy) => ({ source: copy.event.source, to: receivers(copy) })),
    quarantined: records.map(({ reason, errors }) => ({
      reason,
      errors: errors.map(({ keyword, path }: { keyword: string; path: string }) => `${keyword} ${path}`.trim()),
    })),
    told: copies.filter(isNotice).map(receivers),
    deadLetters: deadLetters.filter((letter) => letter === text).length,
  };
}

/** The envelope and the detail of a published event. */
function copyDetails({ sending, text }: Sent, copy: Copy, hub: string): Difference[] {
  const original = JSON.parse(text);
  return [
    ...envelopeDetails(original, copy, hub),
    { what: 'resources', expected: shown(original.resources), seen: shown(copy.event.resources) },
    { what: 'time', expected: original.time, seen: copy.event.time },
    { what: 'detail', expected: sending.stamped?.(spaced(stampOf(original))) ?? '', seen: detailIn(copy.text) },
  ];
}

/** A notice says why, and not what. */
function noticeDetails({ text, sending }: Sent, copy: Copy, hub: string): Difference[] {
  const original = JSON.parse(text);
  const { metadata, data, ...others } = copy.event.detail;
  const [{ reason = '', errors = [] } = {}] = sending.expected.quarantined;
  return [
    ...envelopeDetails(original, copy, hub),
    { what: 'source of the notice', expected: `invalid.${original.source}`, seen: copy.event.source },
    { what: 'metadata of the notice', expected: shown({ origin: stampOf(original) }), seen: shown(metadata) },
    { what: 'reason in the notice', expected: reason, seen: data?.reason },
    { what: 'number of errors in the notice', expected: String(errors.length), seen: String(data?.errors?.length) },
    { what: 'contract in the notice', expected: String(contractOf(original, reason)), seen: String(data?.contract) },
    { what: 'other fields in the notice', expected: '{}', seen: shown(others) },
    { what: 'payload in the notice', expected: 'false', seen: String(copy.text.includes(SECRET)) },
  ];
}

function envelopeDetails(original: any, { event }: Copy, hub: string): Difference[] {
  return [
    { what: 'id', expected: 'a new one', seen: event.id === original.id ? 'the same' : 'a new one' },
    { what: 'account', expected: hub, seen: event.account },
    { what: 'region', expected: original.region, seen: event.region },
    { what: 'detail-type', expected: original['detail-type'], seen: event['detail-type'] },
  ];
}

/** Its event is compared already, letter by letter. */
function recordDetails({ text }: Sent, record: Record): Difference[] {
  const { reason, schema, errors, event, eventGzip, receivedAt, ...others } = record;
  const expected = contractOf(read(text).event, reason);
  const isPlain = typeof event === 'string' && eventGzip === undefined;
  return [
    { what: 'schema of the record', expected: String(expected), seen: String(schema?.name) },
    { what: 'hash of the schema', expected: String(expected !== undefined), seen: String(isHash(schema?.hash)) },
    { what: 'errors of the record', expected: 'texts', seen: errors.every(isViolation) ? 'texts' : shown(errors) },
    { what: 'what the errors show', expected: 'no payload', seen: shows(errors) ? shown(errors) : 'no payload' },
    {
      what: 'form of the record',
      expected: text.length > 500_000 ? 'packed' : 'plain',
      seen: isPlain ? 'plain' : 'packed',
    },
    { what: 'receivedAt', expected: 'a time', seen: ISO.test(receivedAt) ? 'a time' : shown(receivedAt) },
    { what: 'other fields of the record', expected: '{}', seen: shown(others) },
  ];
}

const isHash = (value: unknown) => /^[0-9a-f]{16}$/.test(String(value));
const shows = (errors: unknown) => shown(errors).includes(SECRET);
const isViolation = (error: object) =>
  Object.keys(error).sort().join() === 'keyword,message,path' &&
  Object.values(error).every((v) => typeof v === 'string');

const contractOf = (event: any, reason: string) =>
  WITH_CONTRACT.includes(reason) ? `${event.source}@${event['detail-type']}` : undefined;

/** What the republisher must write into the event. */
const stampOf = ({ id, account, region, source, time }: any) => ({ id, account, region, source, time });

/** A flat object as the emulator writes it. */
const spaced = (value: object) =>
  `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${JSON.stringify(inner)}`)
    .join(', ')}}`;

/** The text of the detail, which is the last field of an event. */
const detailIn = (text: string) => /"detail": (.*)\}$/s.exec(text)?.[1] ?? '';

const shown = (value: unknown) => JSON.stringify(value) ?? 'absent';

/** An event, and where its stamp says that it came from. */
function read(text: string): { event: any; id?: any; origin?: any } {
  try {
    const event = JSON.parse(text);
    return { event, id: event.id, origin: Object(Object(event.detail).metadata).origin };
  } catch {
    return { event: {} };
  }
}
