import { createHash } from 'crypto';

/** A name that fits: as it is, or its beginning and a hash of the whole. */
export function shortened(name: string, most: number): string {
  return name.length <= most ? name : hashed(name, name, most);
}

/** A name of letters, digits, hyphens and underscores that fits, and is another for each name. */
export function plainName(name: string, most: number): string {
  const plain = name.replace(/[^\w-]/g, '-');
  return plain === name ? shortened(name, most) : hashed(plain, name, most);
}

/** The beginning of a name that fits, and a hash of the whole. */
export function hashed(beginning: string, whole: string, most: number): string {
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 8);
  return `${beginning.slice(0, most - 9)}-${hash}`;
}
