import { evaluate, type Policies, type Side, type Verdict } from './evaluate';
import { ELSEWHERE, Holders, NOTHING, type Holder, type Known } from './holders';
import { parsePolicyDocument } from './policy-document';
import {
  ATTACHED_POLICIES,
  IDENTITY_POLICIES,
  LOG_POLICY,
  OWN_POLICIES,
  parse,
  unreadService,
} from './policy-resources';
import type { IamPrincipal } from './principals';
import { References, type ResolvedResource } from './references';
import type { Request } from './request';
import { equals } from './wildcards';
import type { SynthesizedStack } from '../cloud-assembly';
import { arnParts, isPlaceholder } from '../placeholders';

/** Policies of identities that are in no template, by ARN: documents as they are in IAM. */
export type OutsideIdentities = Readonly<Record<string, readonly object[]>>;

/**
 * Every policy that the templates of an app make, over all its accounts: who has it, or what it is attached to.
 *
 * Not there: service control policies, session policies, permissions boundaries, grants of keys, endpoint policies.
 */
export class AppPolicies {
  private readonly references: References;
  private readonly identities = new Holders();
  private readonly resources = new Holders();
  /** Policies for all logs of an account and Region. */
  private readonly logs = new Holders(false);
  /** Where there may be policies that are not read. */
  private readonly unread: { service: string; account: string }[];

  constructor(stacks: SynthesizedStack[], outside: OutsideIdentities = {}) {
    this.references = new References(stacks);
    this.unread = this.references.types().flatMap(({ type, account }) => {
      const service = unreadService(type);
      if (service === undefined) return [];
      return [{ service, account: type.startsWith('AWS::Organizations::') ? ANY_ACCOUNT : account }];
    });
    for (const [arn, documents] of Object.entries(outside)) this.addOutside(arn, documents);
    this.collectIdentities();
    this.collectResources();
  }

  /** The ARNs of the resources of a type, by `<stack>/<logical id>`. */
  public arnsOf(type: string): Record<string, string> {
    const found = this.references.resourcesOf(type).filter(({ arn }) => arn !== undefined);
    return Object.fromEntries(found.map(({ stack, logicalId, arn }) => [`${stack.name}/${logicalId}`, arn!]));
  }

  /** Judges a request by these policies. */
  public judge(request: Request): Verdict {
    return evaluate(request, this.policiesFor(request));
  }

  /** The policies that have a say about a request. */
  public policiesFor({ principal, action, resource: arn }: Request): Policies {
    const identity = principal.kind === 'service' ? NOTHING : this.identityOf(principal);
    const resource = this.resourceOf(arn, action);
    return {
      identity: sideOf(identity),
      bounded: identity.bounded,
      resource: sideOf(resource),
      account: resource.account ?? accountIn(arn),
      resourceDecides: isKey(arn) || isTrust(arn, action),
    };
  }

  private resourceOf(arn: string, action: string): Known {
    // The trust policy of a role is about sessions of it, and nothing else.
    if (isRole(arn) && !isTrust(arn, action)) return NOTHING;
    const known = this.resources.find(policyOwner(arn)) ?? ELSEWHERE;
    const [, , service, region, account] = arnParts(arn);
    const more = (service === 'logs' ? this.logs.find(`${region} ${account}`) : undefined) ?? NOTHING;
    const hidden = more.hidden || known.hidden || this.isUnread(service, known.account ?? account ?? ANY_ACCOUNT);
    return { ...known, documents: [...known.documents, ...more.documents], hidden };
  }

  private identityOf(principal: IamPrincipal): Known {
    // No policy of an identity limits the root user.
    if (principal.kind === 'root') return NOTHING;
    const known = this.identities.find(identityKey(principal.arn)) ?? ELSEWHERE;
    return { ...known, hidden: known.hidden || this.isUnread('iam', principal.account) };
  }

  /** Whether there may be policies of a service that are not read. The ARN of a bucket has no account. */
  private isUnread(service: string, account: string): boolean {
    const may = (one: string, other: string) => [one, other].includes(ANY_ACCOUNT) || equals(one, other) !== 'no';
    return this.unread.some((each) => (each.service === '*' || each.service === service) && may(each.account, account));
  }

  private addOutside(arn: string, documents: readonly object[]): void {
    const origin = { stack: 'outside', logicalId: arn };
    const holder = this.identities.define(identityKey(arn));
    for (const document of documents) holder.addOwn(parsePolicyDocument(document, 'identity', origin));
  }

  private collectIdentities(): void {
    const managed = new Map<string, ResolvedResource[]>();
    for (const policy of this.references.resourcesOf('AWS::IAM::ManagedPolicy')) {
      managed.set(policy.arn!, [...(managed.get(policy.arn!) ?? []), policy]);
    }
    for (const identity of this.references.resourcesOf('AWS::IAM::Role', 'AWS::IAM::User')) {
      this.collectIdentity(identity, managed);
    }
    for (const policy of this.references.resourcesOf(...IDENTITY_POLICIES)) {
      const name = policy.type === 'AWS::IAM::ManagedPolicy' ? undefined : nameOf(policy.properties);
      for (const key of identitiesOf(policy)) this.identities.of(key).attach(attached(policy, 'identity'), name);
    }
    // What groups may do is not read.
    for (const addition of this.references.resourcesOf('AWS::IAM::UserToGroupAddition')) {
      for (const key of identitiesOf(addition)) this.identities.of(key).hidden = true;
    }
  }

