import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { leaveSettingsBehind, type Endpoint } from './accounts';
import { choosePort, Emulator, type Product } from './emulator';
import { Failure } from './failure';
import { killAll, sleep } from './processes';
import { pythonWith } from './python';

const started = Date.now();
const seconds = () => ((Date.now() - started) / 1000).toFixed(0);

export const say = (line: string) => process.stdout.write(`${line}\n`);

export function step(title: string): void {
  say(`\n[${seconds().padStart(3)} s] ${title}`);
}

/** An end-to-end run. */
export interface EndToEnd {
  readonly product: Product;
  /** The account and the Region in which most happens. */
  readonly account: string;
  readonly region: string;
  /** How long the run may take at most. */
  readonly minutes: number;
  /** What is done on the started emulator, with a directory that is removed at the end. Gives the last line. */
  work(emulator: Emulator, endpoint: Endpoint, directory: string): Promise<string>;
}

/** Runs it to its end. This process then ends with 0, or says what failed and ends with 1; nothing of it is left. */
export function endToEnd(run: EndToEnd): void {
  // Whatever ends this process before its last line has not passed.
  process.exitCode = 1;
  onEmulator(run)
    .then((result) => {
      say(`\nPassed in ${seconds()} s: ${result}`);
      process.exitCode = 0;
    })
    .catch((error: Error) =>
      say(`\nFAILED after ${seconds()} s\n  ${error instanceof Failure ? error.message : error.stack}`),
    );
}

async function onEmulator({ product, account, region, minutes, work }: EndToEnd): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'cdk-event-backbone-e2e-'));
  const cleanUp = () => {
    killAll();
    // What was killed may still be writing.
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  process.once('exit', cleanUp);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      say(`\nStopped by ${name}; the emulator is ended.`);
      process.exit(130);
    });
  }
  setTimeout(() => {
    say(`\nFAILED: not done after ${minutes} minutes; the emulator is ended.`);
    process.exit(1);
  }, minutes * 60_000).unref();

  step(`starting ${product.name}`);
  const port = await choosePort();
  const python = await pythonWith(product, (line) => say(`  ${line}`));
  const emulator = await Emulator.start(python, directory, port, product);
  say(`  it answers on ${emulator.url}, process ${emulator.pid}`);
  const endpoint = { url: emulator.url, region };
  leaveSettingsBehind(account, endpoint);
  let result = '';
  let failure: unknown;
  try {
    result = await Promise.race([work(emulator, endpoint, directory), emulator.death]);
  } catch (error) {
    // Whom it refuses a connection may know that it is gone before we do.
    await Promise.race([emulator.death.catch(() => undefined), sleep(500)]);
    failure = reasonOf(error, emulator);
  }
  const memory = emulator.megabytes;
  step(`stopping ${product.name}${memory === undefined ? '' : `, which used up to ${memory} MB`}`);
  try {
    await emulator.stop();
    say('  no process of it is left');
  } catch (error) {
    // It must not hide why the run failed.
    if (failure !== undefined) say(`  ${(error as Error).message}`);
    failure ??= error;
  }
  if (failure !== undefined) throw failure;
  return result;
}

/** Why a run failed: that the emulator is gone comes before what follows from it. */
function reasonOf(error: unknown, emulator: Emulator): unknown {
  if (emulator.isRunning) {
    const complaints = emulator.complaints();
    if (complaints) say(`\nThe emulator complained:\n${complaints}`);
    return error;
  }
  // What still waits for it.
  killAll();
  say(`\nThen this failed: ${(error as Error).message}`);
  return new Failure(
    'the emulator to run to the end',
    `${emulator.end}; its last lines:\n${emulator.lastWords()}`,
    'run it again with more memory free; if it ends again, look at its last lines',
  );
}
