/**
 * Compares the speed of the pattern engine with AWS event-ruler, and the constructs with those of the CDK:
 *
 *   npm run bench -- [--quick] [--only SHAPE[/RULES],...] [--json FILE] [--engine MODULE]
 *
 * At each point (a shape of rules and their number) both engines get the same files: text of events in, names of matching
 * rules out. Each runs in a process of its own, one for each shape; after warming they take turns, and the median of their
 * rounds counts, in events per second of CPU time of the whole process, compilers and collectors included. Of event-ruler's
 * two finders the better counts. A point where the engines do not find the same names in the same events is lost, and so
 * is the run. Then come figures of ours alone: --only takes memory, load, scaling and extremes, too.
 *
 * First, the hub of a backbone is compared with one of plain constructs of the CDK (--only backbone), and importing the
 * compiled library is measured (--only import); and the republisher with a handler as people write it (--only validator).
 *
 * Compare ratios of one run, not figures of different runs. Needs Java 11 and Maven; --json writes the points to a file.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { parseArgs } from 'util';
import { backboneFigures, type Figure, importTime } from './bench/backbone';
import { buildChildren, buildEngine, buildRuler, JAVA } from './bench/build';
import { Contender, type Effort, median } from './bench/contender';
import { makeEvents } from './bench/events';
import { Ours } from './bench/ours';
import { SHAPES } from './bench/rules';
import { schemasFigures, validatorFigures } from './bench/validator';

const COUNTS = [1, 5, 50, 300];
const SCALE = [1, 10, 100, 1000, 10000];
// A JVM needs longer to get warm than Node.js does, again after it has got other rules; less would flatter us.
const EFFORTS: Record<'thorough' | 'quick', Record<'ruler' | 'ours', Effort>> = {
  thorough: {
    ruler: { warm: [3.5, 5], warmAgain: [2, 3], rounds: 5, round: 0.2 },
    ours: { warm: [1.5, 3], warmAgain: [0.8, 1.5], rounds: 5, round: 0.2 },
  },
  quick: {
    ruler: { warm: [3, 4], warmAgain: [1.5, 2], rounds: 3, round: 0.1 },
    ours: { warm: [0.8, 1.5], warmAgain: [0.4, 0.8], rounds: 3, round: 0.1 },
  },
};

interface Chosen {
  readonly shape: string;
  readonly counts: number[];
}

interface Point {
  readonly shape: string;
  readonly rules: number;
  /** Events per second. */
  readonly reference: number;
  readonly ours: number;
  /** Zero where the engines do not agree. */
  readonly ratio: number;
}

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string' },
    json: { type: 'string' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
const { ruler: rulerEffort, ours: ourEffort } = EFFORTS[options.quick ? 'quick' : 'thorough'];
const only = options.only?.split(',');
const say = (line = '') => process.stdout.write(`${line}\n`);

async function main(work: string): Promise<void> {
  const asked = (name: string) => only?.includes(name) ?? true;
  const alone = ['memory', 'load', 'scaling', 'extremes'].filter(asked);
  const ofConstructs = ['backbone', 'import', 'validator'].filter(asked);
  const chosen = SHAPES.map((shape) => ({
    shape,
    counts: COUNTS.filter((count) => only?.some((name) => name === shape || name === `${shape}/${count}`) ?? true),
  })).filter(({ counts }) => counts.length > 0);
  if (alone.length + chosen.length + ofConstructs.length === 0) throw new Error(`--only: there is no ${options.only}`);

  const records: Figure[] = asked('backbone') ? backboneFigures(say) : [];
  if (asked('import')) sayImport();
  if (asked('validator')) records.push(...(await validatorFigures(say)), ...schemasFigures(say));
  if (alone.length + chosen.length > 0) records.push(...(await patterns(work, chosen, alone)));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(records, undefined, 2)}\n`);
}

function sayImport(): void {
  const lib = join(__dirname, '../lib/index.js');
  const text = existsSync(lib)
    ? `${importTime(lib).toFixed(0)} ms of CPU time more than a bus, a rule and a queue of the CDK`
    : 'compile it first (npx projen compile)';
  say(`\nImporting EventBackbone and Topology: ${text}\n`);
}

/** The pattern engine against event-ruler, and by itself. */
async function patterns(work: string, chosen: Chosen[], alone: string[]): Promise<Figure[]> {
  const records: Figure[] = [];
  const events = makeEvents(2000);
  const eventsFile = join(work, 'events');
  writeFileSync(eventsFile, `${events.join('\n')}\n`);
  const ours = new Ours(
    work,
    (options.engine && resolve(options.engine)) ?? buildEngine(work),
    buildChildren(work),
    ourEffort,
  );

  if (chosen.length > 0) {
    const points: Point[] = [];
    const classPath = buildRuler();
    const ruler = (structured: boolean) =>
      new Contender(JAVA, ['-cp', classPath, 'Bench', eventsFile, String(structured)], events.length);
    say('Thousand events a second of CPU time: event-ruler, ours, ratio\n');
    say(`${''.padEnd(20)}${COUNTS.map((count) => String(count).padStart(14).padEnd(24)).join('')}`);
    for (const { shape, counts } of chosen) {
      const contenders = [ruler(true), ruler(false), ours.start(eventsFile, events.length)];
      try {
        process.stdout.write(shape.padEnd(20));
        for (const count of COUNTS) {
          if (!counts.includes(count)) {
            process.stdout.write(''.padEnd(24));
            continue;
          }
          const point = { shape, rules: count, ...(await compare(contenders, ours.rulesFile(shape, count))) };
          points.push(point);
          process.stdout.write(cell(point));
        }
        say();
      } finally {
        for (const contender of contenders) contender.stop();
      }
    }
    records.push(...report(points));
  }
  if (alone.includes('memory')) {
    say(`\nMemory: ${(ours.memory(eventsFile) / 1024).toFixed(1)} KiB for each of 300 mixed rules`);
  }
  if (alone.includes('load')) say(`\nLoading lib/pattern: ${ours.load().toFixed(1)} ms more than an empty process`);
  if (alone.includes('scaling') || alone.includes('extremes')) {
    const counts = alone.includes('scaling') ? SCALE : SCALE.slice(0, 1);
    const costs = await ours.scaling(eventsFile, events.length, counts);
    if (alone.includes('scaling')) {
      say('\nTime for an event with N mixed rules, relative to one rule (in brackets: rules that match it on average)');
      for (const [i, { cost, matches }] of costs.entries()) {
        say(`${String(counts[i]).padStart(9)}${times(cost / costs[0].cost)}  (${matches.toFixed(1)})`);
      }
    }
    if (alone.includes('extremes')) {
      const costOfByte = costs[0].cost / (Buffer.byteLength(events.join('')) / events.length);
      say('\nTime for a byte, relative to ordinary events with one mixed rule');
      for await (const { name, costOfByte: cost, problem } of ours.extremes(events)) {
        say(`  ${name.padEnd(60)}${problem ?? times(cost! / costOfByte)}`);
        if (problem !== undefined) process.exitCode = 1;
      }
    }
  }
  return records;
}

async function compare(contenders: Contender[], rules: string): Promise<Pick<Point, 'reference' | 'ours' | 'ratio'>> {
  const verdicts = await Promise.all(contenders.map(async (contender) => contender.load(rules)));
  const [structured, stepwise, ours] = contenders;
  // The JVMs warm side by side, on the clock of each process; what is compared later runs alone.
  const warm = await Promise.all([structured.warm(rulerEffort), stepwise.warm(rulerEffort)]);
  await ours.warm(ourEffort);
  // A finder that is far behind need not go on.
  const running = [structured, stepwise].filter((_, i) => warm[i] > 0.75 * Math.max(...warm));
  const rates = new Map([...running, ours].map((contender) => [contender, [] as number[]]));
  for (let round = 0; round < ourEffort.rounds; round++) {
    for (const [contender, rounds] of rates) rounds.push(await contender.round(ourEffort));
  }
  const reference = Math.max(...running.map((contender) => median(rates.get(contender)!)));
  const own = median(rates.get(ours)!);
  return { reference, ours: own, ratio: new Set(verdicts).size === 1 ? own / reference : 0 };
}

function report(points: Point[]): Figure[] {
  const ratios = points.map(({ ratio }) => ratio);
  const lost = ratios.filter((ratio) => ratio === 0).length;
  if (lost > 0) process.exitCode = 1;
  const worst = points.reduce((least, point) => (point.ratio < least.ratio ? point : least));
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  say(`\n${points.length} points, ${lost} lost, ${ratios.filter((ratio) => ratio < 1).length - lost} slower`);
  say(
    `Minimum ${worst.ratio === 0 ? 'lost' : worst.ratio.toFixed(2)} (${worst.shape}/${worst.rules}), geometric mean ${mean.toFixed(2)}`,
  );
  return points.map(({ shape, rules, ours, reference, ratio }) => ({
    name: `pattern/${shape}/${rules}`,
    unit: 'events/s',
    ours: Math.round(ours),
    reference: Math.round(reference),
    ratio: Number(ratio.toFixed(3)),
  }));
}

const thousands = (rate: number) => (rate / 1000).toFixed(rate < 99500 ? 1 : 0).padStart(6);
const cell = ({ reference, ours, ratio }: Point) =>
  `${thousands(reference)}${thousands(ours).padStart(7)} ${(ratio === 0 ? 'lost' : ratio.toFixed(2)).padStart(6)}    `;
const times = (ratio: number) => `${ratio.toFixed(2).padStart(9)}×`;

const folder = mkdtempSync(join(tmpdir(), 'event-backbone-bench-'));
main(folder)
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
