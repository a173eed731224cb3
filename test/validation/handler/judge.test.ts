import { gzipSync } from 'zlib';
import { judge, sizeOf, ValidationTimeout, type Validate } from '../../../src/validation/handler/judge';
import type { Manifest, Place } from '../../../src/validation/handler/manifest';
import type { Violation } from '../../../src/validation/handler/verdict';

const HUB = '111111111111';
const ORDER = '222222222222';
const TARGET = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-published';

const MANIFEST: Manifest & Place = {
  targetBus: TARGET,
  account: HUB,
  sourcePrefix: 'valid.',
  reservedPrefixes: ['valid.', 'invalid.'],
  noticePrefix: 'invalid.',
  mode: 'enforce',
  unknownEvents: 'quarantine',
  contracts: { 'order.service': { 'Order.Created': { name: 'order.service@Order.Created', hash: 'abc' } } },
  owners: { 'order.service': [ORDER] },
};

/** An event as EventBridge sends it, with its detail as text. */
function event(changes: Record<string, unknown> = {}, detail = '{"total":1.0,"id":9007199254740993}'): string {
  const envelope = {
    version: '0',
    id: 'e-1',
    'detail-type': 'Order.Created',
    source: 'order.service',
    account: ORDER,
    time: '2026-11-21T10:00:00Z',
    region: 'eu-west-1',
    resources: ['arn:x'],
    ...changes,
  };
  return `${JSON.stringify(envelope).slice(0, -1)},"detail":${detail}}`;
}

const ORIGIN = {
  id: 'e-1',
  account: ORDER,
  region: 'eu-west-1',
  source: 'order.service',
  time: '2026-11-21T10:00:00Z',
};
const WRONG: Violation = { path: '/total', keyword: 'minimum', message: 'must be >= 2' };
const takesAll = (): Validate => () => [];
const takesNothing = (): Validate => () => [WRONG];

const ask = (body: string, changes: Partial<Manifest & Place> = {}, validatorOf = takesAll) =>
  judge(body, { ...MANIFEST, ...changes }, validatorOf);

test('a valid event is published with its origin; time, resources and digits stay', () => {
  const verdict = ask(event({ 'replay-name': 'again' }));
  expect(verdict).toMatchObject({ errors: [], contract: { hash: 'abc' } });
  expect(verdict.reason).toBeUndefined();
  expect(verdict.entries).toEqual([
    {
      eventBus: TARGET,
      source: 'valid.order.service',
      detailType: 'Order.Created',
      detail: `{"metadata":{"origin":${JSON.stringify({ ...ORIGIN, replayName: 'again' })}},"total":1.0,"id":9007199254740993}`,
      resources: ['arn:x'],
      time: '2026-11-21T10:00:00Z',
    },
  ]);
});

test('to another bus it keeps its source', () => {
  expect(ask(event(), { sourcePrefix: '' }).entries[0].source).toBe('order.service');
});

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

test.each([
  ['1,000 levels', nested(1000)],
  ['half a pair of surrogates', '{"\\ud800":"\\udfff"}'],
  ['an escaped zero byte', '{"a":"\\u0000"}'],
  ['letters of all kinds', '{"é":"\ud83d\ude00 \u2028"}'],
])('a detail with %s is published letter by letter', (_, detail) => {
  const { entries } = ask(event({}, detail));
  expect(entries[0].detail).toBe(`{"metadata":{"origin":${JSON.stringify(ORIGIN)}},${detail.slice(1)}`);
});

test('the largest entry is one byte less than a request may have', () => {
  const sized = (bytes: number) => ask(event({}, JSON.stringify({ text: 'x'.repeat(bytes) })));
  const room = 1_000_000 - sizeOf(sized(0).entries[0]);

  expect(sizeOf(sized(room - 1).entries[0])).toBe(999_999);
  expect(sized(room)).toMatchObject({
    quarantined: 'TOO_LARGE',
    errors: [{ message: '1000000 bytes with the stamp, which must be less than 1000000' }],
  });
});

