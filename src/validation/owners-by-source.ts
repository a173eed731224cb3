import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { SourceOwner } from './republisher-options';
import { BackboneError, shown } from '../internal/errors';
import { ACCOUNT } from '../internal/forms';

/** Which accounts may send a source, over all that is said of it. It stands in the code of the function, so it must be known. */
export function ownersBySource(scope: IConstruct, sourceOwners: readonly SourceOwner[]): Record<string, string[]> {
  if (!Array.isArray(sourceOwners)) {
    throw invalid(scope, `sourceOwners is ${shown(sourceOwners)}, not a list: ${EXAMPLE}`);
  }
  const owners = new Map<string, string[]>();
  sourceOwners.forEach((owner: Partial<SourceOwner> | undefined, i) => {
    if (!Array.isArray(owner?.accounts)) {
      throw invalid(scope, `sourceOwners[${i}] is ${shown(owner)}, which names no list of accounts: ${EXAMPLE}`);
    }
    const { source, accounts } = owner as SourceOwner;
    if (typeof source !== 'string' || source === '' || Token.isUnresolved(source)) {
      throw new BackboneError(
        'SourceInvalid',
        `sourceOwners: source ${shown(source)} is empty, or known at deployment only: write it out, since it stands in the code of the function`,
        scope,
      );
    }
    const unfit = accounts.find((account) => typeof account !== 'string' || !ACCOUNT.test(account));
    if (accounts.length === 0 || unfit !== undefined) {
      throw invalid(
        scope,
        `sourceOwners: ${unfit === undefined ? 'no account' : `account ${shown(unfit)}`} may send ${shown(source)}: list accounts of 12 digits, as strings and written out, since they stand in the code of the function`,
      );
    }
    owners.set(source, [...new Set([...(owners.get(source) ?? []), ...accounts])]);
  });
  return Object.fromEntries(owners);
}

const EXAMPLE = "write { source: 'order.service', accounts: ['…'] }";

const invalid = (scope: IConstruct, message: string) => new BackboneError('AccountInvalid', message, scope);
