import type { Person } from './people';
import { put, row, ruleArn, type Row } from './row';
import type { Result } from '../../../../src/testing/iam/evaluate';
import { request } from '../../../../src/testing/iam/request';
import { HUB } from '../backbone-app';

/** Who puts events of which sources on a bus. */
export type Line = [who: Person, sources: string[], expected: Result, why: string];

export const publishingRows = (bus: string, lines: Line[], byRule = false): Row[] =>
  lines.map(([who, sources, expected, why]) => row(who, put(bus, sources, byRule), expected, why));

/** Where accounts are listed, and must be of the organisation as well. */
export const LISTED_ELSEWHERE: Line[] = (
  ['admin of order, which left the organisation', 'admin of order, which is of another organisation'] as const
).map((who) => [who, ['order.service'], 'denied', 'listed, and not of the organisation']);

/** Rules belong to the owner of the bus. */
export const ruleRows = (bus: string, member: Person): Row[] => {
  const rule = ruleArn(HUB, `${bus.split('/')[1]}/mine`);
  return [
    row(member, (who) => request(who, 'events:PutRule', rule), 'denied', 'rules are the hub’s'),
    row('admin of the hub', (who) => request(who, 'events:PutRule', rule), 'allowed', 'its own bus'),
  ];
};
