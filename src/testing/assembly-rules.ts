import type { SynthesizedStack } from './cloud-assembly';
import { partitionOf, resolveIntrinsics } from './intrinsics';
import { PLACEHOLDER } from './placeholders';
import { ACCOUNT } from '../internal/forms';
import * as limits from '../internal/limits';
import { LOG_TYPES } from '../internal/log-types';
import { overlaps } from '../pattern';

export interface Finding {
  readonly stack: SynthesizedStack;
  readonly logicalId: string;
  readonly message: string;
  readonly fix: string;
}

type AssemblyRule = (stacks: SynthesizedStack[]) => Finding[];

/** A resource with everything resolved that the templates tell. */
interface Resource {
  readonly stack: SynthesizedStack;
  readonly logicalId: string;
  readonly properties: Record<string, any>;
}

const RULE = 'AWS::Events::Rule';

/** Names that are unique in an account and Region; those of rules, on their bus. */
const NAMES: Record<string, string> = {
  'AWS::Events::EventBus': 'Name',
  [RULE]: 'Name',
  'AWS::Events::Archive': 'ArchiveName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Logs::DeliverySource': 'Name',
  'AWS::Logs::DeliveryDestination': 'Name',
};

/** What can be told of an app from its templates alone. A new check is a new entry. */
export const assemblyRules: Record<string, AssemblyRule> = {
  RuleOnDefaultBus: (stacks) =>
    rules(stacks)
      .filter(
        ({ properties: p }) =>
          p.EventPattern !== undefined && busName(p) === 'default' && !onlyAwsEvents(p.EventPattern),
      )
      // What is put there by others can be forwarded to a bus of one's own.
      .filter((rule) => targetsOf(rule).length === 0 || !targetsOf(rule).every(isBusTarget))
      .map((rule) =>
        found(
          rule,
          'the rule is on the default bus, where events of a backbone never arrive',
          'set EventBusName to the custom bus',
        ),
      ),

  SecondHop: (stacks) => {
    const hops = busTargets(stacks);
    return hops
      .filter(({ rule, target }) => target.Arn !== busArn(rule))
      .filter(({ rule }) => hops.some((first) => first.target.Arn === busArn(rule) && mayShareEvents(first.rule, rule)))
      .map(({ rule, target }) =>
        found(
          rule,
          `the rule sends events of ${busName(rule.properties)} to ${target.Arn}, and ${busName(rule.properties)} receives them by a rule itself: EventBridge drops an event at its second bus-to-bus hop`,
          'publish again from a function, or let producers put their events on the first bus',
        ),
      );
  },

  RuleTargetsItsOwnBus: (stacks) =>
    busTargets(stacks)
      .filter(({ rule, target }) => target.Arn === busArn(rule))
      .map(({ rule }) =>
        found(rule, 'the rule sends events to the bus that it is on, which EventBridge refuses', 'name another bus'),
      ),

  BusTargetWithoutRole: (stacks) =>
    busTargets(stacks)
      .filter(({ target }) => target.RoleArn === undefined)
      .map(({ rule, target }) =>
        found(
          rule,
          `the rule sends events to ${target.Arn} without a role, which EventBridge has required since 2023-03-02`,
          'give the target a RoleArn',
        ),
      ),

  TargetWithoutDeadLetterQueue: (stacks) =>
    rules(stacks)
      .filter(({ properties: p }) => busName(p) !== 'default')
      .flatMap((rule) =>
        targetsOf(rule)
          .filter((target) => target.DeadLetterConfig === undefined)
          .map((target) => ({ rule, target })),
      )
      .map(({ rule, target }) =>
        found(
          rule,
          `target ${target.Id} has no dead-letter queue: what it refuses is lost`,
          'give the target a DeadLetterConfig, and the queue a policy for the rule',
        ),
      ),

  TooManyTargets: (stacks) =>
    rules(stacks)
      .filter((rule) => targetsOf(rule).length > limits.TARGETS_PER_RULE)
      .map((rule) =>
        found(
          rule,
          `the rule has ${targetsOf(rule).length} targets, ${limits.TARGETS_PER_RULE} at most`,
          'use several rules',
        ),
      ),

  EventPatternTooLong: (stacks) =>
    rules(stacks)
      .filter(
        ({ properties: p }) =>
          p.EventPattern !== undefined && patternText(p.EventPattern).length > limits.EVENT_PATTERN_MAX_LENGTH,
      )
      .map((rule) =>
        found(
          rule,
          `the event pattern has ${patternText(rule.properties.EventPattern).length} characters, ${limits.EVENT_PATTERN_MAX_LENGTH} at most`,
          'use prefixes instead of lists, or several rules',
        ),
      ),

  AccountNumber: (stacks) =>
    rules(stacks)
      .filter(({ properties: p }) => hasNumber(asObject(p.EventPattern)?.account))
      .map((rule) =>
        found(
          rule,
          'the event pattern compares "account" with a number: it never equals one, and is always "anything but" one',
          'write the account as a string',
        ),
      ),

  RulesOverQuota: (stacks) =>
    Object.values(groupBy(rules(stacks), busArn)).flatMap((group) => {
      const quota = limits.RULES_PER_BUS_BY_REGION[group[0].stack.region] ?? limits.RULES_PER_BUS;
      const over = group[quota];
      return over
        ? [
            found(
              over,
              `${busName(over.properties)} has ${group.length} rules in this app, the default quota is ${quota}`,
              'have the quota raised, then leave this check out',
            ),
          ]
        : [];
    }),

  EventBusPolicyTooLong: (stacks) =>
    Object.values(groupBy(resources(stacks, 'AWS::Events::EventBusPolicy'), busArn)).flatMap((group) => {
      const length = JSON.stringify({
        Version: '2012-10-17',
        Statement: group.map(({ properties: p }) => p.Statement),
      }).length;
      return length > limits.EVENT_BUS_POLICY_LENGTH
        ? [
            found(
              group[0],
              `the policy of ${busName(group[0].properties)} has ${length} characters, the default quota is ${limits.EVENT_BUS_POLICY_LENGTH}`,
              'admit an organisation instead of accounts',
            ),
          ]
        : [];
    }),

  EventBusOpenToAll: (stacks) =>
    resources(stacks, 'AWS::Events::EventBusPolicy')
      .filter(
        ({ properties: { Statement: s } }) =>
          s?.Effect === 'Allow' && s.Condition === undefined && isAnybody(s.Principal),
      )
      .map((policy) =>
        found(
          policy,
          `the policy of ${busName(policy.properties)} lets everybody in AWS put events`,
          'name accounts, or add a condition on the organisation',
        ),
      ),

  DuplicateName: (stacks) =>
    Object.entries(NAMES).flatMap(([type, property]) => {
      const named = resources(stacks, type).filter(
        ({ properties: p }) => p[property] !== undefined && isKnown(p[property]),
      );
      const place = (r: Resource) =>
        `${placeOf(r.stack)} ${type === RULE ? busName(r.properties) : ''} ${r.properties[property]}`;
      return Object.values(groupBy(named, place)).flatMap(([first, ...others]) =>
        others.map((other) =>
          found(
            other,
            `${type} ${other.properties[property]} is made in stack ${first.stack.name} too, in the same account and Region`,
            'give one of them another name, or refer to the one that exists',
          ),
        ),
      );
    }),

  EventBusLogWithoutDelivery: (stacks) => {
    const sources = resources(stacks, 'AWS::Logs::DeliverySource').map(
      ({ properties: p }) => `${p.ResourceArn} ${p.LogType}`,
    );
    return resources(stacks, 'AWS::Events::EventBus')
      .map((bus) => ({
        bus,
        missing: (LOG_TYPES[bus.properties.LogConfig?.Level] ?? []).filter(
          (type) => !sources.includes(`${newBusArn(bus)} ${type}`),
        ),
      }))
      .filter(({ missing }) => missing.length > 0)
      .map(({ bus, missing }) =>
        found(
          bus,
          `the bus writes logs of level ${bus.properties.LogConfig.Level}, and nothing delivers its ${missing.join(', ')}`,
          'add an AWS::Logs::DeliverySource, DeliveryDestination and Delivery for each type, or use the option `logging` of GlobalBus and LocalBus',
        ),
      );
  },

  LogResourcePoliciesOverQuota: (stacks) =>
    Object.values(
      groupBy(
        resources(stacks, 'AWS::Logs::ResourcePolicy', 'Custom::CloudwatchLogResourcePolicy'),
        ({ stack }) => `${stack.account} ${stack.region}`,
      ),
    ).flatMap((group) =>
      group.length > limits.LOG_RESOURCE_POLICIES
        ? [
            found(
              group[limits.LOG_RESOURCE_POLICIES],
              `account ${group[0].stack.account} gets ${group.length} resource policies for logs, a Region holds ${limits.LOG_RESOURCE_POLICIES}`,
              'use CatchAllLogRule, whose log groups carry a policy of their own',
            ),
          ]
        : [],
    ),
};

