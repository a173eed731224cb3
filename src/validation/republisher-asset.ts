import { createHash } from 'crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import type { EventContract } from '../contract';
import type { Manifest, ManifestContract } from './handler/manifest';
import { compileSchema } from '../contract/compile-schema';

/** What the library brings along: the code of the function, made when the library is built. */
const READY_MADE = join(__dirname, '../../assets/republisher');

const made = new Map<string, string>();
const temporary: string[] = [];
process.once('exit', () => temporary.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

/** What the republisher goes by, but for the contracts. */
export type Settings = Omit<Manifest, 'contracts'>;

/**
 * A directory with all that the function needs: its code, the manifest, and each schema as a file, which is loaded when
 * an event needs it. The same settings and contracts always make the same files.
 *
 * @param isStaged whether the CDK takes a copy: then the directory is gone when the process ends
 */
export function republisherAsset(settings: Settings, contracts: EventContract[], isStaged = true): string {
  const compiled = contracts.map((contract) => ({ contract, ...compileSchema(contract.schema) }));
  const bySource = new Map<string, Array<[string, ManifestContract]>>();
  for (const { contract, hash } of compiled.sort(byName)) {
    const { source, detailType, schemaName: name } = contract;
    bySource.set(source, [...(bySource.get(source) ?? []), [detailType, { name, hash }]]);
  }
  const contractsOf = ([source, entries]: [string, Array<[string, ManifestContract]>]) => [
    source,
    Object.fromEntries(entries),
  ];
  const manifest: Manifest = { ...settings, contracts: Object.fromEntries([...bySource].map(contractsOf)) };
  const text = JSON.stringify(manifest, null, 1);
  const key = `${isStaged} ${createHash('sha256').update(text).digest('hex')}`;
  const known = made.get(key);
  if (known !== undefined) return known;

  const directory = mkdtempSync(join(tmpdir(), 'event-backbone-'));
  if (isStaged) temporary.push(directory);
  for (const file of readdirSync(READY_MADE)) copyFileSync(join(READY_MADE, file), join(directory, file));
  writeFileSync(join(directory, 'manifest.json'), text);
  mkdirSync(join(directory, 'schemas'));
  for (const { code, hash } of compiled) writeFileSync(join(directory, 'schemas', `${hash}.js`), code);
  made.set(key, directory);
  return directory;
}

type Compiled = { readonly contract: EventContract; readonly code: string; readonly hash: string };

/** Without a locale, which would order otherwise elsewhere. */
function byName({ contract: a }: Compiled, { contract: b }: Compiled): number {
  return a.schemaName < b.schemaName ? -1 : a.schemaName > b.schemaName ? 1 : 0;
}
