/**
 * A validator as people write it: Ajv compiles all schemas when the function starts, events are parsed and written again,
 * each is put on the bus by a call of its own, with logger, metrics and tracer.
 */
import { readFileSync } from 'fs';
import { join } from 'path';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

const tracer = new Tracer();
const logger = new Logger();
const metrics = new Metrics();
const client = tracer.captureAWSv3Client(new EventBridgeClient({}));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const schemas: Record<string, object> = JSON.parse(readFileSync(join(__dirname, 'schemas.json'), 'utf8'));
const validators = new Map(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));

export async function handler(batch: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures = [];
  for (const { messageId, body } of batch.Records) {
    try {
      const event = JSON.parse(body);
      const validate = validators.get(`${event.source}@${event['detail-type']}`);
      if (!validate?.(event.detail)) throw new Error(JSON.stringify(validate?.errors));
      const { id, account, region, source, time } = event;
      const metadata = { ...event.detail.metadata, origin: { id, account, region, source, time } };
      const answer = await client.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: process.env.TARGET_BUS,
              Source: source,
              DetailType: event['detail-type'],
              Detail: JSON.stringify({ ...event.detail, metadata }),
              Time: new Date(time),
              Resources: event.resources,
            },
          ],
        }),
      );
      if (answer.FailedEntryCount) throw new Error(answer.Entries?.[0].ErrorCode);
      metrics.addMetric('Valid', 'Count', 1);
    } catch (error) {
      logger.warn('invalid', error as Error);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  metrics.publishStoredMetrics();
  return { batchItemFailures };
}
