import * as v from './vocabulary';
import { Random } from '../random';

/**
 * Events as EventBridge hands them out: the envelope, a detail with metadata and data, arrays of objects. The mean is
 * about 850 bytes of UTF-8; every fifth has text beyond ASCII.
 */
export function makeEvents(count: number): string[] {
  const random = Random.fromState(20261121);
  return Array.from({ length: count }, () => makeEvent(random));
}

function makeEvent(r: Random): string {
  const foreign = r.chance(0.22);
  const domain = r.pick(v.DOMAINS);
  const city = foreign ? r.pick(v.CITIES_BEYOND_ASCII) : r.pick(v.CITIES);
  const name = foreign ? r.pick(v.NAMES_BEYOND_ASCII) : r.pick(v.NAMES);
  const tenant = r.pick(v.TENANTS);
  const event = {
    version: '0',
    id: `${r.hex(8)}-${r.hex(4)}-4${r.hex(3)}-a${r.hex(3)}-${r.hex(12)}`,
    'detail-type': r.pick(v.detailTypesOf(domain)),
    source: v.sourceOf(domain),
    account: r.pick(v.ACCOUNTS),
    time: `2026-11-${twoDigits(1 + r.below(28))}T${twoDigits(r.below(24))}:${twoDigits(r.below(60))}:07Z`,
    region: r.pick(v.REGIONS),
    resources: makeResources(r),
    ...(r.chance(0.08) ? { 'replay-name': `replay-${r.hex(6)}` } : {}),
    detail: {
      metadata: {
        correlationId: r.hex(20),
        ...(r.chance(0.25) ? { causationId: r.hex(16) } : {}),
        tenant,
        domain,
        schemaVersion: 1 + r.below(9),
        ...(r.chance(0.08) ? { traceId: `1-${r.hex(8)}` } : {}),
        ...(r.chance(0.04) ? { test: true } : {}),
      },
      data: {
        orderId: `ord-${r.hex(10)}`,
        status: r.pick(v.STATUSES),
        total: r.below(500000) / 100,
        currency: r.pick(v.CURRENCIES),
        channel: r.pick(v.CHANNELS),
        ...(r.chance(0.25) ? { coupon: r.pick(['WELCOME', 'BLACKFRIDAY', 'VIP']) + r.below(50) } : {}),
        ...(r.chance(0.06) ? { error: { code: `E${100 + r.below(40)}`, retryable: r.chance(0.5) } } : {}),
        ...(r.chance(0.3)
          ? { document: `/${tenant}/2026/${r.pick(v.FOLDERS)}/${r.hex(8)}${r.pick(v.FILE_ENDS)}` }
          : {}),
        ...(r.chance(0.3) ? { note: foreign ? r.pick(v.NOTES_BEYOND_ASCII) : r.pick(v.NOTES) } : {}),
        customer: {
          id: r.below(1000000),
          name,
          ...(r.chance(0.45)
            ? { email: `c${r.below(9999)}@${r.pick(['mail', 'shop', 'corp'])}.example.${r.pick(['dk', 'com', 'jp'])}` }
            : {}),
          tier: r.pick(v.TIERS),
          points: r.below(20000),
          vip: r.chance(0.12),
          address: { city, country: r.pick(v.COUNTRIES), ip: `10.${r.below(64)}.${r.below(256)}.${r.below(256)}` },
        },
        items: Array.from({ length: 1 + r.below(r.chance(0.7) ? 2 : 3) }, () => ({
          sku: r.pick(v.SKUS),
          category: r.pick(v.CATEGORIES),
          quantity: 1 + r.below(9),
          price: r.below(100000) / 100,
          ...(r.chance(0.5) ? { tags: r.some(1 + r.below(2), v.TAGS) } : {}),
        })),
        ...(domain === 'delivery' || r.chance(0.08) ? { parcels: makeParcels(r) } : {}),
        parent: r.chance(0.85) ? null : `ord-${r.hex(10)}`,
      },
    },
  };
  const text = JSON.stringify(event);
  // Some producers write ASCII only.
  return r.chance(0.04) ? text.replace(/[^\0-\x7f]/g, escaped) : text;
}

function makeResources(r: Random): string[] {
  return Array.from({ length: r.below(3) }, (_, i) =>
    i === 0
      ? `arn:aws:s3:::${r.pick(v.BUCKETS)}-${r.hex(4)}`
      : `arn:aws:states:eu-west-1:${r.pick(v.ACCOUNTS)}:flow-${r.below(30)}`,
  );
}

function makeParcels(r: Random): object[] {
  return Array.from({ length: 1 + r.below(2) }, () => ({
    carrier: r.pick(v.CARRIERS),
    weight: r.below(30000) / 1000,
    scans: Array.from({ length: 1 + r.below(2) }, () => ({ code: r.pick(v.SCANS), at: r.pick(v.WAREHOUSES) })),
  }));
}

const twoDigits = (n: number) => String(n).padStart(2, '0');
const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
