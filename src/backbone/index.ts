export * from './backbone-member';
export * from './event-backbone';
