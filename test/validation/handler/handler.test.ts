import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { gunzipSync } from 'zlib';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { republisher } from '../../../functions/republisher/handler';
import * as stores from '../../../functions/republisher/stores';
import { Random } from '../../../scripts/random';
import { EventSchema } from '../../../src';
import { compileSchema } from '../../../src/contract/compile-schema';
import type { Manifest } from '../../../src/validation/handler/manifest';

const HUB = '111111111111';
const ORDER = '222222222222';
const TARGET = `arn:aws:events:eu-west-1:${HUB}:event-bus/acme-published`;
const QUEUE = `https://sqs.eu-west-1.amazonaws.com/${HUB}/quarantine`;

const directory = mkdtempSync(join(tmpdir(), 'republisher-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const { code, hash } = compileSchema(EventSchema.fromInline({ properties: { total: { type: 'number' } } }));
const MANIFEST: Manifest = {
  sourcePrefix: 'valid.',
  reservedPrefixes: ['valid.', 'invalid.'],
  noticePrefix: 'invalid.',
  mode: 'enforce',
  unknownEvents: 'quarantine',
  contracts: { 'order.service': { 'Order.Created': { name: 'order.service@Order.Created', hash } } },
  owners: { 'order.service': [ORDER] },
};
beforeAll(() => {
  mkdirSync(join(directory, 'schemas'));
  copyFileSync(join(__dirname, '../../../assets/republisher/rt.js'), join(directory, 'rt.js'));
  writeFileSync(join(directory, 'schemas', `${hash}.js`), code);
});
beforeEach(() => writeFileSync(join(directory, 'manifest.json'), JSON.stringify(MANIFEST)));

const eventBridge = mockClient(EventBridgeClient);
const sqs = mockClient(SQSClient);
const bucket = mockClient(S3Client);
const logger = new Logger();
const metrics = new Metrics({ namespace: 'Test', serviceName: 'republisher' });
let lines: Array<Record<string, unknown>>;
let counted: Array<Record<string, unknown>>;

beforeEach(() => {
  for (const mock of [eventBridge, sqs, bucket]) mock.reset();
  eventBridge.on(PutEventsCommand).callsFake(({ Entries }) => ({ Entries: Entries.map(() => ({ EventId: 'x' })) }));
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries }) => ({
    Successful: Entries.map(({ Id }: { Id: string }) => ({ Id })),
  }));
  bucket.on(PutObjectCommand).resolves({});
  lines = [];
  counted = [];
  const take =
    (level: string) =>
    (...[message, extra]: unknown[]) =>
      void lines.push({ level, message, ...Object(extra) });
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    jest.spyOn(logger, level).mockImplementation(take(level));
  }
  const { console: out } = metrics as unknown as { console: Console };
  jest.spyOn(out, 'log').mockImplementation((line) => void counted.push(JSON.parse(line)));
});

const context = (milliseconds = 30_000) =>
  ({
    invokedFunctionArn: `arn:aws:lambda:eu-west-1:${HUB}:function:republisher`,
    getRemainingTimeInMillis: () => milliseconds,
  }) as Context;

function handler(env: Record<string, string> = { QUARANTINE_QUEUE_URL: QUEUE }, loadStores = () => stores) {
  return republisher({
    directory,
    env: { TARGET_BUS: TARGET, ...env },
    eventBridge: new EventBridgeClient(),
    stores: loadStores,
    logger,
    metrics,
  });
}

const event = (id: string, detail: unknown = { total: 1 }, changes: object = {}) => ({
  version: '0',
  id,
  'detail-type': 'Order.Created',
  source: 'order.service',
  account: ORDER,
  time: '2026-11-21T10:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:x'],
  detail,
  ...changes,
});
const batch = (...bodies: unknown[]) => ({
  Records: bodies.map((body, i) => ({
    messageId: `m${i}`,
    eventSource: 'aws:sqs',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { AWSTraceHeader: `Root=${i}` },
  })),
});
const left = async (answer: Promise<SQSBatchResponse | undefined>) =>
  (await answer)?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
const entries = () =>
  eventBridge.commandCalls(PutEventsCommand).flatMap(({ args: [{ input }] }) => input.Entries ?? []);
const records = () =>
  sqs
    .commandCalls(SendMessageBatchCommand)
    .flatMap(({ args: [{ input }] }) => input.Entries ?? [])
    .map(({ MessageBody }) => JSON.parse(MessageBody!));