function resources(stacks: SynthesizedStack[], ...types: string[]): Resource[] {
  return stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources ?? {})
      .filter(([, { Type }]) => types.includes(Type))
      .map(([logicalId, { Properties }]) => ({
        stack,
        logicalId,
        properties: resolveIntrinsics(stack, Properties ?? {}),
      })),
  );
}

const rules = (stacks: SynthesizedStack[]) => resources(stacks, 'AWS::Events::Rule');

const targetsOf = ({ properties }: Resource): Record<string, any>[] => properties.Targets ?? [];

const busTargets = (stacks: SynthesizedStack[]) =>
  rules(stacks).flatMap((rule) =>
    targetsOf(rule)
      .filter(isBusTarget)
      .map((target) => ({ rule, target })),
  );

const isBusTarget = ({ Arn }: Record<string, any>) => String(Arn).includes(':event-bus/');

/** Whether events of the account of one rule can go on by another; so it is unless the patterns exclude each other. */
function mayShareEvents(first: Resource, second: Resource): boolean {
  const [one, other] = [first, second].map(({ properties }) => asObject(properties.EventPattern));
  if (one === undefined || other === undefined) return true;
  const { account } = first.stack;
  // What only the deployment knows may keep them apart.
  if (!isKnown(one) || !isKnown(other)) return false;
  if (!ACCOUNT.test(account) && ('account' in other || '$or' in other)) return false;
  const ofAccount = 'account' in one || '$or' in one || !ACCOUNT.test(account) ? one : { ...one, account: [account] };
  try {
    return overlaps(ofAccount, other).answer !== 'no';
  } catch {
    // What is wrong with a pattern is found elsewhere.
    return true;
  }
}

