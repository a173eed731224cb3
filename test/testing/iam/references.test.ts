import type { SynthesizedStack } from '../../../src/testing/cloud-assembly';
import { MACRO, References } from '../../../src/testing/iam/references';

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
  Alias: { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live', FunctionName: { Ref: 'Function' } } },
  Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
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
  [{ Ref: 'Alias' }, 'arn:aws:lambda:eu-west-1:111111111111:function:f:live'],
  [att('Alias', 'AliasArn'), 'arn:aws:lambda:eu-west-1:111111111111:function:f:live'],
  [{ Ref: 'Version' }, 'arn:aws:lambda:eu-west-1:111111111111:function:f:<111111111111.eu-west-1.hub.Version>'],
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
  // A key has a name with neither colons nor slashes, whatever it will be.
  [{ 'Fn::Select': [1, { 'Fn::Split': ['/', att('Key')] }] }, '<111111111111.eu-west-1.hub.Key>'],
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
  expect(queue.arn).toBe('arn:aws:sqs:<stack region>:<stack account>:acme-dlq');
});

test('what stands around an account and a Region that nobody knows', () => {
  const value = { 'Fn::Select': [5, { 'Fn::Split': [':', att('Queue')] }] };
  const template = { Resources: { ...resources, Probe: { Type: 'Test::Probe', Properties: { value } } } };
  const stack = stackOf('hub', template, { account: 'unknown-account', region: 'unknown-region' });
  expect(new References([stack]).resourcesOf('Test::Probe')[0].properties.value).toBe('acme-dlq');
});

test('a template with a macro, and a resource that is a loop, are among the types', () => {
  const typesOf = (template: object) => new References([stackOf('hub', template)]).types().map(({ type }) => type);
  expect(typesOf({ Resources: { Table: resources.Table } })).toEqual(['AWS::DynamoDB::Table']);
  expect(typesOf({ Transform: 'AWS::Serverless-2016-10-31' })).toEqual([MACRO]);
  expect(typesOf({ Resources: { 'Fn::ForEach::Roles': ['Name', ['a'], {}] } })).toEqual([MACRO]);
});

describe('a nested stack', () => {
  const inner = stackOf('hub/Nested', {
    Parameters: { Given: { Type: 'String' }, List: { Type: 'CommaDelimitedList' }, Missing: { Type: 'String' } },
    Resources: {
      Probe: {
        Type: 'Test::Probe',
        Properties: {
          given: { Ref: 'Given' },
          inText: { 'Fn::Sub': '${Given}/x' },
          list: { Ref: 'List' },
          missing: { Ref: 'Missing' },
        },
      },
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'inner' } },
    },
    Outputs: { Out: { Value: att('Role') } },
  });
  const outer = (nested: Record<string, SynthesizedStack>, more = {}) => ({
    ...stackOf('hub', {
      Resources: {
        ...resources,
        Nested: {
          Type: 'AWS::CloudFormation::Stack',
          Properties: { Parameters: { Given: att('Bus'), List: 'a,b' } },
          ...more,
        },
        Outer: { Type: 'Test::Probe', Properties: { out: att('Nested', 'Outputs.Out') } },
      },
    }),
    nested,
  });

  test('has what it is given, and gives what it puts out', () => {
    const [outside, inside] = new References([outer({ Nested: inner })]).resourcesOf('Test::Probe');
    expect(inside.properties).toEqual({
      given: 'arn:aws:events:eu-west-1:111111111111:event-bus/acme',
      inText: 'arn:aws:events:eu-west-1:111111111111:event-bus/acme/x',
      // How CloudFormation takes a list apart is not followed here.
      list: '<List>',
      missing: '<Missing>',
    });
    expect(outside.properties).toEqual({ out: 'arn:aws:iam::111111111111:role/inner' });
    expect([outside.conditional, inside.conditional]).toEqual([false, false]);
  });

  test('under a condition, all of it is', () => {
    const [outside, inside] = new References([outer({ Nested: inner }, { Condition: 'C' })]).resourcesOf('Test::Probe');
    expect([outside.conditional, inside.conditional]).toEqual([false, true]);
  });

  test('whose template is not there is among the types', () => {
    const types = (nested: Record<string, SynthesizedStack>) =>
      new References([outer(nested)]).types().map(({ type }) => type);
    expect(types({})).toContain('AWS::CloudFormation::Stack');
    expect(types({ Nested: inner })).not.toContain('AWS::CloudFormation::Stack');
  });
});

test('ARNs are of the partition of the Region', () => {
  const stack = stackOf('hub', { Resources: resources }, { ...HERE, region: 'cn-north-1' });
  const [queue] = new References([stack]).resourcesOf('AWS::SQS::Queue');
  expect(queue.arn).toBe('arn:aws-cn:sqs:cn-north-1:111111111111:acme-dlq');
});
