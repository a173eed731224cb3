import type { EventPatternErrorCode } from './errors';
import { type JsonNode, type JsonObject, MAX_DEPTH } from './json-text';

type Fail = (code: EventPatternErrorCode, path: string, problem: string, remedy: string) => never;

const NULL: JsonNode = { type: 'null', at: 0 };

/**
 * The tree of a pattern that was given as a value: that of the text which `JSON.stringify` makes of it. But what that
 * would drop or make null without a word is refused: a function, a symbol, a number that is not finite. `undefined`
 * is not, as in a list it stands for null where the value comes from another language.
 *
 * @param isUnknown whether a part is not known yet, as values are that only a deployment will give
 */
export function nodeOf(value: unknown, fail: Fail, isUnknown: (part: unknown) => boolean): JsonNode {
  const above = new Set<object>();

  /** The tree of a part; none of one that is undefined. */
  function convert(given: unknown, key: string, pointer: string): JsonNode | undefined {
    const part = isUnknown(given) ? given : plain(given, key);
    if (isUnknown(part)) return { type: 'unknown', at: 0 };
    switch (typeof part) {
      case 'string':
        return { type: 'string', at: 0, value: part };
      case 'boolean':
        return { type: part ? 'true' : 'false', at: 0 };
      case 'undefined':
        return undefined;
      case 'number':
        if (!Number.isFinite(part)) {
          fail('WrongOperand', pointer, `${part} is no number of JSON`, 'Write a finite number.');
        }
        return { type: 'number', at: 0, text: String(part) };
      case 'object':
        return part === null ? NULL : composite(part, pointer);
      default:
        return fail('WrongCondition', pointer, `a ${typeof part}`, 'A pattern holds what JSON can hold.');
    }
  }

  function composite(part: object, pointer: string): JsonNode {
    if (above.has(part)) {
      fail('Circular', pointer, 'an object that contains itself', 'A pattern is a tree, as its JSON text is.');
    }
    if (above.size >= MAX_DEPTH) {
      fail('TooDeep', pointer.slice(0, 80), `more than ${MAX_DEPTH} levels of nesting`, 'A pattern needs few.');
    }
    above.add(part);
    const node = Array.isArray(part) ? array(part, pointer) : object(part, pointer);
    above.delete(part);
    return node;
  }

  function array(part: unknown[], pointer: string): JsonNode {
    const items = Array.from(part, (item, i) => convert(item, String(i), `${pointer}/${i}`) ?? NULL);
    return { type: 'array', at: 0, items };
  }

  function object(part: object, pointer: string): JsonNode {
    const entries: JsonObject['entries'] = [];
    for (const [key, member] of Object.entries(part)) {
      const node = convert(member, key, `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`);
      if (node !== undefined) entries.push({ key, at: 0, value: node });
    }
    return { type: 'object', at: 0, entries };
  }

  return convert(value, '', '') ?? NULL;
}

/** What JSON takes for a value: what its `toJSON` gives, and of `new String('x')` and such the string. */
function plain(value: any, key: string): unknown {
  const part = typeof value?.toJSON === 'function' ? value.toJSON(key) : value;
  switch (Object.prototype.toString.call(part)) {
    case '[object String]':
      return String(part);
    case '[object Number]':
      return Number(part);
    case '[object Boolean]':
    case '[object BigInt]':
      return part.valueOf();
    default:
      return part;
  }
}
