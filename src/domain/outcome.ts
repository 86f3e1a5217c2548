import type { RefusalReason } from './decisions.ts';
import type { PoolId, RequestId } from './ids.ts';
import type { ShowLedger } from './ledger.ts';
import type { Reservation } from './reservation.ts';

/** What waiting clients are told once it is committed. */
export type Outcome =
  /** For whoever watches the reservation or asked for it; named by its id. */
  | { readonly type: 'reservation'; readonly reservation: Reservation }
  /** For whoever watches the show or opened it; named by its id. */
  | { readonly type: 'show'; readonly show: ShowLedger }
  /** For whoever sent a request about an existing reservation or show; named by the request's id. */
  | {
      readonly type: 'answer';
      readonly requestId: RequestId;
      /** Absent when the request was carried out, or there was nothing to do. */
      readonly refusal?: Refusal;
      readonly reservation?: Reservation;
      readonly show?: ShowLedger;
    };

export interface Refusal {
  readonly reason: RefusalReason;
  readonly poolId?: PoolId;
  readonly firstId?: RequestId;
}

/** What an outcome is awaited by. */
export const outcomeId = (outcome: Outcome): RequestId => {
  switch (outcome.type) {
    case 'reservation':
      return outcome.reservation.id;
    case 'show':
      return outcome.show.showId;
    case 'answer':
      return outcome.requestId;
  }
};
