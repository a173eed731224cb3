import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { EventBusBase } from './event-bus-base';
import { createEventBus } from './new-event-bus';
import { Republishers } from './republishers';
import type { EventBusLogging } from '../capture';
import { noteMadeBus } from '../internal/bus-identity';
import { errorText } from '../internal/errors';
import { EventBusPolicyStatements } from '../internal/event-bus-policy';
import { FanOutRule, type FanOutOptions } from '../routing/fan-out-rule';

/**
 * Properties of a `PublishedBus`.
 */
export interface PublishedBusProps {
  /**
   * The name of the bus, 256 characters at most.
   */
  readonly eventBusName: string;

  /**
   * The role of the republisher: nobody else puts events on this bus.
   *
   * @default - a `ValidatedRepublisher` whose `targetBus` this is adds its own
   */
  readonly republisherRoleArn?: string;

  /**
   * What the bus is for, 512 characters at most.
   *
   * @default - no description
   */
  readonly description?: string;

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
   * The bus's own log of what it does with each event.
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
 * The bus on which a republisher puts the events that it has validated, and nobody else anything.
 *
 * A principal of the bus's own account needs no leave of the bus: so its policy denies everybody but the republisher.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
 *
 * @example
 *
 * const bus = new PublishedBus(this, 'PublishedBus', { eventBusName: 'acme-published' });
 * bus.archive('Archive', { retention: Duration.days(365) });
 */
export class PublishedBus extends EventBusBase {
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

  private readonly republishers: Republishers;

  constructor(scope: Construct, id: string, props: PublishedBusProps) {
    super(scope, id, { physicalName: props.eventBusName }, props);
    this.republishers = new Republishers(this, props.republisherRoleArn);
    const { resource, eventBusArn, encryptionDeadLetterQueue, logGroup } = createEventBus(this, props);
    this.eventBusName = props.eventBusName;
    this.eventBusArn = eventBusArn;
    this.kmsKey = props.kmsKey;
    this.encryptionDeadLetterQueue = encryptionDeadLetterQueue;
    this.logGroup = logGroup;

    const policy = new EventBusPolicyStatements(this, 'Policy', resource.ref);
    policy.add('OnlyRepublisher', {
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: eventBusArn,
      Condition: this.republishers.except(),
    });
    this.node.addValidation({
      validate: () => (!this.republishers.isEmpty ? [] : [errorText('RepublisherMissing', NOBODY_MAY)]),
    });
    this._dependencyRoots.push(resource, ...policy.resources);
    noteMadeBus(this, resource);
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

  /** Lets a role put events on this bus. @internal */
  public _admitRepublisher(roleArn: string): void {
    this.republishers.add(roleArn);
  }
}

const NOBODY_MAY =
  'nobody may put events on this bus: make it the targetBus of a ValidatedRepublisher, or pass republisherRoleArn';
