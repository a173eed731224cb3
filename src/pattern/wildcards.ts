/** The syntax of `wildcard`, and how complex EventBridge finds one. */

/** A fault in the text of a wildcard, for the message of whoever reads the pattern. */
export interface WildcardFault {
  readonly problem: string;
  /** Characters before the fault. */
  readonly at: number;
}

/** The texts between the stars, escapes undone: one more than there are stars. */
export function wildcardParts(text: string): string[] | WildcardFault {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '*') {
      if (text[at + 1] === '*') return { problem: 'two stars in a row', at };
      parts.push(part);
      part = '';
    } else if (char === '\\') {
      const escaped = text[++at];
      if (escaped !== '*' && escaped !== '\\') return { problem: 'a backslash before neither "*" nor "\\"', at: at - 1 };
      part += escaped;
    } else {
      part += char;
    }
  }
  parts.push(part);
  return parts;
}

/** A part of a wildcard that has been read: all that share the beginning of their texts share it. */
interface State {
  readonly next: Map<string, State>;
  /** The state that a star leads to and stays in. */
  star?: State;
}

/**
 * How many beginnings of the wildcards of one field could fit one value at once, in the worst case: EventBridge keeps
 * track of each, and refuses a pattern with too many.
 *
 * @param matchers the wildcards of one field, each a list of its parts; several for an `anything-but` of several, which
 *   share what their texts begin with
 */
export function wildcardComplexity(matchers: string[][][]): number {
  const roots = matchers.map(stateGraph);
  const beginnings = new Set(matchers.flat().map((parts) => anchored(parts)));
  let most = 0;
  for (const beginning of beginnings) {
    most = Math.max(most, whileReading(beginning, roots), onceAllStarsAreReached(beginning, roots));
  }
  return most;
}

/** EventBridge compares values with their quotes, so the quotes count. */
function anchored(parts: string[]): string {
  return parts.length === 1 ? `"${parts[0]}"` : `"${parts[0]}`;
}

function stateGraph(values: string[][]): State {
  const root: State = { next: new Map() };
  for (const parts of values) {
    let state = root;
    parts.forEach((part, i) => {
      if (i > 0) state = state.star ??= { next: new Map() };
      for (const char of `${i === 0 ? '"' : ''}${part}${i === parts.length - 1 ? '"' : ''}`) {
        let next = state.next.get(char);
        if (!next) state.next.set(char, (next = { next: new Map() }));
        state = next;
      }
    });
  }
  return root;
}

/** The most states at once while a value begins like a wildcard. */
function whileReading(beginning: string, roots: State[]): number {
  let most = 0;
  const stars = new Set<State>();
  let states = roots;
  for (const char of beginning) {
    const reached = new Set<State>();
    for (const state of states) if (state.star) stars.add(state.star);
    for (const state of [...states, ...stars]) {
      const next = state.next.get(char);
      if (next) reached.add(next);
    }
    states = [...reached];
    const entered = new Set(stars);
    for (const state of states) if (state.star) entered.add(state.star);
    most = Math.max(most, states.length + entered.size);
  }
  return most;
}

/** The most states at once in a value that begins like a wildcard and then has gone through every star there is. */
function onceAllStarsAreReached(beginning: string, roots: State[]): number {
  const stars: State[] = [];
  for (const root of roots) {
    let state: State | undefined = root;
    for (let at = 0; state; at++) {
      if (state.star) collectStars(state.star, stars);
      state = at < beginning.length ? state.next.get(beginning[at]) : undefined;
    }
  }
  return stars.length + mostSuffixes(stars);
}

function collectStars(star: State, into: State[]): void {
  into.push(star);
  const open = [star];
  for (let state = open.pop(); state; state = open.pop()) {
    for (const next of state.next.values()) {
      if (next.star) collectStars(next.star, into);
      open.push(next);
    }
  }
}

interface Node {
  readonly next: Map<string, Node>;
  /** The longest other beginning that this one ends with. */
  fallback?: Node;
  count: number;
}

/** The most beginnings of the texts after stars that one text can end with. */
function mostSuffixes(stars: State[]): number {
  const root: Node = { next: new Map(), count: 0 };
  const open: Array<[State, Node]> = stars.map((star) => [star, root]);
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [state, node] = pair;
    for (const [char, next] of state.next) {
      let child = node.next.get(char);
      if (!child) node.next.set(char, (child = { next: new Map(), count: 0 }));
      child.count++;
      open.push([next, child]);
    }
  }
  let most = 0;
  const queue: Node[] = [root];
  for (const node of queue) {
    for (const [char, child] of node.next) {
      let fallback = node.fallback;
      while (fallback && !fallback.next.has(char)) fallback = fallback.fallback;
      child.fallback = fallback ? fallback.next.get(char) : root;
      child.count += child.fallback!.count;
      most = Math.max(most, child.count);
      queue.push(child);
    }
  }
  return most;
}
