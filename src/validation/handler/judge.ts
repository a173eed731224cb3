import { AmbiguousJsonError } from './json-members';
import type { Manifest, ManifestContract, Place } from './manifest';
import { unwrapped } from './quarantine-record';
import { type Detail, type Origin, readDetail, stamped } from './stamp';
import type { Entry, Reason, Verdict, Violation } from './verdict';

/** Says what breaks a schema; throws `ValidationTimeout` where that takes too long. */
export type Validate = (detail: unknown) => Violation[];

export class ValidationTimeout extends Error {}

/** Bytes that a request may not reach, by EventBridge's way of counting; and so that no entry may. */
export const REQUEST_BYTES = 1_000_000;
const MAX_ERRORS = 20;
const MAX_ERRORS_LENGTH = 8_000;

/**
 * Decides about one event, given as EventBridge sends it to a queue, as text: a parser would change its numbers.
 *
 * Needs neither AWS nor Lambda.
 *
 * @param validatorOf loads the validator of a contract
 * @throws what `validatorOf` throws: then the event must be tried again
 */
export function judge(
  body: string,
  manifest: Manifest & Place,
  validatorOf: (contract: ManifestContract) => Validate,
): Verdict {
  const { text: event, parsed } = unwrapped(body);
  let envelope: Envelope;
  try {
    envelope = readEnvelope(parsed);
  } catch (error) {
    return { entries: [], errors: [ambiguity(error)], event, ...refused('MALFORMED', manifest) };
  }
  const { source, detailType, origin } = envelope;
  const about = { event, source, detailType, origin };
  const refuse = (reason: Reason, errors: Violation[] = [], contract?: ManifestContract): Verdict => {
    const verdict = { ...about, contract, errors: capped(errors), ...refused(reason, manifest) };
    return { ...verdict, entries: noticeOf(envelope, verdict, manifest) };
  };

  if (manifest.reservedPrefixes.some((prefix) => source.startsWith(prefix))) return refuse('LOOP_PREVENTED');
  let detail: Detail;
  try {
    detail = readDetail(event);
  } catch (error) {
    return refuse('MALFORMED', [ambiguity(error)]);
  }
  if (origin.account === manifest.account && detail.isStamped) return refuse('LOOP_PREVENTED');
  const owners = own(manifest.owners, source);
  if (owners && !owners.includes(origin.account)) return refuse('SOURCE_NOT_OWNED');

  const contract = own(own(manifest.contracts, source), detailType);
  // Audit lets nothing fall silent.
  if (contract === undefined && manifest.unknownEvents === 'ignore' && manifest.mode !== 'audit') {
    return { ...about, entries: [], errors: [], reason: 'UNKNOWN_EVENT' };
  }
  const { reason, errors } = brokenBy(envelope.value, contract, manifest, validatorOf);
  // Audit publishes what breaks a contract, and says so; never what pretends to be something else.
  const isPublished = reason === undefined || manifest.mode === 'audit';
  if (!isPublished) return refuse(reason, errors, contract);
  const entry = entryOf(envelope, detail, manifest, reason === undefined ? origin : { ...origin, valid: false });
  const size = sizeOf(entry);
  if (size >= REQUEST_BYTES) return refuse('TOO_LARGE', [excess(size), ...errors], contract);
  return { ...about, contract, reason, errors: capped(errors), entries: manifest.mode === 'observe' ? [] : [entry] };
}

/** What an event is put on a bus with, in bytes, as EventBridge counts. */
export function sizeOf({ source, detailType, detail, resources, time }: Entry): number {
  const texts = [source, detailType, detail, ...resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), time === undefined ? 0 : 14);
}

interface Envelope {
  readonly source: string;
  readonly detailType: string;
  readonly resources: string[];
  readonly time: string;
  /** The detail as a parser has it. */
  readonly value: unknown;
  readonly origin: Origin;
}

