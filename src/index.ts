export * from './backbone';
export * from './bus';
export * from './capture';
export * from './operations';
export * from './routing';
export * from './topology';
