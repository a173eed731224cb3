import { createHash } from 'crypto';
import { ACCEPTED, type Channel, deliver, failed, type Outcome, type Patience } from './deliver';
import type * as Stores from './stores';
import { packed, textOf } from '../../src/validation/handler/decide';
import { type EventAt, type QuarantineRecord } from '../../src/validation/handler/quarantine-record';
import type { Reason, Verdict, Violation } from '../../src/validation/handler/verdict';

/** An event to keep, and why. */
export interface Quarantined {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly errors: Violation[];
}

/** Where records go. With both, the bucket takes the events that are too long for a message even when they are packed. */
export interface Sinks {
  readonly queue?: Channel<string>;
  readonly bucket?: { readonly name: string; readonly channel: Channel<StoredText> };
}

export interface StoredText extends EventAt {
  readonly text: string;
}

/** Bytes of one message, and of all in one request. */
const MESSAGE_BYTES = 1024 * 1024;

/** Writes a record of each. What is not accepted is not written. */
export async function quarantine(items: Quarantined[], sinks: Sinks, patience: Patience): Promise<Outcome[]> {
  const receivedAt = new Date().toISOString();
  const records = items.map(({ verdict, reason, errors }) => ({
    reason,
    schema: verdict.contract,
    errors,
    event: verdict.event,
    receivedAt,
  }));
  const put = async (i: number, text: string): Promise<EventAt | undefined> => {
    if (!sinks.bucket) return undefined;
    const at = { bucket: sinks.bucket.name, key: keyOf(items[i].verdict, receivedAt) };
    const [outcome] = await deliver([{ ...at, text }], sinks.bucket.channel, patience);
    return outcome.kind === 'accepted' ? at : undefined;
  };

  const { queue } = sinks;
  if (!queue) {
    const places = await Promise.all(records.map(async (record, i) => put(i, textOf(record))));
    return places.map((at) => (at ? ACCEPTED : failed('NotStored')));
  }
  const messages = await Promise.all(
    records.map(async (record, i) => messageOf(record, sinks.bucket && (async () => put(i, record.event)))),
  );
  const written = messages.flatMap((text, i) => (text === undefined ? [] : [i]));
  const sent = await deliver(
    written.map((i) => messages[i]!),
    queue,
    patience,
  );
  const outcomes: Outcome[] = messages.map(() => failed('TooLong'));
  written.forEach((i, n) => (outcomes[i] = sent[n]));
  return outcomes;
}

/**
 * The record as a message; undefined if there is no way to make it short enough.
 *
 * @param store puts the event where there is room
 */
async function messageOf(
  record: QuarantineRecord,
  store?: () => Promise<EventAt | undefined>,
): Promise<string | undefined> {
  const text = textOf(record);
  if (isShort(text)) return text;
  const shorter = textOf(packed(record));
  if (isShort(shorter)) return shorter;
  const eventAt = await store?.();
  return eventAt && textOf({ ...record, event: undefined, eventAt });
}

const isShort = (text: string): boolean => Buffer.byteLength(text) <= MESSAGE_BYTES;

// Both load what they need with the first item: if that fails, the item fails, not its batch.

export const toQueue = (url: string, stores: () => typeof Stores): Channel<string> => ({
  most: { items: 10, bytes: MESSAGE_BYTES },
  sizeOf: (text) => Buffer.byteLength(text),
  send: async (texts, signal) => stores().sendMessages(url, texts, signal),
});

export const toBucket = (stores: () => typeof Stores): Channel<StoredText> => ({
  most: { items: 1, bytes: Infinity },
  sizeOf: ({ text }) => text.length,
  async send([{ text, ...at }], signal) {
    await stores().putObject(at, text, signal);
    return [ACCEPTED];
  },
});

/** Partitions, as query engines read them. The day is ours: the one in the event is its sender's. */
function keyOf({ source, detailType, origin, event }: Verdict, receivedAt: string): string {
  const id = origin?.id ?? createHash('sha256').update(event).digest('hex');
  const day = receivedAt.slice(0, 10);
  return `source=${part(source)}/detail-type=${part(detailType)}/dt=${day}/${part(id)}.json`;
}

/** Of a key that may have 1,024 bytes in all. */
const PART_LENGTH = 300;

/** A part of a key, without what divides them or has a meaning in addresses. */
function part(text: string = 'unknown'): string {
  // Half a pair of surrogates cannot be encoded.
  const encoded = encodeURIComponent(Buffer.from(text).toString());
  return encoded.slice(0, PART_LENGTH).replace(/%.?$/, '');
}
