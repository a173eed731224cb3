import type * as events from 'aws-cdk-lib/aws-events';
import { unlessConflict } from './event-filter';
import { fanOutPattern, fanOutTo } from './fan-out-pattern';
import { sharedByReferences } from '../internal/bus-identity';
import { parseResolved } from '../internal/event-pattern';
import type { PatternModel } from '../pattern/model';
import { MemberState, type Topology } from '../topology';

/** A rule that delivers events of a bus to a local bus. */
export interface KnownFanOut {
  /** The name of the local bus. */
  readonly to: string;
  readonly pattern: PatternModel;
}

/** The fan-out rules of one bus, whichever constructs stand for it in an app. */
interface FanOuts {
  readonly rules: KnownFanOut[];
  /** A topology and the rule that is made of it say the same, and each reference to a bus says it again. */
  readonly noted: Set<string | Topology>;
  /** Whether these are all, once the app is complete. */
  complete: boolean;
  readonly listeners: Array<(fanOut: KnownFanOut) => void>;
}

const FAN_OUTS = Symbol.for('cdk-event-backbone.fanOuts');

/** Notes that all fan-out rules of a bus will be known here. */
export function noteFanOuts(eventBus: events.IEventBusRef): void {
  fanOutsOf(eventBus).complete = true;
}

/** Notes the fan-out rules that a topology says there are on its global bus: none where they read another bus. */
export function noteFanOutsOf(eventBus: events.IEventBusRef, topology: Topology, excludeReplays?: boolean): void {
  noteFanOuts(eventBus);
  if (topology.fanOutBusArn !== topology.globalBusArn) return;
  const { noted } = fanOutsOf(eventBus);
  if (noted.has(topology)) return;
  noted.add(topology);
  for (const member of topology.members) {
    if (topology.stateOf(member.name) !== MemberState.ACTIVE) continue;
    const pattern = unlessConflict(() => fanOutPattern({ ...fanOutTo(topology, member), excludeReplays }));
    if (pattern) noteFanOut(eventBus, { to: topology.localBusName(member.name), pattern: parseResolved(pattern) });
  }
}

/** Notes a fan-out rule. */
export function noteFanOut(eventBus: events.IEventBusRef, fanOut: KnownFanOut): void {
  const { rules, noted, listeners } = fanOutsOf(eventBus);
  const text = JSON.stringify(fanOut);
  if (noted.has(text)) return;
  noted.add(text);
  rules.push(fanOut);
  for (const listener of listeners) listener(fanOut);
}

/** The fan-out rules of a bus, as far as they are known here. */
export function fanOutsOf(eventBus: events.IEventBusRef): FanOuts {
  return sharedByReferences(eventBus, FAN_OUTS, () => ({
    rules: [],
    noted: new Set(),
    complete: false,
    listeners: [],
  }));
}

const OWN_PLACE = Symbol.for('cdk-event-backbone.ownPlace');

interface OwnPlace {
  readonly account: string;
  readonly region: string;
}

/** Notes where the member is that a reference to a bus is for, which the member's stack need not know. */
export function noteOwnPlace(eventBus: events.IEventBusRef, place: OwnPlace): void {
  Object.defineProperty(eventBus, OWN_PLACE, { value: place });
}

export function ownPlaceOf(eventBus: events.IEventBusRef): OwnPlace | undefined {
  return (eventBus as { [OWN_PLACE]?: OwnPlace })[OWN_PLACE];
}
