/**
 * Cases worth a name: every operator on every kind of value, every rule of validity, and what surprises. What
 * event-ruler says of them is not written here but asked.
 */

export interface Quirk {
  readonly name: string;
  readonly pattern: string;
  readonly events: readonly string[];
}

/** One value of every kind; the last is no field at all. */
const KINDS = [
  '"x"',
  '""',
  '"X"',
  '5',
  '5.0',
  '"5"',
  'true',
  'null',
  '[]',
  '{}',
  '["y","x"]',
  '[5,"y"]',
  undefined,
] as const;

const quirks: Quirk[] = [];

function whole(name: string, pattern: string, ...events: string[]): void {
  quirks.push({ name, pattern, events });
}

/** Matchers for the field "a", and values of that field. */
function field(name: string, matchers: string, ...values: Array<string | undefined>): void {
  whole(name, `{"a":[${matchers}]}`, ...values.map((value) => (value === undefined ? '{"b":1}' : `{"a":${value}}`)));
}

/** Patterns that are invalid, or valid though they do not look it. */
function validity(name: string, ...lists: string[]): void {
  lists.forEach((list) => field(name, list, '"x"'));
}

// Every operator on every kind of value.
for (const [name, matcher] of [
  ['literal string', '"x"'],
  ['literal number', '5'],
  ['literal true', 'true'],
  ['literal null', 'null'],
  ['literal empty string', '""'],
  ['exactly', '{"exactly":"x"}'],
  ['prefix', '{"prefix":"x"}'],
  ['prefix of nothing', '{"prefix":""}'],
  ['suffix', '{"suffix":"x"}'],
  ['suffix of nothing', '{"suffix":""}'],
  ['prefix ignoring case', '{"prefix":{"equals-ignore-case":"x"}}'],
  ['suffix ignoring case', '{"suffix":{"equals-ignore-case":"x"}}'],
  ['equals-ignore-case', '{"equals-ignore-case":"x"}'],
  ['wildcard', '{"wildcard":"*x"}'],
  ['wildcard of a star', '{"wildcard":"*"}'],
  ['anything-but string', '{"anything-but":"x"}'],
  ['anything-but strings', '{"anything-but":["x","y"]}'],
  ['anything-but number', '{"anything-but":5}'],
  ['anything-but numbers', '{"anything-but":[5,6]}'],
  ['anything-but nothing', '{"anything-but":""}'],
  ['anything-but prefix', '{"anything-but":{"prefix":"x"}}'],
  ['anything-but suffix', '{"anything-but":{"suffix":"x"}}'],
  ['anything-but ignoring case', '{"anything-but":{"equals-ignore-case":"x"}}'],
  ['anything-but wildcard', '{"anything-but":{"wildcard":"*x*"}}'],
  ['numeric equal', '{"numeric":["=",5]}'],
  ['numeric less', '{"numeric":["<",5]}'],
  ['numeric range', '{"numeric":[">",4,"<=",5]}'],
  ['cidr', '{"cidr":"10.0.0.0/8"}'],
  ['exists', '{"exists":true}'],
  ['exists not', '{"exists":false}'],
] as const) {
  field(name, matcher, ...KINDS);
}

