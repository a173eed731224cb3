import { ArnFormat, Resource, Stack, Token, type RemovalPolicy, type ResourceProps } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Dependable, type Construct, type IConstruct } from 'constructs';
import {
  BusArchive,
  CatchAllLogRule,
  CatchAllStreamRule,
  type BusArchiveOptions,
  type CatchAllLogOptions,
  type CatchAllStreamOptions,
} from '../capture';
import { BackboneError, shown } from '../internal/errors';
import * as limits from '../internal/limits';
import { BusDeadLetterQueue, type BusDefaults } from '../operations/dead-letter-queue';

/**
 * What the buses of a backbone have in common, ours and imported ones.
 *
 * @internal
 */
export abstract class EventBusBase extends Resource implements events.IEventBusRef {
  /**
   * The name of the bus.
   * @attribute
   */
  public abstract readonly eventBusName: string;

  /**
   * The ARN of the bus.
   * @attribute
   */
  public abstract readonly eventBusArn: string;

  /**
   * What alarms that are made for this bus do.
   */
  public readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * What happens to the queue that is made for the rules of this bus when it leaves the stack.
   */
  public readonly removalPolicy?: RemovalPolicy;

  /** @internal */
  protected readonly _dependencyRoots: IConstruct[] = [];

  constructor(scope: Construct, id: string, props: ResourceProps, defaults: BusDefaults = {}) {
    super(scope, id, props);
    this.alarmActions = defaults.alarmActions;
    this.removalPolicy = defaults.removalPolicy;
    // Depending on a bus means on it and its policy, not on the rules below it; on an imported one, on nothing.
    const roots = this._dependencyRoots;
    Dependable.implement(this, { dependencyRoots: roots });
  }

  /**
   * A reference to this bus.
   */
  public get eventBusRef(): events.EventBusReference {
    return { eventBusName: this.eventBusName, eventBusArn: this.eventBusArn };
  }

  /**
   * Where events wait that the rules of this bus in its stack could not deliver. Made at first use.
   */
  public get deadLetterQueue(): sqs.IQueue {
    return BusDeadLetterQueue.queueOf(this, this);
  }

  /**
   * Keeps the events of this bus for replay.
   *
   * @param id the id of the archive under this bus
   * @param options how long, and which
   */
  public archive(id: string, options: BusArchiveOptions = {}): BusArchive {
    return new BusArchive(this, id, {
      ...options,
      removalPolicy: options.removalPolicy ?? this.removalPolicy,
      eventBus: this,
    });
  }

  /**
   * Keeps the events of this bus in CloudWatch Logs.
   *
   * @param id the id of the rule under this bus
   * @param options how long, and which fields
   */
  public captureLogs(id: string, options: CatchAllLogOptions = {}): CatchAllLogRule {
    return new CatchAllLogRule(this, id, {
      ...options,
      removalPolicy: options.removalPolicy ?? this.removalPolicy,
      eventBus: this,
    });
  }

  /**
   * Takes the events of this bus to a Kinesis stream, or by Data Firehose to S3.
   *
   * @param id the id of the rule under this bus
   * @param options where to, and how
   */
  public captureStream(id: string, options: CatchAllStreamOptions = {}): CatchAllStreamRule {
    return new CatchAllStreamRule(this, id, {
      ...options,
      removalPolicy: options.removalPolicy ?? this.removalPolicy,
      eventBus: this,
    });
  }
}

const EVENT_BUS_NAME = /^[A-Za-z0-9_.-]+$/;

/** A custom bus needs a name that others can refer to before it exists. */
export function checkEventBusName(scope: IConstruct, name: string): void {
  if (Token.isUnresolved(name)) return;
  if (
    typeof name !== 'string' ||
    !EVENT_BUS_NAME.test(name) ||
    name.length > limits.EVENT_BUS_NAME_LENGTH ||
    name === 'default' ||
    name.startsWith('aws.')
  ) {
    throw new BackboneError(
      'EventBusNameInvalid',
      `event bus name ${shown(name)} is not 1 to ${limits.EVENT_BUS_NAME_LENGTH} letters, digits, dots, hyphens and underscores ("default" and "aws." are taken)`,
      scope,
    );
  }
}

/** The name in the ARN of an event bus. */
export function eventBusNameOf(scope: IConstruct, arn: string): string {
  if (!Token.isUnresolved(arn) && !/^arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/[\w./-]+$/.test(arn)) {
    throw new BackboneError(
      'EventBusArnInvalid',
      `${shown(arn)} is not the ARN of an event bus, such as arn:aws:events:eu-west-1:123456789012:event-bus/acme-global`,
      scope,
    );
  }
  const name = Stack.of(scope).splitArn(arn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
  if (name === 'default') {
    throw new BackboneError(
      'EventBusArnInvalid',
      `${shown(arn)} is the default bus, which takes the events of AWS services: a backbone lives on custom buses`,
      scope,
    );
  }
  return name;
}
