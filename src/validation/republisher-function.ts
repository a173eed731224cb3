import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import * as cxapi from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import { republisherAsset, type Settings } from './republisher-asset';
import type { ValidatedRepublisherProps } from './validated-republisher-props';
import { logGroupArn, placeOf } from '../internal/arns';
import { addToKeyPolicy, logGroupKeyStatements } from '../internal/key-policy';
import { certainlyDiffer } from '../internal/tokens';
import { acceptWildcard, warn } from '../internal/warnings';

/** Where the republishers of an account count. */
export const METRIC_NAMESPACE = 'EventBackbone';

interface FunctionProps {
  readonly republisher: ValidatedRepublisherProps;
  readonly settings: Settings;
  readonly timeout: Duration;
  readonly role: iam.Role;
  readonly quarantineQueue: sqs.Queue;
}

/** The function that validates and publishes, with its log group, and leave to keep what is invalid. */
export function createFunction(scope: Construct, props: FunctionProps): lambda.Function {
  const { republisher, settings, timeout, role, quarantineQueue } = props;
  const { contracts, kmsKey, memorySize = 512, removalPolicy = RemovalPolicy.RETAIN } = republisher;
  const { eventBusName } = republisher.eventBus.eventBusRef;
  const logGroup = new logs.LogGroup(scope, 'Logs', {
    retention: republisher.logRetention ?? logs.RetentionDays.ONE_MONTH,
    encryptionKey: kmsKey,
    removalPolicy,
  });
  if (kmsKey !== undefined) {
    const place = placeOf(scope);
    // By the name that CloudFormation makes up: by its ARN, key and log group would wait for each other.
    const { logicalId } = logGroup.node.defaultChild as logs.CfnLogGroup;
    const arns = logGroupArn(place, `${Stack.of(scope).stackName}-${logicalId}-*`);
    addToKeyPolicy(scope, kmsKey, logGroupKeyStatements(arns, place.region), 'the logs of the function');
  }
  logGroup.grantWrite(role);
  const isStaged = !scope.node.tryGetContext(cxapi.DISABLE_ASSET_STAGING_CONTEXT);
  const handler = new lambda.Function(scope, 'Function', {
    description: `Validates the events of ${eventBusName}, and publishes them`,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(republisherAsset(settings, contracts, isStaged)),
    role,
    logGroup,
    memorySize,
    timeout,
    environment: {
      POWERTOOLS_SERVICE_NAME: eventBusName,
      POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
    },
  });
  const { quarantineBucket, overflowBucket } = republisher;
  if (quarantineBucket === undefined) {
    handler.addEnvironment('QUARANTINE_QUEUE_URL', quarantineQueue.queueUrl);
    letSend(role, quarantineQueue);
  }
  const bucket = quarantineBucket ?? overflowBucket;
  if (bucket !== undefined) {
    handler.addEnvironment('QUARANTINE_BUCKET', bucket.bucketName);
    letKeep(scope, role, bucket);
  }
  return handler;
}

/** What it takes to write to, and to read from, what is encrypted with a key. */
const USE_KEY = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** Without the stars that the CDK's own grants have for keys. */
export function letSend(role: iam.Role, queue: sqs.Queue): void {
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
  queue.encryptionMasterKey?.grant(role, ...USE_KEY);
}

function letKeep(scope: Construct, role: iam.Role, bucket: s3.IBucket): void {
  const objects = bucket.arnForObjects('*');
  // Reads, too: a record that is redriven may point there.
  const actions = ['s3:PutObject', 's3:GetObject'];
  role.addToPolicy(new PolicyStatement({ actions, resources: [objects] }));
  bucket.encryptionKey?.grant(role, ...USE_KEY);
  acceptWildcard(scope, objects, 'Each quarantined event is an object of its own.');
  if (!certainlyDiffer(bucket.env.account, Stack.of(scope).account)) return;
  const allow = { Effect: 'Allow', Principal: { AWS: role.roleArn }, Action: actions, Resource: objects };
  warn(
    scope,
    'ValidatedRepublisher.bucketPolicyNotChanged',
    `${bucket.bucketName} is in another account, ${bucket.env.account}: its policy, and that of its key, must let the function in, which otherwise keeps nothing: ${JSON.stringify(Stack.of(scope).resolve(allow))}`,
  );
}
