import { compilePattern, type EventPatternErrorCode, InvalidEventPatternError } from '../../src/pattern';

type Pattern = string | object;

/** Why a pattern is refused, if it is. */
function outcome(pattern: unknown): InvalidEventPatternError | undefined {
  try {
    compilePattern(pattern as Pattern);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidEventPatternError) return error;
    throw error;
  }
}

function refusal(pattern: unknown): InvalidEventPatternError {
  const error = outcome(pattern);
  if (error === undefined) throw new Error('the pattern was accepted');
  return error;
}

function accepts(pattern: Pattern) {
  expect(outcome(pattern)).toBeUndefined();
}

/** What stands in a value at a JSON pointer. */
function valueAt(value: any, pointer: string): any {
  const steps = pointer.split('/').slice(1);
  return steps.reduce((at, step) => at?.[step.replace(/~1/g, '/').replace(/~0/g, '~')], value);
}

const above = (pointer: string) => pointer.slice(0, pointer.lastIndexOf('/'));

/** What is wrong, the pattern, its code, where, the wrong value and what is allowed, as the message says them. */
type Refusal = [what: string, pattern: object, code: EventPatternErrorCode, path: string, said: string[]];

/** Each is refused as an object, and as its text, there with the place of the wrong value. */
function refuses(table: Refusal[]) {
  test.each(table)('%s', (_, pattern, code, path, said) => {
    const error = refusal(pattern);
    expect(error).toMatchObject({ name: 'InvalidEventPatternError', code, path });
    expect(error.position).toBeUndefined();
    expect(error.message.startsWith(path === '' ? 'event pattern: ' : `event pattern at ${path}: `)).toBe(true);
    expect(error.message.endsWith(`[${code}]`)).toBe(true);
    expect(error.message).toContain(error.problem);
    expect(error.message).toContain(error.remedy);
    for (const words of said) expect(error.message).toContain(words);

    const text = JSON.stringify(pattern, null, 2);
    const ofText = refusal(text);
    expect(ofText).toMatchObject({ code, path, problem: error.problem, remedy: error.remedy });
    const { offset, line, column } = ofText.position!;
    expect(text.split('\n')[line - 1].slice(column - 1)).toBe(text.slice(offset).split('\n')[0]);
    expect(ofText.message).toContain(`line ${line}, column ${column}: `);
    if (code === 'UnknownOperator') {
      const name = path
        .slice(path.lastIndexOf('/') + 1)
        .replace(/~1/g, '/')
        .replace(/~0/g, '~');
      expect(text.slice(offset).startsWith(JSON.stringify(name))).toBe(true);
      return;
    }
    // Where something is missing, it is the place of the object or list around it.
    const found = valueAt(pattern, path);
    const placed = JSON.stringify(found === undefined ? valueAt(pattern, above(path)) : found, null, 2);
    expect(withoutSpace(text.slice(offset)).startsWith(withoutSpace(placed))).toBe(true);
  });
}

const withoutSpace = (text: string) => text.replace(/\s/g, '');

const ALL_OPERATORS = [
  'exactly',
  'prefix',
  'suffix',
  'equals-ignore-case',
  'wildcard',
  'anything-but',
  'numeric',
  'cidr',
  'exists',
];

describe('text that is no JSON', () => {
  test.each([
    ['no text', '', 0, 'the text ends'],
    ['white space alone', ' \n ', 3, 'the text ends'],
    ['a word', 'pattern', 0, '"p"'],
    ['a byte order mark', '\ufeff{"a":[1]}', 0, ''],
    ['an object that is not closed', '{"a":[1]', 8, 'the text ends'],
    ['a list that is not closed', '{"a":[1', 7, 'the text ends'],
    ['a comma before the end of a list', '{"a":[1,]}', 8, '"]"'],
    ['a comma before the end of an object', '{"a":[1],}', 9, '"}"'],
    ['no comma between fields', '{"a":[1] "b":[2]}', 9, '"\\""'],
    ['no comma in a list', '{"a":[1 2]}', 8, '"2"'],
    ['no colon', '{"a" [1]}', 5, '"["'],
    ['single quotes', "{'a':[1]}", 1, `"'"`],
    ['a key without quotes', '{a:[1]}', 1, '"a"'],
    ['a comment', '{"a":[1] /* one */}', 9, '"/"'],
    ['a zero before a number', '{"a":[01]}', 7, '"1"'],
    ['a plus before a number', '{"a":[+1]}', 6, '"+"'],
    ['a number that begins with its point', '{"a":[.5]}', 6, '"."'],
    ['a number that ends with its point', '{"a":[1.]}', 7, '"."'],
    ['an exponent without digits', '{"a":[1e]}', 7, '"e"'],
    ['NaN', '{"a":[NaN]}', 6, '"N"'],
    ['a word in capital letters', '{"a":[True]}', 6, '"T"'],
    ['a bad escape', '{"a":["x\\q"]}', 6, 'escape'],
    ['an escape of three digits', '{"a":["x\\u12"]}', 6, 'escape'],
    ['a string that is not closed', '{"a":["x]}', 6, 'not closed'],
    ['a control character in a string', '{"a":["x\ty"]}', 6, 'control character'],
    ['a control character in a key', '{"a\n":["x"]}', 1, 'control character'],
  ])('%s', (_, text, offset, said) => {
    const error = refusal(text);
    expect(error.code).toBe('NotJson');
    expect(error.path).toBe('');
    expect(error.position!.offset).toBe(offset);
    expect(error.problem).toContain(said);
  });

  test('is placed by line and column', () => {
    const error = refusal('{\n  "a": [1],\r\n\n  "b" 5\n}');
    expect(error.position).toEqual({ offset: 22, line: 4, column: 7 });
    expect(error.message).toMatch(/^event pattern at line 4, column 7: /);
  });

  test('after the object is not looked at', () => {
    accepts('{"a":[1]} and more }');
    expect(compilePattern(' \t\r\n{"a":[1]}}').matches({ a: 1 })).toBe(true);
  });
});

