import { parsePolicyDocument, type PolicyKind } from '../../../src/testing/iam/policy-document';

const ORIGIN = { stack: 'hub', logicalId: 'Policy1234' };
const parse = (document: unknown, kind: PolicyKind = 'resource') => parsePolicyDocument(document, kind, ORIGIN);
const STATEMENT = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };
const of = (more: object, kind: PolicyKind = 'resource') =>
  parse({ Version: '2012-10-17', Statement: { ...STATEMENT, ...more } }, kind);

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
test('one statement or a list, one text or a list', () => {
  const { statements, complete } = parse({
    Version: '2012-10-17',
    Id: 'policy',
    Statement: [
      { ...STATEMENT, Sid: 'One', Principal: { AWS: '111111111111', Service: 'events.amazonaws.com' } },
      {
        Effect: 'Deny',
        NotPrincipal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::222222222222:role/a'] },
        NotAction: ['sqs:*', 'sns:*'],
        NotResource: ['a', 'b'],
        Condition: { Bool: { 'aws:SecureTransport': false }, NumericEquals: { n: [1, 2] } },
      },
    ],
  });
  expect(complete).toBe(true);
  expect(statements).toEqual([
    {
      origin: ORIGIN,
      sid: 'One',
      effect: 'Allow',
      principal: {
        everybody: false,
        accounts: ['111111111111'],
        arns: [],
        services: ['events.amazonaws.com'],
        unjudged: false,
        negated: false,
      },
      actions: { of: ['sqs:SendMessage'], negated: false },
      resources: { of: ['*'], negated: false },
      conditions: [],
      variables: true,
    },
    {
      origin: ORIGIN,
      effect: 'Deny',
      principal: {
        everybody: false,
        accounts: ['222222222222'],
        arns: ['arn:aws:iam::222222222222:role/a'],
        services: [],
        unjudged: false,
        negated: true,
      },
      actions: { of: ['sqs:*', 'sns:*'], negated: true },
      resources: { of: ['a', 'b'], negated: true },
      conditions: [
        { operator: 'Bool', key: 'aws:SecureTransport', values: ['false'] },
        { operator: 'NumericEquals', key: 'n', values: ['1', '2'] },
      ],
      variables: true,
    },
  ]);
});

test.each([[undefined], ['2008-10-17']])('version %p has no policy variables', (version) => {
  expect(parse({ Version: version, Statement: STATEMENT }).statements[0].variables).toBe(false);
});

test('text is read as JSON', () => {
  expect(parse(JSON.stringify({ Version: '2012-10-17', Statement: [STATEMENT] })).statements).toHaveLength(1);
});

test('what the template does not tell makes the policy incomplete', () => {
  expect(parse('<Parameter>')).toEqual({ statements: [], complete: false });
  expect(parse({ Statement: '<Fn::If>' })).toEqual({ statements: [], complete: false });
  const { statements, complete } = parse({ Statement: [STATEMENT, '<Fn::If>'] });
  expect([statements.length, complete]).toEqual([1, false]);
});

test('a statement that may be any makes the policy incomplete', () => {
  for (const open of [
    { Effect: '<Fn::If>' },
    { Condition: '<Fn::If>' },
    { Condition: { Bool: '<Fn::If>' } },
    // No value takes the key with it, and then nothing is asked.
    { Condition: { StringEquals: { k: '<Fn::If>' } } },
    { Condition: { StringEquals: { k: ['<Fn::If>'] } } },
  ]) {
    expect(of(open)).toEqual({ statements: [], complete: false });
  }
  expect(of({ Condition: { StringEquals: { k: '<Parameter>' } } }).complete).toBe(true);
  expect(of({ Condition: { StringEquals: { k: ['a', '<Fn::If>'] } } }).complete).toBe(true);
});

test.each([[{ AWS: '*' }], [{ AWS: ['111111111111', '*'] }], ['*']])('principal %j is everybody', (Principal) => {
  expect(of({ Principal }).statements[0].principal).toMatchObject({ everybody: true });
});

test('a policy of an identity names no principal, a trust policy no resource', () => {
  const { Principal: _, ...identity } = STATEMENT;
  expect(parse({ Statement: identity }, 'identity').statements[0].principal).toBeUndefined();
  const { Resource: __, ...trust } = STATEMENT;
  expect(parse({ Statement: trust }, 'trust').statements[0].resources).toBeUndefined();
});

