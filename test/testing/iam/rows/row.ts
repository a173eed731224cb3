import { people, type Person } from './people';
import type { Result } from '../../../../src/testing/iam/evaluate';
import type { Principal } from '../../../../src/testing/iam/principals';
import { putEvents, type Request } from '../../../../src/testing/iam/request';
import { HUB, REGION } from '../backbone-app';

/** Who wants to do what to which resource, and what comes of it. */
export interface Row {
  readonly who: string;
  readonly request: Request;
  readonly expected: Result;
  readonly why: string;
}

/** Makes the request of somebody. */
export type Doing = (principal: Principal) => Request;

/** Somebody whose ARN the templates tell. */
export interface Somebody {
  readonly name: string;
  readonly principal: Principal;
}

export function row(who: Person | Somebody, doing: Doing, expected: Result, why: string): Row {
  const { name, principal } = typeof who === 'string' ? { name: who, principal: people[who] } : who;
  return { who: name, request: doing(principal), expected, why };
}

export const titleOf = ({ who, request: { action, resource }, expected, why }: Row) =>
  `${who}, ${action} on ${resource.split(':').slice(4).join(':')}: ${expected}, ${why}`;

export const busArn = (account: string, name: string) => `arn:aws:events:${REGION}:${account}:event-bus/${name}`;

export const ruleArn = (account: string, path: string, region = REGION) =>
  `arn:aws:events:${region}:${account}:rule/${path}`;

export const GLOBAL_BUS = busArn(HUB, 'acme-global');

/** Puts an event of each source. */
export const put =
  (bus: string, sources: string[], byRule = false): Doing =>
  (principal) =>
    putEvents(
      principal,
      bus,
      sources.map((source) => ({ source, detailType: 'Something.Happened' })),
      { byRule },
    );
