import { commitBatch } from './commit-batch.ts';
import { batchTime } from './decide-batch.ts';
import { decideEntries } from './decide-entries.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { publishUntold } from './publish.ts';
import type { Verdict } from './verdict.ts';

export type LapseVerdict =
  /** No hold is due at `nowMs`, the time the next batch is to be decided at. */
  { readonly type: 'none-due'; readonly nowMs: number } | Exclude<Verdict, { type: 'committed' | 'idle' }>;

/**
 * Lapses every hold of the partition that is due, in transactions of their own, before anything is decided: a request
 * must find the places that are free by then, however late a sweep is.
 */
export const lapseDue = async (owned: OwnedPartition, readMs: number): Promise<LapseVerdict> => {
  for (;;) {
    const nowMs = batchTime(readMs, owned.progress);
    owned.nextExpiryMs ??= (await owned.store.nextExpiryMs(owned.partition)) ?? Number.POSITIVE_INFINITY;
    if (owned.nextExpiryMs > nowMs) return { type: 'none-due', nowMs };
    const verdict = await lapseSome(owned, nowMs);
    if (verdict) return verdict;
  }
};

/** Undefined when these are lapsed and there may be more. */
const lapseSome = async (owned: OwnedPartition, nowMs: number): Promise<LapseVerdict | undefined> => {
  const { store, partition, settings } = owned;
  const { holds: due } = await store.dueHolds(partition, { untilMs: nowMs, limit: settings.batchMax });
  if (due.length === 0) {
    // The hold was confirmed or cancelled in time: ask for the one after it.
    owned.nextExpiryMs = undefined;
    return undefined;
  }
  const decided = await decideEntries(owned, [], { nowMs, due });
  const verdict = await commitBatch(owned, decided.batch);
  if (verdict.type === 'committed') {
    owned.nextExpiryMs = undefined;
    owned.untold.push(decided);
    await publishUntold(owned);
    return undefined;
  }
  if (verdict.type === 'fenced' || verdict.type === 'retry') return verdict;
  // A lapse cannot be a duplicate, and its data is ours: what we remember must be wrong.
  owned.ledgers.clear();
  const why = verdict.type === 'refused' ? verdict.error.message : 'a key is known already';
  return { type: 'retry', error: new Error(`holds that are due could not be lapsed: ${why}`) };
};
