/**
 * The types of records that a bus writes at each level of its log. Each needs a source and a delivery of its own.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-logs.html
 */
export const LOG_TYPES: Record<string, string[]> = {
  OFF: [],
  ERROR: ['ERROR_LOGS'],
  INFO: ['ERROR_LOGS', 'INFO_LOGS'],
  TRACE: ['ERROR_LOGS', 'INFO_LOGS', 'TRACE_LOGS'],
};
