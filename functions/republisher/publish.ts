import { type EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { ACCEPTED, type Channel, failed, type Outcome } from './deliver';
import { isPermanent } from './faults';
import { REQUEST_BYTES, sizeOf } from '../../src/validation/handler/decide';
import type { Entry } from '../../src/validation/handler/verdict';

export interface Publication {
  readonly entry: Entry;
  readonly traceHeader?: string;
}

/** PutEvents refuses the whole request for a longer one. */
const TRACE_HEADER_LENGTH = 500;

export const toEventBridge = (client: EventBridgeClient): Channel<Publication> => ({
  most: { items: 10, bytes: REQUEST_BYTES - 1 },
  sizeOf: ({ entry }) => sizeOf(entry),
  async send(publications, abortSignal) {
    const command = new PutEventsCommand({ Entries: publications.map(entryOf) });
    const { Entries = [] } = await client.send(command, { abortSignal });
    return Entries.map(outcomeOf);
  },
});

function entryOf({ entry, traceHeader }: Publication) {
  const { eventBus, source, detailType, detail, resources, time } = entry;
  const date = new Date(time ?? NaN);
  const isTrace = traceHeader !== undefined && traceHeader !== '' && traceHeader.length <= TRACE_HEADER_LENGTH;
  return {
    EventBusName: eventBus,
    Source: source,
    DetailType: detailType,
    Detail: detail,
    Resources: resources,
    Time: Number.isNaN(date.getTime()) ? undefined : date,
    TraceHeader: isTrace ? traceHeader : undefined,
  };
}

function outcomeOf({ EventId, ErrorCode, ErrorMessage }: PutEventsResultEntry): Outcome {
  if (ErrorCode === undefined) return EventId === undefined ? failed('AnswerIncomplete') : ACCEPTED;
  return isPermanent(ErrorCode) ? { kind: 'refused', code: ErrorCode, message: ErrorMessage } : failed(ErrorCode);
}
