import type { AnythingButMatcher, Conjunction, FieldCondition, Matcher, PatternModel, StringMatcher } from './model';
import { overlapOf } from './overlap';
import { MAX_WILDCARD_COMPLEXITY } from './parse-pattern';
import { RuleSet } from './rule-set';
import { wildcardComplexity } from './wildcard-complexity';
import { inWords } from './words';

/** What is surely wrong with a valid pattern, as a name that stays the same between versions. */
export type PatternWarningId =
  | 'accountNumber'
  | 'anythingButRepeated'
  | 'detailType'
  | 'excludesNobody'
  | 'literalStar'
  | 'neverMatches'
  | 'selfContradicting'
  | 'wildcardsWithOr';

/** Why a pattern that EventBridge takes will hardly do what is meant. */
export interface PatternWarning {
  readonly id: PatternWarningId;
  /** Where in the pattern, as a JSON pointer; empty for the pattern as a whole. */
  readonly path: string;
  /** What happens, and the remedy. */
  readonly message: string;
}

/** Names that people give to `detail-type`. */
const DETAIL_TYPE = /^detail[._ ]?types?$/i;

/** Fields that hold names, in which nobody puts a star. */
const NAMES = new Set(['source', 'detail-type']);

/** Looks for what is legal and surely wrong. */
export function adviceOn(model: PatternModel): PatternWarning[] {
  const warnings: PatternWarning[] = [];
  const seen = new Set<string>();
  for (const field of model.conjunctions.flat()) {
    if (seen.has(field.pointer)) continue;
    seen.add(field.pointer);
    warnings.push(...adviceOnField(field));
  }
  warnings.push(...selfContradictions(model));
  if (wildcardComplexity(model.conjunctions, 'each') > MAX_WILDCARD_COMPLEXITY) {
    const message =
      'EventBridge may find it too complex: each combination that "$or" makes adds the wildcards of a field again. Use "prefix" or "suffix" beside "$or", or several rules';
    warnings.push({ id: 'wildcardsWithOr', path: '', message });
  }
  // One reason for it is enough.
  if (
    !warnings.some(({ id }) => id === 'accountNumber' || id === 'detailType') &&
    !model.conjunctions.some(isPlainlyPossible) &&
    overlapOf(model, EVERY_EVENT).answer === 'no'
  ) {
    const message =
      'no event can match: a field can never have such a value. Fields of the envelope hold one string each, and but for replay-name they are always there';
    warnings.push({ id: 'neverMatches', path: '', message });
  }
  return warnings;
}

function adviceOnField({ path, pointer, anyOf }: FieldCondition): PatternWarning[] {
  const warnings: PatternWarning[] = [];
  const warn = (id: PatternWarningId, message: string): void => {
    warnings.push({ id, path: pointer, message });
  };
  const top = path.split('.')[0];
  if (top !== 'detail-type' && DETAIL_TYPE.test(top)) {
    warn('detailType', `events have no field ${JSON.stringify(top)}: write "detail-type"`);
  }
  const anythingBut = anyOf.filter((matcher) => matcher.operator === 'anything-but');
  const strings = new Set(anythingBut.flatMap((matcher) => matcher.but).map((but) => JSON.stringify(but)));
  if (anythingBut.length > 1 && strings.size > 1) {
    warn(
      'anythingButRepeated',
      `"anything-but" stands ${anythingBut.length} times in one list, of which one is enough: nearly every value matches. Put the values into one list: { "anything-but": [a, b] }`,
    );
  }
  const starred = NAMES.has(path) && anyOf.find((m) => m.operator === 'exactly' && m.value.includes('*'));
  if (starred) {
    const text = JSON.stringify((starred as StringMatcher).value);
    warn('literalStar', `${text} has a star, which stands for itself: write { "wildcard": ${text} }, or a prefix`);
  }
  if (path === 'account') {
    const numbers = anyOf.flatMap(numbersIn);
    if (numbers.length > 0) {
      warn(
        'accountNumber',
        `account ${numbers[0]} is a number, events carry it as a string: write "${numbers[0].padStart(12, '0')}"`,
      );
    } else if (anythingBut.length === 1 && excludesNobody({ path, pointer, anyOf })) {
      warn(
        'excludesNobody',
        `${anyOf.map(inWords).join(' or ')} takes every account: an account is 12 digits, as a string, and the entries of a list are alternatives`,
      );
    }
  }
  return warnings;
}

function numbersIn(matcher: Matcher): string[] {
  if (matcher.operator === 'number') return [matcher.text];
  if (matcher.operator === 'numeric') return [/-?[0-9.eE+]+/.exec(matcher.text)![0]];
  return matcher.operator === 'anything-but'
    ? matcher.but.flatMap((but) => (but.operator === 'number' ? [but.text] : []))
    : [];
}

/** Whether an event matches that has some string in each field: so it is with most patterns. */
function isPlainlyPossible(fields: Conjunction): boolean {
  return fields.every(
    ({ path, anyOf }) => (PLAIN_STRINGS.has(path) || path.startsWith('detail.')) && anyOf.some(takesSomeString),
  );
}

