import { createHash } from 'crypto';
import { Stack, Token, type IResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Dependable, type IConstruct } from 'constructs';
import { exceptOwnAccount } from './global-bus-policy';
import type { SourcePin } from './source-pins';
import type { EventContract } from '../contract';
import { requireContracts } from '../contract/require-contracts';
import { accountRootArn } from '../internal/arns';
import { BackboneError, shown } from '../internal/errors';
import type { BusPolicyStatement, PolicyCondition } from '../internal/event-bus-policy';
import { certainlyDiffer, isAccountOfAnotherStack } from '../internal/tokens';
import { warn } from '../internal/warnings';

/**
 * The variable in which a function finds the ARN of the bus that it may publish to.
 */
const EVENT_BUS_ARN_VARIABLE = 'EVENT_BUS_ARN';

/**
 * What a grantee may publish.
 */
export interface PublishGrantOptions {
  /**
   * Only events of these contracts: their sources, and their detail-types.
   *
   * A request is allowed by all of its events together: with several contracts, any of the sources may come with any of the
   * detail-types.
   *
   * @default - `sources` and `detailTypes` say which events
   */
  readonly contracts?: EventContract[];

  /**
   * Only events of these sources.
   *
   * A request with an event of another source is denied as a whole.
   *
   * @default - any source, except the reserved ones; with `BackboneMember` the member's own sources, if the topology lists them
   */
  readonly sources?: string[];

  /**
   * Only events of these detail-types.
   *
   * @default - any detail-type
   */
  readonly detailTypes?: string[];

  /**
   * The environment variable that receives the ARN of the bus, where the grantee is a Lambda function.
   *
   * @default 'EVENT_BUS_ARN'
   */
  readonly environmentVariable?: string;
}

/**
 * What became of one side of a grant.
 */
export enum GrantSide {
  /**
   * The statement was added.
   */
  ADDED = 'added',

  /**
   * This side needs nothing: the policy allows it already, or both are in one account.
   */
  NOT_NEEDED = 'not-needed',

  /**
   * The policy is not ours to change. The warning at synthesis says which statement its owner must add.
   */
  MISSING = 'missing',
}

/**
 * The result of `grantPublish`.
 *
 * Putting an event on a bus of another account needs two policies: the grantee's own, and the policy of the bus.
 */
export class PublishGrant {
  /**
   * The grantee's own policy.
   */
  public readonly identityPolicy: GrantSide;

  /**
   * The policy of the bus.
   */
  public readonly eventBusPolicy: GrantSide;

  /** @internal */
  public constructor(identityPolicy: GrantSide, eventBusPolicy: GrantSide) {
    this.identityPolicy = identityPolicy;
    this.eventBusPolicy = eventBusPolicy;
  }

  /**
   * Whether both sides are in place.
   */
  public get complete(): boolean {
    return this.identityPolicy !== GrantSide.MISSING && this.eventBusPolicy !== GrantSide.MISSING;
  }
}

/** What a bus knows about its own policy. */
export interface PublishTarget {
  readonly construct: IConstruct;
  readonly eventBusArn: string;
  readonly account: string;
  readonly partition: string;
  readonly reservedPrefixes: string[];
  /** The sources that the policy of the bus denies to others, as far as that policy is known. */
  readonly pins: SourcePin[];
  /** Adds a statement to the policy of the bus; undefined where that policy is not ours. */
  readonly addToPolicy?: (sid: string, statement: BusPolicyStatement) => void;
  /** Whether the policy of the bus lets an account in already. */
  admits(account: string | undefined): boolean;
}