/** Metrics by their dimensions other than service. */
const metric = (name: string) =>
  counted.flatMap((blob) => (name in blob ? [[blob.source ?? '', blob[name]]] : [])) as Array<[string, number]>;

describe('a batch of a queue', () => {
  test('has its valid events published', async () => {
    expect(await left(handler()(batch(event('e1'), event('e2')), context()))).toEqual([]);

    expect(entries()[0]).toEqual({
      EventBusName: TARGET,
      Source: 'valid.order.service',
      DetailType: 'Order.Created',
      Detail: expect.stringContaining(`"origin":{"id":"e1","account":"${ORDER}"`),
      Resources: ['arn:x'],
      Time: new Date('2026-11-21T10:00:00Z'),
      TraceHeader: 'Root=0',
    });
    expect(entries()[1].TraceHeader).toBe('Root=1');
    expect(eventBridge.calls()).toHaveLength(1);
    expect(sqs.calls()).toHaveLength(0);
  });

  test('has its invalid events kept, with a notice', async () => {
    const invalid = event('e1', { total: 'secret' });
    expect(await left(handler()(batch(invalid), context()))).toEqual([]);

    expect(records()).toEqual([
      {
        reason: 'SCHEMA_INVALID',
        schema: { name: 'order.service@Order.Created', hash },
        errors: [{ path: '/total', keyword: 'type', message: 'must be number' }],
        event: JSON.stringify(invalid),
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
    ]);
    expect(entries()).toMatchObject([{ Source: 'invalid.order.service', Resources: [] }]);
    expect(entries()[0]).not.toMatchObject({ Time: expect.anything() });
  });

  test('gives back what EventBridge did not take', async () => {
    eventBridge.on(PutEventsCommand).resolves({ Entries: [{ EventId: 'x' }, { ErrorCode: 'InternalFailure' }] });
    // With so little time nothing is tried twice.
    expect(await left(handler()(batch(event('e1'), event('e2')), context(70)))).toEqual(['m1']);
    expect(metric('PublishFailures')).toEqual([['', 1]]);
  });

  test('keeps what EventBridge refuses, and does not say why in words that may quote it', async () => {
    eventBridge.on(PutEventsCommand).resolves({ Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'secret' }] });
    expect(await left(handler()(batch(event('e1')), context()))).toEqual([]);
    expect(records()).toMatchObject([
      { reason: 'PUBLISH_REJECTED', errors: [{ keyword: 'MalformedDetail' }], event: JSON.stringify(event('e1')) },
    ]);
    expect(JSON.stringify([records()[0].errors, lines])).not.toContain('secret');
    expect(lines).toMatchObject([
      { level: 'warn', reason: 'PUBLISH_REJECTED', code: 'MalformedDetail', why: undefined },
    ]);
  });

  test('says why EventBridge refuses the function, and a notice', async () => {
    const [ErrorCode, ErrorMessage] = ['AccessDeniedException', 'not authorized to perform events:PutEvents'];
    eventBridge.on(PutEventsCommand).resolves({ Entries: [{ ErrorCode, ErrorMessage }] });
    for (const detail of [{ total: 1 }, { total: 'x' }]) {
      expect(await left(handler()(batch(event('e1', detail)), context()))).toEqual([]);
    }
    expect(lines).toMatchObject([
      { reason: 'PUBLISH_REJECTED', code: ErrorCode, why: ErrorMessage },
      { reason: 'SCHEMA_INVALID', code: ErrorCode, why: ErrorMessage },
    ]);
    expect(records()).toHaveLength(2);
    expect(metric('Notices')).toEqual([]);
  });

  test('takes an answer without id and code for none', async () => {
    eventBridge.on(PutEventsCommand).resolves({ Entries: [{}] });
    expect(await left(handler()(batch(event('e1')), context(70)))).toEqual(['m0']);
  });

  test('gives all back without quarantine, and only what needs it', async () => {
    expect(await left(handler({})(batch(event('e1'), '{'), context(70)))).toEqual(['m1']);
  });

  test('gives back an event whose schema is not in the asset', async () => {
    const contracts = { 'order.service': { 'Order.Created': { name: 'x', hash: 'missing' } } };
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ ...MANIFEST, contracts }));
    expect(await left(handler()(batch(event('e1')), context()))).toEqual(['m0']);
    expect(lines).toContainEqual(
      expect.objectContaining({ message: 'event could not be decided about', messageId: 'm0' }),
    );
  });

  test('may be large: requests take ten entries each', async () => {
    const many = Array.from({ length: 23 }, (_, i) => event(`e${i}`, { total: i < 12 ? 1 : 'x' }));
    expect(await left(handler()(batch(...many), context()))).toEqual([]);
    const sizes = (calls: Array<{ args: any[] }>) => calls.map(({ args: [{ input }] }) => input.Entries.length);
    expect(sizes(eventBridge.commandCalls(PutEventsCommand))).toEqual([10, 2, 10, 1]);
    expect(sizes(sqs.commandCalls(SendMessageBatchCommand))).toEqual([10, 1]);
  });

  test('may be heavy: requests take less than 1,000,000 bytes, and messages 1 MiB', async () => {
    const heavy = (total: unknown) => [1, 2, 3].map((i) => event(`${total}${i}`, { total, text: 'x'.repeat(400_000) }));
    expect(await left(handler()(batch(...heavy(1), ...heavy('x')), context()))).toEqual([]);
    expect(eventBridge.commandCalls(PutEventsCommand).map(({ args: [{ input }] }) => input.Entries?.length)).toEqual([
      2, 1, 3,
    ]);
    expect(sqs.commandCalls(SendMessageBatchCommand).map(({ args: [{ input }] }) => input.Entries?.length)).toEqual([
      2, 1,
    ]);
  });

  test('of none is nothing', async () => {
    expect(await left(handler()({ Records: [] }, context()))).toEqual([]);
    expect(counted).toEqual([]);
  });
});

