import type { ReservationId } from '../domain/ids.ts';
import type { ReservationBody } from '../http/represent-reservation.ts';

/** Accepted and not decided: nobody has read yet what it asks for. */
export const queuedBody = (id: ReservationId): ReservationBody => ({ id, status: 'pending' });

/** Queued and parked look different and are both pending. */
export const queuedVersion = 'queued';