// Numbers.
const ONES = [
  '1',
  '1.0',
  '1e0',
  '10e-1',
  '0.1e1',
  '1E+0',
  '1.00000000000000000000',
  '"1"',
  '1.0000000000000000001',
  '-1',
];
field('one as a literal', '1', ...ONES);
field('one as numeric', '{"numeric":["=",1.0]}', ...ONES);
field('zero', '0', '-0', '0.0', '0e5', '-0E-3', '1e-400', '"0"', '0e99999');
field(
  'not comparable',
  '9007199254740993',
  '9007199254740993',
  '9007199254740992',
  '9007199254740993.0',
  '"9007199254740993"',
);
field('comparable though large', '9007199254740992', '9007199254740992', '9007199254740993', '9.007199254740992e15');
field('too many digits', '0.1', '0.1', '0.10', '0.1000000000000000055', '0.1000000000000000000');
field('infinite', '1e400', '1e400', '1E400', '1e401');
field('account numbers', '123456789012', '123456789012', '"123456789012"', '123456789012.0', '1.23456789012e11');
field('anything-but and the incomparable', '{"anything-but":[5,1e3]}', '9007199254740993', '1000', '1e400', '5');
field('above zero', '{"numeric":[">",0]}', '1e-300', '0', '-0', '9007199254740993', '1e400', '1e308');
field(
  'at least',
  '{"numeric":[">=",0.3]}',
  '0.3',
  '0.30',
  '3e-1',
  '0.29999999999999999',
  '0.2999999999999999',
  '0.30000000000000004',
);
field('open and closed', '{"numeric":[">=",1,"<",2]}', '1', '1.9999999999999998', '2', '0.9999999999999999', '1.5');
field('below zero', '{"numeric":[">",-2,"<=",-1]}', '-1', '-1.0', '-2', '-1.5', '-0.9999999999999999');
field('five thousand millions', '{"numeric":["<",5000000000.000001]}', '5000000000', '5000000000.000001', '-1e300');
validity(
  'numeric validity',
  ...['{"numeric":["=",1,2]}', '{"numeric":["="]}', '{"numeric":[]}', '{"numeric":["=","1"]}', '{"numeric":[1,"="]}'],
  ...['{"numeric":"=1"}', '{"numeric":1}', '{"numeric":{}}', '{"numeric":["<",2,">",1]}', '{"numeric":[">",2,"<",1]}'],
  ...['{"numeric":[">",1,"<",1]}', '{"numeric":[">=",1,"<=",1]}', '{"numeric":[">=",1,"<=",1.0000000000000002]}'],
  ...['{"numeric":[">",1,">",2]}', '{"numeric":[">",1,"=",2]}', '{"numeric":["=",1,"<",2]}', '{"numeric":[">",1,"<"]}'],
  ...[
    '{"numeric":[">",1,"<",2,"<",3]}',
    '{"numeric":["==",1]}',
    '{"numeric":["!=",1]}',
    '{"numeric":["> ",1]}',
    '{"numeric":["<",null]}',
  ],
  ...[
    '{"numeric":["=",9007199254740993]}',
    '{"numeric":["<",1e400]}',
    '{"numeric":["<",1e-400]}',
    '{"numeric":["=",1.10]}',
  ],
  ...[
    '{"numeric":["<",-1.7976931348623157e308]}',
    '{"numeric":[">",1.7976931348623157e308]}',
    '{"numeric":[">",-0,"<",0]}',
  ],
  ...[
    '{"numeric":["=",0e9999999999]}',
    '{"numeric":["=",4.9e-324]}',
    '{"numeric":["=",5e-324]}',
    '{"numeric":["=",1],"x":1}',
  ],
);