describe('the shape of a pattern', () => {
  refuses([
    ['a list instead of an object', [], 'NotAnObject', '', ['[] is not an object', 'Write {']],
    ['an empty object', {}, 'EmptyObject', '', ['an empty object', '"prefix": ""']],
    ['an empty object inside', { source: ['a'], detail: { b: {} } }, 'EmptyObject', '/detail/b', ['an empty object']],
    ['an empty list', { source: [] }, 'EmptyList', '/source', ['an empty list', '{ "exists": false }']],
    ['a string instead of a list', { detail: { id: 'x' } }, 'NotAList', '/detail/id', ['"x"', '["x"]']],
    ['a number instead of a list', { a: 5 }, 'NotAList', '/a', ['5 is', '[5]']],
    ['true instead of a list', { a: true }, 'NotAList', '/a', ['true is', '[true]']],
    ['null instead of a list', { a: null }, 'NotAList', '/a', ['null is', '[null]']],
    ['a list in a list', { a: ['x', ['y']] }, 'WrongCondition', '/a/1', ['list', 'operator: operand']],
    ['an empty object in a list', { a: ['x', {}] }, 'WrongCondition', '/a/1', ['operator', ...ALL_OPERATORS]],
    ['keys with slashes and tildes', { 'a/b': { 'c~d': 5 } }, 'NotAList', '/a~1b/c~0d', ['5 is']],
  ]);

  test.each([
    ['a string', '"source"', '"source" is not an object'],
    ['a number', '5', '5 is not an object'],
    ['null', 'null', 'null is not an object'],
    ['true', 'true', 'true is not an object'],
  ])('%s instead of an object', (_, text, problem) => {
    expect(refusal(text)).toMatchObject({ code: 'NotAnObject', path: '', problem, position: { offset: 0 } });
  });

  test('objects at any depth, dotted keys, all kinds of values in one list are accepted', () => {
    accepts({ 'a.b': { c: { d: ['x', 1, true, false, null, { prefix: 'x' }, { exists: false }] } } });
  });
});

describe('operators', () => {
  refuses([
    ['an unknown name', { a: [{ foo: 1 }] }, 'UnknownOperator', '/a/0/foo', ['"foo" is no operator', ...ALL_OPERATORS]],
    ['$or in a list', { a: [{ $or: [{ b: [1] }, { c: [1] }] }] }, 'UnknownOperator', '/a/0/$or', ['"$or"']],
    ['fields in a list', { a: ['x', { b: ['y'] }] }, 'UnknownOperator', '/a/1/b', ['"b" is no operator']],
    [
      'two in one object',
      { a: [{ prefix: 'x', suffix: 'y' }] },
      'OneOperatorOnly',
      '/a/0',
      ['"suffix" beside "prefix"', 'one object for each'],
    ],
    [
      'two inside of prefix',
      { a: [{ prefix: { 'equals-ignore-case': 'x', suffix: 'y' } }] },
      'OneOperatorOnly',
      '/a/0/prefix',
      ['"suffix" beside "equals-ignore-case"'],
    ],
    [
      'prefix inside of prefix',
      { a: [{ prefix: { prefix: 'x' } }] },
      'UnknownOperator',
      '/a/0/prefix/prefix',
      ['"prefix"', 'equals-ignore-case'],
    ],
    [
      'nothing inside of suffix',
      { a: [{ suffix: {} }] },
      'WrongCondition',
      '/a/0/suffix',
      ['operator', 'equals-ignore-case'],
    ],
    [
      'a list for prefix',
      { a: [{ prefix: ['x'] }] },
      'WrongOperand',
      '/a/0/prefix',
      ['is not a string', 'one object for each'],
    ],
    [
      'a number for prefix',
      { a: [{ prefix: 5 }] },
      'WrongOperand',
      '/a/0/prefix',
      ['5 is not a string', '"prefix" takes a string'],
    ],
    ['null for suffix', { a: [{ suffix: null }] }, 'WrongOperand', '/a/0/suffix', ['null is not a string', '"suffix"']],
    [
      'a number for prefix, ignoring case',
      { a: [{ prefix: { 'equals-ignore-case': 5 } }] },
      'WrongOperand',
      '/a/0/prefix/equals-ignore-case',
      ['5 is not a string'],
    ],
    [
      'true for exactly',
      { a: [{ exactly: true }] },
      'WrongOperand',
      '/a/0/exactly',
      ['true is not a string', '"exactly"'],
    ],
    [
      'a list for equals-ignore-case',
      { a: [{ 'equals-ignore-case': ['x'] }] },
      'WrongOperand',
      '/a/0/equals-ignore-case',
      ['is not a string', 'one object for each'],
    ],
    ['an object for wildcard', { a: [{ wildcard: { x: 1 } }] }, 'WrongOperand', '/a/0/wildcard', ['is not a string']],
    [
      'text for exists',
      { a: [{ exists: 'true' }] },
      'WrongOperand',
      '/a/0/exists',
      ['"true" is not a boolean', 'true or false'],
    ],
    ['a number for exists', { a: [{ exists: 1 }] }, 'WrongOperand', '/a/0/exists', ['1 is not a boolean']],
  ]);

  test.each([
    ['Prefix', 'prefix'],
    ['PREFIX', 'prefix'],
    ['prefx', 'prefix'],
    ['startsWith', 'prefix'],
    ['starts-with', 'prefix'],
    ['endsWith', 'suffix'],
    ['sufix', 'suffix'],
    ['equals-ignorecase', 'equals-ignore-case'],
    ['equalsIgnoreCase', 'equals-ignore-case'],
    ['ignoreCase', 'equals-ignore-case'],
    ['anything_but', 'anything-but'],
    ['anythingBut', 'anything-but'],
    ['not', 'anything-but'],
    ['equals', 'exactly'],
    ['exist', 'exists'],
    ['Exists', 'exists'],
    ['wildcards', 'wildcard'],
    ['regex', 'wildcard'],
    ['number', 'numeric'],
    ['numerical', 'numeric'],
    ['CIDR', 'cidr'],
    ['ipAddress', 'cidr'],
  ])('"%s" may have been meant to be "%s"', (written, meant) => {
    const error = refusal({ a: [{ [written]: 'x' }] });
    expect(error.code).toBe('UnknownOperator');
    expect(error.message).toContain(`"${written}" is no operator`);
    expect(error.remedy).toContain(`Did you mean "${meant}"?`);
  });

  test.each(['foo', 'x', '', 'between', 'startsandends'])('nothing like "%s" is an operator', (written) => {
    const error = refusal({ a: [{ [written]: 'x' }] });
    expect(error.code).toBe('UnknownOperator');
    expect(error.message).not.toContain('Did you mean');
  });

  test('only what may stand there is proposed', () => {
    const error = refusal({ a: [{ 'anything-but': { Numeric: ['=', 1] } }] });
    expect(error.message).not.toContain('Did you mean');
    expect(refusal({ a: [{ 'anything-but': { startsWith: 'x' } }] }).message).toContain('Did you mean "prefix"?');
    expect(refusal({ a: [{ prefix: { ignoreCase: 'x' } }] }).message).toContain('Did you mean "equals-ignore-case"?');
  });

  test('empty texts are operands as others', () => {
    for (const operator of ['prefix', 'suffix']) {
      accepts({ a: [{ [operator]: '' }] });
      accepts({ a: [{ [operator]: { 'equals-ignore-case': '' } }] });
    }
    for (const operator of ['exactly', 'equals-ignore-case', 'wildcard']) accepts({ a: [{ [operator]: '' }] });
  });

  test('an operator twice in one object', () => {
    const error = refusal('{"a":[{"prefix":"x","prefix":"y"}]}');
    expect(error).toMatchObject({ code: 'OneOperatorOnly', path: '/a/0', position: { offset: 6 } });
  });
});

