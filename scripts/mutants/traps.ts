/**
 * Ways in which EventBridge, CloudFormation or the CDK fail without a word, each with the piece of code that keeps users
 * from it, how that is undone, and the tests that then must fail.
 */
export interface Trap {
  readonly trap: string;
  readonly file: string;
  /** Stands in the file once. */
  readonly text: string;
  readonly replacement: string;
  /** Files or folders of tests. */
  readonly tests: string[];
}

const ARNS = 'src/internal/arns.ts';
const BUS_TARGET = 'src/routing/bus-target.ts';
const BUS_RULE = 'src/internal/bus-rule.ts';
const DEAD_LETTERS = 'src/operations/dead-letter-queue.ts';
const EVENT_PATTERN = 'src/internal/event-pattern.ts';
const FAN_OUT = 'src/routing/fan-out-rule.ts';
const FORWARDING_ROLE = 'src/routing/forwarding-role.ts';
const GLOBAL_POLICY = 'src/bus/global-bus-policy.ts';
const KEY_POLICY = 'src/internal/key-policy.ts';
const LOCAL_BUS = 'src/bus/local-bus.ts';
const PUBLISH = 'src/bus/publish-grant.ts';
const REPUBLISHER = 'src/validation/validated-republisher.ts';
const REPUBLISHERS = 'src/bus/republishers.ts';
const SUBSCRIPTION = 'src/routing/subscription.ts';
const VALIDATED_PATTERN = 'src/routing/validated-pattern.ts';

