import type { JournalEntry } from '../domain/decisions.ts';
import type { RequestId, ReservationId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import type { Reservation, ReservationStatus } from '../domain/reservation.ts';
import type { StreamId } from '../domain/stream-id.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { Progress } from '../store/contract.ts';

/**
 * The audit checks whether onsale kept every promise, from the data that is left. Tables that lost something would still be
 * consistent with themselves, so they are compared with the streams and with the answers that clients got.
 *
 * The same code audits the simulation, the fault drill and a live system; only the source differs.
 */

/** The invariants by name, in the order of their importance. */
export type Invariant =
  /** Places beyond a pool's capacity after some decision. */
  | 'oversold'
  /** Accepted, and neither decided nor parked nor waiting above the watermark. */
  | 'lost'
  /** Refused for a reason that did not hold: there was room, or would have been without a hold that was due, and so on. */
  | 'undersold'
  /** Places given beyond a limit of their show as it was then: of a request, of a customer, of live holds. */
  | 'over-limit'
  /** Decided by another time than its own: places given outside the sale's window, a hold that ended too early, or too late. */
  | 'untimely'
  /** Decided before something that stood in front of it, without being late. */
  | 'out-of-order'
  /** Decided more than once, or decided although it was certainly refused before it reached the stream. */
  | 'duplicated'
  /** Tables, or what a client was told, that are not what replaying the journal gives. */
  | 'disagreeing'
  /** Committed under a claim that had been superseded, or outside of what the partition's row accounts for. */
  | 'unfenced';

/** What one client call came to, by the client's own account. */
export interface Operation {
  readonly requestId: RequestId;
  /** `ok`: it was given this id. `unknown`: it may be on the stream. `failed`: certainly not on the stream. */
  readonly end: 'ok' | 'unknown' | 'failed';
  /** The status of the reservation that its request was answered with, where a decision was told. */
  readonly told?: Exclude<ReservationStatus, 'pending'>;
  /** A moment by which it was on its stream for certain, by the clock that ids are made from (ms): who was in time by then is. */
  readonly arrivedByMs?: number;
}

export interface AuditedPartition {
  readonly partition: number;
  readonly progress: Progress;
  /**
   * Whether its stream ever lost its end and went on with lower ids. Where that is known not to have happened nothing can
   * be late; where it is known to have happened, or not known, an id may name another entry than it once did.
   */
  readonly wentBack?: boolean;
  /** Whether the clock that gives its ids ever did: entries may then be judged later than their ids say. */
  readonly clockWentBack?: boolean;
}

/** Where a request was decided. */
export interface DecisionPosition {
  readonly partition: number;
  readonly position: number;
  readonly streamId?: StreamId;
  readonly late: boolean;
}

/** A decision about a reservation that its own request did not ask for. */
export interface LaterDecision {
  readonly reservationId: ReservationId;
  readonly position: number;
}

/** What seems to be lost. */
export interface Suspect {
  readonly partition: number;
  readonly requestId?: RequestId;
  /** Absent where it was not found on the stream. */
  readonly streamId?: StreamId;
}

export interface AuditedParking {
  readonly streamId: StreamId;
  readonly requestId?: RequestId;
  /** Somebody has said that nothing is to be done about it. */
  readonly isDismissed?: boolean;
}

/** What is in the tables of a partition besides the rows that are asked for one by one. */
export interface TableCounts {
  readonly reservations: number;
  readonly holds: number;
  /** Rows of reservation_decisions. */
  readonly laterDecisions: number;
}

/**
 * What is looked at. Everything but the streams is one consistent snapshot; of the streams, what lies at or below the
 * snapshot's watermark never changes, so that a live system can be audited under load.
 */
export interface AuditSource {
  partitions(): Promise<readonly AuditedPartition[]>;
  /** In order of position, from behind `after`. Empty at the end. */
  journal(
    partition: number,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly JournalEntry[]>;
  /** Rows, pending ones included. */
  reservations(ids: readonly ReservationId[]): Promise<ReadonlyMap<ReservationId, Reservation>>;
  /** When each of these live holds lapses, by the table that finds those that are due. */
  holds(ids: readonly ReservationId[]): Promise<ReadonlyMap<ReservationId, number>>;
  /** Positions of those among these decisions that their reservations lead to. */
  laterDecisions(partition: number, decisions: readonly LaterDecision[]): Promise<ReadonlySet<number>>;
  /** The request that each key belongs to, by its hash; absent = none. */
  keys(hashes: readonly string[]): Promise<ReadonlyMap<string, RequestId>>;
  ledgers(partition: number): Promise<readonly ShowLedger[]>;
  /** Everywhere that each of these requests was decided, by partition and position; absent = nowhere. */
  decided(ids: readonly RequestId[]): Promise<ReadonlyMap<RequestId, readonly DecisionPosition[]>>;
  parked(partition: number): Promise<readonly AuditedParking[]>;
  counts(partition: number): Promise<TableCounts>;
  /** What is still on the stream, in order, from behind `after`. Empty at the end. */
  stream(
    partition: number,
    page: { readonly after: StreamId; readonly limit: number },
  ): Promise<readonly ReadEntry[]>;
  /** Positions that were committed under a superseded claim, by a source that saw every commit; tables do not tell. */
  supersededCommits?(partition: number): Promise<readonly number[]>;
  /**
   * Rows that could not be read since the partition before was asked about, and holds of this one that can never lapse.
   * Whatever else is read goes on without them.
   */
  faults?(partition: number): Promise<readonly Finding[]>;
  /**
   * Those among the suspects that are decided or parked by now, or that their partition is still to come to: a live
   * system goes on while it is looked at, and its stream may go back. Absent where nothing moves.
   */
  settledSince?(suspects: readonly Suspect[]): Promise<ReadonlySet<Suspect>>;
}

export interface Finding {
  /** The request, reservation, show or entry it is about. */
  readonly about: string;
  readonly what: string;
}

export interface Findings {
  /** All there are; `named` is bounded. */
  readonly count: number;
  readonly named: readonly Finding[];
}

export interface AuditReport {
  readonly verdict: 'kept' | 'broken';
  readonly findings: Readonly<Record<Invariant, Findings>>;
  /** How much was looked at: a verdict over nothing is worth nothing. */
  readonly looked: {
    readonly partitions: number;
    readonly entries: number;
    readonly decisions: number;
    readonly reservations: number;
    readonly shows: number;
    /** Without those that were dismissed. */
    readonly parked: number;
    readonly dismissed: number;
    readonly late: number;
    /** Judged later than their ids say. */
    readonly raised: number;
    readonly operations: number;
  };
}
