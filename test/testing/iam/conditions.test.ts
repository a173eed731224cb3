import { faultOf, holds } from '../../../src/testing/iam/conditions';
import { Context, NOT_KNOWN, type ContextValue } from '../../../src/testing/iam/context';

type Given = ContextValue | undefined | typeof NOT_KNOWN;

const judge = (operator: string, values: string[], given: Given) =>
  holds({ operator, key: 'the:key', values }, new Context({ 'the:key': given }));

const ROLE = 'arn:aws:iam::111111111111:role/a';

/** Of each operator: a value of the policy, one of the request that it takes and one that it does not. */
const OPERATORS: [operator: string, wanted: string, right: string, wrong: string][] = [
  ['StringEquals', 'Order', 'Order', 'order'],
  ['StringEqualsIgnoreCase', 'Order', 'oRDER', 'orders'],
  ['StringLike', 'ord*', 'order', 'Order'],
  ['ArnEquals', 'arn:aws:iam::*:role/a', ROLE, 'arn:aws:iam::111111111111:role/b'],
  ['ArnLike', 'arn:aws:iam::*:role/?', ROLE, 'arn:aws:iam::111111111111:role/bb'],
  ['NumericEquals', '10', '10.0', '11'],
  ['NumericLessThan', '10', '9.5', '10'],
  ['NumericLessThanEquals', '10', '10', '10.5'],
  ['NumericGreaterThan', '10', '11', '10'],
  ['NumericGreaterThanEquals', '10', '10', '9'],
  ['DateEquals', '2026-11-01T00:00:00Z', '2026-11-01T01:00:00+01:00', '2026-11-02'],
  ['DateLessThan', '2026-11-01', '2026-10-31T23:59:59Z', '2026-11-01T00:00:00Z'],
  ['DateLessThanEquals', '2026-11-01', '2026-11-01T00:00:00Z', '2026-11-01T00:00:01Z'],
  ['DateGreaterThan', '2026', '2026-01-01T00:00:01Z', '2026-01-01T00:00:00Z'],
  // Seconds since 1970 are a date as well.
  ['DateGreaterThanEquals', '1793491200', '2026-11-01T00:00:00Z', '2026-10-31T23:59:59Z'],
  ['Bool', 'true', 'TRUE', 'false'],
  ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', 'qmluYXJ5'],
  ['IpAddress', '203.0.113.0/24', '203.0.113.7', '203.0.114.7'],
  ['IpAddress', '203.0.113.7', '203.0.113.7', '203.0.113.8'],
  ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5678::1', '2001:db8:1234:5679::1'],
];

