import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { SynthesizedStack } from './cloud-assembly';
import { isPlaceholder, isWord, PLACEHOLDER, unknownResult } from './placeholders';

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
      const [id, attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split(/\.(.*)/s);
      const form = ARN_FORMS[stack.template.Resources?.[id]?.Type ?? ''];
      if (attribute !== 'Arn' || form === undefined) {
        return attribute.endsWith('Name') ? nameOf(stack, id) : `<${withoutHash(id)}.${attribute}>`;
      }
      const [service, resource] = form(nameOf(stack, id));
      return `arn:${partitionOf(stack)}:${service}:${stack.region}:${stack.account}:${resource}`;
    }
    case 'Fn::Join': {
      const [delimiter, list] = [argument[0], resolve(argument[1])];
      return Array.isArray(list) ? join(list, delimiter) : unknownResult(key, list);
    }
    case 'Fn::Select': {
      const [index, list] = [resolve(argument[0]), resolve(argument[1])];
      return select(list, index) ?? unknownResult(key, index, list);
    }
    case 'Fn::Split': {
      const text = resolve(argument[1]);
      return typeof text === 'string' ? split(stack, text, argument[0]) : unknownResult(key, text);
    }
    case 'Fn::Sub': {
      const [text, variables = {}] = Array.isArray(argument) ? argument : [argument];
      return String(text).replace(/\$\{([^}!]+)\}/g, (_, name) =>
        textOf(name in variables ? resolve(variables[name]) : resolve({ Ref: name })),
      );
    }
    default:
      return `<${key}>`;
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'object' || value === undefined ? unknownResult('text', value) : String(value);

/** What `Fn::If` gives may be no value at all, which takes its place in a list with it. */
const MAY_BE_NOTHING = '<Fn::If>';

function join(list: unknown[], delimiter: string): string {
  const text = list.map(textOf).join(delimiter);
  if (delimiter === '') return text;
  return text
    .replaceAll(`${delimiter}${MAY_BE_NOTHING}`, MAY_BE_NOTHING)
    .replaceAll(`${MAY_BE_NOTHING}${delimiter}`, MAY_BE_NOTHING);
}

function select(list: unknown, index: unknown): unknown {
  if (!Array.isArray(list) || !/^\d+$/.test(String(index))) return undefined;
  const found = list[Number(index)];
  return list.slice(0, Number(index) + 1).includes(MAY_BE_NOTHING) ? undefined : found;
}

/** From the first placeholder on that may hold the delimiter, one element stands for the rest of the list. */
function split(stack: SynthesizedStack, text: string, delimiter: string): string[] {
  const isInName = /^[\w.-]*$/.test(delimiter);
  const parts = text.split(new RegExp(`(${PLACEHOLDER.source})`));
  const end = parts.findIndex((part) => isPlaceholder(part) && (isInName || !(isWord(part) || isNameIn(stack, part))));
  if (end === -1) return text.split(delimiter);
  const known = parts.slice(0, end).join('').split(delimiter);
  return [...known.slice(0, -1), unknownResult('Fn::Split', text)];
}

/** Whether a placeholder is the name of a resource of the stack. */
const isNameIn = ({ template: { Resources = {} } }: SynthesizedStack, placeholder: string): boolean =>
  Object.entries(Resources).some(([id, { Type }]) => Type in NAME_PROPERTIES && placeholder === `<${withoutHash(id)}>`);

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
