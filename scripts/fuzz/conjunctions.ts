import { type Json, Obj } from './json';

/** A field of a pattern: the keys above it, and its list of matchers. */
export interface FieldOfPattern {
  readonly keys: readonly string[];
  readonly list: readonly Json[];
}

/** As event-ruler names a field: keys joined with dots, but none after an empty beginning. */
export function pathOf(keys: readonly string[]): string {
  const base = keys.slice(0, -1).join('.');
  return base === '' ? keys[keys.length - 1] : `${base}.${keys[keys.length - 1]}`;
}

/** One conjunction of the pattern, taking one branch of every $or; a later field replaces the same field before it. */
export function chooseConjunction(pattern: Json, choose: (branches: number) => number): Map<string, FieldOfPattern> {
  const fields = new Map<string, FieldOfPattern>();
  const visit = (part: Json, above: readonly string[]): void => {
    if (!(part instanceof Obj)) return;
    for (const [key, value] of part.entries) {
      if (key === '$or' && Array.isArray(value) && value.length > 0) visit(value[choose(value.length)], above);
      else if (Array.isArray(value)) fields.set(pathOf([...above, key]), { keys: [...above, key], list: value });
      else visit(value, [...above, key]);
    }
  };
  visit(pattern, []);
  return fields;
}

/** Every list of matchers in the pattern, in whatever branch. */
export function fieldsOf(pattern: Json): FieldOfPattern[] {
  const fields: FieldOfPattern[] = [];
  const visit = (part: Json, above: readonly string[]): void => {
    if (!(part instanceof Obj)) return;
    for (const [key, value] of part.entries) {
      if (key === '$or' && Array.isArray(value)) value.forEach((branch) => visit(branch, above));
      else if (Array.isArray(value)) fields.push({ keys: [...above, key], list: value });
      else visit(value, [...above, key]);
    }
  };
  visit(pattern, []);
  return fields;
}

/** All conjunctions of the pattern, or as many as asked for. */
export function conjunctionsOf(pattern: Json, most: number): Array<Map<string, FieldOfPattern>> {
  const all: Array<Map<string, FieldOfPattern>> = [];
  // Counts through the branches of each $or, in the order in which they come.
  const turn: number[] = [];
  const sizes: number[] = [];
  for (let more = true; more && all.length < most;) {
    let or = 0;
    all.push(
      chooseConjunction(pattern, (branches) => {
        sizes[or] = branches;
        turn[or] ??= 0;
        return turn[or++];
      }),
    );
    turn.length = or;
    let last = or - 1;
    while (last >= 0 && turn[last] === sizes[last] - 1) last--;
    more = last >= 0;
    if (more) turn.splice(last, turn.length, turn[last] + 1);
  }
  return all;
}
