import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { BackboneMember, EventBackbone, LogGroupTarget, type Topology } from 'cdk-event-backbone';
import { Construct } from 'constructs';

/**
 * A member attached to a bus that somebody else made. The bus and its policy stay as they are: the topology says that they
 * exist.
 */
export class AdoptedBackbone extends Construct {
  public readonly backbone: EventBackbone;
  public readonly billing: Stack;

  constructor(scope: Construct, topology: Topology) {
    super(scope, 'Legacy');
    this.backbone = new EventBackbone(this, 'Backbone', {
      topology,
      // Its owner may have them already.
      archive: false,
      captureLogs: false,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { account } = topology.member('billing');
    const env = { account, region: topology.regionOf('billing') };
    this.billing = new Stack(this, 'Billing', { stackName: 'billing-service', env });
    // In one app with the backbone its local bus comes first; a repository of its own would not need that.
    this.billing.node.addDependency(this.backbone.memberStacks.billing);
    const member = new BackboneMember(this.billing, 'Backbone', { topology, member: 'billing' });
    const logGroup = new logs.LogGroup(this.billing, 'Orders', {
      logGroupName: '/aws/events/billing-orders',
      retention: logs.RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    member.subscribe('OrderCreated', { detailType: ['Order.Created'], target: new LogGroupTarget(logGroup) });
  }
}
