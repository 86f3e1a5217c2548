import type { ReservationId, ShowId } from '../domain/ids.ts';
import type { Reservation } from '../domain/reservation.ts';

/** The live holds of each show at a place in the journal, and when the next of them is due. */
export type LiveHolds = Map<ShowId, HoldsOfShow>;

interface HoldsOfShow {
  readonly held: Map<ReservationId, Reservation>;
  /** No later than the earliest; holds that ended are not asked about. */
  nextMs: number;
}

export const keepHold = (holds: LiveHolds, reservation: Reservation): void => {
  const { id, showId, expiresAtMs = Number.POSITIVE_INFINITY } = reservation;
  const ofShow = holds.get(showId) ?? { held: new Map(), nextMs: Number.POSITIVE_INFINITY };
  ofShow.held.set(id, reservation);
  ofShow.nextMs = Math.min(ofShow.nextMs, expiresAtMs);
  holds.set(showId, ofShow);
};

export const endHold = (holds: LiveHolds, showId: ShowId, id: ReservationId): void => {
  holds.get(showId)?.held.delete(id);
};

/** Holds of the show that were due at `atMs` and are still there. */
export const dueHolds = (holds: LiveHolds, showId: ShowId, atMs: number): readonly Reservation[] => {
  const ofShow = holds.get(showId);
  if (!ofShow || ofShow.nextMs > atMs) return [];
  const all = [...ofShow.held.values()];
  ofShow.nextMs = all.reduce(
    (next, { expiresAtMs = next }) => Math.min(next, expiresAtMs),
    Number.POSITIVE_INFINITY,
  );
  return all.filter(({ expiresAtMs }) => expiresAtMs !== undefined && expiresAtMs <= atMs);
};
