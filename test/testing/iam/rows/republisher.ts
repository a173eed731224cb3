import type { Arns } from './arns';
import { always, logKey } from './keys';
import type { Person } from './people';
import { LISTED_ELSEWHERE, publishingRows, ruleRows, type Line } from './publishing';
import { sendingRows } from './queues';
import { busArn, put, row, ruleArn, type Row } from './row';
import type { Result } from '../../../../src/testing/iam/evaluate';
import { callOf, request, type CallSource } from '../../../../src/testing/iam/request';
import { DELIVERY, HUB, ORDER, OUTSIDER, REGION } from '../backbone-app';

/** The first of two buses: nobody publishes validated events here, the republisher neither. */
const CHECKED = busArn(HUB, 'checked-global');
const ON_CHECKED: Line[] = [
  ['admin of order', ['order.service'], 'allowed', 'a member'],
  ['admin of order', ['valid.order.service'], 'denied', 'reserved'],
  ['admin of order', ['order.service', 'valid.x'], 'denied', 'reserved, hidden behind an own event'],
  ['admin of order', ['invalid.order.service'], 'denied', 'reserved'],
  ...LISTED_ELSEWHERE,
  ['admin of sandbox', ['order.service'], 'denied', 'of the organisation, and not listed'],
  ['admin of outsider', ['order.service'], 'denied', 'of another organisation'],
  ['nobody of order', ['order.service'], 'denied', 'has no policy of its own'],
  ['nobody of the hub', ['hub.service'], 'denied', 'has no policy of its own'],
  ['admin of the hub', ['hub.service'], 'allowed', 'in the account of the bus an identity policy is enough'],
  ['admin of the hub', ['valid.order.service'], 'denied', 'reserved'],
  ['republisher of checked', ['order.service'], 'denied', 'publishes on the other bus'],
  ['republisher of checked', ['valid.order.service'], 'denied', 'reserved for it too: it publishes on the other bus'],
];

/** The second: the republisher alone. */
const PUBLISHED = busArn(HUB, 'checked-published');
const ON_PUBLISHED: Line[] = [
  ['republisher of checked', ['order.service'], 'allowed', 'publishes a valid event'],
  ['republisher of checked', ['invalid.order.service'], 'allowed', 'publishes a notice'],
  ['republisher of checked', ['order.service', 'invalid.x'], 'allowed', 'publishes both in one request'],
  ['republisher of prefixed', ['order.service'], 'denied', 'the republisher of another backbone'],
  ['namesake of the republisher', ['order.service'], 'denied', 'the name of the role, in another account'],
  ['forwarder of checked', ['order.service'], 'denied', 'delivers from here, and puts nothing here'],
  ['admin of the hub', ['order.service'], 'denied', 'in the account of the bus only the Deny stops it'],
  ['admin of the hub', ['hub.service'], 'denied', 'whatever the source'],
  ['nobody of the hub', ['hub.service'], 'denied', 'has no policy of its own'],
  ['admin of order', ['order.service'], 'denied', 'members publish on the other bus'],
  ['admin of sandbox', ['order.service'], 'denied', 'another account'],
  ['admin of outsider', ['order.service'], 'denied', 'another account'],
];

