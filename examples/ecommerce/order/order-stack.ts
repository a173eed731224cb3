import { join } from 'path';
import { Duration, RemovalPolicy, Stack, Validations, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { BackboneMember, type Topology } from 'cdk-event-backbone';
import type { Construct } from 'constructs';

export interface OrderStackProps extends StackProps {
  readonly topology: Topology;
}

/** Takes orders over HTTP, and follows their deliveries. */
export class OrderStack extends Stack {
  constructor(scope: Construct, id: string, props: OrderStackProps) {
    super(scope, id, props);
    const backbone = new BackboneMember(this, 'Backbone', { topology: props.topology, member: 'order' });

    const createOrder = this.handler('CreateOrder', 'create-order.ts');
    backbone.grantPublish(createOrder, { detailTypes: ['Order.Created'] });
    this.expose(createOrder);

    const onDeliveryUpdated = this.handler('OnDeliveryUpdated', 'on-delivery-updated.ts');
    backbone.grantPublish(onDeliveryUpdated, { detailTypes: ['Order.Updated'] });
    backbone.subscribe('DeliveryUpdated', {
      detailType: ['Delivery.Updated'],
      target: new targets.LambdaFunction(onDeliveryUpdated),
    });

    // Why an event of this service was refused; the event itself waits in the hub's quarantine.
    const notices = new sqs.Queue(this, 'Notices', { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true });
    Validations.of(notices).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'People read it: nothing is received more than once for a failure.',
    });
    backbone.subscribeToNotices('Invalid', { target: new targets.SqsQueue(notices) });
  }

  private handler(id: string, file: string): NodejsFunction {
    const logGroup = new LogGroup(this, `${id}Logs`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of its own: the managed policy of new functions lets them write the logs of others too.
    const role = new Role(this, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    return new NodejsFunction(this, id, {
      entry: join(__dirname, 'handlers', file),
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(10),
      logGroup,
      role,
    });
  }

  private expose(createOrder: NodejsFunction) {
    const api = new HttpApi(this, 'Api', { createDefaultStage: false, defaultAuthorizer: new HttpIamAuthorizer() });
    api.addRoutes({
      path: '/orders',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('CreateOrder', createOrder),
    });
    const logGroup = new LogGroup(this, 'ApiLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destination: new LogGroupLogDestination(logGroup) },
    });
  }
}
