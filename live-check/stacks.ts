import { run } from '../e2e/processes';

/** Where the stacks of a level go. */
export interface Place {
  readonly profile: string;
  readonly id: string;
}

export interface Deployment {
  readonly level: string;
  readonly hub: Place;
  readonly member: Place;
  readonly region: string;
}

export const ROUTES = 'Backbone/Routes';
const MINUTES = 60;

/** The stacks of a level and where they go, in the order of their deployment. */
export const stacksOf = ({ hub, member }: Deployment): Array<[string, Place]> => [
  ['Backbone/Hub', hub],
  ['Backbone/Member-member', member],
  ['Service', member],
  [ROUTES, hub],
];

/** Runs the CDK CLI in a group of its own, so that Ctrl-C does not reach it. Says why it failed. */
export async function cdk(deployment: Deployment, profile: string, ...args: string[]): Promise<string | undefined> {
  const { level, hub, member, region } = deployment;
  const { code, output } = await run({
    command: 'npx',
    args: ['cdk', ...args, '--app', 'npx tsx app.ts', '--profile', profile, '--no-notices', '--no-color'],
    cwd: __dirname,
    env: {
      ...process.env,
      LIVE_CHECK_HUB: hub.id,
      LIVE_CHECK_MEMBER: member.id,
      LIVE_CHECK_REGION: region,
      LIVE_CHECK_LEVEL: level,
      CDK_VALIDATION: 'false',
      CI: '1',
    },
    seconds: 30 * MINUTES,
  });
  return code === 0 ? undefined : reasonIn(output, code);
}

/** The lines of the CLI that say why it failed. */
export function reasonIn(output: string, code: number | null): string {
  const lines = output.split('\n').filter((line) => /AccessDenied|not authorized|FAILED|error/i.test(line));
  return lines.slice(0, 3).join(' ').trim().slice(0, 600) || `the CDK ended with ${code}`;
}
