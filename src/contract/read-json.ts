import { readFileSync } from 'fs';
import { BackboneError } from '../internal/errors';

/** Reads a JSON file, or says why it cannot. */
export function readJson(path: string): any {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new BackboneError(
      'SchemaFileUnreadable',
      `${path}: cannot be read: ${(error as Error).message}; paths are relative to ${process.cwd()}`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BackboneError('SchemaFileUnreadable', `${path}: is not JSON: ${(error as Error).message}`);
  }
}
