import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { GlobalBusProps } from './global-bus-props';
import type { Republishers } from './republishers';
import { checkPins, pinStatements } from './source-pins';
import { accountRootArn, placeOf } from '../internal/arns';
import { BackboneError, shown } from '../internal/errors';
import type { NamedStatement, PolicyCondition } from '../internal/event-bus-policy';
import { ACCOUNT, ORGANIZATION_ID, ORGANIZATION_PATH } from '../internal/forms';
import * as limits from '../internal/limits';
import { INVALID_PREFIX, VALID_PREFIX } from '../internal/source-prefixes';
import { certainlyDiffer, isAccountOfAnotherStack } from '../internal/tokens';
import { warn } from '../internal/warnings';

/** Who may put which events on a global bus. The Denies come first, since the statements are made one after another. */
export function accessStatements(
  scope: IConstruct,
  props: GlobalBusProps,
  eventBusArn: string,
  republishers: Republishers,
): NamedStatement[] {
  checkAccess(scope, props);
  const allowed = allow(scope, props, eventBusArn);
  const reserved = reserve(props, eventBusArn, republishers);
  const { sourcePins: pins = [], eventBusPolicyQuota = limits.EVENT_BUS_POLICY_LENGTH } = props;
  checkPins(scope, pins, {
    others: [...allowed, ...reserved].map(({ sid, statement }) => ({ Sid: sid, ...statement })),
    eventBusArn,
    quota: eventBusPolicyQuota,
    admitted: Token.isUnresolved(props.accounts) ? undefined : props.accounts,
    reserved: props.reservedSourcePrefixes ?? RESERVED_SOURCE_PREFIXES,
  });
  const { account: own } = placeOf(scope);
  // A republisher in the hub sends everybody's sources, prefixed.
  const exempting = (account: string, condition: PolicyCondition) =>
    certainlyDiffer(account, own) ? condition : republishers.except(condition);
  return [...reserved, ...pinStatements(pins, eventBusArn, exempting), ...allowed];
}

/**
 * One statement for everybody. Without an organisation in the form that AWS documents for lists of accounts; with one,
 * the accounts are a second condition: belonging to the organisation is not enough.
 */
function allow(scope: IConstruct, props: GlobalBusProps, eventBusArn: string): NamedStatement[] {
  const { accounts, organizationId, organizationPaths } = props;
  const common = { Effect: 'Allow' as const, Action: 'events:PutEvents', Resource: eventBusArn };
  const { account: own } = placeOf(scope);
  if (accounts?.length === 0) return [];
  if (organizationId === undefined && organizationPaths === undefined) {
    if (accounts === undefined) return [];
    if (Token.isUnresolved(accounts)) {
      // Of a list that only the deployment knows no ARNs can be made.
      return [
        {
          sid: 'Accounts',
          statement: {
            ...common,
            Principal: '*',
            Condition: { StringEquals: { 'aws:PrincipalAccount': accounts }, ...exceptOwnAccount(own) },
          },
        },
      ];
    }
    const { partition } = placeOf(scope);
    const roots = accounts.map((account) => accountRootArn(partition, account));
    return [{ sid: 'Accounts', statement: { ...common, Principal: { AWS: roots.length === 1 ? roots[0] : roots } } }];
  }
  if (accounts === undefined && organizationPaths === undefined) {
    warn(
      scope,
      'GlobalBus.wholeOrganization',
      `admits every account of the organisation ${organizationId}, sandboxes too: list the accounts that may publish`,
    );
  }
  const listed = Token.isUnresolved(accounts) ? undefined : accounts;
  const others = listed?.filter((account) => account !== own);
  if (others?.length === 0) return [];
  const isLeftOut = others !== undefined && !Token.isUnresolved(own) && !others.some((one) => Token.isUnresolved(one));
  const equals = {
    ...(organizationId && { 'aws:PrincipalOrgID': organizationId }),
    ...(accounts && { 'aws:PrincipalAccount': others ?? accounts }),
  };
  const condition = {
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
    ...(!isLeftOut && exceptOwnAccount(own)),
    ...(organizationPaths && { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': organizationPaths } }),
  };
  return [{ sid: 'Organization', statement: { ...common, Principal: '*', Condition: condition } }];
}

/**
 * What an Allow for everybody needs: for a principal of the bus's own account it would do without any policy of that
 * principal.
 */
export const exceptOwnAccount = (account: string) => ({ StringNotEquals: { 'aws:PrincipalAccount': account } });

/** Prefixes that mean "validated": nobody but the republisher may use them. */
function reserve(props: GlobalBusProps, eventBusArn: string, republishers: Republishers): NamedStatement[] {
  const prefixes = props.reservedSourcePrefixes ?? RESERVED_SOURCE_PREFIXES;
  if (prefixes.length === 0) return [];
  return [
    {
      sid: 'ReservedSources',
      statement: {
        Effect: 'Deny',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: eventBusArn,
        Condition: republishers.except({
          'ForAnyValue:StringLike': { 'events:source': prefixes.map((prefix) => `${prefix}*`) },
        }),
      },
    },
  ];
}

export const RESERVED_SOURCE_PREFIXES = [VALID_PREFIX, INVALID_PREFIX];

function checkAccess(scope: IConstruct, props: GlobalBusProps): void {
  const { accounts = [], organizationId, organizationPaths = [] } = props;
  for (const account of Token.isUnresolved(accounts) ? [] : accounts) {
    if (isAccountOfAnotherStack(scope, account)) {
      throw new BackboneError(
        'AccountInvalid',
        'an account is AWS::AccountId, which means the account of this stack here: write the account out, or give the stack that it comes from an env',
        scope,
      );
    }
    if (Token.isUnresolved(account)) continue;
    if (typeof account !== 'string' || !ACCOUNT.test(account)) {
      throw new BackboneError(
        'AccountInvalid',
        `account ${shown(account)} is not a 12-digit account id: pass it as a string such as "123456789012"`,
        scope,
      );
    }
    if (accounts.indexOf(account) !== accounts.lastIndexOf(account)) {
      throw new BackboneError('AccountInvalid', `account ${shown(account)} is listed twice: list it once`, scope);
    }
  }
  if (organizationId !== undefined && !Token.isUnresolved(organizationId) && !ORGANIZATION_ID.test(organizationId)) {
    throw new BackboneError(
      'OrganizationInvalid',
      `organizationId ${shown(organizationId)} is not an organisation id such as "o-abc1234567"`,
      scope,
    );
  }
  if (props.organizationPaths?.length === 0) {
    throw new BackboneError(
      'OrganizationInvalid',
      'organizationPaths is an empty list, which would admit nobody: leave it out, or list the organisational units',
      scope,
    );
  }
  for (const path of Token.isUnresolved(organizationPaths) ? [] : organizationPaths) {
    if (!Token.isUnresolved(path) && !ORGANIZATION_PATH.test(path)) {
      throw new BackboneError(
        'OrganizationInvalid',
        `organizationPaths: ${shown(path)} is not an organisation path ending in "/" or "/*", such as "o-abc1234567/r-ab12/ou-ab12-11111111/*"`,
        scope,
      );
    }
  }
  for (const prefix of props.reservedSourcePrefixes ?? []) {
    if (prefix === '' || /[*?]/.test(prefix)) {
      throw new BackboneError(
        'ReservedPrefixInvalid',
        `reservedSourcePrefixes: ${shown(prefix)} would forbid more than a prefix: write it such as "valid."`,
        scope,
      );
    }
  }
}
