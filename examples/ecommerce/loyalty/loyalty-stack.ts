import { Stack, Validations, type StackProps } from 'aws-cdk-lib';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { BackboneMember, type Topology } from 'cdk-event-backbone';
import type { Construct } from 'constructs';

export interface LoyaltyStackProps extends StackProps {
  readonly topology: Topology;
}

/** Collects orders in a queue, to give points for them at night. */
export class LoyaltyStack extends Stack {
  constructor(scope: Construct, id: string, props: LoyaltyStackProps) {
    super(scope, id, props);
    const orders = new sqs.Queue(this, 'Orders', { enforceSSL: true });
    Validations.of(orders).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'The nightly job removes an order only when its points are given; nothing is received more than once for a failure.',
    });

    const backbone = new BackboneMember(this, 'Backbone', { topology: props.topology, member: 'loyalty' });
    backbone.subscribe('Orders', {
      detailType: ['Order.Created', 'Order.Updated'],
      target: new targets.SqsQueue(orders),
    });
  }
}
