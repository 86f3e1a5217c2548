import type { ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import type { Lease } from '../lease/contract.ts';
import type { Claim, Progress } from '../store/contract.ts';
import type { ProjectorDependencies } from './dependencies.ts';

/** A partition while this process owns it. All of it is dropped when the ownership ends. */
export interface OwnedPartition extends ProjectorDependencies {
  readonly partition: number;
  readonly lease: Lease;
  readonly claim: Claim;
  /** As last committed. */
  progress: Progress;
  /** Whether group and database may disagree about what was read: the next read then starts from the watermark. */
  reset: boolean;
  /** Committed ledgers of the shows asked for most recently; a cache, complete at no time. */
  readonly ledgers: Map<ShowId, ShowLedger>;
  /** Whether every show of the partition is known to have its board. */
  boardsComplete: boolean;
  /** Full shows whose boards are kept fresh, with the monotonic time of their last request. */
  readonly fullShows: Map<ShowId, number>;
}

const ledgersMax = 10_000;

/** Committed ledgers of these shows: remembered ones, and the rest from the database. Missing = not opened. */
export const ledgersOf = async (
  owned: OwnedPartition,
  showIds: ReadonlySet<ShowId>,
): Promise<ReadonlyMap<ShowId, ShowLedger>> => {
  const missing = [...showIds].filter((id) => !owned.ledgers.has(id));
  if (missing.length > 0) remember(owned, await owned.store.ledgers(missing));
  const found = new Map<ShowId, ShowLedger>();
  for (const id of showIds) {
    const ledger = owned.ledgers.get(id);
    if (ledger) found.set(id, ledger);
  }
  return found;
};

/** Keeps the latest used; the oldest go first when there are too many. */
export const remember = (owned: OwnedPartition, ledgers: Iterable<ShowLedger>): void => {
  for (const ledger of ledgers) {
    owned.ledgers.delete(ledger.showId);
    owned.ledgers.set(ledger.showId, ledger);
  }
  for (const oldest of owned.ledgers.keys()) {
    if (owned.ledgers.size <= ledgersMax) return;
    owned.ledgers.delete(oldest);
  }
};
