import { Aws, Stack, Validations, type RemovalPolicy, type StackProps } from 'aws-cdk-lib';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { EventBackbone, Topology } from 'cdk-event-backbone';
import type { Construct } from 'constructs';

export interface DevelopmentStackProps extends StackProps {
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A backbone for one developer: the same topology as in production, but all members share the developer's account, so
 * that the sources tell their events apart.
 */
export class DevelopmentStack extends Stack {
  constructor(scope: Construct, id: string, props: DevelopmentStackProps = {}) {
    super(scope, id, props);
    const account = Aws.ACCOUNT_ID;
    const topology = new Topology({
      name: 'shop-dev',
      hub: { account, region: Aws.REGION },
      members: [
        { name: 'order', account, sources: ['order.service'] },
        { name: 'delivery', account, sources: ['delivery.service'] },
      ],
    });
    const backbone = new EventBackbone(this, 'Backbone', {
      topology,
      archive: false,
      removalPolicy: props.removalPolicy,
    });

    const orders = new sqs.Queue(this, 'Orders', { enforceSSL: true });
    Validations.of(orders).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'For looking at events while developing.' });
    backbone.localBus('delivery').subscribe('OrderCreated', {
      detailType: ['Order.Created'],
      target: new targets.SqsQueue(orders),
    });
  }
}
