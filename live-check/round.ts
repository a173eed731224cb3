import type { Message } from '@aws-sdk/client-sqs';
import type { Account } from './account';
import { namesOf } from './names';
import { PATTERN_QUESTIONS } from './patterns';
import { pause, Stopped } from './stop';
import * as verdicts from './verdicts';
import type { Copy, Finding, Verdict } from './verdicts';

/** How long an event may take to arrive, and how long is waited for one that should not. */
const SECONDS = { arrives: 90, doesNot: 30, replay: 600, copy: 120, metrics: 300 };

const TRACE = { root: 'Root=1-5759e988-bd862e3fe1be46a994272793', rest: 'Parent=53995c3f42cd8ad8;Sampled=1' };

export interface RoundProps {
  readonly level: string;
  readonly hub: Account;
  readonly member: Account;
  /** Whether the level has its routes: without them most cannot be asked, but not all. */
  readonly hasRoutes: boolean;
  /** Called at once: what was found must not be lost with what comes after it. */
  readonly found: (finding: Finding) => void;
  /** Questions that no level changes, and that have been answered. */
  readonly answered: Set<string>;
}

/** The questions of one lock level, on what is deployed for it. */
export class Round {
  private readonly names: ReturnType<typeof namesOf>;
  private readonly globalBus: string;
  private readonly localBus: string;

  constructor(private readonly props: RoundProps) {
    this.names = namesOf(props.level);
    this.globalBus = props.hub.busArn(this.names.globalBus);
    this.localBus = props.member.busArn(this.names.localBus);
  }

  public async ask(): Promise<void> {
    const { hub, member, hasRoutes } = this.props;
    const own = await member.put(this.globalBus, 'live.member');
    const fromHub = await hub.put(this.globalBus, 'live.hub', `${TRACE.root};${TRACE.rest}`);
    await this.askWhoPuts(own, fromHub);
    await this.askAtHub(own);
    if (hasRoutes) await this.askBehindRoutes(own, fromHub);
    await this.askForwarding();
    for (const { question, pattern } of PATTERN_QUESTIONS) {
      await this.once(question, async () => verdicts.isValidPattern(await hub.patternRefused(pattern)));
    }
    if (hasRoutes) await this.askReplays(fromHub.mark);
    // Last: they come some minutes after the events.
    await this.once('metrics of rules have the dimensions EventBusName and RuleName', () => this.series());
  }

  private async askWhoPuts(own: verdicts.Put, fromHub: verdicts.Put): Promise<void> {
    const { hub, member } = this.props;
    const at = `at level ${this.props.level}`;
    await this.question(`the local bus takes a direct put of the hub ${at}`, async () =>
      verdicts.isTaken(await hub.put(this.localBus, 'live.direct'), fromHub),
    );
    await this.question(`the local bus takes a put of its own account ${at}`, async () =>
      verdicts.isTaken(await member.put(this.localBus, 'live.inside'), own),
    );
    await this.once('a reserved source is refused', async () =>
      verdicts.isRefused(await member.put(this.globalBus, 'valid.forged'), own),
    );
    await this.once('of two events in one call a reserved one is refused alone', async () => {
      const [good, bad] = await member.putAll(this.globalBus, ['live.good', 'valid.forged']);
      return verdicts.refusesOneEntry({ good, bad }, own);
    });
  }

  private async askAtHub(own: { mark: string; refused?: string }): Promise<void> {
    const { hub, member } = this.props;
    await this.once('an event that another account puts on the global bus carries that account', async () => {
      const message = await hub.message(this.names.hubQueue, own.mark, own.refused ? 0 : SECONDS.arrives);
      return verdicts.carriesAccount(own, message && eventOf(message), member.id);
    });
    await this.once('a log group may ask for aws:SourceArn of the rule', async () => {
      const conditioned = await hub.logged(this.names.boundLogGroup, own.mark, SECONDS.arrives);
      const plain = conditioned || (await hub.logged(this.names.catchAllLogGroup, own.mark, SECONDS.doesNot));
      return verdicts.isLogged(conditioned, plain);
    });
  }

  private async askBehindRoutes(own: { mark: string }, fromHub: { mark: string; refused?: string }): Promise<void> {
    const { hub, member } = this.props;
    const { hubQueue, memberQueue, deadLetters } = this.names;
    await this.question(`the fan-out delivers to the local bus at level ${this.props.level}`, async () => {
      const arrived = await member.message(memberQueue, fromHub.mark, fromHub.refused ? 0 : SECONDS.arrives);
      const dead = arrived ? undefined : await hub.message(deadLetters, fromHub.mark, SECONDS.doesNot);
      return verdicts.isDelivered(fromHub, arrived !== undefined, codeOf(dead));
    });
    await this.once('the member does not get its own event back', async () => {
      const atHub = await hub.message(hubQueue, own.mark, SECONDS.arrives);
      const back = await member.message(memberQueue, own.mark, SECONDS.doesNot);
      return verdicts.comesNotBack(atHub !== undefined, back !== undefined);
    });
    await this.once('a forwarded copy keeps the trace header', async () => {
      const near = await hub.message(hubQueue, fromHub.mark, SECONDS.doesNot);
      const far = await member.message(memberQueue, fromHub.mark, SECONDS.doesNot);
      return verdicts.keepsTrace(traceOf(near), far && { header: traceOf(far) }, TRACE.root);
    });
  }

