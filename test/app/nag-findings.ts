import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

// cdk-nag reads deprecated properties of every L1.
process.env.JSII_DEPRECATED = 'quiet';

/** What cdk-nag finds below a construct and nobody accepted, as `<rule> <construct path>`. */
export function nagFindings(scope: IConstruct): string[] {
  return new AwsSolutionsChecks(scope)
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(
        ({ constructPath, resourceLogicalId }) => `${ruleName} ${constructPath ?? resourceLogicalId}`,
      ),
    );
}
