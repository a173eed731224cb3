import { blockOf, parseAddress } from './addresses';
import { comparable } from './decimals';
import { type EventPatternErrorCode, InvalidEventPatternError, positionIn } from './errors';
import {
  type JsonArray,
  type JsonNode,
  type JsonObject,
  JsonTextError,
  type JsonUnknown,
  parseJsonText,
} from './json-text';
import type { AnythingButMatcher, FieldCondition, Matcher, NumericMatcher, PatternModel, StringMatcher } from './model';

/** Loaded when they are needed. */
const later = {
  jsonValue: () => require('./json-value') as typeof import('./json-value'),
  wildcardComplexity: () => require('./wildcard-complexity') as typeof import('./wildcard-complexity'),
  wildcards: () => require('./wildcards') as typeof import('./wildcards'),
};

/** Characters of a pattern that EventBridge takes, where the quota has been raised as far as it goes. */
export const MAX_PATTERN_LENGTH = 4096;

/** Conjunctions that the `$or` of a pattern may multiply to. */
export const MAX_CONJUNCTIONS = 1000;

/** Fields that one conjunction may have. */
export const MAX_FIELDS = 256;

/** The complexity of the wildcards of one field from which on EventBridge answers "Rule is too complex". */
export const MAX_WILDCARD_COMPLEXITY = 10;

const OPERATORS = [
  'exactly',
  'prefix',
  'suffix',
  'equals-ignore-case',
  'wildcard',
  'anything-but',
  'numeric',
  'cidr',
  'exists',
];

/** Names that EventBridge keeps for itself inside of `$or`. */
const RESERVED_IN_OR = new Set([
  ...OPERATORS,
  ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
  ...['ip-address-in-range', 'ip-address-not-in-range'],
]);

/** The order in which the fields of a conjunction stand. */
export function byPath(a: FieldCondition, b: FieldCondition): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/**
 * Reads a pattern, and refuses what EventBridge refuses.
 *
 * @param pattern JSON text, or the value that such a text stands for
 * @throws InvalidEventPatternError
 */
export function parsePattern(pattern: unknown): PatternModel {
  return new PatternParser(typeof pattern === 'string' ? pattern : undefined, () => false).parse(pattern);
}

/**
 * Reads a pattern of which parts are not known yet: those are taken to be right, and its length is not looked at.
 *
 * @throws InvalidEventPatternError
 */
export function parsePartOfPattern(pattern: object, isUnknown: (part: unknown) => boolean): PatternModel {
  return new PatternParser(undefined, isUnknown, false).parse(pattern);
}

type Branch = Map<string, FieldCondition>;

const UNKNOWN: Matcher = { operator: 'unknown' };

class PatternParser {
  /** What EventBridge refuses only where no later list for the same field replaces it. */
  private readonly refusals = new Map<Matcher, () => never>();
  private hasWildcards = false;

  constructor(
    private readonly text: string | undefined,
    private readonly isUnknown: (part: unknown) => boolean,
    private readonly isWhole = true,
  ) {}

  public parse(pattern: unknown): PatternModel {
    const length = this.text?.length ?? 0;
    if (length > MAX_PATTERN_LENGTH) this.tooLong(length);
    const root = this.text === undefined ? this.ofValue(pattern) : this.ofText(this.text);
    if (root.type !== 'object') {
      this.fail('NotAnObject', '', root, `${show(root)} is not an object`, 'Write { "field": [conditions] }.');
    }
    const branches = this.fields(root, '', [], [], false);
    const most = Math.max(...branches.map((branch) => branch.size));
    if (most > MAX_FIELDS) {
      const remedy = 'Ask for fewer fields, or use several rules.';
      this.fail(
        'TooManyFields',
        '',
        root,
        `${most} fields, more than the ${MAX_FIELDS} that EventBridge takes`,
        remedy,
      );
    }
    const conjunctions = branches.map((branch) => [...branch.values()].sort(byPath));
    for (const { anyOf } of conjunctions.flat()) for (const matcher of anyOf) this.refusals.get(matcher)?.();
    const complexity = this.hasWildcards ? later.wildcardComplexity().wildcardComplexity(conjunctions, 'once') : 0;
    if (complexity > MAX_WILDCARD_COMPLEXITY) {
      this.fail(
        'WildcardTooComplex',
        '',
        root,
        `wildcards of complexity ${complexity}, more than the ${MAX_WILDCARD_COMPLEXITY} that EventBridge takes`,
        'Use fewer stars, fewer wildcards in one list, texts between stars that do not repeat; or "prefix" and "suffix".',
      );
    }
    return { conjunctions };
  }

