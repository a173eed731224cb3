import { createHash } from 'crypto';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Failure } from '../failure';

/**
 * A copy of a cloud assembly in which the republisher cannot load the schema of an event: its file is missing. Hashes
 * are other ones, so that the CDK CLI publishes what is changed.
 *
 * @param name of the schema, `source@detailType`
 */
export function withoutSchema(assembly: string, copy: string, name: string): void {
  cpSync(assembly, copy, { recursive: true });
  const asset = readdirSync(copy).find((entry) => hasSchema(join(copy, entry), name));
  if (asset === undefined) {
    throw new Failure(`an asset with the schema ${name}`, `none in ${assembly}`, 'look at e2e/validator/contracts.ts');
  }
  rmSync(join(copy, asset, 'schemas', `${hashOf(join(copy, asset), name)}.js`));

  const files = readdirSync(copy).filter((file) => file.endsWith('.json'));
  const changed = new Map([nextHash(asset.replace(/^asset\./, ''))]);
  // The template that names the asset, too: by its own hash it would be taken for published.
  for (const file of files.filter((one) => one.endsWith('.assets.json'))) {
    const text = readFileSync(join(copy, file), 'utf8');
    if (!text.includes(asset)) continue;
    for (const hash of Object.keys(JSON.parse(text).files)) changed.set(...nextHash(hash));
  }
  for (const file of files) {
    const text = readFileSync(join(copy, file), 'utf8');
    writeFileSync(
      join(copy, file),
      text.replace(/[0-9a-f]{64}/g, (hash) => changed.get(hash) ?? hash),
    );
  }
  for (const entry of readdirSync(copy)) {
    const hash = changed.get(entry.replace(/^asset\./, ''));
    if (hash !== undefined) renameSync(join(copy, entry), join(copy, `asset.${hash}`));
  }
}

const nextHash = (hash: string): [string, string] => [
  hash,
  createHash('sha256').update(`broken ${hash}`).digest('hex'),
];

const hasSchema = (directory: string, name: string): boolean => {
  try {
    return hashOf(directory, name) !== undefined;
  } catch {
    return false;
  }
};

/** By the manifest of the republisher. */
function hashOf(directory: string, name: string): string | undefined {
  const { contracts } = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  const all = Object.values<any>(contracts).flatMap((ofSource) => Object.values<any>(ofSource));
  return all.find((contract) => contract.name === name)?.hash;
}
