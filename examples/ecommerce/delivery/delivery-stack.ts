import { join } from 'path';
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BackboneMember, type Topology } from 'cdk-event-backbone';
import type { Construct } from 'constructs';

export interface DeliveryStackProps extends StackProps {
  readonly topology: Topology;
}

/** Delivers what was ordered, and says so. */
export class DeliveryStack extends Stack {
  constructor(scope: Construct, id: string, props: DeliveryStackProps) {
    super(scope, id, props);
    const logGroup = new LogGroup(this, 'OnOrderCreatedLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of its own: the managed policy of new functions lets them write the logs of others too.
    const role = new Role(this, 'OnOrderCreatedRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    const onOrderCreated = new NodejsFunction(this, 'OnOrderCreated', {
      entry: join(__dirname, 'handlers/on-order-created.ts'),
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(10),
      logGroup,
      role,
    });

    const backbone = new BackboneMember(this, 'Backbone', { topology: props.topology, member: 'delivery' });
    backbone.subscribe('OrderCreated', {
      detailType: ['Order.Created'],
      target: new targets.LambdaFunction(onOrderCreated),
    });
    backbone.grantPublish(onOrderCreated, { detailTypes: ['Delivery.Updated'] });
  }
}
