import { createHash } from 'crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { homedir } from 'os';
import { join, relative } from 'path';
import { Failure } from './failure';
import { run, runOrFail } from './processes';

const ROOT = join(__dirname, '..');

/** A program in Python, with the exact versions of all that it needs. */
export interface PythonProgram {
  readonly name: string;
  /** How its virtual environments are called in the cache, with a hash behind. */
  readonly folder: string;
  /** What pip is asked for. */
  readonly requirement: string;
  /** The file that pins the versions. */
  readonly constraints: string;
  /** The versions of Python that do, the preferred one first. */
  readonly versions: string[];
  /** What an installation takes, for people. */
  readonly effort: string;
}

/** It declares 3.10, but starts with this version only. */
export const LOCALEMU_PROGRAM: PythonProgram = {
  name: 'LocalEmu',
  folder: 'localemu',
  requirement: 'localemu[runtime]',
  constraints: join(__dirname, 'constraints.txt'),
  versions: ['3.13'],
  effort: 'about 600 MB, a minute or two',
};

/**
 * The Python of a virtual environment with a program in it. It is made once for each state of the constraints, in the
 * user's cache: outside of the tree, so that `npm ci` leaves it alone.
 */
export async function pythonWith(program: PythonProgram, say: (line: string) => void): Promise<string> {
  const { name, folder, requirement, constraints, effort } = program;
  const state = createHash('sha256').update(readFileSync(constraints)).digest('hex').slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const venv = join(cache, 'cdk-event-backbone', `${folder}-${state}`);
  const python = join(venv, 'bin', 'python');
  const complete = join(venv, 'complete');
  if (existsSync(complete) && (await versionOf(python)) !== undefined) return python;

  const base = await findPython(program);
  say(`installing ${name} into a virtual environment (${effort})`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(venv, { recursive: true });
  await runOrFail(
    { command: base, args: ['-m', 'venv', venv], seconds: 120 },
    `Python ${program.versions[0]} needs its modules venv and ensurepip; name another Python with E2E_PYTHON`,
  );
  const install = ['install', '--quiet', '--no-input', '--disable-pip-version-check', '-c', constraints];
  await runOrFail(
    { command: python, args: ['-m', 'pip', ...install, requirement], seconds: 900 },
    `see what pip says; it must reach the package index, and ${relative(ROOT, constraints)} must name versions that are there`,
  );
  writeFileSync(complete, '');
  return python;
}

async function findPython({ name, versions }: PythonProgram): Promise<string> {
  const named = process.env.E2E_PYTHON;
  if (named) {
    if (versions.includes((await versionOf(named)) ?? '')) return named;
  } else {
    for (const version of versions) {
      for (const candidate of [`python${version}`, ...(await ofPyenv(version))]) {
        if ((await versionOf(candidate)) === version) return candidate;
      }
    }
  }
  const [best] = versions;
  throw new Failure(
    `a Python ${versions.join(' or ')}, with which ${name} starts`,
    named
      ? `E2E_PYTHON=${named} is none`
      : `neither ${versions.map((version) => `python${version}`).join(', ')} nor a pyenv with a ${versions.map((version) => `${version}.x`).join(', ')}`,
    `install Python ${best} ("pyenv install ${best}" for example), or name it with E2E_PYTHON`,
  );
}

/** All that pyenv has of a version, the newest first. */
async function ofPyenv(version: string): Promise<string[]> {
  const root = await run({ command: 'pyenv', args: ['root'], seconds: 20 }).catch(() => undefined);
  const versions = join(root?.stdout.trim() || join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(versions)) return [];
  const patch = (name: string) => Number(name.split('.')[2]);
  return readdirSync(versions)
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name) && name.startsWith(`${version}.`))
    .sort((a, b) => patch(b) - patch(a))
    .map((name) => join(versions, name, 'bin', `python${version}`));
}

async function versionOf(python: string): Promise<string | undefined> {
  const args = ['-c', 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])'];
  const outcome = await run({ command: python, args, seconds: 20 }).catch(() => undefined);
  return outcome?.code === 0 ? outcome.stdout.trim() : undefined;
}
