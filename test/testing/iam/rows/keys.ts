import type { Arns } from './arns';
import type { Person } from './people';
import { busArn, row, ruleArn, type Row } from './row';
import type { Result } from '../../../../src/testing/iam/evaluate';
import { callOf, encryptionContext, request, type CallSource } from '../../../../src/testing/iam/request';
import { HUB, LOYALTY, ORDER, OUTSIDER, REGION } from '../backbone-app';

const inContextOf = (bus: string) => encryptionContext({ 'aws:events:event-bus:arn': bus });

/** Of every key: its account, its owner's people, and what no service does with it. */
export function always(key: string, admin: Person, nobody: Person, source: string): Row[] {
  return [
    row(
      admin,
      (who) => request(who, 'kms:Decrypt', key),
      'allowed',
      'the key policy leaves it to the policies of the account',
    ),
    row(nobody, (who) => request(who, 'kms:Decrypt', key), 'denied', 'has no policy of its own'),
    row('admin of sandbox', (who) => request(who, 'kms:Decrypt', key), 'denied', 'another account'),
    row('admin of outsider', (who) => request(who, 'kms:Decrypt', key), 'denied', 'another account'),
    row(
      'EventBridge',
      (who) => callOf(who, 'kms:ScheduleKeyDeletion', key, { arn: source }),
      'denied',
      'uses the key, and rules nothing',
    ),
  ];
}

type Use = [who: Person, action: string, source: CallSource, bus: string | undefined, expected: Result, why: string];

const rowsOf = (key: string, uses: Use[]): Row[] =>
  uses.map(([who, action, source, bus, expected, why]) =>
    row(who, (p) => callOf(p, `kms:${action}`, key, source, bus === undefined ? {} : inContextOf(bus)), expected, why),
  );

/**
 * A key of a bus: for the service, on behalf of this bus.
 *
 * @param alone or an archive has the same key, for which the context alone is asked for
 */
function busKey(key: string, account: string, name: string, alone = true): Row[] {
  const bus = busArn(account, name);
  const other = busArn(account, `${name}-2`);
  const elsewhere = busArn(OUTSIDER, name);
  return rowsOf(key, [
    ['EventBridge', 'GenerateDataKey', { arn: bus }, bus, 'allowed', 'encrypts events of the bus'],
    ['EventBridge', 'Decrypt', { arn: bus }, bus, 'allowed', 'decrypts events of the bus'],
    [
      'EventBridge',
      'DescribeKey',
      { arn: bus },
      undefined,
      'allowed',
      'looks at the key, without an encryption context',
    ],
    ['EventBridge', 'DescribeKey', {}, undefined, 'allowed', 'what it tells there is not documented'],
    [
      'EventBridge',
      'Decrypt',
      { arn: elsewhere, account },
      bus,
      alone ? 'denied' : 'allowed',
      'confused deputy: the source is of another account than it says',
    ],
    [
      'EventBridge',
      'Decrypt',
      { arn: bus.replace(REGION, 'us-east-1') },
      bus,
      alone ? 'denied' : 'allowed',
      'the same name in another Region',
    ],
    ['EventBridge', 'Decrypt', { arn: bus }, elsewhere, 'denied', 'in the context of another account'],
    [
      'EventBridge',
      'Decrypt',
      { arn: bus },
      bus.replace(REGION, 'us-east-1'),
      'denied',
      'in the context of another Region',
    ],
    ['EventBridge', 'GenerateDataKey', { arn: bus }, undefined, 'denied', 'without an encryption context'],
    ['EventBridge', 'GenerateDataKey', { arn: bus }, other, 'denied', 'in the context of another bus'],
    ['EventBridge', 'Decrypt', { arn: other }, other, 'denied', 'for another bus of the account'],
    [
      'EventBridge',
      'Decrypt',
      { arn: elsewhere },
      elsewhere,
      'denied',
      'confused deputy: the same name in another account',
    ],
    [
      'EventBridge',
      'Decrypt',
      { arn: elsewhere },
      bus,
      alone ? 'denied' : 'allowed',
      'confused deputy: with the context of this bus',
    ],
    [
      'EventBridge',
      'Decrypt',
      { arn: bus, account: OUTSIDER },
      bus,
      alone ? 'denied' : 'allowed',
      'confused deputy: the account of the source goes first',
    ],
    ['EventBridge', 'Encrypt', { arn: bus }, bus, 'denied', 'not an action that it needs'],
    ['Lambda', 'Decrypt', { arn: bus }, bus, 'denied', 'another service'],
    ['Lambda', 'DescribeKey', { arn: bus }, undefined, 'denied', 'another service'],
  ]);
}