describe('one event that EventBridge hands over', () => {
  afterEach(() => delete process.env._X_AMZN_TRACE_ID);

  test('is published, with the trace of the invocation', async () => {
    process.env._X_AMZN_TRACE_ID = 'Root=direct';
    expect(await handler()(event('e1'), context())).toBeUndefined();
    expect(entries()).toMatchObject([{ Source: 'valid.order.service', TraceHeader: 'Root=direct' }]);
  });

  test('makes the function fail if it is left over', async () => {
    eventBridge.on(PutEventsCommand).resolves({ Entries: [{ ErrorCode: 'ThrottlingException' }] });
    await expect(handler()(event('e1'), context(70))).rejects.toThrow('the event is left over');
  });

  test('may be anything', async () => {
    for (const other of [null, 'x', 1, { Records: [{ Sns: {} }] }]) await handler()(other, context());
    expect(records().map(({ reason }) => reason)).toEqual(Array(4).fill('MALFORMED'));
  });
});

test('a trace that is too long, and a time that is none, are left out', async () => {
  const one = batch(event('e1', {}, { time: 'noon' }));
  one.Records[0].attributes.AWSTraceHeader = 'x'.repeat(501);
  await handler()(one, context());
  expect(entries()[0]).not.toMatchObject({ TraceHeader: expect.anything() });
  expect(entries()[0]).not.toMatchObject({ Time: expect.anything() });
});

