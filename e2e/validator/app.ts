import { App, RemovalPolicy } from 'aws-cdk-lib';
import { EventBackbone, Topology } from 'cdk-event-backbone';
import { contractsOf } from './contracts';
import { TOPOLOGY, type Stage } from './names';

/** The hub of the widgets, with one contract more. */
const [stage] = process.argv.slice(2) as [Stage];
new EventBackbone(new App(), 'Backbone', {
  topology: Topology.fromFile(TOPOLOGY),
  contracts: contractsOf(stage),
  removalPolicy: RemovalPolicy.DESTROY,
});
