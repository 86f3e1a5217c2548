import type { CustomerId, PoolId, RequestId, ReservationId, ShowId } from '../../src/domain/ids.ts';
import type { Line } from '../../src/domain/lines.ts';
import type { ShowRules } from '../../src/domain/requests.ts';

/**
 * The simplest possible reservation service: a list of shows, a list of reservations, and every number
 * counted from these lists each time it is needed. It shares only types and ids with the real one.
 */
export interface Reference {
  readonly shows: Map<ShowId, ReferenceShow>;
  readonly reservations: Map<ReservationId, ReferenceReservation>;
  /** The answer in one word: the reason of a refusal, otherwise the name of the decision. */
  readonly answers: Map<RequestId, string>;
  readonly keys: Map<string, RequestId>;
}

export interface ReferenceShow {
  readonly id: ShowId;
  revision: number;
  name: string;
  rules: ShowRules;
  readonly pools: ReferencePool[];
}

export interface ReferencePool {
  readonly id: PoolId;
  capacity: number;
  target: number | undefined;
}

export interface ReferenceReservation {
  readonly id: ReservationId;
  readonly showId: ShowId;
  readonly customerId: CustomerId;
  status: 'held' | 'confirmed' | 'rejected' | 'cancelled' | 'expired';
  lines: Line[];
  reference: string | undefined;
  reason: string | undefined;
  expiresAtMs: number | undefined;
  extended: boolean;
}

export interface Times {
  readonly arrivedAtMs: number;
  readonly nowMs: number;
}

export const newReference = (): Reference => ({
  shows: new Map(),
  reservations: new Map(),
  answers: new Map(),
  keys: new Map(),
});

/** Places of a pool that reservations of this status hold. */
export const placesIn = (
  { reservations }: Reference,
  pool: { readonly showId: ShowId; readonly poolId: PoolId },
  status: 'held' | 'confirmed',
): number => {
  let places = 0;
  for (const reservation of reservations.values()) {
    if (reservation.showId !== pool.showId || reservation.status !== status) continue;
    for (const line of reservation.lines) if (line.poolId === pool.poolId) places += line.quantity;
  }
  return places;
};

export const taken = (reference: Reference, showId: ShowId, poolId: PoolId): number =>
  placesIn(reference, { showId, poolId }, 'held') + placesIn(reference, { showId, poolId }, 'confirmed');

export const customerHas = (
  { reservations }: Reference,
  showId: ShowId,
  customerId: CustomerId,
): { readonly places: number; readonly holds: number } => {
  let places = 0;
  let holds = 0;
  for (const reservation of reservations.values()) {
    if (reservation.showId !== showId || reservation.customerId !== customerId) continue;
    if (reservation.status === 'held') holds += 1;
    if (reservation.status !== 'held' && reservation.status !== 'confirmed') continue;
    for (const line of reservation.lines) places += line.quantity;
  }
  return { places, holds };
};

/** Ends every hold that is due; its places are free for the next request. */
export const timePasses = (reference: Reference, nowMs: number): void => {
  for (const reservation of reference.reservations.values()) {
    if (reservation.status === 'held' && reservation.expiresAtMs !== undefined)
      if (reservation.expiresAtMs <= nowMs) reservation.status = 'expired';
  }
  shrink(reference);
};

export const hasRoom = (reference: Reference, show: ReferenceShow, lines: readonly Line[]): boolean =>
  lines.every(({ poolId, quantity }) => {
    const capacity = show.pools.find(({ id }) => id === poolId)?.capacity ?? 0;
    return taken(reference, show.id, poolId) + quantity <= capacity;
  });

export const together = (lines: readonly Line[]): Line[] => {
  const summed: Line[] = [];
  for (const line of lines) {
    const at = summed.findIndex(({ poolId }) => poolId === line.poolId);
    const before = summed[at];
    if (before) summed[at] = { ...before, quantity: before.quantity + line.quantity };
    else summed.push(line);
  }
  return summed;
};

export const total = (lines: readonly Line[]): number => {
  let places = 0;
  for (const { quantity } of lines) places += quantity;
  return places;
};

/** A pool that is being made smaller shrinks as places are returned. */
export const shrink = (reference: Reference): void => {
  for (const show of reference.shows.values()) {
    for (const pool of show.pools) {
      if (pool.target === undefined) continue;
      pool.capacity = Math.max(pool.target, taken(reference, show.id, pool.id));
      if (pool.capacity === pool.target) pool.target = undefined;
    }
  }
};
