import { AmbiguousJsonError, type Member, membersOf } from './json-members';
import { type Detail, type Origin, readDetail, stamped } from './stamp';

/** What is known at deployment only. */
export interface Place {
  /** Where valid events go: the name or ARN of a bus. */
  readonly targetBus: string;
  /** The account of the republisher: what it put on a bus itself bears it. */
  readonly account: string;
}

/** What the republisher goes by; it stands as `manifest.json` in the asset, beside the compiled schemas. */
export interface Manifest {
  /** What stands before the source of a published event; empty where it goes to another bus. */
  readonly sourcePrefix: string;
  /** The beginnings of sources that nobody but the republisher may use. */
  readonly reservedPrefixes: string[];
  /** What stands before the source in a notice of an invalid event; no notices without it. */
  readonly noticePrefix?: string;
  readonly mode: 'enforce' | 'audit' | 'observe';
  readonly unknownEvents: 'quarantine' | 'pass' | 'ignore';
  /** By source, then detail-type. */
  readonly contracts: Record<string, Record<string, ManifestContract>>;
  /** Which accounts may send a source; one that is not listed may come from anywhere. */
  readonly owners: Record<string, string[]>;
}

export interface ManifestContract {
  readonly name: string;
  /** Of the compiled schema, and the name of its file. */
  readonly hash: string;
}

export type Reason =
  | 'SCHEMA_INVALID'
  | 'UNKNOWN_EVENT'
  | 'SOURCE_NOT_OWNED'
  | 'MALFORMED'
  | 'TOO_LARGE'
  | 'LOOP_PREVENTED'
  | 'VALIDATION_TIMEOUT';

/** One way in which an event breaks its schema. It holds no value. */
export interface Violation {
  readonly path: string;
  readonly keyword: string;
  readonly message: string;
}

/** An event to publish. */
export interface Entry {
  readonly eventBus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
  readonly resources: string[];
  readonly time?: string;
}

/** What is to be done with one event. */
export interface Verdict {
  /** What is published: the event, a notice to its sender, or nothing. */
  readonly entries: Entry[];
  /** Why the event waits in quarantine, if it does. */
  readonly quarantined?: Reason;
  /** Why it is invalid, in modes too that publish it all the same. */
  readonly reason?: Reason;
  readonly errors: Violation[];
  readonly contract?: ManifestContract;
  /** As far as the event could be read. */
  readonly source?: string;
  readonly detailType?: string;
  readonly origin?: Origin;
  /** The event as it came, without what quarantine had put around it. */
  readonly event: string;
}

/** Says what breaks a schema; throws `ValidationTimeout` where that takes too long. */
export type Validate = (detail: unknown) => Violation[];

export class ValidationTimeout extends Error {}

/** Bytes that an entry may have, by EventBridge's way of counting, with room for what it adds. */
const MAX_ENTRY = 1_000_000;
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
    envelope = readEnvelope(event, parsed);
  } catch (error) {
    if (!(error instanceof AmbiguousJsonError)) throw error;
    return { entries: [], errors: [fault(error.message)], event, ...refused('MALFORMED', manifest) };
  }
  const { source, detailType, detail, origin } = envelope;
  const about = { event, source, detailType, origin };
  const refuse = (reason: Reason, errors: Violation[] = [], contract?: ManifestContract): Verdict => {
    const verdict = { ...about, contract, errors: capped(errors), ...refused(reason, manifest) };
    const entries = isPublishedAnyway(reason, manifest)
      ? [entryOf(envelope, manifest, { ...origin, valid: false })]
      : noticeOf(envelope, verdict, manifest);
    return { ...verdict, entries };
  };

  const isOwn = origin.account === manifest.account && detail.isStamped;
  if (isOwn || manifest.reservedPrefixes.some((prefix) => source.startsWith(prefix))) return refuse('LOOP_PREVENTED');
  const owners = own(manifest.owners, source);
  if (owners && !owners.includes(origin.account)) return refuse('SOURCE_NOT_OWNED');
  const contract = own(own(manifest.contracts, source), detailType);
  if (contract === undefined) {
    if (manifest.unknownEvents === 'ignore') return { ...about, entries: [], errors: [], reason: 'UNKNOWN_EVENT' };
    if (manifest.unknownEvents === 'quarantine') return refuse('UNKNOWN_EVENT');
  } else {
    try {
      const errors = validatorOf(contract)(envelope.value);
      if (errors.length > 0) return refuse('SCHEMA_INVALID', errors, contract);
    } catch (error) {
      if (!(error instanceof ValidationTimeout)) throw error;
      return refuse('VALIDATION_TIMEOUT', [], contract);
    }
  }
  const entry = entryOf(envelope, manifest, origin);
  if (sizeOf(entry) > MAX_ENTRY) return refuse('TOO_LARGE', [], contract);
  return { ...about, contract, errors: [], entries: manifest.mode === 'observe' ? [] : [entry] };
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
  readonly detail: Detail;
  /** The detail as a parser has it. */
  readonly value: unknown;
  readonly origin: Origin;
}

