import { Token } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';

/**
 * What tells a bus from all others of the stacks of an app, whatever construct stands for it: account, Region and name.
 * Undefined where the name is a deploy-time value; account and Region may be one, which then holds in one stack alone.
 */
export function identityOf({ env, eventBusRef }: events.IEventBusRef): string | undefined {
  const { eventBusName } = eventBusRef;
  return Token.isUnresolved(eventBusName) ? undefined : `${env.account} ${env.region} ${eventBusName}`;
}

/** Whether two constructs certainly stand for one bus. Their ARNs can be spelt in several ways. */
export function areSameBus(a: events.IEventBusRef, b: events.IEventBusRef): boolean {
  if (a.eventBusRef.eventBusArn === b.eventBusRef.eventBusArn) return true;
  const identity = identityOf(a);
  return identity !== undefined && identity === identityOf(b);
}
