/** What the run sends, and what must become of each, written down by hand: neither asks the code of the republisher. */
import { CHECKED, WIDGET } from './names';

/** What becomes of an event. */
export interface Outcome {
  /** The copies that are published: under which source, and to which members the fan-out delivers them. */
  readonly published: { readonly source: string; readonly to: string[] }[];
  readonly quarantined: { readonly reason: string; readonly errors: string[] }[];
  /** Notices, by the members that receive them. */
  readonly told: string[][];
  /** How often it is in the dead-letter queue. */
  readonly deadLetters: number;
}

export const NOTHING: Outcome = { published: [], quarantined: [], told: [], deadLetters: 0 };

export interface Sending {
  readonly name: string;
  /** A member or `hub`, which puts an event on the bus; without it a text is put into the queue of the republisher. */
  readonly by?: string;
  readonly source?: string;
  readonly detailType?: string;
  /** As the emulator writes it, so that it must come out letter by letter. */
  readonly detail?: string;
  readonly resources?: string[];
  /** The text for the queue. */
  readonly text?: string;
  /** How often it is put. */
  readonly times?: number;
  readonly expected: Outcome;
  /** The published detail. */
  readonly stamped?: (stamp: string) => string;
}

/** Stands in what is refused: neither notices nor logs may show it. */
export const SECRET = 'do-not-tell';

const published = (source: string, ...to: string[]): Outcome => ({
  ...NOTHING,
  published: [{ source: `valid.${source}`, to }],
});
const quarantined = (reason: string, errors: string[] = [], told?: string[]): Outcome => ({
  ...NOTHING,
  quarantined: [{ reason, errors }],
  told: told === undefined ? [] : [told],
});

const fromA = { by: 'servicea', ...WIDGET };
const toOthersThanA = published(WIDGET.source, 'serviceb', 'servicec');
/** There is a notice on the bus, and no rule delivers it: its event came from the hub itself. */
const NOBODY: string[] = [];

/** Of events that EventBridge does not stamp; it knows no fractions of a second. */
const NOW = `${new Date().toISOString().slice(0, 19)}Z`;

/** A text as EventBridge sends events to a queue. */
const envelope = (id: string, account: string, source: string, detail: string) =>
  `{"version":"0","id":"${id}","detail-type":"${WIDGET.detailType}","source":"${source}","account":"${account}","time":"${NOW}","region":"eu-west-1","resources":[],"detail":${detail}}`;

export const FIRST: Sending[] = [
  {
    ...fromA,
    name: 'valid, with numbers that a parser would change',
    detail:
      '{"widget_id": "abc123", "serial": 9007199254740993, "weight": 1.0, "more": [-0.0, 1e-07, 123456789012345678901234567890], "place": "D\\u00fcren"}',
    resources: ['arn:aws:s3:::widgets/abc123'],
    expected: toOthersThanA,
    stamped: (stamp) =>
      `{"metadata": {"origin": ${stamp}}, "widget_id": "abc123", "serial": 9007199254740993, "weight": 1.0, "more": [-0.0, 1e-07, 123456789012345678901234567890], "place": "D\\u00fcren"}`,
  },
  {
    ...fromA,
    name: 'valid, with metadata of its own',
    detail: '{"widget_id": "abc124", "metadata": {"id": "018f", "correlationId": "c-1"}, "warehouse": "Dublin"}',
    expected: toOthersThanA,
    stamped: (stamp) =>
      `{"widget_id": "abc124", "metadata": {"origin": ${stamp}, "id": "018f", "correlationId": "c-1"}, "warehouse": "Dublin"}`,
  },
  {
    ...fromA,
    name: 'valid, with a forged stamp',
    detail:
      '{"metadata": {"id": "1", "origin": {"account": "333333333333", "id": "forged"}, "n": 1.0}, "widget_id": "abc125"}',
    expected: toOthersThanA,
    stamped: (stamp) => `{"metadata": {"origin": ${stamp}, "id": "1", "n": 1.0}, "widget_id": "abc125"}`,
  },
  {
    ...CHECKED,
    by: 'hub',
    name: "valid, the hub's own",
    detail: '{"text": "aaa"}',
    expected: published(CHECKED.source, 'servicea', 'serviceb', 'servicec'),
    stamped: (stamp) => `{"metadata": {"origin": ${stamp}}, "text": "aaa"}`,
  },
  {
    ...fromA,
    name: 'invalid: a field is missing',
    detail: `{"warehouse": "${SECRET}"}`,
    expected: quarantined('SCHEMA_INVALID', ['required'], ['servicea']),
  },
  {
    ...fromA,
    name: 'invalid: two fields are wrong',
    detail: `{"widget_id": "${SECRET}", "checked_in_at": "${SECRET}"}`,
    expected: quarantined('SCHEMA_INVALID', ['pattern /widget_id', 'format /checked_in_at'], ['servicea']),
  },
  {
    ...fromA,
    name: 'unknown: no contract for the detail-type',
    detailType: 'WIDGET_LOST',
    detail: `{"widget_id": "${SECRET}"}`,
    expected: quarantined('UNKNOWN_EVENT', [], ['servicea']),
  },
  {
    by: 'hub',
    name: 'unknown: no contract for the source',
    source: 'cwi.nobody',
    detailType: 'NEW_WIDGET',
    detail: `{"widget_id": "${SECRET}"}`,
    expected: quarantined('UNKNOWN_EVENT', [], NOBODY),
  },
  {
    ...fromA,
    by: 'serviceb',
    name: "not owned: another member sends service A's event",
    detail: '{"widget_id": "abc126"}',
    expected: quarantined('SOURCE_NOT_OWNED', [], ['serviceb']),
  },
  {
    ...fromA,
    by: 'hub',
    name: "not owned: the hub sends service A's event",
    detail: '{"widget_id": "abc127"}',
    expected: quarantined('SOURCE_NOT_OWNED', [], NOBODY),
  },
  {
    ...fromA,
    name: 'malformed: metadata is a text',
    detail: `{"widget_id": "abc128", "metadata": "${SECRET}"}`,
    expected: quarantined('MALFORMED', ['json'], ['servicea']),
  },
  {
    ...fromA,
    name: 'malformed: a key that EventBridge reads as the stamp',
    detail: '{"widget_id": "abc129", "metadata.origin.account": "333333333333"}',
    expected: quarantined('MALFORMED', ['json'], ['servicea']),
  },
  {
    ...fromA,
    name: 'malformed: the same inside of metadata',
    detail: '{"widget_id": "abc130", "metadata": {"origin.account": "333333333333"}}',
    expected: quarantined('MALFORMED', ['json'], ['servicea']),
  },
  {
    name: 'malformed: metadata stands twice',
    text: envelope(
      'e2e-twice',
      '222222222222',
      WIDGET.source,
      '{"metadata":{"origin":{"account":"333333333333"}},"widget_id":"abc131","metadata":{}}',
    ),
    expected: quarantined('MALFORMED', ['json'], ['servicea']),
  },
  {
    name: 'malformed: no JSON',
    text: `${SECRET} {`,
    expected: quarantined('MALFORMED', ['json']),
  },
  {
    ...fromA,
    name: 'too large with the stamp',
    // Written down in a record each character would be four: the record is packed.
    detail: `{"widget_id": "abc132", "warehouse": "${'\\"'.repeat(499_950)}"}`,
    expected: quarantined('TOO_LARGE', ['size'], ['servicea']),
  },
  {
    ...fromA,
    by: 'serviceb',
    name: 'forged: published by a member itself',
    source: `valid.${WIDGET.source}`,
    detail: '{"metadata": {"origin": {"account": "222222222222", "id": "forged"}}, "widget_id": "abc133"}',
    expected: NOTHING,
  },
  {
    name: 'a loop: what was published comes back',
    text: envelope('e2e-loop', '333333333333', `valid.${WIDGET.source}`, '{"widget_id":"abc134"}'),
    expected: quarantined('LOOP_PREVENTED'),
  },
  {
    ...CHECKED,
    by: 'hub',
    name: 'a loop: the hub sends what is stamped',
    detail: '{"metadata": {"origin": {"account": "111111111111", "id": "old"}}, "text": "aaa"}',
    expected: quarantined('LOOP_PREVENTED'),
  },
];

