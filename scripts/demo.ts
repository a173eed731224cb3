/**
 * Synthesizes the e-commerce example, each team's app as a process of its own, and says what was made in each account
 * and which events travel where.
 */
import { execFileSync } from 'child_process';
import { rmSync } from 'fs';
import { join } from 'path';
import { describeAccount } from './describe-account';
import { describeRoutes } from './describe-routes';
import { readAssembly, type SynthesizedStack } from '../src/testing/cloud-assembly';
import { Topology } from '../src/topology';

const EXAMPLE = join(__dirname, '../examples/ecommerce');
const OUT = join(EXAMPLE, 'cdk.out');
const APPS = ['hub', 'order', 'delivery', 'loyalty'];

rmSync(OUT, { recursive: true, force: true });
const stacks: SynthesizedStack[] = [];
for (const app of APPS) {
  process.stdout.write(`Synthesizing the app of ${app} ...\n`);
  const out = join(OUT, app);
  try {
    execFileSync('npx', ['cdk', 'synth', '--quiet', '--no-notices', '--output', out], {
      cwd: join(EXAMPLE, app),
      stdio: 'pipe',
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    process.stderr.write(`${stdout ?? ''}${stderr ?? ''}\nThe app of ${app} does not synthesize.\n`);
    process.exit(1);
  }
  stacks.push(...readAssembly(out));
}

const topology = Topology.fromFile(join(EXAMPLE, 'topology.json'));
const who = (account: string) =>
  [
    ...(account === topology.hub.account ? ['hub'] : []),
    ...topology.members.filter((member) => member.account === account).map((member) => member.name),
  ].join(', ');
const accounts = [...new Set(stacks.map(({ account }) => account))].sort();
for (const account of accounts) {
  const own = stacks.filter((stack) => stack.account === account);
  process.stdout.write(`\n${describeAccount(`${who(account)} · account ${account} · ${own[0].region}`, own)}\n`);
}
process.stdout.write(`\n${describeRoutes(topology, stacks)}\n`);
process.stdout.write('\nThe cloud assemblies are in examples/ecommerce/cdk.out/.\n');
