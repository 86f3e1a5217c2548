import type { JournalEntry } from '../../src/domain/decisions.ts';
import type { ReservationId, ShowId } from '../../src/domain/ids.ts';
import { evolve, type ShowLedger } from '../../src/domain/ledger.ts';
import { changeOf, type Reservation, reservationMade } from '../../src/domain/reservation.ts';

/** Shows and reservations according to the journal; applies one entry at a time, in order. */
export interface Replay {
  readonly ledgers: Map<ShowId, ShowLedger>;
  readonly reservations: Map<ReservationId, Reservation>;
}

export const newReplay = (): Replay => ({ ledgers: new Map(), reservations: new Map() });

export const replayEntry = ({ ledgers, reservations }: Replay, entry: JournalEntry): void => {
  const { decision, decidedAtMs } = entry;
  if (decision.showId !== undefined) {
    const ledger = evolve(ledgers.get(decision.showId), decision, decidedAtMs);
    if (ledger) ledgers.set(ledger.showId, ledger);
  }
  const made = reservationMade(entry);
  if (made) reservations.set(made.id, made);
  const change = changeOf(decision, decidedAtMs);
  const about = 'reservationId' in decision ? decision.reservationId : undefined;
  const before = about && reservations.get(about);
  if (before && change) reservations.set(before.id, { ...before, ...change });
};
