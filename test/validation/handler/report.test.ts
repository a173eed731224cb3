import { vocabularyOf } from '../../../functions/republisher/report';
import type { Manifest } from '../../../src/validation/handler/manifest';
import { METRIC_NAMES, OTHER_SOURCES } from '../../../src/validation/handler/metric-names';

const manifest = { contracts: { 'order.service': {}, 'Ähre.service': {} }, owners: { 'payment.service': ['1'] } };
const { sourceOf } = vocabularyOf(manifest as unknown as Manifest);

test.each(['order.service', 'payment.service'])('%s is counted by itself', (source) => {
  expect(sourceOf(source)).toBe(source);
});

test.each([
  ['that nobody registered', 'hostile.1'],
  ['of an event that cannot be read', undefined],
  ['that every object has', 'constructor'],
  ['that CloudWatch does not take', 'Ähre.service'],
])('a source %s is one of the others', (_, source) => {
  expect(sourceOf(source)).toBe(OTHER_SOURCES);
});

test('each metric has a name of its own', () => {
  expect(new Set(Object.values(METRIC_NAMES)).size).toBe(Object.keys(METRIC_NAMES).length);
});
