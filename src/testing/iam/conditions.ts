import { BlockList, isIP } from 'net';
import { NOT_KNOWN, type Context } from './context';
import { and, not, or, truth, type Truth } from './truth';
import { expand, unexpanded, type Expanded } from './variables';
import { arnMatches, literal, matches, type Text } from './wildcards';
import { PLACEHOLDER } from '../placeholders';

/**
 * One key of a condition block with the values that it is compared with.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export interface Condition {
  /** As it is written, such as `ForAnyValue:StringLike`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** How a value of a policy is compared with one of the request. */
interface Comparison {
  /** What a value must be to make sense, where not every text does. Such values take no policy variables. */
  readonly form?: (value: string) => boolean;
  readonly compare: (wanted: string, given: string, read: Reader) => Truth;
}

/** Makes a text of a value of the policy, policy variables replaced. */
type Reader = (value: string, wildcards: boolean) => Expanded;

const asText = (wildcards: boolean, same: (wanted: Text, given: Text) => Truth): Comparison => ({
  compare: (wanted, given, read) => {
    const text = read(wanted, wildcards);
    if (text === 'unknown') return 'unknown';
    return text === 'no value' ? 'no' : same(text, literal(given));
  },
});

const ignoringCase: Comparison = asText(false, (wanted, given) => matches(lowerCase(wanted), lowerCase(given)));

const lowerCase = (text: Text): Text => text.map((piece) => (typeof piece === 'string' ? piece.toLowerCase() : piece));

/** What only the deployment or the request tells. */
const isOpen = (value: string) => PLACEHOLDER.test(value) || value.includes('${');

const ordered = (read: (value: string) => number, test: (given: number, wanted: number) => boolean): Comparison => ({
  form: (value) => !Number.isNaN(read(value)),
  compare: (wanted, given) => truth(test(read(given), read(wanted))),
});

const numberOf = (value: string) => (/^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) : NaN);

/**
 * A form of ISO 8601 that the W3C lists, where a time has a zone, or seconds since 1970. Four digits are a year.
 *
 * @see https://www.w3.org/TR/NOTE-datetime
 */
function dateOf(value: string): number {
  if (/^\d{5,}$/.test(value)) return Number(value) * 1000;
  return W3C_DATE.test(value) ? Date.parse(value) : NaN;
}

const W3C_DATE = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/;

const ORDERS = {
  Equals: (given: number, wanted: number) => given === wanted,
  LessThan: (given: number, wanted: number) => given < wanted,
  LessThanEquals: (given: number, wanted: number) => given <= wanted,
  GreaterThan: (given: number, wanted: number) => given > wanted,
  GreaterThanEquals: (given: number, wanted: number) => given >= wanted,
};

const orders = (prefix: string, read: (value: string) => number): Record<string, Comparison> =>
  Object.fromEntries(Object.entries(ORDERS).map(([name, test]) => [`${prefix}${name}`, ordered(read, test)]));

const COMPARISONS: Record<string, Comparison> = {
  StringEquals: asText(false, matches),
  StringEqualsIgnoreCase: ignoringCase,
  StringLike: asText(true, matches),
  ArnEquals: asText(true, arnMatches),
  ArnLike: asText(true, arnMatches),
  ...orders('Numeric', numberOf),
  ...orders('Date', dateOf),
  Bool: {
    form: (value) => /^(true|false)$/i.test(value),
    compare: (wanted, given) => truth(wanted.toLowerCase() === given.toLowerCase()),
  },
  BinaryEquals: {
    form: (value) => /^[A-Za-z0-9+/]*=*$/.test(value),
    compare: (wanted, given) => truth(wanted === given),
  },
  IpAddress: {
    form: (value) => addressBlock(value) !== undefined,
    compare: (wanted, given) => {
      const version = isIP(given);
      // Whether AWS takes such an address as one of IPv4 is not documented.
      if (isMapped(given) || isMapped(wanted)) return 'unknown';
      return truth(version !== 0 && addressBlock(wanted)!.check(given, version === 4 ? 'ipv4' : 'ipv6'));
    },
  },
};

