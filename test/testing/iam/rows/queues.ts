import type { Arns } from './arns';
import { busArn, row, ruleArn, type Row } from './row';
import { callOf, request } from '../../../../src/testing/iam/request';
import { BILLING, DELIVERY, HUB, LOYALTY, NEWCOMER, ORDER, OUTSIDER, REGION, RETIRED } from '../backbone-app';

export interface DeadLetterQueue {
  /** `<stack>/<start of the logical id>`. */
  readonly queue: string;
  readonly account: string;
  /** On whose behalf EventBridge sends. */
  readonly source: string;
  /** Of whom it must not. */
  readonly other: string;
}

const ofRules = (queue: string, account: string, bus: string): DeadLetterQueue => ({
  queue,
  account,
  source: ruleArn(account, `${bus}/some-rule`),
  other: ruleArn(account, `${bus}-2/some-rule`),
});

const ofBus = (queue: string, account: string, bus: string): DeadLetterQueue => ({
  queue,
  account,
  source: busArn(account, bus),
  other: busArn(account, `${bus}-2`),
});

const QUEUES: DeadLetterQueue[] = [
  ofRules('acme-hub/FanOutDeadLetterQueue', HUB, 'acme-global'),
  ofRules('plain-hub/FanOutDeadLetterQueue', HUB, 'plain-global'),
  // The rules of both buses, while a backbone moves from one to the other.
  ofRules('checked-hub/FanOutDeadLetterQueue', HUB, 'checked-global'),
  ofRules('checked-hub/FanOutDeadLetterQueue', HUB, 'checked-published'),
  ofRules('prefixed-hub/FanOutDeadLetterQueue', HUB, 'prefixed-global'),
  ofRules('acme-member-order/LocalBusDeadLetterQueue', ORDER, 'acme-order'),
  ofRules('acme-member-billing/LocalBusDeadLetterQueue', BILLING, 'acme-billing'),
  ofRules('acme-member-refunds/LocalBusDeadLetterQueue', BILLING, 'acme-refunds'),
  ofRules('acme-member-loyalty/LocalBusDeadLetterQueue', LOYALTY, 'acme-loyalty'),
  ofRules('acme-member-audit/LocalBusDeadLetterQueue', HUB, 'acme-audit'),
  ofRules('acme-member-newcomer/LocalBusDeadLetterQueue', NEWCOMER, 'acme-newcomer'),
  ofRules('acme-member-retired/LocalBusDeadLetterQueue', RETIRED, 'acme-retired'),
  ofRules('DeliveryTeam/BackboneLocalBusDeadLetterQueue', DELIVERY, 'acme-delivery'),
  ofRules('OrderTeam/OwnQueue', ORDER, 'acme-order'),
  ofRules('Alone/AccountsDeadLetterQueue', HUB, 'accounts'),
  ofRules('Streams/BusDeadLetterQueue', HUB, 'streamed'),
  ofRules('DeliveryTeam/LegacyDeadLetterQueue', DELIVERY, 'legacy'),
  // Rules of the default bus are admitted one by one.
  {
    queue: 'OrderTeam/DeadLetterQueue',
    account: ORDER,
    source: ruleArn(ORDER, 'findings'),
    other: ruleArn(ORDER, 'health'),
  },
  {
    queue: 'OrderTeam/DeadLetterQueue',
    account: ORDER,
    source: ruleArn(ORDER, 'alarms'),
    other: ruleArn(ORDER, 'alarms-2'),
  },
  // Two buses share it.
  {
    queue: 'OrderTeam/OwnQueue',
    account: ORDER,
    source: ruleArn(ORDER, 'health'),
    other: ruleArn(ORDER, 'findings'),
  },
  ofBus('acme-hub/GlobalBusEncryptionDeadLetterQueue', HUB, 'acme-global'),
  ofBus('Alone/AccountsEncryptionDeadLetterQueue', HUB, 'accounts'),
  ofBus('KeyedMember/KeyedEncryptionDeadLetterQueue', LOYALTY, 'keyed'),
];

const PLAIN = { 'aws:SecureTransport': 'false' };

export function sendingRows(arn: string, { account, source, other }: DeadLetterQueue): Row[] {
  const elsewhere = source.replace(account, OUTSIDER);
  const send =
    (from: { arn?: string; account?: string }, keys = {}) =>
    (who: Parameters<typeof callOf>[0]) =>
      callOf(who, 'sqs:SendMessage', arn, from, keys);
  return [
    row('EventBridge', send({ arn: source }), 'allowed', 'a failed event of its own'),
    row('EventBridge', send({ arn: source }, PLAIN), 'denied', 'without TLS'),
    row('EventBridge', send({ arn: other }), 'denied', 'of another bus'),
    row('EventBridge', send({ arn: elsewhere }), 'denied', 'confused deputy: the same names in another account'),
    row(
      'EventBridge',
      send({ arn: source, account: OUTSIDER }),
      'denied',
      'confused deputy: the account of the source goes first',
    ),
    row(
      'EventBridge',
      send({ arn: elsewhere, account }),
      'denied',
      'confused deputy: the source is of another account than it says',
    ),
    row('EventBridge', send({ arn: source.replace(REGION, 'us-east-1') }), 'denied', 'of another Region'),
    row('EventBridge', send({ account }), 'denied', 'tells no source'),
    row('EventBridge', send({}), 'denied', 'tells neither source nor account'),
    row(
      'EventBridge',
      (who) => callOf(who, 'sqs:ReceiveMessage', arn, { arn: source }),
      'denied',
      'sends, and reads nothing',
    ),
    row('SNS', send({ arn: source }), 'denied', 'another service'),
    row('admin of outsider', send({ arn: source }), 'denied', 'a person who claims to be a rule'),
    row('admin of sandbox', (who) => request(who, 'sqs:ReceiveMessage', arn), 'denied', 'a person of another account'),
    ...(account === HUB ? ofHub(arn) : []),
  ];
}

const ofHub = (arn: string): Row[] => [
  row(
    'admin of the hub',
    (who) => request(who, 'sqs:ReceiveMessage', arn),
    'allowed',
    'reads the failed events of its account',
  ),
  row('admin of the hub', (who) => request(who, 'sqs:ReceiveMessage', arn, PLAIN), 'denied', 'without TLS'),
  row('nobody of the hub', (who) => request(who, 'sqs:ReceiveMessage', arn), 'denied', 'has no policy of its own'),
];

export const queueRows = (arns: Arns): Row[] => QUEUES.flatMap((each) => sendingRows(arns(each.queue), each));
