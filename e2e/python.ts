import { createHash } from 'crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { homedir } from 'os';
import { join } from 'path';
import { Failure } from './failure';
import { run, runOrFail } from './processes';

/** LocalEmu declares 3.10, but starts with this version only. */
const VERSION = '3.13';
const CONSTRAINTS = join(__dirname, 'constraints.txt');

/**
 * The Python of a virtual environment with LocalEmu in it. It is made once for each state of `constraints.txt`, in the
 * user's cache: outside of the tree, so that `npm ci` leaves it alone.
 */
export async function pythonWithLocalEmu(say: (line: string) => void): Promise<string> {
  const state = createHash('sha256').update(readFileSync(CONSTRAINTS)).digest('hex').slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const venv = join(cache, 'cdk-event-backbone', `localemu-${state}`);
  const python = join(venv, 'bin', 'python');
  const complete = join(venv, 'complete');
  if (existsSync(complete) && (await versionOf(python)) !== undefined) return python;

  const base = await findPython();
  say(`installing LocalEmu into a virtual environment (about 600 MB, a minute or two)`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(venv, { recursive: true });
  await runOrFail(
    { command: base, args: ['-m', 'venv', venv], seconds: 120 },
    `Python ${VERSION} needs its modules venv and ensurepip; name another Python with E2E_PYTHON`,
  );
  const install = ['install', '--quiet', '--no-input', '--disable-pip-version-check', '-c', CONSTRAINTS];
  await runOrFail(
    { command: python, args: ['-m', 'pip', ...install, 'localemu[runtime]'], seconds: 900 },
    'see what pip says; it must reach the package index, and e2e/constraints.txt must name versions that are there',
  );
  writeFileSync(complete, '');
  return python;
}

async function findPython(): Promise<string> {
  const named = process.env.E2E_PYTHON;
  const candidates = named ? [named] : [`python${VERSION}`, ...(await ofPyenv())];
  for (const candidate of candidates) {
    if ((await versionOf(candidate)) === VERSION) return candidate;
  }
  throw new Failure(
    `a Python ${VERSION}, with which LocalEmu starts`,
    named ? `E2E_PYTHON=${named} is none` : `neither python${VERSION} nor a pyenv with a ${VERSION}.x`,
    `install Python ${VERSION} ("pyenv install ${VERSION}" for example), or name it with E2E_PYTHON`,
  );
}

/** All that pyenv has, the newest first. */
async function ofPyenv(): Promise<string[]> {
  const root = await run({ command: 'pyenv', args: ['root'], seconds: 20 }).catch(() => undefined);
  const versions = join(root?.stdout.trim() || join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(versions)) return [];
  const patch = (name: string) => Number(name.split('.')[2]);
  return readdirSync(versions)
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name) && name.startsWith(`${VERSION}.`))
    .sort((a, b) => patch(b) - patch(a))
    .map((name) => join(versions, name, 'bin', `python${VERSION}`));
}

async function versionOf(python: string): Promise<string | undefined> {
  const args = ['-c', 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])'];
  const outcome = await run({ command: python, args, seconds: 20 }).catch(() => undefined);
  return outcome?.code === 0 ? outcome.stdout.trim() : undefined;
}
