import type { Arns } from './arns';
import type { Person } from './people';
import { row, type Doing, type Row, type Somebody } from './row';
import { trustedByRules } from './trust';
import type { Result } from '../../../../src/testing/iam/evaluate';
import { role } from '../../../../src/testing/iam/principals';
import { callOf, request } from '../../../../src/testing/iam/request';
import { HUB, OUTSIDER, REGION } from '../backbone-app';

const TLS = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.2' };

type Line = [who: Person | Somebody, action: string, arn: string, expected: Result, why: string];

const rowsOf = (lines: Line[], keys = {}): Row[] =>
  lines.map(([who, action, arn, expected, why]) => row(who, (p) => request(p, action, arn, keys), expected, why));

const rules = { account: HUB, rule: 'streamed/to-somewhere', others: ['streamed-2/to-somewhere', 'to-somewhere'] };

/** Every event of a bus in Kinesis. */
function toKinesis(arns: Arns): Row[] {
  const [live, key, roleArn] = [arns('Streams/Live'), arns('Streams/LiveKey'), arns('Streams/ToLiveRole')];
  const rule: Somebody = { name: 'rule to Kinesis', principal: role(roleArn, 'none') };
  return [
    ...trustedByRules(roleArn, rules),
    ...rowsOf([
      [rule, 'kinesis:PutRecord', live, 'allowed', 'its stream'],
      [rule, 'kinesis:PutRecords', live, 'allowed', 'its stream'],
      [rule, 'kinesis:GetRecords', live, 'denied', 'writes, and reads nothing'],
      [rule, 'kinesis:PutRecord', arns('Streams/OtherStream'), 'denied', 'another stream'],
      [rule, 'kinesis:PutRecord', arns('BesideHub/Stream'), 'denied', 'a name that begins the same'],
      [rule, 'firehose:PutRecord', arns('Streams/ToS3Delivery'), 'denied', 'not the other stream'],
      [rule, 'kms:GenerateDataKey', key, 'allowed', 'the key of its stream'],
      [rule, 'kms:Decrypt', key, 'denied', 'writes, and reads nothing'],
      [rule, 'kms:GenerateDataKey', arns('Streams/LakeKey'), 'denied', 'another key'],
      ['nobody of the hub', 'kinesis:GetRecords', live, 'denied', 'has no policy of its own'],
      ['admin of the hub', 'kinesis:GetRecords', live, 'allowed', 'reads the stream of its account'],
      ['admin of sandbox', 'kinesis:GetRecords', live, 'denied', 'another account'],
    ]),
  ];
}

/** Every event of a bus in S3, by Data Firehose. */
function toS3(arns: Arns): Row[] {
  const [delivery, roleArn] = [arns('Streams/ToS3Delivery'), arns('Streams/ToS3Role')];
  const rule: Somebody = { name: 'rule to Data Firehose', principal: role(roleArn, 'none') };
  return [
    ...trustedByRules(roleArn, rules),
    ...rowsOf([
      [rule, 'firehose:PutRecord', delivery, 'allowed', 'its stream'],
      [rule, 'firehose:PutRecordBatch', delivery, 'allowed', 'its stream'],
      [rule, 'firehose:DeleteDeliveryStream', delivery, 'denied', 'writes, and rules nothing'],
      [rule, 'kinesis:PutRecord', arns('Streams/Live'), 'denied', 'not the other stream'],
      [rule, 'firehose:PutRecord', arns('Streams/Live'), 'denied', 'no delivery stream'],
      [rule, 's3:PutObject', `${arns('Streams/ToS3DeliveryBucket')}/events/x`, 'denied', 'Data Firehose writes there'],
    ]),
  ];
}

