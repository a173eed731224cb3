import { InvalidEventError } from './errors';
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
 * Elements are a tree. From the innermost on, each says which conditions can be met in it, and of the elements of an
 * array one is taken. Where a condition can be met in one array alone, only elements that meet it come into question; so
 * the time grows with the size of the event. Some events leave more to choose: those with a key several times in one
 * object, or with arrays beside values in one list. There the best of what each array offers is combined.
 *
 * @param choices in the order of their paths
 * @throws InvalidEventError if arrays under one key offer more than can be combined
 */
export function holdTogether(choices: Choice[], reader: EventReader): boolean {
  return new Search(choices, reader).succeeds();
}

/**
 * The first leaves that meet the conditions together, -1 where a field is absent; undefined if they do not hold.
 *
 * @param choices in the order of their paths
 * @throws InvalidEventError as `holdTogether` does
 */
export function chooseLeaves(choices: Choice[], reader: EventReader): number[] | undefined {
  if (!holdTogether(choices, reader)) return undefined;
  const chosen: number[] = [];
  const narrowed = [...choices];
  for (const [i, choice] of choices.entries()) {
    const holdsWith = (accepted: number[]): boolean => {
      narrowed[i] = { ...choice, mayBeAbsent: accepted.length === 0, accepted };
      return holdTogether(narrowed, reader);
    };
    let accepted = choice.accepted.filter((leaf) =>
      chosen.every((other) => other < 0 || reader.agree(reader.element[other], reader.element[leaf])),
    );
    while (accepted.length > 1) {
      const half = accepted.slice(0, accepted.length >> 1);
      accepted = holdsWith(half) ? half : accepted.slice(half.length);
    }
    narrowed[i] = { ...choice, mayBeAbsent: accepted.length === 0, accepted };
    chosen.push(accepted[0] ?? -1);
  }
  return chosen;
}

/** A set of conditions: bit n stands for the one with the number n, in the order of their paths. */
type Bits = bigint;

/** The event itself, or an element of an array. */
interface Element {
  /** Conditions that accept a leaf which is in no inner array; those of which it has such a leaf. */
  accepted: Bits;
  present: Bits;
  /** Conditions that accept a leaf here or in an array inside. */
  acceptedInside: Bits;
  /** The arrays inside, by the reader's number; most elements have none. */
  arrays: Map<number, ElementArray> | undefined;
}

interface ElementArray {
  readonly elements: Element[];
  /** Conditions that accept a leaf anywhere in it; those of which it has one. */
  accepted: Bits;
  present: Bits;
}

/** A part of the event, and what is special to it. */
interface Scope {
  /** Conditions that can be met here and nowhere else. */
  readonly only: Bits;
  /** Conditions whose leaves are all here. */
  readonly own: Bits;
  /** Conditions that can be met without it, in the element that it is in. */
  readonly met: Bits;
}

/** What taking certain elements comes to. */
interface Outcome {
  /** Conditions that can be met. */
  readonly met: Bits;
  /** Conditions whose fields are absent. */
  readonly absent: Bits;
  /** Conditions that could be met elsewhere, but must be met here: that is why later fields are absent. */
  readonly pinned: Bits;
}

class Search {
  private readonly event = newElement();
  /** By the reader's number. */
  private readonly elements: Element[] = [this.event];
  private readonly all: Bits;
  /** Conditions that need a leaf, that need absence, and that take either. */
  private readonly present: Bits;
  private readonly absent: Bits;
  private readonly either: Bits;

  constructor(
    choices: Choice[],
    private readonly reader: EventReader,
  ) {
    let [present, absent, either] = [0n, 0n, 0n];
    choices.forEach(({ path, mayBeAbsent, accepted }, number) => {
      const bit = 1n << BigInt(number);
      for (const leaf of accepted) this.elementOf(leaf).accepted |= bit;
      if (!mayBeAbsent) {
        present |= bit;
        return;
      }
      if (accepted.length > 0) either |= bit;
      else absent |= bit;
      for (let leaf = reader.first[path]; leaf >= 0; leaf = reader.next[leaf]) this.elementOf(leaf).present |= bit;
    });
    this.present = present;
    this.absent = absent;
    this.either = either;
    this.all = present | absent | either;
    sumUp(this.event);
  }

  public succeeds(): boolean {
    return this.ofElement(this.event, { only: this.all, own: this.all, met: 0n }).length > 0;
  }

  /** The element that a leaf is in. */
  private elementOf(leaf: number): Element {
    return this.elementNumbered(this.reader.element[leaf]);
  }

  private elementNumbered(number: number): Element {
    const known = this.elements[number];
    if (known) return known;
    const element = newElement();
    this.elements[number] = element;
    const parent = this.elementNumbered(this.reader.elementParent[number]);
    parent.arrays ??= new Map();
    const array = parent.arrays.get(this.reader.elementArray[number]);
    if (array) array.elements.push(element);
    else parent.arrays.set(this.reader.elementArray[number], { elements: [element], accepted: 0n, present: 0n });
    return element;
  }

