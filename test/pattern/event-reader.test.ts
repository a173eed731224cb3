import { compilePattern, compilePatterns, InvalidEventError } from '../../src/pattern';

/** The event is read whole, whatever a pattern names; `a` and `b.c` are named here, all else is not. */
const NAMED = compilePattern({ a: [{ exists: true }], b: { c: [{ exists: true }] } });
const NONE_NAMED = compilePattern({ zzz: [{ exists: false }] });

function refusal(event: unknown, pattern = NAMED): InvalidEventError {
  try {
    pattern.matches(event as string);
  } catch (error) {
    if (error instanceof InvalidEventError) return error;
    throw error;
  }
  throw new Error(`the event was accepted: ${String(event).slice(0, 100)}`);
}

const accepts = (event: string, pattern = NAMED) => expect([true, false]).toContain(pattern.matches(event));

const matches = (pattern: object | string, event: object | string) => compilePattern(pattern).matches(event);

describe('a malformed event', () => {
  test.each([
    ['no text', '', 0, 'the text ends where the object of an event should begin'],
    ['white space alone', ' \n', 2, 'the text ends where the object of an event should begin'],
    ['a list', '[{"a":1}]', 0, '"[" stands where the object of an event should begin'],
    ['a string', '"a"', 0, '"\\"" stands where the object of an event should begin'],
    ['null', 'null', 0, '"n" stands where the object of an event should begin'],
    ['a byte order mark', '\ufeff{"a":1}', 0, 'stands where the object of an event should begin'],
    ['other white space before the object', '\u00a0{"a":1}', 0, 'stands where the object of an event should begin'],
    ['a NUL before the object', '\u0000{"a":1}', 0, 'stands where the object of an event should begin'],
    ['no key', '{1:2}', 1, '"1" stands where a key should stand'],
    ['single quotes', "{'a':1}", 1, `"'" stands where a key should stand`],
    ['a comma first', '{,"a":1}', 1, '"," stands where a key should stand'],
    ['a comma last', '{"a":1,}', 7, '"}" stands where a key should stand'],
    ['a comment', '{/**/"a":1}', 1, '"/" stands where a key should stand'],
    ['no colon', '{"a" 1}', 5, '"1" stands where ":" should stand'],
    ['no value', '{"a":}', 5, '"}" stands where a value should stand'],
    ['no comma', '{"a":1 "b":2}', 7, '"\\"" stands where "," or "}" should stand'],
    ['a bracket of the other kind', '{"a":1]', 6, '"]" stands where "," or "}" should stand'],
    ['no end', '{"a":1', 6, 'the text ends where "," or "}" should stand'],
  ])('%s', (_, event, offset, problem) => {
    for (const pattern of [NAMED, NONE_NAMED]) {
      const error = refusal(event, pattern);
      expect(error.name).toBe('InvalidEventError');
      expect(error.problem).toContain(problem);
      expect(error.position!.offset).toBe(offset);
      expect(error.message).toBe(
        `event at line ${error.position!.line}, column ${error.position!.column}: ${error.problem}`,
      );
    }
  });

  /** Wrong values, with the place and the message, wherever they stand. */
  test.each([
    ['a word', 'yes', 0, '"y" stands where a value should stand'],
    ['a word in capital letters', 'True', 0, '"T" stands where a value should stand'],
    ['the beginning of true', 'tru', 0, '"t" stands where a value should stand'],
    ['the beginning of false', 'fals', 0, '"f" stands where a value should stand'],
    ['the beginning of null', 'nul', 0, '"n" stands where a value should stand'],
    ['more than true', 'truex', 4, '"x" stands where ","'],
    ['more than a number', '1x', 1, '"x" stands where ","'],
    ['two numbers', '1 2', 2, '"2" stands where ","'],
    ['NaN', 'NaN', 0, '"N" stands where a value should stand'],
    ['infinity', '-Infinity', 0, '"-" stands where a value should stand'],
    ['undefined', 'undefined', 0, '"u" stands where a value should stand'],
    ['a minus alone', '-', 0, '"-" stands where a value should stand'],
    ['a plus', '+1', 0, '"+" stands where a value should stand'],
    ['a zero before a number', '01', 1, '"1" stands where ","'],
    ['a zero before a negative number', '-01', 2, '"1" stands where ","'],
    ['a point first', '.5', 0, '"." stands where a value should stand'],
    ['a point last', '1.', 2, 'where a digit should stand'],
    ['a point before an exponent', '1.e5', 2, '"e" stands where a digit should stand'],
    ['an exponent without digits', '1e', 2, 'where a digit should stand'],
    ['an exponent with a sign alone', '1E+', 3, 'where a digit should stand'],
    ['a hexadecimal number', '0x1', 1, '"x" stands where ","'],
    ['1,001 digits', '1'.repeat(1001), 0, 'a number of more than 1000 digits'],
    ['a string in single quotes', "'x'", 0, `"'" stands where a value should stand`],
    ['an unknown escape', '"ab\\q"', 3, 'a backslash that is no escape of JSON'],
    ['an escaped line end', '"\\\n"', 1, 'a backslash that is no escape of JSON'],
    ['a capital U escape', '"\\U0041"', 1, 'a backslash that is no escape of JSON'],
    ['an escape of three digits', '"\\u004"', 1, 'four hexadecimal digits'],
    ['an escape with a wrong digit', '"x\\u00g0"', 2, 'four hexadecimal digits'],
    ['an escape with a wrong last digit', '"x\\u000:"', 2, 'four hexadecimal digits'],
    ['an escape with a digit of another alphabet', '"\\u008ж"', 1, 'four hexadecimal digits'],
    ['a line feed in a string', '"x\ny"', 2, 'a control character inside of a string'],
    ['a tab in a string', '"\t"', 1, 'a control character inside of a string'],
    ['a NUL in a string', '"abcdefg\u0000"', 8, 'a control character inside of a string'],
    ['the last control character in a string', '"\u001f"', 1, 'a control character inside of a string'],
    ['a list with a comma first', '[,1]', 1, '"," stands where a value should stand'],
    ['a list with a comma last', '[1,]', 3, '"]" stands where a value should stand'],
    ['a list without a comma', '[1 2]', 3, '"2" stands where "," or "]" should stand'],
    ['a list without an end', '[[1]', 5, 'where "," or "]" should stand'],
    ['a list that a brace ends', '[1}', 2, '"}" stands where "," or "]" should stand'],
    ['an object that a bracket ends', '{"x":1]', 6, '"]" stands where "," or "}" should stand'],
    ['an object with a comma last', '{"x":1,}', 7, '"}" stands where a key should stand'],
    ['an object with a comma first', '{,}', 1, '"," stands where a key should stand'],
    ['an object without a colon', '{"x" 1}', 5, '"1" stands where ":" should stand'],
    ['an object with two colons', '{"x"::1}', 5, '":" stands where a value should stand'],
    ['an object with a number as key', '{1:1}', 1, '"1" stands where a key should stand'],
    ['an object with a bad escape in a key', '{"x\\y":1}', 3, 'a backslash that is no escape of JSON'],
    ['an object with a control character in a key', '{"x\r":1}', 3, 'a control character inside of a string'],
  ])('with %s as a value, wherever that is', (_, value, offset, problem) => {
    const places = [
      `{"a":`,
      `{"b":{"c":`,
      `{"a":[1,`,
      `{"b":[{"c":`,
      `{"x":`,
      `{"x":[{"y":`,
      `{"x":{"y":[[1],`,
      '{"a":{"x":',
      '{ \n\t"x" :\r\n ',
    ];
    for (const start of places) {
      const event = `${start}${value}`;
      const error = refusal(`${event} }]}]}`);
      // Where the value could go on, the place after it is the wrong one.
      expect([error.position!.offset, error.problem]).toEqual([
        start.length + offset,
        expect.stringContaining(problem),
      ]);
    }
  });

  test('is placed by line and column', () => {
    const error = refusal('{\n  "x": [1,\r\n    2],\n\t"a": tru\n}');
    expect(error.position).toEqual({ offset: 28, line: 4, column: 7 });
    expect(error.message).toBe('event at line 4, column 7: "t" stands where a value should stand');
    // A line end belongs to the line that it ends.
    expect(refusal('{"x":"a\nb"}').position).toEqual({ offset: 7, line: 1, column: 8 });
    expect(refusal('{"x":"\\\nb"}').position).toEqual({ offset: 6, line: 1, column: 7 });
    expect(refusal('{"x":1\n\n').position).toEqual({ offset: 8, line: 3, column: 1 });
  });
});

