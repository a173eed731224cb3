import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBusPolicyStatements } from '../../src/internal/event-bus-policy';

const STATEMENT = { Effect: 'Allow' as const, Principal: '*', Action: 'events:PutEvents', Resource: '*' };

function idsOf(...sids: string[]): string[] {
  const stack = new Stack(new App(), 'Stack');
  const policy = new EventBusPolicyStatements(stack, 'Policy', 'bus');
  for (const sid of sids) policy.add(sid, { ...STATEMENT, Resource: sid });
  return Object.values(Template.fromStack(stack).findResources('AWS::Events::EventBusPolicy')).map(({ Properties }) => {
    expect(Properties.Statement.Sid).toBe(Properties.StatementId);
    return Properties.StatementId;
  });
}

test('a statement id that fits stays as it is', () => {
  const longest = 'x'.repeat(64);
  expect(idsOf('Accounts', longest)).toEqual(['Accounts', longest]);
});

test('longer ones are cut to 64 characters, and stay apart', () => {
  const ids = idsOf(`${'x'.repeat(64)}a`, `${'x'.repeat(64)}b`);
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^x{55}-[0-9a-f]{8}$/);
});

test('characters that IAM does not take are left out, and the ids stay apart', () => {
  const ids = idsOf('a:b', 'a/b', '::');
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9-]+$/);
});

test('the same statement again changes nothing', () => {
  expect(idsOf('Accounts', 'Accounts')).toEqual(['Accounts']);
});