describe('wildcards', () => {
  refuses([
    [
      'two stars in a row',
      { a: [{ wildcard: 'ab**c' }] },
      'WrongWildcard',
      '/a/0/wildcard',
      ['"ab**c"', 'two stars', 'character 3'],
    ],
    [
      'another escape',
      { a: [{ wildcard: 'a\\b' }] },
      'WrongWildcard',
      '/a/0/wildcard',
      ['backslash', 'character 2', '"\\*"'],
    ],
    [
      'a backslash at the end',
      { a: [{ wildcard: '*a\\' }] },
      'WrongWildcard',
      '/a/0/wildcard',
      ['backslash', 'character 3'],
    ],
    [
      'two stars inside of anything-but',
      { a: [{ 'anything-but': { wildcard: ['ok', '**'] } }] },
      'WrongWildcard',
      '/a/0/anything-but/wildcard/1',
      ['"**"', 'character 1'],
    ],
    [
      'too complex a wildcard',
      { a: ['x'], b: [{ wildcard: '*:*:*:*:*:event-bus/*' }] },
      'WildcardTooComplex',
      '',
      ['complexity 11', 'more than the 10', 'fewer'],
    ],
  ]);

  test('escaped stars and backslashes, stars apart, no star are accepted', () => {
    for (const wildcard of ['*', 'a', '', '\\*', '*\\**', '\\\\*', '\\\\', 'a*b*c', '*\\*\\\\']) {
      accepts({ a: [{ wildcard }] });
    }
  });
});

