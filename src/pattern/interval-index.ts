/** Something that holds for an interval of numbers. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Finds the intervals that a number is in: a balanced tree in an array sorted by lower bounds. */
export class IntervalIndex<T extends Interval> {
  private readonly sorted: T[];
  private readonly lows: Float64Array;
  /** For each interval: the highest upper bound in the part of the tree below it. */
  private readonly reaches: Float64Array;

  constructor(intervals: T[]) {
    this.sorted = [...intervals].sort((a, b) => a.low - b.low);
    this.lows = Float64Array.from(this.sorted, (interval) => interval.low);
    this.reaches = new Float64Array(intervals.length);
    this.reach(0, intervals.length);
  }

  /** Calls back for each interval that a number is in, bounds included. */
  public find(value: number, take: (interval: T) => void): void {
    this.visit(0, this.sorted.length, value, take);
  }

  private visit(from: number, to: number, value: number, take: (interval: T) => void): void {
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.reaches[middle] < value) return;
      this.visit(from, middle, value, take);
      if (this.lows[middle] > value) return;
      if (this.sorted[middle].high >= value) take(this.sorted[middle]);
      from = middle + 1;
    }
  }

  private reach(from: number, to: number): number {
    if (from >= to) return -Infinity;
    const middle = (from + to) >>> 1;
    const highest = Math.max(this.sorted[middle].high, this.reach(from, middle), this.reach(middle + 1, to));
    this.reaches[middle] = highest;
    return highest;
  }
}
