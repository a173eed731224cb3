import { join } from 'path';
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { GlobalBus } from 'cdk-event-backbone';
import type { Construct } from 'constructs';
import { EVENT_BUS_NAME } from './bus-stack';

/** The producer: it may put events of its own source on the bus, and knows of nobody who takes them. */
export class CustomerAppStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const logGroup = new LogGroup(this, 'SignUpLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of its own: the managed policy of new functions lets them write the logs of others too.
    const role = new Role(this, 'SignUpRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    const signUp = new NodejsFunction(this, 'SignUp', {
      entry: join(__dirname, 'handlers/sign-up.ts'),
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(10),
      logGroup,
      role,
    });
    GlobalBus.fromEventBusName(this, 'Bus', EVENT_BUS_NAME).grantPublish(signUp, {
      sources: ['com.example-corp.customerapp'],
      detailTypes: ['New Signup'],
    });
  }
}