describe('quarantine', () => {
  const large = (fill: string) => event('e/1', { total: 'secret', fill });
  /** Of this, packing does not make less; quotes make more of it as it stands. */
  const noise = (): string => {
    const random = new Random('noise');
    const letter = () => String.fromCharCode(33 + random.below(98)).replace(/[\x7f-\xff]/, '"');
    return Array.from({ length: 975_000 }, letter).join('');
  };

  test('packs what is too long for a message', async () => {
    // Each quote takes two bytes in the record.
    const long = large('"'.repeat(300_000));
    expect(await left(handler()(batch(long), context()))).toEqual([]);
    const [{ event: text, eventGzip }] = records();
    expect(text).toBeUndefined();
    expect(gunzipSync(Buffer.from(eventGzip, 'base64')).toString()).toBe(JSON.stringify(long));
  });

  test('gives back what does not fit, if there is no bucket', async () => {
    expect(await left(handler()(batch(large(noise()), '{'), context()))).toEqual(['m0']);
    expect(records()).toMatchObject([{ reason: 'MALFORMED' }]);
  });

  test('puts what is too long even when it is packed into the bucket, and fetches it again', async () => {
    const both = handler({ QUARANTINE_QUEUE_URL: QUEUE, QUARANTINE_BUCKET: 'kept' });
    const packable = large('"'.repeat(300_000));
    expect(await left(both(batch(packable), context()))).toEqual([]);
    expect(records()).toMatchObject([{ eventGzip: expect.anything() }]);
    expect(bucket.calls()).toEqual([]);

    sqs.resetHistory();
    const long = large(noise());
    expect(await left(both(batch(long, '{'), context()))).toEqual([]);

    const [{ args }] = bucket.commandCalls(PutObjectCommand);
    const { Bucket, Key, Body } = args[0].input;
    const day = new Date().toISOString().slice(0, 10);
    expect([Bucket, Key]).toEqual(['kept', `source=order.service/detail-type=Order.Created/dt=${day}/e%2F1.json`]);
    expect(Body).toBe(JSON.stringify(long));
    const [record, other] = records();
    expect(record).toMatchObject({ reason: 'SCHEMA_INVALID', eventAt: { bucket: Bucket, key: Key } });
    expect(record).not.toHaveProperty('event');
    expect(other).toMatchObject({ reason: 'MALFORMED', event: '{' });

    const mended = JSON.stringify(event('e1'));
    bucket.on(GetObjectCommand, { Bucket, Key }).resolves({ Body: { transformToString: async () => mended } as any });
    eventBridge.resetHistory();
    expect(await left(both(batch(record), context()))).toEqual([]);
    expect(entries()).toMatchObject([{ Source: 'valid.order.service' }]);
  });

  test('does not read other buckets', async () => {
    const record = { reason: 'TOO_LARGE', eventAt: { bucket: 'other', key: 'k' } };
    expect(await left(handler({ QUARANTINE_BUCKET: 'kept' })(batch(record), context()))).toEqual(['m0']);
    expect(await left(handler()(batch(record), context()))).toEqual(['m0']);
    expect(bucket.calls()).toHaveLength(0);
  });

  test('gives back what the bucket does not take, and points to nothing', async () => {
    bucket.on(PutObjectCommand).rejects(new Error('no'));
    const both = handler({ QUARANTINE_QUEUE_URL: QUEUE, QUARANTINE_BUCKET: 'kept' });
    expect(await left(both(batch(large(noise())), context(70)))).toEqual(['m0']);
    expect(records()).toEqual([]);
  });

  test('may be a bucket alone, with a record in each object', async () => {
    const alone = handler({ QUARANTINE_BUCKET: 'kept' });
    const strange = event('e1', {}, { source: `../${'é'.repeat(100)}`, 'detail-type': 'a/b=c \ud800' });
    expect(await left(alone(batch(strange, '{'), context()))).toEqual([]);

    const objects = bucket.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => input);
    expect(objects.map(({ Key }) => Key)).toEqual([
      expect.stringMatching(
        /^source=\.\.%2F(%C3%A9){49}(%C3)?\/detail-type=a%2Fb%3Dc%20%EF%BF%BD\/dt=[\d-]+\/e1\.json$/,
      ),
      expect.stringMatching(/^source=unknown\/detail-type=unknown\/dt=[\d-]+\/[\da-f]{64}\.json$/),
    ]);
    expect(objects.map(({ Body }) => JSON.parse(Body as string))).toMatchObject([
      { reason: 'UNKNOWN_EVENT', event: JSON.stringify(strange) },
      { reason: 'MALFORMED', event: '{' },
    ]);
  });

  test('tries again what the queue did not take, unless the message itself is at fault', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({
        Successful: [],
        Failed: [
          { Id: '0', Code: 'InternalError', SenderFault: false },
          { Id: '1', Code: 'InvalidMessageContents', SenderFault: true },
          { Id: '2', Code: 'RequestThrottled', SenderFault: true },
        ],
      })
      .callsFake(({ Entries }) => ({ Successful: Entries.map(({ Id }: { Id: string }) => ({ Id })) }));
    expect(await left(handler()(batch('1', '2', '3', '4'), context()))).toEqual(['m1']);
    expect(records().map(({ event: text }) => text)).toEqual(['1', '2', '3', '4', '1', '3', '4']);
  });
});

test('where what keeps events cannot be loaded, the valid ones are done', async () => {
  const broken = () => {
    throw new Error('no such file');
  };
  const mixed = batch(event('e1', { total: 'x' }), event('e2'));

  expect(await left(handler(undefined, broken)(mixed, context(100)))).toEqual(['m0']);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 'warn', message: 'quarantine failed', why: 'no such file' }),
  );
});

