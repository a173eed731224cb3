import { App, RemovalPolicy } from 'aws-cdk-lib';
import { DevelopmentStack } from './development-stack';

/** Everything in one stack, in whichever account and Region it is deployed to. */
new DevelopmentStack(new App(), 'Development', { removalPolicy: RemovalPolicy.DESTROY });
