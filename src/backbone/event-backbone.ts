import { CfnResource, Duration, Stack, Token, type RemovalPolicy, type StackProps } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { requireTopology } from './require-topology';
import { ownersOf } from './source-owners';
import { GlobalBus, LocalBus, PublishedBus, type IGlobalBus, type ILocalBus, type SourcePin } from '../bus';
import type { BusArchive, CatchAllLogRule, EventBusLogging } from '../capture';
import { ContractCatalogue, type EventContract } from '../contract';
import { takeContracts } from '../contract/take-contracts';
import { partitionOf, placeOf, rulesArn } from '../internal/arns';
import { BackboneError, shown } from '../internal/errors';
import * as limits from '../internal/limits';
import { shareAmongRules, type SharedByRules } from '../internal/shared';
import { shortened } from '../internal/short-names';
import { certainlyDiffer } from '../internal/tokens';
import { BusAlarms } from '../operations';
import { BusDeadLetterQueue, markAdmitted } from '../operations/dead-letter-queue';
import { FanOutRule, ForwardingRole, type IForwardingRole } from '../routing';
import { noteArriving } from '../routing/arriving';
import { noteValidNames } from '../routing/contract-sources';
import { fanOutTo } from '../routing/fan-out-pattern';
import { noteFanOutsOf } from '../routing/fan-outs';
import { BusOwner, DeliveryMode, MemberState, type Topology, type TopologyMember } from '../topology';
import { ValidatedRepublisher, ValidationMode, type ValidationOptions } from '../validation';
import { requireValidation } from '../validation/require-options';

/**
 * Properties of an `EventBackbone`.
 */
export interface EventBackboneProps {
  /**
   * Who is on the backbone.
   */
  readonly topology: Topology;

  /**
   * The stack for the global bus, its policy, role, queue and captures.
   *
   * What goes into a stack of yours takes its tags and aspects from there, not from this construct.
   *
   * @default - a new stack `<name>-hub`; the stack around this construct, if there is one
   */
  readonly hubStack?: Stack;

  /**
   * The stacks for the local buses, by name of the member.
   *
   * @default - a new stack `<name>-member-<member>` for each; the stack around this construct, if there is one
   */
  readonly memberStacks?: { [member: string]: Stack };

  /**
   * The stack for the fan-out rules, in the hub's account.
   *
   * @default - a new stack `<name>-routes`; the stack around this construct, if there is one
   */
  readonly routesStack?: Stack;

  /**
   * The events that are known, each with its schema. Needed where the topology says that events are validated.
   *
   * @default - none is known
   */
  readonly contracts?: EventContract[];

  /**
   * The lock file of the contracts: synthesis fails where a contract breaks what the file promises to consumers. Made and
   * changed by `npx event-backbone contracts lock`, relative to the directory in which the process was started.
   *
   * @default - contracts may change in any way
   */
  readonly contractLock?: string;

  /**
   * Publish the contracts in the schema registry of the hub's account, in a stack of its own, for people to find.
   *
   * @default true
   */
  readonly catalogue?: boolean;

  /**
   * The stack for the contracts in the schema registry, in the hub's account.
   *
   * @default - a new stack `<name>-contracts`; the stack around this construct, if there is one
   */
  readonly contractsStack?: Stack;

  /**
   * How events are validated.
   *
   * Where the topology says that delivery is plain, members receive raw events all the same: `ValidationMode.OBSERVE`
   * counts what would be refused, the other modes fill the published bus, which is how a move to validated delivery begins
   * and is taken back.
   *
   * @default - as the topology says; where it says plain, nothing is validated
   */
  readonly validation?: ValidationOptions;

  /**
   * Forbid accounts whose members list `sources` to send others, and everybody else to send theirs.
   *
   * The policy of a bus holds about 15 accounts with pinned sources.
   *
   * @default false
   */
  readonly pinSources?: boolean;

  /**
   * The customer managed key, in the hub's account, that encrypts the global bus, its archive and its log groups.
   *
   * @default - keys of AWS
   */
  readonly kmsKey?: kms.IKey;

