/**
 * Runs the function of the republisher, as it is shipped, against services that misbehave:
 *
 *   npx tsx scripts/fault-test.ts [--events N] [--seed N] [--workers N]
 *
 * Events of every kind, a tenth of them bad, stand in a queue that delivers as SQS and Lambda do. Copies of the function, a
 * process each, take them in batches and speak with an endpoint that throttles, breaks connections, takes without answering,
 * and more; some copies have little time, some are killed. In the end each event must be where its kind must be, none may be
 * lost, and nothing may be there more often than answers were withheld and deliveries forced.
 *
 * Events and faults come from the seed; which events share a batch depends on the speed of the machine, too.
 */
import { type ChildProcess, fork } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { createInterface } from 'readline';
import { parseArgs } from 'util';
import { makeAsset, TARGET_BUS } from './fault-test/asset';
import { Endpoint, FAULT_NAMES } from './fault-test/endpoint';
import { Samples, SECRET } from './fault-test/events';
import { type Account, type Delivery, Ledger, type Output } from './fault-test/ledger';
import { type Message, Queue } from './fault-test/queue';
import { forces, outcomeOf, OUTPUTS, tableOf, unanswered } from './fault-test/table';
import { type Answer } from './fault-test/worker';
import { Random } from './random';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const BATCH = 10;
/** Bytes of a batch; Lambda takes no more. */
const BATCH_BYTES = 6 * 1024 * 1024;
const TIMEOUT = 30_000;
/** How often a copy has little time, and how often one is killed, in a hundred batches. */
const HURRIED = 2;
const KILLED = 0.2;

/** So many events meet each fault. */
const ENOUGH = 100_000;

/** What a run is made of. */
interface Run {
  readonly directory: string;
  readonly url: string;
  readonly samples: Samples;
  readonly queue: Queue;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Batches under way. */
  underWay: number;
  /** Copies of the function that were started. */
  copies: number;
}

