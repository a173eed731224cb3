import { Lazy, Token } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import { placeOf, rulesArn } from '../internal/arns';
import { DEFAULT_BUS, requireEventBus, requireOwnBus } from '../internal/bus-rule';
import { BackboneError, errorText, shown } from '../internal/errors';
import * as limits from '../internal/limits';
import { sharedBeside } from '../internal/shared';
import { certainlyDiffer } from '../internal/tokens';
import { warn } from '../internal/warnings';

/**
 * The role with which rules of a bus put events on other buses.
 */
export interface IForwardingRole {
  /**
   * The ARN of the role.
   */
  readonly roleArn: string;

  /**
   * Lets the role put events on a bus.
   *
   * @param eventBusArn the bus
   */
  addDestination(eventBusArn: string): void;
}

/**
 * Properties of a `ForwardingRole`.
 */
export interface ForwardingRoleProps {
  /**
   * The buses whose rules may use the role, all in the account and Region of the stack. Of the default bus it trusts the
   * rules alone that a `ForwardingRule` makes.
   */
  readonly eventBuses: events.IEventBusRef[];

  /**
   * The name of the role. IAM names hold for the whole account, so let it carry the Region.
   *
   * @default - made by CloudFormation
   */
  readonly roleName?: string;

  /**
   * The path of the role.
   *
   * @default '/'
   */
  readonly path?: string;
}

