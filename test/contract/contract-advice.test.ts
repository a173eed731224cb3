import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { EventContract, EventSchema } from '../../src';
import { warnOfAdvice } from '../../src/contract/contract-advice';

const contract = (schema: any) =>
  new EventContract({ source: 'order.service', detailType: 'Order.Created', schema: EventSchema.fromInline(schema) });

test.each<[string, object, string]>([
  ['Contract.formatUnknown', { format: 'dateTime' }, 'the format "dateTime" is not known'],
  ['Contract.patternExplosive', { pattern: '^(a+)+$' }, 'can take seconds'],
  ['Contract.metadataClosed', { properties: { metadata: { additionalProperties: false } } }, 'would refuse "origin"'],
])('%s is a warning with an id', (id, schema, message) => {
  const stack = new Stack(new App(), 'Hub');
  warnOfAdvice(stack, contract(schema));
  Annotations.fromStack(stack).hasWarning(
    '/Hub',
    Match.stringLikeRegexp(`order.service@Order.Created: the schema.*${message}.*cdk-event-backbone:${id}`),
  );
});

test('what several constructs take is told once in an app', () => {
  const app = new App();
  const [first, second] = ['First', 'Second'].map((id) => new Stack(app, id));
  const advised = contract({ format: 'dateTime' });
  warnOfAdvice(first, advised);
  warnOfAdvice(second, advised);
  warnOfAdvice(second, contract({ format: 'dateTime' }));
  expect(Annotations.fromStack(first).findWarning('*', Match.anyValue())).toHaveLength(1);
  expect(Annotations.fromStack(second).findWarning('*', Match.anyValue())).toHaveLength(0);
  const another = new Stack(new App(), 'Another');
  warnOfAdvice(another, advised);
  expect(Annotations.fromStack(another).findWarning('*', Match.anyValue())).toHaveLength(1);
});
