import { createHash } from 'crypto';

/** A name that fits: as it is, or its beginning and a hash of the whole. */
export function shortened(name: string, most: number): string {
  if (name.length <= most) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, most - 9)}-${hash}`;
}