export function grantPublish(
  target: PublishTarget,
  grantee: iam.IGrantable,
  options: PublishGrantOptions = {},
): PublishGrant {
  const { sources, detailTypes } = namesOf(target.construct, options);
  checkNames(target.construct, 'sources', sources);
  checkNames(target.construct, 'detailTypes', detailTypes);
  checkSources(target.construct, sources, target.reservedPrefixes);
  const account = accountOf(grantee);
  checkPins(target, account, sources);
  const conditions = publishConditions(sources, detailTypes);
  const principal = grantee.grantPrincipal;

  const statement = new iam.PolicyStatement({
    actions: ['events:PutEvents'],
    resources: [target.eventBusArn],
    conditions,
  });
  const scope = isConstruct(grantee) ? grantee : target.construct;
  const who = describe(scope, grantee);
  const where = Token.isUnresolved(target.eventBusArn) ? target.construct.node.path : target.eventBusArn;
  const identity = addToIdentity(principal, statement);
  if (identity === GrantSide.MISSING) {
    warn(
      scope,
      'grantPublish.identityPolicyNotChanged',
      `The policy of ${who} is not ours to change. To publish on ${where} it needs this statement: ${json(scope, statement.toStatementJson())}`,
    );
  }

  let bus = GrantSide.NOT_NEEDED;
  if (!sameAccount(account, target.account) && !target.admits(account)) {
    const known = account !== undefined && !isAccountOfAnotherStack(target.construct, account) ? account : undefined;
    const allow = busStatement(target, principal, known, conditions);
    if (target.addToPolicy !== undefined && allow !== undefined) {
      // In the bus's own stack, where a role of another stack has a name and not just a logical id.
      target.addToPolicy(`Publish-${hash(json(target.construct, allow))}`, allow);
      bus = GrantSide.ADDED;
    } else {
      bus = GrantSide.MISSING;
      warn(
        scope,
        'grantPublish.eventBusPolicyNotChanged',
        allow === undefined
          ? `The ${account === undefined || known === undefined ? 'account' : 'role'} of ${who} is unknown, so the policy of ${where} cannot admit it: list the account where the bus is defined`
          : `The policy of ${where} is not ours to change. Unless it admits ${who} already, it needs this statement: ${json(scope, allow)}`,
      );
    }
  }

  tellEventBusArn(target, grantee, options.environmentVariable);
  return new PublishGrant(identity, bus);
}

/** What is granted, by name. */
export function namesOf(
  scope: IConstruct,
  { contracts, sources, detailTypes }: PublishGrantOptions,
): { readonly sources?: string[]; readonly detailTypes?: string[] } {
  if (contracts === undefined) return { sources, detailTypes };
  requireContracts(scope, contracts);
  const given = sources ? 'sources' : detailTypes ? 'detailTypes' : undefined;
  if (given !== undefined || contracts.length === 0) {
    throw new BackboneError(
      'SourceInvalid',
      given
        ? `${given} stands beside contracts, which say it already: give one of them`
        : 'contracts is an empty list, which would allow nothing: leave it out to allow every event',
      scope,
    );
  }
  return {
    sources: [...new Set(contracts.map(({ source }) => source))],
    detailTypes: [...new Set(contracts.map(({ detailType }) => detailType))],
  };
}

const VARIABLES = Symbol.for('cdk-event-backbone.variables');

/** A function finds the bus in its environment; a second bus needs a second variable. */
function tellEventBusArn(target: PublishTarget, grantee: iam.IGrantable, variable = EVENT_BUS_ARN_VARIABLE): void {
  const receiver = grantee as {
    addEnvironment?: (name: string, value: string) => unknown;
    [VARIABLES]?: Map<string, string>;
  };
  if (typeof receiver.addEnvironment !== 'function') return;
  const told = (receiver[VARIABLES] ??= new Map());
  if (told.has(variable) && told.get(variable) !== target.eventBusArn) {
    throw new BackboneError(
      'EnvironmentVariableTaken',
      `the variable ${variable} of ${describe(target.construct, grantee)} holds the ARN of another bus: give each bus its own with environmentVariable`,
      target.construct,
    );
  }
  told.set(variable, target.eventBusArn);
  receiver.addEnvironment(variable, target.eventBusArn);
}

