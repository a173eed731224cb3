export * from './fan-out-rule';
export * from './forwarding-role';
export * from './subscription';
