import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BackboneMember } from 'cdk-event-backbone';
import type { Construct } from 'constructs';
import type { ServiceStackProps } from './service-a-stack';

/** Keeps what happened, for reports: in S3, for Athena. */
export class ServiceCStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    const backbone = new BackboneMember(this, 'Backbone', {
      topology: props.topology,
      member: 'servicec',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { bucket } = backbone.captureStream('History', { retention: Duration.days(365), excludeReplays: true });
    new CfnOutput(this, 'BucketName', { value: bucket!.bucketName });
  }
}
