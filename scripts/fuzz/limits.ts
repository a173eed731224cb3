import { ask } from './ours';
import { Random } from '../random';
import type { Oracle } from '../ruler/oracle';

/** What the service takes; event-ruler, which computes it, has no limit of its own. */
export const MAX_COMPLEXITY = 10;

/** The engine must refuse the wildcards that are too complex, and no others. */
export async function checkComplexity(oracle: Oracle, seed: number, patterns: number): Promise<boolean> {
  const made = Array.from({ length: patterns }, (_, i) => makeWildcards(new Random('complexity', seed, i)));
  const verdicts = await oracle.verdicts(made.map((pattern) => ({ pattern })));
  const wrong: string[] = [];
  let refused = 0;
  made.forEach((pattern, i) => {
    const complexity = verdicts[i].complexity ?? 0;
    const { code } = ask(pattern, '{}');
    if (complexity > MAX_COMPLEXITY) refused++;
    if (code !== (complexity > MAX_COMPLEXITY ? 'WildcardTooComplex' : undefined)) {
      wrong.push(`  complexity ${complexity}, ours ${code ?? 'accepted'}: ${pattern}`);
    }
  });
  console.log(`${patterns} lists of wildcards, ${refused} of them too complex: ${wrong.length} differences`);
  wrong
    .sort((a, b) => a.length - b.length)
    .slice(0, 10)
    .forEach((line) => console.log(line));
  return wrong.length > 0;
}

function makeWildcards(random: Random): string {
  const letters = random.pick(['ab', 'a', 'abc:/.', 'aé', ':/1', ':', '日本🐀😀']);
  const text = () => random.text(letters, 4);
  const made = random.many(1, 6, () =>
    random
      .many(2, random.pick([2, 3, 5, 9]), text)
      .join('*')
      .replace(/\*+/g, '*'),
  );
  // Each once: event-ruler counts equal ones again, the engine only warns of that.
  const left = [...new Set(made)];
  const list: unknown[] = [];
  for (let count = random.pick([1, 2, 5]); count > 0 && left.length > 0; count--) {
    const some = left.splice(0, random.chance(0.8) ? 1 : 1 + random.below(3));
    list.push(some.length === 1 && random.chance(0.8) ? { wildcard: some[0] } : { 'anything-but': { wildcard: some } });
  }
  const others = random.chance(0.2) ? [text(), { prefix: text() }] : [];
  if (random.chance(0.2)) return JSON.stringify({ a: list, b: [{ wildcard: random.pick(made) }] });
  return JSON.stringify({ a: [...list, ...others] });
}

/** Limits that only the service has: what event-ruler takes and the engine must refuse. */
export function checkLimits(): boolean {
  const pattern = (length: number) => {
    const text = '{"a":["x"]}';
    return text.replace('x', 'x'.repeat(length - text.length + 1));
  };
  const wildcards = (n: number) =>
    JSON.stringify({ a: Array.from({ length: n }, (_, i) => ({ wildcard: `*:stack/NAME${i}/*` })) });
  const or = (branches: number) =>
    JSON.stringify({ $or: Array.from({ length: branches }, (_, i) => ({ [`f${i}`]: ['x'] })) });
  const checks: Array<[name: string, pattern: string, code: string | undefined]> = [
    ['4,096 characters', pattern(4096), undefined],
    ['4,097 characters', pattern(4097), 'TooLong'],
    ['three wildcards of complexity 9', wildcards(3), undefined],
    ['four wildcards of complexity 12', wildcards(4), 'WildcardTooComplex'],
    ['7 stars, complexity 11', '{"a":[{"wildcard":"*:*:*:*:*:event-bus/*"}]}', 'WildcardTooComplex'],
    ['100 branches of $or', or(100), undefined],
    // 32 * 32 branches multiply.
    ['1,024 branches of $or', `{${[1, 2].map((i) => `"o${i}":${or(32)}`).join()}}`, 'TooManyBranches'],
  ];
  let failed = false;
  for (const [name, text, code] of checks) {
    const answer = ask(text, '{}');
    if (answer.code === code && (code !== undefined || answer.verdict === 'nomatch')) continue;
    failed = true;
    console.log(`limit: ${name}: ${answer.code ?? answer.verdict}, should be ${code ?? 'accepted'}`);
  }
  console.log(`limits of the service: ${checks.length} checks${failed ? ', some wrong' : ', all right'}`);
  return failed;
}
