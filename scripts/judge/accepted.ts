/** A finding of a tool that is right about something else, with the reason. */
export interface Accepted {
  readonly rule: string;
  /** Which resources: a part of `<stack>/<logical id>`. Any, if left out. */
  readonly resource?: string;
  readonly reason: string;
}

/** What is accepted of the examples. One that finds nothing any more is an error, too. */
export const ACCEPTED: Accepted[] = [
  { rule: 'W3005', reason: 'The CDK orders resources by constructs; what a reference says again does no harm.' },

  {
    rule: 'cloudwatch_alarm_action_check',
    reason: 'Whom an alarm tells is for the user to say: alarmActions. The examples have nobody to tell.',
  },
  {
    rule: 'cloudwatch_log_group_encrypted_check',
    reason: 'Log groups are encrypted by CloudWatch Logs; a key of your own is an option (encryptionKey).',
  },
  {
    rule: 'cloudwatch_log_group_retention_period_check',
    reason: 'A catch-all log is for looking into; what must be kept for a year is in the archive.',
  },
  { rule: 'sqs_dlq_check', reason: 'Dead-letter queues, and queues of examples whose messages nobody handles.' },
  {
    rule: 'sqs_queue_encrypted_check',
    resource: '/Orders',
    reason: 'Encrypted by SQS itself, which the rule does not know; the template leaves that default.',
  },
  {
    rule: 'lambda_function_public_access_prohibited_check',
    resource: 'OrderService/ApiPOSTorders',
    reason: 'The permission of the HTTP API, which is bound to one route of it.',
  },
  {
    rule: 'lambda_inside_vpc_check',
    reason: 'The functions talk to EventBridge alone, and need no network of their own.',
  },
  {
    rule: 'kms_create_grant_aws_service_check',
    resource: 'BigCustomers',
    reason: 'The default policy of a key of the CDK, which leaves permissions to IAM.',
  },
  {
    rule: 's3_bucket_default_encryption_kms_check',
    reason: 'Encrypted by S3; a key of your own is an option (encryptionKey), and a must for a bus that has one.',
  },
  {
    rule: 's3_bucket_versioning_enabled_check',
    reason: 'Objects of Data Firehose are written once, under names of their own.',
  },
  {
    rule: 's3_bucket_logging_enabled_check',
    reason: 'Who reads is seen in CloudTrail, for whoever wants it and pays for it.',
  },
  { rule: 's3_event_notifications_enabled_check', reason: 'Nobody waits for the objects.' },
  { rule: 's3_bucket_object_lock_enabled_check', reason: 'Events can hold personal data that must be deleted.' },
];
