import { compilePattern, overlaps } from '../src/pattern';
import type { SynthesizedStack } from '../src/testing/cloud-assembly';
import { resolveIntrinsics } from '../src/testing/intrinsics';
import type { Topology, TopologyMember } from '../src/topology';

/** A rule as it stands in a template. */
export interface Rule {
  readonly name: string;
  readonly pattern: object;
  /** ARNs. */
  readonly targets: string[];
}

export type SampleEvent = Record<string, unknown>;

/**
 * Which events travel where: for each member the events that somebody subscribes to, sent through the patterns of the
 * rules in the templates.
 */
export function describeRoutes(topology: Topology, stacks: SynthesizedStack[]): string {
  const title = 'Which events travel where';
  const lines = [title, '='.repeat(title.length)];
  const fanOut = rulesOn(topology.globalBusName, stacks);
  const subscriptions = topology.members.flatMap((member) => rulesOn(topology.localBusName(member.name), stacks));
  for (const sender of topology.members) {
    for (const event of eventsOf(sender, subscriptions)) {
      lines.push(`${sender.name} (${sender.account}) puts ${inShort(event)} on ${topology.globalBusName}`);
      for (const receiver of topology.members) {
        const bus = topology.localBusName(receiver.name);
        lines.push(`  ${travel(event, bus, fanOut, rulesOn(bus, stacks))}`);
      }
    }
  }
  return lines.join('\n');
}

/** The events of a member that a subscription of another takes: an example for each. */
function eventsOf({ name, account, sources }: TopologyMember, subscriptions: Rule[]): SampleEvent[] {
  const own = { account: [account], ...(sources && { source: sources }) };
  const wanted = subscriptions.flatMap(({ pattern, targets }) => {
    if (takesAll(pattern) || targets.some((arn) => arn.split(':')[4] === account)) return [];
    const overlap = overlaps(pattern, own);
    return overlap.answer === 'yes' ? [overlap.event as SampleEvent] : [];
  });
  const events = wanted.map((event) => ({ source: sources?.[0] ?? `${name}.service`, ...event }));
  return [...new Map(events.map((event) => [JSON.stringify(event), event])).values()];
}

/** Whether a rule logs everything. */
function takesAll(pattern: object): boolean {
  return compilePattern(pattern).matches({ source: 'any', 'detail-type': 'any', account: 'any', detail: {} });
}

/** The way of an event to one local bus, and on to the targets of its rules. */
export function travel(event: SampleEvent, bus: string, fanOut: Rule[], subscriptions: Rule[]): string {
  const route = fanOut.find((rule) => rule.targets.some((arn) => arn.endsWith(`:event-bus/${bus}`)));
  if (route === undefined) return `✗ ${bus}: no rule delivers to it`;
  const explanation = compilePattern(route.pattern).explain(event);
  if (!explanation.matches) return `✗ ${bus}: ${nearest(explanation.lines)} (${route.name})`;
  const takers = subscriptions.filter(({ pattern }) => compilePattern(pattern).matches(event));
  if (takers.length === 0) return `→ ${bus}, where no rule takes it`;
  const ends = takers.map((rule) => `${rule.name} → ${rule.targets.map(withoutPlace).join(', ')}`);
  return `→ ${bus} → ${ends.join('; ')}`;
}

/** Why a pattern does not take an event: of several ways the one that is nearest. */
function nearest([first, second]: string[]): string {
  return first.endsWith(':') ? second.trim() : first;
}

export function inShort(event: SampleEvent): string {
  const said = ['source', 'detail-type', 'detail'].filter((field) => field in event);
  return JSON.stringify(Object.fromEntries(said.map((field) => [field, event[field]])));
}

/** An ARN without partition, account and Region where it has none. */
function withoutPlace(arn: string): string {
  return arn.startsWith('arn:') ? arn.split(':').slice(2).filter(Boolean).join(':') : arn;
}

export function rulesOn(eventBusName: string, stacks: SynthesizedStack[]): Rule[] {
  return stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources ?? {})
      .filter(([, { Type }]) => Type === 'AWS::Events::Rule')
      .map(([id, { Properties = {} }]) => ({ id, properties: resolveIntrinsics(stack, Properties) }))
      .filter(({ properties }) => String(properties.EventBusName).split('/').at(-1) === eventBusName)
      .map(({ id, properties }) => ({
        // Without the hash that the CDK puts behind an id.
        name: properties.Name ?? id.replace(/[0-9A-F]{8}$/, ''),
        pattern: properties.EventPattern,
        targets: properties.Targets.map((target: { Arn: string }) => target.Arn),
      })),
  );
}
