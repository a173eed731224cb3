/** An edit that no row notices, and why that is right. */
export interface UnnoticedEdit {
  readonly edit: string;
  readonly because: string;
  /** Where another statement guards the same: with this edit beside it a row notices. */
  readonly noticedWith?: string;
}

const ARCHIVE_SHARES_KEY = 'the archive has the same key, and its statement admits the same without a source';
const ONLY_PUT_EVENTS = 'the key of its condition comes with PutEvents alone';
const CONDITION_NAMES_THE_ROLE = 'a condition names the role, with its account';
const OTHER_ROLES_DENIED = 'NoOtherForwarder denies other roles';
const NO_NAME_IS_LONGER = 'no other name begins with one that CloudFormation makes, and no key with the id of another';
const BUS_ADMITS_PUTTING = 'the buses are in other accounts, whose policies admit PutEvents alone';

/** Cross-account, what is not allowed is denied anyway: the Denies repeat it for principals of the own account. */
const strictBus = (member: string): UnnoticedEdit[] => {
  const edit = (what: string) => `acme-member-${member}/LocalBusPolicy${what}`;
  return [
    { edit: edit('Forwarder Forwarder: for every action'), because: ONLY_PUT_EVENTS },
    { edit: edit('Forwarder Forwarder: for every principal'), because: CONDITION_NAMES_THE_ROLE },
    { edit: edit('Forwarder Forwarder: Principal AWS: other accounts, too'), because: CONDITION_NAMES_THE_ROLE },
    ...['without ArnEquals aws:PrincipalArn', 'Condition ArnEquals aws:PrincipalArn: another role, too'].map(
      (what) => ({
        edit: edit(`Forwarder Forwarder: ${what}`),
        because: OTHER_ROLES_DENIED,
        noticedWith: edit('NoOtherForwarder NoOtherForwarder: gone'),
      }),
    ),
    {
      edit: edit('Forwarder Forwarder: without Bool events:eventBusInvocation'),
      because: 'NoDirectPut denies puts without a rule',
      noticedWith: edit('NoDirectPut NoDirectPut: gone'),
    },
    {
      edit: edit('NoOtherForwarder NoOtherForwarder: Condition ArnNotEquals aws:PrincipalArn: another role, too'),
      because: 'the Allow names the forwarder alone',
      noticedWith: edit('Forwarder Forwarder: without ArnEquals aws:PrincipalArn'),
    },
    {
      edit: edit('NoDirectPut NoDirectPut: gone'),
      because: 'whom NoOtherForwarder lets through is the role of another account, allowed by rules alone',
      noticedWith: edit('Forwarder Forwarder: without Bool events:eventBusInvocation'),
    },
  ];
};

/** In the hub's own account the identity policy of the forwarding role is enough, with or without this Allow. */
const inHub = (forwarder: string): UnnoticedEdit[] =>
  [
    'gone',
    'for every action',
    'without ArnEquals aws:PrincipalArn',
    'without Bool events:eventBusInvocation',
    'Condition ArnEquals aws:PrincipalArn: another role, too',
    'Principal AWS: other accounts, too',
  ].map((what) => ({
    edit: `${forwarder} Forwarder: ${what}`,
    because: 'in the own account of the bus the Allow adds nothing to identity policies',
  }));

