import { row, ruleArn, type Row } from './row';
import { callOf, request } from '../../../../src/testing/iam/request';
import { BILLING, HUB, LOYALTY, NEWCOMER, ORDER, OUTSIDER, REGION, RETIRED } from '../backbone-app';

const GROUPS: [account: string, bus: string][] = [
  [HUB, 'acme-global'],
  [ORDER, 'acme-order'],
  [BILLING, 'acme-billing'],
  [BILLING, 'acme-refunds'],
  [LOYALTY, 'acme-loyalty'],
  [HUB, 'acme-audit'],
  [NEWCOMER, 'acme-newcomer'],
  [RETIRED, 'acme-retired'],
  [HUB, 'accounts'],
];

function rowsOf(account: string, bus: string): Row[] {
  const stream = `arn:aws:logs:${REGION}:${account}:log-group:/aws/events/${bus}:log-stream:events`;
  const rule = ruleArn(account, `${bus}/catch-all`);
  const elsewhere = ruleArn(OUTSIDER, `${bus}/catch-all`);
  return [
    ...(['EventBridge', 'log delivery'] as const).flatMap((who) => [
      row(who, (p) => callOf(p, 'logs:CreateLogStream', stream, { arn: rule }), 'allowed', 'begins a stream'),
      row(who, (p) => callOf(p, 'logs:PutLogEvents', stream, { arn: rule }), 'allowed', 'keeps an event'),
      row(
        who,
        (p) => callOf(p, 'logs:PutLogEvents', stream, {}),
        'allowed',
        'whether it tells the rule is not documented',
      ),
      row(
        who,
        (p) => callOf(p, 'logs:DeleteLogStream', stream, { arn: rule }),
        'denied',
        'writes, and deletes nothing',
      ),
    ]),
    // EventBridge itself refuses a log group of another account as a target: the policy does not.
    row(
      'EventBridge',
      (p) => callOf(p, 'logs:PutLogEvents', stream, { arn: elsewhere }),
      'allowed',
      'for another account: the policy has no source condition',
    ),
    row('Lambda', (p) => callOf(p, 'logs:PutLogEvents', stream, { arn: rule }), 'denied', 'another service'),
    row('admin of sandbox', (p) => request(p, 'logs:GetLogEvents', stream), 'denied', 'a person of another account'),
    row('admin of outsider', (p) => request(p, 'logs:PutLogEvents', stream), 'denied', 'a person of another account'),
  ];
}

/** The log of a bus itself, which CloudWatch Logs delivers. */
function ofBus(): Row[] {
  const stream = `arn:aws:logs:${REGION}:${HUB}:log-group:/aws/vendedlogs/events/event-bus/accounts:log-stream:log`;
  const delivery = `arn:aws:logs:${REGION}:${HUB}:delivery-source:accounts-error-logs`;
  return [
    row(
      'log delivery',
      (p) => callOf(p, 'logs:CreateLogStream', stream, { arn: delivery }),
      'allowed',
      'begins a stream',
    ),
    row('log delivery', (p) => callOf(p, 'logs:PutLogEvents', stream, { arn: delivery }), 'allowed', 'keeps a record'),
    row(
      'log delivery',
      (p) => callOf(p, 'logs:DeleteLogStream', stream, { arn: delivery }),
      'denied',
      'writes, and deletes nothing',
    ),
    row(
      'log delivery',
      (p) => callOf(p, 'logs:PutLogEvents', stream, { arn: delivery.replace(HUB, OUTSIDER) }),
      'denied',
      'confused deputy: for another account',
    ),
    row(
      'log delivery',
      (p) => callOf(p, 'logs:PutLogEvents', stream, { arn: delivery, account: OUTSIDER }),
      'denied',
      'confused deputy: the account of the source goes first',
    ),
    row(
      'log delivery',
      (p) => callOf(p, 'logs:PutLogEvents', stream, { account: HUB, arn: ruleArn(HUB, 'accounts/r') }),
      'denied',
      'for something that is no log',
    ),
    row(
      'log delivery',
      (p) => callOf(p, 'logs:PutLogEvents', stream, { arn: delivery.replace(HUB, OUTSIDER), account: HUB }),
      'denied',
      'confused deputy: the source is of another account than it says',
    ),
    row(
      'log delivery',
      (p) => callOf(p, 'logs:PutLogEvents', stream, { arn: delivery.replace(REGION, 'us-east-1') }),
      'denied',
      'of another Region',
    ),
    row('SNS', (p) => callOf(p, 'logs:PutLogEvents', stream, { arn: delivery }), 'denied', 'another service'),
    row('log delivery', (p) => callOf(p, 'logs:PutLogEvents', stream, {}), 'denied', 'tells no source'),
    row(
      'EventBridge',
      (p) => callOf(p, 'logs:PutLogEvents', stream, { arn: delivery }),
      'denied',
      'writes its log through CloudWatch Logs',
    ),
    row('admin of sandbox', (p) => request(p, 'logs:GetLogEvents', stream), 'denied', 'a person of another account'),
  ];
}

export const logRows: Row[] = [...GROUPS.flatMap(([account, bus]) => rowsOf(account, bus)), ...ofBus()];
