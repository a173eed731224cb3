import { App } from 'aws-cdk-lib';
import { describeAccount } from '../../scripts/describe-account';
import { describeRoutes } from '../../scripts/describe-routes';
import { EventBackbone, MemberState, Topology } from '../../src';
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

test('says which events travel where', () => {
  const text = describeRoutes(topology, stacks());
  expect(text).toContain('✗ acme-order: no, it is its own');
  expect(text.match(/✗ acme-delivery: no, delivery is leaving/g)).toHaveLength(2);
  expect(text).toContain('→ acme-order: yes, if from delivery.service and {"detail":{"urgent":[true]}} takes it');
  expect(text).toContain(
    'acme-order: {"source":[{"prefix":""}]} → logs:eu-west-1:222222222222:log-group:/aws/events/acme-order',
  );
});
