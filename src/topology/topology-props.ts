/**
 * How events get from the global bus to the local buses.
 */
export enum DeliveryMode {
  /**
   * The fan-out rules read the global bus: every event reaches the members as it was published.
   */
  PLAIN = 'plain',

  /**
   * A republisher validates the events of the global bus and puts the valid ones on a second, *published* bus,
   * which the fan-out rules then read. Sources keep their names.
   */
  VALIDATED = 'validated',

  /**
   * A republisher puts valid events on the global bus again, their source prefixed (`valid.` by default).
   *
   * Rules of consumers must name the new sources: subscriptions by contract do, others must be changed first.
   */
  VALIDATED_SAME_BUS = 'validated-same-bus',
}

/**
 * Who may put events on a local bus.
 */
export enum LockLevel {
  /**
   * The account of the global bus, and principals of the bus's own account whose IAM policies allow it.
   *
   * The form that AWS documents for sending events between accounts.
   */
  ACCOUNT = 'account',

  /**
   * As `ACCOUNT`, but from the hub only rules that use the forwarding role, no direct `PutEvents`.
   *
   * For a member in the hub's own account that makes no difference: there an IAM policy is enough, and only a Deny, as
   * `STRICT` has, stops it.
   *
   * Not confirmed against real accounts: deploy it to one member first.
   */
  ROLE = 'role',

  /**
   * As `ROLE`, and everything else is denied: principals of the bus's own account too.
   *
   * Not confirmed against real accounts: deploy it to one member first.
   */
  STRICT = 'strict',
}

/**
 * Where a member stands between its first deployment and its last.
 */
export enum MemberState {
  /**
   * The bus exists (or is about to), no route leads there yet. The account may publish already.
   */
  JOINING = 'joining',

  /**
   * The bus exists and receives events.
   */
  ACTIVE = 'active',

  /**
   * The route is gone, bus and permissions are still there. Remove the member in the deployment after this one.
   */
  LEAVING = 'leaving',
}

/**
 * Whose stacks create a local bus.
 */
export enum BusOwner {
  /**
   * `EventBackbone` creates it, in a stack for the member's account.
   */
  BACKBONE = 'backbone',

  /**
   * The service team creates it, with `BackboneMember` or by hand.
   */
  MEMBER = 'member',
}

/**
 * Which events a member receives, out of those of the others.
 *
 * All that is given must hold. A filter narrows what the member receives; the exclusion of the member's own events
 * stays as it is, so nothing here may name the field `account`.
 */
export interface EventFilter {
  /**
   * Only events of these sources.
   *
   * @default - of every source
   */
  readonly sources?: string[];

  /**
   * Only events of these detail-types.
   *
   * @default - of every detail-type
   */
  readonly detailTypes?: string[];

  /**
   * Only events that this pattern takes as well, in the wire's own field names (`detail-type`, not `detailType`).
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
   * @default - no further condition
   */
  readonly pattern?: { [key: string]: any };
}

/**
 * The account and Region of the global bus.
 */
export interface TopologyHub {
  /**
   * The account of the global bus: 12 digits, as a string.
   */
  readonly account: string;

  /**
   * The Region of the global bus, such as `eu-west-1`.
   */
  readonly region: string;

  /**
   * The name of the global bus, where it is not the derived one.
   *
   * @default - `<name>-global`
   */
  readonly eventBusName?: string;

  /**
   * The global bus exists already: nothing creates it, and its policy stays untouched.
   *
   * @default false
   */
  readonly existingEventBus?: boolean;

  /**
   * The name of the second bus, on which validated events are published.
   *
   * @default - `<name>-published`
   */
  readonly publishedEventBusName?: string;

  /**
   * The name of the role with which the fan-out rules put events on the local buses.
   *
   * @default - `<name>-forwarder-<region>`
   */
  readonly forwardingRoleName?: string;

  /**
   * The name of the role with which the republisher puts validated events on a bus.
   *
   * @default - `<name>-republisher-<region>`
   */
  readonly republisherRoleName?: string;
}

/**
 * One service team's account, or its part of an account, with its local bus.
 */
export interface TopologyMember {
  /**
   * The name, unique on the backbone: a letter, then letters, digits and hyphens.
   *
   * Part of the physical names of the bus, the rule and the stack.
   */
  readonly name: string;

  /**
   * The account of the local bus: 12 digits, as a string. May be the hub's.
   */
  readonly account: string;

  /**
   * The Region of the local bus.
   *
   * On the way to another Region an event gets a new `id` and a new `time`.
   *
   * @default - the hub's Region
   */
  readonly region?: string;

  /**
   * Where the member stands between its first deployment and its last.
   *
   * @default MemberState.ACTIVE
   */
  readonly state?: MemberState;

  /**
   * The event sources that belong to this member, literally.
   *
   * Required where several members share an account, since only the source tells their events apart there.
   *
   * @default - any source
   */
  readonly sources?: string[];

  /**
   * Which of the others' events the member receives.
   *
   * @default - all of them
   */
  readonly filter?: EventFilter;

  /**
   * Whose stacks create the local bus.
   *
   * @default BusOwner.BACKBONE
   */
  readonly busOwner?: BusOwner;

  /**
   * The name of the local bus, where it is not the derived one.
   *
   * @default - `<name>-<member>`
   */
  readonly eventBusName?: string;

  /**
   * Who may put events on the local bus.
   *
   * @default - the topology's `lockLevel`
   */
  readonly lockLevel?: LockLevel;
}

/**
 * How events get from the global bus to the local buses.
 */
export interface TopologyDelivery {
  /**
   * Plain, or validated and how.
   *
   * @default DeliveryMode.PLAIN
   */
  readonly mode?: DeliveryMode;

  /**
   * What stands before the source of a validated event. Producers cannot send such sources, in any mode.
   *
   * @default 'valid.'
   */
  readonly validPrefix?: string;

  /**
   * What stands before the source of a notice about an invalid event. Producers cannot send such sources, in any mode.
   *
   * @default 'invalid.'
   */
  readonly invalidPrefix?: string;
}

/**
 * All that two repositories must agree on.
 */
export interface TopologyProps {
  /**
   * The name of the backbone with the stage in it, such as `acme-dev`: every physical name begins with it.
   *
   * A letter, then letters, digits and hyphens.
   */
  readonly name: string;

  /**
   * The account and Region of the global bus.
   */
  readonly hub: TopologyHub;

  /**
   * Everybody who publishes and receives.
   */
  readonly members: TopologyMember[];

  /**
   * The organisation of all accounts, such as `o-abc1234567`. Publishing then needs both: to belong to the
   * organisation and to be a listed account.
   *
   * @default - listed accounts alone decide
   */
  readonly organizationId?: string;

  /**
   * Organisational units that publishers must belong to, as paths such as `o-abc1234567/r-ab12/ou-ab12-11111111/*`.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
   * @default - any unit
   */
  readonly organizationPaths?: string[];

  /**
   * How events get from the global bus to the local buses.
   *
   * @default - plain
   */
  readonly delivery?: TopologyDelivery;

  /**
   * Who may put events on the local buses.
   *
   * @default LockLevel.ACCOUNT
   */
  readonly lockLevel?: LockLevel;

  /**
   * The path of the forwarding and the republisher's role, for organisations that keep roles under a path of their own.
   *
   * @default '/'
   */
  readonly rolePath?: string;
}
