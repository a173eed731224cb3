import { type CfnResource, Stack, Stage, Token } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';

/**
 * What tells a bus from all others of the stacks of an app, whatever construct stands for it: account, Region and name.
 * Undefined where the name is a deploy-time value; account and Region may be one, which then holds in one stack alone.
 */
export function identityOf({ env, eventBusRef }: events.IEventBusRef): string | undefined {
  const { eventBusName } = eventBusRef;
  return Token.isUnresolved(eventBusName) ? undefined : `${env.account} ${env.region} ${eventBusName}`;
}

/** The same for a whole app: undefined where account or Region is a deploy-time value, too. */
function identityInApp(bus: events.IEventBusRef): string | undefined {
  const { account, region } = bus.env;
  return Token.isUnresolved(account) || Token.isUnresolved(region) ? undefined : identityOf(bus);
}

/** Whether two constructs certainly stand for one bus. Their ARNs can be spelt in several ways. */
export function areSameBus(a: events.IEventBusRef, b: events.IEventBusRef): boolean {
  if (a.eventBusRef.eventBusArn === b.eventBusRef.eventBusArn) return true;
  const identity = identityOf(a);
  return identity !== undefined && identity === identityOf(b);
}

/** What all constructs in an app share that certainly stand for one bus; made at first use. */
export function sharedByReferences<T>(bus: events.IEventBusRef, symbol: symbol, make: () => T): T {
  const identity = identityInApp(bus);
  const holder: object = identity === undefined ? bus : bus.node.root;
  const known = ((holder as { [key: symbol]: Map<string, T> | undefined })[symbol] ??= new Map());
  const key = identity ?? '';
  if (!known.has(key)) known.set(key, make());
  return known.get(key)!;
}

/** A bus that is made in an app, and what was put on a reference to it before. */
interface Made {
  bus?: events.IEventBusRef;
  resource?: CfnResource;
  readonly waiting: CfnResource[];
}

const MADE = Symbol.for('cdk-event-backbone.madeBuses');

/** Notes that a bus is made here. */
export function noteMadeBus(bus: events.IEventBusRef, resource: CfnResource): void {
  const made = madeOf(bus);
  if (made === undefined || made.bus !== undefined) return;
  Object.assign(made, { bus, resource });
  for (const waiting of made.waiting) order(waiting, resource);
}

/** The bus itself, or the one that is made in this app and that it is a reference to. */
export function madeBus(bus: events.IEventBusRef): events.IEventBusRef | undefined {
  return madeOf(bus)?.bus;
}

/** A bus of ours is named by a literal, which orders nothing. Other buses come with references that do. */
export function dependOnBus(resource: CfnResource, bus: events.IEventBusRef): void {
  const made = madeOf(bus);
  if (made?.resource !== undefined) order(resource, made.resource);
  else made?.waiting.push(resource);
}

function order(later: CfnResource, earlier: CfnResource): void {
  // Stages are deployed apart.
  if (Stage.of(later) === Stage.of(earlier)) later.node.addDependency(earlier);
}

function madeOf(bus: events.IEventBusRef): Made | undefined {
  const identity = identityOf(bus);
  if (identity === undefined) return undefined;
  const holder = identityInApp(bus) === undefined ? Stack.of(bus) : bus.node.root;
  const known = ((holder as { [MADE]?: Map<string, Made> })[MADE] ??= new Map());
  let made = known.get(identity);
  if (made === undefined) known.set(identity, (made = { waiting: [] }));
  return made;
}
