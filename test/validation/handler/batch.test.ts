import { republish, type Incoming, type World } from '../../../functions/republisher/batch';
import { Countdown } from '../../../functions/republisher/countdown';
import { ACCEPTED, failed, type Outcome } from '../../../functions/republisher/deliver';
import { type Publication } from '../../../functions/republisher/publish';
import { type Quarantined } from '../../../functions/republisher/quarantine';
import { type Origin } from '../../../src/validation/handler/stamp';
import type { Entry, Verdict } from '../../../src/validation/handler/verdict';

const REFUSED: Outcome = { kind: 'refused', code: 'MalformedDetail', message: 'quotes the event' };

const entry = (source: string): Entry => ({ eventBus: 'bus', source, detailType: 'T', detail: '{}', resources: [] });
const origin = (id: string): Origin => ({ id, account: '2', region: 'r', source: 's', time: 't' });
const valid = (id: string): Verdict => ({ entries: [entry(`valid.${id}`)], errors: [], origin: origin(id), event: id });
const invalid = (id: string): Verdict => ({
  entries: [entry(`invalid.${id}`)],
  errors: [{ path: '/a', keyword: 'k', message: 'm' }],
  origin: origin(id),
  event: id,
  reason: 'SCHEMA_INVALID',
  quarantined: 'SCHEMA_INVALID',
});

/** Decides by the first word of a body: `valid 1`, `invalid 2`, `broken 3`. */
function decide(body: string): Verdict {
  const [word, id] = body.split(' ');
  if (word === 'broken') throw new Error('no such schema');
  return word === 'valid' ? valid(id) : invalid(id);
}

interface Changes {
  readonly publish?: (source: string) => Outcome;
  readonly keep?: (event: string) => Outcome;
  readonly fetch?: World['fetch'];
}

function world({ publish = () => ACCEPTED, keep = () => ACCEPTED, fetch }: Changes = {}) {
  const published: Publication[] = [];
  const kept: Quarantined[] = [];
  const errors: string[] = [];
  const times: number[] = [];
  const made: World = {
    decide,
    fetch: fetch ?? (() => Promise.reject(new Error('nothing is elsewhere'))),
    publish: async (items, timeLeft) => {
      times.push(timeLeft());
      published.push(...items);
      return items.map((item) => publish(item.entry.source));
    },
    quarantine: async (items, timeLeft) => {
      times.push(timeLeft());
      kept.push(...items);
      return items.map(({ verdict }) => keep(verdict.event));
    },
    onError: (error, id) => void errors.push(`${id}: ${(error as Error).message}`),
  };
  return { ...made, published, kept, errors, times };
}

const batch = (...bodies: string[]): Incoming[] =>
  bodies.map((body, i) => ({ id: `m${i}`, body, traceHeader: `t${i}` }));
const run = async (bodies: string[], changes: Changes = {}, remaining: () => number = () => 30_000) => {
  const made = world(changes);
  const fates = await republish(batch(...bodies), made, new Countdown(remaining));
  return { ...made, fates, left: fates.flatMap(({ id, isDone }) => (isDone ? [] : [id])) };
};

test('valid events are published and invalid ones kept, with a notice, and all are done', async () => {
  const { fates, left, published, kept, times } = await run(['valid 1', 'invalid 2', 'valid 3']);

  expect(left).toEqual([]);
  expect(published).toEqual([
    { entry: entry('valid.1'), traceHeader: 't0' },
    { entry: entry('valid.3'), traceHeader: 't2' },
    { entry: entry('invalid.2'), traceHeader: 't1' },
  ]);
  expect(kept).toEqual([{ verdict: invalid('2'), reason: 'SCHEMA_INVALID', errors: invalid('2').errors }]);
  expect(fates[0]).toEqual({ id: 'm0', isDone: true, isRepeated: false, verdict: valid('1'), published: [ACCEPTED] });
  expect(fates[1]).toMatchObject({ kept: { reason: 'SCHEMA_INVALID' }, published: [ACCEPTED] });
  // Time is kept for notices, and for writing down what EventBridge refuses.
  expect(times).toEqual([24_000, 24_000, 28_500, 28_500]);
});

test('an event that EventBridge does not take comes again, and it alone', async () => {
  const { left, kept } = await run(['valid 1', 'valid 2'], {
    publish: (source) => (source === 'valid.2' ? failed('InternalFailure') : ACCEPTED),
  });
  expect(left).toEqual(['m1']);
  expect(kept).toEqual([]);
});

