import { inBlock, parseAddress } from './addresses';
import type { AddressBlock } from './addresses';
import { comparable } from './decimals';
import { InvalidEventError, positionIn } from './errors';
import { hasTooManyDigits, MAX_DEPTH, MAX_KEY_LENGTH, MAX_NUMBER_DIGITS } from './json-text';
import { type PathNode, type PathTree, unitsOf } from './path-tree';
import { withoutHalves } from './surrogates';

/** Kinds of leaves. */
export const STRING = 1;
export const NUMBER = 2;
export const TRUE = 3;
export const FALSE = 4;
export const NULL = 5;
/** A string with half a surrogate pair, which most operators see as a question mark. */
export const BROKEN_STRING = 6;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** What ends the quick run through a string: its quote, escapes, what may not stand there. */
const ENDS_TEXT = new Uint8Array(0x10000);
/** The same for strings whose value is wanted: surrogates, which may be alone, too. */
const ENDS_VALUE = new Uint8Array(0x10000);
/** The same for keys: dots too. */
const ENDS_KEY = new Uint8Array(0x10000);
for (const table of [ENDS_TEXT, ENDS_VALUE, ENDS_KEY]) {
  table.fill(1, 0, SPACE);
  table[QUOTE] = table[BACKSLASH] = 1;
}
ENDS_VALUE.fill(1, 0xd800, 0xe000);
ENDS_KEY[DOT] = 1;

/** Kept here, as a constant of another module is looked up at every use. */
const DEPTH = MAX_DEPTH;
const KEY_LENGTH = MAX_KEY_LENGTH;
const DIGITS = MAX_NUMBER_DIGITS;

/** Characters that may follow a backslash. */
const ESCAPABLE = new Set([...'"\\/bfnrtu'].map((char) => char.charCodeAt(0)));

const TRUE_UNITS = unitsOf('true');
const FALSE_UNITS = unitsOf('false');
const NULL_UNITS = unitsOf('null');

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** More than this is not kept for the next event. */
const KEPT_UNITS = 1 << 22;

/**
 * Reads events, one after another into the same memory.
 *
 * It makes no objects of what it reads: it runs once over the code units of the text, checks every one, and notes where
 * the leaves begin and end whose paths a rule names.
 */
export class EventReader {
  /** The code units of the event, and after them strings whose escapes are undone. */
  public units = new Uint16Array(0);

  /** The first leaf of each path, or -1; a path's leaves are in the order of the event. */
  public first = new Int32Array(16).fill(-1);
  /** The paths that have leaves. */
  public found = new Int32Array(16);
  public foundCount = 0;
  /** For each leaf: what it is. */
  public kind = new Uint8Array(64);
  /** For each leaf: where it begins and ends in the units; a string without its quotes. */
  public start = new Int32Array(64);
  public end = new Int32Array(64);
  /** For each leaf: the next one of the same path, or -1. */
  public next = new Int32Array(64);
  /** For each leaf: the element that it is in, 0 for none. A leaf that itself is an element is not in that. */
  public element = new Int32Array(64);

  /** Whether any leaf is in an element of an array; and for each path, whether one of its leaves is: 1 or 0. */
  public anyElement = false;
  public inElement = new Uint8Array(16);
  /** For each element (of an array, and in turn an object or array): the array, and the element that this is in. */
  public elementArray = new Int32Array(64);
  public elementParent = new Int32Array(64);
  /** For each element: the number of the first element after it that is not inside of it. */
  public elementEnd = new Int32Array(64);
  /** For each element: in how many others it is, itself included. */
  public elementDepth = new Int32Array(64);
  /** For each element: the first leaf inside of it, and the first after it. */
  public elementFirstLeaf = new Int32Array(64);
  public elementEndLeaf = new Int32Array(64);
  public elements = 1;