describe('waits in quarantine', () => {
  test.each<[string, string, string, Partial<Manifest & Place>?, typeof takesAll?]>([
    ['what breaks its schema', event(), 'SCHEMA_INVALID', {}, takesNothing],
    ['what has no contract', event({ 'detail-type': 'Order.Lost' }), 'UNKNOWN_EVENT'],
    ['what bears the name of something in every object', event({ source: '__proto__' }), 'UNKNOWN_EVENT'],
    ['a source from an account that does not own it', event({ account: '333333333333' }), 'SOURCE_NOT_OWNED'],
    ['a reserved source', event({ source: 'valid.order.service' }), 'LOOP_PREVENTED'],
    [
      'what the republisher itself has stamped',
      event({ account: HUB }, JSON.stringify({ metadata: { origin: ORIGIN } })),
      'LOOP_PREVENTED',
    ],
    ['what is no JSON', '{"id":', 'MALFORMED'],
    ['what is no event', '[1]', 'MALFORMED'],
    ['what has no detail', JSON.stringify({ ...ORIGIN, 'detail-type': 'x' }), 'MALFORMED'],
    ['an account that is a number', event({ account: 222222222222 }), 'MALFORMED'],
    ['resources that are objects', event({ resources: [{}] }), 'MALFORMED'],
    ['a second stamp by a dotted key', event({}, '{"metadata.origin.account":"1"}'), 'MALFORMED'],
    ['a key twice', event({}, '{"a":1,"a":2}'), 'MALFORMED'],
    ['a key of the envelope twice', event().replace('{', `{"account":"${HUB}",`), 'MALFORMED'],
    ['a forged stamp', event({}, '{"metadata":{"origin":{},"origin":{}}}'), 'MALFORMED'],
    ['a byte order mark', `\ufeff${event()}`, 'MALFORMED'],
    ['another encoding', Buffer.from(event(), 'utf16le').toString(), 'MALFORMED'],
    ['a zero byte', event({}, '{"a":"\0"}'), 'MALFORMED'],
    ['a detail that is text', event({}, '"{}"'), 'MALFORMED'],
    ['too many levels', event({}, nested(1001)), 'MALFORMED'],
    ['what is too large', event({}, JSON.stringify({ text: 'é'.repeat(499_990) })), 'TOO_LARGE'],
    [
      'what takes too long',
      event(),
      'VALIDATION_TIMEOUT',
      {},
      () => () => {
        throw new ValidationTimeout();
      },
    ],
  ])('%s', (...[, body, reason, changes, validatorOf]) => {
    const verdict = ask(body, changes, validatorOf);
    expect(verdict).toMatchObject({ reason, quarantined: reason, event: body });
    expect(verdict.entries.map(({ source }) => source)).not.toContain('valid.order.service');
  });

  test('and comes back with its record around it, even twice', () => {
    const record = (inner: string) => JSON.stringify({ reason: 'SCHEMA_INVALID', event: inner, receivedAt: 'x' });
    const verdict = ask(record(record(event())));
    expect(verdict.event).toBe(event());
    expect(verdict.entries).toHaveLength(1);
  });

  test('and comes back packed', () => {
    const record = (eventGzip: string) => JSON.stringify({ reason: 'TOO_LARGE', eventGzip, receivedAt: 'x' });
    expect(ask(record(gzipSync(event()).toString('base64')))).toMatchObject({ event: event(), entries: [{}] });

    const bomb = record(gzipSync(Buffer.alloc(100_000_000)).toString('base64'));
    expect(ask(bomb)).toMatchObject({ quarantined: 'MALFORMED', event: bomb });
    expect(ask(record('no gzip'))).toMatchObject({ quarantined: 'MALFORMED', event: record('no gzip') });
  });

  test('and what is said of it shows nothing of its values, and no more than the beginning of its keys', () => {
    const { errors } = ask('{"secret": "s3cr3t", }');
    expect(errors).toEqual([{ path: '', keyword: 'json', message: 'no JSON at position 21' }]);
    expect(ask('s3cr3t').errors[0].message).toBe('no JSON');

    const key = 'k'.repeat(500_000);
    expect(ask(event({}, `{"${key}":1,"${key}":2}`)).errors[0].message).toBe(
      `key "${'k'.repeat(64)}…" stands twice in one object`,
    );
  });
});

describe('the sender learns why', () => {
  test('without what it sent', () => {
    const { entries } = ask(event(), {}, takesNothing);
    expect(entries).toHaveLength(1);
    expect({ ...entries[0], detail: JSON.parse(entries[0].detail) }).toEqual({
      eventBus: TARGET,
      source: 'invalid.order.service',
      detailType: 'Order.Created',
      resources: [],
      detail: {
        metadata: { origin: ORIGIN },
        data: { reason: 'SCHEMA_INVALID', contract: 'order.service@Order.Created', errors: [WRONG] },
      },
    });
  });

  test('of a detail that cannot be trusted, too', () => {
    const { entries } = ask(event({}, '{"metadata.origin":1}'));
    expect(entries).toMatchObject([{ source: 'invalid.order.service' }]);
    expect(JSON.parse(entries[0].detail)).toMatchObject({
      metadata: { origin: ORIGIN },
      data: { reason: 'MALFORMED', errors: [{ keyword: 'json' }] },
    });
  });

  test('but not of a loop, of what cannot be read, or where no notices are wanted', () => {
    expect(ask(event({ source: 'invalid.x' }, '[]'))).toMatchObject({ reason: 'LOOP_PREVENTED', entries: [] });
    expect(ask(event({ source: 'invalid.x' })).entries).toEqual([]);
    expect(ask('{').entries).toEqual([]);
    expect(ask(event(), { noticePrefix: undefined }, takesNothing).entries).toEqual([]);
  });

  test('with 20 errors of 8 KB at most', () => {
    const many = (length: number) => () => () =>
      Array.from({ length: 50 }, () => ({ ...WRONG, message: 'x'.repeat(length) }));
    expect(ask(event(), {}, many(1)).errors).toHaveLength(20);
    const { errors } = ask(event(), {}, many(1500));
    expect(errors.length).toBeGreaterThan(3);
    expect(JSON.stringify(errors).length).toBeLessThan(8200);
  });
});

