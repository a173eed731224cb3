import { mkdtempSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { killAll, lastLines, run, runOrFail, signal, sleep, startGroup, type Command } from '../../e2e/processes';

/** A program of Node.js. */
const node = (program: string, others: Partial<Command> = {}): Command => ({
  command: process.execPath,
  args: ['-e', program],
  seconds: 20,
  ...others,
});
let directory: string;
let heartbeat: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'processes-'));
  heartbeat = join(directory, 'heartbeat');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A program that starts a child, and does something once the child beats. */
const withAChild = (andThen: string) => `
  const { existsSync } = require('fs');
  const beat = 'setInterval(() => require("fs").appendFileSync(${JSON.stringify(heartbeat)}, "."), 20)';
  const child = require('child_process').spawn(process.execPath, ['-e', beat], { stdio: 'ignore' });
  const wait = setInterval(() => {
    if (!existsSync(${JSON.stringify(heartbeat)})) return;
    clearInterval(wait);
    ${andThen}
  }, 20);
`;

/** Whether the child beats no more. Its id would not tell: a dead process keeps it until somebody asks how it ended. */
async function stops(): Promise<boolean> {
  for (let tries = 0, size = -1; tries < 10; tries++) {
    const { size: now } = statSync(heartbeat);
    if (now === size) return true;
    size = now;
    await sleep(300);
  }
  return false;
}

test('gives what a command prints, and how it ends', async () => {
  const program = 'process.stdout.write("out"); process.stderr.write("err"); process.exitCode = 3;';
  const { code, stdout, output } = await run(node(program));
  expect([code, stdout]).toEqual([3, 'out']);
  expect([...output].sort().join('')).toBe('eorrtu');
});

test('a command reads its input and sees its environment', async () => {
  const program = 'process.stdin.on("data", (data) => process.stdout.write(data + process.env.MINE));';
  expect((await run(node(program, { input: 'read ', env: { MINE: 'seen' } }))).stdout).toBe('read seen');
});

test('fails where a command fails, with what it said last and what to do', async () => {
  const failing = node('console.log("the reason"); process.exitCode = 2;');
  await expect(runOrFail(failing, 'try again')).rejects.toThrow(
    /to succeed\n {2}seen: {5}exit code 2:\n {4}the reason\n {2}remedy: {3}try again$/,
  );
});

test('fails where a command is killed: that is no success', async () => {
  await expect(runOrFail(node('process.kill(process.pid, "SIGKILL")'), '')).rejects.toThrow('exit code null');
});

test('fails where there is no such command', async () => {
  await expect(run({ command: '/nowhere/python', args: [], seconds: 5 })).rejects.toThrow('ENOENT');
});

test('a command that takes too long is stopped with its children, and is a failure', async () => {
  const slow = node(withAChild('console.log("beats"); setInterval(() => {}, 1000);'), { seconds: 2 });
  await expect(run(slow)).rejects.toThrow(
    /to end within 2 s\n {2}seen: {5}it did not, and was stopped; .*\n {4}beats\n/,
  );
  expect(await stops()).toBe(true);
});

test('a child that outlives its command is stopped', async () => {
  const { code } = await run(node(withAChild('process.exit(0);')));
  expect(code).toBe(0);
  expect(await stops()).toBe(true);
});

test('all that still runs is killed at the end, even what would not stop', async () => {
  const deaf = 'process.on("SIGTERM", () => console.log("deaf")); console.log("beats"); setInterval(() => {}, 1000);';
  const child = startGroup(node(withAChild(deaf)));
  const said = () =>
    new Promise<string>((resolve) => child.stdout!.once('data', (data) => resolve(String(data).trim())));
  expect(await said()).toBe('beats');
  signal(child, 'SIGTERM');
  expect(await said()).toBe('deaf');
  const ended = new Promise((resolve) => child.once('exit', (_, by) => resolve(by)));
  killAll();
  expect(await ended).toBe('SIGKILL');
});

test('the last lines of a text are those, moved in', () => {
  expect(lastLines('a\nb\nc\n\n', 2)).toBe('    b\n    c');
});
