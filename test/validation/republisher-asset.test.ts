import { execFileSync } from 'child_process';
import { existsSync, readdirSync, rmSync } from 'fs';
import { basename, join } from 'path';
import { App, Duration, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  assetOf,
  contract,
  CONTRACTS,
  decisionsOf,
  event,
  filesIn,
  HUB,
  hubStack,
  ORDER,
  PUBLISHED,
  republisherIn,
  SAME_BUS,
  SCHEMA,
  type Changes,
} from './synthesized-asset';
import { EventContract, EventSchema, UnknownEvents, ValidationMode } from '../../src';
import type { Manifest } from '../../src/validation/handler/manifest';

function stackWith(changes: Changes = {}, stack = hubStack()): Stack {
  republisherIn(stack, changes);
  return stack;
}

const assetWith = (changes: Changes, app = new App()) => assetOf(stackWith(changes, hubStack(app)));
const hashWith = (changes: Changes) => basename(assetWith(changes)).replace('asset.', '');

test('holds the code, the settings, and each schema as a file', () => {
  const files = filesIn(assetWith({ contracts: CONTRACTS() }));

  const { contracts } = JSON.parse(files['manifest.json']) as Manifest;
  const hashes = Object.values(contracts).flatMap((ofSource) => Object.values(ofSource).map(({ hash }) => hash));
  expect(Object.keys(files).sort()).toEqual(
    [
      'decide.js',
      'index.js',
      'manifest.json',
      'rt.js',
      'stores.js',
      ...[...new Set(hashes)].map((hash) => `schemas/${hash}.js`),
    ].sort(),
  );
  expect(Object.keys(contracts)).toEqual(['delivery.service', 'order.service', 'Ähre.service']);
  expect(contracts['order.service']['Order.Created']).toEqual({
    name: 'order.service@Order.Created',
    hash: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
});

test('has equal schemas once', () => {
  const schemas = Object.keys(filesIn(assetWith({ contracts: CONTRACTS() }))).filter((f) => f.startsWith('schemas/'));

  expect(CONTRACTS()).toHaveLength(4);
  expect(schemas).toHaveLength(3);
});

test('is the same whatever the order of the contracts', () => {
  expect(filesIn(assetWith({ contracts: CONTRACTS().reverse() }))).toEqual(
    filesIn(assetWith({ contracts: CONTRACTS() })),
  );
  expect(hashWith({ contracts: CONTRACTS().reverse() })).toBe(hashWith({ contracts: CONTRACTS() }));
});

test('is the same in another process, with another locale and directory', () => {
  const hash = execFileSync(process.execPath, ['--import', 'tsx', join(__dirname, 'synthesized-asset.ts')], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Tokyo' },
  });

  expect(hash).toBe(hashWith({ contracts: CONTRACTS() }));
});

test('leaves nothing behind, but where the CDK takes no copy', () => {
  const program = `
    const { republisherAsset } = require(${JSON.stringify(join(__dirname, '../../src/validation/republisher-asset.ts'))});
    const settings = { sourcePrefix: '', reservedPrefixes: [], mode: 'enforce', unknownEvents: 'pass' };
    const staged = republisherAsset({ ...settings, owners: {} }, []);
    const kept = republisherAsset({ ...settings, owners: {} }, [], false);
    process.stdout.write(JSON.stringify([staged, kept]));`;
  const output = execFileSync(process.execPath, ['--import', 'tsx', '-e', program], {
    encoding: 'utf8',
  });
  const [staged, kept] = JSON.parse(output) as string[];

  expect([existsSync(staged), existsSync(join(kept, 'manifest.json'))]).toEqual([false, true]);
  rmSync(kept, { recursive: true });
});

test.each<[string, Changes]>([
  ['schema', { contracts: [contract('order.service', 'Order.Created', EventSchema.fromInline({ type: 'object' }))] }],
  ['contract', { contracts: [contract(), contract('order.service', 'Order.Cancelled')] }],
  ['mode', { mode: ValidationMode.AUDIT }],
  ['choice for unknown events', { unknownEvents: UnknownEvents.PASS }],
  ['owner', { sourceOwners: [{ source: 'order.service', accounts: [ORDER] }] }],
  ['prefix', { validPrefix: 'checked.' }],
])('is another with another %s', (_, changes) => {
  expect(hashWith(changes)).not.toBe(hashWith({}));
});

test('is the same for what the function is not told', () => {
  const [owner, description] = ['order', 'An order was taken.'];
  const told = new EventContract({
    source: 'order.service',
    detailType: 'Order.Created',
    schema: SCHEMA,
    owner,
    description,
  });
  expect(hashWith({ contracts: [told] })).toBe(hashWith({}));
  expect(hashWith({ memorySize: 1024, timeout: Duration.minutes(1), maxConcurrency: 5 })).toBe(hashWith({}));
});

test('is shared by the stages of an app', () => {
  const app = new App();
  const stacks = ['Dev', 'Prod'].map((name) => new Stack(new Stage(app, name), 'Hub', { env: HUB }));
  for (const stack of stacks) republisherIn(stack);

  const { directory } = app.synth();

  const keys = stacks.map((stack) => {
    const [handler] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
    return handler.Properties.Code.S3Key;
  });
  expect(keys[0]).toBe(keys[1]);
  expect(readdirSync(directory).filter((name) => name.startsWith('asset.'))).toEqual([
    `asset.${keys[0].replace('.zip', '')}`,
  ]);
});

test('is made for stacks that are not to be bundled, too', () => {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });

  expect(filesIn(assetWith({}, app))).toEqual(filesIn(assetWith({})));
});

