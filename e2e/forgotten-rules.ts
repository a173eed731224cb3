import {
  DeleteRuleCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import { clientsOf, type Endpoint } from './accounts';
import type { Rule } from './expected';
import { Failure } from './failure';
import { allPages } from './pages';

/**
 * Compares the rules that are there with those of the deployed stacks, and finishes what the emulator forgets: it says
 * that a stack removed a rule of a custom bus, and keeps the rule.
 *
 * @param before the rules of the stacks before this deployment: no other may be forgotten
 * @returns the forgotten ones, which are deleted now
 */
export async function deleteForgottenRules(deployed: Rule[], before: Rule[], endpoint: Endpoint): Promise<Rule[]> {
  const there = new Set<string>();
  for (const bus of new Set([...deployed, ...before].map((rule) => rule.bus))) {
    for (const arn of await rulesOn(bus, endpoint)) there.add(arn);
  }
  const absent = deployed.filter(({ arn }) => !there.has(arn));
  const forgotten = before.filter(({ arn }) => there.has(arn) && !deployed.some((rule) => rule.arn === arn));
  const strange = [...there].filter((arn) => ![...deployed, ...forgotten].some((rule) => rule.arn === arn));
  if (absent.length > 0 || strange.length > 0) {
    throw new Failure(
      'the rules of the deployed stacks, and no others',
      `absent: ${absent.map(({ arn }) => arn).join(', ') || 'none'}; of no stack: ${strange.join(', ') || 'none'}`,
      'find out which stack made or removed them; a fault of the emulator goes on the list in e2e/faults.ts',
    );
  }
  const retained = forgotten.filter((rule) => rule.retained);
  if (retained.length > 0) {
    throw new Failure(
      'rules to go with their stacks',
      `${retained.map(({ arn }) => arn).join(', ')} had to be retained: on AWS it would stay, too, and route on`,
      'take the DeletionPolicy from the rule',
    );
  }
  for (const rule of forgotten) await deleteRule(rule, endpoint);
  return forgotten;
}

/** The ARNs of the rules that a bus has; none where it is gone. */
async function rulesOn(bus: string, endpoint: Endpoint): Promise<string[]> {
  const { events, name } = at(bus, endpoint);
  try {
    const rules = await allPages(async (NextToken) => {
      const page = await events.send(new ListRulesCommand({ EventBusName: name, NextToken }));
      return { items: page.Rules, next: page.NextToken };
    });
    return rules.flatMap(({ Arn }) => Arn ?? []);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}

async function deleteRule({ bus, arn }: Rule, endpoint: Endpoint): Promise<void> {
  const { events, name: EventBusName } = at(bus, endpoint);
  const Name = arn.split('/').at(-1);
  const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ EventBusName, Rule: Name }));
  const Ids = Targets.flatMap(({ Id }) => Id ?? []);
  if (Ids.length > 0) await events.send(new RemoveTargetsCommand({ EventBusName, Rule: Name, Ids }));
  await events.send(new DeleteRuleCommand({ EventBusName, Name }));
}

function at(bus: string, endpoint: Endpoint) {
  const { events } = clientsOf(bus.split(':')[4], endpoint);
  return { events, name: bus.split('/').at(-1) };
}
