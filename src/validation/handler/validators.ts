import { readFileSync } from 'fs';
import { join } from 'path';
import { compileFunction, createContext, Script } from 'vm';
import { type ManifestContract, type Validate, ValidationTimeout, type Violation } from './judge';

/** A compiled schema, as Ajv makes it. */
interface CompiledValidator {
  (value: unknown): boolean;
  errors?: Array<{ readonly instancePath: string; readonly keyword: string; readonly message?: string }> | null;
}

/** How long one event may be looked at, in milliseconds: a pattern that explodes takes seconds on a text of 30 letters. */
const TIMEOUT = 100;

/** The machine may be what was slow, above all with a validator that never ran before: then there is a second look. */
const LOOKS = 2;

/**
 * The validators of a directory, each loaded when an event first needs it: so a hundred cost no more at the start than one.
 *
 * @param directory holds `schemas/<hash>.js`, and `rt.js`
 */
export function validatorsIn(directory: string, timeout: number = TIMEOUT): (contract: ManifestContract) => Validate {
  const loaded = new Map<string, Validate>();
  return ({ hash }) => {
    let validate = loaded.get(hash);
    if (validate === undefined) {
      validate = limited(load(directory, hash), timeout);
      loaded.set(hash, validate);
    }
    return validate;
  };
}

/** A compiled schema asks for `rt.js` alone, which it shares with the others. */
function load(directory: string, hash: string): CompiledValidator {
  const filename = join(directory, 'schemas', `${hash}.js`);
  const module = { exports: {} };
  const run = compileFunction(readFileSync(filename, 'utf8'), ['module', 'exports', 'require'], { filename });
  run(module, module.exports, () => require(join(directory, 'rt.js')));
  return module.exports as CompiledValidator;
}

/** Nothing but a script of its own can be stopped in the middle of a regular expression. */
function limited(compiled: CompiledValidator, timeout: number): Validate {
  let value: unknown;
  const script = new Script('run()');
  const context = createContext({ run: () => compiled(value) });
  const look = (): boolean => {
    try {
      return script.runInContext(context, { timeout });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? new ValidationTimeout() : error;
    }
  };
  return (detail) => {
    value = detail;
    try {
      for (let looks = 1; ; looks++) {
        try {
          return look() ? [] : (compiled.errors ?? []).map(violation);
        } catch (error) {
          if (!(error instanceof ValidationTimeout) || looks === LOOKS) throw error;
        }
      }
    } finally {
      value = undefined;
    }
  };
}

/** Without `params`, which hold names that an event made up. */
function violation({ instancePath, keyword, message }: NonNullable<CompiledValidator['errors']>[number]): Violation {
  return { path: instancePath, keyword, message: message ?? keyword };
}
