import { partitionOf } from '../domain/ids.ts';
import { isFollowUp } from '../domain/requests.ts';
import type { ReadEntry } from '../log/contract.ts';
import { commitBatch } from './commit-batch.ts';
import type { DecidedBatch } from './decide-batch.ts';
import { decideEntries } from './decide-entries.ts';
import { lapseDue } from './lapse-due.ts';
import type { LookUp } from './load-situation.ts';
import type { Ahead } from './look-ahead.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { publishUntold } from './publish.ts';
import type { Verdict } from './verdict.ts';

/** What was learned about these entries by trying to commit them. */
interface Attempt {
  readonly lookUp: LookUp;
  readonly refusals: number;
  /** Why the one entry is to be parked, if it is. */
  readonly refusedBecause?: string;
}

const firstAttempt: Attempt = { lookUp: 'late-ones', refusals: 0 };

export interface Settling {
  readonly attempt?: Attempt;
  /** The same entries, as they were decided ahead. */
  readonly ahead?: Ahead | undefined;
  /** What to do while the batch is being committed; never throws. */
  readonly meanwhile?: (batch: DecidedBatch) => Promise<void>;
}

/**
 * Lapses what is due, then decides, commits and publishes entries that were read; a refused batch is settled in
 * smaller pieces, in order.
 */
export const settle = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  readMs: number,
  { attempt = firstAttempt, ahead, meanwhile }: Settling = {},
): Promise<Verdict> => {
  const lapsed = await lapseDue(owned, readMs);
  if (lapsed.type !== 'none-due') return lapsed;
  const { nowMs } = lapsed;
  const ready = ahead?.behind === owned.progress ? ahead.decided : undefined;
  if (!ready) await publishUntold(owned);
  const { lookUp, refusedBecause } = attempt;
  const decided = ready ?? (await decideEntries(owned, entries, { nowMs, lookUp, refusedBecause }));
  const { batch } = decided;
  const [commit] = await bothEnded(commitBatch(owned, batch), meanwhile?.(batch));
  switch (commit.type) {
    case 'committed':
      owned.untold.push(decided);
      if (!isNextDecided(owned, batch)) await publishUntold(owned);
      return { type: 'committed', decisions: batch.journal.length };
    case 'duplicate':
      return await settleAroundDuplicates(owned, entries, nowMs, attempt);
    case 'refused':
      return await settleInPieces(owned, entries, nowMs, { attempt, error: commit.error });
    case 'fenced':
    case 'retry':
      return commit;
  }
};

/** Throws what either threw, but not before both have ended: nothing is left in flight behind a step. */
const bothEnded = async <One, Other>(
  one: Promise<One>,
  other: Promise<Other> | undefined,
): Promise<[One, Other | undefined]> => {
  await Promise.allSettled([one, other]);
  return [await one, await other];
};

/** What is decided already is committed first: telling is done meanwhile. */
const isNextDecided = ({ ahead }: OwnedPartition, batch: DecidedBatch): boolean =>
  ahead?.decided !== undefined && ahead.behind === batch.after;

/** Deciding first and dropping the duplicate's row afterwards would take its capacity twice: all is decided again. */
const settleAroundDuplicates = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  nowMs: number,
  attempt: Attempt,
): Promise<Verdict> => {
  if (attempt.lookUp === 'late-ones')
    return await settle(owned, entries, nowMs, { attempt: { ...attempt, lookUp: 'all' } });
  return {
    type: 'retry',
    error: new Error('a request is known to the unique key but not to the look-up'),
  };
};

/** Finds the entry the database refuses by halving, so that everything before and behind it is decided in order. */
const settleInPieces = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  nowMs: number,
  { attempt, error }: { attempt: Attempt; error: Error },
): Promise<Verdict> => {
  forget(owned, entries);
  if (entries.length === 1) return await settleRefused(owned, entries, nowMs, { attempt, error });
  const middle = Math.ceil(entries.length / 2);
  const front = await settle(owned, entries.slice(0, middle), nowMs);
  if (front.type !== 'committed') return front;
  const back = await settle(owned, entries.slice(middle), nowMs);
  return back.type === 'committed' ? { ...back, decisions: front.decisions + back.decisions } : back;
};

/** What we remember of the shows may be what was wrong. */
const forget = (owned: OwnedPartition, entries: readonly ReadEntry[]): void => {
  owned.customers.clear();
  for (const { content } of entries) {
    if (content.type !== 'request') continue;
    // A follow-up names no show; whichever it is has to be read again.
    if (isFollowUp(content.request)) owned.ledgers.clear();
    else if (partitionOf(content.request.showId) === owned.partition)
      owned.ledgers.delete(content.request.showId);
  }
};

const settleRefused = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  nowMs: number,
  { attempt, error }: { attempt: Attempt; error: Error },
): Promise<Verdict> => {
  const refusals = attempt.refusals + 1;
  owned.logger.warn(
    { partition: owned.partition, streamId: entries[0]?.streamId, err: error, refusals },
    'entry refused',
  );
  if (refusals === 1) return await settle(owned, entries, nowMs, { attempt: { ...attempt, refusals } });
  if (refusals === 2) {
    const refusedBecause = `refused: ${error.message}`;
    return await settle(owned, entries, nowMs, { attempt: { ...attempt, refusals, refusedBecause } });
  }
  return { type: 'retry', error };
};
