import { createHash } from 'crypto';

export const isObject = (value: unknown): value is Record<string, any> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A key as it stands in a JSON pointer. */
export const escape = (key: string): string => key.replace(/~/g, '~0').replace(/\//g, '~1');

export const unescape = (part: string): string => part.replace(/~1/g, '/').replace(/~0/g, '~');

/** What a JSON pointer points to; undefined if nothing. */
export function valueAt(document: any, pointer: string): unknown {
  const keys = pointer.split('/').slice(1).map(unescape);
  return keys.reduce((value, key) => (Object.hasOwn(Object(value), key) ? value[key] : undefined), document);
}

/** A pointer as it stands in a reference. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The same value with the keys of all objects in order. */
export function ordered(value: any): any {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, ordered(value[key])]),
  );
}

/** One text for all spellings of a value. */
export const canonical = (value: unknown): string => JSON.stringify(ordered(value));

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

export const hashOf = (value: unknown): string => digest(canonical(value));
