/**
 * What the emulator cannot take, in this one place: removed from the synthesized templates before they are deployed,
 * each by its name, and printed. The examples know nothing of it.
 */
import { writeFileSync } from 'fs';
import { Failure } from './failure';
import { readAssembly, type SynthesizedStack, type TemplateResource } from '../src/testing/cloud-assembly';

/** Types of resources that LocalEmu refuses, and why. */
const LEFT_OUT: Record<string, string> = {
  'AWS::ApiGatewayV2::Api': 'refused',
  'AWS::ApiGatewayV2::Integration': 'refused',
  'AWS::ApiGatewayV2::Route': 'refused',
  'AWS::ApiGatewayV2::Stage': 'refused',
  'AWS::EventSchemas::Registry': 'refused',
  'AWS::EventSchemas::Schema': 'refused',
  'AWS::Events::Archive': 'refused',
  'AWS::Lambda::Function': 'needs Docker',
  'AWS::Lambda::Permission': 'needs the function',
};

const FUNCTION = 'AWS::Lambda::Function';
const RULE = 'AWS::Events::Rule';

/** Failing targets hold up the others of a rule: one retry, where subscriptions have 185. */
const RETRIES = 1;

type Resources = Record<string, TemplateResource>;

/** Rewrites the templates of a cloud assembly. Gives a line for each change. */
export function leaveOut(directory: string): string[] {
  return readAssembly(directory).flatMap((stack) => {
    const { resources, changes } = withoutLeftOut(stack);
    writeFileSync(stack.templateFile, JSON.stringify({ ...stack.template, Resources: resources }, undefined, 1));
    return changes.map((change) => `${stack.name}: ${change}`);
  });
}

function withoutLeftOut({ name, template }: SynthesizedStack) {
  const all = template.Resources ?? {};
  const consumers = functionsThatRulesCall(all);
  const changes: string[] = [];
  const resources: Resources = {};
  for (const [id, resource] of Object.entries(all)) {
    const reason = LEFT_OUT[resource.Type];
    if (consumers.has(id)) {
      changes.push(`${id} (${resource.Type}) is a queue instead: ${reason}`);
      // Under the same id, so that the rule's target finds it.
      resources[id] = { Type: 'AWS::SQS::Queue' };
    } else if (reason !== undefined) {
      changes.push(`${id} (${resource.Type}) is left out: ${reason}`);
    } else {
      resources[id] = resource.Type === RULE ? withFewRetries(id, resource, changes) : resource;
    }
  }
  const gone = Object.keys(all).filter((id) => !(id in resources));
  const kept = Object.entries(resources).map(([id, resource]) => [id, withoutDependenciesOn(gone, resource)] as const);
  for (const [id, resource] of kept) refuseReferences(`${name}: ${id}`, resource, gone);
  refuseReferences(`${name}: an output`, (template as { Outputs?: object }).Outputs, gone);
  return { resources: Object.fromEntries(kept) as Resources, changes };
}

function functionsThatRulesCall(resources: Resources): Set<string> {
  const targets = Object.values(resources)
    .filter(({ Type }) => Type === RULE)
    .flatMap(({ Properties }) => (Properties?.Targets ?? []) as { Arn?: { 'Fn::GetAtt'?: string[] } }[]);
  const called = targets.flatMap(({ Arn }) => Arn?.['Fn::GetAtt']?.[0] ?? []);
  return new Set(called.filter((id) => resources[id]?.Type === FUNCTION));
}

function withFewRetries(id: string, rule: TemplateResource, changes: string[]): TemplateResource {
  const Targets = (rule.Properties?.Targets ?? []).map(
    (target: { RetryPolicy?: { MaximumRetryAttempts?: number } }) => {
      const retries = target.RetryPolicy?.MaximumRetryAttempts ?? 0;
      if (retries <= RETRIES) return target;
      changes.push(
        `${id} (${RULE}) retries ${RETRIES} time instead of ${retries}: a failing target holds up the others`,
      );
      return { ...target, RetryPolicy: { ...target.RetryPolicy, MaximumRetryAttempts: RETRIES } };
    },
  );
  return { ...rule, Properties: { ...rule.Properties, Targets } };
}

/** A resource that waits for nothing that is gone. */
export function withoutDependenciesOn(gone: string[], resource: TemplateResource): TemplateResource {
  const { DependsOn, ...rest } = resource;
  const left = [DependsOn ?? []].flat().filter((id) => !gone.includes(id));
  return left.length === 0 ? rest : { ...rest, DependsOn: left };
}

/**
 * What is left must not need what is gone.
 *
 * @param list the file that says what goes
 */
export function refuseReferences(who: string, value: unknown, gone: string[], list: string = 'e2e/left-out.ts'): void {
  const text = JSON.stringify(value) ?? '';
  const named = gone.find((id) => text.includes(`"${id}"`) || text.includes(`\${${id}`));
  if (named === undefined) return;
  throw new Failure(
    `nothing to refer to what is left out`,
    `${who} refers to ${named}`,
    `add its type to the list in ${list}, or replace it there`,
  );
}