  /**
   * Keep events for replay: those of the global bus; where events are validated, the valid ones.
   *
   * @default true
   */
  readonly archive?: boolean;

  /**
   * Where events are validated, keep the raw ones for replay, which are then validated again, instead of the valid ones.
   *
   * @default false
   */
  readonly archiveRawEvents?: boolean;

  /**
   * How long the archive keeps events, in whole days.
   *
   * @default Duration.days(365)
   */
  readonly archiveRetention?: Duration;

  /**
   * Keep the events of the global bus in CloudWatch Logs.
   *
   * @default true
   */
  readonly captureLogs?: boolean;

  /**
   * The global bus's own log of what it does with each event.
   *
   * @default - it writes no log
   */
  readonly logging?: EventBusLogging;

  /**
   * Keep the events of the local buses in CloudWatch Logs as well, and pay for it once more.
   *
   * @default false
   */
  readonly captureMemberLogs?: boolean;

  /**
   * The own logs of the local buses that are made here, each in a new log group.
   *
   * @default - they write no logs
   */
  readonly memberLogging?: EventBusLogging;

  /**
   * How long new log groups keep events and logs.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Fan out no events that a replay brings: a replay is then for the other rules of the global bus.
   *
   * @default false
   */
  readonly excludeReplays?: boolean;

  /**
   * What the alarms in the hub's account do.
   *
   * @default - they change their state only
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * What happens to buses, archives, logs and queues when they leave their stack.
   *
   * @default - log groups are retained, everything else is deleted
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A whole backbone: the global bus, a local bus for every member, and the rules between them; where the topology says so,
 * a republisher that validates every event by its contract, and the bus of validated events.
 *
 * Three layers, deployed in this order: *hub* (global bus, policy, forwarding role, dead-letter queue, captures,
 * alarms), *members* (local buses with their policies), *routes* (the fan-out rules, in the hub's account).
 *
 * In an App or Stage each layer gets stacks of its own. Inside a stack everything goes into that stack, which needs all
 * members in the hub's account and Region: for development.
 *
 * @example
 *
 * const topology = Topology.fromFile('topology.json');
 * const backbone = new EventBackbone(app, 'Backbone', { topology: topology });
 * Tags.of(backbone).add('team', 'platform');
 */
export class EventBackbone extends Construct {
  /**
   * Who is on the backbone.
   */
  public readonly topology: Topology;

  /**
   * The bus on which producers put their events.
   */
  public readonly globalBus: IGlobalBus;

  /**
   * The bus of validated events, if there is one.
   */
  public readonly publishedBus?: PublishedBus;

  /**
   * What validates the events of the global bus, if something does.
   */
  public readonly republisher?: ValidatedRepublisher;

  /**
   * The stack of the global bus.
   */
  public readonly hubStack: Stack;

  /**
   * The stack of the fan-out rules.
   */
  public readonly routesStack: Stack;

  /**
   * The stack of the contracts in the schema registry, if they are published there.
   */
  public readonly contractsStack?: Stack;

  /**
   * The stacks of the local buses, by name of the member.
   */
  public readonly memberStacks: { [member: string]: Stack } = {};

  /**
   * The fan-out rules, by name of the member.
   */
  public readonly fanOutRules: { [member: string]: FanOutRule } = {};

  /**
   * Where events wait that a rule of the global bus could not deliver.
   */
  public readonly deadLetterQueue: sqs.IQueue;

  /**
   * The role with which the fan-out rules put events on the local buses.
   */
  public readonly forwardingRole: IForwardingRole;

  /**
   * The archive, if there is one.
   */
  public readonly archive?: BusArchive;

  /**
   * The rule that keeps the events of the global bus in CloudWatch Logs, if there is one.
   */
  public readonly catchAllLog?: CatchAllLogRule;

  /**
   * The alarms on the rules of the global bus and on their dead-letter queue.
   */
  public readonly alarms: cloudwatch.IAlarm[];

  private readonly localBuses = new Map<string, ILocalBus>();
  private readonly layers: Layers;
  private readonly shared: SharedByRules;

