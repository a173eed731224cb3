import { readFileSync } from 'fs';
import { TopologyNames } from './topology-names';
import {
  BusOwner,
  DeliveryMode,
  LockLevel,
  MemberState,
  type TopologyHub,
  type TopologyMember,
  type TopologyProps,
} from './topology-props';
import { validateTopology } from './validate-topology';
import { BackboneError, shown } from '../internal/errors';
import { INVALID_PREFIX, VALID_PREFIX } from '../internal/source-prefixes';
import { certainlySame } from '../internal/tokens';

/**
 * Who is on the backbone, and every name and ARN that follows from it.
 *
 * The hub's app and the apps of all members share one topology, usually as a JSON file. Both sides derive the same
 * names from it, so that no stack imports from another account.
 *
 * @example
 *
 * const topology = new Topology({
 *   name: 'acme-dev',
 *   hub: { account: '111111111111', region: 'eu-west-1' },
 *   organizationId: 'o-abc1234567',
 *   members: [
 *     { name: 'order', account: '222222222222' },
 *     { name: 'delivery', account: '333333333333' },
 *   ],
 * });
 * topology.localBusArn('order'); // arn:aws:events:eu-west-1:222222222222:event-bus/acme-dev-order
 */
export class Topology {
  /**
   * Reads a topology from a JSON file.
   *
   * `"$schema": "./node_modules/cdk-event-backbone/topology.schema.json"` in that file gives completion in editors.
   *
   * Fails with the file, the JSON pointer of each fault and the remedy.
   *
   * @param path the file, relative to the directory in which the process was started
   */
  public static fromFile(path: string): Topology {
    let text: string;
    try {
      // Editors on Windows begin a file with a byte order mark, which JSON.parse refuses.
      text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    } catch (error) {
      throw new BackboneError(
        'TopologyFileUnreadable',
        `${path}: cannot be read: ${(error as Error).message}; paths are relative to the working directory ${process.cwd()}`,
      );
    }
    return Topology.fromJson(text, path);
  }

  /**
   * Reads a topology from JSON text, for what is kept elsewhere than in a file.
   *
   * Fails with the JSON pointer of each fault and the remedy.
   *
   * @param json the text
   * @param origin where the text is from, for messages
   */
  public static fromJson(json: string, origin: string = 'the text'): Topology {
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch (error) {
      throw new BackboneError('TopologyFileUnreadable', `${origin}: is not JSON: ${(error as Error).message}`);
    }
    validateTopology(value, origin);
    return new Topology(value);
  }

  /**
   * The name of the backbone, with which every physical name begins.
   */
  public readonly name: string;

  /**
   * The account and Region of the global bus.
   */
  public readonly hub: TopologyHub;

  /**
   * All members in the order of the topology, whatever their state.
   */
  public readonly members: TopologyMember[];

  /**
   * The organisation of all accounts, if one was given.
   */
  public readonly organizationId?: string;

  /**
   * The organisational units that publishers must belong to, if any were given.
   */
  public readonly organizationPaths?: string[];

  /**
   * How events get from the global bus to the local buses.
   */
  public readonly deliveryMode: DeliveryMode;

  /**
   * What stands before the source of a validated event.
   */
  public readonly validPrefix: string;

  /**
   * What stands before the source of a notice about an invalid event.
   */
  public readonly invalidPrefix: string;

  private readonly props: TopologyProps;
  private readonly names: TopologyNames;

  constructor(props: TopologyProps) {
    validateTopology(props, 'topology');
    this.props = props;
    this.names = new TopologyNames(props);
    this.name = props.name;
    this.hub = props.hub;
    this.members = [...props.members];
    this.organizationId = props.organizationId;
    this.organizationPaths = props.organizationPaths;
    this.deliveryMode = props.delivery?.mode ?? DeliveryMode.PLAIN;
    this.validPrefix = props.delivery?.validPrefix ?? VALID_PREFIX;
    this.invalidPrefix = props.delivery?.invalidPrefix ?? INVALID_PREFIX;
  }

  /**
   * The name of the global bus, on which producers put their events.
   */
  public get globalBusName(): string {
    return this.names.globalBus;
  }

  /**
   * The ARN of the global bus.
   */
  public get globalBusArn(): string {
    return this.names.globalBusArn;
  }

  /**
   * The name of the bus on which validated events are published, kept free for it in every delivery mode.
   */
  public get publishedBusName(): string {
    return this.names.publishedBus;
  }

