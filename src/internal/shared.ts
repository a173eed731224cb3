import { Stack } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { identityOf } from './bus-identity';
import { BackboneError } from './errors';

const SHARED = Symbol.for('cdk-event-backbone.shared');
const SHARED_IN_STACK = Symbol.for('cdk-event-backbone.sharedInStack');

/**
 * What all users of a bus in one stack share, whichever constructs stand for the bus there: found, or made.
 *
 * It hangs under the bus where the bus is in the same stack, else under the stack.
 */
export function sharedBeside<T extends Construct>(
  scope: IConstruct,
  bus: events.IEventBusRef,
  id: string,
  create: (parent: Construct, id: string) => T,
): T {
  const stack = Stack.of(scope);
  const identity = identityOf(bus);
  if (identity === undefined) return findOrMake(scope, bus, id, create);
  const known = ((stack as { [SHARED_IN_STACK]?: Map<string, Construct> })[SHARED_IN_STACK] ??= new Map());
  const key = `${id} ${identity}`;
  const shared = (known.get(key) as T | undefined) ?? findOrMake(scope, bus, id, create);
  known.set(key, shared);
  return shared;
}

function findOrMake<T extends Construct>(
  scope: IConstruct,
  bus: IConstruct,
  id: string,
  create: (parent: Construct, id: string) => T,
): T {
  const stack = Stack.of(scope);
  const inStack = Stack.of(bus) === stack;
  const parent = (inStack ? bus : stack) as Construct;
  const childId = inStack ? id : `${id}-${bus.node.addr}`;
  const found = parent.node.tryFindChild(childId);
  if (found === undefined) {
    const made = create(parent, childId);
    Object.defineProperty(made, SHARED, { value: true });
    return made;
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
