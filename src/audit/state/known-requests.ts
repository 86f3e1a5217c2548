import type { RequestId, ReservationId } from '../../domain/ids.ts';
import type { Reservation, ReservationStatus } from '../../domain/reservation.ts';
import type { Notes } from './notes.ts';

/**
 * The statuses that clients were answered with, until the journal confirms them. A repeated request is
 * answered with the present status, so an answer is true when the reservation had that status at the decision
 * or later.
 */
export interface ReportedStatuses {
  readonly unproven: Map<RequestId, Set<ReservationStatus>>;
  /** Reservations whose requests are decided but whose reported status has not occurred yet. */
  readonly watched: Map<ReservationId, readonly RequestId[]>;
}

export const newReported = (): ReportedStatuses => ({ unproven: new Map(), watched: new Map() });

export const addReported = (
  { unproven }: ReportedStatuses,
  requestId: RequestId,
  status: ReservationStatus,
): void => {
  unproven.set(requestId, (unproven.get(requestId) ?? new Set()).add(status));
};

/** From this position on, the reported status can be confirmed. */
export const watchReported = (
  told: ReportedStatuses,
  requestId: RequestId,
  reservation: Reservation | undefined,
): void => {
  if (!reservation || !told.unproven.has(requestId)) return;
  told.watched.set(reservation.id, [...(told.watched.get(reservation.id) ?? []), requestId]);
  proveReported(told, reservation);
};

export const proveReported = ({ unproven, watched }: ReportedStatuses, { id, status }: Reservation): void => {
  const waiting = watched.get(id)?.filter((requestId) => {
    const words = unproven.get(requestId);
    words?.delete(status);
    if (words?.size === 0) unproven.delete(requestId);
    return unproven.has(requestId);
  });
  if (!waiting) return;
  if (waiting.length > 0) watched.set(id, waiting);
  else watched.delete(id);
};

export const noteUnproven = ({ unproven }: ReportedStatuses, notes: Notes): void => {
  for (const [requestId, words] of unproven)
    for (const word of words)
      notes.note('disagreeing', requestId, `was told ${word}, which the journal does not say`);
};
