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
const BUS_ADMITS_PUTTING = 'the buses are in other accounts, whose policies admit PutEvents alone';

/** Cross-account, what is not allowed is denied anyway: the Denies repeat it for principals of the own account. */
const strictBus = (member: string): UnnoticedEdit[] => {
  const edit = (what: string) => `acme-member-${member}/LocalBusPolicy${what}`;
  return [
    { edit: edit('Forwarder Forwarder: for every action'), because: ONLY_PUT_EVENTS },
    { edit: edit('Forwarder Forwarder: for every principal'), because: CONDITION_NAMES_THE_ROLE },
    {
      edit: edit('Forwarder Forwarder: without ArnEquals aws:PrincipalArn'),
      because: 'NoOtherForwarder denies other roles',
      noticedWith: edit('NoOtherForwarder NoOtherForwarder: gone'),
    },
    {
      edit: edit('Forwarder Forwarder: without Bool events:eventBusInvocation'),
      because: 'NoDirectPut denies puts without a rule',
      noticedWith: edit('NoDirectPut NoDirectPut: gone'),
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
  ['gone', 'for every action', 'without ArnEquals aws:PrincipalArn', 'without Bool events:eventBusInvocation'].map(
    (what) => ({
      edit: `${forwarder} Forwarder: ${what}`,
      because: 'in the own account of the bus the Allow adds nothing to identity policies',
    }),
  );

/** Every edit that no row can notice. */
export const UNNOTICED: UnnoticedEdit[] = [
  ...['gone', 'Action without "kms:Decrypt"', 'Action without "kms:GenerateDataKey"'].map((what) => ({
    edit: `Keys/BackboneKey 3: ${what}`,
    because: ARCHIVE_SHARES_KEY,
    noticedWith: 'Keys/BackboneKey 4: gone',
  })),
  {
    edit: 'Keys/BackboneKey 3: without StringEquals aws:SourceArn',
    because: ARCHIVE_SHARES_KEY,
    noticedWith: 'Keys/BackboneKey 4: gone',
  },
  { edit: 'acme-member-billing/LocalBusPolicyForwarder Forwarder: for every action', because: ONLY_PUT_EVENTS },
  {
    edit: 'acme-member-billing/LocalBusPolicyForwarder Forwarder: for every principal',
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
  { edit: 'OrderTeam/ForwardingDestinations1 1: for every action', because: BUS_ADMITS_PUTTING },
  { edit: 'OrderTeam/PublisherDefaultPolicy 1: for every action', because: BUS_ADMITS_PUTTING },
  {
    edit: 'OrderTeam/PublisherDefaultPolicy 1: without ForAllValues:StringEquals events:source',
    because: 'the account is pinned to the same source',
    noticedWith: 'acme-hub/GlobalBusPolicyOnlyOwnSources222222222222 OnlyOwnSources-222222222222: gone',
  },
  { edit: 'DeliveryTeam/ForwardingDestinations1 1: for every action', because: BUS_ADMITS_PUTTING },
  { edit: 'DeliveryTeam/PublisherDefaultPolicy 1: for every action', because: BUS_ADMITS_PUTTING },
  { edit: 'BillingTeam/PublisherDefaultPolicy 1: for every action', because: BUS_ADMITS_PUTTING },
  {
    edit: 'Alone/AccountsPolicyNobodyElse222222222222 NobodyElse-222222222222: Condition ForAnyValue:StringEquals events:source without "shared.service"',
    because: 'two accounts share the source, and the pin of the other denies the same',
    noticedWith: 'Alone/AccountsPolicyNobodyElse333333333333 NobodyElse-333333333333: gone',
  },
  {
    edit: 'Alone/AccountsPolicyNobodyElse333333333333 NobodyElse-333333333333: gone',
    because: 'its one source is shared, and the pin of the other account denies the same',
    noticedWith:
      'Alone/AccountsPolicyNobodyElse222222222222 NobodyElse-222222222222: Condition ForAnyValue:StringEquals events:source without "shared.service"',
  },
  {
    edit: 'Alone/AccountsPolicyPublish986156fc Publish-986156fc: for every principal',
    because: CONDITION_NAMES_THE_ROLE,
    noticedWith: 'Alone/AccountsPolicyPublish986156fc Publish-986156fc: without ArnEquals aws:PrincipalArn',
  },
  { edit: 'Alone/AccountsPolicyPublish986156fc Publish-986156fc: for every action', because: ONLY_PUT_EVENTS },
  {
    edit: 'Alone/UnitsPolicyOrganization Organization: without StringEquals aws:PrincipalOrgID',
    because: 'the path of a unit begins with its organisation',
    noticedWith: 'Alone/UnitsPolicyOrganization Organization: without ForAnyValue:StringLike aws:PrincipalOrgPaths',
  },
];
