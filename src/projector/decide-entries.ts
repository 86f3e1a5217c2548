import type { RequestId } from '../domain/ids.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { KnownRequest } from '../store/contract.ts';
import { type DecidedBatch, decideBatch } from './decide-batch.ts';
import { type LookUp, loadSituation } from './load-situation.ts';
import type { OwnedPartition } from './owned-partition.ts';

/** A batch, with the decisions that its duplicates had already. */
export interface Decided {
  readonly batch: DecidedBatch;
  readonly known: ReadonlyMap<RequestId, KnownRequest>;
}

export interface Deciding {
  readonly nowMs: number;
  /** Holds that lapse first. */
  readonly due?: readonly Reservation[];
  readonly lookUp?: LookUp;
  /** The batch in front of these entries, while it is being committed. */
  readonly behind?: DecidedBatch;
  readonly refusedBecause?: string | undefined;
}

/** Loads what the entries depend on, and decides them on what is committed, or will be with the batch in front. */
export const decideEntries = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  { nowMs, due = [], lookUp = 'late-ones', behind, refusedBecause }: Deciding,
): Promise<Decided> => {
  const situation = await loadSituation(owned, entries, { lookUp, due, ...(behind && { behind }) });
  const batch = decideBatch({
    ...situation,
    partition: owned.partition,
    due,
    entries,
    known: new Set(situation.known.keys()),
    before: behind?.after ?? owned.progress,
    nowMs,
    ...(refusedBecause !== undefined && { refusedBecause }),
  });
  return { batch, known: situation.known };
};
