import { type End, type Kind } from './events';
import { type Account, type Delivery, type Ledger, type Output } from './ledger';

/** What became of all events of a kind. */
export interface Row {
  readonly kind: string;
  readonly end: End;
  events: number;
  /** How many ended so; one may have ended in two ways. */
  published: number;
  quarantined: number;
  deadLetters: number;
  noticed: number;
  /** Outputs that came again, and how many might have for no fault of the function. */
  repeated: number;
  allowed: number;
}

export interface Outcome {
  readonly rows: Row[];
  readonly violations: string[];
}

export const OUTPUTS: Output[] = ['published', 'notice', 'record'];

/** Judges a run: each event must have ended where its kind must, and nothing may be there more often than it had to be sent. */
export function outcomeOf(kinds: Kind[], ledger: Ledger): Outcome {
  const rows = new Map<string, Row>();
  const violations = [...ledger.violations];
  kinds.forEach((kind, index) => {
    const account = ledger.of(index);
    const row = rows.get(kind.name) ?? newRow(kind);
    rows.set(kind.name, row);
    row.events++;
    row.published += count(account.copies.published > 0);
    row.quarantined += count(account.copies.record > 0);
    row.deadLetters += count(account.deadLetters > 0);
    row.noticed += count(account.copies.notice > 0);
    for (const output of OUTPUTS) {
      const repeated = Math.max(0, account.copies[output] - 1);
      const allowed = allowedFor(output, account);
      row.repeated += repeated;
      row.allowed += allowed;
      if (repeated > allowed) {
        violations.push(
          `${kind.name}, event ${index}: ${output} ${repeated} times too often, where ${allowed} were allowed`,
        );
      }
    }
    const fault = faultOf(kind, account);
    if (fault !== undefined) violations.push(`${kind.name}, event ${index}: ${fault}`);
  });
  return { rows: [...rows.values()], violations };
}

/** Of what arrived, how often the answer was withheld. */
export const unanswered = ({ copies, deliveries }: Account, output: Output): number =>
  copies[output] - deliveries.reduce((sum, { heard }) => sum + heard[output], 0);

/** How often an output may be there again: for each answer that was withheld, and for each delivery that was forced. */
const allowedFor = (output: Output, account: Account): number =>
  unanswered(account, output) + account.deliveries.filter((delivery) => forces(delivery, output)).length;

/** Whether there had to be one more of an output for a delivery. */
export function forces(
  { isForced, isHurried, heard, isNoticeSent, isNoticeRefused }: Delivery,
  output: Output,
): boolean {
  if (isForced) return true;
  // An event that is kept comes again if its sender could not be told, and is written down once more.
  const isTold = heard.notice > 0 || isNoticeRefused;
  return output === 'record' && heard.record > 0 && !isTold && (isNoticeSent || isHurried);
}

/** What is wrong with where an event ended. */
function faultOf({ end, isNoticed = false }: Kind, { copies, reasons, deadLetters }: Account): string | undefined {
  const found = [
    ...(copies.published > 0 ? ['published'] : []),
    ...reasons,
    ...(deadLetters > 0 ? ['dead letter'] : []),
  ];
  if (found.length === 0) return 'lost';
  if (found.join() !== end) return `is ${found.join(' and ')}, and should be ${end}`;
  if (copies.notice > 0 === isNoticed) return undefined;
  return isNoticed ? 'its sender was not told' : 'its sender was told';
}

const newRow = ({ name, end }: Kind): Row => ({
  kind: name,
  end,
  events: 0,
  published: 0,
  quarantined: 0,
  deadLetters: 0,
  noticed: 0,
  repeated: 0,
  allowed: 0,
});

const count = (isSo: boolean): number => (isSo ? 1 : 0);

const HEADS = [
  'kind',
  'must end as',
  'events',
  'published',
  'quarantined',
  'dead letters',
  'noticed',
  'repeated',
  'allowed',
];

/** The rows as text, with their sum. */
export function tableOf(rows: Row[]): string {
  const sum = newRow({ name: 'all', end: 'published' });
  for (const row of rows) {
    for (const key of Object.keys(row) as Array<keyof Row>) {
      if (typeof row[key] === 'number') (sum[key] as number) += row[key];
    }
  }
  const lines = [HEADS, ...[...rows, { ...sum, end: '' }].map((row) => Object.values(row).map(String))];
  const widths = HEADS.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) => line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '))
    .join('\n');
}
