import type { CustomerTotals } from '../../domain/customer.ts';
import type { JournalEntry } from '../../domain/decisions.ts';
import type { RequestId, ReservationId, ShowId } from '../../domain/ids.ts';
import type { ShowLedger } from '../../domain/ledger.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { ReadEntry } from '../../log/contract.ts';
import type { KnownKey, KnownRequest, ParkedEntry, Progress } from '../../store/contract.ts';
import type { Judgement } from './judgements.ts';

export interface BatchInput {
  readonly partition: number;
  /** Entries and due holds in the order of the time they are judged at. */
  readonly judgements: readonly Judgement[];
  /** Requests that were decided or parked before: duplicates, absorbed without effect. */
  readonly known: ReadonlySet<RequestId>;
  /** Keys that already belong to a request, by their hash. */
  readonly keys: ReadonlyMap<string, KnownKey>;
  /** Committed ledgers of every show the entries name, and of every reservation below. */
  readonly ledgers: ReadonlyMap<ShowId, ShowLedger>;
  /** Committed reservations that follow-ups are about. */
  readonly reservations: ReadonlyMap<ReservationId, Reservation>;
  /** Totals of customers, by `totalsKey`, for shows that count them. */
  readonly customers: ReadonlyMap<string, CustomerTotals>;
  /** Requests that depend on a row which cannot be read, and why. */
  readonly undecidable?: ReadonlyMap<RequestId, string>;
  readonly before: Progress;
  /** Redis TIME of the read, or a later time of our own. */
  readonly nowMs: number;
  /** Set when the database refused these entries one by one: they are parked with this reason. */
  readonly refusedBecause?: string;
}

export interface DecidedBatch {
  readonly after: Progress;
  readonly journal: readonly JournalEntry[];
  readonly parked: readonly ParkedEntry[];
  /** The state after the batch, valid once the batch is committed. */
  readonly ledgers: ReadonlyMap<ShowId, ShowLedger>;
  readonly reservations: ReadonlyMap<ReservationId, Reservation>;
  readonly customers: ReadonlyMap<string, CustomerTotals>;
}

/** A decided batch with its input. */
export interface Settlement {
  readonly batch: DecidedBatch;
  readonly judgements: readonly Judgement[];
  /** The earlier decisions of its duplicates. */
  readonly known: ReadonlyMap<RequestId, KnownRequest>;
  /** Entries that did not fit. */
  readonly left: readonly ReadEntry[];
}
