import { spawnSync } from 'child_process';
import { writeFileSync } from 'fs';
import { join } from 'path';
import { Contender, type Effort, median } from './contender';
import { makeExtremes } from './extremes';
import { makeRules } from './rules';

/** What is measured of our engine alone. */
export class Ours {
  public constructor(
    private readonly work: string,
    private readonly engine: string,
    private readonly children: string,
    private readonly effort: Effort,
  ) {}

  /** The engine in a process of its own. */
  public start(eventsFile: string, events: number): Contender {
    return new Contender(process.execPath, [join(this.children, 'child.js'), this.engine, eventsFile], events);
  }

  /** Bytes of heap for each of 300 mixed rules. */
  public memory(eventsFile: string): number {
    const script = join(this.children, 'memory.js');
    return Number(runNode('--expose-gc', script, this.engine, eventsFile, this.rulesFile('mixed', 300))) / 300;
  }

  /** Milliseconds that a new process takes longer when it loads the engine. */
  public load(times = 11): number {
    const elapsed = (script: string) => {
      const start = process.hrtime.bigint();
      runNode('-e', script);
      return Number(process.hrtime.bigint() - start) / 1e6;
    };
    const load = `require(${JSON.stringify(this.engine)})`;
    const rounds = Array.from({ length: times }, () => ({ loaded: elapsed(load), empty: elapsed('0') }));
    return median(rounds.map(({ loaded }) => loaded)) - median(rounds.map(({ empty }) => empty));
  }

  /** Nanoseconds and matches of an ordinary event, for numbers of mixed rules. */
  public async scaling(
    eventsFile: string,
    events: number,
    counts: number[],
  ): Promise<{ cost: number; matches: number }[]> {
    const results = [];
    for (const count of counts) results.push(await this.cost(eventsFile, events, this.rulesFile('mixed', count)));
    return results;
  }

  /** Nanoseconds for each byte of events that are not ordinary; or what went wrong. */
  public async *extremes(ordinary: string[]): AsyncGenerator<{ name: string; costOfByte?: number; problem?: string }> {
    for (const [i, { name, events, rules, matches }] of makeExtremes(ordinary).entries()) {
      const [eventsFile, rulesFile] = [join(this.work, `extreme-events-${i}`), join(this.work, `extreme-rules-${i}`)];
      writeFileSync(eventsFile, `${events.join('\n')}\n`);
      writeFileSync(rulesFile, JSON.stringify(rules));
      try {
        const measured = await this.cost(eventsFile, events.length, rulesFile, 60);
        const costOfByte = (measured.cost * events.length) / Buffer.byteLength(events.join(''));
        const found = Math.round(measured.matches * events.length);
        yield found === matches ? { name, costOfByte } : { name, problem: `${found} matches instead of ${matches}` };
      } catch (error) {
        yield { name, problem: (error as Error).message };
      }
    }
  }

  public rulesFile(shape: string, count: number): string {
    const file = join(this.work, `${shape}-${count}`);
    writeFileSync(file, JSON.stringify(makeRules(shape, count)));
    return file;
  }

  private async cost(
    eventsFile: string,
    events: number,
    rulesFile: string,
    seconds = 600,
  ): Promise<{ cost: number; matches: number }> {
    const contender = this.start(eventsFile, events);
    const limit = setTimeout(() => contender.stop(), seconds * 1000);
    try {
      const matches = Number((await contender.load(rulesFile)).split(' ')[0]) / events;
      await contender.warm(this.effort);
      const rates = [];
      for (let round = 0; round < this.effort.rounds; round++) rates.push(await contender.round(this.effort));
      return { cost: 1e9 / median(rates), matches };
    } finally {
      clearTimeout(limit);
      contender.stop();
    }
  }
}

function runNode(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
