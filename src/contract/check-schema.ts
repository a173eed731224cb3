import { type EventSchema } from './event-schema';
import { escape, isObject, valueAt } from './json';
import { BackboneError, shown } from '../internal/errors';

/** What a schema says that is surely not meant, or that nobody checks: where, what, and the remedy. */
export interface SchemaAdvice {
  readonly id: 'formatUnknown' | 'patternExplosive' | 'metadataClosed';
  readonly message: string;
}

interface Knowledge {
  readonly formats: Set<string>;
  readonly isSafe: (pattern: string) => boolean;
}

/** Keywords whose values are data, not schemas. */
const DATA = new Set(['const', 'enum', 'default', 'example', 'examples']);

/** Refuses references that lead out of the document, and advises on the rest. */
export function adviceOnSchema({ _document, _pointer, _origin }: EventSchema, known: Knowledge): SchemaAdvice[] {
  const advice: SchemaAdvice[] = [];
  const visit = (schema: unknown, pointer: string): void => {
    if (Array.isArray(schema)) schema.forEach((item, i) => visit(item, `${pointer}/${i}`));
    if (!isObject(schema)) return;
    for (const [key, value] of Object.entries(schema)) {
      const at = `${pointer}/${escape(key)}`;
      const where = `${_origin}${at}`;
      if (key === '$ref' && typeof value === 'string' && !value.startsWith('#')) {
        throw new BackboneError(
          'SchemaInvalid',
          `${where}: ${shown(value)} leads out of the document: copy what it points to into "$defs", and refer to that`,
        );
      }
      if (key === 'format' && typeof value === 'string' && !known.formats.has(value)) {
        advice.push({
          id: 'formatUnknown',
          message: `${where}: the format ${shown(value)} is not known, so nothing checks it: use "pattern", or one of ${[...known.formats].sort().join(', ')}`,
        });
      }
      if (key === 'pattern' && typeof value === 'string' && !known.isSafe(value)) {
        advice.push({
          id: 'patternExplosive',
          message: `${where}: ${shown(value)} can take seconds on a short text made for that: do not repeat what repeats already`,
        });
      }
      if (!DATA.has(key)) visit(value, at);
    }
  };
  visit(_document, '');
  const metadata = valueAt(_document, `${_pointer}/properties/metadata`);
  if (isObject(metadata) && metadata.additionalProperties === false) {
    advice.push({
      id: 'metadataClosed',
      message: `${_origin}${_pointer}/properties/metadata/additionalProperties: false would refuse "origin", which the republisher adds: leave it out`,
    });
  }
  return advice;
}