  private ofText(text: string): JsonNode {
    try {
      return parseJsonText(text);
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
      throw new InvalidEventPatternError({
        code: error.tooDeep ? 'TooDeep' : 'NotJson',
        path: '',
        problem: error.message,
        remedy: 'An event pattern is a JSON object.',
        position: positionIn(text, error.offset),
      });
    }
  }

  private ofValue(value: unknown): JsonNode {
    const fail = (code: EventPatternErrorCode, path: string, problem: string, remedy: string): never => {
      throw new InvalidEventPatternError({ code, path, problem, remedy });
    };
    const node = later.jsonValue().nodeOf(value, fail, this.isUnknown);
    const length = this.isWhole ? (JSON.stringify(value)?.length ?? 0) : 0;
    if (length > MAX_PATTERN_LENGTH) this.tooLong(length);
    return node;
  }

  private tooLong(length: number): never {
    throw new InvalidEventPatternError({
      code: 'TooLong',
      path: '',
      problem: `${length} characters, more than the ${MAX_PATTERN_LENGTH} that EventBridge takes`,
      remedy: 'Use prefixes instead of lists, or several rules.',
    });
  }

  private fail(code: EventPatternErrorCode, path: string, node: JsonNode, problem: string, remedy: string): never {
    const position = this.text === undefined ? undefined : positionIn(this.text, node.at);
    throw new InvalidEventPatternError({ code, path, problem, remedy, position });
  }

  /**
   * Adds the fields of an object to each branch. Where a field is named twice, the later one counts.
   *
   * @param steps the keys to the object
   */
  private fields(object: JsonObject, pointer: string, steps: string[], given: Branch[], insideOr: boolean): Branch[] {
    if (object.entries.length === 0) {
      this.fail(
        'EmptyObject',
        pointer,
        object,
        'an empty object, which EventBridge refuses',
        'Name a field, or leave the object out; { "source": [{ "prefix": "" }] } takes every event.',
      );
    }
    let branches = given;
    for (const { key, at, value } of object.entries) {
      const here = `${pointer}/${escaped(key)}`;
      if (key === '$or') {
        branches = this.or(value, here, steps, branches);
        continue;
      }
      if (insideOr && RESERVED_IN_OR.has(key)) {
        const remedy = 'Inside of "$or" stand objects of fields: { "field": [{ operator: operand }] }.';
        this.fail(
          'WrongOr',
          here,
          { ...value, at } as JsonNode,
          `${JSON.stringify(key)} is no name for a field inside of "$or"`,
          remedy,
        );
      }
      if (value.type === 'object') {
        branches = this.fields(value, here, [...steps, key], branches, insideOr);
      } else if (value.type === 'array' || value.type === 'unknown') {
        const condition = this.condition(value, here, joined(steps, key));
        if (branches.length === 0) branches = [new Map()];
        for (const branch of branches) branch.set(condition.path, condition);
      } else {
        this.fail(
          'NotAList',
          here,
          value,
          `${show(value)} is neither a list nor an object`,
          `Write a list of what the field may be: [${show(value)}].`,
        );
      }
    }
    return branches;
  }

