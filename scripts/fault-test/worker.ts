/**
 * A copy of the function, in a process of its own: takes one batch at a time, as Lambda does.
 *
 * It is started with the directory of the asset, and speaks by messages.
 */
import { join } from 'path';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { HUB } from './asset';

/** What it is told. */
export interface Invocation {
  readonly event: unknown;
  /** Milliseconds that the function has. */
  readonly time: number;
}

/** What it answers. */
export interface Answer {
  readonly failures?: string[];
  readonly error?: string;
  readonly elapsed: number;
}

type Handler = (event: unknown, context: Context) => Promise<SQSBatchResponse>;

function serve(handler: Handler): void {
  let requests = 0;
  process.on('message', ({ event, time }: Invocation) => {
    const started = performance.now();
    const elapsed = (): number => performance.now() - started;
    const context = {
      invokedFunctionArn: `arn:aws:lambda:eu-west-1:${HUB}:function:republisher`,
      functionName: 'republisher',
      awsRequestId: String(requests++),
      getRemainingTimeInMillis: () => Math.max(0, Math.round(time - elapsed())),
    } as Context;
    const answer = (more: Partial<Answer>): void => void process.send!({ elapsed: elapsed(), ...more });
    handler(event, context).then(
      ({ batchItemFailures }) => answer({ failures: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) }),
      (error: Error) => answer({ error: String(error.stack) }),
    );
  });
  process.send!('ready');
}

if (process.send) {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  serve((require(join(process.argv[2], 'index.js')) as { handler: Handler }).handler);
}
