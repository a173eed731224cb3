export * from './republisher-options';
export * from './validated-republisher';
