import type { Random } from '../random';

export interface Address {
  readonly value: bigint;
  readonly bits: 32 | 128;
}

const limit = (bits: number) => 2n ** BigInt(bits);
const MAPPED = 0xffffn * 2n ** 32n;

/** Of the plain spellings only: enough to find neighbours of what the fuzzer wrote itself. */
export function readAddress(text: string): Address | undefined {
  if (/^\d+(\.\d+){3}$/.test(text)) {
    const bytes = text.split('.').map(BigInt);
    return bytes.some((byte) => byte > 255n)
      ? undefined
      : { value: bytes.reduce((sum, b) => sum * 256n + b), bits: 32 };
  }
  if (!/^[0-9a-fA-F:]+$/.test(text) || !text.includes(':')) return undefined;
  const [before, after] = text.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const groups = after
    ? [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after]
    : before;
  if (groups.length !== 8) return undefined;
  const value = groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
  return value >= limit(128) ? undefined : { value, bits: 128 };
}

/** In one of its many spellings; now and then in one that is none. */
export function spellAddress({ value, bits }: Address, random: Random, plain = false): string {
  if (bits === 32) {
    const bytes = [24n, 16n, 8n, 0n].map((shift) => String((value / 2n ** shift) % 256n));
    const style = plain ? 0 : random.below(14);
    if (style === 1) return bytes.map((byte) => (random.chance(0.5) ? byte.padStart(3, '0') : byte)).join('.');
    if (style === 2) return spellAddress({ value: value + MAPPED, bits: 128 }, random);
    if (style === 3) return `::ffff:${bytes.join('.')}`;
    if (style === 4) {
      return bytes.map((byte, i) => (i === 2 ? byte.padStart(4 + random.below(8), '0') : byte)).join('.');
    }
    if (style === 5) return `${bytes.join('.')}${random.pick([' ', '.', '/32', ':80', '%0'])}`;
    return bytes.join('.');
  }
  let groups = Array.from({ length: 8 }, (_, i) => ((value / 2n ** BigInt(112 - 16 * i)) % 65536n).toString(16));
  const style = plain ? 0 : random.below(10);
  if (style === 1) groups = groups.map((group) => group.padStart(4, '0'));
  if (style === 2) groups = groups.map((group) => group.padStart(1 + random.below(7), '0'));
  if (style === 3) groups = groups.map((group) => group.toUpperCase());
  if (style === 4) return groups.join(':');
  let text = groups.join(':');
  const zeros = [...text.matchAll(/(^|:)0+(:0+)*(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0];
  if (zeros) {
    const before = text.slice(0, zeros.index);
    const after = text.slice(zeros.index + zeros[0].length).replace(/^:/, '');
    text = `${before}::${after}`;
  }
  if (style === 5) return text + random.pick([':', '::', '%eth0', ' ']);
  return text;
}

export function randomAddress(random: Random): Address {
  if (random.chance(0.6)) {
    return {
      bits: 32,
      // The last ones begin, in hexadecimal, as numbers do.
      value: random.pick([
        0x0a000001n,
        0xc0a80117n,
        0n,
        0xffffffffn,
        0x7f000001n,
        0x10000000n,
        0x12345678n,
        0x99999999n,
      ]),
    };
  }
  return {
    bits: 128,
    value: random.pick([
      0x20010db8n * 2n ** 96n,
      0x20010db8n * 2n ** 96n + 1n,
      0n,
      1n,
      limit(128) - 1n,
      0x0a000002n ** 96n,
      0x12345678n * 2n ** 96n,
      MAPPED + 0x0a000001n,
    ]),
  };
}

/** The first and the last address of the block. */
export function edges({ value, bits }: Address, mask: number): [Address, Address] {
  const size = limit(bits - mask);
  const first = (value / size) * size;
  return [
    { value: first, bits },
    { value: first + size - 1n, bits },
  ];
}

export function neighbour({ value, bits }: Address, by: bigint): Address {
  const all = limit(bits);
  return { value: (((value + by) % all) + all) % all, bits };
}
