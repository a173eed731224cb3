import * as v from './vocabulary';
import { fanOutPattern } from '../../src/routing/fan-out-pattern';
import { Random } from '../random';

type Pattern = { [field: string]: any };
/** Draws the list of matchers of a field. */
type Draw = (r: Random) => unknown[];
type Fields = Record<string, Draw>;

const META = 'detail.metadata.';
const DATA = 'detail.data.';
const ITEMS = `${DATA}items.`;
const PARCELS = `${DATA}parcels.`;

/** What nearly every real rule begins with: the types, the sources or both, of one domain or two; or tenants. */
function lead(r: Random, size: number): [path: string, values: unknown[]][] {
  if (r.chance(0.08)) return [[`${META}tenant`, r.some(4 + r.below(4), v.TENANTS)]];
  const domains = r.some(1 + r.below(3), v.DOMAINS);
  const source: [string, unknown[]] = ['source', domains.map(v.sourceOf)];
  if (r.chance(0.25)) return [source];
  const types = domains.flatMap((domain) => r.some(2 + r.below(3), v.detailTypesOf(domain)));
  return [...(size > 1 && r.chance(0.5) ? [source] : []), ['detail-type', types]];
}

const EXACT: Fields = {
  region: (r) => (r.chance(0.6) ? ['eu-west-1'] : ['eu-north-1', 'eu-central-1']),
  [`${META}schemaVersion`]: (r) => r.some(2 + r.below(4), [1, 2, 3, 4, 5, 6, 7, 8, 9]),
  [`${DATA}status`]: (r) => r.some(1 + r.below(4), v.STATUSES),
  [`${DATA}currency`]: (r) => r.some(1 + r.below(3), v.CURRENCIES),
  [`${DATA}channel`]: (r) => r.some(2 + r.below(4), v.CHANNELS),
  [`${DATA}customer.tier`]: (r) => r.some(1 + r.below(2), v.TIERS),
  [`${DATA}customer.vip`]: (r) => [r.chance(0.4)],
  [`${DATA}customer.address.country`]: (r) => r.some(1 + r.below(5), v.COUNTRIES),
  [`${DATA}customer.address.city`]: (r) => r.some(2 + r.below(4), [...v.CITIES, ...v.CITIES_BEYOND_ASCII]),
  [`${DATA}parent`]: () => [null],
};

const each =
  (operator: string, draw: Draw): Draw =>
  (r) =>
    draw(r).map((operand) => ({ [operator]: operand }));
const upTo =
  (n: number, draw: (r: Random) => unknown): Draw =>
  (r) => [...new Set(Array.from({ length: 1 + r.below(n) }, () => draw(r)))];

const PREFIX: Fields = {
  'detail-type': upTo(
    2,
    (r) => `${r.pick(v.DETAIL_TYPES).replace(/\..*/, '.')}${r.chance(0.3) ? r.pick(['C', 'P', 'R', 'Price']) : ''}`,
  ),
  source: upTo(2, (r) => r.pick(v.SOURCES).slice(0, 6 + r.below(3))),
  resources: (r) => [r.chance(0.4) ? 'arn:aws:s3:::' : `arn:aws:s3:::${r.pick(v.BUCKETS)}`],
  time: upTo(3, (r) => `2026-11-${r.chance(0.3) ? r.below(3) : `${r.below(2)}${1 + r.below(9)}`}`),
  region: () => ['eu-'],
  [`${META}correlationId`]: upTo(4, (r) => r.hex(1 + r.below(2))),
  [`${META}tenant`]: upTo(2, (r) => r.pick(v.TENANTS).replace(/-.*/, '-')),
  [`${DATA}orderId`]: upTo(4, (r) => `ord-${r.hex(1)}`),
  [`${DATA}document`]: upTo(2, (r) => `/${r.pick(v.TENANTS).replace(/-.*/, '')}`),
  [`${DATA}customer.name`]: upTo(3, (r) => r.pick([...v.NAMES, ...v.NAMES_BEYOND_ASCII]).slice(0, 2)),
  [`${DATA}customer.address.ip`]: upTo(3, (r) => `10.${1 + r.below(6)}`),
};

