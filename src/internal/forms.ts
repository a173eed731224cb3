/** What identifiers of AWS look like. */

/** An account: 12 digits. */
export const ACCOUNT = /^\d{12}$/;

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
export const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;

/**
 * A path of an organisation, its root or a unit, ending in `/`, or in `/*` or `/ou-*` for what is below.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-view-data-orgs.html#access_policies_last-accessed-viewing-orgs-entity-path
 */
export const ORGANIZATION_PATH = /^o-[a-z0-9]{10,32}\/(?:[a-z0-9-]+\/)*(?:(?:ou-)?\*)?$/;