/** Every edit that no row can notice. */
export const UNNOTICED: UnnoticedEdit[] = [
  ...[
    'gone',
    'Action without "kms:Decrypt"',
    'Action without "kms:GenerateDataKey"',
    'without StringEquals aws:SourceArn',
    'without StringEquals aws:SourceAccount',
    'Condition StringEquals aws:SourceArn: of another account, too',
    'Condition StringEquals aws:SourceArn: of another Region, too',
    'Condition StringEquals aws:SourceAccount: another account, too',
  ].map((what) => ({
    edit: `Keys/BackboneKey 3: ${what}`,
    because: ARCHIVE_SHARES_KEY,
    noticedWith: 'Keys/BackboneKey 4: gone',
  })),
  { edit: 'acme-member-billing/LocalBusPolicyForwarder Forwarder: for every action', because: ONLY_PUT_EVENTS },
  {
    edit: 'acme-member-billing/LocalBusPolicyForwarder Forwarder: for every principal',
    because: CONDITION_NAMES_THE_ROLE,
    noticedWith: 'acme-member-billing/LocalBusPolicyForwarder Forwarder: without ArnEquals aws:PrincipalArn',
  },
  {
    edit: 'acme-member-billing/LocalBusPolicyForwarder Forwarder: Principal AWS: other accounts, too',
    because: CONDITION_NAMES_THE_ROLE,
    noticedWith: 'acme-member-billing/LocalBusPolicyForwarder Forwarder: without ArnEquals aws:PrincipalArn',
  },
  ...strictBus('refunds'),
  ...strictBus('loyalty'),
  ...inHub('acme-member-audit/LocalBusPolicyForwarder'),
  {
    edit: 'acme-member-audit/LocalBusPolicyForwarder Forwarder: for every principal',
    because: CONDITION_NAMES_THE_ROLE,
  },
  ...inHub('Alone/LedgerPolicyForwarder'),
  { edit: 'plain-hub/ForwardingRoleDestinations1 1: for every action', because: BUS_ADMITS_PUTTING },
  { edit: 'checked-hub/ForwardingRoleDestinations1 1: for every action', because: BUS_ADMITS_PUTTING },
  ...[
    ['3: Action without "kms:Decrypt"', '6: gone'],
    ['6: gone', '3: Action without "kms:Decrypt"'],
  ].map(([edit, other]) => ({
    edit: `checked-hub/RepublisherRoleDefaultPolicy ${edit}`,
    because: 'reading the queue and writing to quarantine take Decrypt of one key, each in a statement',
    noticedWith: `checked-hub/RepublisherRoleDefaultPolicy ${other}`,
  })),
  {
    edit: 'prefixed-hub/GlobalBusPolicyReservedSources ReservedSources: Condition ArnNotEquals aws:PrincipalArn: another role, too',
    because: 'the account is pinned to sources of its own',
    noticedWith:
      'prefixed-hub/GlobalBusPolicyOnlyOwnSources111111111111 OnlyOwnSources-111111111111: Condition ArnNotEquals aws:PrincipalArn: another role, too',
  },
  { edit: 'OrderTeam/ForwardingDestinations1 1: for every action', because: BUS_ADMITS_PUTTING },
  { edit: 'OrderTeam/PublisherDefaultPolicy 1: for every action', because: BUS_ADMITS_PUTTING },
  ...[
    'without ForAllValues:StringEquals events:source',
    'Condition ForAllValues:StringEquals events:source: others, too',
    'events:source ForAnyValue:StringEquals instead of ForAllValues:StringEquals',
  ].map((what) => ({
    edit: `OrderTeam/PublisherDefaultPolicy 1: ${what}`,
    because: 'the account is pinned to the same source',
    noticedWith: 'acme-hub/GlobalBusPolicyOnlyOwnSources222222222222 OnlyOwnSources-222222222222: gone',
  })),
  { edit: 'DeliveryTeam/ForwardingDestinations1 1: for every action', because: BUS_ADMITS_PUTTING },
  { edit: 'DeliveryTeam/PublisherDefaultPolicy 1: for every action', because: BUS_ADMITS_PUTTING },
  { edit: 'BillingTeam/PublisherDefaultPolicy 1: for every action', because: BUS_ADMITS_PUTTING },
  {
    edit: 'Alone/AccountsPolicyNobodyElse222222222222 NobodyElse-222222222222: Condition ForAnyValue:StringEquals events:source without "shared.service"',
    because: 'two accounts share the source, and the pin of the other denies the same',
    noticedWith: 'Alone/AccountsPolicyNobodyElse333333333333 NobodyElse-333333333333: gone',
  },
  ...[
    'gone',
    'Condition StringNotEquals aws:PrincipalAccount: other accounts, too',
    'events:source ForAllValues:StringEquals instead of ForAnyValue:StringEquals',
  ].map((what) => ({
    edit: `Alone/AccountsPolicyNobodyElse333333333333 NobodyElse-333333333333: ${what}`,
    because: 'its one source is shared, and the pin of the other account denies the same',
    noticedWith:
      'Alone/AccountsPolicyNobodyElse222222222222 NobodyElse-222222222222: Condition ForAnyValue:StringEquals events:source without "shared.service"',
  })),
  {
    edit: 'Alone/AccountsPolicyPublish986156fc Publish-986156fc: Principal AWS: other accounts, too',
    because: CONDITION_NAMES_THE_ROLE,
    noticedWith: 'Alone/AccountsPolicyPublish986156fc Publish-986156fc: without ArnEquals aws:PrincipalArn',
  },
  { edit: 'Granted/GrantedPolicyPublish22d4933a Publish-22d4933a: for every action', because: ONLY_PUT_EVENTS },
  {
    edit: 'Alone/AccountsPolicyPublish986156fc Publish-986156fc: for every principal',
    because: CONDITION_NAMES_THE_ROLE,
    noticedWith: 'Alone/AccountsPolicyPublish986156fc Publish-986156fc: without ArnEquals aws:PrincipalArn',
  },
  { edit: 'Alone/AccountsPolicyPublish986156fc Publish-986156fc: for every action', because: ONLY_PUT_EVENTS },
  ...[
    'without StringEquals aws:PrincipalOrgID',
    'Condition StringEquals aws:PrincipalOrgID: another organisation, too',
  ].map((what) => ({
    edit: `Alone/UnitsPolicyOrganization Organization: ${what}`,
    because: 'the path of a unit begins with its organisation',
    noticedWith: 'Alone/UnitsPolicyOrganization Organization: without ForAnyValue:StringLike aws:PrincipalOrgPaths',
  })),
  {
    edit: 'Alone/UnitsPolicyOrganization Organization: aws:PrincipalOrgPaths ForAllValues:StringLike instead of ForAnyValue:StringLike',
    because: 'who is in an organisation has a path, and one alone',
    noticedWith: 'Alone/UnitsPolicyOrganization Organization: without StringEquals aws:PrincipalOrgID',
  },
  ...['Anywhere/ByParameterPolicyAccounts Accounts', 'Anywhere/ListedPolicyOrganization Organization'].map((allow) => ({
    edit: `${allow}: Condition StringEquals aws:PrincipalAccount without "111111111111"`,
    because: 'the Allow leaves the own account out, listed or not',
    noticedWith: `${allow}: without StringNotEquals aws:PrincipalAccount`,
  })),
  ...[
    'ToLiveRole Put 2',
    'ToS3DeliveryRole Write 1',
    'ToS3DeliveryRole Write 3',
    'ToS3DeliveryRole Write 4',
    'ToS3Role Put 1',
  ].map((statement) => ({
    edit: `Streams/${statement}: Resource: with a star behind`,
    because: NO_NAME_IS_LONGER,
  })),
  ...[...[1, 2, 3, 5, 6].map((n) => ['checked', n]), ...[1, 3, 5, 6].map((n) => ['prefixed', n])].map(([name, n]) => ({
    edit: `${name}-hub/RepublisherRoleDefaultPolicy ${n}: Resource: with a star behind`,
    because: NO_NAME_IS_LONGER,
  })),
];
