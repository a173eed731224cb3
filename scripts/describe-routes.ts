import type { SynthesizedStack } from '../src/testing/cloud-assembly';
import { resolveIntrinsics } from '../src/testing/intrinsics';
import { MemberState, type EventFilter, type Topology } from '../src/topology';

/** Whose events reach whom, from the topology, and what each member does with them, from its rules. */
export function describeRoutes(topology: Topology, stacks: SynthesizedStack[]): string {
  const title = 'Which events travel where';
  const lines = [title, '='.repeat(title.length)];
  for (const sender of topology.members) {
    lines.push(`An event that ${sender.name} (${sender.account}) puts on ${topology.globalBusName}`);
    for (const receiver of topology.members) {
      const answer = reach(topology, sender.name, receiver.name);
      lines.push(`  ${answer.startsWith('no') ? '✗' : '→'} ${topology.localBusName(receiver.name)}: ${answer}`);
    }
  }
  lines.push('What arrives goes to');
  for (const member of topology.members) {
    const rules = rulesOn(topology.localBusName(member.name), stacks);
    for (const { pattern, targets } of rules) {
      lines.push(`  ${topology.localBusName(member.name)}: ${pattern} → ${targets}`);
    }
  }
  return lines.join('\n');
}

function reach(topology: Topology, sender: string, receiver: string): string {
  const state = topology.stateOf(receiver);
  if (state !== MemberState.ACTIVE) return `no, ${receiver} is ${state}`;
  if (sender === receiver) return 'no, it is its own';
  return `yes${filterInWords(topology.member(receiver).filter)}`;
}

function filterInWords(filter?: EventFilter): string {
  const parts = [
    ...(filter?.sources ? [`from ${filter.sources.join(' or ')}`] : []),
    ...(filter?.detailTypes ? [`it is ${filter.detailTypes.join(' or ')}`] : []),
    ...(filter?.pattern ? [`${JSON.stringify(filter.pattern)} takes it`] : []),
  ];
  return parts.length > 0 ? `, if ${parts.join(' and ')}` : '';
}

function rulesOn(eventBusName: string, stacks: SynthesizedStack[]): { pattern: string; targets: string }[] {
  return stacks.flatMap((stack) =>
    Object.values(stack.template.Resources ?? {})
      .filter(({ Type }) => Type === 'AWS::Events::Rule')
      .map(({ Properties = {} }) => resolveIntrinsics(stack, Properties))
      .filter((rule) => String(rule.EventBusName).split('/').at(-1) === eventBusName)
      .map((rule) => ({
        pattern: JSON.stringify(rule.EventPattern),
        targets: rule.Targets.map((target: { Arn: string }) =>
          target.Arn.split(':').slice(2).filter(Boolean).join(':'),
        ).join(', '),
      })),
  );
}