  /** The JSON text of the event. */
  public text = '';
  private bytes = Buffer.alloc(0);
  private last = new Int32Array(16);
  private leaves = 0;
  private arrays = 0;
  private depth = 0;
  private emptyKeys = false;
  /** Whether the string that was read last has escapes; whether it may have half a pair of surrogates. */
  private hasEscapes = false;
  private hasSurrogates = false;
  /** Where the next string whose escapes are undone goes. */
  private decoded = 0;
  /** The kinds of the containers that are open while something is passed over: 1 an object, 0 an array. */
  private readonly open = new Uint8Array(MAX_DEPTH + 1);
  /** For leaves that are numbers: the value, once somebody has asked. */
  private numbers = new Float64Array(64);
  private numberKnown = new Uint8Array(64);
  /** For strings with half a pair of surrogates: the string itself. */
  private readonly broken = new Map<number, string>();

  /**
   * Reads an event.
   *
   * @param event JSON text, or the value that such a text stands for
   * @throws InvalidEventError
   */
  public read(event: unknown, tree: PathTree): void {
    const text = typeof event === 'string' ? event : textOf(event);
    this.text = text;
    this.load(text);
    const paths = tree.paths.length;
    if (this.first.length < paths) {
      this.first = new Int32Array(paths * 2).fill(-1);
      this.found = new Int32Array(paths * 2);
      this.foundCount = 0;
      this.last = new Int32Array(paths * 2);
      this.inElement = new Uint8Array(paths * 2);
    }
    for (let i = 0; i < this.foundCount; i++) {
      this.first[this.found[i]] = -1;
      this.inElement[this.found[i]] = 0;
    }
    this.foundCount = 0;
    this.leaves = 0;
    this.anyElement = false;
    this.elements = 1;
    this.arrays = 0;
    this.depth = 0;
    this.emptyKeys = tree.emptyKeys;
    this.decoded = text.length + 1;
    if (this.broken.size > 0) this.broken.clear();

    const at = this.space(0);
    if (this.units[at] !== OPEN_OBJECT) this.fail(at, `${this.seen(at)} where the object of an event should begin`);
    // What follows the object is not looked at, as in EventBridge's own parser.
    this.object(at, tree.root, 0);
    this.elementEnd[0] = this.elements;
  }

  /** The leaf as it stands in the event; a string without quotes, its escapes undone. */
  public textOfLeaf(leaf: number): string {
    const whole = this.broken.get(leaf);
    if (whole !== undefined) return whole;
    const [start, end] = [this.start[leaf], this.end[leaf]];
    if (end <= this.text.length) return this.text.slice(start, end);
    let text = '';
    // In pieces: a call takes only so many arguments.
    for (let at = start; at < end; at += 4096) {
      text += String.fromCharCode(...this.units.subarray(at, Math.min(end, at + 4096)));
    }
    return text;
  }

  /** The number that a leaf is, or NaN where that cannot be compared. */
  public numberOf(leaf: number): number {
    if (this.numberKnown[leaf] === 0) {
      this.numberKnown[leaf] = 1;
      this.numbers[leaf] = this.parseNumber(this.start[leaf], this.end[leaf]);
    }
    return this.numbers[leaf];
  }

  /** Whether a leaf is inside of a block of addresses. */
  public isInBlock(leaf: number, block: AddressBlock): boolean {
    const kind = this.kind[leaf];
    if (kind === NUMBER) return inBlock(block, this.textOfLeaf(leaf));
    if (kind !== STRING) return false;
    const address = this.addressOf(leaf);
    return address !== undefined && inBlock(block, address);
  }

  /** The digits of the address that a leaf is, if it is one. */
  public addressOf(leaf: number): string | undefined {
    const first = this.units[this.start[leaf]] | 0x20;
    // Most strings are seen to be no address by their first character: a digit, a to f, or a colon.
    if (!((first >= ZERO && first <= COLON) || (first >= 0x61 && first <= 0x66))) return undefined;
    return parseAddress(this.textOfLeaf(leaf));
  }

  /** Whether two leaves' elements can be chosen together: they are not different elements of one array. */
  public agree(a: number, b: number): boolean {
    const { elementParent, elementDepth } = this;
    let [x, y] = [a, b];
    while (elementDepth[x] > elementDepth[y]) x = elementParent[x];
    while (elementDepth[y] > elementDepth[x]) y = elementParent[y];
    while (x !== y) {
      if (elementParent[x] === elementParent[y]) return this.elementArray[x] !== this.elementArray[y];
      x = elementParent[x];
      y = elementParent[y];
    }
    return true;
  }

