import { type IResolvable, Reference, Token, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

export { shown } from './shown';

/** The stable codes of errors. Users match them: a rename is a breaking change. */
export const ERROR_CODES = [
  'AccountInvalid',
  'BackboneDuplicate',
  'ArchiveNameInvalid',
  'ArchiveRetentionInvalid',
  'CatalogueNameInvalid',
  'CatalogueSchemaTooLong',
  'CatalogueTooLarge',
  'CheckUnknown',
  'ConstructIdTaken',
  'ContractBreaking',
  'ContractDuplicate',
  'ContractInvalid',
  'ContractLockInvalid',
  'ContractLockMissing',
  'ContractOwnerConflict',
  'ContractsMissing',
  'DeadLetterQueueElsewhere',
  'DeadLetterQueueFifo',
  'DeadLetterQueueManagedKey',
  'DescriptionTooLong',
  'EncryptionDeadLetterQueueWithoutKey',
  'EnvironmentVariableTaken',
  'EventBusArnInvalid',
  'EventBusElsewhere',
  'EventBusMissing',
  'EventBusNameInvalid',
  'EventBusPolicyTooLong',
  'EventPatternInvalid',
  'EventPatternMissing',
  'EventPatternTooLong',
  'ExistingEventBus',
  'FanOutToItself',
  'FilterConflict',
  'ForwardingMeetsFanOut',
  'ForwardingRoleInvalid',
  'ForwardingRoleMissing',
  'ForwardingToItself',
  'GlobalBusMissing',
  'KeyElsewhere',
  'LocalBusMissing',
  'LogFieldInvalid',
  'LogGroupNameInvalid',
  'LoggingOptionInvalid',
  'MemberElsewhere',
  'MemberUnknown',
  'MetricUnknown',
  'ObservedDelivery',
  'OrganizationInvalid',
  'QuarantineInvalid',
  'RepublisherLoop',
  'RepublisherMissing',
  'RepublisherRoleInvalid',
  'ReservedPrefixInvalid',
  'RetryInvalid',
  'RoleNameTooLong',
  'RuleNameInvalid',
  'SchemaExampleInvalid',
  'SchemaFileUnreadable',
  'SchemaInvalid',
  'SecondHop',
  'SourceInvalid',
  'SourceNotOwned',
  'SourcePinInvalid',
  'SourcePinsTooMany',
  'SourceReserved',
  'StackElsewhere',
  'StreamOptionInvalid',
  'StreamWithoutKey',
  'TargetElsewhere',
  'TargetMissing',
  'TopologyAccountInvalid',
  'TopologyEventBusDuplicate',
  'TopologyEventBusNameInvalid',
  'TopologyFieldInvalid',
  'TopologyFieldMissing',
  'TopologyFieldUnknown',
  'TopologyFileUnreadable',
  'TopologyMemberDuplicate',
  'TopologyMemberNameInvalid',
  'TopologyMissing',
  'TopologyNameInvalid',
  'TopologyNameTooLong',
  'TopologyOrganizationInvalid',
  'TopologyPrefixInvalid',
  'TopologyRegionInvalid',
  'TopologyRoleNameInvalid',
  'TopologyRolePathInvalid',
  'TopologySharedAccountWithoutSources',
  'TopologySourceInvalid',
  'ValidationOptionInvalid',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * Every error of this library.
 *
 * The code stands in the text too, since the class does not survive the way into other languages.
 * `docs/errors.md` lists the codes.
 */
export class BackboneError extends Error {
  public readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, scope?: IConstruct) {
    super(`${scope ? `[${scope.node.path}] ` : ''}${errorText(code, message)}`);
    this.name = 'BackboneError';
    this.code = code;
  }
}

/** The text of an error that is found when the tree is complete, and so cannot be thrown. */
export function errorText(code: ErrorCode, message: string): string {
  return `${readable(message)} (${code})`;
}

/** A message whose deploy-time values are named by what they refer to: their own text is another in each run. */
export function readable(message: string): string {
  if (!Token.isUnresolved(message)) return message;
  const fragments = Tokenization.reverseString(message);
  return fragments.mapTokens({ mapToken: nameOf }).join({ join: (left, right) => `${left}${right}` });
}

function nameOf(token: IResolvable): any {
  return Reference.isReference(token) ? token.target.node.path.replace(/\/Resource$/, '') : 'a deploy-time value';
}
