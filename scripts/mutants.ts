/**
 * Undoes what keeps users from each known trap, one at a time, and shows that a test fails for it.
 *
 * It works on a copy: the checkout is not touched.
 */
import { execFileSync, spawnSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { TRAPS, type Trap } from './mutants/traps';

const ROOT = join(__dirname, '..');

/** The files of the checkout, with what is not committed yet. */
function copyOfCheckout(): string {
  const copy = mkdtempSync(join(tmpdir(), 'mutants-'));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of new Set(files.split('\0').filter(Boolean))) {
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    cpSync(join(ROOT, file), join(copy, file), { force: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function testsPass(copy: string, tests: string[]): boolean {
  const { status } = spawnSync('npx', ['jest', '--coverage=false', '--ci', '--bail', '--silent', ...tests], {
    cwd: copy,
    stdio: 'ignore',
    env: { ...process.env, CDK_VALIDATION: 'false' },
  });
  return status === 0;
}

function survives(copy: string, { file, text, replacement, tests }: Trap): boolean {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(text).length !== 2) throw new Error(`${file} does not have this text once: ${text}`);
  writeFileSync(
    path,
    source.replace(text, () => replacement),
  );
  try {
    return testsPass(copy, tests);
  } finally {
    writeFileSync(path, source);
  }
}

const copy = copyOfCheckout();
let survivors = 0;
try {
  const tests = [...new Set(TRAPS.flatMap((trap) => trap.tests))].sort();
  if (!testsPass(copy, tests)) throw new Error(`tests fail before anything is changed: ${tests.join(' ')}`);
  for (const trap of TRAPS) {
    const isSurvivor = survives(copy, trap);
    if (isSurvivor) survivors++;
    process.stdout.write(`${isSurvivor ? 'NO TEST FAILS' : 'a test fails '}  ${trap.trap} (${trap.file})\n`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.stdout.write(`\n${TRAPS.length - survivors} of ${TRAPS.length} remedies are held by a test\n`);
process.exitCode = survivors === 0 ? 0 : 1;
