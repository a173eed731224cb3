import {
  parsePolicyDocument,
  parseStatement,
  type Origin,
  type PolicyDocument,
  type PolicyKind,
} from './policy-document';
import { MACRO, type ResolvedResource } from './references';
import { NESTED_STACK, type SynthesizedStack } from '../cloud-assembly';
import { partitionOf } from '../intrinsics';
import { isPlaceholder } from '../placeholders';

const originOf = ({ stack, logicalId }: ResolvedResource): Origin => ({ stack: stack.name, logicalId });

/** Reads a policy document that stands in a resource. */
export const parse = (resource: ResolvedResource, document: unknown, kind: PolicyKind): PolicyDocument =>
  parsePolicyDocument(document, kind, originOf(resource));

interface OwnPolicy {
  /** Where the resource itself may hold it. */
  readonly property?: string;
  readonly kind: PolicyKind;
  /** The policy where no template has one. */
  readonly otherwise?: (resource: ResolvedResource) => unknown;
}

/** Resources with a policy, and the property that holds it; in some a resource of its own does. */
export const OWN_POLICIES: Record<string, OwnPolicy | undefined> = {
  'AWS::Events::EventBus': { property: 'Policy', kind: 'resource' },
  'AWS::IAM::Role': { property: 'AssumeRolePolicyDocument', kind: 'trust' },
  'AWS::KMS::Key': { property: 'KeyPolicy', kind: 'resource', otherwise: defaultKeyPolicy },
  'AWS::Logs::LogGroup': { property: 'ResourcePolicyDocument', kind: 'resource' },
  'AWS::Kinesis::Stream': undefined,
  'AWS::KinesisFirehose::DeliveryStream': undefined,
  'AWS::Lambda::Function': undefined,
  'AWS::S3::Bucket': undefined,
  'AWS::SNS::Topic': { kind: 'resource', otherwise: defaultTopicPolicy },
  'AWS::SQS::Queue': undefined,
};

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function defaultKeyPolicy({ stack }: ResolvedResource) {
  const Principal = { AWS: `arn:${partitionOf(stack)}:iam::${stack.account}:root` };
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' } };
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html */
function defaultTopicPolicy({ arn, stack }: ResolvedResource) {
  const actions = [
    'GetTopicAttributes',
    'SetTopicAttributes',
    'AddPermission',
    'RemovePermission',
    'DeleteTopic',
    'Subscribe',
    'ListSubscriptionsByTopic',
    'Publish',
  ];
  return {
    Version: '2008-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: actions.map((name) => `sns:${name}`),
      Resource: arn,
      Condition: { StringEquals: { 'aws:SourceOwner': stack.account } },
    },
  };
}

interface AttachedPolicy {
  /** The ARNs that it is attached to. */
  readonly owners: (policy: ResolvedResource) => string[];
  /** What it is called there: of two policies with one name the later replaces the earlier. */
  readonly name?: (policy: ResolvedResource) => string;
  readonly document: (policy: ResolvedResource, owner: string) => PolicyDocument;
}

const ONLY_ONE = () => 'policy';

const wholeDocument = (policy: ResolvedResource) => parse(policy, policy.properties.PolicyDocument, 'resource');

/** Policies that are resources of their own. */
export const ATTACHED_POLICIES: Record<string, AttachedPolicy> = {
  'AWS::Events::EventBusPolicy': {
    owners: ({ stack, properties: { EventBusName: bus = 'default' } }) => [
      String(bus).startsWith('arn:') ? bus : arnHere(stack, 'events', `event-bus/${bus}`),
    ],
    name: ({ properties }) => String(properties.StatementId),
    document: (policy, owner) => single(policy, policy.properties.Statement ?? olderStatement(policy, owner)),
  },
  'AWS::Kinesis::ResourcePolicy': {
    owners: ({ stack, properties: { ResourceArn } }) => [arnOr(stack, 'kinesis', ResourceArn)],
    name: ONLY_ONE,
    document: (policy) => parse(policy, policy.properties.ResourcePolicy, 'resource'),
  },
  'AWS::Lambda::Permission': {
    owners: ({ stack, properties: { FunctionName } }) => [functionArn(stack, String(FunctionName))],
    document: (policy, owner) => single(policy, permissionStatement(policy, owner)),
  },
  'AWS::S3::BucketPolicy': {
    owners: ({ stack, properties: { Bucket } }) => [`arn:${partitionOf(stack)}:s3:::${Bucket}`],
    name: ONLY_ONE,
    document: wholeDocument,
  },
  'AWS::SNS::TopicInlinePolicy': {
    owners: ({ stack, properties: { TopicArn } }) => [arnOr(stack, 'sns', TopicArn)],
    name: ONLY_ONE,
    document: wholeDocument,
  },
  'AWS::SNS::TopicPolicy': {
    owners: ({ stack, properties: { Topics } }) => [Topics].flat().map((arn) => arnOr(stack, 'sns', arn)),
    name: ONLY_ONE,
    document: wholeDocument,
  },
  'AWS::SQS::QueueInlinePolicy': {
    owners: ({ stack, properties: { Queue } }) => [queueArn(stack, Queue)],
    name: ONLY_ONE,
    document: wholeDocument,
  },
  'AWS::SQS::QueuePolicy': {
    owners: ({ stack, properties: { Queues } }) => [Queues].flat().map((url) => queueArn(stack, url)),
    name: ONLY_ONE,
    document: wholeDocument,
  },
};

