import type { components } from './schema.ts';

type Fields = components['schemas']['Reservation'];

/** A reservation of one status, and what is known of every such reservation. */
type In<Status extends Fields['status'], Known extends keyof Fields = never> = Fields &
  Required<Pick<Fields, Known>> & { readonly status: Status };

type OnceDecided = 'showId' | 'lines' | 'requestedAt' | 'decidedAt';

/** In the queue: as a rule nothing is known of it but its id. */
export type PendingReservation = In<'pending'>;
export type HeldReservation = In<'held', OnceDecided | 'expiresAt' | 'extended'>;
export type ConfirmedReservation = In<'confirmed', OnceDecided>;
export type RejectedReservation = In<'rejected', OnceDecided | 'reason'>;
export type CancelledReservation = In<'cancelled', OnceDecided>;
/** `expiresAt` is when the hold was over. */
export type ExpiredReservation = In<'expired', OnceDecided | 'expiresAt' | 'extended'>;

export type DecidedReservation =
  | HeldReservation
  | ConfirmedReservation
  | RejectedReservation
  | CancelledReservation
  | ExpiredReservation;

/** To be told apart by `status`. */
export type Reservation = PendingReservation | DecidedReservation;
