import { ACCEPTED, deliver, failed, within, type Outcome } from '../../../functions/republisher/deliver';

const REFUSED: Outcome = { kind: 'refused', code: 'MalformedDetail' };
const clientError = Object.assign(new Error('no'), { name: 'ValidationException', $metadata: { httpStatusCode: 400 } });
const throttled = Object.assign(new Error('slow'), { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });

/** Time that only pauses pass. */
function patience(milliseconds = 30_000) {
  const pauses: number[] = [];
  const failures: Array<[string, number]> = [];
  return {
    pauses,
    failures,
    timeLeft: () => milliseconds - pauses.reduce((sum, pause) => sum + pause, 0),
    pause: async (pause: number) => void pauses.push(pause),
    random: () => 0.5,
    onFailure: (error: unknown, items: number) => void failures.push([(error as Error).name, items]),
  };
}

/** A channel that gives answers in turn, the last one for ever, and takes down what was sent. */
function channel(answer: (items: string[], request: number) => Outcome[], bytes = Infinity) {
  const requests: string[][] = [];
  return {
    requests,
    most: { items: 3, bytes },
    sizeOf: (item: string) => item.length,
    send: async (items: string[]) => answer(items, requests.push(items)),
  };
}
const all = (outcome: Outcome) => (items: string[]) => items.map(() => outcome);

test('a request takes no more items than it may, and no more bytes', async () => {
  const few = channel(all(ACCEPTED));
  await deliver(['a', 'b', 'c', 'd'], few, patience());
  expect(few.requests).toEqual([['a', 'b', 'c'], ['d']]);

  const short = channel(all(ACCEPTED), 4);
  await deliver(['aa', 'bb', 'c', 'too long', 'd'], short, patience());
  expect(short.requests).toEqual([['aa', 'bb'], ['c'], ['too long'], ['d']]);
});

test('four requests are under way at a time', async () => {
  let underWay = 0;
  let most = 0;
  const slow = {
    ...channel(all(ACCEPTED)),
    send: async (items: string[]) => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      return items.map(() => ACCEPTED);
    },
  };
  expect(await deliver([...'abcdefghijklmnopqrstu'], slow, patience())).toEqual(Array(21).fill(ACCEPTED));
  expect(most).toBe(4);
});

test('what failed is sent again, alone, after a random pause that doubles; what was refused is not', async () => {
  const answers: Outcome[][] = [[ACCEPTED, failed('x'), REFUSED], [failed('x')], [ACCEPTED]];
  const some = channel((_, request) => answers[request - 1]);
  const time = patience();

  expect(await deliver(['a', 'b', 'c'], some, time)).toEqual([ACCEPTED, ACCEPTED, REFUSED]);

  expect(some.requests).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
  expect(time.pauses).toEqual([50, 100]);
});

test('what fails until the time is over is left', async () => {
  const time = patience(10_000);
  const outcomes = await deliver(['a'], channel(all(failed('InternalFailure'))), time);

  expect(outcomes).toEqual([failed('InternalFailure')]);
  expect(Math.max(...time.pauses)).toBe(1000);
  expect(time.timeLeft()).toBeGreaterThan(0);
  expect(time.timeLeft()).toBeLessThan(1100);
});

test('without time nothing is sent', async () => {
  const never = channel(all(ACCEPTED));
  expect(await deliver(['a', 'b'], never, patience(49))).toEqual([failed('NoTimeLeft'), failed('NoTimeLeft')]);
  expect(never.requests).toEqual([]);
});

test('a request that is refused as a whole is sent item by item, and each is judged', async () => {
  const picky = channel((items) => {
    if (items.includes('bad')) throw clientError;
    return items.map(() => ACCEPTED);
  });
  const time = patience();

  const outcomes = await deliver(['a', 'bad', 'c', 'd'], picky, time);

  expect(outcomes).toEqual([
    ACCEPTED,
    { kind: 'refused', code: 'ValidationException', message: 'no' },
    ACCEPTED,
    ACCEPTED,
  ]);
  expect(picky.requests).toEqual([['a', 'bad', 'c'], ['d'], ['a'], ['bad'], ['c']]);
  expect(time.failures).toEqual([
    ['ValidationException', 3],
    ['ValidationException', 1],
  ]);
});

test.each([
  ['is throttled', () => Promise.reject(throttled)],
  ['loses its connection', () => Promise.reject(new Error('socket hang up'))],
  ['has too few answers', async () => [ACCEPTED]],
  ['has too many answers', async () => [ACCEPTED, ACCEPTED, ACCEPTED]],
])('a request that %s is sent again as it was', async (_, answer) => {
  const requests: string[][] = [];
  const shaky = {
    ...channel(all(ACCEPTED)),
    send: async (items: string[]) => (requests.push(items) === 1 ? answer() : items.map(() => ACCEPTED)),
  };
  expect(await deliver(['a', 'b'], shaky, patience())).toEqual([ACCEPTED, ACCEPTED]);
  expect(requests).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

test('nothing to send is no request', async () => {
  const none = channel(all(ACCEPTED));
  expect(await deliver([], none, patience(0))).toEqual([]);
  expect(none.requests).toEqual([]);
});

describe('within a time', () => {
  test('work that hangs is given up, and told so', async () => {
    let signal: AbortSignal | undefined;
    const hanging = within(20, async (given) => {
      signal = given;
      return new Promise(() => undefined);
    });
    await expect(hanging).rejects.toMatchObject({ name: 'Timeout', message: 'no answer within 20 ms' });
    expect(signal?.aborted).toBe(true);
  });

  test('work that ends is not disturbed', async () => {
    let signal: AbortSignal | undefined;
    expect(await within(1000, async (given) => ((signal = given), 'x'))).toBe('x');
    expect(signal?.aborted).toBe(false);
    await expect(within(1000, () => Promise.reject(new Error('its own')))).rejects.toThrow('its own');
  });
});
