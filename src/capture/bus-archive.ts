import { type Duration, type RemovalPolicy, Resource, Stack, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { dependOnBus } from '../internal/bus-identity';
import { checkDescription, requireEventBus, requireOwnBus, takeName } from '../internal/bus-rule';
import { BackboneError, shown } from '../internal/errors';
import { checkPattern, renderPattern, resolvePattern, type WirePattern } from '../internal/event-pattern';
import { addToKeyPolicy, archiveKeyStatements } from '../internal/key-policy';
import * as limits from '../internal/limits';
import { shortened } from '../internal/short-names';
import { warn } from '../internal/warnings';

/**
 * How events are kept for replay.
 */
export interface BusArchiveOptions {
  /**
   * The name of the archive, 48 characters at most.
   *
   * @default - the name of the bus, shortened with a hash where it is longer; made by CloudFormation where that name is a deploy-time value
   */
  readonly archiveName?: string;

  /**
   * What the archive is for, 512 characters at most.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * How long events are kept, in whole days.
   *
   * @default - for ever
   */
  readonly retention?: Duration;

  /**
   * Which events are kept, in the wire's own field names.
   *
   * Do not filter the archive of a global bus by the hub's own `account`: the events of a backbone carry the accounts
   * of their producers, so nothing would be kept.
   *
   * @default - every event, replayed ones excepted
   */
  readonly eventPattern?: { [key: string]: any };

  /**
   * The customer managed key that encrypts the archive.
   *
   * Its policy is extended; where the key is imported, the statements to add are printed.
   *
   * @default - a key of AWS
   */
  readonly kmsKey?: kms.IKey;

  /**
   * What happens to the archive when it leaves the stack.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Properties of a `BusArchive`.
 */
export interface BusArchiveProps extends BusArchiveOptions {
  /**
   * The bus whose events are kept, in the account and Region of the stack.
   */
  readonly eventBus: events.IEventBusRef;
}

/**
 * Keeps the events of a bus, whoever sent them, to replay them later.
 *
 * A replay goes to the bus again, and so to every member, unless it names the rules (`FilterArns`).
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
 */
export class BusArchive extends Resource {
  /**
   * The ARN of the archive.
   * @attribute
   */
  public readonly archiveArn: string;

  /**
   * The name of the archive.
   * @attribute
   */
  public readonly archiveName: string;

  constructor(scope: Construct, id: string, props: BusArchiveProps) {
    super(scope, id, { physicalName: props.archiveName });
    const { eventBus, retention, kmsKey, description } = props;
    requireEventBus(this, eventBus);
    requireOwnBus(this, eventBus, 'an archive');
    const { eventBusName, eventBusArn } = eventBus.eventBusRef;
    const days = retention?.isUnresolved() ? retention.toDays() : retention?.toDays({ integral: false });
    if (days !== undefined && !Token.isUnresolved(days) && !Number.isInteger(days)) {
      throw new BackboneError(
        'ArchiveRetentionInvalid',
        `retention of ${retention!.toHumanString()} is not a number of whole days: round it up`,
        this,
      );
    }
    if (days === 0) {
      throw new BackboneError(
        'ArchiveRetentionInvalid',
        'retention of 0 days would keep events for ever: leave it out for that, or give at least one day',
        this,
      );
    }
    checkDescription(this, description);
    const ofBus = Token.isUnresolved(eventBusName) ? undefined : shortened(eventBusName, limits.ARCHIVE_NAME_LENGTH);
    const name = props.archiveName ?? ofBus;
    if (
      name !== undefined &&
      !Token.isUnresolved(name) &&
      (name.length > limits.ARCHIVE_NAME_LENGTH || !/^[A-Za-z0-9_.-]+$/.test(name))
    ) {
      throw new BackboneError(
        'ArchiveNameInvalid',
        `archive name ${shown(name)} is not 1 to ${limits.ARCHIVE_NAME_LENGTH} letters, digits, dots, hyphens and underscores`,
        this,
      );
    }
    if (name !== undefined && !takeName(eventBus, `archive ${name}`)) {
      throw new BackboneError(
        'ArchiveNameInvalid',
        `archive name ${shown(name)} is taken by another archive of ${eventBusName}: give this one an archiveName of its own`,
        this,
      );
    }
    const pattern = props.eventPattern && resolvePattern(this, props.eventPattern);
    if (pattern !== undefined) {
      checkPattern(this, pattern, 'event pattern');
      this.warnAboutOwnAccount(pattern);
    }
    if (kmsKey !== undefined) {
      addToKeyPolicy(this, kmsKey, archiveKeyStatements(eventBusArn), `the archive of ${eventBusName}`);
    } else if ((eventBus as { kmsKey?: kms.IKey }).kmsKey !== undefined) {
      warn(
        this,
        'Archive.withoutKey',
        `${eventBusName} is encrypted with a customer managed key, its archive is not: pass kmsKey here too`,
      );
    }

    const resource = new events.CfnArchive(this, 'Resource', {
      sourceArn: eventBusArn,
      archiveName: name,
      description,
      retentionDays: days,
      eventPattern: pattern && renderPattern(props.eventPattern!, pattern),
      kmsKeyIdentifier: kmsKey?.keyArn,
    });
    if (props.removalPolicy !== undefined) resource.applyRemovalPolicy(props.removalPolicy);
    dependOnBus(resource, eventBus);
    this.archiveArn = resource.attrArn;
    this.archiveName = resource.ref;
  }

  /** Copied from an example of the CDK into many stacks, and right only for a bus with no other account on it. */
  private warnAboutOwnAccount(pattern: WirePattern) {
    const stack = Stack.of(this);
    const accounts: unknown = pattern.account;
    const own = stack.resolve(stack.account);
    if (!Array.isArray(accounts) || accounts.length !== 1) return;
    if (JSON.stringify(accounts[0]) !== JSON.stringify(own)) return;
    warn(
      this,
      'Archive.onlyOwnAccount',
      "keeps only events of the bus's own account: those of the other accounts that publish here would be lost to it. Leave `account` out of the pattern",
    );
  }
}
