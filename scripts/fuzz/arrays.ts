import { type Json, Obj, obj } from './json';
import type { Random } from '../random';

/** Patterns and events that are all about which element of which array a field was found in. */
export interface ArrayCase {
  readonly pattern: Obj;
  readonly event: Obj;
}

/** Keys of leaves above undefined, keys of objects above another tree. */
type Tree = ReadonlyMap<string, Tree | undefined>;

const VALUES = ['1', '2', '3'];

export function makeArrayCase(random: Random): ArrayCase {
  const tree = makeTree(
    random,
    random.weighted([
      [3, 1],
      [4, 2],
      [1, 3],
    ]),
  );
  return { pattern: makePattern(tree, random), event: makeObject(tree, random, 3) };
}

function makeTree(random: Random, depth: number): Tree {
  const keys = random.shuffled(['p', 'q', 'x', 'y', 'z']).slice(0, 1 + random.below(3));
  return new Map(keys.map((key) => [key, depth > 0 && random.chance(0.55) ? makeTree(random, depth - 1) : undefined]));
}

function makePattern(tree: Tree, random: Random): Obj {
  const entries: Array<[string, Json]> = [];
  for (const [key, inner] of tree) {
    if (entries.length > 0 && random.chance(0.1)) continue;
    const value = () => (inner ? makePattern(inner, random) : matchers(random));
    if (random.chance(0.07)) entries.push(['$or', [obj([key, value()]), obj([key, value()])]]);
    else entries.push([key, value()]);
  }
  return new Obj(random.chance(0.3) ? random.shuffled(entries) : entries);
}

function matchers(random: Random): Json[] {
  const value = () => random.pick(VALUES);
  return random.weighted<() => Json[]>([
    [40, () => ['1']],
    [10, () => [value()]],
    [8, () => [value(), value()]],
    [11, () => [obj(['exists', false])]],
    [7, () => [obj(['exists', true])]],
    [9, () => [obj(['exists', false]), value()]],
    [8, () => [obj(['anything-but', value()])]],
  ])();
}

function makeObject(tree: Tree, random: Random, depth: number): Obj {
  const entries: Array<[string, Json]> = [];
  for (const [key, inner] of tree) {
    if (random.chance(0.12)) continue;
    for (let times = random.chance(0.06) ? 2 : 1; times > 0; times--) {
      const below = inner && [...inner.keys()];
      if (below?.length && !inner?.get(below[0]) && random.chance(0.06)) {
        entries.push([`${key}.${below[0]}`, makeLeaf(random)]);
      } else {
        entries.push([key, inner ? makeNode(inner, random, depth) : makeLeaf(random)]);
      }
    }
  }
  return new Obj(random.chance(0.3) ? random.shuffled(entries) : entries);
}

function makeNode(tree: Tree, random: Random, depth: number): Json {
  if (depth === 0 || random.chance(0.35)) return makeObject(tree, random, Math.max(0, depth - 1));
  return random.many(random.chance(0.05) ? 0 : 1, 3, () =>
    random.weighted<() => Json>([
      [75, () => makeObject(tree, random, depth - 1)],
      [17, () => makeNode(tree, random, depth - 1)],
      [5, () => random.pick(VALUES)],
      [3, () => obj()],
    ])(),
  );
}

function makeLeaf(random: Random): Json {
  const value = () => (random.chance(0.75) ? '1' : random.pick<Json>([...VALUES, null]));
  return random.weighted<() => Json>([
    [70, value],
    [17, () => random.many(0, 3, value)],
    [5, () => random.many(1, 2, () => random.many(0, 2, value))],
    [3, () => [value(), random.many(1, 2, value), obj(['x', value()])]],
    [3, () => obj()],
    [2, () => obj([random.pick(['p', 'x']), value()])],
  ])();
}
