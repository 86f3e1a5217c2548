import type { Decision, JournalEntry, RejectionReason } from './decisions.ts';
import type { CustomerId, PoolId, ReservationId, ShowId } from './ids.ts';
import type { Line } from './lines.ts';
import { msOf } from './stream-id.ts';

export type ReservationStatus = 'pending' | 'confirmed' | 'rejected';

/** A reservation as its owner sees it; times in ms since the epoch. */
export interface Reservation {
  readonly id: ReservationId;
  readonly showId: ShowId;
  readonly customerId: CustomerId;
  readonly status: ReservationStatus;
  readonly lines: readonly Line[];
  readonly reference?: string;
  readonly reason?: RejectionReason;
  readonly poolId?: PoolId;
  /** When it reached the stream. */
  readonly requestedAtMs: number;
  /** Absent while pending. */
  readonly decidedAtMs?: number;
}

type ReservationDecision = Extract<Decision, { reservationId: ReservationId }>;

/** The reservation a first decision makes; undefined for decisions about a show. */
export const reservationAfter = ({
  decision,
  streamId,
  decidedAtMs,
}: JournalEntry): Reservation | undefined =>
  'reservationId' in decision
    ? {
        id: decision.reservationId,
        showId: decision.showId,
        customerId: decision.customerId,
        status: statusAfter(decision),
        lines: decision.lines,
        ...(decision.reference !== undefined && { reference: decision.reference }),
        ...(decision.type === 'ReservationRejected' && { reason: decision.reason }),
        ...(decision.type === 'ReservationRejected' && decision.poolId && { poolId: decision.poolId }),
        requestedAtMs: msOf(streamId),
        decidedAtMs,
      }
    : undefined;

const statusAfter = (decision: ReservationDecision): ReservationStatus => {
  switch (decision.type) {
    case 'ReservationConfirmed':
      return 'confirmed';
    case 'ReservationRejected':
      return 'rejected';
  }
};