  private async askForwarding(): Promise<void> {
    const { hub, member, hasRoutes } = this.props;
    const { ownBus, hubQueue, memberQueue, deadLetters } = this.names;
    const questions = ['a forwarded event comes to the hub', 'a forwarded event is dropped at its second hop'];
    if (questions.every((question) => this.props.answered.has(question))) return;
    const hop = await member.put(member.busArn(ownBus), 'live.forwarded');
    let forwarded = false;
    await this.once(questions[0], async () => {
      forwarded = (await hub.message(hubQueue, hop.mark, hop.refused ? 0 : SECONDS.arrives)) !== undefined;
      return verdicts.isDelivered(hop, forwarded, undefined);
    });
    if (!hasRoutes) return;
    await this.once(questions[1], async () => {
      forwarded ||= (await hub.message(hubQueue, hop.mark, hop.refused ? 0 : SECONDS.arrives)) !== undefined;
      const arrived = (await member.message(memberQueue, hop.mark, SECONDS.doesNot)) !== undefined;
      const dead = arrived ? undefined : await hub.message(deadLetters, hop.mark, SECONDS.arrives);
      return verdicts.isDroppedAtSecondHop({ forwarded, arrived, code: codeOf(dead) });
    });
  }

  /** That of the local bus first: what the other brings goes through it. */
  private async askReplays(mark: string): Promise<void> {
    const { hub, member, level } = this.props;
    const arrived = await member.message(this.names.memberQueue, mark, 0);
    if (arrived === undefined) return;
    await this.question(`a replay onto the local bus comes through its policy at level ${level}`, () =>
      this.replayed(member, this.names.localBus, mark, verdicts.comesByReplay),
    );
    await this.once('a forwarded copy of a replayed event carries replay-name', () =>
      this.replayed(hub, this.names.globalBus, mark, verdicts.carriesReplayName),
    );
  }

  /** Replays an archive until its copies come to the member: it takes some minutes until it holds an event. */
  private async replayed(
    owner: Account,
    archive: string,
    mark: string,
    judge: (copies: Copy[], originals: string[], replays: string[], failed?: string) => Verdict,
  ): Promise<Verdict> {
    const { member } = this.props;
    const before = await member.messages(this.names.memberQueue, mark, SECONDS.doesNot, () => false);
    const originals = before.map((message) => eventOf(message).id);
    const replays: string[] = [];
    let verdict: Verdict;
    const end = Date.now() + SECONDS.replay * 1000;
    do {
      replays.push(await owner.replay(archive));
      const isCopy = (message: Message) => {
        const event = eventOf(message);
        return replays.includes(event['replay-name'] ?? '') || !originals.includes(event.id);
      };
      const messages = await member.messages(this.names.memberQueue, mark, SECONDS.copy, isCopy);
      const failed = await owner.replayFailure(replays.at(-1)!);
      verdict = judge(messages.map(eventOf), originals, replays, failed);
    } while (verdict.answer === 'not seen' && Date.now() < end);
    return verdict;
  }

  private async series(): Promise<Verdict> {
    const wanted = ['EventBusName', 'RuleName'];
    const end = Date.now() + SECONDS.metrics * 1000;
    for (;;) {
      const verdict = verdicts.hasSeries(await this.props.hub.metricSeries(this.names.globalBus), wanted);
      if (verdict.answer !== 'not seen' || Date.now() > end) return verdict;
      await pause(20_000);
    }
  }

  /** A question that no lock level changes: asked until it is answered. */
  private async once(question: string, find: () => Promise<Verdict>): Promise<void> {
    const { answered } = this.props;
    if (answered.has(question)) return;
    if ((await this.question(question, find)) !== 'not seen') answered.add(question);
  }

  /** What goes wrong with one question does not take the others with it. */
  private async question(question: string, find: () => Promise<Verdict>): Promise<verdicts.Answer> {
    let verdict: Verdict;
    try {
      verdict = await find();
    } catch (error) {
      if (error instanceof Stopped) throw error;
      const { name, message } = error as Error;
      verdict = { answer: 'not seen', evidence: `${name}: ${message}` };
    }
    this.props.found({ question, ...verdict });
    return verdict.answer;
  }
}

const eventOf = (message: Message): Copy & { account: string } => JSON.parse(message.Body ?? '{}');
const codeOf = (message: Message | undefined) => message?.MessageAttributes?.ERROR_CODE?.StringValue;
const traceOf = (message: Message | undefined) => message?.Attributes?.AWSTraceHeader;
