import type { IConstruct } from 'constructs';
import type { EventContract } from '../contract';
import { BackboneError, shown } from '../internal/errors';
import type { Topology, TopologyMember } from '../topology';
import type { SourceOwner } from '../validation';

/**
 * Which accounts may send which sources: those of the members that list them, or that a contract names as owner. Where
 * neither says anything, everybody may.
 */
export function ownersOf(scope: IConstruct, topology: Topology, contracts: EventContract[]): SourceOwner[] {
  const owners = new Map<string, Set<string>>();
  const own = (source: string, account: string) =>
    owners.set(source, (owners.get(source) ?? new Set<string>()).add(account));
  for (const { sources = [], account } of topology.members) sources.forEach((source) => own(source, account));
  const firsts = new Map<string, EventContract>();
  for (const contract of contracts) {
    const { source, owner } = contract;
    if (owner === undefined) continue;
    const member = memberOf(scope, topology, contract);
    const listing = topology.members.filter(({ sources = [] }) => sources.includes(source));
    requireListed(scope, contract, member, listing);
    const first = firsts.get(source) ?? contract;
    if (listing.length === 0 && first.owner !== owner) {
      throw new BackboneError(
        'ContractOwnerConflict',
        `source ${shown(source)} has two owners, ${first.owner} (${first.schemaName}) and ${owner} (${contract.schemaName}), so each could send the events of the other: give the source one owner, or list it for both in the topology`,
        scope,
      );
    }
    firsts.set(source, first);
    own(source, member.account);
  }
  return [...owners].map(([source, accounts]) => ({ source, accounts: [...accounts] }));
}

function memberOf(
  scope: IConstruct,
  { name, members }: Topology,
  { schemaName, owner }: EventContract,
): TopologyMember {
  const member = members.find((candidate) => candidate.name === owner);
  if (member !== undefined) return member;
  const names = members.map((candidate) => candidate.name).join(', ') || 'nobody';
  throw new BackboneError(
    'MemberUnknown',
    `contract ${schemaName} is owned by ${shown(owner)}, who is not a member of ${name}: on it are ${names}`,
    scope,
  );
}

/** Refuses an owner whose sources are others, or who would come to own what the topology gives to others. */
function requireListed(
  scope: IConstruct,
  { source, schemaName, owner }: EventContract,
  member: TopologyMember,
  listing: TopologyMember[],
): void {
  if (listing.length > 0 ? listing.includes(member) : member.sources === undefined) return;
  const why =
    listing.length > 0
      ? `and its source is of ${listing.map(({ name }) => name).join(', ')}`
      : `whose sources are ${member.sources!.join(', ')}`;
  throw new BackboneError(
    'SourceNotOwned',
    `contract ${schemaName} is owned by ${owner}, ${why}: add ${shown(source)} to the sources of ${owner} in the topology, or name another owner`,
    scope,
  );
}