const PLAIN_STRINGS = new Set(['account', 'detail-type', 'region', 'resources', 'source']);

function takesSomeString(matcher: Matcher): boolean {
  switch (matcher.operator) {
    case 'exactly':
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case':
      return true;
    case 'anything-but':
      return matcher.but.every(({ operator }) => operator === 'exactly');
    default:
      return false;
  }
}

/** Whether a condition with `anything-but` takes every account id. */
function excludesNobody(field: FieldCondition): boolean {
  if (field.anyOf.some((matcher) => matcher.operator === 'unknown')) return false;
  const [first] = field.anyOf;
  if (first.operator === 'anything-but' && field.anyOf.length === 1 && first.but.some(isAccount)) return false;
  const rules = new RuleSet([''], [{ conjunctions: [[field]] }]);
  const excluded = field.anyOf.flatMap((matcher) =>
    matcher.operator === 'anything-but' ? matcher.but.flatMap(accountLike) : [],
  );
  return excluded.every((account) => rules.matches({ account }).length > 0);
}

function isAccount(but: AnythingButMatcher['but'][number]): boolean {
  return but.operator === 'exactly' && /^[0-9]{12}$/.test(but.value);
}

/** An account id that an operand of `anything-but` keeps out, if there is one. */
function accountLike(but: AnythingButMatcher['but'][number]): string[] {
  if (but.operator === 'number') return [];
  let id = but.value;
  if (but.operator === 'prefix') {
    id = id.padEnd(12, '0');
  } else if (but.operator === 'suffix') {
    id = id.padStart(12, '0');
  } else if (but.operator === 'wildcard') {
    const [first, ...rest] = but.parts;
    const end = rest.join('');
    id = rest.length === 0 ? first : first + end.padStart(12 - first.length, '0');
  }
  return /^[0-9]{12}$/.test(id) ? [id] : [];
}

const EVERY_EVENT: PatternModel = {
  conjunctions: [[{ path: 'source', pointer: '/source', anyOf: [{ operator: 'prefix', value: '' }] }]],
};

/**
 * Conditions of which EventBridge's own engine is known to lose some, because they share its states: those of one field,
 * and combinations of `$or` that it takes for one.
 */
function selfContradictions(model: PatternModel): PatternWarning[] {
  const confused = confusedBranches(model);
  if (confused) {
    const message =
      'two combinations of "$or" name the same fields with lists that differ and share a value: EventBridge\'s engine is known to overlook the later one. Put the values into one list, or use two rules';
    return [{ id: 'selfContradicting', path: confused.pointer, message }];
  }
  const byPath = new Map<string, FieldCondition[]>();
  for (const field of model.conjunctions.flat()) byPath.set(field.path, [...(byPath.get(field.path) ?? []), field]);
  return [...byPath.values()].flatMap((fields) => {
    const matchers = fields.flatMap((field) => field.anyOf);
    const reason = CONTRADICTIONS.find(([, applies]) => applies(matchers))?.[0];
    if (!reason) return [];
    const message = `${reason} in the conditions of one field: EventBridge's engine is known to overlook matches there. Use two rules`;
    return [{ id: 'selfContradicting' as const, path: fields[0].pointer, message }];
  });
}

/** Combinations that are looked at in pairs. */
const MAX_BRANCHES = 100;

/** A field of a combination that shares a value with an earlier one in every field, and is not the same. */
function confusedBranches({ conjunctions }: PatternModel): FieldCondition | undefined {
  const branches = conjunctions.slice(0, MAX_BRANCHES).map((fields) => ({
    fields,
    paths: JSON.stringify(fields.map((field) => field.path)),
    values: fields.map((field) => new Set(field.anyOf.map((matcher) => JSON.stringify(matcher)))),
  }));
  for (const [i, { fields, paths, values }] of branches.entries()) {
    for (const earlier of branches.slice(0, i)) {
      if (earlier.paths !== paths) continue;
      const shares = values.every((some, at) => [...some].some((value) => earlier.values[at].has(value)));
      const more = values.findIndex((some, at) => [...some].some((value) => !earlier.values[at].has(value)));
      if (shares && more >= 0) return fields[more];
    }
  }
  return undefined;
}

const CONTRADICTIONS: Array<[string, (matchers: Matcher[]) => boolean]> = [
  [
    'an address beside a number',
    (matchers) =>
      matchers.some(({ operator }) => operator === 'cidr') && matchers.some((matcher) => numbersIn(matcher).length > 0),
  ],
  [
    'a wildcard that begins with a star beside "equals-ignore-case"',
    (matchers) => matchers.some(beginsWithStar) && matchers.some(ignoresCase),
  ],
];

function beginsWithStar(matcher: Matcher): boolean {
  if (matcher.operator === 'wildcard') return matcher.parts.length > 1 && matcher.parts[0] === '';
  return matcher.operator === 'anything-but' && matcher.but.some(beginsWithStar);
}

function ignoresCase(matcher: Matcher): boolean {
  if (matcher.operator === 'anything-but') return matcher.but.some(ignoresCase);
  return matcher.operator === 'equals-ignore-case' || ('ignoreCase' in matcher && matcher.ignoreCase === true);
}
