import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Cdk } from './cdk';
import { Failure } from './failure';
import type { Member } from './intended';
import { leaveOut } from './left-out';
import { readAssembly } from '../src/testing/cloud-assembly';
import { Topology } from '../src/topology';

const EXAMPLE = join(__dirname, '../examples/ecommerce');
const APP = join(__dirname, 'app.ts');

/** The example's teams, each with an app of its own. */
export const TEAMS = ['order', 'delivery', 'loyalty'];
/** The team that joins. */
export const NEWCOMER: Member = { name: 'support', account: '555555555555' };
/** The team that leaves. */
export const LEAVER = 'loyalty';

const EXAMPLE_TOPOLOGY = join(EXAMPLE, 'topology.json');
export const topology = Topology.fromFile(EXAMPLE_TOPOLOGY);
/** The members as the file says, without the library. */
export const MEMBERS: Member[] = JSON.parse(readFileSync(EXAMPLE_TOPOLOGY, 'utf8')).members;

/** The cloud assemblies of the e-commerce shop, in one directory. */
export class Shop {
  constructor(
    private readonly cdk: Cdk,
    private readonly directory: string,
    private readonly say: (line: string) => void,
  ) {}

  /** The apps of the example as they are, the hub's first, which delivers plainly: no function runs in this emulator. */
  public async fromExample(): Promise<string[]> {
    const assemblies = [await this.hubWith('first', MEMBERS)];
    for (const app of TEAMS) assemblies.push(await this.assembly(`first-${app}`, join(EXAMPLE, app)));
    return assemblies;
  }

  /** The hub's app, with other members in the topology. */
  public async hubWith(name: string, members: Member[]): Promise<string> {
    return this.assembly(`${name}-hub`, join(EXAMPLE, 'hub'), `hub ${this.topologyFile(name, members)}`);
  }

  /** The app of the team that joins. */
  public async newcomer(name: string, members: Member[]): Promise<string> {
    const args = `support ${this.topologyFile(name, members)}`;
    return this.assembly(`${name}-support`, join(EXAMPLE, 'hub'), args);
  }

  private topologyFile(name: string, members: Member[]): string {
    const { $schema: _, ...rest } = JSON.parse(readFileSync(EXAMPLE_TOPOLOGY, 'utf8'));
    const file = join(this.directory, `${name}.topology.json`);
    writeFileSync(file, JSON.stringify({ ...rest, delivery: { mode: 'plain' }, members }));
    return file;
  }

  private async assembly(name: string, directory: string, args?: string): Promise<string> {
    const out = join(this.directory, name);
    await this.cdk.synth(directory, out, args && `npx tsx ${APP} ${args}`);
    requireGlobalBus(out);
    for (const line of leaveOut(out)) this.say(line);
    return out;
  }
}

/** The functions must be deployed with the bus on which the run publishes in their place. */
function requireGlobalBus(assembly: string): void {
  const functions = readAssembly(assembly)
    .flatMap(({ template }) => Object.values(template.Resources ?? {}))
    .filter(({ Type }) => Type === 'AWS::Lambda::Function');
  for (const { Properties } of functions) {
    const bus = Properties?.Environment?.Variables?.EVENT_BUS_ARN;
    if (bus === topology.globalBusArn) continue;
    throw new Failure(`EVENT_BUS_ARN to be ${topology.globalBusArn}`, String(bus), 'look at the stack of the function');
  }
}
