import { Token } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { busTarget } from './bus-target';
import { FilterConflict } from './event-filter';
import { fanOutPattern } from './fan-out-pattern';
import { noteFanOut } from './fan-outs';
import type { IForwardingRole } from './forwarding-role';
import { refuseSecondHop } from './hops';
import { isPublished } from '../internal/admitting-bus';
import { placeOf, rulesArn } from '../internal/arns';
import { areSameBus } from '../internal/bus-identity';
import { BusRule, requireEventBus } from '../internal/bus-rule';
import { BackboneError, shown } from '../internal/errors';
import { hasIntrinsic, resolvePattern } from '../internal/event-pattern';
import { ACCOUNT } from '../internal/forms';
import { sharedOf } from '../internal/shared';
import { INVALID_PREFIX } from '../internal/source-prefixes';
import { isAccountOfAnotherStack } from '../internal/tokens';
import type { EventFilter } from '../topology';

/**
 * How validated events are told from others on a bus.
 */
export interface ValidatedEvents {
  /**
   * The account of the republisher: 12 digits, as a string.
   *
   * @default - the account of the bus
   */
  readonly account?: string;

  /**
   * What stands before the source of a valid event, where the bus holds raw events too.
   *
   * @default - nothing: the bus holds validated events only
   */
  readonly validPrefix?: string;

  /**
   * What stands before the source of a notice about an invalid event.
   *
   * @default 'invalid.'
   */
  readonly invalidPrefix?: string;
}

/**
 * What a member receives, and how.
 */
export interface FanOutOptions {
  /**
   * The account whose own events are left out: 12 digits, as a string.
   *
   * @default - the account of the local bus
   */
  readonly account?: string;

  /**
   * Where several members share that account: the sources whose events are left out, literally. Events of other
   * sources arrive, those of the same account too.
   *
   * @default - every event of the account is left out
   */
  readonly ownSources?: string[];

  /**
   * Which of the others' events are delivered.
   *
   * @default - all of them
   */
  readonly filter?: EventFilter;

  /**
   * Deliver events that a `ValidatedRepublisher` has published, not the raw ones; and to their sender, the notices about
   * invalid ones. The filter names sources as their producers do.
   *
   * @default - raw events are delivered; of a `PublishedBus` that is made in this app, validated ones
   */
  readonly validated?: ValidatedEvents;

  /**
   * Leave out events that a replay brings.
   *
   * @default false
   */
  readonly excludeReplays?: boolean;

  /**
   * The name of the rule, unique on its bus, 64 characters at most.
   *
   * @default - made by CloudFormation
   */
  readonly ruleName?: string;

  /**
   * Whether the rule delivers.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * The role with which events are put on the local bus.
   *
   * @default - the role that all fan-out rules of the bus in this stack share
   */
  readonly forwardingRole?: IForwardingRole;

  /**
   * Where events wait that could not be delivered: a standard queue in the account and Region of the rule.
   *
   * @default - the queue that all rules of the bus in this stack share
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

/**
 * Properties of a `FanOutRule`.
 */
export interface FanOutRuleProps extends FanOutOptions {
  /**
   * The bus whose events are delivered, in the account and Region of the stack.
   */
  readonly eventBus: events.IEventBusRef;

