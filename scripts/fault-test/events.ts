import { Buffer } from 'buffer';
import { HUB, ORDER, PAYMENT } from './asset';
import { type Origin } from '../../src/validation/handler/stamp';
import type { Reason } from '../../src/validation/handler/verdict';
import { Random } from '../random';

/** Where an event must end. */
export type End = 'published' | 'dead letter' | Reason;

export interface Sample {
  readonly index: number;
  readonly kind: Kind;
  readonly origin: Origin;
  /** As it comes out of the queue. */
  readonly body: string;
  /** Its detail, letter by letter, but for an origin that somebody else wrote into it. */
  readonly detail: string;
}

export interface Kind {
  readonly name: string;
  readonly end: End;
  /** How many of all events; or how many in each 100,000, one at least. */
  readonly share?: number;
  readonly count?: number;
  /** Whether the sender is told. */
  readonly isNoticed?: boolean;
  /** What EventBridge does with it, whenever it comes. */
  readonly eventBridge?: 'refuses the entry' | 'refuses the request' | 'refuses the notice';
  readonly make?: (given: Given) => Made;
}

interface Given {
  readonly id: string;
  readonly metadata: string;
  readonly data: string;
  readonly random: Random;
}

interface Made {
  readonly envelope?: Record<string, unknown>;
  readonly detail?: string;
  /** The same without what somebody else wrote as origin. */
  readonly bare?: string;
  readonly mangle?: (body: string) => string;
}

/** Stands in every event, and must stand in no line of the log. */
export const SECRET = 's3cr3t';

const around = (open: string, levels: number, close: string): string =>
  open.repeat(levels) + '1' + close.repeat(levels);
const detail = (metadata: string, data: string, more: string = ''): string =>
  `{"metadata":{${metadata}},"data":{${data}}${more}}`;
const adding =
  (more: string) =>
  ({ metadata, data }: Given) => ({ detail: detail(metadata, data, `,${more}`) });
const FORGED = `"origin":{"account":"${HUB}","id":"forged","source":"forged"}`;

