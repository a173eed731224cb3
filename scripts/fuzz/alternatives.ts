import { type Json, Obj, write } from './json';
import type { Oracle } from '../ruler/oracle';

const MANY = 200;

/**
 * Patterns that together mean the same: each takes one matcher out of every list and one branch of every $or. In a
 * machine that holds one of them, matchers cannot disturb each other. Undefined if they are too many.
 */
export function alternatives(pattern: Json): Json[] | undefined {
  if (!(pattern instanceof Obj)) return [pattern];
  let made: Array<Array<readonly [string, Json]>> = [[]];
  for (const [key, value] of pattern.entries) {
    const choices = choicesOf(key, value);
    if (!choices || made.length * choices.length > MANY) return undefined;
    made = made.flatMap((entries) => choices.map((choice) => [...entries, [key, choice] as const]));
  }
  return made.map((entries) => new Obj(entries));
}

function choicesOf(key: string, value: Json): Json[] | undefined {
  if (!Array.isArray(value)) return alternatives(value);
  if (key !== '$or') return value.map((matcher) => [matcher]);
  const branches = value.map(alternatives);
  // An $or wants two branches: the same one twice.
  return branches.some((branch) => !branch)
    ? undefined
    : branches.flatMap((branch) => branch!.map((one) => [one, one]));
}

/** Whether event-ruler's verdict is what its verdicts on the alternatives add up to; undefined if that cannot be said. */
export async function eventByAlternatives(
  oracle: Oracle,
  pattern: Json,
  event: string,
): Promise<'match' | 'nomatch' | undefined> {
  const each = alternatives(pattern)?.map((one) => ({ pattern: write(one), event }));
  if (!each) return undefined;
  const verdicts = await oracle.verdicts(each);
  if (verdicts.some((verdict) => verdict.disagree || verdict.pattern === 'invalid')) return undefined;
  if (verdicts.some((verdict) => verdict.event === 'match')) return 'match';
  return verdicts.every((verdict) => verdict.event === 'nomatch') ? 'nomatch' : undefined;
}
