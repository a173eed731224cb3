import { NESTED_STACK, type SynthesizedStack, type TemplateResource } from '../cloud-assembly';
import { partitionOf, resolveIntrinsics } from '../intrinsics';
import { generatedName, STACK_ACCOUNT, STACK_REGION } from '../placeholders';

interface Form {
  /** The property with the name that the user gave. */
  readonly name?: string;
  /** The service of the ARN, how much of Region and account it carries, and its last part. */
  readonly arn: (name: string, properties: Record<string, any>) => [service: string, place: Place, resource: string];
  /** The attribute with the ARN, where it is not `Arn`. */
  readonly arnAttribute?: string;
  /** What `Ref` gives, where it is not the name. */
  readonly ref?: 'arn' | 'url';
}

/** Instead of the type of a resource: what a macro makes of a template, or of a loop in it, is not followed here. */
export const MACRO = 'macro';

type Place = 'Region and account' | 'account' | 'nothing';

const HERE = 'Region and account';

const FORMS: Record<string, Form> = {
  'AWS::Events::EventBus': { name: 'Name', arn: (name) => ['events', HERE, `event-bus/${name}`] },
  'AWS::Events::Archive': { name: 'ArchiveName', arn: (name) => ['events', HERE, `archive/${name}`] },
  'AWS::Events::Rule': { name: 'Name', arn: (name, rule) => ['events', HERE, `rule/${pathOfBus(rule)}${name}`] },
  'AWS::IAM::Role': { name: 'RoleName', arn: (name, { Path = '/' }) => ['iam', 'account', `role${Path}${name}`] },
  'AWS::IAM::User': { name: 'UserName', arn: (name, { Path = '/' }) => ['iam', 'account', `user${Path}${name}`] },
  'AWS::IAM::ManagedPolicy': {
    name: 'ManagedPolicyName',
    arn: (name, { Path = '/' }) => ['iam', 'account', `policy${Path}${name}`],
    arnAttribute: 'PolicyArn',
    ref: 'arn',
  },
  'AWS::Kinesis::Stream': { name: 'Name', arn: (name) => ['kinesis', HERE, `stream/${name}`] },
  'AWS::KinesisFirehose::DeliveryStream': {
    name: 'DeliveryStreamName',
    arn: (name) => ['firehose', HERE, `deliverystream/${name}`],
  },
  'AWS::KMS::Key': { arn: (id) => ['kms', HERE, `key/${id}`] },
  'AWS::Lambda::Alias': {
    name: 'Name',
    arn: (name, alias) => ['lambda', HERE, `function:${functionName(alias)}:${name}`],
    arnAttribute: 'AliasArn',
    ref: 'arn',
  },
  'AWS::Lambda::Function': { name: 'FunctionName', arn: (name) => ['lambda', HERE, `function:${name}`] },
  'AWS::Lambda::Version': {
    arn: (number, version) => ['lambda', HERE, `function:${functionName(version)}:${number}`],
    arnAttribute: 'FunctionArn',
    ref: 'arn',
  },
  'AWS::Logs::LogGroup': { name: 'LogGroupName', arn: (name) => ['logs', HERE, `log-group:${name}:*`] },
  'AWS::S3::Bucket': { name: 'BucketName', arn: (name) => ['s3', 'nothing', name] },
  'AWS::SNS::Topic': { name: 'TopicName', arn: (name) => ['sns', HERE, name], arnAttribute: 'TopicArn', ref: 'arn' },
  'AWS::SQS::Queue': { name: 'QueueName', arn: (name) => ['sqs', HERE, name], ref: 'url' },
};

/** The default bus stands in no ARN of a rule. */
function pathOfBus({ EventBusName: bus = 'default' }: Record<string, any>): string {
  const name = String(bus).split(':event-bus/').at(-1);
  return name === 'default' ? '' : `${name}/`;
}

const functionName = ({ FunctionName }: Record<string, any>) => String(FunctionName).replace(/^.*:function:/, '');

/** A resource of a template, everything in it resolved. */
export interface ResolvedResource {
  readonly stack: SynthesizedStack;
  readonly logicalId: string;
  readonly type: string;
  /** Where the type is one whose ARN is known here. */
  readonly arn?: string;
  readonly properties: Record<string, any>;
  /** Whether a condition of the template decides if there is such a resource. */
  readonly conditional: boolean;
}

/**
 * The references inside and between templates, replaced by what they will give: real ARNs, and `<…>` for what only the
 * deployment tells.
 */
