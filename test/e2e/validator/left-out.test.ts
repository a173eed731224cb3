import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { leaveOut } from '../../../e2e/validator/left-out';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'left-out-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** What is deployed of a stack, and what is printed. */
function left(Resources: any, others: object = {}) {
  const templateFile = join(directory, 'hub.template.json');
  const template = { Resources, ...others };
  writeFileSync(templateFile, JSON.stringify(template));
  const lines = leaveOut([{ name: 'hub', account: '111111111111', region: 'eu-west-1', templateFile, template }]);
  return { lines, template: JSON.parse(readFileSync(templateFile, 'utf8')) };
}

const QUEUE = { Type: 'AWS::SQS::Queue', Properties: {} };
const ALARM = 'AWS::CloudWatch::Alarm';

test.each([
  ['AWS::Events::EventBusPolicy', 'refused; so whoever publishes is let in'],
  ['AWS::Events::Archive', 'refused'],
  ['AWS::EventSchemas::Registry', 'refused'],
  ['AWS::EventSchemas::Schema', 'refused'],
  ['AWS::Logs::DeliverySource', 'refused'],
  ['AWS::Logs::Delivery', 'refused'],
])('%s goes, and is named', (Type, reason) => {
  const { template, lines } = left({ Gone: { Type, Properties: {} }, Kept: QUEUE });
  expect(template.Resources).toEqual({ Kept: QUEUE });
  expect(lines).toEqual([`hub: Gone (${Type}) is left out: ${reason}`]);
});

test('an alarm on an expression goes, one on a metric stays', () => {
  const alarm = (Properties: object) => ({ Type: ALARM, Properties });
  const { template, lines } = left({ Ratio: alarm({ Metrics: [] }), Count: alarm({ MetricName: 'Invalid' }) });
  expect(Object.keys(template.Resources)).toEqual(['Count']);
  expect(lines).toEqual([`hub: Ratio (${ALARM}) is left out: an alarm on an expression is refused`]);
});

test('what the emulator takes stays as it is: the function, its mapping, its rule and all else of the template', () => {
  const resources = {
    Function: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs24.x' } },
    Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { Ref: 'Function' } } },
    Rule: { Type: 'AWS::Events::Rule', Properties: { Targets: [] }, DependsOn: ['Function'] },
    Logs: { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'Delete' },
  };
  const others = { Parameters: { Version: { Type: 'String' } } };
  expect(left(resources, others)).toEqual({ lines: [], template: { Resources: resources, ...others } });
});

test('nothing waits for what is gone', () => {
  const archive = { Type: 'AWS::Events::Archive', Properties: {} };
  const { template } = left({ Gone: archive, Waiting: { ...QUEUE, DependsOn: ['Gone', 'Other'] }, Other: QUEUE });
  expect(template.Resources.Waiting).toEqual({ ...QUEUE, DependsOn: ['Other'] });
});

test.each([
  ['a resource', { User: { Type: 'AWS::SSM::Parameter', Properties: { Value: { Ref: 'Gone' } } } }, {}, 'User'],
  ['an output', {}, { Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Gone', 'Arn'] } } } }, 'an output'],
])('fails where %s refers to what is gone, and names the list', (_, resources, others, who) => {
  const archive = { Type: 'AWS::Events::Archive', Properties: {} };
  expect(() => left({ Gone: archive, ...resources }, others)).toThrow(
    new RegExp(`hub: ${who} refers to Gone\\n.*e2e/validator/left-out\\.ts`),
  );
});
