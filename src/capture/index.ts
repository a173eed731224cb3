export * from './bus-archive';
export * from './catch-all-log-rule';
export * from './log-group-target';
