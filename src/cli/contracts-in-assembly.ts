import { existsSync } from 'fs';
import { join } from 'path';
import { isLock, placeInLock, readLock } from '../contract/contract-lock';
import { EventContract } from '../contract/event-contract';
import { EventSchema } from '../contract/event-schema';
import { readJson } from '../contract/read-json';

/**
 * The contracts that the constructs of an app were given, wherever they were written down: each puts them into the cloud
 * assembly.
 *
 * Only what the manifest names is read: files of former syntheses stay in the directory.
 */
export function contractsInAssembly(directory: string): EventContract[] {
  const manifest = join(directory, 'manifest.json');
  if (!existsSync(manifest)) {
    throw new Error(`${directory}: is not a cloud assembly, it has no manifest.json: run "cdk synth" first`);
  }
  return filesIn(directory).filter(existsSync).flatMap(contractsIn);
}

/** What artifacts of no type name, here and in nested assemblies. */
function filesIn(directory: string): string[] {
  const { artifacts = {} } = readJson(join(directory, 'manifest.json'));
  return Object.values<any>(artifacts).flatMap(({ type, properties }) => {
    if (type === 'cdk:cloud-assembly') return filesIn(join(directory, properties.directoryName));
    return type === 'none' && properties?.file !== undefined ? [join(directory, properties.file)] : [];
  });
}

function contractsIn(path: string): EventContract[] {
  // Others may have artifacts of no type.
  if (!isLock(tryRead(path))) return [];
  return [...readLock(path)].map(([name, { source, detailType, owner, schema }]) => {
    const origin = `${path}${placeInLock(name)}/schema`;
    return new EventContract({ source, detailType, owner, schema: EventSchema._in(schema, origin) });
  });
}

function tryRead(path: string): unknown {
  try {
    return readJson(path);
  } catch {
    return undefined;
  }
}