const NEGATIONS: [negated: string, operator: string][] = [
  ['StringNotEquals', 'StringEquals'],
  ['StringNotEqualsIgnoreCase', 'StringEqualsIgnoreCase'],
  ['StringNotLike', 'StringLike'],
  ['ArnNotEquals', 'ArnEquals'],
  ['ArnNotLike', 'ArnLike'],
  ['NumericNotEquals', 'NumericEquals'],
  ['DateNotEquals', 'DateEquals'],
  ['NotIpAddress', 'IpAddress'],
];

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
describe.each(OPERATORS)('%s with %s', (operator, wanted, right, wrong) => {
  test.each<[what: string, given: Given, expected: string]>([
    ['a value that fits', right, 'yes'],
    ['a value that does not', wrong, 'no'],
    ['a missing key', undefined, 'no'],
    ['a key of which nobody knows', NOT_KNOWN, 'unknown'],
  ])('%s', (_, given, expected) => {
    expect(judge(operator, [wanted], given)).toBe(expected);
  });

  test('IfExists holds for a missing key, and tests one that is there', () => {
    expect(judge(`${operator}IfExists`, [wanted], undefined)).toBe('yes');
    expect(judge(`${operator}IfExists`, [wanted], right)).toBe('yes');
    expect(judge(`${operator}IfExists`, [wanted], wrong)).toBe('no');
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
  test.each([
    ['all fit', [right, right], 'yes', 'yes'],
    ['one fits', [wrong, right], 'no', 'yes'],
    ['none fits', [wrong, wrong], 'no', 'no'],
    ['one value', [right], 'yes', 'yes'],
    ['no values', [], 'yes', 'no'],
    ['an empty text', [''], 'yes', 'no'],
    ['a missing key', undefined, 'yes', 'no'],
    ['a key with one value', right, 'yes', 'yes'],
  ])('over a set: %s', (_, given, all, any) => {
    expect(judge(`ForAllValues:${operator}`, [wanted], given)).toBe(all);
    expect(judge(`ForAnyValue:${operator}`, [wanted], given)).toBe(any);
  });

  test('over a set with IfExists a missing key holds', () => {
    expect(judge(`ForAllValues:${operator}IfExists`, [wanted], undefined)).toBe('yes');
    expect(judge(`ForAnyValue:${operator}IfExists`, [wanted], undefined)).toBe('yes');
    expect(judge(`ForAnyValue:${operator}IfExists`, [wanted], [wrong])).toBe('no');
  });

  test('a key with several values needs a set operator: what comes without is not documented', () => {
    expect(judge(operator, [wanted], [right])).toBe('unknown');
  });
});

describe.each(
  NEGATIONS.map(([negated, operator]) => {
    const [, wanted, right, wrong] = OPERATORS.find(([name]) => name === operator)!;
    return [negated, wanted, right, wrong] as const;
  }),
)('%s with %s', (operator, wanted, right, wrong) => {
  test.each<[what: string, given: Given, expected: string]>([
    ['a value that equals', right, 'no'],
    ['a value that does not', wrong, 'yes'],
    ['a missing key', undefined, 'yes'],
    ['a key of which nobody knows', NOT_KNOWN, 'unknown'],
  ])('%s', (_, given, expected) => {
    expect(judge(operator, [wanted], given)).toBe(expected);
  });

  test('IfExists holds for a missing key, too', () => {
    expect(judge(`${operator}IfExists`, [wanted], undefined)).toBe('yes');
    expect(judge(`${operator}IfExists`, [wanted], right)).toBe('no');
  });

  test.each([
    ['none equals', [wrong, wrong], 'yes', 'yes'],
    ['one equals', [wrong, right], 'no', 'yes'],
    ['all equal', [right, right], 'no', 'no'],
    ['no values', [], 'yes', 'no'],
    ['a missing key', undefined, 'yes', 'no'],
  ])('over a set: %s', (_, given, all, any) => {
    expect(judge(`ForAllValues:${operator}`, [wanted], given)).toBe(all);
    expect(judge(`ForAnyValue:${operator}`, [wanted], given)).toBe(any);
  });

  test('of several values none may equal', () => {
    expect(judge(operator, [wanted, wrong], right)).toBe('no');
    expect(judge(operator, [wanted, wrong], wrong)).toBe('no');
  });
});

test('of several values one must equal', () => {
  expect(judge('StringEquals', ['a', 'b'], 'b')).toBe('yes');
  expect(judge('StringEquals', ['a', 'b'], 'c')).toBe('no');
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null
test.each<[wanted: string, given: Given, expected: string]>([
  ['true', undefined, 'yes'],
  ['true', 'a', 'no'],
  ['false', undefined, 'no'],
  ['false', 'a', 'yes'],
  ['false', ['a'], 'yes'],
  ['false', [], 'no'],
  // A key that holds nothing is none.
  ['false', '', 'no'],
  ['false', [''], 'no'],
  ['true', [''], 'yes'],
  ['false', ['', 'a'], 'yes'],
  ['True', undefined, 'yes'],
  ['false', NOT_KNOWN, 'unknown'],
])('Null %s of %p: %s', (wanted, given, expected) => {
  expect(judge('Null', [wanted], given)).toBe(expected);
});

test('names of keys are the same in any letter case, their values are not', () => {
  const key = 'kms:EncryptionContext:aws:events:event-bus:arn';
  const context = new Context({ [key.toLowerCase()]: 'arn:Bus' });
  expect(holds({ operator: 'StringEquals', key, values: ['arn:Bus'] }, context)).toBe('yes');
  expect(holds({ operator: 'StringEquals', key, values: ['arn:bus'] }, context)).toBe('no');
});

test('wildcards are for Like and ARNs alone', () => {
  expect(judge('StringEquals', ['ord*'], 'order')).toBe('no');
  expect(judge('StringEquals', ['ord*'], 'ord*')).toBe('yes');
  expect(judge('StringEqualsIgnoreCase', ['ord*'], 'order')).toBe('no');
});

describe('policy variables', () => {
  const context = new Context({
    'aws:PrincipalAccount': '222222222222',
    'aws:PrincipalTag/star': '*',
    'aws:PrincipalTag/dollar': '${aws:PrincipalAccount}',
    several: ['a', 'b'],
    hidden: NOT_KNOWN,
    source: 'svc.222222222222.orders',
    star: '*',
    question: '?',
    role: 'arn:aws:iam::222222222222:role/a',
  });
  const test1 = (operator: string, key: string, value: string, variables = true) =>
    holds({ operator, key, values: [value] }, context, variables);

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
  test.each([
    ['StringLike', 'source', 'svc.${aws:PrincipalAccount}.*', 'yes'],
    ['StringEquals', 'source', 'svc.${aws:PrincipalAccount}.orders', 'yes'],
    ['StringLike', 'source', 'svc.${AWS:principalaccount}.*', 'yes'],
    ['ArnLike', 'role', 'arn:aws:iam::${aws:PrincipalAccount}:role/*', 'yes'],
    ['ArnLike', 'role', 'arn:aws:iam::${aws:username}:role/*', 'no'],
    // What a variable brings is plain text.
    ['StringLike', 'source', '${aws:PrincipalTag/star}', 'no'],
    ['StringLike', 'star', '${aws:PrincipalTag/star}', 'yes'],
    ['StringLike', 'source', '${aws:PrincipalTag/dollar}', 'no'],
    ['StringLike', 'star', '${*}', 'yes'],
    ['StringLike', 'source', '${*}', 'no'],
    ['StringLike', 'question', '${?}', 'yes'],
    ['StringLike', 'star', '${?}', 'no'],
    ['StringLike', 'source', '${$}', 'no'],
    // Without a value nothing equals, so what must not equal holds.
    ['StringEquals', 'source', '${aws:username}', 'no'],
    ['StringNotEquals', 'source', '${aws:username}', 'yes'],
    ['StringLike', 'source', "${aws:username, 'svc'}.*", 'yes'],
    ['StringLike', 'source', "${aws:PrincipalAccount, 'svc'}.*", 'no'],
    // AWS does not say what comes of these.
    ['StringEquals', 'source', '${several}', 'unknown'],
    ['StringEquals', 'source', '${hidden}', 'unknown'],
    ['Bool', 'source', '${aws:SecureTransport}', 'unknown'],
  ])('%s %s of %s: %s', (operator, key, value, expected) => {
    expect(test1(operator, key, value)).toBe(expected);
  });

  test('are plain text in a policy of the older version', () => {
    expect(test1('StringLike', 'source', 'svc.${aws:PrincipalAccount}.*', false)).toBe('no');
    const literally = new Context({ source: '${aws:username}' });
    expect(holds({ operator: 'StringEquals', key: 'source', values: ['${aws:username}'] }, literally, false)).toBe(
      'yes',
    );
  });
});

describe('what is not known before the deployment', () => {
  test.each([
    ['StringEquals', '<Parameter>', 'a', 'unknown'],
    ['StringNotEquals', '<Parameter>', 'a', 'unknown'],
    ['StringEquals', 'a-<Parameter>', 'b-c', 'no'],
    ['NumericEquals', '<Parameter>', '1', 'unknown'],
    ['IpAddress', '<Parameter>', '203.0.113.7', 'unknown'],
    ['Bool', 'true', '<Parameter>', 'unknown'],
    ['Null', '<Parameter>', 'a', 'unknown'],
  ])('%s %s of %s: %s', (operator, wanted, given, expected) => {
    expect(judge(operator, [wanted], given)).toBe(expected);
  });

  test('does not matter where another value decides', () => {
    expect(judge('StringEquals', ['<Parameter>', 'a'], 'a')).toBe('yes');
    expect(judge('ForAnyValue:StringEquals', ['a'], ['<Parameter>', 'a'])).toBe('yes');
    expect(judge('ForAllValues:StringEquals', ['a'], ['<Parameter>', 'b'])).toBe('no');
  });
});

// https://www.w3.org/TR/NOTE-datetime
test.each(['2026', '2026-11', '2026-11-01', '2026-11-01T00:00Z', '2026-11-01T00:00:00.5+01:00', '1793491200'])(
  'the date %s',
  (value) => {
    expect(faultOf({ operator: 'DateEquals', key: 'k', values: [value] })).toBeUndefined();
    expect(judge('DateEquals', [value], value)).toBe('yes');
  },
);

test('an address of IPv4 written as one of IPv6 is not documented', () => {
  expect(judge('IpAddress', ['203.0.113.0/24'], '::ffff:203.0.113.7')).toBe('unknown');
  expect(judge('NotIpAddress', ['203.0.113.0/24'], '::FFFF:198.51.100.1')).toBe('unknown');
  expect(judge('IpAddress', ['::ffff:203.0.113.0/120'], '203.0.113.7')).toBe('unknown');
});

test.each([
  ['NumericLessThan', '10', 'many'],
  ['DateLessThan', '2026-01-01', 'yesterday'],
  ['IpAddress', '203.0.113.0/24', 'nowhere'],
  ['IpAddress', '203.0.113.0/24', '2001:db8::1'],
])('%s %s does not take %s', (operator, wanted, given) => {
  expect(judge(operator, [wanted], given)).toBe('no');
});

describe('a condition that makes no sense is an error', () => {
  test.each([
    ['StringMatches'],
    ['stringEquals'],
    ['NullIfExists'],
    ['ForAllValues:Null'],
    ['ForSomeValues:StringEquals'],
    ['ForAllValues:ForAnyValue:StringEquals'],
    ['NumericLike'],
    ['toString'],
    ['constructor'],
    [''],
  ])('operator %p', (operator) => {
    expect(faultOf({ operator, key: 'k', values: ['a'] })).toContain("is not one of IAM's");
  });

  test.each([
    ['NumericEquals', 'ten'],
    ['NumericEquals', ''],
    ['NumericEquals', '0x10'],
    ['NumericEquals', '1e3'],
    ['NumericEquals', 'Infinity'],
    ['DateEquals', 'yesterday'],
    // A time needs its zone, and a day its zeros.
    ['DateEquals', '2026-11-01T00:00:00'],
    ['DateEquals', '2026-11-1'],
    ['DateEquals', '11/01/2026'],
    ['DateEquals', 'Nov 1 2026'],
    ['DateEquals', '2026-13-01'],
    ['Bool', 'yes'],
    ['Null', 'no'],
    ['IpAddress', '203.0.113.0/33'],
    ['IpAddress', '203.0.113'],
    ['BinaryEquals', 'not base64!'],
    ['ForAllValues:NumericEqualsIfExists', 'ten'],
  ])('%s %p', (operator, value) => {
    expect(faultOf({ operator, key: 'k', values: [value] })).toBe(
      `${JSON.stringify(value)} is no value for ${operator} of k`,
    );
  });

  test('others are none', () => {
    for (const [operator, wanted] of OPERATORS) {
      expect(faultOf({ operator, key: 'k', values: [wanted, '<Parameter>'] })).toBeUndefined();
      expect(faultOf({ operator: `ForAnyValue:${operator}IfExists`, key: 'k', values: [wanted] })).toBeUndefined();
    }
  });
});
