import { join } from 'path';
import { environmentOf, type Endpoint } from './accounts';
import type { Envelope } from './expected';
import { Failure } from './failure';
import { inShort, lastLines, runOrFail } from './processes';

const ROOT = join(__dirname, '..');

/** Who publishes: a team's account, and the variable that its functions are deployed with. */
export interface Publisher {
  readonly name: string;
  readonly account: string;
  readonly globalBus: string;
}

/** An event that somebody put on the global bus. */
export interface Published {
  readonly by: string;
  readonly event: Envelope;
}

/**
 * Calls one of the examples' handlers with the credentials of an account.
 *
 * @param handler below `examples`
 * @param input what Lambda would give it
 * @returns the one event that it published
 */
export async function publishBy(
  publisher: Publisher,
  handler: string,
  input: object,
  endpoint: Endpoint,
): Promise<Published> {
  const command = {
    command: process.execPath,
    args: ['--import', 'tsx', join(__dirname, 'call-handler.ts'), join(ROOT, 'examples', handler)],
    cwd: ROOT,
    env: { ...environmentOf(publisher.account, endpoint), EVENT_BUS_ARN: publisher.globalBus },
    input: JSON.stringify(input),
    seconds: 60,
  };
  const { stdout, output } = await runOrFail(command, 'see the error of the handler');
  const { puts } = JSON.parse(stdout) as { puts: { id: string; source: string; detailType: string; detail: string }[] };
  const [put] = puts;
  if (puts.length !== 1 || !put.id) {
    throw new Failure(
      `${handler} to publish one event`,
      `${puts.length}:\n${lastLines(output)}`,
      `look at the handler, and at "${inShort(command)}"`,
    );
  }
  return {
    by: publisher.name,
    event: {
      version: '0',
      id: put.id,
      account: publisher.account,
      region: endpoint.region,
      source: put.source,
      'detail-type': put.detailType,
      resources: [],
      detail: JSON.parse(put.detail),
    },
  };
}
