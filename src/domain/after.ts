import type { Decision, PoolNumbers, ReservationState } from './decisions.ts';
import type { PoolLedger, ShowLedger } from './ledger.ts';
import { changeOf, makesReservation, type Reservation } from './reservation.ts';

/**
 * The state after a decision is stored with it, so that a reader of the journal knows the state of that moment without
 * replaying everything before. It is derived, so a replay never needs it.
 */

/**
 * The pools that were changed between two states of a show; all of them when there is no state before. A pool that came
 * back to the same numbers counts as changed: `evolve` makes a new object each time.
 */
export const poolsMoved = (before: ShowLedger | undefined, after: ShowLedger): readonly PoolNumbers[] =>
  after.pools.flatMap((pool, at) => (before?.pools[at] === pool ? [] : [numbersOf(pool)]));

const numbersOf = ({ id, held, confirmed, capacity }: PoolLedger): PoolNumbers => [
  id,
  held,
  confirmed,
  capacity,
];

/** Then earlier numbers cannot be derived by taking later movements back: a capacity changed, or follows returned places. */
export const movesCapacity = (decision: Decision, { pools }: ShowLedger): boolean =>
  decision.type === 'ShowChanged' || pools.some(({ target }) => target !== undefined);

/** The state of the reservation after a later decision, without the parts that the decision itself contains. */
export const reservationAfter = (
  decision: Decision,
  reservation: Reservation | undefined,
): ReservationState | undefined => {
  if (!reservation || makesReservation(decision) || isForeign(decision)) return undefined;
  const { id: _id, changedAtMs, ...others } = reservation;
  // A refusal changes nothing, so the time of the last change is not its own.
  const isOlder = changedAtMs !== undefined && changeOf(decision, changedAtMs) === undefined;
  const state = isOlder ? { ...others, changedAtMs } : others;
  if (!('customerId' in decision)) return state;
  const { showId: _show, customerId: _customer, lines, ...rest } = state;
  return namesLines(decision, lines) ? rest : { ...rest, lines };
};

const namesLines = (decision: Decision, lines: Reservation['lines']): boolean =>
  ('lines' in decision && decision.lines === lines) ||
  ('released' in decision && decision.released === lines);

/** A sender who asks about another customer's reservation learns nothing of it. */
const isForeign = (decision: Decision): boolean =>
  decision.type === 'RequestRefused' && decision.reason === 'not-found';
