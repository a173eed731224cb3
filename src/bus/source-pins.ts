import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { BackboneError, shown } from '../internal/errors';
import {
  policyLength,
  type BusPolicyStatement,
  type NamedStatement,
  type PolicyCondition,
} from '../internal/event-bus-policy';
import { ACCOUNT } from '../internal/forms';

/**
 * Event sources that belong to one account.
 */
export interface SourcePin {
  /**
   * The account: 12 digits, as a string.
   */
  readonly account: string;

  /**
   * Its sources, literally.
   */
  readonly sources: string[];
}

/** The rest of a policy that has pins. */
export interface PinnedPolicy {
  readonly others: BusPolicyStatement[];
  readonly eventBusArn: string;
  readonly quota: number;
  /** The accounts that may publish, where they are listed. */
  readonly admitted?: string[];
  /** Prefixes that nobody may send. */
  readonly reserved: string[];
}

/**
 * Pins sources to accounts in both directions: an account sends none but its own sources and forwards those of AWS, and
 * nobody else sends them.
 *
 * @param exempting adds to the condition on an account who in it may send more
 */
export function pinStatements(
  pins: SourcePin[],
  eventBusArn: string,
  exempting = (_account: string, condition: PolicyCondition): PolicyCondition => condition,
): NamedStatement[] {
  return pins.flatMap(({ account, sources }) => {
    const owners = [...new Set(pins.filter((p) => p.sources.some((s) => sources.includes(s))).map((p) => p.account))];
    const deny = (Condition: PolicyCondition): BusPolicyStatement => ({
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: eventBusArn,
      Condition,
    });
    return [
      {
        sid: `OnlyOwnSources-${account}`,
        statement: deny(
          exempting(account, {
            StringEquals: { 'aws:PrincipalAccount': account },
            // What services of AWS send can only be forwarded: nobody can forge it.
            'ForAnyValue:StringNotLike': { 'events:source': [...sources, 'aws.*'] },
          }),
        ),
      },
      {
        sid: `NobodyElse-${account}`,
        statement: deny({
          StringNotEquals: { 'aws:PrincipalAccount': owners.length === 1 ? account : owners },
          'ForAnyValue:StringEquals': { 'events:source': sources },
        }),
      },
    ];
  });
}

/** Refuses more pins than the policy holds beside its other statements, and says how many fit. */
export function checkPins(scope: IConstruct, pins: SourcePin[], policy: PinnedPolicy): void {
  const { others, eventBusArn, quota, reserved } = policy;
  // Principals of the bus's own account need no statement.
  const own = Stack.of(scope).account;
  const admitted = policy.admitted && !Token.isUnresolved(own) ? [...policy.admitted, own] : undefined;
  const seen = new Set<string>();
  for (const { account, sources } of pins) {
    if (!Token.isUnresolved(account) && (typeof account !== 'string' || !ACCOUNT.test(account))) {
      throw new BackboneError(
        'AccountInvalid',
        `account ${shown(account)} of a source pin is not a 12-digit account id: pass it as a string such as "123456789012"`,
        scope,
      );
    }
    if (seen.has(account)) {
      throw new BackboneError(
        'SourcePinInvalid',
        `account ${account} has two source pins: list all its sources in one`,
        scope,
      );
    }
    seen.add(account);
    if (admitted !== undefined && !Token.isUnresolved(account) && !admitted.includes(account)) {
      throw new BackboneError(
        'SourcePinInvalid',
        `account ${account} has a source pin and may not publish, so nobody could send these sources: list it in accounts, or leave the pin out`,
        scope,
      );
    }
    const reservedPrefix = reserved.find((prefix) => sources.some((source) => source.startsWith(prefix)));
    if (reservedPrefix !== undefined) {
      throw new BackboneError(
        'SourcePinInvalid',
        `a source of account ${account} begins with ${shown(reservedPrefix)}, which no producer may send: choose another`,
        scope,
      );
    }
    if (sources.length === 0) {
      throw new BackboneError(
        'SourcePinInvalid',
        `the source pin of account ${account} lists no source, which would forbid it to send anything: list its sources, or leave the pin out`,
        scope,
      );
    }
    const wild = sources.find((source) => /[*?]/.test(source));
    if (wild !== undefined) {
      throw new BackboneError(
        'SourcePinInvalid',
        `source ${shown(wild)} of account ${account} has a wildcard: list each source literally`,
        scope,
      );
    }
  }
  const length = (count: number) => {
    const statements = pinStatements(pins.slice(0, count), eventBusArn).map(({ sid, statement }) => ({
      Sid: sid,
      ...statement,
    }));
    return policyLength(Stack.of(scope).resolve([...others, ...statements]));
  };
  // Where the pins are not the reason, the policy says so itself.
  if (length(pins.length) <= quota || length(0) > quota) return;
  let fit = pins.length - 1;
  while (fit > 0 && length(fit) > quota) fit--;
  throw new BackboneError(
    'SourcePinsTooMany',
    `${pins.length} accounts are pinned to their sources, the policy of the bus holds ${fit} (${quota} characters): ${fit > 0 ? `pin the ${fit} that matter most, ` : ''}admit an organisation instead of accounts, or have the quota raised and say so with eventBusPolicyQuota`,
    scope,
  );
}
