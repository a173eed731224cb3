/**
 * What MiniStack refuses, in this one place: removed from the synthesized templates before they are deployed, each by its
 * name, and printed. The example knows nothing of it.
 */
import { writeFileSync } from 'fs';
import type { SynthesizedStack, TemplateResource } from '../../src/testing/cloud-assembly';
import { refuseReferences, withoutDependenciesOn } from '../left-out';

export const LIST = 'e2e/validator/left-out.ts';

interface LeftOut {
  readonly type: RegExp;
  readonly reason: string;
  /** Only resources of the type that are like this. */
  readonly where?: (properties: Record<string, unknown>) => boolean;
}

const LEFT_OUT: LeftOut[] = [
  { type: /^AWS::Events::EventBusPolicy$/, reason: 'refused; so whoever publishes is let in' },
  { type: /^AWS::Events::Archive$/, reason: 'refused' },
  { type: /^AWS::EventSchemas::/, reason: 'refused' },
  { type: /^AWS::Logs::Delivery/, reason: 'refused' },
  {
    type: /^AWS::CloudWatch::Alarm$/,
    reason: 'an alarm on an expression is refused',
    where: ({ Metrics }) => Metrics !== undefined,
  },
];

/** Rewrites the templates of some stacks. Gives a line for each change. */
export function leaveOut(stacks: SynthesizedStack[]): string[] {
  return stacks.flatMap(({ name, template, templateFile }) => {
    const all = Object.entries(template.Resources ?? {});
    const gone = all.flatMap(([id, resource]) => {
      const reason = reasonFor(resource);
      return reason === undefined ? [] : [{ id, line: `${name}: ${id} (${resource.Type}) is left out: ${reason}` }];
    });
    const ids = gone.map(({ id }) => id);
    const kept = all
      .filter(([id]) => !ids.includes(id))
      .map(([id, resource]) => [id, withoutDependenciesOn(ids, resource)] as const);
    for (const [id, resource] of kept) refuseReferences(`${name}: ${id}`, resource, ids, LIST);
    refuseReferences(`${name}: an output`, template.Outputs, ids, LIST);
    writeFileSync(templateFile, JSON.stringify({ ...template, Resources: Object.fromEntries(kept) }, undefined, 1));
    return gone.map(({ line }) => line);
  });
}

function reasonFor({ Type, Properties = {} }: TemplateResource): string | undefined {
  return LEFT_OUT.find(({ type, where }) => type.test(Type) && (where?.(Properties) ?? true))?.reason;
}
