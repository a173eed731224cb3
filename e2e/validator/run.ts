/**
 * Deploys the hub of the widgets, with its republisher, with the real CDK CLI into an emulator that runs its function;
 * sends events of every kind, and compares what is published, what waits in quarantine and in the dead-letter queue, and
 * what senders are told, with what is meant. Then takes a schema away, corrects the schemas, redrives what waits, and
 * stops the emulator.
 */
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { DescribeLogGroupsCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { withoutSchema } from './broken-asset';
import { FAULTS } from './faults';
import { deployedHub, type Hub, type Place } from './hub';
import { isComplete, isFine, judge, strangers, table, type Arrived, type Row } from './judge';
import { leaveOut, LIST } from './left-out';
import { Mapping } from './mapping';
import { MINISTACK } from './ministack';
import { TOPOLOGY, WIDGET, WIDGETS, type Stage } from './names';
import { Senders, type Sent } from './senders';
import { BATCH, BESIDE_UNHANDLED, FIRST, SECRET, UNHANDLED, WAITING, type Outcome, type Sending } from './sendings';
import { readAssembly, type SynthesizedStack } from '../../src/testing/cloud-assembly';
import { Topology } from '../../src/topology';
import { clientsOf, type Endpoint } from '../accounts';
import { Cdk } from '../cdk';
import type { Emulator } from '../emulator';
import { Failure } from '../failure';
import { endToEnd, say, step } from '../on-emulator';
import { allPages } from '../pages';
import { sleep } from '../processes';

const APP = join(__dirname, 'app.ts');
const CODE = join(__dirname, '../../assets/republisher/index.js');
const topology = Topology.fromFile(TOPOLOGY);
const HUB = topology.hub.account;
/** The members as the file says, without the library. */
const MEMBERS: { name: string; account: string }[] = JSON.parse(readFileSync(TOPOLOGY, 'utf8')).members;

const ARRIVAL_SECONDS = 30;
/** How long to wait for what must not arrive. */
const SETTLE_SECONDS = 1.5;
/** How long the function keeps a message, where it fails on purpose. */
const RETRY_SECONDS = '2';
const RUN_MINUTES = 5;

const rows: Row[] = [];

/** The whole run on a started emulator. */
class ValidatorRun {
  private readonly cdk: Cdk;
  private readonly place: Place;
  private hub!: Hub;
  private senders!: Senders;
  private mapping!: Mapping;
  /** All that was sent so far. */
  private readonly sent: Sent[] = [];

  constructor(
    private readonly emulator: Emulator,
    private readonly endpoint: Endpoint,
    private readonly directory: string,
  ) {
    this.cdk = new Cdk(HUB, endpoint, join(directory, 'cdk'), LIST);
    this.place = { account: HUB, bus: topology.globalBusArn.split('/')[1], endpoint };
  }

  public async run(): Promise<void> {
    const first = await this.firstDeployment();
    await this.exchange('events of every kind', FIRST);
    await this.requireSilentLogs();
    await this.batch();
    const waiting = await this.exchange('events that wait for other schemas', WAITING, { stays: true });
    const unhandled = await this.unhandled(first);
    await this.redrive([...waiting, ...unhandled]);
  }

  private async firstDeployment(): Promise<string> {
    step('bootstrapping the hub, and synthesizing the app; left out of the templates:');
    await this.cdk.bootstrap();
    const assembly = await this.synth('first');
    step('deploying the stacks of the hub');
    await this.deploy(assembly);
    const [hub, routes] = stacksOf(assembly);
    const names = MEMBERS.map(({ name }) => name);
    this.hub = await deployedHub(hub, routes, names, this.place);
    const accounts = new Map(MEMBERS.map(({ name, account }) => [name, account]));
    this.senders = await Senders.make(this.hub, this.place, accounts);
    this.mapping = await Mapping.in(HUB, this.endpoint);
    for (const { name, template } of [hub, routes]) {
      say(`  ${name}: ${Object.keys(template.Resources ?? {}).length} resources, complete`);
      for (const { Type, Properties } of Object.values(template.Resources ?? {})) {
        if (Type !== 'AWS::Lambda::Function') continue;
        const wanted = `${Properties?.Runtime} on ${Properties?.Architectures}`;
        say(`  its function wants ${wanted}, and runs on Node.js ${process.version} on ${process.arch}`);
      }
    }
    return assembly;
  }

  private async synth(stage: Stage): Promise<string> {
    const out = join(this.directory, stage);
    await this.cdk.synth(WIDGETS, out, `npx tsx ${APP} ${stage}`);
    for (const line of leaveOut(stacksOf(out))) say(`  ${line}`);
    return out;
  }

  /** The members are in accounts of which this emulator knows nothing. */
  private async deploy(assembly: string): Promise<void> {
    await this.cdk.deploy(assembly, ['Backbone/Hub', 'Backbone/Routes']);
  }

  private async exchange(title: string, sendings: Sending[], options?: JudgeOptions): Promise<Sent[]> {
    step(`sending ${title}`);
    this.forget();
    const sent = await this.send(sendings);
    await this.judge(sent, ({ sending }) => sending.expected, options);
    return sent;
  }

  private async send(sendings: Sending[]): Promise<Sent[]> {
    const sent = await this.senders.send(sendings);
    this.sent.push(...sent);
    return sent;
  }

  /** What has arrived before is judged already. */
  private forget(): void {
    const { watch, quarantine, deadLetters, members } = this.hub;
    for (const { letters } of [watch, quarantine, deadLetters, ...members.values()]) letters.length = 0;
  }

  private async judge(sent: Sent[], expected: (sent: Sent) => Outcome, options: JudgeOptions = {}): Promise<void> {
    const deadline = Date.now() + (options.seconds ?? ARRIVAL_SECONDS) * 1000;
    let judged: Row[];
    do {
      await sleep(250);
      judged = judge(sent, expected, await this.look(options), HUB);
    } while (!judged.every(isComplete) && Date.now() < deadline);
    await sleep(SETTLE_SECONDS * 1000);
    const arrived = await this.look(options);
    judged = judge(sent, expected, arrived, HUB);
    say(`\n${table(judged)}\n`);
    rows.push(...judged);
    const wrong = judged.filter((row) => !isFine(row)).length;
    say(`  ${judged.length - wrong} of ${judged.length} as expected, known faults apart`);
    if (wrong > 0) {
      throw new Failure(
        'with every event what is meant (e2e/validator/sendings.ts)',
        `${wrong} differences, marked DIFFERENT in the table`,
        'find out who is right; a fault of the emulator goes on the list in e2e/validator/faults.ts, with its reason',
      );
    }
    const unknown = strangers(this.sent, arrived);
    if (unknown.length === 0) return;
    throw new Failure('nothing but what was sent', unknown.join('\n'), 'find out who makes it');
  }

  private async look({ stays = false }: JudgeOptions): Promise<Arrived> {
    const { watch, members, quarantine, deadLetters } = this.hub;
    for (const mailbox of [watch, ...members.values()]) await mailbox.empty();
    if (!stays) for (const mailbox of [quarantine, deadLetters]) await mailbox.empty();
    return {
      bus: watch.letters,
      members: new Map([...members].map(([name, { letters }]) => [name, letters])),
      quarantine: stays ? await quarantine.peek() : quarantine.letters,
      deadLetters: stays ? await deadLetters.peek() : deadLetters.letters,
    };
  }

  /** What the function writes down of refused events does not show what is in them. */
  private async requireSilentLogs(): Promise<void> {
    const { logs } = clientsOf(HUB, this.endpoint);
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
    const logGroupName = logGroups.map(({ logGroupName: name = '' }) => name).find((name) => /Republisher/.test(name));
    const lines = await allPages(async (nextToken) => {
      const page = await logs.send(new FilterLogEventsCommand({ logGroupName, nextToken }));
      return { items: page.events, next: page.nextToken };
    });
    const messages = lines.map(({ message = '' }) => message);
    const count = messages.filter((message) => message.includes('"event quarantined"')).length;
    const open = messages.find((message) => message.includes(SECRET));
    if (count === 0 || open !== undefined) {
      throw new Failure('the log to name refused events, without their payload', open ?? 'none', 'see report.ts');
    }
    say(`  the log of the function names ${count} events in quarantine, and shows nothing of their payload`);
  }

  /** The queue holds ten messages, which the function then gets as one batch. */
  private async batch(): Promise<void> {
    step('sending ten messages while the mapping is disabled, one of them poison');
    this.forget();
    await this.pause();
    const sent = await this.send(BATCH);
    const held = await this.hub.queue.count();
    if (held !== 10) throw new Failure('ten messages in the queue', `${held}`, 'see e2e/validator/mapping.ts');
    const before = this.batchesOfTen();
    await this.mapping.enable(true);
    await this.judge(sent, ({ sending }) => sending.expected);
    if (this.batchesOfTen() - before !== 1) {
      throw new Failure(
        'one batch of ten',
        'several',
        'they may have come one by one: that proves nothing. Run it again',
      );
    }
    say('  they came in one batch');
  }

  private async pause(): Promise<void> {
    await this.mapping.enable(false);
    // It may just be asking for messages.
    await sleep(500);
  }

  private batchesOfTen(): number {
    return this.emulator.written().match(/processed 10 SQS messages from \S*RepublisherQueue/g)?.length ?? 0;
  }

  /** What the function cannot handle ends in the dead-letter queue, and takes nothing along. */
  private async unhandled(first: string): Promise<Sent[]> {
    const { source, detailType } = WIDGET;
    step(
      `deploying the function without the schema of ${detailType}; a failed message comes back after ${RETRY_SECONDS} s`,
    );
    const assembly = join(this.directory, 'broken');
    withoutSchema(first, assembly, `${source}@${detailType}`);
    await this.deploy(assembly);
    const before = await this.hub.queue.hide(RETRY_SECONDS);
    this.forget();
    await this.pause();
    const unhandled = await this.send(UNHANDLED);
    const others = await this.send(BESIDE_UNHANDLED);
    await this.mapping.enable(true);
    await this.judge([...unhandled, ...others], ({ sending }) => sending.expected, { stays: true, seconds: 60 });
    await this.hub.queue.hide(before);
    return unhandled;
  }

  /** With corrected schemas all is published that waits. */
  private async redrive(waiting: Sent[]): Promise<void> {
    step('an update: the schemas are corrected; left out of the templates:');
    await this.deploy(await this.synth('corrected'));
    const { quarantine, deadLetters, queue } = this.hub;
    this.forget();
    for (const [name, mailbox] of Object.entries({ quarantine, 'dead-letter queue': deadLetters })) {
      const refusal = await mailbox.redriveTo(queue);
      const how = refusal === undefined ? 'by a task of SQS' : `one by one, ${await mailbox.moveTo(queue)} in all`;
      say(`  redriven from the ${name} ${how}${refusal === undefined ? '' : `: ${refusal} (fault: no-move-tasks)`}`);
    }
    const corrected = new Map([...WAITING, ...UNHANDLED].map((sending) => [sending.name, sending.corrected]));
    await this.judge(waiting, ({ sending }) => corrected.get(sending.name)!);
    for (const [name, mailbox] of Object.entries({ queue, quarantine, 'dead-letter queue': deadLetters })) {
      const left = await mailbox.count();
      if (left > 0) throw new Failure(`nothing to be left in the ${name}`, `${left} messages`, 'look at them');
    }
    say('  nothing is left in the queue, in quarantine and in the dead-letter queue');
  }
}

interface JudgeOptions {
  /** What is in quarantine and in the dead-letter queue is looked at, and stays there. */
  readonly stays?: boolean;
  readonly seconds?: number;
}

/** Those of the hub's account: of the bus, and of the fan-out. */
function stacksOf(assembly: string): SynthesizedStack[] {
  const all = readAssembly(assembly);
  return ['hub', 'routes'].map((name) => {
    const stack = all.find((one) => one.name === `${topology.name}-${name}`);
    if (stack) return stack;
    throw new Failure(`a stack ${topology.name}-${name}`, all.map((one) => one.name).join(', '), 'look at app.ts');
  });
}

function showFaults(): void {
  say(`\nThe emulator's faults on the list (e2e/validator/faults.ts):`);
  for (const { name, reason } of FAULTS) say(`  ${name}: ${reason}`);
}

endToEnd({
  product: MINISTACK,
  account: HUB,
  region: topology.hub.region,
  minutes: RUN_MINUTES,
  async work(emulator, endpoint, directory) {
    if (!existsSync(CODE)) {
      throw new Failure('the code of the function in assets/republisher', 'none', 'make it: npx projen bundle');
    }
    await new ValidatorRun(emulator, endpoint, directory).run();
    showFaults();
    return `${rows.length} events compared.`;
  },
});
