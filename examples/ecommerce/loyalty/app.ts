import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { Topology } from 'cdk-event-backbone';
import { LoyaltyStack } from './loyalty-stack';

/** The loyalty team's app, in a repository of its own. */
const topology = Topology.fromFile(join(__dirname, '../topology.json'));
const { account } = topology.member('loyalty');
new LoyaltyStack(new App(), 'LoyaltyService', { topology, env: { account, region: topology.regionOf('loyalty') } });