test.each<[what: string, document: unknown, kind: PolicyKind, message: string]>([
  ['no object', 7, 'resource', 'the policy is 7, not an object'],
  ['no JSON', '{', 'resource', 'the policy is not JSON: '],
  [
    'a wrong version',
    { Version: '2020-01-01', Statement: [] },
    'resource',
    'Version is "2020-01-01", not "2012-10-17"',
  ],
  ['an unknown element', { Statements: [] }, 'resource', 'the policy has "Statements", which IAM does not know'],
  ['no statement', {}, 'resource', 'a statement is undefined, not an object'],
  [
    'an unknown element of a statement',
    { Statement: { ...STATEMENT, Sid: 'A', Conditions: {} } },
    'resource',
    'statement "A" has "Conditions", which IAM does not know',
  ],
  [
    'a wrong effect',
    { Statement: { ...STATEMENT, Effect: 'allow' } },
    'resource',
    'Effect of a statement is "allow", not "Allow" or "Deny"',
  ],
  [
    'no action',
    { Statement: { ...STATEMENT, Action: undefined } },
    'resource',
    'a statement needs Action or NotAction, one of them',
  ],
  [
    'both',
    { Statement: { ...STATEMENT, NotAction: 'a' } },
    'resource',
    'a statement needs Action or NotAction, one of them',
  ],
  [
    'an empty list',
    { Statement: { ...STATEMENT, Action: [] } },
    'resource',
    'a statement has [] as its Action, not a text or a list of texts',
  ],
  ['no resource', { Statement: { ...STATEMENT, Resource: undefined } }, 'resource', 'needs Resource or NotResource'],
  [
    'no principal',
    { Statement: { ...STATEMENT, Principal: undefined } },
    'resource',
    'needs Principal or NotPrincipal',
  ],
  [
    'a principal of an identity',
    { Statement: STATEMENT },
    'identity',
    'names a principal, and the policy belongs to an identity',
  ],
  [
    'a plain account',
    { Statement: { ...STATEMENT, Principal: '111111111111' } },
    'resource',
    'has a principal that is "111111111111", not "*" or an object',
  ],
  ['nobody', { Statement: { ...STATEMENT, Principal: {} } }, 'resource', 'names nobody as its principal'],
  [
    'an unknown kind of principal',
    { Statement: { ...STATEMENT, Principal: { Services: 'a' } } },
    'resource',
    'names a principal of the kind "Services", which IAM does not know',
  ],
  [
    'all services',
    { Statement: { ...STATEMENT, Principal: { Service: '*' } } },
    'resource',
    'has a wildcard in the principal "*", which IAM does not take',
  ],
  [
    'a wildcard beside what is not known',
    { Statement: { ...STATEMENT, Principal: { AWS: 'arn:aws:iam::<Parameter>:role/*' } } },
    'resource',
    'has a wildcard in the principal',
  ],
  [
    'an Allow for all but one',
    { Statement: { ...STATEMENT, Principal: undefined, NotPrincipal: { AWS: '111111111111' } } },
    'resource',
    'has NotPrincipal with Allow, which IAM does not support',
  ],
  [
    'a wildcard in a service',
    { Statement: { ...STATEMENT, Resource: ['*', 'arn:aws:s*:eu-west-1:111111111111:q'] } },
    'resource',
    'has a wildcard in the service of "arn:aws:s*:eu-west-1:111111111111:q", which IAM does not take',
  ],
  [
    'a wildcard in a principal',
    { Statement: { ...STATEMENT, Principal: { AWS: 'arn:aws:iam::111111111111:role/*' } } },
    'resource',
    'has a wildcard in the principal "arn:aws:iam::111111111111:role/*", which IAM does not take',
  ],
  [
    'another ARN',
    { Statement: { ...STATEMENT, Principal: { AWS: 'arn:aws:sqs:eu-west-1:111111111111:q' } } },
    'resource',
    'which is no account, role, session or user',
  ],
  [
    'a short account',
    { Statement: { ...STATEMENT, Principal: { AWS: 11111111111 } } },
    'resource',
    'names "11111111111", which is no account, role, session or user',
  ],
  [
    'no condition block',
    { Statement: { ...STATEMENT, Condition: [] } },
    'resource',
    'has a Condition that is [], not an object',
  ],
  [
    'no keys',
    { Statement: { ...STATEMENT, Condition: { Bool: 'true' } } },
    'resource',
    'has "true" under Bool, not an object of keys',
  ],
  [
    'no value',
    { Statement: { ...STATEMENT, Condition: { Bool: { k: null } } } },
    'resource',
    'has null as its Bool of k, not a text or a list of texts',
  ],
  [
    'an unknown operator',
    { Statement: { ...STATEMENT, Condition: { StringIs: { k: 'a' } } } },
    'resource',
    'condition operator "StringIs" is not one of IAM\'s',
  ],
  [
    'a wrong value',
    { Statement: { ...STATEMENT, Condition: { Bool: { k: 'maybe' } } } },
    'resource',
    '"maybe" is no value for Bool of k',
  ],
])('fails for %s, and says where', (_, document, kind, message) => {
  expect(() => parse(document, kind)).toThrow(/^hub\/Policy1234: /);
  expect(() => parse(document, kind)).toThrow(message);
});
