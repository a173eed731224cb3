import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { admitRepublisher } from './admit-republisher';
import { METRIC_NAMES } from './handler/metric-names';
import { InputRule } from './input-rule';
import { ownersBySource } from './owners-by-source';
import { republisherAlarms, WORST } from './republisher-alarms';
import { createFunction, letSend, METRIC_NAMESPACE } from './republisher-function';
import { RepublisherTransport, UnknownEvents, ValidationMode } from './republisher-options';
import { prefixesOf, requireRoom } from './republisher-prefixes';
import { requireOptions } from './require-options';
import type { ValidatedRepublisherProps } from './validated-republisher-props';
import { warnOfAdvice } from '../contract/contract-advice';
import { takeContracts } from '../contract/take-contracts';
import { placeOf, roleArn, rulesArn } from '../internal/arns';
import { areSameBus } from '../internal/bus-identity';
import { requireEventBus, requireOwnBus } from '../internal/bus-rule';
import { BackboneError, shown } from '../internal/errors';
import { addToKeyPolicy, queueKeyStatements } from '../internal/key-policy';
import { accept } from '../internal/warnings';
import { admitToDeadLetterQueue, BusDeadLetterQueue, sendStatement } from '../operations/dead-letter-queue';

/** How often the queue delivers a batch before its events go to the dead-letter queue. */
const MAX_RECEIVE_COUNT = 5;

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
    const { eventBus, contracts, mode = ValidationMode.ENFORCE } = props;
    requireOptions(this, props);
    requireEventBus(this, eventBus);
    const targetBus = props.targetBus ?? eventBus;
    requireOwnBus(this, targetBus, 'what a republisher publishes');
    const isSameBus = areSameBus(eventBus, targetBus);
    const prefixes = prefixesOf(this, props, isSameBus);
    this.checkContracts(prefixes.reserved);
    requireRoom(this, contracts, prefixes);
    const owners = ownersBySource(this, props.sourceOwners ?? []);
    this.serviceName = eventBus.eventBusRef.eventBusName;

    const timeout = props.timeout ?? Duration.seconds(30);
    this.quarantineQueue = this.createQueue('Quarantine');
    accept(
      this.quarantineQueue,
      'AwsSolutions-SQS3',
      'This queue is the end of the way: somebody mends the event, or the schema.',
    );
    this.deadLetterQueue = this.createQueue('DeadLetterQueue', {
      // SQS moves messages back only from what is the dead-letter queue of another: that makes the quarantine one.
      deadLetterQueue: { queue: this.quarantineQueue, maxReceiveCount: 1000 },
    });
    this.queue = this.createQueue('Queue', {
      visibilityTimeout: Duration.seconds(timeout.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });

    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      roleName: props.roleName,
      path: props.rolePath,
    });
    this.handler = createFunction(this, {
      republisher: props,
      settings: {
        sourcePrefix: prefixes.valid,
        reservedPrefixes: prefixes.reserved,
        ...(prefixes.notice !== undefined && { noticePrefix: prefixes.notice }),
        mode,
        unknownEvents: props.unknownEvents ?? UnknownEvents.QUARANTINE,
        owners,
      },
      timeout,
      role: this.role,
      quarantineQueue: this.quarantineQueue,
    });
    this.publishOn(targetBus, isSameBus ? prefixes.reserved : [], mode !== ValidationMode.OBSERVE);
    this.connect(new InputRule(this, 'InputRule', { ...props, reserved: prefixes.reserved, isSameBus }));
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

  private checkContracts(reservedPrefixes: string[]): void {
    const { contracts, contractLock: lockFile } = this.props;
    if (contracts === undefined || contracts?.length === 0) {
      throw new BackboneError(
        'ContractsMissing',
        'contracts is empty, so every event would be unknown: pass contracts, such as EventContract.fromDirectory("contracts")',
        this,
      );
    }
    takeContracts(this, contracts, { reservedPrefixes, lockFile });
    for (const contract of contracts) warnOfAdvice(this, contract);
  }

  private createQueue(name: string, more: sqs.QueueProps = {}): sqs.Queue {
    const { kmsKey, removalPolicy } = this.props;
    return new sqs.Queue(this, name, {
      encryption: kmsKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: kmsKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy,
      ...more,
    });
  }

  private publishOn(targetBus: ValidatedRepublisherProps['eventBus'], reserved: string[], publishes: boolean): void {
    const { roleName, rolePath = '/' } = this.props;
    const { eventBusArn } = targetBus.eventBusRef;
    this.handler.addEnvironment('TARGET_BUS', eventBusArn);
    if (publishes) {
      this.role.addToPolicy(new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [eventBusArn] }));
    }
    admitRepublisher(this, {
      targetBus,
      // Where the name is known, the stack of the bus needs nothing of this one, which waits for it.
      roleArn: roleName === undefined ? this.role.roleArn : roleArn(placeOf(this), rolePath, roleName),
      isNamed: roleName !== undefined,
      reserved,
      publishes,
    });
  }

  /** Bus, rule, queue, function; or bus, rule, function, and the queue for redrives. */
  private connect(rule: InputRule): void {
    const { eventBus, transport = RepublisherTransport.QUEUE, maxConcurrency, kmsKey } = this.props;
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
      letSend(this.role, this.deadLetterQueue);
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

  private createAlarms(): cloudwatch.Alarm[] {
    const isDirect = this.props.transport === RepublisherTransport.DIRECT;
    // In milliseconds: what waits then waits in Lambda, and the queue is empty.
    const asyncAge = this.handler.metric('AsyncEventAge', WORST);
    const watched = [
      {
        id: 'DeadLetters',
        metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(WORST),
        threshold: 0,
        meaning: 'events could not be handled: see the logs of the function',
      },
      {
        id: 'Quarantined',
        metric: this.metric(METRIC_NAMES.quarantined),
        threshold: 0,
        meaning: 'events are in quarantine, each with its reason',
      },
      {
        id: 'Waiting',
        metric: isDirect ? asyncAge : this.queue.metricApproximateAgeOfOldestMessage(WORST),
        threshold: isDirect ? 60_000 : 60,
        meaning: 'events wait for over a minute to be validated',
      },
      {
        id: 'LoopPrevented',
        metric: this.metric(METRIC_NAMES.loopPrevented),
        threshold: 0,
        meaning: 'events came that were published before: somebody sends what a republisher has published',
      },
    ];
    return republisherAlarms(this, this.serviceName, watched, this.props.alarmActions);
  }
}