  constructor(scope: Construct, id: string, props: EventBackboneProps) {
    super(scope, id);
    requireTopology(this, props.topology);
    requireValidation(this, props.validation);
    const { topology, contracts = [] } = props;
    this.topology = topology;
    refuseSecondBackbone(this, topology);
    this.layers = new Layers(this, props);
    const hub = this.layers.hub();
    this.hubStack = Stack.of(hub);
    takeContracts(this, contracts, {
      reservedPrefixes: [topology.validPrefix, topology.invalidPrefix],
      lockFile: props.contractLock,
      lockScope: this.hubStack,
    });

    this.globalBus = this.createGlobalBus(hub, props);
    this.publishedBus = this.createPublishedBus(hub, props);
    const deadLetters = new BusDeadLetterQueue(hub, 'FanOutDeadLetterQueue', {
      eventBusName: topology.globalBusName,
      queueName: topology.fanOutDeadLetterQueueName,
      removalPolicy: props.removalPolicy,
      alarmActions: props.alarmActions,
    });
    this.deadLetterQueue = deadLetters.queue;
    for (const rules of this.rules) deadLetters.admit(rules);
    const role = new ForwardingRole(hub, 'ForwardingRole', {
      // Of both buses: while a backbone moves from one to the other, rules of both deliver.
      eventBuses: this.buses,
      roleName: topology.forwardingRoleName,
      path: topology.rolePath,
    });
    this.forwardingRole = role;
    for (const member of topology.members) role.addDestination(topology.localBusArn(member.name));
    this.shared = this.shareAmongRules(role, deadLetters.queue);
    for (const bus of this.buses) shareAmongRules(bus, this.shared);
    this.republisher = this.createRepublisher(hub, props);

    if (props.archive ?? true) this.archive = this.createArchive(props);
    if (props.captureLogs ?? true) {
      this.catchAllLog = this.globalBus.captureLogs('CatchAllLog', {
        retention: props.logRetention,
        encryptionKey: props.kmsKey,
        deadLetterQueue: this.deadLetterQueue,
        ...(props.removalPolicy && { removalPolicy: props.removalPolicy }),
      });
    }
    const busAlarms = new BusAlarms(hub, 'Alarms', {
      eventBus: this.globalBus,
      alarmActions: props.alarmActions,
      watchDeadLetters: false,
    });
    const publishedAlarms =
      this.publishedBus &&
      new BusAlarms(hub, 'PublishedAlarms', {
        eventBus: this.publishedBus,
        alarmActions: props.alarmActions,
        watchDeadLetters: false,
      });
    this.alarms = [
      deadLetters.alarm,
      ...busAlarms.alarms,
      ...(publishedAlarms?.alarms ?? []),
      ...(this.republisher?.alarms ?? []),
    ];

    for (const member of topology.members) this.createMember(member, props);
    this.routesStack = this.createRoutes(props);
    this.contractsStack = this.createCatalogue(props);
    this.layers.orderStacks(this.hubStack, this.memberStacks, this.routesStack);
  }

  /**
   * The local bus of a member: the one that was created here, or a reference where the member owns it.
   *
   * @param member the name of the member
   */
  public localBus(member: string): ILocalBus {
    this.topology.member(member);
    return this.localBuses.get(member)!;
  }

  private createGlobalBus(hub: Construct, props: EventBackboneProps): IGlobalBus {
    const { topology, kmsKey, pinSources = false } = props;
    if (topology.hub.existingEventBus === true) {
      const given = [kmsKey && 'kmsKey', pinSources && 'pinSources', props.logging && 'logging'].find(Boolean);
      if (given) {
        throw new BackboneError(
          'ExistingEventBus',
          `the topology says that ${topology.globalBusName} exists already, so its key, policy and logs stay untouched: leave ${given} out`,
          this,
        );
      }
      return GlobalBus.fromTopology(hub, 'GlobalBus', topology);
    }
    const sourcePins = pinSources ? pinsOf(topology) : undefined;
    if (sourcePins?.length === 0) {
      throw new BackboneError(
        'SourcePinInvalid',
        'pinSources is on and no member of the topology lists sources, so nothing would be pinned: list the sources of members, or leave it out',
        this,
      );
    }
    const bus = new GlobalBus(hub, 'GlobalBus', {
      eventBusName: topology.globalBusName,
      description: `Global bus of ${topology.name}: producers put their events here`,
      accounts: topology.memberAccounts,
      organizationId: topology.organizationId,
      organizationPaths: topology.organizationPaths,
      sourcePins,
      reservedSourcePrefixes: [topology.validPrefix, topology.invalidPrefix],
      kmsKey,
      logging: loggingOf(props.logging, props.logRetention, kmsKey),
      alarmActions: props.alarmActions,
      removalPolicy: props.removalPolicy,
    });
    // Its fan-out rules are in another stack, on a reference to it.
    noteFanOutsOf(bus, topology, props.excludeReplays);
    if (topology.deliveryMode === DeliveryMode.VALIDATED_SAME_BUS) {
      noteValidNames(bus, { prefix: topology.validPrefix, alsoRaw: false });
    }
    return bus;
  }

