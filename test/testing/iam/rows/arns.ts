import type { AppPolicies } from '../../../../src/testing/iam/app-policies';

/** Finds the ARN of a resource by `<stack>/<start of the logical id>`. */
export type Arns = (place: string) => string;

const TYPES = [
  'AWS::Events::Rule',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
];

export function arnsIn(policies: AppPolicies): Arns {
  const all = Object.assign({}, ...TYPES.map((type) => policies.arnsOf(type))) as Record<string, string>;
  return (place) => {
    const whole = Object.keys(all).filter((name) => name.replace(/[0-9A-F]{8}$/, '') === place);
    const found = whole.length > 0 ? whole : Object.keys(all).filter((name) => name.startsWith(place));
    if (found.length !== 1) throw new Error(`${place}: ${found.length} resources of ${Object.keys(all).join(', ')}`);
    return all[found[0]];
  };
}
