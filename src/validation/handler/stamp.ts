import { AmbiguousJsonError, type Member, membersOf } from './json-members';

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

/** The detail of an event as text, and what there is to know of it. */
export interface Detail {
  readonly text: string;
  readonly members: Member[];
  readonly metadata?: Member;
  /** The members of `metadata`. */
  readonly inner: Member[];
  /** Whether somebody stamped it before. */
  readonly isStamped: boolean;
}

/**
 * Reads a detail, which is known to be JSON.
 *
 * EventBridge takes a dot in a key for a level, and reads each of two equal keys. So a detail could carry a second stamp,
 * which rules would believe beside ours: each way to do that is refused.
 *
 * @throws AmbiguousJsonError
 */
export function readDetail(text: string): Detail {
  if (text[0] !== '{') throw new AmbiguousJsonError('the detail is no object');
  const members = membersOf(text, 0);
  const dotted = members.find(({ key }) => key.startsWith('metadata.'));
  if (dotted) throw new AmbiguousJsonError(`key ${JSON.stringify(dotted.key)} stands for a field of metadata`);
  const metadata = members.find(({ key }) => key === 'metadata');
  if (metadata === undefined) return { text, members, inner: [], isStamped: false };
  if (text[metadata.valueStart] !== '{') throw new AmbiguousJsonError('metadata is no object');
  const inner = membersOf(text, metadata.valueStart);
  const hidden = inner.find(({ key }) => key.startsWith('origin.'));
  if (hidden) throw new AmbiguousJsonError(`key ${JSON.stringify(hidden.key)} stands for a field of origin`);
  return { text, members, metadata, inner, isStamped: inner.some(({ key }) => key === 'origin') };
}

/** The detail with its origin, which replaces any that is there. All else is left letter by letter: numbers keep their digits. */
export function stamped({ text, members, metadata, inner }: Detail, origin: Origin): string {
  const stamp = `"origin":${JSON.stringify(origin)}`;
  const others = inner.filter(({ key }) => key !== 'origin').map(({ start, end }) => text.slice(start, end));
  const value = `{${[stamp, ...others].join(',')}}`;
  if (metadata) return text.slice(0, metadata.valueStart) + value + text.slice(metadata.end);
  return `{"metadata":${value}${members.length > 0 ? ',' : ''}${text.slice(1)}`;
}
