import { excess } from '../../scripts/fault-test/endpoint';
import { indexIn, KINDS, Samples, type Kind } from '../../scripts/fault-test/events';
import { Ledger } from '../../scripts/fault-test/ledger';
import { Queue } from '../../scripts/fault-test/queue';
import { outcomeOf, tableOf } from '../../scripts/fault-test/table';
import { Random } from '../../scripts/random';

const VALID: Kind = { name: 'valid', end: 'published' };
const BAD: Kind = { name: 'bad', end: 'SCHEMA_INVALID', isNoticed: true };
const SILENT: Kind = { name: 'silent', end: 'LOOP_PREVENTED' };
const DEAD: Kind = { name: 'dead', end: 'dead letter' };

describe('a run is right', () => {
  /** One event of a kind, and what happened to it. */
  function run(kind: Kind, happen: (ledger: Ledger, account: ReturnType<Ledger['of']>) => void) {
    const ledger = new Ledger(1);
    ledger.deliver(0);
    happen(ledger, ledger.of(0));
    return outcomeOf([kind], ledger);
  }
  const asItMust: Record<string, [Kind, (account: ReturnType<Ledger['of']>) => void]> = {
    valid: [VALID, ({ copies }) => copies.published++],
    bad: [
      BAD,
      ({ copies, reasons }) => {
        copies.record++;
        copies.notice++;
        reasons.add('SCHEMA_INVALID');
      },
    ],
    silent: [
      SILENT,
      ({ copies, reasons }) => {
        copies.record++;
        reasons.add('LOOP_PREVENTED');
      },
    ],
    dead: [DEAD, (account) => account.deadLetters++],
  };
  const violations = (name: string, more: (account: ReturnType<Ledger['of']>, ledger: Ledger) => void) => {
    const [kind, end] = asItMust[name];
    return run(kind, (ledger, account) => {
      end(account);
      more(account, ledger);
    }).violations;
  };

  test.each(Object.keys(asItMust))('if each event ended where its kind must: %s', (name) => {
    expect(violations(name, () => undefined)).toEqual([]);
  });

  test.each([VALID, BAD, SILENT, DEAD])('but not if one is lost: $name', (kind) => {
    expect(run(kind, () => undefined).violations).toEqual([`${kind.name}, event 0: lost`]);
  });

  test.each<[string, string, (account: ReturnType<Ledger['of']>) => void, string]>([
    ['a bad event is published', 'bad', ({ copies }) => copies.published++, 'published and SCHEMA_INVALID'],
    ['a valid one is kept', 'valid', ({ reasons }) => reasons.add('MALFORMED'), 'published and MALFORMED'],
    ['the reason is another', 'silent', ({ reasons }) => reasons.add('MALFORMED'), 'LOOP_PREVENTED and MALFORMED'],
    ['a valid one is given up, too', 'valid', (account) => account.deadLetters++, 'published and dead letter'],
    ['its sender was not told', 'bad', ({ copies }) => copies.notice--, 'its sender was not told'],
    ['its sender was told', 'silent', ({ copies }) => copies.notice++, 'its sender was told'],
  ])('but not if %s', (_, name, more, message) => {
    expect(violations(name, more)).toEqual([expect.stringContaining(message)]);
  });

  test('but not if the world itself saw a fault', () => {
    expect(violations('valid', (_, ledger) => ledger.violation('the log shows an event'))).toEqual([
      'the log shows an event',
    ]);
  });

  test.each(['published', 'notice', 'record'] as const)('but not if there is too much: %s', (output) => {
    const name = output === 'published' ? 'valid' : 'bad';
    expect(violations(name, ({ copies }) => copies[output]++)).toEqual([
      `${name}, event 0: ${output} 1 times too often, where 0 were allowed`,
    ]);
    expect(violations(name, ({ copies, unanswered }) => (copies[output]++, unanswered[output]++))).toEqual([]);
    expect(violations(name, (account) => (account.copies[output]++, account.forced++))).toEqual([]);
    expect(violations(name, (account) => ((account.copies[output] += 2), account.forced++))).toHaveLength(1);
  });

  test('a delivery is forced if another is under way, or was done', () => {
    const ledger = new Ledger(1);
    const account = ledger.of(0);
    ledger.deliver(0);
    ledger.settle(0);
    ledger.deliver(0);
    expect(account).toMatchObject({ deliveries: 2, forced: 0 });
    ledger.deliver(0);
    expect(account.forced).toBe(1);
    ledger.settle(0);
    ledger.settle(0);
    account.isDone = true;
    ledger.deliver(0);
    expect(account.forced).toBe(2);
  });

  test('faults are known whatever service they were met at', () => {
    const ledger = new Ledger(1);
    ledger.fault('SQS: throttled');
    expect(ledger.hasFault('throttled')).toBe(true);
    expect(ledger.hasFault('internal error')).toBe(false);
  });

  test('a record may be there again for each notice that failed, a notice may not', () => {
    const again = (output: 'record' | 'notice') =>
      violations('bad', (account) => {
        account.copies[output]++;
        account.deliveries++;
      });
    expect(again('record')).toEqual([]);
    expect(again('notice')).toHaveLength(1);
  });

  test('and its table says how many', () => {
    const { rows } = run(BAD, (_, account) => {
      asItMust.bad[1](account);
      account.copies.record++;
      account.unanswered.record += 2;
    });
    expect(rows).toEqual([
      {
        kind: 'bad',
        end: 'SCHEMA_INVALID',
        events: 1,
        published: 0,
        quarantined: 1,
        deadLetters: 0,
        noticed: 1,
        repeated: 1,
        allowed: 2,
      },
    ]);
    const lines = tableOf([...rows, ...rows]).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[3].split(/ +/)).toEqual(['all', '2', '0', '2', '0', '2', '2', '4']);
  });
});