describe('anything-but', () => {
  const allowed = ['strings or numbers'];
  refuses([
    ['null', { a: [{ 'anything-but': null }] }, 'WrongOperand', '/a/0/anything-but', ['null is', ...allowed]],
    ['true', { a: [{ 'anything-but': true }] }, 'WrongOperand', '/a/0/anything-but', ['true is', ...allowed]],
    [
      'null in a list',
      { a: [{ 'anything-but': ['x', null] }] },
      'WrongOperand',
      '/a/0/anything-but/1',
      ['null is', ...allowed],
    ],
    ['a list in a list', { a: [{ 'anything-but': [['x']] }] }, 'WrongOperand', '/a/0/anything-but/0', [...allowed]],
    ['an empty list', { a: [{ 'anything-but': [] }] }, 'EmptyList', '/a/0/anything-but', ['an empty list', ...allowed]],
    [
      'strings and numbers',
      { a: [{ 'anything-but': ['x', 1] }] },
      'WrongOperand',
      '/a/0/anything-but',
      ['strings and numbers', ...allowed],
    ],
    [
      'numbers and strings',
      { a: [{ 'anything-but': [1, 'x'] }] },
      'WrongOperand',
      '/a/0/anything-but',
      ['strings and numbers', ...allowed],
    ],
    [
      'an empty prefix',
      { a: [{ 'anything-but': { prefix: '' } }] },
      'WrongOperand',
      '/a/0/anything-but/prefix',
      ['empty prefix'],
    ],
    [
      'an empty suffix in a list',
      { a: [{ 'anything-but': { suffix: ['x', ''] } }] },
      'WrongOperand',
      '/a/0/anything-but/suffix/1',
      ['empty suffix'],
    ],
    [
      'no prefixes',
      { a: [{ 'anything-but': { prefix: [] } }] },
      'EmptyList',
      '/a/0/anything-but/prefix',
      ['an empty list', '"prefix"'],
    ],
    [
      'no wildcards',
      { a: ['x', { 'anything-but': { wildcard: [] } }] },
      'EmptyList',
      '/a/1/anything-but/wildcard',
      ['an empty list'],
    ],
    [
      'a number for suffix',
      { a: [{ 'anything-but': { suffix: 1 } }] },
      'WrongOperand',
      '/a/0/anything-but/suffix',
      ['1 is not a string'],
    ],
    [
      'a number among wildcards',
      { a: [{ 'anything-but': { wildcard: ['x', 1] } }] },
      'WrongOperand',
      '/a/0/anything-but/wildcard/1',
      ['1 is not a string', 'list of strings'],
    ],
    [
      'prefix ignoring case',
      { a: [{ 'anything-but': { prefix: { 'equals-ignore-case': 'x' } } }] },
      'WrongOperand',
      '/a/0/anything-but/prefix',
      ['is not a string'],
    ],
    [
      'numeric',
      { a: [{ 'anything-but': { numeric: ['=', 1] } }] },
      'UnknownOperator',
      '/a/0/anything-but/numeric',
      ['"numeric" is no operator that can stand here', 'prefix, suffix, equals-ignore-case, wildcard'],
    ],
    [
      'cidr',
      { a: [{ 'anything-but': { cidr: '10.0.0.0/8' } }] },
      'UnknownOperator',
      '/a/0/anything-but/cidr',
      ['"cidr"'],
    ],
    [
      'exactly',
      { a: [{ 'anything-but': { exactly: 'x' } }] },
      'UnknownOperator',
      '/a/0/anything-but/exactly',
      ['"exactly"'],
    ],
    [
      'exists',
      { a: [{ 'anything-but': { exists: true } }] },
      'UnknownOperator',
      '/a/0/anything-but/exists',
      ['"exists"'],
    ],
    ['no operator', { a: [{ 'anything-but': {} }] }, 'WrongCondition', '/a/0/anything-but', ['operator']],
    [
      'two operators',
      { a: [{ 'anything-but': { prefix: 'x', suffix: 'y' } }] },
      'OneOperatorOnly',
      '/a/0/anything-but',
      ['"suffix" beside "prefix"'],
    ],
  ]);

  test('strings, numbers, empty texts that exclude something, lists are accepted', () => {
    for (const but of ['', 'x', 5, ['x', ''], [1, 2.5], { 'equals-ignore-case': '' }, { wildcard: '' }]) {
      accepts({ a: [{ 'anything-but': but }] });
    }
    for (const operator of ['prefix', 'suffix', 'equals-ignore-case', 'wildcard']) {
      for (const but of ['x', ['x'], ['x', 'y']]) accepts({ a: [{ 'anything-but': { [operator]: but } }] });
    }
  });

  test('an empty list that a later list for the field replaces does no harm', () => {
    accepts('{"a":[{"anything-but":{"prefix":[]}}],"a":["x"]}');
    accepts('{"a":{"b":[{"anything-but":{"prefix":[]}}]},"a.b":["x"]}');
  });
});

