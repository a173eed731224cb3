import { delimiter, dirname, join } from 'path';
import { placeIn, type Product } from '../emulator';

const HOST = '127.0.0.1';

/** Runs functions in Node.js as they are deployed, fed by queues. Knows nothing of other accounts. */
export const MINISTACK: Product = {
  name: 'MiniStack',
  folder: 'ministack',
  requirement: 'ministack',
  constraints: join(__dirname, 'constraints.txt'),
  // That of the other emulator first: one Python is enough for both.
  versions: ['3.13', '3.12', '3.11'],
  effort: 'about 90 MB, some seconds',
  module: 'ministack',
  health: '/_ministack/health',
  ready: /^.*Running on http:\/\/127\.0\.0\.1:\d+/m,
  environment,
};

/** Nothing of the user's own settings: no proxies, no AWS variables. */
function environment(port: number, directory: string): NodeJS.ProcessEnv {
  return {
    // Functions run on the first `node` there is: that of this process.
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: placeIn(directory, 'home'),
    TMPDIR: placeIn(directory, 'tmp'),
    STATE_DIR: placeIn(directory, 'state'),
    // Its default is every interface.
    BIND_HOST: HOST,
    GATEWAY_PORT: String(port),
    // URLs of queues name it.
    MINISTACK_HOST: HOST,
    // These would listen on ports of their own.
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    // Otherwise it would look for Docker.
    LAMBDA_EXECUTOR: 'local',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