/** `PutEvents` carries several entries, so the keys have several values: every one must be allowed, and one be there. */
function publishConditions(sources?: string[], detailTypes?: string[]): PolicyCondition | undefined {
  if (sources === undefined && detailTypes === undefined) return undefined;
  return {
    'ForAllValues:StringEquals': {
      ...(sources && { 'events:source': sources }),
      ...(detailTypes && { 'events:detail-type': detailTypes }),
    },
    Null: {
      ...(sources && { 'events:source': 'false' }),
      ...(detailTypes && { 'events:detail-type': 'false' }),
    },
  };
}

function checkNames(scope: IConstruct, prop: 'sources' | 'detailTypes', names: string[] | undefined): void {
  if (names === undefined || Token.isUnresolved(names)) return;
  const refuse = (message: string) => {
    throw new BackboneError('SourceInvalid', message, scope);
  };
  if (!Array.isArray(names)) refuse(`${prop} is ${shown(names)}, not a list: write [${shown(names)}]`);
  if (names.length === 0) {
    refuse(`${prop} is an empty list, which would allow nothing: leave it out to allow every one`);
  }
  const none = names.findIndex((name) => typeof name !== 'string');
  if (none >= 0) {
    refuse(
      `${prop}[${none}] is ${shown(names[none])}, not a text: write out what may be published (is a field used before it is assigned?)`,
    );
  }
  const wild = names.find((name) => !Token.isUnresolved(name) && name.includes('*'));
  if (wild === undefined) return;
  throw new BackboneError(
    'SourceInvalid',
    `${prop}: ${shown(wild)} has a star, which stands for itself here: list each one literally`,
    scope,
  );
}

function checkSources(scope: IConstruct, sources: string[] | undefined, reserved: string[]): void {
  for (const source of sources ?? []) {
    if (Token.isUnresolved(source)) continue;
    if (source === '' || source.startsWith('aws.')) {
      throw new BackboneError(
        'SourceInvalid',
        `source ${shown(source)} cannot be published: EventBridge refuses empty sources and those that begin with "aws."`,
        scope,
      );
    }
    const prefix = reserved.find((p) => source.startsWith(p));
    if (prefix !== undefined) {
      throw new BackboneError(
        'SourceReserved',
        `source ${shown(source)} begins with ${shown(prefix)}, which the policy of the bus denies to every producer: choose another source`,
        scope,
      );
    }
  }
}

/** A Deny of the bus would refuse what this grant allows. */
function checkPins(target: PublishTarget, account: string | undefined, sources: string[] = []): void {
  if (account === undefined || Token.isUnresolved(account)) return;
  const own = target.pins.find((pin) => pin.account === account)?.sources;
  for (const source of sources) {
    const owners = target.pins.filter((pin) => pin.sources.includes(source)).map((pin) => pin.account);
    if (owners.includes(account) || (owners.length === 0 && own === undefined)) continue;
    const why =
      owners.length > 0
        ? `is pinned to account ${owners.join(', ')}`
        : `is none of ${own!.join(', ')}, to which its account is pinned`;
    throw new BackboneError(
      'SourceNotOwned',
      `source ${shown(source)} ${why}, so the bus denies it to account ${account}: publish a source of that account, or change sourcePins`,
      target.construct,
    );
  }
}

function addToIdentity(principal: iam.IPrincipal, statement: iam.PolicyStatement): GrantSide {
  if (isForeignImport(principal)) return GrantSide.MISSING;
  const result = principal.addToPrincipalPolicy(statement);
  if (!result.statementAdded) return GrantSide.MISSING;
  // An immutable import says that it took the statement, and has no policy to show for it. A new role has none either
  // before synthesis, but a trust policy of its own.
  const isNew = (principal as { assumeRolePolicy?: unknown }).assumeRolePolicy !== undefined;
  const { policyDependable: policy } = result;
  const hasPolicy = policy === undefined || Dependable.of(policy).dependencyRoots.length > 0;
  return isNew || hasPolicy ? GrantSide.ADDED : GrantSide.MISSING;
}

