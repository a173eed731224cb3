import { Random } from '../../scripts/random';
import { type Interval, IntervalIndex } from '../../src/pattern/interval-index';
import { unitsOf } from '../../src/pattern/path-tree';
import { UnitTable } from '../../src/pattern/unit-table';
import { UnitTrie } from '../../src/pattern/unit-trie';

const texts = (random: Random, count: number, alphabet: string, most: number) =>
  random.many(count, count, () => random.text(alphabet, most));

/** A text among others in the same memory, as the values of an event are. */
function within(text: string): [units: Uint16Array, start: number, end: number] {
  return [unitsOf(`xy${text}ab`), 2, 2 + text.length];
}

const sorted = (values: Iterable<string>) => [...values].sort();

describe('a table of texts', () => {
  test.each([
    [20, 'ab', 4],
    [300, 'abc', 6],
    [3000, 'abcdefghij', 8],
    [500, 'aé€\ud83d\ude00\u0000', 5],
  ])('of %d, of %s, finds what a map finds', (count, alphabet, most) => {
    const random = new Random(count);
    const table = new UnitTable<number>();
    const map = new Map<string, number[]>();
    const known = texts(random, count, alphabet, most);
    known.forEach((text, i) => {
      table.add(unitsOf(text), i);
      map.set(text, [...(map.get(text) ?? []), i]);
    });
    const asked = [...known, ...texts(random, 1000, `${alphabet}z`, most + 1), ''];
    const found = asked.map((text) => [text, table.get(...within(text))]);
    expect(found).toEqual(asked.map((text) => [text, map.get(text)]));
  });

  test('is empty at first', () => {
    expect(new UnitTable().get(...within('a'))).toBeUndefined();
    expect(new UnitTable().get(...within(''))).toBeUndefined();
  });
});

describe('a trie of texts', () => {
  test.each([
    [1, 'a', 3],
    [12, 'ab', 5],
    [200, 'abc', 7],
    [800, 'abcdefghijklmnop', 6],
    [400, 'ab\ud83d\ude00€', 6],
  ])('of %d, of %s, finds what a search one by one finds', (count, alphabet, most) => {
    const random = new Random(count);
    const known = texts(random, count, alphabet, most);
    const [beginnings, ends, inside] = [new UnitTrie<string>(), new UnitTrie<string>(), new UnitTrie<string>()];
    for (const text of known) {
      beginnings.add(unitsOf(text), text);
      ends.add(unitsOf(text).reverse(), text);
      if (text !== '') inside.add(unitsOf(text), text);
    }
    inside.link();
    for (const value of [...known.slice(0, 50), ...texts(random, 150, `${alphabet}z`, 12), '']) {
      const found: Record<string, string[]> = { walk: [], walkBack: [], search: [] };
      beginnings.walk(...within(value), (list) => found.walk.push(...list));
      ends.walkBack(...within(value), (list) => found.walkBack.push(...list));
      let lists = 0;
      inside.search(...within(value), (list) => {
        found.search.push(...list);
        lists++;
      });
      const all = (accepts: (text: string) => boolean) => sorted(known.filter(accepts));
      expect([value, sorted(found.walk)]).toEqual([value, all((text) => value.startsWith(text))]);
      expect([value, sorted(found.walkBack)]).toEqual([value, all((text) => value.endsWith(text))]);
      expect([value, sorted(found.search)]).toEqual([value, all((text) => text !== '' && value.includes(text))]);
      // Once for each list, however many places it is in.
      expect(lists).toBe(new Set(found.search).size);
    }
  });

  test('finds the same after more searches than a counter of 32 bits can tell apart', () => {
    const trie: any = new UnitTrie<string>();
    for (const text of ['a', 'ab', 'b']) trie.add(unitsOf(text), text);
    trie.link();
    const search = () => {
      const found: string[] = [];
      trie.search(...within('abab'), (list: string[]) => found.push(...list));
      expect(sorted(found)).toEqual(['a', 'ab', 'b']);
    };
    search();
    expect(trie.searches).toBe(1);
    // The last number that there is, so that the next search has the first, as this one had.
    trie.searches = 0x7ffffffe;
    for (let i = 0; i < 3; i++) search();
  });

  test('finds each edge of a node of many', () => {
    const trie = new UnitTrie<number>();
    for (let unit = 0; unit < 5000; unit++) trie.add(Uint16Array.of(7, unit * 13), unit);
    trie.link();
    for (let unit = 0; unit < 5000; unit += 7) {
      const found: number[] = [];
      trie.walk(Uint16Array.of(7, unit * 13), 0, 2, (list) => found.push(...list));
      trie.search(Uint16Array.of(7, 7, unit * 13), 0, 3, (list) => found.push(...list));
      expect(found).toEqual([unit, unit]);
    }
    const take = jest.fn();
    trie.walk(Uint16Array.of(7, 1), 0, 2, take);
    expect(take).not.toHaveBeenCalled();
  });
});

describe('an index of intervals', () => {
  test.each([0, 1, 2, 3, 10, 100, 500])('of %d finds what a search one by one finds', (count) => {
    const random = new Random(count + 1);
    const bound = () =>
      random.pick([random.below(40) - 20, random.next() * 40 - 20, Number.MAX_VALUE, -Number.MAX_VALUE]);
    const intervals = random.many(count, count, (): Interval & { id: number } => {
      const [a, b] = [bound(), random.chance(0.2) ? undefined : bound()];
      return { low: Math.min(a, b ?? a), high: Math.max(a, b ?? a), id: random.below(1e9) };
    });
    const index = new IntervalIndex(intervals);
    const bounds = intervals.flatMap(({ low, high }) => [low, high]);
    for (const value of [...bounds, ...random.many(300, 300, bound), 0, -0]) {
      const found: number[] = [];
      index.find(value, ({ id }) => found.push(id));
      const expected = intervals.filter(({ low, high }) => low <= value && value <= high).map(({ id }) => id);
      expect([value, found.sort()]).toEqual([value, expected.sort()]);
    }
  });

  test('leaves the list that it was given as it is', () => {
    const intervals = [
      { low: 2, high: 3 },
      { low: 1, high: 5 },
    ];
    new IntervalIndex(intervals).find(2, () => undefined);
    expect(intervals[0].low).toBe(2);
  });
});
