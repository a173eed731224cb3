import { type Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { type Fate } from './batch';
import { explanation } from './faults';
import { type Manifest, type Verdict } from '../../src/validation/handler/judge';
import { METRIC_NAMES, OTHER_SOURCES } from '../../src/validation/handler/metric-names';

/** Says which value of the dimension a source is: one that nobody registered could be anything, at a price each. */
export function sourcesOf({ contracts, owners }: Manifest): (source: string | undefined) => string {
  const known = new Set([...Object.keys(contracts), ...Object.keys(owners)]);
  return (source = '') => (known.has(source) ? source : OTHER_SOURCES);
}

/** Counts a batch, once for each event in it. */
export function count(fates: Fate[], metrics: Metrics, sourceOf: (source: string | undefined) => string): void {
  const totals = new Map<string, number>();
  const bySource = new Map<string, Map<string, number>>();
  const add = (counts: Map<string, number>, name: string, number: number): void => {
    if (number > 0) counts.set(name, (counts.get(name) ?? 0) + number);
  };
  for (const { verdict, published, kept, isRepeated } of fates) {
    if (verdict === undefined || isRepeated) continue;
    const outcomes = (kind: string): number => published.filter((outcome) => outcome.kind === kind).length;
    const quality = qualityOf(verdict);
    if (quality !== undefined) {
      const source = sourceOf(verdict.source);
      if (!bySource.has(source)) bySource.set(source, new Map());
      add(bySource.get(source)!, quality, 1);
      add(totals, quality, 1);
    }
    add(totals, METRIC_NAMES.unknown, isUnknown(verdict) ? 1 : 0);
    add(totals, METRIC_NAMES.loopPrevented, verdict.reason === 'LOOP_PREVENTED' ? 1 : 0);
    add(totals, verdict.quarantined ? METRIC_NAMES.notices : METRIC_NAMES.published, outcomes('accepted'));
    add(totals, METRIC_NAMES.publishFailures, outcomes('failed'));
    add(totals, METRIC_NAMES.quarantined, kept ? 1 : 0);
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

/** Neither where no contract says. */
function qualityOf(verdict: Verdict): string | undefined {
  if (verdict.reason === undefined) return verdict.contract && METRIC_NAMES.valid;
  return isUnknown(verdict) && !verdict.quarantined ? undefined : METRIC_NAMES.invalid;
}

const isUnknown = ({ reason, contract }: Verdict): boolean =>
  reason === 'UNKNOWN_EVENT' || (reason === undefined && contract === undefined);

/** One line for each event that waits in quarantine, without what is in it. */
export function log(fates: Fate[], logger: Logger): void {
  for (const { verdict, published, kept, isDone, isRepeated, id } of fates) {
    if (verdict === undefined || isRepeated) continue;
    const { source, detailType, contract, origin, reason } = verdict;
    const about = {
      messageId: id,
      eventId: origin?.id,
      account: origin?.account,
      source,
      detailType,
      contract: contract?.name,
    };
    if (kept) logger.warn('event quarantined', { ...about, reason: kept.reason });
    else logger.debug(isDone ? 'event done' : 'event left over', { ...about, reason });
    for (const outcome of published) {
      if (outcome.kind !== 'refused') continue;
      const { code, message } = outcome;
      const why = explanation(code, message);
      logger.error(verdict.quarantined ? 'notice rejected' : 'event rejected', { ...about, code, why });
    }
  }
}
