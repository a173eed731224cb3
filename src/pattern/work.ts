/** What one question may cost, in steps of much the same time; counted, not timed, so that answers never vary. */
export class Work {
  constructor(private left: number) {}

  /** Takes some steps off; whether there were as many. Once there were not, there never are again. */
  public spend(steps: number): boolean {
    this.left = steps <= this.left ? this.left - steps : -1;
    return this.left >= 0;
  }
}
