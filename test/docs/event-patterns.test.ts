import { readFileSync } from 'fs';
import { join } from 'path';
import * as pattern from '../../src/pattern';

const ROOT = join(__dirname, '../..');

/** Runs the first snippet of a page that asks patterns, and gives the values of its lines. */
function run(page: string): unknown[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const snippet = /```(?:js|ts nofixture)\nimport \{[^}]*\} from 'cdk-event-backbone\/pattern';\n([^]*?)```/.exec(
    text,
  )![1];
  const lines = snippet.replace(/^(?=(?:bigOrders|rules|overlaps)\b)/gm, 'results[results.length] = ');
  const names = Object.keys(pattern);
  return new Function(...names, `const results = []; ${lines}; return results;`)(
    ...names.map((name) => pattern[name as keyof typeof pattern]),
  ) as unknown[];
}

test.each(['README.md', 'docs/event-patterns.md'])('the answers in %s are right', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const [matches, explanation, ...others] = run(page);
  expect(text).toContain(`; // ${matches}`);
  const lines = String(explanation).split('\n');
  expect(text).toContain(lines.map((line) => `// ${line}`).join('\n'));
  if (page === 'README.md') return;
  expect(others).toEqual([['Big'], { answer: 'yes', event: { source: 'order.service' }, onlyWithLists: false }]);
  expect(text).toContain("// ['Big']");
  expect(text).toContain("// { answer: 'yes', event: { source: 'order.service' }, onlyWithLists: false }");
});
