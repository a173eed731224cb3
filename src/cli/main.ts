import { contractsLock, CONTRACTS_LOCK_USAGE } from './contracts-lock';
import { UsageError, type Output } from './output';

const COMMANDS: Record<string, { run: (args: string[], output: Output) => number; usage: string }> = {
  'contracts lock': { run: contractsLock, usage: CONTRACTS_LOCK_USAGE },
};

const USAGE = `Usage: event-backbone <command>

${Object.values(COMMANDS)
  .map(({ usage }) => usage)
  .join('\n\n')}`;

/**
 * The command `event-backbone`.
 *
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage
 */
export function main(args: string[], output: Output = console): number {
  try {
    if (args.length === 0 || args.includes('--help')) {
      output.log(USAGE);
      return args.length === 0 ? 2 : 0;
    }
    const name = args.slice(0, 2).join(' ');
    if (!Object.hasOwn(COMMANDS, name)) {
      throw new UsageError(`there is no command ${JSON.stringify(name)}: use ${Object.keys(COMMANDS).join(', ')}`);
    }
    return COMMANDS[name].run(args.slice(2), output);
  } catch (error) {
    output.error(`event-backbone: ${(error as Error).message}`);
    return error instanceof UsageError ? 2 : 1;
  }
}
