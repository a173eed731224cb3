import { createHash } from 'crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'http';
import { type AddressInfo, type Socket } from 'net';
import { gunzipSync } from 'zlib';
import { TARGET_BUS } from './asset';
import { indexIn, type Samples } from './events';
import { type Delivery, type Ledger, type Output } from './ledger';
import { Random } from '../random';

/** What goes wrong with a request, and how often in a hundred. */
const FAULTS = {
  throttled: 1,
  'internal error': 1,
  'service unavailable': 0.5,
  'HTML instead of JSON': 0.3,
  'some entries fail': 3,
  'connection reset before it was taken': 0.7,
  'connection reset after it was taken': 0.7,
  'taken and never answered': 0.1,
  'taken, and the answer stops in the middle': 0.1,
  'taken, and the answer is cut off': 0.3,
  'taken, and the answer has no ids': 0.5,
  'taken, and the answer has one entry less': 0.5,
  'taken, and the answer is late': 0.7,
} as const;
type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS);

/** Milliseconds in which nothing is taken at all; and after how many requests. */
const OUTAGE = { lasts: 2_000, after: [300, 2_000, 7_000] };

/** What one entry of a request comes to. */
interface Result {
  readonly output: Output;
  /** For which it was sent. */
  readonly delivery: Delivery;
  readonly isTaken: boolean;
  /** Whether another try would end alike. */
  readonly isRefused?: boolean;
  /** As the service answers. */
  readonly answer: Record<string, unknown>;
}

interface PutEventsEntry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly Resources?: string[];
  readonly Time?: number;
  readonly EventBusName: string;
  readonly TraceHeader?: string;
}

interface MessageEntry {
  readonly Id: string;
  readonly MessageBody: string;
}

type Body = { readonly Entries: Array<PutEventsEntry & MessageEntry> };

/** Speaks PutEvents and SendMessageBatch as the SDK does, and misbehaves by a seed. */
export class Endpoint {
  private readonly server = createServer((request, response) => this.take(request, response));
  /** How often a request began with the same event: each try may meet another fault. */
  private readonly tries = new Map<string, number>();
  private readonly outages = [...OUTAGE.after];
  /** Of each connection, what takes back that its last answer may be unheard. */
  private readonly heard = new WeakMap<Socket, () => void>();
  private requests = 0;
  private isOut = false;
  private isOver = false;

  constructor(
    private readonly samples: Samples,
    private readonly ledger: Ledger,
    private readonly seed: number,
  ) {
    // Connections are only closed on purpose.
    this.server.keepAliveTimeout = 0;
  }