  /** Made in plain delivery as well, where somebody wants events on it: so a move to it can be made in steps. */
  private createPublishedBus(hub: Construct, props: EventBackboneProps): PublishedBus | undefined {
    const { topology, validation, kmsKey } = props;
    const isRead = topology.deliveryMode === DeliveryMode.VALIDATED;
    const isFilled =
      topology.deliveryMode === DeliveryMode.PLAIN &&
      validation !== undefined &&
      validation.mode !== ValidationMode.OBSERVE;
    if (!isRead && !isFilled) return undefined;
    return new PublishedBus(hub, 'PublishedBus', {
      eventBusName: topology.publishedBusName,
      description: `Published bus of ${topology.name}: validated events`,
      kmsKey,
      logging: loggingOf(props.logging, props.logRetention, kmsKey),
      alarmActions: props.alarmActions,
      removalPolicy: props.removalPolicy,
    });
  }

  private createRepublisher(hub: Construct, props: EventBackboneProps): ValidatedRepublisher | undefined {
    const { topology } = this;
    const { contracts = [], validation } = props;
    const isPlain = topology.deliveryMode === DeliveryMode.PLAIN;
    if (isPlain && validation === undefined) return undefined;
    if (!isPlain && validation?.mode === ValidationMode.OBSERVE) {
      throw new BackboneError(
        'ObservedDelivery',
        `the topology delivers validated events, and mode "${ValidationMode.OBSERVE}" publishes none, so members would receive nothing: use "${ValidationMode.AUDIT}", or plain delivery`,
        this,
      );
    }
    // The topology does not ask for it where delivery is plain: it may never have a republisher.
    const { republisherRoleName } = topology;
    if (republisherRoleName.length > limits.ROLE_NAME_LENGTH) {
      throw new BackboneError(
        'TopologyNameTooLong',
        `the name of the topology makes the republisher's role ${shown(republisherRoleName)} of ${republisherRoleName.length} characters, ${limits.ROLE_NAME_LENGTH} at most: shorten it, or give hub.republisherRoleName`,
        this,
      );
    }
    return new ValidatedRepublisher(hub, 'Republisher', {
      kmsKey: props.kmsKey,
      alarmActions: props.alarmActions,
      logRetention: props.logRetention,
      removalPolicy: props.removalPolicy,
      ...validation,
      eventBus: this.globalBus,
      targetBus: this.publishedBus,
      contracts,
      validPrefix: this.publishedBus ? undefined : topology.validPrefix,
      invalidPrefix: topology.invalidPrefix,
      sourceOwners: ownersOf(this, topology, contracts),
      roleName: republisherRoleName,
      rolePath: topology.rolePath,
      deadLetterQueue: this.deadLetterQueue,
    });
  }

  /** Apart from the rest: a registry that is full must not keep anybody from deploying the backbone. */
  private createCatalogue({ contracts = [], catalogue = true }: EventBackboneProps): Stack | undefined {
    const { topology } = this;
    if (!catalogue || contracts.length === 0) return undefined;
    const scope = this.layers.contracts();
    new ContractCatalogue(scope, 'Catalogue', {
      contracts,
      registryName: shortened(`${topology.name}-contracts`, limits.SCHEMA_REGISTRY_NAME_LENGTH),
      description: `Events of ${topology.name}`,
    });
    return Stack.of(scope);
  }

