import type { CustomerTotals } from './customer.ts';
import type { ShowLedger } from './ledger.ts';
import type { Reservation } from './reservation.ts';

/** The state before a request, as far as its decision needs it. */
export interface Situation {
  readonly ledger?: ShowLedger | undefined;
  /** What the customer has of the show; needed only when the show limits it. */
  readonly customer?: CustomerTotals | undefined;
  /** The reservation a follow-up is about. */
  readonly reservation?: Reservation | undefined;
  /** The entry's time in the stream. */
  readonly arrivedAtMs: number;
  /** The time of the decision; holds count from it. */
  readonly nowMs: number;
}
