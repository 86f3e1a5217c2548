import type { Decision } from './decisions.ts';
import type { CustomerId, ShowId } from './ids.ts';
import { deltasOf } from './ledger.ts';

/** What a customer has of a show now. Cancelled and expired reservations do not count. */
export interface CustomerTotals {
  /** Places held and confirmed. */
  readonly places: number;
  /** Live holds. */
  readonly holds: number;
}

export const noTotals: CustomerTotals = { places: 0, holds: 0 };

/** The key of one customer's totals of one show. */
export const totalsKey = (showId: ShowId, customerId: CustomerId): string => `${showId} ${customerId}`;

export const totalsAfter = (totals: CustomerTotals, decision: Decision): CustomerTotals => {
  const deltas = deltasOf(decision);
  if (deltas.length === 0) return totals;
  const places = deltas.reduce((sum, { held, confirmed }) => sum + held + confirmed, totals.places);
  return { places, holds: totals.holds + holdsChange(decision) };
};

const holdsChange = (decision: Decision): number => {
  switch (decision.type) {
    case 'ReservationHeld':
      return 1;
    case 'ReservationConfirmed':
    case 'ReservationCancelled':
      return decision.from === 'held' ? -1 : 0;
    case 'HoldExpired':
      return -1;
    default:
      return 0;
  }
};
