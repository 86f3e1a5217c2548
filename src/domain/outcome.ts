import type { Decision } from './decisions.ts';
import type { PoolId, RequestId, ReservationId } from './ids.ts';
import type { ShowLedger } from './ledger.ts';
import type { RefusalReason } from './reasons.ts';
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

/**
 * The reservation that an answer to this decision may show. What was not found for the sender, because it is another's,
 * must not reach it either.
 */
export const reservationInAnswer = (decision: Decision): ReservationId | undefined =>
  'reservationId' in decision && !('reason' in decision && decision.reason === 'not-found')
    ? decision.reservationId
    : undefined;

/** What the sender of a request about an existing reservation or show is told, with both as they are now. */
export const answerTo = (
  { requestId, decision }: { readonly requestId: RequestId; readonly decision: Decision },
  {
    reservation,
    show,
  }: { readonly reservation?: Reservation | undefined; readonly show?: ShowLedger | undefined },
): Outcome => ({
  type: 'answer',
  requestId,
  ...(decision.type === 'RequestRefused' && { refusal: refusalOf(decision) }),
  ...(reservation && { reservation }),
  ...(show && { show }),
});

const refusalOf = ({ reason, poolId, firstId }: Extract<Decision, { type: 'RequestRefused' }>): Refusal => ({
  reason,
  ...(poolId !== undefined && { poolId }),
  ...(firstId !== undefined && { firstId }),
});
