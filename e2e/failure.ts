/** Something that the run was to show does not hold, or that it needs is not there. */
export class Failure extends Error {
  /**
   * @param expected what should have been
   * @param seen what was
   * @param remedy what to do about it
   */
  constructor(expected: string, seen: string, remedy: string) {
    super(`expected: ${expected}\n  seen:     ${seen}\n  remedy:   ${remedy}`);
  }
}