  /** Of raw or of valid events: a replay of both would bring each event twice. */
  private createArchive(props: EventBackboneProps): BusArchive {
    const { deliveryMode, validPrefix, invalidPrefix } = this.topology;
    const options = {
      retention: props.archiveRetention ?? Duration.days(365),
      kmsKey: props.kmsKey,
      removalPolicy: props.removalPolicy,
    };
    const isRaw = props.archiveRawEvents ?? false;
    if (deliveryMode === DeliveryMode.VALIDATED && !isRaw) {
      const eventPattern = { source: [{ 'anything-but': { prefix: [invalidPrefix] } }] };
      return this.publishedBus!.archive('Archive', { ...options, eventPattern });
    }
    if (deliveryMode !== DeliveryMode.VALIDATED_SAME_BUS) return this.globalBus.archive('Archive', options);
    const source = isRaw ? { 'anything-but': { prefix: [validPrefix, invalidPrefix] } } : { prefix: validPrefix };
    return this.globalBus.archive('Archive', { ...options, eventPattern: { source: [source] } });
  }

  private createMember(member: TopologyMember, props: EventBackboneProps): void {
    const { topology } = this;
    if (topology.busOwnerOf(member.name) === BusOwner.MEMBER) {
      // Nothing is created there, but the route waits for it.
      const stack = this.layers.ownStack(member);
      if (stack !== undefined) this.memberStacks[member.name] = stack;
      return;
    }
    const scope = this.layers.member(member);
    this.memberStacks[member.name] = Stack.of(scope);
    const bus = new LocalBus(scope, 'LocalBus', {
      eventBusName: topology.localBusName(member.name),
      hubAccount: topology.hub.account,
      description: `Local bus of ${member.name} on ${topology.name}`,
      lockLevel: topology.lockLevelOf(member.name),
      forwardingRoleArn: topology.forwardingRoleArn,
      logging: loggingOf(props.memberLogging, props.logRetention),
      removalPolicy: props.removalPolicy,
    });
    if (props.captureMemberLogs) {
      bus.captureLogs('CatchAllLog', {
        retention: props.logRetention,
        ...(props.removalPolicy && { removalPolicy: props.removalPolicy }),
      });
    }
    this.localBuses.set(member.name, bus);
  }

  /** The routes know hub and members by name, so that nothing is exported from one stack to another. */
  private createRoutes(props: EventBackboneProps): Stack {
    const { topology } = this;
    const routes = this.layers.routes();
    const stack = Stack.of(routes);
    const apart = stack !== this.hubStack;
    const eventBus: events.IEventBusRef = apart ? fanOutBus(routes, topology) : this.readBus;
    if (apart) shareAmongRules(eventBus, this.shared);
    for (const member of topology.members) {
      const created = this.localBuses.get(member.name);
      const together = created !== undefined && Stack.of(created) === stack;
      const localBus = together
        ? created
        : LocalBus.fromTopology(routes, `LocalBus-${member.name}`, topology, member.name);
      if (created === undefined) this.localBuses.set(member.name, localBus);
      if (topology.stateOf(member.name) !== MemberState.ACTIVE) continue;
      const fanOut = { ...fanOutTo(topology, member), excludeReplays: props.excludeReplays };
      noteArriving(this.localBuses.get(member.name)!, fanOut, member.sources);
      const name = pascal(member.name);
      this.fanOutRules[member.name] = new FanOutRule(routes, `To${name}`, {
        eventBus,
        localBus,
        ...fanOut,
        ruleName: topology.fanOutRuleName(member.name),
      });
    }
    return stack;
  }

