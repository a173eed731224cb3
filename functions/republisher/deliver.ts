import { isRefusal } from './faults';

/** What became of an item. What failed may well have arrived: an answer can be lost, too. */
export type Outcome =
  | { readonly kind: 'accepted' }
  /** Another try would end alike. */
  | { readonly kind: 'refused'; readonly code: string; readonly message?: string }
  | { readonly kind: 'failed'; readonly code: string };

export const ACCEPTED: Outcome = { kind: 'accepted' };
export const failed = (code: string): Outcome => ({ kind: 'failed', code });

/** A way to send items, several in one request. */
export interface Channel<T> {
  /** What one request takes. */
  readonly most: { readonly items: number; readonly bytes: number };
  sizeOf(item: T): number;
  /** Outcomes in the order of the items; throws where the request failed as a whole. */
  send(items: T[], signal: AbortSignal): Promise<Outcome[]>;
}

export interface Patience {
  /** Milliseconds until there must be an end. */
  timeLeft(): number;
  pause(milliseconds: number): Promise<unknown>;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Told of each request that failed as a whole. */
  onFailure(error: unknown, items: number): void;
}

/** Of requests at a time; more would only meet the quota of the account sooner. */
const CONCURRENCY = 4;
/** A slow answer must not eat the time of the function, in milliseconds. */
const REQUEST_TIMEOUT = 5_000;
/** With less time no request is begun. */
const LEAST_TIME = 50;
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2_000;

/**
 * Sends items until each is accepted or refused, or the time is over. Between two tries it waits a random time, which
 * doubles at most: functions that were throttled together must not come back together.
 */
export async function deliver<T>(items: T[], channel: Channel<T>, patience: Patience): Promise<Outcome[]> {
  const outcomes = items.map(() => failed('NoTimeLeft'));
  /** Items of requests that were refused as a whole: one of them may be at fault for all. */
  const alone = new Set<number>();
  let open = items.map((_, i) => i);
  for (let tries = 0; open.length > 0; tries++) {
    if (tries > 0) {
      const pause = patience.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries);
      if (pause + LEAST_TIME > patience.timeLeft()) break;
      await patience.pause(pause);
    }
    const chunks = chunked(open, alone, (i) => channel.sizeOf(items[i]), channel.most);
    await inParallel(chunks, async (chunk) => {
      const time = Math.min(REQUEST_TIMEOUT, patience.timeLeft());
      if (time < LEAST_TIME) return;
      const found = await request(
        chunk.map((i) => items[i]),
        channel,
        time,
        patience,
      );
      const isShared = found.kind === 'refused' && chunk.length > 1;
      chunk.forEach((i, n) => {
        if (isShared) alone.add(i);
        outcomes[i] = isShared ? failed(found.code) : 'each' in found ? found.each[n] : found;
      });
    });
    open = open.filter((i) => outcomes[i].kind === 'failed');
  }
  return outcomes;
}

/** The outcome of each item, or one of the request. */
async function request<T>(
  items: T[],
  channel: Channel<T>,
  time: number,
  { onFailure }: Patience,
): Promise<Outcome | { readonly kind: 'each'; readonly each: Outcome[] }> {
  try {
    const each = await within(time, async (signal) => channel.send(items, signal));
    return each.length === items.length ? { kind: 'each', each } : failed('AnswerIncomplete');
  } catch (error) {
    onFailure(error, items.length);
    const { name, message } = Object(error) as Partial<Error>;
    return isRefusal(error) ? { kind: 'refused', code: name ?? 'Error', message } : failed(name ?? 'Error');
  }
}

/** Ends with the time, whatever still waits: of an answer that stops in the middle the SDK would never hear the end. */
export async function within<T>(time: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(Object.assign(new Error(`no answer within ${Math.round(time)} ms`), { name: 'Timeout' }));
      controller.abort();
    }, time);
  });
  try {
    return await Promise.race([work(controller.signal), end]);
  } finally {
    clearTimeout(timer);
  }
}

function chunked(
  open: number[],
  alone: ReadonlySet<number>,
  sizeOf: (i: number) => number,
  most: Channel<unknown>['most'],
): number[][] {
  const chunks: number[][] = [];
  let last: number[] = [];
  let bytes = 0;
  for (const i of open) {
    const size = sizeOf(i);
    if (alone.has(i)) {
      chunks.push([i]);
      continue;
    }
    if (last.length === 0 || last.length === most.items || bytes + size > most.bytes) {
      last = [];
      bytes = 0;
      chunks.push(last);
    }
    last.push(i);
    bytes += size;
  }
  return chunks;
}

async function inParallel<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, worker));
}
