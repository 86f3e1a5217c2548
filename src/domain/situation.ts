import type { CustomerTotals } from './customer.ts';
import type { ShowLedger } from './ledger.ts';
import type { Reservation } from './reservation.ts';

/** What was decided before a request, as far as it matters for this one. */
export interface Situation {
  readonly ledger?: ShowLedger | undefined;
  /** What the customer has of the show; needed only where the show limits it. */
  readonly customer?: CustomerTotals | undefined;
  /** The reservation a follow-up is about. */
  readonly reservation?: Reservation | undefined;
  /** The entry's time in the stream. */
  readonly arrivedAtMs: number;
  /** The time of the decision; holds count from it. */
  readonly nowMs: number;
}
