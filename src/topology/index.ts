export * from './topology';
export * from './topology-props';
