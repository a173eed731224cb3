import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { makeLazy } from '../../scripts/lazy-barrels';

let lib: string;

beforeEach(() => {
  lib = mkdtempSync(join(tmpdir(), 'lazy-barrels-'));
});
afterEach(() => rmSync(lib, { recursive: true }));

function given(files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(lib, file)), { recursive: true });
    writeFileSync(join(lib, file), text);
  }
}

const barrel = (...parts: string[]) =>
  parts.map((part) => `Object.assign(exports, require("${part}"));`).join('\n') + '\n';

/** What a program prints that is told where the library lies. */
function print(program: string, type = 'commonjs'): string {
  const { stdout, stderr } = spawnSync(process.execPath, [`--input-type=${type}`, '-e', program], { encoding: 'utf8' });
  return stdout + stderr;
}

const TWO_ROOMS = {
  'index.js': barrel('./first', './second'),
  'first/index.js': barrel('./a', './b'),
  'first/a.js': 'console.log("loads a"); exports.A = "is a"; exports.AlsoA = 1;',
  'first/b.js': 'console.log("loads b"); exports.B = "is b";',
  'second/index.js': barrel('./c'),
  'second/c.js': 'console.log("loads c"); exports.C = "is c";',
};

test('a file is loaded when one of its names is used first', () => {
  given(TWO_ROOMS);

  makeLazy(lib);

  const program = `const lib = require(${JSON.stringify(lib)}); console.log('before'); console.log(lib.B, lib.B, lib.C)`;
  expect(print(program)).toBe('before\nloads b\nloads c\nis b is b is c\n');
});

test('ES modules find the names', () => {
  given(TWO_ROOMS);

  makeLazy(lib);

  const program = `import { A, C } from ${JSON.stringify(join(lib, 'index.js'))}; console.log(A, C)`;
  expect(print(program, 'module')).toMatch(/is a is c\n$/);
});

test('nothing changes the second time', () => {
  given(TWO_ROOMS);
  makeLazy(lib);
  const names = `console.log(Object.keys(require(${JSON.stringify(lib)})).join())`;
  expect(print(names)).toBe('A,AlsoA,B,C\n');

  makeLazy(lib);

  expect(print(names)).toBe('A,AlsoA,B,C\n');
});

test('a barrel that holds something itself is refused', () => {
  given({ 'index.js': barrel('./a') + 'exports.own = 1;', 'a.js': 'exports.A = 1;' });

  expect(() => makeLazy(lib)).toThrow(/index\.js: own comes from none of its files/);
});