/** Archives of a bus: EventBridge is not known to tell here for whom it asks, and the context is all there is. */
function archiveKey(key: string, account: string, name: string): Row[] {
  const bus = busArn(account, name);
  return rowsOf(key, [
    ['EventBridge', 'GenerateDataKey', { account }, bus, 'allowed', 'encrypts the archive of the bus'],
    ['EventBridge', 'Decrypt', { account }, bus, 'allowed', 'replays the archive of the bus'],
    ['EventBridge', 'ReEncryptFrom', { account }, bus, 'allowed', 'changes the key of the archive'],
    ['EventBridge', 'ReEncryptTo', { account }, bus, 'allowed', 'changes the key of the archive'],
    ['EventBridge', 'GenerateDataKey', {}, bus, 'allowed', 'what it tells there is not documented'],
    ['EventBridge', 'DescribeKey', { account }, undefined, 'allowed', 'looks at the key'],
    ['EventBridge', 'DescribeKey', {}, undefined, 'allowed', 'what it tells there is not documented'],
    ['EventBridge', 'Decrypt', { account }, busArn(OUTSIDER, name), 'denied', 'the archive of another account'],
    [
      'EventBridge',
      'Decrypt',
      { account },
      bus.replace(REGION, 'us-east-1'),
      'denied',
      'the archive of another Region',
    ],
    ['EventBridge', 'Decrypt', { account }, undefined, 'denied', 'without an encryption context'],
    ['EventBridge', 'Decrypt', { account }, busArn(account, `${name}-2`), 'denied', 'the archive of another bus'],
    ['EventBridge', 'Encrypt', { account }, bus, 'denied', 'not an action that it needs'],
    ['Lambda', 'Decrypt', { account }, bus, 'denied', 'another service'],
    ['Lambda', 'DescribeKey', { account }, undefined, 'denied', 'another service'],
  ]);
}

/** The key of a dead-letter queue. */
function queueKey(key: string): Row[] {
  const source = ruleArn(ORDER, 'acme-order/delivered');
  return rowsOf(key, [
    ['EventBridge', 'GenerateDataKey', { arn: source }, undefined, 'allowed', 'sends a failed event'],
    ['EventBridge', 'Decrypt', { arn: source }, undefined, 'allowed', 'sends a failed event'],
    ['EventBridge', 'Decrypt', { arn: ruleArn(ORDER, 'other/delivered') }, undefined, 'denied', 'of another bus'],
    ['EventBridge', 'Decrypt', { arn: ruleArn(ORDER, 'health') }, undefined, 'allowed', 'a rule of the default bus'],
    ['EventBridge', 'Decrypt', { arn: ruleArn(ORDER, 'alarms') }, undefined, 'denied', 'another rule of that bus'],
    ['EventBridge', 'Decrypt', { arn: source.replace(REGION, 'us-east-1') }, undefined, 'denied', 'of another Region'],
    ...[source, ruleArn(ORDER, 'health')].map((arn): Use => [
      'EventBridge',
      'Decrypt',
      { arn: arn.replace(ORDER, OUTSIDER), account: ORDER },
      undefined,
      'denied',
      'confused deputy: the source is of another account than it says',
    ]),
    [
      'EventBridge',
      'Decrypt',
      { arn: ruleArn(ORDER, 'health', 'us-east-1') },
      undefined,
      'denied',
      'of another Region',
    ],
    ['Lambda', 'Decrypt', { arn: source }, undefined, 'denied', 'another service'],
    [
      'EventBridge',
      'Decrypt',
      { arn: source.replace(ORDER, OUTSIDER) },
      undefined,
      'denied',
      'confused deputy: the same names in another account',
    ],
    [
      'EventBridge',
      'Decrypt',
      { arn: source, account: OUTSIDER },
      undefined,
      'denied',
      'confused deputy: the account of the source goes first',
    ],
    ['EventBridge', 'Decrypt', {}, undefined, 'denied', 'tells no source'],
    ['EventBridge', 'Encrypt', { arn: source }, undefined, 'denied', 'not an action that it needs'],
    ['SNS', 'Decrypt', { arn: source }, undefined, 'denied', 'another service'],
  ]);
}

const logGroupOf = (bus: string) => `arn:aws:logs:eu-west-1:${HUB}:log-group:/aws/events/${bus}`;

