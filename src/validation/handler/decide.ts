import { readFileSync } from 'fs';
import { join } from 'path';
import { judge, type Manifest, type Place, type Verdict } from './judge';
import { validatorsIn } from './validators';

export { REQUEST_BYTES, sizeOf } from './judge';
export { packed, placeOfEvent, textOf } from './quarantine-record';

/** What the directory of an asset decides about events, given as text. Needs neither AWS nor Lambda. */
export function open(directory: string): (body: string, place: Place) => Verdict {
  const manifest = readManifest(directory);
  const validatorOf = validatorsIn(directory);
  return (body, place) => judge(body, { ...manifest, ...place }, validatorOf);
}

export function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
}
