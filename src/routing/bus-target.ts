import type * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { checkForwardingRole, ForwardingRole, type IForwardingRole } from './forwarding-role';
import { DEFAULT_BUS } from '../internal/bus-rule';
import { admitToDeadLetterQueue, BusDeadLetterQueue, type BusDefaults } from '../operations/dead-letter-queue';

/** A hop from one bus to another. */
export interface BusTargetProps {
  /** The id of the target. */
  readonly id: string;
  readonly eventBus: events.IEventBusRef;
  readonly receiver: events.IEventBusRef;
  /** The rule, or the rules of its bus, as role and queue know them. */
  readonly sourceArn: string;
  readonly forwardingRole?: IForwardingRole;
  readonly deadLetterQueue?: sqs.IQueue;
  /** For a queue that is made. */
  readonly queueDefaults?: BusDefaults;
}

/**
 * The target of a rule that puts events on another bus: with a role, without which it is refused, and a dead-letter queue
 * that takes what fails. The rule waits for all of them.
 */
export function busTarget(rule: IConstruct, props: BusTargetProps): events.CfnRule.TargetProperty {
  const { id, eventBus, receiver, sourceArn } = props;
  const role = props.forwardingRole ?? ForwardingRole._of(rule, eventBus);
  checkForwardingRole(rule, role, eventBus);
  const own = role as Partial<ForwardingRole>;
  // The rules of a custom bus are trusted all at once.
  if (eventBus.eventBusRef.eventBusName === DEFAULT_BUS) own._trust?.(sourceArn);
  role.addDestination(receiver.eventBusRef.eventBusArn);
  const queue = props.deadLetterQueue ?? BusDeadLetterQueue.queueOf(rule, eventBus, props.queueDefaults);
  admitToDeadLetterQueue(rule, queue, sourceArn);
  // PutTargets checks the policy of the receiving bus and the role.
  rule.node.addDependency(receiver);
  rule.node.addDependency(...(own._dependables ?? []));
  return {
    id,
    arn: receiver.eventBusRef.eventBusArn,
    roleArn: role.roleArn,
    deadLetterConfig: { arn: queue.queueArn },
  };
}
