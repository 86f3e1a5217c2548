import type { Decision, PoolNumbers, ReservationState } from './decisions.ts';
import type { PoolLedger, ShowLedger } from './ledger.ts';
import { makesReservation, type Reservation } from './reservation.ts';

/**
 * What decisions leave behind is kept with them: whoever reads the journal later learns how things stood then, without
 * folding everything that came before. It is derived, so replaying never needs it.
 */

/**
 * The pools that were touched since the show stood as before; all of them, where it did not stand. A pool that came back to
 * the same numbers was touched: evolving makes a new one each time.
 */
export const poolsMoved = (before: ShowLedger | undefined, after: ShowLedger): readonly PoolNumbers[] =>
  after.pools.flatMap((pool, at) => (before?.pools[at] === pool ? [] : [numbersOf(pool)]));

const numbersOf = ({ id, held, confirmed, capacity }: PoolLedger): PoolNumbers => [
  id,
  held,
  confirmed,
  capacity,
];

/** A capacity that follows what comes back, or a change of it, cannot be told from the movements behind it. */
export const movesCapacity = (decision: Decision, { pools }: ShowLedger): boolean =>
  decision.type === 'ShowChanged' || pools.some(({ target }) => target !== undefined);

/** What a later decision does not say itself of the reservation as it stands then. */
export const reservationAfter = (
  decision: Decision,
  reservation: Reservation | undefined,
): ReservationState | undefined => {
  if (!reservation || makesReservation(decision) || isForeign(decision)) return undefined;
  const { id: _id, changedAtMs: _changed, ...state } = reservation;
  if (!('customerId' in decision)) return state;
  const { showId: _show, customerId: _customer, lines, ...rest } = state;
  return namesLines(decision, lines) ? rest : { ...rest, lines };
};

const namesLines = (decision: Decision, lines: Reservation['lines']): boolean =>
  ('lines' in decision && decision.lines === lines) ||
  ('released' in decision && decision.released === lines);

/** Who asks for somebody else's reservation learns nothing of it. */
const isForeign = (decision: Decision): boolean =>
  decision.type === 'RequestRefused' && decision.reason === 'not-found';
