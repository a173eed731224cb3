import { LISTED_ELSEWHERE, publishingRows, ruleRows, type Line } from './publishing';
import { busArn, GLOBAL_BUS, put, row, type Row } from './row';
import { putEvents, request } from '../../../../src/testing/iam/request';
import { HUB, OUTSIDER } from '../backbone-app';

/** An Allow for `*` would admit principals of the bus’s own account without a policy of their own: it leaves them out. */
const NO_POLICY = 'has no policy of its own, and the Allow for everybody leaves the bus’s own account out';

const OF_AWS = 'pins leave out what services of AWS send: it can be forwarded, and not forged';

/** The bus of a backbone: an organisation and listed accounts, pinned sources, reserved prefixes. */
const PUBLISHING: Line[] = [
  ['order-publisher', ['order.service'], 'allowed', 'granted, and its own source'],
  ['order-publisher', ['delivery.service'], 'denied', 'the grant is for its own source'],
  ['order-publisher', ['something.else'], 'denied', 'the grant is for its own source'],
  ['order-publisher', ['order.service', 'delivery.service'], 'denied', 'one event that is not allowed refuses all'],
  ['delivery-publisher', ['delivery.service'], 'denied', 'granted for another detail-type'],
  ['billing-publisher', ['billing.service'], 'allowed', 'granted, and its own source'],
  ['billing-publisher', ['refunds.service'], 'denied', 'of the other member in its account, and not in its grant'],
  ['billing-publisher', ['billing.service', 'refunds.service'], 'denied', 'one event that is not allowed refuses all'],
  ['nobody of order', ['order.service'], 'denied', 'has no policy of its own'],
  ['root user of order', ['order.service'], 'allowed', 'a root user may do everything in its account'],

  ['admin of order', ['order.service'], 'allowed', 'the account may send what is its own'],
  ['admin of order', ['something.else'], 'denied', 'the account is pinned to its sources'],
  ['admin of order', ['billing.service'], 'denied', 'forged: the source is pinned to another account'],
  ['admin of order', ['order.service', 'billing.service'], 'denied', 'forged, hidden behind an own event'],
  [
    'admin of order',
    [''],
    'allowed',
    'to IAM an empty source is no value, so no Deny meets it: EventBridge refuses the event',
  ],
  ['admin of billing', ['billing.service'], 'allowed', 'the account may send what is its own'],
  ['admin of billing', ['refunds.service'], 'allowed', 'pins are for accounts, and both members are in this one'],
  ['admin of billing', ['order.service'], 'denied', 'forged: the source is pinned to another account'],
  ['admin of billing', ['something.else'], 'denied', 'the account is pinned to its sources'],
  ['admin of billing', ['billing.service', 'something.else'], 'denied', 'pinned, hidden behind an own event'],
  ['admin of delivery', ['delivery.service'], 'allowed', 'not pinned, so it may send any source that is nobody else’s'],
  ['admin of delivery', ['something.else'], 'allowed', 'not pinned'],
  ['admin of delivery', ['order.service'], 'denied', 'forged: the source is pinned to another account'],
  ['admin of delivery', ['order.service', 'delivery.service'], 'denied', 'forged, hidden behind an own event'],
  ['admin of delivery', ['billing.service'], 'denied', 'forged: the source is pinned to another account'],
  ['admin of delivery', ['refunds.service'], 'denied', 'forged: the source is pinned to another account'],
  ['admin of delivery', ['valid.delivery.service'], 'denied', 'the prefix is reserved'],
  ['admin of delivery', ['invalid.delivery.service'], 'denied', 'the prefix is reserved'],
  ['admin of delivery', ['delivery.service', 'valid.x'], 'denied', 'reserved, hidden behind an own event'],
  ['admin of loyalty', ['loyalty.service'], 'allowed', 'a member'],
  ['admin of newcomer', ['newcomer.service'], 'allowed', 'a member that joins may publish already'],

  ['admin of retired', ['retired.service'], 'allowed', 'a member that leaves may publish until it has left'],

  ['admin of sandbox', ['sandbox.service'], 'denied', 'of the organisation, and not listed'],
  ['admin of outsider', ['outsider.service'], 'denied', 'of another organisation'],
  ...LISTED_ELSEWHERE,
  ['namesake of the forwarder', ['outsider.service'], 'denied', 'a name in another account is nothing'],

  ['admin of the hub', ['hub.service'], 'allowed', 'in the account of the bus an identity policy is enough'],
  ['admin of the hub', ['order.service'], 'denied', 'pins hold for the hub too'],
  ['admin of the hub', ['valid.order.service'], 'denied', 'reserved for the hub too'],
  ['nobody of the hub', ['hub.service'], 'denied', NO_POLICY],
  ['forwarder', ['hub.service'], 'denied', NO_POLICY],
  ['EventBridge', ['hub.service'], 'denied', 'a service is of no organisation'],
];