/** Takes hours without a limit. */
const POISON = `${'a'.repeat(40)}!`;

const poison: Sending = {
  ...CHECKED,
  by: 'hub',
  name: 'poison: a text that explodes in the pattern',
  detail: `{"text": "${POISON}"}`,
  expected: quarantined('VALIDATION_TIMEOUT', [], NOBODY),
};

/** Ten messages: one event is poison, one comes twice. */
export const BATCH: Sending[] = [
  poison,
  ...Array.from({ length: 7 }, (_, i): Sending => {
    const text = 'a'.repeat(i + 1);
    return {
      ...CHECKED,
      by: 'hub',
      name: `valid, beside poison (${i + 1})`,
      detail: `{"text": "${text}"}`,
      expected: published(CHECKED.source, 'servicea', 'serviceb', 'servicec'),
      stamped: (stamp) => `{"metadata": {"origin": ${stamp}}, "text": "${text}"}`,
    };
  }),
  {
    name: 'valid, and twice in the batch',
    text: envelope('e2e-repeated', '222222222222', WIDGET.source, '{"widget_id":"abc135"}'),
    times: 2,
    expected: toOthersThanA,
    stamped: (stamp) => `{"metadata": {"origin": ${stamp}}, "widget_id": "abc135"}`,
  },
];

/** What only the corrected schemas let through, and what becomes of it before and after. */
export const WAITING: (Sending & { readonly corrected: Outcome })[] = [
  {
    ...fromA,
    name: 'four digits, where the schema knows three',
    detail: `{"widget_id": "abc1234", "weight": 1.0, "serial": 9007199254740993}`,
    expected: quarantined('SCHEMA_INVALID', ['pattern /widget_id'], ['servicea']),
    corrected: toOthersThanA,
    stamped: (stamp) =>
      `{"metadata": {"origin": ${stamp}}, "widget_id": "abc1234", "weight": 1.0, "serial": 9007199254740993}`,
  },
  {
    ...poison,
    corrected: published(CHECKED.source, 'servicea', 'serviceb', 'servicec'),
    stamped: (stamp) => `{"metadata": {"origin": ${stamp}}, "text": "${POISON}"}`,
  },
];

/** While the file of the widget's schema is missing. */
export const UNHANDLED: (Sending & { readonly corrected: Outcome })[] = [
  {
    ...fromA,
    name: 'its schema cannot be loaded',
    detail: '{"widget_id": "abc136"}',
    expected: { ...NOTHING, deadLetters: 1 },
    corrected: toOthersThanA,
    stamped: (stamp) => `{"metadata": {"origin": ${stamp}}, "widget_id": "abc136"}`,
  },
];
export const BESIDE_UNHANDLED: Sending[] = [
  {
    ...CHECKED,
    by: 'hub',
    name: 'valid, while another schema is missing',
    detail: '{"text": "aa"}',
    expected: published(CHECKED.source, 'servicea', 'serviceb', 'servicec'),
    stamped: (stamp) => `{"metadata": {"origin": ${stamp}}, "text": "aa"}`,
  },
];
