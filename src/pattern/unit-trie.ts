const NONE = -1;

/**
 * Texts by their beginnings, walked along code units. With `link`, it finds the texts anywhere in a value, in one pass
 * over it (Aho and Corasick).
 */
export class UnitTrie<T> {
  /** What is listed under the text that ends at each node; the root is 0. */
  private readonly lists: Array<T[] | undefined> = [undefined];
  /** Most nodes have one edge, kept here; those with more have them all in the table. */
  private readonly onlyUnit: number[] = [NONE];
  private readonly onlyNode: number[] = [NONE];
  private readonly many: boolean[] = [false];
  /** The edges of nodes with many: from a node along a unit to a node. */
  private tableFrom = new Int32Array(16).fill(NONE);
  private tableUnit = new Uint16Array(16);
  private tableTo = new Int32Array(16);
  private tableSize = 0;
  /** For each node, once linked: the longest other beginning that it ends with, and the nearest of those with a list. */
  private fallback: Int32Array | undefined;
  private nearestList = new Int32Array(0);
  /** For each node: the last search that took its list. */
  private taken = new Int32Array(0);
  private searches = 0;

  public add(text: Uint16Array, value: T): void {
    let node = 0;
    for (let at = 0; at < text.length; at++) node = this.grow(node, text[at]);
    (this.lists[node] ??= []).push(value);
  }

  /** Calls back for each list whose text the units begin with. */
  public walk(units: Uint16Array, start: number, end: number, take: (list: T[]) => void): void {
    let node = 0;
    for (let at = start; ; at++) {
      const list = this.lists[node];
      if (list) take(list);
      if (at === end) return;
      node = this.edge(node, units[at]);
      if (node < 0) return;
    }
  }

  /** The same from the end backwards: for texts that were added backwards. */
  public walkBack(units: Uint16Array, start: number, end: number, take: (list: T[]) => void): void {
    let node = 0;
    for (let at = end - 1; ; at--) {
      const list = this.lists[node];
      if (list) take(list);
      if (at < start) return;
      node = this.edge(node, units[at]);
      if (node < 0) return;
    }
  }

  /** Makes ready for `search`; no texts can be added afterwards. */
  public link(): void {
    const count = this.lists.length;
    const fallback = new Int32Array(count);
    this.nearestList = new Int32Array(count).fill(NONE);
    const children = this.children();
    const queue = [0];
    for (const node of queue) {
      for (const [unit, child] of this.edges(node, children)) {
        queue.push(child);
        if (node !== 0) {
          let shorter = fallback[node];
          while (shorter !== 0 && this.edge(shorter, unit) < 0) shorter = fallback[shorter];
          fallback[child] = Math.max(0, this.edge(shorter, unit));
        }
        const other = fallback[child];
        this.nearestList[child] = this.lists[other] ? other : this.nearestList[other];
      }
    }
    this.fallback = fallback;
    this.taken = new Int32Array(count);
  }

  /** Calls back once for each list whose text is anywhere in the units. */
  public search(units: Uint16Array, start: number, end: number, take: (list: T[]) => void): void {
    const fallback = this.fallback!;
    this.startSearch();
    let node = 0;
    for (let at = start; at < end; at++) {
      const unit = units[at];
      let next = this.edge(node, unit);
      while (next < 0 && node !== 0) {
        node = fallback[node];
        next = this.edge(node, unit);
      }
      if (next < 0) continue;
      node = next;
      let found = this.lists[node] ? node : this.nearestList[node];
      // What is listed under the ends of a text was taken with it.
      while (found >= 0 && this.taken[found] !== this.searches) {
        this.taken[found] = this.searches;
        take(this.lists[found]!);
        found = this.nearestList[found];
      }
    }
  }

  private startSearch(): void {
    if (++this.searches < 0x7fffffff) return;
    this.searches = 1;
    this.taken.fill(0);
  }

  /** The node that an edge leads to, or -1. */
  private edge(node: number, unit: number): number {
    if (!this.many[node]) return this.onlyUnit[node] === unit ? this.onlyNode[node] : NONE;
    const mask = this.tableFrom.length - 1;
    for (let slot = hash(node, unit) & mask; ; slot = (slot + 1) & mask) {
      const from = this.tableFrom[slot];
      if (from === NONE) return NONE;
      if (from === node && this.tableUnit[slot] === unit) return this.tableTo[slot];
    }
  }

  private grow(node: number, unit: number): number {
    const known = this.edge(node, unit);
    if (known >= 0) return known;
    const child = this.lists.length;
    this.lists.push(undefined);
    this.onlyUnit.push(NONE);
    this.onlyNode.push(NONE);
    this.many.push(false);
    if (!this.many[node] && this.onlyUnit[node] === NONE) {
      this.onlyUnit[node] = unit;
      this.onlyNode[node] = child;
    } else {
      if (!this.many[node]) {
        this.many[node] = true;
        this.file(node, this.onlyUnit[node], this.onlyNode[node]);
      }
      this.file(node, unit, child);
    }
    return child;
  }

  private file(from: number, unit: number, to: number): void {
    if (++this.tableSize * 2 > this.tableFrom.length) {
      const { tableFrom, tableUnit, tableTo } = this;
      this.tableFrom = new Int32Array(tableFrom.length * 4).fill(NONE);
      this.tableUnit = new Uint16Array(tableFrom.length * 4);
      this.tableTo = new Int32Array(tableFrom.length * 4);
      tableFrom.forEach((node, i) => {
        if (node !== NONE) this.put(node, tableUnit[i], tableTo[i]);
      });
    }
    this.put(from, unit, to);
  }

  private put(from: number, unit: number, to: number): void {
    const mask = this.tableFrom.length - 1;
    let slot = hash(from, unit) & mask;
    while (this.tableFrom[slot] !== NONE) slot = (slot + 1) & mask;
    this.tableFrom[slot] = from;
    this.tableUnit[slot] = unit;
    this.tableTo[slot] = to;
  }

  private edges(node: number, children: Map<number, Array<[number, number]>>): Array<[number, number]> {
    if (!this.many[node]) return this.onlyUnit[node] === NONE ? [] : [[this.onlyUnit[node], this.onlyNode[node]]];
    return children.get(node) ?? [];
  }

  /** The edges of each node with many. */
  private children(): Map<number, Array<[number, number]>> {
    const byNode = new Map<number, Array<[number, number]>>();
    for (let slot = 0; slot < this.tableFrom.length; slot++) {
      const from = this.tableFrom[slot];
      if (from === NONE) continue;
      const known = byNode.get(from);
      if (known) known.push([this.tableUnit[slot], this.tableTo[slot]]);
      else byNode.set(from, [[this.tableUnit[slot], this.tableTo[slot]]]);
    }
    return byNode;
  }
}

function hash(node: number, unit: number): number {
  const value = Math.imul(node * 31 + unit, 0x9e3779b1);
  return value ^ (value >>> 15);
}
