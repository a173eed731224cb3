import { BILLING, DELIVERY, ORGANIZATION, OUTSIDER, REGION, SANDBOX } from './backbone-app';

/** Makes a value of a policy say more, or gives nothing where it cannot. */
type Widening = (values: any[]) => any[] | undefined;

const added = (values: any[], more: any[]): any[] | undefined => {
  const others = more.filter((value) => !values.some((known) => JSON.stringify(known) === JSON.stringify(value)));
  return others.length === 0 ? undefined : [...values, ...others];
};

/** Each value once more, with something in it replaced: references to other resources have nothing that could be. */
const replaced =
  (search: RegExp, by: string): Widening =>
  (values) =>
    added(
      values,
      values.map((value) => JSON.parse(JSON.stringify(value).replace(search, by))),
    );

const and =
  (...more: any[]): Widening =>
  (values) =>
    added(values, more);

/** What stands behind a star is taken anyway. */
const withStar: Widening = (values) => {
  const changed = values.map((value) => {
    if (/\*"?[\]}]*$/.test(JSON.stringify(value))) return value;
    return typeof value === 'string' ? `${value}*` : { 'Fn::Join': ['', [value, '*']] };
  });
  return JSON.stringify(changed) === JSON.stringify(values) ? undefined : changed;
};

const inAnotherAccount = replaced(/\b\d{12}\b/g, OUTSIDER);
const inAnotherRegion = replaced(new RegExp(REGION, 'g'), 'us-east-1');

export const WIDER_RESOURCES: Record<string, Widening> = {
  'with a star behind': withStar,
  'of another account, too': inAnotherAccount,
};

export const WIDER_PRINCIPALS: Record<string, Record<string, Widening>> = {
  AWS: { 'other accounts, too': and(SANDBOX, OUTSIDER) },
  Service: { 'other services, too': and('events.amazonaws.com', 'lambda.amazonaws.com', 'sns.amazonaws.com') },
};

/** More values of a condition. Of a negated one they are those that a Deny is not about. */
export function widerConditions(effect: string, operator: string, key: string): Record<string, Widening> {
  const negated = operator.includes('Not');
  if ((effect === 'Deny') !== negated || !/String|Arn/.test(operator)) return {};
  if (key === 'aws:PrincipalAccount') {
    return { 'other accounts, too': negated ? and(DELIVERY, BILLING) : and(SANDBOX, OUTSIDER) };
  }
  if (/^events:(source|detail-type)$/.test(key)) {
    return { 'others, too': and('something.else', 'refunds.service', 'Something.Happened', 'Delivery.Lost') };
  }
  if (key === 'aws:PrincipalArn') return { 'another role, too': replaced(/role\/[^"]+/g, 'role/admin') };
  if (negated) return {};
  if (key === 'aws:PrincipalOrgID') return { 'another organisation, too': and('o-zzz9999999') };
  if (key === 'aws:PrincipalOrgPaths') return { 'all units, too': and(`${ORGANIZATION}/*`) };
  if (key === 'aws:SourceAccount') return { 'another account, too': and(OUTSIDER) };
  if (key === 'aws:SourceArn' || key.startsWith('kms:EncryptionContext:')) {
    return { 'of another account, too': inAnotherAccount, 'of another Region, too': inAnotherRegion };
  }
  return {};
}

/** A set operator made the other. */
export const otherSet = (operator: string): string | undefined => {
  if (operator.startsWith('ForAnyValue:')) return operator.replace('ForAnyValue', 'ForAllValues');
  return operator.startsWith('ForAllValues:') ? operator.replace('ForAllValues', 'ForAnyValue') : undefined;
};
