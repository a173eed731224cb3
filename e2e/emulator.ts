import type { ChildProcess } from 'child_process';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { createServer } from 'net';
import { join } from 'path';
import { Failure } from './failure';
import { lastLines, signal, sleep, startGroup } from './processes';
import { LOCALEMU_PROGRAM, type PythonProgram } from './python';

const HOST = '127.0.0.1';
const START_SECONDS = 60;
const STOP_SECONDS = 10;

/** An emulator of AWS: how it is started, and how it says that it is ready. */
export interface Product extends PythonProgram {
  /** The module that is run. */
  readonly module: string;
  /** The path under which it says how it is. */
  readonly health: string;
  /** What it writes once it listens. */
  readonly ready: RegExp;
  /** All the variables that it sees. It must listen on the loopback interface alone, and write into the directory alone. */
  environment(port: number, directory: string): NodeJS.ProcessEnv;
}

/** Deploys a backbone of several accounts, but runs no functions. */
export const LOCALEMU: Product = {
  ...LOCALEMU_PROGRAM,
  module: 'localemu.runtime.main',
  health: '/_localemu/health',
  ready: /^Ready\.$/m,
  environment,
};

/** An emulator as a process of ours, on the loopback interface only. */
export class Emulator {
  /**
   * Starts it and waits until it answers.
   *
   * @param directory for all that it writes
   * @param wanted a port that is free
   */
  public static async start(
    python: string,
    directory: string,
    wanted?: number,
    product: Product = LOCALEMU,
  ): Promise<Emulator> {
    const port = wanted ?? (await choosePort());
    const log = join(directory, 'emulator.log');
    writeFileSync(log, '');
    const child = startGroup({
      command: python,
      args: ['-m', product.module],
      cwd: directory,
      env: product.environment(port, directory),
    });
    const file = createWriteStream(log, { flags: 'a' });
    child.stdout?.pipe(file, { end: false });
    child.stderr?.pipe(file, { end: false });
    child.once('error', () => undefined);
    const emulator = new Emulator(product, child, port, log);
    await emulator.waitUntilReady();
    return emulator;
  }

  public readonly url: string;
  /** Never resolves, and rejects when the emulator ends: who waits for an answer of it would wait for long. */
  public readonly death: Promise<never>;

  private constructor(
    private readonly product: Product,
    private readonly child: ChildProcess,
    public readonly port: number,
    private readonly log: string,
  ) {
    this.url = `http://${HOST}:${port}`;
    this.death = new Promise((_, reject) => child.once('exit', () => reject(new Error('the emulator ended'))));
    this.death.catch(() => undefined);
  }

  public get pid(): number | undefined {
    return this.child.pid;
  }

  /** Its memory in MB, as far as the system tells. */
  public get megabytes(): number | undefined {
    try {
      const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8')) ?? [];
      return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
    } catch {
      return undefined;
    }
  }

  /** Whether the emulator itself is there; children of it may outlive it. */
  public get isRunning(): boolean {
    const { pid, exitCode, signalCode } = this.child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** How it ended. */
  public get end(): string {
    const { exitCode, signalCode } = this.child;
    return `it ended with ${signalCode ?? exitCode}`;
  }

  /** Asks it to end, and ends it where it does not. */
  public async stop(): Promise<void> {
    signal(this.child, 'SIGTERM');
    if (await this.endsWithin(STOP_SECONDS)) return;
    signal(this.child, 'SIGKILL');
    if (await this.endsWithin(STOP_SECONDS)) return;
    throw new Failure('the emulator to end', `process ${this.pid} is still there`, `end it: kill -9 ${this.pid}`);
  }

  /** All that it wrote. */
  public written(): string {
    return readFileSync(this.log, 'utf8');
  }

  /** The last lines that it wrote. */
  public lastWords(): string {
    return lastLines(this.written(), 15);
  }

  /** Updates of resources that it says to have made, and has not: type and logical id. */
  public ignoredUpdates(): { type: string; id: string }[] {
    const lines = this.written().matchAll(/Unable to update resource type "([^"]+)", id "([^"]+)"/g);
    return [...lines].map(([, type, id]) => ({ type, id }));
  }

  /** The last errors that it wrote. */
  public complaints(): string {
    const lines = this.written().split('\n');
    return lastLines(lines.filter((line) => / ERROR |Error:|failed/.test(line)).join('\n'), 15).trimEnd();
  }

  private async waitUntilReady(): Promise<void> {
    const deadline = Date.now() + START_SECONDS * 1000;
    while (Date.now() < deadline && this.isRunning) {
      const answer = await fetch(`${this.url}${this.product.health}`, { signal: AbortSignal.timeout(2000) }).catch(
        () => null,
      );
      // Another process may have taken the port since, and answer in its place.
      if (answer?.ok && this.isRunning && this.saysReady()) return;
      await sleep(250);
    }
    const ended = this.isRunning ? `not ready after ${START_SECONDS} s` : this.end;
    const words = this.lastWords();
    await this.stop();
    throw new Failure(
      `${this.product.name} to start on ${HOST}:${this.port}`,
      `${ended}; its last lines:\n${words}`,
      `see its lines; delete its virtual environment in the cache (cdk-event-backbone/${this.product.folder}-*) to have it installed anew`,
    );
  }

  private saysReady(): boolean {
    return this.product.ready.test(this.written());
  }

  /** With all its children. */
  private async endsWithin(seconds: number): Promise<boolean> {
    const deadline = Date.now() + seconds * 1000;
    const isThere = () => signal(this.child, 0);
    while (isThere() && Date.now() < deadline) await sleep(100);
    return !isThere();
  }
}

/** A directory of its own for one kind of what an emulator writes. */
export function placeIn(directory: string, name: string): string {
  const path = join(directory, name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** Nothing of the user's own settings: no proxies, no AWS variables. */
export function environment(port: number, directory: string): NodeJS.ProcessEnv {
  const place = (name: string) => placeIn(directory, name);
  return {
    PATH: process.env.PATH,
    HOME: place('home'),
    TMPDIR: place('tmp'),
    LOCALEMU_VOLUME_DIR: place('volume'),
    FILESYSTEM_ROOT: place('root'),
    // Its default server listens on every interface.
    GATEWAY_SERVER: 'hypercorn',
    GATEWAY_LISTEN: `${HOST}:${port}`,
    LOCALEMU_HOST: `${HOST}:${port}`,
    SKIP_SSL_CERT_DOWNLOAD: '1',
    DISABLE_EVENTS: '1',
    DNS_ADDRESS: '0',
    // Types that it does not know must be refused, not faked.
    CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES: '0',
  };
}

/** The port of `E2E_PORT`, or one that is free. */
export async function choosePort(): Promise<number> {
  const wanted = process.env.E2E_PORT;
  if (!wanted) return tryPort(0);
  const port = Number(wanted);
  if (!Number.isInteger(port) || port < 1024 || port > 65535) {
    throw new Failure('E2E_PORT to be a port from 1024 to 65535', `"${wanted}"`, 'give another, or none');
  }
  return tryPort(port);
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Failure(
          `port ${port} of ${HOST} to be free`,
          error.code === 'EADDRINUSE' ? 'another process listens there' : error.message,
          'end that process, or choose another port with E2E_PORT, or leave E2E_PORT unset',
        ),
      ),
    );
    server.listen(port, HOST, () => {
      const address = server.address();
      const free = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(free));
    });
  });
}
