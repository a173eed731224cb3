import { compilePattern } from '../src/pattern';
import type { SynthesizedStack } from '../src/testing/cloud-assembly';
import { resolveIntrinsics } from '../src/testing/intrinsics';

/** An event as EventBridge makes it of what was put. */
export interface Envelope {
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
      .map(([id, { Properties }]) => ruleOf(stack, id, resolveIntrinsics(stack, Properties))),
  );
}

function ruleOf({ name: stackName, account, region }: SynthesizedStack, id: string, properties: any): Rule {
  const busName = String(properties.EventBusName).split('/').at(-1);
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
  const text = JSON.stringify({ version: '0', time: '2026-01-01T00:00:00Z', ...event });
  for (const rule of way.rules) {
    const explanation = compilePattern(rule.pattern).explain(text);
    if (!explanation.matches) return { arrives: false, reason: `${rule.name}: ${explanation.lines[0]}` };
  }
  return { arrives: true, reason: '' };
}
