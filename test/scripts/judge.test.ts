import { acceptancesOf } from '../../scripts/judge/accept';

const finding = (rule: string, resource: string) => ({ rule, resource, message: '' });
const wide = { rule: 'sqs', reason: 'any' };
const narrow = { rule: 'sqs', resource: '/Orders', reason: 'these' };
const narrower = { rule: 'sqs', resource: 'Shop/Orders', reason: 'this one' };

test('what nobody accepted is open', () => {
  const findings = [finding('sqs', 'Shop/Orders'), finding('sqs', 'Shop/Other'), finding('s3', 'Shop/Orders')];
  expect(acceptancesOf(findings, [narrow])).toEqual({ open: findings.slice(1), unused: [] });
});

test('what is accepted and found no more is unused', () => {
  expect(acceptancesOf([], [wide]).unused).toEqual([wide]);
});

// Each would hide that another is needed no more.
test('a finding uses the narrowest acceptance alone', () => {
  const orders = finding('sqs', 'Shop/Orders');
  expect(acceptancesOf([orders], [wide, narrow])).toEqual({ open: [], unused: [wide] });
  expect(acceptancesOf([orders], [narrower, wide, narrow]).unused).toEqual([wide, narrow]);
  expect(acceptancesOf([finding('sqs', 'Shop/Other')], [wide, narrow]).unused).toEqual([narrow]);
});

test('of two that are alike one is unused', () => {
  expect(acceptancesOf([finding('sqs', 'Shop/Orders')], [narrow, { ...narrow }]).unused).toHaveLength(1);
});