  public async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.isOver = true;
    this.server.close();
    this.server.closeAllConnections();
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    this.heard.get(request.socket)?.();
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      try {
        this.answer(request, response, Buffer.concat(chunks).toString());
      } catch (error) {
        this.ledger.violation(`the endpoint: ${(error as Error).stack}`);
        response.destroy();
      }
    });
  }

  private answer(request: IncomingMessage, response: ServerResponse, text: string): void {
    const target = String(request.headers['x-amz-target']);
    const copy = copyOf(request);
    const isPutEvents = target === 'AWSEvents.PutEvents';
    if (!isPutEvents && target !== 'AmazonSQS.SendMessageBatch') throw new Error(`no such target: ${target}`);
    const { Entries: entries } = JSON.parse(text) as Body;
    const type = isPutEvents ? 'application/x-amz-json-1.1' : 'application/x-amz-json-1.0';
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': type });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    const fail = (status: number, name: string) => reply(status, { __type: `com.amazonaws#${name}`, message: name });

    const tooMuch = excess(target, entries);
    if (tooMuch !== undefined) {
      this.ledger.violation(tooMuch);
      return fail(400, 'ValidationException');
    }
    for (const { Source, Detail } of isPutEvents ? entries : []) {
      if (isNotice(Source)) this.ledger.deliveryOf(indexIn(Detail), copy).isNoticeSent = true;
    }
    if (this.isDown()) {
      this.ledger.fault('outage');
      return fail(503, 'ServiceUnavailable');
    }
    if (isPutEvents && entries.some((entry) => this.kindOf(entry) === 'refuses the request')) {
      this.ledger.fault('request refused');
      return reply(400, { __type: 'com.amazonaws#ValidationException', message: `refused: ${text}` });
    }
    const { fault, random } = this.faultFor(isPutEvents ? 'PutEvents' : 'SQS', text);
    if (fault) this.ledger.fault(`${isPutEvents ? 'PutEvents' : 'SQS'}: ${fault}`);
    if (fault === 'throttled') return fail(400, isPutEvents ? 'ThrottlingException' : 'RequestThrottled');
    if (fault === 'internal error') return fail(500, 'InternalFailure');
    if (fault === 'service unavailable') return reply(503, '<html>busy</html>');
    if (fault === 'HTML instead of JSON') return reply(200, '<html>hello</html>');
    if (fault === 'connection reset before it was taken') return void response.destroy();

    const fails = (): boolean => fault === 'some entries fail' && random.chance(0.4);
    const results = entries.map((entry) =>
      isPutEvents ? this.event(entry, copy, fails()) : this.message(entry, copy, fails()),
    );
    const body = (some: Result[]) =>
      isPutEvents
        ? { FailedEntryCount: some.filter(({ isTaken }) => !isTaken).length, Entries: some.map(({ answer }) => answer) }
        : {
            Successful: some.flatMap(({ isTaken, answer }) => (isTaken ? [answer] : [])),
            Failed: some.flatMap(({ isTaken, answer }) => (isTaken ? [] : [answer])),
          };
    const full = JSON.stringify(body(results));

    const answerAll = (): void =>
      this.reply(
        response,
        () => reply(200, full),
        () => results.forEach(hear),
        () => results.forEach(unhear),
      );
    switch (fault) {
      case 'connection reset after it was taken':
        return void response.destroy();
      case 'taken and never answered':
        return;
      case 'taken, and the answer stops in the middle':
        response.writeHead(200, { 'content-type': type, 'content-length': full.length });
        return void response.write(full.slice(0, full.length / 2));
      case 'taken, and the answer is cut off':
        return reply(200, full.slice(0, full.length / 2));
      case 'taken, and the answer has no ids': {
        const some = random.below(results.length);
        results.filter((result, i) => i !== some || !result.isTaken).forEach(hear);
        const rest = results.map((result, i) => (i === some && result.isTaken ? { ...result, answer: {} } : result));
        if (isPutEvents) return reply(200, body(rest));
        return reply(200, body(results.filter((_, i) => i !== some)));
      }
      case 'taken, and the answer has one entry less':
        // Of fewer results EventBridge's nobody knows whose they are; those of SQS bear names.
        if (!isPutEvents) results.slice(1).forEach(hear);
        return reply(200, body(results.slice(1)));
      case 'taken, and the answer is late':
        return void setTimeout(answerAll, 200 + random.below(2_500));
      default:
        return answerAll();
    }
  }

  /** Answers, and finds out whether anybody was there to hear it. */
  private reply(response: ServerResponse, send: () => void, onHeard: () => void, onUnheard: () => void): void {
    const { socket } = response;
    if (socket === null || socket.destroyed) return;
    send();
    onHeard();
    // Who has heard an answer keeps the connection, and uses it again, unless all is over.
    const closed = (): void => (this.isOver ? undefined : onUnheard());
    socket.once('close', closed);
    this.heard.set(socket, () => socket.off('close', closed));
  }

  private isDown(): boolean {
    this.requests++;
    if (this.requests >= (this.outages[0] ?? Infinity)) {
      this.outages.shift();
      this.isOut = true;
      setTimeout(() => (this.isOut = false), OUTAGE.lasts).unref();
    }
    return this.isOut;
  }

  private faultFor(service: string, text: string): { fault?: Fault; random: Random } {
    const key = `${service}/${createHash('md5')
      .update(text.replace(/"receivedAt.*?Z/g, ''))
      .digest('hex')}`;
    const tries = (this.tries.get(key) ?? 0) + 1;
    this.tries.set(key, tries);
    const random = new Random(this.seed, 'fault', key, tries);
    const sum = Object.values(FAULTS).reduce((total, share) => total + share, 0);
    const choices = Object.entries(FAULTS).map(([fault, share]) => [share, fault as Fault] as const);
    return { fault: random.weighted<Fault | undefined>([...choices, [100 - sum, undefined]]), random };
  }

  private kindOf(entry: PutEventsEntry) {
    const kind = this.samples.kindOf(indexIn(entry.Detail));
    return isNotice(entry.Source) === (kind.eventBridge === 'refuses the notice') ? kind.eventBridge : undefined;
  }

  private event(entry: PutEventsEntry, copy: string, fails: boolean): Result {
    const index = indexIn(entry.Detail);
    const output = isNotice(entry.Source) ? 'notice' : 'published';
    const delivery = this.ledger.deliveryOf(index, copy);
    const failed = (ErrorCode: string) => {
      const isQuoted = !ErrorCode.startsWith('AccessDenied');
      const ErrorMessage = isQuoted ? `refused: ${entry.Detail}` : 'not authorized';
      return { delivery, output, isTaken: false, answer: { ErrorCode, ErrorMessage } } as const;
    };
    const kind = this.kindOf(entry);
    if (kind === 'refuses the entry' || kind === 'refuses the notice') {
      this.ledger.fault('entry refused');
      return { ...failed(['MalformedDetail', 'InvalidArgument', 'AccessDeniedException'][index % 3]), isRefused: true };
    }
    if (fails) return failed(['InternalFailure', 'ThrottlingException', 'SomethingNew'][index % 3]);
    if (this.ledger.of(index).copies[output]++ === 0) this.check(entry, output, index);
    return { delivery, output, isTaken: true, answer: { EventId: `${index}` } };
  }

  /** What a published event, or a notice, must be. */
  private check(entry: PutEventsEntry, output: Output, index: number): void {
    const { origin, detail, kind, body } = this.samples.at(index);
    const wrong = (what: string) => this.ledger.violation(`${kind.name}, event ${index}, ${output}: ${what}`);
    const { metadata, data } = JSON.parse(entry.Detail);
    if (JSON.stringify(metadata.origin) !== JSON.stringify(origin)) wrong(`origin ${JSON.stringify(metadata.origin)}`);
    if (entry.EventBusName !== TARGET_BUS) wrong(`on bus ${entry.EventBusName}`);
    if (entry.TraceHeader !== `Root=${index}`) wrong(`trace ${entry.TraceHeader}`);
    if (output === 'notice') {
      if (entry.Source !== `invalid.${origin.source}`) wrong(`source ${entry.Source}`);
      if (data.reason !== kind.end && kind.end !== 'dead letter') wrong(`reason ${data.reason}`);
      return;
    }
    if (entry.Source !== `valid.${origin.source}`) wrong(`source ${entry.Source}`);
    if (entry.Time !== Date.parse(origin.time) / 1000) wrong(`time ${entry.Time}`);
    if (!body.includes(JSON.stringify(entry.Resources))) wrong(`resources ${entry.Resources}`);
    const stamp = `"origin":${JSON.stringify(origin)},`;
    if (entry.Detail.replace(stamp, '') !== detail) wrong('the detail has changed');
  }

  private message({ Id, MessageBody }: MessageEntry, copy: string, fails: boolean): Result {
    const record = JSON.parse(MessageBody);
    const text: string = record.event ?? gunzipSync(Buffer.from(record.eventGzip, 'base64')).toString();
    const index = indexIn(text);
    const delivery = this.ledger.deliveryOf(index, copy);
    const failed = { Id, Code: 'InternalError', SenderFault: false };
    if (fails) return { delivery, output: 'record', isTaken: false, answer: failed };
    const account = this.ledger.of(index);
    account.reasons.add(record.reason);
    if (account.copies.record++ === 0) {
      const { body, kind } = this.samples.at(index);
      if (text !== body) this.ledger.violation(`${kind.name}, event ${index}, record: the event has changed`);
    }
    const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
    return { delivery, output: 'record', isTaken: true, answer: { Id, MessageId: `${index}`, MD5OfMessageBody } };
  }
}

