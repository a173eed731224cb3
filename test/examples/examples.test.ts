import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { apps, EXAMPLES, topology, WITHOUT_BUNDLING } from './apps';
import type { AdoptedBackbone } from '../../examples/adopt/adopted-backbone';
import type { HubBackbone } from '../../examples/ecommerce/hub/hub-backbone';
import { BackboneChecks } from '../../src';
import { compilePattern } from '../../src/pattern';
import { nagFindings } from '../app/nag-findings';
import { EventFlow } from '../backbone/event-flow';

const newApp = () => new App({ context: WITHOUT_BUNDLING });

test('every example with a cdk.json is tested here', () => {
  const found = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('cdk.json') && !file.includes('cdk.out') && !file.includes('node_modules'))
    .map((file) => file.replace(/\/cdk\.json$/, ''));
  expect(found.sort()).toEqual(Object.keys(apps).sort());
});

describe.each(Object.entries(apps))('%s', (_, define) => {
  test('has no finding of cdk-nag that is not accepted with a reason', () => {
    const app = newApp();
    define(app);
    expect(nagFindings(app)).toEqual([]);
  });

  test('passes our own checks, and synthesizes without a warning', () => {
    const app = newApp();
    define(app);
    const assembly = app.synth();
    const stacks = assembly.stacksRecursively;
    expect(stacks.length).toBeGreaterThan(0);
    const report = new BackboneChecks().validate({
      templatePaths: stacks.map(({ templateFullPath }) => templateFullPath),
    } as any);
    expect(report.violations).toEqual([]);
    expect(stacks.flatMap(({ messages }) => messages.map(({ entry }) => entry.data))).toEqual([]);
  });
});

describe('the shop', () => {
  const templateOf = (name: string, stackOf: (made: any) => Stack = (made) => made) =>
    Template.fromStack(stackOf(apps[name](newApp())));

  test('logs every event, globally and at each member', () => {
    const hub = apps['ecommerce/hub'](newApp()) as HubBackbone;
    Template.fromStack(hub.backbone.hubStack).hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/events/shop-global',
    });
    for (const member of ['order', 'delivery', 'loyalty']) {
      Template.fromStack(hub.backbone.memberStacks[member]).hasResourceProperties('AWS::Logs::LogGroup', {
        LogGroupName: `/aws/events/shop-${member}`,
      });
    }
  });

  test('takes orders over HTTP, from callers with IAM credentials', () => {
    const order = templateOf('ecommerce/order');
    order.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /orders', AuthorizationType: 'AWS_IAM' });
  });

  test.each([
    ['ecommerce/order', 'shop-order', ['Delivery.Updated']],
    ['ecommerce/delivery', 'shop-delivery', ['Order.Created']],
    ['ecommerce/loyalty', 'shop-loyalty', ['Order.Created', 'Order.Updated']],
  ])('%s subscribes on %s to %j', (name, bus, detailTypes) => {
    templateOf(name).hasResourceProperties('AWS::Events::Rule', {
      EventBusName: bus,
      EventPattern: { 'detail-type': detailTypes },
    });
  });

  test('lets each function publish its own detail-type on the global bus, and tells it where', () => {
    const order = templateOf('ecommerce/order');
    for (const detailType of ['Order.Created', 'Order.Updated']) {
      order.hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            {
              Action: 'events:PutEvents',
              Effect: 'Allow',
              Resource: topology.globalBusArn,
              Condition: {
                'ForAllValues:StringEquals': { 'events:source': ['order.service'], 'events:detail-type': [detailType] },
                Null: { 'events:source': 'false', 'events:detail-type': 'false' },
              },
            },
          ]),
        },
      });
    }
    order.allResourcesProperties('AWS::Lambda::Function', {
      Environment: { Variables: { EVENT_BUS_ARN: topology.globalBusArn } },
    });
  });

  test('tells the order service why its event was refused, in its queue, and nobody else', () => {
    const app = newApp();
    for (const name of ['hub', 'order', 'delivery', 'loyalty']) apps[`ecommerce/${name}`](app);
    const event = {
      id: 'e1',
      account: topology.member('order').account,
      region: 'eu-west-1',
      source: 'order.service',
      'detail-type': 'Order.Created',
      time: '2026-11-21T10:00:00Z',
      resources: [],
      detail: { metadata: {}, data: { items: [{}] } },
    };
    const { received, verdicts } = new EventFlow(app).put('111111111111/shop-global', event);
    expect(verdicts).toMatchObject([{ quarantined: 'SCHEMA_INVALID' }]);
    const { BackboneLocalBusInvalid: notices, ...logs } = received;
    // One local bus logs it: that of the order service.
    expect(logs).toEqual({ GlobalBusCatchAllLog: [event], LocalBusCatchAllLog: notices });
    expect(notices).toMatchObject([
      { source: 'invalid.order.service', detail: { data: { reason: 'SCHEMA_INVALID' } } },
    ]);
    templateOf('ecommerce/order').hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: [{ prefix: 'invalid.' }] },
      Targets: [{ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Notices'), 'Arn'] } }],
    });
  });

  test('has as many alarms as its README says', () => {
    const app = newApp();
    for (const name of ['hub', 'order', 'delivery', 'loyalty']) apps[`ecommerce/${name}`](app);
    const alarms: Record<string, number> = {};
    for (const { environment, template } of app.synth().stacksRecursively) {
      const own = Object.values<any>(template.Resources ?? {}).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
      alarms[environment.account] = (alarms[environment.account] ?? 0) + own.length;
    }
    const { [topology.hub.account]: hub, ...members } = alarms;
    const [, inHub, inMember] = /(\d+) alarms in the hub and (\d+) in each\s+member/.exec(
      readFileSync(join(EXAMPLES, 'ecommerce/README.md'), 'utf8'),
    )!;
    expect([hub, ...Object.values(members)]).toEqual([inHub, inMember, inMember, inMember].map(Number));
  });

  test('shares one topology file, which names its schema', () => {
    const json = JSON.parse(readFileSync(join(EXAMPLES, 'ecommerce/topology.json'), 'utf8'));
    expect(json.$schema).toContain('topology.schema.json');
  });
});

