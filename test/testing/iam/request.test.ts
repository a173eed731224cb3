import { NOT_KNOWN } from '../../../src/testing/iam/context';
import { role, root, service, user } from '../../../src/testing/iam/principals';
import { callOf, encryptionContext, putEvents, request } from '../../../src/testing/iam/request';

const BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global';
const ours = { id: 'o-abc1234567', paths: ['o-abc1234567/r-ab12/'] };

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
const PRINCIPALS = {
  'a session of a role': role('arn:aws:iam::222222222222:role/path/to/a', ours),
  'a user': user('arn:aws:iam::222222222222:user/carlos', 'none'),
  'a root user': root('222222222222'),
  'a service': service('events.amazonaws.com'),
};

test.each<[who: keyof typeof PRINCIPALS, keys: Record<string, unknown>]>([
  [
    'a session of a role',
    {
      // Of the role, with its path, and not of the session.
      'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/path/to/a',
      'aws:PrincipalAccount': '222222222222',
      'aws:PrincipalType': 'AssumedRole',
      'aws:PrincipalOrgID': 'o-abc1234567',
      'aws:PrincipalOrgPaths': ['o-abc1234567/r-ab12/'],
      'aws:PrincipalIsAWSService': 'false',
      'aws:username': undefined,
      'aws:SourceArn': undefined,
      'aws:SourceAccount': undefined,
    },
  ],
  [
    'a user',
    {
      'aws:PrincipalArn': 'arn:aws:iam::222222222222:user/carlos',
      'aws:PrincipalOrgID': undefined,
      'aws:PrincipalOrgPaths': undefined,
      'aws:username': 'carlos',
    },
  ],
  [
    'a root user',
    {
      'aws:PrincipalArn': 'arn:aws:iam::222222222222:root',
      'aws:PrincipalType': 'Account',
      // Nobody said which organisation.
      'aws:PrincipalOrgID': NOT_KNOWN,
      'aws:PrincipalOrgPaths': NOT_KNOWN,
    },
  ],
  [
    'a service',
    {
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': 'events.amazonaws.com',
      'aws:PrincipalOrgID': undefined,
      'aws:PrincipalArn': NOT_KNOWN,
      'aws:PrincipalAccount': NOT_KNOWN,
    },
  ],
])('keys of %s', (who, keys) => {
  const { context } = request(PRINCIPALS[who], 'events:PutEvents', BUS);
  expect(Object.fromEntries(Object.keys(keys).map((key) => [key, context.get(key)]))).toEqual(keys);
});

test('keys of the resource and of the connection', () => {
  const { context } = request(PRINCIPALS['a user'], 'events:PutEvents', BUS);
  expect(context.get('aws:ResourceAccount')).toBe('111111111111');
  expect(context.get('AWS:requestedregion')).toBe('eu-west-1');
  expect(context.get('aws:SecureTransport')).toBe('true');
  expect(request(PRINCIPALS['a user'], 's3:GetObject', 'arn:aws:s3:::b/k').context.get('aws:ResourceAccount')).toBe(
    NOT_KNOWN,
  );
});

test('a path of an organisation that was not given is not known', () => {
  const { context } = request(role(PRINCIPALS['a session of a role'].arn, { id: 'o-a' }), 'events:PutEvents', BUS);
  expect(context.get('aws:PrincipalOrgPaths')).toBe(NOT_KNOWN);
});

test('what is not modelled is not known, rather than absent', () => {
  const { context } = request(PRINCIPALS['a user'], 'events:PutEvents', BUS);
  for (const key of [
    'aws:MultiFactorAuthPresent',
    'aws:PrincipalTag/team',
    'aws:SourceVpc',
    'sqs:anything',
    'events:ManagedBy',
  ]) {
    expect(context.get(key)).toBe(NOT_KNOWN);
  }
});

test('what is given goes first', () => {
  const { context } = request(PRINCIPALS['a user'], 'a:b', BUS, { 'aws:SecureTransport': 'false', 'aws:Extra': 'x' });
  expect([context.get('aws:SecureTransport'), context.get('aws:Extra')]).toEqual(['false', 'x']);
});

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
test('PutEvents has a list of sources and of detail-types, and says whether a rule puts', () => {
  const entries = [
    { source: 'a', detailType: 'A' },
    { source: 'b', detailType: 'B' },
  ];
  const direct = putEvents(PRINCIPALS['a user'], BUS, entries);
  expect([direct.action, direct.resource]).toEqual(['events:PutEvents', BUS]);
  expect(direct.context.get('events:source')).toEqual(['a', 'b']);
  expect(direct.context.get('events:detail-type')).toEqual(['A', 'B']);
  expect(direct.context.get('events:eventBusInvocation')).toBe('false');
  const byRule = putEvents(PRINCIPALS['a user'], BUS, entries, { byRule: true });
  expect(byRule.context.get('events:eventBusInvocation')).toBe('true');
});

test('a service calls on behalf of a resource, whose account is in its ARN', () => {
  const { context } = callOf(PRINCIPALS['a service'], 'sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111111111111:q', {
    arn: BUS,
  });
  expect([context.get('aws:SourceArn'), context.get('aws:SourceAccount')]).toEqual([BUS, '111111111111']);
});

// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
test('an encryption context is one key for each pair, and a list of their names', () => {
  const keys = encryptionContext({ 'aws:events:event-bus:arn': BUS });
  const { context } = request(PRINCIPALS['a service'], 'kms:Decrypt', 'arn:aws:kms:eu-west-1:111111111111:key/a', keys);
  expect(context.get('kms:EncryptionContext:aws:events:event-bus:arn')).toBe(BUS);
  expect(context.get('kms:EncryptionContextKeys')).toEqual(['aws:events:event-bus:arn']);
  // The whole context was given.
  expect(context.get('kms:EncryptionContext:aws:sqs:arn')).toBeUndefined();
  expect(context.get('kms:ViaService')).toBe(NOT_KNOWN);
});

test('fails for an ARN that is not of a role or user', () => {
  expect(() => role('arn:aws:iam::222222222222:user/a')).toThrow('is not the ARN of a role');
  expect(() => user('arn:aws:iam::222222222222:role/a')).toThrow('is not the ARN of a user');
});

test('a session has the name of its role without the path', () => {
  expect(role('arn:aws:iam::222222222222:role/path/to/a', ours, 'me').sessionArn).toBe(
    'arn:aws:sts::222222222222:assumed-role/a/me',
  );
});
