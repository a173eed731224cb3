/**
 * The event pattern language of Amazon EventBridge: whether a pattern is valid, whether an event matches it, and why
 * not; without AWS.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export * from './compile';
export { type EventPatternErrorCode, InvalidEventError, InvalidEventPatternError, type TextPosition } from './errors';
export type { PatternWarning, PatternWarningId } from './advice';
export type { BranchExplanation, Explanation, FieldExplanation, FoundValue } from './explain';
export type { Overlap } from './overlap';
