import type { IConstruct } from 'constructs';
import type { EventContract } from './event-contract';
import { BackboneError, shown } from '../internal/errors';

/** What plain JavaScript lets pass, such as the field of a class that is used before it is assigned. */
export function requireContracts(scope: IConstruct, contracts: readonly EventContract[]): void {
  if (!Array.isArray(contracts)) {
    throw new BackboneError(
      'ContractInvalid',
      `contracts is ${shown(contracts)}, not a list of contracts: pass EventContract.fromDirectory('contracts'), say`,
      scope,
    );
  }
  contracts.forEach((contract, i) => requireContract(scope, `contracts[${i}]`, contract));
}

export function requireContract(
  scope: IConstruct,
  at: string,
  contract: Partial<EventContract> | null | undefined,
): void {
  // Not by instanceof: there may be two copies of this library.
  if (typeof contract?.schemaName === 'string') return;
  throw new BackboneError(
    'ContractInvalid',
    `${at} is ${shown(contract)}, not an EventContract: pass new EventContract({ source, detailType, schema }) (is a field used before it is assigned?)`,
    scope,
  );
}
