import { Aws, Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';

/** The partition of a Region: text where it is known, else the deploy-time value. */
export function partitionOf(region: string): string {
  if (Token.isUnresolved(region)) return Aws.PARTITION;
  return RegionInfo.get(region).partition ?? Aws.PARTITION;
}

/** Where a resource lives. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Where the stack of a construct is deployed to. */
export function placeOf(scope: IConstruct): Place {
  const { account, region } = Stack.of(scope);
  return { partition: partitionOf(region), region, account };
}

export const arnOfEventBus = (p: Place, name: string) =>
  `arn:${p.partition}:events:${p.region}:${p.account}:event-bus/${name}`;

/** All rules of one custom bus, which is what roles and queues trust: no circle between a rule and its role. */
export const rulesArn = (p: Place, eventBusName: string) =>
  `arn:${p.partition}:events:${p.region}:${p.account}:rule/${eventBusName}/*`;

/** A rule on the default bus. */
export const defaultRuleArn = (p: Place, name: string) =>
  `arn:${p.partition}:events:${p.region}:${p.account}:rule/${name}`;

export const queueArn = (p: Place, name: string) => `arn:${p.partition}:sqs:${p.region}:${p.account}:${name}`;

export const roleArn = (p: Place, path: string, name: string) =>
  `arn:${p.partition}:iam::${p.account}:role${path}${name}`;

export const accountRootArn = (partition: string, account: string) => `arn:${partition}:iam::${account}:root`;

export const logGroupArn = (p: Place, name: string) =>
  `arn:${p.partition}:logs:${p.region}:${p.account}:log-group:${name}`;
