import type { PoolId, ShowId } from '../../domain/ids.ts';
import type { Reservation } from '../../domain/reservation.ts';

/**
 * Places by show and pool, summed up from the reservations, because the ledger's own sums are what is
 * audited.
 */
export type PlacesTaken = Map<ShowId, Map<PoolId, Places>>;

export interface Places {
  held: number;
  confirmed: number;
}

export const takePlaces = (taken: PlacesTaken, reservation: Reservation, sign: 1 | -1): void => {
  const { showId, status, lines } = reservation;
  if (status !== 'held' && status !== 'confirmed') return;
  const pools = taken.get(showId) ?? new Map<PoolId, Places>();
  taken.set(showId, pools);
  for (const { poolId, quantity } of lines) {
    const places = pools.get(poolId) ?? { held: 0, confirmed: 0 };
    places[status] += sign * quantity;
    pools.set(poolId, places);
  }
};
