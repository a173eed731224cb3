/** Of all clients. They do not try again by themselves: who sends knows how much time is left, and which entries failed. */
export const CLIENT_CONFIG = {
  maxAttempts: 1,
  // The whole of a request is stopped in deliver.ts; this is for a service that cannot be reached.
  requestHandler: { connectionTimeout: 1_000 },
};
