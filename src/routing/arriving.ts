import type * as events from 'aws-cdk-lib/aws-events';
import type { IConstruct } from 'constructs';
import { noteValidNames } from './contract-sources';
import { unlessConflict } from './event-filter';
import { type FanOut, fanOutPattern } from './fan-out-pattern';
import { namesField, parseResolved } from '../internal/event-pattern';
import { warn } from '../internal/warnings';
import type { PatternModel } from '../pattern/model';
import { overlapOf } from '../pattern/overlap';

const ARRIVES = Symbol.for('cdk-event-backbone.arrives');

/**
 * Notes what the hub delivers to a local bus.
 *
 * @param sources those that only the member itself publishes
 */
export function noteArriving(localBus: events.IEventBusRef, fanOut: FanOut, sources: string[] = []): void {
  const { validPrefix } = fanOut.validated ?? {};
  if (validPrefix !== undefined) noteValidNames(localBus, { prefix: validPrefix, alsoRaw: true });
  const pattern = unlessConflict(() => fanOutPattern(fanOut));
  if (pattern === undefined) return;
  const ofOthers =
    sources.length === 0 || namesField(pattern, 'source') ? {} : { source: [{ 'anything-but': sources }] };
  (localBus as { [ARRIVES]?: PatternModel })[ARRIVES] = parseResolved({ ...pattern, ...ofOthers });
}

/** Warns of a rule on a local bus that takes nothing of what the hub delivers to it. */
export function warnIfNothingArrives(rule: IConstruct, eventBus: events.IEventBusRef, pattern: PatternModel): void {
  const arrives = (eventBus as { [ARRIVES]?: PatternModel })[ARRIVES];
  if (arrives === undefined || overlapOf(pattern, arrives).answer !== 'no') return;
  warn(
    rule,
    'Subscription.nothingArrives',
    `takes no event that the hub delivers to ${eventBus.eventBusRef.eventBusName}: a member's own events stay out, and so does what its filter in the topology does not name. Change the condition, or the filter`,
  );
}