  /**
   * The ARN of the bus on which validated events are published.
   */
  public get publishedBusArn(): string {
    return this.names.publishedBusArn;
  }

  /**
   * The ARN of the bus whose events the fan-out rules deliver: the published bus where the delivery mode is validated,
   * else the global bus.
   */
  public get fanOutBusArn(): string {
    return this.deliveryMode === DeliveryMode.VALIDATED ? this.publishedBusArn : this.globalBusArn;
  }

  /**
   * The name of the role with which the fan-out rules put events on the local buses.
   */
  public get forwardingRoleName(): string {
    return this.names.forwardingRole;
  }

  /**
   * The ARN of that role.
   */
  public get forwardingRoleArn(): string {
    return this.names.forwardingRoleArn;
  }

  /**
   * The path of both roles.
   */
  public get rolePath(): string {
    return this.props.rolePath ?? '/';
  }

  /**
   * The name of the role with which the republisher puts validated events on a bus.
   */
  public get republisherRoleName(): string {
    return this.names.republisherRole;
  }

  /**
   * The ARN of that role.
   */
  public get republisherRoleArn(): string {
    return this.names.republisherRoleArn;
  }

  /**
   * The name of the queue where events wait that a fan-out rule could not deliver.
   */
  public get fanOutDeadLetterQueueName(): string {
    return this.names.fanOutDeadLetterQueue;
  }

  /**
   * The ARN of that queue.
   */
  public get fanOutDeadLetterQueueArn(): string {
    return this.names.fanOutDeadLetterQueueArn;
  }

  /**
   * The name of the stack with the global bus.
   */
  public get hubStackName(): string {
    return this.names.hubStack;
  }

  /**
   * The name of the stack with the contracts in the schema registry.
   */
  public get contractsStackName(): string {
    return this.names.contractsStack;
  }

  /**
   * The name of the stack with the fan-out rules.
   */
  public get routesStackName(): string {
    return this.names.routesStack;
  }

  /**
   * The accounts of all members, each once, in the order of the topology. Members that are leaving still count.
   */
  public get memberAccounts(): string[] {
    return [...new Set(this.members.map((member) => member.account))];
  }

  /**
   * The member of a name.
   *
   * @param name as in the topology
   */
  public member(name: string): TopologyMember {
    const member = this.members.find((m) => m.name === name);
    if (member === undefined) {
      const names = this.members.map((m) => m.name).join(', ') || 'nobody';
      throw new BackboneError('MemberUnknown', `${shown(name)} is not a member of ${this.name}: on it are ${names}`);
    }
    return member;
  }

  /**
   * The name of a member's local bus.
   *
   * @param member its name
   */
  public localBusName(member: string): string {
    return this.names.localBus(this.member(member));
  }

  /**
   * The ARN of a member's local bus.
   *
   * @param member its name
   */
  public localBusArn(member: string): string {
    return this.names.localBusArn(this.member(member));
  }

  /**
   * The Region of a member's local bus.
   *
   * @param member its name
   */
  public regionOf(member: string): string {
    return this.names.place(this.member(member)).region;
  }

  /**
   * Where a member stands between its first deployment and its last.
   *
   * @param member its name
   */
  public stateOf(member: string): MemberState {
    return this.member(member).state ?? MemberState.ACTIVE;
  }

  /**
   * Whose stacks create a member's local bus.
   *
   * @param member its name
   */
  public busOwnerOf(member: string): BusOwner {
    return this.member(member).busOwner ?? BusOwner.BACKBONE;
  }

  /**
   * Who may put events on a member's local bus.
   *
   * @param member its name
   */
  public lockLevelOf(member: string): LockLevel {
    return this.member(member).lockLevel ?? this.props.lockLevel ?? LockLevel.ACCOUNT;
  }

  /**
   * Whether other members live in the account of this one, so that only the source tells their events apart.
   *
   * @param member its name
   */
  public sharesAccount(member: string): boolean {
    const { account } = this.member(member);
    return this.members.filter((other) => certainlySame(other.account, account)).length > 1;
  }

  /**
   * The name of the rule on the global bus that leads to a member.
   *
   * @param member its name
   */
  public fanOutRuleName(member: string): string {
    return this.names.fanOutRule(this.member(member));
  }

  /**
   * The name of the stack with a member's local bus.
   *
   * @param member its name
   */
  public memberStackName(member: string): string {
    return this.names.memberStack(this.member(member));
  }
}
