import { App, Stack } from 'aws-cdk-lib';
import { checkPattern, parseResolved, resolvePattern, type WirePattern } from '../../src/internal/event-pattern';
import { compilePattern } from '../../src/pattern';
import { FilterConflict } from '../../src/routing/event-filter';
import { fanOutPattern, type FanOut } from '../../src/routing/fan-out-pattern';
import type { EventFilter } from '../../src/topology';

const OWN = '222222222222';
const OTHER = '333333333333';
const FOREIGN = { account: [{ 'anything-but': [OWN] }] };
const KEPT_SOURCES = ['own.a', 'own.b'];

describe('shape', () => {
  test('excludes the account as a string in one list', () => {
    expect(fanOutPattern({ account: OWN })).toEqual({ account: [{ 'anything-but': ['222222222222'] }] });
  });

  test('keeps the leading zeros of an account', () => {
    expect(fanOutPattern({ account: '000000000042' })).toEqual({ account: [{ 'anything-but': ['000000000042'] }] });
  });

  test.each<[string, EventFilter, WirePattern]>([
    ['sources', { sources: ['a', 'b'] }, { source: ['a', 'b'] }],
    ['detail-types', { detailTypes: ['A'] }, { 'detail-type': ['A'] }],
    [
      'a pattern',
      { pattern: { detail: { total: [{ numeric: ['>', 10] }] } } },
      { detail: { total: [{ numeric: ['>', 10] }] } },
    ],
    [
      '$or',
      { pattern: { $or: [{ source: ['a'] }, { 'detail-type': ['A'] }] } },
      { $or: [{ source: ['a'] }, { 'detail-type': ['A'] }] },
    ],
    [
      'all of them',
      { sources: ['a'], detailTypes: ['A'], pattern: { region: ['eu-west-1'] } },
      { source: ['a'], 'detail-type': ['A'], region: ['eu-west-1'] },
    ],
    ['nothing', {}, {}],
  ])('narrowed by %s keeps the exclusion and adds the filter', (_, filter, added) => {
    expect(fanOutPattern({ account: OWN, filter })).toEqual({ ...FOREIGN, ...added });
  });

  test('takes replays by default', () => {
    expect(fanOutPattern({ account: OWN })).not.toHaveProperty('replay-name');
  });

  test('leaves replays out when asked to', () => {
    expect(fanOutPattern({ account: OWN, excludeReplays: true })).toEqual({
      ...FOREIGN,
      'replay-name': [{ exists: false }],
    });
  });

  describe('in a shared account', () => {
    const shared = (filter?: EventFilter) => fanOutPattern({ account: OWN, ownSources: ['own.a'], filter });
    const NOT_OWN_SOURCE = { source: [{ 'anything-but': ['own.a'] }] };

    test('takes what is from another account, or of a source of somebody else', () => {
      expect(shared()).toEqual({ $or: [FOREIGN, NOT_OWN_SOURCE] });
    });

    test('excludes several sources in one list', () => {
      expect(fanOutPattern({ account: OWN, ownSources: KEPT_SOURCES })).toEqual({
        $or: [FOREIGN, { source: [{ 'anything-but': ['own.a', 'own.b'] }] }],
      });
    });

    test('keeps what narrows other fields outside of $or', () => {
      expect(shared({ detailTypes: ['A'] })).toEqual({ 'detail-type': ['A'], $or: [FOREIGN, NOT_OWN_SOURCE] });
    });

    test('intersects a list of sources with the exclusion', () => {
      expect(shared({ sources: ['other', 'own.a'] })).toEqual({
        $or: [{ ...FOREIGN, source: ['other', 'own.a'] }, { source: ['other'] }],
      });
    });

    test('needs no account where no source in the list is its own', () => {
      expect(shared({ sources: ['other', 'third'] })).toEqual({ source: ['other', 'third'] });
    });

    test('needs no alternatives where every source in the list is its own', () => {
      expect(shared({ sources: ['own.a'] })).toEqual({ ...FOREIGN, source: ['own.a'] });
    });

    test('treats a literal list of sources in the pattern alike', () => {
      expect(shared({ pattern: { source: ['other', 'own.a'] } })).toEqual(shared({ sources: ['other', 'own.a'] }));
    });

    test("moves the filter's $or into both alternatives", () => {
      const $or = [{ 'detail-type': ['A'] }, { detail: { kind: ['x'] } }];
      expect(shared({ pattern: { $or } })).toEqual({
        $or: [
          { ...FOREIGN, $or },
          { ...NOT_OWN_SOURCE, $or },
        ],
      });
    });
  });
});

