/**
 * Makes the files that the library brings along ready-made, so that no user needs a bundler: what compiles schemas at
 * synthesis, and what the compiled ones need at run time. Goes with the licences of what is in them.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..');
const OUT = join(ROOT, 'assets');

/** Where each file goes, by what it is made of. */
const FILES: Record<string, string> = {
  'schema-compiler.js': 'schema-compiler.js',
  'rt.js': 'republisher/rt.js',
};

function main(): void {
  rmSync(OUT, { recursive: true, force: true });
  const packages = new Set<string>();
  for (const [source, target] of Object.entries(FILES)) {
    const { metafile } = buildSync({
      entryPoints: [join(ROOT, 'scripts/bundle', source)],
      outfile: join(OUT, target),
      absWorkingDir: ROOT,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node20',
      metafile: true,
      logLevel: 'warning',
    });
    for (const input of Object.keys(metafile.inputs)) {
      const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
      if (name) packages.add(name);
    }
  }
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, 'LICENSES.txt'), [...packages].sort().map(licenceOf).join('\n'));
}

function licenceOf(name: string): string {
  const directory = join(ROOT, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license'].map((f) => join(directory, f)).find(existsSync);
  const text = file === undefined ? `Licensed under ${license}.\n` : readFileSync(file, 'utf8');
  return `${name} ${version} (${license})\n\n${text}\n${'-'.repeat(80)}\n`;
}

main();
