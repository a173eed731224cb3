import { holds } from './conditions';
import type { Context } from './context';
import type { Selection, Statement } from './policy-document';
import { meet, meetAllBut, type Meeting } from './principals';
import type { Request } from './request';
import { and, not, or, type Truth } from './truth';
import { expand, unexpanded, type Expanded } from './variables';
import { literal, matches, withWildcards } from './wildcards';
import { PLACEHOLDER } from '../placeholders';

/** The policies of one side of a request. */
export interface Side {
  readonly statements: readonly Statement[];
  /** What there may be beside them that no template tells. */
  readonly hidden: 'nothing' | 'anything';
}

/** The policies that decide about a request. */
export interface Policies {
  /** Of the principal. A service has none. */
  readonly identity: Side;
  /** Whether the principal has a permissions boundary, which is not read. */
  readonly bounded?: boolean;
  /** Of the resource. */
  readonly resource: Side;
  /** The account of the resource, where it is known. */
  readonly account?: string;
  /** Whether nobody gets in without the resource's policy: keys and roles. */
  readonly resourceDecides?: boolean;
}

export type Result = 'allowed' | 'denied' | 'unknown';

export type SideName = 'identity policy' | 'resource policy';

export interface Verdict {
  readonly result: Result;
  /** The statements that decided: the Denies, or the Allows that were needed. */
  readonly statements: readonly Statement[];
  /** Which policy has no Allow, where that is what denies. Of two in one account, either would do. */
  readonly lacking: readonly SideName[];
  /** The same in words. */
  readonly reason: string;
}

/** What one side says about a request. */
interface Answer {
  readonly denied: Truth;
  /** To the principal itself. */
  readonly allowed: Truth;
  /** To its account, which must allow it as well. */
  readonly allowedToAccount: Truth;
  readonly allows: Statement[];
  readonly denies: Statement[];
}

/**
 * Judges a request as IAM documents it: an explicit Deny anywhere goes first, then what must allow it depends on who
 * asks and where.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(request: Request, policies: Policies): Verdict {
  const identity = answer(policies.identity, request);
  const resource = answer(policies.resource, request);
  const denies = [...identity.denies, ...resource.denies];
  if (denies.length > 0) {
    return { result: 'denied', statements: denies, lacking: [], reason: `denied by ${names(denies)}` };
  }
  const allowed = isAllowed(request, policies, identity, resource);
  if (allowed === 'no') return implicitDeny(request, policies, identity, resource);
  const allows = [...identity.allows, ...resource.allows];
  if (allowed === 'yes' && or(identity.denied, resource.denied) === 'no' && policies.bounded !== true) {
    return { result: 'allowed', statements: allows, lacking: [], reason: `allowed by ${names(allows)}` };
  }
  return { result: 'unknown', statements: allows, lacking: [], reason: unknownReason(request, policies) };
}

function isAllowed(request: Request, policies: Policies, identity: Answer, resource: Answer): Truth {
  const { principal } = request;
  if (principal.kind === 'service') return resource.allowed;
  if (isRootAssuming(request)) return 'no';
  // The root user may do everything in its account.
  const byIdentity = principal.kind === 'root' ? 'yes' : identity.allowed;
  const byAccount = and(resource.allowedToAccount, byIdentity);
  const within = or(resource.allowed, byAccount, policies.resourceDecides ? 'no' : byIdentity);
  const across = and(or(resource.allowed, resource.allowedToAccount), byIdentity);
  if (!areAccountsKnown(request, policies)) return within === across ? within : 'unknown';
  return principal.account === policies.account ? within : across;
}

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const isRootAssuming = ({ principal, action }: Request) =>
  principal.kind === 'root' && action.toLowerCase() === 'sts:assumerole';

/** A service has none. */
const areAccountsKnown = ({ principal }: Request, { account }: Policies) =>
  principal.kind === 'service' || (account !== undefined && !PLACEHOLDER.test(principal.account + account));

function answer({ statements, hidden }: Side, request: Request): Answer {
  const judged = statements.map((statement) => ({ statement, ...judge(statement, request) }));
  const allows = judged.filter(({ statement }) => statement.effect === 'Allow');
  const denies = judged.filter(({ statement }) => statement.effect === 'Deny');
  const other: Truth = hidden === 'nothing' ? 'no' : 'unknown';
  const reached = ({ itself, account }: Meeting) => or(itself, account);
  return {
    denied: or(other, ...denies.map(reached)),
    allowed: or(other, ...allows.map(({ itself }) => itself)),
    allowedToAccount: or(...allows.map(({ account }) => account)),
    allows: allows.filter((meeting) => reached(meeting) === 'yes').map(({ statement }) => statement),
    denies: denies.filter((meeting) => reached(meeting) === 'yes').map(({ statement }) => statement),
  };
}

