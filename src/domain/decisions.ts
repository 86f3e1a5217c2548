import type { CustomerId, PoolId, RequestId, ReservationId, ShowId } from './ids.ts';
import type { Line } from './lines.ts';
import type { NewerReason, RefusalReason, RejectionReason } from './reasons.ts';
import type {
  FollowUpRequested,
  PoolOpening,
  RequestKey,
  ShowChangeRequested,
  ShowRules,
} from './requests.ts';
import { msOf, type StreamId } from './stream-id.ts';

export interface ShowOpened {
  readonly type: 'ShowOpened';
  readonly showId: ShowId;
  readonly name: string;
  readonly pools: readonly PoolOpening[];
  readonly rules: ShowRules;
}

/** A pool after a change; `target` is set while the capacity still has to go down to it. */
export interface PoolSetting extends PoolOpening {
  readonly target?: number;
}

/** The whole show after the change, so that a replay needs nothing from before. */
export interface ShowChanged {
  readonly type: 'ShowChanged';
  readonly showId: ShowId;
  readonly revision: number;
  readonly name: string;
  readonly pools: readonly PoolSetting[];
  readonly rules: ShowRules;
}

/** Repeated in every decision that makes a reservation, so that the tables can be rebuilt from the journal alone. */
export interface ReservationFacts {
  readonly reservationId: ReservationId;
  readonly showId: ShowId;
  readonly customerId: CustomerId;
  readonly lines: readonly Line[];
  readonly reference?: string;
}

export interface ReservationHeld extends ReservationFacts {
  readonly type: 'ReservationHeld';
  readonly expiresAtMs: number;
}

export interface ReservationConfirmed extends ReservationFacts {
  readonly type: 'ReservationConfirmed';
  /** The status before; absent when the request itself was confirmed at once, without a hold. */
  readonly from?: 'held' | 'expired';
  /** Set when the confirmation named no reference and the reservation's own was kept. Absent in rows of older builds. */
  readonly keptReference?: true;
}

export interface ReservationRejected extends ReservationFacts {
  readonly type: 'ReservationRejected';
  readonly reason: RejectionReason;
  /** The first pool that was the reason, if a pool was. */
  readonly poolId?: PoolId;
  readonly firstId?: RequestId;
}

/** Repeated in every later decision about a reservation. */
export interface ReservationRef {
  readonly reservationId: ReservationId;
  readonly showId: ShowId;
  readonly customerId: CustomerId;
}

export interface HoldExtended extends ReservationRef {
  readonly type: 'HoldExtended';
  readonly expiresAtMs: number;
}

export interface ReservationReduced extends ReservationRef {
  readonly type: 'ReservationReduced';
  readonly from: 'held' | 'confirmed';
  readonly released: readonly Line[];
  /** What is left of it. */
  readonly lines: readonly Line[];
}

export interface ReservationCancelled extends ReservationRef {
  readonly type: 'ReservationCancelled';
  readonly from: 'held' | 'confirmed';
  readonly released: readonly Line[];
}

/** Nobody asked for it: the hold was due. */
export interface HoldExpired extends ReservationRef {
  readonly type: 'HoldExpired';
  readonly released: readonly Line[];
}

/** The types of request that may have nothing to do or be refused. */
type AnswerableType = FollowUpRequested['type'] | ShowChangeRequested['type'] | 'ShowOpeningRequested';

/** The request was valid and there was nothing left to do. */
export interface RequestSatisfied extends ReservationRef {
  readonly type: 'RequestSatisfied';
  readonly asked: AnswerableType;
  /** What the request named. Absent in rows of older builds. */
  readonly reference?: string;
}

/** A request about an existing reservation or show that changed nothing. */
export interface RequestRefused {
  readonly type: 'RequestRefused';
  readonly asked: AnswerableType;
  readonly reason: RefusalReason;
  /** What the request named, which the reservation does not get. Absent in rows of older builds. */
  readonly reference?: string;
  readonly reservationId?: ReservationId;
  readonly showId?: ShowId;
  readonly poolId?: PoolId;
  readonly firstId?: RequestId;
}

/** A final fact: after its commit it is never decided again, only replayed. */
export type Decision =
  | ShowOpened
  | ShowChanged
  | ReservationHeld
  | ReservationConfirmed
  | ReservationRejected
  | HoldExtended
  | ReservationReduced
  | ReservationCancelled
  | HoldExpired
  | RequestSatisfied
  | RequestRefused;

/** A pool's numbers after a decision. */
export type PoolNumbers = readonly [pool: PoolId, held: number, confirmed: number, capacity: number];

/**
 * A reservation after a decision, without the parts that the decision contains: its id, in most decisions its show and
 * customer, and its lines where the decision has the same. Where the decision changed it, its time of change is that of the
 * decision.
 */
export interface ReservationState {
  readonly status: 'pending' | 'held' | 'confirmed' | 'rejected' | 'cancelled' | 'expired';
  readonly showId?: ShowId;
  readonly customerId?: CustomerId;
  readonly lines?: readonly Line[];
  readonly reference?: string;
  readonly reason?: RejectionReason | NewerReason;
  readonly poolId?: PoolId;
  readonly firstId?: RequestId;
  readonly expiresAtMs?: number;
  readonly extended?: boolean;
  readonly requestedAtMs: number;
  readonly decidedAtMs?: number;
  readonly changedAtMs?: number;
}

/** A decision with its position: in the journal, in the stream, and in time. */
export interface JournalEntry {
  /** The partition's decision counter; orders the journal. */
  readonly position: number;
  /** Absent, like the stream id, when no request caused the decision. */
  readonly requestId?: RequestId;
  readonly streamId?: StreamId;
  readonly key?: RequestKey;
  /** Set for requests whose trace is kept. */
  readonly traceId?: string;
  readonly decidedAtMs: number;
  /** The time it was judged at (ms); absent in rows of older builds. */
  readonly judgedAtMs?: number;
  /** The entry slipped below the watermark (a Redis fail-over) and was decided on arrival. */
  readonly late: boolean;
  readonly decision: Decision;
  /**
   * The numbers of the pools that the batch moved, stored with the show's last decision of the batch. Numbers after an
   * earlier decision follow by taking back the movements between; a decision that moves a capacity has its own. Storing
   * them with every decision would add a twentieth to the cost of a backlog. Absent in rows of older builds.
   */
  readonly poolsAfter?: readonly PoolNumbers[];
  /** Set for a decision about an existing reservation; absent in rows of older builds. */
  readonly reservationAfter?: ReservationState;
}

/** Judged later than its stream id says, because the stream or Redis' clock had gone back before the time judged last. */
export const isRaised = ({ judgedAtMs, streamId, late }: JournalEntry): boolean =>
  judgedAtMs !== undefined && streamId !== undefined && !late && judgedAtMs > msOf(streamId);
