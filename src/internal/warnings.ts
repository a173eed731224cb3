import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Advice that users can acknowledge by `annotation::<id>`.
 *
 * Ids are public API: `docs/errors.md` lists them.
 */
export function warn(scope: IConstruct, id: string, message: string): void {
  Validations.of(scope).addWarning(`cdk-event-backbone:${id}`, message);
}

/** Accepts a finding of a policy pack on our own resource, with the reason that a reviewer reads. */
export function accept(scope: IConstruct, id: string, reason: string): void {
  Validations.of(scope).acknowledge({ id, reason });
}
