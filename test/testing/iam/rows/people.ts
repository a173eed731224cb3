import type { OutsideIdentities } from '../../../../src/testing/iam/app-policies';
import { role, root, service, type Organization, type Principal } from '../../../../src/testing/iam/principals';
import {
  BILLING,
  DELIVERY,
  HUB,
  LOYALTY,
  NEWCOMER,
  ORDER,
  ORGANIZATION,
  OUTSIDER,
  RETIRED,
  SANDBOX,
  UNIT,
} from '../backbone-app';

const ours: Organization = { id: ORGANIZATION, paths: [`${ORGANIZATION}/r-ab12/ou-ab12-22222222/`] };
const inUnit: Organization = { id: ORGANIZATION, paths: [`${UNIT}ou-ab12-33333333/`] };
const foreign: Organization = { id: 'o-zzz9999999', paths: ['o-zzz9999999/r-zz99/'] };

const roleIn = (account: string, name: string, organization: Organization | 'none' = ours) =>
  role(`arn:aws:iam::${account}:role/${name}`, organization);

const FORWARDER = 'acme-forwarder-eu-west-1';
const REPUBLISHER = 'checked-republisher-eu-west-1';

/** Who appears in the rows. */
export const people = {
  // Of the templates.
  'order-publisher': roleIn(ORDER, 'order-publisher'),
  'delivery-publisher': roleIn(DELIVERY, 'delivery-publisher', inUnit),
  'billing-publisher': roleIn(BILLING, 'billing-publisher'),
  'order-forwarder': roleIn(ORDER, 'order-forwarder'),
  'delivery-forwarder': roleIn(DELIVERY, 'delivery-forwarder', inUnit),
  'on-order-created': roleIn(DELIVERY, 'on-order-created', inUnit),
  forwarder: roleIn(HUB, FORWARDER),
  'forwarder of plain': roleIn(HUB, 'plain-forwarder-eu-west-1'),
  'forwarder of checked': roleIn(HUB, 'checked-forwarder-eu-west-1'),
  'forwarder of prefixed': roleIn(HUB, 'prefixed-forwarder-eu-west-1'),
  'republisher of checked': roleIn(HUB, REPUBLISHER),
  'republisher of prefixed': roleIn(HUB, 'prefixed-republisher-eu-west-1'),

  // May do everything, as far as its own account has a say.
  'admin of the hub': roleIn(HUB, 'admin'),
  'admin of order': roleIn(ORDER, 'admin'),
  'admin of delivery': roleIn(DELIVERY, 'admin', inUnit),
  'admin of billing': roleIn(BILLING, 'admin'),
  'admin of loyalty': roleIn(LOYALTY, 'admin'),
  'admin of newcomer': roleIn(NEWCOMER, 'admin'),
  'admin of retired': roleIn(RETIRED, 'admin'),
  'admin of sandbox': roleIn(SANDBOX, 'admin'),
  'guest in sandbox': roleIn(SANDBOX, 'guest'),
  'admin of outsider': roleIn(OUTSIDER, 'admin', foreign),
  'namesake of the forwarder': roleIn(OUTSIDER, FORWARDER, foreign),
  'namesake of the republisher': roleIn(OUTSIDER, REPUBLISHER, foreign),
  'admin of order, which left the organisation': roleIn(ORDER, 'admin', 'none'),
  'admin of order, which is of another organisation': roleIn(ORDER, 'admin', foreign),
  'root user of order': root(ORDER, ours),

  // Has no policy of its own.
  'nobody of the hub': roleIn(HUB, 'nobody'),
  'nobody of the hub, in the unit': roleIn(HUB, 'nobody', inUnit),
  'nobody of order': roleIn(ORDER, 'nobody'),
  'nobody of delivery': roleIn(DELIVERY, 'nobody', inUnit),
  'nobody of billing': roleIn(BILLING, 'nobody'),
  'nobody of loyalty': roleIn(LOYALTY, 'nobody'),
  'nobody of sandbox': roleIn(SANDBOX, 'nobody'),

  EventBridge: service('events.amazonaws.com'),
  'log delivery': service('delivery.logs.amazonaws.com'),
  'CloudWatch Logs': service('logs.eu-west-1.amazonaws.com'),
  'CloudWatch Logs elsewhere': service('logs.us-east-1.amazonaws.com'),
  'Data Firehose': service('firehose.amazonaws.com'),
  Lambda: service('lambda.amazonaws.com'),
  SNS: service('sns.amazonaws.com'),
} satisfies Record<string, Principal>;

export type Person = keyof typeof people;

const EVERYTHING = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

/** The policies of those who are in no template. */
export const outside: OutsideIdentities = Object.fromEntries(
  Object.entries<Principal>(people).flatMap(([name, person]) => {
    if (person.kind !== 'role') return [];
    if (name.startsWith('nobody')) return [[person.arn, []]];
    return /admin|guest|namesake/.test(name) ? [[person.arn, [EVERYTHING]]] : [];
  }),
);
