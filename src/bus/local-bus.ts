import { Token, type IResource, type RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { checkEventBusName, EventBusBase, eventBusNameOf } from './event-bus-base';
import { createEventBus } from './new-event-bus';
import type {
  BusArchive,
  BusArchiveOptions,
  CatchAllLogOptions,
  CatchAllLogRule,
  CatchAllStreamOptions,
  CatchAllStreamRule,
  EventBusLogging,
} from '../capture';
import { accountRootArn, arnOfEventBus, placeOf } from '../internal/arns';
import { noteMadeBus } from '../internal/bus-identity';
import { BackboneError, shown } from '../internal/errors';
import { EventBusPolicyStatements, type BusPolicyStatement } from '../internal/event-bus-policy';
import { ACCOUNT } from '../internal/forms';
import { certainlyDiffer, isAccountOfAnotherStack } from '../internal/tokens';
import { warn } from '../internal/warnings';
import type { BusDefaults } from '../operations/dead-letter-queue';
import { markLocalBus } from '../routing/hops';
import { Subscription, type SubscriptionOptions } from '../routing/subscription';
import { LockLevel, type Topology } from '../topology';

/**
 * The bus of a member, on which the events of the others arrive.
 */
export interface ILocalBus extends IResource, events.IEventBusRef {
  /**
   * The name of the bus.
   * @attribute
   */
  readonly eventBusName: string;

  /**
   * The ARN of the bus.
   * @attribute
   */
  readonly eventBusArn: string;

  /**
   * Where events wait that no target of this stack's subscriptions accepted. Made at first use.
   */
  readonly deadLetterQueue: sqs.IQueue;

  /**
   * Sends some of the events to a target, with retry and a dead-letter queue.
   *
   * @param id the id of the subscription under this bus
   * @param options which events, and where to
   */
  subscribe(id: string, options: SubscriptionOptions): Subscription;

  /**
   * Keeps the events of this bus for replay.
   *
   * @param id the id of the archive under this bus
   * @param options how long, and which
   */
  archive(id: string, options?: BusArchiveOptions): BusArchive;

  /**
   * Keeps the events of this bus in CloudWatch Logs.
   *
   * @param id the id of the rule under this bus
   * @param options how long, and which fields
   */
  captureLogs(id: string, options?: CatchAllLogOptions): CatchAllLogRule;

  /**
   * Takes the events of this bus to a Kinesis stream, or by Data Firehose to S3.
   *
   * @param id the id of the rule under this bus
   * @param options where to, and how
   */
  captureStream(id: string, options?: CatchAllStreamOptions): CatchAllStreamRule;
}

/**
 * Properties of a `LocalBus`.
 */
export interface LocalBusProps {
  /**
   * The name of the bus, 256 characters at most.
   *
   * Required, since the hub refers to the bus by it.
   */
  readonly eventBusName: string;

  /**
   * The account of the global bus, whose fan-out rules deliver here: 12 digits, as a string.
   */
  readonly hubAccount: string;

  /**
   * What the bus is for, 512 characters at most.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * Who may put events on the bus.
   *
   * @default LockLevel.ACCOUNT
   */
  readonly lockLevel?: LockLevel;

  /**
   * The ARN of the role with which the hub's fan-out rules deliver.
   *
   * @default - none; required for the lock levels `ROLE` and `STRICT`
   */
  readonly forwardingRoleArn?: string;

  /**
   * The customer managed key that encrypts the bus.
   *
   * Its policy is extended; where the key is imported, the statements to add are printed.
   *
   * @default - a key of AWS
   */
  readonly kmsKey?: kms.IKey;

  /**
   * Where events wait that could not be encrypted. Takes nothing else: failed deliveries go to the queues of the rules.
   *
   * @default - with `kmsKey` a new queue, else none
   */
  readonly encryptionDeadLetterQueue?: sqs.IQueue;

  /**
   * The bus's own log of what it does with each event: whether it was taken, which rules matched, how delivery went.
   *
   * Unlike a catch-all rule it tells of events that no rule took and of failures; it is delivered to a log group.
   *
   * @default - the bus writes no log
   */
  readonly logging?: EventBusLogging;

  /**
   * What alarms that are made for this bus do.
   *
   * @default - alarms change their state only
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * What happens to the bus, its archives, logs and queues when they leave the stack.
   *
   * @default - log groups and buckets are retained, everything else is deleted
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * What a local bus does, ours or imported.
 *
 * @internal
 */
abstract class LocalBusBase extends EventBusBase implements ILocalBus {
  /**
   * Sends some of the events to a target, with retry and a dead-letter queue.
   *
   * @param id the id of the subscription under this bus
   * @param options which events, and where to
   */
  public subscribe(id: string, options: SubscriptionOptions): Subscription {
    return new Subscription(this, id, { ...options, eventBus: this });
  }
}

/** A bus that exists already. */
class ImportedLocalBus extends LocalBusBase {
  constructor(
    scope: Construct,
    id: string,
    public readonly eventBusArn: string,
    public readonly eventBusName: string,
    defaults: BusDefaults,
  ) {
    super(scope, id, { environmentFromArn: eventBusArn }, defaults);
  }
}

/**
 * The bus of a member, on which the events of the others arrive: the end of their way.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 *
 * @example
 *
 * declare const onOrderCreated: lambda.Function;
 *
 * const bus = new LocalBus(this, 'LocalBus', {
 *   eventBusName: 'acme-delivery',
 *   hubAccount: '111111111111',
 * });
 * bus.subscribe('OrderCreated', {
 *   detailType: ['Order.Created'],
 *   target: new targets.LambdaFunction(onOrderCreated),
 * });
 */
export class LocalBus extends LocalBusBase {
  /**
   * A bus that exists already. Account, Region and partition come from the ARN; its policy stays untouched.
   *
   * @param scope the scope
   * @param id the id
   * @param eventBusArn the ARN of the bus
   */
  public static fromEventBusArn(scope: Construct, id: string, eventBusArn: string): ILocalBus {
    return LocalBus._import(scope, id, eventBusArn, {});
  }

  /**
   * A bus that exists already in the account and Region of the stack. Its policy stays untouched.
   *
   * @param scope the scope
   * @param id the id
   * @param eventBusName the name of the bus
   */
  public static fromEventBusName(scope: Construct, id: string, eventBusName: string): ILocalBus {
    checkEventBusName(scope, eventBusName);
    const arn = arnOfEventBus(placeOf(scope), eventBusName);
    return LocalBus._import(scope, id, arn, {}, eventBusName);
  }

  /**
   * The local bus of a member of a topology, wherever it is. Its policy stays untouched.
   *
   * @param scope the scope
   * @param id the id
   * @param topology the topology
   * @param member the name of the member
   */
  public static fromTopology(scope: Construct, id: string, topology: Topology, member: string): ILocalBus {
    return LocalBus._fromTopology(scope, id, topology, member, {});
  }

  /** @internal */
  public static _fromTopology(
    scope: Construct,
    id: string,
    topology: Topology,
    member: string,
    defaults: BusDefaults,
  ): ILocalBus {
    return LocalBus._import(scope, id, topology.localBusArn(member), defaults);
  }

  private static _import(
    scope: Construct,
    id: string,
    arn: string,
    defaults: BusDefaults,
    name: string = eventBusNameOf(scope, arn),
  ): ILocalBus {
    const bus = new ImportedLocalBus(scope, id, arn, name, defaults);
    markLocalBus(bus);
    return bus;
  }

  /**
   * The name of the bus.
   * @attribute
   */
  public readonly eventBusName: string;

  /**
   * The ARN of the bus.
   * @attribute
   */
  public readonly eventBusArn: string;

  /**
   * The customer managed key that encrypts the bus, if there is one.
   */
  public readonly kmsKey?: kms.IKey;

  /**
   * Where events wait that could not be encrypted, if the bus has a key of its own.
   */
  public readonly encryptionDeadLetterQueue?: sqs.IQueue;

  /**
   * Where the bus writes its logs, if it does.
   */
  public readonly logGroup?: logs.ILogGroup;

  constructor(scope: Construct, id: string, props: LocalBusProps) {
    super(scope, id, { physicalName: props.eventBusName }, props);
    const { resource, eventBusArn, encryptionDeadLetterQueue, logGroup } = createEventBus(this, props);
    this.eventBusName = props.eventBusName;
    this.eventBusArn = eventBusArn;
    this.kmsKey = props.kmsKey;
    this.encryptionDeadLetterQueue = encryptionDeadLetterQueue;
    this.logGroup = logGroup;
    markLocalBus(this);

    const policy = new EventBusPolicyStatements(this, 'Policy', resource.ref);
    for (const [sid, statement] of Object.entries(this.lock(props, eventBusArn))) policy.add(sid, statement);
    this._dependencyRoots.push(resource, ...policy.resources);
    noteMadeBus(this, resource);
  }

  /**
   * The levels differ in what only two real accounts can confirm: that PutTargets, which checks this policy when a
   * rule is made, passes with these conditions. The documented form is the default for that reason.
   */
  private lock(props: LocalBusProps, arn: string): Record<string, BusPolicyStatement> {
    const { hubAccount, forwardingRoleArn, lockLevel = LockLevel.ACCOUNT } = props;
    if (!Token.isUnresolved(hubAccount) && (typeof hubAccount !== 'string' || !ACCOUNT.test(hubAccount))) {
      throw new BackboneError(
        'AccountInvalid',
        `hubAccount ${shown(hubAccount)} is not a 12-digit account id: pass it as a string such as "123456789012"`,
        this,
      );
    }
    if (isAccountOfAnotherStack(this, hubAccount)) {
      throw new BackboneError(
        'AccountInvalid',
        `hubAccount is AWS::AccountId, which means the account of this stack here: write the account out, or give the stack that it comes from an env`,
        this,
      );
    }
    const statement = { Action: 'events:PutEvents', Resource: arn };
    const forwarder: BusPolicyStatement = {
      Effect: 'Allow',
      Principal: { AWS: accountRootArn(placeOf(this).partition, hubAccount) },
      ...statement,
    };
    if (lockLevel === LockLevel.ACCOUNT) return { Forwarder: forwarder };
    if (forwardingRoleArn === undefined) {
      throw new BackboneError(
        'ForwardingRoleMissing',
        `lock level "${lockLevel}" admits the hub's forwarding role alone, and forwardingRoleArn is missing: pass it, or use level "${LockLevel.ACCOUNT}"`,
        this,
      );
    }
    const role = /^arn:[^:]+:iam::(\d{12}):role\/.+$/.exec(forwardingRoleArn);
    if (!Token.isUnresolved(forwardingRoleArn) && (role === null || certainlyDiffer(role[1], hubAccount))) {
      throw new BackboneError(
        'ForwardingRoleInvalid',
        `forwardingRoleArn ${shown(forwardingRoleArn)} is not the ARN of a role in the hub's account ${hubAccount}, so the bus would admit nobody: pass arn:aws:iam::<hub>:role/<name>`,
        this,
      );
    }
    warn(
      this,
      'LocalBus.lockLevelUnconfirmed',
      `lock level "${lockLevel}" is not confirmed against real accounts: creating the fan-out rule may fail with AccessDeniedException. Try it with one member first, then acknowledge this warning`,
    );
    const byRole: BusPolicyStatement = {
      ...forwarder,
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': forwardingRoleArn },
        Bool: { 'events:eventBusInvocation': 'true' },
      },
    };
    if (lockLevel === LockLevel.ROLE) return { Forwarder: byRole };
    // Two Denies, since the conditions of one are ANDed. Principals of this account need no bus policy, only a Deny stops them.
    const deny = { Effect: 'Deny' as const, Principal: '*', ...statement };
    return {
      NoDirectPut: { ...deny, Condition: { Bool: { 'events:eventBusInvocation': 'false' } } },
      NoOtherForwarder: { ...deny, Condition: { ArnNotEquals: { 'aws:PrincipalArn': forwardingRoleArn } } },
      Forwarder: byRole,
    };
  }
}
