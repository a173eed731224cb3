import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { dimensionsIn, type Account } from '../../live-check/account';
import { liveCheck } from '../../live-check/live-check';
import { namesOf } from '../../live-check/names';
import { LEVELS, optionsOf } from '../../live-check/options';
import { PATTERN_QUESTIONS } from '../../live-check/patterns';
import { Round } from '../../live-check/round';
import { reasonIn, stacksOf } from '../../live-check/stacks';
import { goOn, pause, Stopped, stopOnSignals, wasStopped } from '../../live-check/stop';
import * as verdicts from '../../live-check/verdicts';
import { LockLevel } from '../../src';
import { compilePattern } from '../../src/pattern';

const props = { hubAccount: '111111111111', memberAccount: '222222222222', region: 'eu-west-1' };

describe.each(Object.values(LockLevel))('the live check of level %s', (level) => {
  const stacks = () => {
    const app = new App();
    liveCheck(app, { ...props, level });
    return app.synth().stacksRecursively;
  };

  test('synthesizes the four stacks that it deploys', () => {
    const place = { profile: '', id: '' };
    const deployed = stacksOf({ level, hub: place, member: place, region: '' }).map(([stack]) => stack);
    expect(
      stacks()
        .map(({ hierarchicalId }) => hierarchicalId)
        .sort(),
    ).toEqual([...deployed].sort());
  });

  // The member's own fan-out rule leaves out what the member forwards: without another rule there is no second hop.
  test('takes what the member forwards on to its local bus', () => {
    const rules = stacks().find(({ hierarchicalId }) => hierarchicalId === 'Backbone/Routes')!.template
      .Resources as Record<string, { Type: string; Properties: any }>;
    const event = {
      ...{ version: '0', id: '1', time: '2026-01-01T00:00:00Z', region: 'eu-west-1', resources: [], detail: {} },
      ...{ source: 'live.forwarded', 'detail-type': 'Check', account: props.memberAccount },
    };
    const takers = Object.values(rules)
      .filter(({ Type }) => Type === 'AWS::Events::Rule')
      .filter(({ Properties }) => compilePattern(Properties.EventPattern).matches(JSON.stringify(event)));
    expect(takers.map(({ Properties }) => Properties.Targets)).toEqual([
      [
        expect.objectContaining({
          Arn: `arn:aws:events:eu-west-1:222222222222:event-bus/${namesOf(level).localBus}`,
          DeadLetterConfig: { Arn: `arn:aws:sqs:eu-west-1:111111111111:${namesOf(level).deadLetters}` },
        }),
      ],
    ]);
  });

  test('makes what it looks for, under the names that it looks for', () => {
    const names = namesOf(level);
    const found = JSON.stringify(stacks().map(({ template }) => template));
    for (const name of [names.globalBus, names.localBus, names.ownBus, names.hubQueue, names.memberQueue]) {
      expect(found).toContain(`"${name}"`);
    }
    expect(found).toContain(`"QueueName":"${names.deadLetters}"`);
    for (const bus of [names.globalBus, names.localBus]) expect(found).toContain(`"ArchiveName":"${bus}"`);
    for (const log of [names.boundLogGroup, names.catchAllLogGroup]) expect(found).toContain(`"LogGroupName":"${log}"`);
  });
});

test('the policy of the local bus is that of the level', () => {
  const count = (level: LockLevel) => {
    const app = new App();
    liveCheck(app, { ...props, level });
    const stack = app.node.findAll().find(({ node }) => node.path === 'Backbone/Member-member') as Stack;
    return Object.keys(Template.fromStack(stack).findResources('AWS::Events::EventBusPolicy')).length;
  };
  expect([LockLevel.ACCOUNT, LockLevel.ROLE, LockLevel.STRICT].map(count)).toEqual([1, 1, 3]);
});