  private load(text: string): void {
    // Strings whose escapes are undone need at most the room of the text again.
    const needed = text.length * 2 + 2;
    if (this.units.length < needed || (this.units.length > KEPT_UNITS && needed <= KEPT_UNITS)) {
      const room = Math.max(needed + (needed >> 1), 1 << 12);
      this.units = new Uint16Array(room);
      this.bytes = Buffer.from(this.units.buffer);
    }
    if (LITTLE_ENDIAN) this.bytes.write(text, 0, 'utf16le');
    else for (let at = 0; at < text.length; at++) this.units[at] = text.charCodeAt(at);
    // Ends every run through the units.
    this.units[text.length] = 0;
  }

  /** Reads an object whose fields rules may name. */
  private object(at: number, node: PathNode, element: number): number {
    const units = this.units;
    if (++this.depth > DEPTH) this.tooDeep(at);
    let i = at + 1;
    if (units[i] <= SPACE) i = this.space(i);
    if (units[i] === CLOSE_OBJECT) {
      this.depth--;
      return i + 1;
    }
    for (;;) {
      if (units[i] !== QUOTE) this.fail(i, `${this.seen(i)} where a key should stand`);
      const start = ++i;
      i = this.run(i, ENDS_KEY);
      let child: PathNode | null;
      if (units[i] === QUOTE && i !== start) {
        child = node.find(units, start, i);
      } else {
        i = this.string(i, ENDS_TEXT);
        child = this.unusualKey(start, i, node);
      }
      if (i - start > KEY_LENGTH) this.checkKeyLength(start, i);
      i++;
      if (units[i] <= SPACE) i = this.space(i);
      if (units[i] !== COLON) this.fail(i, `${this.seen(i)} where ":" should stand`);
      i++;
      if (units[i] <= SPACE) i = this.space(i);
      i = child === null ? this.pass(i) : this.value(i, child, element);
      if (units[i] <= SPACE) i = this.space(i);
      if (units[i] === COMMA) {
        i++;
        if (units[i] <= SPACE) i = this.space(i);
      } else if (units[i] === CLOSE_OBJECT) {
        this.depth--;
        return i + 1;
      } else {
        this.fail(i, `${this.seen(i)} where "," or "}" should stand`);
      }
    }
  }

  /** A key with escapes or dots, or an empty one: a dotted key is as good as nested objects. */
  private unusualKey(start: number, end: number, node: PathNode): PathNode | null {
    let key = this.text.slice(start, end);
    if (this.hasEscapes) key = JSON.parse(`"${key}"`) as string;
    if (key === '' && !this.emptyKeys) return null;
    let child: PathNode | null = node;
    for (const part of key.split('.')) {
      const units = Uint16Array.from({ length: part.length }, (_, i) => part.charCodeAt(i));
      child = child.find(units, 0, units.length);
      if (child === null) return null;
    }
    return child;
  }

  /** Reads a value whose path is that of the node. */
  private value(at: number, node: PathNode, element: number): number {
    const units = this.units;
    const first = units[at];
    if (first === QUOTE) {
      const end = this.string(at + 1, ENDS_VALUE);
      if (node.path >= 0) {
        if (this.hasEscapes || this.hasSurrogates) this.unusualString(node.path, at + 1, end, element);
        else this.leaf(node.path, STRING, at + 1, end, element);
      }
      return end + 1;
    }
    if (first === OPEN_OBJECT) return node.inner ? this.object(at, node, element) : this.pass(at);
    if (first === OPEN_ARRAY) return this.array(at, node, element);
    const end = this.scalar(at);
    if (node.path >= 0) {
      const kind = first === 0x74 ? TRUE : first === 0x66 ? FALSE : first === 0x6e ? NULL : NUMBER;
      this.leaf(node.path, kind, at, end, element);
    }
    return end;
  }

