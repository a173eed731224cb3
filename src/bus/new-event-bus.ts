import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { checkEventBusName } from './event-bus-base';
import { EventBusLogs, isLogging, type EventBusLogging } from '../capture/event-bus-logs';
import { arnOfEventBus, placeOf } from '../internal/arns';
import { checkDescription } from '../internal/bus-rule';
import { BackboneError } from '../internal/errors';
import { addToKeyPolicy, eventBusKeyStatements } from '../internal/key-policy';
import { admitToDeadLetterQueue, BusDeadLetterQueue, type BusDefaults } from '../operations/dead-letter-queue';

/** What a new bus needs, global or local. */
export interface NewEventBusProps extends BusDefaults {
  readonly eventBusName: string;
  readonly description?: string;
  readonly kmsKey?: kms.IKey;
  readonly encryptionDeadLetterQueue?: sqs.IQueue;
  readonly logging?: EventBusLogging;
}

export interface NewEventBus {
  readonly resource: events.CfnEventBus;
  readonly eventBusArn: string;
  readonly encryptionDeadLetterQueue?: sqs.IQueue;
  readonly logGroup?: logs.ILogGroup;
}

/** A custom bus with its key and its logs. */
export function createEventBus(scope: Construct, props: NewEventBusProps): NewEventBus {
  const { eventBusName, description, kmsKey, removalPolicy } = props;
  checkEventBusName(scope, eventBusName);
  checkDescription(scope, description);
  // By name, not by attribute: the bus depends on its key and queue, whose policies name the bus.
  const eventBusArn = arnOfEventBus(placeOf(scope), eventBusName);
  const encryptionDeadLetterQueue = prepareEncryption(scope, props, eventBusArn);
  const resource = new events.CfnEventBus(scope, 'Resource', {
    name: eventBusName,
    description,
    kmsKeyIdentifier: kmsKey?.keyArn,
    deadLetterConfig: encryptionDeadLetterQueue && { arn: encryptionDeadLetterQueue.queueArn },
  });
  if (removalPolicy !== undefined) resource.applyRemovalPolicy(removalPolicy);
  const { logging } = props;
  const logGroup = isLogging(logging)
    ? new EventBusLogs(scope, 'EventBusLogs', {
        logging,
        eventBus: resource,
        eventBusName,
        eventBusArn,
        kmsKey,
        removalPolicy,
      }).logGroup
    : undefined;
  return { resource, eventBusArn, encryptionDeadLetterQueue, logGroup };
}

/**
 * The policy of the key of a bus, and the queue for what it could not encrypt: a bus takes a dead-letter queue for
 * nothing else.
 */
function prepareEncryption(scope: Construct, props: NewEventBusProps, eventBusArn: string): sqs.IQueue | undefined {
  const { eventBusName, kmsKey, encryptionDeadLetterQueue, alarmActions, removalPolicy } = props;
  if (kmsKey === undefined) {
    if (encryptionDeadLetterQueue === undefined) return undefined;
    throw new BackboneError(
      'EncryptionDeadLetterQueueWithoutKey',
      'encryptionDeadLetterQueue takes only events that a customer managed key could not encrypt, and there is no kmsKey: leave it out; failed deliveries go to the queues of the rules',
      scope,
    );
  }
  addToKeyPolicy(scope, kmsKey, eventBusKeyStatements(eventBusArn, Stack.of(scope).account), `the bus ${eventBusName}`);
  const queue =
    encryptionDeadLetterQueue ??
    new BusDeadLetterQueue(scope, 'EncryptionDeadLetterQueue', { eventBusName, alarmActions, removalPolicy }).queue;
  admitToDeadLetterQueue(scope, queue, eventBusArn);
  return queue;
}
