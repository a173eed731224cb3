import { compilePattern, compilePatterns, InvalidEventError, InvalidEventPatternError } from '../../src/pattern';

export interface Answer {
  /** As the vectors call it, or what was thrown that should not have been. */
  readonly verdict: string;
  /** Of an invalid pattern. */
  readonly code?: string;
}

export function ask(pattern: string, event: string): Answer {
  let compiled;
  try {
    compiled = compilePattern(pattern);
  } catch (error) {
    if (error instanceof InvalidEventPatternError) return { verdict: 'invalid-pattern', code: error.code };
    return { verdict: `compilePattern threw ${String(error)}` };
  }
  try {
    return { verdict: compiled.matches(event) ? 'match' : 'nomatch' };
  } catch (error) {
    if (error instanceof InvalidEventError) return { verdict: 'invalid-event' };
    return { verdict: `matches threw ${String(error)}` };
  }
}

/** Names of the rules that match, sorted; or what was thrown. */
export function askRules(rules: Record<string, string>, event: string): string[] | string {
  try {
    return [...compilePatterns(rules).matches(event)].sort();
  } catch (error) {
    return error instanceof InvalidEventError ? 'invalid-event' : `threw ${String(error)}`;
  }
}
