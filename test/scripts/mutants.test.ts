import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { outcomeOf, problemsOf, readResult } from '../../scripts/mutants/check';
import { TRAPS } from '../../scripts/mutants/traps';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'traps-'));
  mkdirSync(join(root, 'test/bus'), { recursive: true });
  writeFileSync(join(root, 'bus.ts'), 'once twice twice');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const trap = (change: object) => ({
  trap: 'a trap',
  file: 'bus.ts',
  text: 'once',
  replacement: '',
  tests: ['test/bus'],
  ...change,
});

test('a trap whose text is there once, and whose tests are there, is right', () => {
  expect(problemsOf([trap({})], root)).toEqual([]);
});

test('the table fits the sources', () => {
  expect(problemsOf(TRAPS, join(__dirname, '../..'))).toEqual([]);
});

test('all that is wrong is named at once', () => {
  const traps = [
    trap({ text: 'gone', tests: ['test/bus', 'test/gone.test.ts'] }),
    trap({ trap: 'another', text: 'twice' }),
    trap({ file: 'gone.ts' }),
    trap({ replacement: 'once' }),
    trap({ tests: [] }),
  ];
  expect(problemsOf(traps, root)).toEqual([
    'a trap: bus.ts has this text 0 times, not once: gone',
    'a trap: test/gone.test.ts is not there',
    'another: bus.ts has this text 2 times, not once: twice',
    'a trap: gone.ts is not there',
    'a trap: the replacement is the text',
    'a trap: it names no tests',
  ]);
});

test.each([
  ['failed', { numTotalTests: 3, numFailedTests: 1, numRuntimeErrorTestSuites: 0 }],
  ['passed', { numTotalTests: 3, numFailedTests: 0, numRuntimeErrorTestSuites: 0 }],
  ['no answer', { numTotalTests: 3, numFailedTests: 0, numRuntimeErrorTestSuites: 1 }],
  ['no answer', { numTotalTests: 3, numFailedTests: 1, numRuntimeErrorTestSuites: 1 }],
  ['no answer', { numTotalTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 }],
  ['no answer', {} as any],
])('%s: %j', (outcome, result) => {
  expect(outcomeOf(result)).toBe(outcome);
});

test('a run without a result is an error, and says what jest said', () => {
  const file = join(root, 'result.json');
  expect(() => readResult(file, 'out of memory')).toThrow('jest gave no result; it said:\nout of memory');
  writeFileSync(file, '{"numTotalTests":1}');
  expect(readResult(file, '')).toEqual({ numTotalTests: 1 });
});