  private array(at: number, node: PathNode, element: number): number {
    const units = this.units;
    if (++this.depth > DEPTH) this.tooDeep(at);
    const array = this.arrays++;
    let i = at + 1;
    if (units[i] <= SPACE) i = this.space(i);
    if (units[i] === CLOSE_ARRAY) {
      this.depth--;
      return i + 1;
    }
    for (;;) {
      const first = units[i];
      if (first === OPEN_ARRAY || (first === OPEN_OBJECT && node.inner)) {
        const inside = this.newElement(array, element);
        i = this.value(i, node, inside);
        this.elementEnd[inside] = this.elements;
        this.elementEndLeaf[inside] = this.leaves;
      } else {
        i = this.value(i, node, element);
      }
      if (units[i] <= SPACE) i = this.space(i);
      if (units[i] === COMMA) {
        i++;
        if (units[i] <= SPACE) i = this.space(i);
      } else if (units[i] === CLOSE_ARRAY) {
        this.depth--;
        return i + 1;
      } else {
        this.fail(i, `${this.seen(i)} where "," or "]" should stand`);
      }
    }
  }

  /** Passes over a value that no rule names; without recursion, as it may be deep. */
  private pass(at: number): number {
    const units = this.units;
    const open = this.open;
    const outer = this.depth;
    let depth = outer;
    let i = at;
    value: for (;;) {
      const first = units[i];
      if (first === QUOTE) {
        i = this.quick(i + 1) + 1;
      } else if (first === OPEN_OBJECT) {
        if (depth >= DEPTH) this.tooDeep(i);
        open[++depth] = 1;
        i++;
        if (units[i] <= SPACE) i = this.space(i);
        if (units[i] !== CLOSE_OBJECT) {
          i = this.passKey(i);
          continue value;
        }
      } else if (first === OPEN_ARRAY) {
        if (depth >= DEPTH) this.tooDeep(i);
        open[++depth] = 0;
        i++;
        if (units[i] <= SPACE) i = this.space(i);
        if (units[i] !== CLOSE_ARRAY) continue value;
      } else if (first <= SPACE && this.space(i) > i) {
        i = this.space(i);
        continue value;
      } else {
        i = this.scalar(i);
      }
      for (;;) {
        if (depth === outer) return i;
        let after = units[i];
        if (after <= SPACE) {
          i = this.space(i);
          after = units[i];
        }
        if (after === COMMA) {
          i++;
          if (open[depth] === 1) i = this.passKey(i);
          continue value;
        }
        if (after !== (open[depth] === 1 ? CLOSE_OBJECT : CLOSE_ARRAY)) {
          this.fail(i, `${this.seen(i)} where "," or ${open[depth] === 1 ? '"}"' : '"]"'} should stand`);
        }
        depth--;
        i++;
      }
    }
  }

  /** Passes over a key and its colon. */
  private passKey(at: number): number {
    const units = this.units;
    let start = at;
    if (units[start] !== QUOTE) start = this.space(start);
    if (units[start] !== QUOTE) this.fail(start, `${this.seen(start)} where a key should stand`);
    let i = this.quick(start + 1);
    if (i - start > KEY_LENGTH) this.checkKeyLength(start + 1, i);
    i++;
    if (units[i] !== COLON) i = this.space(i);
    if (units[i] !== COLON) this.fail(i, `${this.seen(i)} where ":" should stand`);
    return i + 1;
  }

  /** The place of the quote that ends a string; the same as `string`, for strings of which nothing is wanted. */
  private quick(at: number): number {
    const end = this.run(at, ENDS_TEXT);
    return this.units[end] === QUOTE ? end : this.string(end, ENDS_TEXT);
  }

  /** The first place from one on with a unit that the table marks; four at a time, which is faster. */
  private run(at: number, ends: Uint8Array): number {
    const units = this.units;
    for (let i = at; ; i += 4) {
      if (ends[units[i]] !== 0) return i;
      if (ends[units[i + 1]] !== 0) return i + 1;
      if (ends[units[i + 2]] !== 0) return i + 2;
      if (ends[units[i + 3]] !== 0) return i + 3;
    }
  }

