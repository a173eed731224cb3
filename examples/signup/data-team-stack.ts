import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { GlobalBus } from 'cdk-event-backbone';
import type { Construct } from 'constructs';
import { EVENT_BUS_NAME } from './bus-stack';

/** The data team takes everything, and needs to ask nobody: in S3, for Athena. */
export class DataTeamStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const { bucket } = GlobalBus.fromEventBusName(this, 'Bus', EVENT_BUS_NAME).captureStream('Everything', {
      retention: Duration.days(90),
      // What a replay brings is there already.
      excludeReplays: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new CfnOutput(this, 'BucketName', { value: bucket!.bucketName });
  }
}
