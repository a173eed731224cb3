import { join } from 'path';
import type { App } from 'aws-cdk-lib';
import { compilePattern, type CompiledPattern } from '../../src/pattern';
import type { open as openAsset } from '../../src/validation/handler/decide';
import type { Verdict } from '../../src/validation/handler/verdict';

/** An event on a bus. */
export interface BusEvent {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly resources: string[];
  readonly detail: any;
  readonly [more: string]: unknown;
}

/** What came of an event. */
export interface Outcome {
  /** What each subscription got, by the name of its rule. */
  readonly received: Record<string, BusEvent[]>;
  /** What the republisher decided, of each event that it took. */
  readonly verdicts: Verdict[];
  /** Rules whose event EventBridge drops, since it was its second hop from bus to bus. */
  readonly dropped: string[];
}

interface Rule {
  readonly name: string;
  /** `<account>/<name>` of the bus. */
  readonly bus: string;
  readonly pattern: CompiledPattern;
  /** The bus that it delivers to, the republisher, or a subscriber. */
  readonly to: { readonly bus: string } | 'republisher' | 'subscriber';
}

interface Republisher {
  readonly account: string;
  decide(body: string): Verdict;
}

const busIn = (arn: string) => `${arn.split(':')[4]}/${arn.split('/').at(-1)}`;

/**
 * The way of events through the synthesized stacks of an app: the rules of all templates, and the code of the function
 * that decides. Accounts and names must be written out in the templates.
 */
export class EventFlow {
  private readonly rules: Rule[] = [];
  private readonly republisher?: Republisher;
  private count = 0;

  constructor(app: App) {
    const assembly = app.synth();
    for (const { template, environment } of assembly.stacksRecursively) {
      for (const [id, { Type, Properties }] of Object.entries<any>(template.Resources ?? {})) {
        if (Type === 'AWS::Events::Rule') this.rules.push(ruleOf(id, Properties, template, environment.account));
        if (Type !== 'AWS::Lambda::Function' || !Properties.Environment?.Variables?.TARGET_BUS) continue;
        const { S3Key } = Properties.Code;
        this.republisher = republisherIn(
          join(assembly.directory, `asset.${S3Key.replace('.zip', '')}`),
          environment.account,
          Properties.Environment.Variables.TARGET_BUS,
        );
      }
    }
  }

  /** What comes of an event that somebody puts on a bus. */
  public put(bus: string, event: BusEvent): Outcome {
    const outcome: Outcome = { received: {}, verdicts: [], dropped: [] };
    this.arrive(bus, event, 0, outcome);
    return outcome;
  }

  private arrive(bus: string, event: BusEvent, hops: number, outcome: Outcome): void {
    if (++this.count > 10_000) throw new Error('events go in a circle');
    for (const rule of this.rules) {
      if (rule.bus !== bus || !rule.pattern.matches(event)) continue;
      if (rule.to === 'subscriber') (outcome.received[rule.name] ??= []).push(event);
      else if (rule.to === 'republisher') this.republish(event, outcome);
      else if (hops > 0) outcome.dropped.push(rule.name);
      else this.arrive(rule.to.bus, event, 1, outcome);
    }
  }

  private republish(event: BusEvent, outcome: Outcome): void {
    const { account, decide } = this.republisher!;
    const verdict = decide(JSON.stringify(event));
    outcome.verdicts.push(verdict);
    for (const { eventBus, source, detailType, detail, resources, time } of verdict.entries) {
      // EventBridge takes none of its own.
      if (source.startsWith('aws.')) continue;
      const published: BusEvent = {
        id: `${event.id}-again`,
        account,
        region: eventBus.split(':')[3],
        source,
        'detail-type': detailType,
        time: time ?? event.time,
        resources,
        detail: JSON.parse(detail),
      };
      this.arrive(busIn(eventBus), published, 0, outcome);
    }
  }
}

function ruleOf(id: string, properties: any, { Resources }: any, account: string): Rule {
  const { Name, EventBusName = 'default', EventPattern, Targets } = properties;
  const [{ Arn }] = Targets;
  const name = typeof EventBusName === 'string' ? EventBusName : Resources[EventBusName.Ref].Properties.Name;
  const toBus = typeof Arn === 'string' && Arn.includes(':event-bus/');
  return {
    name: Name ?? id.replace(/[0-9A-F]{8}$/, ''),
    bus: `${account}/${name.split('/').at(-1)}`,
    pattern: compilePattern(EventPattern),
    to: toBus ? { bus: busIn(Arn) } : id.includes('RepublisherInputRule') ? 'republisher' : 'subscriber',
  };
}

function republisherIn(directory: string, account: string, targetBus: string): Republisher {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { open } = require(join(directory, 'decide.js')) as { open: typeof openAsset };
  const decide = open(directory);
  return { account, decide: (body) => decide(body, { targetBus, account }) };
}
