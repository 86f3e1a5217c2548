import type { Decision } from '../../domain/decisions.ts';
import type { RefusalReason } from '../../domain/reasons.ts';
import type { Reservation, ReservationStatus } from '../../domain/reservation.ts';

/** Why the decision does not fit the reservation in this state; undefined where it fits. */
export const misfitOf = (decision: Decision, reservation: Reservation | undefined): string | undefined => {
  const needed = statusesNeeded(decision);
  if (!needed) return undefined;
  const of = `${nameOf(decision)} of a reservation that was`;
  if (!reservation) return `${of} never made`;
  const { status, extended = false } = reservation;
  if (!needed.includes(status)) return `${of} ${status}, not ${needed.join(' or ')}`;
  const isExtended = extendedNeeded(decision);
  if (isExtended !== undefined && isExtended !== extended)
    return `${of} ${extended ? 'extended' : 'never extended'}`;
  return isOfItsReference(decision, reservation)
    ? undefined
    : `${nameOf(decision)} that does not go with the reference of the reservation`;
};

const nameOf = (decision: Decision): string =>
  decision.type === 'RequestRefused' ? `${decision.type} (${decision.reason})` : decision.type;

/**
 * The statuses that allow this decision. Undefined where any status does, or where no earlier reservation is
 * concerned.
 */
export const statusesNeeded = (decision: Decision): readonly ReservationStatus[] | undefined => {
  switch (decision.type) {
    case 'ReservationConfirmed':
      return decision.from && [decision.from];
    case 'ReservationReduced':
    case 'ReservationCancelled':
      return [decision.from];
    case 'HoldExtended':
    case 'HoldExpired':
      return ['held'];
    case 'RequestSatisfied':
      return decision.asked === 'CancellationRequested' ? ['expired', 'cancelled'] : ['confirmed'];
    case 'RequestRefused':
      return decision.reservationId && statusesRefused(decision.reason, decision.asked);
    default:
      return undefined;
  }
};

type RequestType = Extract<Decision, { type: 'RequestRefused' }>['asked'];

const statusesRefused = (
  reason: RefusalReason,
  asked: RequestType,
): readonly ReservationStatus[] | undefined => {
  switch (reason) {
    case 'hold-expired':
      return ['expired'];
    case 'not-held':
      return ['confirmed'];
    case 'extension-used':
      return ['held'];
    case 'already-cancelled':
      return ['cancelled'];
    case 'confirmed-otherwise':
      return ['confirmed'];
    case 'not-reserved':
      // A client may ask to release more than there is, and the journal does not record how much was asked
      // for.
      return asked === 'CancellationRequested'
        ? ['rejected', 'pending', 'held', 'confirmed']
        : ['rejected', 'pending'];
    default:
      return undefined;
  }
};

const extendedNeeded = (decision: Decision): boolean | undefined => {
  if (decision.type === 'HoldExtended') return false;
  return decision.type === 'RequestRefused' && decision.reason === 'extension-used' ? true : undefined;
};

/**
 * The reference decides whether a second confirmation is a repetition. Older builds did not record the
 * reference of the request.
 */
const isOfItsReference = (decision: Decision, { reference: own }: Reservation): boolean => {
  switch (decision.type) {
    case 'RequestSatisfied':
      return decision.reference === undefined || decision.reference === own;
    case 'RequestRefused':
      return decision.reason !== 'confirmed-otherwise' || (decision.reference ?? own) !== own;
    case 'ReservationConfirmed':
      return !decision.keptReference || decision.reference === own;
    default:
      return true;
  }
};