// Addresses.
const TENS = [
  '"10.0.0.1"',
  '"010.0.0.1"',
  '"10.00000000.0.1"',
  '"10.000000000.0.1"',
  '"::ffff:a00:1"',
  '"::ffff:10.0.0.1"',
  '"10.1"',
  '"10.0.0.1 "',
  '"10.0.0.256"',
];
field('v4 literal', '"10.0.0.1"', ...TENS, '"a00:1::"', '"a00:1::5"', '"a00:2::"');
field(
  'v4 block',
  '{"cidr":"10.0.0.0/8"}',
  ...TENS,
  '"10.255.255.255"',
  '"11.0.0.0"',
  '"9.255.255.255"',
  '"10.0.0.0"',
  '"a00::1"',
);
field('v4 block with host bits', '{"cidr":"10.1.2.3/30"}', '"10.1.2.0"', '"10.1.2.3"', '"10.1.2.4"', '"10.1.1.255"');
const DOCS = [
  '"2001:db8::1"',
  '"2001:DB8::1"',
  '"2001:0db8:0:0:0:0:0:1"',
  '"2001:00000db8::1"',
  '"2001:db8::0:1"',
  '"2001:db8:::1"',
  '"2001:db8::1%eth0"',
];
field('v6 literal', '"2001:db8::1"', ...DOCS, '"2001:db8::2"');
field(
  'v6 block',
  '{"cidr":"2001:db8::/32"}',
  ...DOCS,
  '"2001:db9::"',
  '"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"',
  '"32.1.13.184"',
  '"32.1.13.185"',
);
field('v6 block over all', '{"cidr":"::/0"}', '"10.0.0.1"', '"::"', '"ffff::"', '"x"', '5', '0');
field('mapped block', '{"cidr":"::ffff:a00:0/8"}', '"10.1.2.3"', '"11.0.0.0"', '"::ffff:a01:203"');
field(
  'all of v4',
  '{"cidr":"0.0.0.0/0"}',
  '1',
  '0',
  '0.5',
  '-1',
  '100',
  '0E5',
  '"0.0.0.0"',
  '"255.255.255.255"',
  'true',
  '"::1"',
);
field('numbers as hexadecimal', '{"cidr":"16.0.0.0/8"}', '10', '100', '101', '105', '10000000', '"16.0.0.1"');
field('a number that begins as the literal', '"16.0.0.0"', '10000000', '100000005', '1e7', '1000000', '"16.0.0.0"');
field('an address elsewhere is a string', '{"anything-but":"10.0.0.1"}', '"10.0.0.1"', '"010.0.0.1"');
field('an address as a prefix is a string', '{"prefix":"10."}', '"10.0.0.1"', '"010.0.0.1"');
validity(
  'cidr validity',
  ...[
    '{"cidr":"10.0.0.0"}',
    '{"cidr":"10.0.0.0/"}',
    '{"cidr":"10.0.0.0/32"}',
    '{"cidr":"10.0.0.0/31"}',
    '{"cidr":"10.0.0.0/-1"}',
  ],
  ...[
    '{"cidr":"10.0.0.0/+8"}',
    '{"cidr":"10.0.0.0/08"}',
    '{"cidr":"10.0.0.0/8/"}',
    '{"cidr":"10.0.0.0//8"}',
    '{"cidr":"10.0.0/8"}',
  ],
  ...[
    '{"cidr":"10.0.0.256/8"}',
    '{"cidr":"010.0.0.0/8"}',
    '{"cidr":"::/128"}',
    '{"cidr":"::/127"}',
    '{"cidr":"2001:db8::"}',
  ],
  ...[
    '{"cidr":"1::2::3/8"}',
    '{"cidr":"1:2:3:4:5:6:7/8"}',
    '{"cidr":"1:2:3:4:5:6:7::/8"}',
    '{"cidr":"12345::/8"}',
    '{"cidr":"00012::/8"}',
  ],
  ...[
    '{"cidr":"::ffff:1.2.3.4/8"}',
    '{"cidr":"::ffff:102:304/32"}',
    '{"cidr":"host/8"}',
    '{"cidr":""}',
    '{"cidr":8}',
    '{"cidr":["10.0.0.0/8"]}',
  ],
);

// Letter case: a character's own lower and upper form, and nothing else.
for (const [operand, ...values] of [
  ['straße', 'straße', 'STRASSE', 'STRAßE', 'strasse', 'straẞe'],
  ['STRASSE', 'strasse', 'straße'],
  ['K', 'K', 'k', 'K'],
  ['k', 'K', 'K'],
  ['İ', 'İ', 'i̇', 'i', 'I', 'ı'],
  ['ı', 'ı', 'I', 'i'],
  ['ſ', 'ſ', 'S', 's'],
  ['σ', 'σ', 'Σ', 'ς'],
  ['ς', 'ς', 'Σ', 'σ'],
  ['ǅ', 'ǅ', 'Ǆ', 'ǆ'],
  ['ŉ', 'ŉ', 'ʼN'],
  ['ﬁ', 'ﬁ', 'FI', 'fi'],
  ['Ⱥ', 'ⱥ', 'Ⱥ'],
  ['ΰ', 'ΰ', '\u03a5\u0308\u0301', '\u03ab\u0301'],
  ['ᾳ', 'ᾳ', 'ΑΙ', 'ᾼ'],
  ['é', 'É', 'e\u0301'],
  ['ж', 'Ж'],
  ['\u{10428}', '\u{10428}', '\u{10400}', '??'],
  ['\u{1f600}', '\u{1f600}', '??'],
]) {
  const text = JSON.stringify(operand);
  field('letter case', `{"equals-ignore-case":${text}}`, ...values.map((value) => JSON.stringify(value)));
  field(
    'letter case of a prefix',
    `{"prefix":{"equals-ignore-case":${text}}}`,
    ...values.slice(0, 2).map((value) => JSON.stringify(`${value}z`)),
  );
  field(
    'letter case of a suffix',
    `{"suffix":{"equals-ignore-case":${text}}}`,
    ...values.slice(0, 2).map((value) => JSON.stringify(`z${value}`)),
  );
  field(
    'letter case refused',
    `{"anything-but":{"equals-ignore-case":[${text},"q"]}}`,
    ...values.slice(0, 2).map((value) => JSON.stringify(value)),
  );
}

