import type { RequestId, ReservationId } from '../../domain/ids.ts';
import type { Reservation, ReservationStatus } from '../../domain/reservation.ts';
import type { Notes } from './notes.ts';

/**
 * What clients were told, until the journal says so. A client that asks again is told of the reservation as it is by
 * then, so a word is true when the reservation was that at its request's decision, or became it later.
 */
export interface ReportedStatuses {
  readonly unproven: Map<RequestId, Set<ReservationStatus>>;
  /** Whose requests are decided, and what was told is still to come. */
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

/** From here on the request's word can come true. */
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
