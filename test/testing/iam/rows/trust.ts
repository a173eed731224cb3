import type { Person } from './people';
import { row, ruleArn, type Row } from './row';
import { callOf, type CallSource } from '../../../../src/testing/iam/request';
import { HUB, OUTSIDER } from '../backbone-app';

/** Rules that use a role: of one bus, or one rule of the default bus. */
export interface TrustedRules {
  readonly account: string;
  /** A rule that is trusted, as in its ARN, such as `acme-global/to-order`. */
  readonly rule: string;
  /** Rules of the same account that are not. */
  readonly others: string[];
}

/** A role that EventBridge assumes on behalf of some rules, and of nobody else. */
export function trustedByRules(role: string, { account, rule, others }: TrustedRules): Row[] {
  const ours = ruleArn(account, rule);
  const assume = (who: Person, source: CallSource, expected: 'allowed' | 'denied', why: string) =>
    row(who, (principal) => callOf(principal, 'sts:AssumeRole', role, source), expected, why);
  return [
    assume('EventBridge', { arn: ours }, 'allowed', `for ${rule}`),
    ...others.map((other) => assume('EventBridge', { arn: ruleArn(account, other) }, 'denied', `for ${other}`)),
    assume('EventBridge', { arn: ruleArn(account, rule, 'us-east-1') }, 'denied', 'for another Region'),
    assume(
      'EventBridge',
      { arn: ruleArn(OUTSIDER, rule) },
      'denied',
      'confused deputy: the same names in another account',
    ),
    assume(
      'EventBridge',
      { arn: ours, account: OUTSIDER },
      'denied',
      'confused deputy: the account of the source goes first',
    ),
    assume(
      'EventBridge',
      { arn: ruleArn(OUTSIDER, rule), account },
      'denied',
      'confused deputy: the rule is of another account than it says',
    ),
    assume('EventBridge', { account }, 'denied', 'tells no rule'),
    assume('EventBridge', {}, 'denied', 'tells neither rule nor account'),
    assume('Lambda', { arn: ours }, 'denied', 'another service'),
    assume('admin of the hub', {}, 'denied', account === HUB ? 'a person of the account' : 'a person of the hub'),
    assume('admin of order', {}, 'denied', 'a person'),
    assume('admin of outsider', { arn: ours }, 'denied', 'a person who claims to be a rule'),
    row('EventBridge', (who) => callOf(who, 'sts:TagSession', role, { arn: ours }), 'denied', 'to assume it is all'),
  ];
}
