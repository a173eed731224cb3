import { contractsOf } from '../../../e2e/validator/contracts';
import { CHECKED, WIDGET } from '../../../e2e/validator/names';
import { CONTRACTS } from '../../../examples/widgets/contracts';

const patternIn = (stage: 'first' | 'corrected', { source }: { source: string }, field: string) => {
  const { schema } = contractsOf(stage).find((contract) => contract.source === source)!;
  return new RegExp((schema._document as any).properties[field].pattern);
};

test('the widget is the one of the example, at first', () => {
  const [first] = contractsOf('first');
  expect(first).toMatchObject(WIDGET);
  expect(first.schema._document).toEqual(
    (CONTRACTS[0].schema._document as any).schema ?? CONTRACTS[0].schema._document,
  );
});

test.each(['abc123', 'abc1234'])('%s is a widget in the end', (id) => {
  expect(patternIn('corrected', WIDGET, 'widget_id').test(id)).toBe(true);
  expect(patternIn('first', WIDGET, 'widget_id').test(id)).toBe(id === 'abc123');
});

test('the corrected pattern takes what exploded, and what was taken before', () => {
  const corrected = patternIn('corrected', CHECKED, 'text');
  expect([`${'a'.repeat(40)}!`, 'aaa'].map((text) => corrected.test(text))).toEqual([true, true]);
});