/** Policies that say something else than who may do what, or of what is never judged here. */
const OTHER_POLICIES = [
  'AWS::IAM::GroupPolicy',
  'AWS::Lambda::LayerVersionPermission',
  'AWS::Logs::AccountPolicy',
  'AWS::S3::MultiRegionAccessPointPolicy',
];

/** Policies of identities. */
export const IDENTITY_POLICIES = [
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
];

export const LOG_POLICY = 'AWS::Logs::ResourcePolicy';

/** The services whose policies are read, as templates and as ARNs name them. */
const SERVICES: Record<string, string> = {
  Events: 'events',
  IAM: 'iam',
  KMS: 'kms',
  Kinesis: 'kinesis',
  KinesisFirehose: 'firehose',
  Lambda: 'lambda',
  Logs: 'logs',
  S3: 's3',
  SNS: 'sns',
  SQS: 'sqs',
};

/**
 * The service about which a resource may say more than is read here: a kind of policy that is not known, a nested stack
 * that is not in the assembly, or what a macro makes. `*` is any.
 */
export function unreadService(type: string): string | undefined {
  if (type === NESTED_STACK || type === MACRO) return '*';
  const known = [...Object.keys(ATTACHED_POLICIES), ...IDENTITY_POLICIES, LOG_POLICY, ...OTHER_POLICIES];
  if (!/(Policy|Permission)$/.test(type) || known.includes(type)) return undefined;
  const [vendor, service] = type.split('::');
  // A custom resource may be about anything; policies of an organisation are about all of its accounts.
  return vendor === 'AWS' && service !== 'Organizations' ? SERVICES[service] : '*';
}

/** @param arn anything that nobody knows is in the account and Region of the stack: policies are not made elsewhere */
const arnOr = (stack: SynthesizedStack, service: string, arn: string) =>
  isPlaceholder(arn) ? arnHere(stack, service, arn) : arn;

/** By its name, its ARN or the end of that, with a version or an alias. */
function functionArn(stack: SynthesizedStack, name: string): string {
  if (name.startsWith('arn:')) return name;
  const part = /^(.+):function:(.+)$/.exec(name);
  if (part === null) return arnHere(stack, 'lambda', `function:${name}`);
  return `arn:${partitionOf(stack)}:lambda:${stack.region}:${part[1]}:function:${part[2]}`;
}

function arnHere(stack: SynthesizedStack, service: string, resource: string): string {
  return `arn:${partitionOf(stack)}:${service}:${stack.region}:${stack.account}:${resource}`;
}

function queueArn(stack: SynthesizedStack, url: string): string {
  const [, region, account, name] = /^https:\/\/sqs\.([^.]+)\.[^/]+\/([^/]+)\/(.+)$/.exec(url) ?? [];
  return name === undefined ? arnOr(stack, 'sqs', url) : `arn:${partitionOf(stack)}:sqs:${region}:${account}:${name}`;
}

const single = (policy: ResolvedResource, statement: unknown): PolicyDocument => ({
  statements: [parseStatement(statement, 'resource', originOf(policy))],
  complete: true,
});

/** The form of a statement that CloudFormation had before `Statement`. */
function olderStatement({ properties }: ResolvedResource, Resource: string) {
  const { Action, Principal, Condition: condition } = properties;
  return {
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: Principal },
    Action,
    Resource,
    ...(condition && { Condition: { [condition.Type]: { [condition.Key]: condition.Value } } }),
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
function permissionStatement(policy: ResolvedResource, Resource: string) {
  const { Action, Principal, FunctionName: _, SourceArn, ...more } = policy.properties;
  const conditions: Record<string, Record<string, unknown>> = {
    ...(SourceArn && { ArnLike: { 'aws:SourceArn': SourceArn } }),
  };
  for (const [property, value] of Object.entries(more)) {
    const found = PERMISSION_CONDITIONS[property];
    if (found === undefined) {
      throw new Error(
        `${policy.stack.name}/${policy.logicalId}: property ${property} of a permission is not read here`,
      );
    }
    const [operator, key] = found;
    conditions[operator] = { ...conditions[operator], [key]: value };
  }
  return { Effect: 'Allow', Principal: permitted(Principal), Action, Resource, Condition: conditions };
}

/** What Lambda makes a condition of, beside the source. */
const PERMISSION_CONDITIONS: Record<string, [operator: string, key: string] | undefined> = {
  EventSourceToken: ['StringEquals', 'lambda:EventSourceToken'],
  FunctionUrlAuthType: ['StringEquals', 'lambda:FunctionUrlAuthType'],
  InvokedViaFunctionUrl: ['Bool', 'lambda:InvokedViaFunctionUrl'],
  PrincipalOrgID: ['StringEquals', 'aws:PrincipalOrgID'],
  SourceAccount: ['StringEquals', 'aws:SourceAccount'],
};

/** Everybody, a service by its domain, or an account, a role or a user. */
function permitted(principal: unknown) {
  if (principal === '*') return '*';
  if (isPlaceholder(principal)) return { AWS: principal, Service: principal };
  return /^[^:]+\.[^:]+$/.test(String(principal)) ? { Service: principal } : { AWS: principal };
}