  /** Rules in other stacks know role and queue by name. */
  private shareAmongRules(role: ForwardingRole, queue: sqs.IQueue): SharedByRules {
    const { topology, hubStack } = this;
    const byName = {
      roleArn: topology.forwardingRoleArn,
      _eventBusNames: role._eventBusNames,
      addDestination: (arn: string) => role.addDestination(arn),
    };
    return {
      forwardingRole: (scope) => (Stack.of(scope) === hubStack ? role : byName),
      deadLetterQueue: (scope) => {
        const stack = Stack.of(scope);
        if (stack === hubStack) return queue;
        const id = `FanOutDeadLetterQueue-${this.node.addr}`;
        const known = stack.node.tryFindChild(id) as sqs.IQueue | undefined;
        if (known !== undefined) return known;
        const imported = sqs.Queue.fromQueueArn(stack, id, topology.fanOutDeadLetterQueueArn);
        for (const rules of this.rules) markAdmitted(imported, rules);
        // As a rule in a stack without an account of its own spells it.
        for (const { eventBusRef } of this.buses) {
          markAdmitted(imported, rulesArn(placeOf(stack), eventBusRef.eventBusName));
        }
        return imported;
      },
    };
  }

  private get buses(): Array<IGlobalBus | PublishedBus> {
    return this.publishedBus ? [this.globalBus, this.publishedBus] : [this.globalBus];
  }

  /** The bus whose events the fan-out rules deliver. */
  private get readBus(): IGlobalBus | PublishedBus {
    return this.topology.deliveryMode === DeliveryMode.VALIDATED ? this.publishedBus! : this.globalBus;
  }

  /** The rules of each bus, as policies name them. */
  private get rules(): string[] {
    const { account, region } = this.topology.hub;
    const place = { partition: partitionOf(region), region, account };
    return this.buses.map(({ eventBusRef }) => rulesArn(place, eventBusRef.eventBusName));
  }
}

/** A reference to the bus whose events the fan-out rules deliver. */
function fanOutBus(scope: Construct, topology: Topology): IGlobalBus {
  return topology.deliveryMode === DeliveryMode.VALIDATED
    ? GlobalBus.fromEventBusArn(scope, 'PublishedBus', topology.publishedBusArn)
    : GlobalBus.fromTopology(scope, 'GlobalBus', topology);
}

/** The log of a bus, kept and encrypted as the other logs are unless it says otherwise. */
function loggingOf(
  logging: EventBusLogging | undefined,
  retention?: logs.RetentionDays,
  encryptionKey?: kms.IKey,
): EventBusLogging | undefined {
  if (logging === undefined || logging.logGroup !== undefined) return logging;
  const { retention: own = retention, encryptionKey: ownKey = encryptionKey } = logging;
  return { ...logging, retention: own, encryptionKey: ownKey };
}

const BACKBONES = Symbol.for('cdk-event-backbone.backbones');

/** Two backbones of one topology have the same physical names: the one deployed later overwrites the other. */
function refuseSecondBackbone(backbone: Construct, topology: Topology): void {
  const root = backbone.node.root as { [BACKBONES]?: Map<string, string> };
  const known = (root[BACKBONES] ??= new Map());
  const key = `${topology.hub.account} ${topology.hub.region} ${topology.name}`;
  const other = known.get(key);
  if (other !== undefined) {
    throw new BackboneError(
      'BackboneDuplicate',
      `${topology.name} in ${topology.hub.account}/${topology.hub.region} is made by ${other} already, with the same names of stacks and buses: give each stage a topology with a name of its own`,
      backbone,
    );
  }
  known.set(key, backbone.node.path);
}

/** Which stack each layer goes into. */
class Layers {
  private readonly around?: Stack;
  /** The place of each stack that was given, as the first layer in it has it. */
  private readonly places = new Map<Stack, { account: string; region: string }>();

  constructor(
    private readonly backbone: Construct,
    private readonly props: EventBackboneProps,
  ) {
    this.around = backbone.node.scopes
      .slice(0, -1)
      .reverse()
      .find((s): s is Stack => Stack.isStack(s));
    for (const name of Object.keys(props.memberStacks ?? {})) props.topology.member(name);
  }

  public hub(): Construct {
    const { topology, hubStack } = this.props;
    return this.layer('Hub', hubStack, topology.hub, {
      stackName: topology.hubStackName,
      description: `Event backbone ${topology.name}: global bus`,
    });
  }

