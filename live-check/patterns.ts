/** Patterns whose validity no page of AWS tells, for `TestEventPattern`, which is free. */
export interface PatternQuestion {
  readonly question: string;
  readonly pattern: object;
}

/** A wildcard of a complexity, as event-ruler measures it. */
const wildcardOf = (complexity: number) => ({ detail: { a: [{ wildcard: `*${'x'.repeat(complexity - 1)}` }] } });

/** A pattern of a length in characters. */
function patternOfLength(length: number): object {
  const frame = JSON.stringify({ source: [''] }).length;
  return { source: ['x'.repeat(length - frame)] };
}

export const PATTERN_QUESTIONS: PatternQuestion[] = [
  ...[9, 10, 11].map((complexity) => ({
    question: `a wildcard of complexity ${complexity} is a valid pattern`,
    pattern: wildcardOf(complexity),
  })),
  ...[2048, 4096, 4097].map((length) => ({
    question: `a pattern of ${length} characters is valid`,
    pattern: patternOfLength(length),
  })),
  { question: 'the operator "exactly" is valid in a pattern', pattern: { source: [{ exactly: 'live.pattern' }] } },
];