/** Every way to be an event that the republisher must know, and where it must end. */
export const KINDS: Kind[] = [
  { name: 'valid', end: 'published' },
  { name: 'of another contract', end: 'published', share: 0.05, make: () => ({ envelope: PAYMENT_TAKEN }) },
  {
    name: 'with numbers that no double holds',
    end: 'published',
    share: 0.02,
    make: adding('"n":[9007199254740993,1.0,-0,1E+2,123456789012345678901234567890,0.10000000000000000000001]'),
  },
  {
    name: 'with a number beyond all',
    end: 'published',
    share: 0.003,
    make: ({ metadata, data }) => ({ detail: detail(metadata, data.replace(/"total":[\d.]+/, '"total":1e400')) }),
  },
  {
    name: 'stamped by its sender',
    end: 'published',
    share: 0.02,
    make: ({ metadata, data }) => ({ detail: detail(`${FORGED},${metadata}`, data), bare: detail(metadata, data) }),
  },
  {
    name: 'with letters of all kinds',
    end: 'published',
    share: 0.02,
    make: adding('"t":"é \u2028 😀 \\ud800 \\u0000 \ufffe"'),
  },
  { name: 'with 1,000 levels', end: 'published', share: 0.001, make: adding(`"d":${around('[', 999, ']')}`) },
  { name: 'of 300 KB', end: 'published', count: 40, make: adding(`"t":"${'x'.repeat(300_000)}"`) },
  {
    name: 'replayed',
    end: 'published',
    share: 0.01,
    make: () => ({ envelope: { 'replay-name': 'again' } }),
  },

  {
    name: 'breaks its schema',
    end: 'SCHEMA_INVALID',
    isNoticed: true,
    share: 0.02,
    make: ({ metadata }) => ({ detail: detail(metadata, `"orderId":7,"email":"${SECRET}"`) }),
  },
  {
    name: 'breaks its schema in 300 places',
    end: 'SCHEMA_INVALID',
    isNoticed: true,
    share: 0.003,
    make: ({ metadata, data }) => ({
      detail: detail(
        metadata,
        data.replace(/"items":\[.*?\]/, `"items":[${Array(300).fill('{"quantity":0}').join()}]`),
      ),
    }),
  },
  {
    name: 'unknown detail-type',
    end: 'UNKNOWN_EVENT',
    isNoticed: true,
    share: 0.01,
    make: () => ({ envelope: { 'detail-type': 'Order.New' } }),
  },
  {
    name: 'unknown source',
    end: 'UNKNOWN_EVENT',
    isNoticed: true,
    share: 0.005,
    make: ({ random }) => ({ envelope: { source: `hostile.${random.hex(6)}` } }),
  },
  {
    name: 'named __proto__',
    end: 'UNKNOWN_EVENT',
    isNoticed: true,
    share: 0.002,
    make: () => ({ envelope: { source: '__proto__' } }),
  },
  {
    name: 'not owned',
    end: 'SOURCE_NOT_OWNED',
    isNoticed: true,
    share: 0.01,
    make: () => ({ envelope: { account: PAYMENT } }),
  },

  ...forged(
    'metadata twice',
    ({ metadata, data }) => `{"metadata":{${FORGED}},"metadata":{${metadata}},"data":{${data}}}`,
  ),
  ...forged(
    'metadata twice, in other letters',
    ({ metadata, data }) => `{"metadat\\u0061":{${FORGED}},"metadata":{${metadata}},"data":{${data}}}`,
  ),
  ...forged('origin twice', ({ metadata, data }) => detail(`${FORGED},${FORGED},${metadata}`, data)),
  ...forged('a dotted key in detail', ({ metadata, data }) =>
    detail(metadata, data, `,"metadata.origin.account":"${HUB}"`),
  ),
  ...forged('a dotted key in metadata', ({ metadata, data }) => detail(`${metadata},"origin.account":"${HUB}"`, data)),
  ...forged(
    'metadata that is a list',
    ({ metadata, data }) => `{"metadata":[{${FORGED}},{${metadata}}],"data":{${data}}}`,
  ),
  ...forged('metadata that is text', ({ id, data }) => `{"metadata":"${id}","data":{${data}}}`),
  ...loop('reserved source', { source: 'valid.order.service' }),
  ...loop('source of notices', { source: 'invalid.order.service' }),
  {
    name: 'own, and stamped',
    end: 'LOOP_PREVENTED',
    share: 0.004,
    make: ({ metadata, data }) => ({ envelope: { account: HUB }, detail: detail(`${FORGED},${metadata}`, data) }),
  },

  {
    name: 'too large with its stamp',
    end: 'TOO_LARGE',
    isNoticed: true,
    count: 20,
    make: ({ metadata, data }) => ({
      detail: detail(metadata, data, `,"t":"${'x'.repeat(999_800 - metadata.length - data.length)}"`),
    }),
  },
  {
    name: 'with 1,001 levels',
    end: 'MALFORMED',
    isNoticed: true,
    share: 0.002,
    make: adding(`"d":${around('{"a":', 1000, '}')}`),
  },
  {
    name: 'key twice, deep inside',
    end: 'MALFORMED',
    isNoticed: true,
    share: 0.005,
    make: adding('"x":[{"y":{"a":1,"b":2,"a":3}}]'),
  },
  {
    name: 'detail that is a list',
    end: 'MALFORMED',
    isNoticed: true,
    share: 0.002,
    make: ({ metadata, data }) => ({ detail: `[${detail(metadata, data)}]` }),
  },
  ...unreadable('in another encoding', (body) => Buffer.from(body, 'utf16le').toString('latin1')),
  ...unreadable('with a byte order mark', (body) => `\ufeff${body}`),
  ...unreadable('cut off', (body) => body.slice(0, -10)),
  ...unreadable('with a raw zero byte', (body) => body.replace('"data"', '"da\0ta"')),
  {
    name: 'poison for a pattern',
    end: 'VALIDATION_TIMEOUT',
    isNoticed: true,
    count: 20,
    make: ({ metadata }) => ({
      envelope: { 'detail-type': 'Order.Noted' },
      detail: detail(metadata, `"email":"${SECRET}","note":"${'a'.repeat(40)}!"`),
    }),
  },
  {
    name: 'whose record is too long for a message',
    end: 'SCHEMA_INVALID',
    isNoticed: true,
    count: 20,
    make: ({ metadata }) => ({ detail: detail(metadata, `"email":"${SECRET}","note":"${'\\"'.repeat(300_000)}"`) }),
  },

  { name: 'refused by EventBridge', end: 'PUBLISH_REJECTED', share: 0.003, eventBridge: 'refuses the entry' },
  { name: 'refused with its request', end: 'PUBLISH_REJECTED', share: 0.002, eventBridge: 'refuses the request' },
  {
    name: 'whose notice is refused',
    end: 'UNKNOWN_EVENT',
    share: 0.002,
    eventBridge: 'refuses the notice',
    make: () => ({ envelope: { 'detail-type': 'Order.New' } }),
  },
  {
    name: 'whose schema is not in the asset',
    end: 'dead letter',
    count: 20,
    make: () => ({ envelope: { 'detail-type': 'Order.Unloadable' } }),
  },
  {
    name: 'whose record fits nowhere',
    end: 'dead letter',
    count: 3,
    // Packing does not make it less, and the quotes make it more.
    make: ({ metadata, random }) => {
      const letter = () => String.fromCharCode(33 + random.below(98)).replace(/["\\\x7f-\xff]/, '\\"');
      const noise = Array.from({ length: 968_000 }, letter).join('');
      return { detail: detail(metadata, `"email":"${SECRET}","note":"${noise}"`) };
    },
  },
];

const PAYMENT_TAKEN = { source: 'payment.service', 'detail-type': 'Payment.Taken', account: PAYMENT };

function forged(name: string, make: (given: Given) => string): Kind[] {
  return [
    {
      name: `forged: ${name}`,
      end: 'MALFORMED',
      isNoticed: true,
      share: 0.003,
      make: (given) => ({ detail: make(given) }),
    },
  ];
}

function loop(name: string, envelope: Record<string, unknown>): Kind[] {
  return [{ name: `forged: ${name}`, end: 'LOOP_PREVENTED', share: 0.003, make: () => ({ envelope }) }];
}

function unreadable(name: string, mangle: (body: string) => string): Kind[] {
  return [{ name, end: 'MALFORMED', share: 0.002, make: () => ({ mangle }) }];
}

const RECENT = 500;

/** The events of a seed: any of them can be made again, so that none need be kept. */
export class Samples {
  private readonly kinds: Kind[];
  /** Those that were made last: a batch is asked for several times. */
  private readonly recent = new Map<number, Sample>();

  constructor(
    public readonly length: number,
    private readonly seed: number,
  ) {
    const kinds = KINDS.slice(1).flatMap((kind) => {
      const count = kind.share === undefined ? ((kind.count ?? 0) * length) / 100_000 : kind.share * length;
      return Array<Kind>(Math.max(1, Math.round(count))).fill(kind);
    });
    if (kinds.length > length) throw new Error(`--events: one of each kind makes ${kinds.length}, more than ${length}`);
    const valid = Array<Kind>(length - kinds.length).fill(KINDS[0]);
    this.kinds = new Random(seed, 'kinds').shuffled([...valid, ...kinds]);
  }

  public kindOf(index: number): Kind {
    return this.kinds[index];
  }

  public at(index: number): Sample {
    const known = this.recent.get(index);
    if (known) return known;
    const made = this.make(index);
    this.recent.set(index, made);
    if (this.recent.size > RECENT) this.recent.delete(this.recent.keys().next().value!);
    return made;
  }

  private make(index: number): Sample {
    const kind = this.kinds[index];
    const random = new Random(this.seed, 'event', index);
    const id = idOf(index);
    const correlation = random.hex(16);
    const metadata = `"id":"${id}","schemaVersion":"1.0","correlationId":"${correlation}","publishedAt":${1.79e12 + index}`;
    const items = random.many(
      1,
      6,
      () => `{"sku":"sku-${random.hex(8)}","quantity":${1 + random.below(9)},"price":12.50}`,
    );
    const payment = random.chance(0.5) ? `{"card":"${random.hex(8)}"}` : `{"iban":"${random.hex(12)}"}`;
    const data =
      `"orderId":"${random.hex(12)}","total":${random.below(1e5) / 100},"email":"${SECRET}@example.com",` +
      `"at":"2026-11-21T10:00:00Z","items":[${items.join()}],"payment":${payment},"note":"${random.hex(64)}"`;
    const made: Made = kind.make?.({ id, metadata, data, random }) ?? {};
    const text = made.detail ?? detail(metadata, data);
    const { source, account, ...rest } = {
      source: 'order.service',
      account: ORDER,
      'detail-type': 'Order.Created',
      ...made.envelope,
    } as Record<string, string>;
    const origin = { id: `e-${id}`, account, region: 'eu-west-1', source, time: '2026-11-21T10:00:00Z' };
    const replayName = rest['replay-name'];
    const envelope = JSON.stringify({ version: '0', ...origin, resources: [`arn:aws:x:::${index}`], ...rest });
    const body = `${envelope.slice(0, -1)},"detail":${text}}`;
    return {
      index,
      kind,
      origin: { ...origin, ...(replayName && { replayName }) },
      body: made.mangle?.(body) ?? body,
      detail: made.bare ?? text,
    };
  }
}

const idOf = (index: number): string => `evt-${String(index).padStart(8, '0')}`;

/** The event that a text is of, whatever became of the text. */
export function indexIn(text: string): number {
  const [, digits] = /evt-(\d{8})/.exec(text.slice(0, 10_000).replace(/\0/g, '')) ?? [];
  if (digits === undefined) throw new Error(`of no event: ${text.slice(0, 200)}`);
  return Number(digits);
}
