/**
 * Codes of an entry of PutEvents that another try cannot change. All others are worth one.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
const PERMANENT = new Set([
  'AccessDeniedException',
  'InvalidAccountIdException',
  'InvalidArgument',
  'MalformedDetail',
  'NotAuthorizedForDetailTypeException',
  'NotAuthorizedForSourceException',
  'RedactionFailure',
]);

export const isPermanent = (code: string): boolean => PERMANENT.has(code);

/** Errors that are said to be the caller's fault, and pass: too many requests, or credentials and clocks that change. */
const PASSING =
  /throttl|toomanyrequests|limitexceeded|slowdown|requesttimeout|unavailable|internal|expired|skewed|unrecognizedclient|invalidclienttoken|invalidsignature|signaturedoesnotmatch|missingauthentication|incompletesignature/i;

export const isPassing = (code: string): boolean => PASSING.test(code);

/** Whether the service has refused a request for good: its answer says so, and would say so again. */
export function isRefusal(error: unknown): boolean {
  const { name, $metadata } = Object(error);
  const status = $metadata?.httpStatusCode;
  const isOurs = typeof status === 'number' && status >= 400 && status < 500 && status !== 408 && status !== 429;
  return isOurs && !isPassing(String(name));
}

/** What a service says of a fault, unless it may quote the event: messages of validation do. */
export function explanation(code: string, message: string | undefined, status: number = 400): string | undefined {
  const isAboutInput = status >= 400 && status < 500 && !/^(AccessDenied|NotAuthorized)/.test(code);
  return isAboutInput ? undefined : message;
}
