import type { SynthesizedStack } from './cloud-assembly';

/** Text in angle brackets is not known before the deployment: `resolveIntrinsics` writes it so. */
export const PLACEHOLDER = /<[^<>]*>/;

/** Whether a text is nothing but a placeholder. */
export const isPlaceholder = (value: unknown): value is string => typeof value === 'string' && /^<[^<>]*>$/.test(value);

/** No logical id has a space, so no reference can come to the same text. */
export const STACK_ACCOUNT = '<stack account>';
export const STACK_REGION = '<stack region>';

/** What comes of a function that nobody can evaluate yet; other arguments are another text. */
export const unknownResult = (key: string, ...args: unknown[]) =>
  `<${[key, ...args.map((arg) => JSON.stringify(arg)?.replace(/[^\w-]+/g, '.'))].join(' ')}>`;

/**
 * A name that CloudFormation will make. Whatever it will be, equal text is the same resource and other text another
 * one, so that resources can be told apart before they have names.
 */
export const generatedName = (stack: SynthesizedStack, logicalId: string) =>
  `<${[stack.account, stack.region, stack.name, logicalId].join('.').replace(/[<>/]/g, '')}>`;

export const isGeneratedName = (placeholder: string) => /^<\d{12}\./.test(placeholder);

/** Whether a placeholder is an account, a Region or a name, so that no punctuation of an ARN is in it. */
export const isWord = (placeholder: string) =>
  placeholder === STACK_ACCOUNT || placeholder === STACK_REGION || /^<(\d{12}|stack account)\./.test(placeholder);

/** The parts of an ARN; a colon inside a placeholder is none of it. */
export const arnParts = (arn: string): string[] => arn.split(/:(?![^<>]*>)/);
