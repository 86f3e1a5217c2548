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
  /** Requests that have their decision (or are parked) already: absorbed without effect. */
  readonly known: ReadonlySet<RequestId>;
  /** Keys that belong to a request already, by their hash. */
  readonly keys: ReadonlyMap<string, KnownKey>;
  /** Committed ledgers of every show the entries name, and of every reservation below. */
  readonly ledgers: ReadonlyMap<ShowId, ShowLedger>;
  /** Committed reservations that follow-ups are about. */
  readonly reservations: ReadonlyMap<ReservationId, Reservation>;
  /** What customers have, by `totalsKey`, of the shows that count it. */
  readonly customers: ReadonlyMap<string, CustomerTotals>;
  /** Requests that depend on a row which cannot be read, and why. */
  readonly undecidable?: ReadonlyMap<RequestId, string>;
  readonly before: Progress;
  /** Redis TIME of the read, or a later time of our own. */
  readonly nowMs: number;
  /** Why the database refused these entries one by one, where it did: they are parked with it. */
  readonly refusedBecause?: string;
}

export interface DecidedBatch {
  readonly after: Progress;
  readonly journal: readonly JournalEntry[];
  readonly parked: readonly ParkedEntry[];
  /** As they stand after the batch; become true when it is committed. */
  readonly ledgers: ReadonlyMap<ShowId, ShowLedger>;
  readonly reservations: ReadonlyMap<ReservationId, Reservation>;
  readonly customers: ReadonlyMap<string, CustomerTotals>;
}

/** A decided batch, with what it was decided on. */
export interface Settlement {
  readonly batch: DecidedBatch;
  readonly judgements: readonly Judgement[];
  /** The decisions that its duplicates had already. */
  readonly known: ReadonlyMap<RequestId, KnownRequest>;
  /** Entries that did not fit in. */
  readonly left: readonly ReadEntry[];
}