/** One bus for raw and valid events, with pins: of a member, and of one in the hub's own account. */
const PREFIXED = busArn(HUB, 'prefixed-global');
const ON_PREFIXED: Line[] = [
  ['republisher of prefixed', ['valid.order.service'], 'allowed', 'publishes a valid event'],
  ['republisher of prefixed', ['invalid.order.service'], 'allowed', 'publishes a notice'],
  ['republisher of prefixed', ['valid.platform.service'], 'allowed', 'of the hub’s own member as well'],
  ['republisher of prefixed', ['valid.something.else'], 'allowed', 'what the hub is pinned to does not hold for it'],
  ['republisher of prefixed', ['order.service'], 'denied', 'a raw event of a pinned source is its owner’s'],
  ['republisher of checked', ['valid.order.service'], 'denied', 'the republisher of another backbone'],
  ['namesake of the republisher', ['valid.order.service'], 'denied', 'another account'],
  ['forwarder of prefixed', ['valid.order.service'], 'denied', 'delivers from here, and puts nothing here'],
  ['admin of order', ['order.service'], 'allowed', 'the account may send what is its own'],
  ['admin of order', ['valid.order.service'], 'denied', 'forged: reserved for the republisher'],
  ['admin of order', ['invalid.order.service'], 'denied', 'forged: reserved for the republisher'],
  ['admin of order', ['order.service', 'valid.order.service'], 'denied', 'forged, hidden behind an own event'],
  ['admin of order', ['something.else'], 'denied', 'the account is pinned to its sources'],
  ['admin of order', ['order.service', 'something.else'], 'denied', 'pinned, hidden behind an own event'],
  ['admin of order', ['platform.service'], 'denied', 'forged: pinned to the hub'],
  ['admin of order', ['order.service', 'platform.service'], 'denied', 'forged, hidden behind an own event'],
  ['admin of order', ['aws.guardduty'], 'allowed', 'pins leave out what services of AWS send'],
  ...LISTED_ELSEWHERE,
  ['admin of delivery', ['delivery.service'], 'allowed', 'not pinned'],
  ['admin of delivery', ['valid.delivery.service'], 'denied', 'forged: reserved for the republisher'],
  ['admin of delivery', ['invalid.delivery.service'], 'denied', 'forged: reserved for the republisher'],
  ['admin of delivery', ['delivery.service', 'valid.x'], 'denied', 'forged, hidden behind an own event'],
  ['admin of delivery', ['order.service'], 'denied', 'forged: pinned to another account'],
  ['admin of delivery', ['delivery.service', 'order.service'], 'denied', 'forged, hidden behind an own event'],
  ['admin of delivery', ['platform.service'], 'denied', 'forged: pinned to the hub'],
  ['admin of delivery', ['delivery.service', 'platform.service'], 'denied', 'forged, hidden behind an own event'],
  ['admin of sandbox', ['sandbox.service'], 'denied', 'of the organisation, and not listed'],
  ['nobody of order', ['order.service'], 'denied', 'has no policy of its own'],
  ['admin of the hub', ['platform.service'], 'allowed', 'the account may send what is its own'],
  ['admin of the hub', ['something.else'], 'denied', 'the hub is pinned to its sources, too'],
  ['admin of the hub', ['platform.service', 'something.else'], 'denied', 'pinned, hidden behind an own event'],
  ['admin of the hub', ['order.service'], 'denied', 'pinned to another account'],
  ['admin of the hub', ['platform.service', 'order.service'], 'denied', 'forged, hidden behind an own event'],
  ['admin of the hub', ['aws.guardduty'], 'allowed', 'pins leave out what services of AWS send'],
  ['admin of the hub', ['valid.platform.service'], 'denied', 'another role of the hub is not the republisher'],
  ['admin of the hub', ['invalid.platform.service'], 'denied', 'another role of the hub is not the republisher'],
  ['nobody of the hub', ['platform.service'], 'denied', 'has no policy of its own'],
];

