import type { EventReader } from './event-reader';

/** What can be chosen for one field. */
export interface Choice {
  /** The number of the path. */
  readonly path: number;
  /** Whether absence will do. */
  readonly mayBeAbsent: boolean;
  /** The leaves that a condition accepts, in the order of the event. */
  readonly accepted: number[];
}

/**
 * Whether the conditions of a conjunction hold together in an event with arrays.
 *
 * Each condition needs a leaf that it accepts, and no two chosen leaves may be in different elements of one array. The
 * conditions are taken in the order of their paths, and an absence is judged when its turn comes: a leaf counts as
 * present only if it agrees with the leaves that were chosen before. (So does EventBridge: a field is absent in an
 * element that an earlier field has chosen, whatever the other elements hold.)
 *
 * Elements are a tree. The search goes down it once: in each array it looks for one element in which everything holds
 * that must be chosen there. So the time grows with the size of the event, not with the number of combinations.
 *
 * @param choices in the order of their paths
 */
export function holdTogether(choices: Choice[], reader: EventReader): boolean {
  return new Search(reader).within(
    0,
    choices.map(({ path, mayBeAbsent, accepted }, order) => {
      if (!mayBeAbsent) {
        return {
          order,
          leaves: accepted,
          accepted: accepted.map(() => true),
          wants: PRESENT,
          from: 0,
          to: accepted.length,
        };
      }
      const leaves: number[] = [];
      for (let leaf = reader.first[path]; leaf >= 0; leaf = reader.next[leaf]) leaves.push(leaf);
      const wants = accepted.length > 0 ? EITHER : ABSENT;
      const taken = new Set(accepted);
      return { order, leaves, accepted: leaves.map((leaf) => taken.has(leaf)), wants, from: 0, to: leaves.length };
    }),
  );
}

const PRESENT = 0;
const ABSENT = 1;
const EITHER = 2;

/** A condition, and those of its leaves that are in one element. */
interface Item {
  /** The place of its path among the others. */
  readonly order: number;
  readonly wants: number;
  /** All leaves, in the order of the event: those of one element follow one another. */
  readonly leaves: number[];
  readonly accepted: boolean[];
  readonly from: number;
  readonly to: number;
}

/** What an element holds of an array, for the items that have leaves there. */
interface ArrayItems {
  readonly firstElement: number;
  readonly endElement: number;
  readonly items: Item[];
}

class Search {
  constructor(private readonly reader: EventReader) {}

  /** Whether the items hold in an element, which has been chosen; 0 is the event itself. */
  public within(element: number, given: Item[]): boolean {
    const onlyPresent = given.every((item) => item.wants === PRESENT);
    const items: Item[] = [];
    const direct: boolean[] = [];
    for (const item of given) {
      const { from, to, leaves, accepted } = item;
      let hasDirect = false;
      let acceptsDirect = false;
      let acceptsInner = false;
      for (let i = from; i < to; i++) {
        if (this.reader.element[leaves[i]] === element) {
          hasDirect = true;
          acceptsDirect ||= accepted[i];
        } else {
          acceptsInner ||= accepted[i];
        }
      }
      if (item.wants === PRESENT || (item.wants === EITHER && hasDirect)) {
        if (acceptsDirect && (onlyPresent || !acceptsInner)) continue;
        if (!acceptsDirect && !acceptsInner) return false;
        items.push({ ...item, wants: PRESENT });
        direct.push(acceptsDirect);
      } else {
        if (hasDirect) return false;
        if (from === to) continue;
        items.push(item.wants === EITHER && !acceptsInner ? { ...item, wants: ABSENT } : item);
        direct.push(false);
      }
    }
    if (items.length === 0) return true;
    const arrays = this.arraysOf(element, items);
    return arrays.length === 1 && !direct.includes(true)
      ? this.inOneArray(arrays[0])
      : this.inSeveral(arrays, items, direct);
  }

  /** Sorts the leaves that are deeper than an element by the arrays that they are in. */
  private arraysOf(element: number, items: Item[]): ArrayItems[] {
    const { elementArray, elementEnd, elementEndLeaf, elementFirstLeaf, elementParent } = this.reader;
    const arrays: ArrayItems[] = [];
    const place = items.map((item) => item.from);
    for (let first = element + 1; first < elementEnd[element];) {
      let last = first;
      let end = elementEnd[first];
      while (end < elementEnd[element] && elementArray[end] === elementArray[first] && elementParent[end] === element) {
        last = end;
        end = elementEnd[end];
      }
      const inside: Item[] = [];
      items.forEach((item, i) => {
        const [from, to] = this.slice(item, place[i], elementFirstLeaf[first], elementEndLeaf[last]);
        place[i] = to;
        const deeper = this.withoutDirect(item, from, to, element);
        if (deeper.from < deeper.to) inside.push(deeper);
      });
      if (inside.length > 0) arrays.push({ firstElement: first, endElement: end, items: inside });
      first = end;
    }
    return arrays;
  }

  /** The leaves of an item, from a place on, that are in one piece of the event. */
  private slice(item: Item, from: number, firstLeaf: number, endLeaf: number): [number, number] {
    let start = from;
    while (start < item.to && item.leaves[start] < firstLeaf) start++;
    let end = start;
    while (end < item.to && item.leaves[end] < endLeaf) end++;
    return [start, end];
  }