describe('modes', () => {
  test('audit publishes what breaks a contract and says so in its origin', () => {
    for (const verdict of [
      ask(event(), { mode: 'audit' }, takesNothing),
      ask(event({ 'detail-type': 'Order.Lost' }), { mode: 'audit' }),
    ]) {
      expect(verdict.quarantined).toBeUndefined();
      expect(verdict.reason).toBeDefined();
      expect(JSON.parse(verdict.entries[0].detail).metadata.origin).toEqual({ ...ORIGIN, valid: false });
    }
  });

  test.each([
    ['SOURCE_NOT_OWNED', event({ account: '3' })],
    ['MALFORMED', event({}, '{"metadata":{},"metadata":{}}')],
    ['MALFORMED', event({}, '{"metadata":{"origin.account":"1"}}')],
    ['MALFORMED', '{'],
    ['LOOP_PREVENTED', event({ source: 'valid.order.service' })],
    ['LOOP_PREVENTED', event({ account: HUB }, JSON.stringify({ metadata: { origin: ORIGIN } }))],
    ['TOO_LARGE', event({}, JSON.stringify({ text: 'x'.repeat(999_900) }))],
  ])('audit holds back what pretends, or does not fit: %s', (reason, body) => {
    for (const validatorOf of [takesAll, takesNothing]) {
      expect(ask(body, { mode: 'audit' }, validatorOf)).toMatchObject({ reason, quarantined: reason, entries: [] });
    }
  });

  test.each(['"web"', 'null', '{}', '{"id":"1","account":2}', '[]'])(
    'an origin of its own, %s, is no stamp: it is replaced, for those in the hub’s account too',
    (origin) => {
      const own = event({ account: HUB, source: 'other.service' }, `{"metadata":{"origin":${origin},"by":"web"}}`);
      const [{ detail }] = ask(own, { owners: {}, unknownEvents: 'pass' }).entries;
      expect(JSON.parse(detail).metadata).toMatchObject({
        by: 'web',
        origin: { account: HUB, source: 'other.service' },
      });
    },
  );

  test('a stamp of the sender is no stamp of ours: it is replaced, in audit too', () => {
    const forged = event({}, '{"metadata":{"origin":{"account":"333333333333","valid":true}}}');
    expect(JSON.parse(ask(forged).entries[0].detail).metadata.origin).toEqual(ORIGIN);
    expect(JSON.parse(ask(forged, { mode: 'audit' }, takesNothing).entries[0].detail).metadata.origin).toEqual({
      ...ORIGIN,
      valid: false,
    });
  });

  test('observe publishes and keeps nothing, and tells all the same', () => {
    expect(ask(event(), { mode: 'observe' })).toMatchObject({ entries: [] });
    const invalid = ask(event(), { mode: 'observe' }, takesNothing);
    expect(invalid).toMatchObject({ entries: [], reason: 'SCHEMA_INVALID', errors: [WRONG] });
    for (const body of ['{', event({ source: 'valid.x' }), event({}, '[]'), event({ account: '3' })]) {
      expect(ask(body, { mode: 'observe' })).toMatchObject({ entries: [], reason: expect.any(String) });
      expect(ask(body, { mode: 'observe' }).quarantined).toBeUndefined();
    }
    expect(invalid.quarantined).toBeUndefined();
  });

  test('events without a contract pass, or are ignored, if that is wanted', () => {
    const lost = event({ 'detail-type': 'Order.Lost' });
    const never: () => Validate = () => {
      throw new Error('there is no schema to load');
    };
    expect(ask(lost, { unknownEvents: 'pass' }, never).entries).toHaveLength(1);
    const ofAws = ask(event({ source: 'aws.s3' }), { unknownEvents: 'pass', sourcePrefix: 'valid.' }, never);
    expect(ofAws.entries).toMatchObject([{ source: 'valid.aws.s3' }]);
    expect(ask(lost, { unknownEvents: 'ignore' }, never)).toMatchObject({ entries: [], reason: 'UNKNOWN_EVENT' });
    expect(ask(lost, { unknownEvents: 'ignore' }, never).quarantined).toBeUndefined();
    // Nobody who receives them now must fall silent.
    const audited = ask(lost, { unknownEvents: 'ignore', mode: 'audit' }, never);
    expect(audited).toMatchObject({
      reason: 'UNKNOWN_EVENT',
      entries: [{ detail: expect.stringContaining('"valid":false') }],
    });
    expect(audited.quarantined).toBeUndefined();
  });
});

test('a validator that cannot be loaded is a matter of another try', () => {
  const broken = () => {
    throw new Error('no such file');
  };
  expect(() => ask(event(), {}, broken)).toThrow('no such file');
});

test('an entry counts in bytes, its time with 14', () => {
  const entry = { eventBus: TARGET, source: 'é', detailType: 'b', detail: '{}', resources: ['cc'] };
  expect(sizeOf(entry)).toBe(7);
  expect(sizeOf({ ...entry, time: 'x' })).toBe(21);
});