describe('refused filters', () => {
  const anything = { 'detail-type': ['A'] };

  test.each<[string, EventFilter]>([
    ['at the top level', { pattern: { account: [OTHER] } }],
    ['as anything-but', { pattern: { account: [{ 'anything-but': [OTHER] }] } }],
    ['in a branch of $or', { pattern: { $or: [anything, { account: [OWN] }] } }],
    ['in a nested $or', { pattern: { $or: [anything, { $or: [anything, { account: [OWN] }] }] } }],
    ['dotted', { pattern: { 'account.id': [OWN] } }],
    ['dotted in a branch of $or', { pattern: { $or: [anything, { 'account.id': [OWN] }] } }],
    ['as an object', { pattern: { account: { id: [OWN] } } }],
  ])('fails where account is named %s', (_, filter) => {
    for (const ownSources of [undefined, ['own.a']]) {
      const make = () => fanOutPattern({ account: OWN, ownSources, filter });
      expect(make).toThrow(FilterConflict);
      expect(make).toThrow(/names the field "account", which would override the exclusion/);
    }
  });

  test.each<[string, EventFilter]>([
    ['in the body', { pattern: { detail: { account: [OWN] } } }],
    ['in the body, dotted', { pattern: { 'detail.account': [OWN] } }],
    ['in the body, in $or', { pattern: { detail: { $or: [{ account: [OWN] }, { source: ['own.a'] }] } } }],
  ])('a field of the same name %s is no conflict', (_, filter) => {
    expect(fanOutPattern({ account: OWN, filter })).toEqual({ ...FOREIGN, ...filter.pattern });
  });

  test.each<[string, Partial<FanOut>, RegExp]>([
    ['source', { filter: { sources: ['a'], pattern: { source: ['b'] } } }, /says "source" twice, in pattern too/],
    ['detail-type', { filter: { detailTypes: ['A'], pattern: { 'detail-type': ['B'] } } }, /says "detail-type" twice/],
    [
      'replay-name',
      { excludeReplays: true, filter: { pattern: { 'replay-name': ['r'] } } },
      /says "replay-name" twice/,
    ],
  ])('fails where %s is given twice', (_, fanOut, message) => {
    expect(() => fanOutPattern({ account: OWN, ...fanOut })).toThrow(message);
  });

  test.each<[string, Partial<FanOut>, RegExp]>([
    [
      'source beside sources',
      { filter: { sources: ['a'], pattern: { $or: [anything, { source: ['b'] }] } } },
      /"source" in a branch of \$or.*use "sources"/,
    ],
    [
      'source in a shared account',
      { ownSources: ['own.a'], filter: { pattern: { $or: [anything, { source: ['own.a'] }] } } },
      /"source" in a branch of \$or/,
    ],
    [
      'source in a nested $or of a shared account',
      { ownSources: ['own.a'], filter: { pattern: { $or: [anything, { $or: [anything, { source: ['own.a'] }] }] } } },
      /"source" in a branch of \$or/,
    ],
    [
      'detail-type beside detailTypes',
      { filter: { detailTypes: ['A'], pattern: { $or: [{ source: ['a'] }, { 'detail-type': ['B'] }] } } },
      /"detail-type" in a branch of \$or.*use "detailTypes"/,
    ],
    [
      'replay-name beside excludeReplays',
      { excludeReplays: true, filter: { pattern: { $or: [anything, { 'replay-name': [{ exists: true }] }] } } },
      /"replay-name" in a branch of \$or.*use "excludeReplays"/,
    ],
  ])('fails where a branch of $or overrides %s', (_, fanOut, message) => {
    expect(() => fanOutPattern({ account: OWN, ...fanOut })).toThrow(message);
  });

  test.each<[string, unknown[]]>([
    ['a prefix', [{ prefix: 'own' }]],
    ['a prefix among literals', ['other', { prefix: 'own' }]],
    ['anything-but', [{ 'anything-but': ['x'] }]],
    ['a deploy-time value', [{ Ref: 'Source' }]],
  ])('fails in a shared account where sources are named by %s', (_, source) => {
    expect(() => fanOutPattern({ account: OWN, ownSources: ['own.a'], filter: { pattern: { source } } })).toThrow(
      /names sources by more than literal strings.*list the sources literally/,
    );
  });

  test('fails in a shared account where its own sources are known at deployment only', () => {
    const ownSources = { 'Fn::Split': [',', 'x'] } as unknown as string[];
    expect(() => fanOutPattern({ account: OWN, ownSources, filter: { sources: ['own.a'] } })).toThrow(
      /list the sources literally/,
    );
  });
});

interface TestEvent {
  readonly [leaf: string]: string | undefined;
}

const matches = (pattern: WirePattern, event: TestEvent) =>
  Object.keys(pattern).length === 0 || compilePattern(pattern).matches(event);

const EVENTS: TestEvent[] = [];
for (const account of [OWN, OTHER, '444444444444']) {
  for (const source of ['own.a', 'own.b', 'other.a', 'third']) {
    for (const detailType of ['A', 'B', 'AB']) {
      for (const kind of ['x', 'y', undefined]) {
        for (const replay of [undefined, 'replay-1']) {
          EVENTS.push({ account, source, 'detail-type': detailType, 'detail.kind': kind, 'replay-name': replay });
        }
      }
    }
  }
}

