import { readFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import { assemblyRules, type Finding } from './assembly-rules';
import { readAssembly, type SynthesizedStack } from './cloud-assembly';
import { BackboneError, shown } from '../internal/errors';

/**
 * Properties of `BackboneChecks`.
 */
export interface BackboneChecksProps {
  /**
   * Checks to leave out, by name, such as `RulesOverQuota` where the quota was raised.
   *
   * @default - all checks run
   */
  readonly except?: string[];
}

const VERSION: string = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')).version;

/**
 * Looks over a whole app for what deploys and then silently does nothing, whichever constructs made it: rules on the
 * default bus, second hops, targets without a dead-letter queue, policies over their quota.
 *
 * A finding fails the synthesis: by an error, or by the exit code and a report where the CDK does it so. In other languages
 * than those of Node.js that takes `aws-cdk-lib` 2.262.
 *
 * @example
 *
 * Validations.of(app).addPlugins(new BackboneChecks());
 */
export class BackboneChecks implements IPolicyValidationPlugin {
  /**
   * The name under which findings are reported.
   */
  public readonly name = 'cdk-event-backbone';

  /**
   * The version of this library.
   */
  public readonly version?: string = VERSION;

  /**
   * The names of all checks.
   */
  public readonly ruleIds?: string[] = Object.keys(assemblyRules);

  private readonly except: string[];

  constructor(props: BackboneChecksProps = {}) {
    this.except = props.except ?? [];
    const names = Object.keys(assemblyRules);
    const unknown = this.except.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new BackboneError(
        'CheckUnknown',
        `except: ${shown(unknown)} is not a check: there are ${names.join(', ')}`,
      );
    }
  }

  /**
   * Called by the CDK when the templates are written.
   *
   * @param context where the templates are
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const wanted = new Set(context.templatePaths.map((path) => basename(path)));
    const directories = [...new Set(context.templatePaths.map((path) => dirname(path)))];
    const stacks = directories
      .flatMap((directory) => readAssembly(directory))
      .filter(({ templateFile }) => wanted.has(basename(templateFile)))
      .flatMap(withNested);
    const violations = Object.entries(assemblyRules)
      .filter(([name]) => !this.except.includes(name))
      .flatMap(([name, rule]) => rule(stacks).map((finding) => violation(name, finding)));
    if (violations.length > 0 && !('appConstruct' in context)) failOldSynthesis(violations);
    return { success: violations.length === 0, violations };
  }
}

function withNested(stack: SynthesizedStack): SynthesizedStack[] {
  return [stack, ...Object.values(stack.nested ?? {}).flatMap(withNested)];
}

/** Before 2.258 of the CDK its CLI, which newer versions leave the verdict to, does not find their report. */
function failOldSynthesis(violations: PolicyViolation[]): void {
  if (process.env.CDK_CLI_VERSION === undefined) return;
  for (const { ruleName, description, fix, violatingResources } of violations) {
    const [{ templatePath, resourceLogicalId }] = violatingResources;
    process.stderr.write(`${templatePath} ${resourceLogicalId}: ${description}: ${fix} (${ruleName})\n`);
  }
  process.exitCode = 1;
}

function violation(ruleName: string, { stack, logicalId, message, fix }: Finding): PolicyViolation {
  return {
    ruleName,
    description: message,
    fix,
    severity: 'error',
    violatingResources: [
      {
        resourceLogicalId: logicalId,
        templatePath: stack.templateFile,
        locations: [`/Resources/${logicalId}`],
      },
    ],
  };
}
