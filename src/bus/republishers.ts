import { Lazy, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { BackboneError, shown } from '../internal/errors';
import type { PolicyCondition } from '../internal/event-bus-policy';

/** The roles that may put on a bus what nobody else may: the one that the bus is told, and those that come later. */
export class Republishers {
  private readonly roleArns: string[] = [];

  constructor(scope: IConstruct, roleArn?: string) {
    if (roleArn === undefined) return;
    requireRoleArn(scope, roleArn);
    this.roleArns.push(roleArn);
  }

  public get isEmpty(): boolean {
    return this.roleArns.length === 0;
  }

  public add(roleArn: string): void {
    if (!this.roleArns.includes(roleArn)) this.roleArns.push(roleArn);
  }

  /** The condition of a Deny that does not hold for them. */
  public except(condition: PolicyCondition = {}): PolicyCondition {
    const produce = () =>
      this.isEmpty ? condition : { ...condition, ArnNotEquals: { 'aws:PrincipalArn': this.oneOrAll } };
    // Uncached: the length of the policy is measured before all of them are known.
    return Lazy.uncachedAny({ produce }) as unknown as PolicyCondition;
  }

  private get oneOrAll(): string | string[] {
    return this.roleArns.length === 1 ? this.roleArns[0] : this.roleArns;
  }
}

/** A policy takes any text for the ARN of a role, and then nobody is it; or with a star in it, more than one. */
function requireRoleArn(scope: IConstruct, arn: string): void {
  if (Token.isUnresolved(arn) || /^arn:[^:]+:iam::\d{12}:role\/[^*?]+$/.test(arn)) return;
  throw new BackboneError(
    'RepublisherRoleInvalid',
    `republisherRoleArn ${shown(arn)} is not the ARN of one role, so the policy would name nobody, or others too: pass one such as arn:aws:iam::111111111111:role/acme-republisher`,
    scope,
  );
}