  private or(value: JsonNode, pointer: string, steps: string[], given: Branch[]): Branch[] {
    const remedy = '"$or" holds a list of at least two objects of fields, of which one must match.';
    if (value.type !== 'array') this.fail('WrongOr', pointer, value, `${show(value)} is not a list`, remedy);
    const branches: Branch[] = [];
    value.items.forEach((item, i) => {
      const here = `${pointer}/${i}`;
      if (item.type !== 'object') this.fail('WrongOr', here, item, `${show(item)} is not an object`, remedy);
      const copies = given.length === 0 ? [new Map()] : given.map((branch) => new Map(branch));
      branches.push(...this.fields(item, here, steps, copies, true));
      if (branches.length > MAX_CONJUNCTIONS) {
        this.fail(
          'TooManyBranches',
          pointer,
          value,
          `the "$or" of this pattern multiply to more than ${MAX_CONJUNCTIONS} combinations`,
          'Use lists of values where one field differs, or several rules.',
        );
      }
    });
    if (value.items.length < 2) {
      this.fail('WrongOr', pointer, value, `${show(value)} is a list of ${value.items.length}`, remedy);
    }
    return branches;
  }

  private condition(list: JsonArray | JsonUnknown, pointer: string, path: string): FieldCondition {
    if (list.type === 'unknown') return { path, pointer, anyOf: [UNKNOWN] };
    if (list.items.length === 0) {
      this.fail(
        'EmptyList',
        pointer,
        list,
        'an empty list, which EventBridge refuses',
        'List what the field may be, or leave it out; [{ "exists": false }] asks for its absence.',
      );
    }
    const anyOf = list.items.map((item, i) => this.matcher(item, `${pointer}/${i}`));
    return { path, pointer, anyOf };
  }

  private matcher(node: JsonNode, pointer: string): Matcher {
    switch (node.type) {
      case 'unknown':
        return UNKNOWN;
      case 'string': {
        const address = parseAddress(node.value);
        return address === undefined
          ? { operator: 'exactly', value: node.value }
          : { operator: 'address', text: node.value, block: { bottom: address, top: address } };
      }
      case 'number':
        return { operator: 'number', text: node.text, value: comparable(node.text) };
      case 'true':
      case 'false':
      case 'null':
        return { operator: node.type };
      case 'array':
        return this.fail(
          'WrongCondition',
          pointer,
          node,
          `${show(node)} is a list inside of a list`,
          'A value is a string, a number, true, false, null or { operator: operand }.',
        );
      default: {
        const { key, operand, here } = this.only(node, pointer, OPERATORS);
        return this.operator(key, operand, here);
      }
    }
  }

  /** The one operator of an object, and its operand. */
  private only(
    node: JsonObject,
    pointer: string,
    operators: string[],
  ): { key: string; operand: JsonNode; here: string } {
    const allowed = `Allowed here: ${operators.join(', ')}.`;
    if (node.entries.length === 0) this.fail('WrongCondition', pointer, node, '{} has no operator', allowed);
    const { key, at, value } = node.entries[0];
    const here = `${pointer}/${escaped(key)}`;
    if (!operators.includes(key)) {
      const nearest = nearestOf(key, operators);
      this.fail(
        'UnknownOperator',
        here,
        { ...value, at },
        `${JSON.stringify(key)} is no operator${operators === OPERATORS ? '' : ' that can stand here'}`,
        nearest ? `Did you mean ${JSON.stringify(nearest)}? ${allowed}` : allowed,
      );
    }
    if (node.entries.length > 1) {
      const others = node.entries.slice(1).map((entry) => JSON.stringify(entry.key));
      this.fail(
        'OneOperatorOnly',
        pointer,
        node,
        `${show(node)} has ${others.join(', ')} beside ${JSON.stringify(key)}`,
        'Write one object for each operator; the entries of a list are alternatives.',
      );
    }
    return { key, operand: value, here };
  }

