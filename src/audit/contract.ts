import type { JournalEntry } from '../domain/decisions.ts';
import type { RequestId, ReservationId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import type { Reservation, ReservationStatus } from '../domain/reservation.ts';
import type { StreamId } from '../domain/stream-id.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { Progress } from '../store/contract.ts';

/**
 * The audit: whether every promise of this house was kept, found out from what is left behind. Tables alone would agree
 * with themselves about anything they lost, so they are read beside the streams and beside what clients were told.
 *
 * One piece of code judges the simulation, the fault drill and a live system; they differ in the source they hand in.
 */

/** The invariants by name, in the order of their importance. */
export type Invariant =
  /** Places beyond a pool's capacity after some decision. */
  | 'oversold'
  /** Accepted, and neither decided nor parked nor waiting above the watermark. */
  | 'lost'
  /** Refused as sold out while the ledger at that place had room, or would have had if due holds had lapsed. */
  | 'undersold'
  /** Decided before something that stood in front of it, without being late. */
  | 'out-of-order'
  /** Decided more than once, or decided although it was certainly refused before it reached the stream. */
  | 'duplicated'
  /** Tables, or what a client was told, that are not what replaying the journal gives. */
  | 'disagreeing'
  /** Committed under a claim that had been superseded. */
  | 'unfenced';

/** What one client call came to, by the client's own account. */
export interface Operation {
  readonly requestId: RequestId;
  /** `ok`: it was given this id. `unknown`: it may be on the stream. `failed`: certainly not on the stream. */
  readonly end: 'ok' | 'unknown' | 'failed';
  /** The status of the reservation that its request was answered with, where a decision was told. */
  readonly told?: Exclude<ReservationStatus, 'pending'>;
}

export interface AuditedPartition {
  readonly partition: number;
  readonly progress: Progress;
}

export interface AuditedParking {
  readonly streamId: StreamId;
  readonly requestId?: RequestId;
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
  /** Positions in the table that leads from these reservations to their later decisions. */
  laterDecisions(
    partition: number,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly { readonly position: number; readonly reservationId: ReservationId }[]>;
  ledgers(partition: number): Promise<readonly ShowLedger[]>;
  /** Request ids that have a decision, in any partition. */
  decided(ids: readonly RequestId[]): Promise<ReadonlySet<RequestId>>;
  parked(partition: number): Promise<readonly AuditedParking[]>;
  counts(partition: number): Promise<TableCounts>;
  /** What is still on the stream, in order, from behind `after`. Empty at the end. */
  stream(
    partition: number,
    page: { readonly after: StreamId; readonly limit: number },
  ): Promise<readonly ReadEntry[]>;
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
    readonly parked: number;
    readonly late: number;
    readonly operations: number;
  };
}
