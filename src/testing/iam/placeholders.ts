import type { SynthesizedStack } from '../cloud-assembly';

/** Text in angle brackets is not known before the deployment: `resolveIntrinsics` writes it so. */
export const PLACEHOLDER = /<[^<>]*>/;

/**
 * A name that CloudFormation will make. Whatever it will be, equal text is the same resource and other text another
 * one, so that resources can be told apart before they have names.
 */
export const generatedName = (stack: SynthesizedStack, logicalId: string) =>
  `<${[stack.account, stack.region, stack.name, logicalId].join('.').replace(/[<>]/g, '')}>`;

export const isGeneratedName = (placeholder: string) => /^<\d{12}\./.test(placeholder);
