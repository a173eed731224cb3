/**
 * The emulator's faults, as far as a run meets them: what it does otherwise than AWS, and how we know. A difference that
 * is not on this list is a failure.
 */

/** Something that arrived otherwise than expected. */
export interface Difference {
  /** `arrival`, or the name of a field of the envelope, or of an attribute of a dead letter. */
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  /** How many buses the event passed. */
  readonly buses: number;
}

export interface Fault {
  readonly name: string;
  readonly reason: string;
  readonly explains: (difference: Difference, hub: string) => boolean;
}

export const FAULTS: Fault[] = [
  {
    name: 'account-of-the-hub',
    reason: 'after the second leg "account" is the hub\'s; on AWS it stays the publisher\'s',
    explains: ({ what, seen, buses }, hub) => what === 'account' && buses === 2 && seen === hub,
  },
  {
    name: 'time-of-the-second-leg',
    reason: 'after the second leg "time" is when it was delivered; on AWS it stays the time of publishing',
    explains: ({ what, expected, seen, buses }) => what === 'time' && buses === 2 && isSoonAfter(expected, seen),
  },
  {
    name: 'one-error-code',
    reason:
      'the error code of a dead letter is always TARGET_DELIVERY_FAILED; on AWS it is NO_RESOURCE for a missing queue',
    explains: ({ what, seen }) => what === 'ERROR_CODE' && seen === 'TARGET_DELIVERY_FAILED',
  },
];

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
/** A delivery takes no longer in a run. */
const DELIVERY_SECONDS = 60;

function isSoonAfter(published: string, delivered: string): boolean {
  const seconds = (Date.parse(delivered) - Date.parse(published)) / 1000;
  return TIME.test(delivered) && seconds >= 0 && seconds <= DELIVERY_SECONDS;
}

/** A rule of a custom bus that a stack removed is still there: the run deletes it, and says so. */
export const FORGOTTEN_RULES = {
  name: 'forgotten-rules',
  reason: 'a rule of a custom bus stays when CloudFormation removes it; on AWS it goes. The run deletes it itself',
};

/** Types whose updates the emulator says to have made, and has not. What it ignores of them changes no arrival. */
export const IGNORED_UPDATES = {
  name: 'ignored-updates',
  reason: 'updates of bus policies and managed policies are ignored; the emulator does not enforce policies either',
  types: ['AWS::Events::EventBusPolicy', 'AWS::IAM::ManagedPolicy'],
};

/** The fault behind a difference. */
export function faultOf(difference: Difference, hub: string): Fault | undefined {
  return FAULTS.find((fault) => fault.explains(difference, hub));
}