const publishing: Row[] = [
  ...publishingRows(CHECKED, ON_CHECKED),
  ...publishingRows(PUBLISHED, ON_PUBLISHED),
  ...publishingRows(PREFIXED, ON_PREFIXED),
  row('admin of the hub', put(PUBLISHED, ['order.service'], true), 'denied', 'a rule, with another role'),
  row('forwarder of checked', put(PUBLISHED, ['order.service'], true), 'denied', 'a rule, with the forwarding role'),
  row('admin of order', put(PREFIXED, ['valid.order.service'], true), 'denied', 'reserved for rules too'),
  row('admin of the hub', put(PREFIXED, ['valid.x'], true), 'denied', 'a rule of the hub, with another role'),
  row('forwarder of prefixed', put(PREFIXED, ['valid.x'], true), 'denied', 'a rule, with the forwarding role'),
  ...[CHECKED, PUBLISHED, PREFIXED].flatMap((bus) => [
    row('EventBridge', put(bus, ['order.service']), 'denied', 'a service puts nothing in its own name'),
    row('admin of the hub', (p) => request(p, 'events:DescribeEventBus', bus), 'allowed', 'its own bus'),
    row('admin of order', (p) => request(p, 'events:DescribeEventBus', bus), 'denied', 'the bus is the hub’s'),
    ...ruleRows(bus, 'admin of order'),
  ]),
  ...(['checked', 'prefixed'] as const).flatMap((name) => {
    const [who, bus] = [
      `republisher of ${name}` as const,
      name === 'checked' ? 'checked-published' : 'prefixed-global',
    ];
    return [
      row(who, put(busArn(HUB, `${bus}-2`), ['valid.x']), 'denied', 'a name that begins the same'),
      row(who, put(busArn(OUTSIDER, bus), ['valid.x']), 'denied', 'the name in another account'),
      row(who, put(busArn(HUB, 'units'), ['valid.x']), 'denied', 'another bus of its account'),
      row(who, put(busArn(ORDER, `${name}-order`), ['valid.x']), 'denied', 'local buses are the forwarding role’s'),
      row(who, (p) => request(p, 'events:DescribeEventBus', busArn(HUB, bus)), 'denied', 'puts, and rules nothing'),
    ];
  }),
];

/** The local buses behind a republisher are like all others. */
const localBuses: Row[] = (['checked', 'prefixed'] as const).flatMap((name) => {
  const [bus, who] = [busArn(ORDER, `${name}-order`), `forwarder of ${name}` as const];
  const source = ['order.service'];
  return [
    row(who, put(bus, source, true), 'allowed', 'a fan-out rule'),
    row(who, (p) => request(p, 'events:DescribeEventBus', bus), 'denied', 'putting is all that it may'),
    row(who, put(busArn(HUB, `${name}-global`), source, true), 'denied', 'not on the bus that it comes from'),
    row('forwarder', put(bus, source, true), 'denied', 'the forwarding role of another backbone'),
    row('admin of the hub', put(bus, source), 'allowed', 'level account: any principal of the hub that may'),
    row('admin of the hub', (p) => request(p, 'events:DescribeEventBus', bus), 'denied', 'putting is all'),
    row('admin of delivery', put(bus, source), 'denied', 'members do not put on each other’s buses'),
    row('admin of sandbox', put(bus, source), 'denied', 'of the organisation, and not the hub'),
    row('admin of outsider', put(bus, source), 'denied', 'another account'),
  ];
});

/** Members of `prefixed` that make their buses themselves: one in the hub's account. */
const ownBuses: Row[] = [
  [HUB, 'prefixed-platform'],
  [DELIVERY, 'prefixed-delivery'],
].flatMap(([account, name]) => {
  const may = (bus: string, expected: Result, why: string) =>
    row('forwarder of prefixed', put(bus, ['order.service'], true), expected, why);
  return [
    may(busArn(account, name), 'allowed', 'a fan-out rule'),
    may(busArn(account, `${name}-2`), 'denied', 'a name that begins the same'),
    may(busArn(OUTSIDER, name), 'denied', 'the name in another account'),
    row(
      'forwarder of prefixed',
      (p) => request(p, 'events:DescribeEventBus', busArn(account, name)),
      'denied',
      'putting is all that it may',
    ),
  ];
});

type Use = [who: Person, action: string, arn: string, expected: Result, why: string];

const uses = (lines: Use[]): Row[] =>
  lines.map(([who, action, arn, expected, why]) => row(who, (p) => request(p, action, arn), expected, why));

const READING = ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes', 'GetQueueUrl'];
const SENDING = ['SendMessage'];
const PLAIN = { 'aws:SecureTransport': 'false' };

