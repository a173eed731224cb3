import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';

/** Where the emulator answers, and in which Region everything is. */
export interface Endpoint {
  readonly url: string;
  readonly region: string;
}

/** The SDK warns of each Node.js version that it will leave behind some day. */
const NO_WARNING = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
Object.assign(process.env, NO_WARNING);

/** What the CDK CLI and every SDK client need to speak to the emulator, and nothing of the user's own. */
export function environmentOf(account: string, { url, region }: Endpoint): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|E2E_|.*_proxy$)/i.test(name));
  return {
    ...Object.fromEntries(own),
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_S3: url,
    // The emulator takes twelve digits for the account itself.
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    ...NO_WARNING,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

/** Has this process, too, speak to nothing but the emulator, whatever the user's settings are. */
export function leaveSettingsBehind(account: string, endpoint: Endpoint): void {
  const clean = environmentOf(account, endpoint);
  for (const name of Object.keys(process.env)) if (!(name in clean)) delete process.env[name];
  Object.assign(process.env, clean);
}

export interface Clients {
  readonly cloudFormation: CloudFormationClient;
  readonly events: EventBridgeClient;
  readonly logs: CloudWatchLogsClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

const cache = new Map<string, Clients>();

/** SDK clients with the credentials of an account. */
export function clientsOf(account: string, { url, region }: Endpoint): Clients {
  const known = cache.get(account);
  if (known) return known;
  const config = {
    endpoint: url,
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'test' },
    maxAttempts: 2,
  };
  const clients = {
    cloudFormation: new CloudFormationClient(config),
    events: new EventBridgeClient(config),
    logs: new CloudWatchLogsClient(config),
    // A queue's URL names the host by which the emulator was called, which is ours.
    sqs: new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
    sts: new STSClient(config),
  };
  cache.set(account, clients);
  return clients;
}
