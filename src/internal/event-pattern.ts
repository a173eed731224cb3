import { Lazy, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { BackboneError } from './errors';
import * as limits from './limits';
import { warn } from './warnings';
import { adviceOn } from '../pattern/advice';
import { InvalidEventPatternError } from '../pattern/errors';
import type { PatternModel } from '../pattern/model';
import { parsePartOfPattern } from '../pattern/parse-pattern';

/** The fields of a pattern that CDK users know from `EventPattern`, under the wire's names. */
export interface PatternFields {
  readonly source?: string[];
  readonly detailType?: string[];
  readonly detail?: { [key: string]: any };
  readonly account?: string[];
  readonly region?: string[];
  readonly resources?: string[];
}

export type WirePattern = { [field: string]: any };

/** Matches every event: the shortest condition that EventBridge takes. */
export const MATCH_ALL: WirePattern = { source: [{ prefix: '' }] };

/** Matches events that no replay has brought. */
export const NOT_REPLAYED: WirePattern = { 'replay-name': [{ exists: false }] };

/** The condition under the wire's names; fields that were not given are left out. */
export function toWire(fields: PatternFields): WirePattern {
  const wire: WirePattern = {
    source: fields.source,
    'detail-type': fields.detailType,
    detail: fields.detail,
    account: fields.account,
    region: fields.region,
    resources: fields.resources,
  };
  return Object.fromEntries(Object.entries(wire).filter(([, value]) => value !== undefined));
}

/**
 * A pattern as it will stand in the template: Match objects and tokens resolved, `null` in lists restored, keys in a
 * fixed order.
 *
 * What survives as an intrinsic is unknown until deployment and is left alone.
 */
export function resolvePattern(scope: IConstruct, pattern: WirePattern): WirePattern {
  return ordered(Stack.of(scope).resolve(withNulls(pattern)));
}

/**
 * A pattern as an L1 takes it. Where values are known at deployment only, it stays unresolved until synthesis: a
 * reference to another stack must become one, not a logical id of this stack.
 */
export function renderPattern(pattern: WirePattern, resolved: WirePattern): any {
  return hasIntrinsic(resolved) ? Lazy.any({ produce: () => ordered(withNulls(pattern)) }) : resolved;
}

/** Whether anything in a resolved value is known at deployment only. */
export function hasIntrinsic(resolved: unknown): boolean {
  if (isIntrinsic(resolved)) return true;
  return typeof resolved === 'object' && resolved !== null && Object.values(resolved).some(hasIntrinsic);
}

/** The number of characters of a resolved pattern, and whether deploy-time values make that a guess. */
export function patternLength(resolved: WirePattern): { length: number; exact: boolean } {
  let exact = true;
  const text = JSON.stringify(resolved, (_, value) => {
    if (!isIntrinsic(value)) return value;
    exact = false;
    return '';
  });
  return { length: text.length, exact };
}

/**
 * Refuses a resolved pattern that EventBridge would refuse, and warns of one that is surely wrong. What is known at
 * deployment only is taken to be right.
 *
 * @param at where it was given, for the message
 */
export function checkPattern(scope: IConstruct, resolved: WirePattern, at: string): PatternModel {
  const { length, exact } = patternLength(resolved);
  const about = exact ? '' : ' (without deploy-time values)';
  if (length > limits.EVENT_PATTERN_MAX_LENGTH) {
    throw new BackboneError(
      'EventPatternTooLong',
      `${at} has ${length} characters${about}, EventBridge takes ${limits.EVENT_PATTERN_MAX_LENGTH} at most: use prefixes instead of lists, or several rules`,
      scope,
    );
  }
  const model = parsed(scope, resolved, at);
  if (length > limits.EVENT_PATTERN_LENGTH) {
    warn(
      scope,
      'EventPattern.overQuota',
      `${at} has ${length} characters${about}; the default quota is ${limits.EVENT_PATTERN_LENGTH}. Shorten it, or have the quota raised (up to ${limits.EVENT_PATTERN_MAX_LENGTH}) before deploying`,
    );
  }
  for (const { id, path, message } of adviceOn(model)) warn(scope, `EventPattern.${id}`, `${at}${path}: ${message}`);
  return model;
}

/** Reads a resolved pattern; what is known at deployment only stays open. */
export function parseResolved(resolved: WirePattern): PatternModel {
  return parsePartOfPattern(resolved, isIntrinsic);
}

function parsed(scope: IConstruct, resolved: WirePattern, at: string): PatternModel {
  try {
    return parseResolved(resolved);
  } catch (error) {
    if (!(error instanceof InvalidEventPatternError)) throw error;
    throw new BackboneError('EventPatternInvalid', `${at}${error.path}: ${error.problem}. ${error.remedy}`, scope);
  }
}

/** Whether a field of the envelope is named anywhere at its top level: directly, or in a branch of `$or`. */
export function namesField(pattern: WirePattern, field: string): boolean {
  return Object.entries(pattern).some(
    ([key, value]) =>
      key.split('.')[0] === field ||
      (key === '$or' && Array.isArray(value) && value.some((branch) => isObject(branch) && namesField(branch, field))),
  );
}

/** The paths of the fields with conditions, those in branches of `$or` too. */
export function leavesOf(pattern: WirePattern): string[] {
  return Object.entries(pattern).flatMap(([key, value]) => {
    if (key === '$or' && Array.isArray(value)) {
      return value.flatMap((branch) => (isObject(branch) ? leavesOf(branch) : []));
    }
    return isObject(value) && !isIntrinsic(value) ? leavesOf(value).map((leaf) => `${key}.${leaf}`) : [key];
  });
}

/** Other languages deliver `null` in a list as `undefined`, which the CDK would drop. */
function withNulls(value: unknown): any {
  if (Array.isArray(value)) {
    if (Token.isUnresolved(value)) return value;
    return value.map((item) => (item === undefined ? null : withNulls(item)));
  }
  if (isObject(value) && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withNulls(inner)]));
  }
  return value;
}

/**
 * One order for one meaning, since other languages have maps without an order.
 *
 * `$or` goes last: of a field that stands outside and in a branch EventBridge takes the one written last, and the
 * branch is meant. Where somebody wrote such a field behind its `$or`, the order is left as it is.
 */
function ordered(value: any): any {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value) || isIntrinsic(value)) return value;
  const keys = Object.keys(value);
  const or = keys.indexOf('$or');
  const repeatedAfterOr =
    or >= 0 && keys.slice(or + 1).some((key) => namesField({ $or: value.$or }, key.split('.')[0]));
  const inOrder = repeatedAfterOr ? keys : [...keys.filter((key) => key !== '$or').sort(), ...(or >= 0 ? ['$or'] : [])];
  return Object.fromEntries(inOrder.map((key) => [key, ordered(value[key])]));
}

function isObject(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIntrinsic(value: unknown): boolean {
  if (Token.isUnresolved(value)) return true;
  if (!isObject(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}
