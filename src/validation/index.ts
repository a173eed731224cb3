export * from './republisher-options';
export * from './validated-republisher';
export * from './validated-republisher-props';
