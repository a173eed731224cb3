import {
  CfnResource,
  DefaultTokenResolver,
  Reference,
  Stack,
  StringConcat,
  Tokenization,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
} from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type { IConstruct } from 'constructs';
import { sharedByReferences } from '../internal/bus-identity';
import { BackboneError } from '../internal/errors';

const LOCAL = Symbol.for('cdk-event-backbone.LocalBus');

const noteOf = (bus: events.IEventBusRef) => sharedByReferences(bus, LOCAL, () => ({ isLocal: false }));

/** Marks a bus on which events have arrived by a rule already, for any copy of this package and any reference to it. */
export function markLocalBus(bus: events.IEventBusRef): void {
  noteOf(bus).isLocal = true;
}

/** An event passes one rule with a bus as its target: on a local bus it has passed it. */
export function refuseSecondHop(scope: IConstruct, eventBus: events.IEventBusRef): void {
  if (noteOf(eventBus).isLocal) throw secondHop(scope);
}

export function secondHop(scope: IConstruct): BackboneError {
  return new BackboneError(
    'SecondHop',
    'a rule on a local bus cannot target another bus: EventBridge drops an event at its second bus-to-bus hop; publish on the global bus instead, from a function that this rule invokes',
    scope,
  );
}

/** Whether an ARN is seen to be that of an event bus already. Resolving it now would freeze a `Lazy` in it. */
export function isPlainlyEventBusArn(arn: string): boolean {
  const token = Tokenization.reverse(arn, { failConcat: false });
  return arn.includes(EVENT_BUS) || (token !== undefined && isReferenceToEventBus(token));
}

/** Whether an ARN is that of an event bus: as text, in an intrinsic, or by reference, however deep. For the complete tree. */
export function isEventBusArn(scope: IConstruct, arn: string): boolean {
  const finder = new EventBusFinder(new StringConcat());
  Tokenization.resolve(arn, { scope, resolver: finder, preparing: false });
  return finder.found || JSON.stringify(Stack.of(scope).resolve(arn) ?? null).includes(EVENT_BUS);
}

const EVENT_BUS = ':event-bus/';

function isReferenceToEventBus(token: IResolvable): boolean {
  // By its ARN: something else may bear the name of a bus.
  if (!Reference.isReference(token) || token.displayName !== 'Arn') return false;
  return CfnResource.isCfnResource(token.target) && token.target.cfnResourceType === 'AWS::Events::EventBus';
}

class EventBusFinder extends DefaultTokenResolver {
  public found = false;

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor) {
    this.found ||= isReferenceToEventBus(token);
    return super.resolveToken(token, context, postProcessor);
  }
}
