import { type Json, Num, Obj, Raw, num, obj, write } from './json';
import { randomWord, type Theme } from './theme';
import type { Random } from '../random';

/** Something that is wrong in most places of a pattern. */
function wrongPart(random: Random, theme: Theme): Json {
  const word = () => randomWord(random, theme);
  const number = () => num(random.pick(theme.numbers));
  const operators = [
    'prefix',
    'suffix',
    'equals-ignore-case',
    'wildcard',
    'exactly',
    'numeric',
    'cidr',
    'exists',
    'anything-but',
  ];
  const operator = () => random.pick(operators);
  return random.weighted<() => Json>([
    [3, () => []],
    [3, () => obj()],
    [2, word],
    [2, number],
    [1, () => random.pick([true, false, null])],
    [2, () => [[word()]]],
    [2, () => obj([word(), word()])],
    [3, () => obj([operator(), random.pick<Json>([word(), number(), null, true, [], obj(), [word()], [number()]])])],
    [2, () => obj([operator(), word()], [operator(), word()])],
    [2, () => obj([operator(), obj([operator(), word()])])],
    [2, () => obj([operator(), obj([operator(), [word(), word()]])])],
    [
      2,
      () =>
        obj(['wildcard', random.pick(['**', 'a**b', '\\', 'a\\', '\\a', '*\\', '\\**', '\\\\**', '*\\**', '\\\\\\*'])]),
    ],
    [1, () => obj(['anything-but', obj(['wildcard', ['a', random.pick(['**', '\\x', 'ok*'])]])])],
    [1, () => obj(['anything-but', [word(), number()]])],
    [1, () => obj(['anything-but', [word(), null]])],
    [
      1,
      () => obj(['anything-but', obj([random.pick(['prefix', 'suffix']), random.pick<Json>(['', ['a', ''], ['']])])]),
    ],
    [4, () => obj(['numeric', wrongNumeric(random, theme)])],
    [4, () => obj(['cidr', wrongCidr(random)])],
    [2, () => obj(['$or', random.pick<Json>([[], [obj([word(), [word()]])], word(), [word(), word()], obj()])])],
    [
      2,
      () =>
        obj([
          '$or',
          [
            obj(['a', [word()]]),
            obj([random.pick([operator(), '=', '<=', 'regex', 'date-after', 'not-wildcard']), [word()]]),
          ],
        ]),
    ],
    [
      1,
      () =>
        new Raw(
          random.pick([
            '01',
            '+1',
            '.5',
            '1.',
            'NaN',
            'Infinity',
            '-',
            'tru',
            "'a'",
            'undefined',
            '"\\x"',
            '"\n"',
            '1e',
            '0x1',
          ]),
        ),
    ],
  ])();
}

function wrongNumeric(random: Random, theme: Theme): Json[] {
  const number = () => num(random.pick(theme.numbers));
  const operator = () => random.pick(['=', '<', '<=', '>', '>=', '==', '!=', '=<', ' <', '']);
  return random.pick<() => Json[]>([
    () => [operator(), number(), operator(), number()],
    () => [operator(), number()],
    () => [operator()],
    () => [number(), operator()],
    () => [operator(), number(), operator()],
    () => [operator(), random.pick(theme.numbers)],
    () => [operator(), number(), operator(), number(), operator(), number()],
    () => ['<', num(10), '>', num(1)],
    () => ['>=', num(5), '<=', num(5)],
    () => ['>', num(5), '<', num(5)],
    () => ['>', num(5), '<', num('5.0000000000000001')],
  ])();
}

function wrongCidr(random: Random): Json {
  return random.pick<Json>([
    ...[
      '10.0.0.0',
      '10.0.0.0/32',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/+8',
      '10.0.0.0/08',
      '10.0.0.0/8/',
      '/8',
      '10.0.0.0/',
    ],
    ...[
      '10.0.0/8',
      '10.0.0.256/8',
      '10.0.0.0.0/8',
      '010.0.0.0/8',
      '10.0.0.0/a',
      '10.0.0.0//8',
      ' 10.0.0.0/8',
      'localhost/8',
    ],
    ...[
      '::/128',
      '::/129',
      '::/127',
      '2001:db8::',
      '2001:db8:::/32',
      '1::2::3/8',
      ':/8',
      '::ffff:1.2.3.4/8',
      '::ffff:102:304/8',
    ],
    ...[
      '1:2:3:4:5:6:7/8',
      '1:2:3:4:5:6:7:8:9/8',
      '12345::/8',
      '00012::/8',
      '10.0.0.0/99999999999',
      '10.0.0.0/8/8',
      '',
      '/',
    ],
    num(8),
    null,
    ['10.0.0.0/8'],
  ]);
}

