import type { IConstruct } from 'constructs';
import { BackboneError } from '../internal/errors';
import { leavesOf, NOT_REPLAYED, toWire, type WirePattern } from '../internal/event-pattern';

/**
 * Which events a rule takes.
 *
 * All conditions given must hold; in a list any entry will do. `events.Match` says more than equality.
 */
export interface EventConditions {
  /**
   * The sources to take.
   *
   * @default - any source
   */
  readonly source?: string[];

  /**
   * The detail-types to take.
   *
   * @default - any detail-type
   */
  readonly detailType?: string[];

  /**
   * What the body must hold. `null` stands in a list, `[null]`: outside of one other languages lose it on the way.
   *
   * @default - any body
   */
  readonly detail?: { [key: string]: any };

  /**
   * The accounts whose events to take: 12 digits each, as strings.
   *
   * @default - any account
   */
  readonly account?: string[];

  /**
   * The Regions whose events to take.
   *
   * @default - any Region
   */
  readonly region?: string[];

  /**
   * The resources to take.
   *
   * @default - any resources
   */
  readonly resources?: string[];

  /**
   * Conditions in the wire's own field names, for what the fields above cannot say, such as `$or`.
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
   * @default - no further condition
   */
  readonly eventPattern?: { [key: string]: any };

  /**
   * Leave out events that a replay brings.
   *
   * @default false
   */
  readonly excludeReplays?: boolean;
}

/** The pattern that conditions make; there must be one at least. */
export function patternOf(scope: IConstruct, id: string, conditions: EventConditions): WirePattern {
  const given: WirePattern = { ...toWire(conditions), ...(conditions.excludeReplays && NOT_REPLAYED) };
  const { eventPattern = {} } = conditions;
  const twice = Object.keys(eventPattern).find((field) => field in given);
  if (twice !== undefined) {
    throw new BackboneError('EventPatternInvalid', `the pattern of ${id} says "${twice}" twice: give it once`, scope);
  }
  const inBranches = new Set(leavesOf({ $or: eventPattern.$or }));
  const overridden = leavesOf(given).find((leaf) => inBranches.has(leaf));
  if (overridden !== undefined) {
    throw new BackboneError(
      'EventPatternInvalid',
      `the pattern of ${id} says "${overridden}" in a branch of $or too, which would override the condition outside: give it in the branches alone`,
      scope,
    );
  }
  const result = { ...given, ...eventPattern };
  if (Object.keys(result).length === 0) {
    throw new BackboneError(
      'EventPatternMissing',
      `${id} has no condition: say what to take, such as detailType: ['Order.Created'], or everything with source: events.Match.prefix('')`,
      scope,
    );
  }
  return result;
}
