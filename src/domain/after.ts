import type { Decision, PoolNumbers, ReservationState } from './decisions.ts';
import { deltasOf, type PoolLedger, type ShowLedger } from './ledger.ts';
import type { Reservation } from './reservation.ts';

/**
 * What a decision leaves behind is kept with it: whoever reads the journal later learns how things stood then, without
 * folding everything that came before. It is derived, so replaying never needs it.
 */
export const poolsAfter = (
  decision: Decision,
  ledger: ShowLedger | undefined,
): readonly PoolNumbers[] | undefined => {
  if (!ledger) return undefined;
  if (decision.type === 'ShowChanged') return ledger.pools.map(numbersOf);
  const moved = deltasOf(decision);
  if (moved.length === 0) return undefined;
  return moved.flatMap(({ poolId }) => {
    const pool = ledger.pools.find(({ id }) => id === poolId);
    return pool ? [numbersOf(pool)] : [];
  });
};

const numbersOf = ({ id, held, confirmed, capacity }: PoolLedger): PoolNumbers => [
  id,
  held,
  confirmed,
  capacity,
];

export const reservationAfter = (
  decision: Decision,
  reservation: Reservation | undefined,
): ReservationState | undefined => {
  if (!reservation || makesIt(decision) || isForeign(decision)) return undefined;
  const { id: _id, ...state } = reservation;
  if (!('customerId' in decision)) return state;
  const { showId: _show, customerId: _customer, ...rest } = state;
  return rest;
};

/** Who asks for somebody else's reservation learns nothing of it. */
const isForeign = (decision: Decision): boolean =>
  decision.type === 'RequestRefused' && decision.reason === 'not-found';

const makesIt = (decision: Decision): boolean =>
  decision.type === 'ReservationHeld' ||
  decision.type === 'ReservationRejected' ||
  (decision.type === 'ReservationConfirmed' && decision.from === undefined);
