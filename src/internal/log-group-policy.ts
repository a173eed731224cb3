import { Stack, Token } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { logGroupArn, placeOf } from './arns';
import { BackboneError } from './errors';
import { warn } from './warnings';

/** A statement of the policy of a log group; its resource is the streams of that group. */
export interface LogGroupStatement {
  readonly Sid: string;
  readonly Principal: { readonly Service: string | string[] };
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/**
 * Lets a service write to a log group, by the group's own policy, which does not count towards the ten of an account
 * and Region; or says what the owner of the group has to add.
 */
export function admitToLogGroup(scope: IConstruct, logGroup: logs.ILogGroup, statement: LogGroupStatement): void {
  const resource = logGroup.node.defaultChild;
  const own = resource instanceof logs.CfnLogGroup ? resource : undefined;
  const name = own === undefined ? logGroup.logGroupName : own.logGroupName;
  // The name of an unnamed group is a token that comes to nothing.
  if (name === undefined || Stack.of(logGroup).resolve(name) === undefined) {
    throw new BackboneError(
      'LogGroupNameInvalid',
      `log group ${logGroup.node.path} has no name, which its own policy needs: give it a logGroupName`,
      scope,
    );
  }
  const { Sid, Principal, Condition } = statement;
  const full = {
    Sid,
    Effect: 'Allow',
    Principal,
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `${logGroupArn(placeOf(logGroup), name)}:*`,
    ...(Condition && { Condition }),
  };
  const given = own?.resourcePolicyDocument;
  if (own !== undefined && (given === undefined || isPlainPolicy(given))) {
    const statements: { Sid?: string }[] = given?.Statement ?? [];
    if (statements.some((other) => other.Sid === Sid)) return;
    own.resourcePolicyDocument = { Version: '2012-10-17', ...given, Statement: [...statements, full] };
    return;
  }
  const json = JSON.stringify(Stack.of(scope).resolve({ Version: '2012-10-17', Statement: [full] }));
  warn(
    scope,
    'LogGroup.policyNotChanged',
    `The policy of the log group ${Token.isUnresolved(name) ? logGroup.node.path : name} is not ours to change. Unless it admits ${[Principal.Service].flat().join(' and ')} already, it needs this resource policy: ${json}`,
  );
}

/** What a bus keeps under a key of its owner should not lie open behind it. */
export function warnIfWithoutKey(scope: IConstruct, logGroup: logs.ILogGroup, what: string): void {
  const resource = logGroup.node.defaultChild;
  if (!(resource instanceof logs.CfnLogGroup) || resource.kmsKeyId !== undefined) return;
  warn(
    scope,
    'LogGroup.withoutKey',
    `keeps ${what}, which is encrypted with a customer managed key, in a log group that is not: give the log group an encryptionKey`,
  );
}

function isPlainPolicy(document: unknown): document is { Statement: { Sid?: string }[] } {
  return !Token.isUnresolved(document) && Array.isArray((document as { Statement?: unknown } | null)?.Statement);
}
