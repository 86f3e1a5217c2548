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

/** A pool after a change; `target` where the capacity is still to follow down to it. */
export interface PoolSetting extends PoolOpening {
  readonly target?: number;
}

/** The show after the change, whole: whoever replays needs nothing from before. */
export interface ShowChanged {
  readonly type: 'ShowChanged';
  readonly showId: ShowId;
  readonly revision: number;
  readonly name: string;
  readonly pools: readonly PoolSetting[];
  readonly rules: ShowRules;
}

/** What every decision that makes a reservation repeats, so that the journal alone can rebuild the tables. */
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
  /** What it was before: absent when it was asked for and confirmed at once. */
  readonly from?: 'held' | 'expired';
  /** The confirmation named no reference: it is the one the reservation had. Absent in rows of older builds. */
  readonly keptReference?: true;
}

export interface ReservationRejected extends ReservationFacts {
  readonly type: 'ReservationRejected';
  readonly reason: RejectionReason;
  /** The first pool that stood in the way, where one did. */
  readonly poolId?: PoolId;
  readonly firstId?: RequestId;
}

/** What a later decision about a reservation repeats. */
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

/** Already so: the request was right and there was nothing to do. */
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

/** A final fact: once committed it is never made again, only replayed. */
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

/** A pool's numbers, as they stood after a decision. */
export type PoolNumbers = readonly [pool: PoolId, held: number, confirmed: number, capacity: number];

/**
 * A reservation as it stood after a decision, but for what the decision says itself: its id, mostly its show and customer,
 * and its lines, where the decision names the same; it changed when that was decided.
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
}

/** A decision with its place: where the request stood in the stream and what time it was when it was decided. */
export interface JournalEntry {
  /** The partition's decision counter; orders the journal. */
  readonly position: number;
  /** Absent, like the stream id, for what nobody asked for. */
  readonly requestId?: RequestId;
  readonly streamId?: StreamId;
  readonly key?: RequestKey;
  /** Of requests whose trace is kept. */
  readonly traceId?: string;
  readonly decidedAtMs: number;
  /** The moment it was judged as of (ms); absent in rows of builds from before it was kept. */
  readonly judgedAtMs?: number;
  /** The entry slipped below the watermark (a Redis fail-over) and was decided on arrival. */
  readonly late: boolean;
  readonly decision: Decision;
  /**
   * At a show's last decision of a batch, the numbers of the pools that the batch moved. Those after a decision in front of it
   * follow by taking back the movements between; a decision that moves a capacity has numbers of its own. One a batch
   * and not one a decision, because that would be a twentieth of what a backlog costs. Absent in rows of older builds.
   */
  readonly poolsAfter?: readonly PoolNumbers[];
  /** Of a decision about a reservation that existed before; absent in rows of older builds. */
  readonly reservationAfter?: ReservationState;
}

/** Judged later than its stream id says: the stream, or the clock of Redis, had gone back behind what was judged before. */
export const isRaised = ({ judgedAtMs, streamId, late }: JournalEntry): boolean =>
  judgedAtMs !== undefined && streamId !== undefined && !late && judgedAtMs > msOf(streamId);