export const TRAPS: Trap[] = [
  {
    trap: 'a rule for a bus of another account lands on a bus of that name here',
    file: BUS_RULE,
    text: 'const { account, region } = eventBus.env;\n  if (certainlyDiffer(',
    replacement: 'const { account, region } = eventBus.env;\n  if (false && certainlyDiffer(',
    tests: ['test/internal/bus-rule.test.ts', 'test/routing'],
  },
  {
    trap: 'a bus is named by name where it may be elsewhere',
    file: BUS_RULE,
    text: 'return here ? eventBus.eventBusRef.eventBusName : eventBus.eventBusRef.eventBusArn;',
    replacement: 'return eventBus.eventBusRef.eventBusName;',
    tests: ['test/internal/bus-rule.test.ts', 'test/routing'],
  },
  {
    trap: 'an undefined bus means the default bus',
    file: BUS_RULE,
    text: 'const { eventBus, description, mayBeDefault = false } = props;\n    requireEventBus(this, eventBus, mayBeDefault);',
    replacement:
      "const { description, mayBeDefault = false } = props;\n    const eventBus = props.eventBus ?? events.EventBus.fromEventBusName(this, 'Bus', 'default');\n    if (props.eventBus) requireEventBus(this, eventBus, mayBeDefault);",
    tests: ['test/internal/bus-rule.test.ts'],
  },
  {
    trap: 'a target in another account goes through default buses, by stacks that nobody wrote',
    file: SUBSCRIPTION,
    text: 'if (resource === undefined) return;',
    replacement: 'return;',
    tests: ['test/routing/subscription.test.ts'],
  },
  {
    trap: 'an imported role of another account takes a statement and drops it',
    file: PUBLISH,
    text: 'if (isForeignImport(principal)) return GrantSide.MISSING;',
    replacement: '',
    tests: ['test/bus/publish-grant.test.ts'],
  },
  {
    trap: 'a grant across accounts has one side only',
    file: PUBLISH,
    text: 'target.addToPolicy(`Publish-',
    replacement: 'void (`Publish-',
    tests: ['test/bus/publish-grant.test.ts'],
  },
  {
    trap: 'a rule is made before the bus that it delivers to admits it',
    file: BUS_TARGET,
    text: 'rule.node.addDependency(receiver);',
    replacement: '',
    tests: ['test/routing/fan-out-rule.test.ts'],
  },
  {
    trap: 'a rule is made before its role may act',
    file: BUS_TARGET,
    text: 'rule.node.addDependency(...(own._dependables ?? []));',
    replacement: '',
    tests: ['test/routing/fan-out-rule.test.ts'],
  },
  {
    trap: 'a dead-letter queue in another account takes nothing',
    file: DEAD_LETTERS,
    text: 'const stack = Stack.of(scope);\n  if (!certainlyDiffer(place.account',
    replacement: 'const stack = Stack.of(scope);\n  return;\n  if (!certainlyDiffer(place.account',
    tests: ['test/routing', 'test/operations'],
  },
  {
    trap: 'a dead-letter queue without a policy takes nothing',
    file: DEAD_LETTERS,
    text: 'if (!queue.addToResourcePolicy(sendStatement(queue.queueArn, account, all)).statementAdded) {',
    replacement: 'if (false) {',
    tests: ['test/routing', 'test/operations'],
  },
  {
    trap: 'the key of a dead-letter queue does not admit EventBridge',
    file: DEAD_LETTERS,
    text: "key === undefined || addToKeyPolicy(scope, key, queueKeyStatements(arns, account), 'its dead letters');",
    replacement: 'arns !== undefined;',
    tests: ['test/operations', 'test/routing'],
  },
  {
    trap: 'the key aws/sqs admits nobody',
    file: DEAD_LETTERS,
    text: 'if (queue.encryptionType === sqs.QueueEncryption.KMS_MANAGED) {',
    replacement: 'if (false) {',
    tests: ['test/operations', 'test/routing'],
  },
  {
    trap: 'the queue of an encrypted bus has no policy',
    file: 'src/bus/new-event-bus.ts',
    text: 'admitToDeadLetterQueue(scope, queue, eventBusArn);',
    replacement: '',
    tests: ['test/bus'],
  },
  {
    trap: 'the level of a bus log alone delivers nothing',
    file: 'src/internal/log-types.ts',
    text: "INFO: ['ERROR_LOGS', 'INFO_LOGS'],",
    replacement: "INFO: ['INFO_LOGS'],",
    tests: ['test/capture/event-bus-logs.test.ts'],
  },
  {
    trap: 'the key of an archive is dropped',
    file: 'src/capture/bus-archive.ts',
    text: 'kmsKeyIdentifier: kmsKey?.keyArn,',
    replacement: '',
    tests: ['test/capture/bus-archive.test.ts'],
  },
  {
    trap: 'a log group without a policy of its own takes nothing, or one of ten account policies',
    file: 'src/internal/log-group-policy.ts',
    text: 'own.resourcePolicyDocument = {',
    replacement: 'void {',
    tests: ['test/capture'],
  },
  {
    trap: 'long statement ids are cut, and collide',
    file: 'src/internal/event-bus-policy.ts',
    text: 'return `${clean.slice(0, limits.STATEMENT_ID_LENGTH - hash.length - 1)}-${hash}`',
    replacement: 'return `${clean.slice(0, limits.STATEMENT_ID_LENGTH)}`',
    tests: ['test/bus', 'test/internal'],
  },
  {
    trap: 'a bus as target takes no retry policy',
    file: BUS_TARGET,
    text: 'roleArn: role.roleArn,',
    replacement: 'roleArn: role.roleArn, retryPolicy: { maximumRetryAttempts: 3 },',
    tests: ['test/routing/fan-out-rule.test.ts'],
  },
  {
    trap: 'a hop without a role is refused since 2023',
    file: BUS_TARGET,
    text: 'roleArn: role.roleArn,',
    replacement: '',
    tests: ['test/routing/fan-out-rule.test.ts'],
  },
  {
    trap: "an archive of its own account holds none of the producers' events",
    file: 'src/capture/bus-archive.ts',
    text: 'this.warnAboutOwnAccount(pattern);',
    replacement: '',
    tests: ['test/capture/bus-archive.test.ts'],
  },
  {
    trap: 'policies of a bus in the deprecated form',
    file: 'src/internal/event-bus-policy.ts',
    text: '      statement: full,',
    replacement: "      action: 'events:PutEvents', principal: '*',",
    tests: ['test/bus'],
  },
  {
    trap: "a role that any account's rules can have assumed",
    file: FORWARDING_ROLE,
    text: "StringEquals: { 'aws:SourceAccount': place.account },",
    replacement: '',
    tests: ['test/routing/forwarding-role.test.ts'],
  },
  {
    trap: 'a role that the rules of any bus can have assumed',
    file: FORWARDING_ROLE,
    text: "ArnLike: { 'aws:SourceArn': Lazy.list({ produce: () => this.sourceArns }) },",
    replacement: '',
    tests: ['test/routing/forwarding-role.test.ts'],
  },
  {
    trap: 'the Ref of a rule on a custom bus is bus|rule',
    file: BUS_RULE,
    text: "this.ruleName = ruleName ?? Fn.select(last, Fn.split('/', this.ruleArn));",
    replacement: 'this.ruleName = ruleName ?? this.resource.ref;',
    tests: ['test/internal/bus-rule.test.ts', 'test/routing'],
  },
  {
    trap: 'null in a list from Python comes as undefined, and is dropped',
    file: EVENT_PATTERN,
    text: 'return value.map((item) => (item === undefined ? null : withNulls(item)));',
    replacement: 'return value;',
    tests: ['test/internal/event-pattern.test.ts'],
  },
  {
    trap: 'a bus target is not recognised by its object',
    file: SUBSCRIPTION,
    text: 'validate: () => (isEventBusArn(this, config.arn)',
    replacement: 'validate: () => (false',
    tests: ['test/routing/subscription.test.ts'],
  },
  {
    trap: 'an event is dropped at its second hop',
    file: 'src/routing/hops.ts',
    text: 'if (noteOf(eventBus).isLocal) throw secondHop(scope);',
    replacement: '',
    tests: ['test/routing'],
  },
  {
    trap: 'a forwarded event is dropped at the fan-out',
    file: 'src/routing/forwarding-rule.ts',
    text: 'if (certain.length > 0) errors.push(meeting(certain));',
    replacement: '',
    tests: ['test/routing/forwarding-rule.test.ts'],
  },
  {
    trap: 'stacks that import from each other cannot be deployed apart',
    file: 'src/backbone/event-backbone.ts',
    text: 'forwardingRole: (scope) => (Stack.of(scope) === hubStack ? role : byName),',
    replacement: 'forwardingRole: () => role,',
    tests: ['test/backbone/event-backbone.test.ts'],
  },
  {
    trap: 'routes are deployed before the buses that they lead to',
    file: 'src/backbone/event-backbone.ts',
    text: 'if (this.props.topology.stateOf(name) === MemberState.ACTIVE) after(routes, member);',
    replacement: '',
    tests: ['test/backbone/event-backbone.test.ts'],
  },
  {
    trap: "what is made depends on the app's feature flags",
    file: 'src/capture/delivery-stream-to-s3.ts',
    text: '[prefix, ERRORS].sort()',
    replacement: '[prefix, ERRORS].sort().reverse()',
    tests: ['test/app/feature-flags.test.ts'],
  },
  {
    trap: 'names of partitions are not the same everywhere',
    file: ARNS,
    text: 'return RegionInfo.get(region).partition ?? Aws.PARTITION;',
    replacement: "return 'aws';",
    tests: ['test/bus', 'test/topology', 'test/routing'],
  },
  {
    trap: 'an account as a number excludes nobody',
    file: FAN_OUT,
    text: "(typeof account !== 'string' || !ACCOUNT.test(account))",
    replacement: '(false)',
    tests: ['test/routing/fan-out-rule.test.ts'],
  },
  {
    trap: 'several exclusions in one list exclude nobody',
    file: 'src/routing/fan-out-pattern.ts',
    text: "source: [{ 'anything-but': ownSources }]",
    replacement: "source: ownSources.map((own) => ({ 'anything-but': own }))",
    tests: ['test/routing/fan-out-pattern.test.ts'],
  },
  {
    trap: 'a filter on account overrides the exclusion of the sender',
    file: 'src/routing/event-filter.ts',
    text: "if (namesField(filter.pattern, 'account')) {",
    replacement: 'if (false) {',
    tests: ['test/routing'],
  },
  {
    trap: 'validated prefixes can be forged',
    file: GLOBAL_POLICY,
    text: "'ForAnyValue:StringLike': { 'events:source': prefixes",
    replacement: "'ForAllValues:StringLike': { 'events:source': prefixes",
    tests: ['test/bus/global-bus.test.ts'],
  },
  {
    trap: 'every account of the organisation may publish, sandboxes too',
    file: GLOBAL_POLICY,
    text: "...(accounts && { 'aws:PrincipalAccount': others ?? accounts }),",
    replacement: '',
    tests: ['test/bus/global-bus.test.ts'],
  },
  {
    trap: 'an Allow for everybody lets in principals of the own account without a policy, where accounts are listed',
    file: GLOBAL_POLICY,
    text: 'listed?.filter((account) => account !== own)',
    replacement: 'listed',
    tests: ['test/testing/iam/backbone-permissions.test.ts'],
  },
  {
    trap: 'an Allow for everybody lets in principals of the own account without a policy, where none are listed',
    file: GLOBAL_POLICY,
    text: '...(!isLeftOut && exceptOwnAccount(own)),',
    replacement: '',
    tests: ['test/bus/global-bus.test.ts'],
  },
  {
    trap: 'a pinned account cannot forward events of AWS services',
    file: 'src/bus/source-pins.ts',
    text: "[...sources, 'aws.*']",
    replacement: 'sources',
    tests: ['test/testing/iam/backbone-permissions.test.ts', 'test/bus/source-pins.test.ts'],
  },
  {
    trap: 'two Denies of a local bus in one statement, where their conditions are ANDed, deny next to nothing',
    file: LOCAL_BUS,
    text: "{ Bool: { 'events:eventBusInvocation': 'false' } } },\n      NoOtherForwarder: { ...deny, Condition: { ArnNotEquals: { 'aws:PrincipalArn': forwardingRoleArn } } },",
    replacement:
      "{ Bool: { 'events:eventBusInvocation': 'false' }, ArnNotEquals: { 'aws:PrincipalArn': forwardingRoleArn } } },",
    tests: ['test/testing/iam/backbone-permissions.test.ts'],
  },
  {
    trap: 'principals of its own account put on a local bus without a rule',
    file: LOCAL_BUS,
    text: "NoDirectPut: { ...deny, Condition: { Bool: { 'events:eventBusInvocation': 'false' } } },",
    replacement: '',
    tests: ['test/testing/iam/backbone-permissions.test.ts'],
  },
  {
    trap: 'another role than the forwarder delivers to a local bus',
    file: LOCAL_BUS,
    text: "NoOtherForwarder: { ...deny, Condition: { ArnNotEquals: { 'aws:PrincipalArn': forwardingRoleArn } } },",
    replacement: '',
    tests: ['test/testing/iam/backbone-permissions.test.ts'],
  },
  {
    trap: 'metrics of rules of a custom bus by RuleName alone stay empty',
    file: 'src/operations/bus-alarms.ts',
    text: 'FROM SCHEMA("AWS/Events", EventBusName, RuleName) WHERE EventBusName = \'${eventBusName}\'',
    replacement: 'FROM SCHEMA("AWS/Events", RuleName)',
    tests: ['test/operations/bus-alarms.test.ts'],
  },
  {
    trap: 'a key that EventBridge may not describe, as no encryption context comes with that',
    file: KEY_POLICY,
    text: "actions: ['kms:DescribeKey'],",
    replacement: "actions: ['kms:Nothing'],",
    tests: ['test/bus', 'test/capture'],
  },
  {
    trap: 'logs of an encrypted bus cannot be read on their way',
    file: 'src/capture/event-bus-logs.ts',
    text: 'addToKeyPolicy(this, kmsKey, busLogKeyStatements(allOfAccount), `the logs of ${eventBusName}`);',
    replacement: '',
    tests: ['test/capture/event-bus-logs.test.ts'],
  },
  {
    trap: 'events of an object in S3 stand on one line',
    file: 'src/capture/delivery-stream-to-s3.ts',
    text: "{ type: 'AppendDelimiterToRecord' },",
    replacement: '',
    tests: ['test/capture/catch-all-stream-rule.test.ts'],
  },
  {
    trap: 'a pattern over the quota fails at deployment',
    file: EVENT_PATTERN,
    text: 'if (length > limits.EVENT_PATTERN_MAX_LENGTH) {',
    replacement: 'if (false) {',
    tests: ['test/internal', 'test/routing'],
  },
  {
    trap: 'a pattern that EventBridge refuses',
    file: EVENT_PATTERN,
    text: 'if (!(error instanceof InvalidEventPatternError)) throw error;\n    throw',
    replacement:
      'if (!(error instanceof InvalidEventPatternError)) throw error;\n    return { conjunctions: [] };\n    throw',
    tests: ['test/internal', 'test/routing'],
  },
  {
    trap: 'a republished event bears the account of the hub, so a member receives its own',
    file: VALIDATED_PATTERN,
    text: "const notFromAccount = origin({ account: [{ 'anything-but': [account] }] });",
    replacement: "const notFromAccount = { account: [{ 'anything-but': [account] }] };",
    tests: ['test/routing/validated-pattern.test.ts'],
  },
  {
    trap: 'an unstamped event is a validated event of nobody',
    file: VALIDATED_PATTERN,
    text: "const notFromAccount = origin({ account: [{ 'anything-but': [account] }] });",
    replacement: "const notFromAccount = origin({ account: [{ 'anything-but': [account] }, { exists: false }] });",
    tests: ['test/routing/validated-pattern.test.ts'],
  },
  {
    trap: 'a filter keeps notices about its own invalid events from a member',
    file: VALIDATED_PATTERN,
    text: 'source: [{ prefix: validated.invalidPrefix }],',
    replacement: "source: [{ prefix: `${validated.invalidPrefix}${receiver.filter?.sources?.[0] ?? ''}` }],",
    tests: ['test/routing/validated-pattern.test.ts'],
  },
  {
    trap: 'principals of its own account put unvalidated events on a published bus',
    file: 'src/bus/published-bus.ts',
    text: "Effect: 'Deny',",
    replacement: "Effect: 'Allow',",
    tests: ['test/testing/iam/backbone-permissions.test.ts'],
  },
  {
    trap: 'a Deny for everybody denies the republisher, too',
    file: REPUBLISHERS,
    text: "this.isEmpty ? condition : { ...condition, ArnNotEquals: { 'aws:PrincipalArn': this.oneOrAll } };",
    replacement: 'condition;',
    tests: ['test/testing/iam/backbone-permissions.test.ts'],
  },
  {
    trap: 'a lazy value is asked for once, before the republisher is known that it must let in',
    file: REPUBLISHERS,
    text: 'return Lazy.uncachedAny({ produce })',
    replacement: 'return Lazy.any({ produce })',
    tests: ['test/validation/validated-republisher.test.ts'],
  },
  {
    trap: 'a republisher takes its own events again',
    file: 'src/validation/input-rule.ts',
    text: 'othersThan(reserved) : MATCH_ALL,',
    replacement: 'MATCH_ALL : MATCH_ALL,',
    tests: ['test/validation/validated-republisher.test.ts'],
  },
  {
    trap: 'an event comes again while a republisher still has it',
    file: REPUBLISHER,
    text: 'Duration.seconds(timeout.toSeconds() * 6)',
    replacement: 'Duration.seconds(timeout.toSeconds())',
    tests: ['test/validation/validated-republisher.test.ts'],
  },
  {
    trap: 'one event that fails takes its batch of a republisher with it',
    file: REPUBLISHER,
    text: 'reportBatchItemFailures: true,',
    replacement: '',
    tests: ['test/validation/validated-republisher.test.ts'],
  },
  {
    trap: 'with a batching window a quiet queue of a republisher waits for 20 seconds',
    file: REPUBLISHER,
    text: 'maxBatchingWindow: Duration.seconds(0),',
    replacement: 'maxBatchingWindow: Duration.seconds(1),',
    tests: ['test/validation/validated-republisher.test.ts'],
  },
  {
    trap: 'SQS moves quarantined events of a republisher back only from what is a dead-letter queue',
    file: REPUBLISHER,
    text: 'deadLetterQueue: { queue: this.quarantineQueue, maxReceiveCount: 1000 },',
    replacement: '',
    tests: ['test/validation/validated-republisher.test.ts'],
  },
  {
    trap: 'a key and the logs of a republisher that it encrypts wait for each other',
    file: 'src/validation/republisher-function.ts',
    text: 'const arns = logGroupArn(place, `${Stack.of(scope).stackName}-${logicalId}-*`);',
    replacement: 'const arns = logicalId ? logGroup.logGroupArn : logGroupArn(place, logicalId);',
    tests: ['test/validation/validated-republisher.test.ts'],
  },
  {
    trap: 'the forwarding role is not trusted for the rules of the published bus',
    file: 'src/backbone/event-backbone.ts',
    text: 'eventBuses: this.buses,',
    replacement: 'eventBuses: [this.globalBus],',
    tests: ['test/backbone/validated-backbone.test.ts'],
  },
];
