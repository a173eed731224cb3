import type { PolicyDocument } from './policy-document';
import { equals } from './wildcards';

/** What is known of the policies of an identity or a resource. */
export interface Known {
  readonly documents: readonly PolicyDocument[];
  /** Whether there may be others that no template tells. */
  readonly hidden: boolean;
  readonly bounded?: boolean;
  /** An ARN of a bucket has none. */
  readonly account?: string;
}

/** Without any policy, for certain. */
export const NOTHING: Known = { documents: [], hidden: false };

/** Somebody of whom nothing is known. */
export const ELSEWHERE: Known = { documents: [], hidden: true };

interface Policy {
  /** Of two policies with one name the later replaces the earlier, and nobody knows which that is. */
  readonly name?: string;
  /** Left out where a condition of the template decides whether there is one. */
  readonly document?: PolicyDocument;
}

/** An identity or a resource, made by a template or elsewhere. */
export class Holder {
  public hidden: boolean;
  public bounded = false;
  public account?: string;
  /** How many templates make it. Of two with one name nobody knows which there is. */
  public made = 0;
  /** Whether a condition of the template decides if it is made. */
  public conditional = false;
  private readonly own: Policy[] = [];
  private readonly attached: Policy[] = [];

  constructor(hidden: boolean) {
    this.hidden = hidden;
  }

  /** A policy inside the resource that makes it. */
  public addOwn(document: PolicyDocument, name?: string): void {
    this.own.push({ document, name });
  }

  public attach(document: PolicyDocument | undefined, name?: string): void {
    this.attached.push({ document, name });
  }

  public hasPolicies(): boolean {
    return this.own.length + this.attached.length > 0;
  }

  public known(): Known {
    const isOne = this.made <= 1 && !this.conditional;
    const all = [...(isOne ? this.own : []), ...this.attached];
    const isReplaced = ({ name }: Policy) =>
      name !== undefined &&
      [...this.own, ...this.attached].filter((other) => other.name !== undefined && equals(other.name, name) !== 'no')
        .length > 1;
    const documents = all.flatMap((policy) => (isReplaced(policy) ? [] : (policy.document ?? [])));
    const hidden = this.hidden || !isOne || documents.length < all.length;
    return { documents, hidden, bounded: this.bounded, account: this.account };
  }
}

/** Identities or resources with their policies. Two keys may turn out to be one where a placeholder is in them. */
export class Holders {
  private readonly all = new Map<string, Holder>();

  /** @param isHidden whether there may be other policies of what is not made here */
  constructor(private readonly isHidden = true) {}

  /** One that a template makes. */
  public define(key: string): Holder {
    const holder = this.all.get(key) ?? new Holder(false);
    holder.made += 1;
    this.all.set(key, holder);
    return holder;
  }

  /** One that a policy is attached to. */
  public of(key: string): Holder {
    const holder = this.all.get(key) ?? new Holder(this.isHidden);
    this.all.set(key, holder);
    return holder;
  }

  /** What is known of one, with all that may be attached to it. Two that are made are never one. */
  public find(key: string): Known | undefined {
    const known = this.all.get(key)?.known();
    const mayHaveMore = [...this.all].some(
      ([other, { made }]) => made === 0 && other !== key && equals(other, key) !== 'no',
    );
    return mayHaveMore ? { ...(known ?? ELSEWHERE), hidden: true } : known;
  }
}
