import type { Random } from '../random';

/** JSON that keeps the text of numbers, duplicate keys and their order. */
export type Json = string | boolean | null | Num | Obj | Raw | Json[];

export class Num {
  constructor(public readonly text: string) {}
}

export class Obj {
  constructor(public readonly entries: ReadonlyArray<readonly [key: string, value: Json]>) {}

  public only(): readonly [key: string, value: Json] | undefined {
    return this.entries.length === 1 ? this.entries[0] : undefined;
  }
}

/** Text that is perhaps no JSON. */
export class Raw {
  constructor(public readonly text: string) {}
}

export const obj = (...entries: Array<readonly [string, Json]>): Obj => new Obj(entries);
export const num = (text: string | number): Num => new Num(String(text));

/** With a random source, in odd spellings: spaces, escapes. */
export function write(json: Json, odd?: Random): string {
  const space = () => (odd?.chance(0.3) ? odd.pick([' ', '\n', '\t', '\r\n', '  ']) : '');
  const list = (parts: string[]) => parts.map((part) => `${space()}${part}${space()}`).join(',') || space();
  if (json instanceof Num || json instanceof Raw) return json.text;
  if (typeof json === 'string') return writeString(json, odd);
  if (Array.isArray(json)) return `[${list(json.map((item) => write(item, odd)))}]`;
  if (json instanceof Obj) {
    return `{${list(json.entries.map(([key, value]) => `${writeString(key, odd)}${space()}:${space()}${write(value, odd)}`))}}`;
  }
  return String(json);
}

function writeString(text: string, odd?: Random): string {
  if (!odd) return JSON.stringify(text);
  const unit = (c: string) => `\\u${hex(odd.chance(0.5) ? 'upper' : 'lower', c)}`;
  // Code units, not characters: half of a pair may be escaped.
  const escaped = text.split('').map((c) => {
    if (c === '"' || c === '\\') return odd.chance(0.7) ? `\\${c}` : unit(c);
    if (c === '/' && odd.chance(0.3)) return '\\/';
    if (c < ' ') return unit(c);
    return odd.chance(0.15) ? unit(c) : c;
  });
  return `"${escaped.join('')}"`;
}

function hex(letters: 'upper' | 'lower', c: string): string {
  const digits = c.charCodeAt(0).toString(16).padStart(4, '0');
  return letters === 'upper' ? digits.toUpperCase() : digits;
}

const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(true|false|null))/y;

/** The first value of a text; undefined if it is no JSON. */
export function parse(text: string): Json | undefined {
  const token = new RegExp(TOKEN);
  let [mark, string, number, word]: Array<string | undefined> = [];
  const next = (): void => {
    [, mark, string, number, word] = token.exec(text) ?? fail();
  };
  const expect = (wanted: string): void => {
    if (mark !== wanted) fail();
  };
  /** What stands between commas, up to the closing mark. */
  const list = (close: string, item: () => void): void => {
    next();
    if (mark === close) return;
    for (;;) {
      item();
      next();
      if (mark === close) return;
      expect(',');
      next();
    }
  };
  const value = (): Json => {
    if (string !== undefined) return JSON.parse(string) as string;
    if (number !== undefined) return new Num(number);
    if (word !== undefined) return JSON.parse(word) as boolean | null;
    const items: Json[] = [];
    const entries: Array<[string, Json]> = [];
    if (mark === '[') {
      list(']', () => items.push(value()));
      return items;
    }
    expect('{');
    list('}', () => {
      const key = JSON.parse(string ?? fail()) as string;
      next();
      expect(':');
      next();
      entries.push([key, value()]);
    });
    return new Obj(entries);
  };
  try {
    next();
    return value();
  } catch {
    return undefined;
  }
}

function fail(): never {
  throw new SyntaxError('no JSON');
}
