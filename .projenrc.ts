import { awscdk, javascript, JsonFile, ReleasableCommits } from 'projen';

/**
 * The oldest aws-cdk-lib that users may bring. 2.257.0 has what the constructs need (Validations, IEventBusRef,
 * per-group log policies), and is the newest whose cloud assemblies (schema 53) integ-runner 2.197 can read.
 */
const CDK_FLOOR = '2.257.0';

const REPOSITORY = 'https://github.com/cdk-event-backbone/cdk-event-backbone';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-event-backbone',
  description:
    'A multi-account event backbone on Amazon EventBridge: one global bus, a local bus in every member account, and every rule, policy and queue between them.',
  keywords: ['aws', 'cdk', 'eventbridge', 'event-bus', 'event-driven', 'multi-account', 'cross-account', 'serverless'],
  author: 'cdk-event-backbone contributors',
  authorOrganization: true,
  authorAddress: 'https://github.com/cdk-event-backbone',
  repositoryUrl: `${REPOSITORY}.git`,
  homepage: REPOSITORY,
  license: 'Apache-2.0',
  copyrightOwner: 'cdk-event-backbone contributors',
  copyrightPeriod: '2026',
  stability: 'experimental',
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.16.0',
  workflowNodeVersion: '22.x',

  cdkVersion: CDK_FLOOR,
  constructsVersion: '10.5.1',
  // jsii, rosetta and TypeScript move together; TypeScript 7 exists and jsii does not support it.
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  projenVersion: '0.103.25',
  jestOptions: {
    jestVersion: '^30',
    // A snapshot that heals itself proves nothing; `npx projen test:update` rewrites them on purpose.
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    jestConfig: {
      // A machine with two cores would have one worker.
      maxWorkers: '100%',
      testPathIgnorePatterns: ['/node_modules/', '\\.snapshot/', '/test/.newest/node_modules/'],
      moduleNameMapper: { '^cdk-event-backbone(/pattern)?$': '<rootDir>/src$1' },
      // Examples leave cloud assemblies with copies of package files behind.
      modulePathIgnorePatterns: ['cdk\\.out', '<rootDir>/dist'],
    },
  },
  // Tests are type-checked by `typecheck`; ts-jest only transpiles.
  tsJestOptions: { transformOptions: { isolatedModules: true } },
  // Maps inside of the code would be two thirds of what users install and Node reads.
  tsconfig: { compilerOptions: { inlineSourceMap: false, inlineSources: false } },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'examples', 'functions', 'scripts', 'e2e', 'live-check'],
    prettier: true,
  },
  prettier: true,
  prettierOptions: { settings: { singleQuote: true, printWidth: 120, trailingComma: javascript.TrailingComma.ALL } },

  integrationTestAutoDiscover: false,
  lambdaOptions: { runtime: awscdk.LambdaRuntime.NODEJS_24_X },
  devDeps: [
    // `latest` of the CDK CLI on npm is a wrong old build (3.0.0): never without a range.
    'aws-cdk@^2.1148.1',
    '@aws-cdk/integ-runner@2.197.10',
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0',
    '@aws-lambda-powertools/logger@^2',
    '@aws-lambda-powertools/metrics@^2',
    '@aws-lambda-powertools/tracer@^2',
    '@aws-sdk/client-cloudformation@^3',
    '@aws-sdk/client-cloudwatch-logs@^3',
    '@aws-sdk/client-dynamodb@^3',
    '@aws-sdk/client-eventbridge@^3',
    '@aws-sdk/client-s3@^3',
    '@aws-sdk/client-sqs@^3',
    '@aws-sdk/client-sts@^3',
    '@cdklabs/cdk-validator-cfnguard@^0.0.62',
    '@types/aws-lambda',
    'ajv@^8',
    'ajv-draft-04@^1',
    'ajv-formats@^3',
    'aws-sdk-client-mock@^4',
    'cdk-nag@^3',
    'esbuild@~0.28.0',
    'tsx@^4',
    'ts-node',
  ],
  allowScripts: ['esbuild'],

  publishToPypi: { distName: 'cdk-event-backbone', module: 'cdk_event_backbone', trustedPublishing: true },
  publishToMaven: {
    javaPackage: 'io.github.cdkeventbackbone',
    mavenGroupId: 'io.github.cdk-event-backbone',
    mavenArtifactId: 'cdk-event-backbone',
  },
  publishToGo: { moduleName: 'github.com/cdk-event-backbone/cdk-event-backbone-go' },
  publishToNuget: { dotNetNamespace: 'CdkEventBackbone', packageId: 'CdkEventBackbone', trustedPublishing: true },
  npmTrustedPublishing: true,
  releasableCommits: ReleasableCommits.featuresAndFixes(),
  depsUpgradeOptions: { cooldown: 5 },

  gitignore: ['/assets/', 'cdk.out/', 'dist-code/', '.jsii.tabl.json', 'cdk-integ.out.*'],
});