/** What comes back from quarantine has a record around it. Each text is parsed once; what is no JSON is an error instead. */
function unwrapped(body: string): { text: string; parsed: unknown } {
  let text = body;
  for (;;) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (error) {
      return { text, parsed: error };
    }
    const { reason, event } = Object(parsed);
    if (typeof reason !== 'string' || typeof event !== 'string') return { text, parsed };
    text = event;
  }
}

function readEnvelope(text: string, parsed: any): Envelope {
  if (parsed instanceof SyntaxError) throw new AmbiguousJsonError(`no JSON: ${parsed.message}`);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new AmbiguousJsonError('the event is no object');
  }
  const members = membersOf(text, text.indexOf('{'));
  const { id, account, region, source, time, resources = [] } = parsed;
  const detailType = parsed['detail-type'];
  for (const [name, value] of Object.entries({ id, account, region, source, time, 'detail-type': detailType })) {
    if (typeof value !== 'string') throw new AmbiguousJsonError(`${name} is no text`);
  }
  if (!Array.isArray(resources) || resources.some((resource) => typeof resource !== 'string')) {
    throw new AmbiguousJsonError('resources are no list of texts');
  }
  const { valueStart, end } = members.find(({ key }) => key === 'detail') ?? missing('detail');
  const replayName = parsed['replay-name'];
  return {
    source,
    detailType,
    resources,
    time,
    detail: readDetail(text.slice(valueStart, end)),
    value: parsed.detail,
    origin: { id, account, region, source, time, ...(typeof replayName === 'string' && { replayName }) },
  };
}

function missing(name: string): Member {
  throw new AmbiguousJsonError(`${name} is missing`);
}

function entryOf(
  { source, detailType, resources, time, detail }: Envelope,
  manifest: Manifest & Place,
  origin: Origin,
): Entry {
  return {
    eventBus: manifest.targetBus,
    source: `${manifest.sourcePrefix}${source}`,
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

/** Audit publishes what breaks a contract, not what pretends to be something else. */
function isPublishedAnyway(reason: Reason, { mode }: Manifest): boolean {
  return mode === 'audit' && ['SCHEMA_INVALID', 'UNKNOWN_EVENT', 'VALIDATION_TIMEOUT'].includes(reason);
}

function refused(reason: Reason, manifest: Manifest): Pick<Verdict, 'reason' | 'quarantined'> {
  const isKept = manifest.mode !== 'observe' && !isPublishedAnyway(reason, manifest);
  return isKept ? { reason, quarantined: reason } : { reason };
}

const fault = (message: string): Violation => ({ path: '', keyword: 'json', message });

/** A hostile event could break a schema in thousands of places. */
function capped(errors: Violation[]): Violation[] {
  let length = 0;
  return errors.slice(0, MAX_ERRORS).filter((error) => (length += JSON.stringify(error).length) <= MAX_ERRORS_LENGTH);
}

/** Sources and detail-types are anybody's text: `__proto__` is one. */
function own<T>(record: Record<string, T> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
