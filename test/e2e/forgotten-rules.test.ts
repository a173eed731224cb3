import {
  DeleteRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import type { Rule } from '../../e2e/expected';
import { deleteForgottenRules } from '../../e2e/forgotten-rules';

const events = mockClient(EventBridgeClient);
const endpoint = { url: 'http://127.0.0.1:1', region: 'eu-west-1' };

const ruleOf = (busName: string, name: string): Rule => ({
  name,
  arn: `arn:aws:events:eu-west-1:111111111111:rule/${busName}/${name}`,
  bus: `arn:aws:events:eu-west-1:111111111111:event-bus/${busName}`,
  pattern: {},
  targets: [],
});
const catchAll = ruleOf('shop-global', 'catch-all');
const toOrder = ruleOf('shop-global', 'to-order');
const toLoyalty = ruleOf('shop-global', 'to-loyalty');

/** The rules that the emulator says to have. */
function has(...rules: Rule[]) {
  for (const bus of ['shop-global', 'shop-order']) {
    const Rules = rules.filter((rule) => rule.bus.endsWith(`/${bus}`)).map(({ arn }) => ({ Arn: arn }));
    events.on(ListRulesCommand, { EventBusName: bus }).resolves({ Rules });
  }
}

beforeEach(() => {
  events.reset();
  events.on(ListTargetsByRuleCommand).resolves({ Targets: [{ Id: 'Bus', Arn: 'arn' }] });
  events.on(RemoveTargetsCommand).resolves({});
  events.on(DeleteRuleCommand).resolves({});
});

const deleted = () => events.commandCalls(DeleteRuleCommand).map(({ args }) => args[0].input);

test('where the rules are those of the stacks, none is deleted', async () => {
  has(catchAll, toOrder);
  expect(await deleteForgottenRules([catchAll, toOrder], [catchAll], endpoint)).toEqual([]);
  expect(deleted()).toEqual([]);
});

test('one that the stacks had before and is still there is deleted, its targets first', async () => {
  has(catchAll, toLoyalty);
  expect(await deleteForgottenRules([catchAll], [catchAll, toLoyalty], endpoint)).toEqual([toLoyalty]);
  expect(events.commandCalls(RemoveTargetsCommand).map(({ args }) => args[0].input)).toEqual([
    { EventBusName: 'shop-global', Rule: 'to-loyalty', Ids: ['Bus'] },
  ]);
  expect(deleted()).toEqual([{ EventBusName: 'shop-global', Name: 'to-loyalty' }]);
});

test('fails where one is still there that was to be retained, and deletes nothing', async () => {
  has(catchAll, toLoyalty);
  const before = [catchAll, { ...toLoyalty, retained: true }];
  await expect(deleteForgottenRules([catchAll], before, endpoint)).rejects.toThrow(
    `${toLoyalty.arn} had to be retained`,
  );
  expect(deleted()).toEqual([]);
});

test('the rules of all pages count', async () => {
  has(catchAll);
  events
    .on(ListRulesCommand, { EventBusName: 'shop-global' })
    .resolves({ Rules: [{ Arn: catchAll.arn }], NextToken: 'next' });
  events
    .on(ListRulesCommand, { EventBusName: 'shop-global', NextToken: 'next' })
    .resolves({ Rules: [{ Arn: toOrder.arn }] });
  await expect(deleteForgottenRules([catchAll], [], endpoint)).rejects.toThrow(`of no stack: ${toOrder.arn}`);
  expect(await deleteForgottenRules([catchAll, toOrder], [], endpoint)).toEqual([]);
});

test('one that went with its stack is not looked for', async () => {
  has(catchAll);
  expect(await deleteForgottenRules([catchAll], [catchAll, toLoyalty], endpoint)).toEqual([]);
});

test('one that went with its bus is gone', async () => {
  has(catchAll);
  events
    .on(ListRulesCommand, { EventBusName: 'shop-order' })
    .rejects(new ResourceNotFoundException({ message: 'no such bus', $metadata: {} }));
  expect(await deleteForgottenRules([catchAll], [catchAll, ruleOf('shop-order', 'updates')], endpoint)).toEqual([]);
});

test.each([
  ['a rule of a stack is not there', [catchAll], [catchAll, toOrder], `absent: ${toOrder.arn}; of no stack: none`],
  ['a rule is of no stack', [catchAll, toOrder], [catchAll], `absent: none; of no stack: ${toOrder.arn}`],
])('fails where %s, and deletes nothing', async (_, there, deployed, seen) => {
  has(...there);
  await expect(deleteForgottenRules(deployed, [], endpoint)).rejects.toThrow(`seen:     ${seen}`);
  expect(deleted()).toEqual([]);
});

test('fails where the rules of a bus cannot be asked for', async () => {
  events.on(ListRulesCommand).rejects(new Error('ECONNREFUSED'));
  await expect(deleteForgottenRules([catchAll], [], endpoint)).rejects.toThrow('ECONNREFUSED');
});
