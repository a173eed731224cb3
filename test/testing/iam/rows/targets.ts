import type { Arns } from './arns';
import { row, ruleArn, type Row } from './row';
import { callOf, request } from '../../../../src/testing/iam/request';
import { DELIVERY, ORDER, OUTSIDER, REGION } from '../backbone-app';

/** What the targets of the CDK admit to a subscription's function and queue, and who may be the team's roles. */
export function targetRows(arns: Arns): Row[] {
  const lambda = arns('DeliveryTeam/OnOrderCreated');
  const queue = arns('OrderTeam/Deliveries');
  const created = ruleArn(DELIVERY, 'acme-delivery/order-created');
  const delivered = ruleArn(ORDER, 'acme-order/delivered');
  const places = [
    'OrderTeam/Publisher',
    'DeliveryTeam/Publisher',
    'BillingTeam/Publisher',
    'DeliveryTeam/FunctionRole',
  ];
  return [
    row(
      'EventBridge',
      (p) => callOf(p, 'lambda:InvokeFunction', lambda, { arn: created }),
      'allowed',
      'for its subscription',
    ),
    row(
      'EventBridge',
      (p) => callOf(p, 'lambda:InvokeFunction', lambda, { arn: `${created}-2` }),
      'denied',
      'for another rule',
    ),
    row('EventBridge', (p) => callOf(p, 'lambda:InvokeFunction', lambda, {}), 'denied', 'for no rule'),
    row(
      'EventBridge',
      (p) => callOf(p, 'lambda:GetFunction', lambda, { arn: created }),
      'denied',
      'invokes, and reads nothing',
    ),
    row('SNS', (p) => callOf(p, 'lambda:InvokeFunction', lambda, { arn: created }), 'denied', 'another service'),
    row(
      'admin of the hub',
      (p) => request(p, 'lambda:InvokeFunction', lambda),
      'denied',
      'the hub invokes no functions of members',
    ),

    row(
      'EventBridge',
      (p) => callOf(p, 'sqs:SendMessage', queue, { arn: delivered }),
      'allowed',
      'for its subscription',
    ),
    row(
      'EventBridge',
      (p) => callOf(p, 'sqs:GetQueueUrl', queue, { arn: delivered }),
      'allowed',
      'the CDK admits it, too',
    ),
    row(
      'EventBridge',
      (p) => callOf(p, 'sqs:GetQueueAttributes', queue, { arn: delivered }),
      'allowed',
      'the CDK admits it, too',
    ),
    row(
      'EventBridge',
      (p) => callOf(p, 'sqs:ReceiveMessage', queue, { arn: delivered }),
      'denied',
      'sends, and reads nothing',
    ),
    row(
      'EventBridge',
      (p) => callOf(p, 'sqs:SendMessage', queue, { arn: `${delivered}-2` }),
      'denied',
      'for another rule',
    ),
    row(
      'EventBridge',
      (p) => callOf(p, 'sqs:SendMessage', queue, { arn: delivered.replace(ORDER, OUTSIDER) }),
      'denied',
      'confused deputy',
    ),
    row(
      'EventBridge',
      (p) => callOf(p, 'sqs:SendMessage', queue, { arn: delivered.replace(REGION, 'us-east-1') }),
      'denied',
      'for a rule of another Region',
    ),
    row('SNS', (p) => callOf(p, 'sqs:SendMessage', queue, { arn: delivered }), 'denied', 'another service'),

    ...places.flatMap((place) => [
      row('Lambda', (p) => request(p, 'sts:AssumeRole', arns(place)), 'allowed', 'the function of the team'),
      row('Lambda', (p) => request(p, 'sts:TagSession', arns(place)), 'denied', 'to assume it is all'),
      row('EventBridge', (p) => request(p, 'sts:AssumeRole', arns(place)), 'denied', 'another service'),
      row('SNS', (p) => request(p, 'sts:AssumeRole', arns(place)), 'denied', 'another service'),
      row(
        'admin of the hub',
        (p) => request(p, 'sts:AssumeRole', arns(place)),
        'denied',
        'the hub takes no roles of members',
      ),
    ]),
  ];
}
