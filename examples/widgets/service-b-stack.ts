import { join } from 'path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BackboneMember } from 'cdk-event-backbone';
import type { Construct } from 'constructs';
import { NEW_WIDGET } from './contracts';
import type { ServiceStackProps } from './service-a-stack';

/** Shows widgets as they come: each is an item of a table. */
export class ServiceBStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    const table = new dynamodb.TableV2(this, 'WidgetTable', {
      partitionKey: { name: 'widget_id', type: dynamodb.AttributeType.STRING },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logGroup = new LogGroup(this, 'StoreLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'StoreRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    table.grant(role, 'dynamodb:UpdateItem');
    const store = new NodejsFunction(this, 'Store', {
      entry: join(__dirname, 'handlers/store-widget.ts'),
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(10),
      environment: { TABLE_NAME: table.tableName },
      logGroup,
      role,
    });
    const backbone = new BackboneMember(this, 'Backbone', { topology: props.topology, member: 'serviceb' });
    backbone.subscribe('NewWidgets', { contract: NEW_WIDGET, target: new targets.LambdaFunction(store) });
  }
}
