/**
 * Reads JSON text into a tree that keeps what `JSON.parse` loses: the text of numbers, duplicate keys, the place of
 * every value.
 */

export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonWord | JsonUnknown;

export interface JsonObject {
  readonly type: 'object';
  readonly at: number;
  readonly entries: Array<{ readonly key: string; readonly at: number; readonly value: JsonNode }>;
}

export interface JsonArray {
  readonly type: 'array';
  readonly at: number;
  readonly items: JsonNode[];
}

export interface JsonString {
  readonly type: 'string';
  readonly at: number;
  readonly value: string;
}

export interface JsonNumber {
  readonly type: 'number';
  readonly at: number;
  readonly text: string;
}

export interface JsonWord {
  readonly type: 'true' | 'false' | 'null';
  readonly at: number;
}

/** A value that is not known yet; never from text. */
export interface JsonUnknown {
  readonly type: 'unknown';
  readonly at: number;
}

/** The text is no JSON. */
export class JsonTextError extends Error {
  constructor(
    message: string,
    public readonly offset: number,
    public readonly tooDeep = false,
  ) {
    super(message);
  }
}

/** Levels of arrays and objects that EventBridge's JSON parser takes. */
export const MAX_DEPTH = 1000;

/** Digits of a number that EventBridge's JSON parser takes, those of its exponent included. */
export const MAX_NUMBER_DIGITS = 1000;

/** Characters of a key that EventBridge's JSON parser takes. */
export const MAX_KEY_LENGTH = 50_000;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;

/** Whether a JSON number has more digits than EventBridge's parser takes. */
export function hasTooManyDigits(number: string): boolean {
  if (number.length <= MAX_NUMBER_DIGITS) return false;
  // That parser counts one digit less for "0.…" without an exponent and for "0e…" without a fraction.
  const spared = /^-?0(?:\.[0-9]+|[eE][+-]?[0-9]+)$/.test(number) ? 1 : 0;
  return number.replace(/[^0-9]/g, '').length > MAX_NUMBER_DIGITS + spared;
}

/** The first value of a text; what follows it is not looked at, as in EventBridge's own parser. */
export function parseJsonText(text: string): JsonNode {
  let at = 0;

  function fail(message: string, offset = at, tooDeep = false): never {
    throw new JsonTextError(message, offset, tooDeep);
  }

  function space(): void {
    SPACE.lastIndex = at;
    SPACE.test(text);
    at = SPACE.lastIndex;
  }

  function found(): string {
    return at >= text.length ? 'the text ends' : `${JSON.stringify(text[at])} stands`;
  }

  function string(): string {
    STRING.lastIndex = at;
    if (!STRING.test(text)) fail('a string that is not closed, or holds a bad escape or a control character');
    const start = at;
    at = STRING.lastIndex;
    return JSON.parse(text.slice(start, at)) as string;
  }

  function value(depth: number): JsonNode {
    space();
    const start = at;
    const first = text[at];
    if (first === '{') {
      if (depth >= MAX_DEPTH) fail(`more than ${MAX_DEPTH} levels of nesting`, start, true);
      return object(start, depth + 1);
    }
    if (first === '[') {
      if (depth >= MAX_DEPTH) fail(`more than ${MAX_DEPTH} levels of nesting`, start, true);
      return array(start, depth + 1);
    }
    if (first === '"') return { type: 'string', at: start, value: string() };
    for (const word of ['true', 'false', 'null'] as const) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return { type: word, at: start };
      }
    }
    NUMBER.lastIndex = at;
    if (!NUMBER.test(text)) fail(`${found()} where a value should stand`);
    at = NUMBER.lastIndex;
    const number = text.slice(start, at);
    if (hasTooManyDigits(number)) fail(`a number of more than ${MAX_NUMBER_DIGITS} digits`, start);
    return { type: 'number', at: start, text: number };
  }

  function object(start: number, depth: number): JsonObject {
    const entries: JsonObject['entries'] = [];
    at++;
    space();
    if (text[at] === '}') {
      at++;
      return { type: 'object', at: start, entries };
    }
    for (;;) {
      space();
      if (text[at] !== '"') fail(`${found()} where a key should stand`);
      const keyAt = at;
      const key = string();
      if (key.length > MAX_KEY_LENGTH) fail(`a key of more than ${MAX_KEY_LENGTH} characters`, keyAt);
      space();
      if (text[at] !== ':') fail(`${found()} where ":" should stand`);
      at++;
      entries.push({ key, at: keyAt, value: value(depth) });
      space();
      if (text[at] === '}') break;
      if (text[at] !== ',') fail(`${found()} where "," or "}" should stand`);
      at++;
    }
    at++;
    return { type: 'object', at: start, entries };
  }

  function array(start: number, depth: number): JsonArray {
    const items: JsonNode[] = [];
    at++;
    space();
    if (text[at] === ']') {
      at++;
      return { type: 'array', at: start, items };
    }
    for (;;) {
      items.push(value(depth));
      space();
      if (text[at] === ']') break;
      if (text[at] !== ',') fail(`${found()} where "," or "]" should stand`);
      at++;
    }
    at++;
    return { type: 'array', at: start, items };
  }

  return value(0);
}
