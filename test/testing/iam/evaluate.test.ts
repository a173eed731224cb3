import { evaluate, type Policies, type Side } from '../../../src/testing/iam/evaluate';
import { parsePolicyDocument } from '../../../src/testing/iam/policy-document';
import { role, root, service, user, type Principal } from '../../../src/testing/iam/principals';
import { request } from '../../../src/testing/iam/request';

const HERE = '111111111111';
const THERE = '222222222222';
const QUEUE = `arn:aws:sqs:eu-west-1:${HERE}:queue`;
const ME = role(`arn:aws:iam::${HERE}:role/path/me`, 'none');
const STRANGER = role(`arn:aws:iam::${THERE}:role/stranger`, 'none');
const USER = user(`arn:aws:iam::${HERE}:user/carlos`, 'none');
const EVENTS = service('events.amazonaws.com');

const ALLOW = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE };
const DENY = { ...ALLOW, Effect: 'Deny' };
const to = (Principal: unknown, statement: object = ALLOW) => ({ ...statement, Principal });
const AWS = (name: string) => ({ AWS: name });

function side(kind: 'identity' | 'resource', statements: object[], hidden: Side['hidden'] = 'nothing'): Side {
  const named = statements.map((statement, i) => ({ Sid: `${kind}${i}`, ...statement }));
  const document = { Version: '2012-10-17', Statement: named };
  return { ...parsePolicyDocument(document, kind, { stack: 'stack', logicalId: kind }), hidden };
}

function judge(who: Principal, identity: object[], resource: object[], more: Partial<Policies> = {}, keys = {}) {
  return evaluate(request(who, 'sqs:SendMessage', QUEUE, keys), {
    identity: side('identity', identity),
    resource: side('resource', resource),
    account: HERE,
    ...more,
  });
}