const SUFFIX: Fields = {
  'detail-type': upTo(4, (r) => (r.chance(0.5) ? 'ed' : `.${r.pick(v.VERBS)}`)),
  source: (r) => [r.chance(0.3) ? '.service' : `${r.pick(v.DOMAINS).slice(-4)}.service`],
  account: upTo(3, (r) => String(r.below(10))),
  resources: upTo(3, (r) => (r.chance(0.5) ? `:flow-${r.below(30)}` : r.hex(1))),
  region: (r) => [r.chance(0.6) ? 'west-1' : 'north-1'],
  [`${META}tenant`]: (r) => [r.pick(['-prod', '-eu', '-pilot', 'b-prod', '-c'])],
  [`${META}correlationId`]: upTo(4, (r) => r.hex(1)),
  [`${DATA}orderId`]: upTo(4, (r) => r.hex(1 + r.below(2))),
  [`${DATA}document`]: upTo(2, (r) => r.pick(v.FILE_ENDS)),
  [`${DATA}customer.email`]: (r) => [r.pick(['.dk', '.com', '@mail.example.dk', '@shop.example.com', '.example.jp'])],
  [`${DATA}customer.name`]: upTo(3, (r) => r.pick([...v.NAMES, ...v.NAMES_BEYOND_ASCII]).slice(-2)),
};

// Each rule stays below the complexity that EventBridge takes.
const WILDCARD: Fields = {
  'detail-type': upTo(3, (r) => `${r.pick(v.DETAIL_TYPES).replace(/\..*/, '')}.*${r.pick(['d', 'ed', 'e'])}`),
  source: (r) => [`acme.${r.pick(['*', 'p*', 'c*', 'i*', 'd*'])}.service`],
  resources: (r) => [
    r.chance(0.6) ? `arn:aws:s3:::acme-*${r.pick(['s-', 'ts-', 'e', '1', '7'])}*` : 'arn:*:states:*:flow-*',
  ],
  [`${META}tenant`]: (r) => [
    r.pick(['*-prod', '*-prod*', '*t*-p*', '*-c', 'o*-*', '*tal-*', 'r*-p*', 'b2b*', '*o*-b']),
  ],
  [`${META}correlationId`]: upTo(3, (r) => `*${r.hex(2)}*`),
  [`${DATA}document`]: (r) => [
    r.chance(0.5)
      ? `/*/2026/*${r.pick(v.FILE_ENDS)}`
      : `/${r.pick(['', 'o', 'r', 'nord', 'b2b'])}*/${r.pick(v.FOLDERS).slice(0, 1)}*`,
  ],
  [`${DATA}orderId`]: upTo(2, (r) => `ord-*${r.hex(1)}*${r.chance(0.4) ? r.hex(1) : ''}`),
  [`${DATA}customer.email`]: (r) => [
    r.pick(['*@mail.*', '*@shop.example.*', 'c1*@*.dk', 'c*7@*.com', '*@corp.*', 'c2*']),
  ],
  [`${DATA}customer.address.ip`]: upTo(2, (r) => `10.${1 + r.below(6)}*.*${r.chance(0.5) ? r.below(10) : ''}`),
};

const ANYTHING_BUT: Fields = {
  source: (r) => [r.chance(0.5) ? { prefix: r.pick(v.SOURCES).slice(0, 8) } : r.some(1 + r.below(3), v.SOURCES)],
  'detail-type': (r) => [r.chance(0.3) ? { suffix: `.${r.pick(v.VERBS)}` } : r.some(1 + r.below(6), v.DETAIL_TYPES)],
  account: (r) => [r.some(1 + r.below(8), v.ACCOUNTS)],
  region: () => ['eu-central-1'],
  [`${META}schemaVersion`]: (r) => [r.some(1 + r.below(4), [1, 2, 3, 4, 5, 6, 7, 8, 9])],
  [`${META}tenant`]: (r) => [
    r.pick<unknown>([
      { prefix: `${r.pick(v.TENANTS).replace(/-.*/, '-')}` },
      { suffix: r.pick(['-pilot', '-prod', ['-b', '-c']]) },
      { wildcard: r.pick(['*-prod*', 'o*-pilot', 'b2b-*']) },
      r.some(1 + r.below(5), v.TENANTS),
    ]),
  ],
  [`${DATA}status`]: (r) => [r.some(1 + r.below(4), v.STATUSES)],
  [`${DATA}currency`]: (r) => [r.pick(v.CURRENCIES)],
  [`${DATA}channel`]: (r) => [{ 'equals-ignore-case': r.pick<unknown>(['web', 'app', ['store', 'phone']]) }],
  [`${DATA}customer.tier`]: (r) => [r.pick(v.TIERS)],
  [`${DATA}customer.address.city`]: (r) => [r.some(1 + r.below(4), [...v.CITIES, ...v.CITIES_BEYOND_ASCII])],
};

