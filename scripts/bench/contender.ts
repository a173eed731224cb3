import { spawn, type ChildProcess } from 'child_process';
import { createInterface } from 'readline';

export interface Effort {
  /** CPU time that warming takes at least and at most, in seconds: of a new process, and for other rules in it. */
  readonly warm: [number, number];
  readonly warmAgain: [number, number];
  readonly rounds: number;
  /** CPU time of a round in seconds: well above the 10 ms in which the JVM's clock ticks. */
  readonly round: number;
}

/** An engine in a process of its own, which has read the events. */
export class Contender {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private isWarm = false;
  private matchesOfPass = 0;
  private passesOfRound = 1;

  public constructor(
    private readonly command: string,
    args: string[],
    private readonly events: number,
  ) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.answers = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** Takes a file of rules; gives the number of matches in one pass and a digest of all names. */
  public async load(rules: string): Promise<string> {
    const verdicts = await this.ask(`load ${rules}`);
    this.matchesOfPass = Number(verdicts.split(' ')[0]);
    return verdicts;
  }

  /** Runs until the compiler has little left to improve; gives the last rate in events per second. */
  public async warm(effort: Effort): Promise<number> {
    const [least, most] = this.isWarm ? effort.warmAgain : effort.warm;
    this.isWarm = true;
    let rate = 0;
    for (let spent = 0, passes = 1, steady = 0; spent < least || (steady < 2 && spent < most);) {
      const seconds = await this.run(passes);
      spent += seconds;
      const before = rate;
      rate = (passes * this.events) / seconds;
      steady = Math.abs(rate / before - 1) < 0.06 ? steady + 1 : 0;
      passes = this.passesIn(Math.min(effort.round * 1.5, least / 4), rate);
    }
    this.passesOfRound = this.passesIn(effort.round, rate);
    return rate;
  }

  /** Events per second of CPU time in one round. */
  public async round(effort: Effort): Promise<number> {
    for (;;) {
      const passes = this.passesOfRound;
      const seconds = await this.run(passes);
      const rate = (passes * this.events) / seconds;
      this.passesOfRound = this.passesIn(effort.round, rate);
      // Still getting faster: too short a round to count.
      if (seconds > effort.round * 0.7 || passes >= this.passesOfRound) return rate;
    }
  }

  public stop(): void {
    this.child.kill();
  }

  private passesIn(seconds: number, rate: number): number {
    return Math.max(1, Math.round((rate * seconds) / this.events));
  }

  /** The CPU time of some passes in seconds. */
  private async run(passes: number): Promise<number> {
    const [nanoseconds, matches] = (await this.ask(`run ${passes}`)).split(' ').map(Number);
    if (matches !== passes * this.matchesOfPass) throw new Error(`${this.command}: other matches in another pass`);
    return Math.max(nanoseconds, 1e6) / 1e9;
  }

  private async ask(question: string): Promise<string> {
    this.child.stdin!.write(`${question}\n`);
    const answer = await this.answers.next();
    if (answer.done) throw new Error(`${this.command} has ended instead of answering`);
    return answer.value;
  }
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}
