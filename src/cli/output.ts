/** Where a command writes: what was asked for, and what went wrong. */
export interface Output {
  log(line: string): void;
  error(line: string): void;
}

/** A command that was not called rightly. */
export class UsageError extends Error {}
