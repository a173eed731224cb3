import { setTimeout as sleep } from 'timers/promises';
import { type Logger } from '@aws-lambda-powertools/logger';
import { type Metrics } from '@aws-lambda-powertools/metrics';
import { type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Incoming, republish, type World } from './batch';
import { Countdown } from './countdown';
import { deliver, within } from './deliver';
import { explanation } from './faults';
import { toEventBridge } from './publish';
import { quarantine, type Sinks, toBucket, toQueue } from './quarantine';
import { count, log, vocabularyOf } from './report';
import type * as Stores from './stores';
import { open } from '../../src/validation/handler/decide';

/** What the function is given from outside. */
export interface Surroundings {
  /** Holds the manifest, and the compiled schemas. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly eventBridge: EventBridgeClient;
  /** Loads what speaks with SQS and S3. */
  readonly stores: () => typeof Stores;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Takes a batch of a queue, or one event that EventBridge hands over by itself. */
export type Republisher = (event: unknown, context: Context) => Promise<SQSBatchResponse | undefined>;

export function republisher({ directory, env, eventBridge, stores, logger, metrics }: Surroundings): Republisher {
  const { TARGET_BUS: targetBus, QUARANTINE_QUEUE_URL: queueUrl, QUARANTINE_BUCKET: bucket } = env;
  if (!targetBus) throw new Error('TARGET_BUS is not set: it is the ARN of the bus that valid events are put on');
  const decide = open(directory);
  const vocabulary = vocabularyOf(decide.manifest);
  const sinks: Sinks = {
    queue: queueUrl ? toQueue(queueUrl, stores) : undefined,
    bucket: bucket ? { name: bucket, channel: toBucket(stores) } : undefined,
  };
  const patience = (name: string, timeLeft: () => number) => ({
    timeLeft,
    pause: sleep,
    random: Math.random,
    onFailure: (error: unknown, items: number) => logger.warn(`${name} failed`, { items, ...summary(error) }),
  });

  return async (event, context) => {
    logger.addContext(context);
    const [, , , , account] = context.invokedFunctionArn.split(':');
    const place = { targetBus, account };
    const batch = incoming(event);
    const fitting = decide.ofFitting(
      (batch ?? []).map(({ body }) => body),
      place,
    );
    const world: World = {
      decide: (body) => fitting.get(body) ?? decide(body, place),
      fetch: async (at, timeLeft) => {
        // Elsewhere it would be somebody else's word.
        if (at.bucket !== bucket) {
          throw new Error(`the event is in a bucket that is not QUARANTINE_BUCKET: ${at.bucket}`);
        }
        return within(timeLeft(), async (signal) => stores().readObject(at, signal));
      },
      publish: async (items, timeLeft) => deliver(items, toEventBridge(eventBridge), patience('PutEvents', timeLeft)),
      quarantine: async (items, timeLeft) => quarantine(items, sinks, patience('quarantine', timeLeft)),
      onError: (error, id) => logger.error('event could not be decided about', { messageId: id, ...summary(error) }),
    };
    const time = new Countdown(() => context.getRemainingTimeInMillis());
    const fates = await republish(batch ?? [direct(event)], world, time);
    try {
      count(fates, metrics, vocabulary);
      log(fates, logger);
    } catch (error) {
      // All is done: the batch must not come again for a count.
      logger.error('batch could not be counted', summary(error));
    }
    const left = fates.filter(({ isDone }) => !isDone);
    if (left.length > 0) logger.warn('events left over', { events: left.length });
    if (batch) return { batchItemFailures: left.map(({ id }) => ({ itemIdentifier: id })) };
    // So Lambda tries again, and then hands the event to where it sends failures.
    if (left.length > 0) throw new Error('the event is left over: the lines before say why');
    return undefined;
  };
}

/** The events of a batch; undefined where there is no queue. */
function incoming(event: unknown): Incoming[] | undefined {
  const { Records } = Object(event) as Partial<SQSEvent>;
  if (!Array.isArray(Records) || Records.some(({ eventSource }) => eventSource !== 'aws:sqs')) return undefined;
  return Records.map(({ messageId: id, body, attributes }) => ({ id, body, traceHeader: attributes?.AWSTraceHeader }));
}

/** Numbers have gone through a parser already. */
const direct = (event: unknown): Incoming => ({
  id: String(Object(event).id),
  body: JSON.stringify(event),
  traceHeader: process.env._X_AMZN_TRACE_ID,
});

/** Without what an error may hold of a request, or quote of an event. */
function summary(error: unknown): Record<string, unknown> {
  const { name, message, stack, $metadata } = Object(error);
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return { error: name, why: message, stack };
  return { error: name, why: explanation(name, message, status), status };
}
