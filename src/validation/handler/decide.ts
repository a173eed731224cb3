import { readFileSync } from 'fs';
import { join } from 'path';
import { judge } from './judge';
import type { Manifest, ManifestContract, Place } from './manifest';
import { type Check, validatorsIn } from './validators';
import type { Verdict } from './verdict';

export { REQUEST_BYTES, sizeOf } from './judge';
export { packed, placeOfEvent, textOf } from './quarantine-record';

/** Decides about an event, given as text. */
export interface Decide {
  readonly manifest: Manifest;
  (body: string, place: Place): Verdict;
  /** The verdicts about those of a batch that fit their contracts, by their text: sooner than one by one. */
  ofFitting(bodies: string[], place: Place): Map<string, Verdict>;
}

/** What the directory of an asset decides about events. Needs neither AWS nor Lambda. */
export function open(directory: string): Decide {
  const manifest: Manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  const validatorOf = validatorsIn(directory);
  const decide = (body: string, place: Place): Verdict => judge(body, { ...manifest, ...place }, validatorOf);
  const ofFitting = (bodies: string[], place: Place): Map<string, Verdict> => {
    // As if each fitted; then it is asked which do.
    const found = bodies.flatMap((body) => {
      let check: Check | undefined;
      const noting = (contract: ManifestContract) => (detail: unknown) => {
        check = { contract, detail };
        return [];
      };
      try {
        const verdict = judge(body, { ...manifest, ...place }, noting);
        return check ? [{ body, verdict, check }] : [];
      } catch {
        // Whoever decides about it alone hears of it.
        return [];
      }
    });
    const fits = validatorOf.fit(found.map(({ check }) => check));
    return new Map(found.filter((_, i) => fits[i]).map(({ body, verdict }) => [body, verdict]));
  };
  return Object.assign(decide, { manifest, ofFitting });
}
