import type { CommitVerdict } from '../store/contract.ts';
import { markIncompleteForOpenings } from './boards.ts';
import type { DecidedBatch } from './decide/batch.ts';
import type { OwnedPartition } from './owned-partition.ts';

/** Commits the batch; only then applies its shows and customers to the caches. */
export const commitBatch = async (owned: OwnedPartition, batch: DecidedBatch): Promise<CommitVerdict> => {
  if (changesNothing(owned, batch)) return { type: 'committed' };
  await markIncompleteForOpenings(owned, batch);
  owned.unsettled.push(batch);
  const verdict = await owned.store.commit({
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
