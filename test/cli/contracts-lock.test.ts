import fs, { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import * as cxapi from 'aws-cdk-lib/cx-api';
import {
  ContractCatalogue,
  EventBackbone,
  EventContract,
  EventSchema,
  GlobalBus,
  Topology,
  ValidatedRepublisher,
} from '../../src';
import { main } from '../../src/cli/main';
import { valueAt } from '../../src/contract/json';
import { Files, ORDER, WITH_NOTE, WITHOUT_TOTAL } from '../contract/files';

const files = new Files();

let count = 0;

/** A directory of contracts with a lock of its own. */
class Case {
  private readonly name = `case-${count++}`;
  public readonly directory = files.path(`${this.name}/contracts`);
  public readonly lock = files.path(`${this.name}/contracts.lock.json`);

  constructor() {
    mkdirSync(this.directory, { recursive: true });
  }

  public with(detailType: string, schema: object = ORDER): this {
    files.write(`${this.name}/contracts/${detailType}.json`, { source: 'order.service', detailType, schema });
    return this;
  }

  public without(detailType: string): this {
    rmSync(join(this.directory, `${detailType}.json`));
    return this;
  }

  public run(...options: string[]) {
    return run('contracts', 'lock', this.directory, '--lock', this.lock, ...options);
  }

  public get locked(): any {
    return JSON.parse(readFileSync(this.lock, 'utf8')).contracts;
  }
}

function run(...args: string[]) {
  const [out, err]: string[][] = [[], []];
  const code = main(args, { log: (line) => out.push(line), error: (line) => err.push(line) });
  return { code, out, err };
}

describe('contracts lock', () => {
  test('writes what is new and what was added, and says so', () => {
    const given = new Case().with('Order.Created').with('Order.Shipped');
    expect(given.run()).toEqual({
      code: 0,
      out: [
        'new       order.service@Order.Created',
        'new       order.service@Order.Shipped',
        '0 unchanged',
        `${given.lock}: written`,
      ],
      err: [],
    });

    expect(given.with('Order.Shipped', WITH_NOTE).run()).toEqual({
      code: 0,
      out: ['changed   order.service@Order.Shipped', '1 unchanged', `${given.lock}: written`],
      err: [],
    });
    expect(given.locked['order.service@Order.Shipped'].schema).toEqual(WITH_NOTE);
    expect(readdirSync(join(given.lock, '..')).sort()).toEqual(['contracts', 'contracts.lock.json']);
  });

  test('says where nothing is to be done', () => {
    const given = new Case().with('Order.Created');
    given.run();
    expect(given.run()).toEqual({ code: 0, out: ['1 unchanged', `${given.lock}: is up to date`], err: [] });
    expect(given.run('--check')).toMatchObject({ code: 0 });
  });

  test('--check fails where the lock is not up to date, and writes nothing', () => {
    const given = new Case().with('Order.Created');
    expect(given.run('--check')).toMatchObject({
      code: 1,
      out: ['new       order.service@Order.Created', '0 unchanged'],
      err: [`${given.lock}: is not up to date: run the command without --check, and commit the file`],
    });
    expect(existsSync(given.lock)).toBe(false);
  });

  test('refuses what breaks, with each field and the way out, and writes nothing', () => {
    const given = new Case().with('Order.Created').with('Order.Shipped');
    given.run();
    const before = readFileSync(given.lock, 'utf8');
    given.with('Order.Created', WITHOUT_TOTAL).with('Order.Sent').without('Order.Shipped');

    expect(given.run()).toEqual({
      code: 1,
      out: [
        'new       order.service@Order.Sent',
        'breaking  order.service@Order.Created',
        'missing   order.service@Order.Shipped',
        '0 unchanged',
      ],
      err: [
        `${given.lock}: not written, since this breaks what it promises:`,
        'order.service@Order.Created',
        `  /total: removed: was number (${given.directory}/Order.Created.json/schema)`,
        'order.service@Order.Shipped\n  removed: is locked, and no longer among the contracts',
        `Undo this, or publish what changed as a new detail-type such as "Order.Created.v2" beside the old one, and retire the old one by a date. Where nobody relies on it any more: npx event-backbone contracts lock ${given.directory} --lock ${given.lock} --accept-breaking order.service@Order.Created --remove order.service@Order.Shipped`,
      ],
    });
    expect(readFileSync(given.lock, 'utf8')).toBe(before);
  });

  test('takes over what is accepted, and nothing else that breaks', () => {
    const given = new Case().with('Order.Created').with('Order.Shipped');
    given.run();
    given.with('Order.Created', WITHOUT_TOTAL).with('Order.Shipped', WITHOUT_TOTAL);

    const half = given.run('--accept-breaking', 'order.service@Order.Created');
    expect(half).toMatchObject({
      code: 1,
      out: ['accepted  order.service@Order.Created', 'breaking  order.service@Order.Shipped', '0 unchanged'],
    });
    expect(half.err.join('\n')).not.toContain('Order.Created\n');
    const whole = given.run(
      '--accept-breaking',
      'order.service@Order.Created',
      '--accept-breaking',
      'order.service@Order.Shipped',
    );
    expect(whole).toMatchObject({ code: 0, err: [] });
    expect(given.locked['order.service@Order.Shipped'].schema).toEqual(WITHOUT_TOTAL);
  });

  test('forgets what is removed, with the contracts or alone', () => {
    const given = new Case().with('Order.Created').with('Order.Shipped').with('Order.Sent');
    given.run();
    given.without('Order.Shipped');
    expect(given.run('--remove', 'order.service@Order.Shipped')).toMatchObject({
      code: 0,
      out: ['removed   order.service@Order.Shipped', '2 unchanged', `${given.lock}: written`],
    });
    const alone = run('contracts', 'lock', '--lock', given.lock, '--remove', 'order.service@Order.Sent');
    expect(alone).toEqual({ code: 0, out: ['removed   order.service@Order.Sent', `${given.lock}: written`], err: [] });
    expect(Object.keys(given.locked)).toEqual(['order.service@Order.Created']);
  });

  test('does not forget what is still there', () => {
    const given = new Case().with('Order.Created');
    given.run();
    expect(given.run('--remove', 'order.service@Order.Created')).toMatchObject({
      code: 1,
      err: [
        `event-backbone: --remove order.service@Order.Created: the contract is still in ${given.directory}/Order.Created.json/schema: delete it there first`,
      ],
    });
  });

  test.each<[string, (given: Case) => void, RegExp]>([
    [
      'a contract that is none',
      (given) => given.with('Order.*'),
      /detailType "Order\.\*" is not a text .*\(ContractInvalid\)$/,
    ],
    ['a directory without contracts', () => {}, /contracts: holds no contracts: .* \(ContractsMissing\)$/],
    [
      'a lock that is none',
      (given) => writeFileSync(given.with('Order.Created').lock, '{}'),
      /is not a lock of contracts.*\(ContractLockInvalid\)$/,
    ],
    [
      'a lock that is a directory',
      (given) => void mkdirSync(given.with('Order.Created').lock),
      /cannot be read: EISDIR.*\(ContractLockInvalid\)$/,
    ],
    [
      'contracts that contradict each other',
      (given) =>
        files.write(`${given.with('Order.Created').directory.slice(files.directory.length + 1)}/b.json`, {
          source: 'order.service',
          detailType: 'Order.Created',
          schema: {},
        }),
      /\(ContractDuplicate\)$/,
    ],
  ])('fails for %s', (_, prepare, message) => {
    const given = new Case();
    prepare(given);
    expect(given.run()).toEqual({ code: 1, out: [], err: [expect.stringMatching(message)] });
  });

  test('fails where the lock cannot be written, and leaves nothing behind', () => {
    const given = new Case().with('Order.Created');
    const result = run('contracts', 'lock', given.directory, '--lock', join(given.directory, 'no/such/lock.json'));
    expect(result).toMatchObject({ code: 1, err: [expect.stringMatching(/lock\.json: cannot be written: ENOENT/)] });
    expect(readdirSync(given.directory)).toEqual(['Order.Created.json']);
  });

  test('leaves nothing behind where it fails half way', () => {
    const given = new Case().with('Order.Created');
    jest.spyOn(fs, 'renameSync').mockImplementationOnce(() => {
      throw new Error('no space left');
    });
    expect(given.run()).toMatchObject({ code: 1, err: [expect.stringMatching(/cannot be written: no space left$/)] });
    expect(readdirSync(join(given.lock, '..'))).toEqual(['contracts']);
  });
});

describe('contracts of a synthesized app', () => {
  const contract = (detailType: string, schema: any = ORDER) =>
    new EventContract({ source: 'order.service', detailType, schema: EventSchema.fromInline(schema) });

  const catalogue = (stack: Stack, contracts: EventContract[], id = 'Catalogue') =>
    new ContractCatalogue(stack, id, { registryName: 'acme-contracts', contracts });

  /** The directory of an app that was made of this. */
  function synthesized(name: string, fill: (app: App) => void): string {
    const app = new App({ outdir: files.path(name) });
    fill(app);
    return app.synth().directory;
  }

  /** What is locked for an app: for each event the fields of its schema. */
  function lockedFor(outdir: string): Record<string, string[]> {
    const lock = `${outdir}.lock.json`;
    expect(run('contracts', 'lock', '--app', outdir, '--lock', lock)).toMatchObject({ code: 0, err: [] });
    const { contracts } = JSON.parse(readFileSync(lock, 'utf8'));
    return Object.fromEntries(
      Object.values<any>(contracts).map(({ detailType, schema }) => [detailType, Object.keys(schema.properties)]),
    );
  }

  const topology = new Topology({
    name: 'acme',
    hub: { account: '111111111111', region: 'eu-west-1' },
    organizationId: 'o-abc1234567',
    members: [{ name: 'order', account: '222222222222' }],
  });

  test.each<[string, (app: App) => void]>([
    ['a catalogue', (app) => catalogue(new Stack(app, 'Stack'), [contract('A')])],
    [
      'a republisher',
      (app) => {
        const stack = new Stack(app, 'Stack', { env: topology.hub });
        const eventBus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global' });
        new ValidatedRepublisher(stack, 'Republisher', { eventBus, contracts: [contract('A')] });
      },
    ],
    [
      'a backbone that delivers plainly, without a catalogue',
      (app) => new EventBackbone(app, 'Backbone', { topology, contracts: [contract('A')], catalogue: false }),
    ],
    [
      'a backbone in a stage',
      (app) => new EventBackbone(new Stage(app, 'Prod'), 'B', { topology, contracts: [contract('A')] }),
    ],
  ])('are those of %s', (name, fill) => {
    expect(lockedFor(synthesized(name, fill))).toEqual({ A: ['id', 'total'] });
  });

  test('are found in all stacks and stages, once, and locked', () => {
    const outdir = synthesized('app', (app) => {
      catalogue(new Stack(app, 'Stack'), [contract('A'), contract('B')]);
      catalogue(new Stack(new Stage(new Stage(app, 'Outer'), 'Inner'), 'Stack'), [contract('B'), contract('C')]);
    });
    expect(Object.keys(lockedFor(outdir))).toEqual(['A', 'B', 'C']);
    // What code and files say in the same way is the same.
    const given = new Case().with('A');
    expect(run('contracts', 'lock', given.directory, '--app', outdir, '--lock', `${outdir}.lock.json`)).toMatchObject({
      code: 0,
      out: ['3 unchanged', `${outdir}.lock.json: is up to date`],
    });
  });

  test('are those of the last synthesis: files of former ones lie beside', () => {
    const again = (schema: object) =>
      synthesized('twice', (app) => catalogue(new Stack(app, 'Stack'), [contract('A', schema)]));
    again(ORDER);
    const outdir = again(WITHOUT_TOTAL);
    expect(contractFiles(outdir)).toHaveLength(2);
    expect(lockedFor(outdir)).toEqual({ A: ['id'] });
  });

  const contractFiles = (outdir: string) => readdirSync(outdir).filter((name) => name.startsWith('contracts-'));

  test('are one file where several constructs take the same, the same in each synthesis, and in no asset', () => {
    const fill = (app: App) => {
      const stack = new Stack(app, 'Stack', { env: topology.hub });
      const eventBus = new GlobalBus(stack, 'Bus', { eventBusName: 'acme-global' });
      const contracts = [contract('A'), contract('B')];
      catalogue(stack, contracts);
      new ValidatedRepublisher(stack, 'Republisher', { eventBus, contracts: contracts.reverse() });
    };
    const [first, second] = ['first', 'second'].map((name) => synthesized(name, fill));
    expect(contractFiles(first)).toEqual([expect.stringMatching(/^contracts-[0-9a-f]{16}\.json$/)]);
    expect(contractFiles(first)).toEqual(contractFiles(second));
    const all = readdirSync(first, { recursive: true, encoding: 'utf8' });
    expect(all.filter((name) => name.endsWith('contracts.json'))).toEqual([]);
  });

  test('leave the assembly one that the CDK loads', () => {
    const outdir = synthesized('loaded', (app) => {
      catalogue(new Stack(app, 'Stack'), [contract('A')]);
      catalogue(new Stack(new Stage(app, 'Stage'), 'Stack'), [contract('A')]);
    });
    const assembly = new cxapi.CloudAssembly(outdir);
    expect(assembly.stacksRecursively.map(({ hierarchicalId }) => hierarchicalId)).toEqual(['Stack', 'Stage/Stack']);
    expect(Object.values(assembly.manifest.artifacts!)).toContainEqual({
      type: 'none',
      properties: { file: contractFiles(outdir)[0] },
    });
  });

  test('are not taken from artifacts of others, or from what is no file of ours', () => {
    const outdir = files.path('others');
    files.write('others/a.json', { contracts: 'of somebody else' });
    files.write('others/b.txt', 'not JSON');
    files.write('others/manifest.json', {
      version: '36.0.0',
      artifacts: {
        Other: { type: 'none', properties: { file: 'a.json' } },
        Text: { type: 'none', properties: { file: 'b.txt' } },
        Gone: { type: 'none', properties: { file: 'gone.json' } },
        Bare: { type: 'none' },
      },
    });
    expect(run('contracts', 'lock', '--app', outdir)).toMatchObject({
      code: 1,
      err: [`event-backbone: ${outdir}: holds no contracts`],
    });
  });

  const fillWith = (schema: object) => (app: App) =>
    catalogue(new Stack(app, 'Stack'), [contract('Order/Created', schema)]);

  test('are told with the place in the file where they stand', () => {
    const before = synthesized('before', fillWith(ORDER));
    const lock = `${before}.lock.json`;
    run('contracts', 'lock', '--app', before, '--lock', lock);
    const total = { ...ORDER.properties, total: { type: 'string' } };
    const outdir = synthesized('broken', fillWith({ ...ORDER, properties: total }));
    const [file] = contractFiles(outdir);
    const place = '/contracts/order.service@Order~1Created/schema/properties/total';
    expect(run('contracts', 'lock', '--app', outdir, '--lock', lock).err).toContain(
      `  /total: retyped: type was number, is string (${join(outdir, file)}${place})`,
    );
    expect(valueAt(JSON.parse(readFileSync(join(outdir, file), 'utf8')), place)).toEqual({ type: 'string' });
  });

  test('are not forgotten while the app has them', () => {
    const outdir = synthesized('kept', fillWith(ORDER));
    const name = 'order.service@Order/Created';
    const lock = `${outdir}.lock.json`;
    run('contracts', 'lock', '--app', outdir, '--lock', lock);
    expect(run('contracts', 'lock', '--app', outdir, '--lock', lock, '--remove', name)).toMatchObject({
      code: 1,
      err: [
        `event-backbone: --remove ${name}: the contract is still in the app: delete it there first, and run "cdk synth"`,
      ],
    });
  });

  test('must be there in a manifest that can be read', () => {
    const manifest = files.write('unread/manifest.json', '{');
    expect(run('contracts', 'lock', '--app', files.path('unread'))).toMatchObject({
      code: 1,
      err: [expect.stringMatching(`^event-backbone: ${manifest}: is not JSON: .* \\(SchemaFileUnreadable\\)$`)],
    });
  });

  test('must be there', () => {
    expect(run('contracts', 'lock', '--app', files.directory)).toMatchObject({
      code: 1,
      err: [
        `event-backbone: ${files.directory}: is not a cloud assembly, it has no manifest.json: run "cdk synth" first`,
      ],
    });
  });
});

describe('wrong usage is told in one line, and ends with 2', () => {
  test.each<[string[], RegExp]>([
    [['contracts'], /there is no command "contracts": use contracts lock$/],
    [['contracts', 'unlock'], /there is no command "contracts unlock"/],
    [['contracts', 'lock'], /name the directory of the contracts, or a synthesized app with --app cdk\.out$/],
    [['contracts', 'lock', 'x', '--chekc'], /Unknown option '--chekc'/],
    [['contracts', 'lock', 'x', '--lock'], /'--lock <value>' argument missing/],
    [
      ['contracts', 'lock', '--remove', 'a@b', '--accept-breaking', 'no@such'],
      /--accept-breaking takes a contract over: name the directory of the contracts, or a synthesized app with --app cdk\.out$/,
    ],
    [['contracts', 'lock', '--lock', 'no-such.json', '--remove', 'a@b'], /--remove a@b: is not in no-such\.json$/],
  ])('%j', (args, message) => {
    const { code, out, err } = run(...args);
    expect({ code, out, lines: err.join('\n').split('\n').length }).toEqual({ code: 2, out: [], lines: 1 });
    expect(err[0]).toMatch(message);
  });

  test('a name that no contract has', () => {
    expect(new Case().with('Order.Created').run('--accept-breaking', 'a@b')).toMatchObject({
      code: 2,
      err: ['event-backbone: --accept-breaking a@b: is not among the contracts'],
    });
  });
});

test('help is no failure', () => {
  expect(run('--help')).toMatchObject({
    code: 0,
    out: [expect.stringContaining('event-backbone contracts lock [directory ...] [options]')],
  });
  expect(run('contracts', 'lock', '--help')).toMatchObject({ code: 0 });
  expect(run()).toMatchObject({ code: 2, out: [expect.stringContaining('Usage:')] });
});

test('the executable passes the arguments and the exit code on', () => {
  const text = readFileSync(join(__dirname, '../../bin/event-backbone'), 'utf8');
  expect(text).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(text).toContain("process.exitCode = require('../lib/cli/main').main(process.argv.slice(2));");
});