describe('numbers', () => {
  const allowed = ['"numeric" takes', '= > >= < <='];
  const at = '/a/0/numeric';
  refuses([
    ['no list', { a: [{ numeric: 5 }] }, 'WrongOperand', at, ['5 is not a list', ...allowed]],
    ['an empty list', { a: [{ numeric: [] }] }, 'WrongOperand', `${at}/0`, ['an operator is missing', ...allowed]],
    ['no number', { a: [{ numeric: ['>'] }] }, 'WrongOperand', `${at}/1`, ['a number is missing', ...allowed]],
    ['another operator', { a: [{ numeric: ['!=', 1] }] }, 'WrongOperand', `${at}/0`, ['"!="', ...allowed]],
    ['a number first', { a: [{ numeric: [1, '>'] }] }, 'WrongOperand', `${at}/0`, ['1 is not one of', ...allowed]],
    [
      'a string as number',
      { a: [{ numeric: ['>', '1'] }] },
      'WrongOperand',
      `${at}/1`,
      ['"1" is not a number', 'without quotes'],
    ],
    [
      'the upper bound first',
      { a: [{ numeric: ['<', 5, '>', 1] }] },
      'WrongOperand',
      at,
      [...allowed, 'lower bound first'],
    ],
    ['two upper bounds', { a: [{ numeric: ['<', 5, '<', 6] }] }, 'WrongOperand', at, allowed],
    ['a range after =', { a: [{ numeric: ['=', 5, '<', 6] }] }, 'WrongOperand', at, allowed],
    [
      'two lower bounds',
      { a: [{ numeric: ['>', 5, '>=', 6] }] },
      'WrongOperand',
      `${at}/2`,
      ['">="', '< <=', ...allowed],
    ],
    [
      'half a range',
      { a: [{ numeric: ['>', 5, '<'] }] },
      'WrongOperand',
      `${at}/3`,
      ['a number is missing', ...allowed],
    ],
    [
      'a string as upper bound',
      { a: [{ numeric: ['>', 5, '<', '6'] }] },
      'WrongOperand',
      `${at}/3`,
      ['"6" is not a number'],
    ],
    ['more than a range', { a: [{ numeric: ['>', 5, '<', 6, '<'] }] }, 'WrongOperand', at, allowed],
    ['an empty range', { a: [{ numeric: ['>', 5, '<', 5] }] }, 'WrongOperand', at, ['> 5', '< 5', ...allowed]],
    ['a range of one number', { a: [{ numeric: ['>=', 5, '<=', 5] }] }, 'WrongOperand', at, ['>= 5', '<= 5']],
    ['a range upside down', { a: [{ numeric: ['>', 6, '<', 5] }] }, 'WrongOperand', at, ['> 6', '< 5']],
    ['a range from -0 to 0', { a: [{ numeric: ['>', 0, '<', -0] }] }, 'WrongOperand', at, ['> 0']],
    [
      'below the lowest number',
      { a: [{ numeric: ['<', -Number.MAX_VALUE] }] },
      'WrongOperand',
      at,
      ['-1.7976931348623157e+308'],
    ],
    [
      'up to the lowest number',
      { a: [{ numeric: ['<=', -Number.MAX_VALUE] }] },
      'WrongOperand',
      at,
      ['-1.7976931348623157e+308'],
    ],
    [
      'above the highest number',
      { a: [{ numeric: ['>', Number.MAX_VALUE] }] },
      'WrongOperand',
      at,
      ['1.7976931348623157e+308'],
    ],
    [
      'from the highest number',
      { a: [{ numeric: ['>=', Number.MAX_VALUE] }] },
      'WrongOperand',
      at,
      ['1.7976931348623157e+308'],
    ],
  ]);

  test.each([
    ['in numeric', '{"a":[{"numeric":["=",9007199254740993]}]}', '/a/0/numeric/1', 22, '9007199254740993'],
    [
      'as upper bound',
      '{"a":[{"numeric":[">",0,"<",0.1000000000000000055]}]}',
      '/a/0/numeric/3',
      28,
      '0.1000000000000000055',
    ],
    ['in anything-but', '{"a":[{"anything-but":1e400}]}', '/a/0/anything-but', 22, '1e400'],
    ['in a list of anything-but', '{"a":[{"anything-but":[1,1e-400]}]}', '/a/0/anything-but/1', 25, '1e-400'],
    ['too small', '{"a":[{"numeric":["=",5e-324]}]}', '/a/0/numeric/1', 22, '5e-324'],
  ])('a number that no double equals %s', (_, pattern, path, offset, number) => {
    const error = refusal(pattern);
    expect(error).toMatchObject({ code: 'WrongNumber', path, position: { offset } });
    expect(error.problem).toContain(number);
    expect(error.remedy).toContain('digits');
  });

  test('a number that no double equals is fine as a literal', () => {
    accepts('{"a":[9007199254740993,1e400,1e-400]}');
  });

  test('comparisons and ranges are accepted', () => {
    for (const operator of ['=', '>', '>=', '<', '<=']) accepts({ a: [{ numeric: [operator, -1.5e9] }] });
    for (const low of ['>', '>=']) for (const high of ['<', '<=']) accepts({ a: [{ numeric: [low, -1, high, 1] }] });
    accepts({ a: [{ numeric: ['<', Number.MAX_VALUE] }, { numeric: ['>', -Number.MAX_VALUE] }] });
    accepts({ a: [{ numeric: ['<=', Number.MAX_VALUE] }, { numeric: ['>=', -Number.MAX_VALUE] }] });
    accepts('{"a":[{"numeric":["=",1.00000000000000000000]}]}');
  });

  test('have 1,000 digits at most', () => {
    accepts(`{"a":[${'1'.repeat(1000)}]}`);
    accepts(`{"a":[-0.${'1'.repeat(1000)}]}`);
    expect(refusal(`{"a":[1, ${'1'.repeat(1001)}]}`)).toMatchObject({ code: 'NotJson', position: { offset: 9 } });
    expect(refusal(`{"a":[0.${'1'.repeat(1001)}]}`).problem).toContain('1000 digits');
  });

  test('an impossible range that a later list for the field replaces does no harm', () => {
    accepts('{"a":[{"numeric":["<",-1.7976931348623157e308]}],"a":["x"]}');
  });
});

describe('addresses', () => {
  const allowed = ['"10.0.0.0/8"', '2001:db8::/32'];
  const cidr = (value: unknown) => ({ a: [{ cidr: value }] });
  refuses([
    ['no mask', cidr('10.0.0.0'), 'WrongAddress', '/a/0/cidr', ['"10.0.0.0"', 'mask', ...allowed]],
    ['an empty mask', cidr('10.0.0.0/'), 'WrongAddress', '/a/0/cidr', ['mask', ...allowed]],
    [
      'the mask of one address',
      cidr('10.0.0.0/32'),
      'WrongAddress',
      '/a/0/cidr',
      ['mask 32', '"10.0.0.0"', ...allowed],
    ],
    ['too long a mask', cidr('10.0.0.0/33'), 'WrongAddress', '/a/0/cidr', ['mask 33', ...allowed]],
    ['the mask of one IPv6 address', cidr('2001:db8::/128'), 'WrongAddress', '/a/0/cidr', ['mask 128', '"2001:db8::"']],
    ['the mask of one mapped address', cidr('::ffff:a00:1/32'), 'WrongAddress', '/a/0/cidr', ['mask 32']],
    ['a mask below zero', cidr('10.0.0.0/-1'), 'WrongAddress', '/a/0/cidr', ['mask', ...allowed]],
    ['a mask with a blank', cidr('10.0.0.0/ 8'), 'WrongAddress', '/a/0/cidr', ['mask', ...allowed]],
    ['a mask in hexadecimal digits', cidr('10.0.0.0/0x8'), 'WrongAddress', '/a/0/cidr', ['mask', ...allowed]],
    ['two masks', cidr('10.0.0.0/8/8'), 'WrongAddress', '/a/0/cidr', ['mask', ...allowed]],
    ['three numbers', cidr('10.0.0/8'), 'WrongAddress', '/a/0/cidr', ['"10.0.0/8"', ...allowed]],
    ['a number above 255', cidr('10.0.0.256/8'), 'WrongAddress', '/a/0/cidr', ['"10.0.0.256/8"', ...allowed]],
    ['two gaps', cidr('1::2::3/8'), 'WrongAddress', '/a/0/cidr', ['"1::2::3/8"', ...allowed]],
    ['a name', cidr('localhost/8'), 'WrongAddress', '/a/0/cidr', ['"localhost/8"', ...allowed]],
    ['no text', cidr(''), 'WrongAddress', '/a/0/cidr', ['""', ...allowed]],
    ['a number', cidr(10), 'WrongOperand', '/a/0/cidr', ['10 is not a string']],
    ['a list', cidr(['10.0.0.0/8']), 'WrongOperand', '/a/0/cidr', ['is not a string']],
  ]);

  test('long texts are cut', () => {
    const error = refusal(cidr('x'.repeat(3000)));
    expect(error.message).toContain('xxx');
    expect(error.message.length).toBeLessThan(400);
  });

  test('blocks, with host bits, and what EventBridge overlooks are accepted', () => {
    for (const text of [
      '0.0.0.0/0',
      '10.1.2.3/8',
      '10.0.0.0/31',
      '::/0',
      '2001:db8::1/127',
      '10.0.0.0/+8',
      '10.0.0.0/08',
      '10.0.0.0/8//',
    ]) {
      accepts(cidr(text));
    }
  });
});

