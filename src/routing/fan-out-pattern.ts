import { namesField, NOT_REPLAYED, type WirePattern } from '../internal/event-pattern';
import type { EventFilter, Topology, TopologyMember } from '../topology';

/** What a fan-out rule has to let through. */
export interface FanOut {
  /** The account whose own events stay out. */
  readonly account: string;
  /** In a shared account: the sources whose events stay out. */
  readonly ownSources?: string[];
  readonly filter?: EventFilter;
  readonly excludeReplays?: boolean;
}

/** What the topology says of the events of a member. */
export function fanOutTo(topology: Topology, member: TopologyMember): FanOut {
  const { account, sources, filter } = member;
  return { account, ownSources: topology.sharesAccount(member.name) ? sources : undefined, filter };
}

/** Why a filter cannot be combined with the exclusion. */
export class FilterConflict extends Error {}

/** What can be said of the events of a member, if its filter fits. Where not, the hub's rule is refused for it. */
export function unlessConflict<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof FilterConflict) return undefined;
    throw error;
  }
}

/**
 * The pattern of a fan-out rule: everybody's events but the member's own, narrowed by its filter.
 *
 * A pattern cannot put two conditions on one field, and a branch of `$or` overrides what stands outside. So the filter
 * must stay away from the fields of the exclusion; where the exclusion needs the source as well (several members in
 * one account), literal lists of sources are intersected here.
 */
export function fanOutPattern(fanOut: FanOut): WirePattern {
  const { account, ownSources, filter = {}, excludeReplays = false } = fanOut;
  const narrowing = narrow(filter, excludeReplays, ownSources !== undefined);
  const foreign = { account: [{ 'anything-but': [account] }] };
  if (ownSources === undefined) return { ...foreign, ...narrowing };

  const { source, ...rest } = narrowing;
  if (source === undefined) {
    return withAlternatives([foreign, { source: [{ 'anything-but': ownSources }] }], rest);
  }
  if (!isListOfText(source) || !isListOfText(ownSources)) {
    throw new FilterConflict(
      'names sources by more than literal strings, which cannot be combined with the exclusion by source that a shared account needs: list the sources literally',
    );
  }
  const ofOthers = source.filter((s) => !ownSources.includes(s));
  if (ofOthers.length === 0) return { ...foreign, source, ...rest };
  if (ofOthers.length === source.length) return { source, ...rest };
  return withAlternatives([{ ...foreign, source }, { source: ofOthers }], rest);
}

function narrow(filter: EventFilter, excludeReplays: boolean, excludesBySource: boolean): WirePattern {
  const result: WirePattern = {};
  const add = (pattern: WirePattern, from: string) => {
    for (const [field, value] of Object.entries(pattern)) {
      if (field in result) throw new FilterConflict(`says "${field}" twice, in ${from} too: give it once`);
      result[field] = value;
    }
  };
  const wild = [filter.sources, filter.detailTypes].flat().find((v) => typeof v === 'string' && v.includes('*'));
  if (wild !== undefined) {
    throw new FilterConflict(
      `lists "${wild}", where a star stands for itself: use a prefix in its pattern, such as { "detail-type": [{ "prefix": "Order." }] }`,
    );
  }
  if (filter.sources !== undefined) add({ source: filter.sources }, 'sources');
  if (filter.detailTypes !== undefined) add({ 'detail-type': filter.detailTypes }, 'detailTypes');
  if (excludeReplays) add(NOT_REPLAYED, 'excludeReplays');
  if (filter.pattern !== undefined) {
    if (namesField(filter.pattern, 'account')) {
      throw new FilterConflict(
        'names the field "account", which would override the exclusion of the member\'s own events: filter by source or detail instead',
      );
    }
    // A condition outside of $or that a branch would override.
    const outside: Record<string, [boolean, string]> = {
      source: [excludesBySource || filter.sources !== undefined, 'sources'],
      'detail-type': [filter.detailTypes !== undefined, 'detailTypes'],
      'replay-name': [excludeReplays, 'excludeReplays'],
    };
    for (const [field, [present, instead]] of Object.entries(outside)) {
      if (present && namesField({ $or: filter.pattern.$or }, field)) {
        throw new FilterConflict(
          `names the field "${field}" in a branch of $or, which would override the condition outside: use "${instead}" alone for it`,
        );
      }
    }
    add(filter.pattern, 'pattern');
  }
  return result;
}

/**
 * One of the alternatives, and all of the rest; a `$or` in the rest moves into each alternative, since there is one in
 * each object. What stands behind it moves along: it may override a branch.
 */
function withAlternatives(alternatives: WirePattern[], rest: WirePattern): WirePattern {
  const fields = Object.entries(rest);
  const or = fields.findIndex(([field]) => field === '$or');
  if (or < 0) return { ...rest, $or: alternatives };
  const moved = Object.fromEntries(fields.slice(or));
  return { ...Object.fromEntries(fields.slice(0, or)), $or: alternatives.map((branch) => ({ ...branch, ...moved })) };
}

function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
