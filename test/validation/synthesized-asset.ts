import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack, type Stage } from 'aws-cdk-lib';
import {
  EventContract,
  EventSchema,
  GlobalBus,
  PublishedBus,
  ValidatedRepublisher,
  type ValidatedRepublisherProps,
} from '../../src';
import type { open as openAsset } from '../../src/validation/handler/decide';
import type { Manifest } from '../../src/validation/handler/manifest';

export const HUB = { account: '111111111111', region: 'eu-west-1' };
export const ORDER = '222222222222';
export const PUBLISHED = 'arn:aws:events:eu-west-1:111111111111:event-bus/acme-published';

export const SCHEMA = EventSchema.fromInline({
  type: 'object',
  required: ['orderId'],
  properties: { orderId: { type: 'string' } },
});

export const contract = (source = 'order.service', detailType = 'Order.Created', schema = SCHEMA) =>
  new EventContract({ source, detailType, schema });

/** Contracts of several sources and schemas, so that an order could show. */
export const CONTRACTS = (): EventContract[] => [
  contract(),
  contract('order.service', 'Order.Cancelled'),
  contract('delivery.service', 'Delivery.Updated', EventSchema.fromInline({ properties: { km: { maximum: 5 } } })),
  contract('Ähre.service', 'Ünicode', EventSchema.fromInline({ properties: { name: { pattern: '^\\p{L}+$' } } })),
];

export type Changes = Partial<ValidatedRepublisherProps>;

/** Publishes on the bus that it reads. */
export const SAME_BUS = { targetBus: undefined };

export const hubStack = (app = new App()) => new Stack(app, 'Hub', { env: HUB });

/** A republisher between two buses, or on one where `targetBus` is undefined. */
export function republisherIn(stack: Stack, changes: Changes = {}) {
  const eventBus = changes.eventBus ?? new GlobalBus(stack, 'GlobalBus', { eventBusName: 'acme-global' });
  const targetBus =
    'targetBus' in changes
      ? changes.targetBus
      : new PublishedBus(stack, 'PublishedBus', { eventBusName: 'acme-published' });
  const props = { contracts: [contract()], ...changes, eventBus, targetBus };
  return new ValidatedRepublisher(stack, 'Republisher', props);
}

/** The directory that the function of a stack is made of, in the assembly of its app. */
export function assetOf(stack: Stack): string {
  const { directory } = (stack.node.root as Stage).synth();
  const template = JSON.parse(readFileSync(join(directory, stack.templateFile), 'utf8'));
  const [hub] = Object.values<any>(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return join(directory, `asset.${hub.Properties.Code.S3Key.replace('.zip', '')}`);
}

/** Every file of a directory, and its text. */
export const filesIn = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path.slice(directory.length + 1), readFileSync(path, 'utf8')]),
  );

export const manifestOf = (stack: Stack): Manifest => JSON.parse(filesIn(assetOf(stack))['manifest.json']);

/** What the code in an asset decides. */
export function decisionsOf(stack: Stack) {
  const directory = assetOf(stack);
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { open } = require(join(directory, 'decide.js')) as { open: typeof openAsset };
  const decide = open(directory);
  return (event: object) => decide(JSON.stringify(event), { targetBus: PUBLISHED, account: HUB.account });
}

/** As it comes from a member, and keeps to the contract. */
export const event = (changes: object = {}) => ({
  version: '0',
  id: 'e1',
  'detail-type': 'Order.Created',
  source: 'order.service',
  account: ORDER,
  time: '2026-11-21T10:00:00Z',
  region: 'eu-west-1',
  resources: [],
  detail: { orderId: '1' },
  ...changes,
});

// In a process of its own it prints the hash of an asset, of contracts in another order.
if (process.argv[1] === __filename) {
  const stack = new Stack(new App(), 'Elsewhere', { env: HUB });
  republisherIn(stack, { contracts: CONTRACTS().reverse() });
  process.stdout.write(assetOf(stack).split('asset.')[1]);
}
