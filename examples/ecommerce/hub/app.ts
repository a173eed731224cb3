import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { Topology } from 'cdk-event-backbone';
import { HubBackbone } from './hub-backbone';

/** The platform team's app. */
new HubBackbone(new App(), Topology.fromFile(join(__dirname, '../topology.json')));
