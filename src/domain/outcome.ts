import type { Decision } from './decisions.ts';
import type { PoolId, RequestId, ReservationId } from './ids.ts';
import type { ShowLedger } from './ledger.ts';
import type { RefusalReason } from './reasons.ts';
import type { Reservation } from './reservation.ts';

/** What is published to waiting clients after the commit. */
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

/** The id that a client waits for. */
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
 * The reservation that the answer to this decision may contain. Another customer's reservation was "not found" for the
 * sender, so the answer must not contain it either.
 */
export const reservationInAnswer = (decision: Decision): ReservationId | undefined =>
  'reservationId' in decision && !('reason' in decision && decision.reason === 'not-found')
    ? decision.reservationId
    : undefined;

/** The answer to a request about an existing reservation or show, with both in their present state. */
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
