import { App } from 'aws-cdk-lib';
import * as recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import { everyConstruct } from './every-construct';

const OURS = /^AWS::(Events|Logs|CloudWatch)::|^AWS::IAM::(Role|ManagedPolicy)$|^AWS::SQS::/;

function templates(context: Record<string, unknown>): Record<string, object> {
  const { app } = everyConstruct({ context });
  // Findings of CloudFormation Validate, where aws-cdk-lib has it, are errors under the recommended flags.
  const assembly = app.synth();
  return Object.fromEntries(
    assembly.stacksRecursively.map(({ stackName, template }) => [stackName, resourcesOf(template)]),
  );
}

function resourcesOf(template: { Resources: Record<string, { Type: string; Properties?: object }> }): object {
  return Object.fromEntries(
    Object.entries(template.Resources)
      // What the CDK's target writes into the policy of the user's queue is not ours.
      .filter(([id, { Type }]) => OURS.test(Type) && !id.startsWith('Orders'))
      .map(([id, { Type, Properties }]) => [id, { Type, Properties: withoutReferences(Properties ?? {}) }]),
  );
}

/** How a stack gets a value of another stack is the CDK's matter, and newer versions have a flag for it. */
function withoutReferences(properties: object): object {
  const isReference = (value: unknown) => /^Fn::(ImportValue|GetStackOutput)$/.test(Object.keys(Object(value)).join());
  return JSON.parse(JSON.stringify(properties), (_, value) => (isReference(value) ? 'of another stack' : value));
}

/** aws-cdk-lib writes this into the templates of new apps whatever the library does. */
const QUIET = { 'aws:cdk:disable-version-reporting': true };

test('what we create is the same with all recommended feature flags and with none', () => {
  const flags: Record<string, unknown> = { ...recommended };
  delete flags.default;
  expect(Object.keys(flags).length).toBeGreaterThan(50);
  expect(templates({ ...QUIET, ...flags })).toEqual(templates(QUIET));
});

test('two syntheses are byte-identical', () => {
  const synthesize = () =>
    everyConstruct({})
      .app.synth()
      .stacksRecursively.map(({ template }) => JSON.stringify(template));
  expect(synthesize()).toEqual(synthesize());
});

test('an app without any construct of ours differs, so the comparison compares something', () => {
  expect(templates(QUIET)).not.toEqual({});
  expect(new App().synth().stacksRecursively).toEqual([]);
});
