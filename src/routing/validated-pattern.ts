import { FilterConflict, merged, narrow, withAlternatives } from './event-filter';
import { leavesOf, type WirePattern } from '../internal/event-pattern';
import type { EventFilter } from '../topology';

/** How validated events tell that they are. */
export interface Validated {
  /** The account of the republisher: whatever it puts on a bus bears it. */
  readonly account: string;
  /** What stands before the source of a valid event, where the bus holds others too. */
  readonly validPrefix?: string;
  /** What stands before the source of a notice. */
  readonly invalidPrefix: string;
}

/** Where the republisher writes down whom an event is from; see `Origin` of its handler. */
const ORIGIN = 'detail.metadata.origin';

/** Whom a fan-out rule delivers to, and what. */
export interface Receiver {
  /** The account whose own events stay out. */
  readonly account: string;
  /** In a shared account: the sources whose events stay out. */
  readonly ownSources?: string[];
  readonly filter?: EventFilter;
  readonly excludeReplays?: boolean;
}

/**
 * The pattern of a fan-out rule behind a republisher: the valid events of everybody else, narrowed by the filter; and
 * the notices about the member's own invalid events, which nothing narrows. One rule does both, since a bus holds few.
 *
 * The account in the envelope is the republisher's now, so its stamp says whose an event is. An event without a stamp
 * matches nothing: `anything-but` wants the field to be there.
 */
export function validatedPattern(receiver: Receiver, validated: Validated): WirePattern {
  const { account, ownSources } = receiver;
  const notice = {
    source: [{ prefix: validated.invalidPrefix }],
    ...origin({ account: [account], ...(ownSources && { source: ownSources }) }),
  };
  return { account: [validated.account], $or: [validEvents(receiver, validated), notice] };
}

function validEvents({ account, ownSources, filter = {}, excludeReplays = false }: Receiver, validated: Validated) {
  refuseOrigin(filter);
  const { source, ...narrowing } = narrow(filter, excludeReplays, true);
  const condition = { source: validSources(source, validated) };
  // A replay of raw events is republished, and only the stamp tells.
  const replays = excludeReplays ? origin({ replayName: [{ exists: false }] }) : {};
  // What the filter says comes last: it may have put it behind a $or on purpose.
  const rest = merged(replays, merged(condition, narrowing));
  const notFromAccount = origin({ account: [{ 'anything-but': [account] }] });
  if (ownSources === undefined) return merged(notFromAccount, rest);
  return withAlternatives([notFromAccount, origin({ source: [{ 'anything-but': ownSources }] })], rest);
}

const origin = (fields: WirePattern): WirePattern => ({ detail: { metadata: { origin: fields } } });

function refuseOrigin({ pattern = {} }: EventFilter): void {
  const leaf = leavesOf(pattern).find((path) => isWithin(path, ORIGIN) || isWithin(ORIGIN, path));
  if (leaf === undefined) return;
  throw new FilterConflict(
    `names the field "${leaf}", which the republisher writes and the exclusion of the member's own events needs: filter by other fields`,
  );
}

const isWithin = (path: string, outer: string): boolean => `${path}.`.startsWith(`${outer}.`);

/** The condition on the source: what the filter says, for the names that valid events have, and never a notice. */
function validSources(source: unknown, { validPrefix, invalidPrefix }: Validated): unknown[] {
  if (source === undefined) {
    return validPrefix === undefined ? [{ 'anything-but': { prefix: [invalidPrefix] } }] : [{ prefix: validPrefix }];
  }
  const conditions = Array.isArray(source) ? source : [source];
  return conditions.map((condition) => {
    const begins = beginningOf(condition);
    if (begins === undefined) {
      throw new FilterConflict(
        `says ${JSON.stringify(condition)} of "source", which cannot be told apart from notices of invalid events: list sources literally, or by a prefix`,
      );
    }
    if (validPrefix !== undefined) {
      const prefix = [validPrefix, invalidPrefix].find((one) => begins.text.startsWith(one));
      if (prefix === undefined) return prefixed(condition, validPrefix);
      throw new FilterConflict(
        `says ${JSON.stringify(condition)} of "source", and ${JSON.stringify(prefix)} is put before sources where they are validated: name the source as its producer does`,
      );
    }
    if (!begins.text.startsWith(invalidPrefix) && (begins.isWhole || !invalidPrefix.startsWith(begins.text))) {
      return condition;
    }
    throw new FilterConflict(
      `says ${JSON.stringify(condition)} of "source", which takes notices of invalid events (${JSON.stringify(invalidPrefix)}) too: use sources that begin otherwise`,
    );
  });
}

/** What the sources begin with that a condition takes, if that can be told. */
function beginningOf(condition: any): { text: string; isWhole: boolean } | undefined {
  if (typeof condition === 'string') return { text: condition, isWhole: true };
  if (typeof condition?.prefix === 'string') return { text: condition.prefix, isWhole: false };
  if (typeof condition?.wildcard === 'string') return { text: /^[^*\\]*/.exec(condition.wildcard)![0], isWhole: false };
  return undefined;
}

function prefixed(condition: any, prefix: string): unknown {
  if (typeof condition === 'string') return `${prefix}${condition}`;
  const [[operator, text]] = Object.entries(condition);
  return { [operator]: `${prefix}${text}` };
}
