import type { Condition } from './conditions';
import type { EventReader } from './event-reader';

/** Takes notice of the conditions that hold. */
export interface Finder {
  holds(number: number): void;
}

/** Finds, among conditions of one path, those that hold. */
export class ValueIndex {
  constructor(
    private readonly path: number,
    private readonly numbers: number[],
    private readonly conditions: Condition[],
  ) {}

  public find(reader: EventReader, finder: Finder): void {
    for (let i = 0; i < this.conditions.length; i++) {
      if (this.conditions[i].holds(reader)) finder.holds(this.numbers[i]);
    }
  }
}
