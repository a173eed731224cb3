/**
 * Has the templates of all examples judged by cfn-lint (from PyPI) and by cfn-guard's control catalogue. What they find and
 * nobody accepted is printed and fails; so does what was accepted and is found no more.
 */
import { execFileSync, spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { basename, join } from 'path';
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import { App } from 'aws-cdk-lib';
import { acceptancesOf, type Finding } from './judge/accept';
import { ACCEPTED } from './judge/accepted';
import { apps, WITHOUT_BUNDLING } from '../test/examples/apps';

const MAX_OUTPUT = 64 * 1024 * 1024;
const REQUIREMENTS = join(__dirname, 'judge/requirements.txt');

function synthesize(outdir: string): string[] {
  process.env.CDK_VALIDATION = 'false';
  return Object.entries(apps).flatMap(([name, define]) => {
    const app = new App({ outdir: join(outdir, name), context: WITHOUT_BUNDLING, analyticsReporting: false });
    define(app);
    return app.synth().stacksRecursively.map(({ templateFullPath }) => templateFullPath);
  });
}

const stackOf = (template: string) => basename(template).replace(/\.template\.json$/, '');

/** cfn-lint in a virtual environment, which is kept. */
function cfnLint(): string {
  const version = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(__dirname, '../node_modules/.cache', `cfn-lint-${version}`);
  const command = join(folder, 'bin/cfn-lint');
  if (existsSync(command)) return command;
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS];
    execFileSync(join(folder, 'bin/python'), pip, { stdio: 'inherit' });
  } catch (error) {
    // Half an installation would pass for a whole one.
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`cfn-lint cannot be installed, which takes Python 3.11 or later with venv: ${String(error)}`);
  }
  return command;
}

function lint(templates: string[]): Finding[] {
  const { stdout, stderr, status, error } = spawnSync(cfnLint(), ['--format', 'json', '--template', ...templates], {
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT,
  });
  // It answers in bits: errors, warnings, information. Anything else is no answer.
  if (error !== undefined || status === null || status > 14 || status % 2 === 1) {
    throw new Error(`cfn-lint ended with ${status}: ${stderr}${String(error ?? '')}`);
  }
  const findings = JSON.parse(stdout || '[]') as Array<{
    Rule: { Id: string };
    Message: string;
    Filename: string;
    Location: { Path?: Array<string | number> };
  }>;
  return findings.map(({ Rule, Message, Filename, Location }) => ({
    rule: Rule.Id,
    resource: `${stackOf(Filename)}/${Location.Path?.[1] ?? ''}`,
    message: Message,
  }));
}

function guard(templates: string[]): Finding[] {
  const validator = new CfnGuardValidator({ maxBuffer: MAX_OUTPUT });
  const { violations } = validator.validate({ templatePaths: templates } as Parameters<
    CfnGuardValidator['validate']
  >[0]);
  return violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ templatePath, resourceLogicalId }) => ({
      rule: ruleName,
      resource: `${stackOf(templatePath)}/${resourceLogicalId}`,
      message: description,
    })),
  );
}

function report(templates: string[], findings: Finding[]): number {
  const { open, unused } = acceptancesOf(findings, ACCEPTED);
  for (const { rule, resource, message } of open) process.stdout.write(`${rule} ${resource}: ${message}\n`);
  for (const { rule, resource = '' } of unused) {
    process.stdout.write(
      `${rule} ${resource} is accepted and found no more: remove it from scripts/judge/accepted.ts\n`,
    );
  }
  process.stdout.write(
    `${templates.length} templates, ${findings.length} findings, ${findings.length - open.length} of them accepted with a reason\n`,
  );
  return open.length + unused.length;
}

const outdir = mkdtempSync(join(tmpdir(), 'event-backbone-judge-'));
try {
  const templates = synthesize(outdir);
  process.exitCode = report(templates, [...lint(templates), ...guard(templates)]) === 0 ? 0 : 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
