/** What stands before the source of a valid event, unless somebody says otherwise. */
export const VALID_PREFIX = 'valid.';

/** What stands before the source of a notice about an invalid event. */
export const INVALID_PREFIX = 'invalid.';

/** One dot, at the end: a prefix that reserves no more than it says. */
export const SOURCE_PREFIX = /^[A-Za-z0-9_-]+\.$/;
