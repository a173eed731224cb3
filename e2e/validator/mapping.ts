import type { Endpoint } from '../accounts';
import { Failure } from '../failure';

/** What feeds the function from its queue: disabled, the queue holds what comes. */
export class Mapping {
  /** The only one in an account. */
  public static async in(account: string, endpoint: Endpoint): Promise<Mapping> {
    const { EventSourceMappings: all } = await call(account, endpoint, 'GET');
    if (all.length === 1) return new Mapping(account, endpoint, all[0].UUID);
    throw new Failure('one event source mapping', `${all.length}`, 'see the stack of the hub');
  }

  private constructor(
    private readonly account: string,
    private readonly endpoint: Endpoint,
    private readonly id: string,
  ) {}

  public async enable(Enabled: boolean): Promise<void> {
    await call(this.account, this.endpoint, 'PUT', this.id, { Enabled });
  }
}

/** By hand: nothing else here needs the SDK's client of Lambda. */
async function call(account: string, { url, region }: Endpoint, method: string, id = '', body?: object): Promise<any> {
  const answer = await fetch(`${url}/2015-03-31/event-source-mappings/${id}`, {
    method,
    // The emulator reads the account, and checks no signature.
    headers: {
      Authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/lambda/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: body && JSON.stringify(body),
  });
  if (answer.ok) return answer.json();
  throw new Failure(
    `${method} of an event source mapping to succeed`,
    `${answer.status} ${await answer.text()}`,
    'see it',
  );
}