describe('what is to be avoided', () => {
  test('is the leak of an exclusion by source that a filter on source defeats', () => {
    const naive = { $or: [FOREIGN, { source: [{ 'anything-but': ['own.a'] }] }], source: ['own.a', 'third'] };
    expect(matches(naive, { account: OWN, source: 'own.a' })).toBe(true);
  });
});

describe('lets through exactly what is not its own and in the filter', () => {
  const stack = new Stack(new App(), 'Stack');
  const filters: Record<string, EventFilter | undefined> = {
    'no filter': undefined,
    'foreign sources': { sources: ['other.a', 'third'] },
    'own and foreign sources': { sources: ['other.a', 'own.a'] },
    'all own sources and a foreign one': { sources: ['own.b', 'third', 'own.a'] },
    'own sources': { sources: ['own.a'] },
    'sources in the pattern': { pattern: { source: ['own.a', 'third'] } },
    'detail-types': { detailTypes: ['A'] },
    'sources and detail-types': { sources: ['own.a', 'third'], detailTypes: ['A', 'B'] },
    'a prefix': { pattern: { 'detail-type': [{ prefix: 'A' }] } },
    'a field of the body': { pattern: { detail: { kind: ['x'] } } },
    'a field that is absent': { pattern: { detail: { kind: [{ exists: false }] } } },
    $or: { pattern: { $or: [{ 'detail-type': ['A'] }, { detail: { kind: ['y'] } }] } },
    '$or and sources': {
      sources: ['own.a', 'other.a'],
      pattern: { $or: [{ 'detail-type': ['A'] }, { detail: { kind: ['y'] } }] },
    },
    '$or and detail-types': {
      detailTypes: ['A', 'B'],
      pattern: { $or: [{ detail: { kind: ['x'] } }, { detail: { kind: [{ exists: false }] } }] },
    },
    'a nested $or': {
      pattern: {
        $or: [
          { 'detail-type': ['A'] },
          { detail: { kind: ['x'] }, $or: [{ 'detail-type': ['B'] }, { region: ['none'] }] },
        ],
      },
    },
    'a $or in the body': { pattern: { detail: { $or: [{ kind: ['x'] }, { kind: [{ exists: false }] }] } } },
    'a condition before its $or, overridden by a branch': {
      pattern: { 'detail-type': ['B'], $or: [{ 'detail-type': ['A'] }, { detail: { kind: ['y'] } }] },
    },
    'a condition behind its $or, which it overrides': {
      pattern: { $or: [{ 'detail-type': ['A'] }, { detail: { kind: ['y'] } }], 'detail-type': ['B'] },
    },
  };
  const cases = Object.entries(filters).flatMap(([name, filter]) =>
    [undefined, ['own.a'], KEPT_SOURCES].flatMap((ownSources) =>
      [false, true].map((excludeReplays) => ({
        name: `${name}, ${ownSources ? `shared by ${ownSources}` : 'alone'}${excludeReplays ? ', no replays' : ''}`,
        fanOut: { account: OWN, ownSources, filter, excludeReplays },
      })),
    ),
  );

  test.each(cases)('$name', ({ fanOut }) => {
    const { filter = {}, ownSources, excludeReplays } = fanOut;
    const isOwn = (e: TestEvent) => e.account === OWN && (ownSources?.includes(e.source!) ?? true);
    const inFilter = (e: TestEvent) =>
      (filter.sources?.includes(e.source!) ?? true) &&
      (filter.detailTypes?.includes(e['detail-type']!) ?? true) &&
      matches(filter.pattern ?? {}, e) &&
      !(excludeReplays && e['replay-name'] !== undefined);
    const expected = EVENTS.filter((e) => !isOwn(e) && inFilter(e));
    // The case says something: the exclusion holds something back, and something passes.
    expect(expected.length).toBeGreaterThan(0);
    if (!(ownSources && filter.sources && !filter.sources.some((s) => ownSources.includes(s)))) {
      expect(EVENTS.some((e) => isOwn(e) && inFilter(e))).toBe(true);
    }

    const pattern = fanOutPattern(fanOut);

    expect(EVENTS.filter((e) => matches(pattern, e))).toEqual(expected);
    // As it will stand in the template.
    const rendered = resolvePattern(stack, pattern);
    expect(EVENTS.filter((e) => matches(rendered, e))).toEqual(expected);
    expect(checkPattern(stack, rendered, 'event pattern')).toEqual(parseResolved(rendered));
  });
});

test.each([{ sources: ['order.*'] }, { detailTypes: ['Order.*'] }])(
  'fails for a star in %j, which would match itself alone',
  (filter) => {
    expect(() => fanOutPattern({ account: '222222222222', filter })).toThrow(
      /where a star stands for itself: use a prefix/,
    );
  },
);
