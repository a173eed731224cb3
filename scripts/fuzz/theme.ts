import { type Address, randomAddress } from './addresses';
import type { Random } from '../random';

/** What the values of one pair are made of, so that pattern and event meet. */
export interface Theme {
  readonly keys: readonly string[];
  readonly letters: readonly string[];
  readonly words: readonly string[];
  readonly numbers: readonly string[];
  readonly addresses: readonly Address[];
}

const PLAIN_KEYS = ['a', 'b', 'c', 'd', 'source', 'detail', 'detail-type', 'x', 'id'];
const ODD_KEYS = [
  ...['a.b', 'a.b.c', 'b.c', '', '.', 'a.', '.a', 'a..b', 'A', 'prefix', 'exists', 'numeric', '=', 'cidr'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '0', '1', '-1', 'null', 'true'],
  ...[
    'clé',
    '日本',
    'ключ',
    '\u{1F600}',
    '\ud83d',
    '\ude00',
    'a"b',
    'a\\b',
    'a b',
    ' ',
    'a\nb',
    'a\u0000',
    '?',
    'or$',
    '$OR',
  ],
];

const FOLDING = [...'iIİıßsSſKkKΣσςΰǅǄǆŉNﬁfFȺⱥẞᾳᾼǰÅåÅΩωΩµμΜéÉЖжაᲐⓐⒶꭰᎠ', '\u0308', '\u0301', '\u0307', 'ʼ'];
const WIDE = [
  '\u{1F600}',
  '\u{10400}',
  '\u{10428}',
  'é',
  '日',
  '\u007f',
  '\u0080',
  '\u07ff',
  '\u0800',
  '\uffff',
  '\u{10ffff}',
  'a',
  '?',
];
const ALPHABETS: ReadonlyArray<readonly [number, readonly string[]]> = [
  [30, [...'abAB']],
  [12, [...'abcxyz.-:/']],
  [8, [...'aA*\\?']],
  [6, [...'a"\\/ \n\t']],
  [8, FOLDING],
  [7, WIDE],
  [3, ['\ud83d', '\ude00', '?', 'a', '\u{1F600}', '\ud800', '\udfff']],
  [4, [...'0159.eE-']],
  [2, ['\u0000', '\u001f', 'a', '\u2028', '\ufeff', '\u00a0']],
];

const NUMBERS = [
  ...[
    '0',
    '1',
    '-1',
    '2',
    '5',
    '10',
    '42',
    '100',
    '300',
    '1000',
    '12345678',
    '123456789012',
    '-7',
    '0.1',
    '0.5',
    '1.5',
    '-0.25',
  ],
  ...[
    '3.14',
    '99.99',
    '0.30000000000000004',
    '1e3',
    '1E5',
    '1e22',
    '1e23',
    '1e-7',
    '5e-324',
    '4.9e-324',
    '1.7976931348623157e308',
  ],
  ...['-1.7976931348623157e308', '2.2250738585072014e-308', '9007199254740991', '9007199254740992', '9007199254740993'],
  ...[
    '9007199254740994',
    '123456789012345678',
    '0.1000000000000000055',
    '0.12345678901234567',
    '1e400',
    '1e-400',
    '0e5',
    '-0',
  ],
  ...[
    '-0.0',
    '0E5',
    '1e999999999',
    '1e-999999999',
    '123456789.123456',
    '5000000000',
    '-5000000000',
    '0.000001',
    '10000000',
  ],
  ...['100000000000000000000', '1.0000000000000002', '4.35', '2e-6', '7205759403792794', '1e21', '123456e-3'],
];

export function makeTheme(random: Random): Theme {
  const letters = random.weighted(ALPHABETS);
  // Long ones of few letters repeat themselves, which is where searching goes wrong.
  const isLong = random.chance(0.08);
  const few = random.chance(0.7) ? letters.slice(0, 2) : letters;
  const word = () =>
    isLong
      ? random.many(6, 24, () => random.pick(few)).join('')
      : random.many(0, 4, () => random.pick(letters)).join('');
  const keys = random.many(2, 4, () => random.pick(random.chance(0.85) ? PLAIN_KEYS : ODD_KEYS));
  return {
    keys,
    letters,
    words: random.many(2, 4, word),
    numbers: random.many(2, 3, () => (random.chance(0.8) ? random.pick(NUMBERS) : randomNumber(random))),
    addresses: random.many(1, 2, () => randomAddress(random)),
  };
}

function randomNumber(random: Random): string {
  const digits = 1 + random.below(random.chance(0.7) ? 6 : 19);
  const whole = String(1 + random.below(9)) + random.many(digits - 1, digits - 1, () => random.below(10)).join('');
  const at = random.below(digits) + 1;
  const text = random.chance(0.5) ? whole : `${whole.slice(0, at)}${at < digits ? `.${whole.slice(at)}` : ''}`;
  const power = random.chance(0.15) ? `e${random.below(40) - 20}` : '';
  return (random.chance(0.2) ? '-' : '') + text + power;
}

export function randomWord(random: Random, theme: Theme): string {
  return random.chance(0.75) ? random.pick(theme.words) : random.many(0, 4, () => random.pick(theme.letters)).join('');
}

const CASES = new Map<string, string[]>();
for (const c of [...FOLDING, ...'abcABC', ...WIDE]) {
  const related = [...FOLDING, ...WIDE].filter(
    (other) => other !== c && other.toLowerCase().normalize('NFKD') === c.toLowerCase().normalize('NFKD'),
  );
  CASES.set(c, [...new Set([c.toLowerCase(), c.toUpperCase(), ...related])]);
}

/** Other letters that are, or look as if they were, the same in another case. */
export function otherCases(c: string): string[] {
  return CASES.get(c) ?? [c.toLowerCase(), c.toUpperCase()];
}
