import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_CONFIG } from './client-config';
import { republisher } from './handler';

export const handler = republisher({
  directory: __dirname,
  env: process.env,
  eventBridge: new EventBridgeClient(CLIENT_CONFIG),
  sqs: new SQSClient(CLIENT_CONFIG),
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  s3: () => require('./s3'),
  logger: new Logger(),
  metrics: new Metrics(),
});