  /** The place of the quote that ends a string. */
  private string(at: number, ends: Uint8Array): number {
    const units = this.units;
    let i = at;
    this.hasEscapes = false;
    this.hasSurrogates = false;
    for (;;) {
      while (ends[units[i]] === 0) i++;
      const unit = units[i];
      if (unit === QUOTE) return i;
      if (unit === BACKSLASH) {
        this.hasEscapes = true;
        i = this.escape(i);
      } else if (unit < SPACE) {
        if (i >= this.text.length) this.fail(i, 'the text ends inside of a string');
        this.fail(i, 'a control character inside of a string: escape it');
      } else {
        this.hasSurrogates = true;
        i++;
      }
    }
  }

  /** The place after an escape. */
  private escape(at: number): number {
    const unit = this.units[at + 1];
    if (!ESCAPABLE.has(unit)) this.fail(at, 'a backslash that is no escape of JSON');
    if (unit !== 0x75) return at + 2;
    for (let i = at + 2; i < at + 6; i++) {
      const digit = this.units[i] | 0x20;
      if (!((this.units[i] >= ZERO && this.units[i] <= NINE) || (digit >= 0x61 && digit <= 0x66))) {
        this.fail(at, 'an escape without four hexadecimal digits');
      }
    }
    return at + 6;
  }

  /** A string with escapes or surrogates becomes a leaf of its own characters, after the text. */
  private unusualString(path: number, start: number, end: number, element: number): void {
    let value = this.text.slice(start, end);
    if (this.hasEscapes) value = JSON.parse(`"${value}"`) as string;
    const whole = withoutHalves(value);
    let kind = STRING;
    if (whole !== value) {
      this.broken.set(this.leaves, value);
      kind = BROKEN_STRING;
    }
    const from = this.decoded;
    for (let i = 0; i < whole.length; i++) this.units[from + i] = whole.charCodeAt(i);
    this.decoded = from + whole.length;
    this.leaf(path, kind, from, this.decoded, element);
  }

  /** The place after a number, `true`, `false` or `null`. */
  private scalar(at: number): number {
    const units = this.units;
    let i = at;
    let unit = units[i];
    if (unit === MINUS) unit = units[++i];
    if (unit >= ZERO && unit <= NINE) {
      if (unit === ZERO) i++;
      else while (units[i] >= ZERO && units[i] <= NINE) i++;
      if (units[i] === DOT) i = this.digits(i + 1);
      if ((units[i] | 0x20) === 0x65) {
        i++;
        if (units[i] === PLUS || units[i] === MINUS) i++;
        i = this.digits(i);
      }
      if (i - at > DIGITS && hasTooManyDigits(this.text.slice(at, i))) {
        this.fail(at, `a number of more than ${MAX_NUMBER_DIGITS} digits`);
      }
      return i;
    }
    if (i === at) {
      const word = unit === 0x74 ? TRUE_UNITS : unit === 0x66 ? FALSE_UNITS : NULL_UNITS;
      while (i - at < word.length && units[i] === word[i - at]) i++;
      if (i - at === word.length) return i;
    }
    return this.fail(at, `${this.seen(at)} where a value should stand`);
  }

  private digits(at: number): number {
    const units = this.units;
    let i = at;
    while (units[i] >= ZERO && units[i] <= NINE) i++;
    if (i === at) this.fail(at, `${this.seen(at)} where a digit should stand`);
    return i;
  }

  /** The place after white space. */
  private space(at: number): number {
    const units = this.units;
    let i = at;
    while (units[i] === SPACE || units[i] === LINE_FEED || units[i] === RETURN || units[i] === TAB) i++;
    return i;
  }

