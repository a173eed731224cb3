/** Says how many bytes the rules in a file take when compiled and used. Arguments: engine, events, rules. */
import { readFileSync } from 'fs';
import { createRequire } from 'module';

const [, , engine, eventsFile, rulesFile] = process.argv;
const { compilePatterns } = createRequire(engine)(engine);
const events = readFileSync(eventsFile, 'utf8').trimEnd().split('\n');

function compileAndUse() {
  const rules = compilePatterns(JSON.parse(readFileSync(rulesFile, 'utf8')));
  for (const event of events) rules.matches(event);
  return rules;
}

function used(): number {
  for (let i = 0; i < 4; i++) globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

// Code, caches and buffers that are there once come first.
for (let i = 0; i < 3; i++) compileAndUse();
const before = used();
const kept = compileAndUse();
const bytes = used() - before;
kept.matches(events[0]);
process.stdout.write(`${bytes}\n`);
