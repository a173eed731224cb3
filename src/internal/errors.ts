import type { IConstruct } from 'constructs';

/**
 * Every error of this library.
 *
 * The code stands in the text too, since the class does not survive the way into other languages.
 * `docs/errors.md` lists the codes.
 */
export class BackboneError extends Error {
  public readonly code: string;

  constructor(code: string, message: string, scope?: IConstruct) {
    super(`${scope ? `[${scope.node.path}] ` : ''}${message} (${code})`);
    this.name = 'BackboneError';
    this.code = code;
  }
}

/** A value as it should stand in a message: quoted, and cut where it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