const FORWARDED: Line[] = [
  [
    'admin of order',
    ['order.service'],
    'allowed',
    'by a rule of the member: the policy takes it, its second hop is EventBridge’s to drop',
  ],
  ['admin of order', ['billing.service'], 'denied', 'forged by a rule: the policy sees the source of the event'],
  ['admin of delivery', ['valid.x'], 'denied', 'reserved for rules too'],
  ['admin of billing', ['aws.guardduty'], 'allowed', OF_AWS],
];

/** Listed accounts without an organisation, with pins that two accounts share, and a guest that was granted. */
const ACCOUNTS = busArn(HUB, 'accounts');
const BY_ACCOUNT: Line[] = [
  ['admin of order', ['order.service'], 'allowed', 'listed'],
  ['admin of order, which left the organisation', ['order.service'], 'allowed', 'no organisation is asked for'],
  ['admin of order', ['shared.service'], 'allowed', 'pinned to both'],
  ['admin of order', ['something.else'], 'denied', 'pinned to its sources'],
  ['admin of order', ['order.service', 'something.else'], 'denied', 'pinned, hidden behind an own event'],
  ['admin of order', ['aws.guardduty'], 'allowed', OF_AWS],
  ['admin of delivery', ['aws.guardduty'], 'allowed', OF_AWS],
  ['admin of delivery', ['shared.service'], 'allowed', 'pinned to both'],
  ['admin of delivery', ['order.service'], 'denied', 'forged: pinned to another account'],
  ['admin of delivery', ['something.else'], 'denied', 'pinned to its sources'],
  ['admin of delivery', ['shared.service', 'something.else'], 'denied', 'pinned, hidden behind an own event'],
  ['admin of the hub', ['shared.service'], 'denied', 'pinned to two others'],
  ['admin of the hub', ['order.service'], 'denied', 'pinned to another account'],
  ['admin of the hub', ['checked.order'], 'denied', 'the prefix is reserved'],
  ['admin of the hub', ['hub.service', 'checked.order'], 'denied', 'reserved, hidden behind an own event'],
  ['admin of the hub', ['valid.order'], 'allowed', 'the default prefixes were replaced'],
  ['admin of billing', ['billing.service'], 'allowed', 'listed, and not pinned'],
  ['admin of billing', ['order.service'], 'denied', 'forged: pinned to another account'],
  ['admin of billing', ['billing.service', 'order.service'], 'denied', 'forged, hidden behind an own event'],
  ['admin of billing', ['shared.service'], 'denied', 'forged: pinned to two others'],
  ['admin of billing', ['billing.service', 'shared.service'], 'denied', 'forged, hidden behind an own event'],
  ['admin of loyalty', ['loyalty.service'], 'denied', 'of the organisation, and not listed'],
  ['admin of outsider', ['outsider.service'], 'denied', 'not listed'],
  ['nobody of the hub', ['hub.service'], 'denied', 'has no policy of its own'],
  ['nobody of order', ['order.service'], 'denied', 'has no policy of its own'],
  ['guest in sandbox', ['guest.service'], 'allowed', 'granted by name'],
  ['guest in sandbox', ['something.else'], 'denied', 'granted for another source'],
  ['guest in sandbox', ['guest.service', 'something.else'], 'denied', 'one event that is not allowed refuses all'],
  ['admin of sandbox', ['guest.service'], 'denied', 'another role of the account that was granted'],
  ['admin of loyalty', ['guest.service'], 'denied', 'granted to a role of another account'],
  ['admin of outsider', ['guest.service'], 'denied', 'granted to a role of another account'],
];

