import type { Arrivals } from './arrivals';
import type { Published } from './events';
import { judge, type Envelope, type Verdict, type Way } from './expected';
import { faultOf, type Difference } from './faults';

/** What became of one event on one way. */
export interface Row {
  readonly published: Published;
  readonly way: Way;
  readonly verdict: Verdict;
  readonly count: number;
  readonly differences: Difference[];
}

/** What the engine says of each event on each way, beside what was seen. */
export function compare(published: Published[], ways: Way[], arrivals: Arrivals): Row[] {
  return published.flatMap((one) =>
    ways.map((way) => {
      const verdict = judge(way, one.event);
      const found = arrivals.at(way.end).filter(({ event }) => event.id === one.event.id);
      const expected = verdict.arrives ? 1 : 0;
      const differences = found.flatMap(({ event }) => fieldsThatDiffer(one.event, event, way.rules.length));
      if (found.length !== expected) {
        const [says, seen] = [expected, found.length].map((n) => (n === 1 ? 'once' : `${n} times`));
        differences.push({ what: 'arrival', expected: says, seen, buses: way.rules.length });
      }
      return { published: one, way, verdict, count: found.length, differences };
    }),
  );
}

function fieldsThatDiffer(expected: Envelope, seen: Envelope, buses: number): Difference[] {
  // Every field that either has: nothing may be added on the way.
  const fields = [...new Set([...Object.keys(expected), ...Object.keys(seen)])] as (keyof Envelope)[];
  return fields
    .filter((what) => !(OF_THE_BUS.includes(what) && expected[what] === undefined))
    .filter((what) => inJson(expected[what]) !== inJson(seen[what]))
    .map((what) => ({ what, ...shown(expected[what], seen[what]), buses }));
}

/** Only the bus gives these; the time is known where the global bus logged it. */
const OF_THE_BUS = ['version', 'time'];

const inJson = (value: unknown) => JSON.stringify(sorted(value)) ?? 'absent';

/** Both for people. Text goes without quotes, but where the other is no text. */
function shown(expected: unknown, seen: unknown) {
  return typeof expected === 'string' && typeof seen === 'string'
    ? { expected, seen }
    : { expected: inJson(expected), seen: inJson(seen) };
}

/** With its keys in order: JSON objects have none. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** Whether the engine and the emulator agree on an event and a way, but for known faults. */
export const isFine = (row: Row, hub: string) => row.differences.every((difference) => faultOf(difference, hub));

/** The comparison as text: an event after the other, a line for each way. */
export function table(rows: Row[], hub: string): string {
  const events = [...new Set(rows.map(({ published }) => published))];
  return events
    .map((published) => {
      const { event, by } = published;
      const title = `${event['detail-type']} (${event.source}), put by ${by} (${event.account})`;
      const own = rows.filter((row) => row.published === published);
      const cells = own.map((row) => [
        row.way.rules.map(({ name }) => name).join(' → '),
        endInShort(row.way.end),
        row.verdict.arrives ? 'arrives' : 'no',
        row.count === 0 ? '-' : row.count === 1 ? 'arrived' : `${row.count} times`,
        remark(row, hub),
      ]);
      return `${title}\n${aligned([['rules', 'end', 'engine', 'seen', 'remark'], ...cells])}`;
    })
    .join('\n\n');
}

function remark({ verdict, differences }: Row, hub: string): string {
  const notes = differences.map((difference) => {
    const fault = faultOf(difference, hub);
    return fault
      ? `fault: ${fault.name}`
      : `DIFFERENT: ${difference.what} is ${difference.seen}, not ${difference.expected}`;
  });
  return notes.length > 0 ? [...new Set(notes)].join(', ') : verdict.reason;
}

/** A queue or a log group by its name. */
export function endInShort(arn: string): string {
  const [, , service, , , ...rest] = arn.split(':');
  // Without the digits that CloudFormation puts behind a name.
  return `${service === 'sqs' ? 'queue' : 'log'} ${rest.at(-1)?.replace(/-[0-9a-f]{8}$/, '')}`;
}

/** Rows of cells as text, a column under the other. */
export function aligned(cells: string[][]): string {
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd())
    .join('\n');
}
