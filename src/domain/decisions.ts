import type { CustomerId, PoolId, RequestId, ReservationId, ShowId } from './ids.ts';
import type { Line } from './lines.ts';
import type { PoolOpening, ShowRules } from './requests.ts';
import type { StreamId } from './stream-id.ts';

/** Why a reservation was refused; the same words as the HTTP problem codes. */
export type RejectionReason =
  | 'not-found'
  | 'unknown-pool'
  | 'over-request-limit'
  | 'sale-not-open'
  | 'sale-closed'
  | 'sold-out';

export interface ShowOpened {
  readonly type: 'ShowOpened';
  readonly showId: ShowId;
  readonly name: string;
  readonly pools: readonly PoolOpening[];
  readonly rules: ShowRules;
}

/** What every decision about a reservation repeats, so that the journal alone can rebuild the tables. */
export interface ReservationFacts {
  readonly reservationId: ReservationId;
  readonly showId: ShowId;
  readonly customerId: CustomerId;
  readonly lines: readonly Line[];
  readonly reference?: string;
}

export interface ReservationConfirmed extends ReservationFacts {
  readonly type: 'ReservationConfirmed';
}

export interface ReservationRejected extends ReservationFacts {
  readonly type: 'ReservationRejected';
  readonly reason: RejectionReason;
  /** The first pool that stood in the way, where one did. */
  readonly poolId?: PoolId;
}

/** A final fact: once committed it is never made again, only replayed. */
export type Decision = ShowOpened | ReservationConfirmed | ReservationRejected;

/** A decision with its place: where the request stood in the stream and what time it was when it was decided. */
export interface JournalEntry {
  /** The partition's decision counter; orders the journal. */
  readonly position: number;
  readonly requestId: RequestId;
  readonly streamId: StreamId;
  readonly decidedAtMs: number;
  /** The entry slipped below the watermark (a Redis fail-over) and was decided on arrival. */
  readonly late: boolean;
  readonly decision: Decision;
}