describe('$or', () => {
  const allowed = ['"$or" holds a list of at least two objects'];
  const or = (value: unknown) => ({ source: ['a'], $or: value });
  refuses([
    ['an object', or({ a: [1] }), 'WrongOr', '/$or', ['is not a list', ...allowed]],
    ['a string', or('x'), 'WrongOr', '/$or', ['"x" is not a list', ...allowed]],
    ['an empty list', or([]), 'WrongOr', '/$or', allowed],
    ['one object', or([{ a: [1] }]), 'WrongOr', '/$or', allowed],
    ['a string among objects', or([{ a: [1] }, 'x']), 'WrongOr', '/$or/1', ['"x" is not an object', ...allowed]],
    ['a list among objects', or([{ a: [1] }, [1]]), 'WrongOr', '/$or/1', ['is not an object', ...allowed]],
    ['an empty object', or([{ a: [1] }, {}]), 'EmptyObject', '/$or/1', ['an empty object']],
    ['an empty list in a branch', or([{ a: [1] }, { b: [] }]), 'EmptyList', '/$or/1/b', ['an empty list']],
    ['a value in a branch', or([{ a: [1] }, { b: 'x' }]), 'NotAList', '/$or/1/b', ['"x"']],
    ['one object deeper down', { a: { b: { $or: [{ c: [1] }] } } }, 'WrongOr', '/a/b/$or', allowed],
    ['one object in another $or', or([{ a: [1] }, { $or: [{ b: [1] }] }]), 'WrongOr', '/$or/1/$or', allowed],
  ]);

  test.each([
    ...ALL_OPERATORS,
    ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case', 'date-after', 'date-on-or-after'],
    ...['date-before', 'date-on-or-before', 'in-date-range', 'ip-address-in-range', 'ip-address-not-in-range'],
  ])('a branch has no field of the name %s', (name) => {
    for (const field of [{ [name]: ['x'] }, { a: { [name]: ['x'] } }, { a: ['x'], [name]: { b: ['x'] } }]) {
      const error = refusal({ $or: [{ b: ['y'] }, field] });
      expect(error.code).toBe('WrongOr');
      expect(error.path).toMatch(/^\/\$or\/1\//);
      expect(error.problem).toContain(`"${name}" is no name for a field`);
    }
    accepts({ [name]: ['x'], a: { [name]: ['x'] }, $or: [{ b: ['x'] }, { c: ['x'] }] });
  });

  test('a name that is refused in a branch is placed at its key', () => {
    const text = '{"$or":[{"a":[1]},\n{ "prefix": ["x"]}]}';
    expect(refusal(text)).toMatchObject({
      path: '/$or/1/prefix',
      position: { offset: text.indexOf('"prefix"'), line: 2, column: 3 },
    });
  });

  test('is accepted at any depth, in itself, twice', () => {
    const two = [{ a: [1] }, { b: [1] }];
    accepts({ $or: two });
    accepts({ detail: { x: { $or: two } }, $or: two });
    accepts({ $or: [{ $or: two }, { c: [1], $or: two }] });
    accepts(`{"$or":${JSON.stringify(two)},"$or":[{"c":[1]},{"d":[1]}]}`);
  });

  test('two in one object both count', () => {
    const pattern = compilePattern('{"$or":[{"a":[1]},{"b":[1]}],"$or":[{"c":[1]},{"d":[1]}]}');
    expect(pattern.matches({ a: 1, d: 1 })).toBe(true);
    expect(pattern.matches({ b: 1, c: 1 })).toBe(true);
    expect(pattern.matches({ a: 1, b: 1 })).toBe(false);
    expect(pattern.matches({ c: 1, d: 1 })).toBe(false);
  });

  test('a field repeated in a branch replaces the one before, and is replaced by one after', () => {
    const branches = [{ source: ['x'] }, { region: ['y'] }];
    const before = compilePattern({ source: ['z'], $or: branches });
    expect(before.matches({ source: 'x' })).toBe(true);
    expect(before.matches({ source: 'z' })).toBe(false);
    expect(before.matches({ source: 'z', region: 'y' })).toBe(true);
    const after = compilePattern({ $or: branches, source: ['z'] });
    expect(after.matches({ source: 'x' })).toBe(false);
    expect(after.matches({ source: 'z' })).toBe(true);
  });

  test('branches in one object hold with the fields around them', () => {
    const pattern = compilePattern({ detail: { kind: ['k'], $or: [{ a: [1] }, { b: { c: [2] } }] } });
    expect(pattern.matches({ detail: { kind: 'k', a: 1 } })).toBe(true);
    expect(pattern.matches({ detail: { kind: 'k', b: { c: 2 } } })).toBe(true);
    expect(pattern.matches({ detail: { a: 1, b: { c: 2 } } })).toBe(false);
    expect(pattern.matches({ detail: { kind: 'k', b: { c: 1 } } })).toBe(false);
    expect(pattern.matches({ a: 1, detail: { kind: 'k' } })).toBe(false);
  });
});

describe('limits', () => {
  const ofLength = (length: number): string => {
    const text = `{"a":["${'x'.repeat(length - 10)}"]}`;
    expect(text).toHaveLength(length);
    return text;
  };

  test('4,096 characters are accepted, one more is not', () => {
    for (const pattern of [ofLength(4096), JSON.parse(ofLength(4096))]) accepts(pattern);
    for (const pattern of [ofLength(4097), JSON.parse(ofLength(4097))]) {
      const error = refusal(pattern);
      expect(error).toMatchObject({ code: 'TooLong', path: '', position: undefined });
      expect(error.message).toContain('4097 characters, more than the 4096');
    }
    expect(refusal(`${ofLength(4090)}${' '.repeat(10)}`).code).toBe('TooLong');
  });

  test('a million alternatives are refused for their length', () => {
    const pattern = { detail: { id: Array.from({ length: 1_000_000 }, (_, i) => `id-${i}`) } };
    expect(refusal(pattern).code).toBe('TooLong');
    expect(refusal(JSON.stringify(pattern)).code).toBe('TooLong');
  });

  test('1,000 combinations of $or are accepted, more are not', () => {
    const branches = (key: string, count: number) => Array.from({ length: count }, (_, i) => ({ [key]: [i] }));
    const pattern = (count: number) => ({
      $or: branches('a', count),
      b: { $or: branches('c', 10), d: { $or: branches('e', 10) } },
    });
    const most = compilePattern(pattern(10));
    expect(most.matches({ a: 9, b: { c: 9, d: { e: 9 } } })).toBe(true);
    expect(most.matches({ a: 9, b: { c: 9, d: { e: 10 } } })).toBe(false);
    const error = refusal(pattern(11));
    expect(error).toMatchObject({ code: 'TooManyBranches', path: '/b/d/$or' });
    expect(error.message).toContain('1000 combinations');
    const text = JSON.stringify(pattern(11));
    expect(refusal(text).position!.offset).toBe(text.lastIndexOf('[{"e":[0]}'));
  });

  test('branches of $or inside of $or add up, those beside it multiply', () => {
    const inner = (count: number) => ({ $or: Array.from({ length: count }, (_, i) => ({ a: [i] })) });
    accepts({ $or: [inner(120), inner(120)] });
    const nested = (levels: number): object => ({
      $or: Array.from({ length: 4 }, () => (levels > 1 ? nested(levels - 1) : { a: [1] })),
    });
    accepts(nested(4));
    expect(refusal({ x: { ...nested(3), y: nested(2) }, ...nested(1) }).code).toBe('TooManyBranches');
  });

  test('256 fields are accepted, one more is not', () => {
    const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, [1]]));
    accepts(fields(256));
    const error = refusal(fields(257));
    expect(error).toMatchObject({ code: 'TooManyFields', path: '' });
    expect(error.message).toContain('257 fields, more than the 256');
    expect(refusal(JSON.stringify(fields(257))).position).toEqual({ offset: 0, line: 1, column: 1 });
    accepts({ $or: [fields(130), fields(131)] });
    expect(refusal({ ...fields(255), $or: [{ a: [1] }, { a: [1], b: [1] }] }).code).toBe('TooManyFields');
  });

  test('1,000 levels are read, one more is not', () => {
    const lists = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(refusal(lists(999)).code).toBe('WrongCondition');
    const error = refusal(lists(1000));
    expect(error).toMatchObject({ code: 'TooDeep', path: '', position: { offset: 5 + 999 } });
    expect(error.message).toContain('more than 1000 levels');

    const deep = (levels: number): any => (levels === 0 ? 'x' : [deep(levels - 1)]);
    expect(refusal({ a: deep(999) }).code).toBe('WrongCondition');
    const ofObject = refusal({ a: deep(1000) });
    expect(ofObject).toMatchObject({ code: 'TooDeep', position: undefined });
    expect(ofObject.path).toMatch(/^\/a\/0\/0/);
    expect(ofObject.message.length).toBeLessThan(300);
    expect(refusal({ a: deep(5000) }).code).toBe('TooDeep');

    const objects = (levels: number): object => (levels === 0 ? ['x'] : { a: objects(levels - 1) });
    expect(refusal(objects(1001)).code).toBe('TooDeep');
    accepts(objects(600));
  });
});

