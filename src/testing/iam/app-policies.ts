import { evaluate, type Policies, type Side, type Verdict } from './evaluate';
import { parsePolicyDocument, type PolicyDocument } from './policy-document';
import { ATTACHED_POLICIES, OWN_POLICIES, parse } from './policy-resources';
import type { IamPrincipal } from './principals';
import { References, type ResolvedResource } from './references';
import type { Request } from './request';
import type { SynthesizedStack } from '../cloud-assembly';

/** What is known of the policies of an identity or a resource. */
interface Known {
  readonly documents: PolicyDocument[];
  hidden: Side['hidden'];
  bounded?: boolean;
  /** An ARN of a bucket has none. */
  account?: string;
}

/** Policies of identities that are in no template, by ARN: documents as they are in IAM. */
export type OutsideIdentities = Readonly<Record<string, readonly object[]>>;

/**
 * Every policy that the templates of an app make, over all its accounts: who has it, or what it is attached to.
 *
 * Not there: service control policies, session policies, permissions boundaries, grants of keys, endpoint policies.
 */
export class AppPolicies {
  private readonly references: References;
  private readonly identities = new Map<string, Known>();
  private readonly resources = new Map<string, Known>();
  /** Policies for all logs of an account and Region. */
  private readonly logs = new Map<string, Known>();

  constructor(stacks: SynthesizedStack[], outside: OutsideIdentities = {}) {
    this.references = new References(stacks);
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
    const known = this.resources.get(policyOwner(arn)) ?? { documents: [], hidden: 'anything' };
    const [, , service, region, account] = arn.split(':');
    const more = service === 'logs' ? this.logs.get(`${region} ${account}`) : undefined;
    if (more === undefined) return known;
    const hidden = more.hidden === 'nothing' ? known.hidden : more.hidden;
    return { ...known, documents: [...known.documents, ...more.documents], hidden };
  }

  private identityOf(principal: IamPrincipal): Known {
    // No policy of an identity limits the root user.
    if (principal.kind === 'root') return NOTHING;
    return this.identities.get(identityKey(principal.arn)) ?? { documents: [], hidden: 'anything' };
  }

  private addOutside(arn: string, documents: readonly object[]): void {
    const origin = { stack: 'outside', logicalId: arn };
    this.identities.set(identityKey(arn), {
      documents: documents.map((document) => parsePolicyDocument(document, 'identity', origin)),
      hidden: 'nothing',
    });
  }

  private collectIdentities(): void {
    const managed = new Map<string, ResolvedResource>();
    for (const policy of this.references.resourcesOf('AWS::IAM::ManagedPolicy')) managed.set(policy.arn!, policy);
    for (const identity of this.references.resourcesOf('AWS::IAM::Role', 'AWS::IAM::User')) {
      this.collectIdentity(identity, managed);
    }
    const attached = this.references.resourcesOf(
      'AWS::IAM::Policy',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::RolePolicy',
      'AWS::IAM::UserPolicy',
    );
    for (const policy of attached) {
      for (const key of identitiesOf(policy)) attach(of(this.identities, key), policy, 'identity');
    }
  }

  private collectIdentity(identity: ResolvedResource, managed: Map<string, ResolvedResource>): void {
    const { arn, properties } = identity;
    const { Policies = [], ManagedPolicyArns = [], PermissionsBoundary, Groups = [] } = properties;
    const known: Known = { documents: [], hidden: Groups.length > 0 ? 'anything' : 'nothing' };
    this.identities.set(identityKey(arn!), known);
    known.bounded = PermissionsBoundary !== undefined;
    for (const { PolicyDocument } of Policies) known.documents.push(parse(identity, PolicyDocument, 'identity'));
    for (const policyArn of ManagedPolicyArns) {
      const policy = managed.get(policyArn);
      if (policy !== undefined) attach(known, policy, 'identity');
      else attachOfAws(known, policyArn, identity);
    }
  }

