import { App, Aws, CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import {
  checkPattern,
  leavesOf,
  MATCH_ALL,
  namesField,
  NOT_REPLAYED,
  patternLength,
  resolvePattern,
  toWire,
  type WirePattern,
} from '../../src/internal/event-pattern';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});

const resolve = (pattern: WirePattern) => resolvePattern(stack, pattern);
const check = (pattern: WirePattern) => checkPattern(stack, resolve(pattern), 'event pattern');
/** The keys in their order, which `toEqual` does not look at. */
const text = (pattern: WirePattern) => JSON.stringify(resolve(pattern));

test('fields get the names of the wire, and those not given are left out', () => {
  expect(toWire({ detailType: ['A'], source: ['a'], detail: undefined })).toEqual({
    'detail-type': ['A'],
    source: ['a'],
  });
});

describe('resolved', () => {
  test.each<[string, () => string[], unknown]>([
    ['prefix', () => events.Match.prefix('a'), [{ prefix: 'a' }]],
    ['anything-but', () => events.Match.anythingBut('a', 'b'), [{ 'anything-but': ['a', 'b'] }]],
    ['exists', () => events.Match.doesNotExist(), [{ exists: false }]],
    ['anyOf', () => events.Match.anyOf(events.Match.prefix('a'), ['b']), [{ prefix: 'a' }, 'b']],
    ['interval', () => events.Match.interval(1, 5), [{ numeric: ['>=', 1, '<=', 5] }]],
  ])('Match.%s is what it stands for', (_, match, expected) => {
    expect(resolve({ source: match(), detail: { deep: { x: match() } } })).toEqual({
      source: expected,
      detail: { deep: { x: expected } },
    });
  });

  test('null and undefined in lists are null', () => {
    expect(resolve({ detail: { a: [null, 'x'], b: ['y', undefined], c: { d: [undefined] } } })).toEqual({
      detail: { a: [null, 'x'], b: ['y', null], c: { d: [null] } },
    });
  });

  test('undefined in lists of branches is null too', () => {
    expect(resolve({ $or: [{ detail: { a: [undefined] } }, { source: ['a'] }] })).toEqual({
      $or: [{ detail: { a: [null] } }, { source: ['a'] }],
    });
  });

  test('fields that are undefined are left out', () => {
    expect(resolve({ source: ['a'], region: undefined, detail: { x: [1], y: undefined } })).toEqual({
      source: ['a'],
      detail: { x: [1] },
    });
  });

  test('numbers, booleans and empty text stay what they are', () => {
    const detail = { n: [0, 1.5], b: [false, true], s: [''], more: [{ numeric: ['>', 0, '<=', 10] }] };
    expect(resolve({ detail })).toEqual({ detail });
  });

  test('deploy-time values survive', () => {
    // GIVEN
    const parameter = new CfnParameter(stack, 'Sources', { type: 'CommaDelimitedList' });

    // THEN
    expect(
      resolve({
        account: [Aws.ACCOUNT_ID, { 'anything-but': [Aws.ACCOUNT_ID] }],
        source: parameter.valueAsList,
        'detail-type': [`A ${Aws.REGION}`],
        region: Fn.split(',', Fn.importValue('Regions')),
      }),
    ).toEqual({
      account: [{ Ref: 'AWS::AccountId' }, { 'anything-but': [{ Ref: 'AWS::AccountId' }] }],
      source: { Ref: 'Sources' },
      'detail-type': [{ 'Fn::Join': ['', ['A ', { Ref: 'AWS::Region' }]] }],
      region: { 'Fn::Split': [',', { 'Fn::ImportValue': 'Regions' }] },
    });
  });

  test('what comes late is there', () => {
    const late: string[] = [];
    const source = Lazy.list({ produce: () => late });
    late.push('a');
    expect(resolve({ source })).toEqual({ source: ['a'] });
  });

  test('does not change what it was given', () => {
    const given = { source: ['b'], detail: { z: [undefined], a: [1] } };
    resolve(given);
    expect(given).toEqual({ source: ['b'], detail: { z: [undefined], a: [1] } });
    expect(Object.keys(given.detail)).toEqual(['z', 'a']);
  });
});

