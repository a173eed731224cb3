import { type Choice, chooseLeaves, holdTogether } from './array-consistency';
import { Condition } from './conditions';
import { BROKEN_STRING, type EventReader, NUMBER, STRING } from './event-reader';
import { type JsonNode, parseJsonText } from './json-text';
import type { Conjunction, Matcher, PatternModel } from './model';
import { PathTree } from './path-tree';
import { inWords, joinWords, shortened } from './words';

/** A value that an event has for a field. */
export interface FoundValue {
  /** Where it stands in the event, as a JSON pointer: `/detail/items/2/sku`. */
  readonly pointer: string;
  /** The value as JSON, cut where it is long. */
  readonly value: string;
  /** Whether one of the conditions accepts it. */
  readonly accepted: boolean;
}

/** What became of one field of a pattern. */
export interface FieldExplanation {
  /** The keys to the field, joined with dots: `detail.items.sku`. */
  readonly field: string;
  /** Where its conditions stand in the pattern, as a JSON pointer. */
  readonly pointer: string;
  readonly holds: boolean;
  /**
   * Where the value stands in the event that meets it, as a JSON pointer; if the pattern matches, the one that was chosen
   * together with those of the other fields. Undefined if it does not hold, or if absence meets it.
   */
  readonly matchedAt?: string;
  /** The values that the event has for it, in the order of the event; none if it is absent. */
  readonly found: FoundValue[];
  /** Each of its conditions in words, of which one must hold. */
  readonly conditions: string[];
  /** The whole in a sentence. */
  readonly text: string;
}

/** What became of one of the combinations that the `$or` of a pattern make; without `$or` there is one. */
export interface BranchExplanation {
  readonly matches: boolean;
  readonly fields: FieldExplanation[];
  /**
   * The fields that hold, each by itself, but in different elements of an array: a sentence. Absent if that is not why.
   */
  readonly elements?: string;
}

/** Why an event matches a pattern, or does not. */
export class Explanation {
  constructor(
    public readonly matches: boolean,
    /** The combinations of `$or`, the nearest to a match first. */
    public readonly branches: BranchExplanation[],
  ) {}

  /** A line for each field that matched, or that did not; the nearest combination of `$or` first. */
  public get lines(): string[] {
    const several = this.branches.length > 1;
    return this.branches.slice(0, this.matches ? 1 : MAX_BRANCHES).flatMap((branch, i) => {
      const title = several && !this.matches ? [`${i === 0 ? 'nearest way' : 'another way'} through "$or":`] : [];
      const fields = branch.fields.filter((field) => field.holds === this.matches).map((field) => field.text);
      const lines = [...fields, ...(branch.elements === undefined ? [] : [branch.elements])];
      return [...title, ...lines.map((line) => (title.length > 0 ? `  ${line}` : line))];
    });
  }

  public toString(): string {
    return [this.matches ? 'matches' : 'does not match', ...this.lines.map((line) => `  ${line}`)].join('\n');
  }
}

/** Combinations of `$or` that are put in words. */
const MAX_BRANCHES = 3;

/** Values of one field that are put in words. */
const MAX_VALUES = 5;

/** Makes a pattern ready to say why. */
export class Explainer {
  private readonly tree: PathTree;
  private readonly branches: Condition[][];

  constructor(model: PatternModel) {
    const paths = [...new Set(model.conjunctions.flat().map((field) => field.path))];
    this.tree = new PathTree(paths);
    this.branches = model.conjunctions.map((fields: Conjunction) =>
      fields.map((field) => new Condition(paths.indexOf(field.path), field)),
    );
  }

  public explain(event: unknown, reader: EventReader): Explanation {
    reader.read(event, this.tree);
    const pointers = pointersOf(parseJsonText(reader.text), this.tree);
    const branches = this.branches
      .map((conditions) => branchOf(conditions, reader, pointers))
      .map((branch, order) => ({ branch, order, failed: failuresOf(branch) }))
      .sort((a, b) => a.failed - b.failed || a.order - b.order)
      .map(({ branch }) => branch);
    return new Explanation(branches[0].matches, branches);
  }
}

function failuresOf(branch: BranchExplanation): number {
  if (branch.matches) return 0;
  return branch.fields.filter((field) => !field.holds).length + (branch.elements === undefined ? 0 : 0.5);
}

function branchOf(conditions: Condition[], reader: EventReader, pointers: string[][]): BranchExplanation {
  const choices = conditions.map((condition) => ({
    path: condition.path,
    mayBeAbsent: condition.mayBeAbsent,
    accepted: condition.acceptedLeaves(reader),
  }));
  const chosen = chooseLeaves(choices, reader);
  if (chosen) {
    const fields = conditions.map((condition, i) => new FieldWords(condition, reader, pointers).whyItHolds(chosen[i]));
    return { matches: true, fields };
  }
  const fields = conditions.map((condition, i) => {
    const words = new FieldWords(condition, reader, pointers);
    return couldHold(choices, i, reader) ? words.whyItHolds(choices[i].accepted[0] ?? -1) : words.whyNot();
  });
  if (fields.some((field) => !field.holds)) return { matches: false, fields };
  const places = fields
    .filter((_, i) => inElement(conditions[i], reader))
    .map(({ field, found }) => {
      const accepted = found.filter((value) => value.accepted).map((value) => value.pointer);
      return accepted.length === 0 ? `${field} absent` : `${field} at ${joinWords(accepted, 'and')}`;
    });
  const elements = `each field holds, but not in one element of an array: ${places.join('; ')}`;
  return { matches: false, fields, elements };
}

