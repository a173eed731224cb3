/**
 * Asks event-ruler, the library behind EventBridge, for its verdicts. It runs in a JVM of its own (tools/event-ruler);
 * building it needs Maven and, the first time, the network.
 */
import { type ChildProcess, execFileSync, spawn } from 'child_process';
import { existsSync, statSync } from 'fs';
import { delimiter, join } from 'path';
import { createInterface, type Interface } from 'readline';

const HOME = join(__dirname, '../../tools/event-ruler');
const SOURCE = join(HOME, 'src/main/java/Verdicts.java');
const CLASS = join(HOME, 'target/classes/Verdicts.class');
const JARS = join(HOME, 'target/dependency');

/** More than this in the pipe, and both ends could wait for each other. */
const BATCH = 500;

export interface Pair {
  readonly pattern: string;
  readonly event?: string;
}

export interface Verdict {
  readonly pattern: 'valid' | 'invalid';
  readonly patternError?: string;
  readonly event?: 'match' | 'nomatch' | 'invalid';
  /** event-ruler's two ways of searching gave different answers. */
  readonly disagree?: true;
  /** What the older way, step by step, answered then. */
  readonly stepwise?: 'match' | 'nomatch' | 'invalid';
  /** The text holds a number that a JDK before 19 misspells. */
  readonly oddNumber?: true;
  /** Of the wildcards; the service takes 10. */
  readonly complexity?: number;
}

export interface RuleSet {
  readonly rules: Record<string, string>;
  readonly event: string;
}

export interface RuleSetVerdict {
  /** Names of the rules that match, sorted. */
  readonly rules?: string[];
  readonly event?: 'invalid';
  readonly pattern?: 'invalid';
  readonly patternError?: string;
  readonly disagree?: true;
  readonly oddNumber?: true;
}

export class Oracle {
  public static start(): Oracle {
    build();
    const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
    const classPath = [join(HOME, 'target/classes'), join(JARS, '*')].join(delimiter);
    return new Oracle(
      spawn(java, ['-XX:+UseSerialGC', '-Xss4m', '-cp', classPath, 'Verdicts'], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
  }

  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly jvm: ChildProcess) {
    this.reader = createInterface({ input: jvm.stdout!, crlfDelay: Infinity });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  public async verdicts(pairs: readonly Pair[]): Promise<Verdict[]> {
    return this.ask(pairs) as Promise<Verdict[]>;
  }

  public async ruleSets(sets: readonly RuleSet[]): Promise<RuleSetVerdict[]> {
    return this.ask(sets) as Promise<RuleSetVerdict[]>;
  }

  public stop(): void {
    this.jvm.stdin!.end();
    this.reader.close();
  }

  /** One after the other: the answers carry no names. */
  private async ask(requests: readonly object[]): Promise<unknown[]> {
    const turn = this.last.then(async () => this.exchange(requests));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async exchange(requests: readonly object[]): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (let start = 0; start < requests.length; start += BATCH) {
      const batch = requests.slice(start, start + BATCH);
      this.jvm.stdin!.write(batch.map((request) => `${JSON.stringify(request)}\n`).join(''));
      for (let i = 0; i < batch.length; i++) {
        const { value, done } = await this.lines.next();
        if (done) throw new Error('The JVM of event-ruler ended.');
        answers.push(JSON.parse(value));
      }
    }
    return answers;
  }
}

function build(): void {
  if (existsSync(JARS) && existsSync(CLASS) && statSync(CLASS).mtimeMs >= statSync(SOURCE).mtimeMs) return;
  const goals = ['-q', '-B', 'compile', 'dependency:copy-dependencies'];
  try {
    execFileSync('mvn', ['-o', ...goals], { cwd: HOME, stdio: 'pipe' });
  } catch {
    execFileSync('mvn', goals, { cwd: HOME, stdio: 'inherit' });
  }
}