// Strings beyond ASCII, and those that are escaped.
field('escaped', '"\\u0061\\/\\"\\\\"', '"a/\\"\\\\"', '"\\u0061\\u002f\\u0022\\u005c"', '"a/"');
field('composed or not', '"é"', '"é"', '"e\\u0301"', '"\\u00e9"');
field('suffix of two bytes', '{"suffix":"é"}', '"café"', '"cafe"', '"é"', '"caf\\u00a9"');
field('suffix of four bytes', '{"suffix":"\u{1f600}"}', '"x\u{1f600}"', '"\u{1f601}"', '"\\ud83d\\ude00"');
field('prefix that is half a character', '{"prefix":"\\ud83d"}', '"\\ud83d\\ude00"', '"\\ud83d"', '"?"');
field('lone surrogate as a literal', '"\\ud800"', '"\\ud800"', '"?"', '"\\udfff"');
field('lone surrogate refused', '{"anything-but":"?"}', '"\\ud800"', '"?"', '"!"');
field('control characters', '"\\u0000\\n"', '"\\u0000\\n"', '"\\n"');

// Wildcards.
field('star inside', '{"wildcard":"a*b"}', '"ab"', '"axb"', '"a"', '"aab"', '"abb"', '"abc"', '"a*b"', '"a\\nb"');
field('star escaped', '{"wildcard":"a\\\\*b"}', '"a*b"', '"axb"', '"a\\\\*b"');
field('backslash escaped', '{"wildcard":"a\\\\\\\\*"}', '"a\\\\"', '"a\\\\b"', '"ab"', '"a"');
field('stars apart', '{"wildcard":"*a*a*"}', '"a"', '"aa"', '"bab"', '"xaxax"', '""');
field('star of a letter beyond ASCII', '{"wildcard":"*é*"}', '"caféx"', '"cafe"', '"é"');
field('no star', '{"wildcard":"ab"}', '"ab"', '"abc"');
field('no text', '{"wildcard":""}', '""', '"a"', 'null');
field('a list that refuses', '{"anything-but":{"wildcard":["a*","*z"]}}', '"ab"', '"yz"', '"b"', '5', undefined);
validity(
  'wildcard validity',
  ...[
    '{"wildcard":"**"}',
    '{"wildcard":"a**b"}',
    '{"wildcard":"\\\\**"}',
    '{"wildcard":"*\\\\**"}',
    '{"wildcard":"\\\\"}',
    '{"wildcard":"\\\\a"}',
  ],
  ...['{"wildcard":"a\\\\"}', '{"wildcard":1}', '{"wildcard":["a"]}', '{"wildcard":{"equals-ignore-case":"a"}}'],
  ...[
    '{"anything-but":{"wildcard":"**"}}',
    '{"anything-but":{"wildcard":["a","**"]}}',
    '{"anything-but":{"wildcard":1}}',
  ],
);
validity(
  'operand validity',
  ...[
    '{"prefix":["a"]}',
    '{"prefix":1}',
    '{"prefix":null}',
    '{"prefix":{}}',
    '{"prefix":{"suffix":"a"}}',
    '{"prefix":{"equals-ignore-case":1}}',
  ],
  ...[
    '{"prefix":{"equals-ignore-case":["a"]}}',
    '{"prefix":{"equals-ignore-case":""}}',
    '{"suffix":["a"]}',
    '{"suffix":{"equals-ignore-case":""}}',
  ],
  ...[
    '{"prefix":{"equals-ignore-case":"a","suffix":"b"}}',
    '{"prefix":"a","suffix":"b"}',
    '{"prefix":"a","prefix":"b"}',
    '{"exactly":1}',
  ],
  ...[
    '{"exactly":["a"]}',
    '{"equals-ignore-case":["a"]}',
    '{"equals-ignore-case":""}',
    '{"equals-ignore-case":null}',
    '{"unknown":"a"}',
    '{"":"a"}',
  ],
  ...[
    '{}',
    '[]',
    '["x"]',
    '[[]]',
    '{"Prefix":"a"}',
    '{"regex":"a"}',
    '{"$or":[{"prefix":"x"},{"suffix":"x"}]}',
    '"x",{}',
    '"x",["x"]',
  ],
  ...['{"exists":"true"}', '{"exists":1}', '{"exists":null}', '{"exists":[true]}', '{"exists":true,"x":1}'],
);
validity(
  'anything-but validity',
  ...[
    '{"anything-but":[]}',
    '{"anything-but":{}}',
    '{"anything-but":null}',
    '{"anything-but":true}',
    '{"anything-but":["a",1]}',
  ],
  ...[
    '{"anything-but":[null]}',
    '{"anything-but":[["a"]]}',
    '{"anything-but":[{"prefix":"a"}]}',
    '{"anything-but":{"numeric":["=",1]}}',
  ],
  ...['{"anything-but":{"cidr":"10.0.0.0/8"}}', '{"anything-but":{"exactly":"a"}}', '{"anything-but":{"exists":true}}'],
  ...[
    '{"anything-but":{"prefix":""}}',
    '{"anything-but":{"suffix":""}}',
    '{"anything-but":{"prefix":["a",""]}}',
    '{"anything-but":{"prefix":1}}',
  ],
  ...[
    '{"anything-but":{"prefix":{"equals-ignore-case":"a"}}}',
    '{"anything-but":{"prefix":"a","suffix":"b"}}',
    '{"anything-but":"a","x":1}',
  ],
  ...[
    '{"anything-but":{"equals-ignore-case":""}}',
    '{"anything-but":{"equals-ignore-case":["a",1]}}',
    '{"anything-but":9007199254740993}',
  ],
  ...['{"anything-but":["a","a"]}', '{"anything-but":[1,1.0]}', '{"anything-but":{"anything-but":"a"}}'],
);

