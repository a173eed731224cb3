import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { GlobalBus, Subscription } from 'cdk-event-backbone';
import type { Construct } from 'constructs';
import { EVENT_BUS_NAME } from './bus-stack';

/** A consumer that cares about the big customers only, and wants to read of them by mail. */
export class BigCustomersStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    // The key of AWS for SNS does not admit EventBridge.
    const key = new kms.Key(this, 'Key', { enableKeyRotation: true });
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    const topic = new sns.Topic(this, 'Topic', { displayName: 'Big customers', masterKey: key, enforceSSL: true });
    new CfnOutput(this, 'TopicArn', { value: topic.topicArn });
    new Subscription(this, 'BigSignup', {
      eventBus: GlobalBus.fromEventBusName(this, 'Bus', EVENT_BUS_NAME),
      source: ['com.example-corp.customerapp'],
      detailType: ['New Signup'],
      detail: { plan: ['Enterprise1000'] },
      target: new targets.SnsTopic(topic),
    });
  }
}
