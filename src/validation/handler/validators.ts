import { readFileSync } from 'fs';
import { join } from 'path';
import { compileFunction, createContext, Script } from 'vm';
import { type Validate, ValidationTimeout } from './judge';
import type { ManifestContract } from './manifest';
import type { Violation } from './verdict';

/** A compiled schema, as Ajv makes it. */
interface CompiledValidator {
  (value: unknown): boolean;
  errors?: Array<{ readonly instancePath: string; readonly keyword: string; readonly message?: string }> | null;
}

/** How long one event may be looked at, in milliseconds: a pattern that explodes takes seconds on a text of 30 letters. */
const TIMEOUT = 100;

/** The longest that a slow machine is waited for. */
const LONGEST = 2_000;

/** Something to validate. */
export interface Check {
  readonly contract: ManifestContract;
  readonly detail: unknown;
}

export interface Validators {
  (contract: ManifestContract): Validate;
  /**
   * Which of several fit, found in the time of one, since the clock that stops them costs more than they do. Where the time
   * is over, or something fails, nobody knows of any.
   */
  fit(checks: Check[]): boolean[];
}

/**
 * The validators of a directory, each loaded when an event first needs it: so a hundred cost no more at the start than one.
 *
 * @param directory holds `schemas/<hash>.js`, and `rt.js`
 */
export function validatorsIn(directory: string, timeout: number = TIMEOUT): Validators {
  const loaded = new Map<string, { compiled: CompiledValidator; validate: Validate }>();
  const validatorOf = ({ hash }: ManifestContract) => {
    let validator = loaded.get(hash);
    if (validator === undefined) {
      const compiled = load(directory, hash);
      validator = { compiled, validate: limited(compiled, timeout) };
      loaded.set(hash, validator);
    }
    return validator;
  };
  const fit = (checks: Check[]): boolean[] => {
    try {
      // Loaded before: what is stopped while it loads is half there.
      const all = checks.map(({ contract, detail }) => ({ ...validatorOf(contract), detail }));
      return stoppedAfter(timeout, () => all.map(({ compiled, detail }) => compiled(detail)));
    } catch {
      return checks.map(() => false);
    }
  };
  return Object.assign((contract: ManifestContract) => validatorOf(contract).validate, { fit });
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
 * A function has a fraction of a processor, and what was slow may be the machine. So there is a second look, as long as that
 * fraction makes it; and if the validator did not get to work even then, the event is not at fault.
 */
function limited(compiled: CompiledValidator, timeout: number): Validate {
  /** Undefined if the time was over. */
  const look = (detail: unknown, time: number): Violation[] | undefined => {
    try {
      return stoppedAfter(time, () => compiled(detail)) ? [] : (compiled.errors ?? []).map(violation);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
      throw error;
    }
  };
  return (detail) => {
    for (let time = timeout, isLast = false; ; isLast = true) {
      const before = cpuTime();
      const violations = look(detail, time);
      if (violations) return violations;
      const worked = Math.max(1, cpuTime() - before);
      if (isLast && worked >= timeout / 2) throw new ValidationTimeout();
      if (isLast) throw new Error(`a validator had the processor for ${Math.round(worked)} of ${time} ms`);
      time = Math.round(Math.min(LONGEST, Math.max(timeout, (timeout * time) / worked)));
    }
  };
}

let work: () => unknown;
const script = new Script('work()');
const context = createContext({ work: () => work() });

/** Nothing but a script of its own can be stopped in the middle of a regular expression. */
function stoppedAfter<T>(milliseconds: number, toDo: () => T): T {
  work = toDo;
  return script.runInContext(context, { timeout: milliseconds });
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