describe('the queue', () => {
  const queue = (events: number, more: object = {}) =>
    new Queue(events, {
      visibilityTimeout: 180,
      maxReceiveCount: 2,
      random: new Random('queue'),
      repeats: 0,
      twins: 0,
      ...more,
    });
  const ids = (messages: Array<{ id: string }>) => messages.map(({ id }) => id);

  test('gives each message once, in batches', () => {
    const few = queue(3);
    expect(ids(few.receive(2))).toEqual(['0', '1']);
    expect(ids(few.receive(2))).toEqual(['2']);
    expect(few.receive(2)).toEqual([]);
    expect(few.skip()).toBe(false);
  });

  test('gives what fits only', () => {
    const few = queue(3);
    expect(ids(few.receive(10, (batch) => batch.length < 2))).toEqual(['0', '1']);
    expect(ids(few.receive(10, () => false))).toEqual(['2']);
  });

  test('gives back what was released, when its time has come, until it is given up', () => {
    const one = queue(1);
    const [message] = one.receive(1);
    one.release(message);
    expect(one.receive(1)).toEqual([]);
    expect(one.skip()).toBe(true);
    expect(one.receive(1)).toEqual([message]);
    one.release(message);
    one.skip();
    expect(one.receive(1)).toEqual([]);
    expect(one.deadLetters).toEqual([message]);
    expect(one.skip()).toBe(false);
  });

  test('gives a copy of what is being worked on, but of nothing that is deleted', () => {
    const twice = queue(1, { repeats: 1 });
    const [message] = twice.receive(1);
    twice.skip();
    expect(twice.receive(1)).toEqual([message]);

    const once = queue(1, { repeats: 1 });
    once.delete(once.receive(1)[0]);
    once.skip();
    expect(once.receive(1)).toEqual([]);
  });

  test('has two messages of an event that EventBridge put twice', () => {
    const messages = queue(1, { twins: 1 }).receive(10);
    expect(messages.map(({ id, index }) => [id, index])).toEqual([
      ['0', 0],
      ['0-twin', 0],
    ]);
  });
});

describe('the events', () => {
  const samples = new Samples(2000, 1);
  const indexes = Array.from({ length: 2000 }, (_, i) => i);

  test('are of every kind, in the shares that the kinds have', () => {
    const count = (name: string) => indexes.filter((i) => samples.kindOf(i).name === name).length;
    for (const { name } of KINDS) expect([name, count(name)]).not.toEqual([name, 0]);
    expect(count('breaks its schema')).toBe(40);
    const bad = indexes.filter((i) => samples.kindOf(i).end !== 'published').length / 2000;
    expect(bad).toBeGreaterThan(0.09);
    expect(bad).toBeLessThan(0.12);
  });

  test('are those of the seed, and know their number', () => {
    const others = new Samples(2000, 2);
    const small = indexes.filter((i) => samples.kindOf(i).count === undefined);
    expect(small.map((i) => indexIn(samples.at(i).body))).toEqual(small);
    expect(new Samples(2000, 1).at(7)).toEqual(samples.at(7));
    expect(others.at(7).body).not.toBe(samples.at(7).body);
    expect(() => indexIn('nothing')).toThrow('of no event');
    expect(() => new Samples(10, 1)).toThrow('--events');
  });
});

test('the endpoint knows what a request may hold', () => {
  const entry = { Source: 'é', DetailType: 'b', Detail: '{}', Resources: ['cc'], Time: 1 };
  expect(excess('AWSEvents.PutEvents', Array(10).fill(entry))).toBeUndefined();
  expect(excess('AWSEvents.PutEvents', Array(11).fill(entry))).toBe('AWSEvents.PutEvents: 11 entries');
  expect(excess('AWSEvents.PutEvents', [])).toBe('AWSEvents.PutEvents: 0 entries');
  const large = (bytes: number) => [entry, { Detail: 'x'.repeat(bytes - 21) }];
  expect(excess('AWSEvents.PutEvents', large(999_999))).toBeUndefined();
  expect(excess('AWSEvents.PutEvents', large(1_000_000))).toBe('AWSEvents.PutEvents: 1000000 bytes');
  const message = (bytes: number) => [{ Id: '0', MessageBody: 'x'.repeat(bytes) }];
  expect(excess('AmazonSQS.SendMessageBatch', message(1_048_576))).toBeUndefined();
  expect(excess('AmazonSQS.SendMessageBatch', message(1_048_577))).toContain('1048577 bytes');
});