/**
 * An import from another account. Of a role the CDK takes the statement and drops it; to a user or group it attaches
 * a policy by name, in the wrong account.
 */
function isForeignImport(principal: iam.IPrincipal): boolean {
  const { stack } = principal as Partial<iam.IRole>;
  const { principalAccount } = principal;
  return stack !== undefined && principalAccount !== undefined && certainlyDiffer(principalAccount, stack.account);
}

function busStatement(
  target: PublishTarget,
  principal: iam.IPrincipal,
  account: string | undefined,
  conditions?: PolicyCondition,
): BusPolicyStatement | undefined {
  const { roleArn, userArn, arn } = principal as Partial<iam.IRole & iam.IUser & iam.ArnPrincipal>;
  const named = arn !== undefined && /:(?:role|user|assumed-role)\//.test(arn) ? arn : undefined;
  const identityArn = roleArn ?? userArn ?? named;
  // A group, or a function whose role is unknown: nothing but its whole account could be named, which was not asked for.
  const accountGiven = principal.principalAccount !== undefined && !isConstruct(principal);
  if (account !== undefined && identityArn === undefined && !accountGiven) return undefined;
  const common = { Effect: 'Allow' as const, Action: 'events:PutEvents', Resource: target.eventBusArn };
  // The condition that names a principal below holds the role of a session, never the session.
  const session = identityArn !== undefined && /:sts:/.test(identityArn) ? identityArn : undefined;
  if (account !== undefined) {
    // Root and a condition: a role named as principal must exist first, and is lost when the role is made anew.
    const all = merge(
      principal.principalAccount === undefined ? {} : (principal.policyFragment.conditions as PolicyCondition),
      conditions ?? {},
      identityArn === undefined || session !== undefined ? {} : { ArnEquals: { 'aws:PrincipalArn': identityArn } },
    );
    return {
      ...common,
      Principal: { AWS: session ?? accountRootArn(target.partition, account) },
      ...(Object.keys(all).length > 0 && { Condition: all }),
    };
  }
  const organizationId = (principal as Partial<iam.OrganizationPrincipal>).organizationId;
  if (organizationId !== undefined) {
    return {
      ...common,
      Principal: '*',
      Condition: {
        ...conditions,
        StringEquals: { 'aws:PrincipalOrgID': organizationId },
        ...exceptOwnAccount(target.account),
      },
    };
  }
  return undefined;
}

/** All conditions at once: those of a principal made by `withConditions` stay in force. */
function merge(...parts: PolicyCondition[]): PolicyCondition {
  const merged: PolicyCondition = {};
  for (const [operator, keys] of parts.flatMap((part) => Object.entries(part))) {
    merged[operator] = { ...merged[operator], ...keys };
  }
  return merged;
}

function accountOf(grantee: iam.IGrantable): string | undefined {
  // A function imported without its role has a principal that knows nothing, and an ARN that does.
  const { env } = grantee as Partial<IResource>;
  const { arn } = grantee.grantPrincipal as Partial<iam.ArnPrincipal>;
  const inArn =
    arn === undefined || Token.isUnresolved(arn) ? undefined : /^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(arn)?.[1];
  return grantee.grantPrincipal.principalAccount ?? env?.account ?? inArn;
}

/** Two accounts that only the deployment knows are taken to be one, as the CDK does; one such and a literal are not. */
function sameAccount(account: string | undefined, ofBus: string): boolean {
  return account === ofBus || (Token.isUnresolved(account) && Token.isUnresolved(ofBus));
}

function describe(scope: IConstruct, grantee: iam.IGrantable): string {
  const principal = grantee.grantPrincipal;
  if (isConstruct(principal)) return principal.node.path;
  return isConstruct(grantee) ? grantee.node.path : json(scope, principal.policyFragment.principalJson);
}

const json = (scope: IConstruct, value: unknown) => JSON.stringify(Stack.of(scope).resolve(value));

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);

function isConstruct(value: unknown): value is IConstruct {
  return typeof value === 'object' && value !== null && 'node' in value;
}
