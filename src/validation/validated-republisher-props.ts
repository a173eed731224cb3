import type * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { SourceOwner, ValidationOptions } from './republisher-options';
import type { EventContract } from '../contract';

/**
 * Properties of a `ValidatedRepublisher`.
 */
export interface ValidatedRepublisherProps extends ValidationOptions {
  /**
   * The bus whose events are validated, in the account and Region of the stack.
   */
  readonly eventBus: events.IEventBusRef;

  /**
   * The events that are known, each with its schema.
   */
  readonly contracts: EventContract[];

  /**
   * The lock file of the contracts: synthesis fails where a contract breaks what the file promises to consumers. Made and
   * changed by `npx event-backbone contracts lock`, relative to the directory in which the process was started.
   *
   * @default - contracts may change in any way
   */
  readonly contractLock?: string;

  /**
   * The bus on which valid events are published, in the account and Region of the stack; a `PublishedBus` admits nobody
   * else.
   *
   * @default - the same bus, with `validPrefix` before each source
   */
  readonly targetBus?: events.IEventBusRef;

  /**
   * What stands before the source of a published event.
   *
   * @default - 'valid.' on the same bus, nothing on another
   */
  readonly validPrefix?: string;

  /**
   * What stands before the source of a notice about an invalid event. Fan-out rules must know of another one, by
   * `FanOutOptions.validated`, or by the topology.
   *
   * @default 'invalid.'
   */
  readonly invalidPrefix?: string;

  /**
   * Validate events of these sources only. What is not validated is not published.
   *
   * @default - events of every source
   */
  readonly sources?: string[];

  /**
   * Which accounts may send which sources, by the account that EventBridge itself writes into each event.
   *
   * @default - who may put events on the bus may send every source
   */
  readonly sourceOwners?: SourceOwner[];

  /**
   * The name of the function's role, which policies of buses in other stacks need to know.
   *
   * @default - made by CloudFormation
   */
  readonly roleName?: string;

  /**
   * The path of the function's role.
   *
   * @default '/'
   */
  readonly rolePath?: string;

  /**
   * Where events wait that the rule could not hand over: a standard queue in the account and Region of the rule.
   *
   * @default - the queue that all rules of the bus in this stack share
   */
  readonly deadLetterQueue?: sqs.IQueue;
}
