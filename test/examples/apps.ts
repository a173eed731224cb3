import { join } from 'path';
import type { App } from 'aws-cdk-lib';
import { AdoptedBackbone } from '../../examples/adopt/adopted-backbone';
import { DeliveryStack } from '../../examples/ecommerce/delivery/delivery-stack';
import { HubBackbone } from '../../examples/ecommerce/hub/hub-backbone';
import { LoyaltyStack } from '../../examples/ecommerce/loyalty/loyalty-stack';
import { OrderStack } from '../../examples/ecommerce/order/order-stack';
import { signupIn } from '../../examples/signup/signup';
import { DevelopmentStack } from '../../examples/single-account/development-stack';
import { Widgets } from '../../examples/widgets/widgets';
import { Topology } from '../../src';

export const EXAMPLES = join(__dirname, '../../examples');

/** The topology of the shop. */
export const topology = Topology.fromFile(join(EXAMPLES, 'ecommerce/topology.json'));

const envOf = (member: string) => ({ account: topology.member(member).account, region: topology.regionOf(member) });

/** Functions are not bundled: what they do is tested beside their handlers. */
export const WITHOUT_BUNDLING = { 'aws:cdk:bundling-stacks': [] };

/** The apps of the examples, as their `app.ts` makes them. */
export const apps: Record<string, (app: App) => unknown> = {
  'ecommerce/hub': (app) => new HubBackbone(app, topology),
  'ecommerce/order': (app) => new OrderStack(app, 'OrderService', { topology, env: envOf('order') }),
  'ecommerce/delivery': (app) => new DeliveryStack(app, 'DeliveryService', { topology, env: envOf('delivery') }),
  'ecommerce/loyalty': (app) => new LoyaltyStack(app, 'LoyaltyService', { topology, env: envOf('loyalty') }),
  adopt: (app) => new AdoptedBackbone(app, Topology.fromFile(join(EXAMPLES, 'adopt/topology.json'))),
  signup: (app) => {
    for (const region of ['eu-west-1', 'us-east-1']) signupIn(app, { account: '111111111111', region });
  },
  widgets: (app) => new Widgets(app),
  'single-account': (app) => new DevelopmentStack(app, 'Development'),
};
