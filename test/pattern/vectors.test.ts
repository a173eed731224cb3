import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { compilePattern, compilePatterns, InvalidEventError, InvalidEventPatternError } from '../../src/pattern';

interface Vector {
  readonly id: string | number;
  readonly pattern: string;
  readonly event: string;
  readonly expect: string;
}

const OWN = join(__dirname, 'vectors');
/** Verdicts recorded by others, which are no part of this project. */
const RECORDED = join(__dirname, '..', '..', '..', 'shared', 'vectors');

const whereThere = (...files: string[]) => (files.every((file) => existsSync(file)) ? describe : describe.skip);

function lines<T = Vector>(file: string): T[] {
  const text = readFileSync(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function verdict(pattern: string, event: string): string {
  try {
    const compiled = compilePattern(pattern);
    return compiled.matches(event) ? 'match' : 'nomatch';
  } catch (error) {
    if (error instanceof InvalidEventPatternError) return 'invalid-pattern';
    if (error instanceof InvalidEventError) return 'invalid-event';
    throw error;
  }
}

function isValid(pattern: string): boolean {
  return verdict(pattern, '{}') !== 'invalid-pattern';
}

/** The vectors with another verdict: none, it is hoped. */
function wrong(vectors: Vector[]): Array<Vector & { found: string }> {
  return vectors
    .map((vector) => ({ ...vector, found: verdict(vector.pattern, vector.event) }))
    .filter((vector) => vector.found !== vector.expect);
}

/** The same JSON with white space wherever it may stand. */
function spaced(json: string): string {
  const spaces = ['', ' ', '\t', '\r\n', '   ', '\n'];
  let token = 0;
  const space = () => spaces[token++ % spaces.length];
  return json.replace(/"(?:[^"\\]|\\[^])*"|[[\]{},:]/g, (text) => (text.length > 1 ? text : space() + text + space()));
}

const PAIRS = join(OWN, 'pairs.jsonl');
const PATTERNS = join(OWN, 'patterns.jsonl');

describe('patterns and events labelled by event-ruler', () => {
  const vectors = lines(PAIRS);
  const ofValid = vectors.filter(({ expect: wanted }) => wanted === 'match' || wanted === 'nomatch');

  test('are many, of each verdict', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(3000);
    const count = (wanted: string) => vectors.filter((vector) => vector.expect === wanted).length;
    for (const wanted of ['match', 'nomatch']) expect(count(wanted)).toBeGreaterThanOrEqual(1000);
    for (const wanted of ['invalid-pattern', 'invalid-event']) expect(count(wanted)).toBeGreaterThanOrEqual(100);
  });

  test('get the same verdict one by one', () => {
    expect(wrong(vectors)).toEqual([]);
  });

  test('get the same verdict with white space everywhere in the event', () => {
    expect(wrong(ofValid.map((vector) => ({ ...vector, event: spaced(vector.event) })))).toEqual([]);
  });

  test('get the same verdict with white space everywhere in the pattern', () => {
    const short = ofValid.filter(({ pattern }) => spaced(pattern).length <= 4096);
    expect(wrong(short.map((vector) => ({ ...vector, pattern: spaced(vector.pattern) })))).toEqual([]);
  });

  test('get the same explanation as verdict', () => {
    const differs = ofValid.filter(({ pattern, event, expect: wanted }) => {
      const { matches, lines: why } = compilePattern(pattern).explain(event);
      return matches !== (wanted === 'match') || why.length === 0;
    });
    expect(differs).toEqual([]);
  });

  test('get the same verdict as one rule set of all patterns, on every event', () => {
    const patterns = [...new Set(ofValid.map(({ pattern }) => pattern))];
    const events = [...new Set(ofValid.map(({ event }) => event))];
    const set = compilePatterns(Object.fromEntries(patterns.map((pattern) => [pattern, pattern])));
    const found = new Map(events.map((event) => [event, new Set(set.matches(event))]));

    const own = ofValid.filter(
      ({ pattern, event, expect: wanted }) => found.get(event)!.has(pattern) !== (wanted === 'match'),
    );
    expect(own).toEqual([]);

    // Each event against an eighth of the patterns, another eighth for the next event.
    const compiled = patterns.map((pattern) => compilePattern(pattern));
    const others: Array<[string, string]> = [];
    events.forEach((event, i) => {
      for (let j = i % 8; j < patterns.length; j += 8) {
        if (compiled[j].matches(event) !== found.get(event)!.has(patterns[j])) others.push([patterns[j], event]);
      }
    });
    expect(others).toEqual([]);
  });
});

describe('patterns that event-ruler accepts or refuses', () => {
  const vectors = lines<{ pattern: string; valid: boolean }>(PATTERNS);

  test('are many, of each kind', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(300);
    for (const valid of [true, false]) {
      expect(vectors.filter((vector) => vector.valid === valid).length).toBeGreaterThanOrEqual(100);
    }
  });

  test('are accepted and refused', () => {
    expect(vectors.filter(({ pattern, valid }) => isValid(pattern) !== valid)).toEqual([]);
  });
});

const FROM_AWS = join(RECORDED, 'aws-validated-patterns.jsonl');
const FROM_RULER = join(RECORDED, 'ruler-pairs.jsonl');
const COMPILED_BY_RULER = join(RECORDED, 'ruler-compile-checks.jsonl');

whereThere(
  FROM_AWS,
  FROM_RULER,
  COMPILED_BY_RULER,
)('recorded verdicts', () => {
  const inOurWords = ({ expect: wanted, ...vector }: Vector): Vector => ({
    ...vector,
    expect: wanted === 'invalid' ? 'invalid-pattern' : wanted,
  });

  test('of the service', () => {
    const vectors = lines(FROM_AWS);
    expect(vectors).toHaveLength(156);
    expect(wrong(vectors.map(inOurWords))).toEqual([]);
  });

  test('of the tests of event-ruler', () => {
    const vectors = lines(FROM_RULER);
    expect(vectors.length).toBeGreaterThan(8000);
    // Of some nothing is recorded but that the pattern is valid.
    const isPair = (vector: Vector) => vector.expect !== 'valid';
    expect(wrong(vectors.filter(isPair).map(inOurWords))).toEqual([]);
    expect(vectors.filter((vector) => !isPair(vector) && !isValid(vector.pattern))).toEqual([]);
  });

  test('of the patterns that the tests of event-ruler compile', () => {
    const vectors = lines<{ pattern: string; error: string | null }>(COMPILED_BY_RULER);
    expect(vectors.length).toBeGreaterThan(100);
    expect(vectors.filter(({ pattern, error }) => isValid(pattern) !== (error === null))).toEqual([]);
  });
});
