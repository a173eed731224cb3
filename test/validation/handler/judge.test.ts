import {
  judge,
  sizeOf,
  ValidationTimeout,
  type Manifest,
  type Place,
  type Validate,
  type Violation,
} from '../../../src/validation/handler/judge';

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

describe('waits in quarantine', () => {
  test.each<[string, string, string, Partial<Manifest & Place>?, typeof takesAll?]>([
    ['what breaks its schema', event(), 'SCHEMA_INVALID', {}, takesNothing],
    ['what has no contract', event({ 'detail-type': 'Order.Lost' }), 'UNKNOWN_EVENT'],
    ['what bears the name of something in every object', event({ source: '__proto__' }), 'UNKNOWN_EVENT'],
    ['a source from an account that does not own it', event({ account: '333333333333' }), 'SOURCE_NOT_OWNED'],
    ['a reserved source', event({ source: 'valid.order.service' }), 'LOOP_PREVENTED'],
    [
      'what the republisher itself has stamped',
      event({ account: HUB }, '{"metadata":{"origin":{}}}'),
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

  test('but not of a loop, of what cannot be read, or where no notices are wanted', () => {
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
  test('audit publishes what breaks a contract and says so in its origin, and holds back what pretends', () => {
    for (const verdict of [
      ask(event(), { mode: 'audit' }, takesNothing),
      ask(event({ 'detail-type': 'Order.Lost' }), { mode: 'audit' }),
    ]) {
      expect(verdict.quarantined).toBeUndefined();
      expect(verdict.reason).toBeDefined();
      expect(JSON.parse(verdict.entries[0].detail).metadata.origin).toEqual({ ...ORIGIN, valid: false });
    }
    expect(ask(event({ account: '3' }), { mode: 'audit' })).toMatchObject({
      quarantined: 'SOURCE_NOT_OWNED',
      entries: [],
    });
  });

  test('observe publishes and keeps nothing, and tells all the same', () => {
    expect(ask(event(), { mode: 'observe' })).toMatchObject({ entries: [] });
    const invalid = ask(event(), { mode: 'observe' }, takesNothing);
    expect(invalid).toMatchObject({ entries: [], reason: 'SCHEMA_INVALID', errors: [WRONG] });
    expect(invalid.quarantined).toBeUndefined();
  });

  test('events without a contract pass, or are ignored, if that is wanted', () => {
    const lost = event({ 'detail-type': 'Order.Lost' });
    const never: () => Validate = () => {
      throw new Error('there is no schema to load');
    };
    expect(ask(lost, { unknownEvents: 'pass' }, never).entries).toHaveLength(1);
    expect(ask(lost, { unknownEvents: 'ignore' }, never)).toMatchObject({ entries: [], reason: 'UNKNOWN_EVENT' });
    expect(ask(lost, { unknownEvents: 'ignore' }, never).quarantined).toBeUndefined();
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
