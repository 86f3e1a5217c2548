import type { ReservationId } from '../domain/ids.ts';
import { isDue, type Reservation } from '../domain/reservation.ts';
import type { HoldKey } from '../store/contract.ts';
import type { DecidedBatch } from './decide/batch.ts';
import { type DueHolds, noDueHolds } from './decide/judgements.ts';
import type { OwnedPartition } from './owned-partition.ts';

/**
 * Holds that are due at `untilMs`, the earliest first, about as many as fit a batch. Their state is the committed one, or
 * the one that `base` leaves while that batch is being committed. Queries the database only when a hold can be due.
 */
export const dueHolds = async (
  owned: OwnedPartition,
  untilMs: number,
  base?: DecidedBatch,
): Promise<DueHolds> => {
  const nextMs = base ? await uncommittedExpiry(owned, base) : await nextExpiry(owned);
  if (nextMs > untilMs) return noDueHolds;
  const { holds, completeBeforeMs } = await committedHolds(owned, untilMs, base?.reservations);
  if (holds.length === 0 && !base) owned.nextExpiryMs = undefined;
  const uncommitted = [...(base?.reservations.values() ?? [])].filter(
    (hold) => isDue(hold, untilMs) && expiryOf(hold) < completeBeforeMs,
  );
  return { holds: [...holds, ...uncommitted].toSorted(byExpiry), completeBeforeMs };
};

const nextExpiry = async (owned: OwnedPartition): Promise<number> => {
  owned.nextExpiryMs ??= (await owned.store.nextExpiryMs(owned.partition)) ?? Number.POSITIVE_INFINITY;
  return owned.nextExpiryMs;
};

/** Not cached: before that commit the database does not have the holds that the commit makes. */
const uncommittedExpiry = async (
  { store, partition, nextExpiryMs }: OwnedPartition,
  { journal }: DecidedBatch,
): Promise<number> => {
  const committedMs = nextExpiryMs ?? (await store.nextExpiryMs(partition)) ?? Number.POSITIVE_INFINITY;
  return journal.reduce(
    (nextMs, { decision }) =>
      decision.type === 'ReservationHeld' || decision.type === 'HoldExtended'
        ? Math.min(nextMs, decision.expiresAtMs)
        : nextMs,
    committedMs,
  );
};

/** Skips holds that the batch being committed touches. Reads on when that leaves nothing of a page. */
const committedHolds = async (
  { store, partition, settings: { batchMax: limit }, stuckHolds }: OwnedPartition,
  untilMs: number,
  base: ReadonlyMap<ReservationId, Reservation> = new Map(),
): Promise<DueHolds> => {
  const holds: Reservation[] = [];
  for (let after: HoldKey | undefined; ; ) {
    const page = await store.dueHolds(partition, { untilMs, limit, ...(after && { after }) });
    holds.push(...page.holds.filter(({ id }) => !base.has(id) && !stuckHolds.has(id)));
    after = page.next;
    if (!after) return { holds, completeBeforeMs: Number.POSITIVE_INFINITY };
    if (holds.length >= limit) return { holds, completeBeforeMs: after.expiresAtMs };
  }
};

const expiryOf = ({ expiresAtMs = Number.POSITIVE_INFINITY }: Reservation): number => expiresAtMs;

/** Ids are lower-case hex of one length, so as text they are in the order of their bytes. */
const byExpiry = (a: Reservation, b: Reservation): number =>
  expiryOf(a) - expiryOf(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
