import { Stage, Token } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type { Construct, IConstruct } from 'constructs';
import { loop } from './republisher-prefixes';
import type { EventContract } from '../contract';
import { isPublished } from '../internal/admitting-bus';
import { sharedByReferences } from '../internal/bus-identity';
import { BusRule } from '../internal/bus-rule';
import { BackboneError, shown } from '../internal/errors';
import { MATCH_ALL, parseResolved } from '../internal/event-pattern';
import { warn } from '../internal/warnings';
import type { PatternModel } from '../pattern/model';
import { overlapOf } from '../pattern/overlap';

interface InputRuleProps {
  readonly eventBus: events.IEventBusRef;
  readonly sources?: string[];
  readonly contracts: EventContract[];
  /** Prefixes of what the republisher publishes. */
  readonly reserved: string[];
  /** Whether it publishes on the same bus. */
  readonly isSameBus: boolean;
}

/** What takes events to a republisher: never its own, nor those of another one. */
export class InputRule extends BusRule {
  constructor(republisher: Construct, id: string, props: InputRuleProps) {
    const { eventBus, sources, reserved, isSameBus } = props;
    requireSources(republisher, props);
    super(republisher, id, {
      eventBus,
      description: `Takes what is to be validated to the republisher of ${eventBus.eventBusRef.eventBusName}.`,
      // Whatever the policy of the bus lets through: what was published is not taken again.
      pattern: sources ? { source: sources } : isSameBus ? othersThan(reserved) : MATCH_ALL,
    });
    const published = isSameBus ? parseResolved({ source: reserved.map((prefix) => ({ prefix })) }) : undefined;
    this.refuseOwn(republisher, published);
    this.refuseSecond(republisher, eventBus, published);
    this.warnOfContractsNotTaken(republisher, props);
  }

  public to(target: events.CfnRule.TargetProperty): void {
    this._addTarget(target);
  }

  /** Refuses what only the pattern as a whole shows: sources may be prefixes and wildcards, too. */
  private refuseOwn(republisher: IConstruct, published: PatternModel | undefined): void {
    const own = published && sourceInBoth(this._pattern, published);
    if (own === undefined) return;
    throw loop(
      republisher,
      `sources match ${shown(own)}, which is one that this republisher publishes on the same bus, so it would take its own events: write out the sources that producers send`,
    );
  }

  /** Each would quarantine, or publish once more, what is for the other. */
  private refuseSecond(republisher: IConstruct, eventBus: events.IEventBusRef, published?: PatternModel): void {
    const others = sharedByReferences(eventBus, REPUBLISHERS, (): Known[] => []);
    const ours: Known = { republisher, taken: this._pattern, published };
    for (const other of others) {
      // Stages are deployed apart.
      if (Stage.of(other.republisher) !== Stage.of(republisher)) continue;
      const { path } = other.republisher.node;
      const name = eventBus.eventBusRef.eventBusName;
      const both = sourceInBoth(ours.taken, other.taken);
      if (both !== undefined) {
        throw loop(
          republisher,
          `takes events of source ${shown(both)} from ${name}, as ${path} does, so they would be validated and published twice: give each republisher of the bus sources of its own, or make one of both`,
        );
      }
      for (const [from, to] of [
        [ours, other],
        [other, ours],
      ]) {
        const again = from.published && sourceInBoth(from.published, to.taken);
        if (again === undefined) continue;
        throw loop(
          republisher,
          `${to === ours ? 'takes' : 'publishes'} events of source ${shown(again)} on ${name}, which ${path} ${to === ours ? 'publishes' : 'takes'}, and what was validated once is quarantined the second time: give each republisher of the bus sources of its own, or make one of both`,
        );
      }
    }
    others.push(ours);
  }

  private warnOfContractsNotTaken(republisher: IConstruct, { contracts, sources }: InputRuleProps): void {
    if (sources === undefined) return;
    const idle = contracts.filter(
      ({ source }) => overlapOf(this._pattern, parseResolved({ source: [source] })).answer === 'no',
    );
    if (idle.length === 0) return;
    warn(
      republisher,
      'ValidatedRepublisher.contractNotTaken',
      `sources take no event of ${idle.map(({ schemaName }) => schemaName).join(', ')}: add what is missing to sources, or leave these contracts out`,
    );
  }
}

const REPUBLISHERS = Symbol.for('cdk-event-backbone.republishers');

/** A republisher of a bus, what it takes from there, and what it puts there. */
interface Known {
  readonly republisher: IConstruct;
  readonly taken: PatternModel;
  readonly published?: PatternModel;
}

function sourceInBoth(a: PatternModel, b: PatternModel): unknown {
  const overlap = overlapOf(a, b);
  return overlap.answer === 'yes' ? overlap.event.source : undefined;
}

const othersThan = (prefixes: string[]) => ({ source: [{ 'anything-but': { prefix: prefixes } }] });

function requireSources(scope: IConstruct, { eventBus, sources, reserved, isSameBus }: InputRuleProps): void {
  if (isPublished(eventBus)) {
    throw loop(
      scope,
      `${eventBus.eventBusRef.eventBusName} is a PublishedBus, whose events were validated already, and so would all be quarantined: pass the bus on which producers put theirs`,
    );
  }
  if (sources === undefined || Token.isUnresolved(sources)) return;
  if (!Array.isArray(sources)) {
    throw new BackboneError(
      'SourceInvalid',
      `sources is ${shown(sources)}, not a list: write ['order.service'], say`,
      scope,
    );
  }
  if (sources.length === 0) {
    throw loop(scope, 'sources is an empty list, which would validate nothing: leave it out to validate every source');
  }
  sources.forEach((source: unknown, i) => {
    if (typeof source !== 'string') {
      throw new BackboneError(
        'SourceInvalid',
        `sources[${i}] is ${shown(source)}: write the source that producers send, such as "order.service", or a prefix as Match.prefix("order.")`,
        scope,
      );
    }
    const prefix = reserved.find((one) => !isSameBus && source.startsWith(one));
    if (prefix === undefined) return;
    throw loop(
      scope,
      `source ${shown(source)} begins with ${shown(prefix)}, which no producer may send, so each such event would be quarantined: leave it out`,
    );
  });
}
