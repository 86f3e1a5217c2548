import type { CancellationRequested, FollowUpRequested } from '../../src/domain/requests.ts';
import {
  customerHas,
  hasRoom,
  type Reference,
  type ReferenceReservation,
  type Times,
  together,
  total,
} from './reference.ts';

/** The results of confirm, extend and cancel. */
export const followUp = (reference: Reference, request: FollowUpRequested, { nowMs }: Times): string => {
  const reservation = reference.reservations.get(request.reservationId);
  if (!reservation) return 'not-found';
  if (request.customerId === undefined && request.actor === 'customer') return 'not-found';
  if (request.customerId !== undefined && request.customerId !== reservation.customerId) return 'not-found';
  if (request.type === 'ConfirmationRequested') {
    const rules = reference.shows.get(reservation.showId)?.rules;
    if (rules?.confirmBy === 'service' && request.actor === 'customer') return 'forbidden';
    return confirm(reference, reservation, request.reference);
  }
  return request.type === 'ExtensionRequested'
    ? extend(reference, reservation, nowMs)
    : cancel(reservation, request);
};

const confirm = (
  reference: Reference,
  reservation: ReferenceReservation,
  paidBy: string | undefined,
): string => {
  if (reservation.status === 'rejected') return 'not-reserved';
  if (reservation.status === 'cancelled') return 'already-cancelled';
  if (reservation.status === 'confirmed')
    return paidBy === undefined || paidBy === reservation.reference
      ? 'RequestSatisfied'
      : 'confirmed-otherwise';
  if (reservation.status === 'expired' && !mayComeBack(reference, reservation)) return 'hold-expired';
  reservation.status = 'confirmed';
  if (paidBy !== undefined) reservation.reference = paidBy;
  return 'ReservationConfirmed';
};

const mayComeBack = (reference: Reference, { showId, customerId, lines }: ReferenceReservation): boolean => {
  const show = reference.shows.get(showId);
  if (!show) return false;
  const has = customerHas(reference, showId, customerId).places;
  return has + total(lines) <= (show.rules.maxPerCustomer ?? Infinity) && hasRoom(reference, show, lines);
};

const extend = (reference: Reference, reservation: ReferenceReservation, nowMs: number): string => {
  if (reservation.status === 'rejected') return 'not-reserved';
  if (reservation.status === 'cancelled') return 'already-cancelled';
  if (reservation.status === 'confirmed') return 'not-held';
  if (reservation.status === 'expired') return 'hold-expired';
  if (reservation.extended) return 'extension-used';
  const seconds = reference.shows.get(reservation.showId)?.rules.holdSeconds ?? 0;
  reservation.extended = true;
  reservation.expiresAtMs = Math.max(reservation.expiresAtMs ?? 0, nowMs + seconds * 1_000);
  return 'HoldExtended';
};

const cancel = (reservation: ReferenceReservation, { lines }: CancellationRequested): string => {
  if (reservation.status === 'rejected') return 'not-reserved';
  if (reservation.status === 'cancelled' || reservation.status === 'expired') return 'RequestSatisfied';
  const back = together(lines ?? reservation.lines);
  const has = (poolId: string): number =>
    reservation.lines.find((line) => line.poolId === poolId)?.quantity ?? 0;
  if (back.some(({ poolId, quantity }) => quantity > has(poolId))) return 'not-reserved';
  const left = reservation.lines
    .map(({ poolId, quantity }) => ({
      poolId,
      quantity: quantity - (back.find((line) => line.poolId === poolId)?.quantity ?? 0),
    }))
    .filter(({ quantity }) => quantity > 0);
  if (left.length > 0) {
    reservation.lines = left;
    return 'ReservationReduced';
  }
  // Its last lines stay on the reservation, for readers.
  reservation.status = 'cancelled';
  return 'ReservationCancelled';
};
