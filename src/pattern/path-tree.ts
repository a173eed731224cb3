/**
 * The paths that rules name, as a tree of their keys: the reader walks it beside the event, and leaves alone what no
 * rule names.
 */
export class PathNode {
  /** The number of the path that ends here, or -1. */
  public path = -1;
  /** Whether longer paths go on from here. */
  public inner = false;

  private readonly children: PathNode[] = [];
  /** Hash table: 1 + the index of the first child with that hash, or 0. */
  private slots = new Int32Array(8);
  private mask = 7;
  /** 1 + the index of the next child with the same hash, or 0. */
  private next = 0;

  constructor(
    /** Code units of the key. */
    private readonly key: Uint16Array = new Uint16Array(0),
  ) {}

  /** The child with this key, made if there is none. */
  public grow(key: string): PathNode {
    const units = unitsOf(key);
    const known = this.find(units, 0, units.length);
    if (known) return known;
    const child = new PathNode(units);
    this.children.push(child);
    this.inner = true;
    if (this.children.length * 2 > this.slots.length) this.rehash(this.slots.length * 4);
    else this.file(child, this.children.length);
    return child;
  }

  /** The child whose key stands between two places of the units, or null. */
  public find(units: Uint16Array, start: number, end: number): PathNode | null {
    let index = this.slots[hash(units, start, end) & this.mask];
    while (index !== 0) {
      const child = this.children[index - 1];
      const key = child.key;
      if (key.length === end - start) {
        let at = 0;
        while (at < key.length && key[at] === units[start + at]) at++;
        if (at === key.length) return child;
      }
      index = child.next;
    }
    return null;
  }

  private rehash(size: number): void {
    this.slots = new Int32Array(size);
    this.mask = size - 1;
    this.children.forEach((child, i) => this.file(child, i + 1));
  }

  private file(child: PathNode, index: number): void {
    const slot = hash(child.key, 0, child.key.length) & this.mask;
    child.next = this.slots[slot];
    this.slots[slot] = index;
  }
}

/** Cheap on purpose: objects have few keys, and most differ in length or at their ends. */
function hash(units: Uint16Array, start: number, end: number): number {
  if (start === end) return 0;
  return (end - start) * 31 + units[start] * 7 + units[end - 1] * 3 + units[(start + end) >> 1];
}

/** The code units of a text. */
export function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  return units;
}

/** The tree of all paths; a path's number is its index. */
export class PathTree {
  public readonly root = new PathNode();
  /**
   * Whether an empty key can be part of a path. EventBridge looks into it only if some rule names an empty key other
   * than at the end of a path.
   */
  public readonly emptyKeys: boolean;

  constructor(public readonly paths: string[]) {
    paths.forEach((path, number) => {
      let node = this.root;
      for (const key of path.split('.')) node = node.grow(key);
      node.path = number;
    });
    this.emptyKeys = entersEmptyKeys(paths);
  }
}

/** Whether a rule that names these paths makes EventBridge look into empty keys. */
export function entersEmptyKeys(paths: string[]): boolean {
  return paths.some((path) => path === '' || /^\.+[^.]|[^.]\.\.+[^.]/.test(path));
}
