import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { Topology } from 'cdk-event-backbone';
import { AdoptedBackbone } from './adopted-backbone';

new AdoptedBackbone(new App(), Topology.fromFile(join(__dirname, 'topology.json')));