// Text.
for (const pattern of [
  ...[
    '{"a":["x"]} and more',
    '{"a":["x"]}}',
    ' \t\r\n{"a":["x"]}',
    '\ufeff{"a":["x"]}',
    '{"a":["x"],}',
    '{"a":["x",]}',
    "{'a':['x']}",
  ],
  ...[
    '{a:["x"]}',
    '// \n{"a":["x"]}',
    '',
    ' ',
    '[]',
    'null',
    '"a"',
    '{',
    '{}',
    '{"a":[]}',
    '{"a":{}}',
    '{"a":"x"}',
    '{"a":null}',
    '{"a":[01]}',
  ],
  ...[
    '{"a":[+1]}',
    '{"a":[.5]}',
    '{"a":[1.]}',
    '{"a":[NaN]}',
    '{"a":["\\q"]}',
    '{"a":["\\u12"]}',
    '{"a":["\t"]}',
    '{"a":["\u007f"]}',
    '{"a":[tru]}',
  ],
  ...[
    '{"a":["x"',
    '{"a":["x"}',
    '{"a":["x"]]',
    '{"a" ["x"]}',
    '{"a":["x" "y"]}',
    '{"a":["x",,"y"]}',
    '{"a":[1 2]}',
    '\u00a0{"a":["x"]}',
  ],
]) {
  whole('text of a pattern', pattern, '{"a":"x"}');
}
whole(
  'text of an event',
  '{"a":["x"]}',
  ...[
    '{"a":"x"} and more',
    '{"a":"x"}}',
    ' \t\r\n{"a":"x"}',
    '\ufeff{"a":"x"}',
    '{"a":"x",}',
    "{'a':'x'}",
    '{a:"x"}',
    '/**/{"a":"x"}',
    '',
    '[]',
  ],
  ...[
    'null',
    '"a"',
    '[{"a":"x"}]',
    '{',
    '{"a":"x"',
    '{"a":"x"]',
    '{}',
    '{"a" "x"}',
    '{"a":"x" "b":1}',
    '{"a":"x","b":}',
    '{"\\u0061":"\\u0078"}',
  ],
);
for (const value of [
  ...[
    '01',
    '-01',
    '+1',
    '.5',
    '1.',
    '-',
    '1e',
    '1e+',
    'NaN',
    'Infinity',
    'tru',
    'True',
    '1_0',
    '0x1',
    '"\\q"',
    '"\\u12"',
    '"\\u12g4"',
    '"\t"',
    '"\u0000"',
  ],
  ...[
    '"\u007f"',
    '"\u2028"',
    '"\\ud800"',
    '"\\',
    '[1,]',
    '[,1]',
    '{"a":1,}',
    '{"a"}',
    '[1 2]',
    '[}',
    '{"\\q":1}',
    '-0',
    '1E+05',
    '"\\/"',
    `1${'0'.repeat(999)}`,
  ],
  ...[
    `1${'0'.repeat(1000)}`,
    `0.${'1'.repeat(1000)}`,
    `0.${'1'.repeat(1001)}`,
    `-1.5e-${'0'.repeat(998)}`,
    `${'['.repeat(999)}${']'.repeat(999)}`,
  ],
  ...[`${'['.repeat(1000)}${']'.repeat(1000)}`],
]) {
  whole('a part of the event that no rule needs', '{"a":["x"]}', `{"a":"x","b":${value}}`);
}

