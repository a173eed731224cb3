/**
 * What may be concluded from what was seen. Nothing is a `yes` or a `no` only because something did not come: that may
 * have many reasons.
 */
export type Answer = 'yes' | 'no' | 'not seen';

export interface Finding {
  readonly question: string;
  readonly answer: Answer;
  readonly evidence: string;
}

/** What is known of an answer; the question is asked elsewhere. */
export type Verdict = Omit<Finding, 'question'>;

const yes = (evidence: string): Verdict => ({ answer: 'yes', evidence });
const no = (evidence: string): Verdict => ({ answer: 'no', evidence });
const notSeen = (evidence: string): Verdict => ({ answer: 'not seen', evidence });

/** How an attempt to put an event ended: the code of the refusal, or none. */
export interface Put {
  readonly refused?: string;
}

/** Whether a code or a message is about permission: a throttled or mistaken call says nothing of a policy. */
export const isAboutPermission = (text: string) => /AccessDenied|NotAuthorized|not authorized|Unauthorized/i.test(text);

export function carriesAccount(put: Put, event: { account?: string } | undefined, account: string): Verdict {
  if (put.refused !== undefined) return notSeen(`the put was refused: ${put.refused}`);
  if (event === undefined) return notSeen('it did not arrive');
  return event.account === account ? yes('it does') : no(`it carries ${event.account}`);
}

/** @param atHub whether the event was seen at the hub: without that, that it did not come back says nothing */
export function comesNotBack(atHub: boolean, back: boolean): Verdict {
  if (back) return no('it came back');
  return atHub ? yes('it came to the hub, and not back') : notSeen('it did not arrive at the hub');
}

/** @param code of its dead letter */
export function isDelivered(put: Put, arrived: boolean, code: string | undefined): Verdict {
  if (arrived) return yes('it arrived');
  if (put.refused !== undefined) return notSeen(`the put was refused: ${put.refused}`);
  return code === undefined ? notSeen('it is nowhere') : no(`its dead letter says ${code}`);
}

/** Whether a put is taken. @param good a put of the same account that nothing forbids */
export function isTaken(put: Put, good: Put): Verdict {
  if (put.refused === undefined) return yes('accepted');
  const refusal = isRefused(put, good);
  return refusal.answer === 'yes' ? no(refusal.evidence) : refusal;
}

/** Whether a put is refused for want of permission, and for nothing else. @param good one that nothing forbids */
export function isRefused(put: Put, good: Put): Verdict {
  if (put.refused === undefined) return no('accepted');
  if (!isAboutPermission(put.refused)) return notSeen(`it failed otherwise: ${put.refused}`);
  return good.refused === undefined ? yes(put.refused) : notSeen(`so is one that should be taken: ${good.refused}`);
}

/** @param arrived at the local bus @param code of its dead letter at the hub */
export function isDroppedAtSecondHop(seen: { forwarded: boolean; arrived: boolean; code?: string }): Verdict {
  if (seen.arrived) return no('it arrived behind its second hop');
  if (!seen.forwarded) return notSeen('it did not come to the hub');
  return seen.code === undefined ? notSeen('it is nowhere') : yes(`its dead letter says ${seen.code}`);
}

/** @param plain whether the log group without a condition got the same event */
export function isLogged(conditioned: boolean, plain: boolean): Verdict {
  if (conditioned) return yes('the event is there');
  return plain
    ? no('the event is in the log group without the condition alone')
    : notSeen('no log group has the event');
}

export interface Copy {
  readonly id: string;
  readonly 'replay-name'?: string;
}

/** @param originals the ids under which the event itself was seen: a copy of a replay has another one */
export function carriesReplayName(copies: Copy[], originals: string[], replays: readonly string[]): Verdict {
  const named = copies.find((copy) => replays.includes(copy['replay-name'] ?? ''));
  if (named !== undefined) return yes('a copy has it');
  const unnamed = copies.find((copy) => copy['replay-name'] === undefined && !originals.includes(copy.id));
  return unnamed === undefined
    ? notSeen('no copy came; the archive may have been empty')
    : no('a copy came without it');
}

/** Whether a replay comes through the policy of the bus. What does not come may be late. */
export function comesByReplay(
  copies: Copy[],
  originals: string[],
  replays: readonly string[],
  failed?: string,
): Verdict {
  const copy = copies.find((one) => replays.includes(one['replay-name'] ?? '') || !originals.includes(one.id));
  if (copy !== undefined) return yes('a copy came');
  if (failed === undefined) return notSeen('no copy came; the archive may have been empty');
  return isAboutPermission(failed) ? no(failed) : notSeen(failed);
}

/** @param entries a good one and one that must be refused, in one call @param good the good one, put alone */
export function refusesOneEntry(entries: { good: Put; bad: Put }, good: Put): Verdict {
  if (entries.bad.refused === undefined) return no('both were accepted');
  if (good.refused !== undefined) return notSeen(`the good one is refused alone, too: ${good.refused}`);
  if (!isAboutPermission(entries.bad.refused)) return notSeen(`it failed otherwise: ${entries.bad.refused}`);
  return entries.good.refused === undefined
    ? yes(`the other was accepted; ${entries.bad.refused}`)
    : no(`the whole call was refused: ${entries.good.refused}`);
}

/** @param refused the code with which EventBridge refused a pattern */
export function isValidPattern(refused: string | undefined): Verdict {
  if (refused === undefined) return yes('accepted');
  // A text that is too long is no valid argument at all.
  return /^(InvalidEventPattern|Validation)(Exception|Error)/.test(refused) ? no(refused) : notSeen(refused);
}

/** @param series the names of the dimensions of each metric of the bus */
export function hasSeries(series: string[][], wanted: string[]): Verdict {
  const all = [...new Set(series.map((names) => [...names].sort().join('+') || '(none)'))].sort();
  if (all.includes([...wanted].sort().join('+'))) return yes(`series: ${all.join(', ')}`);
  return notSeen(
    all.length > 0 ? `only series: ${all.join(', ')}` : 'no series yet: they come minutes after the events',
  );
}

/** @param near at the hub, one leg before */
export function keepsTrace(near: string | undefined, far: { header?: string } | undefined, root: string): Verdict {
  if (far === undefined) return notSeen('the copy did not arrive');
  if (far.header?.includes(root)) return yes('the copy has it');
  return near?.includes(root) ? no('the hub has it, the copy has not') : notSeen('the hub has none either');
}

/** Why the routes could not be deployed: that PutTargets refuses the policy is what was asked. */
export function takesPolicy(failure: string | undefined): Verdict {
  if (failure === undefined) return yes('the routes are deployed');
  return isAboutPermission(failure) ? no(failure) : notSeen(`the routes failed otherwise: ${failure}`);
}

/** What is printed may be sent to others: accounts are named by what they are. */
export function masked(text: string, hub: string, member: string): string {
  return text
    .replaceAll(hub, 'HUB')
    .replaceAll(member, 'MEMBER')
    .replace(/\b\d{12}\b/g, 'ACCOUNT');
}
