import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { isLock, readLock } from '../contract/contract-lock';
import { EventContract } from '../contract/event-contract';
import { EventSchema } from '../contract/event-schema';

/**
 * The contracts that the constructs of an app were given, wherever they were written down: each puts them as
 * `contracts.json` into its asset.
 *
 * Only what the manifest names is read: assets of former synthesizes stay in the directory.
 */
export function contractsInAssembly(directory: string): EventContract[] {
  const manifest = join(directory, 'manifest.json');
  if (!existsSync(manifest)) {
    throw new Error(`${directory}: is not a cloud assembly, it has no manifest.json: run "cdk synth" first`);
  }
  const files = new Set(assetDirectories(directory).map((asset) => join(asset, 'contracts.json')));
  return [...files].sort().filter(existsSync).flatMap(contractsIn);
}

function assetDirectories(directory: string): string[] {
  const { artifacts = {} } = read(join(directory, 'manifest.json'));
  return Object.values<any>(artifacts).flatMap(({ type, properties }) => {
    if (type === 'cdk:cloud-assembly') return assetDirectories(join(directory, properties.directoryName));
    if (type !== 'cdk:asset-manifest') return [];
    const { files = {} } = read(join(directory, properties.file));
    return Object.values<any>(files).flatMap(({ source }) => (source?.path ? [join(directory, source.path)] : []));
  });
}

function contractsIn(path: string): EventContract[] {
  // Assets of others may have files of this name.
  if (!isLock(tryRead(path))) return [];
  return [...readLock(path).values()].map(
    ({ source, detailType, owner, schema }) =>
      new EventContract({ source, detailType, owner, schema: EventSchema._in(schema, path) }),
  );
}

const read = (path: string): any => JSON.parse(readFileSync(path, 'utf8'));

function tryRead(path: string): unknown {
  try {
    return read(path);
  } catch {
    return undefined;
  }
}