/** True where the comparison is not, and where the key is missing. */
const NEGATED: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

interface Operator {
  readonly comparison: Comparison;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly set?: 'ForAllValues' | 'ForAnyValue';
}

function operatorOf(name: string): Operator | undefined {
  const [, set, base, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(name) ?? [];
  if (base === undefined) return undefined;
  const negated = Object.hasOwn(NEGATED, base);
  const positive = negated ? NEGATED[base] : base;
  if (!Object.hasOwn(COMPARISONS, positive)) return undefined;
  return {
    comparison: COMPARISONS[positive],
    negated,
    ifExists: ifExists !== undefined,
    set: set as Operator['set'],
  };
}

/** What is wrong with a condition, or nothing: an operator that nobody knows must not pass as one that holds. */
export function faultOf({ operator, key, values }: Condition): string | undefined {
  const comparison = operator === 'Null' ? COMPARISONS.Bool : operatorOf(operator)?.comparison;
  if (comparison === undefined) return `condition operator ${JSON.stringify(operator)} is not one of IAM's`;
  const { form } = comparison;
  const wrong = form && values.find((value) => !isOpen(value) && !form(value));
  return wrong === undefined ? undefined : `${JSON.stringify(wrong)} is no value for ${operator} of ${key}`;
}

/**
 * Whether a condition holds.
 *
 * @param variables whether the policy is of the version that has policy variables
 */
export function holds({ operator, key, values }: Condition, context: Context, variables = true): Truth {
  const given = context.get(key);
  if (given === NOT_KNOWN) return 'unknown';
  if (operator === 'Null') return or(...values.map((value) => isNull(value, given)));
  const { comparison, negated, ifExists, set } = operatorOf(operator)!;
  const read: Reader = (value, wildcards) =>
    variables ? expand(value, context, wildcards) : unexpanded(value, wildcards);
  const compare = (wanted: string, value: string): Truth =>
    comparison.form !== undefined && (isOpen(wanted) || PLACEHOLDER.test(value))
      ? 'unknown'
      : comparison.compare(wanted, value, read);
  const test = (value: string): Truth => {
    const found = or(...values.map((wanted) => compare(wanted, value)));
    return negated ? not(found) : found;
  };
  if (given === undefined && ifExists) return 'yes';
  if (set !== undefined) return overSet(set, given, test);
  if (given === undefined) return truth(negated);
  // AWS asks for a set operator here and does not say what comes without one.
  return typeof given === 'string' ? test(given) : 'unknown';
}

/**
 * With nothing to test, an empty text included, `ForAllValues` holds and `ForAnyValue` does not, negated ones too.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function overSet(
  set: 'ForAllValues' | 'ForAnyValue',
  given: string | readonly string[] | undefined,
  test: (value: string) => Truth,
): Truth {
  const members = [given ?? []].flat();
  const all = set === 'ForAllValues';
  if (members.every((value) => value === '')) return truth(all);
  return (all ? and : or)(...members.map(test));
}

/** `Null: true` asks for a key that is not there, or holds nothing. */
function isNull(wanted: string, given: string | readonly string[] | undefined): Truth {
  if (isOpen(wanted)) return 'unknown';
  const absent = [given ?? []].flat().every((value) => value === '');
  return truth(absent === (wanted.toLowerCase() === 'true'));
}

/** An address of IPv4 written as one of IPv6. */
const isMapped = (address: string) => /^[0:]*:ffff:/i.test(address);

/** An address without a prefix is a block of one. */
function addressBlock(text: string): BlockList | undefined {
  const [, address, prefix] = /^([^/]+)(?:\/(\d+))?$/.exec(text) ?? [];
  const version = isIP(address ?? '');
  const bits = version === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  if (version === 0 || length > bits) return undefined;
  const block = new BlockList();
  block.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6');
  return block;
}
