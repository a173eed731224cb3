/**
 * What the service allows, each with where it is written.
 *
 * Adjustable quotas end in a warning, hard limits in an error.
 */

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
/** Rules on one bus (adjustable; 100 in af-south-1 and eu-south-1). */
export const RULES_PER_BUS = 300;
/** Rules on one bus where a new account starts lower. */
export const RULES_PER_BUS_BY_REGION: Record<string, number> = { 'af-south-1': 100, 'eu-south-1': 100 };
/** Rules with wildcards on one bus (fixed). */
export const WILDCARD_RULES_PER_BUS = 30;
/** Targets on one rule (fixed). */
export const TARGETS_PER_RULE = 5;
/** Characters of an event pattern (adjustable up to what the API takes). */
export const EVENT_PATTERN_LENGTH = 2048;
/** Characters of an event pattern that the API takes at most (PutRule, EventPattern). */
export const EVENT_PATTERN_MAX_LENGTH = 4096;
/** Characters of the policy of a bus (adjustable). */
export const EVENT_BUS_POLICY_LENGTH = 10_240;

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/ (request shapes)
export const EVENT_BUS_NAME_LENGTH = 256;
export const RULE_NAME_LENGTH = 64;
export const ARCHIVE_NAME_LENGTH = 48;
export const STATEMENT_ID_LENGTH = 64;
export const DESCRIPTION_LENGTH = 512;
/** Attempts of a delivery, and how long the service goes on with it (the service's own defaults and maxima). */
export const MAX_RETRY_ATTEMPTS = 185;
export const MAX_EVENT_AGE_HOURS = 24;
/** Values that an input transformer takes from an event (PutTargets, InputPathsMap). */
export const INPUT_PATHS = 100;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
export const ROLE_NAME_LENGTH = 64;
export const ROLE_PATH_LENGTH = 512;
/** Characters of a trust policy, white space not counted (adjustable to 4096). */
export const ROLE_TRUST_POLICY_LENGTH = 2048;
/** Characters of a managed policy, white space not counted (fixed). */
export const MANAGED_POLICY_LENGTH = 6144;
/** Managed policies on one role (adjustable to 20). */
export const MANAGED_POLICIES_PER_ROLE = 10;

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
export const QUEUE_NAME_LENGTH = 80;

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
export const LOG_GROUP_NAME_LENGTH = 512;
/** Names of the sources and destinations of vended logs (PutDeliverySource, PutDeliveryDestination). */
export const DELIVERY_NAME_LENGTH = 60;
/** Resource policies for logs in an account and Region, those of single log groups apart (fixed). */
export const LOG_RESOURCE_POLICIES = 10;

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html
export const STACK_NAME_LENGTH = 128;

// https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html
/** How long Data Firehose gathers records for S3 at most. */
export const FIREHOSE_BUFFERING_SECONDS = 900;
/** And at least, with partitions by content. */
export const FIREHOSE_BUFFERING_SECONDS_PARTITIONED = 60;
/** What a user's prefix may have of the 1,024 characters (ExtendedS3DestinationConfiguration): ours stand around it. */
export const FIREHOSE_PREFIX_LENGTH = 900;

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
export const DETAIL_TYPE_LENGTH = 128;
export const SOURCE_LENGTH = 256;

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html#schema-quotas
/** Schemas in one registry, and registries in an account and Region (adjustable). */
export const SCHEMAS_PER_REGISTRY = 100;
export const SCHEMA_REGISTRIES = 10;

// https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname-schemas-name-schemaname.html
export const SCHEMA_REGISTRY_NAME_LENGTH = 64;
/** A source, `@` and a detail-type, each as long as EventBridge lets them be. */
export const SCHEMA_NAME_LENGTH = 385;
/** Of a schema, and of a registry (fixed). */
export const SCHEMA_DESCRIPTION_LENGTH = 256;
/** Characters of the text of a schema (fixed). */
export const SCHEMA_CONTENT_LENGTH = 100_000;
