import { existsSync } from 'fs';
import { type BreakingChange, breakingChanges } from './compatibility';
import { type EventContract } from './event-contract';
import { escape, hashOf, isObject, ordered } from './json';
import { settled, type NormalSchema } from './normalise';
import { readJsonOr } from './read-json';
import { BackboneError, shown } from '../internal/errors';

/** The file that holds what was promised, by default. */
export const LOCK_FILE = 'contracts.lock.json';

/** Tells our files from others of the same name. */
const FORMAT = 'cdk-event-backbone/contracts/1';

/** A contract as it stands in a lock: what consumers may rely on, without words. */
export interface LockedContract {
  readonly source: string;
  readonly detailType: string;
  readonly owner?: string;
  /** Of the schema, so that an edit by hand or by a merge is noticed. */
  readonly hash: string;
  /** JSON Schema 2020-12, whatever the contract was written in. */
  readonly schema: NormalSchema;
}

/** By `source@detailType`. */
export type Lock = ReadonlyMap<string, LockedContract>;

export function lockOf(contracts: EventContract[]): Lock {
  return new Map(
    contracts.map(({ schemaName, source, detailType, owner, schema }) => {
      const settledSchema = settled(schema);
      return [schemaName, { source, detailType, owner, hash: hashOf(settledSchema), schema: settledSchema }];
    }),
  );
}

/** The text of a lock: the same for the same contracts, in whichever order they come. */
export function lockText(lock: Lock): string {
  const contracts = Object.fromEntries(
    [...lock]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { source, detailType, owner, hash, schema }]) => [
        name,
        { source, detailType, owner, hash, schema: ordered(schema) },
      ]),
  );
  return `${JSON.stringify({ format: FORMAT, contracts }, undefined, 2)}\n`;
}

/** What stands in a cloud assembly, for `event-backbone contracts lock --app`. */
export function contractsJson(contracts: EventContract[]): string {
  return lockText(lockOf(contracts));
}

/** Whether a JSON value is a lock, or what `contractsJson` gives. */
export const isLock = (json: unknown): boolean => isObject(json) && json.format === FORMAT;

/** Reads a lock, or says why it cannot. */
export function readLock(path: string): Lock {
  if (!existsSync(path)) {
    throw new BackboneError(
      'ContractLockMissing',
      `${path}: is not there; paths are relative to ${process.cwd()}. Make it, and commit it: ${lockCommand(path)}`,
    );
  }
  const json = readJsonOr(path, (fault) => invalid(path, '', fault));
  if (!isLock(json) || !isObject(json.contracts)) {
    throw invalid(path, '', `is not a lock of contracts: its format is ${shown(json?.format)}, not ${shown(FORMAT)}`);
  }
  for (const [name, contract] of Object.entries<any>(json.contracts)) {
    if (isIntact(name, contract)) continue;
    throw invalid(path, placeInLock(name), 'was changed by hand, or by a merge');
  }
  return new Map(Object.entries<LockedContract>(json.contracts));
}

const isIntact = (name: string, contract: any): boolean =>
  isObject(contract) &&
  'schema' in contract &&
  `${contract.source}@${contract.detailType}` === name &&
  contract.hash === hashOf(contract.schema);

/** Where a contract stands in a lock. */
export const placeInLock = (name: string): string => `/contracts/${escape(name)}`;

function invalid(path: string, place: string, fault: string): BackboneError {
  return new BackboneError(
    'ContractLockInvalid',
    `${path}${place}: ${fault}: take the file from before, and let ${lockCommand(path)} change it`,
  );
}

/**
 * A context with which an app can be synthesized although its contracts are not locked, so that they can be: what would
 * end the synthesis is an error annotation then, and the CDK deploys nothing that has one.
 */
export const UNLOCKED = ['cdk-event-backbone:contracts', 'unlocked'] as const;

/** Where the command finds contracts, where that is not known. */
const ANYWHERE = '<directory>';

/** How the lock is made and changed. */
export function lockCommand(path: string, options: string[] = [], sources: string = ANYWHERE): string {
  const file = path === LOCK_FILE ? [] : [`--lock ${quoted(path)}`];
  const command = ['npx event-backbone contracts lock', sources, ...file, ...options].join(' ');
  return sources === ANYWHERE
    ? `${command} (contracts in code: --app cdk.out, after cdk synth -c ${UNLOCKED.join('=')})`
    : command;
}