describe('patterns given as objects', () => {
  test('undefined in a list is null, as other languages deliver it', () => {
    const pattern = compilePattern({ a: [undefined, 'x'] });
    expect(pattern.matches({ a: null })).toBe(true);
    expect(pattern.matches({ a: 'x' })).toBe(true);
    expect(pattern.matches({})).toBe(false);
    // eslint-disable-next-line no-sparse-arrays
    expect(compilePattern({ a: [, 'x'] }).matches({ a: null })).toBe(true);
  });

  test('a field that is undefined is left out', () => {
    expect(
      compilePattern({ a: ['x'], b: undefined, c: { d: undefined, e: ['y'] } }).matches({ a: 'x', c: { e: 'y' } }),
    ).toBe(true);
    expect(refusal({ a: undefined })).toMatchObject({ code: 'EmptyObject', path: '' });
    expect(compilePattern({ a: [{ prefix: 'x', suffix: undefined }] }).matches({ a: 'xy' })).toBe(true);
  });

  test.each([
    ['NaN', NaN, 'WrongOperand', 'NaN'],
    ['infinity', -Infinity, 'WrongOperand', '-Infinity'],
    ['a function', () => 1, 'WrongCondition', 'function'],
    ['a symbol', Symbol('x'), 'WrongCondition', 'symbol'],
    ['a big integer', 10n, 'WrongCondition', 'bigint'],
  ])('%s is refused wherever it stands', (_, value, code, said) => {
    for (const [pattern, path] of [
      [{ a: ['x', value] }, '/a/1'],
      [{ a: value }, '/a'],
      [{ a: [{ 'anything-but': [value] }] }, '/a/0/anything-but/0'],
    ] as const) {
      const error = refusal(pattern);
      expect(error).toMatchObject({ code, path, position: undefined });
      expect(error.problem).toContain(said);
    }
  });

  test('what is no object at all is refused', () => {
    for (const value of [5, true, null, undefined, NaN, 10n, Symbol('x'), () => 1]) {
      expect(refusal(value)).toMatchObject({ path: '', position: undefined });
    }
  });

  test('a date and others count by their toJSON', () => {
    expect(compilePattern({ time: [new Date(0)] }).matches({ time: '1970-01-01T00:00:00.000Z' })).toBe(true);
    expect(compilePattern({ a: { toJSON: () => ['x'] } }).matches({ a: 'x' })).toBe(true);
  });

  test('an object that contains itself is refused, one that is there twice is not', () => {
    const inner: any = { b: ['x'] };
    inner.c = { d: inner };
    expect(refusal({ a: inner })).toMatchObject({ code: 'Circular', path: '/a/c/d', position: undefined });
    const list: any[] = ['x'];
    list.push(list);
    expect(refusal({ a: list })).toMatchObject({ code: 'Circular', path: '/a/1' });
    expect(refusal({ a: { toJSON: (): unknown => inner } }).code).toBe('Circular');
    const shared = { x: ['1'] };
    accepts({ a: shared, b: { c: shared, d: shared } });
  });

  test('only what is its own counts', () => {
    const pattern = Object.create({ inherited: 'no list' });
    pattern.a = ['x'];
    accepts(pattern);
  });
});

