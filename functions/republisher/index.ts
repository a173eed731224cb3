import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CLIENT_CONFIG } from './client-config';
import { republisher } from './handler';

export const handler = republisher({
  directory: __dirname,
  env: process.env,
  eventBridge: new EventBridgeClient(CLIENT_CONFIG),
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  stores: () => require('./stores'),
  logger: new Logger(),
  metrics: new Metrics(),
});
