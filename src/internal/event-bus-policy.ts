import { createHash } from 'crypto';
import { Stack, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { errorText } from './errors';
import * as limits from './limits';

/** One statement of a bus policy, as it stands in the template. */
export interface BusPolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: unknown;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: PolicyCondition;
}

/** Keys and values by operator. */
export type PolicyCondition = Record<string, Record<string, unknown>>;

export interface NamedStatement {
  readonly sid: string;
  readonly statement: BusPolicyStatement;
}

/**
 * The statements of a bus policy, each a resource of its own.
 *
 * They are created one after another, since each changes the same policy. The statement's id is the construct's, so
 * that it stays the same when other statements come and go.
 */
export class EventBusPolicyStatements extends Construct {
  /** In the order of their creation. */
  public readonly resources: events.CfnEventBusPolicy[] = [];
  private readonly statements = new Map<string, unknown>();

  constructor(
    scope: Construct,
    id: string,
    private readonly eventBusName: string,
    private readonly quota: number = limits.EVENT_BUS_POLICY_LENGTH,
  ) {
    super(scope, id);
    this.node.addValidation({ validate: () => this.validate() });
  }

  /** Adds a statement. The same one again changes nothing. */
  public add(sid: string, statement: BusPolicyStatement): void {
    // A token's text differs from run to run, what it resolves to does not.
    const statementId = shortSid(Token.isUnresolved(sid) ? this.json(sid) : sid);
    const full = { Sid: statementId, ...statement };
    const existing = this.statements.get(statementId);
    if (existing !== undefined && this.json(existing) === this.json(full)) return;
    const resource = new events.CfnEventBusPolicy(this, statementId, {
      eventBusName: this.eventBusName,
      statementId,
      statement: full,
    });
    const previous = this.resources.at(-1);
    if (previous !== undefined) resource.node.addDependency(previous);
    this.resources.push(resource);
    this.statements.set(statementId, full);
  }

  /** The size of the policy. */
  public get length(): number {
    return policyLength(Stack.of(this).resolve([...this.statements.values()]));
  }

  private json(value: unknown): string {
    return JSON.stringify(Stack.of(this).resolve(value));
  }

  private validate(): string[] {
    const { length } = this;
    if (length <= this.quota) return [];
    return [
      errorText(
        'EventBusPolicyTooLong',
        `the policy of the bus has ${length} characters, ${this.quota} at most: admit an organisation or organisational units instead of accounts, pin fewer sources, or have the quota raised and say so with eventBusPolicyQuota`,
      ),
    ];
  }
}

/**
 * The size of a resolved policy: account, Region and partition of the deployment count with their usual lengths, other
 * deploy-time values as they stand in the template.
 */
export function policyLength(statements: unknown[]): number {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, (_, value) => deployed(value)).length;
}

const USUALLY: Record<string, string> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
};

function deployed(value: any): unknown {
  const join = value?.['Fn::Join'];
  if (!Array.isArray(join?.[1])) return USUALLY[value?.Ref] ?? value;
  const parts: unknown[] = join[1].map(deployed);
  return parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(join[0]);
}

/** A statement id of at most 64 letters, digits, hyphens and underscores; what is cut off stays in a hash. */
function shortSid(sid: string): string {
  const clean = sid.replace(/[^A-Za-z0-9_-]/g, '');
  if (clean === sid && sid.length <= limits.STATEMENT_ID_LENGTH && sid.length > 0) return sid;
  const hash = createHash('sha256').update(sid).digest('hex').slice(0, 8);
  return `${clean.slice(0, limits.STATEMENT_ID_LENGTH - hash.length - 1)}-${hash}`.replace(/^-/, '');
}