  public routes(): Construct {
    const { topology, routesStack } = this.props;
    return this.layer('Routes', routesStack, topology.hub, {
      stackName: topology.routesStackName,
      description: `Event backbone ${topology.name}: fan-out rules`,
    });
  }

  public contracts(): Construct {
    const { topology, contractsStack } = this.props;
    return this.layer('Contracts', contractsStack, topology.hub, {
      stackName: topology.contractsStackName,
      description: `Event backbone ${topology.name}: contracts`,
    });
  }

  /** The stack in which a member makes its bus itself, if it was given. */
  public ownStack(member: TopologyMember): Stack | undefined {
    const stack = this.given(member.name);
    if (stack !== undefined) this.checkPlace(stack, this.placeOf(member), `Member-${member.name}`);
    return stack;
  }

  public member(member: TopologyMember): Construct {
    const { topology } = this.props;
    return this.layer(`Member-${member.name}`, this.given(member.name), this.placeOf(member), {
      stackName: topology.memberStackName(member.name),
      description: `Event backbone ${topology.name}: local bus of ${member.name}`,
    });
  }

  /**
   * Hub before members before routes; where hub and routes are one stack, members go first. Where no route leads, routes
   * wait for nobody, so that the stack of a member that left can be destroyed alone.
   */
  public orderStacks(hub: Stack, members: { [member: string]: Stack }, routes: Stack): void {
    const after = (later: Stack, earlier: Stack) =>
      later !== earlier && aResourceOf(later).node.addDependency(aResourceOf(earlier));
    for (const [name, member] of Object.entries(members)) {
      if (hub !== routes) after(member, hub);
      if (this.props.topology.stateOf(name) === MemberState.ACTIVE) after(routes, member);
    }
    after(routes, hub);
  }

  private given(member: string): Stack | undefined {
    const { memberStacks = {} } = this.props;
    return Object.hasOwn(memberStacks, member) ? memberStacks[member] : undefined;
  }

  private placeOf(member: TopologyMember) {
    return { account: member.account, region: this.props.topology.regionOf(member.name) };
  }

  private layer(
    id: string,
    given: Stack | undefined,
    env: { account: string; region: string },
    ours: StackProps,
  ): Construct {
    if (given !== undefined) {
      this.checkPlace(given, env, id);
      return new Construct(given, `${this.backbone.node.id}-${id}`);
    }
    if (this.around !== undefined) {
      this.checkPlace(this.around, env, id);
      return new Construct(this.backbone, id);
    }
    return new Stack(this.backbone, id, { ...ours, env });
  }

  private checkPlace(stack: Stack, env: { account: string; region: string }, layer: string): void {
    // A stack that does not know where it goes still goes to one place.
    const other = this.places.get(stack) ?? env;
    this.places.set(stack, other);
    const fits = [stack, other].every(
      ({ account, region }) => !certainlyDiffer(account, env.account) && !certainlyDiffer(region, env.region),
    );
    if (fits) return;
    throw new BackboneError(
      'StackElsewhere',
      `layer ${layer} belongs in ${env.account}/${env.region}, stack ${stack.node.path} is for ${placeText(stack, this.places.get(stack)!)}: create EventBackbone in an App or Stage, which gives every account its stacks, or pass a stack for the right account`,
      this.backbone,
    );
  }
}

/** Stands for a stack that waits or is waited for: of whole stacks the CDK would pair all resources. */
function aResourceOf(stack: Stack): IConstruct {
  return stack.node.findAll().find((part) => CfnResource.isCfnResource(part) && part.stack === stack) ?? stack;
}

const placeText = (stack: Stack, first: { account: string; region: string }) =>
  Token.isUnresolved(stack.account) ? `${first.account}/${first.region} already` : `${stack.account}/${stack.region}`;

/** The sources of each account, over all members in it; accounts without sources are not pinned. */
function pinsOf(topology: Topology): SourcePin[] {
  return topology.memberAccounts.flatMap((account) => {
    const members = topology.members.filter((member) => member.account === account);
    const sources = [...new Set(members.flatMap((member) => member.sources ?? []))];
    return sources.length > 0 ? [{ account, sources }] : [];
  });
}

const pascal = (name: string) =>
  name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
