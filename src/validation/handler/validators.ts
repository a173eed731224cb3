import { join } from 'path';
import { createContext, Script } from 'vm';
import { type ManifestContract, type Validate, ValidationTimeout, type Violation } from './judge';

/** A compiled schema, as Ajv makes it. */
interface CompiledValidator {
  (value: unknown): boolean;
  errors?: Array<{ readonly instancePath: string; readonly keyword: string; readonly message?: string }> | null;
}

/** How long one event may be looked at, in milliseconds: a pattern that explodes takes seconds on a text of 30 letters. */
const TIMEOUT = 100;

/**
 * The validators of a directory, each loaded when an event first needs it: so a hundred cost no more at the start than one.
 *
 * @param directory holds `schemas/<hash>.js`
 */
export function validatorsIn(directory: string, timeout: number = TIMEOUT): (contract: ManifestContract) => Validate {
  const loaded = new Map<string, Validate>();
  return ({ hash }) => {
    let validate = loaded.get(hash);
    if (validate === undefined) {
      validate = limited(require(join(directory, 'schemas', `${hash}.js`)) as CompiledValidator, timeout);
      loaded.set(hash, validate);
    }
    return validate;
  };
}

/** Nothing but a script of its own can be stopped in the middle of a regular expression. */
function limited(compiled: CompiledValidator, timeout: number): Validate {
  let value: unknown;
  const script = new Script('run()');
  const context = createContext({ run: () => compiled(value) });
  return (detail) => {
    value = detail;
    try {
      return script.runInContext(context, { timeout }) ? [] : (compiled.errors ?? []).map(violation);
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? new ValidationTimeout() : error;
    }
  };
}

/** Without `params`, which hold names that an event made up. */
function violation({ instancePath, keyword, message }: NonNullable<CompiledValidator['errors']>[number]): Violation {
  return { path: instancePath, keyword, message: message ?? keyword };
}