/** EventBusName holds a name or an ARN. */
const busName = (properties: Record<string, any>) =>
  String(properties.EventBusName ?? 'default')
    .split(':event-bus/')
    .at(-1)!;

function busArn({ stack, properties }: Resource): string {
  const given = String(properties.EventBusName ?? 'default');
  return given.startsWith('arn:')
    ? given
    : `arn:${partitionOf(stack)}:events:${stack.region}:${stack.account}:event-bus/${given}`;
}

/** The ARN of a bus that a template makes. */
const newBusArn = ({ stack, properties }: Resource) =>
  `arn:${partitionOf(stack)}:events:${stack.region}:${stack.account}:event-bus/${properties.Name}`;

function onlyAwsEvents(pattern: unknown): boolean {
  const sources = asObject(pattern)?.source;
  const begins = (source: any) => (typeof source === 'string' ? source : (source?.prefix ?? source?.wildcard ?? ''));
  return Array.isArray(sources) && sources.every((source) => /^aws\.|^</.test(String(begins(source))));
}

/** Whether a value holds nothing that only the deployment knows. */
function isKnown(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isKnown);
  return !PLACEHOLDER.test(String(value));
}

/** Where a stack goes; one that does not say goes where no other is known to go. */
const placeOf = ({ account, region, name }: SynthesizedStack) =>
  ACCOUNT.test(account) && !region.startsWith('unknown') ? `${account} ${region}` : `${account} ${region} ${name}`;

const asObject = (pattern: unknown): Record<string, any> | undefined =>
  typeof pattern === 'object' && pattern !== null ? pattern : undefined;

const patternText = (pattern: unknown) => (typeof pattern === 'string' ? pattern : JSON.stringify(pattern));

function hasNumber(conditions: unknown): boolean {
  if (typeof conditions === 'number') return true;
  return typeof conditions === 'object' && conditions !== null && Object.values(conditions).some(hasNumber);
}

const isAnybody = (principal: unknown) =>
  principal === '*' || [(principal as { AWS?: unknown })?.AWS].flat().includes('*');

function groupBy<T>(items: T[], key: (item: T) => string): Record<string, T[]> {
  const groups: Record<string, T[]> = {};
  for (const item of items) (groups[key(item)] ??= []).push(item);
  return groups;
}

const found = ({ stack, logicalId }: Resource, message: string, fix: string): Finding => ({
  stack,
  logicalId,
  message,
  fix,
});
