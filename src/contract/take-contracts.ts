import type { Construct } from 'constructs';
import type { EventContract } from './event-contract';
import { putIntoAssembly } from './put-into-assembly';
import { requireConsistent } from './require-consistent';
import { requireContracts } from './require-contracts';
import { requireUnbroken } from './require-unbroken';

interface Taken {
  /** Beginnings of sources that are the republisher's. */
  readonly reservedPrefixes?: string[];
  /** What the contracts must keep to, relative to the directory in which the process was started. */
  readonly lockFile?: string;
  /** Whom messages about the lock are about: the CDK passes over what is said of constructs outside of stacks. */
  readonly lockScope?: Construct;
}

/** Refuses contracts that contradict each other or break their lock, and lets the command that makes the lock know them. */
export function takeContracts(scope: Construct, contracts: EventContract[], taken: Taken = {}): void {
  const { reservedPrefixes, lockFile, lockScope = scope } = taken;
  requireContracts(scope, contracts);
  requireConsistent(scope, contracts, reservedPrefixes);
  if (lockFile !== undefined) requireUnbroken(lockScope, contracts, lockFile);
  putIntoAssembly(scope, contracts);
}
