import { App, Stack } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { everyConstruct } from './every-construct';
import { nagFindings } from './nag-findings';

test('cdk-nag finds nothing in any construct that is not accepted with a reason', () => {
  expect(nagFindings(everyConstruct().app)).toEqual([]);
});

test('cdk-nag finds a queue without TLS, so it looks', () => {
  const app = new App();
  new sqs.Queue(new Stack(app, 'Stack'), 'Queue');
  expect(nagFindings(app).join()).toContain('AwsSolutions-SQS4');
});

test('every accepted finding has a reason of its own', () => {
  const reasons = everyConstruct()
    .app.node.findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
    .flatMap(({ data }) => Object.values<string>(data));
  expect(reasons.length).toBeGreaterThan(0);
  for (const reason of reasons) expect(reason.length).toBeGreaterThan(15);
});
