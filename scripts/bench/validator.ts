import { type ChildProcess, spawn, spawnSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { createServer } from 'http';
import { type AddressInfo } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { buildSync } from 'esbuild';
import type { Figure } from './backbone';
import { median } from './contender';
import { EventContract, EventSchema } from '../../src/contract';
import { republisherAsset } from '../../src/validation/republisher-asset';

const ACCOUNT = '222222222222';
const HUB = '111111111111';
const COUNTS = [1, 20, 100];
const STARTS = 15;
const RUNS = 2;
/** Of which the first are for the compiler: until then both get faster from round to round. */
const ROUNDS = 10;
const WARM_UP = 6;
const EVENTS = 3000;
const BATCH = 10;
/** Of the SDK, which would look for all of them elsewhere. */
const ENV = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'x',
  AWS_SECRET_ACCESS_KEY: 'x',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
  LAMBDA_TASK_ROOT: '/var/task',
  _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
  TARGET_BUS: `arn:aws:events:eu-west-1:${HUB}:event-bus/published`,
  QUARANTINE_QUEUE_URL: `https://sqs.eu-west-1.amazonaws.com/${HUB}/quarantine`,
  POWERTOOLS_SERVICE_NAME: 'bench',
  POWERTOOLS_METRICS_NAMESPACE: 'Bench',
};

/** Loads a handler, lets it handle batches, and prints milliseconds: until the first was handled, and for all in each round. */
const CHILD = `
const { performance } = require('perf_hooks');
const [file, batchesFile, rounds] = process.argv.slice(1);
const batches = JSON.parse(require('fs').readFileSync(batchesFile, 'utf8'));
const write = process.stdout.write.bind(process.stdout);
console.log = console.info = console.warn = console.error = () => {};
process.stdout.write = () => true;
const context = {
  awsRequestId: 'r', functionName: 'bench', functionVersion: '1', memoryLimitInMB: '512',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:${HUB}:function:bench', getRemainingTimeInMillis: () => 30000,
};
(async () => {
  const start = performance.now();
  const { handler } = require(file);
  const { batchItemFailures } = await handler(batches[0], context);
  const cold = performance.now() - start;
  if (batchItemFailures.length > 0) throw new Error('the first batch was not handled');
  const rows = [];
  for (let round = 0; round < Number(rounds); round++) {
    const before = process.cpuUsage();
    const began = performance.now();
    for (const batch of batches) {
      const { batchItemFailures } = await handler(batch, context);
      if (batchItemFailures.length > 0) throw new Error('a batch was not handled');
    }
    const { user, system } = process.cpuUsage(before);
    rows.push({ cpu: (user + system) / 1000, wall: performance.now() - began });
  }
  write(JSON.stringify({ cold, rounds: rows }));
  process.exit();
})().catch((error) => { process.stderr.write(String(error.stack)); process.exit(1); });
`;

interface Measured {
  /** Milliseconds until the first batch was handled. */
  readonly cold: number;
  /** Milliseconds for all events in each round, of CPU time of the process and by the clock. */
  readonly rounds: Array<{ readonly cpu: number; readonly wall: number }>;
}

