import { DETAIL_TYPES } from './vocabulary';

/** What an engine could be slow at out of all proportion. */
export interface Extreme {
  readonly name: string;
  readonly events: string[];
  readonly rules: Record<string, object>;
  /** How many rules match all the events. */
  readonly matches: number;
}

export function makeExtremes(ordinary: string[]): Extreme[] {
  const orderIds = ordinary.map((text) => JSON.parse(text).detail.data.orderId as string);
  const literals = [...orderIds.slice(0, 1000), ...range(9000, (i) => `ord-none-${i}`)];
  const deep = (innermost: unknown, levels: number) =>
    range(levels, () => 'a').reduce<unknown>((inner, key) => ({ [key]: inner }), innermost);
  // As keys of their own these would be more characters than a pattern may have.
  const path = range(997, () => 'a').join('.');
  return [
    {
      name: '999 levels of nesting',
      events: [event(deep('leaf', 997))],
      rules: {
        innermost: { detail: { [path]: ['leaf'] } },
        other: { detail: { [path]: ['other'] } },
      },
      matches: 1,
    },
    {
      name: '999 levels that no rule names',
      events: [event({ data: deep('leaf', 996), kind: 'deep' })],
      rules: { kind: { detail: { kind: ['deep'] } } },
      matches: 1,
    },
    {
      name: '20,000 keys in an object',
      events: [event(Object.fromEntries(range(20000, (i) => [`key${i}`, `value${i}`])))],
      rules: {
        last: { detail: { key19999: ['value19999'] } },
        none: { detail: { key20000: [{ exists: true }] } },
        absent: { detail: { key20000: [{ exists: false }], key0: [{ prefix: 'value' }] } },
      },
      matches: 2,
    },
    {
      name: '5,000 elements, no one with all 3 fields',
      events: [event({ items: range(5000, (i) => ({ ...element(i), note: 'n'.repeat(150) })) })],
      rules: { never: { detail: { items: { a: ['yes'], b: ['yes'], c: ['yes'] } } } },
      matches: 0,
    },
    {
      name: '2 arrays of 3,000 elements, the last field fails',
      events: [
        event({
          xs: range(3000, () => ({ a: '1', b: '1' })),
          ys: range(3000, (i) => ({ a: String(i % 2), b: String(1 - (i % 2)) })),
        }),
      ],
      rules: {
        never: { detail: { xs: { a: ['1'], b: ['1'] }, ys: { a: ['1'], b: ['1'] } } },
        neverEither: {
          detail: { ys: { a: ['0'], b: ['0'] }, xs: { a: [{ prefix: '1' }], b: [{ 'anything-but': '2' }] } },
        },
        always: { detail: { xs: { a: ['1'], b: ['1'] }, ys: { a: ['1'], b: ['0'] } } },
      },
      matches: 1,
    },
    {
      name: 'wildcard a*a*a*a*b, 200,000 times the letter a',
      events: [event({ text: 'a'.repeat(200000) })],
      rules: { never: { detail: { text: [{ wildcard: 'a*a*a*a*b' }] } } },
      matches: 0,
    },
    {
      name: '30 wildcards of nearly the highest complexity, the same',
      events: [event({ text: 'a'.repeat(200000) })],
      rules: Object.fromEntries(
        range(30, (i) => [
          `rule-${i}`,
          { detail: { text: [{ wildcard: `${'a'.repeat(i)}*a*aaa*${'b'.repeat(1 + (i % 3))}` }] } },
        ]),
      ),
      matches: 0,
    },
    {
      name: '10,000 literals for one field, in 100 rules',
      events: ordinary,
      rules: Object.fromEntries(
        range(100, (i) => [`rule-${i}`, { detail: { data: { orderId: literals.filter((_, k) => k % 100 === i) } } }]),
      ),
      matches: 1000,
    },
    {
      name: 'nothing but escapes in the text',
      events: [event({ text: '@' }).replace('@', '\\u00e5\\n\\"'.repeat(5000))],
      rules: { text: { detail: { text: [{ prefix: 'å\n"å' }] } } },
      matches: 1,
    },
  ];
}

function event(detail: unknown): string {
  const envelope = { version: '0', id: '1', 'detail-type': DETAIL_TYPES[0], source: 'acme.order.service' };
  return JSON.stringify({
    ...envelope,
    account: '210000000000',
    time: '2026-11-21T10:00:00Z',
    region: 'eu-west-1',
    resources: [],
    detail,
  });
}

/** Two of three fields hold. */
function element(i: number): object {
  return Object.fromEntries(['a', 'b', 'c'].map((key, k) => [key, i % 3 === k ? 'no' : 'yes']));
}

function range<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
