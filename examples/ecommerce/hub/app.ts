import { join } from 'path';
import { App, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { EventBackbone, Topology } from 'cdk-event-backbone';

/** The platform team's app: the whole backbone, from the topology. */
const app = new App();
const backbone = new EventBackbone(app, 'Backbone', {
  topology: Topology.fromFile(join(__dirname, '../topology.json')),
  pinSources: true,
  captureMemberLogs: true,
  // An example leaves nothing behind; a backbone in use keeps its logs and archives.
  removalPolicy: RemovalPolicy.DESTROY,
});
Tags.of(backbone).add('service', 'event-backbone');
