import type { Person } from './people';
import { busArn, put, row, ruleArn, type Row } from './row';
import type { Result } from '../../../../src/testing/iam/evaluate';
import { request } from '../../../../src/testing/iam/request';
import { BILLING, DELIVERY, HUB, LOYALTY, NEWCOMER, ORDER, RETIRED } from '../backbone-app';

interface LocalBus {
  readonly name: string;
  readonly account: string;
  readonly level: 'account' | 'role' | 'strict';
  readonly admin: Person;
  readonly nobody?: Person;
}

const BUSES: LocalBus[] = [
  { name: 'acme-order', account: ORDER, level: 'account', admin: 'admin of order', nobody: 'nobody of order' },
  {
    name: 'acme-delivery',
    account: DELIVERY,
    level: 'account',
    admin: 'admin of delivery',
    nobody: 'nobody of delivery',
  },
  { name: 'acme-newcomer', account: NEWCOMER, level: 'account', admin: 'admin of newcomer' },
  // The route is gone, the bus and who may put on it are still there.
  { name: 'acme-retired', account: RETIRED, level: 'account', admin: 'admin of retired' },
  { name: 'acme-billing', account: BILLING, level: 'role', admin: 'admin of billing', nobody: 'nobody of billing' },
  { name: 'acme-refunds', account: BILLING, level: 'strict', admin: 'admin of billing', nobody: 'nobody of billing' },
  { name: 'acme-loyalty', account: LOYALTY, level: 'strict', admin: 'admin of loyalty', nobody: 'nobody of loyalty' },
];

const SOURCE = ['order.service'];

/** What differs between the levels: at `account`, `role` and `strict`. */
const LEVELS: [who: Person | 'admin', byRule: boolean, account: Result, role: Result, strict: Result, why: string][] = [
  ['forwarder', true, 'allowed', 'allowed', 'allowed', 'a fan-out rule'],
  ['forwarder', false, 'allowed', 'denied', 'denied', 'the forwarding role without a rule'],
  ['admin of the hub', false, 'allowed', 'denied', 'denied', 'a direct put from the hub'],
  ['admin of the hub', true, 'allowed', 'denied', 'denied', 'a rule of the hub with another role'],
  [
    'admin',
    false,
    'allowed',
    'allowed',
    'denied',
    'in the own account an identity policy is enough, unless a Deny says no',
  ],
  ['admin', true, 'allowed', 'allowed', 'denied', 'a rule of the own account'],
];

const NEVER: [who: Person, byRule: boolean, why: string][] = [
  ['nobody of the hub', false, 'has no policy of its own'],
  ['admin of sandbox', false, 'of the organisation, and not the hub'],
  ['admin of outsider', true, 'another account'],
  ['namesake of the forwarder', true, 'the name of the role, in another account'],
  ['EventBridge', true, 'a rule puts through its role, not in its own name'],
];

function rowsOf({ name, account, level, admin, nobody }: LocalBus): Row[] {
  const bus = busArn(account, name);
  const rule = ruleArn(account, `${name}/mine`);
  const other: Person = admin === 'admin of order' ? 'admin of delivery' : 'admin of order';
  return [
    ...LEVELS.map(([who, byRule, ...results]) => {
      const [expected, why] = [results[{ account: 0, role: 1, strict: 2 }[level]] as Result, results[3]];
      return row(who === 'admin' ? admin : who, put(bus, SOURCE, byRule), expected, `${why}, level ${level}`);
    }),
    ...NEVER.map(([who, byRule, why]) => row(who, put(bus, SOURCE, byRule), 'denied', `${why}, level ${level}`)),
    row(other, put(bus, SOURCE), 'denied', 'members do not put on each other’s buses'),
    ...(nobody ? [row(nobody, put(bus, SOURCE), 'denied', 'has no policy of its own')] : []),
    row('admin of the hub', (who) => request(who, 'events:PutRule', rule), 'denied', 'the hub makes no rules here'),
    row(
      'admin of the hub',
      (who) => request(who, 'events:DescribeEventBus', bus),
      'denied',
      'putting is all that is admitted',
    ),
    row('forwarder', (who) => request(who, 'events:DescribeEventBus', bus), 'denied', 'putting is all that it may'),
    row(admin, (who) => request(who, 'events:PutRule', rule), 'allowed', 'its own rules, at every level'),
    row(admin, (who) => request(who, 'events:DescribeEventBus', bus), 'allowed', 'its own bus, at every level'),
  ];
}

