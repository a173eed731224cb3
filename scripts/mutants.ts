/**
 * Undoes what keeps users from each known trap, one at a time, and shows that a test fails for it. Words choose the traps
 * that contain them.
 *
 * It works on a copy: the checkout is not touched.
 */
import { execFileSync } from 'child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { outcomeOf, problemsOf, readResult, type Outcome } from './mutants/check';
import { TRAPS, type Trap } from './mutants/traps';
import { killAll, lastLines, run } from '../e2e/processes';

const ROOT = join(__dirname, '..');
const JEST_SECONDS = 900;
const say = (line: string) => process.stdout.write(`${line}\n`);

/** The files of the checkout, with what is not committed yet. */
function copyCheckout(copy: string): void {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of new Set(files.split('\0').filter(Boolean))) {
    // A file that was deleted is listed until that is committed.
    if (!existsSync(join(ROOT, file))) continue;
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    cpSync(join(ROOT, file), join(copy, file), { force: true });
  }
  // What is installed, and what the build makes.
  for (const made of ['node_modules', 'assets']) symlinkSync(join(ROOT, made), join(copy, made));
}

async function runTests(copy: string, tests: string[]): Promise<Outcome> {
  const file = join(copy, 'result.json');
  rmSync(file, { force: true });
  const options = ['--coverage=false', '--ci', '--silent', '--json', `--outputFile=${file}`];
  const { output } = await run({
    command: process.execPath,
    args: [join(copy, 'node_modules/jest/bin/jest.js'), ...options, ...tests],
    cwd: copy,
    env: { ...process.env, CDK_VALIDATION: 'false' },
    seconds: JEST_SECONDS,
  });
  return outcomeOf(readResult(file, lastLines(output)));
}

async function undone(copy: string, { file, text, replacement, tests }: Trap): Promise<Outcome> {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    source.replace(text, () => replacement),
  );
  try {
    return await runTests(copy, tests);
  } finally {
    writeFileSync(path, source);
  }
}

const SAID: Record<Outcome, string> = {
  failed: 'a test fails ',
  passed: 'NO TEST FAILS',
  'no answer': 'NO ANSWER    ',
};

async function main(copy: string): Promise<boolean> {
  const words = process.argv.slice(2);
  const traps = TRAPS.filter(({ trap }) => words.every((word) => trap.includes(word)));
  if (traps.length === 0) throw new Error(`no trap has these words: ${words.join(' ')}`);
  copyCheckout(copy);
  const problems = problemsOf(TRAPS, copy);
  if (problems.length > 0) throw new Error(`scripts/mutants/traps.ts is wrong:\n${problems.join('\n')}`);

  const tests = [...new Set(traps.flatMap((trap) => trap.tests))].sort();
  const before = await runTests(copy, tests);
  if (before !== 'passed') throw new Error(`before anything is changed: ${before}: ${tests.join(' ')}`);
  let held = 0;
  for (const trap of traps) {
    const outcome = await undone(copy, trap);
    if (outcome === 'failed') held++;
    say(`${SAID[outcome]}  ${trap.trap} (${trap.file})`);
  }
  say(`\n${held} of ${traps.length} remedies are held by a test`);
  return held === traps.length;
}

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'mutants-')));
process.once('exit', () => {
  killAll();
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130));
// Whatever ends this process early has not shown anything.
process.exitCode = 1;
main(directory)
  .then((isHeld) => {
    process.exitCode = isHeld ? 0 : 1;
  })
  .catch((error: Error) => process.stderr.write(`${error.message}\n`));
