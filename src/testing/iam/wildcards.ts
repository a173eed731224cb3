import { and, truth, type Truth } from './truth';
import { isGeneratedName, PLACEHOLDER } from '../placeholders';

/** One character, a wildcard, a name that CloudFormation will make, or text that nobody knows. */
type Piece = string | { readonly wild: '*' | '?' } | { readonly name: string } | typeof UNKNOWN_TEXT;

/** Text in which characters, wildcards and placeholders are told apart. */
export type Text = readonly Piece[];

const ANY_TEXT: Piece = { wild: '*' };
const ANY_CHARACTER: Piece = { wild: '?' };
const UNKNOWN_TEXT = { unknown: true } as const;

const PLACEHOLDERS = new RegExp(`(${PLACEHOLDER.source})`);

/** Text that stands for itself. */
export function literal(value: string): Text {
  if (!value.includes('<')) return [...value];
  return value.split(PLACEHOLDERS).flatMap((part): Text => {
    if (!PLACEHOLDER.test(part)) return [...part];
    return [isGeneratedName(part) ? { name: part } : UNKNOWN_TEXT];
  });
}

/** Text in which `*` is any text and `?` any one character. */
export const withWildcards = (value: string): Text => wild(literal(value));

const wild = (pieces: Text): Text =>
  pieces.map((piece) => (piece === '*' ? ANY_TEXT : piece === '?' ? ANY_CHARACTER : piece));

/** Whether a text fits a pattern, whatever the placeholders in both turn out to be. */
export function matches(pattern: Text, value: Text): Truth {
  if (fits(pattern, value, false)) return 'yes';
  const open = [...pattern, ...value].some((piece) => piece === UNKNOWN_TEXT || isName(piece));
  return open && fits(pattern, value, true) ? 'unknown' : 'no';
}

/**
 * Each of the six parts of an ARN on its own, so that a wildcard does not reach over a colon.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnMatches(pattern: Text, value: Text): Truth {
  const [wanted, given] = [arnParts(pattern), arnParts(value)];
  if (given.length < ARN_PARTS) return given.some((part) => part.includes(UNKNOWN_TEXT)) ? 'unknown' : 'no';
  // What AWS makes of a pattern that is no ARN is not documented.
  if (wanted.length < ARN_PARTS) return 'unknown';
  return and(...wanted.map((part, i) => matches(part, given[i])));
}

const ARN_PARTS = 6;

/** The last part takes the colons that are left. */
function arnParts(pieces: Text): Text[] {
  const parts: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece === ':' && parts.length < ARN_PARTS) parts.push([]);
    else parts.at(-1)!.push(piece);
  }
  return parts;
}

const isName = (piece: Piece | undefined): piece is { name: string } => typeof piece === 'object' && 'name' in piece;

const sameName = (a: Piece | undefined, b: Piece | undefined) => isName(a) && isName(b) && a.name === b.name;

/**
 * @param lenient whether placeholders may turn out to be what fits: an unknown text anything, a generated name any
 * text but another generated name
 */
function fits(pattern: Text, value: Text, lenient: boolean): boolean {
  const tried = new Set<number>();
  const open: [number, number][] = [[0, 0]];
  while (open.length > 0) {
    const [i, j] = open.pop()!;
    if (i === pattern.length && j === value.length) return true;
    const state = i * (value.length + 1) + j;
    if (i > pattern.length || j > value.length || tried.has(state)) continue;
    tried.add(state);
    for (const [di, dj] of steps(pattern[i], value[j], lenient)) open.push([i + di, j + dj]);
  }
  return false;
}

const TAKE_BOTH: [number, number] = [1, 1];
const TAKE_PATTERN: [number, number] = [1, 0];
const TAKE_VALUE: [number, number] = [0, 1];

/** How far pattern and value can be read on together. */
function steps(p: Piece | undefined, v: Piece | undefined, lenient: boolean): [number, number][] {
  const found: [number, number][] = [];
  const takesAnything = p === ANY_TEXT || (lenient && p === UNKNOWN_TEXT);
  if (takesAnything) found.push(TAKE_PATTERN, TAKE_VALUE);
  if (lenient && v === UNKNOWN_TEXT) found.push(TAKE_VALUE, TAKE_PATTERN);
  if (p === undefined || v === undefined) return found;
  if (sameName(p, v)) return [...found, TAKE_BOTH];
  if (typeof p === 'string' && p === v) return [...found, TAKE_BOTH];
  if (p === ANY_CHARACTER && typeof v === 'string') return [...found, TAKE_BOTH];
  if (!lenient) return found;
  // A name is at least one character.
  if (isName(p) && typeof v === 'string') return [...found, TAKE_BOTH, TAKE_VALUE];
  if (isName(v) && (typeof p === 'string' || p === ANY_CHARACTER)) return [...found, TAKE_BOTH, TAKE_PATTERN];
  return found;
}

/** Whether two texts are the same. */
export const equals = (a: string, b: string): Truth =>
  PLACEHOLDER.test(a) || PLACEHOLDER.test(b) ? matches(literal(a), literal(b)) : truth(a === b);
