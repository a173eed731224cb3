import type { IResource } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { checkEventBusName, EventBusBase, eventBusNameOf } from './event-bus-base';
import { accessStatements, RESERVED_SOURCE_PREFIXES } from './global-bus-policy';
import type { GlobalBusProps } from './global-bus-props';
import { createEventBus } from './new-event-bus';
import { grantPublish, type PublishGrant, type PublishGrantOptions } from './publish-grant';
import { Republishers } from './republishers';
import type { SourcePin } from './source-pins';
import type {
  BusArchive,
  BusArchiveOptions,
  CatchAllLogOptions,
  CatchAllLogRule,
  CatchAllStreamOptions,
  CatchAllStreamRule,
} from '../capture';
import { arnOfEventBus, partitionOf, placeOf } from '../internal/arns';
import { noteMadeBus } from '../internal/bus-identity';
import { EventBusPolicyStatements } from '../internal/event-bus-policy';
import { noteValidNames } from '../routing/contract-sources';
import { FanOutRule, type FanOutOptions } from '../routing/fan-out-rule';
import { noteFanOuts, noteFanOutsOf } from '../routing/fan-outs';
import { DeliveryMode, type Topology } from '../topology';

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

  /**
   * Takes the events of this bus to a Kinesis stream, or by Data Firehose to S3.
   *
   * @param id the id of the rule under this bus
   * @param options where to, and how
   */
  captureStream(id: string, options?: CatchAllStreamOptions): CatchAllStreamRule;
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
  public abstract readonly _reservedPrefixes: string[];
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
  public abstract _admits(account: string | undefined): boolean;
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
    return GlobalBus._fromTopology(scope, id, topology);
  }

  /**
   * @param memberAccount how a stack without an account of its own names the member's
   * @internal
   */
  public static _fromTopology(scope: Construct, id: string, topology: Topology, memberAccount?: string): IGlobalBus {
    const accounts = new Set([...topology.memberAccounts, memberAccount]);
    const bus = GlobalBus._import(scope, id, topology.globalBusArn, {
      admits: (account) => account !== undefined && accounts.has(account) && topology.hub.existingEventBus !== true,
      reservedPrefixes: [topology.validPrefix, topology.invalidPrefix],
    });
    noteFanOutsOf(bus, topology);
    if (topology.deliveryMode === DeliveryMode.VALIDATED_SAME_BUS) {
      noteValidNames(bus, { prefix: topology.validPrefix, alsoRaw: false });
    }
    return bus;
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
      public readonly _reservedPrefixes = knowledge.reservedPrefixes;
      public _admits(account: string | undefined) {
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

  /**
   * Where the bus writes its logs, if it does.
   */
  public readonly logGroup?: logs.ILogGroup;

  /** @internal */
  protected readonly _policy: EventBusPolicyStatements;
  /** @internal */
  public readonly _reservedPrefixes: string[];
  private readonly accounts?: string[];
  private readonly admitsOrganization: boolean;
  private readonly republishers: Republishers;

  constructor(scope: Construct, id: string, props: GlobalBusProps) {
    super(scope, id, { physicalName: props.eventBusName }, props);
    const { resource, eventBusArn, encryptionDeadLetterQueue, logGroup } = createEventBus(this, props);
    this.eventBusName = props.eventBusName;
    this.eventBusArn = eventBusArn;
    this.kmsKey = props.kmsKey;
    this.encryptionDeadLetterQueue = encryptionDeadLetterQueue;
    this.logGroup = logGroup;

    this.accounts = props.accounts;
    // Whether an account is in one of the units cannot be known here.
    this.admitsOrganization = props.organizationId !== undefined && props.organizationPaths === undefined;
    this._pins.push(...(props.sourcePins ?? []));
    this._reservedPrefixes = props.reservedSourcePrefixes ?? RESERVED_SOURCE_PREFIXES;
    this._policy = new EventBusPolicyStatements(this, 'Policy', resource.ref, props.eventBusPolicyQuota);
    this.republishers = new Republishers(this, props.republisherRoleArn);
    for (const { sid, statement } of accessStatements(this, props, eventBusArn, this.republishers)) {
      this._policy.add(sid, statement);
    }
    this._dependencyRoots.push(resource, ...this._policy.resources);
    noteMadeBus(this, resource);
    noteFanOuts(this);
  }

  /** @internal */
  public _admits(account: string | undefined): boolean {
    if (account === undefined) return false;
    return this.accounts?.includes(account) ?? this.admitsOrganization;
  }

  /** Lets a role send reserved sources. @internal */
  public _admitRepublisher(roleArn: string): void {
    this.republishers.add(roleArn);
  }
}
