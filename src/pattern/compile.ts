import type { PatternWarning } from './advice';
import { InvalidEventPatternError } from './errors';
import type { Explainer, Explanation } from './explain';
import type { PatternModel } from './model';
import type { Overlap } from './overlap';
import { parsePattern } from './parse-pattern';
import { entersEmptyKeys } from './path-tree';
import { reader, RuleSet } from './rule-set';

/** Loaded when they are asked for: a program that only matches events starts sooner. */
const later = {
  advice: () => require('./advice') as typeof import('./advice'),
  explain: () => require('./explain') as typeof import('./explain'),
  overlap: () => require('./overlap') as typeof import('./overlap'),
};

/** A valid pattern, ready to be tried on events. */
export class CompiledPattern {
  /** @internal */
  public static _of(model: PatternModel): CompiledPattern {
    return new CompiledPattern(model);
  }

  private readonly rules: RuleSet;
  private explainer: Explainer | undefined;

  private constructor(
    /** @internal */
    public readonly _model: PatternModel,
  ) {
    this.rules = new RuleSet([''], [_model]);
  }

  /** What is legal in the pattern and surely wrong: a number against `account`, a condition that nothing can meet. */
  public get warnings(): PatternWarning[] {
    return later.advice().adviceOn(this._model);
  }

  /**
   * Whether an event matches.
   *
   * Give the JSON text where you have it: it is faster, and numbers keep all their digits.
   *
   * @param event JSON text, or an object
   * @throws InvalidEventError if EventBridge could not read the event, or if arrays under one key leave too many choices
   */
  public matches(event: string | object): boolean {
    return this.rules.matches(event).length > 0;
  }

  /**
   * Why an event matches, or does not: for each field what matched, or the value found and each condition that it fails.
   *
   * @param event JSON text, or an object
   * @throws InvalidEventError if EventBridge could not read the event, or if arrays under one key leave too many choices
   */
  public explain(event: string | object): Explanation {
    this.explainer ??= new (later.explain().Explainer)(this._model);
    return this.explainer.explain(event, reader);
  }
}

/** Valid patterns of several rules, ready to be tried on events in one pass. */
export class CompiledPatterns {
  /** @internal */
  public static _of(names: string[], models: PatternModel[]): CompiledPatterns {
    return new CompiledPatterns(names, models);
  }

  private readonly rules: RuleSet[];

  private constructor(names: string[], models: PatternModel[]) {
    // Rules that look into empty keys must not make others do so. Hardly any does.
    const enters = models.map(({ conjunctions }) => entersEmptyKeys(conjunctions.flat().map((field) => field.path)));
    this.rules = [false, true]
      .map((which) => [...names.keys()].filter((rule) => enters[rule] === which))
      .filter((some) => some.length > 0 || names.length === 0)
      .map(
        (some) =>
          new RuleSet(
            some.map((rule) => names[rule]),
            some.map((rule) => models[rule]),
          ),
      );
  }

  /**
   * The names of all rules that match an event, in no particular order.
   *
   * @param event JSON text, or an object
   * @throws InvalidEventError if EventBridge could not read the event, or if arrays under one key leave too many choices
   */
  public matches(event: string | object): string[] {
    return this.rules.length === 1 ? this.rules[0].matches(event) : this.rules.flatMap((rules) => rules.matches(event));
  }
}

/**
 * Makes a pattern ready to be tried on events.
 *
 * @param pattern an event pattern as EventBridge takes it: JSON text, or an object
 * @throws InvalidEventPatternError if EventBridge would refuse the pattern
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compilePattern(pattern: string | object): CompiledPattern {
  return CompiledPattern._of(parsePattern(pattern));
}

/**
 * Makes the patterns of several rules ready to be tried on events in one pass.
 *
 * @param rules the pattern of each rule, by name
 * @throws InvalidEventPatternError if EventBridge would refuse one of the patterns
 */
export function compilePatterns(rules: Record<string, string | object>): CompiledPatterns {
  const names = Object.keys(rules);
  return CompiledPatterns._of(
    names,
    names.map((name) => parseRule(name, rules[name])),
  );
}

function parseRule(rule: string, pattern: string | object): PatternModel {
  try {
    return parsePattern(pattern);
  } catch (error) {
    throw error instanceof InvalidEventPatternError ? new InvalidEventPatternError({ ...error, rule }) : error;
  }
}

/**
 * Whether one event can match two patterns.
 *
 * Events are taken to be EventBridge's: `source`, `account` and the other fields of the envelope are one string each.
 *
 * @param a a pattern, or what `compilePattern` made of one
 * @param b another
 * @returns `yes` with an event that matches both, `no` if there is none, `unknown` if neither could be shown
 * @throws InvalidEventPatternError if EventBridge would refuse one of the patterns
 */
export function overlaps(a: string | object | CompiledPattern, b: string | object | CompiledPattern): Overlap {
  const [one, other] = [a, b].map((pattern) =>
    pattern instanceof CompiledPattern ? pattern._model : parsePattern(pattern),
  );
  return later.overlap().overlapOf(one, other);
}
