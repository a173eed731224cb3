import { Duration, Stack, Token } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { warnIfNothingArrives } from './arriving';
import { sourcesOf } from './contract-sources';
import { type EventConditions, patternOf } from './event-conditions';
import { isEventBusArn, isPlainlyEventBusArn } from './hops';
import type { EventContract } from '../contract';
import { requireContract } from '../contract/require-contracts';
import { placeOf, rulesArn } from '../internal/arns';
import { BusRule, requireEventBus } from '../internal/bus-rule';
import { BackboneError, errorText } from '../internal/errors';
import * as limits from '../internal/limits';
import { certainlyDiffer } from '../internal/tokens';
import { admitToDeadLetterQueue, admitToQueueOfTarget, BusDeadLetterQueue } from '../operations/dead-letter-queue';

/**
 * Where the events of a subscription go, and how.
 */
export interface SubscriptionTarget {
  /**
   * Where the events go: any target of `aws-cdk-lib/aws-events-targets`, except another bus.
   *
   * One target for each subscription, so that one that fails does not hide behind another.
   */
  readonly target: events.IRuleTarget;

  /**
   * The name of the rule, unique on its bus, 64 characters at most.
   *
   * @default - made by CloudFormation
   */
  readonly ruleName?: string;

  /**
   * What the subscription is for, 512 characters at most.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * Whether events are delivered.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * How often delivery is tried again: 0 to 185. What the target itself was given goes first.
   *
   * @default 185
   */
  readonly retryAttempts?: number;

  /**
   * How long delivery is tried again: 1 minute to 24 hours. What the target itself was given goes first.
   *
   * @default Duration.hours(24)
   */
  readonly maxEventAge?: Duration;

  /**
   * Where events wait that the target did not accept: a standard queue in the account and Region of the rule.
   * What the target itself was given goes first.
   *
   * @default - the queue that all subscriptions to the bus in this stack share
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

/**
 * Which events a consumer takes, and where they go.
 */
export interface SubscriptionOptions extends EventConditions, SubscriptionTarget {
  /**
   * Take the event of this contract: its source and detail-type, as validated events of the bus are named.
   *
   * @default - the other conditions say which events
   */
  readonly contract?: EventContract;
}

/**
 * Properties of a `Subscription`.
 */
export interface SubscriptionProps extends SubscriptionOptions {
  /**
   * The bus whose events are taken, in the account and Region of the stack.
   */
  readonly eventBus: events.IEventBusRef;
}

/**
 * A consumer's rule with its target, on its local bus: with retry and a dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html
 */
export class Subscription extends BusRule {
  constructor(scope: Construct, id: string, props: SubscriptionProps) {
    const { eventBus, target } = props;
    requireEventBus(scope, eventBus);
    super(scope, id, {
      eventBus,
      ruleName: props.ruleName,
      description: props.description,
      enabled: props.enabled,
      pattern: patternOf(scope, id, withContract(scope, id, props)),
    });
    if (target === undefined || target === null) {
      throw new BackboneError(
        'TargetMissing',
        'target is undefined, and a rule without a target deploys and does nothing: pass one of aws-cdk-lib/aws-events-targets',
        this,
      );
    }
    warnIfNothingArrives(this, eventBus, this._pattern);
    const retry = this.retryPolicy(props);
    const config = target.bind(this, 'Target');
    this.refuseForeignTarget(config);
    this.refuseBusTarget(config);

    let deadLetterConfig = config.deadLetterConfig;
    const sourceArn = rulesArn(placeOf(this), eventBus.eventBusRef.eventBusName);
    if (deadLetterConfig === undefined) {
      const queue = props.deadLetterQueue ?? BusDeadLetterQueue.queueOf(this, eventBus);
      admitToDeadLetterQueue(this, queue, sourceArn);
      deadLetterConfig = { arn: queue.queueArn };
    } else if ('arn' in deadLetterConfig && deadLetterConfig.arn !== undefined) {
      admitToQueueOfTarget(this, deadLetterConfig.arn, sourceArn);
    }
    const input = config.input?.bind(this);
    this._addTarget({
      id: 'Target',
      arn: config.arn,
      roleArn: config.role?.roleArn,
      deadLetterConfig,
      retryPolicy: {
        maximumRetryAttempts: config.retryPolicy?.maximumRetryAttempts ?? retry.maximumRetryAttempts,
        maximumEventAgeInSeconds: config.retryPolicy?.maximumEventAgeInSeconds ?? retry.maximumEventAgeInSeconds,
      },
      appSyncParameters: config.appSyncParameters,
      batchParameters: config.batchParameters,
      ecsParameters: config.ecsParameters,
      httpParameters: config.httpParameters,
      kinesisParameters: config.kinesisParameters,
      redshiftDataParameters: config.redshiftDataParameters,
      runCommandParameters: config.runCommandParameters,
      sqsParameters: config.sqsParameters,
      input: input?.input,
      inputPath: input?.inputPath,
      inputTransformer:
        input?.inputTemplate === undefined
          ? undefined
          : { inputTemplate: input.inputTemplate, inputPathsMap: input.inputPathsMap },
    });
    // An ARN may come together only when the tree is complete.
    this.node.addValidation({
      validate: () => (isEventBusArn(this, config.arn) ? [errorText('SecondHop', SECOND_HOP)] : []),
    });
  }

