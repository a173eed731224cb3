import { type IResource, type RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { prepareEncryption } from './encryption';
import { checkEventBusName, EventBusBase, eventBusNameOf } from './event-bus-base';
import { accessStatements, RESERVED_SOURCE_PREFIXES } from './global-bus-policy';
import { grantPublish, type PublishGrant, type PublishGrantOptions } from './publish-grant';
import type { SourcePin } from './source-pins';
import type { BusArchive, BusArchiveOptions, CatchAllLogOptions, CatchAllLogRule } from '../capture';
import { arnOfEventBus, partitionOf, placeOf } from '../internal/arns';
import { checkDescription } from '../internal/bus-rule';
import { EventBusPolicyStatements } from '../internal/event-bus-policy';
import { FanOutRule, type FanOutOptions } from '../routing/fan-out-rule';
import type { Topology } from '../topology';

/**
 * The bus on which all producers put their events.
 */
export interface IGlobalBus extends IResource, events.IEventBusRef {
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
   * Lets somebody publish: in its own policy and, from another account, in the policy of the bus.
   *
   * A Lambda function finds the ARN of the bus in `EVENT_BUS_ARN`.
   *
   * Where one of the policies is not ours to change, a warning says which statement its owner must add.
   *
   * @param grantee who may publish
   * @param options what it may publish
   */
  grantPublish(grantee: iam.IGrantable, options?: PublishGrantOptions): PublishGrant;

  /**
   * Delivers the events of this bus to the local bus of a member: everybody's but the member's own.
   *
   * @param id the id of the rule under this bus
   * @param localBus the bus that receives them
   * @param options which of them
   */
  fanOutTo(id: string, localBus: events.IEventBusRef, options?: FanOutOptions): FanOutRule;

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
}

/**
 * Properties of a `GlobalBus`.
 */
export interface GlobalBusProps {
  /**
   * The name of the bus, 256 characters at most.
   *
   * Required, since everybody else refers to the bus by it before it exists.
   */
  readonly eventBusName: string;

  /**
   * What the bus is for, 512 characters at most.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * The accounts that may publish: 12 digits each, as strings.
   *
   * With an organisation, both must hold: to be listed and to belong to it.
   *
   * @default - every account of the organisation, with a warning; without an organisation, the bus's own account alone
   */
  readonly accounts?: string[];

  /**
   * The organisation that publishers must belong to, such as `o-abc1234567`.
   *
   * @default - any or none
   */
  readonly organizationId?: string;

  /**
   * The organisational units that publishers must belong to, as paths such as `o-abc1234567/r-ab12/ou-ab12-11111111/*`.
   *
   * @default - any
   */
  readonly organizationPaths?: string[];

  /**
   * Sources that belong to accounts: these accounts send no other sources, and nobody else sends these.
   *
   * The policy of a bus holds about 15 of them, fewer beside a long list of accounts.
   *
   * @default - who may publish may send any source that is not reserved
   */
  readonly sourcePins?: SourcePin[];

  /**
   * Prefixes of sources that no producer may send.
   *
   * @default ['valid.', 'invalid.']
   */
  readonly reservedSourcePrefixes?: string[];

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
   * What alarms that are made for this bus do.
   *
   * @default - alarms change their state only
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * What happens to the bus, its archives, logs and queues when they leave the stack.
   *
   * @default - log groups are retained, everything else is deleted
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The quota of the account for the size of a bus policy, in characters, where it was raised.
   *
   * @default 10240
   */
  readonly eventBusPolicyQuota?: number;
}

/**
 * What a global bus does, ours or imported.
 *
 * @internal
 */
abstract class GlobalBusBase extends EventBusBase implements IGlobalBus {
  /** @internal */
  protected abstract readonly _policy?: EventBusPolicyStatements;
  /** @internal */
  protected abstract readonly _reservedPrefixes: string[];
  /** @internal */
  protected readonly _pins: SourcePin[] = [];

  /**
   * Lets somebody publish: in its own policy and, from another account, in the policy of the bus.
   *
   * A Lambda function finds the ARN of the bus in `EVENT_BUS_ARN`.
   *
   * @param grantee who may publish
   * @param options what it may publish
   */
  public grantPublish(grantee: iam.IGrantable, options: PublishGrantOptions = {}): PublishGrant {
    return grantPublish(
      {
        construct: this,
        eventBusArn: this.eventBusArn,
        account: this.env.account,
        partition: partitionOf(this.env.region),
        reservedPrefixes: this._reservedPrefixes,
        pins: this._pins,
        admits: (account) => this._admits(account),
        addToPolicy: this._policy && ((sid, statement) => this._policy!.add(sid, statement)),
      },
      grantee,
      options,
    );
  }

  /**
   * Delivers the events of this bus to the local bus of a member: everybody's but the member's own.
   *
   * @param id the id of the rule under this bus
   * @param localBus the bus that receives them
   * @param options which of them
   */
  public fanOutTo(id: string, localBus: events.IEventBusRef, options: FanOutOptions = {}): FanOutRule {
    return new FanOutRule(this, id, { ...options, eventBus: this, localBus });
  }

  /** @internal */
  protected abstract _admits(account: string | undefined): boolean;
}

/**
 * The bus on which all producers put their events, in the hub's account.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus.html
 *
 * @example
 *
 * const bus = new GlobalBus(this, 'GlobalBus', {
 *   eventBusName: 'acme-global',
 *   organizationId: 'o-abc1234567',
 *   accounts: ['222222222222', '333333333333'],
 * });
 * bus.captureLogs('CatchAllLog');
 * bus.archive('Archive', { retention: Duration.days(365) });
 */
export class GlobalBus extends GlobalBusBase {
  /**
   * A bus that exists already. Account, Region and partition come from the ARN; its policy stays untouched.
   *
   * @param scope the scope
   * @param id the id
   * @param eventBusArn the ARN of the bus
   */
  public static fromEventBusArn(scope: Construct, id: string, eventBusArn: string): IGlobalBus {
    return GlobalBus._import(scope, id, eventBusArn, { admits: () => false, reservedPrefixes: [] });
  }

  /**
   * A bus that exists already in the account and Region of the stack. Its policy stays untouched.
   *
   * @param scope the scope
   * @param id the id
   * @param eventBusName the name of the bus
   */
  public static fromEventBusName(scope: Construct, id: string, eventBusName: string): IGlobalBus {
    checkEventBusName(scope, eventBusName);
    const arn = arnOfEventBus(placeOf(scope), eventBusName);
    return GlobalBus._import(scope, id, arn, { admits: () => false, reservedPrefixes: [] }, eventBusName);
  }

  /**
   * The global bus of a topology, wherever it is. Its policy admits the members, and stays untouched.
   *
   * @param scope the scope
   * @param id the id
   * @param topology the topology
   */
  public static fromTopology(scope: Construct, id: string, topology: Topology): IGlobalBus {
    const accounts = new Set(topology.memberAccounts);
    return GlobalBus._import(scope, id, topology.globalBusArn, {
      admits: (account) => account !== undefined && accounts.has(account) && topology.hub.existingEventBus !== true,
      reservedPrefixes: [topology.validPrefix, topology.invalidPrefix],
    });
  }

  private static _import(
    scope: Construct,
    id: string,
    arn: string,
    knowledge: { admits: (account: string | undefined) => boolean; reservedPrefixes: string[] },
    name: string = eventBusNameOf(scope, arn),
  ): IGlobalBus {
    class Import extends GlobalBusBase {
      public readonly eventBusArn = arn;
      public readonly eventBusName = name;
      protected readonly _policy = undefined;
      protected readonly _reservedPrefixes = knowledge.reservedPrefixes;
      protected _admits(account: string | undefined) {
        return knowledge.admits(account);
      }
    }
    return new Import(scope, id, { environmentFromArn: arn });
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

  /** @internal */
  protected readonly _policy: EventBusPolicyStatements;
  /** @internal */
  protected readonly _reservedPrefixes: string[];
  private readonly accounts?: string[];
  private readonly admitsOrganization: boolean;

  constructor(scope: Construct, id: string, props: GlobalBusProps) {
    super(scope, id, { physicalName: props.eventBusName }, props);
    const { eventBusName, kmsKey, description, removalPolicy } = props;
    checkEventBusName(this, eventBusName);
    checkDescription(this, description);
    this.kmsKey = kmsKey;
    const place = placeOf(this);
    // By name, not by attribute: the bus depends on its key and queue, whose policies name the bus.
    const arn = arnOfEventBus(place, eventBusName);
    this.encryptionDeadLetterQueue = prepareEncryption(this, { ...props, eventBusArn: arn });
    const resource = new events.CfnEventBus(this, 'Resource', {
      name: eventBusName,
      description,
      kmsKeyIdentifier: kmsKey?.keyArn,
      deadLetterConfig: this.encryptionDeadLetterQueue && { arn: this.encryptionDeadLetterQueue.queueArn },
    });
    if (removalPolicy !== undefined) resource.applyRemovalPolicy(removalPolicy);
    this.eventBusName = eventBusName;
    this.eventBusArn = arn;

    this.accounts = props.accounts;
    this.admitsOrganization = props.organizationId !== undefined || props.organizationPaths !== undefined;
    this._pins.push(...(props.sourcePins ?? []));
    this._reservedPrefixes = props.reservedSourcePrefixes ?? RESERVED_SOURCE_PREFIXES;
    this._policy = new EventBusPolicyStatements(this, 'Policy', resource.ref, props.eventBusPolicyQuota);
    for (const { sid, statement } of accessStatements(this, props, arn)) this._policy.add(sid, statement);
    this._dependencyRoots.push(resource, ...this._policy.resources);
  }

  /** @internal */
  protected _admits(account: string | undefined): boolean {
    if (account === undefined) return false;
    return this.accounts?.includes(account) ?? this.admitsOrganization;
  }
}
