import { createHash } from 'crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as processes from '../../e2e/processes';
import { LOCALEMU_PROGRAM, pythonWith } from '../../e2e/python';

// No command is run: no Python is looked for, and nothing is installed.
jest.mock('../../e2e/processes');
const run = jest.mocked(processes.run);
const runOrFail = jest.mocked(processes.runOrFail);

const CONSTRAINTS = join(__dirname, '../../e2e/constraints.txt');
const STATE = createHash('sha256').update(readFileSync(CONSTRAINTS)).digest('hex').slice(0, 12);
const own = process.env;
let directory: string;
let venv: string;
let pyenv: string;
/** Commands that are a Python, and their versions. */
let pythons: Record<string, string>;
let said: string[];

beforeEach(() => {
  jest.resetAllMocks();
  directory = mkdtempSync(join(tmpdir(), 'python-'));
  venv = join(directory, 'cdk-event-backbone', `localemu-${STATE}`);
  pyenv = join(directory, 'pyenv');
  pythons = {};
  said = [];
  process.env = { ...own, XDG_CACHE_HOME: directory };
  delete process.env.E2E_PYTHON;
  run.mockImplementation(async ({ command }) => {
    const stdout = command === 'pyenv' ? pyenv : pythons[command];
    if (stdout === undefined) throw new Error('ENOENT');
    return { code: 0, stdout: `${stdout}\n`, output: '' };
  });
  runOrFail.mockResolvedValue({ code: 0, stdout: '', output: '' });
});

afterEach(() => {
  process.env = own;
  rmSync(directory, { recursive: true, force: true });
});

const find = () => pythonWith(LOCALEMU_PROGRAM, (line) => said.push(line));

/** A Python of pyenv. */
function ofPyenv(version: string, says = '3.13'): string {
  mkdirSync(join(pyenv, 'versions', version), { recursive: true });
  const path = join(pyenv, 'versions', version, 'bin/python3.13');
  pythons[path] = says;
  return path;
}

const completed = () => {
  mkdirSync(venv, { recursive: true });
  writeFileSync(join(venv, 'complete'), '');
};

describe('fails, and installs nothing,', () => {
  afterEach(() => expect(runOrFail).not.toHaveBeenCalled());

  test('without a suitable Python, and says which and how to name one', async () => {
    await expect(find()).rejects.toThrow(
      /^expected: a Python 3\.13, .*\n {2}seen: {5}neither python3\.13 nor a pyenv with a 3\.13\.x\n {2}remedy: .*E2E_PYTHON$/,
    );
  });

  test.each([
    ['another version', () => (pythons['python3.13'] = '3.12')],
    ['another version of pyenv', () => ofPyenv('3.12.4')],
    ['one that does not say what it should', () => ofPyenv('3.13.4', '3.12')],
  ])('with %s', async (_, make) => {
    make();
    await expect(find()).rejects.toThrow('neither python3.13 nor a pyenv with a 3.13.x');
  });

  test('where E2E_PYTHON is not what it should be, whatever else is there', async () => {
    pythons = { 'python3.13': '3.13', mine: '3.12' };
    process.env.E2E_PYTHON = 'mine';
    await expect(find()).rejects.toThrow('E2E_PYTHON=mine is none');
  });
});

describe('makes the virtual environment', () => {
  const base = () => runOrFail.mock.calls[0][0].command;

  test('of the pinned packages, and marks it as complete at the end', async () => {
    pythons['python3.13'] = '3.13';
    const python = join(venv, 'bin/python');
    runOrFail.mockImplementation(async () => {
      expect(existsSync(join(venv, 'complete'))).toBe(false);
      return { code: 0, stdout: '', output: '' };
    });
    expect(await find()).toBe(python);
    expect(runOrFail.mock.calls.map(([{ command, args }]) => [command, ...args])).toEqual([
      ['python3.13', '-m', 'venv', venv],
      [
        python,
        '-m',
        'pip',
        'install',
        ...[0, 1, 2].map(() => expect.any(String)),
        '-c',
        CONSTRAINTS,
        'localemu[runtime]',
      ],
    ]);
    expect(existsSync(join(venv, 'complete'))).toBe(true);
    expect(said).toEqual([expect.stringContaining('installing LocalEmu')]);
  });

  test('with E2E_PYTHON before any other', async () => {
    pythons = { 'python3.13': '3.13', mine: '3.13' };
    process.env.E2E_PYTHON = 'mine';
    await find();
    expect(base()).toBe('mine');
  });

  test('with the newest of pyenv', async () => {
    ofPyenv('3.13.0');
    ofPyenv('3.13.2');
    ofPyenv('3.14.0', '3.14');
    const newest = ofPyenv('3.13.10');
    await find();
    expect(base()).toBe(newest);
  });

  test('anew where only half of it was installed', async () => {
    pythons = { 'python3.13': '3.13', [join(venv, 'bin/python')]: '3.13' };
    mkdirSync(join(venv, 'half'), { recursive: true });
    await find();
    expect(base()).toBe('python3.13');
    expect(existsSync(join(venv, 'half'))).toBe(false);
  });

  test('anew where its Python is gone', async () => {
    pythons['python3.13'] = '3.13';
    completed();
    await find();
    expect(base()).toBe('python3.13');
  });

  test('and leaves no mark where the installation fails', async () => {
    pythons['python3.13'] = '3.13';
    runOrFail.mockRejectedValueOnce(new Error('no index'));
    await expect(find()).rejects.toThrow('no index');
    expect(existsSync(join(venv, 'complete'))).toBe(false);
  });
});

test('takes a complete virtual environment again, without a word', async () => {
  pythons[join(venv, 'bin/python')] = '3.13';
  completed();
  expect(await find()).toBe(join(venv, 'bin/python'));
  expect(runOrFail).not.toHaveBeenCalled();
  expect(said).toEqual([]);
});
