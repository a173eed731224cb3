import { createHash } from 'crypto';
import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { BackboneError } from './errors';
import * as limits from './limits';

/** One statement of a bus policy, as it stands in the template. */
export interface BusPolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: unknown;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
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
  private readonly statements: unknown[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly eventBusName: string,
    private readonly quota: number = limits.EVENT_BUS_POLICY_LENGTH,
  ) {
    super(scope, id);
    this.node.addValidation({ validate: () => this.validate() });
  }

  public add(sid: string, statement: BusPolicyStatement): void {
    const statementId = shortSid(sid);
    if (this.node.tryFindChild(statementId) !== undefined) {
      throw new BackboneError(
        'StatementIdDuplicate',
        `the policy of ${this.eventBusName} has a statement ${statementId} already: give each its own sid`,
        this,
      );
    }
    const full = { Sid: statementId, ...statement };
    const resource = new events.CfnEventBusPolicy(this, statementId, {
      eventBusName: this.eventBusName,
      statementId,
      statement: full,
    });
    const previous = this.resources.at(-1);
    if (previous !== undefined) resource.node.addDependency(previous);
    this.resources.push(resource);
    this.statements.push(full);
  }

  /** The size of the policy, with deploy-time values counted as they stand in the template. */
  public get length(): number {
    return policyLength(Stack.of(this).resolve(this.statements));
  }

  private validate(): string[] {
    const { length } = this;
    if (length <= this.quota) return [];
    return [
      `the policy of ${this.eventBusName} has ${length} characters, ${this.quota} at most: admit an organisation or organisational units instead of accounts, pin fewer sources, or have the quota raised and say so with eventBusPolicyQuota (EventBusPolicyTooLong)`,
    ];
  }
}

export function policyLength(statements: unknown[]): number {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }).length;
}

/** A statement id of at most 64 letters, digits, hyphens and underscores; what is cut off stays in a hash. */
function shortSid(sid: string): string {
  const clean = sid.replace(/[^A-Za-z0-9_-]/g, '');
  if (clean === sid && sid.length <= limits.STATEMENT_ID_LENGTH && sid.length > 0) return sid;
  const hash = createHash('sha256').update(sid).digest('hex').slice(0, 8);
  return `${clean.slice(0, limits.STATEMENT_ID_LENGTH - hash.length - 1)}-${hash}`.replace(/^-/, '');
}
