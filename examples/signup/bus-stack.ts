import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { GlobalBus } from 'cdk-event-backbone';
import type { Construct } from 'constructs';

/** The name is all that producers and consumers have to know. */
export const EVENT_BUS_NAME = 'example-corp';

/** The bus of one Region: whatever happens, somebody may care to know. */
export class BusStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    // An example leaves nothing behind, once the bucket of the data team is empty.
    new GlobalBus(this, 'Bus', { eventBusName: EVENT_BUS_NAME, removalPolicy: RemovalPolicy.DESTROY });
  }
}