/** The three queues of a republisher. */
function queues(arns: Arns, name: 'checked' | 'prefixed'): Row[] {
  const [input, deadLetters, quarantine] = ['Queue', 'DeadLetterQueue', 'Quarantine'].map((queue) =>
    arns(`${name}-hub/Republisher${queue}`),
  );
  const inputRule = arns(`${name}-hub/RepublisherInputRule`);
  const who = `republisher of ${name}` as const;
  const isDirect = name === 'prefixed';
  const may = (queue: string, actions: string[], why: string) =>
    uses(actions.map((action): Use => [who, `sqs:${action}`, queue, 'allowed', why]));
  return [
    ...may(input, READING, 'takes what waits for it'),
    ...(isDirect
      ? may(deadLetters, SENDING, 'Lambda sends with it what was given up')
      : may(quarantine, SENDING, 'puts in quarantine')),
    ...uses([
      [who, 'sqs:SendMessage', input, 'denied', 'redriving is for people'],
      [who, 'sqs:SendMessage', isDirect ? quarantine : deadLetters, 'denied', 'this one is filled otherwise'],
      [who, 'sqs:ReceiveMessage', quarantine, 'denied', 'what waits there is for people'],
      [who, 'sqs:ReceiveMessage', deadLetters, 'denied', 'what waits there is for people'],
      [who, 'sqs:DeleteQueue', input, 'denied', 'takes, and rules nothing'],
      [who, 'sqs:PurgeQueue', isDirect ? deadLetters : quarantine, 'denied', 'sends, and rules nothing'],
      [who, 'sqs:SendMessage', arns('OrderTeam/Deliveries'), 'denied', 'another queue'],
    ]),
    ...(isDirect
      ? [
          row(
            'EventBridge',
            (p) => callOf(p, 'sqs:SendMessage', input, { arn: inputRule }),
            'denied',
            'the rule invokes the function',
          ),
        ]
      : sendingRows(input, {
          queue: 'RepublisherQueue',
          account: HUB,
          source: inputRule,
          other: arns('Validation/OtherRuleOfchecked'),
        })),
    ...[deadLetters, quarantine].map((queue) =>
      row(
        'EventBridge',
        (p) => callOf(p, 'sqs:SendMessage', queue, { arn: inputRule }),
        'denied',
        'the function fills it, no rule',
      ),
    ),
    ...[input, deadLetters, quarantine].flatMap((queue) => [
      row('admin of the hub', (p) => request(p, 'sqs:SendMessage', queue), 'allowed', 'redrives what was mended'),
      row('admin of the hub', (p) => request(p, 'sqs:ReceiveMessage', queue), 'allowed', 'reads what waits'),
      row('admin of the hub', (p) => request(p, 'sqs:ReceiveMessage', queue, PLAIN), 'denied', 'without TLS'),
      row('nobody of the hub', (p) => request(p, 'sqs:ReceiveMessage', queue), 'denied', 'has no policy of its own'),
      row('admin of order', (p) => request(p, 'sqs:ReceiveMessage', queue), 'denied', 'reads notices, not events'),
      row('admin of order', (p) => request(p, 'sqs:SendMessage', queue), 'denied', 'goes by the bus'),
      row('Lambda', (p) => callOf(p, 'sqs:ReceiveMessage', queue, {}), 'denied', 'reads with the role'),
    ]),
  ];
}

/** What else the function may, and who may be it. */
function ofFunction(arns: Arns, name: 'checked' | 'prefixed'): Row[] {
  const who = `republisher of ${name}` as const;
  const role = arns(`${name}-hub/RepublisherRole`);
  const group = arns(`${name}-hub/RepublisherLogs`);
  const stream = group.replace(/\*$/, 'log-stream:events');
  return [
    ...uses([
      ['Lambda', 'sts:AssumeRole', role, 'allowed', 'runs the function'],
      ['Lambda', 'sts:TagSession', role, 'denied', 'to assume it is all'],
      ['EventBridge', 'sts:AssumeRole', role, 'denied', 'another service'],
      ['SNS', 'sts:AssumeRole', role, 'denied', 'another service'],
      ['admin of the hub', 'sts:AssumeRole', role, 'denied', 'people are not the republisher'],
      ['admin of order', 'sts:AssumeRole', role, 'denied', 'another account'],
      [who, 'logs:CreateLogStream', stream, 'allowed', 'its logs'],
      [who, 'logs:PutLogEvents', stream, 'allowed', 'its logs'],
      [who, 'logs:DeleteLogStream', stream, 'denied', 'writes, and deletes nothing'],
      [who, 'logs:PutLogEvents', arns('Streams/OtherGroup'), 'denied', 'another log group'],
    ]),
  ];
}

