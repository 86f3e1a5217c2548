import { partitionOf, type RequestId, type ShowId } from '../domain/ids.ts';
import { requestIdOf } from '../domain/requests.ts';
import { compareStreamIds } from '../domain/stream-id.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { CommitVerdict, KnownRequest } from '../store/contract.ts';
import { type DecidedBatch, decideBatch } from './decide-batch.ts';
import { ledgersOf, type OwnedPartition, remember } from './owned-partition.ts';
import { publishSettled, unsealForOpenings } from './publish.ts';
import type { Verdict } from './step.ts';

/** How hard the duplicates of a batch are looked for, and why its one entry is to be parked, if it is. */
interface Attempt {
  readonly lookUp: 'late-ones' | 'all';
  readonly refusals: number;
  readonly refusedBecause?: string;
}

const firstAttempt: Attempt = { lookUp: 'late-ones', refusals: 0 };

/** Decides, commits and publishes entries that were read; a refused batch is settled in smaller pieces, in order. */
export const settle = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  nowMs: number,
  attempt: Attempt = firstAttempt,
): Promise<Verdict> => {
  const known = await knownOf(owned, entries, attempt.lookUp);
  const batch = await decideEntries(owned, entries, nowMs, { known, attempt });
  const commit = await commitBatch(owned, batch);
  switch (commit.type) {
    case 'committed':
      await publishSettled(owned, batch, known);
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

const decideEntries = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  nowMs: number,
  { known, attempt }: { known: ReadonlyMap<RequestId, KnownRequest>; attempt: Attempt },
): Promise<DecidedBatch> =>
  decideBatch({
    partition: owned.partition,
    entries,
    known: new Set(known.keys()),
    ledgers: await ledgersOf(owned, showsOf(owned, entries)),
    before: owned.progress,
    nowMs,
    ...(attempt.refusedBecause !== undefined && { refusedBecause: attempt.refusedBecause }),
  });

/** Commits, and believes what the batch says about the ledgers only afterwards. */
const commitBatch = async (owned: OwnedPartition, batch: DecidedBatch): Promise<CommitVerdict> => {
  if (changesNothing(owned, batch)) return { type: 'committed' };
  await unsealForOpenings(owned, batch);
  const verdict = await owned.store.commit({
    claim: owned.claim,
    before: owned.progress,
    after: batch.after,
    entries: batch.journal,
    parked: batch.parked,
  });
  if (verdict.type !== 'committed') return verdict;
  owned.progress = batch.after;
  remember(owned, batch.ledgers.values());
  return verdict;
};

/** Duplicates of what is committed, all of them at or below the watermark. */
const changesNothing = ({ progress }: OwnedPartition, { journal, parked, after }: DecidedBatch): boolean =>
  journal.length === 0 && parked.length === 0 && after.watermark === progress.watermark;

/**
 * Requests of these entries that were settled before. Entries at or below the watermark are always looked up: they are
 * duplicates, or late. The others are new as a rule, so the database's unique key is asked instead, by inserting them.
 */
const knownOf = async (
  { store, progress }: OwnedPartition,
  entries: readonly ReadEntry[],
  lookUp: Attempt['lookUp'],
): Promise<ReadonlyMap<RequestId, KnownRequest>> => {
  const ids = new Set<RequestId>();
  for (const { streamId, content } of entries) {
    if (content.type !== 'request') continue;
    const { request } = content;
    const late = compareStreamIds(streamId, progress.watermark) <= 0;
    // Opening a show twice cannot be decided at all, so it must not come that far.
    const opens = request.type === 'ShowOpeningRequested';
    if (lookUp === 'all' || late || opens) ids.add(requestIdOf(request));
  }
  return ids.size === 0 ? new Map() : await store.known([...ids]);
};

/** Deciding first and dropping the duplicate's row afterwards would take its capacity twice: all is decided again. */
const settleAroundDuplicates = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  nowMs: number,
  attempt: Attempt,
): Promise<Verdict> => {
  if (attempt.lookUp === 'late-ones')
    return await settle(owned, entries, nowMs, { ...attempt, lookUp: 'all' });
  return {
    type: 'retry',
    error: new Error('a request id is known to the unique key but not to the look-up'),
  };
};

/** Finds the entry the database refuses by halving, so that everything before and behind it is decided in order. */
const settleInPieces = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  nowMs: number,
  { attempt, error }: { attempt: Attempt; error: Error },
): Promise<Verdict> => {
  // What we remember of the shows may be what was wrong.
  for (const showId of showsOf(owned, entries)) owned.ledgers.delete(showId);
  if (entries.length === 1) return await settleRefused(owned, entries, nowMs, { attempt, error });
  const middle = Math.ceil(entries.length / 2);
  const front = await settle(owned, entries.slice(0, middle), nowMs);
  if (front.type !== 'committed') return front;
  const back = await settle(owned, entries.slice(middle), nowMs);
  return back.type === 'committed' ? { ...back, decisions: front.decisions + back.decisions } : back;
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
  if (refusals === 1) return await settle(owned, entries, nowMs, { ...attempt, refusals });
  if (refusals === 2) {
    return await settle(owned, entries, nowMs, {
      ...attempt,
      refusals,
      refusedBecause: `refused: ${error.message}`,
    });
  }
  return { type: 'retry', error };
};

const showsOf = ({ partition }: OwnedPartition, entries: readonly ReadEntry[]): ReadonlySet<ShowId> => {
  const ids = new Set<ShowId>();
  for (const { content } of entries) {
    // A stray show is another owner's: its ledger is not ours to remember.
    if (content.type === 'request' && partitionOf(content.request.showId) === partition)
      ids.add(content.request.showId);
  }
  return ids;
};
