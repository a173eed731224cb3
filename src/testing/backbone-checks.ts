import { basename, dirname } from 'path';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import { assemblyRules, type Finding } from './assembly-rules';
import { readAssembly } from './cloud-assembly';
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

/**
 * Looks over a whole app for what deploys and then silently does nothing, whichever constructs made it: rules on the
 * default bus, second hops, targets without a dead-letter queue, policies over their quota.
 *
 * A finding ends the synthesis.
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
      .filter(({ templateFile }) => wanted.has(basename(templateFile)));
    const violations = Object.entries(assemblyRules)
      .filter(([name]) => !this.except.includes(name))
      .flatMap(([name, rule]) => rule(stacks).map((finding) => violation(name, finding)));
    return { success: violations.length === 0, violations };
  }
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
