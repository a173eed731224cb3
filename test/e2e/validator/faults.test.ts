import { FAULTS, faultOf, type Difference } from '../../../e2e/validator/faults';

const time = (expected: string, seen: string): Difference => ({ what: 'time', expected, seen });
const PUT = '2026-11-01T10:00:00Z';

test('a later time of a published event is the time of entries', () => {
  expect(faultOf(time(PUT, '2026-11-01T10:00:01Z'))?.name).toBe('time-of-entries');
  expect(faultOf(time(PUT, '2026-11-01T10:05:00Z'))?.name).toBe('time-of-entries');
});

test.each([
  ['an earlier one', '2026-11-01T09:59:59Z'],
  ['one that no run lasts to', '2026-11-01T10:05:01Z'],
  ['none', 'undefined'],
  ['no time', 'now'],
  ['fractions', '2026-11-01T10:00:01.000Z'],
])('%s is a failure', (_, seen) => {
  expect(faultOf(time(PUT, seen))).toBeUndefined();
});

test.each(['outcome', 'detail', 'account', 'id', 'resources', 'receivedAt', 'schema of the record'])(
  'nothing explains another %s',
  (what) => {
    expect(faultOf({ ...time(PUT, '2026-11-01T10:00:01Z'), what })).toBeUndefined();
  },
);

test('each has a name, and says what AWS does or that the run proves nothing', () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  for (const { reason } of FAULTS) expect(reason).toMatch(/AWS/);
});
