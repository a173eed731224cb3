import { commonText, TextBoard } from './common-text';
import { Condition } from './conditions';
import type { AddressMatcher, FieldCondition, Matcher } from './model';
import { commonNumber, type NumberRange, rangesOf, someNumbers } from './number-ranges';
import { PathTree } from './path-tree';
import { reader } from './rule-set';
import { withoutHalves } from './surrogates';
import type { Work } from './work';

/** A value, as JSON text; or that there is none; or that neither could be shown. */
export type CommonValue = { readonly json: string } | 'none' | 'unknown';

/** Looks for values that two conditions take, and remembers what it found. */
export class CommonValues {
  private readonly alternatives = new Map<FieldCondition, Alternatives>();
  private readonly alternativesByText = new Map<string, Alternatives>();

  constructor(private readonly work: Work) {}

  /** A value that two conditions take, or one. */
  public find(onlyStrings: boolean, one: FieldCondition, other = ANY_VALUE): CommonValue {
    const [a, b] = [this.alternativesOf(one), this.alternativesOf(other)];
    const known = onlyStrings ? a.commonStrings : a.commonValues;
    let value = known.get(b);
    if (value === undefined) known.set(b, (value = this.search(a, b, onlyStrings)));
    return value;
  }

  private alternativesOf(field: FieldCondition): Alternatives {
    let alternatives = this.alternatives.get(field);
    if (alternatives === undefined) {
      const text = JSON.stringify(field.anyOf);
      alternatives = this.alternativesByText.get(text) ?? new Alternatives(field, this.work);
      this.alternativesByText.set(text, alternatives);
      this.alternatives.set(field, alternatives);
    }
    return alternatives;
  }

  private search(a: Alternatives, b: Alternatives, onlyStrings: boolean): CommonValue {
    this.work.spend(STEPS_PER_RANGE * (a.ranges.length + b.ranges.length));
    const text = commonText(a.board, b.board, this.work);
    for (const json of candidates(a, b, text, onlyStrings)) {
      if (!this.work.spend(STEPS_PER_CANDIDATE + (a.count + b.count + json.length) / 5)) return 'unknown';
      reader.read(`{"value":${json}}`, VALUE);
      if (a.takesWhatWasRead() && b.takesWhatWasRead()) return { json };
    }
    return text === null && a.isExact && b.isExact ? 'none' : 'unknown';
  }
}

const STEPS_PER_CANDIDATE = 200;
const STEPS_PER_RANGE = 15;

const ANY_VALUE: FieldCondition = { path: '', pointer: '', anyOf: [{ operator: 'exists', present: true }] };

const VALUE = new PathTree(['value']);

/** Values of which one is taken by both, if any value is. */
function* candidates(
  a: Alternatives,
  b: Alternatives,
  text: string | null | undefined,
  onlyStrings: boolean,
): Generator<string> {
  if (typeof text === 'string') yield JSON.stringify(text);
  for (const sample of [...a.samples, ...b.samples]) yield JSON.stringify(sample);
  if (onlyStrings) return;
  yield* a.words;
  const number = commonNumber(a.ranges, b.ranges);
  if (number !== undefined) yield number;
  yield* [...a.strangeNumbers, ...b.strangeNumbers];
  // A block of addresses takes numbers too, by their text.
  if (a.hasAddresses) yield* someNumbers(b.ranges);
  if (b.hasAddresses) yield* someNumbers(a.ranges);
}

/** The alternatives for a field, made ready to be searched. */
class Alternatives {
  /** What was found of it and others. */
  public readonly commonStrings = new Map<Alternatives, CommonValue>();
  public readonly commonValues = new Map<Alternatives, CommonValue>();

  public readonly count: number;
  /** The strings that it takes; and others to be tried, where the board has not exactly those. */
  public readonly board: TextBoard;
  public readonly samples: string[];
  public readonly isExact: boolean;
  public readonly hasAddresses: boolean;
  /** The other values that it takes; of numbers that cannot be compared, those that it names. */
  public readonly words: string[];
  public readonly ranges: NumberRange[];
  public readonly strangeNumbers: string[];

  private readonly condition: Condition;

  constructor(field: FieldCondition, work: Work) {
    const { anyOf } = field;
    this.count = anyOf.reduce((sum, matcher) => sum + ('but' in matcher ? matcher.but.length : 1), 0);
    this.condition = new Condition(0, field);
    this.board = new TextBoard(anyOf, work);
    this.samples = anyOf.flatMap(samplesOf).filter((sample) => this.takes(JSON.stringify(sample)));
    this.hasAddresses = anyOf.some(isAddress);
    this.isExact = !this.hasAddresses && !anyOf.some(hasHalves);
    this.words = ['true', 'false', 'null'].filter((word) => this.takes(word));
    this.ranges = rangesOf(anyOf);
    this.strangeNumbers = anyOf.flatMap((matcher) =>
      matcher.operator === 'number' && matcher.value === undefined ? [matcher.text] : [],
    );
  }

  /** Whether it takes a value. */
  public takes(json: string): boolean {
    reader.read(`{"value":${json}}`, VALUE);
    return this.takesWhatWasRead();
  }

  /** Whether it takes the value that was read last. */
  public takesWhatWasRead(): boolean {
    return this.condition.accepts(reader, reader.first[0]);
  }
}

function isAddress(matcher: Matcher): matcher is AddressMatcher {
  return matcher.operator === 'cidr' || matcher.operator === 'address';
}

/** Whether there is half a pair of surrogates, which EventBridge reads in ways of its own. */
function hasHalves(matcher: Matcher): boolean {
  if (matcher.operator === 'anything-but') return matcher.but.some(hasHalves);
  return 'value' in matcher && typeof matcher.value === 'string' && withoutHalves(matcher.value) !== matcher.value;
}

/** Strings that no text says: addresses have many spellings. */
function samplesOf(matcher: Matcher): string[] {
  if (isAddress(matcher)) return [spelled(matcher.block.bottom), spelled(matcher.block.top), matcher.text];
  return matcher.operator === 'exactly' && hasHalves(matcher) ? [matcher.value] : [];
}

/** An address as text. */
function spelled(digits: string): string {
  return digits.length === 8
    ? digits
        .match(/../g)!
        .map((byte) => parseInt(byte, 16))
        .join('.')
    : digits
        .match(/..../g)!
        .map((group) => parseInt(group, 16).toString(16))
        .join(':');
}
