import { DeliveryMode, type TopologyMember, type TopologyProps } from './topology-props';
import { arnOfEventBus, partitionOf, queueArn, roleArn, type Place } from '../internal/arns';

/** `<name>-global` and `<name>-published` are the hub's. */
export const RESERVED_MEMBER_NAMES = ['global', 'published'];

/**
 * Every physical name and ARN that follows from a topology: the one place where they are made.
 *
 * IAM names carry the Region, since IAM knows none; the name of a local bus carries its member.
 */
export class TopologyNames {
  public readonly hub: Place;

  constructor(private readonly topology: TopologyProps) {
    const { account, region } = topology.hub;
    this.hub = { partition: partitionOf(region), region, account };
  }

  public get globalBus() {
    return this.topology.hub.eventBusName ?? `${this.topology.name}-global`;
  }

  public get publishedBus() {
    return this.topology.hub.publishedEventBusName ?? `${this.topology.name}-published`;
  }

  public get forwardingRole() {
    return this.topology.hub.forwardingRoleName ?? `${this.topology.name}-forwarder-${this.hub.region}`;
  }

  public get republisherRole() {
    return this.topology.hub.republisherRoleName ?? `${this.topology.name}-republisher-${this.hub.region}`;
  }

  public get fanOutDeadLetterQueue() {
    return `${this.topology.name}-fan-out-dlq`;
  }

  public get globalBusArn() {
    return arnOfEventBus(this.hub, this.globalBus);
  }

  public get publishedBusArn() {
    return arnOfEventBus(this.hub, this.publishedBus);
  }

  public get forwardingRoleArn() {
    return roleArn(this.hub, this.topology.rolePath ?? '/', this.forwardingRole);
  }

  public get republisherRoleArn() {
    return roleArn(this.hub, this.topology.rolePath ?? '/', this.republisherRole);
  }

  public get fanOutDeadLetterQueueArn() {
    return queueArn(this.hub, this.fanOutDeadLetterQueue);
  }

  public place(member: TopologyMember): Place {
    const region = member.region ?? this.hub.region;
    return { partition: partitionOf(region), region, account: member.account };
  }

  public localBus(member: TopologyMember) {
    return member.eventBusName ?? `${this.topology.name}-${member.name}`;
  }

  public localBusArn(member: TopologyMember) {
    return arnOfEventBus(this.place(member), this.localBus(member));
  }

  /**
   * On the published bus another one than on the global bus: CloudFormation makes a rule anew when its bus changes, and
   * refuses that for one that keeps its name.
   */
  public fanOutRule(member: TopologyMember) {
    const isPublished = this.topology.delivery?.mode === DeliveryMode.VALIDATED;
    return `${isPublished ? 'valid-' : ''}to-${member.name}`;
  }

  public get hubStack() {
    return `${this.topology.name}-hub`;
  }

  public get contractsStack() {
    return `${this.topology.name}-contracts`;
  }

  public get routesStack() {
    return `${this.topology.name}-routes`;
  }

  public memberStack(member: TopologyMember) {
    return `${this.topology.name}-member-${member.name}`;
  }
}
