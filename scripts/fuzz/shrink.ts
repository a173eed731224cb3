import { type Json, Num, Obj, num, parse, write } from './json';

export interface Case {
  readonly pattern: string;
  readonly event: string;
}

/** Makes the case smaller as long as some smaller one still holds. */
export async function shrink<T extends Case>(first: T, holds: (cases: Case[]) => Promise<boolean[]>): Promise<Case> {
  let best: Case = first;
  for (let round = 0; round < 200; round++) {
    const smaller = [
      ...shorter(best.pattern).map((pattern) => ({ ...best, pattern })),
      ...shorter(best.event).map((event) => ({ ...best, event })),
    ].sort((a, b) => size(a) - size(b));
    const held = await holds(smaller);
    const at = held.indexOf(true);
    if (at < 0) return best;
    best = smaller[at];
  }
  return best;
}

function size({ pattern, event }: Case): number {
  return pattern.length + event.length;
}

function shorter(text: string): string[] {
  const json = parse(text);
  const texts = new Set<string>();
  if (json !== undefined) for (const one of reductions(json)) texts.add(write(one));
  if (json !== undefined) texts.add(write(json));
  // Where it is no JSON, or the spelling matters.
  if (json === undefined || text.length < 300 || texts.size === 0) {
    for (let length = Math.max(1, Math.floor(text.length / 2)); length >= 1; length = Math.floor(length / 2)) {
      for (let at = 0; at < text.length; at += length) texts.add(text.slice(0, at) + text.slice(at + length));
    }
  }
  return [...texts].filter((one) => one.length < text.length || (one.length === text.length && one < text));
}

function* reductions(json: Json): Generator<Json> {
  if (Array.isArray(json)) {
    for (let i = 0; i < json.length; i++) {
      yield json.filter((_, j) => j !== i);
      for (const item of reductions(json[i])) yield json.map((old, j) => (i === j ? item : old));
    }
    if (json.length === 1) yield json[0];
  } else if (json instanceof Obj) {
    for (let i = 0; i < json.entries.length; i++) {
      const [key, value] = json.entries[i];
      const others = (entry: ReadonlyArray<readonly [string, Json]>) =>
        new Obj([...json.entries.slice(0, i), ...entry, ...json.entries.slice(i + 1)]);
      yield others([]);
      if (value instanceof Obj) yield others(value.entries);
      if (key === '$or' && Array.isArray(value)) {
        for (const branch of value) if (branch instanceof Obj) yield others(branch.entries);
      }
      if (key.length > 1) for (const less of [key.slice(1), key.slice(0, -1), 'a']) yield others([[less, value]]);
      for (const less of reductions(value)) yield others([[key, less]]);
    }
  } else if (json instanceof Num) {
    for (const text of ['0', '1', json.text.slice(1), json.text.slice(0, -1), json.text.replace(/[eE].*/, '')]) {
      if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) yield num(text);
    }
  } else if (typeof json === 'string') {
    const units = json.split('');
    if (units.length > 3) yield json.slice(0, units.length / 2);
    if (units.length > 3) yield json.slice(units.length / 2);
    for (let i = 0; i < Math.min(units.length, 40); i++) {
      yield [...units.slice(0, i), ...units.slice(i + 1)].join('');
      if (units[i] !== 'a') yield [...units.slice(0, i), 'a', ...units.slice(i + 1)].join('');
    }
  }
}
