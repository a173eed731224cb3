import { compilePattern } from '../../src/pattern';
import { FilterConflict } from '../../src/routing/event-filter';
import { fanOutPattern, type FanOut } from '../../src/routing/fan-out-pattern';
import type { EventFilter } from '../../src/topology';

const HUB = '111111111111';
const MEMBER = '222222222222';
const OTHER = '333333333333';
const TWO_BUS = { account: HUB, invalidPrefix: 'invalid.' };
const SAME_BUS = { ...TWO_BUS, validPrefix: 'valid.' };

interface Stamp {
  account: string;
  source?: string;
  replayName?: string;
}

const event = (account: string, source: string, origin?: Stamp, more: object = {}, detail: object = {}) => ({
  id: 'e',
  'detail-type': 'T',
  account,
  source,
  region: 'eu-west-1',
  resources: [],
  detail: { ...detail, ...(origin && { metadata: { origin } }) },
  ...more,
});

const takes = (fanOut: Partial<FanOut>, one: object) =>
  compilePattern(fanOutPattern({ account: MEMBER, ...fanOut })).matches(one);

describe.each([
  ['on a bus of their own', TWO_BUS, ''],
  ['on the bus of raw events', SAME_BUS, 'valid.'],
])('validated events %s', (_, validated, prefix) => {
  test.each<[string, boolean, object]>([
    ['a valid event of another member', true, event(HUB, `${prefix}order`, { account: OTHER })],
    ['a valid event of the hub', true, event(HUB, `${prefix}order`, { account: HUB })],
    ['its own valid event', false, event(HUB, `${prefix}order`, { account: MEMBER })],
    ['its own raw event', false, event(MEMBER, 'order')],
    ["another member's raw event", false, event(OTHER, 'order')],
    ['a forged valid event of another member', false, event(OTHER, `${prefix}order`, { account: OTHER })],
    ['a valid event without a stamp', false, event(HUB, `${prefix}order`)],
    ['a notice about its own event', true, event(HUB, 'invalid.order', { account: MEMBER })],
    ["a notice about another's event", false, event(HUB, 'invalid.order', { account: OTHER })],
    ['a forged notice', false, event(OTHER, 'invalid.order', { account: MEMBER })],
  ])('%s: %s', (_name, expected, one) => {
    expect(takes({ validated }, one)).toBe(expected);
  });

  describe('narrowed', () => {
    const narrowed = (filter: EventFilter, one: object) => takes({ validated, filter }, one);

    test.each<[string, EventFilter, boolean, string]>([
      ['a listed source', { sources: ['order'] }, true, 'order'],
      ['another source', { sources: ['order'] }, false, 'stock'],
      ['a prefix of the source', { pattern: { source: [{ prefix: 'order' }] } }, true, 'order.eu'],
      ['another prefix', { pattern: { source: [{ prefix: 'order' }] } }, false, 'stock.order'],
      ['a wildcard', { pattern: { source: [{ wildcard: 'order.*.eu' }] } }, true, 'order.x.eu'],
      ['another text', { pattern: { source: [{ wildcard: 'order.*.eu' }] } }, false, 'order.x.us'],
      ['a detail-type', { detailTypes: ['T'] }, true, 'order'],
      ['another detail-type', { detailTypes: ['U'] }, false, 'order'],
      ['a field of the detail', { pattern: { detail: { urgent: [true] } } }, true, 'order'],
      ['another value there', { pattern: { detail: { urgent: [false] } } }, false, 'order'],
      ['a field of metadata', { pattern: { detail: { metadata: { origin: { x: [1] } } } } }, false, 'order'],
      ['a branch of $or', { pattern: { $or: [{ 'detail-type': ['T'] }, { region: ['x'] }] } }, true, 'order'],
      ['no branch', { pattern: { $or: [{ 'detail-type': ['U'] }, { region: ['x'] }] } }, false, 'order'],
    ])('by %s', (name, filter, expected, source) => {
      const one = event(HUB, `${prefix}${source}`, { account: OTHER }, {}, { urgent: true });
      if (name === 'a field of metadata') expect(() => narrowed(filter, one)).toThrow(FilterConflict);
      else expect(narrowed(filter, one)).toBe(expected);
    });

    test('the exclusion of its own events stays', () => {
      const filter = { sources: ['order'], pattern: { detail: { urgent: [true] } } };
      expect(narrowed(filter, event(HUB, `${prefix}order`, { account: MEMBER }, {}, { urgent: true }))).toBe(false);
    });

    test('notices are never narrowed', () => {
      expect(narrowed({ sources: ['stock'] }, event(HUB, 'invalid.order', { account: MEMBER }))).toBe(true);
    });
  });

  test.each<[string, object]>([
    ['suffix', { suffix: '.eu' }],
    ['anything-but', { 'anything-but': ['order'] }],
    ['equals-ignore-case', { 'equals-ignore-case': 'ORDER' }],
    ['exists', { exists: true }],
  ])('a source by %s could be a notice, and is refused', (_name, condition) => {
    const filter = { pattern: { source: [condition] } };
    expect(() => fanOutPattern({ account: MEMBER, validated, filter })).toThrow(/told apart from notices/);
  });

  test('a filter on the account is refused', () => {
    const filter = { pattern: { account: [OTHER] } };
    expect(() => fanOutPattern({ account: MEMBER, validated, filter })).toThrow(FilterConflict);
  });

  test('a source in a branch of $or would replace the condition of this rule, and is refused', () => {
    const filter = { pattern: { $or: [{ source: ['order'] }, { 'detail-type': ['T'] }] } };
    expect(() => fanOutPattern({ account: MEMBER, validated, filter })).toThrow(/use "sources" alone/);
  });

  test('the origin in a branch of $or is refused', () => {
    const branch = { detail: { metadata: { origin: { account: [MEMBER] } } } };
    const filter = { pattern: { $or: [branch, { 'detail-type': ['T'] }] } };
    expect(() => fanOutPattern({ account: MEMBER, validated, filter })).toThrow(
      /names the field "detail.metadata.origin.account"/,
    );
  });

  test.each([{ detail: { metadata: [{ exists: true }] } }, { detail: [{ exists: true }] }])(
    'a condition in the place of the origin is refused: %j',
    (pattern) => {
      expect(() => fanOutPattern({ account: MEMBER, validated, filter: { pattern } })).toThrow(
        /names the field "detail.*", which the republisher writes/,
      );
    },
  );

  test.each<[string, FanOut]>([
    ['alone in its account', { account: MEMBER }],
    ['in a shared account', { account: MEMBER, ownSources: ['mine'] }],
  ])('what a filter puts behind $or stays in its place where replays are left out: %s', (_name, fanOut) => {
    const pattern = { detail: { a: [1] }, $or: [{ detail: { a: [2] } }, { detail: { b: [3] } }] };
    const verdicts = (excludeReplays: boolean) =>
      [{ a: 2 }, { a: 1 }, { a: 1, b: 3 }].map((detail) =>
        takes(
          { ...fanOut, validated, filter: { pattern }, excludeReplays },
          event(HUB, `${prefix}order`, { account: OTHER, source: 'order' }, {}, detail),
        ),
      );
    expect(verdicts(true)).toEqual([true, false, true]);
    expect(verdicts(true)).toEqual(verdicts(false));
  });

  describe('in a shared account', () => {
    const shared = (one: object, filter?: EventFilter) => takes({ validated, ownSources: ['own.a'], filter }, one);
    const valid = (origin: Stamp, detail = {}) => event(HUB, `${prefix}${origin.source}`, origin, {}, detail);

    test.each<[string, boolean, Stamp]>([
      ['its own event', false, { account: MEMBER, source: 'own.a' }],
      ['an event of its neighbour', true, { account: MEMBER, source: 'own.b' }],
      ['an event of another account', true, { account: OTHER, source: 'x' }],
      ["another account's event that carries its source", true, { account: OTHER, source: 'own.a' }],
    ])('%s: %s', (_name, expected, origin) => {
      expect(shared(valid(origin))).toBe(expected);
    });

    test.each<[string, boolean, Stamp]>([
      ['its own event', true, { account: MEMBER, source: 'own.a' }],
      ["its neighbour's", false, { account: MEMBER, source: 'own.b' }],
      ["another account's with its source", false, { account: OTHER, source: 'own.a' }],
    ])('a notice about %s: %s', (_name, expected, origin) => {
      expect(shared(event(HUB, `invalid.${origin.source}`, origin))).toBe(expected);
    });

    test.each<[string, boolean, object]>([
      ['what fits', true, { urgent: true, kind: 'a' }],
      ['what does not', false, { urgent: false, kind: 'a' }],
      ['what fits no branch', false, { urgent: true, kind: 'c' }],
    ])('a filter on the detail and $or: %s', (_name, expected, detail) => {
      const $or = [{ detail: { kind: ['a'] } }, { detail: { kind: ['b'] } }];
      const filter = { pattern: { detail: { urgent: [true] }, $or } };
      expect(shared(valid({ account: OTHER, source: 'x' }, detail), filter)).toBe(expected);
      expect(shared(valid({ account: MEMBER, source: 'own.a' }, detail), filter)).toBe(false);
    });
  });

  test.each<[string, boolean, object, Stamp]>([
    ['a replay of raw events', false, {}, { account: OTHER, replayName: 'again' }],
    ['a replay of valid events', false, { 'replay-name': 'again' }, { account: OTHER }],
    ['no replay', true, {}, { account: OTHER }],
  ])('without replays, %s: %s', (_name, expected, more, origin) => {
    const one = event(HUB, `${prefix}order`, origin, more);
    expect(takes({ validated, excludeReplays: true }, one)).toBe(expected);
    expect(takes({ validated }, one)).toBe(true);
  });
});

