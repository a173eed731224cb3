import type { EventPatternErrorCode } from './errors';
import { type JsonNode, type JsonObject, MAX_DEPTH } from './json-text';

type Fail = (code: EventPatternErrorCode, path: string, problem: string, remedy: string) => never;

/**
 * The tree of a pattern that was given as a value. `undefined` in a list is null, as it stands for one where the value
 * comes from another language.
 *
 * @param isUnknown whether a part is not known yet, as values are that only a deployment will give
 */
export function nodeOf(value: unknown, fail: Fail, isUnknown: (part: unknown) => boolean): JsonNode {
  const above = new Set<object>();

  function convert(part: any, pointer: string): JsonNode {
    if (isUnknown(part)) return { type: 'unknown', at: 0 };
    switch (typeof part) {
      case 'string':
        return { type: 'string', at: 0, value: part };
      case 'boolean':
        return { type: part ? 'true' : 'false', at: 0 };
      case 'undefined':
        return { type: 'null', at: 0 };
      case 'number':
        if (!Number.isFinite(part)) {
          fail('WrongOperand', pointer, `${part} is no number of JSON`, 'Write a finite number.');
        }
        return { type: 'number', at: 0, text: String(part) };
      case 'object':
        break;
      default:
        return fail('WrongCondition', pointer, `a ${typeof part}`, 'A pattern holds what JSON can hold.');
    }
    if (part === null) return { type: 'null', at: 0 };
    if (above.has(part)) {
      fail('Circular', pointer, 'an object that contains itself', 'A pattern is a tree, as its JSON text is.');
    }
    if (above.size >= MAX_DEPTH) {
      fail('TooDeep', pointer.slice(0, 80), `more than ${MAX_DEPTH} levels of nesting`, 'A pattern needs few.');
    }
    above.add(part);
    const node = composite(part, pointer);
    above.delete(part);
    return node;
  }

  function composite(part: any, pointer: string): JsonNode {
    if (typeof part.toJSON === 'function') return convert(part.toJSON(), pointer);
    if (Array.isArray(part)) {
      return { type: 'array', at: 0, items: Array.from(part, (item, i) => convert(item, `${pointer}/${i}`)) };
    }
    const entries: JsonObject['entries'] = [];
    for (const [key, member] of Object.entries(part)) {
      if (member === undefined) continue;
      entries.push({
        key,
        at: 0,
        value: convert(member, `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`),
      });
    }
    return { type: 'object', at: 0, entries };
  }

  return convert(value, '');
}
