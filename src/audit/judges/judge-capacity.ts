import type { JournalEntry } from '../../domain/decisions.ts';
import type { PoolId } from '../../domain/ids.ts';
import { available, deltasOf, type ShowLedger } from '../../domain/ledger.ts';
import type { Notes } from '../state/notes.ts';
import type { Replay } from '../state/replay.ts';

/**
 * Runs after the entry was replayed: notes a pool that lacks places, and lacks more than before the entry.
 */
export const judgeCapacity = (
  { ledgers }: Replay,
  { position, decision }: JournalEntry,
  { notes, before }: { readonly notes: Notes; readonly before: ShowLedger | undefined },
): void => {
  const { showId } = decision;
  const after = showId && ledgers.get(showId);
  for (const { poolId, held, confirmed } of deltasOf(decision)) {
    if (held + confirmed <= 0 || after?.pools.some(({ id }) => id === poolId)) continue;
    notes.note('oversold', showId ?? '', `pool ${poolId} at position ${position}: there is no such pool`);
  }
  if (!after || after === before) return;
  for (const pool of after.pools) {
    const free = available(pool);
    if (free < Math.min(0, freeBefore(before, pool.id)))
      notes.note('oversold', after.showId, `pool ${pool.id} at position ${position}: ${-free} too many`);
  }
};

const freeBefore = (ledger: ShowLedger | undefined, poolId: PoolId): number => {
  const pool = ledger?.pools.find(({ id }) => id === poolId);
  return pool ? available(pool) : 0;
};
