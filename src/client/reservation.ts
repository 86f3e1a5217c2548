import type { components } from './schema.ts';

type Fields = components['schemas']['Reservation'];

/** A reservation with one status, and the fields that every such reservation has. */
type ReservationIn<Status extends Fields['status'], Known extends keyof Fields = never> = Fields &
  Required<Pick<Fields, Known>> & { readonly status: Status };

type DecisionField = 'showId' | 'lines' | 'requestedAt' | 'decidedAt';

/** In the queue: usually only its id is known. */
export type PendingReservation = ReservationIn<'pending'>;
export type HeldReservation = ReservationIn<'held', DecisionField | 'expiresAt' | 'extended'>;
export type ConfirmedReservation = ReservationIn<'confirmed', DecisionField>;
export type RejectedReservation = ReservationIn<'rejected', DecisionField | 'reason'>;
export type CancelledReservation = ReservationIn<'cancelled', DecisionField>;
/** `expiresAt` is the time at which the hold ended. */
export type ExpiredReservation = ReservationIn<'expired', DecisionField | 'expiresAt' | 'extended'>;

export type DecidedReservation =
  | HeldReservation
  | ConfirmedReservation
  | RejectedReservation
  | CancelledReservation
  | ExpiredReservation;

/** A repeated request may find its reservation released or expired by now. */
export type GrantedReservation = Exclude<DecidedReservation, RejectedReservation>;

/** Switch on `status`. */
export type Reservation = PendingReservation | DecidedReservation;
