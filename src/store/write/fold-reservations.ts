import type { Decision, JournalEntry } from '../../domain/decisions.ts';
import type { ReservationId } from '../../domain/ids.ts';
import {
  changeOf,
  type Reservation,
  type ReservationChange,
  reservationMade,
} from '../../domain/reservation.ts';
import type { StreamId } from '../../domain/stream-id.ts';

export interface MadeReservation {
  readonly reservation: Reservation;
  readonly streamId: StreamId;
}

/** What a batch changes in reservations: one row per reservation, however many decisions are about it. */
export interface FoldedReservations {
  /** New reservations, in their state after the batch. */
  readonly made: readonly MadeReservation[];
  /** Changes of reservations that existed before the batch. */
  readonly changed: ReadonlyMap<ReservationId, ReservationChange>;
  /** The changed reservations that were held and no longer are. */
  readonly unheld: ReadonlySet<ReservationId>;
}

export const foldReservations = (entries: readonly JournalEntry[]): FoldedReservations => {
  const made = new Map<ReservationId, MadeReservation>();
  const changed = new Map<ReservationId, ReservationChange>();
  const unheld = new Set<ReservationId>();
  for (const entry of entries) {
    const first = reservationMade(entry);
    if (first && entry.streamId) made.set(first.id, { reservation: first, streamId: entry.streamId });
    const { decision, decidedAtMs } = entry;
    const change = changeOf(decision, decidedAtMs);
    if (!change || !('reservationId' in decision) || !decision.reservationId) continue;
    const id = decision.reservationId;
    const here = made.get(id);
    if (here) made.set(id, { ...here, reservation: { ...here.reservation, ...change } });
    else {
      changed.set(id, { ...changed.get(id), ...change });
      if (endsHold(decision)) unheld.add(id);
    }
  }
  return { made: [...made.values()], changed, unheld };
};

const endsHold = (decision: Decision): boolean => {
  switch (decision.type) {
    case 'HoldExpired':
      return true;
    case 'ReservationConfirmed':
    case 'ReservationCancelled':
      return decision.from === 'held';
    default:
      return false;
  }
};
