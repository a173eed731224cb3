import { spawn, type ChildProcess } from 'child_process';
import { Failure } from './failure';

export interface Command {
  readonly command: string;
  readonly args: string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What the command reads. */
  readonly input?: string;
  readonly seconds: number;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams, as they came. */
  readonly output: string;
}

const running = new Set<ChildProcess>();

/** Starts a process as the head of a group of its own, so that its children can be stopped with it. */
export function startGroup({ command, args, cwd, env }: Omit<Command, 'seconds'>): ChildProcess {
  const child = spawn(command, args, { cwd, env, detached: true, stdio: 'pipe' });
  running.add(child);
  // A group may outlive its head.
  child.once('exit', () => signal(child, 'SIGTERM'));
  child.once('close', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/** Sends a signal to a process and its children. Says whether any of them was there. */
export function signal({ pid }: ChildProcess, name: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, name);
  } catch {
    return false;
  }
}

/** At once and without asking: the last thing before this process ends. */
export function killAll(): void {
  for (const child of running) signal(child, 'SIGKILL');
}

/** Runs a command to its end; one that takes too long is stopped, and is a failure. */
export async function run(command: Command): Promise<Outcome> {
  const child = startGroup(command);
  let stdout = '';
  let output = '';
  child.stdout?.on('data', (data) => {
    stdout += data;
    output += data;
  });
  child.stderr?.on('data', (data) => (output += data));
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(command.input ?? '');
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    signal(child, 'SIGKILL');
  }, command.seconds * 1000);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => clearTimeout(timer));
  if (late) {
    throw new Failure(
      `"${inShort(command)}" to end within ${command.seconds} s`,
      `it did not, and was stopped; it had printed:\n${lastLines(output)}`,
      'run it again on a machine with less to do; if it hangs again, look at what it printed last',
    );
  }
  return { code, stdout, output };
}

/** Runs a command that must succeed. */
export async function runOrFail(command: Command, remedy: string): Promise<Outcome> {
  const outcome = await run(command);
  if (outcome.code === 0) return outcome;
  throw new Failure(
    `"${inShort(command)}" to succeed`,
    `exit code ${outcome.code}:\n${lastLines(outcome.output)}`,
    remedy,
  );
}

export const inShort = ({ command, args }: Command) => [command, ...args].join(' ');

export function lastLines(text: string, count = 30): string {
  return text
    .trimEnd()
    .split('\n')
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n');
}

export const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
