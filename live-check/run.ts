/**
 * Asks two real accounts what only AWS can answer, and says what it found:
 *
 *   npx tsx live-check/run.ts --hub-profile HUB --member-profile MEMBER [--region eu-west-1] [--level account,role,strict]
 *
 * It deploys small backbones with the CDK CLI, publishes a few events, looks where they arrive, and destroys everything,
 * whatever happens. The accounts must be bootstrapped. Costs cents.
 */
import { spawnSync } from 'child_process';
import { randomUUID } from 'crypto';
import { parseArgs } from 'util';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeArchiveCommand,
  EventBridgeClient,
  PutEventsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { namesOf } from './names';

interface Finding {
  readonly question: string;
  readonly answer: string;
  readonly evidence: string;
}

const LEVELS = ['account', 'role', 'strict'];
/** How long an event may take to arrive, and how long is waited for one that should not. */
const SECONDS = { arrives: 90, doesNot: 30, replay: 600 };

const { values: options } = parseArgs({
  options: {
    'hub-profile': { type: 'string' },
    'member-profile': { type: 'string' },
    region: { type: 'string', default: 'eu-west-1' },
    level: { type: 'string', default: LEVELS.join(',') },
  },
});
const region = options.region;
const say = (line = '') => process.stdout.write(`${line}\n`);

/** One of the two accounts. */
class Account {
  public static async of(profile: string | undefined, option: string): Promise<Account> {
    if (profile === undefined) throw new Error(`--${option} is missing: name a profile of your AWS configuration`);
    const { Account: id } = await new STSClient({ region, profile }).send(new GetCallerIdentityCommand({}));
    return new Account(profile, id!);
  }

  public readonly events: EventBridgeClient;
  public readonly queues: SQSClient;
  public readonly logs: CloudWatchLogsClient;

  constructor(
    public readonly profile: string,
    public readonly id: string,
  ) {
    this.events = new EventBridgeClient({ region, profile });
    this.queues = new SQSClient({ region, profile });
    this.logs = new CloudWatchLogsClient({ region, profile });
  }

  public queueUrl(name: string): string {
    return `https://sqs.${region}.amazonaws.com/${this.id}/${name}`;
  }

  /** Puts an event; gives a mark to know it by, or why it was refused. */
  public async put(eventBusArn: string, source: string): Promise<{ mark: string; refused?: string }> {
    const mark = randomUUID();
    const entry = { EventBusName: eventBusArn, Source: source, DetailType: 'Check', Detail: JSON.stringify({ mark }) };
    try {
      const { FailedEntryCount, Entries } = await this.events.send(new PutEventsCommand({ Entries: [entry] }));
      return FailedEntryCount === 0 ? { mark } : { mark, refused: Entries?.[0].ErrorCode ?? 'unknown' };
    } catch (error) {
      return { mark, refused: (error as Error).name };
    }
  }

  /** The message with a mark, once it is in a queue. */
  public async message(queue: string, mark: string, seconds: number): Promise<Message | undefined> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
      const { Messages = [] } = await this.queues.send(
        new ReceiveMessageCommand({
          QueueUrl: this.queueUrl(queue),
          WaitTimeSeconds: 10,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 1,
          MessageAttributeNames: ['All'],
        }),
      );
      const found = Messages.find(({ Body }) => Body?.includes(mark));
      if (found) return found;
    }
    return undefined;
  }
}

function cdk(level: string, profile: string, accounts: [Account, Account], ...args: string[]): string | undefined {
  const [hub, member] = accounts;
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['cdk', ...args, '--app', 'npx tsx app.ts', '--profile', profile],
    {
      cwd: __dirname,
      encoding: 'utf8',
      env: {
        ...process.env,
        LIVE_CHECK_HUB: hub.id,
        LIVE_CHECK_MEMBER: member.id,
        LIVE_CHECK_REGION: region,
        LIVE_CHECK_LEVEL: level,
        CDK_VALIDATION: 'false',
      },
    },
  );
  if (status === 0) return undefined;
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => /AccessDenied|FAILED|error/i.test(line));
  return lines.slice(0, 3).join(' ').slice(0, 400) || `the CDK ended with ${status}`;
}

/** The stacks of a level and where they go, in the order of their deployment. */
function layers([hub, member]: [Account, Account]): Array<[string, Account]> {
  return [
    ['Backbone/Hub', hub],
    ['Backbone/Member-member', member],
    ['Service', member],
    ['Backbone/Routes', hub],
  ];
}

/** Deploys what a level needs, in the order of the layers; gives the stack that failed and why. */
function deploy(level: string, accounts: [Account, Account]): { stack: string; why: string } | undefined {
  for (const [stack, { profile }] of layers(accounts)) {
    const why = cdk(level, profile, accounts, 'deploy', stack, '--exclusively', '--require-approval', 'never');
    if (why !== undefined) return { stack, why };
  }
  return undefined;
}

function destroy(level: string, accounts: [Account, Account]): void {
  for (const [stack, { profile }] of layers(accounts).reverse()) {
    const why = cdk(level, profile, accounts, 'destroy', stack, '--exclusively', '--force');
    if (why !== undefined) say(`  NOT DESTROYED: ${stack} of level ${level}: ${why}`);
  }
}

