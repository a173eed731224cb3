export * from './bus-archive';
export * from './catch-all-log-rule';
export * from './catch-all-stream-rule';
export type { EventBusLogging } from './event-bus-logs';
export * from './log-group-target';
