import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { EventSchema } from '../../src';
import { compileSchema } from '../../src/contract/compile-schema';
import type { Manifest } from '../../src/validation/handler/manifest';

export const HUB = '111111111111';
export const ORDER = '222222222222';
export const PAYMENT = '333333333333';
export const TARGET_BUS = `arn:aws:events:eu-west-1:${HUB}:event-bus/acme`;

const READY_MADE = join(__dirname, '../../assets/republisher');

const ORDER_CREATED = {
  type: 'object',
  required: ['metadata', 'data'],
  properties: {
    metadata: { type: 'object', required: ['id'], properties: { id: { type: 'string', minLength: 3 } } },
    data: {
      type: 'object',
      required: ['orderId', 'total', 'items', 'at'],
      properties: {
        orderId: { type: 'string', pattern: '^[0-9a-f-]{8,36}$' },
        total: { type: 'number', minimum: 0 },
        email: { type: 'string', format: 'email' },
        at: { type: 'string', format: 'date-time' },
        items: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            required: ['sku', 'quantity'],
            properties: { sku: { type: 'string' }, quantity: { type: 'integer', minimum: 1 } },
          },
        },
        payment: {
          oneOf: [
            { type: 'object', required: ['card'], properties: { card: { type: 'string' } } },
            { type: 'object', required: ['iban'], properties: { iban: { type: 'string' } } },
          ],
        },
      },
    },
  },
};

/** Takes longer than the universe is old for thirty letters and a sign that does not fit. */
const ORDER_NOTED = { properties: { data: { properties: { note: { type: 'string', pattern: '^(a+)+$' } } } } };
const PAYMENT_TAKEN = { properties: { data: { properties: { amount: { type: 'number' } } } } };

/** Makes an asset as the construct does, but that one schema is not there. */
export function makeAsset(directory: string): void {
  mkdirSync(join(directory, 'schemas'), { recursive: true });
  for (const file of readdirSync(READY_MADE)) copyFileSync(join(READY_MADE, file), join(directory, file));
  const contract = (name: string, schema: object) => {
    const { code, hash } = compileSchema(EventSchema.fromInline(schema));
    writeFileSync(join(directory, 'schemas', `${hash}.js`), code);
    return { name, hash };
  };
  const manifest: Manifest = {
    sourcePrefix: 'valid.',
    reservedPrefixes: ['valid.', 'invalid.'],
    noticePrefix: 'invalid.',
    mode: 'enforce',
    unknownEvents: 'quarantine',
    contracts: {
      'order.service': {
        'Order.Created': contract('order.service@Order.Created', ORDER_CREATED),
        'Order.Noted': contract('order.service@Order.Noted', ORDER_NOTED),
        'Order.Unloadable': { name: 'order.service@Order.Unloadable', hash: 'not-in-the-asset' },
      },
      'payment.service': { 'Payment.Taken': contract('payment.service@Payment.Taken', PAYMENT_TAKEN) },
    },
    owners: { 'order.service': [ORDER], 'payment.service': [PAYMENT] },
  };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
}