describe('the order of keys', () => {
  test('is one for one meaning, at every depth', () => {
    const pattern = {
      source: ['a'],
      detail: { z: [1], a: { d: [1], c: [2] } },
      $or: [{ region: ['r'], account: ['1'] }, { id: ['x'] }],
    };
    const other = {
      $or: [{ account: ['1'], region: ['r'] }, { id: ['x'] }],
      detail: { a: { c: [2], d: [1] }, z: [1] },
      source: ['a'],
    };
    expect(Object.keys(pattern)).not.toEqual(Object.keys(other));
    expect(text(other)).toBe(text(pattern));
    expect(text(pattern)).toBe(
      '{"detail":{"a":{"c":[2],"d":[1]},"z":[1]},"source":["a"],"$or":[{"account":["1"],"region":["r"]},{"id":["x"]}]}',
    );
  });

  test('of lists is kept: entries and bounds', () => {
    expect(text({ detail: { n: [{ numeric: ['>', 1, '<', 5] }, 'b', 'a'] } })).toBe(
      '{"detail":{"n":[{"numeric":[">",1,"<",5]},"b","a"]}}',
    );
  });

  test('has $or last, also where a branch overrides what stands before it', () => {
    expect(text({ source: ['zzz'], $or: [{ source: ['a'] }, { region: ['r'] }], account: ['1'] })).toBe(
      '{"account":["1"],"source":["zzz"],"$or":[{"source":["a"]},{"region":["r"]}]}',
    );
  });

  test.each<[string, WirePattern]>([
    ['the field itself', { $or: [{ source: ['a'] }, { region: ['r'] }], source: ['zzz'] }],
    [
      'in a nested $or',
      { $or: [{ region: ['r'] }, { id: ['x'], $or: [{ source: ['a'] }, { time: ['t'] }] }], source: ['z'] },
    ],
    ['dotted in the branch', { $or: [{ 'detail.a': [1] }, { source: ['a'] }], detail: { a: [2] } }],
    ['dotted behind', { $or: [{ detail: { a: [1] } }, { source: ['a'] }], 'detail.a': [2] }],
    ['in the body', { detail: { $or: [{ a: [1] }, { b: [1] }], a: [2] } }],
  ])('is left as it is where it matters: %s', (_, pattern) => {
    expect(text(pattern)).toBe(JSON.stringify(pattern));
  });
});

