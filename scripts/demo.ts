/**
 * Synthesizes two examples and says what was made in each account and which events travel where: the e-commerce shop, each
 * team's app as a process of its own, and the widgets, whose events are validated on the way.
 */
import { execFileSync } from 'child_process';
import { rmSync } from 'fs';
import { join } from 'path';
import { describeAccount } from './describe-account';
import { describeRoutes } from './describe-routes';
import { describeValidated } from './describe-validated';
import { EventContract } from '../src/contract';
import { readAssembly, type SynthesizedStack } from '../src/testing/cloud-assembly';
import { DeliveryMode, Topology } from '../src/topology';

const EXAMPLES = join(__dirname, '../examples');
const say = (text: string) => process.stdout.write(`${text}\n`);

/** The folders of an example's apps, the hub's first; one app that makes everything is the folder itself. */
function describeExample(name: string, apps: string[], accountsToo: boolean): void {
  const example = join(EXAMPLES, name);
  rmSync(join(example, 'cdk.out'), { recursive: true, force: true });
  const stacks = apps.flatMap((app) => synthesize(example, app));
  const topology = Topology.fromFile(join(example, 'topology.json'));
  if (accountsToo) describeAccounts(topology, stacks);
  if (topology.deliveryMode === DeliveryMode.PLAIN) say(`\n${describeRoutes(topology, stacks)}`);
  else say(`\n${describeValidated(topology, stacks, EventContract.fromDirectory(join(example, 'contracts')))}`);
  say(`\nThe cloud assemblies are in examples/${name}/cdk.out/.\n`);
}

function synthesize(example: string, app: string): SynthesizedStack[] {
  say(`Synthesizing ${join(example, app).slice(EXAMPLES.length + 1)} ...`);
  const out = join(example, 'cdk.out', app);
  try {
    execFileSync('npx', ['cdk', 'synth', '--quiet', '--no-notices', '--output', out], {
      cwd: join(example, app),
      stdio: 'pipe',
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    process.stderr.write(`${stdout ?? ''}${stderr ?? ''}\n${join(example, app)} does not synthesize.\n`);
    process.exit(1);
  }
  return readAssembly(out);
}

function describeAccounts(topology: Topology, stacks: SynthesizedStack[]): void {
  const who = (account: string) =>
    [
      ...(account === topology.hub.account ? ['hub'] : []),
      ...topology.members.filter((member) => member.account === account).map((member) => member.name),
    ].join(', ');
  for (const account of [...new Set(stacks.map((stack) => stack.account))].sort()) {
    const own = stacks.filter((stack) => stack.account === account);
    say(`\n${describeAccount(`${who(account)} · account ${account} · ${own[0].region}`, own)}`);
  }
}

describeExample('ecommerce', ['hub', 'order', 'delivery', 'loyalty'], true);
describeExample('widgets', ['.'], false);
