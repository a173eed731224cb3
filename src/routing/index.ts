export type { EventConditions } from './event-conditions';
export * from './fan-out-rule';
export * from './forwarding-role';
export * from './forwarding-rule';
export * from './subscription';
