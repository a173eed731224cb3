import { gunzipSync, gzipSync } from 'zlib';
import type { ManifestContract } from './manifest';
import type { Reason, Violation } from './verdict';

/**
 * What is kept of an event that is not published: the same in every place. The event is in it as text, packed where that
 * is too long for a message, or elsewhere where even that is.
 */
export interface QuarantineRecord {
  readonly reason: Reason;
  readonly schema?: ManifestContract;
  readonly errors: Violation[];
  readonly event?: string;
  /** In base64. */
  readonly eventGzip?: string;
  readonly eventAt?: EventAt;
  readonly receivedAt: string;
}

/** An object in S3 that is the text of an event. */
export interface EventAt {
  readonly bucket: string;
  readonly key: string;
}

/** More than any event: what is packed to be larger was not packed here. */
const MAX_UNPACKED = 4 * 1024 * 1024;

/** The event in another record, which needs less room for it. */
export function packed({ event = '', ...record }: QuarantineRecord): QuarantineRecord {
  return { ...record, eventGzip: gzipSync(event).toString('base64') };
}

/** The text of a record. JSON may hold two characters that SQS takes for no text. */
export function textOf({ reason, schema, errors, event, eventGzip, eventAt, receivedAt }: QuarantineRecord): string {
  const record: QuarantineRecord = { reason, schema, errors, event, eventGzip, eventAt, receivedAt };
  return JSON.stringify(record).replace(/[\ufffe\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}

/** What comes back from quarantine, or from where Lambda sends failures, has a record around it. Each text is parsed once; what is no JSON is an error instead. */
export function unwrapped(body: string): { text: string; parsed: unknown } {
  let text = body;
  for (;;) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (error) {
      return { text, parsed: error };
    }
    const event = eventIn(parsed);
    if (event === undefined) return { text, parsed };
    text = event;
  }
}

/** Where the event of a record is, if it is elsewhere. */
export function placeOfEvent(body: string): EventAt | undefined {
  // Records that only point are short, and most texts are no records.
  if (body.length > 64 * 1024 || !body.includes('"eventAt"')) return undefined;
  try {
    const { reason, eventAt } = Object(JSON.parse(body));
    const { bucket, key } = Object(eventAt);
    const isPlace = [reason, bucket, key].every((text) => typeof text === 'string');
    return isPlace ? { bucket, key } : undefined;
  } catch {
    return undefined;
  }
}

function eventIn(parsed: unknown): string | undefined {
  const { reason, event, eventGzip, requestContext, requestPayload } = Object(parsed);
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  if (typeof requestContext === 'object' && typeof requestPayload === 'object') return JSON.stringify(requestPayload);
  if (typeof reason !== 'string') return undefined;
  if (typeof event === 'string') return event;
  if (typeof eventGzip !== 'string') return undefined;
  try {
    return gunzipSync(Buffer.from(eventGzip, 'base64'), { maxOutputLength: MAX_UNPACKED }).toString();
  } catch {
    return undefined;
  }
}
