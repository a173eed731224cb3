import type * as events from 'aws-cdk-lib/aws-events';
import type { EventContract } from '../contract';

/** How the validated events of a bus are named. */
interface ValidNames {
  readonly prefix: string;
  /** Whether rules take the source without the prefix as well. */
  readonly alsoRaw: boolean;
}

const VALID_NAMES = Symbol.for('cdk-event-backbone.validNames');

/** Notes that valid events bear a prefix on a bus. */
export function noteValidNames(eventBus: events.IEventBusRef, names: ValidNames): void {
  Object.defineProperty(eventBus, VALID_NAMES, { value: names });
}

/**
 * The sources under which the event of a contract is on a bus.
 *
 * On a local bus the name without prefix is one of them: raw events arrive until the hub delivers validated ones, and
 * never both, so that a member can be ready before the hub is.
 */
export function sourcesOf(eventBus: events.IEventBusRef, { source }: EventContract): string[] {
  const names = (eventBus as { [VALID_NAMES]?: ValidNames })[VALID_NAMES];
  if (names === undefined) return [source];
  return names.alsoRaw ? [source, `${names.prefix}${source}`] : [`${names.prefix}${source}`];
}
