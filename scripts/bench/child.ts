/**
 * What tools/event-ruler/.../Bench.java is for event-ruler, in plain Node.js for the engine whose module is the first
 * argument; see there.
 */
import { createHash } from 'crypto';
import { readFileSync } from 'fs';
import { createRequire } from 'module';
import { createInterface } from 'readline';

interface Rules {
  matches(event: string): string[];
}

const [, , engine, eventsFile] = process.argv;
const { compilePatterns } = createRequire(engine)(engine) as { compilePatterns(rules: object): Rules };
const events = readEvents(eventsFile);
let rules: Rules;

createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, operand] = line.split(/ (.*)/s);
  process.stdout.write(`${command === 'load' ? load(operand) : run(Number(operand))}\n`);
});

function load(file: string): string {
  rules = compilePatterns(JSON.parse(readFileSync(file, 'utf8')));
  const digest = createHash('sha1');
  let matches = 0;
  for (const event of events) {
    const names = [...rules.matches(event)].sort();
    matches += names.length;
    digest.update(`${names.join(',')}\n`);
  }
  return `${matches} ${digest.digest('hex')}`;
}

function run(passes: number): string {
  const start = process.cpuUsage();
  const matches = count(passes);
  const { user, system } = process.cpuUsage(start);
  return `${(user + system) * 1000} ${matches}`;
}

function count(passes: number): number {
  let matches = 0;
  for (let pass = 0; pass < passes; pass++) {
    for (const event of events) matches += rules.matches(event).length;
  }
  return matches;
}

/** One text for each event, as it would arrive: not slices of the whole file, which would all have wide characters. */
function readEvents(file: string): string[] {
  const bytes = readFileSync(file);
  const texts: string[] = [];
  for (let start = 0, end; (end = bytes.indexOf(10, start)) >= 0; start = end + 1) {
    texts.push(bytes.toString('utf8', start, end));
  }
  return texts;
}
