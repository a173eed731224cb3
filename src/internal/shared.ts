import { Stack, Token } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { madeBus } from './bus-identity';
import { BackboneError } from './errors';

const SHARED = Symbol.for('cdk-event-backbone.shared');

/**
 * What all users of a bus in one stack share, whichever constructs stand for the bus there: found in the tree, or made.
 *
 * It hangs under a bus that is made in the same stack, else under the stack, with an id by the name of the bus: so that it
 * does not matter who asks first.
 */
export function sharedBeside<T extends Construct>(
  scope: IConstruct,
  bus: events.IEventBusRef,
  id: string,
  create: (parent: Construct, id: string) => T,
): T {
  const stack = Stack.of(scope);
  const { eventBusName } = bus.eventBusRef;
  const made = madeBus(bus) ?? bus;
  const inStack = Stack.of(made) === stack && (madeBus(bus) !== undefined || Token.isUnresolved(eventBusName));
  const parent = (inStack ? made : stack) as Construct;
  const suffix = Token.isUnresolved(eventBusName) ? bus.node.addr : eventBusName;
  const childId = inStack ? id : `${id}-${suffix}`;
  const found = parent.node.tryFindChild(childId);
  if (found === undefined) {
    const shared = create(parent, childId);
    Object.defineProperty(shared, SHARED, { value: true });
    return shared;
  }
  if (SHARED in found) return found as T;
  throw new BackboneError(
    'ConstructIdTaken',
    `${childId} is the id of what the rules of this bus share: give ${found.node.path} another id`,
    scope,
  );
}

/** What the rules of a bus use, wherever they are, if whoever made the bus made it too. */
export interface SharedByRules {
  forwardingRole(scope: IConstruct): { readonly roleArn: string; addDestination(eventBusArn: string): void };
  deadLetterQueue(scope: IConstruct): IQueue;
}

const SHARED_BY_RULES = Symbol.for('cdk-event-backbone.sharedByRules');

export function shareAmongRules(bus: IConstruct, shared: SharedByRules): void {
  Object.defineProperty(bus, SHARED_BY_RULES, { value: shared });
}

export function sharedOf(bus: IConstruct): SharedByRules | undefined {
  return (bus as { [SHARED_BY_RULES]?: SharedByRules })[SHARED_BY_RULES];
}
