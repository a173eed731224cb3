/**
 * Asks two real accounts what only AWS can answer, and says what it found; see README.md.
 *
 * It deploys small backbones with the CDK CLI, publishes a few events, looks where they arrive, and destroys everything,
 * whatever happens, Ctrl-C included.
 */
import { Account } from './account';
import { optionsOf, type Options } from './options';
import { Round } from './round';
import { cdk, ROUTES, stacksOf, type Deployment } from './stacks';
import { goOn, Stopped, stopOnSignals, wasStopped } from './stop';
import { masked, takesPolicy, type Finding } from './verdicts';

/** The two accounts, and what was found in them. */
class LiveCheck {
  public static async in(options: Options): Promise<LiveCheck> {
    const hub = await Account.of(options.hubProfile, options.region, 'hub-profile');
    const member = await Account.of(options.memberProfile, options.region, 'member-profile');
    if (hub.id === member.id) throw new Error(`both profiles are of one account (${hub.id}): two are needed`);
    return new LiveCheck(options, hub, member);
  }

  /** Whether everything could be deployed, asked and destroyed. */
  public isFine = true;
  private readonly answered = new Set<string>();

  private constructor(
    private readonly options: Options,
    private readonly hub: Account,
    private readonly member: Account,
  ) {}

  public async run(): Promise<void> {
    const { levels, region, destroy } = this.options;
    this.say(`Two accounts in ${region}, ${new Date().toISOString()}`);
    for (const level of levels) {
      if (wasStopped()) return;
      const deployment = { level, hub: this.hub, member: this.member, region };
      this.say(`\nLock level ${level}`);
      try {
        if (!destroy) await this.ask(deployment);
      } catch (error) {
        this.isFine = false;
        if (!(error instanceof Stopped)) this.say(`  FAILED: ${(error as Error).message}`);
      } finally {
        await this.destroy(deployment);
      }
    }
  }

  private async ask(deployment: Deployment): Promise<void> {
    const { level } = deployment;
    for (const [stack, { profile }] of stacksOf(deployment)) {
      goOn();
      this.say(`  deploying ${stack}`);
      const failure = await cdk(
        deployment,
        profile,
        ...['deploy', stack, '--exclusively', '--require-approval', 'never', '--progress', 'events'],
      );
      if (stack === ROUTES) {
        const verdict = takesPolicy(failure);
        this.found({ question: `PutTargets takes the policy of the local bus at level ${level}`, ...verdict });
        // Refused routes are an answer; anything else that fails is none.
        if (verdict.answer === 'not seen') this.isFine = false;
        goOn();
        const { hub, member, answered } = this;
        const found = (finding: Finding) => this.found(finding);
        await new Round({ level, hub, member, answered, found, hasRoutes: failure === undefined }).ask();
      } else if (failure !== undefined) {
        throw new Error(`${stack} cannot be deployed: ${failure}`);
      }
    }
  }

  private async destroy(deployment: Deployment): Promise<void> {
    const left: string[] = [];
    for (const [stack, { profile }] of stacksOf(deployment).reverse()) {
      this.say(`  destroying ${stack}`);
      const failure = await cdk(deployment, profile, 'destroy', stack, '--exclusively', '--force').catch(
        (error: Error) => error.message,
      );
      if (failure !== undefined) left.push(`${stack}: ${failure}`);
    }
    if (left.length === 0) return;
    this.isFine = false;
    for (const one of left) this.say(`  NOT DESTROYED: ${one}`);
    this.say(`  Run it again with "--level ${deployment.level} --destroy" to destroy what is left.`);
  }

  private found({ question, answer, evidence }: Finding): void {
    this.say(`  ${answer.padEnd(8)}  ${question} (${evidence})`);
  }

  public say(line: string): void {
    process.stdout.write(`${masked(line, this.hub.id, this.member.id)}\n`);
  }
}

async function main(): Promise<void> {
  const check = await LiveCheck.in(optionsOf(process.argv.slice(2)));
  // Where the terminal is gone, what was made must be destroyed all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  stopOnSignals((name) =>
    check.say(
      `\n${name}: what is being deployed is finished, then all of it is destroyed; that takes some minutes.\n` +
        'Everything has a name that begins with live-check-; if something is left, run it again with --destroy.',
    ),
  );
  await check.run();
  if (wasStopped()) check.say('\nStopped before all was asked.');
  process.exitCode = wasStopped() ? 130 : check.isFine ? 0 : 1;
}

// Whatever ends this process early has not asked everything.
process.exitCode = 1;
main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
});
