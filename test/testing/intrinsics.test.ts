import { mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { readAssembly, type SynthesizedStack } from '../../src/testing/cloud-assembly';
import { nameOf, resolveIntrinsics } from '../../src/testing/intrinsics';

const stack: SynthesizedStack = {
  name: 'acme-hub',
  account: '111111111111',
  region: 'eu-west-1',
  templateFile: 'acme-hub.template.json',
  template: {
    Resources: {
      Named: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dlq' } },
      Unnamed65F7B08C: { Type: 'AWS::SQS::Queue' },
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: { 'Fn::Join': ['-', ['acme', 'global']] } } },
      Topic: { Type: 'AWS::SNS::Topic' },
    },
  },
};

test.each([
  [{ Ref: 'AWS::AccountId' }, '111111111111'],
  [{ Ref: 'Named' }, 'dlq'],
  [{ Ref: 'Unnamed65F7B08C' }, '<Unnamed>'],
  [{ 'Fn::GetAtt': ['Named', 'Arn'] }, 'arn:aws:sqs:eu-west-1:111111111111:dlq'],
  [{ 'Fn::GetAtt': ['Named', 'QueueName'] }, 'dlq'],
  [{ 'Fn::GetAtt': ['Bus', 'Arn'] }, 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-global'],
  [{ 'Fn::GetAtt': ['Topic', 'TopicArn'] }, '<Topic.TopicArn>'],
  [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':x']] }, 'arn:aws:x'],
  [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'rule/bus/name'] }] }, 'bus'],
  [{ 'Fn::Sub': 'in ${AWS::Region} with ${Named}' }, 'in eu-west-1 with dlq'],
  [{ 'Fn::Sub': ['${A} and ${!Literal}', { A: { Ref: 'Named' } }] }, 'dlq and ${!Literal}'],
  [{ 'Fn::ImportValue': 'x' }, '<Fn::ImportValue>'],
  [
    [{ Ref: 'Named' }, 1, null, true],
    ['dlq', 1, null, true],
  ],
  [
    { Ref: 'Named', Other: 1 },
    { Ref: 'Named', Other: 1 },
  ],
])('%j is %j', (value, expected) => {
  expect(resolveIntrinsics(stack, value)).toEqual(expected);
});

test('the name of a resource that is not there', () => {
  expect(nameOf(stack, 'Nothing')).toBe('<Nothing>');
});

test('an assembly gives its stacks, those of stages too', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'assembly-'));
  const app = new App({ outdir });
  new sqs.Queue(new Stack(app, 'Top', { env: { account: '111111111111', region: 'eu-west-1' } }), 'Queue');
  new sqs.Queue(new Stack(new Stage(app, 'Prod'), 'Inner', { stackName: 'inner' }), 'Queue');
  app.synth();
  const stacks = readAssembly(outdir);
  expect(stacks.map(({ name, account, region }) => [name, account, region]).sort()).toEqual([
    ['Top', '111111111111', 'eu-west-1'],
    ['inner', 'unknown-account', 'unknown-region'],
  ]);
  for (const { template } of stacks) {
    expect(Object.values(template.Resources!).map(({ Type }) => Type)).toContain('AWS::SQS::Queue');
  }
});

test('fails for a folder that holds no assembly', () => {
  expect(() => readAssembly('/nowhere')).toThrow(
    '/nowhere is not a cloud assembly: it has no manifest.json; run "cdk synth" first',
  );
});