  /** Between the elements of an array, values can stand that are in none of them. */
  private withoutDirect(item: Item, from: number, to: number, element: number): Item {
    const { leaves, accepted } = item;
    const places: number[] = [];
    for (let i = from; i < to; i++) if (this.reader.element[leaves[i]] !== element) places.push(i);
    if (places.length === to - from) return { ...item, from, to };
    return {
      ...item,
      leaves: places.map((i) => leaves[i]),
      accepted: places.map((i) => accepted[i]),
      from: 0,
      to: places.length,
    };
  }

  private inOneArray(array: ArrayItems): boolean {
    const { items } = array;
    const open = items.find((item) => item.wants === EITHER && !chosenBefore(item, items));
    if (open) {
      return [PRESENT, ABSENT].some((wants) =>
        this.inOneArray({ ...array, items: items.map((item) => (item === open ? { ...item, wants } : item)) }),
      );
    }
    // Where nothing is chosen before, the whole array counts, and it has leaves of the field.
    if (items.some((item) => item.wants === ABSENT && !chosenBefore(item, items))) return false;
    return this.someElement(array, items);
  }

  /** Whether the items hold in one element of an array. */
  private someElement(array: ArrayItems, items: Item[]): boolean {
    const { elementEnd, elementEndLeaf, elementFirstLeaf } = this.reader;
    const froms = items.map((item) => item.from);
    const tos = items.map((item) => item.from);
    for (let element = array.firstElement; element < array.endElement; element = elementEnd[element]) {
      const end = elementEnd[element];
      const isFlat = end === element + 1;
      let possible = true;
      for (let i = 0; i < items.length; i++) {
        const item = items[i];
        [froms[i], tos[i]] = this.slice(item, tos[i], elementFirstLeaf[element], elementEndLeaf[element]);
        if (item.wants === PRESENT || (isFlat && item.wants === EITHER && froms[i] < tos[i])) {
          possible &&= anyAccepted(item, froms[i], tos[i]);
        } else if (isFlat) {
          possible &&= froms[i] === tos[i];
        }
      }
      if (!possible) continue;
      if (
        isFlat ||
        this.within(
          element,
          items.map((item, i) => ({ ...item, from: froms[i], to: tos[i] })),
        )
      ) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the items hold where some could be chosen in several places: in the element itself or in one of several
   * arrays. That takes a key twice, or an array of values and arrays.
   */
  private inSeveral(arrays: ArrayItems[], items: Item[], direct: boolean[]): boolean {
    const open = items.findIndex((item) => item.wants === EITHER);
    if (open >= 0) {
      return [PRESENT, ABSENT].some((wants) => {
        const decided = items.map((item, i) => (i === open ? { ...item, wants } : item));
        return this.inSeveral(this.decide(arrays, items[open].order, wants), decided, direct);
      });
    }
    // A bit for each item with a choice: set once the item has been chosen somewhere.
    const bits = new Map<number, number>();
    const places = (item: Item): number => arrays.filter((array) => has(array, item)).length;
    let free: number[] = [0];
    items.forEach((item, i) => {
      if (item.wants !== PRESENT || places(item) + (direct[i] ? 1 : 0) < 2) return;
      const bit = 2 ** bits.size;
      bits.set(item.order, bit);
      if (direct[i]) free = [...free, ...free.map((mask) => mask + bit)];
    });
    let reached = new Set(free);
    for (const array of arrays) {
      const absent = array.items.filter((item) => item.wants === ABSENT);
      const present = array.items.filter((item) => item.wants === PRESENT && anyAccepted(item, item.from, item.to));
      const forced = present.filter((item) => !bits.has(item.order));
      const optional = present.filter((item) => bits.has(item.order));
      const next = new Set<number>();
      for (let choice = 0; choice < 2 ** optional.length; choice++) {
        const chosen = optional.filter((_, i) => (choice >> i) % 2 === 1);
        const inside = [...forced, ...chosen, ...absent].sort((a, b) => a.order - b.order);
        const mask = chosen.reduce((sum, item) => sum + bits.get(item.order)!, 0);
        const targets = [...reached].filter((before) => disjoint(before, mask) && !next.has(before + mask));
        if (targets.length === 0) continue;
        if (inside.length > 0) {
          if (absent.some((item) => !chosenBefore(item, inside))) continue;
          if (!this.someElement(array, inside)) continue;
        }
        for (const before of targets) next.add(before + mask);
      }
      reached = next;
    }
    return reached.has(2 ** bits.size - 1);
  }

  private decide(arrays: ArrayItems[], order: number, wants: number): ArrayItems[] {
    return arrays.map((array) => ({
      ...array,
      items: array.items.map((item) => (item.order === order ? { ...item, wants } : item)),
    }));
  }
}

/** Whether an earlier field has been chosen among the items. */
function chosenBefore(item: Item, items: Item[]): boolean {
  return items.some((other) => other.wants === PRESENT && other.order < item.order);
}

function has(array: ArrayItems, item: Item): boolean {
  return array.items.some((other) => other.order === item.order && anyAccepted(other, other.from, other.to));
}

function anyAccepted(item: Item, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (item.accepted[i]) return true;
  return false;
}

function disjoint(a: number, b: number): boolean {
  // Not by bitwise operators alone, which see 32 bits.
  for (let [x, y] = [a, b]; x > 0 && y > 0; x = Math.floor(x / 2), y = Math.floor(y / 2)) {
    if (x % 2 === 1 && y % 2 === 1) return false;
  }
  return true;
}
