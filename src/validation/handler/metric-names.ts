/** What the republisher counts: an event when all is done about it, however often it came. Alarms watch these, with `service` as the only dimension. */
export const METRIC_NAMES = {
  /** Events that keep to their contract; also by `source`. */
  valid: 'Valid',
  /** Events that are refused, or would be in another mode; also by `source`. */
  invalid: 'Invalid',
  /** Events that EventBridge took. */
  published: 'Published',
  /** Records written. */
  quarantined: 'Quarantined',
  /** Notices that EventBridge took. */
  notices: 'Notices',
  loopPrevented: 'LoopPrevented',
  /** Events without a contract, whatever became of them. */
  unknown: 'Unknown',
  /** Entries, events and notices, that EventBridge did not take in the time there was. */
  publishFailures: 'PublishFailures',
  /** Milliseconds between the time of an event and the end of the work on it. */
  age: 'Age',
} as const;

/** Each new value of a dimension is a metric to pay for: sources that no contract and no owner names are one. */
export const OTHER_SOURCES = 'other';
