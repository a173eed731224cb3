import type { AddressBlock } from './addresses';

/**
 * One condition on the value of a field, as the pattern language knows it. A field's list holds alternatives.
 */
export type Matcher =
  | LiteralMatcher
  | StringMatcher
  | WildcardMatcher
  | NumberMatcher
  | NumericMatcher
  | AddressMatcher
  | ExistsMatcher
  | AnythingButMatcher
  | UnknownMatcher;

/** `true`, `false` or `null`. */
export interface LiteralMatcher {
  readonly operator: 'true' | 'false' | 'null';
}

/** A string, or a part of one. A literal string is `exactly`. */
export interface StringMatcher {
  readonly operator: 'exactly' | 'prefix' | 'suffix' | 'equals-ignore-case';
  readonly value: string;
  /** `{"prefix": {"equals-ignore-case": …}}` and the same of `suffix`. */
  readonly ignoreCase?: boolean;
}

export interface WildcardMatcher {
  readonly operator: 'wildcard';
  /** As written, with its escapes. */
  readonly value: string;
  /** The texts between the stars, without escapes: one more than there are stars. */
  readonly parts: string[];
}

/** A literal number. */
export interface NumberMatcher {
  readonly operator: 'number';
  /** As written. */
  readonly text: string;
  /** Absent where no double has this decimal value: then only the same text matches. */
  readonly value?: number;
}

/** An interval of numbers; `=` is one from a number to itself. */
export interface NumericMatcher {
  readonly operator: 'numeric';
  /** As written: `> 0, <= 5`. */
  readonly text: string;
  readonly low: number;
  readonly lowOpen: boolean;
  readonly high: number;
  readonly highOpen: boolean;
}

/** A block of IP addresses, or one address written as a literal string. */
export interface AddressMatcher {
  readonly operator: 'cidr' | 'address';
  /** As written. */
  readonly text: string;
  readonly block: AddressBlock;
}

export interface ExistsMatcher {
  readonly operator: 'exists';
  readonly present: boolean;
}

/** Any value of a field that is there, but those that one of these accepts. */
export interface AnythingButMatcher {
  readonly operator: 'anything-but';
  readonly but: Array<StringMatcher | WildcardMatcher | NumberMatcher>;
}

/** Stands for one that is not known yet. A pattern with such cannot be tried on events. */
export interface UnknownMatcher {
  readonly operator: 'unknown';
}

/** The alternatives for one field. */
export interface FieldCondition {
  /** The keys to the field, joined with dots. */
  readonly path: string;
  /** Where the list stands in the pattern, as a JSON pointer. */
  readonly pointer: string;
  /** One of these must accept a value of the field. */
  readonly anyOf: Matcher[];
}

/** Conditions that must all hold, one for each field, in the order of their paths. */
export type Conjunction = FieldCondition[];

/** A pattern whose `$or` are multiplied out: one of the conjunctions must hold. */
export interface PatternModel {
  readonly conjunctions: Conjunction[];
}
