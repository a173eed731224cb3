import { Stack, Validations, type StackProps } from 'aws-cdk-lib';
import { CfnEventBus, EventBus } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { BackboneMember, type Topology } from 'cdk-event-backbone';
import type { Construct } from 'constructs';
import { NEW_WIDGET } from './contracts';

export interface ServiceStackProps extends StackProps {
  readonly topology: Topology;
}

/** Knows of new widgets. It publishes on a bus of its own, of which it forwards to the hub what others should know. */
export class ServiceAStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    const backbone = new BackboneMember(this, 'Backbone', { topology: props.topology, member: 'servicea' });
    const bus = new CfnEventBus(this, 'OwnBus', { name: 'warehouse' });
    backbone.forward('NewWidgets', {
      eventBus: EventBus.fromEventBusName(this, 'Warehouse', bus.ref),
      source: [NEW_WIDGET.source],
      detailType: [NEW_WIDGET.detailType],
    });
    // What was wrong with an event is known here within seconds.
    const notices = new sqs.Queue(this, 'Notices', {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    Validations.of(notices).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'People read it: nothing is received more than once for a failure.',
    });
    backbone.subscribeToNotices('Invalid', { target: new targets.SqsQueue(notices) });
  }
}
