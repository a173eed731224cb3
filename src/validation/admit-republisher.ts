import { Stack, Stage } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { type AdmittingBus, admittingBus } from '../internal/admitting-bus';
import { warn } from '../internal/warnings';

interface Admission {
  readonly targetBus: events.IEventBusRef;
  readonly roleArn: string;
  /** Whether other stacks can know the role before it is made. */
  readonly isNamed: boolean;
  /** Prefixes of sources that are kept for the republisher; none where everything is. */
  readonly reserved: string[];
  /** Whether it publishes now, or would in another mode: a bus that denies others may know it already. */
  readonly publishes: boolean;
}

/** Has the policy of the target bus keep for a republisher what is its own; where it is not ours, says what is missing there. */
export function admitRepublisher(republisher: Construct, admission: Admission): void {
  const { targetBus, roleArn, reserved, publishes } = admission;
  const bus = busToChange(republisher, admission);
  bus?._admitRepublisher(roleArn);
  if (!publishes || (bus !== undefined && keeps(bus, reserved))) return;
  const { eventBusArn, eventBusName } = targetBus.eventBusRef;
  const deny = {
    Sid: 'OnlyRepublisher',
    Effect: 'Deny',
    Principal: '*',
    Action: 'events:PutEvents',
    Resource: eventBusArn,
    Condition: {
      ArnNotEquals: { 'aws:PrincipalArn': roleArn },
      ...(reserved.length > 0 && {
        'ForAnyValue:StringLike': { 'events:source': reserved.map((prefix) => `${prefix}*`) },
      }),
    },
  };
  const why =
    bus === undefined
      ? 'is not ours to change'
      : reserved.length > 0
        ? `reserves other sources: list ${reserved.join(', ')} in its reservedSourcePrefixes`
        : 'admits producers: make the target a PublishedBus';
  const statement = JSON.stringify(Stack.of(republisher).resolve(deny));
  const other = reserved.length > 0 ? ' A Deny of these sources that is there already must leave out this role.' : '';
  warn(
    republisher,
    'ValidatedRepublisher.eventBusPolicyNotChanged',
    `The policy of ${eventBusName} ${why}. Unless it has this statement, others can put events there that were never validated: ${statement}${other}`,
  );
}

const keeps = ({ _reservedPrefixes: kept }: AdmittingBus, reserved: string[]): boolean =>
  kept === undefined || (reserved.length > 0 && reserved.every((prefix) => kept.includes(prefix)));

/** A reference does not say that the bus may wait for this stack, which waits for the bus: then the role needs a name. */
function busToChange(republisher: Construct, { targetBus, isNamed }: Admission): AdmittingBus | undefined {
  const bus = admittingBus(targetBus);
  if (bus === undefined || bus === targetBus) return bus;
  if (Stage.of(bus) !== Stage.of(republisher)) return undefined;
  return isNamed || Stack.of(bus) === Stack.of(republisher) ? bus : undefined;
}
