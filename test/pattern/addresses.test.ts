import { Random } from '../../scripts/random';
import { compilePattern } from '../../src/pattern';
import { blockOf, inBlock, parseAddress } from '../../src/pattern/addresses';

const V6 = (groups: string) =>
  groups
    .split(':')
    .map((group) => group.padStart(4, '0').toUpperCase())
    .join('');

const matches = (pattern: object | string, event: object | string) => compilePattern(pattern).matches(event);

const inCidr = (cidr: string, value: unknown) =>
  matches(
    { a: [{ cidr }] },
    typeof value === 'string' ? { a: value } : `{"a":${(value as { number: string }).number}}`,
  );

describe('addresses', () => {
  test.each([
    ['10.0.0.1', '0A000001'],
    ['255.255.255.255', 'FFFFFFFF'],
    ['0.0.0.0', '00000000'],
    ['010.0.0.1', '0A000001'],
    ['10.0000000.0.1', '0A000001'],
    ['1.02.003.0004', '01020304'],
    ['::', V6('0:0:0:0:0:0:0:0')],
    ['::1', V6('0:0:0:0:0:0:0:1')],
    ['1::', V6('1:0:0:0:0:0:0:0')],
    ['2001:db8::1', V6('2001:db8:0:0:0:0:0:1')],
    ['2001:DB8:0:0::0:1', V6('2001:db8:0:0:0:0:0:1')],
    ['1:2:3:4:5:6:7:8', V6('1:2:3:4:5:6:7:8')],
    ['::2:3:4:5:6:7:8', V6('0:2:3:4:5:6:7:8')],
    ['1:2:3:4:5:6:7::', V6('1:2:3:4:5:6:7:0')],
    ['1::3:4:5:6:7:8', V6('1:0:3:4:5:6:7:8')],
    ['0000000001::0000ffff', V6('1:0:0:0:0:0:0:ffff')],
    ['::ffff:a00:1', '0A000001'],
    ['0:0:0:0:0:FFFF:a00:1', '0A000001'],
    ['::ffff:0:1', '00000001'],
    ['::ffff:1', V6('0:0:0:0:0:0:ffff:1')],
    ['::a00:1', V6('0:0:0:0:0:0:a00:1')],
    ['1::ffff:a00:1', V6('1:0:0:0:0:ffff:a00:1')],
  ])('%s', (text, digits) => {
    expect(parseAddress(text)).toBe(digits);
  });

  test.each([
    ...[
      '',
      '1',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.',
      '.1.2.3',
      '1..2.3',
      '256.0.0.0',
      '0.0.0.256',
      '-1.0.0.0',
      '1.2.3.4 ',
      ' 1.2.3.4',
    ],
    ...[
      '0x1.2.3.4',
      '1.2.3.a',
      '１.2.3.4',
      '10.00000000.0.01',
      '1,2,3,4',
      '10.0.0.0/8',
      'localhost',
      'a.b.c.d',
      '1.2.3.4\n',
    ],
    ...[
      ':',
      ':::',
      '1:',
      ':1',
      '::1:',
      ':1::',
      '1::2::3',
      '::1::',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7:8::',
    ],
    ...[
      '::1:2:3:4:5:6:7:8',
      '1:2:3:4::5:6:7:8',
      '10000::',
      'g::',
      '::ffff:10.0.0.1',
      '::1%eth0',
      '[::1]',
      '::1/64',
      '1:2:3:4:5:6:7:',
    ],
    ...['fe80::1 ', '1:::2', 'urn:aws:x'],
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('blocks', () => {
  test.each([
    ['0A010203', 8, '0A000000', '0AFFFFFF'],
    ['0A010203', 0, '00000000', 'FFFFFFFF'],
    ['0A010203', 31, '0A010202', '0A010203'],
    ['C0A80180', 25, 'C0A80180', 'C0A801FF'],
    ['FFFFFFFF', 1, '80000000', 'FFFFFFFF'],
    [V6('2001:db8:0:0:0:0:0:1'), 32, V6('2001:db8:0:0:0:0:0:0'), V6('2001:db8:ffff:ffff:ffff:ffff:ffff:ffff')],
    [V6('2001:db8:0:0:0:0:0:1'), 127, V6('2001:db8:0:0:0:0:0:0'), V6('2001:db8:0:0:0:0:0:1')],
    [V6('0:0:0:0:0:0:0:1'), 0, '0'.repeat(32), 'F'.repeat(32)],
  ])('of %s with %d bits', (address, bits, bottom, top) => {
    expect(blockOf(address, bits)).toEqual({ bottom, top });
  });

  test('hold their addresses and no others', () => {
    const random = new Random(3);
    const digits = (length: number) => random.text('0123456789ABCDEF', length, length);
    const wrong: unknown[] = [];
    for (let i = 0; i < 3000; i++) {
      const length = random.pick([8, 32]);
      const address = digits(length);
      const bits = random.below(length * 4);
      const block = blockOf(address, bits);
      const near = address.slice(0, random.below(length));
      for (const other of [address, block.bottom, block.top, digits(length), near + digits(length - near.length)]) {
        const inside = other >= block.bottom && other <= block.top;
        if (inBlock(block, other) !== inside) wrong.push([block, other, inside]);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('at their edges', () => {
    for (const [cidr, inside, outside] of [
      [
        '10.0.0.0/8',
        ['10.0.0.0', '10.255.255.255', '::ffff:a01:203'],
        ['9.255.255.255', '11.0.0.0', '110.0.0.0', 'x', ''],
      ],
      ['192.168.1.128/25', ['192.168.1.128', '192.168.1.255'], ['192.168.1.127', '192.168.2.128']],
      ['10.0.0.6/31', ['10.0.0.6', '10.0.0.7', '010.0.0.7'], ['10.0.0.5', '10.0.0.8']],
      ['2001:db8::/33', ['2001:db8::1', '2001:db8:7fff::'], ['2001:db8:8000::', '2001:db7:ffff::']],
      ['::ffff:a00:0/8', ['10.1.2.3'], ['11.1.2.3']],
    ] as const) {
      for (const address of inside) expect([cidr, address, inCidr(cidr, address)]).toEqual([cidr, address, true]);
      for (const address of outside) expect([cidr, address, inCidr(cidr, address)]).toEqual([cidr, address, false]);
    }
  });

  test('are compared digit by digit, so that values of other kinds can be inside', () => {
    for (const [cidr, inside, outside] of [
      ['0.0.0.0/0', ['1', '15', '999', '0E5', '1.5'], ['0', '0.5', '0e5', '-1']],
      ['0.0.0.0/1', ['1', '6', '70', '75'], ['7', '8', '9']],
      ['16.0.0.0/8', ['101', '105', '100001'], ['10', '100', '10.5', '1']],
      ['30.0.0.0/8', ['1E5', '1E01'], ['1e5', '1E+5', '1E0']],
    ] as const) {
      for (const number of inside) expect([cidr, number, inCidr(cidr, { number })]).toEqual([cidr, number, true]);
      for (const number of outside) expect([cidr, number, inCidr(cidr, { number })]).toEqual([cidr, number, false]);
    }
    for (const number of ['true', 'false', 'null']) expect(inCidr('0.0.0.0/0', { number })).toBe(false);
    expect(inCidr('::/0', '10.0.0.1')).toBe(true);
    expect(inCidr('2000::/3', '32.0.0.1')).toBe(true);
    expect(inCidr('2000::/3', '32.0.0.0')).toBe(false);
    expect(inCidr('10.0.0.0/8', 'a01::1')).toBe(true);
    expect(inCidr('10.0.0.0/8', 'b01::1')).toBe(false);
  });
});

describe('an address as a literal', () => {
  test('is equal to its other spellings', () => {
    for (const address of ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', '2001:db8:0::0:1']) {
      expect(matches({ a: ['2001:db8::1'] }, { a: address })).toBe(true);
    }
    expect(matches({ a: ['2001:db8::1'] }, { a: '2001:db8::2' })).toBe(false);
    expect(matches({ a: ['10.0.0.1'] }, { a: '010.0.0.01' })).toBe(true);
    expect(matches({ a: ['10.0.0.1'] }, { a: '::ffff:a00:1' })).toBe(true);
    expect(matches({ a: ['::ffff:10.0.0.1'] }, { a: '::ffff:a00:1' })).toBe(false);
  });

  test('holds what begins with its digits', () => {
    expect(matches({ a: ['10.0.0.1'] }, { a: 'a00:1::5' })).toBe(true);
    expect(matches({ a: ['16.0.0.0'] }, '{"a":10000000}')).toBe(true);
    expect(matches({ a: ['16.0.0.0'] }, '{"a":10000000.5}')).toBe(true);
    expect(matches({ a: ['16.0.0.0'] }, '{"a":1e7}')).toBe(false);
    expect(matches({ a: ['16.0.0.0'] }, '{"a":1000000}')).toBe(false);
  });

  test('is a string inside of operators', () => {
    for (const operator of ['exactly', 'prefix', 'suffix', 'wildcard', 'equals-ignore-case']) {
      expect(matches({ a: [{ [operator]: '::1' }] }, { a: '::1' })).toBe(true);
      expect(matches({ a: [{ [operator]: '::1' }] }, { a: '0:0::1' })).toBe(operator === 'suffix');
      expect(matches({ a: [{ [operator]: '::1' }] }, { a: '::0:1' })).toBe(false);
    }
    expect(matches({ a: [{ 'anything-but': '::1' }] }, { a: '0::1' })).toBe(true);
    expect(matches({ a: [{ 'anything-but': '::1' }] }, { a: '::1' })).toBe(false);
  });
});