  private retryPolicy(props: SubscriptionProps): events.CfnRule.RetryPolicyProperty {
    const { retryAttempts = limits.MAX_RETRY_ATTEMPTS, maxEventAge = Duration.hours(limits.MAX_EVENT_AGE_HOURS) } =
      props;
    const seconds = maxEventAge.toSeconds();
    if (Token.isUnresolved(retryAttempts)) {
      return { maximumRetryAttempts: retryAttempts, maximumEventAgeInSeconds: seconds };
    }
    if (!Number.isInteger(retryAttempts) || retryAttempts < 0 || retryAttempts > limits.MAX_RETRY_ATTEMPTS) {
      throw new BackboneError(
        'RetryInvalid',
        `retryAttempts ${retryAttempts} is not a whole number from 0 to ${limits.MAX_RETRY_ATTEMPTS}`,
        this,
      );
    }
    if (seconds < 60 || seconds > limits.MAX_EVENT_AGE_HOURS * 3600) {
      throw new BackboneError(
        'RetryInvalid',
        `maxEventAge of ${seconds} seconds is not between 1 minute and ${limits.MAX_EVENT_AGE_HOURS} hours`,
        this,
      );
    }
    return { maximumRetryAttempts: retryAttempts, maximumEventAgeInSeconds: seconds };
  }

  /** The CDK would route such a target through the default bus of the other account, by a stack that nobody wrote. */
  private refuseForeignTarget(config: events.RuleTargetConfig) {
    const resource = config.targetResource;
    if (resource === undefined) return;
    const { account, region } = (resource as { env?: { account: string; region: string } }).env ?? Stack.of(resource);
    const stack = Stack.of(this);
    if (certainlyDiffer(account, stack.account) || certainlyDiffer(region, stack.region)) {
      throw new BackboneError(
        'TargetElsewhere',
        `the target ${resource.node.path} is in ${account}/${region}, the rule in ${stack.account}/${stack.region}: subscribe on the local bus of the account that owns the target, which receives the same events`,
        this,
      );
    }
  }

  private refuseBusTarget(config: events.RuleTargetConfig) {
    if (isPlainlyEventBusArn(config.arn)) throw new BackboneError('SecondHop', SECOND_HOP, this);
  }
}

function withContract(scope: Construct, id: string, props: SubscriptionProps): EventConditions {
  const { contract, eventBus, source, detailType } = props;
  if (contract === undefined) return props;
  requireContract(scope, `contract of ${id}`, contract);
  if (source !== undefined || detailType !== undefined) {
    throw new BackboneError(
      'EventPatternInvalid',
      `the pattern of ${id} says "${source ? 'source' : 'detailType'}" beside a contract, which says it already: give one of them`,
      scope,
    );
  }
  return { ...props, source: sourcesOf(eventBus, contract), detailType: [contract.detailType] };
}

const SECOND_HOP =
  'the target is an event bus, and EventBridge drops an event at its second bus-to-bus hop: publish on the global bus instead, from a function that this subscription invokes';
