import { Token } from 'aws-cdk-lib';

/** Two texts that are certainly different: tokens are never invalid, only unknown. */
export function certainlyDiffer(a: string, b: string): boolean {
  return !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
}

/** Two texts that are certainly the same: literals, or the same token. */
export function certainlySame(a: string, b: string): boolean {
  return a === b;
}
