import type { JournalEntry } from '../domain/decisions.ts';
import type { RequestId, ReservationId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import type { Reservation, ReservationStatus } from '../domain/reservation.ts';
import type { StreamId } from '../domain/stream-id.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { Progress } from '../store/contract.ts';

/**
 * The audit checks whether onsale kept every promise, from the data that is left. Tables that lost something
 * would still be consistent with themselves, so they are compared with the streams and with the answers that
 * clients got.
 *
 * The same code audits the simulation, the fault drill and a live system; only the source differs.
 */

/** The invariants by name, in the order of their importance. */
export type Invariant =
  /** After some decision, more places were taken than the capacity of a pool. */
  | 'oversold'
  /** Accepted, but not decided, not parked, and not waiting above the watermark. */
  | 'lost'
  /**
   * Refused for a reason that was not true: for example there was room, or only a hold that was already due
   * took it.
   */
  | 'undersold'
  /**
   * Places were given beyond a limit that the show had then: of a request, of a customer, or of live holds.
   */
  | 'over-limit'
  /**
   * Decided by a wrong time: places given outside the sale's window, or a hold that ended too early or too
   * late.
   */
  | 'untimely'
  /** Decided before an entry that precedes it on the stream, without being late. */
  | 'out-of-order'
  /** Decided more than once, or decided although it certainly never reached the stream. */
  | 'duplicated'
  /** The tables, or an answer to a client, differ from the result of replaying the journal. */
  | 'disagreeing'
  /** Committed under a superseded claim, or beyond what the partition's row records. */
  | 'unfenced';

/** The result of one client call, as the client reports it. */
export interface Operation {
  readonly requestId: RequestId;
  /**
   * `ok`: the client was given this id. `unknown`: the request may be on the stream. `failed`: it is
   * certainly not on the stream.
   */
  readonly end: 'ok' | 'unknown' | 'failed';
  /** The status of the reservation in the answer, where the answer contained a decision. */
  readonly told?: Exclude<ReservationStatus, 'pending'>;
  /**
   * The request was certainly on its stream by this moment, by the clock that ids are made from (ms). A
   * request that arrived in time must be decided as in time.
   */
  readonly arrivedByMs?: number;
}

export interface AuditedPartition {
  readonly partition: number;
  readonly progress: Progress;
  /**
   * Whether its stream ever lost its end and continued with lower ids. False is certain: then no entry can be
   * late. If true or undefined, an id may name another entry than before.
   */
  readonly wentBack?: boolean;
  /**
   * Whether the clock of its stream ids was ever set back: entries may then be judged later than their ids
   * say.
   */
  readonly clockWentBack?: boolean;
}

/** Where a request was decided. */
export interface DecisionPosition {
  readonly partition: number;
  readonly position: number;
  readonly streamId?: StreamId;
  readonly late: boolean;
}

/** A decision about a reservation other than the decision on the reservation's own request. */
export interface LaterDecision {
  readonly reservationId: ReservationId;
  readonly position: number;
}

/** A request or entry that seems to be lost. */
export interface Suspect {
  readonly partition: number;
  readonly requestId?: RequestId;
  /** Undefined if it was not found on the stream. */
  readonly streamId?: StreamId;
}

export interface AuditedParking {
  readonly streamId: StreamId;
  readonly requestId?: RequestId;
  /** An operator has decided that nothing is to be done about it. */
  readonly isDismissed?: boolean;
}

/** The numbers of rows in the tables of a partition. */
export interface TableCounts {
  readonly reservations: number;
  readonly holds: number;
  /** Rows of reservation_decisions. */
  readonly laterDecisions: number;
}

/**
 * The data that is audited. Everything except the streams is one consistent snapshot. In the streams, entries
 * at or below the snapshot's watermark never change, so a live system can be audited under load.
 */
export interface AuditSource {
  partitions(): Promise<readonly AuditedPartition[]>;
  /** In order of position, starting after `after`. Empty at the end. */
  journal(
    partition: number,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly JournalEntry[]>;
  /** Rows, pending ones included. */
  reservations(ids: readonly ReservationId[]): Promise<ReadonlyMap<ReservationId, Reservation>>;
  /** When each of these live holds lapses, by the table in which due holds are found. */
  holds(ids: readonly ReservationId[]): Promise<ReadonlyMap<ReservationId, number>>;
  /** The positions of those decisions that can be found from their reservations. */
  laterDecisions(partition: number, decisions: readonly LaterDecision[]): Promise<ReadonlySet<number>>;
  /** The request that owns each key, by the hash of the key; a missing entry means none. */
  keys(hashes: readonly string[]): Promise<ReadonlyMap<string, RequestId>>;
  ledgers(partition: number): Promise<readonly ShowLedger[]>;
  /** All decisions of each of these requests, by partition and position; a missing entry means none. */
  decided(ids: readonly RequestId[]): Promise<ReadonlyMap<RequestId, readonly DecisionPosition[]>>;
  parked(partition: number): Promise<readonly AuditedParking[]>;
  counts(partition: number): Promise<TableCounts>;
  /** The entries that are still on the stream, in order, starting after `after`. Empty at the end. */
  stream(
    partition: number,
    page: { readonly after: StreamId; readonly limit: number },
  ): Promise<readonly ReadEntry[]>;
  /**
   * Positions that were committed under a superseded claim. Only a source that saw every commit knows them;
   * the tables do not show it.
   */
  supersededCommits?(partition: number): Promise<readonly number[]>;
  /**
   * Rows that could not be read since the last call (for the partition before), and holds of this partition
   * that can never lapse. All other rows are read and audited all the same.
   */
  faults?(partition: number): Promise<readonly Finding[]>;
  /**
   * Those suspects that are decided or parked by now, or that their partition has still to reach: a live
   * system continues while it is audited, and its stream may go back. Left out where nothing changes.
   */
  settledSince?(suspects: readonly Suspect[]): Promise<ReadonlySet<Suspect>>;
}

export interface Finding {
  /** The request, reservation, show or entry it is about. */
  readonly about: string;
  readonly what: string;
}

export interface Findings {
  /** The total number; `named` is limited. */
  readonly count: number;
  readonly named: readonly Finding[];
}

export interface AuditReport {
  readonly verdict: 'kept' | 'broken';
  readonly findings: Readonly<Record<Invariant, Findings>>;
  /** How much was checked, because a verdict without data proves nothing. */
  readonly looked: {
    readonly partitions: number;
    readonly entries: number;
    readonly decisions: number;
    readonly reservations: number;
    readonly shows: number;
    /** Without the dismissed ones. */
    readonly parked: number;
    readonly dismissed: number;
    readonly late: number;
    /** Judged later than their ids say. */
    readonly raised: number;
    readonly operations: number;
  };
}
