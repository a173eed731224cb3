import type { IConstruct } from 'constructs';
import { type EventContract } from './event-contract';
import { canonical } from './json';
import { settled } from './normalise';
import { BackboneError, shown } from '../internal/errors';

/**
 * Refuses contracts that contradict each other, or that nobody may publish under.
 *
 * @param reservedPrefixes the beginnings of sources that are the republisher's
 */
export function requireConsistent(
  scope: IConstruct | undefined,
  contracts: EventContract[],
  reservedPrefixes: string[] = [],
): void {
  const byName = new Map<string, EventContract>();
  const byDetailType = new Map<string, EventContract>();
  for (const contract of contracts) {
    const { source, detailType, schemaName, owner } = contract;
    const prefix = reservedPrefixes.find((candidate) => source.startsWith(candidate));
    if (prefix !== undefined) {
      throw new BackboneError(
        'SourceReserved',
        `${placeOf(contract)}: source ${shown(source)} begins with ${shown(prefix)}, which only the republisher may use: write the source as producers send it, or take another`,
        scope,
      );
    }
    const same = byName.get(schemaName);
    const fault = same && difference(same, contract);
    if (same !== undefined && fault !== undefined) {
      throw new BackboneError(
        'ContractDuplicate',
        `${schemaName} is written down twice, with another ${fault}: in ${placeOf(same)} and in ${placeOf(contract)}; keep one`,
        scope,
      );
    }
    const other = byDetailType.get(detailType);
    if (other !== undefined && owner !== undefined && other.owner !== owner) {
      throw new BackboneError(
        'ContractOwnerConflict',
        `detail-type ${shown(detailType)} has two owners, ${shown(other.owner)} (${placeOf(other)}) and ${shown(owner)} (${placeOf(contract)}): a rule by detail-type would take the events of both. Give one owner, or each a detail-type of its own`,
        scope,
      );
    }
    byName.set(schemaName, contract);
    if (owner !== undefined) byDetailType.set(detailType, contract);
  }
}

const placeOf = ({ schema }: EventContract): string => `${schema._origin}${schema._pointer}`;

function difference(a: EventContract, b: EventContract): string | undefined {
  if (a.source !== b.source) return 'source';
  if (a.owner !== b.owner) return 'owner';
  return canonical(settled(a.schema)) === canonical(settled(b.schema)) ? undefined : 'schema';
}