// Keys and paths.
const NESTED = [
  '{"a":{"b":1}}',
  '{"a.b":1}',
  '{"a":[{"b":1}]}',
  '{"a":[[{"b":[1]}]]}',
  '{"a":{"b":2}}',
  '{"b":1}',
  '{"a":1,"b":1}',
  '{"a.b":2,"a":{"b":1}}',
];
whole('nested', '{"a":{"b":[1]}}', ...NESTED);
whole('dotted', '{"a.b":[1]}', ...NESTED);
whole(
  'three levels in two',
  '{"a.b":{"c":[1]}}',
  '{"a":{"b":{"c":1}}}',
  '{"a.b.c":1}',
  '{"a":{"b.c":1}}',
  '{"a.b":{"c":1}}',
);
whole('case of keys', '{"Detail":[1]}', '{"Detail":1}', '{"detail":1}');
whole('same key twice in the event', '{"a":[1]}', '{"a":1,"a":2}', '{"a":2,"a":1}', '{"a":2,"a":3}');
whole('same key twice in the pattern', '{"a":[1],"a":[2]}', '{"a":1}', '{"a":2}', '{"a":[1,2]}');
whole(
  'same key twice, both objects',
  '{"a":{"b":[1]},"a":{"c":[2]}}',
  '{"a":{"b":1}}',
  '{"a":{"b":1,"c":2}}',
  '{"a":{"c":2}}',
);
whole('dotted and nested', '{"a.b":[1],"a":{"b":[2]}}', '{"a":{"b":1}}', '{"a":{"b":2}}');
whole('leaf and object', '{"a":[1],"a":{"b":[2]}}', '{"a":1}', '{"a":[1,{"b":2}]}', '{"a":1,"a":{"b":2}}');
whole('names of objects', '{"__proto__":["x"]}', '{"__proto__":"x"}', '{"__proto__":{"x":1}}', '{}');
whole('names of methods', '{"constructor":[{"exists":true}]}', '{}', '{"constructor":1}', '{"a":1}');
whole('names of methods that are absent', '{"toString":[{"exists":false}]}', '{}', '{"toString":1}');
whole(
  'operators as names',
  '{"prefix":["x"],"numeric":{"exists":[1]}}',
  '{"prefix":"x","numeric":{"exists":1}}',
  '{"prefix":"x"}',
);
whole('empty key', '{"":[1]}', '{"":1}', '{"a":1}', '{".":1}');
whole('empty key below', '{"a":{"":[1]}}', '{"a":{"":1}}', '{"a.":1}', '{"a":1}');
whole('empty key above', '{"":{"a":[1]}}', '{"":{"a":1}}', '{"a":1}', '{".a":1}');
whole('dots', '{".":[1],"a..b":[2]}', '{".":1,"a..b":2}', '{".":1,"a":{"":{"b":2}}}');
whole(
  'key beyond ASCII',
  '{"clé":{"日本":[1]}}',
  '{"clé":{"日本":1}}',
  '{"cle\\u0301":{"日本":1}}',
  '{"cl\\u00e9.日本":1}',
);
whole('key that is a lone surrogate', '{"\\ud800":[1]}', '{"\\ud800":1}', '{"?":1}');
whole('key with a quote', '{"a\\"b\\\\":[1]}', '{"a\\"b\\\\":1}', '{"a\\u0022b\\u005c":1}');

