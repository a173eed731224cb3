/**
 * IP addresses as EventBridge reads them out of strings. IPv6 has many spellings of one address; an IPv4 address mapped
 * into IPv6 (`::ffff:a00:1`) is the IPv4 address.
 */

/** The addresses from `bottom` to `top`, as upper-case hexadecimal digits: 8 of IPv4, 32 of IPv6. */
export interface AddressBlock {
  readonly bottom: string;
  readonly top: string;
}

/**
 * Whether a block holds an address, or another value by its text.
 *
 * EventBridge compares digit by digit, and decides at the first that settles it, so an address of the other family or
 * a number can be inside of a block: `0.0.0.0/0` holds the number 15, `::/0` holds 10.0.0.1.
 *
 * @param text the digits of an address, or the text of a number
 */
export function inBlock(block: AddressBlock, text: string): boolean {
  const { bottom, top } = block;
  let fork = 0;
  while (fork < bottom.length && bottom[fork] === top[fork]) fork++;
  if (!text.startsWith(bottom.slice(0, fork))) return false;
  if (fork === bottom.length) return true;
  const digit = text[fork];
  if (digit === undefined || !isHex(digit) || digit < bottom[fork] || digit > top[fork]) return false;
  if (digit > bottom[fork] && digit < top[fork]) return true;
  const bound = digit === bottom[fork] ? bottom : top;
  for (let at = fork + 1; at < bound.length; at++) {
    const next = text[at];
    if (next === undefined || !isHex(next)) return false;
    if (next !== bound[at]) return bound === bottom ? next > bound[at] : next < bound[at];
  }
  return true;
}

function isHex(char: string): boolean {
  return (char >= '0' && char <= '9') || (char >= 'A' && char <= 'F');
}

/**
 * The hexadecimal digits of an address, 8 or 32.
 *
 * @returns undefined if the text is no address
 */
export function parseAddress(text: string): string | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): string | undefined {
  // Longer texts, possible with leading zeros, are no addresses to EventBridge.
  if (text.length > 15 || !/^[0-9]+(?:\.[0-9]+){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.some((byte) => byte > 255) ? undefined : bytes.map((byte) => hex(byte, 2)).join('');
}

function parseV6(text: string): string | undefined {
  if (!/^[0-9a-fA-F:]*$/.test(text)) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [before, after] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...before, ...(after ?? [])];
  if (groups.some((group) => group === '' || parseInt(group, 16) > 0xffff)) return undefined;
  if (after === undefined ? groups.length !== 8 : groups.length > 7) return undefined;
  const zeros = new Array<string>(8 - groups.length).fill('0');
  const digits = [...before, ...zeros, ...(after ?? [])].map((group) => hex(parseInt(group, 16), 4)).join('');
  return digits.startsWith('00000000000000000000FFFF') ? digits.slice(24) : digits;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}

/** The block of all addresses that share the first bits with one. */
export function blockOf(address: string, bits: number): AddressBlock {
  const all = address.length * 4;
  const value = BigInt(`0x${address}`);
  const rest = (1n << BigInt(all - bits)) - 1n;
  const text = (block: bigint) => block.toString(16).toUpperCase().padStart(address.length, '0');
  return { bottom: text((value | rest) - rest), top: text(value | rest) };
}