const result = (...args: Parameters<typeof judge>) => judge(...args).result;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
describe('in one account', () => {
  test.each<[what: string, identity: object[], resource: object[], expected: string]>([
    ['nothing', [], [], 'denied'],
    ['an identity policy', [ALLOW], [], 'allowed'],
    ['a resource policy for the role', [], [to(AWS(ME.arn))], 'allowed'],
    ['a resource policy for the session', [], [to(AWS(ME.sessionArn))], 'allowed'],
    ['a resource policy for everybody', [], [to('*')], 'allowed'],
    ['a resource policy for the account leaves it to identity policies', [], [to(AWS(HERE))], 'denied'],
    ['both', [ALLOW], [to(AWS(HERE))], 'allowed'],
    ['a resource policy for another role', [], [to(AWS(`arn:aws:iam::${HERE}:role/other`))], 'denied'],
    ['a resource policy for another session', [], [to(AWS(ME.sessionArn.replace(/session$/, 'other')))], 'denied'],
    ['a resource policy for a service', [], [to({ Service: 'events.amazonaws.com' })], 'denied'],
    ['a Deny of the identity', [ALLOW, DENY], [to('*')], 'denied'],
    ['a Deny of the resource, before an Allow', [ALLOW], [to('*', DENY), to('*')], 'denied'],
    ['a Deny for the account', [ALLOW], [to(AWS(HERE), DENY)], 'denied'],
    ['a Deny for the role', [ALLOW], [to(AWS(ME.arn), DENY)], 'denied'],
    ['a Deny for another', [ALLOW], [to(AWS(THERE), DENY)], 'allowed'],
  ])('%s', (_, identity, resource, expected) => {
    expect(result(ME, identity, resource)).toBe(expected);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
describe('from another account', () => {
  test.each<[what: string, identity: object[], resource: object[], expected: string]>([
    ['an identity policy alone', [ALLOW], [], 'denied'],
    ['a resource policy alone', [], [to(AWS(STRANGER.arn))], 'denied'],
    ['a resource policy for everybody alone', [], [to('*')], 'denied'],
    ['both, for the role', [ALLOW], [to(AWS(STRANGER.arn))], 'allowed'],
    ['both, for the account', [ALLOW], [to(AWS(`arn:aws:iam::${THERE}:root`))], 'allowed'],
    ['both, for everybody', [ALLOW], [to('*')], 'allowed'],
    ['both, for another account', [ALLOW], [to(AWS(HERE))], 'denied'],
    ['both, and a Deny', [ALLOW, DENY], [to('*')], 'denied'],
    ['both, and a Deny of the resource', [ALLOW], [to('*'), to('*', DENY)], 'denied'],
  ])('%s', (_, identity, resource, expected) => {
    expect(result(STRANGER, identity, resource)).toBe(expected);
  });
});

test('a service has the policy of the resource alone', () => {
  expect(result(EVENTS, [ALLOW], [])).toBe('denied');
  expect(result(EVENTS, [], [to({ Service: ['events.amazonaws.com', 'sns.amazonaws.com'] })])).toBe('allowed');
  expect(result(EVENTS, [], [to({ Service: 'sns.amazonaws.com' })])).toBe('denied');
  expect(result(EVENTS, [], [to('*')])).toBe('allowed');
  expect(result(EVENTS, [], [to(AWS(HERE))])).toBe('denied');
  expect(result(EVENTS, [], [to({ Service: 'events.amazonaws.com' }), to('*', DENY)])).toBe('denied');
});

test('a root user may do everything in its account, and in another what that account admits', () => {
  expect(result(root(HERE, 'none'), [], [])).toBe('allowed');
  expect(result(root(HERE, 'none'), [], [to(AWS(HERE), DENY)])).toBe('denied');
  expect(result(root(THERE, 'none'), [], [])).toBe('denied');
  expect(result(root(THERE, 'none'), [], [to(AWS(THERE))])).toBe('allowed');
});

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
test('a root user assumes no role', () => {
  const target = `arn:aws:iam::${HERE}:role/target`;
  const trust = [to(AWS(HERE), { Effect: 'Allow', Action: 'sts:*', Resource: '*' })];
  const assume = (who: Principal, action = 'sts:AssumeRole') =>
    evaluate(request(who, action, target), {
      identity: side('identity', [{ Effect: 'Allow', Action: 'sts:*', Resource: '*' }]),
      resource: side('resource', trust),
      account: HERE,
      resourceDecides: true,
    });
  expect(assume(ME).result).toBe('allowed');
  expect(assume(root(HERE, 'none'))).toMatchObject({ result: 'denied', reason: 'a root user assumes no role' });
  expect(assume(root(HERE, 'none'), 'sts:TagSession').result).toBe('allowed');
});

test('a user is itself alone', () => {
  expect(result(USER, [], [to(AWS(USER.arn))])).toBe('allowed');
  expect(
    result(USER, [], [to(AWS(USER.arn.toUpperCase().replace('ARN:AWS:IAM', 'arn:aws:iam').replace('USER/', 'user/')))]),
  ).toBe('denied');
});

// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_compare-resource-policies.html
describe('keys and roles, where the policy of the resource decides', () => {
  const decides = { resourceDecides: true };
  test.each<[what: string, who: Principal, identity: object[], resource: object[], expected: string]>([
    ['an identity policy alone', ME, [ALLOW], [], 'denied'],
    ['the role named', ME, [], [to(AWS(ME.arn))], 'allowed'],
    ['the account named, without an identity policy', ME, [], [to(AWS(HERE))], 'denied'],
    ['the account named, with one', ME, [ALLOW], [to(AWS(HERE))], 'allowed'],
    ['from another account, named', STRANGER, [ALLOW], [to(AWS(THERE))], 'allowed'],
    ['from another account, the own account named', STRANGER, [ALLOW], [to(AWS(HERE))], 'denied'],
    ['from another account, without an identity policy', STRANGER, [], [to(AWS(THERE))], 'denied'],
    ['a Deny', ME, [ALLOW], [to(AWS(HERE)), to('*', DENY)], 'denied'],
  ])('%s', (_, who, identity, resource, expected) => {
    expect(result(who, identity, resource, decides)).toBe(expected);
  });
});

describe('elements', () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
  test.each([
    [{ Action: 'SQS:sendmessage' }, 'allowed'],
    [{ Action: 'sqs:Send*' }, 'allowed'],
    [{ Action: 'sqs:?endMessage' }, 'allowed'],
    [{ Action: '*' }, 'allowed'],
    [{ Action: 'sqs:Receive*' }, 'denied'],
    [{ Action: ['sns:*', 'sqs:*'] }, 'allowed'],
    [{ Action: undefined, NotAction: 'sns:*' }, 'allowed'],
    [{ Action: undefined, NotAction: ['sns:*', 'sqs:Send*'] }, 'denied'],
    [{ Resource: '*' }, 'allowed'],
    [{ Resource: 'arn:aws:sqs:*:111111111111:que?e' }, 'allowed'],
    [{ Resource: 'arn:aws:sqs:*:222222222222:*' }, 'denied'],
    [{ Resource: undefined, NotResource: 'arn:aws:sqs:*:222222222222:*' }, 'allowed'],
    [{ Resource: undefined, NotResource: [QUEUE] }, 'denied'],
    [{ Resource: 'arn:aws:sqs:eu-west-1:111111111111:${k}ueue' }, 'denied'],
    [{ Resource: 'arn:aws:sqs:eu-west-1:111111111111:${q}ueue' }, 'allowed'],
    [{ Resource: 'arn:aws:sqs:eu-west-1:111111111111:${aws:SecureTransport}*' }, 'denied'],
    // Variables are for the last part of an ARN.
    [{ Resource: 'arn:aws:sqs:eu-west-1:${aws:PrincipalAccount}:queue' }, 'unknown'],
    // A variable without a value makes the ARN of no resource.
    [{ Resource: 'arn:aws:sqs:eu-west-1:111111111111:${aws:username}*' }, 'denied'],
    [{ Resource: undefined, NotResource: 'arn:aws:sqs:eu-west-1:111111111111:${aws:username}*' }, 'allowed'],
    [{ Condition: { StringEquals: { k: 'a' }, StringLike: { l: 'b*' } } }, 'allowed'],
    [{ Condition: { StringEquals: { k: 'a', l: 'no' } } }, 'denied'],
    [{ Condition: { StringEquals: { k: 'a' }, StringLike: { l: 'c*' } } }, 'denied'],
  ])('%j: %s', (more, expected) => {
    expect(result(ME, [{ ...ALLOW, ...more }], [], {}, { k: 'a', l: 'bc', q: 'q' })).toBe(expected);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
  test.each<[named: unknown, who: Principal, expected: string]>([
    [AWS(`arn:aws:iam::${THERE}:root`), ME, 'denied'],
    [{ AWS: [ME.arn, ME.sessionArn, HERE] }, ME, 'allowed'],
    // "might deny": session, role and account must all be named.
    [{ AWS: [ME.arn, HERE] }, ME, 'unknown'],
    [{ AWS: [ME.arn] }, ME, 'unknown'],
    [{ AWS: [HERE] }, ME, 'unknown'],
    [{ AWS: [USER.arn, HERE] }, USER, 'allowed'],
    [{ AWS: [USER.arn] }, USER, 'unknown'],
    [{ AWS: [HERE] }, root(HERE, 'none'), 'allowed'],
    [{ Service: 'events.amazonaws.com' }, EVENTS, 'allowed'],
    [{ Service: 'sns.amazonaws.com' }, EVENTS, 'denied'],
    ['*', ME, 'allowed'],
  ])('a Deny for all but %j', (NotPrincipal, who, expected) => {
    expect(result(who, [ALLOW], [to('*'), { ...DENY, NotPrincipal }])).toBe(expected);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
  test.each([
    [{ Resource: 'arn:aws:sqs' }, 'allowed'],
    [{ Resource: 'arn:aws:sqs:eu-west-1' }, 'allowed'],
    [{ Resource: 'arn:aws:sqs:eu-*' }, 'allowed'],
    [{ Resource: 'arn:aws:sqs:us-east-1' }, 'denied'],
    [{ Resource: 'arn:aws:sns' }, 'denied'],
    [{ Resource: `arn:aws:sqs:eu-west-1:${HERE}` }, 'allowed'],
    [{ Resource: undefined, NotResource: 'arn:aws:sqs' }, 'denied'],
    [{ Resource: undefined, NotResource: 'arn:aws:sns' }, 'allowed'],
    // What is not known may bring the missing parts along.
    [{ Resource: 'arn:aws:sqs:<Rest>' }, 'unknown'],
    [{ Resource: 'arn:<Parameter>:sqs' }, 'unknown'],
    [{ Resource: '<Parameter>' }, 'unknown'],
  ])('an ARN of an identity that lacks its last parts, %j: %s', (more, expected) => {
    expect(result(ME, [{ ...ALLOW, ...more }], [])).toBe(expected);
  });

  test('a placeholder may hold the parts of an ARN that seem to lack', () => {
    const mine = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:<Parameter>:last' };
    const get = (key: string) =>
      evaluate(request(ME, 's3:GetObject', `arn:aws:s3:::bucket/${key}`), {
        identity: side('identity', [mine]),
        resource: side('resource', []),
        account: HERE,
      }).result;
    expect(get('a:last')).toBe('unknown');
  });

  test('an ARN of a resource that lacks its last parts is none', () => {
    expect(result(ME, [], [to('*', { ...ALLOW, Resource: 'arn:aws:sqs' })])).toBe('denied');
  });

  test.each<[named: unknown, who: Principal, expected: string]>([
    // It may turn out to be the account, its root, or everybody.
    [AWS('<Parameter>'), ME, 'unknown'],
    [AWS('<Parameter>'), root(HERE, 'none'), 'unknown'],
    [AWS('<Parameter>'), EVENTS, 'unknown'],
    ['<Parameter>', ME, 'unknown'],
    ['<Parameter>', root(HERE, 'none'), 'unknown'],
    ['<Parameter>', EVENTS, 'unknown'],
    [AWS(`arn:aws:iam::${HERE}:<Parameter>`), root(HERE, 'none'), 'unknown'],
    [AWS(`arn:aws:iam::${HERE}:<Parameter>`), EVENTS, 'allowed'],
    [AWS(`arn:aws:iam::${HERE}:role/<Parameter>`), root(HERE, 'none'), 'allowed'],
    [AWS(`arn:aws:iam::${HERE}:role/<Parameter>`), USER, 'allowed'],
    [AWS(`arn:aws:iam::${THERE}:<Parameter>`), ME, 'allowed'],
    [AWS('arn:aws:iam::<Parameter>:root'), ME, 'unknown'],
    [AWS('arn:aws:iam::<Parameter>:root'), root(HERE, 'none'), 'unknown'],
    [{ Service: '<Parameter>' }, EVENTS, 'unknown'],
    [{ Service: '<Parameter>' }, ME, 'allowed'],
    // Whom these stand for is not judged; no service of AWS is among them.
    [{ Federated: 'accounts.google.com' }, ME, 'unknown'],
    [{ Federated: 'accounts.google.com' }, root(HERE, 'none'), 'unknown'],
    [{ CanonicalUser: '79a59df900b949e5' }, ME, 'unknown'],
    [{ CanonicalUser: '79a59df900b949e5' }, EVENTS, 'allowed'],
    [AWS('AROAEXAMPLE123456789A'), ME, 'unknown'],
    [AWS('arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1'), ME, 'allowed'],
  ])('a Deny for %j that may be about the one who asks', (named, who, expected) => {
    expect(result(who, [ALLOW], [to('*'), to(named, DENY)])).toBe(expected);
  });

  test('a Deny for all but somebody who is not known', () => {
    for (const who of [ME, STRANGER, EVENTS, root(HERE, 'none')]) {
      expect(result(who, [ALLOW], [to('*'), { ...DENY, NotPrincipal: AWS('<Parameter>') }])).toBe('unknown');
    }
  });
});

describe('what the templates do not tell', () => {
  const hidden = (of: Side['hidden'], statements: object[] = []) => ({ identity: side('identity', statements, of) });

  test('hidden policies never make an allowed', () => {
    expect(result(ME, [], [], hidden('anything'))).toBe('unknown');
    expect(result(ME, [], [], hidden('anything', [ALLOW]))).toBe('unknown');
    expect(result(STRANGER, [], [to('*')], hidden('anything'))).toBe('unknown');
    expect(result(STRANGER, [ALLOW], [], { resource: side('resource', [to('*')], 'anything') })).toBe('unknown');
  });

  test('nothing hidden changes a Deny', () => {
    expect(result(ME, [], [], hidden('anything', [DENY]))).toBe('denied');
    expect(result(STRANGER, [], [], hidden('anything'))).toBe('denied');
  });

  test('a permissions boundary may deny what is allowed', () => {
    expect(result(ME, [ALLOW], [], { bounded: true })).toBe('unknown');
    expect(result(ME, [], [], { bounded: true })).toBe('denied');
  });

  test('an account that is not known leaves what is so either way', () => {
    expect(result(ME, [ALLOW], [], { account: undefined })).toBe('unknown');
    expect(result(ME, [ALLOW], [to(AWS(HERE))], { account: undefined })).toBe('allowed');
    expect(result(ME, [], [], { account: undefined })).toBe('denied');
  });

  // Whether it is another account decides if two policies are needed.
  test('an account of the principal that is not known', () => {
    const agnostic = role('arn:aws:iam::<stack account>:role/me', 'none');
    expect(result(agnostic, [ALLOW], [])).toBe('unknown');
    expect(result(agnostic, [ALLOW], [], { account: undefined })).toBe('unknown');
    expect(result(agnostic, [ALLOW], [to('*')])).toBe('allowed');
    expect(result(agnostic, [], [])).toBe('denied');
    expect(judge(agnostic, [ALLOW], []).reason).toBe('the account of the principal is not known');
  });

  test('a statement that may apply', () => {
    const maybe = { Condition: { StringEquals: { k: '<Parameter>' } } };
    expect(result(ME, [{ ...ALLOW, ...maybe }], [], {}, { k: 'a' })).toBe('unknown');
    expect(result(ME, [ALLOW], [to('*', { ...DENY, ...maybe })], {}, { k: 'a' })).toBe('unknown');
    expect(result(ME, [ALLOW, { ...ALLOW, ...maybe }], [], {}, { k: 'a' })).toBe('allowed');
    expect(result(ME, [], [to('*', { ...DENY, ...maybe })], {}, { k: 'a' })).toBe('denied');
  });

  test('a key that nobody knows', () => {
    expect(result(ME, [{ ...ALLOW, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }], [])).toBe(
      'unknown',
    );
  });
});

describe('the verdict says why', () => {
  test.each<[what: string, verdict: () => ReturnType<typeof judge>, lacking: string[], reason: string]>([
    [
      'an Allow',
      () => judge(STRANGER, [ALLOW], [to('*')]),
      [],
      'allowed by identity0 of stack/identity, resource0 of stack/resource',
    ],
    ['a Deny', () => judge(ME, [ALLOW, DENY], []), [], 'denied by identity1 of stack/identity'],
    [
      'nothing here',
      () => judge(ME, [], []),
      ['identity policy', 'resource policy'],
      'neither the identity policy nor the resource policy allows it',
    ],
    [
      'nothing across',
      () => judge(STRANGER, [], []),
      ['identity policy', 'resource policy'],
      'no Allow in the identity policy and in the resource policy',
    ],
    ['one side', () => judge(STRANGER, [], [to('*')]), ['identity policy'], 'no Allow in the identity policy'],
    ['the other', () => judge(STRANGER, [ALLOW], []), ['resource policy'], 'no Allow in the resource policy'],
    ['a service', () => judge(EVENTS, [], []), ['resource policy'], 'no Allow in the resource policy'],
    [
      'a key',
      () => judge(ME, [ALLOW], [], { resourceDecides: true }),
      ['resource policy'],
      'no Allow in the resource policy',
    ],
    [
      'a key that leaves it to the account',
      () => judge(ME, [], [to(AWS(HERE))], { resourceDecides: true }),
      ['identity policy'],
      'no Allow in the identity policy',
    ],
    [
      'a key, nothing',
      () => judge(ME, [], [], { resourceDecides: true }),
      ['resource policy'],
      'no Allow in the resource policy',
    ],
    ['a root user', () => judge(root(HERE, 'none'), [], []), [], 'allowed by the root user of the account'],
    ['a boundary', () => judge(ME, [ALLOW], [], { bounded: true }), [], 'the principal has a permissions boundary'],
    [
      'a hidden policy',
      () => judge(ME, [], [], { identity: side('identity', [], 'anything') }),
      [],
      'not all policies of the principal are in the templates',
    ],
    [
      'a hidden resource',
      () => judge(STRANGER, [ALLOW], [], { resource: side('resource', [], 'anything') }),
      [],
      'the policy of the resource is not, or not whole, in the templates',
    ],
    [
      'no account',
      () => judge(ME, [ALLOW], [], { account: undefined }),
      [],
      'the account of the resource is not known',
    ],
    [
      'a condition',
      () => judge(ME, [{ ...ALLOW, Condition: { StringEquals: { 'x:y': 'z' } } }], []),
      [],
      'whether identity0 of stack/identity applies is not known',
    ],
  ])('%s', (_, verdict, lacking, reason) => {
    expect(verdict()).toMatchObject({ lacking, reason });
  });

  test('with the statements that decided, and where they stand', () => {
    const { statements } = judge(STRANGER, [ALLOW], [to('*'), to(AWS(HERE))]);
    expect(statements.map(({ sid, origin }) => [sid, origin])).toEqual([
      ['identity0', { stack: 'stack', logicalId: 'identity' }],
      ['resource0', { stack: 'stack', logicalId: 'resource' }],
    ]);
  });
});