async function main(directory: string): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '6' },
    },
  });
  const [events, seed, workers] = (['events', 'seed', 'workers'] as const).map((name) =>
    wholeNumber(name, values[name]),
  );
  const samples = new Samples(events, seed);
  const ledger = new Ledger(events);
  const random = new Random(seed, 'run');
  const queue = new Queue(events, {
    visibilityTimeout: 180,
    maxReceiveCount: 5,
    random: new Random(seed, 'queue'),
    repeats: 0.002,
    twins: 0.002,
  });
  makeAsset(directory);
  const endpoint = new Endpoint(samples, ledger, seed);
  const run: Run = { directory, url: await endpoint.listen(), samples, queue, ledger, random, underWay: 0, copies: 0 };
  const started = Date.now();
  const children = await Promise.all(Array.from({ length: workers }, async () => work(run)));
  endpoint.close();
  for (const child of children) child.kill();
  for (const { index } of queue.deadLetters) ledger.of(index).deadLetters++;

  if (events >= ENOUGH) {
    for (const fault of FAULT_NAMES) if (!ledger.hasFault(fault)) ledger.violation(`never: ${fault}`);
  }
  const { rows, violations } = outcomeOf(
    Array.from({ length: events }, (_, i) => samples.kindOf(i)),
    ledger,
  );
  say(
    `${events} events, seed ${seed}, ${workers} copies of the function, ${Math.round((Date.now() - started) / 1000)} s\n`,
  );
  say(`${tableOf(rows)}\n`);
  const sum = (of: (account: Account) => number) => ledger.accounts.reduce((all, account) => all + of(account), 0);
  const withheld = sum((account) => OUTPUTS.reduce((all, output) => all + unanswered(account, output), 0));
  const forced = (output: Output) => (delivery: Delivery) => forces(delivery, output);
  const copies = sum(({ deliveries }) => deliveries.filter(forced('published')).length);
  const retold = sum(({ deliveries }) => deliveries.filter(forced('record')).length) - copies;
  say(`allowed repeats: ${withheld} entries of which the answer was withheld, ${copies} deliveries that were forced,`);
  say(`and ${retold} records of events whose notice was not taken\n`);
  say('faults injected');
  for (const [fault, count] of [...ledger.faults].sort()) say(`  ${String(count).padStart(6)}  ${fault}`);
  say(violations.length === 0 ? '\nevery event is where it must be' : `\n${violations.length} violations`);
  for (const violation of violations.slice(0, 50)) say(`  ${violation}`);
  return violations.length === 0;
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name} ${value} is not a whole number above zero`);
}

/** A copy of the function, under a name of its own. */
interface Copy {
  readonly name: string;
  readonly child: ChildProcess;
}

/** Works batches off, in one process after another: a killed one is replaced. */
async function work(run: Run): Promise<ChildProcess> {
  let copy = await start(run);
  for (;;) {
    const batch = take(run);
    if (batch.length === 0) {
      if (run.underWay === 0 && !run.queue.skip()) return copy.child;
      await new Promise((resolve) => setTimeout(resolve, 5));
      continue;
    }
    run.underWay++;
    const isAlive = await invoke(copy, batch, run);
    run.underWay--;
    if (!isAlive) copy = await start(run);
  }
}

function take({ queue, samples }: Run): Message[] {
  let bytes = 0;
  const size = ({ index }: Message): number => Buffer.byteLength(samples.at(index).body);
  return queue.receive(BATCH, (before, next) => {
    if (before.length === 1) bytes = size(before[0]);
    return (bytes += size(next)) <= BATCH_BYTES;
  });
}

/** Has a batch worked on, and deletes what is done; false if the process is gone. */
async function invoke(
  { name, child }: Copy,
  batch: Message[],
  { samples, queue, ledger, random }: Run,
): Promise<boolean> {
  const isHurried = random.chance(HURRIED / 100);
  const time = isHurried ? 500 + random.below(2_500) : TIMEOUT;
  if (isHurried) ledger.fault('function: little time');
  const deliveries = [...new Set(batch.map(({ index }) => index))].map((index) =>
    ledger.deliver(index, name, isHurried),
  );
  const event = {
    Records: batch.map(({ id, index }) => ({
      messageId: id,
      eventSource: 'aws:sqs',
      body: samples.at(index).body,
      attributes: { AWSTraceHeader: `Root=${index}` },
    })),
  };
  const answer = await new Promise<Answer | undefined>((resolve) => {
    child.once('message', (message) => resolve(message as Answer));
    child.once('exit', () => resolve(undefined));
    child.send({ event, time });
    if (random.chance(KILLED / 100)) setTimeout(() => child.kill('SIGKILL'), random.below(30));
  });
  child.removeAllListeners('message').removeAllListeners('exit');
  for (const delivery of deliveries) delivery.isUnderWay = false;
  const isLate = answer !== undefined && answer.elapsed > time;
  if (answer?.error !== undefined) ledger.violation(`the function failed: ${answer.error}`);
  if (answer === undefined || isLate) {
    // Of a function that is stopped Lambda takes no answer.
    ledger.fault(isLate ? 'function: stopped for its time' : 'function: killed');
    for (const delivery of deliveries) delivery.isForced = true;
    for (const message of batch) queue.release(message);
    return answer !== undefined;
  }
  const failures = new Set(answer.failures ?? batch.map(({ id }) => id));
  for (const message of batch) {
    if (failures.has(message.id)) {
      queue.release(message);
    } else {
      queue.delete(message);
      ledger.of(message.index).isDone = true;
    }
  }
  return true;
}

async function start(run: Run): Promise<Copy> {
  const { directory, url, ledger } = run;
  const name = `copy-${run.copies++}`;
  const child = fork(join(__dirname, 'fault-test/worker.ts'), [directory], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
      TARGET_BUS,
      QUARANTINE_QUEUE_URL: `${url}/111111111111/quarantine`,
      POWERTOOLS_SERVICE_NAME: 'republisher',
      POWERTOOLS_METRICS_NAMESPACE: 'FaultTest',
      AWS_ENDPOINT_URL_EVENTBRIDGE: url,
      AWS_ENDPOINT_URL_SQS: url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: name,
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  for (const input of [child.stdout!, child.stderr!]) {
    createInterface({ input }).on('line', (line) => readLine(line, ledger));
  }
  await new Promise((resolve) => child.once('message', resolve));
  return { name, child };
}

/** What is logged is JSON, and shows no event. */
function readLine(line: string, ledger: Ledger): void {
  if (line.includes(SECRET)) ledger.violation(`the log shows an event: ${line.slice(0, 300)}`);
  try {
    JSON.parse(line);
  } catch {
    ledger.violation(`the log has a line that is no JSON: ${line.slice(0, 300)}`);
  }
}

const directory = mkdtempSync(join(tmpdir(), 'fault-test-'));
main(directory)
  .then(
    (isRight) => (process.exitCode = isRight ? 0 : 1),
    (error: Error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exitCode = 1;
    },
  )
  .finally(() => rmSync(directory, { recursive: true, force: true }));
