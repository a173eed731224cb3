/**
 * Lets the compiled `index.js` files load a file when one of its names is first used: an app that imports the library
 * for two constructs does not wait for all of them. The CDK does the same with its own modules.
 */
import { readdirSync, readFileSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import { join, resolve } from 'path';

const FIRST_LINES = '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n';
const REQUIRED = /require\("(\.[^"]+)"\)/g;

/** The text of a compiled barrel that loads on first use. */
function lazily(path: string): string {
  const load = createRequire(path);
  const parts = [...readFileSync(path, 'utf8').matchAll(REQUIRED)].map(([, part]) => part);
  const names = Object.keys(load(path) as object);
  const getters = names.map((name) => {
    const part = parts.find((candidate) => Object.hasOwn(load(candidate) as object, name));
    if (!part) throw new Error(`${path}: ${name} comes from none of its files; a barrel only exports what others hold`);
    return `${name}: { enumerable: true, get: () => require(${JSON.stringify(part)}).${name} },\n`;
  });
  // Never runs: it is how Node finds the names that ES modules may import.
  const hint = `0 && (module.exports = { ${names.join(', ')} });\n`;
  return `${FIRST_LINES}${hint}Object.defineProperties(exports, {\n${getters.join('')}});\n`;
}

export function makeLazy(lib: string): void {
  const barrels = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(^|\/)index\.js$/.test(file),
  );
  const texts = barrels.map((file) => [join(lib, file), lazily(resolve(lib, file))] as const);
  // Only now: a file that changes while others load it would be read half old, half new.
  for (const [path, text] of texts) writeFileSync(path, text);
}

if (require.main === module) makeLazy(join(__dirname, '../lib'));