export class References {
  private readonly stacks: SynthesizedStack[];
  private readonly exports = new Map<string, () => unknown>();
  /** Where nested stacks are made. */
  private readonly makers = new Map<SynthesizedStack, { stack: SynthesizedStack; logicalId: string }>();

  constructor(stacks: SynthesizedStack[]) {
    this.stacks = stacks.map(placed).flatMap((stack) => this.withNested(stack));
    for (const stack of this.stacks) {
      for (const { Value, Export } of Object.values(stack.template.Outputs ?? {})) {
        if (Export === undefined) continue;
        this.exports.set(exportKey(stack, this.resolve(stack, Export.Name)), () => this.resolve(stack, Value));
      }
    }
  }

  /** Every resource of these types. */
  public resourcesOf(...types: string[]): ResolvedResource[] {
    return this.stacks.flatMap((stack) =>
      Object.entries(stack.template.Resources ?? {})
        .filter(([, { Type }]) => types.includes(Type))
        .map(([logicalId, resource]) => ({
          stack,
          logicalId,
          type: resource.Type,
          arn: this.arnOf(stack, logicalId),
          properties: this.resolve(stack, resource.Properties ?? {}),
          conditional: this.isConditional(stack, logicalId),
        })),
    );
  }

  /** The types of all resources, and the account of each; of nested stacks those that cannot be read. */
  public types(): { type: string; account: string }[] {
    return this.stacks.flatMap((stack) => {
      const types = Object.entries(stack.template.Resources ?? {})
        .filter(([logicalId]) => this.nestedIn(stack, logicalId) === undefined)
        .map(([, { Type = MACRO }]) => Type);
      return [...types, ...(stack.template.Transform === undefined ? [] : [MACRO])].map((type) => ({
        type,
        account: stack.account,
      }));
    });
  }

  /** A stack and those that are nested in it, which go where it goes. */
  private withNested(stack: SynthesizedStack): SynthesizedStack[] {
    const nested = Object.entries(stack.nested ?? {}).flatMap(([logicalId, inner]) => {
      const here = { ...inner, account: stack.account, region: stack.region };
      this.makers.set(here, { stack, logicalId });
      return this.withNested(here);
    });
    return [stack, ...nested];
  }

  private nestedIn(stack: SynthesizedStack, logicalId: string): SynthesizedStack | undefined {
    if (resourceOf(stack, logicalId)?.Type !== NESTED_STACK) return undefined;
    return [...this.makers].find(([, maker]) => maker.stack === stack && maker.logicalId === logicalId)?.[0];
  }

  private isConditional(stack: SynthesizedStack, logicalId: string): boolean {
    if (resourceOf(stack, logicalId)?.Condition !== undefined) return true;
    const maker = this.makers.get(stack);
    return maker !== undefined && this.isConditional(maker.stack, maker.logicalId);
  }

  private resolve(stack: SynthesizedStack, value: unknown): any {
    return resolveIntrinsics(stack, this.withReferences(stack, value));
  }

  private arnOf(stack: SynthesizedStack, logicalId: string): string | undefined {
    const found = resourceOf(stack, logicalId);
    const form = found && FORMS[found.Type];
    if (form === undefined) return undefined;
    const { Path, EventBusName, FunctionName } = found!.Properties ?? {};
    const properties = this.resolve(stack, {
      ...(Path && { Path }),
      ...(EventBusName && { EventBusName }),
      ...(FunctionName && form.name !== 'FunctionName' && { FunctionName }),
    });
    const [service, place, resource] = form.arn(this.nameOf(stack, logicalId), properties);
    const where = place === 'nothing' ? ':' : `${place === HERE ? stack.region : ''}:${stack.account}`;
    return `arn:${partitionOf(stack)}:${service}:${where}:${resource}`;
  }

  private nameOf(stack: SynthesizedStack, logicalId: string): string {
    const { Type, Properties = {} } = resourceOf(stack, logicalId)!;
    const { name } = FORMS[Type];
    const given = name === undefined ? undefined : this.resolve(stack, Properties[name]);
    return given === undefined ? generatedName(stack, logicalId) : String(given);
  }