function readEnvelope(parsed: any): Envelope {
  if (parsed instanceof SyntaxError) throw new AmbiguousJsonError(`no JSON${placeIn(parsed.message)}`);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new AmbiguousJsonError('the event is no object');
  }
  const { id, account, region, source, time, resources = [], detail } = parsed;
  const detailType = parsed['detail-type'];
  for (const [name, value] of Object.entries({ id, account, region, source, time, 'detail-type': detailType })) {
    if (typeof value !== 'string') throw new AmbiguousJsonError(`${name} is no text`);
  }
  if (!Array.isArray(resources) || resources.some((resource) => typeof resource !== 'string')) {
    throw new AmbiguousJsonError('resources are no list of texts');
  }
  const replayName = parsed['replay-name'];
  return {
    source,
    detailType,
    resources,
    time,
    value: detail,
    origin: { id, account, region, source, time, ...(typeof replayName === 'string' && { replayName }) },
  };
}

/** The rest of what a parser says shows a piece of the text. */
function placeIn(message: string): string {
  const [, offset] = /at position (\d+)/.exec(message) ?? [];
  return offset === undefined ? '' : ` at position ${offset}`;
}

/** Whether an event keeps to its contract, and if not, in what. */
function brokenBy(
  value: unknown,
  contract: ManifestContract | undefined,
  manifest: Manifest,
  validatorOf: (contract: ManifestContract) => Validate,
): { reason?: Reason; errors: Violation[] } {
  if (contract === undefined) {
    return { reason: manifest.unknownEvents === 'pass' ? undefined : 'UNKNOWN_EVENT', errors: [] };
  }
  const validate = validatorOf(contract);
  try {
    const errors = validate(value);
    return { reason: errors.length > 0 ? 'SCHEMA_INVALID' : undefined, errors };
  } catch (error) {
    if (!(error instanceof ValidationTimeout)) throw error;
    return { reason: 'VALIDATION_TIMEOUT', errors: [] };
  }
}

function entryOf(
  { source, detailType, resources, time }: Envelope,
  detail: Detail,
  { targetBus, sourcePrefix }: Manifest & Place,
  origin: Origin,
): Entry {
  return {
    eventBus: targetBus,
    source: `${sourcePrefix}${source}`,
    detailType,
    detail: stamped(detail, origin),
    resources,
    time,
  };
}

/** Tells the sender why, without what it sent. */
function noticeOf(
  { source, detailType, origin }: Envelope,
  { reason, errors, contract }: Pick<Verdict, 'reason' | 'errors' | 'contract'>,
  { noticePrefix, targetBus, mode }: Manifest & Place,
): Entry[] {
  // A notice of a loop would be one more event of it.
  if (noticePrefix === undefined || mode !== 'enforce' || reason === 'LOOP_PREVENTED') return [];
  const detail = JSON.stringify({ metadata: { origin }, data: { reason, contract: contract?.name, errors } });
  return [{ eventBus: targetBus, source: `${noticePrefix}${source}`, detailType, detail, resources: [] }];
}

function refused(reason: Reason, { mode }: Manifest): Pick<Verdict, 'reason' | 'quarantined'> {
  return mode === 'observe' ? { reason } : { reason, quarantined: reason };
}

/** What is wrong with a text that has no schema to break. */
function ambiguity(error: unknown): Violation {
  if (!(error instanceof AmbiguousJsonError)) throw error;
  return { path: '', keyword: 'json', message: error.message };
}

const excess = (size: number): Violation => ({
  path: '',
  keyword: 'size',
  message: `${size} bytes with the stamp, which must be less than ${REQUEST_BYTES}`,
});

/** A hostile event could break a schema in thousands of places. */
function capped(errors: Violation[]): Violation[] {
  let length = 0;
  return errors.slice(0, MAX_ERRORS).filter((error) => (length += JSON.stringify(error).length) <= MAX_ERRORS_LENGTH);
}

/** Sources and detail-types are anybody's text: `__proto__` is one. */
function own<T>(record: Record<string, T> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
