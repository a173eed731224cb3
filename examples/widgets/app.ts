import { App } from 'aws-cdk-lib';
import { Widgets } from './widgets';

new Widgets(new App());