  /** What can come of an element, once it is taken. */
  private ofElement(element: Element, { only, own, met }: Scope): Outcome[] {
    const arrays = [...(element.arrays?.values() ?? [])];
    const twiceAccepted = inSeveral([element.accepted, ...arrays.map((array) => array.accepted)]);
    const twicePresent = inSeveral([element.present, ...arrays.map((array) => array.present)]);
    // Where absences are judged, it matters in which of several places a condition is met.
    const metAround = this.present === this.all ? met | element.accepted : element.accepted;
    let outcomes: Outcome[] = [{ met: metAround, absent: this.all & ~element.present, pinned: 0n }];
    const later = followed(arrays);
    for (const [i, array] of arrays.entries()) {
      const scope = {
        only: only & array.accepted & ~twiceAccepted,
        own: own & array.present & ~twicePresent,
        met: metAround,
      };
      outcomes = together(outcomes, this.ofArray(array, scope), this.present & only & ~later[i]);
    }
    return outcomes.filter((outcome) => this.isPossible(outcome, only, own));
  }

  /** What can come of an array, of whose elements one is taken. That costs nothing if no condition is met there. */
  private ofArray(array: ElementArray, scope: Scope): Outcome[] {
    const { only, own } = scope;
    const best = new BestOutcomes();
    const nowhere = this.all & ~array.present;
    const ideal = { met: scope.met | array.accepted, absent: this.absent | this.either, pinned: 0n };
    const judge = (outcome: Outcome): void => {
      if (this.isPossible(outcome, only, own)) best.add(this.simplified(outcome, scope));
    };
    for (const element of array.elements) {
      // Most elements are seen to be of no use.
      if ((this.present & only & ~element.acceptedInside) !== 0n) continue;
      for (const { met, absent, pinned } of this.ofElement(element, scope)) {
        // A field is absent from the element taken if a condition before it is met there.
        const first = lowest(met & only);
        const sure = nowhere | (absent & this.after(first));
        judge({ met, absent: sure, pinned });
        for (let rest = met & ~only & ~this.after(first) & ~first; rest > 0n; rest &= rest - 1n) {
          const pin = lowest(rest);
          const more = nowhere | (absent & this.after(pin));
          if (more !== sure) judge({ met, absent: more, pinned: pinned | pin });
        }
      }
      if (best.includes(ideal)) break;
    }
    return best.outcomes;
  }

  /** Whether all is well with the conditions that cannot be met anywhere else. */
  private isPossible({ met, absent }: Outcome, only: Bits, own: Bits): boolean {
    return (
      (this.present & only & ~met) === 0n &&
      (this.absent & ~absent) === 0n &&
      (this.either & own & ~(met | absent)) === 0n
    );
  }

  /** Leaves out differences that matter to nothing outside. */
  private simplified({ met, absent, pinned }: Outcome, scope: Scope): Outcome {
    // Each is met or absent; where it is absent, one before it is met.
    const settled = this.either & scope.own;
    return { met: met | scope.met | settled, absent: absent | settled, pinned };
  }

  /** The conditions after one; none after none. */
  private after(bit: Bits): Bits {
    return bit === 0n ? 0n : this.all & ~((bit << 1n) - 1n);
  }
}

/** Outcomes of which none is as good as another in everything. */
class BestOutcomes {
  public outcomes: Outcome[] = [];

  public add(outcome: Outcome): void {
    if (this.includes(outcome)) return;
    this.outcomes = this.outcomes.filter((other) => !isAsGood(outcome, other));
    if (this.outcomes.length === MAX_OUTCOMES) {
      throw new InvalidEventError(
        'a key is there so often, each time with an array of objects, that the ways to choose among them are too many',
      );
    }
    this.outcomes.push(outcome);
  }

  /** Whether one is as good as this. */
  public includes(outcome: Outcome): boolean {
    return this.outcomes.some((other) => isAsGood(other, outcome));
  }
}

/** To combine elements at will is as hard as any puzzle: somewhere it must end. */
const MAX_OUTCOMES = 2_000;

function isAsGood(a: Outcome, b: Outcome): boolean {
  return (b.met & ~a.met) === 0n && (b.absent & ~a.absent) === 0n && (a.pinned & ~b.pinned) === 0n;
}

/** What can come of two parts of an element, so far as it meets what must be met. */
function together(some: Outcome[], others: Outcome[], needed: Bits): Outcome[] {
  const best = new BestOutcomes();
  for (const a of some) {
    for (const b of others) {
      if ((a.pinned & b.pinned) !== 0n || (needed & ~(a.met | b.met)) !== 0n) continue;
      best.add({ met: a.met | b.met, absent: a.absent & b.absent, pinned: a.pinned | b.pinned });
    }
  }
  return best.outcomes;
}

function newElement(): Element {
  return { accepted: 0n, present: 0n, acceptedInside: 0n, arrays: undefined };
}

/** Fills in what an element and its arrays hold; returns the conditions of which there is a leaf. */
function sumUp(element: Element): Bits {
  element.acceptedInside = element.accepted;
  let { present } = element;
  for (const array of element.arrays?.values() ?? []) {
    for (const inner of array.elements) {
      array.present |= sumUp(inner);
      array.accepted |= inner.acceptedInside;
    }
    element.acceptedInside |= array.accepted;
    present |= array.present;
  }
  return present;
}

/** For each array: the conditions that can be met in those after it. */
function followed(arrays: ElementArray[]): Bits[] {
  const later: Bits[] = [];
  for (let i = arrays.length - 1, bits = 0n; i >= 0; bits |= arrays[i--].accepted) later[i] = bits;
  return later;
}

/** The bits that are in more than one set. */
function inSeveral(sets: Bits[]): Bits {
  let [once, more] = [0n, 0n];
  for (const set of sets) {
    more |= once & set;
    once |= set;
  }
  return more;
}

function lowest(bits: Bits): Bits {
  return bits & -bits;
}
