import { FAULTS, FORGOTTEN_RULES, IGNORED_UPDATES, faultOf, type Difference } from '../../e2e/faults';

const HUB = '111111111111';
const difference = (one: Partial<Difference>): Difference => ({
  what: 'id',
  expected: 'a',
  seen: 'b',
  buses: 2,
  ...one,
});

test.each<[string, Partial<Difference>]>([
  ['account-of-the-hub', { what: 'account', expected: '222222222222', seen: HUB }],
  ['time-of-the-second-leg', { what: 'time', expected: '2026-11-01T00:00:00Z', seen: '2026-11-01T00:00:01Z' }],
  ['one-error-code', { what: 'ERROR_CODE', expected: 'NO_RESOURCE', seen: 'TARGET_DELIVERY_FAILED' }],
])('%s explains what it is about', (name, one) => {
  expect(faultOf(difference(one), HUB)?.name).toBe(name);
});

// What is excused too widely is not looked at any more.
test.each<[string, Partial<Difference>]>([
  ['an arrival', { what: 'arrival', expected: 'once', seen: '0 times' }],
  ['an arrival at the hub', { what: 'arrival', expected: 'once', seen: '2 times', buses: 1 }],
  ['the account of a third party', { what: 'account', expected: '222222222222', seen: '333333333333' }],
  ['an account that is gone', { what: 'account', expected: '222222222222', seen: undefined }],
  ["the hub's account at the hub itself", { what: 'account', expected: '222222222222', seen: HUB, buses: 1 }],
  [
    'the time at the hub itself',
    { what: 'time', buses: 1, expected: '2026-11-01T00:00:00Z', seen: '2026-11-01T00:00:01Z' },
  ],
  ...[
    ['a time that is gone', 'absent'],
    ['a time that is none', 'now'],
    ['a day alone', '2026-11-01'],
    ['a month that there is not', '2026-13-01T00:00:01Z'],
    ['a time before it was published', '2026-10-31T23:59:59Z'],
    ['a time long after', '2026-11-01T00:02:00Z'],
    ['a time of another zone', '2026-11-01T00:00:01+00:00'],
  ].map(([name, seen]): [string, Partial<Difference>] => [
    name,
    { what: 'time', expected: '2026-11-01T00:00:00Z', seen },
  ]),
  ['another error code', { what: 'ERROR_CODE', expected: 'NO_RESOURCE', seen: 'absent' }],
  ['that code in another attribute', { what: 'RULE_ARN', seen: 'TARGET_DELIVERY_FAILED' }],
  ...['id', 'region', 'source', 'detail-type', 'resources', 'detail', 'RULE_ARN', 'TARGET_ARN'].map(
    (what): [string, Partial<Difference>] => [what, { what, seen: HUB }],
  ),
])('no fault explains %s', (_, one) => {
  expect(faultOf(difference(one), HUB)).toBeUndefined();
});

test('what the emulator may leave as it was decides no arrival', () => {
  expect(IGNORED_UPDATES.types.filter((type) => !/Polic(y|ies)$/.test(type))).toEqual([]);
});

test('every fault has a name of its own, and its reason', () => {
  const all = [...FAULTS, FORGOTTEN_RULES, IGNORED_UPDATES];
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(all.filter(({ reason }) => reason.length < 20)).toEqual([]);
});
