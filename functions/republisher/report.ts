import { type Logger, LogLevelThreshold } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { type Fate } from './batch';
import { type Outcome } from './deliver';
import { explanation } from './faults';
import type { Manifest } from '../../src/validation/handler/manifest';
import { METRIC_NAMES, OTHER_SOURCES } from '../../src/validation/handler/metric-names';
import type { Verdict } from '../../src/validation/handler/verdict';

/** What CloudWatch takes as the value of a dimension. */
const DIMENSION = /^[!-9;-~][ -~]*$/;

/** What the counts go by. */
export interface Vocabulary {
  /** Whether events without a contract are nobody's fault. */
  readonly ignoresUnknown: boolean;
  /** Which value of the dimension a source is: one that nobody registered could be anything, at a price each. */
  sourceOf(source: string | undefined): string;
}

export function vocabularyOf({ contracts, owners, unknownEvents }: Manifest): Vocabulary {
  const known = new Set([...Object.keys(contracts), ...Object.keys(owners)].filter((source) => DIMENSION.test(source)));
  return {
    sourceOf: (source = '') => (known.has(source) ? source : OTHER_SOURCES),
    ignoresUnknown: unknownEvents === 'ignore',
  };
}

/** Counts a batch, once for each event in it. */
export function count(fates: Fate[], metrics: Metrics, vocabulary: Vocabulary): void {
  const totals = new Map<string, number>();
  const bySource = new Map<string, Map<string, number>>();
  const add = (counts: Map<string, number>, name: string, number: number): void => {
    if (number > 0) counts.set(name, (counts.get(name) ?? 0) + number);
  };
  for (const { verdict, published, kept, isDone, isRepeated } of fates) {
    if (verdict === undefined || isRepeated) continue;
    const outcomes = (kind: string): number => published.filter((outcome) => outcome.kind === kind).length;
    add(totals, METRIC_NAMES.publishFailures, outcomes('failed'));
    add(totals, METRIC_NAMES.quarantined, kept ? 1 : 0);
    // What comes again is counted then.
    if (!isDone) continue;
    const quality = qualityOf(verdict, vocabulary);
    if (quality !== undefined) {
      const source = vocabulary.sourceOf(verdict.source);
      if (!bySource.has(source)) bySource.set(source, new Map());
      add(bySource.get(source)!, quality, 1);
      add(totals, quality, 1);
    }
    add(totals, METRIC_NAMES.unknown, isUnknown(verdict) ? 1 : 0);
    add(totals, METRIC_NAMES.loopPrevented, verdict.reason === 'LOOP_PREVENTED' ? 1 : 0);
    add(totals, verdict.quarantined ? METRIC_NAMES.notices : METRIC_NAMES.published, outcomes('accepted'));
    const age = Date.now() - Date.parse(verdict.origin?.time ?? '');
    if (!Number.isNaN(age)) metrics.addMetric(METRIC_NAMES.age, MetricUnit.Milliseconds, Math.max(0, age));
  }
  const flush = (counts: Map<string, number>): void => {
    for (const [name, number] of counts) metrics.addMetric(name, MetricUnit.Count, number);
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  flush(totals);
  for (const [source, counts] of bySource) {
    metrics.addDimension('source', source);
    flush(counts);
  }
}

/** Neither valid nor invalid where no contract says. */
function qualityOf(verdict: Verdict, { ignoresUnknown }: Vocabulary): string | undefined {
  if (verdict.reason === undefined) return verdict.contract && METRIC_NAMES.valid;
  return isUnknown(verdict) && ignoresUnknown ? undefined : METRIC_NAMES.invalid;
}

const isUnknown = ({ reason, contract }: Verdict): boolean =>
  reason === 'UNKNOWN_EVENT' || (reason === undefined && contract === undefined);

/** One line for each event that is kept, without what is in it; of the others only whoever looks for faults hears. */
export function log(fates: Fate[], logger: Logger): void {
  const isCurious = logger.level <= LogLevelThreshold.DEBUG;
  for (const { id, verdict, published, kept, isDone, isRepeated } of fates) {
    if (verdict === undefined || isRepeated || !(kept || isCurious)) continue;
    const { source, detailType, contract, origin } = verdict;
    const about = {
      messageId: id,
      eventId: origin?.id,
      account: origin?.account,
      source,
      detailType,
      contract: contract?.name,
      reason: kept?.reason ?? verdict.reason,
      ...refusalIn(published),
    };
    if (kept) logger.warn('event quarantined', about);
    else logger.debug(isDone ? 'event done' : 'event left over', about);
  }
}

/** What EventBridge refused for good: the event itself, or the notice of it. */
function refusalIn(published: Outcome[]): Record<string, unknown> {
  const refusal = published.find((outcome) => outcome.kind === 'refused');
  return refusal ? { code: refusal.code, why: explanation(refusal.code, refusal.message) } : {};
}
