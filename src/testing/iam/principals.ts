import type { StatementPrincipal } from './policy-document';
import { and, not, or, truth, type Truth } from './truth';
import { equals } from './wildcards';
import { PLACEHOLDER } from '../placeholders';

/** The organisation that an account belongs to. */
export interface Organization {
  readonly id: string;
  /** Where in it, such as `o-abc1234567/r-ab12/ou-ab12-11111111/`. */
  readonly paths?: readonly string[];
}

interface Account {
  readonly account: string;
  /** Left out where nobody knows. */
  readonly organization?: Organization | 'none';
}

/** A session of a role. */
export interface RolePrincipal extends Account {
  readonly kind: 'role';
  /** The ARN of the role. */
  readonly arn: string;
  /** The ARN of the session. */
  readonly sessionArn: string;
}

export interface UserPrincipal extends Account {
  readonly kind: 'user';
  readonly arn: string;
}

/** The root user of an account. */
export interface RootPrincipal extends Account {
  readonly kind: 'root';
  readonly arn: string;
}

/** A service that acts in its own name, not through a role. */
export interface ServicePrincipal {
  readonly kind: 'service';
  readonly service: string;
}

export type IamPrincipal = RolePrincipal | UserPrincipal | RootPrincipal;

/** Who makes a request. */
export type Principal = IamPrincipal | ServicePrincipal;

/** A session of a role has the role's name, without its path. */
export function role(arn: string, organization?: Organization | 'none', session = 'session'): RolePrincipal {
  const [, partition, account, name] = /^arn:([^:]+):iam::([^:]+):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (name === undefined) throw new Error(`${JSON.stringify(arn)} is not the ARN of a role`);
  const sessionArn = `arn:${partition}:sts::${account}:assumed-role/${name}/${session}`;
  return { kind: 'role', arn, account, sessionArn, organization };
}

export function user(arn: string, organization?: Organization | 'none'): UserPrincipal {
  const account = /^arn:[^:]+:iam::([^:]+):user\/.+$/.exec(arn)?.[1];
  if (account === undefined) throw new Error(`${JSON.stringify(arn)} is not the ARN of a user`);
  return { kind: 'user', arn, account, organization };
}

export const root = (account: string, organization?: Organization | 'none', partition = 'aws'): RootPrincipal => ({
  kind: 'root',
  arn: `arn:${partition}:iam::${account}:root`,
  account,
  organization,
});

export const service = (name: string): ServicePrincipal => ({ kind: 'service', service: name });

/**
 * How a statement of a resource's policy meets a principal: by itself, or by its account, which then decides in its
 * own policies.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export interface Meeting {
  readonly itself: Truth;
  readonly account: Truth;
}

export function meet(named: StatementPrincipal, principal: Principal): Meeting {
  const one = (names: readonly string[], ...of: string[]) =>
    or(...names.flatMap((name) => of.map((other) => equals(name, other))));
  // What is not known may turn out to be anything that fits, everybody and whole accounts included.
  const open = named.arns.filter((arn) => PLACEHOLDER.test(arn));
  const everybody = or(truth(named.everybody), one(open, '*'));
  if (principal.kind === 'service') {
    return { itself: or(everybody, one(named.services, principal.service)), account: 'no' };
  }
  const account = or(
    one(named.accounts, principal.account),
    one(open, principal.account, rootOf(principal)),
    named.unjudged ? 'unknown' : 'no',
  );
  if (principal.kind === 'root') return { itself: or(everybody, account), account: 'no' };
  return { itself: or(everybody, one(named.arns, ...arnsOf(principal))), account };
}

const rootOf = ({ arn, account }: IamPrincipal) => `${arn.split(':').slice(0, 2).join(':')}:iam::${account}:root`;

/** A session is its role as well. */
const arnsOf = (principal: RolePrincipal | UserPrincipal) =>
  principal.kind === 'role' ? [principal.arn, principal.sessionArn] : [principal.arn];

/**
 * Whether `NotPrincipal` covers a principal: everybody but those whose session, role and account are all named. Where
 * only some of these are, AWS "might deny".
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function meetAllBut(named: StatementPrincipal, principal: Principal): Meeting {
  const { itself, account } = meet(named, principal);
  if (principal.kind === 'service' || principal.kind === 'root' || named.everybody) {
    return { itself: not(itself), account: 'no' };
  }
  const each = arnsOf(principal).map((arn) => or(...named.arns.map((other) => equals(other, arn))));
  const excepted = and(account, ...each);
  const untouched = and(not(account), not(itself));
  return { itself: excepted === 'yes' ? 'no' : untouched === 'yes' ? 'yes' : 'unknown', account: 'no' };
}