  private operator(operator: string, operand: JsonNode, pointer: string): Matcher {
    if (holdsUnknown(operand)) {
      const known = operand.type === 'array' ? operand.items.filter((item) => !holdsUnknown(item)) : [];
      if (operator === 'anything-but' && known.length > 0) {
        this.anythingBut({ ...operand, items: known } as JsonArray, pointer);
      }
      return UNKNOWN;
    }
    switch (operator) {
      case 'prefix':
      case 'suffix': {
        if (operand.type !== 'object') return { operator, value: this.string(operand, pointer) };
        const inner = this.only(operand, pointer, ['equals-ignore-case']);
        return { operator, value: this.string(inner.operand, inner.here), ignoreCase: true };
      }
      case 'exactly':
      case 'equals-ignore-case':
        return { operator, value: this.string(operand, pointer) };
      case 'wildcard':
        return this.wildcard(operand, pointer);
      case 'anything-but':
        return this.anythingBut(operand, pointer);
      case 'numeric':
        return this.numeric(operand, pointer);
      case 'cidr':
        return this.cidr(operand, pointer);
      default: {
        if (operand.type !== 'true' && operand.type !== 'false') {
          this.fail(
            'WrongOperand',
            pointer,
            operand,
            `${show(operand)} is not a boolean`,
            '"exists" takes true or false.',
          );
        }
        return { operator: 'exists', present: operand.type === 'true' };
      }
    }
  }

  private string(node: JsonNode, pointer: string): string {
    if (node.type === 'string') return node.value;
    const operator = JSON.stringify(pointer.slice(pointer.lastIndexOf('/') + 1));
    const remedy =
      node.type === 'array'
        ? `${operator} takes one string here; for several, write one object for each.`
        : `${operator} takes a string.`;
    return this.fail('WrongOperand', pointer, node, `${show(node)} is not a string`, remedy);
  }

  private wildcard(node: JsonNode, pointer: string): Matcher & { operator: 'wildcard' } {
    this.hasWildcards = true;
    const value = this.string(node, pointer);
    const parts = later.wildcards().wildcardParts(value);
    if (!Array.isArray(parts)) {
      this.fail(
        'WrongWildcard',
        pointer,
        node,
        `${show(node)} has ${parts.problem}, at character ${parts.at + 1}`,
        '"*" is any run of characters, the empty one too; write "\\*" for a star and "\\\\" for a backslash.',
      );
    }
    return { operator: 'wildcard', value, parts };
  }

  private anythingBut(node: JsonNode, pointer: string): AnythingButMatcher {
    const allowed =
      '"anything-but" takes strings or numbers, one or a list of one kind, or { prefix, suffix, equals-ignore-case or wildcard: one string or a list }.';
    if (node.type === 'object') {
      const { key, operand, here } = this.only(node, pointer, ['prefix', 'suffix', 'equals-ignore-case', 'wildcard']);
      const values = operand.type === 'array' ? operand.items : [operand];
      const but = values.map((value, i) => {
        const at = operand.type === 'array' ? `${here}/${i}` : here;
        if (value.type !== 'string') {
          this.fail(
            'WrongOperand',
            at,
            value,
            `${show(value)} is not a string`,
            `"${key}" takes a string or a list of strings here.`,
          );
        }
        if (key === 'wildcard') return this.wildcard(value, at);
        if (value.value === '' && key !== 'equals-ignore-case') {
          this.fail(
            'WrongOperand',
            at,
            value,
            `an empty ${key}, which every string has`,
            'To take all but strings, name the other values there may be.',
          );
        }
        return { operator: key as StringMatcher['operator'], value: value.value };
      });
      const matcher: AnythingButMatcher = { operator: 'anything-but', but };
      if (but.length === 0) {
        this.refusals.set(matcher, () =>
          this.fail('EmptyList', here, operand, 'an empty list', `List at least one string for "${key}".`),
        );
      }
      return matcher;
    }
    const values = node.type === 'array' ? node.items : [node];
    if (values.length === 0) this.fail('EmptyList', pointer, node, 'an empty list', allowed);
    const but = values.map((value, i): AnythingButMatcher['but'][number] => {
      const at = node.type === 'array' ? `${pointer}/${i}` : pointer;
      if (value.type === 'string') return { operator: 'exactly', value: value.value };
      if (value.type === 'number') return { operator: 'number', text: value.text, value: this.number(value, at) };
      return this.fail('WrongOperand', at, value, `${show(value)} is neither a string nor a number`, allowed);
    });
    if (new Set(but.map((value) => value.operator)).size > 1) {
      this.fail('WrongOperand', pointer, node, `${show(node)} has strings and numbers in one list`, allowed);
    }
    return { operator: 'anything-but', but };
  }