/** Invoked by the rule, and by no other. */
function invocation(arns: Arns): Row[] {
  const [lambda, rule] = [arns('prefixed-hub/RepublisherFunction'), arns('prefixed-hub/RepublisherInputRule')];
  const elsewhere = rule.replace(HUB, OUTSIDER);
  const invoke = (who: Person, source: CallSource, expected: Result, why: string) =>
    row(who, (p) => callOf(p, 'lambda:InvokeFunction', lambda, source), expected, why);
  return [
    invoke('EventBridge', { arn: rule }, 'allowed', 'for the rule that takes events to it'),
    invoke('EventBridge', { arn: arns('Validation/OtherRuleOfprefixed') }, 'denied', 'for another rule of the bus'),
    invoke('EventBridge', { arn: ruleArn(HUB, 'another') }, 'denied', 'for a rule of the default bus'),
    invoke('EventBridge', { arn: elsewhere }, 'denied', 'confused deputy: the same names in another account'),
    invoke('EventBridge', { arn: rule, account: OUTSIDER }, 'denied', 'confused deputy: the account goes first'),
    invoke(
      'EventBridge',
      { arn: elsewhere, account: HUB },
      'denied',
      'confused deputy: of another account than it says',
    ),
    invoke('EventBridge', { arn: rule.replace(REGION, 'us-east-1') }, 'denied', 'for a rule of another Region'),
    invoke('EventBridge', {}, 'denied', 'tells no rule'),
    invoke('SNS', { arn: rule }, 'denied', 'another service'),
    row(
      'EventBridge',
      (p) => callOf(p, 'lambda:GetFunction', lambda, { arn: rule }),
      'denied',
      'invokes, and reads nothing',
    ),
    ...uses([
      ['admin of order', 'lambda:InvokeFunction', lambda, 'denied', 'goes by the bus'],
      ['admin of outsider', 'lambda:InvokeFunction', lambda, 'denied', 'another account'],
      ['nobody of the hub', 'lambda:InvokeFunction', lambda, 'denied', 'has no policy of its own'],
      ['EventBridge', 'lambda:InvokeFunction', arns('checked-hub/RepublisherFunction'), 'denied', 'fed by a queue'],
    ]),
  ];
}

