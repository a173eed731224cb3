import { Duration, Lazy, Reference, Stack, Token, Tokenization, type IResolvable, RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { BackboneError } from '../internal/errors';
import { addToKeyPolicy, queueKeyStatements } from '../internal/key-policy';
import { sharedBeside, sharedOf } from '../internal/shared';
import { certainlyDiffer } from '../internal/tokens';
import { accept, warn } from '../internal/warnings';

/** What a bus of ours says about the things made for it. */
export interface BusDefaults {
  readonly removalPolicy?: RemovalPolicy;
  readonly alarmActions?: cloudwatch.IAlarmAction[];
}

export interface BusDeadLetterQueueProps extends BusDefaults {
  readonly eventBusName: string;
  readonly queueName?: string;
  readonly encryptionKey?: kms.IKey;
}

/**
 * Where the events of one bus wait that its rules could not deliver: one queue for all rules in a stack, with one alarm.
 */
export class BusDeadLetterQueue extends Construct {
  /** The queue that the rules of a bus share in the stack of `scope`. */
  public static queueOf(scope: IConstruct, eventBus: events.IEventBusRef, defaults?: BusDefaults): sqs.IQueue {
    return sharedOf(eventBus)?.deadLetterQueue(scope) ?? BusDeadLetterQueue.of(scope, eventBus, defaults).queue;
  }

  /** @param defaults what a user of the queue wants of it, beside what its bus says */
  public static of(scope: IConstruct, eventBus: events.IEventBusRef, defaults: BusDefaults = {}): BusDeadLetterQueue {
    const shared = sharedBeside(scope, eventBus, 'DeadLetterQueue', (parent, id) => {
      return new BusDeadLetterQueue(parent, id, { eventBusName: eventBus.eventBusRef.eventBusName });
    });
    for (const wanted of [eventBus as BusDefaults, defaults]) shared.want(wanted);
    return shared;
  }

  public readonly queue: sqs.Queue;
  public readonly alarm: cloudwatch.Alarm;
  private readonly alarmActions = new Set<cloudwatch.IAlarmAction>();
  private isKept = false;

  constructor(scope: Construct, id: string, props: BusDeadLetterQueueProps) {
    super(scope, id);
    const { eventBusName, encryptionKey } = props;
    this.queue = new sqs.Queue(this, 'Queue', {
      queueName: props.queueName,
      encryption: encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    accept(
      this.queue,
      'AwsSolutions-SQS3',
      'This queue is the dead-letter queue: EventBridge sends to it what a target refused.',
    );
    this.alarm = new cloudwatch.Alarm(this, 'Alarm', {
      alarmDescription: `Events wait in the dead-letter queue of ${eventBusName}: a target refused them.`,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    this.want(props);
  }

  /** All alarm actions that somebody wants; and the queue is kept if somebody wants that. */
  private want({ removalPolicy, alarmActions = [] }: BusDefaults): void {
    for (const action of alarmActions) {
      if (!this.alarmActions.has(action)) this.alarm.addAlarmAction(action);
      this.alarmActions.add(action);
    }
    if (removalPolicy === undefined || this.isKept) return;
    this.isKept = removalPolicy !== RemovalPolicy.DESTROY;
    this.queue.applyRemovalPolicy(removalPolicy);
  }

  /** Lets EventBridge send here on behalf of an ARN: all rules of a bus, or a bus. */
  public admit(sourceArn: string): void {
    admitToDeadLetterQueue(this, this.queue, sourceArn);
  }
}

/** EventBridge sends only to a queue in the account and Region of the rule; the CDK's targets warn at most. */
function requireQueueBeside(scope: IConstruct, place: { account: string; region: string }, name: string): void {
  const stack = Stack.of(scope);
  if (!certainlyDiffer(place.account, stack.account) && !certainlyDiffer(place.region, stack.region)) return;
  throw new BackboneError(
    'DeadLetterQueueElsewhere',
    `the dead-letter queue ${name} is in ${place.account}/${place.region}, the rule in ${stack.account}/${stack.region}: EventBridge sends only to a queue beside the rule, so failed events would vanish; pass a queue of the rule's account and Region, or none for a new one`,
    scope,
  );
}

/** The same for a queue that was given to a target of the CDK, which does less than is needed. */
export function admitToQueueOfTarget(scope: IConstruct, arn: string, sourceArn: string): void {
  const token = Tokenization.reverse(arn, { failConcat: false });
  if (Reference.isReference(token)) {
    const queue = token.target.node.scope as Partial<sqs.IQueue> | undefined;
    if (typeof queue?.addToResourcePolicy === 'function') {
      return admitToDeadLetterQueue(scope, queue as sqs.IQueue, sourceArn);
    }
    requireQueueBeside(scope, Stack.of(token.target), token.target.node.path);
  } else if (!Token.isUnresolved(arn)) {
    const [, , , region, account] = arn.split(':');
    requireQueueBeside(scope, { account, region }, arn);
  }
  warnOfQueuePolicy(scope, arn, sendStatement(arn, Stack.of(scope).account, sourceArn));
}

/**
 * Lets EventBridge send to a queue, on behalf of one ARN: all rules of a bus, or a bus.
 *
 * Without it a failed event is lost, and only a metric shows it.
 */
export function admitToDeadLetterQueue(scope: IConstruct, queue: sqs.IQueue, sourceArn: string): void {
  if (isAdmitted(queue, sourceArn)) return;
  const name = Token.isUnresolved(queue.queueArn) ? queue.node.path : queue.queueArn;
  requireQueueBeside(scope, queue.env, name);
  if (queue.fifo) {
    throw new BackboneError(
      'DeadLetterQueueFifo',
      'the dead-letter queue is a FIFO queue: EventBridge takes standard queues only',
      scope,
    );
  }
  if (queue.encryptionType === sqs.QueueEncryption.KMS_MANAGED) {
    throw new BackboneError(
      'DeadLetterQueueManagedKey',
      `the dead-letter queue ${name} is encrypted with the AWS managed key, which does not admit EventBridge, so failed events would be lost: use SQS_MANAGED or a key of your own`,
      scope,
    );
  }
  admit(scope, queue, name, sourceArn);
  markAdmitted(queue, sourceArn);
}

/** The sources that a queue admits for an account, in one statement, since a policy holds few. */
interface Admission {
  readonly sources: string[];
  /** Whether the key of the queue admits what is added here. */
  readonly withKey: boolean;
}

const ADMISSIONS = Symbol.for('cdk-event-backbone.admissions');

function admit(scope: IConstruct, queue: sqs.IQueue, name: string, sourceArn: string): void {
  const { account } = Stack.of(scope);
  const admissions = ((queue as { [ADMISSIONS]?: Map<string, Admission> })[ADMISSIONS] ??= new Map());
  const known = admissions.get(account);
  const sources = known?.sources ?? [];
  sources.push(sourceArn);
  const key = queue.encryptionMasterKey;
  const admitToKey = (arns: string | IResolvable) =>
    key === undefined || addToKeyPolicy(scope, key, queueKeyStatements(arns, account), 'its dead letters');
  if (known !== undefined) {
    if (!known.withKey) admitToKey(sourceArn);
    return;
  }
  const all = Lazy.any({ produce: () => (sources.length === 1 ? sources[0] : sources) });
  if (!queue.addToResourcePolicy(sendStatement(queue.queueArn, account, all)).statementAdded) {
    warnOfQueuePolicy(scope, name, sendStatement(queue.queueArn, account, sourceArn));
    admitToKey(sourceArn);
    return;
  }
  admissions.set(account, { sources, withKey: admitToKey(all) });
}

/** Without a Sid: it must be unique, and two buses may share a queue. */
export function sendStatement(queueArn: string, account: string, sourceArn: string | IResolvable): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queueArn],
    conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': sourceArn } },
  });
}

function warnOfQueuePolicy(scope: IConstruct, queue: string, statement: iam.PolicyStatement): void {
  const json = JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()));
  warn(
    scope,
    'DeadLetterQueue.policyNotChanged',
    `The policy of the queue ${Token.isUnresolved(queue) ? 'that the target was given' : queue} is not ours to change. Without this statement failed events are lost: ${json}`,
  );
}

const ADMITTED = Symbol.for('cdk-event-backbone.admitted');

function isAdmitted(queue: sqs.IQueue, sourceArn: string): boolean {
  return (queue as { [ADMITTED]?: Set<string> })[ADMITTED]?.has(sourceArn) ?? false;
}

/** Notes that the queue's policy admits this source: once for all rules of a bus, and for a queue made in another stack. */
export function markAdmitted(queue: sqs.IQueue, sourceArn: string): void {
  const marked = queue as { [ADMITTED]?: Set<string> };
  marked[ADMITTED] = (marked[ADMITTED] ?? new Set()).add(sourceArn);
}
