import { Stack, Token, type RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { requireTopology } from './require-topology';
import {
  GlobalBus,
  LocalBus,
  type IGlobalBus,
  type ILocalBus,
  type PublishGrant,
  type PublishGrantOptions,
} from '../bus';
import { namesOf } from '../bus/publish-grant';
import type {
  BusArchive,
  BusArchiveOptions,
  CatchAllLogOptions,
  CatchAllLogRule,
  CatchAllStreamOptions,
  CatchAllStreamRule,
  EventBusLogging,
} from '../capture';
import { requireContracts } from '../contract/require-contracts';
import { BackboneError, shown } from '../internal/errors';
import { certainlyDiffer } from '../internal/tokens';
import { warn } from '../internal/warnings';
import type { BusDefaults } from '../operations/dead-letter-queue';
import type { FieldCondition } from '../pattern/model';
import {
  type ForwardingOptions,
  ForwardingRule,
  type Subscription,
  type SubscriptionOptions,
  type SubscriptionTarget,
} from '../routing';
import { noteArriving } from '../routing/arriving';
import { fanOutTo } from '../routing/fan-out-pattern';
import { noteOwnPlace } from '../routing/fan-outs';
import { secondHop } from '../routing/hops';
import { BusOwner, DeliveryMode, MemberState, type Topology } from '../topology';

/**
 * Properties of a `BackboneMember`.
 */
export interface BackboneMemberProps {
  /**
   * Who is on the backbone: the same topology as the hub's.
   */
  readonly topology: Topology;

  /**
   * The name of this member in the topology.
   */
  readonly member: string;

  /**
   * What the alarm on this member's dead-letter queue does.
   *
   * @default - it changes its state only
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * What happens to queues, logs, archives and buckets of this member, and to the bus where the member owns it, when they
   * leave the stack.
   *
   * @default - log groups and buckets are retained, everything else is deleted
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The own log of the local bus, where the topology says that the member owns it.
   *
   * @default - the bus writes no log
   */
  readonly logging?: EventBusLogging;
}

/**
 * A service team's end of the backbone, in its own stack and repository: subscribes and publishes.
 *
 * The local bus is imported; where the topology says that the member owns its bus, it is created here.
 *
 * @example
 *
 * declare const topology: Topology;
 * declare const onOrderCreated: lambda.Function;
 *
 * const backbone = new BackboneMember(this, 'Backbone', { topology: topology, member: 'delivery' });
 * backbone.subscribe('OrderCreated', {
 *   detailType: ['Order.Created'],
 *   target: new targets.LambdaFunction(onOrderCreated),
 * });
 * backbone.grantPublish(onOrderCreated, { sources: ['delivery.service'] });
 */
export class BackboneMember extends Construct {
  /**
   * The name of this member in the topology.
   */
  public readonly memberName: string;

  /**
   * The bus on which this member's events go.
   */
  public readonly globalBus: IGlobalBus;

  /**
   * The bus on which the events of the others arrive.
   */
  public readonly localBus: ILocalBus;

  private readonly topology: Topology;

  constructor(scope: Construct, id: string, props: BackboneMemberProps) {
    super(scope, id);
    requireTopology(this, props.topology);
    const { topology, member: name, alarmActions, removalPolicy } = props;
    const member = topology.member(name);
    this.topology = topology;
    this.memberName = name;
    this.checkPlace(member.account, topology.regionOf(name));

    this.globalBus = GlobalBus._fromTopology(this, 'GlobalBus', topology, Stack.of(this).account);
    noteOwnPlace(this.globalBus, { account: member.account, region: topology.regionOf(name) });
    const isOwner = topology.busOwnerOf(name) === BusOwner.MEMBER;
    if (props.logging !== undefined && !isOwner) {
      throw new BackboneError(
        'LoggingOptionInvalid',
        `the local bus of ${name} is made by the hub's app, so its log is a matter of that (memberLogging of EventBackbone): leave logging out, or let the member own its bus in the topology`,
        this,
      );
    }
    this.localBus = isOwner
      ? new LocalBus(this, 'LocalBus', {
          eventBusName: topology.localBusName(name),
          hubAccount: topology.hub.account,
          description: `Local bus of ${name} on ${topology.name}`,
          lockLevel: topology.lockLevelOf(name),
          forwardingRoleArn: topology.forwardingRoleArn,
          logging: props.logging,
          alarmActions,
          removalPolicy,
        })
      : LocalBus._fromTopology(this, 'LocalBus', topology, name, { alarmActions, removalPolicy });
    noteArriving(this.localBus, fanOutTo(topology, member), member.sources);
  }

  /**
   * Where events wait that no target of this member accepted. Made at first use.
   */
  public get deadLetterQueue(): sqs.IQueue {
    return this.localBus.deadLetterQueue;
  }

  /**
   * Sends some of the others' events to a target, with retry and a dead-letter queue.
   *
   * @param id the id of the subscription
   * @param options which events, and where to
   */
  public subscribe(id: string, options: SubscriptionOptions): Subscription {
    const subscription = this.localBus.subscribe(id, options);
    this.warnIfLeaving(subscription, 'subscribes');
    return subscription;
  }

  /**
   * Sends the notices about invalid events of this member to a target.
   *
   * Where the topology delivers validated events, the sender of an event that breaks its contract receives one, without the
   * payload: `detail.data` holds `reason`, `contract` and `errors`, `detail.metadata.origin` says which event it was.
   *
   * @param id the id of the subscription
   * @param target where the notices go
   */
  public subscribeToNotices(id: string, target: SubscriptionTarget): Subscription {
    const subscription = this.localBus.subscribe(id, {
      ...target,
      source: events.Match.prefix(this.topology.invalidPrefix),
    });
    this.warnIfLeaving(subscription, 'subscribes');
    if (this.topology.deliveryMode === DeliveryMode.PLAIN) {
      warn(
        subscription,
        'Subscription.nothingArrives',
        `takes notices, and ${this.topology.name} delivers plainly, where no member is sent any: remove it, or choose validated delivery in the topology`,
      );
    }
    return subscription;
  }

  /**
   * Forwards events of another bus of this account to the hub, for producers that cannot put them there themselves.
   *
   * The hub keeps them and may handle them; a member receives them only if the hub publishes them again. Fails for events
   * that a fan-out rule of the hub would take, and, where the topology lists sources for this member, for others than
   * these and those of services of AWS.
   *
   * @param id the id of the rule
   * @param options which events, and from which bus
   */
  public forward(id: string, options: ForwardingOptions): ForwardingRule {
    const { alarmActions, removalPolicy } = this.localBus as BusDefaults;
    // By its name, which is all that a stack without an env knows.
    if (options.eventBus?.eventBusRef.eventBusName === this.localBus.eventBusName) throw secondHop(this);
    const rule = new ForwardingRule(this, id, {
      ...options,
      alarmActions: options.alarmActions ?? alarmActions,
      removalPolicy: options.removalPolicy ?? removalPolicy,
      globalBus: this.globalBus,
    });
    this.requireOwnEvents(rule);
    this.warnIfLeaving(rule, 'forwards');
    return rule;
  }

  /**
   * Lets somebody in this account publish on the backbone.
   *
   * The topology's hub admits this account already. A Lambda function finds the ARN of the global bus in
   * `EVENT_BUS_ARN`.
   *
   * Fails for a source that the topology does not list for this member, if it lists any, or lists for others alone.
   *
   * @param grantee who may publish
   * @param options what it may publish
   */
  public grantPublish(grantee: iam.IGrantable, options: PublishGrantOptions = {}): PublishGrant {
    const { contracts = [] } = options;
    requireContracts(this, contracts);
    const foreign = contracts.find(({ owner }) => owner !== undefined && owner !== this.memberName);
    if (foreign !== undefined) {
      throw new BackboneError(
        'SourceNotOwned',
        `contract ${foreign.schemaName} is owned by ${foreign.owner}, not by ${this.memberName}: publish events of contracts of your own`,
        this,
      );
    }
    const { sources, detailTypes } = namesOf(this, options);
    this.requireOwnSources(sources);
    const own = this.topology.member(this.memberName).sources;
    return this.globalBus.grantPublish(grantee, {
      sources: sources ?? own,
      detailTypes,
      environmentVariable: options.environmentVariable,
    });
  }

  /**
   * Keeps the events that arrive in CloudWatch Logs.
   *
   * @param id the id of the rule
   * @param options how long, and which fields
   */
  public captureLogs(id: string, options: CatchAllLogOptions = {}): CatchAllLogRule {
    return this.localBus.captureLogs(id, options);
  }

  /**
   * Takes the events that arrive to a Kinesis stream, or by Data Firehose to S3.
   *
   * @param id the id of the rule
   * @param options where to, and how
   */
  public captureStream(id: string, options: CatchAllStreamOptions = {}): CatchAllStreamRule {
    return this.localBus.captureStream(id, options);
  }

  /**
   * Keeps the events that arrive for replay.
   *
   * @param id the id of the archive
   * @param options how long, and which
   */
  public archive(id: string, options: BusArchiveOptions = {}): BusArchive {
    return this.localBus.archive(id, options);
  }

  private warnIfLeaving(rule: Construct, does: 'forwards' | 'subscribes'): void {
    if (this.topology.stateOf(this.memberName) !== MemberState.LEAVING) return;
    const why = does === 'forwards' ? 'the hub will admit it no more' : 'no event arrives any more';
    warn(
      rule,
      'BackboneMember.leaving',
      `${does}, but ${this.memberName} is leaving: ${why}. Remove it, or make the member active`,
    );
  }

  private requireOwnEvents(rule: ForwardingRule): void {
    const own = this.topology.member(this.memberName).sources;
    const foreign = own && rule._pattern.conjunctions.map((fields) => notOwnedBy(own, fields)).find(Boolean);
    if (foreign === undefined) return;
    throw new BackboneError(
      'SourceNotOwned',
      `forwards ${foreign}, and the sources of ${this.memberName} are ${own!.join(', ')}: name these and those of services of AWS alone, or add to the member's sources in the topology`,
      rule,
    );
  }

  private requireOwnSources(sources: string[] = []): void {
    // What is no list the bus refuses.
    if (Token.isUnresolved(sources) || !Array.isArray(sources)) return;
    const own = this.topology.member(this.memberName).sources;
    if (own === undefined) return this.requireSourcesOfNobody(sources);
    const foreign = sources.find((source) => !Token.isUnresolved(source) && !own.includes(source));
    if (foreign === undefined) return;
    throw new BackboneError(
      'SourceNotOwned',
      `source ${shown(foreign)} does not belong to ${this.memberName}, whose sources are ${own.join(', ')}: publish one of these, or add it to the member's sources in the topology`,
      this,
    );
  }

  /** The republisher quarantines what the topology lists for others. */
  private requireSourcesOfNobody(sources: string[]): void {
    for (const source of sources) {
      const owners = this.topology.members.filter((member) => member.sources?.includes(source));
      if (owners.length === 0) continue;
      throw new BackboneError(
        'SourceNotOwned',
        `source ${shown(source)} belongs to ${owners.map(({ name }) => name).join(', ')}, not to ${this.memberName}: publish another, or list it for ${this.memberName} in the topology too`,
        this,
      );
    }
  }

  private checkPlace(account: string, region: string): void {
    const stack = Stack.of(this);
    if (!certainlyDiffer(stack.account, account) && !certainlyDiffer(stack.region, region)) return;
    throw new BackboneError(
      'MemberElsewhere',
      `member ${this.memberName} is in ${account}/${region}, stack ${stack.node.path} is for ${stack.account}/${stack.region}: give the stack env: { account: '${account}', region: '${region}' }, or name the member of that account`,
      this,
    );
  }
}

/** What a conjunction takes beyond some sources; nobody owns those of services of AWS. */
function notOwnedBy(own: string[], fields: FieldCondition[]): string | undefined {
  const sources = fields.filter(({ path }) => path === 'source').flatMap(({ anyOf }) => anyOf);
  if (sources.length === 0) return 'events of every source';
  for (const source of sources) {
    const isText = source.operator === 'exactly' || source.operator === 'prefix' || source.operator === 'wildcard';
    if (source.operator === 'unknown' || (isText && source.value.startsWith('aws.'))) continue;
    if (source.operator !== 'exactly') return `sources that are not listed, by "${source.operator}"`;
    if (!own.includes(source.value)) return `source ${shown(source.value)}`;
  }
  return undefined;
}
