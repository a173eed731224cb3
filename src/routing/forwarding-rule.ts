import { Stack, Token, type RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { busTarget } from './bus-target';
import { type EventConditions, patternOf } from './event-conditions';
import { fanOutsOf, type KnownFanOut, ownPlaceOf } from './fan-outs';
import type { IForwardingRole } from './forwarding-role';
import { refuseSecondHop } from './hops';
import { accountRootArn, defaultRuleArn, placeOf, rulesArn } from '../internal/arns';
import { areSameBus } from '../internal/bus-identity';
import { BusRule, DEFAULT_BUS, requireEventBus } from '../internal/bus-rule';
import { BackboneError, errorText, shown } from '../internal/errors';
import { parseResolved } from '../internal/event-pattern';
import { certainlyDiffer } from '../internal/tokens';
import { warn } from '../internal/warnings';
import type { FieldCondition, PatternModel } from '../pattern/model';
import { type Overlap, overlapOf } from '../pattern/overlap';
import { byPath } from '../pattern/parse-pattern';

/**
 * Which events go to the hub, and how.
 */
export interface ForwardingOptions extends EventConditions {
  /**
   * The bus whose events are forwarded, in the account and Region of the stack: a custom bus, or the default bus,
   * `EventBus.fromEventBusName(this, 'DefaultBus', 'default')`. Never a local bus: its events have been forwarded already.
   */
  readonly eventBus: events.IEventBusRef;

  /**
   * The name of the rule, unique on its bus, 64 characters at most.
   *
   * @default - made by CloudFormation; on the default bus made of the path of the construct
   */
  readonly ruleName?: string;

  /**
   * What the rule is for, 512 characters at most.
   *
   * @default - says which bus it forwards to
   */
  readonly description?: string;

  /**
   * Whether the rule forwards.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * The role with which events are put on the global bus.
   *
   * @default - the role that all forwarding rules of the bus in this stack share
   */
  readonly forwardingRole?: IForwardingRole;

  /**
   * Where events wait that could not be forwarded: a standard queue in the account and Region of the rule.
   *
   * @default - the queue that all rules of the bus in this stack share
   */
  readonly deadLetterQueue?: sqs.IQueue;

  /**
   * What the alarm on the queue does that the rules of the bus share.
   *
   * @default - it changes its state only; for `BackboneMember.forward` what the alarms of the member do
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * What happens to the queue that the rules of the bus share when it leaves the stack.
   *
   * @default - it is deleted; for `BackboneMember.forward` what happens to the queue of the member
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Properties of a `ForwardingRule`.
 */
export interface ForwardingRuleProps extends ForwardingOptions {
  /**
   * The bus that receives the events. Its policy must admit this account before the rule is made.
   */
  readonly globalBus: events.IEventBusRef;
}

/**
 * Forwards events of a member's default or custom bus to the global bus, for producers that cannot put their events
 * there, such as services of AWS.
 *
 * An event passes one bus-to-bus rule, and this is it: the hub keeps such events and may handle them in its account, but
 * a fan-out rule cannot deliver them. So a rule whose events a fan-out rule would take is refused. Where the rules of the
 * hub are not known, or whether they take the events, a warning says so.
 *
 * EventBridge retries for up to 24 hours and 185 times, which cannot be changed for a bus as target.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 *
 * @example
 *
 * declare const topology: Topology;
 *
 * new ForwardingRule(this, 'Findings', {
 *   eventBus: events.EventBus.fromEventBusName(this, 'DefaultBus', 'default'),
 *   globalBus: GlobalBus.fromTopology(this, 'GlobalBus', topology),
 *   source: ['aws.guardduty'],
 * });
 */
export class ForwardingRule extends BusRule {
  constructor(scope: Construct, id: string, props: ForwardingRuleProps) {
    const { eventBus, globalBus } = props;
    requireEventBus(scope, eventBus, true);
    if (globalBus === undefined || globalBus === null) {
      throw new BackboneError(
        'GlobalBusMissing',
        `globalBus of ${id} is undefined: pass the bus that receives the events`,
        scope,
      );
    }
    const { eventBusName } = eventBus.eventBusRef;
    super(scope, id, {
      eventBus,
      mayBeDefault: true,
      ruleName: props.ruleName,
      description: props.description ?? `Forwards events to ${globalBus.eventBusRef.eventBusName}.`,
      enabled: props.enabled,
      pattern: patternOf(scope, id, props),
    });
    if (areSameBus(eventBus, globalBus)) {
      throw new BackboneError(
        'ForwardingToItself',
        `eventBus and globalBus are both ${eventBusName}: events would go in a circle; name the bus of the hub`,
        this,
      );
    }
    refuseSecondHop(this, eventBus);

    const place = placeOf(this);
    const sourceArn =
      eventBusName === DEFAULT_BUS ? defaultRuleArn(place, this.ruleName) : rulesArn(place, eventBusName);
    this._addTarget(
      busTarget(this, {
        id: 'GlobalBus',
        eventBus,
        receiver: globalBus,
        sourceArn,
        forwardingRole: props.forwardingRole,
        deadLetterQueue: props.deadLetterQueue,
        queueDefaults: { alarmActions: props.alarmActions, removalPolicy: props.removalPolicy },
      }),
    );
    this.checkSources(globalBus);
    if (props.enabled !== false) this.checkFanOuts(globalBus);
    this.checkAdmission(globalBus);
  }

  private checkSources(globalBus: events.IEventBusRef) {
    const { _reservedPrefixes: reserved = [] } = globalBus as Partial<OurGlobalBus>;
    const sources = this._pattern.conjunctions.flat().filter(({ path }) => path === 'source');
    for (const source of sources.flatMap(({ anyOf }) => anyOf)) {
      if (source.operator !== 'exactly' && source.operator !== 'prefix') continue;
      const prefix = reserved.find((one) => source.value.startsWith(one));
      if (prefix === undefined) continue;
      throw new BackboneError(
        'SourceReserved',
        `source ${shown(source.value)} begins with ${shown(prefix)}, which the policy of the global bus denies to every producer: choose another source`,
        this,
      );
    }
  }

  private checkFanOuts(globalBus: events.IEventBusRef) {
    const { eventBusName } = globalBus.eventBusRef;
    const { rules, complete, listeners } = fanOutsOf(globalBus);
    const { account, region } = ownPlaceOf(globalBus) ?? Stack.of(this);
    const { _reservedPrefixes: reserved = [] } = globalBus as Partial<OurGlobalBus>;
    const forwarded = ofPlace(this._pattern, { account, region }, reserved);
    const errors: string[] = [];
    const judge = (fanOuts: KnownFanOut[]): void => {
      const meetings = fanOuts.map((fanOut) => ({ fanOut, overlap: overlapOf(forwarded, fanOut.pattern) }));
      const certain = meetings.filter(({ overlap }) => isCertain(overlap));
      if (certain.length > 0) errors.push(meeting(certain));
      const doubtful = meetings.filter(({ overlap }) => overlap.answer !== 'no' && !isCertain(overlap));
      if (certain.length > 0 || doubtful.length === 0) return;
      const names = namesOf(doubtful);
      warn(
        this,
        'ForwardingRule.fanOutUnknown',
        `may forward events that the fan-out to ${names} would take: EventBridge drops them there, at its second bus-to-bus hop. Narrow the condition so that it can be told`,
      );
    };
    judge(rules);
    if (errors.length > 0) throw new BackboneError('ForwardingMeetsFanOut', errors[0], this);
    if (!complete) {
      warn(
        this,
        'ForwardingRule.fanOutUnknown',
        `forwards to ${eventBusName}, whose fan-out rules are not all known here: EventBridge drops what they would take, at its second bus-to-bus hop. Pass the bus of a topology, GlobalBus.fromTopology, to have it checked`,
      );
    }
    // Fan-out rules may be made later.
    listeners.push((fanOut) => judge([fanOut]));
    this.node.addValidation({
      validate: () => errors.map((message) => errorText('ForwardingMeetsFanOut', message)),
    });
  }

  /** Creating a rule with a bus of another account fails where the policy of that bus does not admit this one. */
  private checkAdmission(globalBus: events.IEventBusRef) {
    const { account, partition } = placeOf(this);
    const { eventBusArn, eventBusName } = globalBus.eventBusRef;
    if (!certainlyDiffer(account, globalBus.env.account)) return;
    if ((globalBus as Partial<OurGlobalBus>)._admits?.(account)) return;
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: accountRootArn(partition, account) },
      Action: 'events:PutEvents',
      Resource: eventBusArn,
    };
    const json = JSON.stringify(Stack.of(this).resolve(statement));
    warn(
      this,
      'ForwardingRule.eventBusPolicyNotChanged',
      `Unless the policy of ${eventBusName} admits account ${account} already, EventBridge refuses this rule: list the account where the bus is defined, or have its owner add this statement: ${json}`,
    );
  }
}