  /** @returns anything that a parameter may be given, text otherwise */
  private refOf(stack: SynthesizedStack, logicalId: string): any {
    if (resourceOf(stack, logicalId) === undefined) return this.parameterOf(stack, logicalId);
    const form = FORMS[resourceOf(stack, logicalId)?.Type ?? ''];
    if (form === undefined) return undefined;
    if (form.ref === 'arn') return this.arnOf(stack, logicalId);
    const name = this.nameOf(stack, logicalId);
    return form.ref === 'url' ? `https://sqs.${stack.region}.amazonaws.com/${stack.account}/${name}` : name;
  }

  /** What a nested stack is given by the one that makes it. */
  private parameterOf(stack: SynthesizedStack, name: string): any {
    const maker = this.makers.get(stack);
    const type = stack.template.Parameters?.[name]?.Type;
    if (maker === undefined || (type !== 'String' && type !== 'Number')) return undefined;
    const { Parameters = {} } = resourceOf(maker.stack, maker.logicalId)!.Properties ?? {};
    return Object.hasOwn(Parameters, name) ? this.resolve(maker.stack, Parameters[name]) : undefined;
  }

  /** @param argument a list, or `<logical id>.<attribute>` */
  private attributeOf(stack: SynthesizedStack, argument: unknown): any {
    const [logicalId, attribute] = Array.isArray(argument) ? argument : String(argument).split(/\.(.*)/s);
    const nested = this.nestedIn(stack, logicalId);
    if (nested !== undefined) {
      const output = nested.template.Outputs?.[String(attribute).replace(/^Outputs\./, '')];
      return output && this.resolve(nested, output.Value);
    }
    const form = FORMS[resourceOf(stack, logicalId)?.Type ?? ''];
    if (form === undefined) return undefined;
    if (attribute === (form.arnAttribute ?? 'Arn')) return this.arnOf(stack, logicalId);
    if (attribute === 'QueueUrl') return this.refOf(stack, logicalId);
    return attribute === form.name || attribute === 'KeyId' ? this.nameOf(stack, logicalId) : undefined;
  }

  /** References are replaced here, the functions around them by `resolveIntrinsics`. */
  private withReferences(stack: SynthesizedStack, value: any): any {
    const again = (inner: unknown) => this.withReferences(stack, inner);
    if (Array.isArray(value)) return value.map(again).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries<any>(value);
    if (entries.length === 1) {
      const [[name, argument]] = entries;
      if (name === 'Ref') return argument === 'AWS::NoValue' ? NO_VALUE : (this.refOf(stack, argument) ?? value);
      if (name === 'Fn::GetAtt') return this.attributeOf(stack, argument) ?? value;
      if (name === 'Fn::Sub') return this.substitution(stack, argument);
      if (name === 'Fn::ImportValue') {
        return this.exports.get(exportKey(stack, this.resolve(stack, argument)))?.() ?? value;
      }
    }
    const known = entries.map(([name, inner]) => [name, again(inner)]).filter(([, inner]) => inner !== NO_VALUE);
    return Object.fromEntries(known);
  }

  /** `Fn::Sub` names resources inside its text: they become variables of it. */
  private substitution(stack: SynthesizedStack, argument: unknown): unknown {
    const [text, given = {}] = Array.isArray(argument) ? argument : [argument];
    const variables: Record<string, unknown> = this.withReferences(stack, given);
    for (const [, name] of String(text).matchAll(/\$\{([^}!]+)\}/g)) {
      const value = name.includes('.') ? this.attributeOf(stack, name) : this.refOf(stack, name);
      if (!Object.hasOwn(variables, name) && value !== undefined) variables[name] = value;
    }
    return resolveIntrinsics(stack, { 'Fn::Sub': [text, variables] }).replaceAll('${!', '${');
  }
}

const NO_VALUE = Symbol('AWS::NoValue');

/**
 * A stack that does not know where it goes has an account that nobody knows, and not one called "unknown-account". All
 * such stacks of an app go to one account and Region.
 */
const placed = (stack: SynthesizedStack): SynthesizedStack => ({
  ...stack,
  account: /^\d{12}$/.test(stack.account) ? stack.account : STACK_ACCOUNT,
  region: /^[a-z]+-[a-z-]+-\d+$/.test(stack.region) ? stack.region : STACK_REGION,
});

const resourceOf = (
  { template: { Resources = {} } }: SynthesizedStack,
  logicalId: string,
): TemplateResource | undefined => (Object.hasOwn(Resources, logicalId) ? Resources[logicalId] : undefined);

const exportKey = ({ account, region }: SynthesizedStack, name: unknown) => `${account} ${region} ${String(name)}`;