describe('names that every object has in JavaScript', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

  test.each(names)('%s is a field as others', (name) => {
    const pattern = `{"detail":{"${name}":["x"],"a":{"${name}":{"b":[1]}}}}`;
    for (const given of [pattern, JSON.parse(pattern)]) {
      const compiled = compilePattern(given);
      for (const event of [
        `{"detail":{"${name}":"x","a":{"${name}":{"b":1}}}}`,
        '{"detail":{"a":1}}',
        '{"detail":{}}',
      ]) {
        expect(compiled.matches(event)).toBe(event.includes('"x"'));
        expect(compiled.matches(JSON.parse(event))).toBe(event.includes('"x"'));
      }
    }
    const absent = compilePattern(`{"${name}":[{"exists":false}]}`);
    expect(absent.matches({ a: 1 })).toBe(true);
    expect(absent.matches(`{"${name}":1}`)).toBe(false);
  });

  test.each(names)('%s is no operator', (name) => {
    for (const text of [`{"a":[{"${name}":"x"}]}`, `{"a":[{"anything-but":{"${name}":"x"}}]}`]) {
      for (const pattern of [text, JSON.parse(text)]) {
        const error = refusal(pattern);
        expect(error.code).toBe('UnknownOperator');
        expect(error.problem).toContain(`"${name}" is no operator`);
        expect(error.message).not.toContain('Did you mean');
      }
    }
  });
});

describe('keys that are there twice in the text', () => {
  const pattern = (text: string) => compilePattern(text);

  test('the later list counts', () => {
    expect(pattern('{"a":["x"],"a":["y"]}').matches({ a: 'x' })).toBe(false);
    expect(pattern('{"a":["x"],"a":["y"]}').matches({ a: 'y' })).toBe(true);
    expect(pattern('{"a":{"b":["x"]},"a.b":["y"]}').matches({ a: { b: 'x' } })).toBe(false);
    expect(pattern('{"a.b":["x"],"a":{"b":["y"]}}').matches({ a: { b: 'y' } })).toBe(true);
  });

  test('two objects both count', () => {
    expect(pattern('{"a":{"b":["x"]},"a":{"c":["y"]}}').matches({ a: { b: 'x', c: 'y' } })).toBe(true);
    expect(pattern('{"a":{"b":["x"]},"a":{"c":["y"]}}').matches({ a: { c: 'y' } })).toBe(false);
  });

  test('a list and an object both count', () => {
    expect(pattern('{"a":["x"],"a":{"b":["y"]}}').matches('{"a":["x",{"b":"y"}]}')).toBe(true);
    expect(pattern('{"a":["x"],"a":{"b":["y"]}}').matches('{"a":{"b":"y"}}')).toBe(false);
  });

  test('what is replaced must be valid all the same', () => {
    expect(refusal('{"a":[{"foo":1}],"a":["y"]}').code).toBe('UnknownOperator');
    expect(refusal('{"a":[],"a":["y"]}').code).toBe('EmptyList');
  });
});

test('every code is that of some pattern', () => {
  const branches = Array.from({ length: 32 }, () => ({ a: [1] }));
  const some: Record<EventPatternErrorCode, Pattern> = {
    NotJson: '{',
    NotAnObject: '[]',
    NotAList: { a: 1 },
    EmptyObject: {},
    EmptyList: { a: [] },
    WrongCondition: { a: [[]] },
    UnknownOperator: { a: [{ x: 1 }] },
    OneOperatorOnly: { a: [{ prefix: 'x', suffix: 'x' }] },
    WrongOperand: { a: [{ prefix: 1 }] },
    WrongNumber: '{"a":[{"numeric":["=",1e999]}]}',
    WrongAddress: { a: [{ cidr: 'x' }] },
    WrongWildcard: { a: [{ wildcard: '**' }] },
    WildcardTooComplex: { a: [{ wildcard: '*a*a*a*a*a*a*a' }] },
    WrongOr: { $or: [] },
    TooManyBranches: { $or: branches, x: { $or: branches } },
    TooManyFields: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [i, [1]])),
    TooLong: { a: ['x'.repeat(5000)] },
    TooDeep: `{"a":${'['.repeat(1001)}`,
    Circular: (() => {
      const pattern: any = {};
      return Object.assign(pattern, { pattern });
    })(),
  };
  const found = Object.entries(some).map(([code, pattern]) => [code, refusal(pattern).code]);
  expect(found.filter(([code, seen]) => code !== seen)).toEqual([]);
});
