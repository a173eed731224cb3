import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { SynthesizedStack } from './cloud-assembly';

/** Properties that carry the physical name of a resource, where it was given one. */
const NAME_PROPERTIES: Record<string, string> = {
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::Events::Archive': 'ArchiveName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Lambda::Function': 'FunctionName',
};

/** How the ARN of a resource ends, after partition, service, Region and account. */
const ARN_FORMS: Record<string, (name: string) => [service: string, resource: string]> = {
  'AWS::Events::EventBus': (name) => ['events', `event-bus/${name}`],
  'AWS::SQS::Queue': (name) => ['sqs', name],
  'AWS::Lambda::Function': (name) => ['lambda', `function:${name}`],
  'AWS::Logs::LogGroup': (name) => ['logs', `log-group:${name}:*`],
};

/**
 * Replaces intrinsic functions by what they will give, as far as the templates tell: the names that CloudFormation
 * will make stand as `<logical id>`.
 */
export function resolveIntrinsics(stack: SynthesizedStack, value: unknown): any {
  if (Array.isArray(value)) return value.map((item) => resolveIntrinsics(stack, item));
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) return evaluate(stack, key, argument);
  return Object.fromEntries(Object.entries(value).map(([k, inner]) => [k, resolveIntrinsics(stack, inner)]));
}

/** A logical id without the eight digits that the CDK puts behind it. */
const withoutHash = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, '');

/** The partition that a stack is deployed to. */
export const partitionOf = ({ region }: SynthesizedStack) => RegionInfo.get(region).partition ?? 'aws';

/** The physical name of a resource, or `<logical id>`. */
export function nameOf(stack: SynthesizedStack, logicalId: string): string {
  const resource = stack.template.Resources?.[logicalId];
  const property = resource && NAME_PROPERTIES[resource.Type];
  const name = property && resource.Properties?.[property];
  return name === undefined ? `<${withoutHash(logicalId)}>` : String(resolveIntrinsics(stack, name));
}

function evaluate(stack: SynthesizedStack, key: string, argument: any): any {
  const resolve = (value: unknown) => resolveIntrinsics(stack, value);
  switch (key) {
    case 'Ref':
      return pseudo(stack, argument) ?? nameOf(stack, argument);
    case 'Fn::GetAtt': {
      const [id, attribute] = argument;
      const form = ARN_FORMS[stack.template.Resources?.[id]?.Type ?? ''];
      if (attribute !== 'Arn' || form === undefined) {
        return attribute.endsWith('Name') ? nameOf(stack, id) : `<${withoutHash(id)}.${attribute}>`;
      }
      const [service, resource] = form(nameOf(stack, id));
      return `arn:${partitionOf(stack)}:${service}:${stack.region}:${stack.account}:${resource}`;
    }
    case 'Fn::Join':
      return argument[1].map(resolve).join(argument[0]);
    case 'Fn::Select':
      return resolve(argument[1])?.[argument[0]];
    case 'Fn::Split':
      return String(resolve(argument[1])).split(argument[0]);
    case 'Fn::Sub': {
      const [text, variables = {}] = Array.isArray(argument) ? argument : [argument];
      return String(text).replace(/\$\{([^}!]+)\}/g, (_, name) =>
        String(name in variables ? resolve(variables[name]) : resolve({ Ref: name })),
      );
    }
    default:
      return `<${key}>`;
  }
}

function pseudo(stack: SynthesizedStack, name: string): string | undefined {
  const values: Record<string, string> = {
    'AWS::AccountId': stack.account,
    'AWS::Region': stack.region,
    'AWS::Partition': partitionOf(stack),
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': RegionInfo.get(stack.region).domainSuffix ?? 'amazonaws.com',
  };
  return values[name];
}
