import { FilterConflict, isListOfText, narrow, withAlternatives } from './event-filter';
import { type Receiver, type Validated, validatedPattern } from './validated-pattern';
import type { WirePattern } from '../internal/event-pattern';
import { DeliveryMode, type Topology, type TopologyMember } from '../topology';

/** What a fan-out rule has to let through. */
export interface FanOut extends Receiver {
  /** Where the events are those that a republisher has validated. */
  readonly validated?: Validated;
}

/** What the topology says of the events of a member. */
export function fanOutTo(topology: Topology, member: TopologyMember): FanOut {
  const { account, sources, filter } = member;
  const ownSources = topology.sharesAccount(member.name) ? sources : undefined;
  return { account, ownSources, filter, validated: validatedBy(topology) };
}

/** How the events that the fan-out rules of a topology read tell that they are validated, if they are. */
function validatedBy({ deliveryMode, hub, validPrefix, invalidPrefix }: Topology): Validated | undefined {
  if (deliveryMode === DeliveryMode.PLAIN) return undefined;
  const isSameBus = deliveryMode === DeliveryMode.VALIDATED_SAME_BUS;
  return { account: hub.account, invalidPrefix, ...(isSameBus && { validPrefix }) };
}

/**
 * The pattern of a fan-out rule: everybody's events but the member's own, narrowed by its filter.
 *
 * A pattern cannot put two conditions on one field, and a branch of `$or` overrides what stands outside. So the filter
 * must stay away from the fields of the exclusion; where the exclusion needs the source as well (several members in
 * one account), literal lists of sources are intersected here.
 */
export function fanOutPattern(fanOut: FanOut): WirePattern {
  const { account, ownSources, filter = {}, excludeReplays = false, validated } = fanOut;
  if (validated) return validatedPattern(fanOut, validated);
  const narrowing = narrow(filter, excludeReplays, ownSources !== undefined);
  const foreign = { account: [{ 'anything-but': [account] }] };
  if (ownSources === undefined) return { ...foreign, ...narrowing };

  const { source, ...rest } = narrowing;
  if (source === undefined) {
    return withAlternatives([foreign, { source: [{ 'anything-but': ownSources }] }], rest);
  }
  if (!isListOfText(source) || !isListOfText(ownSources)) {
    throw new FilterConflict(
      'names sources by more than literal strings, which cannot be combined with the exclusion by source that a shared account needs: list the sources literally',
    );
  }
  const ofOthers = source.filter((s) => !ownSources.includes(s));
  if (ofOthers.length === 0) return { ...foreign, source, ...rest };
  if (ofOthers.length === source.length) return { source, ...rest };
  return withAlternatives([{ ...foreign, source }, { source: ofOthers }], rest);
}
