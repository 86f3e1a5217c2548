import type { JournalEntry } from '../../domain/decisions.ts';
import type { ReservationId, ShowId } from '../../domain/ids.ts';
import { evolve, type ShowLedger } from '../../domain/ledger.ts';
import { changeOf, type Reservation, reservationMade } from '../../domain/reservation.ts';
import type { StreamId } from '../../domain/stream-id.ts';
import { type Customers, newCustomers } from './customers.ts';
import { proveReported, type ReportedStatuses } from './known-requests.ts';
import { endHold, keepHold, type LiveHolds, newLiveHolds } from './live-holds.ts';
import { misfitOf } from './misfit.ts';
import type { Notes } from './notes.ts';
import { type PlacesTaken, takePlaces } from './places-taken.ts';

/** The state of a partition at one position of its journal. */
export interface Replay {
  readonly ledgers: Map<ShowId, ShowLedger>;
  /**
   * Reservations whose rows do not have the replayed state yet. Once a row agrees no later decision changes
   * it, and it is evicted.
   */
  readonly open: Map<ReservationId, Reservation>;
  /** The open reservations that this page changed. */
  readonly touched: Set<ReservationId>;
  readonly holds: LiveHolds;
  readonly taken: PlacesTaken;
  readonly customers: Customers;
  /**
   * The number of reservations made. `laterDecisions` is the number of decisions about a reservation after
   * the first.
   */
  made: number;
  laterDecisions: number;
  /** Of the decisions so far: the latest times, and the last stream id of an entry that was not late. */
  decidedAtMs: number;
  judgedAtMs: number;
  streamId: StreamId | undefined;
}

export const newReplay = (customersMax: number): Replay => ({
  ledgers: new Map(),
  open: new Map(),
  touched: new Set(),
  holds: newLiveHolds(),
  taken: new Map(),
  customers: newCustomers(customersMax),
  made: 0,
  laterDecisions: 0,
  decidedAtMs: 0,
  judgedAtMs: 0,
  streamId: undefined,
});

export interface ReplayContext {
  readonly notes: Notes;
  readonly reported: ReportedStatuses;
  /** Rows of reservations that were evicted because they agreed: the row is their state. */
  readonly rows: ReadonlyMap<ReservationId, Reservation>;
}

/** Replays one more entry. Notes a decision that does not fit the state of its reservation. */
export const replayEntry = (
  replay: Replay,
  entry: JournalEntry,
  { notes, reported, rows }: ReplayContext,
): void => {
  const { decision, decidedAtMs } = entry;
  const { showId } = decision;
  const ledger = showId && evolve(replay.ledgers.get(showId), decision, decidedAtMs);
  if (ledger) replay.ledgers.set(ledger.showId, ledger);
  const made = reservationMade(entry);
  if (made) {
    replay.made += 1;
    move(replay, { after: made }, reported);
  }
  if (!('reservationId' in decision) || !decision.reservationId) return;
  const before = replay.open.get(decision.reservationId) ?? rows.get(decision.reservationId);
  const misfit = misfitOf(decision, before);
  if (misfit) notes.note('disagreeing', decision.reservationId, misfit);
  const change = changeOf(decision, decidedAtMs);
  if (!change) return;
  if (before) move(replay, { before, after: { ...before, ...change } }, reported);
  else endHold(replay.holds, decision.reservationId);
};

interface ReservationChange {
  readonly before?: Reservation;
  readonly after: Reservation;
}

const move = (replay: Replay, { before, after }: ReservationChange, told: ReportedStatuses): void => {
  replay.open.set(after.id, after);
  replay.touched.add(after.id);
  if (before) takePlaces(replay.taken, before, -1);
  takePlaces(replay.taken, after, 1);
  if (after.status === 'held') keepHold(replay.holds, after);
  else if (before?.status === 'held') endHold(replay.holds, after.id);
  proveReported(told, after);
};