/** A global bus of ours, which knows whom and what its policy lets in. */
interface OurGlobalBus {
  readonly _reservedPrefixes: string[];
  _admits(account: string): boolean;
}

/** That a list may hold a value for each is no reason to refuse. */
function isCertain(overlap: Overlap): boolean {
  return overlap.answer === 'yes' && !overlap.onlyWithLists;
}

interface Meeting {
  readonly fanOut: KnownFanOut;
  readonly overlap: Overlap;
}

const namesOf = (meetings: Meeting[]): string => [...new Set(meetings.map(({ fanOut }) => fanOut.to))].join(', ');

function meeting(meetings: Meeting[]): string {
  const [{ overlap }] = meetings;
  const event = overlap.answer === 'yes' ? overlap.event : {};
  // On a bus of their own they would keep a source that only AWS may use.
  const isOfAws = String(event.source).startsWith('aws.');
  const validated = isOfAws
    ? '("delivery": { "mode": "validated-same-bus" } in the topology, with UnknownEvents.PASS)'
    : '("delivery" in the topology)';
  return `an event such as ${JSON.stringify(event)} would be forwarded and then taken by the fan-out to ${namesOf(meetings)}, and EventBridge drops it there, at its second bus-to-bus hop: let its producer put it on the global bus (grantPublish), forward only what no member receives, narrow the filter of these members in the topology, or deliver validated events ${validated}, which are published again`;
}

/** The pattern, for events of one place: a forwarded event keeps its account and Region, and has no reserved source. */
function ofPlace(
  { conjunctions }: PatternModel,
  place: { account: string; region: string },
  reserved: string[],
): PatternModel {
  const own = Object.entries(place).map(([path, value]): FieldCondition => ({
    path,
    pointer: `/${path}`,
    anyOf: [Token.isUnresolved(value) ? { operator: 'unknown' } : { operator: 'exactly', value }],
  }));
  if (reserved.length > 0) {
    own.push(...parseResolved({ source: [{ 'anything-but': { prefix: reserved } }] }).conjunctions[0]);
  }
  return {
    conjunctions: conjunctions.map((fields) =>
      [...own.filter(({ path }) => !fields.some((field) => field.path === path)), ...fields].sort(byPath),
    ),
  };
}