// Arrays.
whole(
  'two fields of one element',
  '{"a":{"x":["1"],"y":["2"]}}',
  ...[
    '{"a":{"x":"1","y":"2"}}',
    '{"a":[{"x":"1","y":"2"}]}',
    '{"a":[{"x":"1"},{"y":"2"}]}',
    '{"a":[{"x":"1","y":"3"},{"x":"4","y":"2"}]}',
  ],
  ...[
    '{"a":[[{"x":"1"}],[{"y":"2"}]]}',
    '{"a":[[{"x":"1","y":"2"}]]}',
    '{"a":{"x":["1","3"],"y":["4","2"]}}',
    '{"a":[{"x":["1"]},{"y":["2"]}]}',
  ],
  ...[
    '{"a":[{"x":"1"}],"a":[{"y":"2"}]}',
    '{"a":[{"x":"1"}],"a.y":"2"}',
    '{"a.x":["1"],"a":{"y":"2"}}',
    '{"a":[{"x":"1"},{"x":"1","y":"2"}]}',
  ],
);
whole(
  'elements of two arrays',
  '{"a":{"b":{"x":[1]},"c":{"y":[2]}}}',
  ...[
    '{"a":[{"b":[{"x":1}],"c":[{"y":2}]}]}',
    '{"a":[{"b":[{"x":1}]},{"c":[{"y":2}]}]}',
    '{"a":{"b":[{"x":0},{"x":1}],"c":[{"y":2}]}}',
  ],
);
whole(
  'three fields, two of them together',
  '{"a":{"x":[1],"y":[2]},"b":[3]}',
  ...[
    '{"a":[{"x":1,"y":2}],"b":[4,3]}',
    '{"a":[{"x":1},{"y":2}],"b":3}',
    '{"a":[{"x":1,"y":2}],"b":4}',
    '{"b":3,"a":[{"x":0},{"x":1,"y":[0,2]}]}',
  ],
);
whole(
  'anything-but in an array',
  '{"a":[{"anything-but":["x","y"]}]}',
  '{"a":["x","y"]}',
  '{"a":["x","z"]}',
  '{"a":[]}',
  '{"a":[{}]}',
  '{"a":[null]}',
);
whole(
  'absent below an array, judged first',
  '{"a":{"x":[{"exists":false}],"y":["2"]}}',
  ...['{"a":[{"x":1},{"y":"2"}]}', '{"a":[{"y":"2"}]}', '{"a":[{"x":1,"y":"2"}]}', '{"a":[{"y":"2"},{"y":"3"}]}'],
);
whole(
  'absent below an array, judged last',
  '{"a":{"y":["2"],"z":[{"exists":false}]}}',
  ...[
    '{"a":[{"z":1},{"y":"2"}]}',
    '{"a":[{"y":"2","z":1}]}',
    '{"a":[{"y":"2","z":1},{"y":"2"}]}',
    '{"a":{"y":"2"},"z":1}',
  ],
);
whole(
  'absent',
  '{"a":{"b":[{"exists":false}]}}',
  ...[
    '{}',
    '{"a":1}',
    '{"a":{}}',
    '{"a":{"b":null}}',
    '{"a":{"b":{}}}',
    '{"a":{"b":[]}}',
    '{"a":{"b":{"c":1}}}',
    '{"a":[{"c":1},{"b":1}]}',
    '{"a.b":""}',
  ],
);
whole(
  'absent or a value',
  '{"a":[{"exists":false},"x"],"b":[1]}',
  '{"b":1}',
  '{"a":"x","b":1}',
  '{"a":"y","b":1}',
  '{"a":{},"b":1}',
);
whole('there or not', '{"a":[{"exists":true},{"exists":false}]}', '{}', '{"a":1}', '{"a":{}}');
whole(
  'there though empty',
  '{"a":[{"exists":true}]}',
  '{"a":""}',
  '{"a":null}',
  '{"a":false}',
  '{"a":{"b":1}}',
  '{"a":[[]]}',
  '{"a":[[0]]}',
);

