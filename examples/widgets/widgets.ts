import { join } from 'path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { EventBackbone, Topology } from 'cdk-event-backbone';
import { Construct } from 'constructs';
import { CONTRACTS } from './contracts';
import { ServiceAStack } from './service-a-stack';
import { ServiceBStack } from './service-b-stack';
import { ServiceCStack } from './service-c-stack';

/** The hub, which validates, and the three services. In life each has a repository of its own. */
export class Widgets extends Construct {
  public readonly backbone: EventBackbone;

  constructor(scope: Construct) {
    super(scope, 'Widgets');
    const topology = Topology.fromFile(join(__dirname, 'topology.json'));
    this.backbone = new EventBackbone(this, 'Backbone', {
      topology,
      contracts: CONTRACTS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const env = (member: string) => ({ account: topology.member(member).account, region: topology.regionOf(member) });
    const services = [
      new ServiceAStack(this, 'ServiceA', { topology, env: env('servicea') }),
      new ServiceBStack(this, 'ServiceB', { topology, env: env('serviceb') }),
      new ServiceCStack(this, 'ServiceC', { topology, env: env('servicec') }),
    ];
    // A rule with a bus of another account as its target is refused until that bus admits it.
    for (const service of services) service.addDependency(this.backbone.hubStack);
    for (const [i, member] of ['servicea', 'serviceb', 'servicec'].entries()) {
      services[i].addDependency(this.backbone.memberStacks[member]);
    }
  }
}