const isNotice = (source: string): boolean => source.startsWith('invalid.');

/** The copy of the function that a request comes from: it bears its name as the id of its key. */
const copyOf = ({ headers }: IncomingMessage): string => /Credential=([^/]+)/.exec(headers.authorization!)![1];

/** The function has got its answer. */
function hear({ delivery, output, isTaken, isRefused = false }: Result): void {
  if (isTaken) delivery.heard[output]++;
  else if (output === 'notice') delivery.isNoticeRefused ||= isRefused;
}

/** It has not, after all. */
function unhear({ delivery, output, isTaken }: Result): void {
  if (isTaken) delivery.heard[output]--;
  else if (output === 'notice') delivery.isNoticeRefused = false;
}

/** How a request asks for more than EventBridge and SQS take: a fault of the function. */
export function excess(target: string, entries: Array<Partial<PutEventsEntry & MessageEntry>>): string | undefined {
  if (entries.length === 0 || entries.length > 10) return `${target}: ${entries.length} entries`;
  const bytes = (text: string = ''): number => Buffer.byteLength(text);
  const size = entries.reduce(
    (sum, { Source, DetailType, Detail, Resources = [], Time, MessageBody }) =>
      sum +
      [Source, DetailType, Detail, MessageBody, ...Resources].reduce((all, text) => all + bytes(text), Time ? 14 : 0),
    0,
  );
  const most = target === 'AWSEvents.PutEvents' ? 999_999 : 1_048_576;
  return size > most ? `${target}: ${size} bytes` : undefined;
}
