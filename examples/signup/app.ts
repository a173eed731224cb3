import { App } from 'aws-cdk-lib';
import { signupIn } from './signup';

/** The same stacks in two Regions: if one fails, the other goes on by itself. */
const app = new App();
for (const region of ['eu-west-1', 'us-east-1']) signupIn(app, { account: '111111111111', region });