test.each(['invalid.order', 'invalid.'])(
  'on a bus of their own, source %s is that of a notice, and is refused',
  (source) => {
    const filter = { sources: [source] };
    expect(() => fanOutPattern({ account: MEMBER, validated: TWO_BUS, filter })).toThrow(
      /takes notices of invalid events/,
    );
  },
);

test.each(['', 'in', 'invalid.', 'invalid.x'])(
  'on a bus of their own, prefix "%s" takes notices, and is refused',
  (prefix) => {
    const filter = { pattern: { source: [{ prefix }] } };
    expect(() => fanOutPattern({ account: MEMBER, validated: TWO_BUS, filter })).toThrow(
      /takes notices of invalid events/,
    );
  },
);

test.each<[EventFilter, string]>([
  [{ sources: ['valid.order'] }, 'valid.'],
  [{ sources: ['invalid.order'] }, 'invalid.'],
  [{ pattern: { source: [{ prefix: 'valid.order' }] } }, 'valid.'],
  [{ pattern: { source: [{ wildcard: 'valid.*.eu' }] } }, 'valid.'],
])('on one bus a source that has its prefix already is refused: %j', (filter, prefix) => {
  expect(() => fanOutPattern({ account: MEMBER, validated: SAME_BUS, filter })).toThrow(
    `and "${prefix}" is put before sources where they are validated`,
  );
});

test('one short pattern does it all', () => {
  expect(fanOutPattern({ account: MEMBER, validated: SAME_BUS })).toEqual({
    account: [HUB],
    $or: [
      { detail: { metadata: { origin: { account: [{ 'anything-but': [MEMBER] }] } } }, source: [{ prefix: 'valid.' }] },
      { source: [{ prefix: 'invalid.' }], detail: { metadata: { origin: { account: [MEMBER] } } } },
    ],
  });
  expect(fanOutPattern({ account: MEMBER, validated: TWO_BUS }).$or[0].source).toEqual([
    { 'anything-but': { prefix: ['invalid.'] } },
  ]);
});