describe('signups', () => {
  const stacks = () => {
    const app = newApp();
    apps.signup(app);
    return app.node.children as Stack[];
  };
  const stack = (name: string) => stacks().find(({ node }) => node.id === name)!;

  test('are the same in both Regions', () => {
    const text = (region: string) =>
      stacks()
        .filter(({ region: own }) => own === region)
        .map((one) => JSON.stringify(Template.fromStack(one).toJSON()).replaceAll(region, '<region>'));
    expect(text('eu-west-1')).toHaveLength(4);
    expect(text('eu-west-1')).toEqual(text('us-east-1'));
  });

  test('are published by a role that may do that and write its log, and no more', () => {
    const policies = Object.values(
      Template.fromStack(stack('CustomerApp-eu-west-1')).findResources('AWS::IAM::Policy'),
    );
    const actions = policies.flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action),
    );
    expect(actions.sort()).toEqual(['events:PutEvents', 'logs:CreateLogStream', 'logs:PutLogEvents']);
  });

  test('of big customers alone are mailed; the data team gets all', () => {
    const patternOf = (name: string) => {
      const rules = Template.fromStack(stack(name)).findResources('AWS::Events::Rule');
      return compilePattern(Object.values(rules)[0].Properties.EventPattern);
    };
    const signup = (plan: string) => ({
      source: 'com.example-corp.customerapp',
      'detail-type': 'New Signup',
      detail: { plan, customer_id: 123456 },
    });
    const [big, all] = [patternOf('BigCustomers-us-east-1'), patternOf('DataTeam-us-east-1')];
    expect(['Enterprise1000', 'Enterprise500'].map((plan) => big.matches(signup(plan)))).toEqual([true, false]);
    expect(['Enterprise1000', 'Enterprise500'].map((plan) => all.matches(signup(plan)))).toEqual([true, true]);
  });
});

test('a bus that exists is not touched, and the member is attached', () => {
  const { backbone, billing } = apps.adopt(newApp()) as AdoptedBackbone;
  const hub = Template.fromStack(backbone.hubStack);
  for (const type of ['EventBus', 'EventBusPolicy', 'Archive', 'Rule']) hub.resourceCountIs(`AWS::Events::${type}`, 0);
  Template.fromStack(backbone.routesStack).hasResourceProperties('AWS::Events::Rule', {
    EventBusName: 'company-events',
    Targets: [{ Arn: 'arn:aws:events:eu-west-1:222222222222:event-bus/legacy-billing' }],
  });
  // The rule of the subscription names a bus that must be there.
  expect(billing.dependencies.map(({ node }) => node.path)).toContain(backbone.memberStacks.billing.node.path);
});