test('an event that EventBridge refuses is kept, and comes again if that fails', async () => {
  const refusing = { publish: () => REFUSED };
  const { fates, left, kept } = await run(['valid 1'], refusing);
  expect(left).toEqual([]);
  const expected = {
    verdict: valid('1'),
    reason: 'PUBLISH_REJECTED',
    errors: [{ path: '', keyword: 'MalformedDetail', message: 'EventBridge refused the event' }],
  };
  expect(kept).toEqual([expected]);
  expect(fates[0].kept).toEqual(expected);

  const lost = await run(['valid 1'], { ...refusing, keep: () => failed('x') });
  expect(lost.left).toEqual(['m0']);
  expect(lost.fates[0].kept).toBeUndefined();
});

test.each([
  ['fails', failed('x')],
  ['is refused', REFUSED],
])('an event whose record %s comes again, and nobody is told yet', async (_, outcome) => {
  const { left, published } = await run(['invalid 1', 'invalid 2'], {
    keep: (event) => (event === '2' ? outcome : ACCEPTED),
  });
  expect(left).toEqual(['m1']);
  expect(published.map((item) => item.entry.source)).toEqual(['invalid.1']);
});

test('a notice that fails comes again; one that is refused holds nothing up, and is not kept', async () => {
  expect((await run(['invalid 1'], { publish: () => failed('x') })).left).toEqual(['m0']);

  const { left, kept } = await run(['invalid 1'], { publish: () => REFUSED });
  expect(left).toEqual([]);
  expect(kept.map(({ reason }) => reason)).toEqual(['SCHEMA_INVALID']);
});

test('what cannot be decided about comes again, and the others do not', async () => {
  const { left, errors, published } = await run(['valid 1', 'broken 2', 'valid 3']);
  expect(left).toEqual(['m1']);
  expect(errors).toEqual(['m1: no such schema']);
  expect(published).toHaveLength(2);
});

test('an event that stands twice in a batch is sent once, and both share its fate', async () => {
  const twice = ['valid 1', 'valid 1', 'invalid 2', 'invalid 2'];
  const { fates, left, published, kept } = await run(twice);
  expect(left).toEqual([]);
  expect(published).toHaveLength(2);
  expect(kept).toHaveLength(1);
  expect(fates.map(({ isRepeated }) => isRepeated)).toEqual([false, true, false, true]);

  const failing = await run(twice, { publish: (source) => (source === 'valid.1' ? failed('x') : ACCEPTED) });
  expect(failing.left).toEqual(['m0', 'm1']);
});

test('what cannot be read is told from others by its letters, and by no id', async () => {
  const unread = (event: string): Verdict => ({ entries: [], errors: [], event, quarantined: 'MALFORMED' });
  const made = { ...world(), decide: (body: string) => (body.startsWith('valid') ? valid('1') : unread(body)) };
  const fates = await republish(batch('1', '2', '2', 'valid 1'), made, new Countdown(() => 30_000));
  expect(fates.map(({ isDone, isRepeated }) => [isDone, isRepeated])).toEqual([
    [true, false],
    [true, false],
    [true, true],
    [true, false],
  ]);
  expect(made.kept.map(({ verdict }) => verdict.event)).toEqual(['1', '2']);
});

test('what could not be decided about is no event of its own', async () => {
  expect((await run(['broken 1', 'broken 1', 'valid 1'])).left).toEqual(['m0', 'm1']);
});

test('without time left, what was not looked at comes again', async () => {
  let looked = 0;
  const { left, published } = await run(['valid 1', 'valid 2', 'valid 3'], {}, () => 30_000 - 9_000 * looked++);
  // Half of the time is for sending: the third would be looked at after 18 of 30 seconds.
  expect(published).toHaveLength(1);
  expect(left).toEqual(['m1', 'm2']);
});

test('an event that is elsewhere is fetched first', async () => {
  const record = JSON.stringify({ reason: 'TOO_LARGE', eventAt: { bucket: 'b', key: 'k' } });
  const { left, published } = await run([record], { fetch: async ({ bucket, key }) => `valid ${bucket}/${key}` });
  expect(left).toEqual([]);
  expect(published[0].entry.source).toBe('valid.b/k');

  const gone = await run([record, 'valid 1']);
  expect(gone.left).toEqual(['m0']);
  expect(gone.errors).toEqual(['m0: nothing is elsewhere']);
});