/**
 * The role with which rules put events on other buses: trusted for the rules of its buses alone, permitted for the
 * buses that are named alone.
 *
 * The list of buses is spread over managed policies, which hold about 60 buses each.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export class ForwardingRole extends Construct implements IForwardingRole {
  /**
   * A role that exists already: whoever owns it sees to its permissions, `addDestination` changes nothing.
   *
   * @param roleArn its ARN
   */
  public static fromRoleArn(roleArn: string): IForwardingRole {
    return { roleArn, addDestination: () => {} };
  }

  /** @internal */
  public static _of(scope: IConstruct, eventBus: events.IEventBusRef): ForwardingRole {
    return sharedBeside(
      scope,
      eventBus,
      'ForwardingRole',
      (parent, id) => new ForwardingRole(parent, id, { eventBuses: [eventBus] }),
    );
  }

  /**
   * The ARN of the role.
   */
  public readonly roleArn: string;

  /**
   * The role itself.
   */
  public readonly role: iam.IRole;

  /** @internal */
  public readonly _eventBusNames: string[];

  /** The rules that may use the role. */
  private readonly sourceArns: string[];
  private readonly destinations = new Set<string>();
  private readonly policies: {
    readonly policy: iam.ManagedPolicy;
    readonly statement: iam.PolicyStatement;
    room: number;
  }[] = [];

  constructor(scope: Construct, id: string, props: ForwardingRoleProps) {
    super(scope, id);
    const place = placeOf(this);
    if (props.eventBuses.length === 0) {
      throw new BackboneError(
        'EventBusMissing',
        'eventBuses is an empty list: name the buses whose rules use the role',
        this,
      );
    }
    for (const eventBus of props.eventBuses) {
      requireEventBus(this, eventBus, true);
      requireOwnBus(this, eventBus, 'a forwarding role');
    }
    const { roleName } = props;
    if (roleName !== undefined && !Token.isUnresolved(roleName) && roleName.length > limits.ROLE_NAME_LENGTH) {
      throw new BackboneError(
        'RoleNameTooLong',
        `role name ${shown(roleName)} of ${roleName.length} characters, ${limits.ROLE_NAME_LENGTH} at most: shorten it`,
        this,
      );
    }
    const names = props.eventBuses.map((bus) => bus.eventBusRef.eventBusName);
    this._eventBusNames = names;
    // Rules of the default bus are trusted one by one: nothing in their ARNs tells them from those of all other buses.
    this.sourceArns = names.filter((name) => name !== DEFAULT_BUS).map((name) => rulesArn(place, name));
    this.role = new iam.Role(this, 'Role', {
      roleName,
      path: props.path,
      ...(roleName === undefined && {
        description: `Rules of ${names.length > 3 ? `${names.length} buses` : names.join(', ')} put events on other buses with it.`,
      }),
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': place.account },
          ArnLike: { 'aws:SourceArn': Lazy.list({ produce: () => this.sourceArns }) },
        },
      }),
    });
    this.roleArn = this.role.roleArn;
    this.node.addValidation({
      validate: () =>
        this.sourceArns.length > 0
          ? []
          : [
              errorText(
                'ForwardingRoleInvalid',
                'the forwarding role is for the default bus alone, whose rules it trusts one by one, and no ForwardingRule uses it: pass it to one, or leave it out',
              ),
            ],
    });
  }

  /**
   * Lets the role put events on a bus.
   *
   * @param eventBusArn the bus
   */
  public addDestination(eventBusArn: string): void {
    if (this.destinations.has(eventBusArn)) return;
    this.destinations.add(eventBusArn);
    // Quotes and comma included; for a deploy-time value as much as an ARN with the longest names.
    const size = Token.isUnresolved(eventBusArn) ? 300 : eventBusArn.length + 3;
    const last = this.policies.at(-1);
    if (last !== undefined && last.room >= size) {
      last.statement.addResources(eventBusArn);
      last.room -= size;
      return;
    }
    this.addPolicy(eventBusArn, size);
  }

  /**
   * Trusts a rule, or the rules of a bus.
   *
   * @internal
   */
  public _trust(sourceArn: string): void {
    if (this.sourceArns.includes(sourceArn)) return;
    const before = this.trustLength;
    this.sourceArns.push(sourceArn);
    const quota = limits.ROLE_TRUST_POLICY_LENGTH;
    if (before > quota || this.trustLength <= quota) return;
    warn(
      this,
      'ForwardingRole.trustOverQuota',
      `is trusted for ${this.sourceArns.length} rules of the default bus one by one, which takes about ${this.trustLength} characters; the default quota is ${quota} for a trust policy. Have it raised (to 4096 at most) before deploying, give rules shorter names, or some of them a second role`,
    );
  }

  /** About as many characters as the trust policy has: around its list of rules it has some 250. */
  private get trustLength(): number {
    return this.sourceArns.reduce((sum, arn) => sum + (Token.isUnresolved(arn) ? 100 : arn.length) + 3, 250);
  }

  /**
   * What a rule must wait for: a rule that is created before its role may act would fail.
   *
   * @internal
   */
  public get _dependables(): IDependable[] {
    return [this.role, ...this.policies.map(({ policy }) => policy)];
  }

  private addPolicy(eventBusArn: string, size: number) {
    const number = this.policies.length + 1;
    const statement = new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [eventBusArn] });
    const policy = new iam.ManagedPolicy(this, `Destinations${number}`, {
      roles: [this.role],
      statements: [statement],
    });
    // The frame of the document around the list of buses is about 120 characters.
    this.policies.push({ policy, statement, room: limits.MANAGED_POLICY_LENGTH - 150 - size });
    if (number === limits.MANAGED_POLICIES_PER_ROLE + 1) {
      warn(
        this,
        'ForwardingRole.overQuota',
        `has ${number} managed policies for ${this.destinations.size} buses; the default quota is ${limits.MANAGED_POLICIES_PER_ROLE} on a role. Have it raised (to 20 at most) before deploying, or use a second role`,
      );
    }
  }
}

/** A role of another account, or one that does not trust the rules of this bus, fails at every event. */
export function checkForwardingRole(scope: IConstruct, role: IForwardingRole, eventBus: events.IEventBusRef): void {
  const [, , , , account] = role.roleArn.split(':');
  const buses = (role as Partial<ForwardingRole>)._eventBusNames;
  const { eventBusName } = eventBus.eventBusRef;
  const foreign = !Token.isUnresolved(role.roleArn) && certainlyDiffer(account, placeOf(scope).account);
  if (!foreign && (buses === undefined || buses.includes(eventBusName))) return;
  throw new BackboneError(
    'ForwardingRoleInvalid',
    foreign
      ? `the forwarding role ${role.roleArn} is not in the account of the rule, ${placeOf(scope).account}: pass a role of that account, or none for a new one`
      : `the forwarding role is trusted for the rules of ${buses!.join(', ')}, not of ${eventBusName}: name this bus in its eventBuses too, or pass none for a new one`,
    scope,
  );
}
