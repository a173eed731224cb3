import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Two texts that are certainly different: tokens are never invalid, only unknown. */
export function certainlyDiffer(a: string, b: string): boolean {
  return !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
}

/** Two texts that are certainly the same: literals, or the same token. */
export function certainlySame(a: string, b: string): boolean {
  return a === b;
}

/**
 * Whether a value is the account of whichever stack it stands in, in a stack that knows its account: it came from a
 * stack that does not, and would change its meaning here.
 */
export function isAccountOfAnotherStack(scope: IConstruct, account: string): boolean {
  const stack = Stack.of(scope);
  if (Token.isUnresolved(stack.account) || !Token.isUnresolved(account)) return false;
  return JSON.stringify(stack.resolve(account)) === '{"Ref":"AWS::AccountId"}';
}
