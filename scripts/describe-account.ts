import type { SynthesizedStack, TemplateResource } from '../src/testing/cloud-assembly';
import { nameOf, resolveIntrinsics } from '../src/testing/intrinsics';

type Properties = Record<string, any>;
type Describe = (name: string, properties: Properties) => string[];

/** What a reader of the demo wants to know of each type, in the order in which it is told. */
const KINDS: Record<string, Describe> = {
  'AWS::Events::EventBus': (name, p) => [
    `bus      ${name}${p.KmsKeyIdentifier ? ', encrypted with a customer managed key' : ''}`,
  ],
  'AWS::Events::EventBusPolicy': (_, p) => [`policy   ${p.EventBusName}: ${statementInWords(p.Statement)}`],
  'AWS::Events::Rule': (name, p) => [
    `rule     ${name} on ${short(p.EventBusName)}`,
    `           takes    ${JSON.stringify(p.EventPattern)}`,
    ...p.Targets.flatMap((t: Properties) => [
      `           target   ${short(t.Arn)}${t.RoleArn ? `, with role ${short(t.RoleArn)}` : ''}`,
      `           failed   ${t.DeadLetterConfig ? `to ${short(t.DeadLetterConfig.Arn)}` : 'LOST'}`,
    ]),
  ],
  'AWS::Events::Archive': (name, p) => [
    `archive  ${name} of ${short(p.SourceArn)}, ${p.RetentionDays ? `${p.RetentionDays} days` : 'for ever'}`,
  ],
  'AWS::IAM::Role': (name, p) => [
    `role     ${name} for ${p.AssumeRolePolicyDocument.Statement.map((s: Properties) => Object.values(s.Principal).join()).join()}${conditionInWords(p.AssumeRolePolicyDocument.Statement[0].Condition)}`,
  ],
  'AWS::IAM::ManagedPolicy': (_, p) => permissions(p),
  'AWS::IAM::Policy': (_, p) => permissions(p),
  'AWS::SQS::Queue': (name) => [`queue    ${name}`],
  'AWS::SQS::QueuePolicy': (_, p) =>
    p.PolicyDocument.Statement.map((s: Properties) => `policy   ${p.Queues.join()}: ${statementInWords(s)}`),
  'AWS::Logs::LogGroup': (name, p) => [
    `logs     ${name}, ${p.RetentionInDays ? `${p.RetentionInDays} days` : 'for ever'}`,
  ],
  'AWS::CloudWatch::Alarm': (_, p) => [`alarm    ${p.MetricName ?? metricIn(p.Metrics as Properties[])}`],
  'AWS::Lambda::Function': (name, p) => [
    `function ${name}${p.Environment?.Variables?.EVENT_BUS_ARN ? `, publishes on ${short(p.Environment.Variables.EVENT_BUS_ARN)}` : ''}`,
  ],
  'AWS::ApiGatewayV2::Route': (_, p) => [`api      ${p.RouteKey}`],
};

/** What an alarm on an expression watches. */
function metricIn([{ Expression }]: Properties[]): string {
  return /SUM\((\w+)\)/.exec(Expression)?.[1] ?? Expression;
}

/** Everything that was made in an account, a line or a few for each resource. */
export function describeAccount(title: string, stacks: SynthesizedStack[]): string {
  const lines = [title, '='.repeat(title.length)];
  for (const stack of stacks) {
    lines.push(`stack ${stack.name}`);
    const resources = Object.entries(stack.template.Resources ?? {});
    for (const [type, describe] of Object.entries(KINDS)) {
      for (const [id, resource] of resources.filter(([, r]) => r.Type === type)) {
        lines.push(...describe(nameOf(stack, id), resolved(stack, resource)).map((line) => `  ${line}`));
      }
    }
  }
  return lines.join('\n');
}

/** A policy statement as a sentence. */
function statementInWords(s: Properties): string {
  const principal =
    typeof s.Principal === 'string' ? s.Principal : Object.values(s.Principal).flat().map(String).map(short).join(', ');
  const who = principal === '*' ? 'anybody' : principal;
  return `${s.Effect === 'Allow' ? 'allows' : 'denies'} ${who} ${[s.Action].flat().join(', ')}${conditionInWords(s.Condition)}`;
}

const OPERATORS: [RegExp, string][] = [
  [/^ForAnyValue:StringNotEquals$/, 'has one not in'],
  [/NotEquals$/, 'is not'],
  [/Like$/, 'is like'],
  [/Equals$|^Bool$/, 'is'],
];

function conditionInWords(condition?: Record<string, Properties>): string {
  const parts = Object.entries(condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) =>
      operator === 'Null'
        ? `${key} is ${String(value) === 'true' ? 'absent' : 'present'}`
        : `${key} ${OPERATORS.find(([form]) => form.test(operator))?.[1] ?? operator} ${[value].flat().join(' or ')}`,
    ),
  );
  return parts.length > 0 ? ` where ${parts.join(' and ')}` : '';
}

function permissions(p: Properties): string[] {
  return p.PolicyDocument.Statement.filter((s: Properties) => [s.Action].flat().includes('events:PutEvents')).map(
    (s: Properties) =>
      `         ${[p.Roles].flat().join()} may put events on ${[s.Resource].flat().map(short).join(', ')}${conditionInWords(s.Condition)}`,
  );
}

const resolved = (stack: SynthesizedStack, resource: TemplateResource) =>
  resolveIntrinsics(stack, resource.Properties ?? {});

/** Of an ARN what tells it from others: the account where it is not obvious, and the resource. */
function short(arn: string): string {
  const [prefix, , service, , account, ...rest] = String(arn).split(':');
  if (prefix !== 'arn') return String(arn);
  const resource = rest
    .join(':')
    .replace(/^(event-bus|role|function|log-group)[/:]/, '')
    .replace(/:\*$/, '');
  if (service === 'iam' && resource === 'root') return `account ${account}`;
  return service === 'events' ? `${resource} (${account})` : resource;
}