// $or.
const EITHER = ['{"a":1}', '{"b":2}', '{"a":1,"b":2}', '{"a":2}', '{}', '{"$or":1}'];
whole('or', '{"$or":[{"a":[1]},{"b":[2]}]}', ...EITHER);
whole('or and', '{"c":[3],"$or":[{"a":[1]},{"b":[2]}]}', '{"a":1,"c":3}', '{"b":2}', '{"c":3}', '{"b":2,"c":3}');
whole(
  'or below',
  '{"d":{"$or":[{"a":[1]},{"b":{"c":[2]}}]}}',
  '{"d":{"a":1}}',
  '{"a":1}',
  '{"d":{"b":{"c":2}}}',
  '{"d":[{"b.c":2}]}',
);
whole('or within or', '{"$or":[{"a":[1]},{"$or":[{"b":[2]},{"c":[3]}]}]}', '{"a":1}', '{"b":2}', '{"c":3}', '{"d":1}');
whole(
  'or twice',
  '{"$or":[{"a":[1]},{"b":[2]}],"d":{"$or":[{"x":[1]},{"y":[2]}]}}',
  '{"a":1,"d":{"y":2}}',
  '{"b":2,"d":{"x":1}}',
  '{"a":1}',
);
whole(
  'two ors side by side',
  '{"$or":[{"a":[1]},{"b":[2]}],"$or":[{"c":[3]},{"d":[4]}]}',
  '{"a":1,"d":4}',
  '{"a":1,"b":2}',
  '{"b":2,"c":3}',
);
whole(
  'a branch replaces',
  '{"a":["z"],"$or":[{"a":["x"]},{"b":["y"]}]}',
  '{"a":"x"}',
  '{"a":"z"}',
  '{"a":"z","b":"y"}',
  '{"b":"y"}',
);
whole(
  'a branch is replaced',
  '{"$or":[{"a":["x"]},{"b":["y"]}],"a":["z"]}',
  '{"a":"x"}',
  '{"a":"z"}',
  '{"a":"z","b":"y"}',
  '{"b":"y"}',
);
whole(
  'the same element in a branch',
  '{"d":{"x":[1],"$or":[{"y":[2]},{"z":[3]}]}}',
  '{"d":[{"x":1},{"y":2}]}',
  '{"d":[{"x":1,"z":3}]}',
);
for (const or of [
  ...[
    '{"a":[1]}',
    '[]',
    '[{"a":[1]}]',
    '[{"a":[1]},{}]',
    '[{"a":[1]},1]',
    '["a","b"]',
    '[[],{"a":[1]}]',
    'null',
    '[{"a":[1]},{"b":1}]',
    '[{"a":[1]},{"b":[]}]',
  ],
  ...[
    '[{"a":[1]},{"numeric":[1]}]',
    '[{"a":[1]},{"b":{"prefix":[1]}}]',
    '[{"a":[1]},{"regex":[1]}]',
    '[{"a":[1]},{"=":[1]}]',
    '[{"a":[1]},{"date-after":[1]}]',
  ],
  ...[
    '[{"a":[1]},{"not":[1]}]',
    '[{"a":[1]},{"":[1]}]',
    '[{"a":[1]},{"a":[1]}]',
    '[{"a":[1]},{"b":[2]},null]',
    '[{"a":[1]},{"Prefix":[1]}]',
  ],
]) {
  whole('or validity', `{"$or":${or}}`, '{"a":1}');
}
whole('$or in another case', '{"$OR":[1]}', '{"$OR":1}');

export const QUIRKS: readonly Quirk[] = quirks;