/** The pattern with one part made wrong, as text. */
export function spoilPattern(pattern: Json, random: Random, theme: Theme): string {
  if (random.chance(0.25)) return spoilText(write(pattern, random.chance(0.2) ? random : undefined), random);
  const parts = count(pattern);
  return write(replacePart(pattern, random.below(parts), () => wrongPart(random, theme)).json);
}

function count(json: Json): number {
  if (Array.isArray(json)) return 1 + json.reduce((sum: number, item) => sum + count(item), 0);
  if (json instanceof Obj) return 1 + json.entries.reduce((sum, [, value]) => sum + count(value), 0);
  return 1;
}

/** Parts are numbered in the order of the text. */
function replacePart(json: Json, index: number, make: () => Json): { json: Json; left: number } {
  if (index === 0) return { json: make(), left: -1 };
  let left = index - 1;
  const inner = (part: Json): Json => {
    if (left < 0) return part;
    const replaced = replacePart(part, left, make);
    left = replaced.left;
    return replaced.json;
  };
  if (Array.isArray(json)) return { json: json.map(inner), left };
  if (json instanceof Obj) {
    return { json: new Obj(json.entries.map(([key, value]) => [key, inner(value)] as const)), left };
  }
  return { json, left };
}

/** The text cut, with a character too many, or with something before or behind it. */
export function spoilText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(7)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1);
    case 2:
    case 3:
      return (
        text.slice(0, at) +
        random.pick([...'{}[],:"\\0-.eE+ \t\u0001\u007f\'/#n', '\ud800', '\ufeff', '\u00a0']) +
        text.slice(at)
      );
    case 4:
      return text + random.pick(['x', '}', ']', ' {', '"', '\u0000', '{"a":1}', ',']);
    case 5:
      return random.pick(['\ufeff', 'x', '\u0000', '\u00a0', '//\n', ' ', '\n', '[', '\u000b']) + text;
    default:
      return text.replace(/"/, random.pick(["'", '', '\\"', '"\\q', '"\\u00', '"\u0000', '"\\ud800', '"\u001f']));
  }
}

/** An event with something that JSON forbids, or that event-ruler's parser limits, in a place that no rule asks for. */
export function spoilEvent(event: Obj, random: Random): string {
  const text = write(event, random.chance(0.3) ? random : undefined);
  if (random.chance(0.6)) return spoilText(text, random);
  const value = random.pick([
    () =>
      random.pick([
        '01',
        '-01',
        '00',
        '+1',
        '.5',
        '5.',
        '-',
        '1e',
        '1e+',
        'NaN',
        '-Infinity',
        'truth',
        'nul',
        'True',
        '0x10',
        '1_0',
      ]),
    () =>
      random.pick([
        '"\\x"',
        '"\\u12"',
        '"\\u12G4"',
        '"\\U0041"',
        '"\u0001"',
        '"a\nb"',
        "'a'",
        '"\\\'"',
        '"\\',
        '"',
        '"\u007f\u2028"',
      ]),
    () => '['.repeat(995 + random.below(10)) + ']'.repeat(995 + random.below(10)),
    () => {
      const depth = random.pick([998, 999, 1000, 1001]);
      return random.chance(0.5)
        ? '['.repeat(depth) + ']'.repeat(depth)
        : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    },
    () => random.pick(['', '-', '0.', '1.', '-0.', '1e', '0e-', '1.5e+', '0.5e']) + '1'.repeat(998 + random.below(4)),
    () => `{"${'k'.repeat(49_999 + random.below(3))}":1}`,
    () =>
      random.pick([
        '{"a":1,}',
        '[1,]',
        '[,1]',
        '{,}',
        '{"a"}',
        '{"a":}',
        '{a:1}',
        '{1:1}',
        '[1 2]',
        '{"a":1 "b":2}',
        '[}',
        '{]',
        '',
      ]),
    () => random.pick(['{"\\q":1}', '{"\u0001":1}', '{"\\u00":1}', '{"\\ud800":1}', '/**/1', '1//', '#', '\u00a01']),
  ])();
  const extra = `"${random.pick(['zz', 'extra', 'a'])}":${value}`;
  if (text.length < 3 || event.entries.length === 0) return `{${extra}}`;
  return random.chance(0.5) ? `{${extra},${text.slice(1)}` : `${text.slice(0, text.lastIndexOf('}'))},${extra}}`;
}

/** Whole events that are none. */
export function noEvent(random: Random): string {
  return random.pick([
    '',
    ' ',
    '[]',
    'null',
    '1',
    '"a"',
    'true',
    '[{"a":1}]',
    '{',
    '}',
    '{}}',
    '{"a":1',
    '\ufeff{}',
    '{} x',
    '{}{}',
  ]);
}

export { Num };
