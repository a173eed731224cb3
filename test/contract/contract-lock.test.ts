import { readFileSync } from 'fs';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Files, ORDER, WITH_NOTE, WITHOUT_TOTAL } from './files';
import {
  ContractCatalogue,
  DeliveryMode,
  EventBackbone,
  EventContract,
  EventSchema,
  GlobalBus,
  Topology,
  ValidatedRepublisher,
} from '../../src';
import { compareWithLock, contractsJson, readLock, wayOut } from '../../src/contract/contract-lock';
import { requireUnbroken } from '../../src/contract/require-unbroken';

const files = new Files();

const contract = (detailType: string, schema: object = ORDER, owner?: string) =>
  new EventContract({ source: 'order.service', detailType, owner, schema: EventSchema._in(schema, 'order.json') });

const created = contract('Order.Created');
let locks = 0;
const lockWith = (...contracts: EventContract[]) => files.write(`lock-${locks++}.json`, contractsJson(contracts));

const lockText = (contracts: object) => JSON.stringify({ format: 'cdk-event-backbone/contracts/1', contracts });

const stackIn = (context: Record<string, string> = {}) => new Stack(new App({ context }), 'Hub');

describe('a lock', () => {
  test('holds what consumers may rely on, the same for the same contracts', () => {
    const [a, b] = [contract('A'), contract('B', { ...ORDER, description: 'An order.' }, 'order')];
    expect(contractsJson([b, a])).toBe(contractsJson([a, b]));
    const { contracts } = JSON.parse(contractsJson([b, a]));
    expect(Object.keys(contracts)).toEqual(['order.service@A', 'order.service@B']);
    expect(contracts['order.service@B']).toEqual({
      source: 'order.service',
      detailType: 'B',
      owner: 'order',
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      schema: ORDER,
    });
    expect(contracts['order.service@A'].hash).toBe(contracts['order.service@B'].hash);
  });

  test('is read as it was written', () => {
    const lock = readLock(lockWith(created));
    expect([...lock]).toEqual([['order.service@Order.Created', expect.objectContaining({ schema: ORDER })]]);
  });

  test.each<[string, (text: string) => string, string]>([
    [
      'a schema',
      (text) => text.replace('"number"', '"string"'),
      '/contracts/order.service@Order.Created: was changed by hand, or by a merge',
    ],
    [
      'a name',
      (text) => text.replace('@Order.Created', '@Order.Deleted'),
      '/contracts/order.service@Order.Deleted: was changed',
    ],
    [
      'its format',
      (text) => text.replace('contracts/1', 'contracts/9'),
      'is not a lock of contracts: its format is "cdk-event-backbone/contracts/9", not "cdk-event-backbone/contracts/1"',
    ],
    [
      'all of a schema',
      () => lockText({ 'a@b': { source: 'a', detailType: 'b', hash: 'x' } }),
      '/contracts/a@b: was changed',
    ],
    ['a contract', () => lockText({ 'a@b': null }), '/contracts/a@b: was changed'],
    ['JSON', (text) => `<<<<<<< HEAD\n${text}`, 'is not JSON'],
  ])('that was edited is refused: %s', (_, edit, message) => {
    const path = files.write(`edited-${locks++}.json`, edit(contractsJson([created])));
    expect(() => readLock(path)).toThrow(message);
    expect(() => readLock(path)).toThrow(
      `: take the file from before, and let npx event-backbone contracts lock <directory> --lock ${path} (contracts in code: --app cdk.out, after cdk synth -c cdk-event-backbone:contracts=unlocked) change it (ContractLockInvalid)`,
    );
  });
});

describe('contracts are compared with the lock', () => {
  test('and are as they were', () => {
    const words = contract('Order.Created', { title: 'Order', ...ORDER });
    expect(compareWithLock([words], readLock(lockWith(created)))).toMatchObject({
      breaking: [],
      unlocked: [],
      removed: [],
    });
  });

  test('and break it, are new to it, or are gone', () => {
    const lock = lockWith(created, contract('Order.Shipped'), contract('Order.Cancelled'), contract('Order.Paid'));
    const changed = contract('Order.Created', WITHOUT_TOTAL);
    const [extended, added, owned] = [
      contract('Order.Shipped', WITH_NOTE),
      contract('Order.Sent'),
      contract('Order.Paid', ORDER, 'order'),
    ];
    expect(compareWithLock([changed, extended, added, owned], readLock(lock))).toMatchObject({
      breaking: [{ contract: changed, field: '/total', kind: 'removed', message: 'was number', place: '' }],
      unlocked: [
        { contract: extended, change: 'changed' },
        { contract: added, change: 'new' },
        { contract: owned, change: 'changed' },
      ],
      removed: ['order.service@Order.Cancelled'],
    });
  });
});

