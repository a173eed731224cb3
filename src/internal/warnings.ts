import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The stable ids of warnings. Users acknowledge them: a rename is a breaking change. */
export const WARNING_IDS = [
  'Archive.onlyOwnAccount',
  'Archive.withoutKey',
  'BackboneMember.leaving',
  'DeadLetterQueue.policyNotChanged',
  'EventPattern.accountNumber',
  'EventPattern.anythingButRepeated',
  'EventPattern.detailType',
  'EventPattern.excludesNobody',
  'EventPattern.neverMatches',
  'EventPattern.overQuota',
  'EventPattern.selfContradicting',
  'EventPattern.wildcardsWithOr',
  'ForwardingRole.overQuota',
  'ForwardingRule.fanOutUnknown',
  'GlobalBus.wholeOrganization',
  'Key.policyNotChanged',
  'LocalBus.lockLevelUnconfirmed',
  'LogGroup.policyNotChanged',
  'Rule.overQuota',
  'Rule.wildcardsOverQuota',
  'Subscription.nothingArrives',
  'grantPublish.eventBusPolicyNotChanged',
  'grantPublish.identityPolicyNotChanged',
] as const;

/**
 * Advice that users can acknowledge by `annotation::<id>`.
 *
 * Ids are public API: `docs/errors.md` lists them.
 */
export function warn(scope: IConstruct, id: (typeof WARNING_IDS)[number], message: string): void {
  Validations.of(scope).addWarning(`cdk-event-backbone:${id}`, message);
}

/** Accepts a finding of a policy pack on our own resource, with the reason that a reviewer reads. */
export function accept(scope: IConstruct, id: string, reason: string): void {
  Validations.of(scope).acknowledge({ id, reason });
}
