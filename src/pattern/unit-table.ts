/** A map from texts to lists, looked up by code units that need not be made a string first. */
export class UnitTable<T> {
  private readonly keys: Uint16Array[] = [];
  private readonly values: T[][] = [];
  /** For each key: 1 + the index of the next with the same hash, or 0. */
  private readonly next: number[] = [];
  /** 1 + the index of the first key with a hash, or 0. */
  private slots = new Int32Array(16);

  public add(key: Uint16Array, value: T): void {
    const index = this.find(key, 0, key.length);
    if (index >= 0) {
      this.values[index].push(value);
      return;
    }
    this.keys.push(key);
    this.values.push([value]);
    this.next.push(0);
    if (this.keys.length * 2 > this.slots.length) {
      this.slots = new Int32Array(this.slots.length * 4);
      this.keys.forEach((_, i) => this.file(i));
    } else {
      this.file(this.keys.length - 1);
    }
  }

  /** What is listed under the units between two places. */
  public get(units: Uint16Array, start: number, end: number): T[] | undefined {
    const index = this.find(units, start, end);
    return index < 0 ? undefined : this.values[index];
  }

  private find(units: Uint16Array, start: number, end: number): number {
    let index = this.slots[hash(units, start, end) & (this.slots.length - 1)];
    while (index !== 0) {
      const key = this.keys[index - 1];
      if (key.length === end - start) {
        let at = 0;
        while (at < key.length && key[at] === units[start + at]) at++;
        if (at === key.length) return index - 1;
      }
      index = this.next[index - 1];
    }
    return -1;
  }

  private file(index: number): void {
    const key = this.keys[index];
    const slot = hash(key, 0, key.length) & (this.slots.length - 1);
    this.next[index] = this.slots[slot];
    this.slots[slot] = index + 1;
  }
}

function hash(units: Uint16Array, start: number, end: number): number {
  let value = end - start;
  for (let at = start; at < end; at++) value = Math.imul(value ^ units[at], 0x01000193);
  return value ^ (value >>> 15);
}
