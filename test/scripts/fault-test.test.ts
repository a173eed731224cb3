import { excess } from '../../scripts/fault-test/endpoint';
import { indexIn, KINDS, Samples, type Kind } from '../../scripts/fault-test/events';
import { type Account, type Delivery, Ledger } from '../../scripts/fault-test/ledger';
import { Queue } from '../../scripts/fault-test/queue';
import { outcomeOf, tableOf } from '../../scripts/fault-test/table';
import { Random } from '../../scripts/random';
import { type Reason } from '../../src/validation/handler/verdict';

const VALID: Kind = { name: 'valid', end: 'published' };
const BAD: Kind = { name: 'bad', end: 'SCHEMA_INVALID', isNoticed: true };
const SILENT: Kind = { name: 'silent', end: 'LOOP_PREVENTED' };
const DEAD: Kind = { name: 'dead', end: 'dead letter' };

type Output = keyof Account['copies'];

describe('a run is right', () => {
  /** One event of a kind, delivered once, and what happened to it. */
  function run(kind: Kind, happen: (account: Account, ledger: Ledger) => void) {
    const ledger = new Ledger(1);
    ledger.deliver(0, 'copy-0', false).isUnderWay = false;
    happen(ledger.of(0), ledger);
    return outcomeOf([kind], ledger);
  }
  /** An output arrives, and the function hears it: in the first delivery, unless told otherwise. */
  function arrive({ copies, deliveries }: Account, output: Output, { heard } = deliveries[0]) {
    copies[output]++;
    heard[output]++;
  }
  const keep = (account: Account, reason: Reason) => {
    arrive(account, 'record');
    account.reasons.add(reason);
  };
  const asItMust: Record<string, [Kind, (account: Account) => void]> = {
    valid: [VALID, (account) => arrive(account, 'published')],
    bad: [
      BAD,
      (account) => {
        keep(account, 'SCHEMA_INVALID');
        arrive(account, 'notice');
      },
    ],
    silent: [SILENT, (account) => keep(account, 'LOOP_PREVENTED')],
    dead: [DEAD, (account) => account.deadLetters++],
  };
  const violations = (name: string, more: (account: Account, ledger: Ledger) => void) => {
    const [kind, end] = asItMust[name];
    return run(kind, (account, ledger) => {
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

  test.each<[string, string, (account: Account) => void, string]>([
    ['a bad event is published', 'bad', (account) => arrive(account, 'published'), 'published and SCHEMA_INVALID'],
    ['a valid one is kept', 'valid', ({ reasons }) => reasons.add('MALFORMED'), 'published and MALFORMED'],
    ['the reason is another', 'silent', ({ reasons }) => reasons.add('MALFORMED'), 'LOOP_PREVENTED and MALFORMED'],
    ['a valid one is given up, too', 'valid', (account) => account.deadLetters++, 'published and dead letter'],
    ['its sender was told', 'silent', (account) => arrive(account, 'notice'), 'its sender was told'],
  ])('but not if %s', (_, name, more, message) => {
    expect(violations(name, more)).toEqual([expect.stringContaining(message)]);
  });

  test('but not if its sender was not told', () => {
    expect(run(BAD, (account) => keep(account, 'SCHEMA_INVALID')).violations).toEqual([
      'bad, event 0: its sender was not told',
    ]);
  });

  test('but not if the world itself saw a fault', () => {
    expect(violations('valid', (_, ledger) => ledger.violation('the log shows an event'))).toEqual([
      'the log shows an event',
    ]);
  });

  test.each(['published', 'notice', 'record'] as const)('but not if there is too much: %s', (output) => {
    const name = output === 'published' ? 'valid' : 'bad';
    expect(violations(name, (account) => arrive(account, output))).toEqual([
      `${name}, event 0: ${output} 1 times too often, where 0 were allowed`,
    ]);
    const unheard = ({ copies }: Account) => copies[output]++;
    expect(violations(name, unheard)).toEqual([]);
    const forced = (account: Account, ledger: Ledger) => {
      arrive(account, output, Object.assign(ledger.deliver(0, 'copy-1', false), { isForced: true }));
    };
    expect(violations(name, forced)).toEqual([]);
    expect(violations(name, (account, ledger) => (forced(account, ledger), arrive(account, output)))).toHaveLength(1);
  });

  describe('where an event comes again because its sender could not be told', () => {
    const again = (first: Partial<Delivery>, output: Output = 'record', kind: Kind = BAD) =>
      run(kind, (account, ledger) => {
        keep(account, kind.end as Reason);
        Object.assign(account.deliveries[0], first);
        const second = ledger.deliver(0, 'copy-1', false);
        arrive(account, 'record', second);
        if (kind.isNoticed) arrive(account, 'notice', second);
        if (output !== 'record') arrive(account, output, second);
      }).violations;

    test('its record may be there once more', () => {
      expect(again({ isNoticeSent: true })).toEqual([]);
      expect(again({ isHurried: true })).toEqual([]);
    });

    test('but no notice', () => {
      expect(again({ isNoticeSent: true }, 'notice')).toHaveLength(1);
    });

    test('but no record if the function did not try, or heard that the notice was taken or never will be', () => {
      expect(again({})).toHaveLength(1);
      expect(again({ isNoticeSent: true, heard: { published: 0, record: 1, notice: 1 } })).not.toEqual([]);
      expect(again({ isNoticeSent: true, isNoticeRefused: true })).toHaveLength(1);
    });

    test('but no record that was written in another delivery', () => {
      const none = { published: 0, record: 0, notice: 0 };
      const two = (account: Account, ledger: Ledger) => {
        Object.assign(account.deliveries[0], { isNoticeSent: true, heard: none });
        const second = ledger.deliver(0, 'copy-1', false);
        account.copies.record = account.copies.notice = 2;
        Object.assign(second.heard, { record: 2, notice: 2 });
      };
      expect(violations('bad', two)).toHaveLength(2);
    });
  });

  test('a delivery is forced if another is under way, or was done', () => {
    const ledger = new Ledger(1);
    const deliver = () => ledger.deliver(0, 'copy', false);
    const first = deliver();
    first.isUnderWay = false;
    const second = deliver();
    const third = deliver();
    third.isUnderWay = second.isUnderWay = false;
    ledger.of(0).isDone = true;
    const fourth = deliver();
    expect([first, second, third, fourth].map(({ isForced }) => isForced)).toEqual([false, false, true, true]);
  });

  test('what is sent is of the last delivery to its sender', () => {
    const ledger = new Ledger(1);
    ledger.deliver(0, 'a', false);
    const last = ledger.deliver(0, 'a', false);
    ledger.deliver(0, 'b', false);
    expect(ledger.deliveryOf(0, 'a')).toBe(last);
    expect(() => ledger.deliveryOf(0, 'c')).toThrow('c was not given event 0');
  });

  test('faults are known whatever service they were met at', () => {
    const ledger = new Ledger(1);
    ledger.fault('SQS: throttled');
    expect(ledger.hasFault('throttled')).toBe(true);
    expect(ledger.hasFault('internal error')).toBe(false);
  });

  test('and its table says how many', () => {
    const { rows } = run(BAD, (account) => {
      asItMust.bad[1](account);
      account.copies.record++;
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
        allowed: 1,
      },
    ]);
    const lines = tableOf([...rows, ...rows]).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[3].split(/ +/)).toEqual(['all', '2', '0', '2', '0', '2', '2', '2']);
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
