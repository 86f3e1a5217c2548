import { noTotals } from './customer.ts';
import type { Decision, ReservationRef } from './decisions.ts';
import { type Line, sumLines } from './lines.ts';
import { rejectionOfLateConfirm } from './policies.ts';
import type { RefusalReason } from './reasons.ts';
import type {
  CancellationRequested,
  ConfirmationRequested,
  ExtensionRequested,
  FollowUpRequested,
} from './requests.ts';
import type { Reservation } from './reservation.ts';
import type { Situation } from './situation.ts';

/** The situation of a follow-up whose reservation exists and belongs to the caller. */
interface FollowUpSituation extends Situation {
  readonly reservation: Reservation;
}

/** Confirm, extend and cancel: each function below is a row of the state × command table, each case a state. */
export const decideFollowUp = (request: FollowUpRequested, situation: Situation): Decision => {
  const { reservation } = situation;
  if (!reservation || !mayTouch(request, reservation)) return refused(request, 'not-found');
  const own = { ...situation, reservation };
  switch (request.type) {
    case 'ConfirmationRequested':
      return confirm(request, own);
    case 'ExtensionRequested':
      return extend(request, own);
    case 'CancellationRequested':
      return cancel(request, own);
  }
};

/** The door checked the tag in the id when the request named a customer; here the row's customer is compared as well. */
const mayTouch = ({ actor, customerId }: FollowUpRequested, reservation: Reservation): boolean =>
  customerId === undefined ? actor !== 'customer' : customerId === reservation.customerId;

const confirm = (request: ConfirmationRequested, situation: FollowUpSituation): Decision => {
  const { reservation, ledger } = situation;
  if (ledger?.rules.confirmBy === 'service' && request.actor === 'customer')
    return refused(request, 'forbidden');
  switch (reservation.status) {
    case 'held':
      return confirmed(request, reservation, 'held');
    case 'expired':
      return confirmLate(request, situation);
    case 'confirmed':
      return namesAnother(request, reservation)
        ? refused(request, 'confirmed-otherwise')
        : satisfied(request, reservation);
    case 'cancelled':
      return refused(request, 'already-cancelled');
    case 'rejected':
    case 'pending':
      return refused(request, 'not-reserved');
  }
};

/** A second payment: its payer must learn that it did not confirm the reservation. */
const namesAnother = ({ reference }: ConfirmationRequested, reservation: Reservation): boolean =>
  reference !== undefined && reference !== reservation.reference;

/** The hold's places were released, so they are taken again, if they are still free and the limits still allow it. */
const confirmLate = (request: ConfirmationRequested, situation: FollowUpSituation): Decision => {
  const { reservation, ledger, customer = noTotals, arrivedAtMs } = situation;
  const { lines } = reservation;
  const rejected = !ledger || rejectionOfLateConfirm({ lines, ledger, customer, arrivedAtMs });
  return rejected ? refused(request, 'hold-expired') : confirmed(request, reservation, 'expired');
};

const extend = (request: ExtensionRequested, { reservation, ledger, nowMs }: FollowUpSituation): Decision => {
  switch (reservation.status) {
    case 'held': {
      const { expiresAtMs = nowMs, extended } = reservation;
      const holdMs = (ledger?.rules.holdSeconds ?? 0) * 1_000;
      // The show may have shortened or abolished its holds meanwhile: an extension never takes time away.
      return extended
        ? refused(request, 'extension-used')
        : { type: 'HoldExtended', ...refOf(reservation), expiresAtMs: Math.max(expiresAtMs, nowMs + holdMs) };
    }
    case 'expired':
      return refused(request, 'hold-expired');
    case 'confirmed':
      return refused(request, 'not-held');
    case 'cancelled':
      return refused(request, 'already-cancelled');
    case 'rejected':
    case 'pending':
      return refused(request, 'not-reserved');
  }
};

const cancel = (request: CancellationRequested, { reservation }: FollowUpSituation): Decision => {
  switch (reservation.status) {
    case 'held':
    case 'confirmed':
      return release(request, reservation, reservation.status);
    case 'expired':
    case 'cancelled':
      return satisfied(request, reservation);
    case 'rejected':
    case 'pending':
      return refused(request, 'not-reserved');
  }
};

const release = (
  request: CancellationRequested,
  reservation: Reservation,
  from: 'held' | 'confirmed',
): Decision => {
  const released = request.lines ? sumLines(request.lines) : reservation.lines;
  const left = without(reservation.lines, released);
  if (!left) return refused(request, 'not-reserved');
  return left.length === 0
    ? { type: 'ReservationCancelled', ...refOf(reservation), from, released }
    : { type: 'ReservationReduced', ...refOf(reservation), from, released, lines: left };
};

/** What is left of the lines; undefined when more is given back than there is. */
const without = (lines: readonly Line[], released: readonly Line[]): readonly Line[] | undefined => {
  const left = new Map(lines.map(({ poolId, quantity }) => [poolId, quantity]));
  for (const { poolId, quantity } of released) {
    const there = left.get(poolId) ?? 0;
    if (there < quantity) return undefined;
    left.set(poolId, there - quantity);
  }
  return [...left].flatMap(([poolId, quantity]) => (quantity > 0 ? [{ poolId, quantity }] : []));
};

const refOf = ({ id, showId, customerId }: Reservation): ReservationRef => ({
  reservationId: id,
  showId,
  customerId,
});

const confirmed = (
  request: ConfirmationRequested,
  reservation: Reservation,
  from: 'held' | 'expired',
): Decision => {
  const reference = request.reference ?? reservation.reference;
  return {
    type: 'ReservationConfirmed',
    ...refOf(reservation),
    lines: reservation.lines,
    ...(reference !== undefined && { reference }),
    ...(reference !== undefined && request.reference === undefined && { keptReference: true }),
    from,
  };
};

const satisfied = (request: FollowUpRequested, reservation: Reservation): Decision => ({
  type: 'RequestSatisfied',
  asked: request.type,
  ...refOf(reservation),
  ...referenceIn(request),
});

const refused = (request: FollowUpRequested, reason: RefusalReason): Decision => ({
  type: 'RequestRefused',
  asked: request.type,
  reservationId: request.reservationId,
  reason,
  // The owner of the reservation must not see the reference that a stranger sent.
  ...(reason !== 'not-found' && referenceIn(request)),
});

/** A payment may have been made under the reference, so it is kept whatever the decision is. */
export const referenceIn = (request: FollowUpRequested): { readonly reference?: string } =>
  request.type === 'ConfirmationRequested' && request.reference !== undefined
    ? { reference: request.reference }
    : {};

/** The decision for a hold that is due. No request asks for it; its places are free for the next request. */
export const lapse = (reservation: Reservation): Decision => ({
  type: 'HoldExpired',
  ...refOf(reservation),
  released: reservation.lines,
});
