import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { readable } from './errors';

/** The stable ids of warnings. Users acknowledge them: a rename is a breaking change. */
export const WARNING_IDS = [
  'Archive.onlyOwnAccount',
  'Archive.withoutKey',
  'BackboneMember.leaving',
  'Contract.formatUnknown',
  'Contract.keywordUnknown',
  'Contract.metadataClosed',
  'Contract.notLocked',
  'Contract.patternExplosive',
  'ContractCatalogue.lossy',
  'DeadLetterQueue.policyNotChanged',
  'EventPattern.accountNumber',
  'EventPattern.anythingButRepeated',
  'EventPattern.detailType',
  'EventPattern.excludesNobody',
  'EventPattern.literalStar',
  'EventPattern.neverMatches',
  'EventPattern.overQuota',
  'EventPattern.selfContradicting',
  'EventPattern.wildcardsWithOr',
  'ForwardingRole.overQuota',
  'ForwardingRole.trustOverQuota',
  'ForwardingRule.eventBusPolicyNotChanged',
  'ForwardingRule.fanOutUnknown',
  'GlobalBus.wholeOrganization',
  'Key.policyNotChanged',
  'LocalBus.lockLevelUnconfirmed',
  'LogGroup.policyNotChanged',
  'LogGroup.withoutKey',
  'Rule.overQuota',
  'Rule.wildcardsOverQuota',
  'Subscription.nothingArrives',
  'ValidatedRepublisher.bucketPolicyNotChanged',
  'ValidatedRepublisher.contractNotTaken',
  'ValidatedRepublisher.eventBusPolicyNotChanged',
  'grantPublish.eventBusPolicyNotChanged',
  'grantPublish.identityPolicyNotChanged',
] as const;

/**
 * Advice that users can acknowledge by `annotation::<id>`.
 *
 * Ids are public API: `docs/errors.md` lists them.
 */
export function warn(scope: IConstruct, id: (typeof WARNING_IDS)[number], message: string): void {
  Validations.of(scope).addWarning(`cdk-event-backbone:${id}`, readable(message));
}

/** Accepts a finding of a policy pack on our own resource, with the reason that a reviewer reads. */
export function accept(scope: IConstruct, id: string, reason: string): void {
  Validations.of(scope).acknowledge({ id, reason });
}

/** Accepts that a policy of ours has an ARN with a star in it. */
export function acceptWildcard(scope: IConstruct, arn: string, reason: string): void {
  const text = asText(Stack.of(scope).resolve(arn));
  try {
    accept(scope, `AwsSolutions-IAM5[Resource::${text}]`, reason);
  } catch {
    // Older versions of the CDK take no ids with two double colons.
  }
}

/** A value with intrinsics as policy packs spell it: `<LogicalId.Arn>/*`. */
function asText(value: any): string {
  if (typeof value === 'string') return value;
  if (value.Ref !== undefined) return `<${value.Ref}>`;
  if (value['Fn::GetAtt'] !== undefined) return `<${value['Fn::GetAtt'].join('.')}>`;
  if (value['Fn::Join'] !== undefined) return value['Fn::Join'][1].map(asText).join(value['Fn::Join'][0]);
  return JSON.stringify(value);
}