// Made by the build, and in the package.
project.npmignore?.include('/assets/');

// What users install is lib, assets, API.md, README and the topology's schema.
for (const entry of [
  '/examples',
  '/functions',
  '/docs',
  '/scripts',
  '/tools',
  '/e2e',
  '/live-check',
  '/rosetta',
  '/dist-code',
  '/.ci',
  '/CONTRIBUTING.md',
]) {
  project.addPackageIgnore(entry);
}

// npm 11 refuses a lock without the platform bindings of 1.13.0 (comes with eslint-import-resolver-typescript).
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });

// Before the first compilation the package cannot be found by its own name; the type check knows better.
project.eslint?.addRules({
  'import/no-unresolved': ['error', { ignore: ['^cdk-event-backbone(/pattern)?$'] }],
  'import/order': [
    'warn',
    {
      groups: ['builtin', 'external'],
      alphabetize: { order: 'asc', caseInsensitive: true },
      // Its place must not depend on whether it was compiled.
      pathGroups: [{ pattern: 'cdk-event-backbone{,/**}', group: 'external' }],
      pathGroupsExcludedImportTypes: [],
    },
  ],
});

// It reads code units and hashes them.
project.eslint?.addOverride({ files: ['src/pattern/**'], rules: { 'no-bitwise': 'off' } });
// It loads parts of itself when they are asked for.
project.eslint?.addOverride({
  files: [
    'src/pattern/{compile,parse-pattern,rule-set}.ts',
    'src/contract/compile-schema.ts',
    'src/validation/handler/*.ts',
  ],
  rules: { '@typescript-eslint/no-require-imports': 'off' },
});

// Examples import the package by its name, as users do; types come from the sources.
project.tryFindObjectFile('test/tsconfig.json')?.addOverride('compilerOptions.paths', {
  'cdk-event-backbone': ['../src'],
  'cdk-event-backbone/pattern': ['../src/pattern'],
});
for (const dir of ['examples', 'functions', 'scripts', 'e2e', 'live-check']) {
  new JsonFile(project, `${dir}/tsconfig.json`, {
    obj: { extends: '../test/tsconfig.json', include: ['**/*.ts'], exclude: ['**/node_modules', '**/cdk.out'] },
  });
}

project.addBins({ 'event-backbone': 'bin/event-backbone' });

// Paths that users may import; everything else in the package is closed.
project.package.addField('exports', {
  '.': './lib/index.js',
  './pattern': './lib/pattern/index.js',
  './package.json': './package.json',
  './.jsii': './.jsii',
  './topology.schema.json': './topology.schema.json',
});

// The same for compilers that do not know the map yet.
project.package.addField('typesVersions', { '*': { pattern: ['./lib/pattern/index.d.ts'] } });

// Made once, so that no user's synthesis needs a bundler.
const bundle = project.addTask('bundle', {
  description: 'Makes assets: what compiles schemas, what runs in functions',
  exec: 'tsx scripts/bundle.ts',
});
// With the code, so that no package is made without.
project.compileTask.prependSpawn(bundle);

project.compileTask.exec('tsx scripts/lazy-barrels.ts');

