import { fieldsOf } from './conjunctions';
import { makeEvent } from './events';
import { type Obj, write } from './json';
import { familyOf } from './known-families';
import { ask, askRules } from './ours';
import { makePattern } from './patterns';
import { makeTheme } from './theme';
import { Random } from '../random';
import type { Oracle } from '../ruler/oracle';

interface RuleSetCase {
  readonly rules: Record<string, string>;
  readonly event: string;
}

/** Sets of rules on one event: the set must say what the rules say one by one, and what event-ruler says. */
export async function compareRuleSets(oracle: Oracle, seed: number, sets: number): Promise<boolean> {
  let compared = 0;
  let matches = 0;
  const leftOut = new Map<string, number>();
  const wrong: string[] = [];
  const leave = (reason: string) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  for (let start = 0; start < sets; start += 200) {
    const cases = Array.from({ length: Math.min(200, sets - start) }, (_, i) =>
      makeRuleSet(new Random('rules', seed, start + i)),
    );
    const verdicts = await oracle.ruleSets(cases);
    for (const [i, { rules, event }] of cases.entries()) {
      const together = askRules(rules, event);
      const alone = Object.keys(rules)
        .filter((name) => ask(rules[name], event).verdict === 'match')
        .sort();
      const invalid = Object.values(rules).some((rule) => ask(rule, event).verdict === 'invalid-event');
      const expected = JSON.stringify(invalid ? 'invalid-event' : alone);
      if (JSON.stringify(together) !== expected) {
        wrong.push(
          `the set says ${JSON.stringify(together)}, its rules ${expected}: ${JSON.stringify({ rules, event })}`,
        );
      }
      const verdict = verdicts[i];
      if (verdict.oddNumber) {
        leave('number that this JDK misspells');
      } else if (verdict.disagree) {
        leave('event-ruler undecided');
      } else if (verdict.pattern === 'invalid') {
        leave('a pattern that event-ruler refuses');
      } else {
        compared++;
        matches += alone.length;
        const theirs = JSON.stringify(verdict.event === 'invalid' ? 'invalid-event' : verdict.rules);
        if (JSON.stringify(together) !== theirs) {
          const lone = await oracle.verdicts(Object.values(rules).map((pattern) => ({ pattern, event })));
          const loneNames = Object.keys(rules)
            .filter((_, j) => lone[j].event === 'match')
            .sort();
          if (JSON.stringify(loneNames) === JSON.stringify(together)) {
            leave('event-ruler contradicts itself');
          } else {
            wrong.push(`ours ${JSON.stringify(together)}, event-ruler ${theirs}: ${JSON.stringify({ rules, event })}`);
          }
        }
      }
    }
  }
  console.log(`\n${sets} sets of rules: ${compared} compared with event-ruler, ${matches} rules matched`);
  for (const [reason, n] of leftOut) console.log(`  left out: ${reason} ${n}`);
  console.log(`${wrong.length} differences between sets of rules`);
  wrong.slice(0, 10).forEach((line) => console.log(`  ${line}`));
  return wrong.length > 0;
}

/** Patterns that neither alone nor together are of a family that event-ruler errs in. */
function makeRuleSet(random: Random): RuleSetCase {
  const theme = makeTheme(random);
  const patterns: Obj[] = [];
  const wanted = 2 + random.below(random.chance(0.7) ? 8 : 39);
  for (let i = 0; i < 3 * wanted && patterns.length < wanted; i++) {
    const pattern = makePattern(random, theme);
    if (hasOddKeys(pattern) || familyOf([...patterns, pattern])) continue;
    if (!ask(write(pattern), '{}').verdict.startsWith('invalid')) patterns.push(pattern);
  }
  const rules = Object.fromEntries(patterns.map((pattern, i) => [`rule-${i}`, write(pattern)]));
  const model = patterns.length ? random.pick(patterns) : makePattern(random, theme);
  return { rules, event: write(makeEvent(model, random, theme)) };
}

/** event-ruler enters an event's empty keys where any rule has such a key: there, rules do change each other. */
function hasOddKeys(pattern: Obj): boolean {
  return fieldsOf(pattern).some(({ keys }) => keys.join('.').split('.').includes(''));
}