/** The republisher against the handler that people write: start, events per second of CPU time, calls of PutEvents. */
export async function validatorFigures(say: (line?: string) => void): Promise<Figure[]> {
  const work = mkdtempSync(join(tmpdir(), 'event-backbone-bench-'));
  const endpoint = new Endpoint();
  try {
    const url = await endpoint.listen();
    const env = { ...process.env, ...ENV, AWS_ENDPOINT_URL: url };
    const figures: Figure[] = [];
    const add = (name: string, unit: string, ours: number, reference: number, digits = 0) => {
      figures.push({ name: `validator/${name}`, unit, ours, reference, ratio: ours / reference });
      const cells = [ours, reference].map((value) => value.toFixed(digits).padStart(12)).join('');
      say(`${name.padEnd(26)}${cells}  ${unit.padEnd(20)}${(ours / reference).toFixed(2).padStart(6)}`);
    };
    say('Republisher, ours, a handler as people write it, ratio\n');
    const naive = buildNaive(work);
    const starts: number[] = [];
    for (const count of COUNTS) {
      const contracts = contractsOf(count);
      const handlers = [republisherAsset(SETTINGS, contracts), naive(contracts)].map((dir) => join(dir, 'index.js'));
      const batches = batchesFile(work, contracts, 1);
      const colds: number[][] = [[], []];
      // In turns, so that what else the machine does meets both.
      for (let i = 0; i < STARTS; i++) {
        for (const [which, file] of handlers.entries()) colds[which].push((await run(file, batches, 0, env)).cold);
      }
      const [ours, reference] = colds.map(median);
      starts.push(ours);
      add(`cold-start/${count}`, 'ms', ours, reference, 1);
    }
    say(
      `${''.padEnd(26)}from ${COUNTS[0]} to ${COUNTS.at(-1)} schemas ours takes ${(starts.at(-1)! / starts[0]).toFixed(2)} times as long`,
    );

    const contracts = contractsOf(20);
    const batches = batchesFile(work, contracts, EVENTS / BATCH);
    const contenders = [republisherAsset(SETTINGS, contracts), naive(contracts)].map((directory) => ({
      file: join(directory, 'index.js'),
      rounds: [] as Measured['rounds'],
      calls: 0,
    }));
    const handled = ROUNDS * EVENTS + BATCH;
    // In turns here, too.
    for (let i = 0; i < RUNS; i++) {
      for (const contender of contenders) {
        endpoint.calls = endpoint.entries = 0;
        const { rounds } = await run(contender.file, batches, ROUNDS, env);
        if (endpoint.entries !== handled) throw new Error(`${endpoint.entries} events were published of ${handled}`);
        contender.rounds.push(...rounds.slice(WARM_UP));
        contender.calls = endpoint.calls / handled;
      }
    }
    const measured = contenders.map(({ rounds, calls }) => {
      const perSecond = (which: 'cpu' | 'wall') => EVENTS / (median(rounds.map((round) => round[which])) / 1000);
      return { cpu: perSecond('cpu'), wall: perSecond('wall'), calls };
    });
    const [ours, reference] = measured;
    add('events-per-second', 'events/s', ours.wall, reference.wall);
    add('events-per-cpu-second', 'events/s', ours.cpu, reference.cpu);
    add('put-events-calls', 'calls/event', ours.calls, reference.calls, 2);
    return figures;
  } finally {
    endpoint.close();
    rmSync(work, { recursive: true, force: true });
  }
}

export const SETTINGS = {
  sourcePrefix: '',
  reservedPrefixes: ['invalid.'],
  noticePrefix: 'invalid.',
  mode: 'enforce' as const,
  unknownEvents: 'quarantine' as const,
  owners: {},
};

export function contractsOf(count: number): EventContract[] {
  return Array.from(
    { length: count },
    (_, i) =>
      new EventContract({
        source: 'bench.service',
        detailType: `Order.Created${i}`,
        schema: EventSchema.fromInline(schemaOf(i)),
      }),
  );
}

/** An order with lines, addresses and a choice of payments; each a little different, so that none is compiled for another. */
function schemaOf(i: number): object {
  const text = { type: 'string', minLength: 1, maxLength: 100 + i };
  const address = {
    type: 'object',
    required: ['street', 'city', 'country'],
    properties: {
      street: text,
      city: text,
      zip: { type: 'string', pattern: '^[0-9A-Z -]{3,10}$' },
      country: { enum: ['DE', 'FR', 'IE', 'US'] },
    },
  };
  return {
    type: 'object',
    required: ['metadata', 'data'],
    properties: {
      metadata: { type: 'object', required: ['id'], properties: { id: { type: 'string', format: 'uuid' } } },
      data: {
        type: 'object',
        required: ['orderId', 'items', 'payment'],
        properties: {
          orderId: { type: 'string', format: 'uuid' },
          orderedAt: { type: 'string', format: 'date-time' },
          email: { type: 'string', format: 'email' },
          shipTo: address,
          billTo: address,
          items: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              required: ['sku', 'quantity', 'price'],
              properties: {
                sku: { type: 'string', pattern: '^[A-Z]{2}-[0-9]{4}$' },
                quantity: { type: 'integer', minimum: 1 },
                price: { type: 'number', exclusiveMinimum: 0 },
                note: text,
              },
            },
          },
          payment: {
            oneOf: [
              {
                type: 'object',
                required: ['card'],
                properties: { card: { type: 'string', pattern: '^[0-9]{4}$' } },
                additionalProperties: false,
              },
              {
                type: 'object',
                required: ['iban'],
                properties: { iban: { type: 'string', minLength: 15 } },
                additionalProperties: false,
              },
            ],
          },
        },
      },
    },
  };
}

