import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { Topology } from 'cdk-event-backbone';
import { OrderStack } from './order-stack';

/** The order team's app, in a repository of its own: it shares the topology file with the others, and nothing else. */
const topology = Topology.fromFile(join(__dirname, '../topology.json'));
const { account } = topology.member('order');
new OrderStack(new App(), 'OrderService', { topology, env: { account, region: topology.regionOf('order') } });
