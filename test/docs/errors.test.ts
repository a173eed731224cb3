import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { BackboneChecks } from '../../src';
import { ERROR_CODES } from '../../src/internal/errors';
import { WARNING_IDS } from '../../src/internal/warnings';

const ROOT = join(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
const [errors, warningsAndChecks] = page.split('\n## Warnings');
const [warnings, checks] = warningsAndChecks.split('\n## Checks');

/** What the first column of the tables names. */
const named = (section: string) =>
  section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...line.split('|')[1].matchAll(/`([^`]+)`/g)].map(([, name]) => name))
    .sort();

const filesBelow = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/node_modules|snapshot|\.d\.ts$|docs\/errors\.test/.test(file))
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8'))
    .join('\n');

const sources = filesBelow('src');
const tests = filesBelow('test');

test('the page lists every error code, and no other', () => {
  expect(named(errors)).toEqual([...ERROR_CODES].sort());
});

test('the page lists every warning, and no other', () => {
  expect(named(warnings)).toEqual(WARNING_IDS.map((id) => `cdk-event-backbone:${id}`).sort());
});

test('the page lists every check, and no other', () => {
  expect(named(checks)).toEqual([...new BackboneChecks().ruleIds!].sort());
});

test.each([...ERROR_CODES, ...WARNING_IDS])('%s is used, and tested', (name) => {
  // Once in the list, and at least once where it is raised; advice on patterns bears its own ids there.
  const uses = [name, name.replace(/^EventPattern\./, '')].map((id) => sources.split(`'${id}'`).length);
  expect(Math.max(...uses)).toBeGreaterThan(2);
  expect(tests).toContain(name);
});
