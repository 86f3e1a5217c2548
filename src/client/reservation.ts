import type { components } from './schema.ts';

type Fields = components['schemas']['Reservation'];

/** A reservation of one status, and what is known of every such reservation. */
type ReservationIn<Status extends Fields['status'], Known extends keyof Fields = never> = Fields &
  Required<Pick<Fields, Known>> & { readonly status: Status };

type DecisionField = 'showId' | 'lines' | 'requestedAt' | 'decidedAt';

/** In the queue: as a rule nothing is known of it but its id. */
export type PendingReservation = ReservationIn<'pending'>;
export type HeldReservation = ReservationIn<'held', DecisionField | 'expiresAt' | 'extended'>;
export type ConfirmedReservation = ReservationIn<'confirmed', DecisionField>;
export type RejectedReservation = ReservationIn<'rejected', DecisionField | 'reason'>;
export type CancelledReservation = ReservationIn<'cancelled', DecisionField>;
/** `expiresAt` is when the hold was over. */
export type ExpiredReservation = ReservationIn<'expired', DecisionField | 'expiresAt' | 'extended'>;

export type DecidedReservation =
  | HeldReservation
  | ConfirmedReservation
  | RejectedReservation
  | CancelledReservation
  | ExpiredReservation;

/** To be told apart by `status`. */
export type Reservation = PendingReservation | DecidedReservation;
