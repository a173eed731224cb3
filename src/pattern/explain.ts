import { holdTogether } from './array-consistency';
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
  const matches = holdTogether(
    conditions.map(({ path, mayBeAbsent }, i) => ({
      path,
      mayBeAbsent,
      accepted: conditions[i].acceptedLeaves(reader),
    })),
    reader,
  );
  const fields = conditions.map((condition) => fieldOf(condition, reader, pointers[condition.path], matches));
  if (matches || fields.some((field) => !field.holds)) return { matches, fields };
  const tried = fields.filter((_, i) => inElement(conditions[i], reader));
  const places = tried.map(({ field, found }) => {
    const accepted = found.filter((value) => value.accepted).map((value) => value.pointer);
    return `${field} at ${joinWords(accepted, 'and')}`;
  });
  const elements = `each field holds, but not in one element of an array: ${places.join('; ')}`;
  return { matches, fields, elements };
}

function inElement(condition: Condition, reader: EventReader): boolean {
  for (let leaf = reader.first[condition.path]; leaf >= 0; leaf = reader.next[leaf]) {
    if (reader.element[leaf] !== 0) return true;
  }
  return false;
}

function fieldOf(condition: Condition, reader: EventReader, pointers: string[], matches: boolean): FieldExplanation {
  const { path, pointer, anyOf } = condition.source;
  const found: FoundValue[] = [];
  const leaves: number[] = [];
  for (let leaf = reader.first[condition.path]; leaf >= 0; leaf = reader.next[leaf]) {
    const isString = reader.kind[leaf] === STRING || reader.kind[leaf] === BROKEN_STRING;
    const value = shortened(reader.textOfLeaf(leaf), isString);
    found.push({ pointer: pointers[leaves.length], value, accepted: condition.accepts(reader, leaf) });
    leaves.push(leaf);
  }
  // Where all hold together, an absence was judged in the elements that other fields chose.
  const holds = matches || (found.length === 0 ? condition.mayBeAbsent : found.some((value) => value.accepted));
  const conditions = anyOf.map(inWords);
  const text = holds
    ? whyItHolds(path, found, condition, reader, leaves)
    : whyNot(path, found, conditions, hint(anyOf, leaves, reader));
  return { field: path, pointer, holds, found, conditions, text };
}

function whyItHolds(
  path: string,
  found: FoundValue[],
  condition: Condition,
  reader: EventReader,
  leaves: number[],
): string {
  const first = found.findIndex((value) => value.accepted);
  if (first < 0) return `${path} is absent${found.length > 0 ? ' where the other fields are' : ''}`;
  const test = condition.tests.find((one) => one.accepts(reader, leaves[first]))!;
  const words = inWords(test.matcher);
  const value = found[first].value;
  const what = words === value || words === `the number ${value}` ? '' : `: ${words}`;
  return `${path} is ${value}${found.length > 1 ? ` at ${found[first].pointer}` : ''}${what}`;
}

function whyNot(path: string, found: FoundValue[], conditions: string[], remark: string): string {
  const wanted = joinWords(conditions, 'or');
  const it = wanted === 'absent' ? 'it' : 'one';
  if (found.length === 0) return `${path} is absent; it should be ${wanted}`;
  if (found.length === 1) return `${path} is ${found[0].value}${remark}; it should be ${wanted}`;
  const values = found.slice(0, MAX_VALUES).map((value) => `${value.value} at ${value.pointer}`);
  if (found.length > MAX_VALUES) values.push(`${found.length - MAX_VALUES} more`);
  return `${path} is ${joinWords(values, 'and')}${remark}; ${it} should be ${wanted}`;
}

/** What often is behind a failure. */
function hint(anyOf: Matcher[], leaves: number[], reader: EventReader): string {
  const wantsNumbers = anyOf.every(({ operator }) => operator === 'number' || operator === 'numeric');
  const wantsStrings = anyOf.every(({ operator }) =>
    ['exactly', 'prefix', 'suffix', 'wildcard', 'equals-ignore-case'].includes(operator),
  );
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
