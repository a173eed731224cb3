import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { Topology } from 'cdk-event-backbone';
import { DeliveryStack } from './delivery-stack';

/** The delivery team's app, in a repository of its own. */
const topology = Topology.fromFile(join(__dirname, '../topology.json'));
const { account } = topology.member('delivery');
new DeliveryStack(new App(), 'DeliveryService', { topology, env: { account, region: topology.regionOf('delivery') } });