test('the log group with the condition is where no policy of the account admits EventBridge', () => {
  expect(LEVELS).toEqual(Object.values(LockLevel));
  for (const level of LEVELS) expect(namesOf(level).boundLogGroup).toMatch(/^\/live-check\//);
});

describe('the options', () => {
  const both = ['--hub-profile', 'a', '--member-profile', 'b'];

  test('have what is left out', () => {
    expect(optionsOf(both)).toEqual({
      hubProfile: 'a',
      memberProfile: 'b',
      region: 'eu-west-1',
      levels: LEVELS,
      destroy: false,
    });
    expect(optionsOf([...both, '--level', 'role,role', '--destroy'])).toMatchObject({
      levels: ['role'],
      destroy: true,
    });
  });

  test.each([
    ['no profile', [], '--hub-profile is missing'],
    ['one profile', both.slice(0, 2), '--member-profile is missing'],
    ['an empty profile', ['--hub-profile', '', ...both.slice(2)], '--hub-profile is missing'],
    ['an unknown option', [...both, '--levels', 'role'], "Unknown option '--levels'"],
    ['an argument', [...both, 'role'], "Unexpected argument 'role'"],
    ['an unknown level', [...both, '--level', 'account,lax'], '--level lax is not one of account, role, strict'],
    ['a Region that is none', [...both, '--region', 'Ireland'], '--region Ireland is no Region'],
  ])('refuse %s with one line that says so', (_, args, message) => {
    expect(() => optionsOf(args)).toThrow(message);
  });
});

describe('what is concluded', () => {
  const taken = {};
  const denied = { refused: 'AccessDeniedException: no' };
  const throttled = { refused: 'ThrottlingException: later' };
  const answers = (table: Array<[verdicts.Answer, verdicts.Verdict]>) =>
    expect(table.map(([, { answer }]) => answer)).toEqual(table.map(([expected]) => expected));

  test('of the account of an event', () => {
    answers([
      ['yes', verdicts.carriesAccount(taken, { account: '1' }, '1')],
      ['no', verdicts.carriesAccount(taken, { account: '2' }, '1')],
      ['not seen', verdicts.carriesAccount(taken, undefined, '1')],
      ['not seen', verdicts.carriesAccount(denied, undefined, '1')],
    ]);
  });

  test('of an event that does not come back: only if it came to the hub', () => {
    answers([
      ['yes', verdicts.comesNotBack(true, false)],
      ['not seen', verdicts.comesNotBack(false, false)],
      ['no', verdicts.comesNotBack(true, true)],
      ['no', verdicts.comesNotBack(false, true)],
    ]);
  });

  test('of a delivery: "no" only with a dead letter', () => {
    answers([
      ['yes', verdicts.isDelivered(taken, true, undefined)],
      ['no', verdicts.isDelivered(taken, false, 'NO_PERMISSIONS')],
      ['not seen', verdicts.isDelivered(taken, false, undefined)],
      ['not seen', verdicts.isDelivered(throttled, false, undefined)],
    ]);
  });

  test('of a refusal: only for want of permission, and if a good put was taken', () => {
    answers([
      ['yes', verdicts.isRefused(denied, taken)],
      ['no', verdicts.isRefused(taken, taken)],
      ['not seen', verdicts.isRefused(throttled, taken)],
      ['not seen', verdicts.isRefused(denied, denied)],
      ['yes', verdicts.isTaken(taken, denied)],
      ['no', verdicts.isTaken(denied, taken)],
      ['not seen', verdicts.isTaken(denied, denied)],
      ['not seen', verdicts.isTaken(throttled, taken)],
    ]);
  });

  test('of the second hop: "yes" only if it came to the hub and its dead letter has a code', () => {
    const code = 'THIRD_ACCOUNT_HOP_DETECTED';
    answers([
      ['yes', verdicts.isDroppedAtSecondHop({ forwarded: true, arrived: false, code })],
      ['not seen', verdicts.isDroppedAtSecondHop({ forwarded: true, arrived: false })],
      ['not seen', verdicts.isDroppedAtSecondHop({ forwarded: false, arrived: false })],
      ['not seen', verdicts.isDroppedAtSecondHop({ forwarded: false, arrived: false, code })],
      ['no', verdicts.isDroppedAtSecondHop({ forwarded: true, arrived: true })],
    ]);
  });

  test('of the condition of a log group: "no" only if the other group has the event', () => {
    answers([
      ['yes', verdicts.isLogged(true, false)],
      ['no', verdicts.isLogged(false, true)],
      ['not seen', verdicts.isLogged(false, false)],
    ]);
  });

  // The event itself has the mark as well, and stays in the queue.
  test('of replays: "no" only of a copy with another id and without the field', () => {
    const original = { id: '1' };
    const named = { id: '2', 'replay-name': 'r' };
    const unnamed = { id: '2' };
    answers([
      ['not seen', verdicts.carriesReplayName([], ['1'], ['r'])],
      ['not seen', verdicts.carriesReplayName([original], ['1'], ['r'])],
      ['no', verdicts.carriesReplayName([original, unnamed], ['1'], ['r'])],
      ['yes', verdicts.carriesReplayName([original, named], ['1'], ['r'])],
      ['yes', verdicts.carriesReplayName([{ ...named, id: '1' }], ['1'], ['r'])],
      ['not seen', verdicts.carriesReplayName([original, { ...named, 'replay-name': 'another' }], ['1'], ['r'])],
      ['yes', verdicts.comesByReplay([original, unnamed], ['1'], ['r'])],
      ['yes', verdicts.comesByReplay([{ ...named, id: '1' }], ['1'], ['r'])],
      ['not seen', verdicts.comesByReplay([original], ['1'], ['r'])],
      ['no', verdicts.comesByReplay([original], ['1'], ['r'], 'the replay failed: not authorized')],
      ['not seen', verdicts.comesByReplay([original], ['1'], ['r'], 'the replay failed: internal')],
    ]);
  });

  test('of two events in one call', () => {
    answers([
      ['yes', verdicts.refusesOneEntry({ good: taken, bad: denied }, taken)],
      ['no', verdicts.refusesOneEntry({ good: denied, bad: denied }, taken)],
      ['no', verdicts.refusesOneEntry({ good: taken, bad: taken }, taken)],
      ['not seen', verdicts.refusesOneEntry({ good: denied, bad: denied }, denied)],
      ['not seen', verdicts.refusesOneEntry({ good: throttled, bad: throttled }, taken)],
    ]);
  });

  test('of patterns, metrics and trace headers', () => {
    const both = ['RuleName', 'EventBusName'];
    answers([
      ['yes', verdicts.isValidPattern(undefined)],
      ['no', verdicts.isValidPattern('InvalidEventPatternException: Rule is too complex')],
      ['no', verdicts.isValidPattern('ValidationException: length less than or equal to 4096')],
      ['not seen', verdicts.isValidPattern('AccessDeniedException: no')],
      ['yes', verdicts.hasSeries([['EventBusName'], ['EventBusName', 'RuleName']], both)],
      ['not seen', verdicts.hasSeries([['EventBusName'], ['RuleName']], both)],
      ['not seen', verdicts.hasSeries([], both)],
      ['yes', verdicts.keepsTrace(undefined, { header: 'Root=1;Parent=2' }, 'Root=1')],
      ['no', verdicts.keepsTrace('Root=1;Parent=2', {}, 'Root=1')],
      ['not seen', verdicts.keepsTrace(undefined, {}, 'Root=1')],
      ['not seen', verdicts.keepsTrace('Root=1', undefined, 'Root=1')],
    ]);
  });

  test('of routes that fail: "no" only for want of permission', () => {
    answers([
      ['yes', verdicts.takesPolicy(undefined)],
      ['no', verdicts.takesPolicy('CREATE_FAILED ... is not authorized to perform: events:PutEvents')],
      ['not seen', verdicts.takesPolicy('CREATE_FAILED: rate exceeded')],
    ]);
    expect(reasonIn('a\nRule CREATE_FAILED: AccessDenied\nb', 1)).toBe('Rule CREATE_FAILED: AccessDenied');
    expect(reasonIn('a', 1)).toBe('the CDK ended with 1');
  });
});

test('no account is printed', () => {
  const line = 'in 111111111111: arn:aws:events:eu-west-1:222222222222:rule/a of 333333333333, 1234567890123';
  expect(verdicts.masked(line, '111111111111', '222222222222')).toBe(
    'in HUB: arn:aws:events:eu-west-1:MEMBER:rule/a of ACCOUNT, 1234567890123',
  );
});

test('the patterns are what their questions say, and the engine has an answer to each', () => {
  const isValid = ({ pattern }: { pattern: object }) => {
    try {
      compilePattern(pattern);
      return true;
    } catch {
      return false;
    }
  };
  expect(PATTERN_QUESTIONS.map((one) => [one.question, isValid(one), JSON.stringify(one.pattern).length])).toEqual([
    ['a wildcard of complexity 9 is a valid pattern', true, expect.any(Number)],
    ['a wildcard of complexity 10 is a valid pattern', true, expect.any(Number)],
    ['a wildcard of complexity 11 is a valid pattern', false, expect.any(Number)],
    ['a pattern of 2048 characters is valid', true, 2048],
    ['a pattern of 4096 characters is valid', true, 4096],
    ['a pattern of 4097 characters is valid', false, 4097],
    ['the operator "exactly" is valid in a pattern', true, expect.any(Number)],
  ]);
});

test('the dimensions of metrics are read', () => {
  const member = (names: string[]) =>
    `<member><Dimensions>${names.map((name) => `<member><Name>${name}</Name><Value>x</Value></member>`).join('\n')}</Dimensions><MetricName>Invocations</MetricName></member>`;
  expect(dimensionsIn(`<Metrics>${member(['EventBusName'])}${member(['EventBusName', 'RuleName'])}</Metrics>`)).toEqual(
    [['EventBusName'], ['EventBusName', 'RuleName']],
  );
  expect(dimensionsIn('<Metrics/>')).toEqual([]);
});

describe('a round', () => {
  /** Accounts in which everything is as the library hopes, but for what is given. */
  function accounts(change: Partial<Record<keyof Account, jest.Mock>> = {}) {
    const events = new Map<string, string>();
    const fake = (id: string) => ({
      id,
      busArn: (name: string) => `${id}:${name}`,
      put: jest.fn(async (bus: string, source: string) => {
        const mark = `${source}-${events.size}`;
        events.set(mark, bus);
        return source.startsWith('valid.') ? { mark, refused: 'AccessDeniedException' } : { mark };
      }),
      putAll: jest.fn(async () => [{ mark: 'a' }, { mark: 'b', refused: 'AccessDeniedException' }]),
      message: jest.fn(async (queue: string, mark: string) => {
        const comes = queue.endsWith('arrivals')
          ? true
          : queue.endsWith('received')
            ? mark.startsWith('live.hub')
            : mark.startsWith('live.forwarded');
        return comes ? { Body: JSON.stringify({ id: mark, account: '2' }), ...DEAD_AND_TRACED } : undefined;
      }),
      messages: jest.fn(async (_queue: string, mark: string, _seconds: number, fits: (message: object) => boolean) =>
        [{ id: mark }, { id: 'copy', 'replay-name': 'r' }]
          .map((event) => ({ Body: JSON.stringify(event) }))
          .filter((message) => fits(message) || message.Body.includes(mark)),
      ),
      logged: jest.fn(async () => true),
      replay: jest.fn(async () => 'r'),
      replayFailure: jest.fn(async () => undefined),
      patternRefused: jest.fn(async () => undefined),
      metricSeries: jest.fn(async () => [['EventBusName', 'RuleName']]),
      ...change,
    });
    return { hub: fake('1') as unknown as Account, member: fake('2') as unknown as Account };
  }
  const DEAD_AND_TRACED = {
    MessageAttributes: { ERROR_CODE: { StringValue: 'THIRD_ACCOUNT_HOP_DETECTED' } },
    Attributes: { AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' },
  };

  async function ask(of: ReturnType<typeof accounts>, hasRoutes = true, answered = new Set<string>()) {
    const found: verdicts.Finding[] = [];
    const note = (finding: verdicts.Finding) => found.push(finding);
    const round = new Round({ level: 'role', ...of, hasRoutes, answered, found: note });
    const outcome = await round.ask().catch((error: Error) => error);
    return { found, outcome };
  }
  const not = (answer: verdicts.Answer) => (finding: verdicts.Finding) => finding.answer !== answer;

  test('asks everything', async () => {
    const { found, outcome } = await ask(accounts());
    expect(outcome).toBeUndefined();
    expect(found.filter(not('yes'))).toEqual([]);
    expect(found.map(({ question }) => question)).toEqual([
      'the local bus takes a direct put of the hub at level role',
      'the local bus takes a put of its own account at level role',
      'a reserved source is refused',
      'of two events in one call a reserved one is refused alone',
      'an event that another account puts on the global bus carries that account',
      'a log group may ask for aws:SourceArn of the rule',
      'the fan-out delivers to the local bus at level role',
      'the member does not get its own event back',
      'a forwarded copy keeps the trace header',
      'a forwarded event comes to the hub',
      'a forwarded event is dropped at its second hop',
      ...PATTERN_QUESTIONS.map(({ question }) => question),
      'a replay onto the local bus comes through its policy at level role',
      'a forwarded copy of a replayed event carries replay-name',
      'metrics of rules have the dimensions EventBusName and RuleName',
    ]);
  });

  test('asks again only what the level changes', async () => {
    const answered = new Set<string>();
    await ask(accounts(), true, answered);
    const { found } = await ask(accounts(), true, answered);
    expect(found.filter(({ question }) => !question.endsWith('at level role'))).toEqual([]);
    expect(found).toHaveLength(4);
  });

  test('without routes asks what needs none', async () => {
    const answered = new Set<string>();
    const { found } = await ask(accounts(), false, answered);
    expect(found.map(({ question }) => question)).toContain('a forwarded event comes to the hub');
    expect(found.filter(({ question }) => /fan-out|back|second hop|replay|trace/.test(question))).toEqual([]);
    const later = await ask(accounts(), true, answered);
    expect(later.found.filter(({ question }) => /back|second hop|replay|trace/.test(question))).toHaveLength(5);
  });

  test('goes on where a question fails, and asks it again at the next level', async () => {
    const answered = new Set<string>();
    const logged = jest.fn(async () => Promise.reject(Object.assign(new Error('no'), { name: 'Throttled' })));
    const { found, outcome } = await ask(accounts({ logged }), true, answered);
    const question = 'a log group may ask for aws:SourceArn of the rule';
    expect(outcome).toBeUndefined();
    expect(found.filter(not('yes'))).toEqual([{ question, answer: 'not seen', evidence: 'Throttled: no' }]);
    expect(answered.has(question)).toBe(false);
  });

  test('ends where somebody stops it, and what was found until then is known', async () => {
    const logged = jest.fn(async () => Promise.reject(new Stopped()));
    const { found, outcome } = await ask(accounts({ logged }));
    expect(outcome).toBeInstanceOf(Stopped);
    expect(found).toHaveLength(5);
  });
});

// The last one: from then on everything is stopped.
test('a signal ends what waits; more of them change nothing', async () => {
  const said: string[] = [];
  stopOnSignals((name) => said.push(name));
  const waiting = pause(60_000);
  expect(wasStopped()).toBe(false);
  process.emit('SIGHUP', 'SIGHUP');
  process.emit('SIGINT', 'SIGINT');
  await expect(waiting).rejects.toThrow(Stopped);
  expect(goOn).toThrow(Stopped);
  expect(said).toEqual(['SIGHUP']);
});