/** Whether the condition with this number can hold, as far as that is its own affair. */
function couldHold(choices: Choice[], number: number, reader: EventReader): boolean {
  const choice = choices[number];
  if (!choice.mayBeAbsent) return choice.accepted.length > 0;
  if (choice.accepted.length > 0 || reader.first[choice.path] < 0) return true;
  // What elements others choose decides whether it is absent there.
  const met = choices.filter(({ mayBeAbsent, accepted }) => !mayBeAbsent && accepted.length > 0);
  const holdsWith = (others: Choice[]): boolean =>
    holdTogether(
      choices.filter((one) => one === choice || others.includes(one)),
      reader,
    );
  return holdTogether(met, reader) ? holdsWith(met) : met.some((other) => holdsWith([other]));
}

function inElement(condition: Condition, reader: EventReader): boolean {
  for (let leaf = reader.first[condition.path]; leaf >= 0; leaf = reader.next[leaf]) {
    if (reader.element[leaf] !== 0) return true;
  }
  return false;
}

/** Says what became of one field. */
class FieldWords {
  private readonly leaves: number[] = [];
  private readonly found: FoundValue[] = [];
  private readonly conditions: string[];

  constructor(
    private readonly condition: Condition,
    private readonly reader: EventReader,
    pointers: string[][],
  ) {
    const { path, source } = condition;
    for (let leaf = reader.first[path]; leaf >= 0; leaf = reader.next[leaf]) {
      const isString = reader.kind[leaf] === STRING || reader.kind[leaf] === BROKEN_STRING;
      const value = shortened(reader.textOfLeaf(leaf), isString);
      const pointer = pointers[path][this.leaves.length];
      this.found.push({ pointer, value, accepted: condition.accepts(reader, leaf) });
      this.leaves.push(leaf);
    }
    this.conditions = source.anyOf.map(inWords);
  }

  /** @param leaf the leaf that meets the condition, or -1 for absence */
  public whyItHolds(leaf: number): FieldExplanation {
    const { found } = this;
    const { path, pointer } = this.condition.source;
    const shared = { field: path, pointer, holds: true, found, conditions: this.conditions };
    if (leaf < 0) {
      return { ...shared, text: `${path} is absent${found.length > 0 ? ' where the other fields are' : ''}` };
    }
    const { value, pointer: matchedAt } = found[this.leaves.indexOf(leaf)];
    const test = this.condition.tests.find((one) => one.accepts(this.reader, leaf))!;
    const words = inWords(test.matcher);
    const what = words === value || words === `the number ${value}` ? '' : `: ${words}`;
    return { ...shared, matchedAt, text: `${path} is ${value}${found.length > 1 ? ` at ${matchedAt}` : ''}${what}` };
  }

  public whyNot(): FieldExplanation {
    const { found, conditions } = this;
    const { path, pointer, anyOf } = this.condition.source;
    const wanted = joinWords(conditions, 'or');
    const it = found.length < 2 || wanted === 'absent' ? 'it' : 'one';
    const text = `${path} is ${this.values()}${hint(anyOf, this.leaves, this.reader)}; ${it} should be ${wanted}`;
    return { field: path, pointer, holds: false, found, conditions, text };
  }

  private values(): string {
    const { found } = this;
    if (found.length === 0) return 'absent';
    if (found.length === 1) return found[0].value;
    const values = found.slice(0, MAX_VALUES).map((value) => `${value.value} at ${value.pointer}`);
    if (found.length > MAX_VALUES) values.push(`${found.length - MAX_VALUES} more`);
    return joinWords(values, 'and');
  }
}

/** What often is behind a failure. */
function hint(anyOf: Matcher[], leaves: number[], reader: EventReader): string {
  const wantsNumbers = anyOf.every(({ operator }) => operator === 'number' || operator === 'numeric');
  const wantsStrings = anyOf.every(({ operator }) =>
    ['exactly', 'prefix', 'suffix', 'wildcard', 'equals-ignore-case'].includes(operator),
  );
  if (leaves.length === 0) return '';
  if (wantsNumbers && leaves.every((leaf) => reader.kind[leaf] === STRING)) return ', a string and no number';
  if (wantsStrings && leaves.every((leaf) => reader.kind[leaf] === NUMBER)) return ', a number and no string';
  return '';
}

/** For each path: where its leaves stand, in the order of the event. */
function pointersOf(event: JsonNode, tree: PathTree): string[][] {
  const numbers = new Map(tree.paths.map((path, number) => [path, number]));
  const pointers: string[][] = tree.paths.map(() => []);
  const visit = (node: JsonNode, path: string | undefined, pointer: string): void => {
    if (node.type === 'object') {
      for (const { key, value } of node.entries) {
        if (key === '' && !tree.emptyKeys) continue;
        const step = key.replace(/~/g, '~0').replace(/\//g, '~1');
        visit(value, path === undefined ? key : `${path}.${key}`, `${pointer}/${step}`);
      }
    } else if (node.type === 'array') {
      node.items.forEach((item, i) => visit(item, path, `${pointer}/${i}`));
    } else {
      const number = numbers.get(path!);
      if (number !== undefined) pointers[number].push(pointer);
    }
  };
  visit(event, undefined, '');
  return pointers;
}
