import { arnMatches, literal, matches, withWildcards } from '../../../src/testing/iam/wildcards';

const A = '<111111111111.eu-west-1.hub.A1234>';
const B = '<111111111111.eu-west-1.hub.B1234>';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
test.each([
  ['a', 'a', 'yes'],
  ['a', 'b', 'no'],
  ['', '', 'yes'],
  ['*', '', 'yes'],
  ['*', 'anything:at/all', 'yes'],
  ['a*', 'a', 'yes'],
  ['a*c', 'abbbc', 'yes'],
  ['a*c', 'abbb', 'no'],
  ['a?c', 'abc', 'yes'],
  ['a?c', 'ac', 'no'],
  ['a?c', 'abbc', 'no'],
  ['*a*a*', 'banana', 'yes'],
  ['arn:aws:s3:::bucket/*/test/*', 'arn:aws:s3:::bucket/1/2/test/3/object.jpg', 'yes'],
  ['arn:aws:s3:::bucket/*/test/*', 'arn:aws:s3:::bucket/1/test/', 'yes'],
  ['arn:aws:s3:::bucket/*/test/*', 'arn:aws:s3:::bucket/1-test/object.jpg', 'no'],
  ['arn:aws:s3:::bucket/*/test/*', 'arn:aws:s3:::bucket/test/object.jpg', 'no'],
])('pattern %s and %s: %s', (pattern, value, expected) => {
  expect(matches(withWildcards(pattern), literal(value))).toBe(expected);
});

test('a long text', () => {
  const text = 'a'.repeat(20_000);
  expect(matches(withWildcards('*b'), literal(`${text}b`))).toBe('yes');
  expect(matches(withWildcards('*b'), literal(text))).toBe('no');
});

test('without wildcards a star is a star', () => {
  expect(matches(literal('a*'), literal('abc'))).toBe('no');
  expect(matches(literal('a*'), literal('a*'))).toBe('yes');
  expect(matches(literal('a?'), literal('ab'))).toBe('no');
});

test.each([
  // The same resource, whatever its name will be.
  [`arn:x:${A}`, `arn:x:${A}`, 'yes'],
  // Two resources have two names.
  [`arn:x:${A}`, `arn:x:${B}`, 'no'],
  [`arn:x:${A}`, `arn:y:${A}`, 'no'],
  // A name may turn out to be any.
  [`arn:x:${A}`, 'arn:x:name', 'unknown'],
  ['arn:x:name', `arn:x:${A}`, 'unknown'],
  ['arn:x:', `arn:x:${A}`, 'no'],
  ['arn:x:*', `arn:x:${A}`, 'yes'],
  ['arn:x:*-dlq', `arn:x:${A}`, 'unknown'],
  ['arn:x:?', `arn:x:${A}`, 'unknown'],
  ['arn:y:*', `arn:x:${A}`, 'no'],
  // What nobody knows is not even equal to itself.
  ['<Fn::If>', '<Fn::If>', 'unknown'],
  ['<Fn::If>', 'anything', 'unknown'],
  ['anything', '<Fn::If>', 'unknown'],
  ['*', '<Fn::If>', 'yes'],
  ['a<Fn::If>', 'b<Fn::If>', 'no'],
  ['a<Fn::If>c', 'ac', 'unknown'],
  [`${A}-x`, `${A}-y`, 'no'],
  [`a${A}`, `${B}a`, 'unknown'],
])('with what is not known yet: %s and %s: %s', (pattern, value, expected) => {
  expect(matches(withWildcards(pattern), literal(value))).toBe(expected);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
test.each([
  ['arn:aws:iam::111111111111:role/a', 'arn:aws:iam::111111111111:role/a', 'yes'],
  ['arn:aws:iam::111111111111:role/*', 'arn:aws:iam::111111111111:role/path/a', 'yes'],
  ['arn:aws:*:*:*:*', 'arn:aws:iam::111111111111:role/a', 'yes'],
  [
    'arn:aws:someservice:*:111122223333:finance/*',
    'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt',
    'no',
  ],
  ['arn:aws:logs:*:*:log-group:*', 'arn:aws:logs:eu-west-1:111111111111:log-group:a:log-stream:b', 'yes'],
  ['arn:aws:iam::111111111111:role/a', 'not an arn', 'no'],
  ['arn:aws:iam::111111111111:role/a', '<Fn::If>', 'unknown'],
  ['*', 'arn:aws:iam::111111111111:role/a', 'unknown'],
  ['arn:aws:sqs:eu-west-1:<Account>:q', 'arn:aws:sqs:eu-west-1:111111111111:q', 'unknown'],
  ['arn:aws:sqs:eu-west-1:<Fn::If>:q', 'arn:aws:sqs:eu-west-1:111111111111:other', 'no'],
])('part by part: %s and %s: %s', (pattern, value, expected) => {
  expect(arnMatches(withWildcards(pattern), literal(value))).toBe(expected);
});

test('a string match reaches over the colons, an ARN match does not', () => {
  const pattern = withWildcards('arn:aws:someservice:*:111122223333:finance/*');
  const value = literal('arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt');
  expect(matches(pattern, value)).toBe('yes');
  expect(arnMatches(pattern, value)).toBe('no');
});
