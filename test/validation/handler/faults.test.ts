import { explanation, isPermanent, isRefusal } from '../../../functions/republisher/faults';

const error = (name: string, httpStatusCode?: number) =>
  Object.assign(new Error(), { name, $metadata: { httpStatusCode } });

test.each([
  'AccessDeniedException',
  'InvalidAccountIdException',
  'InvalidArgument',
  'MalformedDetail',
  'NotAuthorizedForDetailTypeException',
  'NotAuthorizedForSourceException',
  'RedactionFailure',
])('an entry with %s is not tried again', (code) => {
  expect(isPermanent(code)).toBe(true);
});

test.each(['InternalFailure', 'InternalException', 'ThrottlingException', 'ServiceUnavailable', 'NeverHeardOf'])(
  'an entry with %s is tried again',
  (code) => {
    expect(isPermanent(code)).toBe(false);
  },
);

test.each([
  ['ValidationException', 400],
  ['AccessDeniedException', 403],
  ['RequestEntityTooLarge', 413],
  ['QueueDoesNotExist', 400],
  ['NoSuchBucket', 404],
])('a request with %s (%d) is refused', (name, status) => {
  expect(isRefusal(error(name, status))).toBe(true);
});

test.each([
  ['ThrottlingException', 400],
  ['RequestThrottled', 403],
  ['TooManyRequestsException', 429],
  ['Unknown', 429],
  ['Unknown', 408],
  ['InternalFailure', 500],
  ['ServiceUnavailable', 503],
  ['KmsThrottled', 400],
  // Of the function, not of what it sends.
  ['ExpiredTokenException', 400],
  ['UnrecognizedClientException', 400],
  ['InvalidSignatureException', 403],
  ['SyntaxError', 200],
  ['TimeoutError', undefined],
])('a request with %s (%s) may pass', (name, status) => {
  expect(isRefusal(error(name, status))).toBe(false);
});

test('what is no error of a service may pass', () => {
  expect(isRefusal(new TypeError())).toBe(false);
  expect(isRefusal(undefined)).toBe(false);
});

test('what may quote an event is not repeated', () => {
  expect(explanation('ValidationException', "Value 'secret' failed", 400)).toBeUndefined();
  expect(explanation('MalformedDetail', 'secret')).toBeUndefined();
  expect(explanation('AccessDeniedException', 'not authorized', 403)).toBe('not authorized');
  expect(explanation('InternalFailure', 'oops', 500)).toBe('oops');
});