describe('an event that is cut', () => {
  const event = `{
  "id" : "7bf73129-1428-4cd3-a780-95db273d1602", "a":[ 1, -2.5e+3 ,"x\\u00e9\\n", true,false , null,{}, [ ] ],
  "b": {"c":"\ud83d\ude00", "d": {"e": [[0],{"f":"\\"","g":[]}]}}, "": {"": 1.25E-2}, "h.i":{"j":[{"k":null}]}
}`;

  test.each([
    ['some of its fields', ['a', 'b.c', 'h.i.j.k'], ['a', 'b.c', 'h.i.j.k']],
    ['none of its fields', ['zzz'], []],
    // An empty list has no values, and what has no name is not matched.
    [
      'all of its fields',
      ['id', 'a', 'b.c', 'b.d.e', 'b.d.e.f', 'b.d.e.g', '.', 'h.i.j.k'],
      ['id', 'a', 'b.c', 'b.d.e', 'b.d.e.f', 'h.i.j.k'],
    ],
  ])('is refused wherever that is, where rules name %s', (_, paths, matching) => {
    const pattern = compilePatterns(Object.fromEntries(paths.map((path) => [path, { [path]: [{ exists: true }] }])));
    expect(pattern.matches(event)).toEqual(matching);
    for (let length = 0; length < event.length; length++) {
      try {
        pattern.matches(event.slice(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidEventError);
        const { position } = error as InvalidEventError;
        expect(position!.offset).toBeLessThanOrEqual(length);
        continue;
      }
      throw new Error(`accepted when cut after ${length} characters`);
    }
    expect(pattern.matches(event)).toEqual(matching);
  });

  test('is refused with the same sentence, whether rules name the part or not', () => {
    const [named, passed] = ['b.d.e.f', 'zzz'].map((path) => compilePattern({ [path]: [{ exists: true }] }));
    const at = event.indexOf('"d"');
    for (let length = at; length < event.indexOf('"g"'); length++) {
      const cut = event.slice(0, length);
      expect(refusal(cut, passed).message).toBe(refusal(cut, named).message);
    }
  });
});

describe('what EventBridge overlooks', () => {
  test('text after the object', () => {
    for (const rest of ['}', 'x', '{"a":2}', ' \u0000', ']', '"', '\ufeff', '/* */']) {
      expect(matches({ a: [1] }, `{"a":1}${rest}`)).toBe(true);
      expect(matches({ a: [2] }, `{"a":1}${rest}`)).toBe(false);
    }
  });

  test('white space of JSON before and in the object', () => {
    expect(
      matches({ a: [1], b: { c: [2] } }, ' \t\r\n{ \t\r\n"a" \t\r\n: \t\r\n1 \t\r\n, "b" : { "c" : [ 2 ] } \n}'),
    ).toBe(true);
    expect(
      matches({ z: [{ exists: false }] }, '{ "x" : { "y" : [ 1 , { } , [ ] , { "q" : "r" } ] } , "w" : { } }'),
    ).toBe(true);
    expect(matches({ a: [{ exists: false }] }, ' { } ')).toBe(true);
    expect(matches({ a: [{ exists: false }] }, '{ "a" : [ ] }')).toBe(true);
  });

  test('a character of DEL, line separators and such in strings', () => {
    expect(matches({ a: ['\u007f\u2028\ufeff'] }, '{"a":"\u007f\u2028\ufeff","x\u2029":"\u007f"}')).toBe(true);
  });
});

describe('levels of nesting', () => {
  const objects = (levels: number) => '{"b":'.repeat(levels) + '1' + '}'.repeat(levels);
  const named = (levels: number) => compilePattern({ ['b.'.repeat(levels) + 'b']: [1] });

  test.each([
    ['lists that no rule names', (levels: number) => `{"x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`, NAMED],
    ['objects that no rule names', (levels: number) => `{"x":${objects(levels - 1)}}`, NAMED],
    ['lists that a rule names', (levels: number) => `{"a":${'['.repeat(levels - 1)}1${']'.repeat(levels - 1)}}`, NAMED],
    [
      'lists around what a rule names',
      (levels: number) => `{"b":${'['.repeat(levels - 2)}{"c":1}${']'.repeat(levels - 2)}}`,
      NAMED,
    ],
    ['objects that a rule names', objects, named(1000)],
    ['objects that a rule names the beginning of', objects, named(3)],
    ['objects in a value that a rule names', (levels: number) => `{"a":${objects(levels - 1)}}`, NAMED],
    [
      'objects and lists by turns',
      (levels: number) =>
        '{"x":'.padStart(5) + '[{"x":'.repeat((levels - 2) / 2) + '[]' + '}]'.repeat((levels - 2) / 2) + '}',
      NONE_NAMED,
    ],
  ])('1,000 of %s are accepted, 1,001 are not', (kind, event, pattern) => {
    accepts(event(1000), pattern);
    const error = refusal(event(kind.includes('by turns') ? 1002 : 1001), pattern);
    expect(error.problem).toBe('more than 1000 levels of nesting');
    const text = event(1002);
    const brackets = [...text].flatMap((char, at) => (char === '{' || char === '[' ? [at] : []));
    expect(refusal(text, pattern).position!.offset).toBe(brackets[1000]);
  });

  test('are those at one place, not all together', () => {
    const part = `${'['.repeat(900)}${']'.repeat(900)}`;
    accepts(`{"x":${part},"y":${part},"a":${part},"b":{"c":${part},"d":${part}},"z":[${part},${part}]}`);
  });

  test('that were too many do not count for the next event', () => {
    for (let i = 0; i < 3; i++) refusal(`{"a":${'['.repeat(1500)}`);
    accepts(`{"a":${'['.repeat(999)}${']'.repeat(999)}}`);
  });

  test('deep down, values are found', () => {
    expect(matches({ ['b.'.repeat(999) + 'b']: [1] }, objects(1000))).toBe(true);
    expect(matches({ ['b.'.repeat(999) + 'b']: [2] }, objects(1000))).toBe(false);
    expect(matches({ a: [1] }, `{"a":${'['.repeat(999)}1${']'.repeat(999)}}`)).toBe(true);
  });

  test('of an event that is a value', () => {
    const deep = (levels: number): any => (levels === 0 ? 1 : [deep(levels - 1)]);
    expect(matches({ a: [1] }, { a: deep(999) })).toBe(true);
    expect(refusal({ a: deep(1000) }).problem).toBe('more than 1000 levels of nesting');
    // So many that JSON.stringify gives up.
    let bottomless: any = 1;
    for (let i = 0; i < 100_000; i++) bottomless = [bottomless];
    expect(refusal({ a: bottomless }).name).toBe('InvalidEventError');
  });
});

describe('digits of a number', () => {
  const digits = (count: number) => '1'.repeat(count);
  const both = (number: string) => [`{"a":${number}}`, `{"x":[${number}]}`, `{"b":{"c":${number}}}`];

  test.each([
    ['in front of the point', digits(1000)],
    ['with a sign', `-${digits(1000)}`],
    ['on both sides of the point', `${digits(500)}.${digits(500)}`],
    ['with those of the exponent', `${digits(400)}.${digits(400)}e-${'0'.repeat(199)}1`],
    ['behind the point after a zero, one more', `0.${digits(1000)}`],
    ['behind the point after a zero, one more, with a sign', `-0.${digits(1000)}`],
    ['in the exponent of a zero, one more', `0e${'0'.repeat(1000)}`],
  ])('1,000 are accepted %s, 1,001 are not', (_, number) => {
    for (const event of both(number)) accepts(event);
    const longer = number.includes('e') ? `${number}1` : number.replace('1', '11');
    for (const event of both(longer)) {
      expect(refusal(event)).toMatchObject({
        problem: 'a number of more than 1000 digits',
        position: { offset: event.search(/-?[01]/) },
      });
    }
  });

  test.each([
    ['behind the point', `1.${digits(1000)}`],
    ['with those of the exponent', `0.5e${digits(999)}`],
    ['in the exponent of another number than zero', `1e${'0'.repeat(1000)}`],
  ])('1,001 are too many %s', (_, number) => {
    for (const event of both(number)) expect(refusal(event).problem).toBe('a number of more than 1000 digits');
  });

  test('of several numbers do not add up', () => {
    accepts(`{"a":[${digits(1000)},${digits(1000)}],"x":[${digits(1000)},${digits(1000)}]}`);
  });
});

describe('keys', () => {
  test('have 50,000 characters at most, wherever they stand', () => {
    const long = 'k'.repeat(50_000);
    for (const place of [
      '{"KEY":1}',
      '{"b":{"KEY":1}}',
      '{"x":{"KEY":1}}',
      '{"x":{"y":1,"KEY":1}}',
      '{"a":[{"KEY":1}]}',
    ]) {
      accepts(place.replace('KEY', long));
      const event = place.replace('KEY', `${long}k`);
      expect(refusal(event)).toMatchObject({ problem: 'a key of more than 50000 characters' });
    }
  });

  test('are counted without their escapes', () => {
    for (const place of ['{"KEY":1}', '{"x":{"KEY":1}}']) {
      accepts(place.replace('KEY', '\\u006b'.repeat(50_000)));
      refusal(place.replace('KEY', '\\u006b'.repeat(50_001)));
    }
  });

  test('are the same with escapes', () => {
    expect(matches({ 'käy"': ['x'] }, '{"k\\u00e4y\\"":"x"}')).toBe(true);
    expect(matches({ detail: { 'a/b': ['x'] } }, '{"d\\u0065tail":{"a\\/b":"x"}}')).toBe(true);
    expect(matches({ 'a\\b': ['x'] }, '{"a\\\\b":"x"}')).toBe(true);
    expect(matches({ a: { b: ['x'] } }, '{"a\\u002eb":"x"}')).toBe(true);
    expect(matches({ ab: ['x'] }, '{"a\\u0042":"x"}')).toBe(false);
  });

  test('with dots are as good as objects, objects as good as dots', () => {
    for (const pattern of [
      { a: { b: { c: ['x'] } } },
      { 'a.b': { c: ['x'] } },
      { a: { 'b.c': ['x'] } },
      { 'a.b.c': ['x'] },
    ]) {
      for (const event of [
        '{"a":{"b":{"c":"x"}}}',
        '{"a.b":{"c":"x"}}',
        '{"a":{"b.c":"x"}}',
        '{"a.b.c":"x"}',
        '{"a.b":[{"c":"x"}]}',
      ]) {
        expect(matches(pattern, event)).toBe(true);
        expect(matches(pattern, event.replace('"x"', '"y"'))).toBe(false);
      }
      for (const event of [
        '{"a":{"b":"x"}}',
        '{"a.b":"x"}',
        '{"b.c":"x"}',
        '{"a.b.c.d":"x"}',
        '{"a..b.c":"x"}',
        '{"c":"x"}',
      ]) {
        expect(matches(pattern, event)).toBe(false);
      }
    }
  });

  test('are told apart where many of one length are alike at their ends', () => {
    const keys = Array.from({ length: 200 }, (_, i) => `k${i}0000${i % 10}k`);
    const rules = compilePatterns(Object.fromEntries(keys.map((key) => [key, { detail: { [key]: ['x'] } }])));
    expect(rules.matches({ detail: Object.fromEntries(keys.map((key) => [key, 'x'])) }).sort()).toEqual(
      [...keys].sort(),
    );
    for (const key of keys) expect(rules.matches({ detail: { [key]: 'x' } })).toEqual([key]);
  });

  test('hold lone surrogates as they are', () => {
    expect(matches({ '\ud800': ['x'] }, '{"\\ud800":"x"}')).toBe(true);
    expect(matches({ '\ud800': ['x'] }, { '\ud800': 'x' })).toBe(true);
    expect(matches({ '?': ['x'] }, '{"\\ud800":"x"}')).toBe(false);
  });
});

describe('strings', () => {
  test('are the same with escapes', () => {
    expect(matches({ a: ['"\\/\b\f\n\r\té'] }, '{"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9"}')).toBe(true);
    expect(matches({ a: [{ prefix: '\ud83d\ude00' }] }, '{"a":"\\uD83D\\ude00!"}')).toBe(true);
    expect(matches({ a: [''] }, '{"a":""}')).toBe(true);
    expect(matches({ a: ['\u0000'] }, '{"a":"\\u0000"}')).toBe(true);
  });

  test('many with escapes, of any length, are read as they are', () => {
    const values = Array.from({ length: 300 }, (_, i) => `\n${'é"'.repeat(i)}${i}`);
    const rules = compilePatterns(
      Object.fromEntries(values.map((value, i) => [`rule ${i}`, { a: [{ suffix: value.slice(-60) }] }])),
    );
    const escaped = (text: string) =>
      text.replace(/[^ -~]|"/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const event = `{"a":[${values.map((value) => `"${escaped(value)}"`).join(',')}]}`;
    expect(rules.matches(event)).toHaveLength(300);
    expect(rules.matches(JSON.parse(event))).toHaveLength(300);
    const long = `${'\n'.repeat(20_000)}x`;
    expect(matches({ a: [{ 'equals-ignore-case': '\nX' }, { wildcard: '\n*\nx' }] }, { a: long })).toBe(true);
    expect(matches({ a: [{ cidr: '::/0' }] }, `{"a":"${'\\u0030'.repeat(20_000)}:"}`)).toBe(false);
  });

  test('half a surrogate pair is a question mark to operators, and itself to a literal', () => {
    for (const event of ['{"a":"x\\ud800"}', '{"a":"x\\udc00"}', '{"a":"x\ud800"}', '{"a":"x\udc00"}']) {
      const value = JSON.parse(event).a;
      for (const operator of ['prefix', 'suffix', 'wildcard', 'equals-ignore-case']) {
        expect(matches({ a: [{ [operator]: 'x?' }] }, event)).toBe(true);
        expect(matches({ a: [{ 'anything-but': { [operator]: 'x?' } }] }, event)).toBe(false);
      }
      for (const operator of ['prefix', 'suffix', 'wildcard']) {
        expect(matches({ a: [{ [operator]: value }] }, event)).toBe(true);
      }
      expect(matches({ a: [value] }, event)).toBe(true);
      expect(matches({ a: ['x?'] }, event)).toBe(false);
      expect(matches({ a: [{ 'anything-but': 'x?' }] }, event)).toBe(false);
      expect(matches({ a: [{ 'anything-but': value }] }, event)).toBe(false);
      expect(matches({ a: [value] }, { a: 'x?' })).toBe(false);
    }
    expect(matches({ a: ['\ud800\ud800\udc00'] }, '{"a":"\\ud800\\ud800\\udc00"}')).toBe(true);
    expect(matches({ a: [{ exactly: '\udc00\ud800' }] }, '{"a":"\\udc00\\ud800"}')).toBe(true);
    expect(matches({ a: ['\ud800'] }, '{"a":"\\ud801"}')).toBe(false);
  });
});

describe('numbers', () => {
  test('of text keep all their digits', () => {
    const pattern = compilePattern('{"a":[9007199254740993]}');
    expect(pattern.matches('{"a":9007199254740993}')).toBe(true);
    expect(pattern.matches('{"a":9007199254740992}')).toBe(false);
    // A value has lost them before it comes here.
    // eslint-disable-next-line no-loss-of-precision
    expect(pattern.matches({ a: 9007199254740993 })).toBe(false);
    expect(matches('{"a":[9007199254740992]}', '{"a":9007199254740993}')).toBe(false);
    // eslint-disable-next-line no-loss-of-precision
    expect(matches('{"a":[9007199254740992]}', { a: 9007199254740993 })).toBe(true);
  });

  test('that no double equals are not compared', () => {
    for (const number of ['9007199254740993', '0.1000000000000000055', '1e400', '1e-400', '0e9999999999']) {
      expect(matches({ a: [{ numeric: ['>', -1] }] }, `{"a":${number}}`)).toBe(false);
      expect(matches({ a: [{ 'anything-but': [0] }] }, `{"a":${number}}`)).toBe(true);
      expect(matches(`{"a":[${number}]}`, `{"a":${number}}`)).toBe(true);
    }
    expect(matches('{"a":[1e400]}', '{"a":1E400}')).toBe(false);
  });

  test('are equal however they are spelled', () => {
    for (const number of [
      '300',
      '300.0',
      '3e2',
      '3E+2',
      '30000e-2',
      '0.3e3',
      '300.00000000000000000000',
      '3000000000000000e-13',
    ]) {
      expect(matches({ a: [300] }, `{"a":${number}}`)).toBe(true);
      expect(matches(`{"a":[${number}]}`, '{"a":300}')).toBe(true);
      expect(matches({ a: [{ numeric: ['>', 299.5, '<=', 300] }] }, `{"a":${number}}`)).toBe(true);
      expect(matches({ a: [{ numeric: ['>', 300] }, { 'anything-but': 300 }] }, `{"a":${number}}`)).toBe(false);
    }
    for (const number of ['0', '-0', '0.0', '-0.0', '0e5', '-0e-5', '0.000']) {
      expect(matches({ a: [0] }, `{"a":${number}}`)).toBe(true);
    }
    expect(matches({ a: [300] }, '{"a":"300"}')).toBe(false);
  });

  test('with 15 digits and less are exact', () => {
    for (const number of [
      '0.1',
      '-0.3',
      '123456789012345',
      '-12345.6789012345',
      '0.00000000000001',
      '1.10',
      '99999999.9999999',
    ]) {
      expect(matches(`{"a":[${number}]}`, `{"a":${number}}`)).toBe(true);
      expect(matches(`{"a":[{"numeric":["=",${number}]}]}`, `{"a":${number}}`)).toBe(true);
      expect(matches(`{"a":[${Number(number)}]}`, `{"a":${number}}`)).toBe(true);
      expect(matches(`{"a":[{"numeric":[">",${number}]}]}`, `{"a":${number}}`)).toBe(false);
      expect(matches(`{"a":[{"numeric":["<",${number}]}]}`, `{"a":${number}}`)).toBe(false);
    }
  });
});

describe('events given as values', () => {
  test.each([
    ['undefined', undefined, 'undefined is no event: give an object, or its JSON text'],
    ['a function', () => 1, 'a function is no event: give an object, or its JSON text'],
    ['a symbol', Symbol('x'), 'a symbol is no event: give an object, or its JSON text'],
    ['a number', 5, '"5" stands where the object of an event should begin'],
    ['true', true, '"t" stands where the object of an event should begin'],
    ['null', null, '"n" stands where the object of an event should begin'],
    ['NaN', NaN, '"n" stands where the object of an event should begin'],
    ['an array', [{ a: 1 }], '"[" stands where the object of an event should begin'],
    ['a date', new Date(0), '"\\"" stands where the object of an event should begin'],
    [
      'what turns into undefined',
      { toJSON: () => undefined },
      'what its toJSON gives is no event: give an object, or its JSON text',
    ],
  ])('%s is none', (_, event, problem) => {
    expect(refusal(event).problem).toBe(problem);
    expect(() => compilePatterns({ rule: { a: [1] } }).matches(event as object)).toThrow(InvalidEventError);
    expect(() => compilePattern({ a: [1] }).explain(event as object)).toThrow(InvalidEventError);
  });

  test('an object that contains itself is none, nor one with big integers', () => {
    const event: any = { a: {} };
    event.a.b = event;
    expect(refusal(event).problem).toContain('no JSON can be made of it: ');
    expect(refusal(event).position).toBeUndefined();
    expect(refusal({ a: 10n }).message).toMatch(/^event: no JSON can be made of it: .*BigInt/);
  });

  test.each([
    ['an error', new Error('of its own accord\nand more')],
    ['a text', 'of its own accord'],
  ])('an object whose toJSON throws %s is none', (_, thrown) => {
    const toJSON = () => {
      throw thrown;
    };
    expect(refusal({ a: { toJSON } }).problem).toBe('no JSON can be made of it: of its own accord');
  });

  test('count as their JSON text', () => {
    const pattern = compilePattern({ a: [null, '1970-01-01T00:00:00.000Z'], b: [{ exists: false }] });
    expect(pattern.matches({ a: new Date(0), b: undefined })).toBe(true);
    expect(pattern.matches({ a: [undefined] })).toBe(true);
    expect(pattern.matches({ a: NaN, b: {} })).toBe(true);
    expect(pattern.matches({ a: null, b: [] })).toBe(true);
    expect(pattern.matches({ a: null, b: 0 })).toBe(false);
    expect(pattern.matches({ b: undefined })).toBe(false);
  });
});

const MEGABYTE = 1024 * 1024;

describe('one event after another', () => {
  const big = (size: number) =>
    JSON.stringify({
      detail: {
        filler: Array.from({ length: size / 20 }, (_, i) => ({ n: i, text: 'x€"\n'.repeat(2) })),
        wanted: 'here',
      },
    });

  test('an event of a megabyte is read as others are', () => {
    const text = big(MEGABYTE);
    expect(text.length).toBeGreaterThan(MEGABYTE);
    const pattern = compilePattern({
      detail: { wanted: ['here'], filler: { text: [{ prefix: 'x€"\n' }], n: [52_000] } },
    });
    expect(pattern.matches(text)).toBe(true);
    expect(pattern.matches(text.replace('here', 'gone'))).toBe(false);
    expect(compilePattern({ detail: { filler: { n: [1], text: ['other'] } } }).matches(text)).toBe(false);
  });

  test('events of very different sizes leave nothing to the next', () => {
    const pattern = compilePattern({ detail: { wanted: ['here'] } });
    const names = compilePattern({ detail: { filler: { n: [3] }, wanted: ['here'] } });
    for (const size of [20, 4 * MEGABYTE, 20, 4096, 65_536, 20]) {
      expect(pattern.matches(big(size))).toBe(true);
      expect(names.matches(big(size))).toBe(size > 100);
      expect(pattern.matches('{"detail":{"wanted":"here"}}')).toBe(true);
      expect(pattern.matches('{"detail":{"wanted":"her"}}')).toBe(false);
      expect(pattern.matches('{}')).toBe(false);
      expect(names.matches('{"detail":{"wanted":"here","filler":[]}}')).toBe(false);
    }
  });

  test('a refused event leaves nothing behind', () => {
    const pattern = compilePattern({ a: ['x'], b: { c: ['y'] } });
    const rules = compilePatterns({ x: { a: ['x'] }, y: { b: { c: ['y'] } }, z: { b: { c: [{ exists: false }] } } });
    for (const wrong of [
      '{"a":"x","b":{"c":"y"',
      '{"a":"x","b":[{"c":"y"},{"c":"\\ud800',
      '{"a":"x\\',
      '{"b":{"c":"y"},"x":[[[{',
      '',
    ]) {
      refusal(wrong, pattern);
      expect(() => rules.matches(wrong)).toThrow(InvalidEventError);
      expect(pattern.matches('{"a":"x"}')).toBe(false);
      expect(pattern.matches('{"b":{"c":"y"}}')).toBe(false);
      expect(pattern.matches('{"a":"x","b":{"c":"y"}}')).toBe(true);
      expect(rules.matches('{}')).toEqual(['z']);
      expect(rules.matches('{"a":"x"}').sort()).toEqual(['x', 'z']);
      expect(rules.matches('{"b":{"c":"y"}}')).toEqual(['y']);
    }
  });

  test("patterns do not see each other's events", () => {
    const [one, other] = [compilePattern({ a: [1] }), compilePattern({ b: [1], a: [2] })];
    for (let i = 0; i < 5; i++) {
      expect(one.matches('{"a":1,"b":1}')).toBe(true);
      expect(other.matches('{"a":1,"b":1}')).toBe(false);
      expect(other.matches('{"a":2,"b":1}')).toBe(true);
      expect(one.matches('{"a":2}')).toBe(false);
    }
  });

  test('each of many values of a field is found', () => {
    const values = Array.from({ length: 5000 }, (_, i) => i);
    expect(matches({ a: [4999], b: [4998] }, { a: values, b: values })).toBe(true);
    expect(matches({ a: [5000] }, { a: values })).toBe(false);
    expect(matches({ a: { n: [4999], m: [4998] } }, { a: values.map((n) => ({ n, m: n - 1 })) })).toBe(true);
    expect(matches({ a: { n: [4999], m: [4999] } }, { a: values.map((n) => ({ n, m: n - 1 })) })).toBe(false);
  });
});