  /**
   * The bus that receives them. It and its policy must exist before this rule.
   */
  readonly localBus: events.IEventBusRef;
}

/**
 * Delivers the events of a bus to the local bus of one member: everybody's but the member's own.
 *
 * EventBridge retries for up to 24 hours and 185 times, which cannot be changed for a bus as target.
 *
 * The rule is closed: a pattern merged into it later would widen what it lets through.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 *
 * @example
 *
 * declare const bus: events.IEventBus;
 *
 * new FanOutRule(this, 'ToDelivery', {
 *   eventBus: bus,
 *   localBus: LocalBus.fromEventBusArn(this, 'Delivery', 'arn:aws:events:eu-west-1:333333333333:event-bus/acme-delivery'),
 *   filter: { detailTypes: ['Order.Created'] },
 * });
 */
export class FanOutRule extends BusRule {
  constructor(scope: Construct, id: string, props: FanOutRuleProps) {
    const { eventBus, localBus, account = localBus?.env.account } = props;
    requireEventBus(scope, eventBus);
    if (localBus === undefined || localBus === null) {
      throw new BackboneError(
        'LocalBusMissing',
        `localBus of ${id} is undefined: pass the bus that receives the events`,
        scope,
      );
    }
    super(scope, id, {
      eventBus,
      ruleName: props.ruleName,
      // A name and the target say it already, and hundreds of these sentences fill a template.
      ...(props.ruleName === undefined && {
        description: `Delivers the events of others to ${localBus.eventBusRef.eventBusName} in ${localBus.env.account}.`,
      }),
      enabled: props.enabled,
      pattern: pattern(scope, id, account, props),
    });
    if (areSameBus(eventBus, localBus)) {
      throw new BackboneError(
        'FanOutToItself',
        `eventBus and localBus are both ${eventBus.eventBusRef.eventBusName}: events would go in a circle; name the bus of a member`,
        this,
      );
    }
    refuseSecondHop(this, eventBus);

    this._addTarget(
      busTarget(this, {
        id: 'LocalBus',
        eventBus,
        receiver: localBus,
        sourceArn: rulesArn(placeOf(this), eventBus.eventBusRef.eventBusName),
        forwardingRole: props.forwardingRole ?? sharedOf(eventBus)?.forwardingRole(this),
        deadLetterQueue: props.deadLetterQueue,
      }),
    );
    if (props.enabled !== false) {
      noteFanOut(eventBus, { to: localBus.eventBusRef.eventBusName, pattern: this._pattern });
    }
  }
}

function pattern(scope: Construct, id: string, account: string, props: FanOutRuleProps) {
  if (props.ownSources?.length === 0) {
    throw new BackboneError(
      'EventPatternInvalid',
      `ownSources of ${id} is an empty list, which excludes nothing: list the member's sources, or leave it out to exclude its account`,
      scope,
    );
  }
  if (!Token.isUnresolved(account) && (typeof account !== 'string' || !ACCOUNT.test(account))) {
    throw new BackboneError(
      'AccountInvalid',
      `account ${shown(account)} of ${id} is not a 12-digit account id: pass it as a string such as "123456789012"`,
      scope,
    );
  }
  if (props.account === undefined && isAccountOfAnotherStack(scope, account)) {
    throw new BackboneError(
      'AccountInvalid',
      `the account of the local bus of ${id} is AWS::AccountId, which means the account of this stack here: write the account out, or give the stack that it comes from an env`,
      scope,
    );
  }
  // Match objects look like literals until they are resolved, and would be taken for sources of others.
  const { ownSources, filter } = resolvePattern(scope, { ownSources: props.ownSources, filter: props.filter });
  const unfit = Array.isArray(ownSources) && ownSources.find((s) => typeof s !== 'string' || s.includes('*'));
  if (unfit !== undefined && unfit !== false) {
    throw new BackboneError(
      'SourceInvalid',
      `ownSources of ${id}: ${shown(unfit)} is not a literal source, so it would exclude nothing: list each source literally`,
      scope,
    );
  }
  try {
    const given = props.validated ?? (isPublished(props.eventBus) ? {} : undefined);
    const validated = given && {
      account: given.account ?? props.eventBus.env.account,
      validPrefix: given.validPrefix,
      invalidPrefix: given.invalidPrefix ?? INVALID_PREFIX,
    };
    const fanOut = { account, ownSources, filter, excludeReplays: props.excludeReplays, validated };
    const resolved = fanOutPattern(fanOut);
    if (!hasIntrinsic(resolved) || props.filter === undefined) return resolved;
    // What the exclusion needs is literal, as just checked; references keep their stack only as they were given.
    const { pattern: raw, detailTypes } = props.filter;
    const narrowing = raw && { ...raw, ...(filter?.pattern?.source && { source: filter.pattern.source }) };
    return fanOutPattern({ ...fanOut, filter: { sources: filter.sources, detailTypes, pattern: narrowing } });
  } catch (error) {
    if (!(error instanceof FilterConflict)) throw error;
    throw new BackboneError('FilterConflict', `the filter of ${id} ${error.message}`, scope);
  }
}