const ID = '3f0a6f0c-2b5e-4a0e-9d59-0d1f7c1f0a11';

function batchesFile(work: string, contracts: EventContract[], count: number): string {
  const address = { street: 'Main Street 1', city: 'Dublin', zip: 'D02 AF30', country: 'IE' };
  const items = Array.from({ length: 10 }, (_, i) => ({
    sku: `AB-${1000 + i}`,
    quantity: i + 1,
    price: 9.99,
    note: 'n'.repeat(90),
  }));
  const data = {
    orderId: ID,
    orderedAt: '2026-01-01T12:00:00Z',
    email: 'a@example.com',
    shipTo: address,
    billTo: address,
    items,
    payment: { card: '1234' },
  };
  const detail = { metadata: { id: ID }, data };
  let number = 0;
  const record = () => {
    const { source, detailType } = contracts[number % contracts.length];
    const id = `${ID.slice(0, -6)}${String(number++).padStart(6, '0')}`;
    const event = {
      version: '0',
      id,
      account: ACCOUNT,
      region: 'eu-west-1',
      time: '2026-01-01T12:00:00Z',
      source,
      'detail-type': detailType,
      resources: [],
      detail,
    };
    return { messageId: id, eventSource: 'aws:sqs', body: JSON.stringify(event), attributes: {} };
  };
  const batches = Array.from({ length: count }, () => ({ Records: Array.from({ length: BATCH }, record) }));
  const file = join(work, `batches-${contracts.length}-${count}.json`);
  writeFileSync(file, JSON.stringify(batches));
  return file;
}

/** What makes the other handler for some contracts. */
function buildNaive(work: string): (contracts: EventContract[]) => string {
  const code = join(work, 'naive.js');
  buildSync({
    entryPoints: [join(__dirname, 'naive-handler.ts')],
    outfile: code,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  return (contracts) => {
    const directory = join(work, `naive-${contracts.length}`);
    mkdirSync(directory, { recursive: true });
    cpSync(code, join(directory, 'index.js'));
    const schemas = contracts.map(({ schemaName, schema }) => [schemaName, schema._document] as const);
    writeFileSync(join(directory, 'schemas.json'), JSON.stringify(Object.fromEntries(schemas)));
    return directory;
  };
}

async function run(handler: string, batches: string, rounds: number, env: NodeJS.ProcessEnv): Promise<Measured> {
  const child: ChildProcess = spawn(process.execPath, ['-e', CHILD, handler, batches, String(rounds)], { env });
  const texts = { out: '', err: '' };
  child.stdout!.on('data', (chunk) => (texts.out += chunk));
  child.stderr!.on('data', (chunk) => (texts.err += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`${handler}: ${texts.err}`);
  return JSON.parse(texts.out) as Measured;
}

/** Takes every event. */
class Endpoint {
  public calls = 0;
  public entries = 0;
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.headers['x-amz-target'] !== 'AWSEvents.PutEvents') return void response.writeHead(400).end();
      const { Entries: entries } = JSON.parse(Buffer.concat(chunks).toString()) as { Entries: object[] };
      this.calls++;
      this.entries += entries.length;
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: ID })) }));
    });
  });

  public async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** Milliseconds of CPU time to make the code of 100 schemas, the first time in a process and the second. */
export function schemasFigures(say: (line?: string) => void): Figure[] {
  const program = `
    const { contracts, asset } = require(${JSON.stringify(join(__dirname, 'hundred-contracts.ts'))});
    const time = (work) => { const before = process.cpuUsage(); work(); const { user, system } = process.cpuUsage(before); return (user + system) / 1000; };
    const [first, second] = [0, 1].map(() => time(() => asset(contracts())));
    process.stdout.write(JSON.stringify({ first, second }));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', '-e', program], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const { first, second } = JSON.parse(stdout) as { first: number; second: number };
  say(
    `\n100 contracts: ${first.toFixed(0)} ms of CPU time to make their code, the second time in a process ${second.toFixed(0)} ms`,
  );
  return [{ name: 'validator/100-contracts-again', unit: 'ms', ours: second, reference: first, ratio: second / first }];
}
