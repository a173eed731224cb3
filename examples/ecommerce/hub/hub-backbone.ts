import { join } from 'path';
import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import { EventBackbone, EventContract, type Topology } from 'cdk-event-backbone';
import { Construct } from 'constructs';

/** The whole backbone of the shop, from its topology. */
export class HubBackbone extends Construct {
  public readonly backbone: EventBackbone;

  constructor(scope: Construct, topology: Topology) {
    super(scope, 'Shop');
    this.backbone = new EventBackbone(this, 'Backbone', {
      topology,
      contracts: EventContract.fromDirectory(join(__dirname, '../contracts')),
      pinSources: true,
      captureMemberLogs: true,
      // An example leaves nothing behind; of a backbone in use, keep the archive and the logs (RETAIN).
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Tags.of(this.backbone).add('service', 'event-backbone');
  }
}
