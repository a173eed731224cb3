import { Stack } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { BackboneError } from './errors';

const SHARED = Symbol.for('cdk-event-backbone.shared');

/**
 * What all users of a bus in one stack share: found in the tree, or made.
 *
 * It hangs under the bus where the bus is in the same stack, else under the stack.
 */
export function sharedBeside<T extends Construct>(
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