const range = (r: Random, top: number, digits: number) => {
  const low = Number((r.below(top * 8) / 10).toFixed(digits));
  return ['>', low, '<=', Number((low + top * (0.02 + r.below(30) / 100)).toFixed(digits))];
};
const oneSided = (r: Random, top: number, digits: number) => {
  const bound = Number((r.below(top * 30) / 100).toFixed(digits));
  return r.chance(0.6) ? ['>=', Number((top - bound).toFixed(digits))] : ['<', bound];
};
const bounds =
  (top: number, digits: number): Draw =>
  (r) => [r.chance(0.5) ? range(r, top, digits) : oneSided(r, top, digits)];

const NUMERIC: Fields = {
  [`${META}schemaVersion`]: (r) => [r.chance(0.3) ? ['=', 1 + r.below(9)] : ['>=', 2 + r.below(6)]],
  [`${DATA}total`]: bounds(5000, 2),
  [`${DATA}customer.points`]: bounds(20000, 0),
  [`${DATA}customer.id`]: bounds(1000000, 0),
  [`${ITEMS}quantity`]: (r) => [['>', 2 + r.below(6)]],
  [`${ITEMS}price`]: bounds(1000, 1),
  [`${PARCELS}weight`]: bounds(30, 2),
};

const anyCase = (r: Random, text: string) => r.pick([text.toLowerCase(), text.toUpperCase(), text]);

const IGNORE_CASE: Fields = {
  'detail-type': upTo(4, (r) => anyCase(r, r.pick(v.DETAIL_TYPES))),
  source: upTo(2, (r) => anyCase(r, r.pick(v.SOURCES))),
  [`${META}tenant`]: upTo(3, (r) => anyCase(r, r.pick(v.TENANTS))),
  [`${DATA}status`]: upTo(3, (r) => anyCase(r, r.pick(v.STATUSES))),
  [`${DATA}channel`]: upTo(2, (r) => anyCase(r, r.pick(v.CHANNELS))),
  [`${DATA}currency`]: upTo(3, (r) => anyCase(r, r.pick(v.CURRENCIES))),
  [`${DATA}customer.name`]: upTo(3, (r) => anyCase(r, r.pick([...v.NAMES, ...v.NAMES_BEYOND_ASCII]))),
  [`${DATA}customer.tier`]: upTo(2, (r) => anyCase(r, r.pick(v.TIERS))),
  [`${DATA}customer.address.city`]: upTo(3, (r) => anyCase(r, r.pick([...v.CITIES, ...v.CITIES_BEYOND_ASCII]))),
  [`${DATA}customer.address.country`]: upTo(4, (r) => anyCase(r, r.pick(v.COUNTRIES))),
};

const NESTED: Fields = {
  [`${ITEMS}sku`]: (r) =>
    r.chance(0.5) ? r.some(5 + r.below(20), v.SKUS) : [{ prefix: `SKU-${r.pick(['1', '2', 'Z', 'A'])}` }],
  [`${ITEMS}category`]: (r) => r.some(1 + r.below(3), v.CATEGORIES),
  [`${ITEMS}quantity`]: (r) => (r.chance(0.5) ? r.some(3, [1, 2, 3, 4, 5, 6]) : [{ numeric: ['>', 2 + r.below(6)] }]),
  [`${ITEMS}tags`]: (r) => r.some(1 + r.below(3), v.TAGS),
  [`${PARCELS}carrier`]: (r) => r.some(1 + r.below(3), v.CARRIERS),
  [`${PARCELS}scans.code`]: (r) => r.some(1 + r.below(3), v.SCANS),
  [`${PARCELS}scans.at`]: (r) => r.some(1 + r.below(4), v.WAREHOUSES),
};

