import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import type { Trap } from './traps';

/** What is wrong with the table, all of it: the sources change, and a text that is gone undoes nothing. */
export function problemsOf(traps: readonly Trap[], root: string): string[] {
  return traps.flatMap(({ trap, file, text, replacement, tests }) => {
    const path = join(root, file);
    const times = existsSync(path) ? readFileSync(path, 'utf8').split(text).length - 1 : undefined;
    return [
      ...(times === undefined ? [`${file} is not there`] : []),
      ...(times !== undefined && times !== 1 ? [`${file} has this text ${times} times, not once: ${text}`] : []),
      ...(replacement === text ? ['the replacement is the text'] : []),
      ...(tests.length === 0 ? ['it names no tests'] : []),
      ...tests.filter((test) => !existsSync(join(root, test))).map((test) => `${test} is not there`),
    ].map((problem) => `${trap}: ${problem}`);
  });
}

/** What jest says of a run (`--json`), as far as it decides. */
export interface JestResult {
  readonly numTotalTests: number;
  readonly numFailedTests: number;
  /** Files that could not be run: they say nothing of what they test. */
  readonly numRuntimeErrorTestSuites: number;
}

export type Outcome = 'passed' | 'failed' | 'no answer';

/** Whether tests ran and one failed. Tests that could not run are no answer. */
export function outcomeOf(result: JestResult): Outcome {
  if (result.numRuntimeErrorTestSuites !== 0 || !(result.numTotalTests > 0)) return 'no answer';
  return result.numFailedTests > 0 ? 'failed' : 'passed';
}

/** Reads what jest wrote; without it, jest did not come to an end. */
export function readResult(file: string, said: string): JestResult {
  if (!existsSync(file)) throw new Error(`jest gave no result; it said:\n${said}`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
