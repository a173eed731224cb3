import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBackbone, EventContract, EventSchema, Topology, type EventBackboneProps } from '../../src';
import { contractsJson, UNLOCKED } from '../../src/contract/contract-lock';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const topology = new Topology({ name: 'acme', hub: HUB, members: [{ name: 'order', account: '222222222222' }] });

const contract = (properties: object, source = 'order.service', detailType = 'Order.Created') =>
  new EventContract({
    source,
    detailType,
    owner: 'order',
    schema: EventSchema.fromInline({ type: 'object', properties }),
  });
const CREATED = contract({ id: { type: 'string' } });

/** What the CDK prints of a whole app, and ends for. */
const messages = (props: Partial<EventBackboneProps>, app = new App()) => {
  backboneOf(props, app);
  return app.synth().stacksRecursively.flatMap(({ messages: all }) => all.map(({ entry }) => String(entry.data)));
};

const backboneOf = (props: Partial<EventBackboneProps>, app = new App()) =>
  new EventBackbone(app, 'Backbone', { topology, contracts: [CREATED], ...props });

describe('the catalogue', () => {
  test('is in a stack of its own, in the hub’s account', () => {
    const { contractsStack, hubStack } = backboneOf({});

    expect(contractsStack).not.toBe(hubStack);
    expect(contractsStack).toMatchObject({ stackName: 'acme-contracts', ...HUB });
    const template = Template.fromStack(contractsStack!);
    template.hasResourceProperties('AWS::EventSchemas::Registry', { RegistryName: 'acme-contracts' });
    template.hasResourceProperties('AWS::EventSchemas::Schema', { SchemaName: 'order.service@Order.Created' });
  });

  test('is not there without contracts, or where nobody wants it', () => {
    expect(backboneOf({ contracts: undefined }).contractsStack).toBeUndefined();
    expect(backboneOf({ catalogue: false }).contractsStack).toBeUndefined();
  });

  test('has a name that fits', () => {
    const name = 'a'.repeat(60);
    const long = new Topology({
      name,
      hub: { ...HUB, forwardingRoleName: 'forwarder' },
      members: topology.members,
    });

    const { contractsStack } = backboneOf({ topology: long });

    const [registry] = Object.values(Template.fromStack(contractsStack!).findResources('AWS::EventSchemas::Registry'));
    expect(registry.Properties.RegistryName).toMatch(/^a{55}-[0-9a-f]{8}$/);
  });

  test('goes into a stack that is given', () => {
    const app = new App();
    const contractsStack = new Stack(app, 'Ours', { env: HUB });

    expect(backboneOf({ contractsStack }, app).contractsStack).toBe(contractsStack);
    Template.fromStack(contractsStack).resourceCountIs('AWS::EventSchemas::Registry', 1);
  });

  test('waits for nothing, and nothing waits for it', () => {
    const { contractsStack, hubStack, routesStack } = backboneOf({});
    expect(contractsStack!.dependencies).toEqual([]);
    expect([...hubStack.dependencies, ...routesStack.dependencies]).not.toContain(contractsStack);
  });
});

describe('contracts of a backbone', () => {
  test('may not have a source that is the republisher’s, in plain delivery either', () => {
    const contracts = [contract({}, 'valid.order')];
    expect(() => backboneOf({ contracts })).toThrow(/source "valid.order" begins with "valid.".*SourceReserved/);
  });

  test('are held against a lock file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'lock-'));
    const contractLock = join(directory, 'contracts.lock.json');
    try {
      writeFileSync(contractLock, contractsJson([CREATED]));
      expect(messages({ contractLock })).toEqual([]);
      const more = contract({ id: { type: 'string' } }, 'other.service', 'Order.Changed');
      expect(messages({ contractLock, contracts: [CREATED, more] })).toEqual([
        expect.stringMatching(/nothing keeps them from breaking: other\.service@Order\.Changed \(new\).*notLocked/s),
      ]);

      const narrowed = [contract({ id: { type: 'integer' } })];
      expect(() => backboneOf({ contractLock, contracts: narrowed })).toThrow(/ContractBreaking/);
      // Whoever lets that pass hears of it still, and nothing is deployed.
      const context = Object.fromEntries([UNLOCKED]);
      expect(messages({ contractLock, contracts: narrowed }, new App({ context }))).toEqual([
        expect.stringContaining('contracts break what'),
      ]);
      // Without a lock nothing was promised: they are published as they are.
      const { contractsStack } = backboneOf({ contracts: narrowed });
      Template.fromStack(contractsStack!).hasResourceProperties('AWS::EventSchemas::Schema', {
        Content: Match.stringLikeRegexp('"id":\\{"type":"integer"'),
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
