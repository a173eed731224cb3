import type { EventReader } from './event-reader';

/**
 * Which conditions hold in an event, each by itself, and which leaves they accept. Nothing needs to be cleared for the
 * next event: what was noted bears the event's number.
 */
export class Findings {
  /** Conditions under which clauses are filed, as they are found. */
  public readonly pending: Int32Array;
  public pendingCount = 0;

  private event = 0;
  /** For each condition: the last event in which it holds. */
  private readonly held: Int32Array;
  /** For each condition: the first and the last of the leaves that it accepts, as indexes into the list. */
  private readonly firstAccepted: Int32Array;
  private readonly lastAccepted: Int32Array;
  /** The list of accepted leaves, and for each the next one of the same condition, or -1. */
  private leaf = new Int32Array(64);
  private next = new Int32Array(64);
  private count = 0;

  /**
   * @param isFiled for each condition, whether clauses are filed under it: 1 or 0
   */
  constructor(
    private readonly reader: EventReader,
    private readonly isFiled: Uint8Array,
  ) {
    this.held = new Int32Array(isFiled.length);
    this.firstAccepted = new Int32Array(isFiled.length);
    this.lastAccepted = new Int32Array(isFiled.length);
    this.pending = new Int32Array(isFiled.length);
  }

  /** Begins with another event. */
  public startEvent(): void {
    this.pendingCount = 0;
    this.count = 0;
    if (++this.event === 0x7fffffff) {
      this.event = 1;
      this.held.fill(0);
    }
  }

  /**
   * Notes that a condition holds.
   *
   * @param leaf the leaf that it accepts, -1 for absence; the leaves of a path come in the order of the event
   */
  public note(condition: number, leaf: number): void {
    const isNew = this.held[condition] !== this.event;
    if (isNew) {
      this.held[condition] = this.event;
      if (this.isFiled[condition] === 1) this.pending[this.pendingCount++] = condition;
    }
    // Which leaf it is matters in arrays only.
    if (this.reader.anyElement) this.noteLeaf(condition, leaf, isNew);
  }

  /** Whether a condition holds. */
  public has(condition: number): boolean {
    return this.held[condition] === this.event;
  }

  /** The leaves that a condition accepts, in the order of the event. */
  public acceptedBy(condition: number): number[] {
    const leaves: number[] = [];
    for (let at = this.firstOf(condition); at >= 0; at = this.next[at]) leaves.push(this.leaf[at]);
    return leaves;
  }

  /** The index of the first leaf that a condition accepts, or -1. */
  public firstOf(condition: number): number {
    return this.has(condition) ? this.firstAccepted[condition] : -1;
  }

  /** The index after an index, or -1. */
  public nextOf(at: number): number {
    return this.next[at];
  }

  public leafAt(at: number): number {
    return this.leaf[at];
  }

  private noteLeaf(condition: number, leaf: number, isNew: boolean): void {
    if (isNew) this.firstAccepted[condition] = -1;
    if (leaf < 0) return;
    const last = this.lastAccepted[condition];
    const isFirst = this.firstAccepted[condition] < 0;
    if (!isFirst && this.leaf[last] === leaf) return;
    const at = this.count++;
    if (at === this.leaf.length) this.grow();
    this.leaf[at] = leaf;
    this.next[at] = -1;
    if (isFirst) this.firstAccepted[condition] = at;
    else this.next[last] = at;
    this.lastAccepted[condition] = at;
  }

  private grow(): void {
    const { leaf, next } = this;
    this.leaf = new Int32Array(leaf.length * 2);
    this.next = new Int32Array(next.length * 2);
    this.leaf.set(leaf);
    this.next.set(next);
  }
}
