import { busArn, GLOBAL_BUS, put, row, type Row } from './row';
import { trustedByRules } from './trust';
import { DELIVERY, HUB, ORDER, OUTSIDER } from '../backbone-app';

/** A rule of the default bus is trusted alone, of a custom bus all. */
const TRUST: Row[] = [
  ...trustedByRules(`arn:aws:iam::${ORDER}:role/order-forwarder`, {
    account: ORDER,
    rule: 'findings',
    others: ['other', 'findings-2', 'findings/mine', 'acme-order/findings'],
  }),
  ...['alarms', 'health'].flatMap((rule) =>
    trustedByRules(`arn:aws:iam::${ORDER}:role/order-forwarder`, { account: ORDER, rule, others: [`${rule}-2`] }),
  ),
  ...trustedByRules(`arn:aws:iam::${DELIVERY}:role/delivery-forwarder`, {
    account: DELIVERY,
    rule: 'legacy/done',
    others: ['legacy', 'legacy-2/done', 'acme-delivery/done'],
  }),
];

const FORWARDING: Row[] = [
  ...(['delivery-forwarder', 'order-forwarder'] as const).flatMap((who) => [
    row(who, put(busArn(HUB, 'acme-global-2'), ['aws.health'], true), 'denied', 'a name that begins the same'),
    row(who, put(busArn(OUTSIDER, 'acme-global'), ['aws.health'], true), 'denied', 'the name in another account'),
  ]),
  row('delivery-forwarder', put(GLOBAL_BUS, ['legacy.service'], true), 'allowed', 'forwards to the hub'),
  row('delivery-forwarder', put(GLOBAL_BUS, ['aws.guardduty'], true), 'allowed', 'forwards what services of AWS send'),
  row('delivery-forwarder', put(GLOBAL_BUS, ['order.service'], true), 'denied', 'pinned to another account'),
  row('delivery-forwarder', put(GLOBAL_BUS, ['valid.x'], true), 'denied', 'reserved'),
  row('delivery-forwarder', put(busArn(HUB, 'units'), ['legacy.service'], true), 'denied', 'not on another bus'),
  row('order-forwarder', put(GLOBAL_BUS, ['order.service'], true), 'allowed', 'forwards to the hub'),
  row('order-forwarder', put(busArn(HUB, 'accounts'), ['order.service'], true), 'denied', 'not on another bus'),
  row(
    'order-forwarder',
    put(GLOBAL_BUS, ['aws.guardduty'], true),
    'allowed',
    'the account is pinned to its sources, and forwards those of AWS',
  ),
];

export const forwardingRuleRows: Row[] = [...TRUST, ...FORWARDING];
