import type { Accepted } from './accepted';

export interface Finding {
  readonly rule: string;
  /** `<stack>/<logical id>` */
  readonly resource: string;
  readonly message: string;
}

/**
 * What nobody accepted, and what was accepted and is found no more. Of several acceptances the narrowest is the one that
 * a finding uses, so that one that a wider one covers is noticed.
 */
export function acceptancesOf(findings: readonly Finding[], accepted: readonly Accepted[]) {
  const used = new Set<Accepted>();
  const open = findings.filter(({ rule, resource }) => {
    const [narrowest] = accepted
      .filter((one) => one.rule === rule && resource.includes(one.resource ?? ''))
      .sort((a, b) => (b.resource ?? '').length - (a.resource ?? '').length);
    if (narrowest !== undefined) used.add(narrowest);
    return narrowest === undefined;
  });
  return { open, unused: accepted.filter((one) => !used.has(one)) };
}
