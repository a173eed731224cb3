import { existsSync } from 'fs';
import { createRequire } from 'module';
import { dirname, join } from 'path';
import { inShort, rulesOn, type SampleEvent, travel } from './describe-routes';
import type { EventContract } from '../src/contract';
import { valueAt } from '../src/contract/json';
import type { SynthesizedStack } from '../src/testing/cloud-assembly';
import type { Topology, TopologyMember } from '../src/topology';
import type { Place } from '../src/validation/handler/manifest';
import type { Entry, Verdict } from '../src/validation/handler/verdict';

type Decide = (body: string, place: Place) => Verdict;

/**
 * What becomes of a valid and of an invalid event of each contract: decided by the code that is deployed, with the
 * patterns of the rules in the templates.
 */
export function describeValidated(topology: Topology, stacks: SynthesizedStack[], contracts: EventContract[]): string {
  const title = 'What becomes of events, valid and invalid';
  const lines = [title, '='.repeat(title.length)];
  const decide = decisionIn(stacks);
  const place = { account: topology.hub.account, targetBus: topology.fanOutBusArn };
  for (const contract of contracts) {
    const sender = topology.members.find(({ name }) => name === contract.owner);
    const [valid] = (valueAt(contract.schema._document, `${contract.schema._pointer}/examples`) as object[]) ?? [];
    if (sender === undefined || valid === undefined) continue;
    for (const detail of [valid, withoutFirst(valid)]) {
      const event = eventOf(sender, topology, contract, detail);
      const verdict = decide(JSON.stringify(event), place);
      lines.push(`${sender.name} (${sender.account}) puts ${inShort(event)} on ${topology.globalBusName}`);
      lines.push(...judged(verdict).map((line) => `  ${line}`));
      for (const entry of verdict.entries) {
        const published = eventOn(topology, entry);
        lines.push(`  published on ${busOf(entry)} as ${entry.source}`);
        for (const { name } of topology.members) {
          const bus = topology.localBusName(name);
          lines.push(`    ${travel(published, bus, rulesOn(busOf(entry), stacks), rulesOn(bus, stacks))}`);
        }
      }
    }
  }
  return lines.join('\n');
}

/** The decision, as it stands beside the function in the cloud assembly. */
function decisionIn(stacks: SynthesizedStack[]): Decide {
  const assets = stacks.flatMap(({ template, templateFile }) =>
    Object.values(template.Resources ?? {})
      .filter(({ Type }) => Type === 'AWS::Lambda::Function')
      .map(({ Properties }) => /[0-9a-f]{64}/.exec(JSON.stringify(Properties?.Code))?.[0])
      .map((hash) => join(dirname(templateFile), `asset.${hash}`)),
  );
  const asset = assets.find((directory) => existsSync(join(directory, 'decide.js')));
  if (asset === undefined) throw new Error('no function in these stacks validates events');
  return (createRequire(asset)(join(asset, 'decide.js')) as { open(directory: string): Decide }).open(asset);
}

function judged({ reason, errors, quarantined }: Verdict): string[] {
  if (reason === undefined) return ['valid'];
  const why = errors.map(({ path, message }) => `${path || 'the detail'} ${message}`).join('; ');
  return [`invalid: ${reason}${why && `, ${why}`}`, ...(quarantined ? ['waits in quarantine'] : [])];
}

const ID = '17793124-05d4-b198-2fde-7ededc63b103';
const TIME = '2026-01-01T12:00:00Z';

/** An event as EventBridge hands it to the republisher. */
function eventOf(
  { account }: TopologyMember,
  { hub }: Topology,
  { source, detailType }: EventContract,
  detail: object,
): SampleEvent {
  const { region } = hub;
  return {
    version: '0',
    id: ID,
    account,
    region,
    time: TIME,
    source,
    'detail-type': detailType,
    resources: [],
    detail,
  };
}

/** An entry as rules see it: an event of the account that put it there. */
function eventOn({ hub }: Topology, { source, detailType, detail }: Entry): SampleEvent {
  return { account: hub.account, source, 'detail-type': detailType, detail: JSON.parse(detail) };
}

const busOf = ({ eventBus }: Entry): string => eventBus.split('/').at(-1)!;

/** What a schema gives as an example, without its first field, and without that of its data if it has such. */
function withoutFirst(example: object): object {
  const { metadata, data, ...rest } = example as { metadata?: object; data?: object };
  if (metadata !== undefined && data !== undefined) return { metadata, data: withoutFirst(data), ...rest };
  return Object.fromEntries(Object.entries(example).slice(1));
}
