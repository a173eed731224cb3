import type { IConstruct } from 'constructs';
import { RepublisherTransport, UnknownEvents, ValidationMode, type ValidationOptions } from './republisher-options';
import { BackboneError, shown } from '../internal/errors';

/** Refuses choices that there are not: they would validate in another way than was meant. */
export function requireOptions(scope: IConstruct, options: ValidationOptions): void {
  const choices = { mode: ValidationMode, unknownEvents: UnknownEvents, transport: RepublisherTransport };
  for (const [name, choice] of Object.entries(choices)) {
    const value = options[name as keyof typeof choices];
    const allowed: string[] = Object.values(choice);
    if (value === undefined || allowed.includes(value)) continue;
    throw new BackboneError(
      'ValidationOptionInvalid',
      `${name} ${shown(value)} is not one of ${allowed.map(shown).join(', ')}: choose one of these`,
      scope,
    );
  }
  if (options.quarantineBucket === undefined || options.overflowBucket === undefined) return;
  throw new BackboneError(
    'QuarantineInvalid',
    'overflowBucket is for what is too long for the queue, and quarantineBucket takes the place of that queue: pass one of them',
    scope,
  );
}

/** Refuses what plain JavaScript lets pass for options. */
export function requireValidation(scope: IConstruct, validation: ValidationOptions | undefined): void {
  if (validation === undefined) return;
  if (typeof validation === 'object' && validation !== null && !Array.isArray(validation)) return;
  throw new BackboneError(
    'ValidationOptionInvalid',
    `validation is ${shown(validation)}, not an object: write { mode: ValidationMode.AUDIT }, say`,
    scope,
  );
}
