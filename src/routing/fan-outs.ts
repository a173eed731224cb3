import type * as events from 'aws-cdk-lib/aws-events';
import { fanOutPattern, fanOutTo, FilterConflict } from './fan-out-pattern';
import { parseResolved } from '../internal/event-pattern';
import type { PatternModel } from '../pattern/model';
import { MemberState, type Topology } from '../topology';

/** A rule that delivers events of a bus to a local bus. */
export interface KnownFanOut {
  /** Whom it delivers to. */
  readonly to: string;
  readonly pattern: PatternModel;
}

const FAN_OUTS = Symbol.for('cdk-event-backbone.fanOuts');

/** Notes that the fan-out rules of a bus will be known here. */
export function noteFanOuts(eventBus: events.IEventBusRef): void {
  Object.defineProperty(eventBus, FAN_OUTS, { value: [] });
}

/** Notes the fan-out rules that a topology says there are. */
export function noteFanOutsOf(eventBus: events.IEventBusRef, topology: Topology): void {
  if (fanOutsOf(eventBus) === undefined) noteFanOuts(eventBus);
  for (const member of topology.members) {
    if (topology.stateOf(member.name) !== MemberState.ACTIVE) continue;
    try {
      noteFanOut(eventBus, { to: member.name, pattern: parseResolved(fanOutPattern(fanOutTo(topology, member))) });
    } catch (error) {
      // The hub's rule is refused for it, with a message of its own.
      if (!(error instanceof FilterConflict)) throw error;
    }
  }
}

/** Notes a fan-out rule. */
export function noteFanOut(eventBus: events.IEventBusRef, fanOut: KnownFanOut): void {
  fanOutsOf(eventBus)?.push(fanOut);
}

/** The fan-out rules of a bus, where they are known here. */
export function fanOutsOf(eventBus: events.IEventBusRef): KnownFanOut[] | undefined {
  return (eventBus as { [FAN_OUTS]?: KnownFanOut[] })[FAN_OUTS];
}