/** The key of queues and logs. */
function key(arns: Arns): Row[] {
  const own = arns('Validation/Key');
  const source = arns('checked-hub/RepublisherInputRule');
  const [, logicalId] = /\.(RepublisherLogs[^.>]+)>/.exec(arns('checked-hub/RepublisherLogs'))!;
  const logs = `arn:aws:logs:${REGION}:${HUB}:log-group:`;
  const use = (action: string, from: CallSource, expected: Result, why: string, who: Person = 'EventBridge') =>
    row(who, (p) => callOf(p, `kms:${action}`, own, from), expected, why);
  return [
    use('GenerateDataKey', { arn: source }, 'allowed', 'sends an event to the queue'),
    use('Decrypt', { arn: source }, 'allowed', 'sends an event to the queue'),
    use(
      'Decrypt',
      { arn: ruleArn(HUB, 'checked-global/another') },
      'allowed',
      'the queue refuses the rule, not its key',
    ),
    use('Decrypt', { arn: ruleArn(HUB, 'checked-published/another') }, 'denied', 'of another bus'),
    use('Decrypt', { arn: source.replace(REGION, 'us-east-1') }, 'denied', 'of another Region'),
    use('Decrypt', { arn: source.replace(HUB, OUTSIDER) }, 'denied', 'confused deputy: in another account'),
    use('Decrypt', { arn: source, account: OUTSIDER }, 'denied', 'confused deputy: the account goes first'),
    use('Decrypt', { arn: source.replace(HUB, OUTSIDER), account: HUB }, 'denied', 'confused deputy: not as it says'),
    use('Decrypt', {}, 'denied', 'tells no source'),
    use('Encrypt', { arn: source }, 'denied', 'not an action that it needs'),
    use('Decrypt', { arn: source }, 'denied', 'another service', 'SNS'),
    use('Decrypt', { arn: source }, 'denied', 'another service', 'Lambda'),
    ...logKey(own, `${logs}checked-hub-${logicalId}-aBcDeF012345`, `${logs}checked-hub-OtherLogs-aBcDeF012345`),
    ...always(own, 'admin of the hub', 'nobody of the hub', source),
    ...uses([
      ['republisher of checked', 'kms:Decrypt', own, 'allowed', 'reads its queue'],
      ['republisher of checked', 'kms:GenerateDataKey', own, 'allowed', 'writes to quarantine'],
      ['republisher of checked', 'kms:Encrypt', own, 'denied', 'not an action that it needs'],
    ]),
    ...uses([
      ['republisher of checked', 'kms:ScheduleKeyDeletion', own, 'denied', 'uses the key, and rules nothing'],
      ['republisher of checked', 'kms:Decrypt', arns('Validation/BucketKey'), 'denied', 'another key'],
      ['republisher of prefixed', 'kms:Decrypt', own, 'denied', 'of another republisher'],
    ]),
  ];
}

/** A bucket instead of the quarantine queue. */
function bucket(arns: Arns): Row[] {
  const [own, ownKey] = [arns('Validation/Bucket'), arns('Validation/BucketKey')];
  const who = 'republisher of prefixed';
  return [
    ...uses([
      [who, 's3:PutObject', `${own}/source=x/1.json`, 'allowed', 'puts in quarantine'],
      [who, 's3:GetObject', `${own}/source=x/1.json`, 'allowed', 'reads what is redriven'],
      [who, 's3:DeleteObject', `${own}/source=x/1.json`, 'denied', 'writes, and deletes nothing'],
      [who, 's3:ListBucket', own, 'denied', 'reads what it is told'],
      [who, 's3:PutObject', `${arns('Streams/OtherBucket')}/x`, 'denied', 'another bucket'],
      [who, 's3:DeleteBucket', own, 'denied', 'rules nothing'],
      ['republisher of checked', 's3:PutObject', `${own}/x`, 'denied', 'has a queue for that'],
      ['admin of the hub', 's3:GetObject', `${own}/x`, 'allowed', 'reads the bucket of its account'],
      ['nobody of the hub', 's3:GetObject', `${own}/x`, 'denied', 'has no policy of its own'],
      ['admin of order', 's3:GetObject', `${own}/x`, 'denied', 'another account'],
      [who, 'kms:ScheduleKeyDeletion', ownKey, 'denied', 'uses the key, and rules nothing'],
      [who, 'kms:Decrypt', arns('Keys/BackboneKey'), 'denied', 'another key'],
    ]),
    ...uses([
      [who, 'kms:GenerateDataKey', ownKey, 'allowed', 'writes to its bucket'],
      [who, 'kms:Decrypt', ownKey, 'allowed', 'reads its bucket'],
      [who, 'kms:Encrypt', ownKey, 'denied', 'not an action that it needs'],
    ]),
    ...always(ownKey, 'admin of the hub', 'nobody of the hub', arns('prefixed-hub/RepublisherInputRule')),
  ];
}

export const republisherRows = (arns: Arns): Row[] => [
  ...publishing,
  ...localBuses,
  ...ownBuses,
  ...(['checked', 'prefixed'] as const).flatMap((name) => [...queues(arns, name), ...ofFunction(arns, name)]),
  ...invocation(arns),
  ...key(arns),
  ...bucket(arns),
];
