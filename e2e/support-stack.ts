import { Stack, type StackProps } from 'aws-cdk-lib';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { BackboneMember, type Topology } from 'cdk-event-backbone';
import type { Construct } from 'constructs';

export interface SupportStackProps extends StackProps {
  readonly topology: Topology;
}

/** A team that joins the shop: it wants to know of signups and of deliveries. */
export class SupportStack extends Stack {
  constructor(scope: Construct, id: string, props: SupportStackProps) {
    super(scope, id, props);
    const cases = new sqs.Queue(this, 'Cases', { enforceSSL: true });
    const backbone = new BackboneMember(this, 'Backbone', { topology: props.topology, member: 'support' });
    backbone.subscribe('Cases', {
      detailType: ['New Signup', 'Delivery.Updated'],
      target: new targets.SqsQueue(cases),
    });
  }
}