test.each(['__proto__', 'constructor', 'hasOwnProperty', '123'])('takes a source named %s', (source) => {
  const contracts = [contract(source, 'toString'), contract(source, '__proto__'), contract()];

  const decide = decisionsOf(stackWith({ contracts }));

  for (const detailType of ['toString', '__proto__']) {
    const changes = { source, 'detail-type': detailType };
    expect(decide(event(changes))).toMatchObject({ contract: { name: `${source}@${detailType}` }, errors: [] });
    expect(decide(event({ ...changes, detail: {} })).quarantined).toBe('SCHEMA_INVALID');
  }
  expect(decide(event({ source, 'detail-type': 'valueOf' })).quarantined).toBe('UNKNOWN_EVENT');
  expect(decide(event()).quarantined).toBeUndefined();
});

test('decides by itself what is valid, invalid, unknown, and forged', () => {
  const decide = decisionsOf(
    stackWith({ ...SAME_BUS, sourceOwners: [{ source: 'order.service', accounts: [ORDER] }] }),
  );
  const origin = { account: ORDER };
  const cases = {
    valid: event(),
    invalid: event({ detail: { orderId: 1 } }),
    unknown: event({ 'detail-type': 'Order.Lost' }),
    'of another account': event({ account: '333333333333' }),
    'published before': event({ source: 'valid.order.service' }),
    'stamped, from the hub': event({ account: HUB.account, source: 'hub', detail: { metadata: { origin } } }),
    'with a second stamp': event({ detail: { orderId: '1', 'metadata.origin.account': ORDER } }),
  };

  expect(Object.entries(cases).map(([name, one]) => [name, decide(one).quarantined])).toEqual([
    ['valid', undefined],
    ['invalid', 'SCHEMA_INVALID'],
    ['unknown', 'UNKNOWN_EVENT'],
    ['of another account', 'SOURCE_NOT_OWNED'],
    ['published before', 'LOOP_PREVENTED'],
    ['stamped, from the hub', 'LOOP_PREVENTED'],
    ['with a second stamp', 'MALFORMED'],
  ]);
  expect(decide(event()).entries).toMatchObject([{ source: 'valid.order.service', eventBus: PUBLISHED }]);
  expect(decide(event({ detail: {} })).errors).toMatchObject([{ keyword: 'required' }]);
});

test('is made of the schema of the contract', () => {
  const stricter = EventSchema.fromInline({ required: ['total'] });
  const decide = (schema: EventSchema) =>
    decisionsOf(stackWith({ contracts: [contract('order.service', 'Order.Created', schema)] }));

  expect(decide(SCHEMA)(event()).reason).toBeUndefined();
  expect(decide(stricter)(event()).reason).toBe('SCHEMA_INVALID');
});