describe('at synthesis', () => {
  test('all that breaks the lock is told at once, with the way out', () => {
    const lock = lockWith(created, contract('Order.Cancelled'));
    const changed = contract('Order.Created', { ...WITHOUT_TOTAL, properties: { id: { type: 'integer' } } });
    expect(() => requireUnbroken(stackIn(), [changed], lock)).toThrow(
      [
        `[Hub] contracts break what ${lock} promises:`,
        'order.service@Order.Created',
        '  /total: removed: was number (order.json)',
        '  /id: retyped: type was string, is integer (order.json/properties/id)',
        'order.service@Order.Cancelled',
        '  removed: is locked, and no longer among the contracts',
        `Undo this, or publish what changed as a new detail-type such as "Order.Created.v2" beside the old one, and retire the old one by a date. Where nobody relies on it any more: npx event-backbone contracts lock <directory> --lock ${lock} --accept-breaking order.service@Order.Created --remove order.service@Order.Cancelled (contracts in code: --app cdk.out, after cdk synth -c cdk-event-backbone:contracts=unlocked) (ContractBreaking)`,
      ].join('\n'),
    );
  });

  test('a missing lock is told with the command that makes it', () => {
    expect(() => requireUnbroken(stackIn(), [created], 'no-such.json')).toThrow(
      /^no-such\.json: is not there; .*npx event-backbone contracts lock <directory> --lock no-such\.json \(contracts in code: --app cdk\.out, after cdk synth -c cdk-event-backbone:contracts=unlocked\) \(ContractLockMissing\)$/,
    );
  });

  test('what the lock does not hold yet is a warning, and no file is written', () => {
    const lock = lockWith(created);
    const before = readFileSync(lock, 'utf8');
    const stack = stackIn();
    requireUnbroken(stack, [contract('Order.Created', WITH_NOTE), contract('Order.Sent')], lock);
    Annotations.fromStack(stack).hasWarning(
      '/Hub',
      Match.stringLikeRegexp(
        'order.service@Order.Created \\(changed\\), order.service@Order.Sent \\(new\\). Run and commit: npx event-backbone contracts lock .*Contract.notLocked',
      ),
    );
    expect(readFileSync(lock, 'utf8')).toBe(before);
  });

  test('what is locked is not spoken of', () => {
    const stack = stackIn();
    requireUnbroken(stack, [created], lockWith(created));
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('an app can be synthesized to lock its contracts, but not to be deployed', () => {
    const stack = stackIn({ 'cdk-event-backbone:contracts': 'unlocked' });
    requireUnbroken(stack, [contract('Order.Created', WITHOUT_TOTAL)], lockWith(created));
    Annotations.fromStack(stack).hasError('/Hub', Match.stringLikeRegexp('/total: removed[^]*ContractBreaking'));
    expect(() =>
      requireUnbroken(stackIn({ 'cdk-event-backbone:contracts': 'x' }), [created], 'no-such.json'),
    ).toThrow();
  });

  test('many changes of one contract are not all told', () => {
    const many = (type: string) => ({
      properties: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}`, { type }])),
    });
    const lock = lockWith(contract('Order.Created', many('string')));
    expect(() => requireUnbroken(stackIn(), [contract('Order.Created', many('number'))], lock)).toThrow(
      /f26: .*\n {2}and 20 more\n/,
    );
  });
});

describe('the way out of a break is a detail-type that is free', () => {
  test.each<[string, string[], string[], string]>([
    ['Order.Created', [], [], 'Order.Created.v2'],
    ['Order.Created.v2', [], [], 'Order.Created.v3'],
    ['Order.Created.v19', [], [], 'Order.Created.v20'],
    ['v2', [], [], 'v2.v2'],
    ['Order.Created', ['Order.Created.v2'], ['Order.Created.v3', 'Order.Created.v5'], 'Order.Created.v4'],
  ])('for %s, with %j locked and %j among the contracts', (detailType, locked, others, next) => {
    const lock = readLock(lockWith(...[detailType, ...locked].map((type) => contract(type))));
    const now = [contract(detailType, WITHOUT_TOTAL), ...others.map((type) => contract(type))];
    expect(wayOut(compareWithLock(now, lock), 'lock.json')).toContain(`a new detail-type such as "${next}" beside`);
  });
});

describe('a construct that takes contracts holds them against a lock', () => {
  const HUB = { account: '111111111111', region: 'eu-west-1' };
  const constructs: Array<[string, (stack: Stack, contracts: EventContract[], contractLock?: string) => void]> = [
    [
      'ContractCatalogue',
      (stack, contracts, contractLock) =>
        new ContractCatalogue(stack, 'Catalogue', { registryName: 'acme', contracts, contractLock }),
    ],
    [
      'ValidatedRepublisher',
      (stack, contracts, contractLock) => {
        const eventBus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global' });
        new ValidatedRepublisher(stack, 'Republisher', { eventBus, contracts, contractLock });
      },
    ],
  ];

  test.each(constructs)('%s', (_, make) => {
    const lock = lockWith(created);
    const stack = () => new Stack(new App(), 'Hub', { env: HUB });
    const broken = [contract('Order.Created', WITHOUT_TOTAL)];

    expect(() => make(stack(), broken, lock)).toThrow(/\/total: removed: was number[^]*\(ContractBreaking\)$/);
    const [kept, unlocked] = [stack(), stack()];
    make(kept, [created], lock);
    make(unlocked, broken);
    for (const fine of [kept, unlocked]) {
      expect(Annotations.fromStack(fine).findWarning('*', Match.stringLikeRegexp('notLocked'))).toEqual([]);
    }
    const more = stack();
    make(more, [created, contract('Order.Sent')], lock);
    expect(Annotations.fromStack(more).findWarning('*', Match.stringLikeRegexp('Order.Sent \\(new\\)'))).toHaveLength(
      1,
    );
  });

  test('EventBackbone, once for all that it makes', () => {
    const app = new App();
    const topology = new Topology({
      name: 'acme',
      hub: HUB,
      organizationId: 'o-abc1234567',
      delivery: { mode: DeliveryMode.VALIDATED },
      members: [{ name: 'order', account: '222222222222' }],
    });
    new EventBackbone(app, 'Backbone', {
      topology,
      contracts: [created, contract('Order.Sent')],
      contractLock: lockWith(created),
    });
    const told = app.node
      .findAll()
      .flatMap(({ node }) => node.metadata.filter(({ data }) => String(data).includes('Order.Sent (new)')));
    expect(told).toHaveLength(1);
  });
});
