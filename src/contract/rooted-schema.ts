import { isObject, unescape, valueAt } from './json';
import { NAMED_SCHEMAS, SCHEMAS } from './schema-keywords';

/** Where what a schema refers to stands in its rooted form: under a key that no schema reads. */
const ELSEWHERE = 'x-document';

/**
 * The part of a document as a schema of its own, in which references into the document hold.
 *
 * @param targets what it refers to, directly or not; the whole document is taken along where that is not known
 */
export function rooted(document: any, pointer: string, targets?: Iterable<string>): unknown {
  if (pointer === '') return withoutIds(document);
  const own = valueAt(document, pointer);
  if (!isObject(document) || !isObject(own)) return own;
  const elsewhere = targets ? partsOf(document, targets) : redirectedAll(withoutIds(document));
  return withoutIds({ ...redirected(own), [ELSEWHERE]: elsewhere });
}

/** Ids would make references absolute, and two schemas of one id collide. */
export function withoutIds(schema: any): any {
  if (!isObject(schema)) return schema;
  const { $id, id, $schema, ...rest } = schema;
  return rest;
}

/** The parts, each where it stands in the document. */
function partsOf(document: any, targets: Iterable<string>): object {
  const parts = {};
  for (const target of targets) {
    const keys = target.split('/').slice(1).map(unescape);
    const last = keys.pop()!;
    const parent = keys.reduce((value: any, key) => (value[key] ??= {}), parts);
    parent[last] = redirected(valueAt(document, target));
  }
  return parts;
}

/** Leaves alone what is data: a constant may look like a reference. */
function redirected(schema: any): any {
  if (Array.isArray(schema)) return schema.map(redirected);
  if (!isObject(schema)) return schema;
  return mapped(schema, (key, value) => {
    if (key === '$ref') return sent(value);
    if (SCHEMAS.has(key)) return redirected(value);
    return NAMED_SCHEMAS.has(key) && isObject(value) ? mapped(value, (_, inner) => redirected(inner)) : value;
  });
}

/** Of a document of which nobody knows where its schemas are. */
function redirectedAll(value: any): any {
  if (Array.isArray(value)) return value.map(redirectedAll);
  if (!isObject(value)) return value;
  return mapped(value, (key, inner) => (key === '$ref' ? sent(inner) : redirectedAll(inner)));
}

const sent = (ref: unknown): unknown =>
  typeof ref === 'string' && /^#(\/|$)/.test(ref) ? `#/${ELSEWHERE}${ref.slice(1)}` : ref;

const mapped = (value: object, change: (key: string, value: any) => unknown): any =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(key, inner)]));
