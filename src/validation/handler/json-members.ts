/** A member of an object in a JSON text, by its offsets. */
export interface Member {
  /** Without its escapes. */
  readonly key: string;
  /** Where the member begins, with the quote of its key. */
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
  /** The members of its value, where they were asked for and the value is an object. */
  readonly members?: Member[];
}

/** What makes a text dangerous that is JSON: two readers may see two things in it. */
export class AmbiguousJsonError extends Error {}

/** Levels of nesting that EventBridge takes. */
export const MAX_DEPTH = 1000;

/** How much of a key messages show: it may be as long as an event, and hold anything. */
const SHOWN = 64;

/** An object whose members are kept, and the one of them that is being read. */
interface Kept {
  readonly members: Member[];
  key: string;
  start: number;
  /** Zero between two members. */
  valueStart: number;
  inner?: Member[];
}

/**
 * The members of the object that begins at an offset, in a text that is known to be JSON.
 *
 * Looks at everything inside, too: a key that stands twice in an object, at any level, is refused, since EventBridge
 * reads both and a parser the last; and so is nesting that EventBridge does not take.
 *
 * @param path the keys of an object inside, one for each level: all on the way to it tell their members, too
 */
export function membersOf(text: string, offset: number, path: string[] = [], maxDepth: number = MAX_DEPTH): Member[] {
  /** The keys of each open object; undefined for an array. */
  const open: Array<Keys | undefined> = [];
  /** The outermost of the open objects, as far as their members are kept. */
  const kept: Kept[] = [];
  let isKey = false;
  for (let at = offset; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const end = endOfString(text, at);
      if (isKey) {
        const key = keyBetween(text, at, end);
        open[open.length - 1]!.add(key);
        if (open.length === kept.length) Object.assign(kept[kept.length - 1], { key, start: at });
        isKey = false;
      }
      at = end - 1;
    } else if (char === BRACE || char === BRACKET) {
      if (open.length === maxDepth) throw new AmbiguousJsonError(`more than ${MAX_DEPTH} levels`);
      const isWanted = open.length === kept.length && (open.length === 0 || kept.at(-1)!.key === path[open.length - 1]);
      isKey = char === BRACE;
      if (isKey && isWanted) kept.push({ members: [], key: '', start: 0, valueStart: 0 });
      open.push(isKey ? new Keys() : undefined);
    } else if (char === BRACE_END || char === BRACKET_END) {
      if (open.length === kept.length) {
        const { members } = ended(kept.pop()!, text, at);
        if (kept.length === 0) return members;
        kept[kept.length - 1].inner = members;
      }
      open.pop();
      isKey = false;
    } else if (char === COMMA) {
      if (open.length === kept.length) ended(kept[kept.length - 1], text, at);
      isKey = open[open.length - 1] !== undefined;
    } else if (char === COLON && open.length === kept.length) {
      let valueStart = at + 1;
      while (isSpace(text.charCodeAt(valueStart))) valueStart++;
      kept[kept.length - 1].valueStart = valueStart;
    }
  }
  return [];
}

const [QUOTE, BACKSLASH, COMMA, COLON, BRACE, BRACE_END, BRACKET, BRACKET_END] = [...'"\\,:{}[]'].map((char) =>
  char.charCodeAt(0),
);

/** Most objects of a hostile event have one key or none: a set is made for the second. */
class Keys {
  private first?: string;
  private all?: Set<string>;

  public add(key: string): void {
    if (this.first === undefined) {
      this.first = key;
      return;
    }
    this.all ??= new Set([this.first]);
    if (this.all.has(key)) throw new AmbiguousJsonError(`key ${shown(key)} stands twice in one object`);
    this.all.add(key);
  }
}

export const shown = (key: string): string => JSON.stringify(key.length > SHOWN ? `${key.slice(0, SHOWN)}…` : key);

const isSpace = (char: number): boolean => char === 32 || char === 10 || char === 13 || char === 9;

/** Takes down the member that ends before an offset, if there is one: an empty object has none. */
function ended(kept: Kept, text: string, offset: number): Kept {
  if (kept.valueStart === 0) return kept;
  let end = offset;
  while (isSpace(text.charCodeAt(end - 1))) end--;
  const { key, start, valueStart, inner } = kept;
  kept.members.push({ key, start, valueStart, end, members: inner });
  kept.valueStart = 0;
  kept.inner = undefined;
  return kept;
}

function endOfString(text: string, quote: number): number {
  for (let end = text.indexOf('"', quote + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
}

function keyBetween(text: string, quote: number, end: number): string {
  const key = text.slice(quote + 1, end - 1);
  return key.includes('\\') ? (JSON.parse(text.slice(quote, end)) as string) : key;
}