/** A member in the hub’s own account, at level `strict`: identity policies are enough there, so the Denies are all there is. */
const AUDIT = busArn(HUB, 'acme-audit');
const inHub: Row[] = [
  row('forwarder', put(AUDIT, SOURCE, true), 'allowed', 'a fan-out rule'),
  row('forwarder', put(AUDIT, SOURCE), 'denied', 'the forwarding role without a rule'),
  row('admin of the hub', put(AUDIT, SOURCE), 'denied', 'a direct put'),
  row('admin of the hub', put(AUDIT, SOURCE, true), 'denied', 'a rule with another role'),
  row('nobody of the hub', put(AUDIT, SOURCE, true), 'denied', 'has no policy of its own'),
  row('admin of order', put(AUDIT, SOURCE), 'denied', 'members do not put on each other’s buses'),
  row('namesake of the forwarder', put(AUDIT, SOURCE, true), 'denied', 'the name of the role, in another account'),
  row('admin of the hub', (who) => request(who, 'events:DescribeEventBus', AUDIT), 'allowed', 'its own bus'),
  row('forwarder', (who) => request(who, 'events:DescribeEventBus', AUDIT), 'denied', 'putting is all that it may'),
];

/** A local bus in the hub’s own account at level `role`, which cannot hold there: only a Deny stops the own account. */
const LEDGER = busArn(HUB, 'ledger');
const ledger: Row[] = [
  row('admin of the hub', put(LEDGER, SOURCE), 'allowed', 'a direct put: the hub is the own account here'),
  row(
    'admin of the hub',
    put(LEDGER, SOURCE, true),
    'allowed',
    'a rule with another role: the hub is the own account here',
  ),
  row('nobody of the hub', put(LEDGER, SOURCE), 'denied', 'has no policy of its own'),
  row('forwarder', put(LEDGER, SOURCE, true), 'denied', 'not a bus of its backbone'),
  row('admin of order', put(LEDGER, SOURCE), 'denied', 'members do not put on each other’s buses'),
  row('namesake of the forwarder', put(LEDGER, SOURCE, true), 'denied', 'the name of the role, in another account'),
];

/** A bus of another backbone in a member’s account, with a key of its own. */
const KEYED = busArn(LOYALTY, 'keyed');
const keyed: Row[] = [
  row('admin of sandbox', put(KEYED, SOURCE), 'denied', 'of the organisation, and not the hub'),
  row('admin of outsider', put(KEYED, SOURCE), 'denied', 'another account'),
  row('admin of the hub', put(KEYED, SOURCE), 'allowed', 'level account: any principal of the hub that may'),
  row('forwarder', put(KEYED, SOURCE, true), 'denied', 'not a bus of its backbone'),
  row('admin of loyalty', put(KEYED, SOURCE), 'allowed', 'its own bus'),
  row('admin of order', put(KEYED, SOURCE), 'denied', 'another account'),
  row(
    'admin of the hub',
    (who) => request(who, 'events:DescribeEventBus', KEYED),
    'denied',
    'putting is all that is admitted',
  ),
];

/** The bus of the same member on another backbone. */
const PLAIN = busArn(ORDER, 'plain-order');
const plain: Row[] = [
  row('admin of sandbox', put(PLAIN, SOURCE), 'denied', 'of the organisation, and not the hub'),
  row('admin of outsider', put(PLAIN, SOURCE), 'denied', 'another account'),
  row('forwarder of plain', put(PLAIN, SOURCE, true), 'allowed', 'a fan-out rule'),
  row('forwarder', put(PLAIN, SOURCE, true), 'denied', 'the forwarding role of another backbone'),
  row('forwarder of plain', put(busArn(ORDER, 'acme-order'), SOURCE, true), 'denied', 'not a bus of its backbone'),
  row(
    'forwarder of plain',
    put(busArn(HUB, 'plain-global'), SOURCE, true),
    'denied',
    'not on the bus that it comes from',
  ),
  row(
    'forwarder of plain',
    (who) => request(who, 'events:DescribeEventBus', PLAIN),
    'denied',
    'putting is all that it may',
  ),
  row(
    'admin of the hub',
    (who) => request(who, 'events:DescribeEventBus', PLAIN),
    'denied',
    'putting is all that is admitted',
  ),
  row('admin of delivery', put(PLAIN, SOURCE), 'denied', 'members do not put on each other’s buses'),
];

export const localBusRows: Row[] = [...BUSES.flatMap(rowsOf), ...inHub, ...ledger, ...keyed, ...plain];