const OPTIONAL = [
  ...['replay-name', `${META}causationId`, `${META}traceId`, `${META}test`, `${DATA}coupon`, `${DATA}error.code`],
  ...[`${DATA}error.retryable`, `${DATA}document`, `${DATA}note`, `${DATA}customer.email`, `${ITEMS}tags`],
  ...[`${PARCELS}carrier`, `${PARCELS}scans.code`, `${DATA}customer.address.city`, `${DATA}discount`, 'resources'],
];
// What few events have is mostly excluded, or else a rule of several fields matches none.
const RARE = ['replay-name', `${META}test`, `${DATA}error.code`, `${DATA}error.retryable`, `${DATA}discount`];
const EXISTS: Fields = Object.fromEntries(
  OPTIONAL.map((path) => [path, (r) => [{ exists: r.chance(RARE.includes(path) ? 0.15 : 0.6) }]]),
);

const OPERATORS: Record<string, Fields> = {
  prefix: map(PREFIX, 'prefix'),
  suffix: map(SUFFIX, 'suffix'),
  wildcard: map(WILDCARD, 'wildcard'),
  'anything-but': map(ANYTHING_BUT, 'anything-but'),
  numeric: map(NUMERIC, 'numeric'),
  'equals-ignore-case': map(IGNORE_CASE, 'equals-ignore-case'),
};

function map(fields: Fields, operator: string): Fields {
  return Object.fromEntries(Object.entries(fields).map(([path, draw]) => [path, each(operator, draw)]));
}

/** How many fields rules name: mostly one to three. The first is what a point of one rule measures. */
const SIZES = [2, 1, 3, 2, 4, 2, 1, 2, 2, 5, 1, 2, 3, 2, 1, 3, 2, 1, 6, 2];

/** How often a rule of a shape names type, source or tenant literally beside what the shape is about. */
const LED: Record<string, number> = {
  prefix: 0.7,
  suffix: 0.7,
  wildcard: 0.5,
  'anything-but': 0.75,
  numeric: 0.85,
  'equals-ignore-case': 0.6,
  'nested-arrays': 0.85,
  exists: 0.85,
};

const SHAPE: Record<string, (r: Random, i: number) => Pattern> = {
  exact: (r, i) => fromFields(r, i, EXACT, i % 25 === 24 ? 0 : 1),
  ...Object.fromEntries(
    Object.entries({ ...OPERATORS, 'nested-arrays': NESTED, exists: EXISTS }).map(([shape, fields]) => [
      shape,
      (r: Random, i: number) => fromFields(r, i, fields, LED[shape]),
    ]),
  ),
  'fan-out-by-account': fanOut,
  or: alternatives,
  mixed,
};

/** Seeds whose first rules are of the usual selectivity: these are what the points of one and five rules measure. */
const SEEDS: Record<string, number> = {
  exact: 14,
  prefix: 15,
  suffix: 7,
  wildcard: 5,
  'anything-but': 8,
  'fan-out-by-account': 12,
  numeric: 8,
  'equals-ignore-case': 12,
  'nested-arrays': 17,
  or: 14,
  exists: 17,
  mixed: 7,
};

export const SHAPES = Object.keys(SEEDS);

/** Different rules of a shape; more of them begin with the same ones. */
export function makeRules(shape: string, count: number): Record<string, Pattern> {
  const random = Random.fromState(SEEDS[shape]);
  const patterns = new Set<string>();
  for (let i = 0; patterns.size < count; i++) {
    if (i > 20 * count + 100) throw new Error(`there are no ${count} different rules of the shape ${shape}`);
    patterns.add(JSON.stringify(SHAPE[shape](random, i)));
  }
  return Object.fromEntries([...patterns].map((pattern, i) => [`rule-${i}`, JSON.parse(pattern)]));
}

