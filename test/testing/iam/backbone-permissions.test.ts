import { backboneStacks } from './backbone-app';
import { outside, permissionRows, titleOf } from './rows';
import { AppPolicies } from '../../../src/testing/iam/app-policies';

const policies = new AppPolicies(backboneStacks(), outside);

describe.each(Object.entries(permissionRows(policies)))('%s', (_, rows) => {
  test.each(rows.map((row) => [titleOf(row), row] as const))('%s', (_title, { request, expected }) => {
    const { result, reason } = policies.judge(request);
    expect({ result, reason }).toEqual({ result: expected, reason });
  });
});
