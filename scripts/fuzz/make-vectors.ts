/**
 * Writes the vectors that the tests of the pattern engine read: cases with a name and random ones, labelled by
 * event-ruler. The same on every run; where event-ruler contradicts itself nothing is taken.
 *
 *   npx tsx scripts/fuzz/make-vectors.ts
 */
import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { eventByAlternatives } from './alternatives';
import { fieldsOf } from './conjunctions';
import { parse } from './json';
import { familyOf, hasOddEscape } from './known-families';
import { makePair } from './pairs';
import { operatorOf } from './patterns';
import { QUIRKS } from './quirks';
import { Oracle, type Verdict } from '../ruler/oracle';

const OUT = join(__dirname, '../../test/pattern/vectors');
const SEED = 20261;
const BATCH = 2000;
/** Of each operator with each verdict. */
const OF_EACH = 36;
const INVALID_PATTERNS = 260;
const INVALID_EVENTS = 220;
const PATTERNS = 400;
/** Characters of pattern and event together. */
const LONGEST = 330;

interface Vector {
  readonly id: string;
  readonly pattern: string;
  readonly event: string;
  readonly expect: 'match' | 'nomatch' | 'invalid-pattern' | 'invalid-event';
}

function expectation({ pattern, event }: Verdict): Vector['expect'] {
  return pattern === 'invalid' ? 'invalid-pattern' : event === 'invalid' ? 'invalid-event' : event!;
}

function clear(pattern: string, event: string, verdict: Verdict): boolean {
  if (verdict.disagree || verdict.oddNumber || (verdict.complexity ?? 0) > 10) return false;
  if (hasOddEscape(pattern) || hasOddEscape(event)) return false;
  const json = verdict.pattern === 'valid' ? parse(pattern) : undefined;
  return json === undefined || familyOf([json]) === undefined;
}

/** Numbers that a JDK before 19 may misspell, so that the vectors do not hang on the JDK. */
function hasLongNumber(text: string): boolean {
  return (text.match(/\d+(\.\d+)?([eE][+-]?\d+)?/g) ?? []).some((number) => {
    const size = Math.abs(Number(number));
    return number.replace(/[eE].*|\./g, '').length > 15 || size > 1e20 || (size !== 0 && size < 1e-300);
  });
}

async function main(): Promise<void> {
  const oracle = Oracle.start();
  const vectors: Vector[] = [];
  // Those of the named cases come first, random ones fill up.
  const patterns = new Map<string, boolean>();

  const named = QUIRKS.flatMap(({ name, pattern, events }) => events.map((event) => ({ name, pattern, event })));
  const ofNamed = await oracle.verdicts(named);
  const numbers = new Map<string, number>();
  const seen = new Set<string>();
  named.forEach(({ name, pattern, event }, i) => {
    const key = `${pattern}\n${event}`;
    if (seen.has(key)) return;
    seen.add(key);
    numbers.set(name, (numbers.get(name) ?? 0) + 1);
    if (!clear(pattern, event, ofNamed[i])) return;
    vectors.push({ id: `${name}, ${numbers.get(name)}`, pattern, event, expect: expectation(ofNamed[i]) });
    if (pattern.length < 200) patterns.set(pattern, ofNamed[i].pattern === 'valid');
  });
  const ofQuirks = vectors.length;

  const counts = new Map<string, number>();
  const take = (key: string, most: number): boolean => {
    const count = counts.get(key) ?? 0;
    if (count >= most) return false;
    counts.set(key, count + 1);
    return true;
  };
  for (let start = 0; start < 40 * BATCH; start += BATCH) {
    const pairs = Array.from({ length: BATCH }, (_, i) => makePair(SEED, start + i));
    const verdicts = await oracle.verdicts(pairs);
    for (const [i, { pattern, event }] of pairs.entries()) {
      const expect = expectation(verdicts[i]);
      if (pattern.length + event.length > LONGEST || hasLongNumber(pattern) || hasLongNumber(event)) continue;
      if (seen.has(`${pattern}\n${event}`) || !clear(pattern, event, verdicts[i])) continue;
      const wanted =
        expect === 'invalid-pattern'
          ? take(expect, INVALID_PATTERNS)
          : expect === 'invalid-event'
            ? take(expect, INVALID_EVENTS)
            : kindsOf(pattern).some((kind) => take(`${kind} ${expect}`, OF_EACH));
      if (!wanted || !(await isLogical(oracle, pattern, event, expect))) continue;
      seen.add(`${pattern}\n${event}`);
      vectors.push({ id: `random ${start + i}`, pattern, event, expect });
      if (pattern.length < 200) patterns.set(pattern, expect !== 'invalid-pattern');
    }
  }
  oracle.stop();

  mkdirSync(OUT, { recursive: true });
  write('pairs.jsonl', vectors);
  write('patterns.jsonl', evenly(patterns));
  const tally = vectors.reduce<Record<string, number>>(
    (sums, { expect }) => ({ ...sums, [expect]: (sums[expect] ?? 0) + 1 }),
    {},
  );
  console.log(`${vectors.length} pairs, ${ofQuirks} of them with names: ${JSON.stringify(tally)}`);
}

/** Not one of the rare verdicts that are wrong outside of the known families. */
async function isLogical(oracle: Oracle, pattern: string, event: string, expect: Vector['expect']): Promise<boolean> {
  if (expect.startsWith('invalid')) return true;
  const logical = await eventByAlternatives(oracle, parse(pattern)!, event);
  return logical === undefined || logical === expect;
}

function kindsOf(pattern: string): string[] {
  const kinds = fieldsOf(parse(pattern)!).flatMap(({ list }) => list.map(operatorOf));
  return pattern.includes('$or') ? ['$or', ...kinds] : kinds;
}

/** As many valid as invalid ones. */
function evenly(patterns: Map<string, boolean>): object[] {
  const all = [...patterns].map(([pattern, valid]) => ({ pattern, valid }));
  return [true, false].flatMap((valid) => all.filter((one) => one.valid === valid).slice(0, PATTERNS / 2));
}

function write(name: string, lines: readonly object[]): void {
  writeFileSync(join(OUT, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
