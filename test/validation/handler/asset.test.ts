import { spawn } from 'child_process';
import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { createServer, type IncomingHttpHeaders } from 'http';
import { type AddressInfo } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { HUB, makeAsset, TARGET_BUS } from '../../../scripts/fault-test/asset';

const directory = mkdtempSync(join(tmpdir(), 'asset-'));
beforeAll(() => makeAsset(directory));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Request {
  readonly method?: string;
  readonly url?: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What AWS is asked for. */
const requests: Request[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    const isPutEvents = headers['x-amz-target'] === 'AWSEvents.PutEvents';
    response.end(isPutEvents ? '{"FailedEntryCount":0,"Entries":[{"EventId":"x"}]}' : '');
  });
});
beforeAll(async () => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());
beforeEach(() => void (requests.length = 0));

/** Runs a piece of code where the function is, as Lambda would, and gives what it prints. */
async function inLambda(code: string, env: Record<string, string> = {}): Promise<string> {
  // Nothing of it may make code out of text.
  const child = spawn(process.execPath, ['--disallow-code-generation-from-strings', '-e', code], {
    cwd: directory,
    env: {
      PATH: process.env.PATH,
      TARGET_BUS,
      POWERTOOLS_SERVICE_NAME: 'republisher',
      POWERTOOLS_METRICS_NAMESPACE: 'Test',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  await new Promise((resolve) => child.on('close', resolve));
  return output;
}

const handle = (body: string) => `
  const context = {
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:${HUB}:function:republisher',
    getRemainingTimeInMillis: () => 30000,
  };
  const Records = [{ messageId: 'm0', eventSource: 'aws:sqs', body: ${JSON.stringify(body)}, attributes: {} }];
  require('./index.js').handler({ Records }, context).then((answer) => {
    const loaded = Object.keys(require.cache).map((file) => require('path').basename(file));
    console.log('ANSWER', JSON.stringify({ answer, loaded }));
  });`;
const answerIn = (output: string) => JSON.parse(/ANSWER (.*)/.exec(output)?.[1] ?? `no answer: ${output}`);

const event = (detail: object) =>
  JSON.stringify({
    id: 'e-1',
    'detail-type': 'Payment.Taken',
    source: 'payment.service',
    account: '333333333333',
    time: '2026-11-21T10:00:00Z',
    region: 'eu-west-1',
    resources: [],
    detail,
  });

test('the function as it is shipped publishes an event, and loads nothing that this does not need', async () => {
  const { answer, loaded } = answerIn(
    await inLambda(handle(event({ data: { amount: 1 } })), { QUARANTINE_QUEUE_URL: 'https://queue' }),
  );

  expect(answer).toEqual({ batchItemFailures: [] });
  expect(loaded.sort()).toEqual(['decide.js', 'index.js']);
  expect(requests).toHaveLength(1);
  expect(JSON.parse(requests[0].body).Entries).toMatchObject([
    { Source: 'valid.payment.service', EventBusName: TARGET_BUS },
  ]);
});

test('what keeps events is a file of its own, loaded when there is one to keep', async () => {
  const broken = event({ data: { amount: 'x' } });
  const { answer, loaded } = answerIn(await inLambda(handle(broken), { QUARANTINE_BUCKET: 'kept' }));

  expect(answer).toEqual({ batchItemFailures: [] });
  expect(loaded).toContain('stores.js');
  const [{ method, url, body }] = requests;
  expect([method, url]).toEqual([
    'PUT',
    expect.stringMatching(/^\/kept\/source%3Dpayment.service\/detail-type%3DPayment.Taken\/dt%3D[\d-]+\/e-1.json/),
  ]);
  expect(JSON.parse(body)).toMatchObject({ reason: 'SCHEMA_INVALID', event: broken });
});

test('its decision can be had without AWS', async () => {
  const place = JSON.stringify({ targetBus: TARGET_BUS, account: HUB });
  const code = `
    const { open } = require('./decide.js');
    const decide = open(process.cwd());
    const verdict = decide(${JSON.stringify(event({ data: { amount: 'x' } }))}, ${place});
    console.log('ANSWER', JSON.stringify({ reason: verdict.reason, loaded: Object.keys(require.cache) }));`;
  expect(answerIn(await inLambda(code))).toEqual({
    reason: 'SCHEMA_INVALID',
    loaded: [expect.stringContaining('decide.js')],
  });
  // One copy of it, beside the function.
  expect(readFileSync(join(directory, 'index.js'), 'utf8')).toContain('require("./decide.js")');
});

test('without a bus it does not start', async () => {
  expect(await inLambda("require('./index.js')", { TARGET_BUS: '' })).toContain('TARGET_BUS is not set');
});
