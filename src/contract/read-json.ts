import { readFileSync } from 'fs';
import { BackboneError } from '../internal/errors';

/**
 * Reads a JSON file, or says why it cannot.
 *
 * @param namedBy what begins the message, if another file names it
 */
export function readJson(path: string, namedBy: string = ''): any {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new BackboneError(
      'SchemaFileUnreadable',
      `${namedBy}${path}: cannot be read: ${(error as Error).message}; paths are relative to ${namedBy ? 'the file that names them' : process.cwd()}`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BackboneError('SchemaFileUnreadable', `${namedBy}${path}: is not JSON: ${(error as Error).message}`);
  }
}
