import { chooseConjunction } from './conjunctions';
import { type Json, Obj } from './json';
import { randomWord, type Theme } from './theme';
import { ABSENT, hit, miss, scalar, type Value } from './values';
import type { Random } from '../random';

interface Leaf {
  readonly keys: readonly string[];
  readonly value: Value;
}

/** An event that the pattern accepts in about half of all cases, and otherwise nearly. */
export function makeEvent(pattern: Json, random: Random, theme: Theme): Obj {
  const fields = [...chooseConjunction(pattern, (branches) => random.below(branches)).values()];
  const chance = 0.36 ** (1 / Math.max(1, fields.length));
  const leaves = fields.map(({ keys, list }): Leaf => {
    const matcher = random.pick(list);
    return { keys, value: random.chance(chance) ? hit(matcher, random, theme) : miss(matcher, random, theme) };
  });
  return makeObject(leaves, random, theme);
}

function makeObject(leaves: readonly Leaf[], random: Random, theme: Theme): Obj {
  const entries: Array<[string, Json]> = [];
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) groups.set(leaf.keys[0], [...(groups.get(leaf.keys[0]) ?? []), leaf]);
  for (const [key, group] of groups) {
    const values = group.filter((leaf) => leaf.keys.length === 1).map((leaf) => leaf.value);
    const deeper = group.filter((leaf) => leaf.keys.length > 1).map((leaf) => ({ ...leaf, keys: leaf.keys.slice(1) }));
    const made: Json[] = [];
    for (const value of values) {
      const placed = placeValue(value, random, theme);
      if (placed !== ABSENT) made.push(placed);
    }
    if (deeper.length === 1 && deeper[0].value !== ABSENT && random.chance(0.08)) {
      const joined = [key, ...deeper[0].keys].join('.');
      entries.push([joined, deeper[0].value]);
    } else if (deeper.length > 0) {
      made.push(makeNode(deeper, random, theme));
    }
    if (made.length > 1 && random.chance(0.5)) entries.push([key, made]);
    else made.forEach((value) => entries.push([key, value]));
  }
  for (let i = entries.length - 1; i >= 0; i--) {
    const [key, value] = entries[i];
    if (key.includes('.') && random.chance(0.5)) {
      const dot = key.indexOf('.');
      entries[i] = [key.slice(0, dot), new Obj([[key.slice(dot + 1), value]])];
    }
    // The same key once more.
    if (random.chance(0.02)) entries.splice(random.chance(0.5) ? i : i + 1, 0, [key, anything(random, theme, 1)]);
  }
  while (random.chance(0.2)) entries.push([extraKey(random, theme), anything(random, theme, 2)]);
  return new Obj(random.chance(0.3) ? random.shuffled(entries) : entries);
}

function extraKey(random: Random, theme: Theme): string {
  return random.chance(0.6)
    ? random.pick(theme.keys)
    : random.pick(['extra', '', '.', '__proto__', 'e\u0301', random.pick(theme.keys) + '.']);
}

/** What stands below a key: an object, or arrays of objects with the fields in one element or in several. */
function makeNode(leaves: readonly Leaf[], random: Random, theme: Theme): Json {
  const object = (some: readonly Leaf[]) => makeObject(some, random, theme);
  switch (random.below(24)) {
    case 0:
      return [object(leaves)];
    case 1:
      return [object(others(leaves, random, theme)), object(leaves)];
    case 2:
      return [object(leaves), object(others(leaves, random, theme))];
    case 3:
      return [[object(leaves)]];
    case 4:
      return [object(leaves.filter((_, i) => i % 2 === 0)), object(leaves.filter((_, i) => i % 2 === 1))];
    case 5:
      return [[object(leaves.slice(0, 1))], [object(leaves.slice(1)), object(others(leaves, random, theme))]];
    case 6:
      return [anything(random, theme, 1), object(leaves), scalar(random, theme)];
    case 7:
      return [object(leaves.slice(0, 1)), object(others(leaves, random, theme)), object(leaves)];
    default:
      return object(leaves);
  }
}

/** The same fields with other values, some of them missing. */
function others(leaves: readonly Leaf[], random: Random, theme: Theme): Leaf[] {
  return leaves
    .filter(() => random.chance(0.7))
    .map((leaf) => ({ keys: leaf.keys, value: random.chance(0.4) ? leaf.value : scalar(random, theme) }));
}

function placeValue(value: Value, random: Random, theme: Theme): Value {
  if (value === ABSENT) return random.chance(0.75) ? ABSENT : random.pick<Json>([[], new Obj([]), [[]], [new Obj([])]]);
  switch (random.below(26)) {
    case 0:
      return [value];
    case 1:
      return [scalar(random, theme), value];
    case 2:
      return [value, scalar(random, theme)];
    case 3:
      return [[value]];
    case 4:
      return [new Obj([]), value];
    case 5:
      return [value, new Obj([[randomWord(random, theme), scalar(random, theme)]])];
    case 6:
      return [[], [scalar(random, theme)], [scalar(random, theme), value]];
    case 7:
      return random.chance(0.2) ? new Obj([[randomWord(random, theme), value]]) : value;
    default:
      return value;
  }
}

function anything(random: Random, theme: Theme, depth: number): Json {
  if (depth === 0 || random.chance(0.6)) return scalar(random, theme);
  const inner = () => anything(random, theme, depth - 1);
  return random.chance(0.5)
    ? random.many(0, 3, inner)
    : new Obj(random.many(0, 2, (): [string, Json] => [extraKey(random, theme), inner()]));
}
