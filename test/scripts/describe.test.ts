import { App, Stack } from 'aws-cdk-lib';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { describeAccount } from '../../scripts/describe-account';
import { describeRoutes } from '../../scripts/describe-routes';
import { describeValidated } from '../../scripts/describe-validated';
import {
  DeliveryMode,
  EventBackbone,
  EventContract,
  EventSchema,
  MemberState,
  Topology,
  type EventFilter,
} from '../../src';
import { readAssembly } from '../../src/testing/cloud-assembly';

const topology = new Topology({
  name: 'acme',
  hub: { account: '111111111111', region: 'eu-west-1' },
  organizationId: 'o-abc1234567',
  members: [
    {
      name: 'order',
      account: '222222222222',
      filter: { sources: ['delivery.service'], pattern: { detail: { urgent: [true] } } },
    },
    { name: 'delivery', account: '333333333333', state: MemberState.LEAVING },
  ],
});

function stacks() {
  const app = new App();
  new EventBackbone(app, 'Backbone', { topology, captureMemberLogs: true });
  return readAssembly(app.synth().directory);
}

test('says in words what was made', () => {
  const text = describeAccount(
    'hub',
    stacks().filter(({ account }) => account === '111111111111'),
  );
  expect(text).toContain('stack acme-hub');
  expect(text).toContain(
    'policy   acme-global: allows anybody events:PutEvents where aws:PrincipalOrgID is o-abc1234567 and aws:PrincipalAccount is 222222222222 or 333333333333',
  );
  expect(text).toContain(
    'policy   acme-global: denies anybody events:PutEvents where events:source is like valid.* or invalid.*',
  );
  expect(text).toMatch(
    /rule {5}to-order on acme-global\n.*takes.*"anything-but":\["222222222222"\].*\n.*target {3}acme-order \(222222222222\), with role acme-forwarder-eu-west-1\n.*failed {3}to acme-fan-out-dlq/,
  );
  expect(text).toContain(
    'acme-forwarder-eu-west-1 may put events on acme-order (222222222222), acme-delivery (333333333333)',
  );
  expect(text).toContain('archive  acme-global of acme-global (111111111111), 365 days');
});

describe('says which events travel where', () => {
  function routes(options: { filter?: EventFilter; state?: MemberState }) {
    const app = new App();
    const ofOrder = new Topology({
      name: 'acme',
      hub: { account: '111111111111', region: 'eu-west-1' },
      organizationId: 'o-abc1234567',
      members: [
        { name: 'order', account: '222222222222', ...options },
        { name: 'delivery', account: '333333333333', sources: ['delivery.service'] },
      ],
    });
    const backbone = new EventBackbone(app, 'Backbone', { topology: ofOrder, captureMemberLogs: true });
    const bus = backbone.localBus('order');
    const queue = new sqs.Queue(Stack.of(bus), 'Queue', { queueName: 'delivered' });
    bus.subscribe('Delivered', { detailType: ['Delivery.Updated'], target: new targets.SqsQueue(queue) });
    return describeRoutes(ofOrder, readAssembly(app.synth().directory));
  }
  const published =
    'delivery (333333333333) puts {"source":"delivery.service","detail-type":"Delivery.Updated"} on acme-global';

  test('an event that a subscription takes, on its way to the target', () => {
    const text = routes({});
    expect(text).toContain(published);
    expect(text).toMatch(/→ acme-order → .*Delivered → sqs:eu-west-1:222222222222:delivered/);
    expect(text).toContain(
      '✗ acme-delivery: account is "333333333333"; it should be anything but "333333333333" (to-delivery)',
    );
    expect(text).not.toContain('order (222222222222) puts');
  });

  test('an event that the filter keeps out', () => {
    expect(routes({ filter: { pattern: { detail: { urgent: [true] } } } })).toContain(
      `${published}\n  ✗ acme-order: detail.urgent is absent; it should be true (to-order)`,
    );
  });

  test('an event to a member that is leaving', () => {
    expect(routes({ state: MemberState.LEAVING })).toContain('✗ acme-order: no rule delivers to it');
  });
});

describe('says what becomes of a valid and of an invalid event', () => {
  const contracts = [
    new EventContract({
      source: 'delivery.service',
      detailType: 'Delivery.Updated',
      owner: 'delivery',
      schema: EventSchema.fromInline({
        required: ['metadata', 'data'],
        properties: { data: { required: ['status'] } },
        examples: [{ metadata: {}, data: { status: 'sent' } }],
      }),
    }),
    new EventContract({
      source: 'order.service',
      detailType: 'Order.Created',
      owner: 'order',
      schema: EventSchema.fromInline({ required: ['id'], examples: [{ id: 1 }] }),
    }),
    new EventContract({
      source: 'of.nobody',
      detailType: 'Nothing',
      schema: EventSchema.fromInline({ examples: [{ id: 1 }] }),
    }),
  ];

  function text(mode: DeliveryMode) {
    const app = new App();
    const validated = new Topology({
      name: 'acme',
      hub: { account: '111111111111', region: 'eu-west-1' },
      delivery: { mode },
      members: [
        { name: 'order', account: '222222222222' },
        { name: 'delivery', account: '333333333333' },
      ],
    });
    const backbone = new EventBackbone(app, 'Backbone', { topology: validated, contracts });
    const bus = backbone.localBus('order');
    const queue = new sqs.Queue(Stack.of(bus), 'Queue', { queueName: 'delivered' });
    bus.subscribe('Delivered', { contract: contracts[0], target: new targets.SqsQueue(queue) });
    return describeValidated(validated, readAssembly(app.synth().directory), contracts);
  }

  test.each([
    [DeliveryMode.VALIDATED, 'acme-published', '', 'valid-'],
    [DeliveryMode.VALIDATED_SAME_BUS, 'acme-global', 'valid.', ''],
  ])('where delivery is %s', (mode, bus, prefix, rule) => {
    const described = text(mode);

    expect(described).toContain(
      [
        'delivery (333333333333) puts {"source":"delivery.service","detail-type":"Delivery.Updated","detail":{"metadata":{},"data":{"status":"sent"}}} on acme-global',
        '  valid',
        `  published on ${bus} as ${prefix}delivery.service`,
        '    → acme-order → BackboneMemberorderLocalBusDelivered → sqs:eu-west-1:222222222222:delivered',
        `    ✗ acme-delivery: detail.metadata.origin.account is "333333333333"; it should be anything but "333333333333" (${rule}to-delivery)`,
      ]
        .join('\n')
        .replace('BackboneMemberorder', ''),
    );
    expect(described).toContain(
      [
        'order (222222222222) puts {"source":"order.service","detail-type":"Order.Created","detail":{}} on acme-global',
        "  invalid: SCHEMA_INVALID, the detail must have required property 'id'",
        '  waits in quarantine',
        `  published on ${bus} as invalid.order.service`,
        '    → acme-order, where no rule takes it',
      ].join('\n'),
    );
    expect(described).not.toContain('of.nobody');
  });

  test('or that nothing validates', () => {
    const app = new App();
    new EventBackbone(app, 'Backbone', { topology });
    expect(() => describeValidated(topology, readAssembly(app.synth().directory), contracts)).toThrow(
      'no function in these stacks validates events',
    );
  });
});
