import { Fn, Names, Resource, Stack, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type { Construct, IConstruct } from 'constructs';
import { dependOnBus, sharedByReferences } from './bus-identity';
import { BackboneError, shown } from './errors';
import { checkPattern, renderPattern, resolvePattern, type WirePattern } from './event-pattern';
import * as limits from './limits';
import { certainlyDiffer } from './tokens';
import { warn } from './warnings';
import type { PatternModel } from '../pattern/model';
import { hasWildcard } from '../pattern/wildcard-complexity';

export interface BusRuleProps {
  readonly eventBus: events.IEventBusRef;
  readonly pattern: WirePattern;
  /** Whether the bus may be the default bus. The rule gets a name there: only that tells its ARN from others. */
  readonly mayBeDefault?: boolean;
  readonly ruleName?: string;
  readonly description?: string;
  readonly enabled?: boolean;
}

const RULE_NAME = /^[A-Za-z0-9_.-]+$/;
const RULES = Symbol.for('cdk-event-backbone.rules');
const WILDCARD_RULES = Symbol.for('cdk-event-backbone.wildcardRules');

/**
 * A rule on a custom bus, and nothing that the CDK's own Rule does behind one's back: no default bus, no twin rules in
 * other accounts, no patterns merged in later.
 *
 * @internal
 */
export abstract class BusRule extends Resource implements events.IRule {
  public readonly ruleArn: string;
  public readonly ruleName: string;

  /** @internal */
  public readonly _pattern: PatternModel;

  private readonly resource: events.CfnRule;
  private readonly targets: events.CfnRule.TargetProperty[] = [];

  constructor(scope: Construct, id: string, props: BusRuleProps) {
    super(scope, id, { physicalName: props.ruleName });
    const { eventBus, description, mayBeDefault = false } = props;
    requireEventBus(this, eventBus, mayBeDefault);
    requireOwnBus(this, eventBus, 'a rule');
    const isDefault = eventBus.eventBusRef.eventBusName === DEFAULT_BUS;
    const ruleName =
      props.ruleName ??
      (isDefault ? Names.uniqueResourceName(this, { maxLength: limits.RULE_NAME_LENGTH, separator: '-' }) : undefined);
    if (ruleName !== undefined && !Token.isUnresolved(ruleName)) {
      if (!RULE_NAME.test(ruleName) || ruleName.length > limits.RULE_NAME_LENGTH) {
        throw new BackboneError(
          'RuleNameInvalid',
          `rule name ${shown(ruleName)} is not 1 to ${limits.RULE_NAME_LENGTH} letters, digits, dots, hyphens and underscores`,
          this,
        );
      }
      if (!takeName(eventBus, `rule ${ruleName}`)) {
        throw new BackboneError(
          'RuleNameInvalid',
          `rule name ${shown(ruleName)} is taken by another rule of ${eventBus.eventBusRef.eventBusName}: the one deployed later would replace the other; give this one another name`,
          this,
        );
      }
    }
    checkDescription(this, description);
    const pattern = resolvePattern(this, props.pattern);
    this._pattern = checkPattern(this, pattern, 'event pattern');

    this.resource = new events.CfnRule(this, 'Resource', {
      name: ruleName,
      description,
      eventBusName: busNameOrArn(this, eventBus),
      eventPattern: renderPattern(props.pattern, pattern),
      state: props.enabled === false ? 'DISABLED' : 'ENABLED',
      targets: this.targets,
    });
    this.ruleArn = this.resource.attrArn;
    // Ref of a rule on a custom bus is "<bus>|<rule>": the name is the last part of the ARN. Names of partners' buses have slashes.
    const { eventBusName } = eventBus.eventBusRef;
    const last = Token.isUnresolved(eventBusName) ? 2 : eventBusName.split('/').length + 1;
    this.ruleName = ruleName ?? Fn.select(last, Fn.split('/', this.ruleArn));
    dependOnBus(this.resource, eventBus);
    countRule(this, eventBus);
    if (hasWildcard(this._pattern)) countWildcardRule(this, eventBus);
  }

  public get ruleRef(): events.RuleReference {
    return this.resource.ruleRef;
  }

  /** @internal */
  protected _addTarget(target: events.CfnRule.TargetProperty) {
    this.targets.push(target);
  }
}

export const DEFAULT_BUS = 'default';

/** An uninitialised field must not put a rule on the default bus. */
export function requireEventBus(
  scope: IConstruct,
  eventBus: unknown,
  mayBeDefault = false,
): asserts eventBus is events.IEventBusRef {
  if (eventBus === undefined || eventBus === null) {
    throw new BackboneError(
      'EventBusMissing',
      'eventBus is undefined, and CloudFormation would silently take the default bus: pass a custom bus (is a field used before it is assigned?)',
      scope,
    );
  }
  // Rules on the default bus have other ARNs: neither role nor queue would know them.
  if (!mayBeDefault && (eventBus as events.IEventBusRef).eventBusRef.eventBusName === DEFAULT_BUS) {
    throw new BackboneError(
      'EventBusNameInvalid',
      'eventBus is the default bus, which takes the events of AWS services: pass a custom bus',
      scope,
    );
  }
}

/** A rule or archive lies in the account and Region of its bus. */
export function requireOwnBus(scope: IConstruct, eventBus: events.IEventBusRef, what: string): void {
  const stack = Stack.of(scope);
  const { account, region } = eventBus.env;
  if (certainlyDiffer(account, stack.account) || certainlyDiffer(region, stack.region)) {
    throw new BackboneError(
      'EventBusElsewhere',
      `${what} cannot be put on ${eventBus.eventBusRef.eventBusName} in ${account}/${region} from a stack for ${stack.account}/${stack.region}: define it in a stack for the account and Region of the bus`,
      scope,
    );
  }
}

/**
 * The bus as a rule names it: by its ARN wherever it is not certainly in the place of the stack. By name the rule would
 * land on a bus of that name in whichever account deploys it.
 */
export function busNameOrArn(scope: IConstruct, eventBus: events.IEventBusRef): string {
  const stack = Stack.of(scope);
  const { account, region } = eventBus.env;
  const here = account === stack.account && region === stack.region;
  return here ? eventBus.eventBusRef.eventBusName : eventBus.eventBusRef.eventBusArn;
}

export function checkDescription(scope: IConstruct, description?: string): void {
  if (description === undefined || Token.isUnresolved(description)) return;
  if (description.length > limits.DESCRIPTION_LENGTH) {
    throw new BackboneError(
      'DescriptionTooLong',
      `description of ${description.length} characters, ${limits.DESCRIPTION_LENGTH} at most: shorten it`,
      scope,
    );
  }
}

const NAMES = Symbol.for('cdk-event-backbone.names');

/** Notes a physical name that something made for a bus takes, and says whether it was taken already. */
export function takeName(eventBus: events.IEventBusRef, name: string): boolean {
  const names = sharedByReferences(eventBus, NAMES, () => new Set<string>());
  if (names.has(name)) return false;
  names.add(name);
  return true;
}

/** Warns once, at the first rule that is one too many for the quota of its bus, whichever constructs stand for the bus. */
function countRule(rule: IConstruct, eventBus: events.IEventBusRef): void {
  const count = countOn(eventBus, RULES);
  const quota = limits.RULES_PER_BUS_BY_REGION[Stack.of(rule).region] ?? limits.RULES_PER_BUS;
  if (count === quota + 1) {
    warn(
      rule,
      'Rule.overQuota',
      `is rule ${count} on ${eventBus.eventBusRef.eventBusName}; the default quota is ${quota} rules on a bus. Have it raised before deploying`,
    );
  }
}

/** Warns once, at the first rule with a wildcard that is one too many for its bus. */
function countWildcardRule(rule: IConstruct, eventBus: events.IEventBusRef): void {
  const count = countOn(eventBus, WILDCARD_RULES);
  if (count === limits.WILDCARD_RULES_PER_BUS + 1) {
    warn(
      rule,
      'Rule.wildcardsOverQuota',
      `is rule ${count} with a wildcard on ${eventBus.eventBusRef.eventBusName}; a bus holds ${limits.WILDCARD_RULES_PER_BUS}, and the quota cannot be raised. Use "prefix" and "suffix", or another bus`,
    );
  }
}

function countOn(eventBus: events.IEventBusRef, what: symbol): number {
  return ++sharedByReferences(eventBus, what, () => ({ count: 0 })).count;
}
