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

/** The longest that a slow machine is waited for. */
const LONGEST = 2_000;

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

/**
 * Nothing but a script of its own can be stopped in the middle of a regular expression.
 *
 * A function has a fraction of a processor, and what was slow may be the machine. So there is a second look, as long as that
 * fraction makes it; and if the validator did not get to work even then, the event is not at fault.
 */
function limited(compiled: CompiledValidator, timeout: number): Validate {
  let value: unknown;
  const script = new Script('run()');
  const context = createContext({ run: () => compiled(value) });
  /** Undefined if the time was over. */
  const look = (time: number): Violation[] | undefined => {
    try {
      return script.runInContext(context, { timeout: time }) ? [] : (compiled.errors ?? []).map(violation);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
      throw error;
    }
  };
  return (detail) => {
    value = detail;
    try {
      for (let time = timeout, isLast = false; ; isLast = true) {
        const before = cpuTime();
        const violations = look(time);
        if (violations) return violations;
        const worked = Math.max(1, cpuTime() - before);
        if (isLast && worked >= timeout / 2) throw new ValidationTimeout();
        if (isLast) throw new Error(`a validator had the processor for ${Math.round(worked)} of ${time} ms`);
        time = Math.round(Math.min(LONGEST, Math.max(timeout, (timeout * time) / worked)));
      }
    } finally {
      value = undefined;
    }
  };
}

/** Of the whole process, in milliseconds. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Without `params`, which hold names that an event made up. */
function violation({ instancePath, keyword, message }: NonNullable<CompiledValidator['errors']>[number]): Violation {
  return { path: instancePath, keyword, message: message ?? keyword };
}
