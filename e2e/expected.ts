import { Failure } from './failure';
import { compilePattern } from '../src/pattern';
import type { SynthesizedStack } from '../src/testing/cloud-assembly';
import { resolveIntrinsics } from '../src/testing/intrinsics';

/** An event as EventBridge makes it of what was put. */
export interface Envelope {
  readonly version?: string;
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: string[];
  readonly detail: unknown;
  readonly time?: string;
}

export interface Rule {
  /** For people. */
  readonly name: string;
  readonly arn: string;
  /** The bus that it reads. */
  readonly bus: string;
  readonly pattern: object;
  readonly targets: { readonly arn: string; readonly deadLetters?: string }[];
  /** Whether it is meant to stay when its stack goes. */
  readonly retained?: boolean;
}

/** A way from the global bus to an end: a queue or a log group. */
export interface Way {
  /** One rule, or two with a local bus between them. */
  readonly rules: Rule[];
  /** The ARN of the end. */
  readonly end: string;
  readonly deadLetters?: string;
}

/** What the pattern engine says of an event on a way. */
export interface Verdict {
  readonly arrives: boolean;
  /** Why not. */
  readonly reason: string;
}

/** All rules of deployed stacks. */
export function rulesOf(stacks: SynthesizedStack[]): Rule[] {
  return stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources ?? {})
      .filter(([, { Type }]) => Type === 'AWS::Events::Rule')
      .map(([id, resource]) => ({
        ...ruleOf(stack, id, resolveIntrinsics(stack, resource.Properties)),
        ...(/^Retain/.test((resource as { DeletionPolicy?: string }).DeletionPolicy ?? '') && { retained: true }),
      })),
  );
}

function ruleOf(stack: SynthesizedStack, id: string, properties: any): Rule {
  const { name: stackName, account, region } = stack;
  requireEnabled(`${stackName}/${id}`, properties.State);
  const busName = busNameOf(stack, id, properties.EventBusName);
  const name: string = properties.Name;
  return {
    // Where CloudFormation made the name: the id, without the hash that the CDK puts behind it.
    name: name.startsWith(`${stackName}-`) ? id.replace(/[0-9A-F]{8}$/, '') : name,
    arn: `arn:aws:events:${region}:${account}:rule/${busName}/${name}`,
    bus: `arn:aws:events:${region}:${account}:event-bus/${busName}`,
    pattern: properties.EventPattern,
    targets: properties.Targets.map((target: any) => ({ arn: target.Arn, deadLetters: target.DeadLetterConfig?.Arn })),
  };
}

/** The emulator fires disabled rules, so that what arrives would say nothing of them. */
function requireEnabled(rule: string, state = 'ENABLED'): void {
  if (state === 'ENABLED') return;
  throw new Failure(`${rule} to be enabled`, state, 'enable it, or leave it out');
}

/** A rule reads a bus of its own account and Region, by name or by ARN. */
function busNameOf({ name, account, region }: SynthesizedStack, id: string, bus = 'default'): string {
  const own = `arn:aws:events:${region}:${account}:event-bus/`;
  if (!bus.startsWith('arn:') || bus.startsWith(own)) return bus.split('/').at(-1)!;
  throw new Failure(`${name}/${id} to read a bus of its own account and Region`, bus, 'look at its EventBusName');
}

/** Every way that begins on a bus. An event passes from one bus to another once. */
export function waysFrom(bus: string, rules: Rule[], before: Rule[] = []): Way[] {
  return rules
    .filter((rule) => rule.bus === bus)
    .flatMap((rule) =>
      rule.targets.flatMap(({ arn, deadLetters }) => {
        const way = [...before, rule];
        if (!isBus(arn)) return [{ rules: way, end: arn, deadLetters }];
        return before.length === 0 ? waysFrom(arn, rules, way) : [];
      }),
    );
}

const isBus = (arn: string) => arn.split(':')[2] === 'events';

/** Whether every rule of a way takes the event. */
export function judge(way: Way, event: Envelope): Verdict {
  const text = JSON.stringify({ version: '0', ...event, time: event.time ?? '2026-01-01T00:00:00Z' });
  for (const rule of way.rules) {
    const explanation = compilePattern(rule.pattern).explain(text);
    if (!explanation.matches) return { arrives: false, reason: `${rule.name}: ${explanation.lines[0]}` };
  }
  return { arrives: true, reason: '' };
}
