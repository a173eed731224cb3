import { Context, NOT_KNOWN, type ContextKeys, type ContextValue } from './context';
import type { Principal } from './principals';
import { arnParts } from '../placeholders';

/** Who wants to do what to which resource. */
export interface Request {
  readonly principal: Principal;
  /** Such as `events:PutEvents`. */
  readonly action: string;
  /** Its ARN. */
  readonly resource: string;
  readonly context: Context;
}

/**
 * A request with the keys that AWS derives from it.
 *
 * @param given keys beside them, which go first
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function request(principal: Principal, action: string, resource: string, given: ContextKeys = {}): Request {
  const service = action.split(':')[0].toLowerCase();
  const keys = {
    ...ofPrincipal(principal),
    ...ofResource(resource),
    // What services say there is not documented.
    ...(service === 'sns' && principal.kind !== 'service' && { 'aws:SourceOwner': principal.account }),
    'aws:SecureTransport': 'true',
    ...given,
  };
  const decided = [...SOURCE_KEYS, ...(DECIDED_KEYS[service] ?? [])];
  const isDecided = (key: string) =>
    decided.some((name) => key === name || (name.endsWith(':') && key.startsWith(name)));
  return { principal, action, resource, context: new Context(keys, isDecided) };
}

/** Set where a service calls on behalf of a resource, and then given. */
const SOURCE_KEYS = ['aws:sourceaccount', 'aws:sourcearn'];

/** Keys of a service that are absent where they are not given; of others nobody here knows. */
const DECIDED_KEYS: Record<string, string[]> = {
  events: ['events:source', 'events:detail-type', 'events:eventbusinvocation'],
  kms: ['kms:encryptioncontext:', 'kms:encryptioncontextkeys'],
  lambda: ['lambda:invokedviafunctionurl'],
};

function ofPrincipal(principal: Principal): ContextKeys {
  if (principal.kind === 'service') {
    // aws:PrincipalAccount and aws:PrincipalArn are "included for all requests", and it is not said with which value.
    return {
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': principal.service,
      'aws:PrincipalOrgID': undefined,
      'aws:PrincipalOrgPaths': undefined,
    };
  }
  const { arn, account, organization } = principal;
  const known = organization === 'none' ? undefined : organization;
  const unknown = organization === undefined ? NOT_KNOWN : undefined;
  return {
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalServiceName': undefined,
    'aws:PrincipalArn': arn,
    'aws:PrincipalAccount': account,
    'aws:PrincipalType': { role: 'AssumedRole', user: 'User', root: 'Account' }[principal.kind],
    'aws:PrincipalOrgID': known?.id ?? unknown,
    'aws:PrincipalOrgPaths': known === undefined ? unknown : (known.paths ?? NOT_KNOWN),
    'aws:username': principal.kind === 'user' ? arn.split('/').at(-1) : undefined,
  };
}

function ofResource(arn: string): ContextKeys {
  const [, , , region, account] = arnParts(arn);
  return {
    'aws:ResourceAccount': account || NOT_KNOWN,
    'aws:RequestedRegion': region || NOT_KNOWN,
  };
}

/** One event as far as policies see it. */
export interface EventEntry {
  readonly source: string;
  readonly detailType: string;
}

/**
 * `PutEvents` with some events. A rule with a bus as its target puts through its role.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 */
export function putEvents(
  principal: Principal,
  eventBusArn: string,
  entries: readonly EventEntry[],
  options: { readonly byRule?: boolean } & { readonly keys?: ContextKeys } = {},
): Request {
  return request(principal, 'events:PutEvents', eventBusArn, {
    'events:source': entries.map(({ source }) => source),
    'events:detail-type': entries.map(({ detailType }) => detailType),
    'events:eventBusInvocation': String(options.byRule ?? false),
    ...options.keys,
  });
}

/** On whose behalf a service calls. */
export interface CallSource {
  /** The resource that made it call. */
  readonly arn?: string;
  /** The account of that resource, which AWS reads from it. */
  readonly account?: string;
}

/** A call that a service makes in its own name, on behalf of a resource. */
export const callOf = (
  principal: Principal,
  action: string,
  resource: string,
  source: CallSource,
  more?: ContextKeys,
) =>
  request(principal, action, resource, {
    'aws:SourceArn': source.arn,
    'aws:SourceAccount': source.account ?? (source.arn && arnParts(source.arn)[4]),
    ...more,
  });

/**
 * The keys of an encryption context.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
 */
export function encryptionContext(pairs: Readonly<Record<string, string>>): Record<string, ContextValue> {
  const keys = Object.entries(pairs).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]);
  return { ...Object.fromEntries(keys), 'kms:EncryptionContextKeys': Object.keys(pairs) };
}
