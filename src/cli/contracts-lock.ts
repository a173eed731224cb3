import { existsSync, renameSync, rmSync, writeFileSync } from 'fs';
import { parseArgs, type ParseArgsConfig } from 'util';
import { contractsInAssembly } from './contracts-in-assembly';
import { UsageError, type Output } from './output';
import {
  breakingText,
  compareWithLock,
  type Lock,
  LOCK_FILE,
  type LockFindings,
  lockText,
  quoted,
  readLock,
  wayOut,
} from '../contract/contract-lock';
import { EventContract } from '../contract/event-contract';
import { type EventSchema } from '../contract/event-schema';
import { requireConsistent } from '../contract/require-consistent';

export const CONTRACTS_LOCK_USAGE = `event-backbone contracts lock [directory ...] [options]
  Writes down what contracts promise, and refuses what would break it.

  directory                 contracts in files, as EventContract.fromDirectory reads them
  --app <directory>         contracts in code, of a synthesized app (cdk.out)
  --lock <file>             the lock file, by default ${LOCK_FILE}
  --accept-breaking <name>  take a contract (source@detailType) over as it is now, though it breaks
  --remove <name>           forget a contract
  --check                   write nothing; fail if the lock is not up to date`;

const OPTIONS = {
  app: { type: 'string', multiple: true, default: [] },
  lock: { type: 'string', default: LOCK_FILE },
  'accept-breaking': { type: 'string', multiple: true, default: [] },
  remove: { type: 'string', multiple: true, default: [] },
  check: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

const SOURCES_MISSING = 'name the directory of the contracts, or a synthesized app with --app cdk.out';

/** What the lock is not written for. */
type Refused = Omit<LockFindings, 'unlocked'>;

/** @returns the exit code */
export function contractsLock(args: string[], output: Output): number {
  const { directories, app, lock: path, accepted, remove, check } = argumentsOf(args);
  const lock: Lock = existsSync(path) ? readLock(path) : new Map();
  requireKnown('--remove', remove, [...lock.keys()], `is not in ${path}`);
  if (directories.length + app.length === 0) {
    for (const name of remove) output.log(`removed   ${name}`);
    const kept = [...lock].filter(([name]) => !remove.includes(name));
    return writeOrCheck(path, lock, new Map(kept), check, output);
  }

  const fromFiles = directories.flatMap((directory) => found(directory, EventContract.fromDirectory(directory)));
  const fromApps = app.flatMap((directory) => found(directory, contractsInAssembly(directory)));
  const contracts = consistent([...fromFiles, ...fromApps]);
  const names = contracts.map(({ schemaName }) => schemaName);
  requireKnown('--accept-breaking', accepted, names, 'is not among the contracts');
  refuseToRemove(remove, fromFiles, ({ _origin }) => `in ${_origin}: delete it there first`);
  refuseToRemove(remove, fromApps, () => `in the app: delete it there first, and run "cdk synth"`);
  const findings = compareWithLock(contracts, lock);
  const refused: Refused = {
    ...findings,
    breaking: findings.breaking.filter(({ contract }) => !accepted.includes(contract.schemaName)),
    removed: findings.removed.filter((name) => !remove.includes(name)),
  };
  for (const line of report(findings, refused, contracts.length)) output.log(line);
  if (refused.breaking.length + refused.removed.length > 0) {
    output.error(`${path}: not written, since this breaks what it promises:`);
    for (const line of breakingText(refused)) output.error(line);
    const sources = [...directories.map(quoted), ...app.map((directory) => `--app ${quoted(directory)}`)];
    output.error(wayOut(refused, path, sources.join(' ')));
    return 1;
  }
  return writeOrCheck(path, lock, findings.current, check, output);
}

/** Writes what is to be locked, or says that it would have to be written. */
function writeOrCheck(path: string, before: Lock, after: Lock, check: boolean, output: Output): number {
  const text = lockText(after);
  if (existsSync(path) && text === lockText(before)) {
    output.log(`${path}: is up to date`);
    return 0;
  }
  if (check) {
    output.error(`${path}: is not up to date: run the command without --check, and commit the file`);
    return 1;
  }
  write(path, text);
  output.log(`${path}: written`);
  return 0;
}

function argumentsOf(args: string[]) {
  try {
    const { values, positionals: directories } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const { app, lock, remove, check } = values;
    if (directories.length + app.length + remove.length === 0) {
      throw new Error(SOURCES_MISSING);
    }
    const accepted = values['accept-breaking'];
    if (directories.length + app.length === 0 && accepted.length > 0) {
      throw new Error(`--accept-breaking takes a contract over: ${SOURCES_MISSING}`);
    }
    return { directories, app, lock, accepted, remove, check };
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]);
  }
}

function consistent(all: EventContract[]): EventContract[] {
  requireConsistent(undefined, all);
  return [...new Map(all.map((contract) => [contract.schemaName, contract])).values()];
}

function found(directory: string, contracts: EventContract[]): EventContract[] {
  if (contracts.length === 0) throw new Error(`${directory}: holds no contracts`);
  return contracts;
}

function requireKnown(option: string, names: string[], known: string[], fault: string): void {
  for (const name of names) {
    if (!known.includes(name)) throw new UsageError(`${option} ${name}: ${fault}`);
  }
}

function refuseToRemove(names: string[], contracts: EventContract[], where: (schema: EventSchema) => string): void {
  const still = contracts.find(({ schemaName }) => names.includes(schemaName));
  if (still === undefined) return;
  throw new Error(`--remove ${still.schemaName}: the contract is still ${where(still.schema)}`);
}

function report({ breaking, unlocked, removed }: LockFindings, refused: Refused, count: number): string[] {
  const accepted = new Set(
    breaking.filter((change) => !refused.breaking.includes(change)).map(({ contract }) => contract),
  );
  const broken = new Set(refused.breaking.map(({ contract }) => contract));
  const unchanged = count - unlocked.length - accepted.size - broken.size;
  return [
    ...unlocked.map(({ contract, change }) => `${change.padEnd(9)} ${contract.schemaName}`),
    ...[...accepted].map(({ schemaName }) => `accepted  ${schemaName}`),
    ...[...broken].map(({ schemaName }) => `breaking  ${schemaName}`),
    ...removed.map((name) => `${refused.removed.includes(name) ? 'missing' : 'removed'}   ${name}`),
    `${unchanged} unchanged`,
  ];
}

/** In one step: who reads the file meanwhile sees the one or the other. */
function write(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new Error(`${path}: cannot be written: ${(error as Error).message}`);
  }
}
