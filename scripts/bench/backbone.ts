import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { median } from './contender';
import { ReferenceHub } from './reference-design';
import {
  BusOwner,
  DeliveryMode,
  EventBackbone,
  EventContract,
  EventSchema,
  Topology,
  type TopologyDelivery,
} from '../../src';

/** One figure of ours and of what it is compared with. */
export interface Figure {
  /** `backbone/<figure>/<members>`, `pattern/<shape>/<rules>`. */
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly reference: number;
  readonly ratio: number;
}

const HUB = { account: '111111111111', region: 'eu-west-1' };
const MEMBERS = [10, 100, 290];
const ROUNDS = 5;
/** Of the hub's account alone; without the limit of 500, over which the reference design comes. */
const CONTEXT = { '@aws-cdk/core:stackResourceLimit': 0, 'aws:cdk:disable-stack-trace': true };

/** What a design makes of some members: resources and bytes of its templates, and the CPU time of its synthesis. */
interface Measured {
  readonly resources: number;
  readonly bytes: number;
  readonly milliseconds: number;
}

type Design = (app: App, members: Array<{ name: string; account: string }>) => void;

const backbone =
  (delivery: TopologyDelivery, contracts?: EventContract[]): Design =>
  (app, given) => {
    // The members make their buses themselves, as with the reference: the hub alone is compared.
    const members = given.map((member) => ({ ...member, busOwner: BusOwner.MEMBER }));
    const topology = new Topology({ name: 'shop', hub: HUB, delivery, members });
    new EventBackbone(app, 'Backbone', { topology, contracts });
  };
const ours = backbone({});
/** With republisher, quarantine, second bus and notices, of which the reference has nothing. */
const validated = backbone({ mode: DeliveryMode.VALIDATED }, [
  new EventContract({ source: 'order.service', detailType: 'Order.Created', schema: EventSchema.fromInline({}) }),
]);
const reference =
  (alarms: string[]): Design =>
  (app, members) => {
    new ReferenceHub(app, 'Hub', { env: HUB, members, alarms });
  };
/** Of a rule, one alarm, which is less than ours watch; and the three that ours watch beside the depth of the queue. */
const ONE = ['FailedInvocations'];
const SAME = [...ONE, 'InvocationsFailedToBeSentToDlq', 'ThrottledRules'];

function measure(design: Design, count: number): Measured {
  const outdir = mkdtempSync(join(tmpdir(), 'event-backbone-bench-'));
  try {
    const members = Array.from({ length: count }, (_, i) => ({ name: `m${i}`, account: `${200000000000 + i}` }));
    const before = process.cpuUsage();
    const app = new App({ outdir, context: CONTEXT, analyticsReporting: false });
    design(app, members);
    const assembly = app.synth();
    const { user, system } = process.cpuUsage(before);
    const stacks = assembly.stacksRecursively.filter(({ environment }) => environment.account === HUB.account);
    return {
      resources: stacks.reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0),
      bytes: stacks.reduce((sum, { templateFullPath }) => sum + statSync(templateFullPath).size, 0),
      milliseconds: (user + system) / 1000,
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

interface Compared {
  readonly count: number;
  readonly ours: Measured;
  readonly reference: Measured;
}

/** Both designs by turns, after a round that warms. */
function compare(count: number, design: Design = ours): { ours: Measured; reference: Measured } {
  const rounds = Array.from({ length: ROUNDS + 1 }, () => ({
    ours: measure(design, count),
    reference: measure(reference(ONE), count),
  })).slice(1);
  const middle = (which: 'ours' | 'reference'): Measured => ({
    ...rounds[0][which],
    milliseconds: median(rounds.map((round) => round[which].milliseconds)),
  });
  return { ours: middle('ours'), reference: middle('reference') };
}

/** Compares the hub of a backbone with that of the reference design. */
export function backboneFigures(say: (line: string) => void): Figure[] {
  process.env.CDK_VALIDATION = 'false';
  const figures: Figure[] = [];
  const add = (figure: string, members: number, unit: string, own: number, other: number): void => {
    const ratio = Number((own / other).toFixed(3));
    figures.push({ name: `backbone/${figure}/${members}`, unit, ours: own, reference: other, ratio });
    const cells = [own, other].map((value) => value.toFixed(value < 10 ? 2 : 0).padStart(12)).join('');
    say(
      `${figure.padEnd(22)}${String(members).padStart(5)}${cells}  ${unit.padEnd(12)}${ratio.toFixed(2).padStart(6)}`,
    );
  };
  say('Hub of a backbone: members, ours, plain constructs of the CDK, ratio (less is better)\n');
  const measured = MEMBERS.map((count) => ({ count, ...compare(count) }));
  for (const { count, ours: own, reference: other } of measured) {
    add('resources', count, 'resources', own.resources, other.resources);
    add('template', count, 'bytes', own.bytes, other.bytes);
    add('template-same-alarms', count, 'bytes', own.bytes, measure(reference(SAME), count).bytes);
    add('synthesis', count, 'ms', Math.round(own.milliseconds), Math.round(other.milliseconds));
  }
  const addMarginal = (figure: string, [from, to]: Compared[]) => {
    const marginal = (which: 'ours' | 'reference') =>
      (to[which].resources - from[which].resources) / (to.count - from.count);
    add(figure, to.count, 'a member', marginal('ours'), marginal('reference'));
  };
  addMarginal('marginal-resources', measured.slice(-2));
  const withValidation = MEMBERS.slice(-2).map((count) => ({ count, ...compare(count, validated) }));
  for (const { count, ours: own, reference: other } of withValidation) {
    add('validated-resources', count, 'resources', own.resources, other.resources);
    add('validated-template', count, 'bytes', own.bytes, other.bytes);
    add('validated-synthesis', count, 'ms', Math.round(own.milliseconds), Math.round(other.milliseconds));
  }
  addMarginal('validated-marginal', withValidation);
  return figures;
}

/** Milliseconds that importing two constructs of the compiled library takes, after what an app with a bus, a rule and a queue has imported. */
export function importTime(lib: string): number {
  const script = `
    for (const name of ['', '/aws-events', '/aws-events-targets', '/aws-iam', '/aws-sqs']) {
      const { EventBus, Rule } = require('aws-cdk-lib' + name);
    }
    const cdk = require('aws-cdk-lib');
    const events = require('aws-cdk-lib/aws-events');
    const sqs = require('aws-cdk-lib/aws-sqs');
    const stack = new cdk.Stack(new cdk.App(), 'S');
    new events.Rule(stack, 'R', {
      eventBus: new events.EventBus(stack, 'B', { eventBusName: 'b' }),
      eventPattern: { source: ['x'] },
      targets: [new (require('aws-cdk-lib/aws-events-targets').SqsQueue)(new sqs.Queue(stack, 'Q'))],
    });
    const before = process.cpuUsage();
    const { EventBackbone, Topology } = require(${JSON.stringify(lib)});
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(String((user + system) / 1000));`;
  const times = Array.from({ length: 7 }, () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`importing ${lib}: ${stderr}`);
    return Number(stdout);
  });
  return median(times);
}
