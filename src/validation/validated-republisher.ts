import { Duration, RemovalPolicy, Stack, Stage, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { Construct, type IConstruct } from 'constructs';
import { METRIC_NAMES } from './handler/metric-names';
import { republisherAsset } from './republisher-asset';
import {
  RepublisherTransport,
  type SourceOwner,
  UnknownEvents,
  ValidationMode,
  type ValidationOptions,
} from './republisher-options';
import { requireOptions, requirePrefix, requireSourceOwners, requireSources } from './require-options';
import type { EventContract } from '../contract';
import { warnOfAdvice } from '../contract/contract-advice';
import { putIntoAssembly } from '../contract/put-into-assembly';
import { requireConsistent } from '../contract/require-consistent';
import { requireContracts } from '../contract/require-contracts';
import { requireUnbroken } from '../contract/require-unbroken';
import { logGroupArn, placeOf, roleArn, rulesArn } from '../internal/arns';
import { areSameBus, madeBus, sharedByReferences } from '../internal/bus-identity';
import { BusRule, requireEventBus, requireOwnBus } from '../internal/bus-rule';
import { BackboneError, shown } from '../internal/errors';
import { MATCH_ALL, parseResolved } from '../internal/event-pattern';
import { ACCOUNT } from '../internal/forms';
import { addToKeyPolicy, logGroupKeyStatements, queueKeyStatements } from '../internal/key-policy';
import * as limits from '../internal/limits';
import { certainlyDiffer } from '../internal/tokens';
import { accept, acceptWildcard, warn } from '../internal/warnings';
import { admitToDeadLetterQueue, BusDeadLetterQueue, sendStatement } from '../operations/dead-letter-queue';
import type { PatternModel } from '../pattern/model';
import { overlapOf } from '../pattern/overlap';

/**
 * Properties of a `ValidatedRepublisher`.
 */
export interface ValidatedRepublisherProps extends ValidationOptions {
  /**
   * The bus whose events are validated, in the account and Region of the stack.
   */
  readonly eventBus: events.IEventBusRef;

  /**
   * The events that are known, each with its schema.
   */
  readonly contracts: EventContract[];

  /**
   * The lock file of the contracts: synthesis fails where a contract breaks what the file promises to consumers. Made and
   * changed by `npx event-backbone contracts lock`, relative to the directory in which the process was started.
   *
   * @default - contracts may change in any way
   */
  readonly contractLock?: string;

  /**
   * The bus on which valid events are published, in the account and Region of the stack; a `PublishedBus` admits nobody
   * else.
   *
   * @default - the same bus, with `validPrefix` before each source
   */
  readonly targetBus?: events.IEventBusRef;

  /**
   * What stands before the source of a published event.
   *
   * @default - 'valid.' on the same bus, nothing on another
   */
  readonly validPrefix?: string;

  /**
   * What stands before the source of a notice about an invalid event. Fan-out rules must know of another one, by
   * `FanOutOptions.validated`, or by the topology.
   *
   * @default 'invalid.'
   */
  readonly invalidPrefix?: string;

  /**
   * Validate events of these sources only. What is not validated is not published.
   *
   * @default - events of every source
   */
  readonly sources?: string[];

  /**
   * Which accounts may send which sources, by the account that EventBridge itself writes into each event.
   *
   * @default - who may put events on the bus may send every source
   */
  readonly sourceOwners?: SourceOwner[];

  /**
   * The name of the function's role, which policies of buses in other stacks need to know.
   *
   * @default - made by CloudFormation
   */
  readonly roleName?: string;

  /**
   * The path of the function's role.
   *
   * @default '/'
   */
  readonly rolePath?: string;

  /**
   * Where events wait that the rule could not hand over: a standard queue in the account and Region of the rule.
   *
   * @default - the queue that all rules of the bus in this stack share
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

const SAME_BUS_PREFIX = 'valid.';
const NOTICE_PREFIX = 'invalid.';

/** How often the queue delivers a batch before its events go to the dead-letter queue. */
const MAX_RECEIVE_COUNT = 5;

/** What it takes to write to, and to read from, what is encrypted with a key. */
const USE_KEY = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** Where the republishers of an account count. */
const METRIC_NAMESPACE = 'EventBackbone';

/**
 * Validates every event of a bus by its contract, and publishes the valid ones: on another bus, or on the same one with
 * a prefix before the source. What is invalid waits in quarantine, and its sender learns why.
 *
 * A published event is a new one: `detail.metadata.origin` says where it came from, written anew each time. All else in
 * `detail` stays as it was, letter by letter.
 *
 * Delivery is at least once, as everywhere in EventBridge: consumers tell repeated events by `detail.metadata.id` of the
 * producer.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 *
 * @example
 *
 * declare const globalBus: GlobalBus;
 *
 * new ValidatedRepublisher(this, 'Republisher', {
 *   eventBus: globalBus,
 *   targetBus: new PublishedBus(this, 'PublishedBus', { eventBusName: 'acme-published' }),
 *   contracts: EventContract.fromDirectory('contracts'),
 * });
 */
export class ValidatedRepublisher extends Construct {
  /**
   * The function that validates and publishes.
   */
  public readonly handler: lambda.Function;

  /**
   * The role of the function: the one principal that may publish.
   */
  public readonly role: iam.Role;

  /**
   * Where events wait for the function. What is put here is validated: quarantined events are redriven to it.
   */
  public readonly queue: sqs.Queue;

  /**
   * Where events wait that the function could not handle: the code, a schema file or EventBridge failed five times.
   */
  public readonly deadLetterQueue: sqs.Queue;

  /**
   * Where invalid events wait, each with the reason.
   */
  public readonly quarantineQueue: sqs.Queue;

  /**
   * The alarms.
   */
  public readonly alarms: cloudwatch.IAlarm[];

  private readonly props: ValidatedRepublisherProps;
  private readonly serviceName: string;

  constructor(scope: Construct, id: string, props: ValidatedRepublisherProps) {
    super(scope, id);
    this.props = props;
    const { eventBus, mode = ValidationMode.ENFORCE, kmsKey } = props;
    requireOptions(this, props);
    requireEventBus(this, eventBus);
    const targetBus = props.targetBus ?? eventBus;
    requireOwnBus(this, targetBus, 'what a republisher publishes');
    const isSameBus = areSameBus(eventBus, targetBus);
    const sourcePrefix = props.validPrefix ?? (isSameBus ? SAME_BUS_PREFIX : '');
    const noticePrefix = props.invalidPrefix ?? NOTICE_PREFIX;
    this.refuseLoop(isSameBus, sourcePrefix, noticePrefix);
    this.checkContracts(sourcePrefix, noticePrefix);
    this.serviceName = eventBus.eventBusRef.eventBusName;

    const encryption = kmsKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED;
    const queue = (name: string, more: sqs.QueueProps) => this.createQueue(name, { ...more, encryption });
    const timeout = props.timeout ?? Duration.seconds(30);
    this.quarantineQueue = queue('Quarantine', {});
    accept(
      this.quarantineQueue,
      'AwsSolutions-SQS3',
      'This queue is the end of the way: somebody mends the event, or the schema.',
    );
    this.deadLetterQueue = queue('DeadLetterQueue', {
      // SQS moves messages back only from what is the dead-letter queue of another: that makes the quarantine one.
      deadLetterQueue: { queue: this.quarantineQueue, maxReceiveCount: 1000 },
    });
    this.queue = queue('Queue', {
      visibilityTimeout: Duration.seconds(timeout.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });

    const reserved = [sourcePrefix, noticePrefix].filter((prefix) => prefix !== '');
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      roleName: props.roleName,
      path: props.rolePath,
    });
    this.handler = this.createFunction(timeout, {
      sourcePrefix,
      reservedPrefixes: reserved,
      ...((props.notices ?? true) && { noticePrefix }),
      mode,
      unknownEvents: props.unknownEvents ?? UnknownEvents.QUARANTINE,
      owners: this.owners(),
    });
    this.handler.addEnvironment('TARGET_BUS', targetBus.eventBusRef.eventBusArn);
    this.admit(targetBus, isSameBus ? reserved : [], mode !== ValidationMode.OBSERVE);
    this.connect(isSameBus ? reserved : []);
    this.alarms = this.createAlarms();
  }

  /**
   * What the republisher counts: `Valid`, `Invalid`, `Published`, `Quarantined`, `Notices`, `LoopPrevented`, `Unknown`,
   * `PublishFailures`, and `Age` in milliseconds.
   *
   * @param name the name of the metric
   * @param options as for any metric
   */
  public metric(name: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    const known: string[] = Object.values(METRIC_NAMES);
    if (!known.includes(name)) {
      throw new BackboneError('MetricUnknown', `metric ${shown(name)} is not one of ${known.join(', ')}`, this);
    }
    return new cloudwatch.Metric({
      namespace: METRIC_NAMESPACE,
      metricName: name,
      dimensionsMap: { service: this.serviceName },
      statistic: name === METRIC_NAMES.age ? 'p99' : 'Sum',
      period: Duration.minutes(1),
      ...options,
    });
  }

  private refuseLoop(isSameBus: boolean, sourcePrefix: string, noticePrefix: string): void {
    const refuse = (message: string) => {
      throw new BackboneError('RepublisherLoop', message, this);
    };
    const { eventBus, sources } = this.props;
    if (sources !== undefined) requireSources(this, sources);
    if (isPublished(eventBus)) {
      refuse(
        `${eventBus.eventBusRef.eventBusName} is a PublishedBus, whose events were validated already, and so would all be quarantined: pass the bus on which producers put theirs`,
      );
    }
    for (const [name, prefix] of Object.entries({ validPrefix: sourcePrefix, invalidPrefix: noticePrefix })) {
      if (Token.isUnresolved(prefix)) {
        refuse(
          `${name} ${shown(prefix)} is known at deployment only, and stands in the code of the function: write it out`,
        );
      }
      if (prefix !== '') requirePrefix(this, name, prefix);
    }
    if (isSameBus && sourcePrefix === '') {
      refuse(
        'targetBus is the bus itself and validPrefix is empty, so each event would come back for ever: pass another bus, or a prefix such as "valid."',
      );
    }
    if (noticePrefix === '' || noticePrefix === sourcePrefix) {
      refuse(
        `invalidPrefix ${shown(noticePrefix)} does not tell notices from other events: choose a prefix such as "invalid."`,
      );
    }
    const reserved = [sourcePrefix, noticePrefix].filter((prefix) => prefix !== '');
    const own = sources?.find((source) => reserved.some((prefix) => source.startsWith(prefix)));
    if (own !== undefined) {
      refuse(
        `source ${shown(own)} is one that this republisher publishes, so it would take its own events: leave it out`,
      );
    }
    if (sources?.length === 0) {
      refuse('sources is an empty list, which would validate nothing: leave it out to validate every source');
    }
  }

  private checkContracts(sourcePrefix: string, noticePrefix: string): void {
    const { contracts, contractLock, notices = true } = this.props;
    if (contracts === undefined || contracts.length === 0) {
      throw new BackboneError(
        'ContractsMissing',
        'contracts is empty, so every event would be unknown: pass contracts, such as EventContract.fromDirectory("contracts")',
        this,
      );
    }
    requireContracts(this, contracts);
    requireConsistent(
      this,
      contracts,
      [sourcePrefix, noticePrefix].filter((prefix) => prefix !== ''),
    );
    if (contractLock !== undefined) requireUnbroken(this, contracts, contractLock);
    putIntoAssembly(this, contracts);
    for (const contract of contracts) warnOfAdvice(this, contract);
    const room = limits.SOURCE_LENGTH - Math.max(sourcePrefix.length, notices ? noticePrefix.length : 0);
    const long = contracts.find(({ source }) => source.length > room);
    if (long === undefined) return;
    throw new BackboneError(
      'ContractInvalid',
      `source ${shown(long.source)} has ${long.source.length} characters, and with a prefix before it ${room} fit: shorten it`,
      this,
    );
  }

  private owners(): Record<string, string[]> {
    const { sourceOwners = [] } = this.props;
    requireSourceOwners(this, sourceOwners);
    const owners = new Map<string, string[]>();
    for (const { source, accounts } of sourceOwners) {
      if (typeof source !== 'string' || source === '' || Token.isUnresolved(source)) {
        throw new BackboneError(
          'SourceInvalid',
          `sourceOwners: source ${shown(source)} is empty, or known at deployment only: write it out, since it stands in the code of the function`,
          this,
        );
      }
      const unfit = accounts.find((account) => typeof account !== 'string' || !ACCOUNT.test(account));
      if (accounts.length === 0 || unfit !== undefined) {
        throw new BackboneError(
          'AccountInvalid',
          `sourceOwners: ${unfit === undefined ? 'no account' : `account ${shown(unfit)}`} may send ${shown(source)}: list accounts of 12 digits, as strings and written out, since they stand in the code of the function`,
          this,
        );
      }
      owners.set(source, [...new Set([...(owners.get(source) ?? []), ...accounts])]);
    }
    return Object.fromEntries(owners);
  }

  private createQueue(name: string, more: sqs.QueueProps): sqs.Queue {
    const { kmsKey, removalPolicy } = this.props;
    return new sqs.Queue(this, name, {
      encryptionMasterKey: kmsKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy,
      ...more,
    });
  }

  private createFunction(timeout: Duration, settings: Parameters<typeof republisherAsset>[0]): lambda.Function {
    const { contracts, kmsKey, memorySize = 512, removalPolicy = RemovalPolicy.RETAIN } = this.props;
    const { quarantineBucket, overflowBucket } = this.props;
    if (quarantineBucket !== undefined && overflowBucket !== undefined) {
      throw new BackboneError(
        'QuarantineInvalid',
        'overflowBucket is for what is too long for the queue, and quarantineBucket takes the place of that queue: pass one of them',
        this,
      );
    }
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: this.props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      encryptionKey: kmsKey,
      removalPolicy,
    });
    if (kmsKey !== undefined) {
      const place = placeOf(this);
      // By the name that CloudFormation makes up: by its ARN, key and log group would wait for each other.
      const { logicalId } = logGroup.node.defaultChild as logs.CfnLogGroup;
      const arns = logGroupArn(place, `${Stack.of(this).stackName}-${logicalId}-*`);
      addToKeyPolicy(this, kmsKey, logGroupKeyStatements(arns, place.region), 'the logs of the function');
    }
    logGroup.grantWrite(this.role);
    const isStaged = !this.node.tryGetContext(cxapi.DISABLE_ASSET_STAGING_CONTEXT);
    const republisher = new lambda.Function(this, 'Function', {
      description: `Validates the events of ${this.serviceName}, and publishes them`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(republisherAsset(settings, contracts, isStaged)),
      role: this.role,
      logGroup,
      memorySize,
      timeout,
      environment: {
        POWERTOOLS_SERVICE_NAME: this.serviceName,
        POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
      },
    });
    if (quarantineBucket === undefined) {
      republisher.addEnvironment('QUARANTINE_QUEUE_URL', this.quarantineQueue.queueUrl);
      this.letSend(this.quarantineQueue);
    }
    const bucket = quarantineBucket ?? overflowBucket;
    if (bucket !== undefined) {
      republisher.addEnvironment('QUARANTINE_BUCKET', bucket.bucketName);
      this.letKeep(bucket);
    }
    return republisher;
  }

  private letKeep(bucket: s3.IBucket): void {
    const objects = bucket.arnForObjects('*');
    // Reads, too: a record that is redriven may point there.
    const actions = ['s3:PutObject', 's3:GetObject'];
    this.role.addToPolicy(new iam.PolicyStatement({ actions, resources: [objects] }));
    bucket.encryptionKey?.grant(this.role, ...USE_KEY);
    acceptWildcard(this, objects, 'Each quarantined event is an object of its own.');
    if (!certainlyDiffer(bucket.env.account, Stack.of(this).account)) return;
    const allow = { Effect: 'Allow', Principal: { AWS: this.role.roleArn }, Action: actions, Resource: objects };
    warn(
      this,
      'ValidatedRepublisher.bucketPolicyNotChanged',
      `${bucket.bucketName} is in another account, ${bucket.env.account}: its policy, and that of its key, must let the function in, which otherwise keeps nothing: ${JSON.stringify(Stack.of(this).resolve(allow))}`,
    );
  }

  /** Without the stars that the CDK's own grants have for keys. */
  private letSend(queue: sqs.Queue): void {
    this.role.addToPolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
    queue.encryptionMasterKey?.grant(this.role, ...USE_KEY);
  }

  /**
   * Lets the function publish: by its own policy, and by that of the bus where it is ours.
   *
   * @param publishes or does so in another mode only: a bus that denies others may know it already
   */
  private admit(targetBus: events.IEventBusRef, reserved: string[], publishes: boolean): void {
    const { roleName, rolePath = '/' } = this.props;
    // Where the name is known, the stack of the bus needs nothing of this one, which waits for it.
    const republisher = roleName === undefined ? this.role.roleArn : roleArn(placeOf(this), rolePath, roleName);
    const ours = targetBus as Partial<AdmitsRepublishers>;
    ours._admitRepublisher?.(republisher);
    if (!publishes) return;
    this.role.addToPolicy(
      new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [targetBus.eventBusRef.eventBusArn] }),
    );
    if (ours._admitRepublisher && reserved.every((prefix) => ours._reservedPrefixes?.includes(prefix))) return;
    const { eventBusArn, eventBusName } = targetBus.eventBusRef;
    const deny = {
      Sid: 'OnlyRepublisher',
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: eventBusArn,
      Condition: {
        ArnNotEquals: { 'aws:PrincipalArn': republisher },
        ...(reserved.length > 0 && {
          'ForAnyValue:StringLike': { 'events:source': reserved.map((prefix) => `${prefix}*`) },
        }),
      },
    };
    const why = ours._admitRepublisher
      ? `reserves other sources: list ${reserved.join(', ')} in its reservedSourcePrefixes`
      : 'is not ours to change';
    const statement = JSON.stringify(Stack.of(this).resolve(deny));
    warn(
      this,
      'ValidatedRepublisher.eventBusPolicyNotChanged',
      `The policy of ${eventBusName} ${why}. Unless it has this statement, others can put events there that were never validated: ${statement}`,
    );
  }

  /** Bus, rule, queue, function; or bus, rule, function, and the queue for redrives. */
  private connect(reserved: string[]): void {
    const { eventBus, sources, transport = RepublisherTransport.QUEUE, maxConcurrency, kmsKey } = this.props;
    const rule = new InputRule(this, 'InputRule', {
      eventBus,
      description: `Takes what is to be validated to the republisher of ${this.serviceName}.`,
      // Whatever the policy of the bus lets through: what was published is not taken again.
      pattern: sources ? { source: sources } : reserved.length > 0 ? othersThan(reserved) : MATCH_ALL,
    });
    this.refuseOwn(rule, reserved);
    this.refuseSecond(rule);
    this.warnOfContractsNotTaken(rule);
    const place = placeOf(this);
    const deadLetters = this.props.deadLetterQueue ?? BusDeadLetterQueue.queueOf(this, eventBus, this.props);
    admitToDeadLetterQueue(this, deadLetters, rulesArn(place, eventBus.eventBusRef.eventBusName));
    const deadLetterConfig = { arn: deadLetters.queueArn };
    if (transport === RepublisherTransport.QUEUE) {
      this.queue.addToResourcePolicy(sendStatement(this.queue.queueArn, place.account, rule.ruleArn));
      // To the key it is any rule of the bus: this one waits for the queue, which waits for its key.
      const ofBus = queueKeyStatements(rulesArn(place, eventBus.eventBusRef.eventBusName), place.account);
      if (kmsKey !== undefined) addToKeyPolicy(this, kmsKey, ofBus, 'the events that wait for the function');
      rule.to({ id: 'Queue', arn: this.queue.queueArn, deadLetterConfig });
    } else {
      this.handler.addPermission('Rule', {
        principal: new iam.ServicePrincipal('events.amazonaws.com'),
        sourceArn: rule.ruleArn,
        sourceAccount: place.account,
      });
      this.letSend(this.deadLetterQueue);
      this.handler.configureAsyncInvoke({
        onFailure: { bind: () => ({ destination: this.deadLetterQueue.queueArn }) },
      });
      rule.to({ id: 'Function', arn: this.handler.functionArn, deadLetterConfig });
    }
    this.handler.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        // A window would let the event in a quiet queue wait for up to 20 seconds.
        maxBatchingWindow: Duration.seconds(0),
        reportBatchItemFailures: true,
        maxConcurrency,
      }),
    );
  }

  /** Refuses what only the pattern as a whole shows: sources may be prefixes and wildcards, too. */
  private refuseOwn(rule: InputRule, reserved: string[]): void {
    if (reserved.length === 0) return;
    const own = parseResolved({ source: reserved.map((prefix) => ({ prefix })) });
    const overlap = overlapOf(rule._pattern, own);
    if (overlap.answer !== 'yes') return;
    throw new BackboneError(
      'RepublisherLoop',
      `sources match ${shown(overlap.event.source)}, which is one that this republisher publishes on the same bus, so it would take its own events: write out the sources that producers send`,
      this,
    );
  }

  /** Each would quarantine, or publish once more, what is for the other. */
  private refuseSecond(rule: InputRule): void {
    const { eventBus } = this.props;
    const others = sharedByReferences(eventBus, REPUBLISHERS, (): Known[] => []);
    for (const other of others) {
      // Stages are deployed apart.
      if (Stage.of(other.republisher) !== Stage.of(this)) continue;
      const overlap = overlapOf(rule._pattern, other.pattern);
      if (overlap.answer !== 'yes') continue;
      throw new BackboneError(
        'RepublisherLoop',
        `takes events of source ${shown(overlap.event.source)} from ${eventBus.eventBusRef.eventBusName}, as ${other.republisher.node.path} does, so they would be validated and published twice: give each republisher of the bus sources of its own, or make one of both`,
        this,
      );
    }
    others.push({ republisher: this, pattern: rule._pattern });
  }

  private warnOfContractsNotTaken(rule: InputRule): void {
    const { contracts, sources } = this.props;
    if (sources === undefined) return;
    const idle = contracts.filter(
      ({ source }) => overlapOf(rule._pattern, parseResolved({ source: [source] })).answer === 'no',
    );
    if (idle.length === 0) return;
    warn(
      this,
      'ValidatedRepublisher.contractNotTaken',
      `sources take no event of ${idle.map(({ schemaName }) => schemaName).join(', ')}: add what is missing to sources, or leave these contracts out`,
    );
  }

  private createAlarms(): cloudwatch.Alarm[] {
    const minute = { period: Duration.minutes(1), statistic: 'Maximum' };
    const isDirect = this.props.transport === RepublisherTransport.DIRECT;
    // In milliseconds: what waits then waits in Lambda, and the queue is empty.
    const asyncAge = this.handler.metric('AsyncEventAge', minute);
    const alarms = [
      this.alarm('DeadLetters', this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(minute), {
        threshold: 0,
        meaning: 'events could not be handled: see the logs of the function',
      }),
      this.alarm('Quarantined', this.metric(METRIC_NAMES.quarantined), {
        threshold: 0,
        meaning: 'events are in quarantine, each with its reason',
      }),
      this.alarm('Waiting', isDirect ? asyncAge : this.queue.metricApproximateAgeOfOldestMessage(minute), {
        threshold: isDirect ? 60_000 : 60,
        meaning: 'events wait for over a minute to be validated',
      }),
      this.alarm('LoopPrevented', this.metric(METRIC_NAMES.loopPrevented), {
        threshold: 0,
        meaning: 'events came that were published before: somebody sends what a republisher has published',
      }),
    ];
    for (const alarm of alarms) alarm.addAlarmAction(...(this.props.alarmActions ?? []));
    return alarms;
  }

  private alarm(
    id: string,
    metric: cloudwatch.IMetric,
    { threshold, meaning }: { threshold: number; meaning: string },
  ): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, `${id}Alarm`, {
      alarmDescription: `Validation of ${this.serviceName}: ${meaning}.`,
      metric,
      threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}

const othersThan = (prefixes: string[]) => ({ source: [{ 'anything-but': { prefix: prefixes } }] });

const REPUBLISHERS = Symbol.for('cdk-event-backbone.republishers');

/** A republisher of a bus, and what it takes. */
interface Known {
  readonly republisher: IConstruct;
  readonly pattern: PatternModel;
}

/** Whether a bus, or the one that is made in this app and that it is a reference to, is for validated events alone. */
function isPublished(eventBus: events.IEventBusRef): boolean {
  const bus = (madeBus(eventBus) ?? eventBus) as Partial<AdmitsRepublishers>;
  return bus._admitRepublisher !== undefined && bus._reservedPrefixes === undefined;
}

/** A bus of ours. */
interface AdmitsRepublishers {
  /** What its policy keeps for republishers, where that is not everything. */
  readonly _reservedPrefixes?: string[];
  _admitRepublisher(roleArn: string): void;
}

/** What takes events to the republisher. */
class InputRule extends BusRule {
  public to(target: events.CfnRule.TargetProperty): void {
    this._addTarget(target);
  }
}