  private collectIdentity(identity: ResolvedResource, managed: Map<string, ResolvedResource[]>): void {
    const { arn, properties, conditional } = identity;
    const { Policies = [], ManagedPolicyArns = [], PermissionsBoundary, Groups = [] } = properties;
    const holder = this.identities.define(identityKey(arn!));
    holder.conditional ||= conditional;
    holder.hidden ||= Groups.length > 0;
    holder.bounded ||= PermissionsBoundary !== undefined;
    for (const policy of [Policies].flat()) {
      if (isPlaceholder(policy)) holder.hidden = true;
      else holder.addOwn(parse(identity, policy.PolicyDocument, 'identity'), nameOf(policy));
    }
    for (const policyArn of [ManagedPolicyArns].flat()) {
      const policies = managed.get(policyArn) ?? [];
      for (const policy of policies) {
        holder.attach(attached(policy, 'identity'), policies.length > 1 ? policyArn : undefined);
      }
      if (policies.length === 0) attachOfAws(holder, policyArn, identity);
    }
  }

  private collectResources(): void {
    const all = this.references.resourcesOf(...Object.keys(OWN_POLICIES));
    for (const resource of all) {
      const holder = this.resources.define(policyOwner(resource.arn!));
      holder.account = isAccount(resource.stack.account) ? resource.stack.account : undefined;
      holder.conditional ||= resource.conditional;
      const { property, kind } = OWN_POLICIES[resource.type] ?? {};
      const document = property && resource.properties[property];
      if (document !== undefined) holder.addOwn(parse(resource, document, kind!));
    }
    for (const policy of this.references.resourcesOf(...Object.keys(ATTACHED_POLICIES))) this.collectAttached(policy);
    for (const resource of all) {
      const holder = this.resources.of(policyOwner(resource.arn!));
      const { otherwise, kind } = OWN_POLICIES[resource.type] ?? {};
      if (otherwise && !holder.hasPolicies()) holder.addOwn(parse(resource, otherwise(resource), kind!));
    }
    for (const policy of this.references.resourcesOf(LOG_POLICY)) {
      const { region, account } = policy.stack;
      this.logs.of(`${region} ${account}`).attach(attached(policy, 'resource'), nameOf(policy.properties));
    }
  }

  private collectAttached(policy: ResolvedResource): void {
    const { owners, name, document } = ATTACHED_POLICIES[policy.type];
    for (const owner of owners(policy)) {
      const found = policy.conditional ? undefined : document(policy, owner);
      this.resources.of(policyOwner(owner)).attach(found, name?.(policy));
    }
  }
}

const ANY_ACCOUNT = '';

function sideOf({ documents, hidden }: Known): Side {
  const isWhole = !hidden && documents.every((document) => document.complete);
  return { statements: documents.flatMap(({ statements }) => statements), hidden: isWhole ? 'nothing' : 'anything' };
}

const attached = (policy: ResolvedResource, kind: 'identity' | 'resource') =>
  policy.conditional ? undefined : parse(policy, policy.properties.PolicyDocument, kind);

const nameOf = ({ PolicyName }: { PolicyName?: unknown }) =>
  PolicyName === undefined ? undefined : String(PolicyName);

/** Kept by AWS, which changes them, and some of them deny: only the one that every function of the CDK has is known. */
function attachOfAws(holder: Holder, policyArn: string, identity: ResolvedResource): void {
  if (policyArn.endsWith(':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole')) {
    holder.addOwn(parse(identity, WRITE_LOGS, 'identity'));
  } else {
    holder.hidden = true;
  }
}

const WRITE_LOGS = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: '*',
  },
};

/** An identity is known by account, kind and name: paths are not in every place where it is named. */
function identityKey(arn: string): string {
  const [, , , , account, ...rest] = arnParts(arn);
  const [kind, ...path] = rest.join(':').split('/');
  return `${account} ${kind} ${path.at(-1)}`;
}

function identitiesOf({ stack: { account }, properties }: ResolvedResource): string[] {
  const { Roles = [], Users = [], RoleName, UserName } = properties;
  const roles = [Roles, RoleName ?? []].flat();
  const users = [Users, UserName ?? []].flat();
  return [...roles.map((name) => `${account} role ${name}`), ...users.map((name) => `${account} user ${name}`)];
}

/** The account that an ARN names, where it names one that is known. */
const accountIn = (arn: string) => arnParts(arn).find((part, i) => i === 4 && isAccount(part));

const isAccount = (text: string) => /^\d{12}$/.test(text);

const isKey = (arn: string) => arnParts(arn)[2] === 'kms' && /^key\//.test(arnParts(arn)[5] ?? '');

const isRole = (arn: string) => arnParts(arn)[2] === 'iam' && /^role\//.test(arnParts(arn)[5] ?? '');

const isTrust = (arn: string, action: string) => isRole(arn) && /^sts:/i.test(action);

/** Where the policy stands that decides about an ARN: rules have that of their bus, objects that of their bucket. */
function policyOwner(arn: string): string {
  const [prefix, partition, service, region, account, ...rest] = arnParts(arn);
  const owned = (resource: string) => [prefix, partition, service, region, account, resource].join(':');
  const [first, second] = rest;
  if (service === 'events' && first?.startsWith('rule/')) {
    const path = first.split('/');
    return owned(`event-bus/${path.slice(1, -1).join('/') || 'default'}`);
  }
  if (service === 's3') return owned(rest.join(':').split('/')[0]);
  const isPart = (service === 'logs' && first === 'log-group') || (service === 'lambda' && first === 'function');
  return isPart ? owned(`${first}:${second}`) : arn;
}
