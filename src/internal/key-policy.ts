import { type IResolvable, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { BackboneError } from './errors';
import { certainlyDiffer } from './tokens';
import { warn } from './warnings';

const EVENTS = () => new iam.ServicePrincipal('events.amazonaws.com');

/**
 * What EventBridge needs of the key of a bus. `DescribeKey` carries no encryption context, and is not known to carry
 * anything else.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html
 */
export function eventBusKeyStatements(eventBusArn: string, account: string): iam.PolicyStatement[] {
  return [
    describeKey(),
    new iam.PolicyStatement({
      principals: [EVENTS()],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: {
        StringEquals: {
          'aws:SourceAccount': account,
          'aws:SourceArn': eventBusArn,
          'kms:EncryptionContext:aws:events:event-bus:arn': eventBusArn,
        },
      },
    }),
  ];
}

/** What EventBridge needs of the key of an archive; it is not known to send more than the context here. */
export function archiveKeyStatements(eventBusArn: string): iam.PolicyStatement[] {
  return [
    describeKey(),
    new iam.PolicyStatement({
      principals: [EVENTS()],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncrypt*'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': eventBusArn },
      },
    }),
  ];
}

/** What the service needs of the key of a queue that it sends failed events to. */
export function queueKeyStatements(sourceArn: string | IResolvable, account: string): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      principals: [EVENTS()],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': sourceArn } },
    }),
  ];
}

/** What CloudWatch Logs needs of the key of a log group. */
export function logGroupKeyStatements(logGroupArn: string, region: string): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': logGroupArn } },
    }),
  ];
}

/**
 * What EventBridge and CloudWatch Logs need of the key of a bus that writes logs.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-bus-logs.html
 */
export function busLogKeyStatements(logsArn: string): iam.PolicyStatement[] {
  const conditions = { StringLike: { 'kms:EncryptionContext:SourceArn': logsArn } };
  return [
    new iam.PolicyStatement({
      principals: [EVENTS()],
      actions: ['kms:GenerateDataKey'],
      resources: ['*'],
      conditions,
    }),
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions,
    }),
  ];
}

function describeKey() {
  return new iam.PolicyStatement({
    principals: [EVENTS()],
    actions: ['kms:DescribeKey'],
    resources: ['*'],
  });
}

/**
 * Puts statements into the policy of a key, or says which ones its owner has to add.
 *
 * @returns whether all of them were added
 */
export function addToKeyPolicy(
  scope: IConstruct,
  key: kms.IKey,
  statements: iam.PolicyStatement[],
  what: string,
): boolean {
  const stack = Stack.of(scope);
  if (certainlyDiffer(key.env.region, stack.region)) {
    throw new BackboneError(
      'KeyElsewhere',
      `the key ${Token.isUnresolved(key.keyArn) ? key.node.path : key.keyArn} is in ${key.env.region}, ${what} in ${stack.region}: pass a key of that Region`,
      scope,
    );
  }
  const missing = statements.filter((statement) => !key.addToResourcePolicy(statement).statementAdded);
  if (missing.length === 0) return true;
  const json = JSON.stringify(Stack.of(scope).resolve(missing.map((statement) => statement.toStatementJson())));
  warn(
    scope,
    'Key.policyNotChanged',
    `The policy of the key ${Token.isUnresolved(key.keyArn) ? key.node.path : key.keyArn} is not ours to change. For ${what} its owner must add these statements: ${json}`,
  );
  return false;
}
