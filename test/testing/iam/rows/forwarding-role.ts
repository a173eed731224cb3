import { busArn, put, row, type Row } from './row';
import { trustedByRules } from './trust';
import { request } from '../../../../src/testing/iam/request';
import { HUB, ORDER, OUTSIDER } from '../backbone-app';

/** @param buses whose rules use the role */
const trustOf = (name: string, buses = ['global'], others: string[] = []): Row[] =>
  buses
    .flatMap((bus) => [`${name}-${bus}/to-order`, `${name}-${bus}/of-somebody`])
    .flatMap((rule) =>
      trustedByRules(`arn:aws:iam::${HUB}:role/${name}-forwarder-eu-west-1`, {
        account: HUB,
        rule,
        others: ['accounts/of-somebody', ...buses.map((bus) => `${name}-${bus}-2/mine`), 'to-order', ...others],
      }),
    );

/** The local buses stand in the rows of local buses. */
const PERMISSIONS: Row[] = [
  row('forwarder', put(busArn(HUB, 'units'), ['a.service'], true), 'denied', 'not on another bus of its account'),
  row('forwarder', put(busArn(ORDER, 'other'), ['a.service'], true), 'denied', 'not on another bus of a member'),
  ...(['acme', 'plain', 'checked', 'prefixed'] as const).flatMap((name) => {
    const who = name === 'acme' ? 'forwarder' : (`forwarder of ${name}` as const);
    return [
      row(who, put(busArn(ORDER, `${name}-order-2`), ['a.service'], true), 'denied', 'a name that begins the same'),
      row(who, put(busArn(OUTSIDER, `${name}-order`), ['a.service'], true), 'denied', 'the name in another account'),
    ];
  }),
  row(
    'forwarder',
    (who) => request(who, 'sqs:SendMessage', `arn:aws:sqs:eu-west-1:${HUB}:acme-fan-out-dlq`),
    'denied',
    'puts events and nothing else',
  ),
];

/** Behind a republisher, rules of either bus deliver while a backbone moves from one to the other. */
const OF_VALIDATED = [
  ...trustOf('checked', ['global', 'published']),
  ...trustOf('prefixed', ['global'], ['prefixed-published/to-order']),
];

export const forwardingRoleRows: Row[] = [...trustOf('acme'), ...trustOf('plain'), ...OF_VALIDATED, ...PERMISSIONS];
