import { type Countdown } from './countdown';
import { type Outcome } from './deliver';
import { type Publication } from './publish';
import { type Quarantined } from './quarantine';
import { placeOfEvent } from '../../src/validation/handler/decide';
import { type EventAt } from '../../src/validation/handler/quarantine-record';
import type { Verdict } from '../../src/validation/handler/verdict';

/** An event on its way in. */
export interface Incoming {
  readonly id: string;
  /** The event as text, or a record of quarantine that came back. */
  readonly body: string;
  readonly traceHeader?: string;
}

/** What became of one. */
export interface Fate {
  readonly id: string;
  /** Whether all that had to be done about it is done; if not, it must come again. */
  readonly isDone: boolean;
  /** Whether it came before in the same batch: it is published once. */
  readonly isRepeated: boolean;
  /** Missing where it could not be decided about. */
  readonly verdict?: Verdict;
  /** Of what the verdict wants published, in its order. */
  readonly published: Outcome[];
  /** What was written down of it. */
  readonly kept?: Quarantined;
}

/** All that a batch does to the world. */
export interface World {
  decide(body: string): Verdict;
  /** The text of an event that was too long for its record. */
  fetch(at: EventAt, timeLeft: () => number): Promise<string>;
  publish(publications: Publication[], timeLeft: () => number): Promise<Outcome[]>;
  quarantine(items: Quarantined[], timeLeft: () => number): Promise<Outcome[]>;
  /** Told why an event could not be decided about. */
  onError(error: unknown, id: string): void;
}

/** Shares of the time that are kept, at the end, for what comes after. */
const KEPT = { decide: 0.5, send: 0.2, finish: 0.05 };

/** An event on its way through. */
interface Work {
  readonly incoming: Incoming;
  readonly verdict?: Verdict;
  /** Missing until it was tried. */
  published?: Outcome[];
  /** What is to be written down of it, and how that went. */
  toKeep?: Quarantined;
  kept?: Outcome;
}

/**
 * Decides about each event, publishes and keeps what is to be, and says what became of each. Whatever fails, none is lost:
 * an event is done when all is sent and written, and comes again otherwise.
 */
export async function republish(batch: Incoming[], world: World, time: Countdown): Promise<Fate[]> {
  const works = await decideAll(batch, world, () => time.until(KEPT.decide));
  const leaders = works.map(leaderIn(works));
  const unique = works.filter((work, i) => leaders[i] === work);
  const invalid = unique.filter(({ toKeep }) => toKeep !== undefined);
  const valid = unique.filter(({ verdict, toKeep }) => verdict !== undefined && toKeep === undefined);

  const timeToSend = (): number => time.until(KEPT.send);
  await Promise.all([publishAll(valid, world, timeToSend), keepAll(invalid, world, timeToSend)]);
  // The sender is told of what is kept: else it would be told each time that the event comes again.
  const told = invalid.filter(isKept);
  const rejected = valid.filter(noteRejection);
  const timeToFinish = (): number => time.until(KEPT.finish);
  await Promise.all([publishAll(told, world, timeToFinish), keepAll(rejected, world, timeToFinish)]);

  return works.map(({ incoming: { id } }, i) => {
    const leader = leaders[i];
    const { verdict, published = [], toKeep } = leader;
    const kept = isKept(leader) ? toKeep : undefined;
    return { id, isDone: isDone(leader), isRepeated: leader !== works[i], verdict, published, kept };
  });
}

const isKept = ({ kept }: Work): boolean => kept?.kind === 'accepted';

/** What was refused is done, too: an event is kept then, and a notice is not worth it. */
function isDone(work: Work): boolean {
  const { published, toKeep } = work;
  return (published?.every(({ kind }) => kind !== 'failed') ?? false) && (toKeep === undefined || isKept(work));
}

async function decideAll(batch: Incoming[], world: World, timeLeft: () => number): Promise<Work[]> {
  const works: Work[] = [];
  for (const incoming of batch) works.push({ incoming, ...(await decide(incoming, world, timeLeft)) });
  return works;
}

async function decide(
  { id, body }: Incoming,
  world: World,
  timeLeft: () => number,
): Promise<Pick<Work, 'verdict' | 'toKeep'>> {
  if (timeLeft() <= 0) return {};
  try {
    const place = placeOfEvent(body);
    const verdict = world.decide(place ? await world.fetch(place, timeLeft) : body);
    const { quarantined: reason, errors } = verdict;
    return { verdict, toKeep: reason && { verdict, reason, errors } };
  } catch (error) {
    world.onError(error, id);
    return {};
  }
}

/** Finds the work that is done for another of the same event. */
function leaderIn(works: Work[]): (work: Work) => Work {
  const first = new Map<string, Work>();
  for (const work of works) {
    const key = identityOf(work);
    if (key !== undefined && !first.has(key)) first.set(key, work);
  }
  return (work) => first.get(identityOf(work) ?? '') ?? work;
}

/** What cannot be read has no id, but its letters. */
const identityOf = ({ verdict }: Work): string | undefined =>
  verdict && (verdict.origin ? `id ${verdict.origin.id}` : `text ${verdict.event}`);

async function publishAll(works: Work[], world: World, timeLeft: () => number): Promise<void> {
  const publications = works.flatMap(({ incoming: { traceHeader }, verdict }) =>
    (verdict?.entries ?? []).map((entry) => ({ entry, traceHeader })),
  );
  const outcomes = await world.publish(publications, timeLeft);
  for (const work of works) work.published = outcomes.splice(0, work.verdict?.entries.length ?? 0);
}

async function keepAll(works: Work[], world: World, timeLeft: () => number): Promise<void> {
  const outcomes = await world.quarantine(
    works.map(({ toKeep }) => toKeep!),
    timeLeft,
  );
  works.forEach((work, i) => (work.kept = outcomes[i]));
}

/** An event that EventBridge refused must be kept. */
function noteRejection(work: Work): boolean {
  const { verdict, published } = work;
  const refusal = published?.find((outcome) => outcome.kind === 'refused');
  if (verdict === undefined || refusal === undefined) return false;
  // The code alone: what the service says of it may show a piece of the event.
  const errors = [{ path: '', keyword: refusal.code, message: 'EventBridge refused the event' }];
  work.toKeep = { verdict, reason: 'PUBLISH_REJECTED', errors };
  return true;
}
