import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';

/** A directory that is gone after the tests of a file. */
export class Files {
  public readonly directory = mkdtempSync(join(tmpdir(), 'contracts-'));

  constructor() {
    afterAll(() => rmSync(this.directory, { recursive: true, force: true }));
  }

  public path(name: string): string {
    return join(this.directory, name);
  }

  /** Writes a file and gives its path. */
  public write(name: string, content: unknown): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }
}

/** A schema, with an addition, and with a break. */
export const ORDER = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string' }, total: { type: 'number' } },
};
export const WITH_NOTE = { ...ORDER, properties: { ...ORDER.properties, note: { type: 'string' } } };
export const WITHOUT_TOTAL = { ...ORDER, properties: { id: { type: 'string' } } };