  private collectResources(): void {
    const all = this.references.resourcesOf(...Object.keys(OWN_POLICIES));
    for (const resource of all) {
      const { arn, stack, properties } = resource;
      const known: Known = {
        documents: [],
        hidden: 'nothing',
        account: isAccount(stack.account) ? stack.account : undefined,
      };
      this.resources.set(policyOwner(arn!), known);
      if (resource.conditional) known.hidden = 'anything';
      const own = OWN_POLICIES[resource.type];
      if (own === undefined) continue;
      const document = properties[own.property] ?? own.otherwise?.(resource);
      if (document !== undefined) known.documents.push(parse(resource, document, own.kind));
    }
    for (const policy of this.references.resourcesOf(...Object.keys(ATTACHED_POLICIES))) this.collectAttached(policy);
    for (const policy of this.references.resourcesOf('AWS::Logs::ResourcePolicy')) {
      const { region, account } = policy.stack;
      const place = `${region} ${account}`;
      const known = this.logs.get(place) ?? { documents: [], hidden: 'nothing' };
      this.logs.set(place, known);
      attach(known, policy, 'resource');
    }
  }

  private collectAttached(policy: ResolvedResource): void {
    const { owners, alone, document } = ATTACHED_POLICIES[policy.type];
    for (const owner of owners(policy)) {
      const known = of(this.resources, policyOwner(owner));
      // The later of two such policies replaces the earlier, and nobody knows which that is.
      if (alone && known.documents.length > 0) known.hidden = 'anything';
      if (policy.conditional) known.hidden = 'anything';
      else known.documents.push(document(policy, owner));
    }
  }
}

const NOTHING: Known = { documents: [], hidden: 'nothing' };

/** A policy that is there for somebody of whom nothing else is known. */
function of(map: Map<string, Known>, key: string): Known {
  const known = map.get(key) ?? { documents: [], hidden: 'anything' };
  map.set(key, known);
  return known;
}

function sideOf({ documents, hidden }: Known): Side {
  const complete = documents.every((document) => document.complete);
  return { statements: documents.flatMap(({ statements }) => statements), hidden: complete ? hidden : 'anything' };
}

function attach(known: Known, policy: ResolvedResource, kind: 'identity' | 'resource'): void {
  if (policy.conditional) known.hidden = 'anything';
  else known.documents.push(parse(policy, policy.properties.PolicyDocument, kind));
}

/** Kept by AWS, which changes them: the one that every function of the CDK has, and of others that they deny nothing. */
function attachOfAws(known: Known, policyArn: string, identity: ResolvedResource): void {
  if (policyArn.endsWith(':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole')) {
    known.documents.push(parse(identity, WRITE_LOGS, 'identity'));
  } else if (!/^arn:[^:]+:iam::aws:policy\//.test(policyArn)) {
    known.hidden = 'anything';
  } else if (known.hidden === 'nothing') {
    known.hidden = 'allows';
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
const identityKey = (arn: string) => arn.replace(/^arn:[^:]+:iam::([^:]+):(role|user)\/(?:.*\/)?([^/]+)$/, '$1 $2 $3');

function identitiesOf({ stack: { account }, properties }: ResolvedResource): string[] {
  const { Roles = [], Users = [], RoleName, UserName } = properties;
  const roles = [Roles, RoleName ?? []].flat();
  const users = [Users, UserName ?? []].flat();
  return [...roles.map((name) => `${account} role ${name}`), ...users.map((name) => `${account} user ${name}`)];
}

/** The account that an ARN names, where it names one that is known. */
const accountIn = (arn: string) => arn.split(':').find((part, i) => i === 4 && isAccount(part));

const isAccount = (text: string) => /^\d{12}$/.test(text);

const isKey = (arn: string) => /^arn:[^:]+:kms:[^:]*:[^:]*:key\//.test(arn);

const isRole = (arn: string) => /^arn:[^:]+:iam::[^:]*:role\//.test(arn);

const isTrust = (arn: string, action: string) => isRole(arn) && /^sts:/i.test(action);

/** Where the policy stands that decides about an ARN: rules have that of their bus, objects that of their bucket. */
function policyOwner(arn: string): string {
  const rule = /^(arn:[^:]+:events:[^:]*:[^:]*):rule\/(?:(.+)\/)?[^/]+$/.exec(arn);
  if (rule !== null) return `${rule[1]}:event-bus/${rule[2] ?? 'default'}`;
  for (const form of OWNERS) {
    const owner = form.exec(arn)?.[0];
    if (owner !== undefined) return owner;
  }
  return arn;
}

const OWNERS = [
  /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:[^:]+/,
  /^arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+/,
  /^arn:[^:]+:s3:::[^/]+/,
];