describe('says and counts', () => {
  test('one line for each event that is kept, without what is in it', async () => {
    await handler()(batch(event('e1', { total: 'secret' }), event('e2')), context());

    const about = {
      source: 'order.service',
      detailType: 'Order.Created',
      account: ORDER,
      contract: 'order.service@Order.Created',
    };
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'event quarantined',
        messageId: 'm0',
        eventId: 'e1',
        reason: 'SCHEMA_INVALID',
        ...about,
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  test('of the others only to whoever looks for faults', async () => {
    logger.setLogLevel('DEBUG');
    await handler()(batch(event('e2')), context());
    logger.setLogLevel('INFO');

    expect(lines).toEqual([
      expect.objectContaining({ level: 'debug', message: 'event done', messageId: 'm0', eventId: 'e2' }),
    ]);
  });

  test('each event once', async () => {
    const twice = event('e1');
    await handler()(
      batch(
        twice,
        twice,
        event('e2', { total: 'x' }),
        event('e3', {}, { source: 'valid.x' }),
        event('e4', {}, { 'detail-type': 'Other' }),
        event('e5', {}, { source: 'hostile.1' }),
        '{',
      ),
      context(),
    );

    expect(metric('Valid')).toEqual([
      ['', 1],
      ['order.service', 1],
    ]);
    expect(metric('Invalid')).toEqual([
      ['', 5],
      ['order.service', 2],
      ['other', 3],
    ]);
    expect(metric('Unknown')).toEqual([['', 2]]);
    expect(metric('LoopPrevented')).toEqual([['', 1]]);
    expect(metric('Published')).toEqual([['', 1]]);
    expect(metric('Notices')).toEqual([['', 3]]);
    expect(metric('Quarantined')).toEqual([['', 5]]);
    expect(metric('Age')[0][1]).toHaveLength(5);
    expect(metric('PublishFailures')).toEqual([]);
    // One for the batch, one for each source.
    expect(counted.map(({ _aws }) => (_aws as any).CloudWatchMetrics[0].Dimensions)).toEqual([
      [['service']],
      [['service', 'source']],
      [['service', 'source']],
    ]);
  });

  test('what passes without a contract as unknown, neither valid nor invalid', async () => {
    for (const unknownEvents of ['pass', 'ignore']) {
      counted = [];
      writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ ...MANIFEST, unknownEvents }));
      await handler()(batch(event('e1', {}, { 'detail-type': 'Other' })), context());
      expect([metric('Unknown'), metric('Valid'), metric('Invalid')]).toEqual([[['', 1]], [], []]);
      expect(metric('Published')).toEqual(unknownEvents === 'pass' ? [['', 1]] : []);
    }
  });

  test('in the modes that keep nothing, too', async () => {
    for (const mode of ['audit', 'observe']) {
      counted = [];
      writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ ...MANIFEST, mode }));
      await handler()(batch(event('e1', { total: 'x' }), event('e2', {}, { 'detail-type': 'Other' })), context());
      expect(metric('Invalid')).toEqual([
        ['', 2],
        ['order.service', 2],
      ]);
      expect(metric('Unknown')).toEqual([['', 1]]);
      expect(metric('Published')).toEqual(mode === 'audit' ? [['', 2]] : []);
    }
    expect(sqs.calls()).toEqual([]);
  });

  test('what comes again when all is done about it', async () => {
    eventBridge.on(PutEventsCommand).callsFake(({ Entries }) => ({
      Entries: Entries.map(() => ({ ErrorCode: 'ThrottlingException' })),
    }));
    expect(await left(handler()(batch(event('e1'), event('e2', { total: 'x' })), context(100)))).toEqual(['m0', 'm1']);

    expect(metric('PublishFailures')).toEqual([['', 2]]);
    // The record is there, and will be once more.
    expect(metric('Quarantined')).toEqual([['', 1]]);
    for (const name of ['Valid', 'Invalid', 'Published', 'Notices', 'Age']) expect(metric(name)).toEqual([]);
  });

  test('and a fault in that does not bring a batch back that is done', async () => {
    jest.spyOn(metrics, 'addMetric').mockImplementationOnce(() => {
      throw new RangeError('too many');
    });
    expect(await left(handler()(batch(event('e1')), context()))).toEqual([]);
    expect(lines).toContainEqual(expect.objectContaining({ message: 'batch could not be counted', why: 'too many' }));
  });
});

test('the bus must be named', () => {
  expect(() => handler({ TARGET_BUS: '' })).toThrow('TARGET_BUS is not set');
});
