import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { breakingText, compareWithLock, lockCommand, readLock, UNLOCKED, wayOut } from './contract-lock';
import { type EventContract } from './event-contract';
import { BackboneError } from '../internal/errors';
import { warn } from '../internal/warnings';

/**
 * Refuses contracts that break what the lock file promises, and warns of what is not in it yet.
 *
 * @param lockFile relative to the directory in which the process was started
 */
export function requireUnbroken(scope: IConstruct, contracts: EventContract[], lockFile: string): void {
  try {
    refuseBreaks(scope, contracts, lockFile);
  } catch (error) {
    const [key, value] = UNLOCKED;
    if (!(error instanceof BackboneError) || scope.node.tryGetContext(key) !== value) throw error;
    Validations.of(scope).addError(`cdk-event-backbone:${error.code}`, error.message);
  }
}

function refuseBreaks(scope: IConstruct, contracts: EventContract[], lockFile: string): void {
  const findings = compareWithLock(contracts, readLock(lockFile));
  const { breaking, removed, unlocked } = findings;
  if (breaking.length + removed.length > 0) {
    const lines = [`contracts break what ${lockFile} promises:`, ...breakingText(findings), wayOut(findings, lockFile)];
    throw new BackboneError('ContractBreaking', lines.join('\n'), scope);
  }
  if (unlocked.length === 0) return;
  const names = unlocked.map(({ contract, change }) => `${contract.schemaName} (${change})`).join(', ');
  warn(
    scope,
    'Contract.notLocked',
    `${lockFile} does not hold these contracts as they are, so nothing keeps them from breaking: ${names}. Run and commit: ${lockCommand(lockFile)}`,
  );
}