/** The role with which Data Firehose writes. */
function firehose(arns: Arns): Row[] {
  const [bucket, group] = [arns('Streams/ToS3DeliveryBucket'), arns('Streams/ToS3DeliveryErrors')];
  const [key, roleArn] = [arns('Streams/LakeKey'), arns('Streams/ToS3DeliveryRole')];
  const ours = `arn:aws:firehose:${REGION}:${HUB}:deliverystream/any`;
  const assume = (who: Person, source: Parameters<typeof callOf>[3], expected: Result, why: string) =>
    row(who, (p) => callOf(p, 'sts:AssumeRole', roleArn, source), expected, why);
  const writer: Somebody = { name: 'Data Firehose with its role', principal: role(roleArn, 'none') };
  return [
    assume('Data Firehose', { arn: ours }, 'allowed', 'for a delivery stream of the account'),
    assume('Data Firehose', { arn: ours.replace(HUB, OUTSIDER) }, 'denied', 'confused deputy: for another account'),
    assume(
      'Data Firehose',
      { arn: ours, account: OUTSIDER },
      'denied',
      'confused deputy: the account of the source goes first',
    ),
    assume(
      'Data Firehose',
      { arn: ours.replace(HUB, OUTSIDER), account: HUB },
      'denied',
      'confused deputy: the source is of another account than it says',
    ),
    assume('SNS', { arn: ours }, 'denied', 'another service'),
    assume('Data Firehose', { arn: ours.replace(REGION, 'us-east-1') }, 'denied', 'for another Region'),
    assume('Data Firehose', { account: HUB }, 'denied', 'tells no delivery stream'),
    assume('EventBridge', { arn: ours }, 'denied', 'another service'),
    assume('admin of the hub', {}, 'denied', 'a person'),
    row('Data Firehose', (p) => callOf(p, 'sts:TagSession', roleArn, { arn: ours }), 'denied', 'to assume it is all'),
    ...rowsOf(
      [
        [writer, 's3:GetBucketLocation', bucket, 'allowed', 'its bucket'],
        [writer, 's3:ListBucket', bucket, 'allowed', 'its bucket'],
        [writer, 's3:ListBucketMultipartUploads', bucket, 'allowed', 'its bucket'],
        [writer, 's3:DeleteBucket', bucket, 'denied', 'writes, and deletes nothing'],
        [writer, 's3:ListBucket', arns('Streams/OtherBucket'), 'denied', 'another bucket'],
        ...['events', 'errors'].flatMap((prefix): Line[] => [
          [writer, 's3:PutObject', `${bucket}/${prefix}/x`, 'allowed', 'its prefix'],
          [writer, 's3:GetObject', `${bucket}/${prefix}/x`, 'allowed', 'its prefix'],
          [writer, 's3:AbortMultipartUpload', `${bucket}/${prefix}/x`, 'allowed', 'its prefix'],
          [writer, 's3:DeleteObject', `${bucket}/${prefix}/x`, 'denied', 'writes, and deletes nothing'],
        ]),
        [writer, 's3:PutObject', `${bucket}/other/x`, 'denied', 'another prefix'],
        [writer, 'logs:PutLogEvents', group.replace(/\*$/, 'log-stream:errors'), 'allowed', 'its errors'],
        [writer, 'logs:DeleteLogGroup', group, 'denied', 'writes, and deletes nothing'],
        [writer, 'logs:PutLogEvents', arns('Streams/OtherGroup'), 'denied', 'another log group'],
        [writer, 'kms:GenerateDataKey', key, 'allowed', 'its key'],
        [writer, 'kms:Decrypt', key, 'allowed', 'its key'],
        [writer, 'kms:CreateGrant', key, 'denied', 'not an action that it needs'],
        [writer, 'kms:Decrypt', arns('Streams/LiveKey'), 'denied', 'another key'],
      ],
      TLS,
    ),
  ];
}

function bucketRows(arns: Arns): Row[] {
  const bucket = arns('Streams/ToS3DeliveryBucket');
  const read =
    (object: string, keys = {}): Doing =>
    (p) =>
      request(p, 's3:GetObject', object, { ...TLS, ...keys });
  return [bucket, `${bucket}/events/x`].flatMap((arn) => [
    row('admin of the hub', read(arn), 'allowed', 'reads the bucket of its account'),
    row('admin of the hub', read(arn, { 'aws:SecureTransport': 'false' }), 'denied', 'without TLS'),
    row('admin of the hub', read(arn, { 's3:TlsVersion': '1.1' }), 'denied', 'with an old TLS'),
    row('nobody of the hub', read(arn), 'denied', 'has no policy of its own'),
    row('admin of sandbox', read(arn), 'denied', 'another account'),
    row('Data Firehose', read(arn), 'denied', 'reads with its role alone'),
  ]);
}

export const streamRows = (arns: Arns): Row[] => [
  ...toKinesis(arns),
  ...toS3(arns),
  ...firehose(arns),
  ...bucketRows(arns),
];
