import type { JournalEntry, PoolNumbers } from '../decisions.ts';
import type { PoolId, ShowId } from '../ids.ts';
import { deltasOf } from '../ledger.ts';
import { changeOf, type Reservation, reservationMade } from '../reservation.ts';

/**
 * The reservation as it was right after this decision. Undefined when the decision is about no reservation, or when an older
 * build did not store what the decision itself does not say.
 */
export const reservationAsOf = (entry: JournalEntry): Reservation | undefined => {
  const made = reservationMade(entry);
  if (made) return made;
  const { decision, reservationAfter, decidedAtMs } = entry;
  if (!reservationAfter || !('reservationId' in decision) || decision.reservationId === undefined)
    return undefined;
  const showId = reservationAfter.showId ?? decision.showId;
  const customerId =
    reservationAfter.customerId ?? ('customerId' in decision ? decision.customerId : undefined);
  const lines = reservationAfter.lines ?? linesIn(decision);
  if (showId === undefined || customerId === undefined || !lines) return undefined;
  return {
    ...reservationAfter,
    id: decision.reservationId,
    showId,
    customerId,
    lines,
    ...(changeOf(decision, decidedAtMs) && { changedAtMs: decidedAtMs }),
  };
};

const linesIn = (decision: JournalEntry['decision']): Reservation['lines'] | undefined => {
  if ('lines' in decision) return decision.lines;
  return 'released' in decision ? decision.released : undefined;
};

/** The numbers of the pools that a decision moved; undefined when they cannot be derived. */
export type MovedPools = readonly PoolNumbers[] | undefined;

/**
 * The numbers of the pools that each decision moved, right after it. They are stored with the show's last decision of a batch;
 * the ones before are derived by taking later movements back. So `entries` are one partition's, in order of position, and end
 * with the end of a batch. An entry that cannot be read is undefined: nothing in front of it can be derived through it.
 */
export const movedPools = (entries: readonly (JournalEntry | undefined)[]): readonly MovedPools[] => {
  const moved: MovedPools[] = new Array(entries.length);
  const shows = new Map<ShowId, Map<PoolId, PoolNumbers>>();
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at];
    if (entry) moved[at] = movedBy(entry, shows);
    else shows.clear();
  }
  return moved;
};

const movedBy = (
  { decision, poolsAfter }: JournalEntry,
  shows: Map<ShowId, Map<PoolId, PoolNumbers>>,
): MovedPools => {
  const { showId } = decision;
  if (showId === undefined) return [];
  const numbers = shows.get(showId) ?? new Map<PoolId, PoolNumbers>();
  for (const pool of poolsAfter ?? []) numbers.set(pool[0], pool);
  shows.set(showId, numbers);
  if (decision.type === 'ShowOpened') {
    shows.delete(showId);
    return decision.pools.map(({ id, capacity }) => [id, 0, 0, capacity]);
  }
  if (decision.type === 'ShowChanged') {
    // Before it the capacities were others; the decision in front of it keeps its own numbers.
    shows.delete(showId);
    return poolsAfter;
  }
  const moved: PoolNumbers[] = [];
  const deltas = deltasOf(decision);
  for (const { poolId } of deltas) {
    const after = numbers.get(poolId);
    if (after) moved.push(after);
  }
  for (const { poolId, held, confirmed } of deltas) {
    const after = numbers.get(poolId);
    if (after) numbers.set(poolId, [poolId, after[1] - held, after[2] - confirmed, after[3]]);
  }
  return moved.length === deltas.length ? moved : undefined;
};
