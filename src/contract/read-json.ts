import { readFileSync } from 'fs';
import { BackboneError } from '../internal/errors';

/**
 * Reads a JSON file, or says why it cannot.
 *
 * @param namedBy what begins the message, if another file names it
 */
export function readJson(path: string, namedBy: string = ''): any {
  return readJsonOr(path, (fault, isThere) => {
    const base = namedBy ? 'the file that names them' : process.cwd();
    const hint = isThere ? '' : `; paths are relative to ${base}`;
    return new BackboneError('SchemaFileUnreadable', `${namedBy}${path}: ${fault}${hint}`);
  });
}

/** Reads a JSON file, or throws what is made of the fault. */
export function readJsonOr(path: string, errorFor: (fault: string, isThere: boolean) => Error): any {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw errorFor(`cannot be read: ${(error as Error).message}`, false);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw errorFor(`is not JSON: ${(error as Error).message}`, true);
  }
}
