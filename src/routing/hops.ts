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
import type { IConstruct } from 'constructs';
import { BackboneError } from '../internal/errors';

const LOCAL = Symbol.for('cdk-event-backbone.LocalBus');

/** Marks a bus on which events have arrived by a rule already, for any copy of this package. */
export function markLocalBus(bus: IConstruct): void {
  Object.defineProperty(bus, LOCAL, { value: true });
}

/** An event passes one rule with a bus as its target: on a local bus it has passed it. */
export function refuseSecondHop(scope: IConstruct, eventBus: IConstruct): void {
  if (!(LOCAL in eventBus)) return;
  throw new BackboneError(
    'SecondHop',
    'a rule on a local bus cannot target another bus: EventBridge drops an event at its second bus-to-bus hop; publish on the global bus instead, from a function that this rule invokes',
    scope,
  );
}

/** Whether a target's ARN is that of an event bus: as text, in an intrinsic, or by reference to a resource, however deep. */
export function isEventBusArn(scope: IConstruct, arn: string): boolean {
  const finder = new EventBusFinder(new StringConcat());
  Tokenization.resolve(arn, { scope, resolver: finder, preparing: false });
  return finder.found || JSON.stringify(Stack.of(scope).resolve(arn) ?? null).includes(':event-bus/');
}

class EventBusFinder extends DefaultTokenResolver {
  public found = false;

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor) {
    if (Reference.isReference(token) && token.displayName === 'Arn' && CfnResource.isCfnResource(token.target)) {
      this.found ||= token.target.cfnResourceType === 'AWS::Events::EventBus';
    }
    return super.resolveToken(token, context, postProcessor);
  }
}