/** The key of a log group. */
export function logKey(key: string, group: string, other = `${group}-2`): Row[] {
  const use = (who: Person, action: string, of: string, expected: Result, why: string) =>
    row(who, (p) => request(p, `kms:${action}`, key, encryptionContext({ 'aws:logs:arn': of })), expected, why);
  return [
    ...['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GenerateDataKey', 'DescribeKey'].map((action) =>
      use('CloudWatch Logs', action, group, 'allowed', 'for its log group'),
    ),
    use('CloudWatch Logs', 'Decrypt', other, 'denied', 'for another log group'),
    use('CloudWatch Logs', 'Decrypt', group.replace(HUB, OUTSIDER), 'denied', 'for a log group of another account'),
    use('CloudWatch Logs', 'Decrypt', group.replace(REGION, 'us-east-1'), 'denied', 'for a log group elsewhere'),
    use('SNS', 'Decrypt', group, 'denied', 'another service'),
    use('CloudWatch Logs', 'CreateGrant', group, 'denied', 'not an action that it needs'),
    use('CloudWatch Logs elsewhere', 'Decrypt', group, 'denied', 'of another Region'),
    use('EventBridge', 'Decrypt', group, 'denied', 'writes through CloudWatch Logs'),
  ];
}

/** A bus with a key writes its own log under that key, too. */
function busLogKey(key: string): Row[] {
  const ours = `arn:aws:logs:eu-west-1:${HUB}:delivery-source:accounts-error-logs`;
  const use = (who: Person, action: string, of: string | undefined, expected: Result, why: string) =>
    row(who, (p) => callOf(p, `kms:${action}`, key, {}, of ? encryptionContext({ SourceArn: of }) : {}), expected, why);
  return [
    use('EventBridge', 'GenerateDataKey', ours, 'allowed', 'encrypts records'),
    use('EventBridge', 'Decrypt', ours, 'denied', 'reads no records'),
    use('EventBridge', 'GenerateDataKey', ours.replace(HUB, OUTSIDER), 'denied', 'for logs of another account'),
    use('EventBridge', 'GenerateDataKey', ours.replace(REGION, 'us-east-1'), 'denied', 'for logs of another Region'),
    use('log delivery', 'Decrypt', ours.replace(REGION, 'us-east-1'), 'denied', 'for logs of another Region'),
    use('EventBridge', 'GenerateDataKey', busArn(HUB, 'accounts'), 'denied', 'for something that is no log'),
    use('EventBridge', 'GenerateDataKey', undefined, 'denied', 'without an encryption context'),
    use('log delivery', 'GenerateDataKey', ours, 'allowed', 'delivers records'),
    use('log delivery', 'Decrypt', ours, 'allowed', 'delivers records'),
    use('log delivery', 'Encrypt', ours, 'denied', 'not an action that it needs'),
    use('log delivery', 'Decrypt', ours.replace(HUB, OUTSIDER), 'denied', 'for logs of another account'),
    use('log delivery', 'Decrypt', undefined, 'denied', 'without an encryption context'),
    use('CloudWatch Logs', 'Decrypt', ours, 'denied', 'another service'),
    use('SNS', 'GenerateDataKey', ours, 'denied', 'another service'),
  ];
}

export function keyRows(arns: Arns): Row[] {
  const [backbone, bus, archive] = [arns('Keys/BackboneKey'), arns('Alone/BusKey'), arns('Alone/ArchiveKey')];
  const [log, queue, keyed] = [arns('Alone/LogKey'), arns('OrderTeam/QueueKey'), arns('KeyedMember/Key')];
  const hub = ['admin of the hub', 'nobody of the hub'] as const;
  return [
    // One key for a bus and its archive.
    ...busKey(backbone, HUB, 'acme-global', false),
    ...logKey(backbone, logGroupOf('acme-global')),
    ...archiveKey(backbone, HUB, 'acme-global'),
    ...busKey(bus, HUB, 'accounts'),
    ...rowsOf(bus, [
      ['EventBridge', 'Decrypt', { account: HUB }, busArn(HUB, 'accounts'), 'denied', 'tells no bus'],
      [
        'EventBridge',
        'Decrypt',
        { arn: busArn(HUB, 'units') },
        busArn(HUB, 'accounts'),
        'denied',
        'for another bus, in the context of this',
      ],
    ]),
    ...busLogKey(bus),
    ...archiveKey(archive, HUB, 'accounts'),
    ...busKey(keyed, LOYALTY, 'keyed'),
    ...rowsOf(keyed, [
      [
        'EventBridge',
        'Decrypt',
        { arn: busArn(LOYALTY, 'acme-loyalty') },
        busArn(LOYALTY, 'keyed'),
        'denied',
        'for another bus, in the context of this',
      ],
    ]),
    ...logKey(log, logGroupOf('accounts')),
    ...queueKey(queue),
    ...[backbone, bus, archive, log, arns('Streams/LiveKey'), arns('Streams/LakeKey')].flatMap((key) =>
      always(key, ...hub, busArn(HUB, 'accounts')),
    ),
    ...always(keyed, 'admin of loyalty', 'nobody of loyalty', busArn(LOYALTY, 'keyed')),
    ...always(queue, 'admin of order', 'nobody of order', ruleArn(ORDER, 'acme-order/delivered')),
  ];
}
