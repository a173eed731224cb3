import { namesField, NOT_REPLAYED, type WirePattern } from '../internal/event-pattern';
import type { EventFilter } from '../topology';

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
 * A filter as a pattern.
 *
 * @param excludesBySource whether the rule has a condition on the source of its own
 */
export function narrow(filter: EventFilter, excludeReplays: boolean, excludesBySource: boolean): WirePattern {
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
export function withAlternatives(alternatives: WirePattern[], rest: WirePattern): WirePattern {
  const fields = Object.entries(rest);
  const or = fields.findIndex(([field]) => field === '$or');
  if (or < 0) return { ...rest, $or: alternatives };
  const moved = Object.fromEntries(fields.slice(or));
  return { ...Object.fromEntries(fields.slice(0, or)), $or: alternatives.map((branch) => merged(branch, moved)) };
}

/** Both, where no field with conditions is in both. */
export function merged(one: WirePattern, other: WirePattern): WirePattern {
  const result = { ...one };
  for (const [key, value] of Object.entries(other)) {
    // Written last, as it stood in the second.
    const before = result[key];
    delete result[key];
    result[key] = isObject(before) && isObject(value) ? merged(before, value) : value;
  }
  return result;
}

const isObject = (value: unknown): value is WirePattern =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
