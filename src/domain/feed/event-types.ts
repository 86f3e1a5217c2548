import type { Decision } from '../decisions.ts';

/** The name of each decision for receivers; in CloudEvents with the prefix `onsale.`. */
export const eventTypes = {
  ShowOpened: 'show.opened',
  ShowChanged: 'show.changed',
  ReservationHeld: 'reservation.held',
  ReservationConfirmed: 'reservation.confirmed',
  ReservationRejected: 'reservation.rejected',
  ReservationReduced: 'reservation.reduced',
  ReservationCancelled: 'reservation.cancelled',
  HoldExtended: 'hold.extended',
  HoldExpired: 'hold.expired',
  RequestSatisfied: 'request.satisfied',
  RequestRefused: 'request.refused',
} as const satisfies Readonly<Record<Decision['type'], string>>;

/** `Object.keys` does not say that its strings are these. */
const isDecisionType = (name: string): name is Decision['type'] => name in eventTypes;
const decisionTypes = Object.keys(eventTypes).filter(isDecisionType);

/**
 * The types of decision that a filter names: `reservation.confirmed`, or `reservation.*` for all that begin so. Undefined when
 * it names none.
 */
export const decisionTypesOf = (filter: string): readonly Decision['type'][] | undefined => {
  const isNamed = filter.endsWith('.*')
    ? (name: string) => name.startsWith(filter.slice(0, -1))
    : (name: string) => name === filter;
  const named = decisionTypes.filter((type) => isNamed(eventTypes[type]));
  return named.length === 0 ? undefined : named;
};