  private leaf(path: number, kind: number, start: number, end: number, element: number): void {
    const leaf = this.leaves++;
    if (leaf === this.kind.length) this.growLeaves();
    this.kind[leaf] = kind;
    this.start[leaf] = start;
    this.end[leaf] = end;
    this.next[leaf] = -1;
    this.element[leaf] = element;
    this.numberKnown[leaf] = 0;
    if (element !== 0) {
      this.anyElement = true;
      this.inElement[path] = 1;
    }
    if (this.first[path] < 0) {
      this.first[path] = leaf;
      this.found[this.foundCount++] = path;
    } else {
      this.next[this.last[path]] = leaf;
    }
    this.last[path] = leaf;
  }

  private newElement(array: number, parent: number): number {
    const element = this.elements++;
    if (element === this.elementArray.length) this.growElements();
    this.elementArray[element] = array;
    this.elementParent[element] = parent;
    this.elementDepth[element] = this.elementDepth[parent] + 1;
    this.elementFirstLeaf[element] = this.leaves;
    return element;
  }

  private growLeaves(): void {
    this.kind = grown(this.kind, new Uint8Array(this.kind.length * 2));
    this.start = grown(this.start, new Int32Array(this.start.length * 2));
    this.end = grown(this.end, new Int32Array(this.end.length * 2));
    this.next = grown(this.next, new Int32Array(this.next.length * 2));
    this.element = grown(this.element, new Int32Array(this.element.length * 2));
    this.numbers = grown(this.numbers, new Float64Array(this.numbers.length * 2));
    this.numberKnown = grown(this.numberKnown, new Uint8Array(this.numberKnown.length * 2));
  }

  private growElements(): void {
    const size = this.elementArray.length * 2;
    this.elementArray = grown(this.elementArray, new Int32Array(size));
    this.elementParent = grown(this.elementParent, new Int32Array(size));
    this.elementEnd = grown(this.elementEnd, new Int32Array(size));
    this.elementDepth = grown(this.elementDepth, new Int32Array(size));
    this.elementFirstLeaf = grown(this.elementFirstLeaf, new Int32Array(size));
    this.elementEndLeaf = grown(this.elementEndLeaf, new Int32Array(size));
  }

  /** Numbers of up to 15 digits are exact by themselves; others are looked at digit by digit. */
  private parseNumber(start: number, end: number): number {
    const units = this.units;
    const negative = units[start] === MINUS;
    let i = negative ? start + 1 : start;
    let digits = 0;
    let value = 0;
    let point = -1;
    for (; i < end; i++) {
      const unit = units[i];
      if (unit === DOT) {
        point = i;
      } else if (unit >= ZERO && unit <= NINE) {
        value = value * 10 + (unit - ZERO);
        digits++;
      } else {
        break;
      }
    }
    if (i < end || digits > 15) return comparable(this.text.slice(start, end)) ?? NaN;
    if (point >= 0) value /= POWERS_OF_TEN[end - point - 1];
    return negative ? 0 - value : value;
  }

  private checkKeyLength(start: number, end: number): void {
    if ((JSON.parse(`"${this.text.slice(start, end)}"`) as string).length > MAX_KEY_LENGTH) {
      this.fail(start, `a key of more than ${MAX_KEY_LENGTH} characters`);
    }
  }

  private seen(at: number): string {
    return at >= this.text.length ? 'the text ends' : `${JSON.stringify(this.text[at])} stands`;
  }

  private tooDeep(at: number): never {
    return this.fail(at, `more than ${MAX_DEPTH} levels of nesting`);
  }

  private fail(at: number, problem: string): never {
    throw new InvalidEventError(problem, positionIn(this.text, at));
  }
}

const POWERS_OF_TEN = Array.from({ length: 16 }, (_, power) => 10 ** power);

function grown<T extends { set(from: T): void }>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** The JSON text of an event that was given as a value. */
function textOf(event: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(event);
  } catch (error) {
    const reason = String((error as Error | undefined)?.message ?? error);
    throw new InvalidEventError(`no JSON can be made of it: ${reason.split('\n')[0]}`);
  }
  if (text === undefined) throw new InvalidEventError(`${kindOf(event)} is no event: give an object, or its JSON text`);
  return text;
}

function kindOf(event: unknown): string {
  if (event === undefined) return 'undefined';
  return typeof event === 'object' ? 'what its toJSON gives' : `a ${typeof event}`;
}
