import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import {
  RepublisherTransport,
  type SourceOwner,
  UnknownEvents,
  ValidationMode,
  type ValidationOptions,
} from './republisher-options';
import { BackboneError, shown } from '../internal/errors';

/** The form that topologies ask for, too. */
const PREFIX = /^[A-Za-z0-9_-]+\.$/;

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
}

/** Refuses a prefix that would reserve more than it says, or that EventBridge refuses. */
export function requirePrefix(scope: IConstruct, name: string, prefix: string): void {
  if (PREFIX.test(prefix) && prefix !== 'aws.') return;
  throw new BackboneError(
    'ReservedPrefixInvalid',
    `${name} ${shown(prefix)} is not letters, digits, hyphens and underscores ending in one dot, or is that of AWS: write it such as "valid."`,
    scope,
  );
}

export function requireSources(scope: IConstruct, sources: readonly string[]): void {
  if (Token.isUnresolved(sources)) return;
  const refuse = (message: string) => {
    throw new BackboneError('SourceInvalid', message, scope);
  };
  if (!Array.isArray(sources)) {
    refuse(`sources is ${shown(sources)}, not a list: write ['order.service'], say`);
  }
  sources.forEach((source: unknown, i) => {
    if (source === undefined || source === null) {
      refuse(`sources[${i}] is ${shown(source)}: write the source that producers send, such as "order.service"`);
    }
  });
}

export function requireSourceOwners(scope: IConstruct, owners: readonly SourceOwner[]): void {
  const refuse = (message: string) => {
    throw new BackboneError('AccountInvalid', `${message}: write { source: 'order.service', accounts: ['…'] }`, scope);
  };
  if (!Array.isArray(owners)) refuse(`sourceOwners is ${shown(owners)}, not a list`);
  owners.forEach((owner: Partial<SourceOwner> | undefined, i) => {
    if (Array.isArray(owner?.accounts)) return;
    refuse(`sourceOwners[${i}] is ${shown(owner)}, which names no list of accounts`);
  });
}
