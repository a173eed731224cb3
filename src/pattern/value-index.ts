import { inBlock } from './addresses';
import type { Condition } from './conditions';
import { BROKEN_STRING, type EventReader, NUMBER, STRING } from './event-reader';
import type { Findings } from './findings';
import { IntervalIndex } from './interval-index';
import { folded } from './letter-case';
import { UnitTable } from './unit-table';
import { UnitTrie } from './unit-trie';
import {
  ADDRESS,
  ANYTHING_BUT,
  EXACT,
  FOLDED,
  PREFIX,
  PRESENT,
  RANGE,
  SUFFIX,
  type ValueTest,
  WILDCARD,
} from './value-test';

/** Up to this many tests are faster tried one by one than looked up. */
const FEW_TESTS = 6;

/** What a value that is found under a text, in an interval or otherwise says. */
class Entry {
  public readonly low: number;
  public readonly high: number;

  constructor(
    public readonly test: ValueTest,
    /** Whether the test must be tried: what it was found by is necessary, not enough. */
    public readonly uncertain: boolean,
    /** The condition that holds; or, inside of `anything-but`, -1. */
    public readonly number: number,
    /** The `anything-but` that does not accept the value, or -1. */
    public readonly but: number,
  ) {
    this.low = test.low;
    this.high = test.high;
  }
}

/** Conditions that want the same text in any letter case: one test is enough for all. */
interface SameText {
  readonly test: ValueTest;
  readonly entries: Entry[];
}

/**
 * Finds, among conditions of one path, those that hold: by what the value is, not by trying each.
 */
export class ValueIndex {
  /** Conditions that hold where the field is absent. */
  private readonly absent: number[] = [];
  /** Conditions that hold wherever the field is present. */
  private readonly present: number[] = [];
  private readonly few: boolean;

  private exact: UnitTable<Entry> | undefined;
  private prefixes: UnitTrie<Entry> | undefined;
  private suffixes: UnitTrie<Entry> | undefined;
  /** Wildcards, under the longest text between their stars. */
  private inside: UnitTrie<Entry> | undefined;
  /** Texts in any letter case, folded. */
  private folded: UnitTable<SameText> | undefined;
  private foldedUnits = new Uint16Array(64);
  private readonly ranges: Entry[] = [];
  private rangeIndex: IntervalIndex<Entry> | undefined;
  private readonly addresses: Entry[] = [];
  /** What is tried one by one on strings, and on other values. */
  private readonly strings: Entry[] = [];
  private readonly others: Entry[] = [];

  /** The condition of each `anything-but`, and the last value that it does not accept. */
  private readonly butNumber: number[] = [];
  private readonly butRefused: number[] = [];

  private reader!: EventReader;
  private findings!: Findings;
  private leaf = 0;
  /** Counts the values that have been looked up. */
  private value = 0;

  private readonly take: (entry: Entry) => void;
  private readonly takeAll: (entries: Entry[]) => void;

  constructor(
    private readonly path: number,
    private readonly numbers: number[],
    private readonly conditions: Condition[],
  ) {
    this.take = (entry) => this.takeEntry(entry);
    this.takeAll = (entries) => {
      for (let i = 0; i < entries.length; i++) this.takeEntry(entries[i]);
    };
    const tests = conditions.reduce((sum, condition) => sum + countTests(condition.tests), 0);
    this.few = tests <= FEW_TESTS;
    conditions.forEach((condition, i) => {
      if (condition.mayBeAbsent) this.absent.push(numbers[i]);
      if (this.few) return;
      for (const test of condition.tests) this.add(test, numbers[i]);
    });
    this.inside?.link();
    if (this.ranges.length > 0) this.rangeIndex = new IntervalIndex(this.ranges);
  }

  public find(reader: EventReader, findings: Findings): void {
    let leaf = reader.first[this.path];
    if (leaf < 0) {
      for (let i = 0; i < this.absent.length; i++) findings.note(this.absent[i], -1);
      return;
    }
    for (; leaf >= 0; leaf = reader.next[leaf]) {
      if (this.few || reader.kind[leaf] === BROKEN_STRING) this.tryEach(reader, leaf, findings);
      else this.lookUp(reader, leaf, findings);
    }
  }

  private tryEach(reader: EventReader, leaf: number, findings: Findings): void {
    for (let i = 0; i < this.conditions.length; i++) {
      if (this.conditions[i].accepts(reader, leaf)) findings.note(this.numbers[i], leaf);
    }
  }