/** A backbone without a member in the hub’s account, and without pins. */
const PLAIN = busArn(HUB, 'plain-global');
const ON_PLAIN: Line[] = [
  ['admin of order', ['anything.at.all'], 'allowed', 'listed, and not pinned'],
  ...LISTED_ELSEWHERE,
  ['admin of sandbox', ['order.service'], 'denied', 'of the organisation, and not listed'],
  ['admin of the hub', ['hub.service'], 'allowed', 'in the account of the bus an identity policy is enough'],
  ['nobody of the hub', ['hub.service'], 'denied', 'has no policy of its own'],
  ['nobody of order', ['order.service'], 'denied', 'has no policy of its own'],
  ['admin of the hub', ['valid.x'], 'denied', 'reserved'],
  ['admin of order', ['invalid.x'], 'denied', 'reserved'],
  ['admin of order', ['order.service', 'valid.x'], 'denied', 'reserved, hidden behind an own event'],
  ['forwarder', ['hub.service'], 'denied', 'puts on the local buses of its backbone alone'],
];

/** Organisational units instead of accounts. */
const UNITS = busArn(HUB, 'units');
const BY_UNIT: Line[] = [
  ['admin of delivery', ['delivery.service'], 'allowed', 'in the unit'],
  ['admin of delivery', ['valid.x'], 'allowed', 'nothing is reserved here'],
  ['admin of sandbox', ['sandbox.service'], 'denied', 'of the organisation, in another unit'],
  ['admin of outsider', ['outsider.service'], 'denied', 'of another organisation'],
  ['admin of order, which left the organisation', ['order.service'], 'denied', 'in no unit'],
  ['nobody of delivery', ['delivery.service'], 'denied', 'has no policy of its own'],
  ['nobody of the hub', ['hub.service'], 'denied', 'has no policy of its own, and is in another unit'],
  ['nobody of the hub, in the unit', ['hub.service'], 'denied', NO_POLICY],
];

/** An organisation and accounts, the bus's own among them, in a stack that does not know its account. */
const LISTED = busArn(HUB, 'listed');
const IN_LIST: Line[] = [
  ['admin of order', ['order.service'], 'allowed', 'listed'],
  ['admin of the hub', ['hub.service'], 'allowed', 'in the account of the bus an identity policy is enough'],
  ['nobody of the hub', ['hub.service'], 'denied', NO_POLICY],
  ['nobody of order', ['order.service'], 'denied', 'has no policy of its own'],
  ['admin of sandbox', ['sandbox.service'], 'denied', 'not listed'],
  ...LISTED_ELSEWHERE,
];

/** Accounts that a parameter of the template lists, the bus's own among them. */
const BY_PARAMETER = busArn(HUB, 'by-parameter');
const IN_PARAMETER: Line[] = [
  ['admin of order', ['order.service'], 'allowed', 'listed'],
  ['admin of the hub', ['hub.service'], 'allowed', 'in the account of the bus an identity policy is enough'],
  ['nobody of the hub', ['hub.service'], 'denied', NO_POLICY],
  ['nobody of order', ['order.service'], 'denied', 'has no policy of its own'],
  ['admin of sandbox', ['sandbox.service'], 'denied', 'not listed'],
];

/** A grant to an organisation. */
const GRANTED = busArn(HUB, 'granted');
const BY_ORGANIZATION: Line[] = [
  ['admin of sandbox', ['granted.service'], 'allowed', 'of the organisation that was granted'],
  ['admin of sandbox', ['something.else'], 'denied', 'granted for another source'],
  ['admin of sandbox', ['granted.service', 'something.else'], 'denied', 'one event that is not allowed refuses all'],
  ['admin of outsider', ['granted.service'], 'denied', 'of another organisation'],
  ['admin of order', ['order.service'], 'allowed', 'listed'],
  ['admin of the hub', ['hub.service'], 'allowed', 'in the account of the bus an identity policy is enough'],
  ['nobody of the hub', ['granted.service'], 'denied', NO_POLICY],
  ['nobody of sandbox', ['granted.service'], 'denied', 'has no policy of its own'],
];

const updated = { source: 'delivery.service', detailType: 'Delivery.Updated' };

