import type { SynthesizedStack } from '../../../src/testing/cloud-assembly';
import { References } from '../../../src/testing/iam/references';

const HERE = { account: '111111111111', region: 'eu-west-1' };

const stackOf = (name: string, template: object, place = HERE): SynthesizedStack => ({
  name,
  ...place,
  templateFile: `${name}.template.json`,
  template: template as SynthesizedStack['template'],
});

const resources = {
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'acme' } },
  Rule: { Type: 'AWS::Events::Rule', Properties: { Name: 'r', EventBusName: { Ref: 'Bus' } } },
  DefaultRule: { Type: 'AWS::Events::Rule', Properties: { Name: 'r' } },
  ForeignRule: {
    Type: 'AWS::Events::Rule',
    Properties: { Name: 'r', EventBusName: 'arn:aws:events:eu-west-1:111111111111:event-bus/other' },
  },
  Archive: { Type: 'AWS::Events::Archive', Properties: { ArchiveName: 'a' } },
  Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'me', Path: '/team/' } },
  PlainRole: { Type: 'AWS::IAM::Role' },
  User: { Type: 'AWS::IAM::User', Properties: { UserName: 'carlos' } },
  Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'm' } },
  Key: { Type: 'AWS::KMS::Key' },
  Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } },
  Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/events/acme' } },
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'b' } },
  Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't' } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Join': ['-', ['acme', 'dlq']] } } },
  Table: { Type: 'AWS::DynamoDB::Table' },
};

/** What a value comes to in a template with all these resources. */
function resolved(value: unknown, others: SynthesizedStack[] = []) {
  const template = { Resources: { ...resources, Probe: { Type: 'Test::Probe', Properties: { value } } } };
  return new References([stackOf('hub', template), ...others]).resourcesOf('Test::Probe')[0].properties.value;
}

const att = (id: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [id, attribute] });

test.each([
  [att('Bus'), 'arn:aws:events:eu-west-1:111111111111:event-bus/acme'],
  [{ Ref: 'Bus' }, 'acme'],
  [att('Bus', 'Name'), 'acme'],
  [att('Rule'), 'arn:aws:events:eu-west-1:111111111111:rule/acme/r'],
  [att('DefaultRule'), 'arn:aws:events:eu-west-1:111111111111:rule/r'],
  [att('ForeignRule'), 'arn:aws:events:eu-west-1:111111111111:rule/other/r'],
  [att('Archive'), 'arn:aws:events:eu-west-1:111111111111:archive/a'],
  [att('Role'), 'arn:aws:iam::111111111111:role/team/me'],
  [{ Ref: 'Role' }, 'me'],
  [att('PlainRole'), 'arn:aws:iam::111111111111:role/<111111111111.eu-west-1.hub.PlainRole>'],
  [{ Ref: 'PlainRole' }, '<111111111111.eu-west-1.hub.PlainRole>'],
  [att('User'), 'arn:aws:iam::111111111111:user/carlos'],
  [{ Ref: 'Managed' }, 'arn:aws:iam::111111111111:policy/m'],
  [att('Managed', 'PolicyArn'), 'arn:aws:iam::111111111111:policy/m'],
  [att('Key'), 'arn:aws:kms:eu-west-1:111111111111:key/<111111111111.eu-west-1.hub.Key>'],
  [att('Key', 'KeyId'), '<111111111111.eu-west-1.hub.Key>'],
  [att('Function'), 'arn:aws:lambda:eu-west-1:111111111111:function:f'],
  [att('Group'), 'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/acme:*'],
  [att('Bucket'), 'arn:aws:s3:::b'],
  [{ Ref: 'Topic' }, 'arn:aws:sns:eu-west-1:111111111111:t'],
  [att('Topic', 'TopicArn'), 'arn:aws:sns:eu-west-1:111111111111:t'],
  [att('Queue'), 'arn:aws:sqs:eu-west-1:111111111111:acme-dlq'],
  [att('Queue', 'QueueName'), 'acme-dlq'],
  [{ Ref: 'Queue' }, 'https://sqs.eu-west-1.amazonaws.com/111111111111/acme-dlq'],
  [att('Queue', 'QueueUrl'), 'https://sqs.eu-west-1.amazonaws.com/111111111111/acme-dlq'],
  [{ 'Fn::GetAtt': 'Role.Arn' }, 'arn:aws:iam::111111111111:role/team/me'],
  [{ 'Fn::Join': ['', [att('Bucket'), '/*']] }, 'arn:aws:s3:::b/*'],
  [{ 'Fn::Sub': '${Bucket.Arn}/${Role}/${AWS::Region}' }, 'arn:aws:s3:::b/me/eu-west-1'],
  [{ 'Fn::Sub': ['${A}/${!aws:username}', { A: att('Bucket') }] }, 'arn:aws:s3:::b/${aws:username}'],
  [{ 'Fn::Select': [5, { 'Fn::Split': [':', att('Queue')] }] }, 'acme-dlq'],
  // What nobody tells stays in brackets.
  [att('Table'), '<Table.Arn>'],
  [{ Ref: 'Parameter' }, '<Parameter>'],
  [{ 'Fn::If': ['Condition', 'a', 'b'] }, '<Fn::If>'],
  [{ 'Fn::ImportValue': 'nothing' }, '<Fn::ImportValue>'],
  [
    [1, { Ref: 'AWS::NoValue' }, null, true],
    [1, null, true],
  ],
  [
    { a: { Ref: 'AWS::NoValue' }, b: 1, c: 2 },
    { b: 1, c: 2 },
  ],
])('%j comes to %j', (value, expected) => {
  expect(resolved(value)).toEqual(expected);
});

test('an import comes to what the other stack exports, in the same account and Region', () => {
  const exporting = (name: string, place?: typeof HERE) =>
    stackOf(
      name,
      {
        Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: name } } },
        Outputs: {
          Out: { Value: att('Role'), Export: { Name: { 'Fn::Sub': '${AWS::Region}:role' } } },
          Plain: { Value: 1 },
        },
      },
      place,
    );
  const elsewhere = exporting('elsewhere', { ...HERE, account: '222222222222' });
  const value = { 'Fn::ImportValue': 'eu-west-1:role' };
  expect(resolved(value, [elsewhere, exporting('other')])).toBe('arn:aws:iam::111111111111:role/other');
  expect(resolved(value, [elsewhere])).toBe('<Fn::ImportValue>');
});

test('a stack that does not know where it goes has no account', () => {
  const stack = stackOf('hub', { Resources: resources }, { account: 'unknown-account', region: 'unknown-region' });
  const [queue] = new References([stack]).resourcesOf('AWS::SQS::Queue');
  expect(queue.arn).toBe('arn:aws:sqs:<region>:<account>:acme-dlq');
});

test('ARNs are of the partition of the Region', () => {
  const stack = stackOf('hub', { Resources: resources }, { ...HERE, region: 'cn-north-1' });
  const [queue] = new References([stack]).resourcesOf('AWS::SQS::Queue');
  expect(queue.arn).toBe('arn:aws-cn:sqs:cn-north-1:111111111111:acme-dlq');
});