export const quoted = (text: string): string => (/^[\w@./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`);

/** A breaking change, of which contract. */
export interface LockBreak extends BreakingChange {
  readonly contract: EventContract;
}

/** How contracts differ from what is locked. */
export interface LockFindings {
  readonly breaking: LockBreak[];
  /** Contracts that the lock does not know, or not as they are, though nothing breaks. */
  readonly unlocked: Array<{ readonly contract: EventContract; readonly change: 'new' | 'changed' }>;
  /** Names in the lock that no contract has. */
  readonly removed: string[];
  /** What was compared: the lock as it is, and as it would be for the contracts. */
  readonly lock: Lock;
  readonly current: Lock;
}

export function compareWithLock(contracts: EventContract[], lock: Lock): LockFindings {
  const current = lockOf(contracts);
  const findings: LockFindings = { breaking: [], unlocked: [], removed: [], lock, current };
  for (const contract of contracts) {
    const before = lock.get(contract.schemaName);
    const now = current.get(contract.schemaName)!;
    if (before === undefined) {
      findings.unlocked.push({ contract, change: 'new' });
    } else if (before.hash !== now.hash || before.owner !== now.owner) {
      const source = { _document: before.schema, _pointer: '', _dialect: '2020-12' } as const;
      const changes = breakingChanges(source, contract.schema);
      findings.breaking.push(...changes.map((change) => ({ contract, ...change })));
      if (changes.length === 0) findings.unlocked.push({ contract, change: 'changed' });
    }
  }
  findings.removed.push(...[...lock.keys()].filter((name) => !current.has(name)));
  return findings;
}

/** Of one contract so many changes are told. */
const MOST_TOLD = 20;

/** A line for each breaking change, below a line for its contract. */
export function breakingText({ breaking, removed }: Pick<LockFindings, 'breaking' | 'removed'>): string[] {
  const contracts = [...new Set(breaking.map(({ contract }) => contract))];
  return [
    ...contracts.flatMap((contract) => {
      const lines = breaking
        .filter((change) => change.contract === contract)
        .map(
          ({ kind, field, message, place }) =>
            `  ${field || 'detail'}: ${kind}: ${message} (${contract.schema._origin}${place})`,
        );
      const more = lines.length > MOST_TOLD ? [`  and ${lines.length - MOST_TOLD} more`] : [];
      return [contract.schemaName, ...lines.slice(0, MOST_TOLD), ...more];
    }),
    ...removed.map((name) => `${name}\n  removed: is locked, and no longer among the contracts`),
  ];
}

/** What to do about breaking changes. */
export function wayOut(
  { breaking, removed, lock, current }: Omit<LockFindings, 'unlocked'>,
  path: string,
  sources?: string,
): string {
  const names = [...new Set(breaking.map(({ contract }) => contract))];
  const options = [
    ...names.map(({ schemaName }) => `--accept-breaking ${quoted(schemaName)}`),
    ...removed.map((name) => `--remove ${quoted(name)}`),
  ];
  const [first] = names;
  const isFree = (schemaName: string) => !lock.has(schemaName) && !current.has(schemaName);
  const version =
    first === undefined
      ? 'Bring the contracts back until nobody consumes their events'
      : `Undo this, or publish what changed as a new detail-type such as ${shown(nextVersion(first, isFree))} beside the old one, and retire the old one by a date`;
  return `${version}. Where nobody relies on it any more: ${lockCommand(path, options, sources)}`;
}

/** `Order.Created` is followed by `Order.Created.v2`, and that by `Order.Created.v3`, unless there is such an event. */
function nextVersion({ source, detailType }: EventContract, isFree: (schemaName: string) => boolean): string {
  const [, name, version] = /^(.+)\.v(\d+)$/.exec(detailType) ?? [undefined, detailType, '1'];
  for (let number = Number(version) + 1; ; number++) {
    const next = `${name}.v${number}`;
    if (isFree(`${source}@${next}`)) return next;
  }
}