/** What a grant says of keys that are not there, and of one event among several. */
const GRANTS: Row[] = [
  row(
    'delivery-publisher',
    (who) => putEvents(who, GLOBAL_BUS, [updated]),
    'allowed',
    'granted source and detail-type',
  ),
  row(
    'delivery-publisher',
    (who) => putEvents(who, GLOBAL_BUS, [{ ...updated, source: 'something.else' }]),
    'denied',
    'another source, by the grant alone: the account is not pinned',
  ),
  row(
    'delivery-publisher',
    (who) => putEvents(who, GLOBAL_BUS, [updated, { ...updated, source: 'something.else' }]),
    'denied',
    'one event of another source',
  ),
  row(
    'delivery-publisher',
    (who) => putEvents(who, GLOBAL_BUS, [updated, { ...updated, detailType: 'Delivery.Lost' }]),
    'denied',
    'one event of another detail-type',
  ),
  row(
    'delivery-publisher',
    (who) => putEvents(who, GLOBAL_BUS, [updated], { keys: { 'events:source': undefined } }),
    'denied',
    'a request that tells no source',
  ),
  row(
    'delivery-publisher',
    (who) => putEvents(who, GLOBAL_BUS, [updated], { keys: { 'events:detail-type': undefined } }),
    'denied',
    'a request that tells no detail-type',
  ),
  row(
    'order-publisher',
    (who) => putEvents(who, GLOBAL_BUS, [], { keys: { 'events:source': undefined } }),
    'denied',
    'a request that tells no source',
  ),
  row(
    'billing-publisher',
    (who) => putEvents(who, GLOBAL_BUS, [], { keys: { 'events:source': undefined } }),
    'denied',
    'a request that tells no source',
  ),
  row(
    'guest in sandbox',
    (who) => putEvents(who, ACCOUNTS, [], { keys: { 'events:source': undefined } }),
    'denied',
    'a request that tells no source',
  ),
  row(
    'admin of sandbox',
    (who) => putEvents(who, GRANTED, [], { keys: { 'events:source': undefined } }),
    'denied',
    'a request that tells no source',
  ),
  ...(['order-publisher', 'billing-publisher'] as const).flatMap((who) => {
    const source = `${who.split('-')[0]}.service`;
    return [
      row(who, put(busArn(HUB, 'acme-global-2'), [source]), 'denied', 'a name that begins the same'),
      row(who, put(busArn(OUTSIDER, 'acme-global'), [source]), 'denied', 'the name in another account'),
    ];
  }),
  row(
    'delivery-publisher',
    (who) => putEvents(who, busArn(HUB, 'acme-global-2'), [updated]),
    'denied',
    'a name that begins the same',
  ),
  row(
    'delivery-publisher',
    (who) => putEvents(who, busArn(OUTSIDER, 'acme-global'), [updated]),
    'denied',
    'the name in another account',
  ),
  // Grants are for one bus and for putting, and nothing besides.
  row('order-publisher', put(ACCOUNTS, ['order.service']), 'denied', 'granted for another bus'),
  row('billing-publisher', put(ACCOUNTS, ['billing.service']), 'denied', 'granted for another bus'),
  row('delivery-publisher', (who) => putEvents(who, UNITS, [updated]), 'denied', 'granted for another bus'),
];

/** What belongs to the owner of the bus. */
const MANAGING: Row[] = [GLOBAL_BUS, PLAIN, ACCOUNTS, UNITS, LISTED, BY_PARAMETER, GRANTED].flatMap((bus) => [
  ...(['admin of delivery', 'admin of order'] as const).map((who) =>
    row(who, (p) => request(p, 'events:DescribeEventBus', bus), 'denied', 'publishing is all that is admitted'),
  ),
  row(
    'guest in sandbox',
    (who) => request(who, 'events:DescribeEventBus', bus),
    'denied',
    'publishing is all that is admitted',
  ),
  row(
    'admin of delivery',
    (who) => request(who, 'events:PutPermission', bus),
    'denied',
    'nobody admits others to a foreign bus',
  ),
  ...ruleRows(bus, 'admin of delivery'),
]);

export const globalBusRows: Row[] = [
  ...publishingRows(GLOBAL_BUS, PUBLISHING),
  ...publishingRows(GLOBAL_BUS, FORWARDED, true),
  ...publishingRows(ACCOUNTS, BY_ACCOUNT),
  ...publishingRows(PLAIN, ON_PLAIN),
  ...publishingRows(UNITS, BY_UNIT),
  ...publishingRows(LISTED, IN_LIST),
  ...publishingRows(BY_PARAMETER, IN_PARAMETER),
  ...publishingRows(GRANTED, BY_ORGANIZATION),
  ...GRANTS,
  ...MANAGING,
];