function fromFields(r: Random, i: number, fields: Fields, led: number): Pattern {
  const size = SIZES[i % SIZES.length];
  // What a point of one rule measures is about the shape alone.
  const leads = led === 1 || (i > 0 && r.chance(led)) ? lead(r, size) : [];
  const paths = Object.keys(fields).filter((path) => leads.every(([taken]) => taken !== path));
  const others = r
    .some(Math.max(size - leads.length, led === 1 ? 0 : 1), paths)
    .map((path) => [path, merged(r, fields[path], (size + 1) / 2)] as const);
  return nested([...leads, ...others]);
}

const ALONE = ['anything-but', 'exists', 'wildcard'];

/** The more conditions a rule has, the more values each lists, or else it would match nothing. */
function merged(r: Random, draw: Draw, times: number): unknown[] {
  const values = new Map<string, unknown>();
  for (let i = 0; i < times; i++) {
    for (const value of draw(r)) {
      const alone = value !== null && typeof value === 'object' && ALONE.some((operator) => operator in value);
      if (alone && i > 0) break;
      values.set(JSON.stringify(value), value);
    }
  }
  return [...values.values()];
}

/** What the library's own fan-out makes, of a backbone that excludes replays: most members take everything. */
function fanOut(r: Random, i: number): Pattern {
  const filter = {
    ...(i % 3 === 1 ? { detailTypes: r.some(2 + r.below(12), v.DETAIL_TYPES) } : {}),
    ...(i % 9 === 4 ? { sources: r.some(2 + r.below(4), v.SOURCES) } : {}),
    ...(i % 12 === 8
      ? { pattern: nested([[`${META}tenant`, [{ prefix: r.pick(v.TENANTS).replace(/-.*/, '-') }]]]) }
      : {}),
  };
  return fanOutPattern({ account: v.ACCOUNTS[i % v.ACCOUNTS.length], filter, excludeReplays: true });
}

function alternatives(r: Random, i: number): Pattern {
  const fields: Fields = { ...EXACT, ...OPERATORS.numeric, ...OPERATORS.prefix, ...OPERATORS.suffix };
  // No key twice: a branch overrides what stands outside.
  const paths = r.some(
    6,
    Object.keys(fields).filter((path) => path.startsWith(DATA)),
  );
  const branch = (path: string) => [path, fields[path](r)] as const;
  const first = i % 4 === 2 ? [branch(paths[0]), branch(paths[1])] : [branch(paths[0])];
  const branches = [first, [branch(paths[2])], ...(i % 3 === 1 ? [[branch(paths[3])]] : [])];
  const outside = [...lead(r, 2), ...(i % 5 === 3 ? [branch(paths[4])] : [])];
  if (i % 2 === 0) return { ...nested(outside), $or: branches.map(nested) };
  // The same within the detail.
  const inner = branches.map((fieldsOfBranch) =>
    nested(fieldsOfBranch.map(([path, value]) => [path.slice(DATA.length), value] as const)),
  );
  const pattern = nested(outside);
  pattern.detail ??= {};
  pattern.detail.data = { ...pattern.detail.data, $or: inner };
  return pattern;
}

/** The rules of a backbone's buses: mostly literals on type and source, and a little of everything. */
function mixed(r: Random, i: number): Pattern {
  if (i % 11 === 5) return fanOut(r, i);
  if (i % 11 === 9) return alternatives(r, i);
  const kind = r.pick([EXACT, EXACT, EXACT, EXISTS, NESTED, ...Object.values(OPERATORS)]);
  return fromFields(r, i, { ...EXACT, ...kind }, 0.92);
}

function nested(fields: (readonly [string, unknown[]])[]): Pattern {
  const pattern: Pattern = {};
  for (const [path, value] of fields) {
    const keys = path.split('.');
    const last = keys.pop()!;
    let at = pattern;
    for (const key of keys) at = at[key] ??= {};
    at[last] = value;
  }
  return pattern;
}