async function ask(level: string, [hub, member]: [Account, Account]): Promise<Finding[]> {
  const names = namesOf(level);
  const busArn = (account: Account, name: string) => `arn:aws:events:${region}:${account.id}:event-bus/${name}`;
  const findings: Finding[] = [];
  const found = (question: string, answer: string, evidence: string) => findings.push({ question, answer, evidence });
  const yesNo = (yes: unknown) => (yes ? 'yes' : 'no');

  const own = await member.put(busArn(hub, names.globalBus), 'live.member');
  const atHub = own.refused === undefined ? await hub.message(names.hubQueue, own.mark, SECONDS.arrives) : undefined;
  const event = atHub && (JSON.parse(atHub.Body!) as { account: string });
  found(
    'an event that another account puts on the global bus carries that account',
    yesNo(event?.account === member.id),
    own.refused ?? `account ${event?.account ?? '(did not arrive)'}`,
  );
  const back = await member.message(names.memberQueue, own.mark, SECONDS.doesNot);
  found('the member does not get its own event back', yesNo(!back), back ? 'it arrived' : 'it did not arrive');

  const fromHub = await hub.put(busArn(hub, names.globalBus), 'live.hub');
  const delivered = await member.message(names.memberQueue, fromHub.mark, SECONDS.arrives);
  const dead = delivered ? undefined : await hub.message(names.deadLetters, fromHub.mark, SECONDS.doesNot);
  found(
    'the fan-out delivers to the local bus',
    yesNo(delivered),
    delivered ? 'it arrived' : (dead?.MessageAttributes?.ERROR_CODE?.StringValue ?? fromHub.refused ?? 'it is nowhere'),
  );

  const direct = await hub.put(busArn(member, names.localBus), 'live.direct');
  found('the local bus takes a direct put of the hub', yesNo(!direct.refused), direct.refused ?? 'accepted');
  const inside = await member.put(busArn(member, names.localBus), 'live.inside');
  found('the local bus takes a put of its own account', yesNo(!inside.refused), inside.refused ?? 'accepted');

  const reserved = await member.put(busArn(hub, names.globalBus), 'valid.forged');
  found('a reserved source is refused', yesNo(reserved.refused), reserved.refused ?? 'accepted');

  const bound = await poll(SECONDS.arrives, async () => {
    const { events = [] } = await hub.logs.send(new FilterLogEventsCommand({ logGroupName: names.boundLogGroup }));
    return events.length > 0;
  });
  found('a log group may ask for aws:SourceArn of the rule', yesNo(bound), bound ? 'records came' : 'no record came');

  const hop = await member.put(busArn(member, names.ownBus), 'live.forwarded');
  const forwarded = await hub.message(names.hubQueue, hop.mark, SECONDS.arrives);
  const second = await member.message(names.memberQueue, hop.mark, SECONDS.doesNot);
  const dropped = await hub.message(names.deadLetters, hop.mark, SECONDS.doesNot);
  found('a forwarded event comes to the hub', yesNo(forwarded), hop.refused ?? 'one hop');
  found(
    'a forwarded event is dropped at its second hop',
    yesNo(!second),
    second ? 'it arrived' : (dropped?.MessageAttributes?.ERROR_CODE?.StringValue ?? 'it is nowhere'),
  );

  if (delivered) findings.push(await replayed(names, hub, member, fromHub.mark));
  return findings;
}

/** Replays the archive, and looks at what comes to the local bus. */
async function replayed(
  names: ReturnType<typeof namesOf>,
  hub: Account,
  member: Account,
  mark: string,
): Promise<Finding> {
  const question = 'a forwarded copy of a replayed event carries replay-name';
  const { ArchiveArn, EventSourceArn } = await hub.events.send(
    new DescribeArchiveCommand({ ArchiveName: names.globalBus }),
  );
  // The archive takes some minutes until it holds an event.
  for (const end = Date.now() + SECONDS.replay * 1000; Date.now() < end;) {
    await hub.events.send(
      new StartReplayCommand({
        ReplayName: `live-check-${randomUUID().slice(0, 8)}`,
        EventSourceArn: ArchiveArn,
        EventStartTime: new Date(Date.now() - 3_600_000),
        EventEndTime: new Date(),
        Destination: { Arn: EventSourceArn! },
      }),
    );
    for (const wait = Date.now() + 120_000; Date.now() < wait;) {
      const message = await member.message(names.memberQueue, mark, 20);
      if (message?.Body?.includes('"replay-name"')) return { question, answer: 'yes', evidence: 'it has the field' };
    }
  }
  return { question, answer: 'not seen', evidence: 'no copy with the field came; the archive may have been empty' };
}

async function poll(seconds: number, look: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (await look()) return true;
    await new Promise((resolve) => setTimeout(resolve, 5000));
  }
  return false;
}

async function main(): Promise<void> {
  const levels = options.level.split(',');
  const wrong = levels.find((level) => !LEVELS.includes(level));
  if (wrong !== undefined) throw new Error(`--level ${wrong} is not one of ${LEVELS.join(', ')}`);
  const accounts: [Account, Account] = [
    await Account.of(options['hub-profile'], 'hub-profile'),
    await Account.of(options['member-profile'], 'member-profile'),
  ];
  const [hub, member] = accounts;
  if (hub.id === member.id) throw new Error(`both profiles are of account ${hub.id}: two accounts are needed`);
  say(`Hub ${hub.id}, member ${member.id}, ${region}`);
  for (const level of levels) {
    say(`\nLock level ${level}`);
    try {
      const failed = deploy(level, accounts);
      const findings = failed
        ? [{ question: `${failed.stack} can be deployed`, answer: 'no', evidence: failed.why }]
        : [
            {
              question: 'PutTargets takes the policy of the local bus',
              answer: 'yes',
              evidence: 'the routes are deployed',
            },
          ];
      if (!failed) findings.push(...(await ask(level, accounts)));
      for (const { question, answer, evidence } of findings) say(`  ${answer.padEnd(9)} ${question} (${evidence})`);
    } finally {
      destroy(level, accounts);
    }
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
