import { AmbiguousJsonError, type Member, membersOf, MAX_DEPTH, shown } from './json-members';

/** Where an event came from, as EventBridge itself says. */
export interface Origin {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly source: string;
  readonly time: string;
  readonly replayName?: string;
  /** Only where invalid events are published too. */
  readonly valid?: false;
}

/** The detail of an event in the text of the event, and what there is to know of it. */
export interface Detail {
  readonly event: string;
  readonly start: number;
  readonly end: number;
  readonly members: Member[];
  readonly metadata?: Member;
  /** Whether a republisher stamped it before, or somebody who pretends to be one. */
  readonly isStamped: boolean;
}

/**
 * Finds the detail of an event, which is known to be JSON and an object.
 *
 * EventBridge takes a dot in a key for a level, and reads each of two equal keys. So a detail could carry a second stamp,
 * which rules would believe beside ours: each way to do that is refused.
 *
 * @throws AmbiguousJsonError
 */
export function readDetail(event: string): Detail {
  // EventBridge counts the levels of the detail, which the event around it is not one of.
  const envelope = membersOf(event, event.indexOf('{'), ['detail', 'metadata'], MAX_DEPTH + 1);
  const detail = envelope.find(({ key }) => key === 'detail');
  if (detail === undefined) throw new AmbiguousJsonError('detail is missing');
  const { members, valueStart: start, end } = detail;
  if (members === undefined) throw new AmbiguousJsonError('the detail is no object');
  const dotted = members.find(({ key }) => key.startsWith('metadata.'));
  if (dotted) throw new AmbiguousJsonError(`key ${shown(dotted.key)} stands for a field of metadata`);
  const metadata = members.find(({ key }) => key === 'metadata');
  if (metadata === undefined) return { event, start, end, members, isStamped: false };
  if (metadata.members === undefined) throw new AmbiguousJsonError('metadata is no object');
  const hidden = metadata.members.find(({ key }) => key.startsWith('origin.'));
  if (hidden) throw new AmbiguousJsonError(`key ${shown(hidden.key)} stands for a field of origin`);
  const origin = metadata.members.find(({ key }) => key === 'origin');
  const isStamped = origin !== undefined && isStamp(JSON.parse(event.slice(origin.valueStart, origin.end)));
  return { event, start, end, members, metadata, isStamped };
}

/** Producers may have an origin of their own, which says something else. */
const isStamp = (origin: any): boolean => typeof origin?.account === 'string';

/** The detail with its origin, which replaces any that is there. All else is left letter by letter: numbers keep their digits. */
export function stamped({ event, start, end, members, metadata }: Detail, origin: Origin): string {
  const stamp = `"origin":${JSON.stringify(origin)}`;
  if (metadata === undefined) {
    return `{"metadata":{${stamp}}${members.length > 0 ? ',' : ''}${event.slice(start + 1, end)}`;
  }
  const others = metadata
    .members!.filter(({ key }) => key !== 'origin')
    .map((other) => event.slice(other.start, other.end));
  const value = `{${[stamp, ...others].join(',')}}`;
  return event.slice(start, metadata.valueStart) + value + event.slice(metadata.end, end);
}
