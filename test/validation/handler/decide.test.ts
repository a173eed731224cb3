import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { EventSchema } from '../../../src';
import { compileSchema } from '../../../src/contract/compile-schema';
import { open } from '../../../src/validation/handler/decide';
import type { Manifest } from '../../../src/validation/handler/manifest';

const PLACE = { account: '111111111111', targetBus: 'bus' };
const directory = mkdtempSync(join(tmpdir(), 'decide-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const event = (detailType: string, detail: object) =>
  JSON.stringify({
    id: detailType,
    account: '222222222222',
    region: 'eu-west-1',
    source: 'order',
    time: '2026-01-01T12:00:00Z',
    'detail-type': detailType,
    resources: [],
    detail,
  });

beforeAll(() => {
  const contractOf = (schema: object) => {
    const { code, hash } = compileSchema(EventSchema.fromInline(schema));
    writeFileSync(join(directory, 'schemas', `${hash}.js`), code);
    return { name: 'x', hash };
  };
  mkdirSync(join(directory, 'schemas'));
  copyFileSync(join(__dirname, '../../../assets/republisher/rt.js'), join(directory, 'rt.js'));
  const manifest: Manifest = {
    sourcePrefix: '',
    reservedPrefixes: ['invalid.'],
    mode: 'enforce',
    unknownEvents: 'pass',
    owners: {},
    contracts: {
      order: {
        Created: contractOf({ required: ['id'] }),
        Explosive: contractOf({ properties: { a: { pattern: '^(a+)+$' } } }),
        Missing: { name: 'y', hash: 'missing' },
      },
    },
  };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
});

const VALID = [event('Created', { id: 1 }), event('Created', { id: 2 })];

test('those of a batch that fit get the verdict that each alone gets', () => {
  const decide = open(directory);
  const invalid = event('Created', {});
  const unknown = event('Unknown', {});

  const found = decide.ofFitting([...VALID, invalid, unknown, 'no JSON'], PLACE);

  expect([...found.keys()]).toEqual(VALID);
  expect([...found.values()]).toEqual(VALID.map((body) => decide(body, PLACE)));
});

test.each([
  ['takes too long', event('Explosive', { a: `${'a'.repeat(40)}!` })],
  ['cannot be validated', event('Missing', {})],
])('where one %s, each is decided about alone', (_, body) => {
  const decide = open(directory);

  expect(decide.ofFitting([...VALID, body], PLACE).size).toBe(0);
  expect(decide(VALID[0], PLACE).entries).toHaveLength(1);
});
