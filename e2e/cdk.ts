import { join } from 'path';
import { environmentOf, type Endpoint } from './accounts';
import { Failure } from './failure';
import { runOrFail } from './processes';

const ROOT = join(__dirname, '..');
const MINUTES = 60;

/** The real CDK CLI, with the credentials of one account, against the emulator. */
export class Cdk {
  /**
   * @param account whose credentials it has
   * @param home for what the CLI keeps
   * @param list the file that says what the emulator refuses
   */
  constructor(
    private readonly account: string,
    private readonly endpoint: Endpoint,
    private readonly home: string,
    private readonly list: string = 'e2e/left-out.ts',
  ) {}

  /** Makes an account ready for deployments, and lets another account deploy to it. */
  public async bootstrap(trusted?: string): Promise<void> {
    const trust = trusted === undefined ? [] : ['--trust', trusted];
    const policies = ['--cloudformation-execution-policies', 'arn:aws:iam::aws:policy/AdministratorAccess'];
    const place = `aws://${this.account}/${this.endpoint.region}`;
    await this.must(['bootstrap', place, ...trust, ...policies]);
  }

  /**
   * Synthesizes an app.
   *
   * @param directory of its `cdk.json`
   * @param command instead of the one of `cdk.json`
   */
  public async synth(directory: string, out: string, command?: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
    const app = command === undefined ? [] : ['--app', command];
    await this.must(['synth', '--quiet', ...app, '--output', out], directory, env);
  }

  /** @param selection of stacks: all, or some by their names, and those alone */
  public async deploy(assembly: string, selection?: string[]): Promise<void> {
    const options = ['--require-approval', 'never', '--progress', 'events', '--concurrency', '3'];
    const stacks = selection === undefined ? ['--all'] : [...selection, '--exclusively'];
    await this.must(['deploy', '--app', assembly, ...stacks, ...options]);
  }

  /** @param selection of stacks: all, or some by their names */
  public async destroy(assembly: string, selection = ['--all']): Promise<void> {
    await this.must(['destroy', '--app', assembly, ...selection, '--force']);
  }

  private async must(args: string[], cwd?: string, env?: NodeJS.ProcessEnv): Promise<void> {
    const outcome = await runOrFail(
      this.command(args, cwd, env),
      `see what the CLI says; a type that the emulator refuses belongs on the list in ${this.list}`,
    );
    // The CLI says so, and in some cases goes on.
    if (/ROLLBACK_(COMPLETE|FAILED)|(CREATE|UPDATE|DELETE)_FAILED/.test(outcome.output)) {
      throw new Failure(
        `"cdk ${args.join(' ')}" without a failed resource`,
        outcome.output
          .split('\n')
          .filter((line) => /FAILED|ROLLBACK/.test(line))
          .join('\n'),
        'see what the emulator says of the first one',
      );
    }
  }

  private command(args: string[], cwd: string = ROOT, env: NodeJS.ProcessEnv = {}) {
    return {
      command: 'npx',
      args: ['cdk', ...args, '--no-notices', '--no-color'],
      cwd,
      env: {
        ...environmentOf(this.account, this.endpoint),
        CDK_HOME: this.home,
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        CI: '1',
        ...env,
      },
      seconds: 5 * MINUTES,
    };
  }
}
