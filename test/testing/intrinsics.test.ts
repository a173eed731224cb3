import { mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
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
  [{ 'Fn::GetAtt': 'Named.Arn' }, 'arn:aws:sqs:eu-west-1:111111111111:dlq'],
  // A name that CloudFormation will make has no colon and no slash, so that what is around it can be told.
  [{ 'Fn::Split': ['/', { 'Fn::Join': ['/', ['a', { Ref: 'Unnamed65F7B08C' }, 'b']] }] }, ['a', '<Unnamed>', 'b']],
  [{ 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
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

const parameter = { Ref: 'Parameter' };
const colons = (text: unknown) => ({ 'Fn::Split': [':', text] });

// CloudFormation fails for some of these, and for others gives what nobody here can know.
test.each<[what: string, value: unknown]>([
  ['an element that is not there', { 'Fn::Select': [2, ['a', 'b']] }],
  ['an element whose number is not known', { 'Fn::Select': [parameter, ['a', 'b']] }],
  ['an element without a number', { 'Fn::Select': ['', ['a', 'b']] }],
  ['an element of a parameter', { 'Fn::Select': [0, parameter] }],
  ['an element behind one that may be nothing', { 'Fn::Select': [1, [{ 'Fn::If': ['C', 'a', 'b'] }, 'c']] }],
  ['an element of a parameter that is split', { 'Fn::Select': [0, colons(parameter)] }],
  ['an element at a parameter', { 'Fn::Select': [1, colons({ 'Fn::Join': ['', ['a:b', parameter]] })] }],
  ['an element behind a parameter', { 'Fn::Select': [2, colons({ 'Fn::Join': [':', ['a', parameter, 'c']] })] }],
  ['a list that is a parameter', { 'Fn::Join': [':', parameter] }],
  ['a list with a list', { 'Fn::Join': ['', [['a']]] }],
  ['a split of a list', colons(['a'])],
])('%s is not known', (_, value) => {
  expect(resolveIntrinsics(stack, value)).toMatch(/^<[^<>]*>$/);
});

test('what stands before a parameter is known', () => {
  const split = colons({ 'Fn::Join': ['', ['arn:aws:sqs:', parameter, ':q']] });
  expect(resolveIntrinsics(stack, { 'Fn::Select': [2, split] })).toBe('sqs');
  expect(resolveIntrinsics(stack, split)).toEqual(['arn', 'aws', 'sqs', expect.stringMatching(/^<[^<>]*>$/)]);
});

test('two that are not known are two', () => {
  const [a, b] = [1, 2].map((index) => resolveIntrinsics(stack, { 'Fn::Select': [index, colons(parameter)] }));
  expect(a).not.toBe(b);
});

test('a name may hold a dash, and no colon', () => {
  const first = (delimiter: string) =>
    resolveIntrinsics(stack, { 'Fn::Select': [0, { 'Fn::Split': [delimiter, { Ref: 'Unnamed65F7B08C' }] }] });
  expect(first(':')).toBe('<Unnamed>');
  expect(first('-')).toMatch(/^<Fn::Split/);
});

test('what may be nothing takes a delimiter with it', () => {
  const list = ['a', { 'Fn::If': ['C', 'b', { Ref: 'AWS::NoValue' }] }, 'c'];
  expect(resolveIntrinsics(stack, { 'Fn::Join': [',', list] })).toBe('a<Fn::If>c');
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

test('nested stacks are inside those that make them', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'assembly-'));
  const app = new App({ outdir });
  const env = { account: '111111111111', region: 'eu-west-1' };
  const outer = new NestedStack(new Stack(app, 'Top', { env }), 'Outer');
  new sqs.Queue(new NestedStack(outer, 'Inner'), 'Queue');
  app.synth();
  const [top, ...others] = readAssembly(outdir);
  expect(others).toEqual([]);
  const [[outerId, { nested, ...place }]] = Object.entries(top.nested!);
  expect(place).toMatchObject({ ...env, name: `Top/${outerId}` });
  const [inner] = Object.values(nested!);
  expect(Object.values(inner.template.Resources!).map(({ Type }) => Type)).toContain('AWS::SQS::Queue');
});

test('fails for a folder that holds no assembly', () => {
  expect(() => readAssembly('/nowhere')).toThrow(
    '/nowhere is not a cloud assembly: it has no manifest.json; run "cdk synth" first',
  );
});
