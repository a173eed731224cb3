import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ValidatedRepublisherProps } from './validated-republisher-props';
import type { EventContract } from '../contract';
import { BackboneError, shown } from '../internal/errors';
import * as limits from '../internal/limits';
import { INVALID_PREFIX, SOURCE_PREFIX, VALID_PREFIX } from '../internal/source-prefixes';

/** What stands before the sources of what a republisher publishes. */
export interface RepublisherPrefixes {
  /** Before that of a valid event; may be empty. */
  readonly valid: string;
  /** Before that of a notice; undefined where there are none. */
  readonly notice?: string;
  /** With which no event may come in. */
  readonly reserved: string[];
}

/** Refuses prefixes by which the republisher's own events could not be told from others. */
export function prefixesOf(
  scope: IConstruct,
  { validPrefix, invalidPrefix = INVALID_PREFIX, notices = true }: ValidatedRepublisherProps,
  isSameBus: boolean,
): RepublisherPrefixes {
  const valid = validPrefix ?? (isSameBus ? VALID_PREFIX : '');
  for (const [name, prefix] of Object.entries({ validPrefix: valid, invalidPrefix })) {
    if (Token.isUnresolved(prefix)) {
      throw loop(
        scope,
        `${name} ${shown(prefix)} is known at deployment only, and stands in the code of the function: write it out`,
      );
    }
    if (prefix === '' || (SOURCE_PREFIX.test(prefix) && prefix !== 'aws.')) continue;
    throw new BackboneError(
      'ReservedPrefixInvalid',
      `${name} ${shown(prefix)} is not letters, digits, hyphens and underscores ending in one dot, or is that of AWS: write it such as "${VALID_PREFIX}"`,
      scope,
    );
  }
  if (isSameBus && valid === '') {
    throw loop(
      scope,
      `targetBus is the bus itself and validPrefix is empty, so each event would come back for ever: pass another bus, or a prefix such as "${VALID_PREFIX}"`,
    );
  }
  if (invalidPrefix === '' || invalidPrefix === valid) {
    throw loop(
      scope,
      `invalidPrefix ${shown(invalidPrefix)} does not tell notices from other events: choose a prefix such as "${INVALID_PREFIX}"`,
    );
  }
  return {
    valid,
    notice: notices ? invalidPrefix : undefined,
    reserved: [valid, invalidPrefix].filter((prefix) => prefix !== ''),
  };
}

/** Refuses a source that is too long when a prefix stands before it. */
export function requireRoom(
  scope: IConstruct,
  contracts: EventContract[],
  { valid, notice = '' }: RepublisherPrefixes,
): void {
  const room = limits.SOURCE_LENGTH - Math.max(valid.length, notice.length);
  const long = contracts.find(({ source }) => source.length > room);
  if (long === undefined) return;
  throw new BackboneError(
    'ContractInvalid',
    `source ${shown(long.source)} has ${long.source.length} characters, and with a prefix before it ${room} fit: shorten it`,
    scope,
  );
}

export const loop = (scope: IConstruct, message: string) => new BackboneError('RepublisherLoop', message, scope);
