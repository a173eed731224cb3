export * from './global-bus';
export * from './global-bus-props';
export * from './local-bus';
export { GrantSide, PublishGrant, type PublishGrantOptions } from './publish-grant';
export * from './published-bus';
export type { SourcePin } from './source-pins';