  /** A number that EventBridge can compare with others. */
  private number(node: JsonNode, pointer: string): number {
    if (node.type !== 'number') {
      this.fail('WrongOperand', pointer, node, `${show(node)} is not a number`, 'Write a JSON number, without quotes.');
    }
    const value = comparable(node.text);
    if (value === undefined) {
      this.fail(
        'WrongNumber',
        pointer,
        node,
        `${show(node)} cannot be compared: no double has exactly this value`,
        'Use at most 15 significant digits, and a magnitude below 1.8e308.',
      );
    }
    return value;
  }

  private numeric(node: JsonNode, pointer: string): NumericMatcher {
    const remedy =
      '"numeric" takes [operator, number] with one of = > >= < <=, or a range with its lower bound first: [">", 0, "<=", 5].';
    if (node.type !== 'array') this.fail('WrongOperand', pointer, node, `${show(node)} is not a list`, remedy);
    const [first, bound, second, end, ...rest] = node.items;
    const operatorAt = (item: JsonNode | undefined, i: number, allowed: string[]): string => {
      if (item?.type === 'string' && allowed.includes(item.value)) return item.value;
      const problem = item ? `${show(item)} is not one of ${allowed.join(' ')}` : 'an operator is missing';
      return this.fail('WrongOperand', `${pointer}/${i}`, item ?? node, problem, remedy);
    };
    const numberAt = (item: JsonNode | undefined, i: number): number => {
      if (!item) this.fail('WrongOperand', `${pointer}/${i}`, node, 'a number is missing', remedy);
      return this.number(item, `${pointer}/${i}`);
    };
    const operator = operatorAt(first, 0, ['=', '>', '>=', '<', '<=']);
    const a = numberAt(bound, 1);
    const lower = operator === '>' || operator === '>=';
    if (rest.length > 0 || (second && !lower)) {
      this.fail('WrongOperand', pointer, node, `${show(node)} has more than one comparison or range`, remedy);
    }
    const text = node.items.map((item) => (item.type === 'string' ? item.value : show(item))).join(' ');
    if (operator === '=') return { operator: 'numeric', text, low: a, lowOpen: false, high: a, highOpen: false };
    const range = lower
      ? { low: a, lowOpen: operator === '>', high: Number.MAX_VALUE, highOpen: false }
      : { low: -Number.MAX_VALUE, lowOpen: false, high: a, highOpen: operator === '<' };
    if (second) {
      range.highOpen = operatorAt(second, 2, ['<', '<=']) === '<';
      range.high = numberAt(end, 3);
    }
    const matcher: NumericMatcher = { operator: 'numeric', text, ...range };
    const refuse = (): never =>
      this.fail('WrongOperand', pointer, node, `${text} leaves no range: its bottom is not below its top`, remedy);
    if (range.low >= range.high) {
      if (second) refuse();
      this.refusals.set(matcher, refuse);
    }
    return matcher;
  }