/** Whether a statement is about a request, and whom of it it meets. */
function judge(statement: Statement, request: Request): Meeting {
  const about = isAbout(statement, request);
  if (about === 'no') return { itself: 'no', account: 'no' };
  const { principal: named } = statement;
  if (named === undefined) return { itself: about, account: 'no' };
  const { itself, account } = (named.negated ? meetAllBut : meet)(named, request.principal);
  return { itself: and(about, itself), account: and(about, account) };
}

function isAbout(statement: Statement, { action, resource, context }: Request): Truth {
  const { actions, resources, conditions, variables } = statement;
  const isAction = select(actions, (name) => matches(withWildcards(name.toLowerCase()), literal(action.toLowerCase())));
  if (isAction === 'no') return 'no';
  const isResource = (pattern: string): Truth => {
    const text = variables ? expandArn(pattern, context) : unexpanded(pattern, true);
    // A variable without a value makes an ARN that is no resource's.
    if (text === 'no value') return 'no';
    return text === 'unknown' ? 'unknown' : matches(text, literal(resource));
  };
  const about = and(isAction, resources === undefined ? 'yes' : select(resources, isResource));
  return about === 'no' ? 'no' : and(about, ...conditions.map((condition) => holds(condition, context, variables)));
}

/** Policy variables belong into the last part of an ARN: what AWS makes of others is not documented. */
function expandArn(pattern: string, context: Context): Expanded {
  const head = pattern.split(/:(?![^{]*\})/).slice(0, 5);
  return head.length === 5 && head.join().includes('${') ? 'unknown' : expand(pattern, context, true);
}

function select({ of, negated }: Selection, test: (item: string) => Truth): Truth {
  const found = or(...of.map(test));
  return negated ? not(found) : found;
}

function implicitDeny(request: Request, policies: Policies, identity: Answer, resource: Answer): Verdict {
  if (isRootAssuming(request)) {
    return { result: 'denied', statements: [], lacking: [], reason: 'a root user assumes no role' };
  }
  const lacking = sidesWithoutAllow(request, policies, identity, resource);
  const either = lacking.length === 2 && isWithin(request, policies) && !policies.resourceDecides;
  const reason = either
    ? 'neither the identity policy nor the resource policy allows it'
    : `no Allow in the ${lacking.join(' and in the ')}`;
  return { result: 'denied', statements: [], lacking, reason };
}

function sidesWithoutAllow(request: Request, policies: Policies, identity: Answer, resource: Answer): SideName[] {
  const { principal } = request;
  const byResource = or(resource.allowed, resource.allowedToAccount) !== 'no';
  const byIdentity = principal.kind === 'root' || identity.allowed !== 'no';
  if (principal.kind === 'service') return ['resource policy'];
  // There the resource's policy alone would do, if it named the principal itself.
  const alone = isWithin(request, policies) && policies.resourceDecides && !byResource;
  return [
    ...(byIdentity || alone ? [] : ['identity policy' as const]),
    ...(byResource ? [] : ['resource policy' as const]),
  ];
}

const isWithin = ({ principal }: Request, { account }: Policies) =>
  principal.kind !== 'service' && principal.account === account;

function unknownReason(request: Request, policies: Policies): string {
  const unsure = [...policies.identity.statements, ...policies.resource.statements].filter((statement) => {
    const { itself, account } = judge(statement, request);
    return or(itself, account) === 'unknown';
  });
  const why = [
    ...(unsure.length > 0 ? [`whether ${names(unsure)} applies is not known`] : []),
    ...(policies.identity.hidden !== 'nothing' ? ['not all policies of the principal are in the templates'] : []),
    ...(policies.resource.hidden !== 'nothing'
      ? ['the policy of the resource is not, or not whole, in the templates']
      : []),
    ...(policies.bounded ? ['the principal has a permissions boundary'] : []),
    ...(areAccountsKnown(request, policies) ? [] : [unknownAccount(policies)]),
  ];
  return why.join('; ');
}

const unknownAccount = ({ account }: Policies) =>
  `the account of the ${account === undefined || PLACEHOLDER.test(account) ? 'resource' : 'principal'} is not known`;

/** `Organization of acme-hub/GlobalBusPolicy1234`, or the place alone where the statement has no id. */
const nameOf = ({ sid, origin }: Statement) =>
  `${sid === undefined ? '' : `${sid} of `}${origin.stack}/${origin.logicalId}`;

const names = (statements: readonly Statement[]) =>
  [...new Set(statements.map(nameOf))].join(', ') || 'the root user of the account';
