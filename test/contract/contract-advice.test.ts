import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { EventContract, EventSchema } from '../../src';
import { warnOfAdvice } from '../../src/contract/contract-advice';

const contract = (schema: any) =>
  new EventContract({ source: 'order.service', detailType: 'Order.Created', schema: EventSchema.fromInline(schema) });

test.each<[string, object, string]>([
  ['Contract.formatUnknown', { format: 'dateTime' }, 'the format "dateTime" is not known'],
  ['Contract.keywordUnknown', { propertys: {} }, '"propertys" is a keyword of no draft'],
  ['Contract.metadataClosed', { properties: { metadata: { type: 'string' } } }, 'takes no object'],
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

test('a contract of which every event would be refused is an error where it is republished, and there alone', () => {
  const stack = new Stack(new App(), 'Hub');
  const refused = contract({ required: ['metadata'], properties: { metadata: { type: 'string' } } });
  warnOfAdvice(stack, refused, { isRepublished: false });
  expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toHaveLength(0);
  expect(() => warnOfAdvice(stack, refused)).toThrow(
    '[Hub] order.service@Order.Created: the schema/properties/metadata: takes no object, and the republisher adds "origin" to "metadata", which is required: let "metadata" be an object, or call this field otherwise (SchemaInvalid)',
  );
});
