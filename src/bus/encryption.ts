import { Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { BackboneError } from '../internal/errors';
import { addToKeyPolicy, eventBusKeyStatements } from '../internal/key-policy';
import { admitToDeadLetterQueue, BusDeadLetterQueue, type BusDefaults } from '../operations/dead-letter-queue';

export interface EncryptionProps extends BusDefaults {
  readonly eventBusName: string;
  readonly eventBusArn: string;
  readonly kmsKey?: kms.IKey;
  readonly encryptionDeadLetterQueue?: sqs.IQueue;
}

/**
 * The policy of the key of a bus, and the queue for what it could not encrypt: a bus takes a dead-letter queue for
 * nothing else.
 */
export function prepareEncryption(scope: Construct, props: EncryptionProps): sqs.IQueue | undefined {
  const { eventBusName, eventBusArn, kmsKey, encryptionDeadLetterQueue, alarmActions, removalPolicy } = props;
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
