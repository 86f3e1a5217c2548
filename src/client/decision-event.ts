import type {
  CancelledReservation,
  ConfirmedReservation,
  ExpiredReservation,
  HeldReservation,
  RejectedReservation,
  Reservation,
} from './reservation.ts';
import type { components } from './schema.ts';

type Fields = components['schemas']['DecisionEvent'];
type Data = Fields['data'];

type Owned<Kind extends Reservation> = Kind & { readonly customerId: string };

/** `complete: false`: the decision was made by an older or a newer version, and the feed has only a part of it. */
type Told<Known> =
  | (Omit<Data, keyof Known> & Known & { readonly complete: true })
  | (Omit<Data, keyof Known> & Partial<Known> & { readonly complete: false });

type EventOf<Type extends string, Known> = Omit<Fields, 'type' | 'data'> & {
  readonly type: `onsale.${Type}`;
  readonly data: Told<Known>;
};

type ShowEvent<Type extends string> = EventOf<Type, { readonly show: NonNullable<Data['show']> }>;

/** `subject` is the id of the reservation; `data.reservation` is as it was right after the decision. */
type ReservationEvent<Type extends string, Kind extends Reservation> = EventOf<
  Type,
  { readonly reservation: Owned<Kind> }
> & { readonly subject: string };

/** A decision about a request that changed nothing. The reservation is absent where it is another customer's. */
type UnchangedEvent<Type extends string, Known> = EventOf<Type, Known & { readonly asked: string }>;

/**
 * A decision as the feed and webhooks deliver it: a CloudEvent 1.0. Switch on `type`, and ignore types that you do not know:
 * later versions add some. `id` is the same however often and wherever the decision is delivered.
 */
export type DecisionEvent =
  | ShowEvent<'show.opened'>
  | ShowEvent<'show.changed'>
  | ReservationEvent<'reservation.held', HeldReservation>
  | ReservationEvent<'reservation.confirmed', ConfirmedReservation>
  | ReservationEvent<'reservation.rejected', RejectedReservation>
  | ReservationEvent<'reservation.reduced', HeldReservation | ConfirmedReservation>
  | ReservationEvent<'reservation.cancelled', CancelledReservation>
  | ReservationEvent<'hold.extended', HeldReservation>
  | ReservationEvent<'hold.expired', ExpiredReservation>
  | UnchangedEvent<'request.satisfied', unknown>
  | UnchangedEvent<'request.refused', { readonly reason: string }>
  | EventOf<'decision.unreadable', unknown>;
