/**
 * Makes the files that the library brings along ready-made, so that no user needs a bundler: what compiles schemas at
 * synthesis, what the compiled ones need at run time, and the function of the republisher. Goes with the licences of what
 * is in them.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { basename, join, resolve } from 'path';
import { build, type Plugin } from 'esbuild';

const ROOT = join(__dirname, '..');
const OUT = join(ROOT, 'assets');

/** Where each file goes, by what it is made of. */
const FILES: Record<string, string> = {
  'scripts/bundle/schema-compiler.js': 'schema-compiler.js',
  'scripts/bundle/rt.js': 'republisher/rt.js',
  'src/validation/handler/decide.ts': 'republisher/decide.js',
  'functions/republisher/index.ts': 'republisher/index.js',
  'functions/republisher/stores.ts': 'republisher/stores.js',
};

/** Files that others load from beside them: one copy of the decision, and what is rarely needed stays unread. */
const SEPARATE = ['src/validation/handler/decide', 'functions/republisher/stores'].map((file) => join(ROOT, file));

const separate: Plugin = {
  name: 'separate',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) =>
      kind !== 'entry-point' && SEPARATE.includes(resolve(resolveDir, path))
        ? { path: `./${basename(path)}.js`, external: true }
        : undefined,
    );
  },
};

/** Lambda gives a function its credentials in the environment: the other ways to come by some are a fifth of the code. */
const credentials: Plugin = {
  name: 'credentials',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({
      path: 'defaultProvider',
      namespace: 'env',
    }));
    onLoad({ filter: /./, namespace: 'env' }, ({ path }) => ({
      contents: `export { fromEnv as ${path} } from '@aws-sdk/credential-provider-env';`,
      resolveDir: ROOT,
    }));
  },
};

async function main(): Promise<void> {
  rmSync(OUT, { recursive: true, force: true });
  const packages = new Set<string>();
  for (const [source, target] of Object.entries(FILES)) {
    const { metafile } = await build({
      entryPoints: [join(ROOT, source)],
      outfile: join(OUT, target),
      absWorkingDir: ROOT,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node20',
      // Modules first: what is not used of them is left out.
      mainFields: source.endsWith('.ts') ? ['module', 'main'] : undefined,
      plugins: [separate, credentials],
      metafile: true,
      logLevel: 'warning',
    });
    for (const input of Object.keys(metafile.inputs)) {
      const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
      if (name) packages.add(name);
    }
  }
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, 'LICENSES.txt'), licencesOf([...packages].sort()));
}

/** Each licence once, with all that is under it. */
function licencesOf(packages: string[]): string {
  const byText = new Map<string, string[]>();
  for (const name of packages) {
    const directory = join(ROOT, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license'].map((f) => join(directory, f)).find(existsSync);
    const text = file === undefined ? `Licensed under ${license}.\n` : readFileSync(file, 'utf8');
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  return [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n${'-'.repeat(80)}\n`).join('\n');
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});
