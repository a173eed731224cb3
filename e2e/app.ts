import { App } from 'aws-cdk-lib';
import { Topology } from 'cdk-event-backbone';
import { SupportStack } from './support-stack';
import { HubBackbone } from '../examples/ecommerce/hub/hub-backbone';

/** The shop's hub from another topology than the example's, or the app of the team that joins. */
const [which, file] = process.argv.slice(2);
const topology = Topology.fromFile(file);
if (which === 'hub') {
  new HubBackbone(new App(), topology);
} else {
  const { account } = topology.member('support');
  new SupportStack(new App(), 'SupportService', { topology, env: { account, region: topology.regionOf('support') } });
}
