/**
 * Compares the pattern engine with event-ruler, the library behind EventBridge, on random patterns and events that
 * nearly match. Says how the verdicts are spread, what was left out and why, and shrinks what differs.
 *
 *   npm run fuzz -- --pairs 200000 --seed 7 --rules --write differences.jsonl
 */
import { appendFileSync } from 'fs';
import { parseArgs } from 'util';
import { eventByAlternatives } from './fuzz/alternatives';
import { conjunctionsOf, fieldsOf } from './fuzz/conjunctions';
import { Obj, parse } from './fuzz/json';
import { familyOf, hasOddEscape } from './fuzz/known-families';
import { checkComplexity, checkLimits, MAX_COMPLEXITY } from './fuzz/limits';
import { ask } from './fuzz/ours';
import { type FuzzPair, makePair } from './fuzz/pairs';
import { operatorOf } from './fuzz/patterns';
import { compareRuleSets } from './fuzz/rule-sets';
import { type Case, shrink } from './fuzz/shrink';
import { Tally } from './fuzz/tally';
import { Oracle, type Verdict } from './ruler/oracle';

const BATCH = 2000;
const SHRUNK_AT_MOST = 30;

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '200000' },
    seed: { type: 'string', default: String(Date.now() % 100000) },
    rules: { type: 'boolean', default: false },
    write: { type: 'string' },
  },
});

interface Difference extends FuzzPair {
  readonly ours: string;
  readonly theirs: string;
}

function theirs({ pattern, event }: Verdict): string {
  return pattern === 'invalid' ? 'invalid-pattern' : event === 'invalid' ? 'invalid-event' : event!;
}

/** Why the pair is not compared. */
function leftOut(pair: FuzzPair, verdict: Verdict): string | undefined {
  if (verdict.oddNumber) return 'number that this JDK misspells';
  if (hasOddEscape(pair.pattern) || hasOddEscape(pair.event)) return 'escape that only Jackson reads';
  if ((verdict.complexity ?? 0) > MAX_COMPLEXITY) return 'wildcards too complex for the service';
  const pattern = verdict.pattern === 'valid' ? parse(pair.pattern) : undefined;
  const family = pattern instanceof Obj ? familyOf([pattern]) : undefined;
  return family ?? (verdict.disagree ? UNDECIDED : undefined);
}

/**
 * event-ruler's newer search overlooks a leaf outside of an array where the same field has leaves inside, which takes
 * a key twice; there the older one, step by step, is right. Or two machines of the same pattern differ.
 */
const UNDECIDED = 'event-ruler undecided';

async function main(): Promise<void> {
  const seed = Number(options.seed);
  const pairs = Number(options.pairs);
  console.log(`seed ${seed}, ${pairs} pairs`);
  const oracle = Oracle.start();
  const tally = new Tally();
  const differences: Difference[] = [];
  // The JVM works on the next batch while this process tries the engine.
  const prepare = (start: number) => {
    const batch = Array.from({ length: Math.min(BATCH, pairs - start) }, (_, i) => makePair(seed, start + i));
    return { batch, asked: oracle.verdicts(batch) };
  };
  let next = prepare(0);
  for (let start = 0; start < pairs; start += BATCH) {
    const { batch, asked } = next;
    const verdicts = await asked;
    if (start + BATCH < pairs) next = prepare(start + BATCH);
    for (const [i, pair] of batch.entries()) {
      const verdict = verdicts[i];
      count(tally, pair, verdict);
      const reason = leftOut(pair, verdict);
      const answer = ask(pair.pattern, pair.event);
      const asStepwise = reason === UNDECIDED && answer.verdict === verdict.stepwise;
      if (reason) tally.add('left out', asStepwise ? 'the newer search of event-ruler differs' : reason);
      if (reason === 'wildcards too complex for the service') {
        if (!hasBranches(pair.pattern) && answer.code !== 'WildcardTooComplex') {
          differences.push({ ...pair, ours: answer.verdict, theirs: `complexity ${verdict.complexity}` });
        }
      } else if (!reason && answer.verdict !== theirs(verdict)) {
        differences.push({ ...pair, ours: answer.verdict, theirs: theirs(verdict) });
      }
    }
  }
  tally.print();
  const failures = [
    await report(oracle, differences),
    checkLimits(),
    await checkComplexity(oracle, seed, Math.ceil(pairs / 50)),
    options.rules && (await compareRuleSets(oracle, seed, Math.ceil(pairs / 50))),
  ];
  oracle.stop();
  process.exitCode = failures.some(Boolean) ? 1 : 0;
}

/** Where branches repeat a wildcard, event-ruler counts it each time. A key may stand twice, with an `$or` in the first. */
function hasBranches(text: string): boolean {
  const pattern = parse(text);
  return pattern instanceof Obj && conjunctionsOf(pattern, 200).length > 1;
}

function count(tally: Tally, pair: FuzzPair, verdict: Verdict): void {
  const kind = theirs(verdict);
  tally.add('verdicts', kind);
  const pattern = verdict.pattern === 'valid' ? parse(pair.pattern) : undefined;
  if (!pattern) return;
  if (pair.pattern.includes('$or')) tally.add('operators', '$or', kind);
  for (const { list } of fieldsOf(pattern)) {
    for (const matcher of list) tally.add('operators', operatorOf(matcher), kind);
  }
}

async function report(oracle: Oracle, differences: readonly Difference[]): Promise<boolean> {
  const real: Difference[] = [];
  let contradictions = 0;
  for (const difference of differences) {
    const pattern = parse(difference.pattern);
    const logical =
      pattern && /match$/.test(difference.theirs) && (await eventByAlternatives(oracle, pattern, difference.event));
    if (logical === difference.ours) {
      contradictions++;
      if (contradictions <= 10) {
        console.log(`event-ruler contradicts itself: ${difference.pattern} ${difference.event}`);
      }
    } else {
      real.push(difference);
    }
  }
  if (contradictions) console.log(`${contradictions} times event-ruler contradicts itself outside the known families`);
  console.log(`${real.length} differences`);
  const seen = new Set<string>();
  for (const difference of real.slice(0, SHRUNK_AT_MOST)) {
    const small = await shrink(difference, async (cases) => stillDiffers(oracle, difference, cases));
    const line = JSON.stringify({ ...small, ours: difference.ours, theirs: difference.theirs });
    if (seen.has(line)) continue;
    seen.add(line);
    console.log(
      `\n  pattern ${small.pattern}\n  event   ${small.event}\n  ours    ${difference.ours}\n  theirs  ${difference.theirs}`,
    );
    if (options.write) appendFileSync(options.write, `${line}\n`);
  }
  return real.length > 0;
}

/** The same two answers, and nothing that would be left out. */
async function stillDiffers(oracle: Oracle, wanted: Difference, cases: Case[]): Promise<boolean[]> {
  const ours = cases.map(({ pattern, event }) => ask(pattern, event).verdict === wanted.ours);
  const asked = cases.filter((_, i) => ours[i]);
  const verdicts = await oracle.verdicts(asked.map(({ pattern, event }) => ({ pattern, event })));
  let at = 0;
  return cases.map((one, i) => {
    if (!ours[i]) return false;
    const verdict = verdicts[at++];
    const complexity = (verdict.complexity ?? 0) > MAX_COMPLEXITY;
    if (wanted.theirs.startsWith('complexity')) return complexity && !hasBranches(one.pattern);
    return theirs(verdict) === wanted.theirs && !leftOut(one, verdict);
  });
}

main().catch((error) => {
  console.error(error);
  process.exit(2);
});
