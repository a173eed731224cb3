import { Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';

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
  return (parent.node.tryFindChild(childId) as T | undefined) ?? create(parent, childId);
}