  private cidr(node: JsonNode, pointer: string): Matcher {
    const text = this.string(node, pointer);
    const remedy = 'Write a block of addresses as "10.0.0.0/8" (mask 0 to 31) or "2001:db8::/32" (0 to 127).';
    // EventBridge overlooks slashes at the end and a sign before the mask.
    const [, ip, mask] = /^([^/]*)\/([+-]?[0-9]+)\/*$/.exec(text) ?? [];
    if (mask === undefined) {
      this.fail('WrongAddress', pointer, node, `${show(node)} is no address with a mask`, remedy);
    }
    const address = parseAddress(ip);
    if (address === undefined) this.fail('WrongAddress', pointer, node, `${show(node)} holds no IP address`, remedy);
    const bits = Number(mask);
    if (bits < 0 || bits >= address.length * 4) {
      const hint = bits === address.length * 4 ? ` For one address, write it as a string: ${JSON.stringify(ip)}.` : '';
      this.fail('WrongAddress', pointer, node, `${show(node)} has the mask ${bits}`, remedy + hint);
    }
    return { operator: 'cidr', text, block: blockOf(address, bits) };
  }
}

/** The path to a list: the keys joined with dots, where an object without a name at the top counts for nothing. */
function joined(steps: string[], key: string): string {
  const base = steps.join('.');
  return base === '' ? key : `${base}.${key}`;
}

/** Whether a part of an operand is not known yet. */
function holdsUnknown(node: JsonNode): boolean {
  if (node.type === 'array') return node.items.some(holdsUnknown);
  return node.type === 'object' ? node.entries.some(({ value }) => holdsUnknown(value)) : node.type === 'unknown';
}

function escaped(key: string): string {
  return key.replace(/~/g, '~0').replace(/\//g, '~1');
}

/** Characters of a value that messages show. */
const SHOWN_CHARACTERS = 80;

/** A value as messages show it: JSON, cut where it is long. */
function show(node: JsonNode): string {
  if (node.type === 'unknown') return 'a value that only the deployment knows';
  const text = textOf(node, SHOWN_CHARACTERS + 1);
  if (text.length <= SHOWN_CHARACTERS) return text;
  return `${text.slice(0, SHOWN_CHARACTERS)}…${node.type === 'string' ? '"' : ''}`;
}

/** The JSON text of a value, up to some length and a little more. */
function textOf(node: JsonNode, length: number): string {
  switch (node.type) {
    case 'string':
      return JSON.stringify(node.value.slice(0, length));
    case 'number':
      return node.text.slice(0, length);
    case 'array':
      return `[${textOfList(node.items, length, (item, rest) => textOf(item, rest))}]`;
    case 'object':
      return `{${textOfList(node.entries, length, ({ key, value }, rest) => `${JSON.stringify(key)}:${textOf(value, rest)}`)}}`;
    default:
      return node.type;
  }
}

function textOfList<T>(items: T[], length: number, text: (item: T, rest: number) => string): string {
  let all = '';
  for (const item of items) {
    if (all.length > length) break;
    all += (all === '' ? '' : ',') + text(item, length - all.length);
  }
  return all;
}

/** The name that somebody who wrote another one meant, if one is near. */
function nearestOf(written: string, names: string[]): string | undefined {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');
  const known: Record<string, string> = {
    startswith: 'prefix',
    endswith: 'suffix',
    not: 'anything-but',
    equals: 'exactly',
    ignorecase: 'equals-ignore-case',
    cdir: 'cidr',
    ipaddress: 'cidr',
    regex: 'wildcard',
    number: 'numeric',
  };
  const target = plain(written.slice(0, 40));
  const meant = names.find((name) => plain(name) === target) ?? known[target];
  if (meant !== undefined) return names.includes(meant) ? meant : undefined;
  const [nearest] = names.map((name) => ({ name, far: distance(target, plain(name)) })).sort((a, b) => a.far - b.far);
  return nearest.far <= Math.max(1, Math.floor(plain(nearest.name).length / 3)) ? nearest.name : undefined;
}

/** Characters to add, drop or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