  private lookUp(reader: EventReader, leaf: number, findings: Findings): void {
    this.reader = reader;
    this.findings = findings;
    this.leaf = leaf;
    this.value++;
    for (let i = 0; i < this.present.length; i++) findings.note(this.present[i], leaf);
    const kind = reader.kind[leaf];
    if (kind === STRING) this.lookUpString(reader, leaf);
    else if (kind === NUMBER && this.rangeIndex) this.lookUpNumber(reader.numberOf(leaf));
    if (kind !== STRING) for (let i = 0; i < this.others.length; i++) this.take(this.others[i]);
    for (let i = 0; i < this.butNumber.length; i++) {
      if (this.butRefused[i] !== this.value) findings.note(this.butNumber[i], leaf);
    }
  }

  private takeEntry(entry: Entry): void {
    if (entry.uncertain && !entry.test.accepts(this.reader, this.leaf)) return;
    if (entry.but >= 0) this.butRefused[entry.but] = this.value;
    else this.findings.note(entry.number, this.leaf);
  }

  private lookUpString(reader: EventReader, leaf: number): void {
    const units = reader.units;
    const start = reader.start[leaf];
    const end = reader.end[leaf];
    if (this.exact) {
      const entries = this.exact.get(units, start, end);
      if (entries) this.takeAll(entries);
    }
    this.prefixes?.walk(units, start, end, this.takeAll);
    this.suffixes?.walkBack(units, start, end, this.takeAll);
    this.inside?.search(units, start, end, this.takeAll);
    if (this.folded) {
      const texts = this.folded.get(this.fold(units, start, end), 0, end - start);
      if (texts) for (const { test, entries } of texts) if (test.accepts(reader, leaf)) this.takeAll(entries);
    }
    for (let i = 0; i < this.strings.length; i++) this.take(this.strings[i]);
    if (this.addresses.length > 0) {
      const address = reader.addressOf(leaf);
      if (address === undefined) return;
      for (const entry of this.addresses) if (inBlock(entry.test.block!, address)) this.take(entry);
    }
  }

  private fold(units: Uint16Array, start: number, end: number): Uint16Array {
    if (this.foldedUnits.length < end - start) this.foldedUnits = new Uint16Array((end - start) * 2);
    for (let at = start; at < end; at++) this.foldedUnits[at - start] = folded(units[at]);
    return this.foldedUnits;
  }

  private lookUpNumber(value: number): void {
    if (value === value) this.rangeIndex!.find(value, this.take);
  }

  private add(test: ValueTest, number: number): void {
    if (test.does === PRESENT) {
      this.present.push(number);
    } else if (test.does === ANYTHING_BUT) {
      const but = this.butNumber.push(number) - 1;
      this.butRefused.push(-1);
      for (const inner of test.but) this.file(inner, -1, but);
    } else {
      this.file(test, number, -1);
    }
  }

  private fileFolded(key: Uint16Array, entry: Entry): void {
    this.folded ??= new UnitTable();
    const known = this.folded.get(key, 0, key.length)?.find(({ test }) => test.isSameText(entry.test));
    if (known) known.entries.push(entry);
    else this.folded.add(key, { test: entry.test, entries: [entry] });
  }

  private file(test: ValueTest, number: number, but: number): void {
    const certain = new Entry(test, false, number, but);
    const uncertain = new Entry(test, true, number, but);
    switch (test.does) {
      case EXACT:
        (this.exact ??= new UnitTable()).add(test.units, certain);
        break;
      case PREFIX:
        (this.prefixes ??= new UnitTrie()).add(test.units, certain);
        break;
      case SUFFIX:
        (this.suffixes ??= new UnitTrie()).add(test.units.slice().reverse(), certain);
        break;
      case WILDCARD: {
        const longest = test.parts.reduce((best, part) => (part.length > best.length ? part : best));
        if (longest.length === 0) this.strings.push(uncertain);
        else (this.inside ??= new UnitTrie()).add(longest, uncertain);
        break;
      }
      case FOLDED: {
        const key = test.foldedUnits();
        if (key === undefined) this.strings.push(uncertain);
        else this.fileFolded(key, certain);
        break;
      }
      case RANGE:
        this.ranges.push(test.lowOpen || test.highOpen ? uncertain : certain);
        break;
      case ADDRESS:
        this.addresses.push(certain);
        this.others.push(uncertain);
        break;
      default:
        this.others.push(uncertain);
    }
  }
}

function countTests(tests: ValueTest[]): number {
  return tests.reduce((sum, test) => sum + 1 + countTests(test.but), 0);
}
