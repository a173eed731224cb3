import { execFileSync } from 'child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { delimiter, dirname, join } from 'path';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');
const RULER = join(ROOT, 'tools/event-ruler');

/** The engine's module, as published: in lib/ if that is newer than the sources, or else they are compiled aside. */
export function buildEngine(work: string): string {
  const isBuilt = filesIn(join(ROOT, 'src/pattern')).every((source) => {
    const output = source.replace(join(ROOT, 'src'), join(ROOT, 'lib')).replace(/\.ts$/, '.js');
    return isNewer(output, [source]);
  });
  if (isBuilt) return join(ROOT, 'lib/pattern/index.js');
  transpile(join(ROOT, 'src'), join(work, 'lib'));
  return join(work, 'lib/pattern/index.js');
}

/** The scripts that hold the engine, in a folder of plain JavaScript: processes without a loader of TypeScript. */
export function buildChildren(work: string): string {
  transpile(__dirname, join(work, 'children'));
  return join(work, 'children');
}

export const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';

/** The class path of event-ruler and Bench.java. */
export function buildRuler(): string {
  const classes = join(RULER, 'target/classes');
  const jars = join(RULER, 'target/dependency');
  const sources = [join(RULER, 'pom.xml'), join(RULER, 'src/main/java/Bench.java')];
  if (!existsSync(jars) || !isNewer(join(classes, 'Bench.class'), sources)) {
    const goals = ['--quiet', '--batch-mode', 'compile', 'dependency:copy-dependencies'];
    execFileSync('mvn', goals, { cwd: RULER, stdio: ['ignore', 'inherit', 'inherit'] });
  }
  return [classes, join(jars, '*')].join(delimiter);
}

function transpile(from: string, to: string): void {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const compilerOptions = { ...options, module: ts.ModuleKind.CommonJS };
  for (const file of filesIn(from)) {
    const output = file.replace(from, to).replace(/\.ts$/, '.js');
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(
      output,
      ts.transpileModule(readFileSync(file, 'utf8'), { fileName: file, compilerOptions }).outputText,
    );
  }
}

function isNewer(file: string, sources: string[]): boolean {
  return existsSync(file) && sources.every((source) => statSync(source).mtimeMs <= statSync(file).mtimeMs);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}