// README, docs and every @example compile strictly, against rosetta/default.ts-fixture.
const rosetta = project.addTask('rosetta', {
  description: 'Compiles the snippets of README and @example, strictly',
  exec: 'jsii-rosetta extract --compile --strict --cache-to .jsii.tabl.json',
});
project.postCompileTask.spawn(rosetta);

const typecheck = project.addTask('typecheck', {
  description: 'Type-checks what runs untyped: tests, examples, scripts',
  steps: ['test', 'examples', 'functions', 'scripts', 'e2e', 'live-check'].map((dir) => ({
    exec: `tsc -p ${dir}/tsconfig.json`,
  })),
});
project.testTask.prependSpawn(typecheck);
project.testTask.prependSpawn(bundle);

project.addTask('demo', {
  description: 'Synthesizes the e-commerce example, one process for each account, and says what was made',
  steps: [{ spawn: 'compile' }, { exec: 'ts-node -T scripts/demo.ts' }],
});

project.addTask('fuzz', {
  description:
    'Compares the pattern engine with AWS event-ruler on generated patterns and events (needs Java and Maven)',
  exec: 'tsx scripts/fuzz.ts',
  receiveArgs: true,
});

project.addTask('bench', {
  description: 'Compares the speed of the pattern engine with AWS event-ruler (needs Java and Maven)',
  exec: 'tsx scripts/bench.ts',
  receiveArgs: true,
});

project.addTask('e2e', {
  description: 'Deploys the e-commerce example into an emulator of AWS, and watches events arrive (needs Python 3.13)',
  // One process: a signal to a wrapper would end the wrapper alone.
  exec: 'node --import tsx e2e/run.ts',
});

project.addTask('e2e:validator', {
  description:
    'Deploys the hub of the widgets into an emulator that runs functions, and follows events through it (needs Python 3.11)',
  exec: 'node --import tsx e2e/validator/run.ts',
});

project.addTask('fault-test', {
  description: 'Sends 100,000 events through the republisher to an endpoint that misbehaves, and accounts for each',
  exec: 'tsx scripts/fault-test.ts',
  receiveArgs: true,
});

project.addTask('mutants', {
  description: 'Undoes what keeps users from each known trap, on a copy, and shows that a test fails for it',
  exec: 'node --import tsx scripts/mutants.ts',
  receiveArgs: true,
});

project.addTask('judge', {
  description: 'Has the templates of all examples judged by cfn-lint (needs Python) and cfn-guard',
  // By its name the package is the sources, not what was compiled some time.
  exec: 'tsx --tsconfig scripts/tsconfig.json scripts/judge.ts',
});

project.addTask('test:newest', {
  description: 'All tests against the newest aws-cdk-lib, in an install of its own',
  steps: [
    { exec: 'npm ci --prefix test/.newest --prefer-offline' },
    // CloudFormation Validate takes seconds for each file: it judges the app with every construct, and the examples.
    { exec: 'jest --config test/.newest/jest.config.json --ci test/app test/examples' },
    {
      exec: 'jest --config test/.newest/jest.config.json --ci --testPathIgnorePatterns node_modules test/app test/examples test/pattern',
      env: { CDK_VALIDATION: 'false' },
    },
  ],
});

const integEnv = { TS_NODE_TRANSPILE_ONLY: '1' };
const integ = 'integ-runner --directory test --language typescript';
project.addTask('integ', {
  description: 'Compares the integration apps with their snapshots',
  env: integEnv,
  exec: integ,
});
project.addTask('integ:update', {
  description:
    'Deploys the integration apps that differ into the accounts of INTEG_HUB_ACCOUNT and INTEG_MEMBER_ACCOUNT',
  env: integEnv,
  steps: [{ exec: `${integ} --update-on-failed` }, { exec: 'ts-node -T scripts/strip-snapshots.ts' }],
  requiredEnv: ['INTEG_HUB_ACCOUNT', 'INTEG_MEMBER_ACCOUNT'],
});

project.addTask('package:code-only', {
  description: 'Generates the sources of every language, without compiling them, into dist-code',
  exec: 'jsii-pacmak -v --code-only --outdir dist-code',
});

project.synth();
