/**
 * What the shop is meant to do, said apart from what deploys it: nothing of the library is asked here. The deployed
 * rules alone would agree with themselves, whatever they are.
 */

/** What a topology says of a member, as far as it decides who gets what. */
export interface Member {
  readonly name: string;
  readonly account: string;
  readonly state?: string;
  readonly filter?: { readonly detailTypes?: string[] };
}

/** An event, as far as it decides who gets it. */
export interface Put {
  readonly account: string;
  readonly 'detail-type': string;
}

/** What the queue of each team asks for, as its stack does. */
const WANTED: Record<string, RegExp> = {
  order: /^Delivery\.Updated$/,
  delivery: /^Order\.Created$/,
  loyalty: /^Order\./,
  support: /^(New Signup|Delivery\.Updated)$/,
};

/** Whose local bus gets an event: everybody active but its sender, where the filter takes it. */
export function receivers(members: readonly Member[], event: Put): string[] {
  return members
    .filter(({ state = 'active' }) => state === 'active')
    .filter(({ account }) => account !== event.account)
    .filter(({ filter }) => filter?.detailTypes?.includes(event['detail-type']) ?? true)
    .map(({ name }) => name);
}

/** Whose queue gets an event. */
export function consumers(members: readonly Member[], event: Put): string[] {
  return receivers(members, event).filter((name) => WANTED[name]?.test(event['detail-type']));
}

/** Where an event was seen, or should be: at the global bus, at local buses, in queues of teams. */
export interface Seen {
  readonly global: boolean;
  readonly buses: string[];
  readonly queues: string[];
  /** Where nobody of the shop looks for it. */
  readonly elsewhere: string[];
}

/** Where an event should be seen. */
export const intended = (members: readonly Member[], event: Put): Seen => ({
  global: true,
  buses: receivers(members, event),
  queues: consumers(members, event),
  elsewhere: [],
});

/** The names of the shop's places, as its README gives them. */
export interface Places {
  readonly name: string;
  readonly hub: string;
  readonly region: string;
  readonly members: readonly Member[];
}

/** The ARN of the log of the global bus, or of the bus of a member. */
export function logOf({ name, hub, region }: Places, member?: Member): string {
  return `arn:aws:logs:${region}:${member?.account ?? hub}:log-group:/aws/events/${name}-${member?.name ?? 'global'}`;
}

/** What the ends at which an event was found are: logs by their names, queues by the accounts that they are in. */
export function seenAt(places: Places, ends: string[]): Seen {
  const at = [...new Set(ends.map((end) => end.replace(/:\*$/, '')))];
  const isQueueOf = ({ account }: Member, end: string) => end.startsWith(`arn:aws:sqs:${places.region}:${account}:`);
  const known = (end: string) =>
    end === logOf(places) || places.members.some((member) => end === logOf(places, member) || isQueueOf(member, end));
  const whose = (is: (member: Member, end: string) => boolean) =>
    places.members.filter((member) => at.some((end) => is(member, end))).map(({ name }) => name);
  return {
    global: at.includes(logOf(places)),
    buses: whose((member, end) => end === logOf(places, member)),
    queues: whose(isQueueOf),
    elsewhere: at.filter((end) => !known(end)),
  };
}

/** What is missing and what is too much; nothing where all is as intended. */
export function deviations(expected: Seen, seen: Seen): string[] {
  const differ = (kind: string, should: string[], are: string[]) => [
    ...should.filter((name) => !are.includes(name)).map((name) => `not in the ${kind} of ${name}`),
    ...are.filter((name) => !should.includes(name)).map((name) => `in the ${kind} of ${name}`),
  ];
  return [
    ...(seen.global === expected.global ? [] : [`${expected.global ? 'not ' : ''}in the log of the global bus`]),
    ...differ('bus log', expected.buses, seen.buses),
    ...differ('queue', expected.queues, seen.queues),
    ...seen.elsewhere.map((end) => `at ${end}`),
  ];
}
