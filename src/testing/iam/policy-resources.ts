import {
  parsePolicyDocument,
  parseStatement,
  type Origin,
  type PolicyDocument,
  type PolicyKind,
} from './policy-document';
import type { ResolvedResource } from './references';
import type { SynthesizedStack } from '../cloud-assembly';
import { partitionOf } from '../intrinsics';

const originOf = ({ stack, logicalId }: ResolvedResource): Origin => ({ stack: stack.name, logicalId });

/** Reads a policy document that stands in a resource. */
export const parse = (resource: ResolvedResource, document: unknown, kind: PolicyKind): PolicyDocument =>
  parsePolicyDocument(document, kind, originOf(resource));

interface OwnPolicy {
  readonly property: string;
  readonly kind: PolicyKind;
  /** The policy where the template has none. */
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
  'AWS::SNS::Topic': undefined,
  'AWS::SQS::Queue': undefined,
};

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function defaultKeyPolicy({ stack }: ResolvedResource) {
  const Principal = { AWS: `arn:${partitionOf(stack)}:iam::${stack.account}:root` };
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' } };
}

interface AttachedPolicy {
  /** The ARNs that it is attached to. */
  readonly owners: (policy: ResolvedResource) => string[];
  /** Whether a resource holds one such policy only. */
  readonly alone: boolean;
  readonly document: (policy: ResolvedResource, owner: string) => PolicyDocument;
}

const wholeDocument = (policy: ResolvedResource) => parse(policy, policy.properties.PolicyDocument, 'resource');

/** Policies that are resources of their own. */
export const ATTACHED_POLICIES: Record<string, AttachedPolicy> = {
  'AWS::Events::EventBusPolicy': {
    owners: ({ stack, properties: { EventBusName: bus = 'default' } }) => [
      String(bus).startsWith('arn:') ? bus : arnHere(stack, 'events', `event-bus/${bus}`),
    ],
    alone: false,
    document: (policy, owner) => single(policy, policy.properties.Statement ?? olderStatement(policy, owner)),
  },
  'AWS::Kinesis::ResourcePolicy': {
    owners: ({ properties: { ResourceArn } }) => [ResourceArn],
    alone: true,
    document: (policy) => parse(policy, policy.properties.ResourcePolicy, 'resource'),
  },
  'AWS::Lambda::Permission': {
    owners: ({ stack, properties: { FunctionName: name } }) => [
      String(name).startsWith('arn:') ? name : arnHere(stack, 'lambda', `function:${name}`),
    ],
    alone: false,
    document: (policy, owner) => single(policy, permissionStatement(policy, owner)),
  },
  'AWS::S3::BucketPolicy': {
    owners: ({ stack, properties: { Bucket } }) => [`arn:${partitionOf(stack)}:s3:::${Bucket}`],
    alone: true,
    document: wholeDocument,
  },
  'AWS::SNS::TopicPolicy': { owners: ({ properties: { Topics } }) => Topics, alone: true, document: wholeDocument },
  'AWS::SQS::QueuePolicy': {
    owners: ({ stack, properties: { Queues } }) => Queues.map((url: string) => queueArn(stack, url)),
    alone: true,
    document: wholeDocument,
  },
};

function arnHere(stack: SynthesizedStack, service: string, resource: string): string {
  return `arn:${partitionOf(stack)}:${service}:${stack.region}:${stack.account}:${resource}`;
}

function queueArn(stack: SynthesizedStack, url: string): string {
  const [, region, account, name] = /^https:\/\/sqs\.([^.]+)\.[^/]+\/([^/]+)\/(.+)$/.exec(url) ?? [];
  return name === undefined ? url : `arn:${partitionOf(stack)}:sqs:${region}:${account}:${name}`;
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
function permissionStatement({ properties }: ResolvedResource, Resource: string) {
  const { Action, Principal: who, SourceArn, SourceAccount, PrincipalOrgID } = properties;
  const isService = String(who).endsWith('.amazonaws.com') || String(who).endsWith('.amazonaws.com.cn');
  const StringEquals = {
    ...(SourceAccount && { 'aws:SourceAccount': SourceAccount }),
    ...(PrincipalOrgID && { 'aws:PrincipalOrgID': PrincipalOrgID }),
  };
  return {
    Effect: 'Allow',
    Principal: who === '*' ? '*' : isService ? { Service: who } : { AWS: who },
    Action,
    Resource,
    Condition: {
      ...(Object.keys(StringEquals).length > 0 && { StringEquals }),
      ...(SourceArn && { ArnLike: { 'aws:SourceArn': SourceArn } }),
    },
  };
}
