/**
 * MiniStack's faults, as far as the run meets them: what it does otherwise than AWS, and what the run does about it. A
 * difference that none of them explains is a failure.
 */

/** Something that is otherwise than expected. */
export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
}

export interface Fault {
  readonly name: string;
  readonly reason: string;
  /** Of those that show in a comparison. */
  readonly explains?: (difference: Difference) => boolean;
}

export const FAULTS: Fault[] = [
  {
    name: 'own-account-only',
    reason:
      'PutEvents knows no bus of another account; on AWS the bus receives the event, with the account of its sender. A member puts its events on a bus of the same name in its own account, and the run carries them from there to the queue of the republisher, where the input rule takes them',
  },
  {
    name: 'no-foreign-targets',
    reason:
      'a rule delivers nothing to a bus of another account; on AWS it does. The run adds a rule of the same pattern with a queue as its target for each rule of the fan-out',
  },
  {
    name: 'time-of-entries',
    reason: 'the Time of an entry of PutEvents is ignored, "time" is now; on AWS it is that of the entry',
    explains: ({ what, expected, seen }) => what === 'time' && isSoonAfter(expected, seen),
  },
  {
    name: 'rewritten-detail',
    reason:
      'a detail is parsed and written anew at each delivery, with spaces, and of two equal keys the last; nothing in the documentation of AWS says that it does. The run writes details as the emulator does, and puts texts with equal keys into the queue of the republisher itself',
  },
  {
    name: 'no-move-tasks',
    reason:
      'StartMessageMoveTask is missing; AWS has it. The run receives each message, sends it to the queue, deletes it',
  },
  {
    name: 'node-of-the-machine',
    reason:
      'a function runs on the Node.js and the processor of this machine, whatever its runtime and architecture are; on AWS it runs on these',
  },
  {
    name: 'nothing-is-forbidden',
    reason: 'policies of roles, queues and buses are not looked at; on AWS they are. The run proves nothing about them',
  },
  {
    name: 'no-logs-of-events',
    reason: 'a rule with a log group as its target delivers nothing; on AWS it does',
  },
];

/** A republished event takes no longer in a run: it may have waited for a corrected schema. */
const RUN_SECONDS = 300;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function isSoonAfter(put: string, published: string): boolean {
  const seconds = (Date.parse(published) - Date.parse(put)) / 1000;
  return TIME.test(published) && seconds >= 0 && seconds <= RUN_SECONDS;
}

/** The fault behind a difference. */
export const faultOf = (difference: Difference): Fault | undefined =>
  FAULTS.find((fault) => fault.explains?.(difference));