describe('refused', () => {
  const deep = { 'anything-but': ['x'] };

  test.each<[string, WirePattern, RegExp]>([
    [
      'an empty pattern',
      {},
      /^\[Stack\] event pattern: an empty object.*\{ "source": \[\{ "prefix": "" \}\] \} takes every event\. \(EventPatternInvalid\)$/,
    ],
    ['an empty list', { source: [] }, /event pattern\/source: an empty list.*\(EventPatternInvalid\)$/],
    ['an empty list in the body', { detail: { a: { b: [] } } }, /event pattern\/detail\/a\/b: an empty list/],
    ['an empty object', { detail: {} }, /event pattern\/detail: an empty object.*\(EventPatternInvalid\)$/],
    ['an empty object in a branch', { $or: [{ source: ['a'] }, { detail: {} }] }, /\$or\/1\/detail: an empty object/],
    [
      'a value outside of a list',
      { source: 'a' },
      /event pattern\/source: "a" is neither a list nor an object.*\["a"\]\. \(EventPatternInvalid\)$/,
    ],
    ['null outside of a list', { detail: { a: null } }, /detail\/a: null is neither a list/],
    ['a list in a list', { source: [['a']] }, /source\/0: \["a"\] is a list inside of a list/],
    [
      'an unknown condition',
      { source: [{ startsWith: 'a' }] },
      /source\/0\/startsWith: "startsWith" is no operator\. Did you mean "prefix"\? Allowed here: exactly, /,
    ],
    [
      'two conditions in one',
      { source: [{ prefix: 'a', suffix: 'b' }] },
      /source\/0: .* has "suffix" beside "prefix"\. Write one object for each/,
    ],
    ['no condition in an object', { source: [{}] }, /source\/0: \{\} has no operator/],
    ['$or with one branch', { $or: [{ source: ['a'] }] }, /\$or: .* is a list of 1\. .*at least two objects/],
    ['$or without a list', { $or: { source: ['a'] } }, /\$or: \{"source":\["a"\]\} is not a list/],
    ['$or of texts', { $or: ['a', 'b'] }, /\$or\/0: "a" is not an object/],
    [
      '$or that is known at deployment only',
      { $or: { 'Fn::If': ['c', [], []] } },
      /\$or: a value that only the deployment knows is not a list/,
    ],
    [
      'a branch that is known at deployment only',
      { $or: [{ source: ['a'] }, { Ref: 'x' }] },
      /\$or\/1: a value that only the deployment knows is not an object/,
    ],
    ['an operand of the wrong kind', { source: [{ prefix: 5 }] }, /source\/0\/prefix: 5 is not a string/],
    ['bounds in the wrong order', { detail: { n: [{ numeric: ['<', 5, '>', 1] }] } }, /numeric: .* has more than one/],
    [
      'a block without a mask',
      { detail: { ip: [{ cidr: '10.0.0.0' }] } },
      /cidr: "10\.0\.0\.0" is no address with a mask/,
    ],
    [
      'two stars in a row',
      { source: [{ wildcard: 'a**' }] },
      /wildcard: "a\*\*" has two stars in a row, at character 2/,
    ],
    [
      'a known operand of the wrong kind beside a deploy-time value',
      { account: [{ 'anything-but': [Aws.ACCOUNT_ID, null] }] },
      /anything-but\/0: null is neither a string nor a number/,
    ],
  ])('fails for %s', (_, pattern, message) => {
    expect(() => check(pattern)).toThrow(message);
  });

  test.each<[string, WirePattern]>([
    ['everything', MATCH_ALL],
    ['no replays', NOT_REPLAYED],
    ['accounts as text', { account: ['222222222222', { 'anything-but': ['333333333333'] }] }],
    [
      'a number against a field of the body that is called account',
      { detail: { account: [42, { numeric: ['>', 1] }], owner: { account: [1] } } },
    ],
    ['a field of the body that is called detailType', { detail: { detailType: ['A'] } }],
    ['every kind of value', { detail: { a: ['x', 1, true, null, deep] } }],
    ['nested $or', { $or: [{ source: ['a'] }, { region: ['r'], $or: [{ id: ['a'] }, { id: ['b'] }] }] }],
  ])('%s passes', (_, pattern) => {
    const paths = check(pattern).conjunctions.flatMap((fields) => fields.map(({ path }) => path));
    expect(new Set(paths)).toEqual(new Set(leavesOf(pattern)));
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('a deploy-time value in place of a list passes', () => {
    const { conjunctions } = check({ source: Fn.split(',', Fn.importValue('Sources')) });
    expect(conjunctions).toMatchObject([[{ path: 'source', anyOf: [{ operator: 'unknown' }] }]]);
  });
});

describe('warned of', () => {
  const warnings = () =>
    Annotations.fromStack(stack)
      .findWarning('*', Match.anyValue())
      .map(({ entry }) => entry.data as string);

  test.each<[string, WirePattern, RegExp, string]>([
    [
      'an account that is a number',
      { account: [222222222222] },
      /^event pattern\/account: account 222222222222 is a number, .*write "222222222222"/,
      'EventPattern.accountNumber',
    ],
    [
      'an account that is a number in anything-but, in a branch',
      { $or: [{ source: ['a'] }, { account: [{ 'anything-but': 222222222222 }] }] },
      /\$or\/1\/account: account 222222222222 is a number/,
      'EventPattern.accountNumber',
    ],
    ['an account that lost its zeros', { account: [42] }, /write "000000000042"/, 'EventPattern.accountNumber'],
    [
      'the name that the CDK has for detail-type',
      { detailType: ['A'] },
      /detailType: events have no field "detailType": write "detail-type"/,
      'EventPattern.detailType',
    ],
    [
      'anything-but twice in a list',
      { source: [{ 'anything-but': 'a' }, { 'anything-but': 'b' }] },
      /source: "anything-but" stands 2 times in one list/,
      'EventPattern.anythingButRepeated',
    ],
    [
      'an exclusion of no account',
      { account: [{ 'anything-but': ['1234'] }] },
      /account: anything but "1234" takes every account/,
      'EventPattern.excludesNobody',
    ],
    [
      'a condition that no event can meet',
      { source: [{ exists: false }] },
      /no event can match/,
      'EventPattern.neverMatches',
    ],
    [
      'conditions that the service may mix up',
      { detail: { a: [{ cidr: '10.0.0.0/8' }, 5] } },
      /detail\/a: an address beside a number/,
      'EventPattern.selfContradicting',
    ],
    [
      'branches that the service may take for one',
      { $or: [{ source: ['a'] }, { source: ['a', 'b'] }] },
      /\$or\/1\/source: two combinations of "\$or" name the same fields/,
      'EventPattern.selfContradicting',
    ],
    [
      'a star in a name, which stands for itself',
      { 'detail-type': ['Order.*'] },
      /^event pattern\/detail-type: "Order.\*" has a star, which stands for itself: write \{ "wildcard": "Order.\*" \}/,
      'EventPattern.literalStar',
    ],
    [
      'wildcards that $or multiplies',
      {
        source: [{ wildcard: '*a*' }],
        $or: Array.from({ length: 5 }, (_, i) => ({ 'detail-type': [`T${i}`] })),
        // The wildcard's field comes first only in the order of paths.
        account: [{ wildcard: '1*2*' }],
      },
      /^event pattern: EventBridge may find it too complex/,
      'EventPattern.wildcardsWithOr',
    ],
  ])('%s', (_, pattern, message, id) => {
    check(pattern);
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toMatch(message);
    expect(warnings()[0]).toContain(`cdk-event-backbone:${id}`);
  });

  test.each<[string, WirePattern]>([
    ['an exclusion of a deploy-time account', { account: [{ 'anything-but': [Aws.ACCOUNT_ID] }] }],
    ['deploy-time values alone', { source: [Aws.ACCOUNT_ID] }],
    ['an exclusion by prefix', { account: [{ 'anything-but': { prefix: '1234' } }] }],
    ['branches that differ in a field', { $or: [{ source: ['a'] }, { source: ['b'] }], region: ['r'] }],
  ])('no more: %s', (_, pattern) => {
    check(pattern);
    expect(warnings()).toEqual([]);
  });
});

describe('length', () => {
  /** A pattern of that many characters. */
  const ofLength = (length: number) => ({ source: ['x'.repeat(length - '{"source":[""]}'.length)] });
  const warning = 'cdk-event-backbone:EventPattern.overQuota';
  const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(warning));

  test('is that of the JSON', () => {
    expect(patternLength(ofLength(100))).toEqual({ length: 100, exact: true });
  });

  test('leaves deploy-time values out, and says so', () => {
    const { length, exact } = patternLength(resolve({ account: [Aws.ACCOUNT_ID] }));
    expect({ length, exact }).toEqual({ length: '{"account":[""]}'.length, exact: false });
  });

  test('of 2,048 characters raises no warning', () => {
    check(ofLength(2048));
    expect(warnings()).toEqual([]);
  });

  test.each([2049, 4096])('of %i characters raises a warning', (length) => {
    check(ofLength(length));
    Annotations.fromStack(stack).hasWarning(
      '/Stack',
      Match.stringLikeRegexp(`has ${length} characters; .*2048.*${warning}`),
    );
  });

  test('fails beyond 4,096 characters', () => {
    expect(() => check(ofLength(4097))).toThrow(
      /has 4097 characters, EventBridge takes 4096 at most.*\(EventPatternTooLong\)$/,
    );
  });

  test('fails beyond 4,096 characters even without deploy-time values', () => {
    expect(() => check({ ...ofLength(4097), account: [Aws.ACCOUNT_ID] })).toThrow(
      /\(without deploy-time values\).*\(EventPatternTooLong\)$/,
    );
  });
});

describe('namesField', () => {
  test.each<[string, WirePattern]>([
    ['at the top level', { account: ['1'] }],
    ['dotted', { 'account.x': ['1'] }],
    ['in $or', { $or: [{ source: ['a'] }, { account: ['1'] }] }],
    ['in a nested $or', { $or: [{ source: ['a'] }, { $or: [{ source: ['a'] }, { 'account.x': ['1'] }] }] }],
  ])('finds it %s', (_, pattern) => {
    expect(namesField(pattern, 'account')).toBe(true);
  });

  test.each<[string, WirePattern]>([
    ['of the body', { detail: { account: ['1'] }, 'detail.account': ['1'] }],
    ['that only begins alike', { accountId: ['1'] }],
    ['in a malformed $or', { $or: 'account' }],
  ])('takes no notice of a field %s', (_, pattern) => {
    expect(namesField(pattern, 'account')).toBe(false);
  });
});

test('leavesOf finds every path, through objects and branches', () => {
  expect(
    leavesOf({
      source: ['a'],
      detail: { a: { b: [1] }, 'c.d': [1] },
      $or: [{ id: ['x'] }, { detail: { $or: [{ e: [1] }, { f: [1] }] } }],
    }),
  ).toEqual(['source', 'detail.a.b', 'detail.c.d', 'id', 'detail.e', 'detail.f']);
});
