import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { leaveOut } from '../../e2e/left-out';

let assembly: string;

beforeEach(() => {
  assembly = mkdtempSync(join(tmpdir(), 'left-out-'));
});

afterEach(() => rmSync(assembly, { recursive: true, force: true }));

/** An assembly with one stack: what is deployed of it, and what is printed. */
function left(Resources: object, others: object = {}) {
  const templateFile = 'orders.template.json';
  const stack = {
    type: 'aws:cloudformation:stack',
    environment: 'aws://222222222222/eu-west-1',
    properties: { templateFile },
  };
  writeFileSync(join(assembly, 'manifest.json'), JSON.stringify({ artifacts: { Orders: stack } }));
  writeFileSync(join(assembly, templateFile), JSON.stringify({ Resources, ...others }));
  const lines = leaveOut(assembly);
  return { lines, template: JSON.parse(readFileSync(join(assembly, templateFile), 'utf8')) };
}

const FUNCTION = { Type: 'AWS::Lambda::Function', Properties: { Timeout: 10 } };
const QUEUE = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } };
const ruleTo = (Arn: unknown, target: object = {}) => ({
  Type: 'AWS::Events::Rule',
  Properties: { EventBusName: 'shop-order', EventPattern: { source: ['a'] }, Targets: [{ Id: 'One', Arn, ...target }] },
});
const att = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

test.each([
  ['AWS::ApiGatewayV2::Api', 'refused'],
  ['AWS::ApiGatewayV2::Integration', 'refused'],
  ['AWS::ApiGatewayV2::Route', 'refused'],
  ['AWS::ApiGatewayV2::Stage', 'refused'],
  ['AWS::Events::Archive', 'refused'],
  ['AWS::Lambda::Function', 'needs Docker'],
  ['AWS::Lambda::Permission', 'needs the function'],
])('%s goes, and is named', (Type, reason) => {
  const { template, lines } = left({ Gone: { Type, Properties: {} }, Orders: QUEUE });
  expect(template.Resources).toEqual({ Orders: QUEUE });
  expect(lines).toEqual([`Orders: Gone (${Type}) is left out: ${reason}`]);
});

test('what the emulator takes stays as it is, and nothing is said of it', () => {
  const resources = {
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop-order' } },
    Orders: { ...QUEUE, DependsOn: ['Bus'], DeletionPolicy: 'Delete' },
    ToOrders: { ...ruleTo(att('Orders')), DependsOn: ['Bus', 'Orders'] },
  };
  const others = { Parameters: { Version: { Type: 'String' } }, Outputs: { Url: { Value: { Ref: 'Orders' } } } };
  expect(left(resources, others)).toEqual({ lines: [], template: { Resources: resources, ...others } });
});

test('a function that a rule calls is a queue of its name, which the rule finds', () => {
  const { template, lines } = left({ OnOrder: FUNCTION, ToOnOrder: ruleTo(att('OnOrder')) });
  expect(template.Resources).toEqual({ OnOrder: { Type: 'AWS::SQS::Queue' }, ToOnOrder: ruleTo(att('OnOrder')) });
  expect(lines).toEqual(['Orders: OnOrder (AWS::Lambda::Function) is a queue instead: needs Docker']);
});

test('a function that nothing but its permission names goes', () => {
  const permission = { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: att('CreateOrder') } };
  expect(left({ CreateOrder: FUNCTION, Permission: permission }).template.Resources).toEqual({});
});

test.each([
  ['the only one', 'Gone', undefined],
  ['the only one, in a list', ['Gone'], undefined],
  ['one of two', ['Gone', 'Other'], ['Other']],
  ['none', 'Other', ['Other']],
])('nothing waits for what is gone: %s', (_, DependsOn, expected) => {
  const resources = { Gone: FUNCTION, Other: QUEUE, Waiting: { ...QUEUE, DependsOn } };
  expect(left(resources).template.Resources.Waiting).toEqual(
    expected === undefined ? QUEUE : { ...QUEUE, DependsOn: expected },
  );
});

test('many retries become one, and nothing else of the target changes', () => {
  const target = (MaximumRetryAttempts: number) => ({
    DeadLetterConfig: { Arn: 'dlq' },
    RetryPolicy: { MaximumRetryAttempts, MaximumEventAgeInSeconds: 86400 },
  });
  const { template, lines } = left({ Orders: QUEUE, ToOrders: ruleTo(att('Orders'), target(185)) });
  expect(template.Resources.ToOrders).toEqual(ruleTo(att('Orders'), target(1)));
  expect(lines).toEqual([
    'Orders: ToOrders (AWS::Events::Rule) retries 1 time instead of 185: a failing target holds up the others',
  ]);
});

test.each([0, 1])('%s retries stay', (MaximumRetryAttempts) => {
  const rule = ruleTo('arn', { RetryPolicy: { MaximumRetryAttempts } });
  expect(left({ ToOrders: rule })).toEqual({ lines: [], template: { Resources: { ToOrders: rule } } });
});

// A reference that nobody made good would fail in the emulator, or worse, be taken there.
test.each([
  ['Ref', { Ref: 'Gone' }],
  ['Fn::GetAtt', { 'Fn::GetAtt': ['Gone', 'RoleId'] }],
  ['Fn::Sub', { 'Fn::Sub': 'arn:${Gone}' }],
  ['Fn::Sub of an attribute', { 'Fn::Sub': ['${Gone.Arn}', {}] }],
  ['deep inside', [{ a: [{ 'Fn::Join': ['', ['x', { Ref: 'Gone' }]] }] }]],
])('fails where a resource refers to what is gone: %s', (_, reference) => {
  const user = { Type: 'AWS::SSM::Parameter', Properties: { Value: reference } };
  expect(() => left({ Gone: FUNCTION, User: user })).toThrow('Orders: User refers to Gone');
});

test('fails where an output refers to what is gone', () => {
  const outputs = { Outputs: { Url: { Value: { Ref: 'Gone' } } } };
  expect(() => left({ Gone: FUNCTION }, outputs)).toThrow('Orders: an output refers to Gone');
});
