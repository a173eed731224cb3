/** A member of an object in a JSON text, by its offsets. */
export interface Member {
  /** Without its escapes. */
  readonly key: string;
  /** Where the member begins, with the quote of its key. */
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** What makes a text dangerous that is JSON: two readers may see two things in it. */
export class AmbiguousJsonError extends Error {}

/** Levels of nesting that EventBridge takes. */
export const MAX_DEPTH = 1000;

/**
 * The members of the object that begins at an offset, in a text that is known to be JSON.
 *
 * Looks at everything inside, too: a key that stands twice in an object, at any level, is refused, since EventBridge
 * reads both and a parser the last; and so is nesting that EventBridge does not take.
 */
export function membersOf(text: string, offset: number): Member[] {
  const members: Member[] = [];
  /** The keys of each open object; undefined for an array. */
  const open: Array<Set<string> | undefined> = [];
  let at = offset;
  let start = 0;
  let valueStart = 0;
  let key = '';
  let isKey = false;
  const close = (): void => {
    if (open.length !== 1 || valueStart === 0) return;
    members.push({ key, start, valueStart, end: trimmed(text, at) });
    valueStart = 0;
  };
  for (; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (isKey && keys) {
        const name = JSON.parse(text.slice(at, end)) as string;
        if (keys.has(name)) throw new AmbiguousJsonError(`key ${JSON.stringify(name)} stands twice in one object`);
        keys.add(name);
        if (open.length === 1) [key, start] = [name, at];
        isKey = false;
      }
      at = end - 1;
    } else if (char === BRACE || char === BRACKET) {
      if (open.length === MAX_DEPTH) throw new AmbiguousJsonError(`more than ${MAX_DEPTH} levels`);
      open.push(char === BRACE ? new Set() : undefined);
      isKey = char === BRACE;
    } else if (char === BRACE_END || char === BRACKET_END) {
      close();
      open.pop();
      if (open.length === 0) return members;
    } else if (char === COMMA) {
      if (open.length === 1) close();
      isKey = open.at(-1) !== undefined;
    } else if (char === COLON && open.length === 1) {
      valueStart = at + 1;
      while (isSpace(text.charCodeAt(valueStart))) valueStart++;
    }
  }
  return members;
}

const [QUOTE, BACKSLASH, COMMA, COLON, BRACE, BRACE_END, BRACKET, BRACKET_END] = [...'"\\,:{}[]'].map((char) =>
  char.charCodeAt(0),
);

const isSpace = (char: number): boolean => char === 32 || char === 10 || char === 13 || char === 9;

/** The end of what stands before an offset, without white space. */
function trimmed(text: string, end: number): number {
  let at = end;
  while (isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

function endOfString(text: string, quote: number): number {
  let at = quote + 1;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at + 1;
}
