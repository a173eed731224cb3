export * from './backbone';
export * from './bus';
export * from './capture';
export * from './contract';
export * from './operations';
export * from './routing';
export * from './topology';
export * from './validation';
export { BackboneChecks, type BackboneChecksProps } from './testing/backbone-checks';
