import type { Clock } from '../domain/ports.ts';
import { newDeferred } from '../shared/deferred.ts';
import type { Batch, CommitVerdict, PartitionStore } from '../store/contract.ts';
import { markIncompleteForOpenings, unsettledMax } from './boards.ts';
import type { DecidedBatch } from './decide/batch.ts';
import type { OwnedPartition } from './owned-partition.ts';

/** Where a partition's batches are committed: alone, or with those of other partitions. */
export interface Commits {
  readonly commit: (batch: Batch) => Promise<CommitVerdict>;
  /** Says that no batch comes from this partition, so nobody waits for one, nor for anything else of it. */
  readonly pass: () => void;
}

/** The end of a shared transaction for one part of a turn. */
export interface SharedCommits extends Commits {
  readonly passed: Promise<void>;
}

export const alone = ({ store }: OwnedPartition): Commits => ({
  commit: (batch) => store.commit(batch),
  pass: () => undefined,
});

/** Commits the batch; only then applies its shows and customers to the caches. */
export const commitBatch = async (
  owned: OwnedPartition,
  batch: DecidedBatch,
  { commit, pass }: Commits,
): Promise<CommitVerdict> => {
  if (changesNothing(owned, batch)) {
    pass();
    return { type: 'committed' };
  }
  await markIncompleteForOpenings(owned, batch);
  if (owned.unsettled.length < unsettledMax) owned.unsettled.push(batch.ledgers);
  const verdict = await commit({
    claim: owned.claim,
    before: owned.progress,
    after: batch.after,
    entries: batch.journal,
    parked: batch.parked,
  });
  // Every other verdict means that no batch before this one can be committed any more either: it had the partition's row.
  if (verdict.type !== 'retry') owned.unsettled.length = 0;
  if (verdict.type === 'committed') applyCommitted(owned, batch);
  return verdict;
};

/** True for a batch of duplicates only, all of them at or below the watermark. */
const changesNothing = ({ progress }: OwnedPartition, { journal, parked, after }: DecidedBatch): boolean =>
  journal.length === 0 && parked.length === 0 && after.watermark === progress.watermark;

const applyCommitted = (owned: OwnedPartition, batch: DecidedBatch): void => {
  owned.progress = batch.after;
  owned.ledgers.putAll(batch.ledgers);
  owned.customers.putAll(batch.customers);
  for (const { decision } of batch.journal) {
    if (decision.type === 'HoldExpired') owned.nextExpiryMs = undefined;
    if (decision.type !== 'ReservationHeld' || owned.nextExpiryMs === undefined) continue;
    owned.nextExpiryMs = Math.min(owned.nextExpiryMs, decision.expiresAtMs);
  }
};

interface SharedCommitOptions {
  readonly store: PartitionStore;
  readonly clock: Clock;
  /** How many partitions bring a batch or pass. */
  readonly parts: number;
  /** How long a batch waits for those of the others. */
  readonly patienceMs: number;
}

/**
 * The transaction of a turn. It begins when every part of the turn has brought its batch or has passed, or when patience is
 * over; but never with no batch. One that comes later is committed alone. Returns a function that makes one end of it for each part.
 */
export const newSharedCommit = (options: SharedCommitOptions): (() => SharedCommits) => {
  const { store, clock, parts, patienceMs } = options;
  const begun = newDeferred<void>();
  const batches: Batch[] = [];
  let missing = parts;
  let isBegun = false;
  let isImpatient = false;
  let verdicts: readonly Promise<CommitVerdict>[] = [];

  const begin = (): void => {
    if (isBegun) return;
    isBegun = true;
    const [first, second] = batches;
    if (first && !second) verdicts = [store.commit(first)];
    else if (first) verdicts = store.commitTogether(batches);
    begun.resolve();
  };
  const arrive = (): void => {
    missing -= 1;
    if (missing === 0) begin();
  };
  const bring = async (batch: Batch): Promise<CommitVerdict> => {
    const n = batches.push(batch) - 1;
    arrive();
    if (isImpatient) void clock.sleep(0).then(begin);
    await begun.promise;
    return await (verdicts[n] ?? store.commit(batch));
  };
  const losePatience = (): void => {
    isImpatient = true;
    if (batches.length > 0) begin();
  };
  if (parts > 1) void clock.sleep(patienceMs).then(losePatience);

  return () => {
    let isThere = false;
    const { promise: passed, resolve } = newDeferred<void>();
    return {
      passed,
      commit: (batch) => {
        if (isThere || isBegun) return store.commit(batch);
        isThere = true;
        return bring(batch);
      },
      pass: () => {
        if (!isThere) arrive();
        isThere = true;
        resolve();
      },
    };
  };
};
